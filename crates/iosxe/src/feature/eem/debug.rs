//! `debug event manager ...`: its switches, and what the router says of an applet's CLI session
//! and mails while they are on (eem.md, section 5).

use eem::{Message, RunId};

use super::log;
use crate::exec;
use crate::feature::debug::{self, Group, Switch};
use crate::session::{Origin, Session};
use crate::turn::Turn;

/// Of the output of one command, so many lines are shown.
const LINES_MAX: usize = 20;

/// A switch of EEM, which the router calls by its words.
macro_rules! switch {
    ($words:literal, $help:literal) => {
        Switch { words: $words, help: $help, said: concat!("Debug EEM ", $words) }
    };
}
/// The switches. Those of actions say something here; of the others IOS's output is not known, so
/// that they are taken and say nothing.
pub(crate) static SWITCHES: Group = Group {
    heading: "EEM",
    opening: &[("event", "Event debugging"), ("manager", "Embedded Event Manager debugging")],
    branches: &[
        ("action", "Debug EEM actions"),
        ("api", "Debug EEM client API"),
        ("detector", "Debug EEM event detectors"),
        ("server", "Debug EEM server"),
        ("snap", "Debug EEM API wrappers"),
        ("tcl", "Debug EEM Tcl"),
        ("xml", "Debug EEM XML"),
    ],
    all: "Debug EEM all",
    switches: &[
        switch!("action cli", "Debug EEM CLI action"),
        switch!("action mail", "Debug EEM mail action"),
        switch!("api calls", "Debug EEM client API calls"),
        switch!("api errors", "Debug EEM client API errors"),
        switch!("common", "Debug EEM common library"),
        switch!("detector all", "Debug all EEM event detectors"),
        switch!("detector application", "Debug EEM application event detector"),
        switch!("detector cli", "Debug EEM CLI event detector"),
        switch!("detector config", "Debug EEM config event detector"),
        switch!("detector counter", "Debug EEM counter event detector"),
        switch!("detector env", "Debug EEM environmental event detector"),
        switch!("detector gold", "Debug EEM GOLD event detector"),
        switch!("detector identity", "Debug EEM identity event detector"),
        switch!("detector interface", "Debug EEM interface event detector"),
        switch!("detector ioswdsysmon", "Debug EEM IOS watchdog event detector"),
        switch!("detector ipsla", "Debug EEM IP SLA event detector"),
        switch!("detector mat", "Debug EEM MAC address table event detector"),
        switch!("detector neighbor-discovery", "Debug EEM neighbor discovery event detector"),
        switch!("detector nf", "Debug EEM NetFlow event detector"),
        switch!("detector none", "Debug EEM none event detector"),
        switch!("detector oir", "Debug EEM OIR event detector"),
        switch!("detector resource", "Debug EEM resource event detector"),
        switch!("detector rf", "Debug EEM redundancy event detector"),
        switch!("detector routing", "Debug EEM routing event detector"),
        switch!("detector rpc", "Debug EEM RPC event detector"),
        switch!("detector snmp", "Debug EEM SNMP event detector"),
        switch!("detector snmp-notification", "Debug EEM SNMP notification event detector"),
        switch!("detector snmp-object", "Debug EEM SNMP object event detector"),
        switch!("detector syslog", "Debug EEM syslog event detector"),
        switch!("detector timer", "Debug EEM timer event detector"),
        switch!("detector track", "Debug EEM track event detector"),
        switch!("metricdir", "Debug EEM metric director"),
        switch!("policydir", "Debug EEM policy director"),
        switch!("server events", "Debug EEM server events"),
        switch!("server scripts", "Debug EEM server scripts"),
        switch!("snap calls", "Debug EEM API wrapper calls"),
        switch!("snap errors", "Debug EEM API wrapper errors"),
        switch!("tcl cli_library", "Debug EEM Tcl CLI library"),
        switch!("tcl commands", "Debug EEM Tcl commands"),
        switch!("tcl smtp_library", "Debug EEM Tcl SMTP library"),
        switch!("xml parser", "Debug EEM XML parser"),
    ],
};

/// The run has opened its session, which stands at its prompt.
pub(super) fn cli_opened(turn: &mut Turn<'_>, session: &Session) {
    control(turn, session, "cli_open called.");
    let prompt = exec::prompt(turn.state, session);
    cli_out(turn, session, &prompt);
}

/// The run types a line: after the prompt, or as the answer to a question.
pub(super) fn cli_in(turn: &mut Turn<'_>, session: &Session, line: &str) {
    if !is_cli_on(turn) {
        return;
    }
    let prompt = match session.answer {
        Some(_) => String::new(),
        None => exec::prompt(turn.state, session),
    };
    say(turn, session, &format!("IN  : {prompt}{line}"));
}

/// The session has printed this.
pub(super) fn cli_out(turn: &mut Turn<'_>, session: &Session, text: &str) {
    if !is_cli_on(turn) {
        return;
    }
    let mut lines = text.lines();
    for line in lines.by_ref().take(LINES_MAX) {
        say(turn, session, &format!("OUT : {line}"));
    }
    if lines.next().is_some() {
        control(turn, session, "20+ lines read from cli, debug output truncated");
    }
}

/// The session of the run ends.
pub(super) fn cli_closed(turn: &mut Turn<'_>, session: &Session) {
    control(turn, session, "cli_close called.");
}

fn control(turn: &mut Turn<'_>, session: &Session, what: &str) {
    if is_cli_on(turn) {
        say(turn, session, &format!("CTL : {what}"));
    }
}

/// What the mail library says of a run's mail.
pub(super) fn mail(turn: &mut Turn<'_>, run: RunId, text: &str) {
    if debug::is_on(turn.state, &SWITCHES, "action mail") {
        let applet = super::run::applet_of(turn, run);
        log(turn, Message::debug(&applet, "smtp_lib", text));
    }
}

fn is_cli_on(turn: &Turn<'_>) -> bool {
    debug::is_on(turn.state, &SWITCHES, "action cli")
}

fn say(turn: &mut Turn<'_>, session: &Session, text: &str) {
    if let Origin::Applet { name, .. } = &session.origin {
        log(turn, Message::debug(name, "cli_lib", &format!(": {text}")));
    }
}
