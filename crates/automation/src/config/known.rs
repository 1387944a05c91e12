//! The secrets that a listener knows by their values, for the redactor.
//!
//! Called by `Config::load`. It reads what the credentials read; they report what is wrong with it.

use diagnostic::table::{Table, Value};
use redact::Redactor;
use topology::{Files, Secret, Topology};

/// The keys under which a secret or a list of secrets stands.
const KEYS: [&str; 4] = ["token", "secret", "basic", "hmac-secret"];
/// The tables of listener.toml that hold secrets: entries, and one of its own.
const ENTRIES: &str = "credentials";
const API: &str = "api";

/// A redactor for everything that the inventory and listener.toml keep secret.
pub(super) fn redactor(root: &Table, inventory: &Topology, files: &mut dyn Files) -> Redactor {
    let mut root = root.clone();
    let mut ignored = Vec::new();
    let entries = root.table(ENTRIES, &mut ignored).map(|table| table.into_tables(&mut ignored));
    let entries = entries.unwrap_or_default().into_iter().map(|(_, table)| table);
    let tables = entries.chain(root.table(API, &mut ignored));
    let values = tables.flat_map(|mut table| KEYS.map(|key| table.value(key)));
    let references: Vec<String> = values.flatten().flat_map(|value| texts(value.value)).collect();
    let resolved = references.iter().filter_map(|text| Secret::resolve(text, files).ok());
    let resolved: Vec<Secret> = resolved.collect();
    let own = resolved.iter().filter_map(|secret| secret.expose().ok());
    Redactor::new(inventory.secrets().chain(own.flat_map(parts)), inventory.usernames())
}

/// `user:password` is as secret as its second half.
fn parts(secret: &str) -> impl Iterator<Item = &str> {
    let password = secret.split_once(':').map(|(_, password)| password);
    std::iter::once(secret).chain(password)
}

fn texts(value: Value) -> Vec<String> {
    match value {
        Value::Text(text) => vec![text],
        Value::List(values) => values.into_iter().flat_map(|value| texts(value.value)).collect(),
        _ => Vec::new(),
    }
}
