//! `link-restore = "R1:GigabitEthernet1"`: somebody mends a cable that was cut.

use std::sync::Arc;

use super::link_cut::Cable;
use super::{Target, Verb};

pub(super) const VERB: Verb = Verb {
    word: "link-restore",
    argument: "NODE:INTERFACE",
    help: "mends the cable that is plugged in there",
    target: Target::Link,
    example: r#"link-restore = "R1:GigabitEthernet1""#,
    read: |table, reading, sink| Some(Arc::new(Cable::read("link-restore", table, reading, sink)?)),
};
