//! `ednm secret new`: a fresh secret of the operating system's own randomness.
//!
//! It prints the secret once and keeps nothing: what stores it is up to its owner.

use host::{ExpectedError, message};
use rand::TryRng as _;
use rand::rngs::SysRng;
use serde_json::json;
use webhook::fresh::{self, Kind};

use crate::args::{SecretArgs, SecretKind};

/// Runs the verb.
pub(crate) fn run(args: &SecretArgs) -> Result<(), ExpectedError> {
    let SecretArgs::New { kind, format } = args;
    let mut bytes = [0; fresh::BYTES];
    SysRng.try_fill_bytes(&mut bytes).map_err(|error| {
        let why = format!("the operating system gives no random bytes: {error}");
        ExpectedError::environment_message(why)
    })?;
    let key = Kind::from(*kind).key();
    let secret = fresh::text(Kind::from(*kind), &bytes);
    if format.is_json() {
        return message::data(&json!({"key": key, "secret": secret}).to_string());
    }
    message::data(&secret)?;
    message::hint(&format!(
        "keep it in a variable or a file of its owner alone, and write `{key} = \"env:NAME\"` or \
         `{key} = \"file:PATH\"` on the node or in `[credentials.NAME]`; to rotate, put it before \
         the old one: `{key} = [\"file:new\", \"file:old\"]`"
    ));
    Ok(())
}

impl From<SecretKind> for Kind {
    fn from(kind: SecretKind) -> Self {
        match kind {
            SecretKind::StandardWebhooks => Kind::StandardWebhooks,
            SecretKind::Token => Kind::Token,
            SecretKind::Hmac => Kind::Hmac,
        }
    }
}
