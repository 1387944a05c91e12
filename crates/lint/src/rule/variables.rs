//! Variables: who sets them, and when.
//!
//! A run that comes to a variable that nobody has set ends there (eem.md, section 4).

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::nearest;
use eem::AppletOutline;

use super::Rule;
use crate::context::{Context, Finding, command};
use crate::words::{built_in, detectors_of, fits, is_of, is_of_actions, is_of_all, is_reserved};

/// What becomes of each variable that an applet reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Set,
    /// Only by actions that come after it.
    Later,
    /// On some ways to it, and not on others.
    Perhaps,
    /// By events of other detectors.
    Foreign,
    /// By nobody: only a built-in variable could be called so.
    NoBuiltIn,
    /// By nobody that is seen here.
    Unknown,
}

/// A variable that is read where it is not sure to be set.
struct Doubt<'a> {
    applet: &'a AppletOutline,
    name: &'a str,
    fate: Fate,
    span: std::ops::Range<usize>,
}

pub(super) const LATER: Rule = Rule {
    code: "EEM110",
    name: "a variable that is set too late",
    what: "A variable is read by an action that runs before every action that sets it.",
    why: "The run ends there: `FMPD_UNKNOWN_ENV`. Mostly a label sorts otherwise than it looks.",
    example: "event manager applet A\n event none\n action 10.0 syslog msg \"$name is down\"\n \
              action 2.0 set name \"Gi1\"\n",
    fixed: "event manager applet A\n event none\n action 2.0 set name \"Gi1\"\n \
            action 3.0 syslog msg \"$name is down\"\n",
    check: |context| {
        let later = |doubt: Doubt<'_>| {
            let setter = doubt
                .applet
                .actions
                .iter()
                .find(|action| action.sets.iter().any(|known| fits(known, doubt.name)));
            let label = setter.map(|action| format!("`{}` sets it", action.label));
            let message = format!("`${}` is set only after it is read", doubt.name);
            // By convention the environment's begin so: another file may have it.
            let found = match doubt.name.starts_with('_') {
                true => Finding::warning(doubt.span, message),
                false => Finding::error(doubt.span, message),
            };
            let found = found.label(label.unwrap_or_default());
            found.help("labels run in the order of texts: `10` before `2`; pad them with zeros")
        };
        doubts(context).filter(|doubt| doubt.fate == Fate::Later).map(later).collect()
    },
};

pub(super) const UNKNOWN: Rule = Rule {
    code: "EEM111",
    name: "a variable that nobody sets",
    what: "A variable is neither set by the applet nor one of the environment.",
    why: "The run ends where it is read, unless `event manager environment` of the router has it. \
              Where \
          the configuration around the applet is not given, this is a note.",
    example: "event manager applet A\n event none\n action 1.0 set interface \"Gi1\"\n \
              action 2.0 syslog msg \"$interfase is down\"\n",
    fixed: "event manager applet A\n event none\n action 1.0 set interface \"Gi1\"\n \
            action 2.0 syslog msg \"$interface is down\"\n",
    check: |context| {
        let unknown = |doubt: Doubt<'_>| {
            let own = doubt.applet.actions.iter().flat_map(|action| &action.sets);
            let mut known: Vec<&str> =
                own.chain(&context.outline.environment).map(String::as_str).collect();
            known.extend(built_in());
            let near = nearest(doubt.name, known);
            let message = format!("nobody sets `${}`", doubt.name);
            let found = match near.is_some() || context.config.is_whole {
                true => Finding::warning(doubt.span, message),
                false => Finding::note(doubt.span, message),
            };
            found.help(match near {
                Some(near) => format!("did you mean `${near}`?"),
                None => format!("`event manager environment {} VALUE`", doubt.name),
            })
        };
        doubts(context).filter(|doubt| doubt.fate == Fate::Unknown).map(unknown).collect()
    },
};

pub(super) const UNUSED: Rule = Rule {
    code: "EEM112",
    name: "a variable that nobody reads",
    what: "`set`, `append` or `gets` gives a variable a value, and no action reads it.",
    why: "It is needless, or read under another name.",
    example: "event manager applet A\n event none\n action 1.0 set count \"1\"\n \
              action 2.0 syslog msg \"done\"\n",
    fixed: "event manager applet A\n event none\n action 1.0 set count \"1\"\n \
            action 2.0 syslog msg \"done $count\"\n",
    check: |context| {
        let mut found = Vec::new();
        for applet in &context.outline.applets {
            let saves = applet.actions.iter().any(|action| action.keyword == "context");
            let read: BTreeSet<&str> = applet
                .actions
                .iter()
                .flat_map(|action| action.reads.iter().map(|(name, _)| name.as_str()))
                .collect();
            for action in applet.actions.iter().filter(|_| !saves) {
                let [name] = action.sets.as_slice() else { continue };
                let sets = matches!(action.keyword, "set" | "append" | "gets");
                if !sets || is_of_all(name) {
                    continue;
                }
                if !read.contains(name.as_str()) {
                    let span = context.find(action.line, name);
                    found.push(Finding::warning(span, format!("nobody reads `${name}`")));
                }
            }
        }
        found
    },
};

