//! What an applet types: commands that there are, in the mode in which they are.

use eem::{AppletOutline, Dialect};

use super::Rule;
use crate::context::{Finding, command};
use crate::parse::PORTABLE;
use crate::words::{PROGRAMS, abbreviates, is_configuration, is_exec, is_privileged};

/// Where a session of an applet is, line by line in run order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    User,
    Privileged,
    Configuration,
    /// A prompt of something else, or a line that is not known before it runs.
    Unknown,
}

/// A line that an applet types.
struct Typed<'a> {
    line: usize,
    text: &'a str,
    first: &'a str,
    mode: Mode,
}

pub(super) const NO_COMMAND: Rule = Rule {
    code: "EEM130",
    name: "a command that there is not",
    what: "A line begins with a word that begins no command of IOS XE.",
    why: "The router answers `% Invalid input`, and the run goes on as if nothing were. `curl` \
              and `python` \
          are programs of guestshell.",
    example: "event manager applet A\n event none\n action 1.0 cli command \"enable\"\n \
              action 2.0 cli command \"curl http://192.0.2.1/\"\n",
    fixed: "event manager applet A\n event none\n action 1.0 cli command \"enable\"\n \
            action 2.0 cli command \"guestshell run curl http://192.0.2.1/\"\n",
    check: |context| {
        let mut found = Vec::new();
        for applet in &context.outline.applets {
            for typed in typed(applet) {
                // The course's routers have it.
                let is_of_course = context.dialect == Dialect::Course && typed.first == "curl";
                let exec = matches!(typed.mode, Mode::User | Mode::Privileged);
                if !exec || is_of_course || is_exec(typed.first) {
                    continue;
                }
                let span = context.find(typed.line, typed.first);
                let message = format!("`{}` is no command of IOS XE", typed.first);
                found.push(match PROGRAMS.contains(&typed.first) {
                    true => Finding::error(span, message).help(PORTABLE),
                    false if is_configuration(typed.first) => Finding::warning(span, message)
                        .help("`cli command \"configure terminal\"` comes before it"),
                    false => Finding::warning(span, message),
                });
            }
        }
        found
    },
};

pub(super) const NO_ENABLE: Rule = Rule {
    code: "EEM131",
    name: "a privileged command without `enable`",
    what: "A command that user EXEC does not have is typed before `enable`.",
    why: "The session of an applet begins in user EXEC: the command is refused, and the run goes \
              on.",
    example: "event manager applet A\n event none\n action 1.0 cli command \"configure \
              terminal\"\n \
              action 2.0 cli command \"end\"\n",
    fixed: "event manager applet A\n event none\n action 0.5 cli command \"enable\"\n \
            action 1.0 cli command \"configure terminal\"\n action 2.0 cli command \"end\"\n",
    check: |context| {
        let mut found = Vec::new();
        // Where a user is named, the session may begin privileged.
        if context.config.has("event manager session cli username") {
            return found;
        }
        for applet in &context.outline.applets {
            let wrong = typed(applet).into_iter().find(|typed| {
                let running = abbreviates(typed.first, "show", 2)
                    && typed.text.split_whitespace().nth(1).is_some_and(|word| {
                        abbreviates(word, "running-config", 3)
                            || abbreviates(word, "startup-config", 3)
                    });
                typed.mode == Mode::User && (is_privileged(typed.first) || running)
            });
            if let Some(typed) = wrong {
                let span = context.find(typed.line, typed.text);
                let message = format!("`{}` needs `enable` before it", typed.first);
                found.push(Finding::warning(span, message).help("`cli command \"enable\"` first"));
            }
        }
        found
    },
};

