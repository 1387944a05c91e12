//! Events: what starts an applet, how often, and what becomes of the line that did.

use croner::Cron;
use eem::EventOutline;

use super::{Rule, nothing};
use crate::context::Finding;
use crate::parse;

/// Objects that count bytes, and are taken for a percentage (CISCO-MEMORY-POOL-MIB and
/// CISCO-ENHANCED-MEMPOOL-MIB).
const BYTES_OBJECTS: [&str; 5] = [
    "1.3.6.1.4.1.9.9.48.1.1.1.5",
    "1.3.6.1.4.1.9.9.48.1.1.1.6",
    "1.3.6.1.4.1.9.9.48.1.1.1.7",
    "1.3.6.1.4.1.9.9.221.1.1.1.1.18",
    "1.3.6.1.4.1.9.9.221.1.1.1.1.20",
];

pub(super) const SYNC_NO: Rule = Rule {
    code: parse::SYNC_NO,
    name: "`sync no` without `skip`",
    what: "A command event runs beside the command, and does not say whether the command is \
              carried out.",
    why: "IOS XE asks for `skip yes` or `skip no` with `sync no`.",
    example: "event manager applet A\n event cli pattern \"^reload\" sync no\n action 1.0 exit\n",
    fixed: "event manager applet A\n event cli pattern \"^reload\" sync no skip no\n action 1.0 \
              exit\n",
    check: nothing,
};

pub(super) const SYNC_YES: Rule = Rule {
    code: "EEM141",
    name: "`sync yes` that never says what becomes of the command",
    what: "A synchronous command event whose applet never sets `_exit_status`.",
    why: "Unset is 0: the command is never carried out.",
    example: "event manager applet A\n event cli pattern \"^reload\" sync yes\n \
              action 1.0 syslog msg \"somebody reloads\"\n",
    fixed: "event manager applet A\n event cli pattern \"^reload\" sync yes\n \
            action 1.0 syslog msg \"somebody reloads\"\n action 2.0 set _exit_status \"1\"\n",
    check: |context| {
        let mut found = Vec::new();
        for (applet, event) in context.events() {
            let is_it = event.detector == "cli" && event.option("sync") == Some("yes");
            let sets = |action: &eem::ActionOutline| {
                let exits = action.keyword == "exit" && action.words.len() > 3;
                exits || action.sets.iter().any(|name| name == "_exit_status")
            };
            if is_it && !applet.actions.iter().any(sets) {
                let span = context.find(event.line, "sync");
                let message = "nothing sets `_exit_status`: the command is never carried out";
                let help = "`set _exit_status \"1\"` carries it out";
                found.push(Finding::warning(span, message).help(help));
            }
        }
        found
    },
};

pub(super) const NO_EXIT: Rule = Rule {
    code: "EEM160",
    name: "entry criteria without exit criteria",
    what: "A value is polled with a threshold to enter, and none to leave.",
    why: "The applet starts at every poll while the value stays there.",
    example: "event manager applet A\n event snmp oid 1.3.6.1.4.1.9.9.109.1.1.1.1.7.1 get-type \
              exact \
              entry-op gt entry-val \"80\" poll-interval 60\n action 1.0 exit\n",
    fixed: "event manager applet A\n event snmp oid 1.3.6.1.4.1.9.9.109.1.1.1.1.7.1 get-type exact \
            entry-op gt entry-val \"80\" exit-op lt exit-val \"60\" poll-interval 60\n action 1.0 \
            exit\n",
    check: |context| {
        let mut found = Vec::new();
        for (_, event) in context.events() {
            let polls = matches!(event.detector, "snmp" | "interface");
            let leaves = event.has("exit-val") || event.has("exit-time");
            if polls && event.has("entry-val") && !leaves && !event.has("ratelimit") {
                let span = context.find(event.line, "entry-val");
                let message = "nothing says when this is over: it starts at every poll";
                let help = "`exit-op` and `exit-val`, or `exit-time`";
                found.push(Finding::warning(span, message).help(help));
            }
        }
        found
    },
};

