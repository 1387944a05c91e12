//! `no-shutdown = "GigabitEthernet1"`: somebody at the console brings an interface up.

use super::Verb;

pub(super) const VERB: Verb = Verb {
    word: "no-shutdown",
    help: "brings an interface administratively up",
    lines: |interface| vec![format!("interface {interface}"), "no shutdown".to_owned()],
};