pub(super) const LEFT_OPEN: Rule = Rule {
    code: "EEM132",
    name: "a configuration mode that is left open",
    what: "`configure terminal` is followed by no `end`, or by a command that is none of \
              configuration.",
    why: "What is typed after it goes to the configuration; a `show` is refused there.",
    example: "event manager applet A\n event none\n action 1.0 cli command \"enable\"\n \
              action 2.0 cli command \"configure terminal\"\n action 3.0 cli command \"interface \
              Gi1\"\n \
              action 4.0 cli command \"show clock\"\n",
    fixed: "event manager applet A\n event none\n action 1.0 cli command \"enable\"\n \
            action 2.0 cli command \"configure terminal\"\n action 3.0 cli command \"interface \
            Gi1\"\n \
            action 3.5 cli command \"end\"\n action 4.0 cli command \"show clock\"\n",
    check: |context| {
        let mut found = Vec::new();
        for applet in &context.outline.applets {
            let all = typed(applet);
            let is_show = |typed: &&Typed<'_>| {
                let reads = ["show", "copy", "write", "ping"];
                typed.mode == Mode::Configuration
                    && reads.iter().any(|word| abbreviates(typed.first, word, 2))
            };
            if let Some(typed) = all.iter().find(is_show) {
                let span = context.find(typed.line, typed.text);
                let message = "the session is still in the configuration mode here";
                found.push(
                    Finding::warning(span, message).help("`end` before it, or `do` in front"),
                );
                continue;
            }
            let open = all.iter().rev().find(|typed| is_configure(typed.text));
            let leaves = |typed: &Typed<'_>| {
                abbreviates(typed.first, "end", 3) || abbreviates(typed.first, "exit", 2)
            };
            let Some(open) = open else { continue };
            let after = all.iter().skip_while(|typed| typed.line != open.line);
            if !after.into_iter().any(leaves) {
                let span = context.find(open.line, open.text);
                let message = "nothing ends this configuration mode";
                found.push(Finding::warning(span, message).help("`cli command \"end\"` behind it"));
            }
        }
        found
    },
};

fn is_configure(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().is_some_and(|word| abbreviates(word, "configure", 4));
    first && words.next().is_some_and(|word| abbreviates(word, "terminal", 1))
}

/// The lines that an applet types, in run order. Behind a block the mode is that of its first arm.
fn typed(applet: &AppletOutline) -> Vec<Typed<'_>> {
    let mut mode = Mode::User;
    let mut all = Vec::new();
    let reached = applet.reached();
    let lines =
        applet.actions.iter().enumerate().filter(|(at, _)| !applet.is_linked || reached[*at]);
    for (_, action) in lines {
        let Some(text) = command(action) else { continue };
        let first = text.split_whitespace().next().unwrap_or_default();
        if first.is_empty() || text.contains('$') && text.trim_start().starts_with('$') {
            // Enter, or whatever the variable holds.
            if !first.is_empty() {
                mode = Mode::Unknown;
            }
            continue;
        }
        let asks = action.words.len() > 5;
        let here = if answers(&all, text) { Mode::Unknown } else { mode };
        all.push(Typed { line: action.line, text, first, mode: here });
        mode = match mode {
            Mode::Unknown => Mode::Unknown,
            _ if asks => Mode::Unknown,
            _ if abbreviates(first, "enable", 2) => Mode::Privileged,
            Mode::User | Mode::Privileged if is_configure(text) => Mode::Configuration,
            Mode::User | Mode::Privileged if opens_another(text) => Mode::Unknown,
            Mode::Configuration if abbreviates(first, "end", 3) => Mode::Privileged,
            // Out of a submode, or out of all of them: who knows.
            Mode::Configuration if abbreviates(first, "exit", 2) => Mode::Unknown,
            other => other,
        };
    }
    all
}

/// Whether a line is an answer to a question of the one before it.
fn answers(before: &[Typed<'_>], text: &str) -> bool {
    let asked = before.last().is_some_and(|last| last.text.contains("pattern"));
    asked || matches!(text.trim(), "y" | "n" | "yes" | "no" | "yes\\n" | "\\n")
}

/// Whether a line leads to another prompt.
fn opens_another(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default();
    ["tclsh", "guestshell", "telnet", "ssh", "session", "attach", "connect", "app-hosting"]
        .iter()
        .any(|word| abbreviates(first, word, 3))
        && words.next() != Some("run")
}
