//! `[devices]`: which hosts a request may name beside the nodes of the inventory.

use std::net::IpAddr;
use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use ipnet::IpNet;

/// A host that is none.
const BAD_HOST: &str = "LST051";
/// How many there can be.
const ALLOWED_MAX: usize = 1_024;

/// How much a device is believed that a request names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GuestKey {
    /// Only with a key that is known already.
    #[default]
    Strict,
    /// The first key is remembered.
    AcceptNew,
    /// Any key, each time.
    Insecure,
}

/// The hosts.
#[derive(Clone, Debug, Default)]
pub struct Guests {
    networks: Vec<IpNet>,
    names: Vec<String>,
    /// Whose key is taken.
    pub host_key: GuestKey,
}

impl Guests {
    pub(super) fn load(table: Option<Table>, sink: &mut Vec<Diagnostic>) -> Guests {
        let mut guests = Guests::default();
        let Some(mut table) = table else { return guests };
        let source = Arc::clone(table.source());
        for text in table.texts("allow", sink).unwrap_or_default().into_iter().take(ALLOWED_MAX) {
            let value = text.value.as_str();
            let network = value.parse::<IpNet>().ok();
            let network = network.or_else(|| value.parse::<IpAddr>().ok().map(IpNet::from));
            if let Some(network) = network {
                guests.networks.push(network);
            } else if is_host(value) {
                guests.names.push(value.to_ascii_lowercase());
            } else {
                let message = format!("`{value}` is no address, network or name");
                sink.push(Diagnostic::error(BAD_HOST, message, &source, text.span));
            }
        }
        let words = [
            ("strict", GuestKey::Strict),
            ("accept-new", GuestKey::AcceptNew),
            ("insecure", GuestKey::Insecure),
        ];
        let host_key = table.choice("host-key", &words, sink);
        guests.host_key = host_key.map(|word| word.value).unwrap_or_default();
        table.finish(sink);
        guests
    }

    /// Whether a request may name this host.
    pub(crate) fn allow(&self, host: &str) -> bool {
        match host.parse::<IpAddr>() {
            Ok(address) => self.networks.iter().any(|network| network.contains(&address)),
            Err(_) => self.names.iter().any(|name| name.eq_ignore_ascii_case(host)),
        }
    }
}

fn is_host(text: &str) -> bool {
    let labels = |label: &str| {
        let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        (1..=63).contains(&label.len()) && label.bytes().all(is_part) && !label.starts_with('-')
    };
    text.len() <= 253 && text.split('.').all(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: hosts are allowed by network and by name. Method: a table.
    #[test]
    fn hosts_are_allowed() {
        let text = "[devices]\nallow = [\"192.0.2.0/24\", \"2001:db8::1\", \"Box.example\"]\n";
        let source = diagnostic::Source::new("l", text);
        let mut sink = Vec::new();
        let mut root = diagnostic::table::parse(&source, &mut sink).expect("TOML");
        let guests = Guests::load(root.table("devices", &mut sink), &mut sink);
        assert!(sink.is_empty(), "{sink:?}");
        for (host, want) in [
            ("192.0.2.7", true),
            ("192.0.3.7", false),
            ("2001:db8::1", true),
            ("2001:db8::2", false),
            ("box.example", true),
            ("evil.box.example", false),
            ("169.254.169.254", false),
        ] {
            assert_eq!(guests.allow(host), want, "{host}");
        }
    }
}