pub(super) const FOREIGN: Rule = Rule {
    code: "EEM113",
    name: "a variable of another event",
    what: "A built-in variable is read that no event of the applet sets.",
    why: "Each detector sets its own variables; any other is unknown, and the run ends there.",
    example: "event manager applet A\n event timer watchdog time 60\n \
              action 1.0 syslog msg \"$_syslog_msg\"\n",
    fixed: "event manager applet A\n event syslog pattern \"LINK-3-UPDOWN\"\n \
            action 1.0 syslog msg \"$_event_type_string\"\n",
    check: |context| {
        let foreign = |doubt: Doubt<'_>| {
            let detectors = detectors_of(doubt.name).join("`, `");
            let message = format!("no event of this applet sets `${}`", doubt.name);
            let found = if_known(doubt.name, doubt.span, message);
            found.label(format!("`event {detectors}` does"))
        };
        doubts(context).filter(|doubt| doubt.fate == Fate::Foreign).map(foreign).collect()
    },
};

pub(super) const NO_BUILT_IN: Rule = Rule {
    code: "EEM114",
    name: "a built-in variable that there is not",
    what: "A variable begins like those of EEM, and is none of them.",
    why: "The run ends where it is read.",
    example: "event manager applet A\n event syslog pattern \"LINK-3-UPDOWN\"\n \
              action 1.0 syslog msg \"$_syslog_severity\"\n",
    fixed: "event manager applet A\n event syslog pattern \"LINK-3-UPDOWN\"\n \
            action 1.0 syslog msg \"$_syslog_priority\"\n",
    check: |context| {
        let wrong = |doubt: Doubt<'_>| {
            let message = format!("there is no built-in variable `${}`", doubt.name);
            let found = if_known(doubt.name, doubt.span, message);
            match nearest(doubt.name, built_in()) {
                Some(near) => found.help(format!("did you mean `${near}`?")),
                None => found,
            }
        };
        doubts(context).filter(|doubt| doubt.fate == Fate::NoBuiltIn).map(wrong).collect()
    },
};

pub(super) const PERHAPS: Rule = Rule {
    code: "EEM115",
    name: "a variable that is set on some ways only",
    what: "A variable is set in one arm of a block, and read behind it.",
    why: "A run that takes the other arm ends where it is read.",
    example: "event manager applet A\n event none\n action 1.0 cli command \"enable\"\n \
              action 2.0 if $_event_id eq \"1\"\n action 3.0  set state \"up\"\n action 4.0 end\n \
              action 5.0 syslog msg \"$state\"\n",
    fixed: "event manager applet A\n event none\n action 0.5 set state \"down\"\n \
            action 1.0 cli command \"enable\"\n action 2.0 if $_event_id eq \"1\"\n \
            action 3.0  set state \"up\"\n action 4.0 end\n action 5.0 syslog msg \"$state\"\n",
    check: |context| {
        let perhaps = |doubt: Doubt<'_>| {
            let message = format!("`${}` is not set on every way to here", doubt.name);
            Finding::warning(doubt.span, message).help("set it before the block")
        };
        doubts(context).filter(|doubt| doubt.fate == Fate::Perhaps).map(perhaps).collect()
    },
};

/// An error where all variables of such names are known for sure; of other detectors a release may
/// have more.
fn if_known(name: &str, span: std::ops::Range<usize>, message: String) -> Finding {
    let is_known = ["_syslog_", "_info_", "_cli_"].iter().any(|known| name.starts_with(known));
    if is_known { Finding::error(span, message) } else { Finding::warning(span, message) }
}

/// Every variable that is read where it is not sure to be set, once for each action.
fn doubts<'a>(context: &Context<'a>) -> impl Iterator<Item = Doubt<'a>> {
    let outline = context.outline;
    let mut doubts = Vec::new();
    for applet in outline.applets.iter().filter(|applet| applet.is_linked) {
        let sure = applet.surely_set();
        let reached = applet.reached();
        // What fails is let be there, or fails elsewhere.
        let handles = applet.actions.iter().any(|action| action.keyword == "handle-error");
        let mut before: BTreeMap<usize, Vec<bool>> = BTreeMap::new();
        for (at, action) in applet.actions.iter().enumerate().filter(|(at, _)| reached[*at]) {
            for (place, (name, span)) in action.reads.iter().enumerate() {
                let again = action.reads[..place].iter().any(|(known, _)| known == name);
                let is_known = || {
                    handles
                        || is_of_all(name)
                        || outline.environment.contains(name)
                        || sets_environment(applet, name)
                        || applet.events.iter().any(|event| is_of(event.detector, name))
                        || sure[at].iter().any(|known| fits(known, name))
                };
                if again || is_known() {
                    continue;
                }
                // What changes itself has its first value from elsewhere.
                let setters: Vec<usize> = (0..applet.actions.len())
                    .filter(|other| *other != at)
                    .filter(|other| applet.actions[*other].sets.iter().any(|own| fits(own, name)))
                    .collect();
                let before = before.entry(at).or_insert_with(|| applet.before(at));
                let fate = match () {
                    () if setters.iter().any(|setter| before[*setter]) => Fate::Perhaps,
                    () if !setters.is_empty() => Fate::Later,
                    () if !detectors_of(name).is_empty() => Fate::Foreign,
                    // It has one; only that of this applet is missing.
                    () if is_of_actions(name) => Fate::Unknown,
                    () if is_reserved(name) => Fate::NoBuiltIn,
                    () => Fate::Unknown,
                };
                let span = context.part(action.line, span);
                doubts.push(Doubt { applet, name, fate, span });
            }
        }
    }
    doubts.into_iter().filter(|doubt| doubt.fate != Fate::Set)
}

/// Whether an applet puts it into the environment by itself.
fn sets_environment(applet: &AppletOutline, name: &str) -> bool {
    let mut commands = applet.actions.iter().filter_map(command);
    commands.any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.contains(&name) && words.iter().any(|word| word.starts_with("env"))
    })
}
