//! `--event 'WORD ...'`: what happens to the router, one line per kind in [`EVENTS`].
//!
//! An event is what a person, a wire or the router itself does: a detector sees it as it sees it
//! in any lab. Whatever is no word of the table is a step of a scenario, in the words of
//! `simulator inject`.

use lab::{Lab, Step};

/// Something that happens.
#[derive(Debug)]
pub(super) enum Event {
    /// Steps of a scenario, one right after the other.
    Steps(Vec<Step>),
    /// Somebody types a line at a terminal.
    Line(String),
    /// The next timer or poll that starts an applet.
    Timer,
}

/// What an event is read against.
pub(super) struct Context<'a> {
    pub(super) lab: &'a Lab,
    /// The router.
    pub(super) node: &'a str,
    /// The applets of the file that wait for `event none`, and the one that was asked for.
    pub(super) runnable: &'a [String],
}

/// One kind of event.
struct Entry {
    word: &'static str,
    argument: &'static str,
    help: &'static str,
    read: fn(&str, &Context<'_>) -> Result<Event, String>,
}

const EVENTS: &[Entry] = &[
    Entry {
        word: "syslog",
        argument: "%FAC-SEV-MNEMONIC: TEXT",
        help: "the router logs this message",
        read: |text, context| step(context, &["syslog", text]),
    },
    Entry {
        word: "cli",
        argument: "COMMAND",
        help: "a user types it, in privileged EXEC",
        read: |text, _| Ok(Event::Line(text.to_owned())),
    },
    Entry {
        word: "none",
        argument: "[ARGUMENT...]",
        help: "a user types `event manager run` with the applet and these arguments",
        read: none,
    },
    Entry {
        word: "timer",
        argument: "",
        help: "time passes until a timer or a poll starts an applet",
        read: |text, _| nothing(text).map(|()| Event::Timer),
    },
    Entry {
        word: "interface",
        argument: "IF up|down|shutdown|no-shutdown, or IF COUNTER N",
        help: "its cable is mended or cut, it is shut down or not, or it counts N more",
        read: interface,
    },
    Entry {
        word: "track",
        argument: "N up|down",
        help: "the stub object N changes its state",
        read: track,
    },
    Entry {
        word: "routing",
        argument: "add|remove A.B.C.D M.M.M.M",
        help: "a static route to Null0 comes or goes",
        read: routing,
    },
    Entry {
        word: "oir",
        argument: "removed|inserted",
        help: "the module with the ports is drawn, or put back",
        read: |text, context| {
            let state = format!("state={text}");
            step(context, &["oir", "slot=0/0", &state])
        },
    },
    Entry {
        word: "config",
        argument: "LINE",
        help: "somebody types it in configuration mode, and leaves",
        read: |text, context| step(context, &["configure", &format!("lines={text}")]),
    },
];

/// Reads one event; the error is for the person who typed it.
pub(super) fn read(text: &str, context: &Context<'_>) -> Result<Event, String> {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim_start();
    match EVENTS.iter().find(|entry| entry.word == word) {
        Some(entry) if rest.is_empty() && needs(entry) => {
            Err(format!("`{word}` needs {}", entry.argument))
        }
        Some(entry) => (entry.read)(rest, context),
        None if word.is_empty() => Err(format!("expected one of\n{}", forms())),
        None => {
            let words: Vec<&str> = text.split_whitespace().collect();
            step(context, &words).map_err(|why| match why.starts_with("unknown step") {
                true => format!(
                    "unknown event `{word}`; expected a step of a scenario or one of\n{}",
                    forms()
                ),
                false => why,
            })
        }
    }
}

/// The form of every event, a line each.
pub(super) fn forms() -> String {
    let form = |entry: &Entry| {
        let form = format!("{} {}", entry.word, entry.argument);
        format!("  {}\n      {}", form.trim_end(), entry.help)
    };
    EVENTS.iter().map(form).collect::<Vec<_>>().join("\n")
}

/// The numbers of the track objects that events are about, with the state that each comes to first.
pub(super) fn tracks(events: &[String]) -> Vec<(u32, bool)> {
    let mut found: Vec<(u32, bool)> = Vec::new();
    for event in events {
        let words: Vec<&str> = event.split_whitespace().collect();
        if let ["track", number, state] = words.as_slice()
            && let Ok(number) = number.parse()
            && !found.iter().any(|(known, _)| *known == number)
        {
            found.push((number, *state == "up"));
        }
    }
    found
}

fn needs(entry: &Entry) -> bool {
    !entry.argument.is_empty() && !entry.argument.starts_with('[')
}

fn nothing(text: &str) -> Result<(), String> {
    if text.is_empty() { Ok(()) } else { Err(format!("nothing is expected before `{text}`")) }
}

fn step(context: &Context<'_>, words: &[&str]) -> Result<Event, String> {
    Ok(Event::Steps(vec![one_step(context, words)?]))
}

fn one_step(context: &Context<'_>, words: &[&str]) -> Result<Step, String> {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    Step::from_words(context.node, &words, context.lab)
}

fn none(text: &str, context: &Context<'_>) -> Result<Event, String> {
    match context.runnable {
        [name] => Ok(Event::Line(format!("event manager run {name} {text}").trim_end().to_owned())),
        [] => Err("no applet of the file has `event none`".to_owned()),
        several => {
            let names = several.join("`, `");
            Err(format!("say which with `--applet`: `{names}`"))
        }
    }
}

fn interface(text: &str, context: &Context<'_>) -> Result<Event, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [name, "down"] => step(context, &["link-cut", &format!("{}:{name}", context.node)]),
        [name, "up"] => step(context, &["link-restore", &format!("{}:{name}", context.node)]),
        [name, word @ ("shutdown" | "no-shutdown")] => step(context, &[word, name]),
        [name, counter, number] => {
            let counter = counter.replace('_', "-");
            step(
                context,
                &["counters", &format!("interface={name}"), &format!("{counter}={number}")],
            )
        }
        _ => Err("`interface` needs IF up|down|shutdown|no-shutdown, or IF COUNTER N".to_owned()),
    }
}

fn track(text: &str, context: &Context<'_>) -> Result<Event, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [number, state @ ("up" | "down")] = words.as_slice() else {
        return Err("`track` needs N up|down".to_owned());
    };
    number.parse::<u32>().map_err(|_| format!("`{number}` is no number of an object"))?;
    let object = format!("lines=track {number} stub-object");
    step(context, &["configure", &object, &format!("lines=default-state {state}")])
}

fn routing(text: &str, context: &Context<'_>) -> Result<Event, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = match words.as_slice() {
        ["add", network, mask] => format!("lines=ip route {network} {mask} Null0"),
        ["remove", network, mask] => format!("lines=no ip route {network} {mask} Null0"),
        _ => return Err("`routing` needs add|remove A.B.C.D M.M.M.M".to_owned()),
    };
    step(context, &["configure", &line])
}
