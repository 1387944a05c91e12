//! The rules, one file for each subject, in the order of their codes.

mod blocks;
mod commands;
mod events;
mod labels;
mod patterns;
mod time;
mod values;
mod variables;
mod webhooks;

pub(crate) use labels::by_number;
pub(crate) use patterns::starts;

use crate::context::{Context, Finding};

/// One rule.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its code: `EEM110`.
    pub code: &'static str,
    /// Its name, in a few words.
    pub name: &'static str,
    /// What it finds, in a sentence or two.
    pub what: &'static str,
    /// Why that is wrong.
    pub why: &'static str,
    /// A text in which it is found.
    pub example: &'static str,
    /// The same, mended: it is found no more.
    pub fixed: &'static str,
    /// Finds it; a rule of the parser has its findings from there.
    pub(crate) check: fn(&Context<'_>) -> Vec<Finding>,
}

/// All of them.
pub const RULES: &[Rule] = &[
    labels::DUPLICATE,
    labels::ORDER,
    labels::ELSEWHERE,
    variables::LATER,
    variables::UNKNOWN,
    variables::UNUSED,
    variables::FOREIGN,
    variables::NO_BUILT_IN,
    variables::PERHAPS,
    blocks::NO_ACTION_OF_IOS,
    blocks::NO_INFO_TYPE,
    commands::NO_COMMAND,
    commands::NO_ENABLE,
    commands::LEFT_OPEN,
    time::WAITS,
    time::ENDLESS,
    events::SYNC_NO,
    events::SYNC_YES,
    patterns::NEVER_MATCHES,
    patterns::LINK_ALONE,
    patterns::NEEDS_CONFIG,
    patterns::ITSELF,
    patterns::EACH_OTHER,
    events::NO_EXIT,
    events::BYTES,
    events::NEVER_FIRES,
    events::NOTHING_TO_DO,
    events::REPLACED,
    webhooks::RAW_VALUE,
    webhooks::SINGLE_QUOTES,
    webhooks::NO_TOKEN,
    values::NO_MAIL_SERVER,
    values::SECRET,
    values::CAPTURES,
];

/// For the rules whose findings the parser has.
pub(crate) fn nothing(_: &Context<'_>) -> Vec<Finding> {
    Vec::new()
}
