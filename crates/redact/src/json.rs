//! Secrets in JSON, by the names of their keys.
//!
//! Used by the redactor for the bodies of deliveries. Depth is the parser's bound: 128 levels.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::{REDACTED, Redactor};

/// A key with one of these in it holds a secret: `enable_secret`, `X-API-Key`, `passwordHash`.
const PARTS: [&str; 11] = [
    "accesskey",
    "apikey",
    "authorization",
    "credential",
    "passphrase",
    "passwd",
    "password",
    "presharedkey",
    "privatekey",
    "secret",
    "whsec",
];
/// And one that ends in one of these.
const ENDS: [&str; 7] = ["community", "cookie", "jwt", "keystring", "psk", "pwd", "token"];
/// And these alone.
const WHOLE: [&str; 4] = ["auth", "pass", "passcode", "pin"];

/// Whether a key is called like a secret, whatever its case and its separators.
pub fn is_secret_key(key: &str) -> bool {
    let separators = ['-', '_', '.', ' ', ':'];
    let name: String = key.to_lowercase().replace(separators, "");
    PARTS.iter().any(|part| name.contains(part))
        || ENDS.iter().any(|end| name.ends_with(end))
        || WHOLE.contains(&name.as_str())
}

pub(crate) fn object(redactor: &Redactor, object: &mut Map<String, Value>) {
    for (key, value) in object.iter_mut() {
        if is_secret_key(key) {
            hide(value);
        } else {
            self::value(redactor, value);
        }
    }
    if object.keys().any(|key| matches!(redactor.text(key), Cow::Owned(_))) {
        let renamed = std::mem::take(object).into_iter();
        object.extend(renamed.map(|(key, value)| (redactor.text(&key).into_owned(), value)));
    }
}

pub(crate) fn value(redactor: &Redactor, value: &mut Value) {
    match value {
        Value::String(text) => redactor.clean(text),
        Value::Array(values) => values.iter_mut().for_each(|value| self::value(redactor, value)),
        Value::Object(object) => self::object(redactor, object),
        Value::Number(number) => {
            // A secret of digits is one without quotes, too.
            if matches!(redactor.text(&number.to_string()), Cow::Owned(_)) {
                hide(value);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// What says only that there is a secret, or none, may stay.
fn hide(value: &mut Value) {
    let is_empty = value.as_str().is_some_and(str::is_empty);
    if !is_empty && !value.is_null() && !value.is_boolean() {
        *value = REDACTED.into();
    }
}
