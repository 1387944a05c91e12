//! What a virtual router makes of a configuration, line by line. Called by `ednm config check`.

use iosxe::{CheckedLine, Platform};
use topology::Dialect;

use crate::build;

/// What became of each line of `text` in a router of this kind that had nothing else.
pub fn check_config(text: &str, platform: Platform, dialect: Dialect) -> Vec<CheckedLine> {
    iosxe::check_config(text, platform, build::dialect(dialect))
}