pub(super) const BYTES: Rule = Rule {
    code: "EEM161",
    name: "a percentage compared with bytes",
    what: "An object that counts bytes is compared with a number of at most 100.",
    why: "Free memory is never less than 100 bytes: the applet never starts, or always.",
    example: "event manager applet A\n event snmp oid 1.3.6.1.4.1.9.9.48.1.1.1.6.1 get-type exact \
              entry-op lt entry-val \"20\" exit-op gt exit-val \"30\" poll-interval 300\n action \
              1.0 exit\n",
    fixed: "event manager applet A\n event snmp oid 1.3.6.1.4.1.9.9.48.1.1.1.6.1 get-type exact \
            entry-op lt entry-val \"50000000\" exit-op gt exit-val \"60000000\" poll-interval \
            300\n \
            action 1.0 exit\n",
    check: |context| {
        let mut found = Vec::new();
        for (_, event) in context.events().filter(|(_, event)| event.detector == "snmp") {
            let oid = event.option("oid").unwrap_or_default().trim_start_matches('.');
            let counts = BYTES_OBJECTS.iter().any(|object| oid.starts_with(object));
            let value = event.option("entry-val").and_then(|value| value.parse::<i64>().ok());
            if counts && value.is_some_and(|value| (0..=100).contains(&value)) {
                let span = context.find(event.line, "entry-val");
                let message = "this object counts bytes, and 100 of them are no percentage";
                found.push(Finding::warning(span, message));
            }
        }
        found
    },
};

pub(super) const NEVER_FIRES: Rule = Rule {
    code: "EEM162",
    name: "a timer that never comes",
    what: "A `cron-entry` names a day that no month has.",
    why: "The applet never starts.",
    example: "event manager applet A\n event timer cron cron-entry \"0 4 31 2 *\"\n action 1.0 \
              exit\n",
    fixed: "event manager applet A\n event timer cron cron-entry \"0 4 28 2 *\"\n action 1.0 \
              exit\n",
    check: |context| {
        let mut found = Vec::new();
        for (_, event) in context.events().filter(|(_, event)| event.detector == "timer") {
            let Some(entry) = event.option("cron-entry") else { continue };
            if !entry.contains('$') && never_comes(entry) {
                let span = context.find(event.line, entry);
                found.push(Finding::warning(span, "this day never comes"));
            }
        }
        found
    },
};

pub(super) const NOTHING_TO_DO: Rule = Rule {
    code: "EEM163",
    name: "an applet that does nothing",
    what: "An applet has an event and no action.",
    why: "It does nothing when it starts. An applet that only keeps a command from being carried \
              out \
          (`sync no skip yes`) is none of these.",
    example: "event manager applet A\n event none\n",
    fixed: "event manager applet A\n event none\n action 1.0 syslog msg \"started\"\n",
    check: |context| {
        let mut found = Vec::new();
        for applet in &context.outline.applets {
            let stops = |event: &EventOutline| event.option("skip") == Some("yes");
            let has_event = !applet.events.is_empty();
            if has_event && applet.actions.is_empty() && !applet.events.iter().any(stops) {
                let span = context.find(applet.entered[0], &applet.name);
                let message = format!("`{}` has no action", applet.name);
                found.push(Finding::warning(span, message));
            }
        }
        found
    },
};

pub(super) const REPLACED: Rule = Rule {
    code: "EEM164",
    name: "an applet of a name that was there",
    what: "Two applets of a file have one name.",
    why: "There is one applet then: the second one's event takes the place of the first one's, \
              and so does \
          each action with a label that both have.",
    example: "event manager applet A\n event none\n action 1.0 exit\nevent manager applet A\n \
              event timer watchdog time 60\n action 1.0 exit\n",
    fixed: "event manager applet A\n event none\n action 1.0 exit\nevent manager applet B\n \
            event timer watchdog time 60\n action 1.0 exit\n",
    check: |context| {
        let mut found = Vec::new();
        for applet in &context.outline.applets {
            for line in applet.entered.iter().skip(1) {
                let span = context.find(*line, &applet.name);
                let message = format!("`{}` is there already", applet.name);
                let label = format!("this edits the applet of line {}", applet.entered[0] + 1);
                found.push(Finding::warning(span, message).label(label));
            }
        }
        found
    },
};

/// Whether no day of the next years is the one.
fn never_comes(entry: &str) -> bool {
    let Ok(cron) = entry.trim().parse::<Cron>() else { return false };
    let from = jiff::civil::date(2026, 1, 1).to_zoned(jiff::tz::TimeZone::UTC);
    from.is_ok_and(|from| cron.find_next_occurrence(&from, false).is_err())
}
