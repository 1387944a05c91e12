//! `shutdown = "GigabitEthernet1"`: somebody at the console takes an interface down.

use super::Verb;

pub(super) const VERB: Verb = Verb {
    word: "shutdown",
    help: "takes an interface administratively down",
    lines: |interface| vec![format!("interface {interface}"), "shutdown".to_owned()],
};
