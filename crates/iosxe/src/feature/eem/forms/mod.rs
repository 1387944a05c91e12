//! What `?` and TAB know of the lines of applet mode beyond their keyword.
//!
//! The `eem` crate reads those lines, so that to the router's own parser all that follows a keyword
//! is one text. For `?` the same lines are declared once more, in full. Used by `exec::help` alone.

mod action;
mod event;
mod trigger;

use std::sync::LazyLock;

use cli::{Grammar, kw};

use super::config::body;
use crate::command::{Command, Handler, Mode};
use crate::feature;
use crate::io::Dialect;
use crate::platform::Role;

static IOSXE: LazyLock<Grammar<Mode, Handler>> = LazyLock::new(|| grammar(Dialect::IosXe));
static COURSE: LazyLock<Grammar<Mode, Handler>> = LazyLock::new(|| grammar(Dialect::Course));

/// What `?` is answered from in applet mode.
pub(crate) fn help(dialect: Dialect) -> &'static Grammar<Mode, Handler> {
    match dialect {
        Dialect::IosXe => &IOSXE,
        Dialect::Course => &COURSE,
    }
}

fn grammar(dialect: Dialect) -> Grammar<Mode, Handler> {
    Grammar::new(commands(dialect, Role::Router))
}

/// The commands of the router, those of applet mode in full.
pub(crate) fn commands(dialect: Dialect, role: Role) -> impl Iterator<Item = &'static Command> {
    let short = || super::config::APPLET_LINES.iter().chain(&super::config::TRIGGER_LINES);
    let is_short = move |command: &&Command| short().any(|short| std::ptr::eq(*command, short));
    let others = feature::commands(dialect, role).filter(move |command| !is_short(command));
    let mut whole = Vec::new();
    for entry in eem::ACTIONS.iter().filter(|entry| matches!(entry.dialect, eem::Dialect::Ios)) {
        let words = [super::config::ACTION, super::config::LABEL, kw(entry.name, entry.help)];
        whole.push([&words[..], action::form(entry.name)].concat());
    }
    for entry in eem::DETECTORS {
        let words = [super::config::DETECTOR, super::config::TAG, kw(entry.name, entry.help)];
        whole.push([&words[..], &event::form(entry)].concat());
    }
    let whole: Vec<Command> = whole.into_iter().map(|syntax| body(Vec::leak(syntax))).collect();
    let trigger = trigger::commands();
    others.chain(Vec::leak(whole).iter()).chain(Vec::leak(trigger).iter())
}
