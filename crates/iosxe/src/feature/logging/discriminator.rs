//! `logging discriminator`: which messages a destination gets (Cisco's command reference of
//! `logging discriminator`; the tables of `show logging`: genieparser's captures of IOS XE).

use std::fmt::Write as _;

use cli::{Args, Kind, No, Pattern, Token, any_of, kw, one_of, param};
use indexmap::IndexMap;
use simtime::Time;

use super::limit::Window;
use super::{Logging, Message};
use crate::command::{Command, Mode, Reply};
use crate::config::{ConfigText, is_word};
use crate::session::Session;
use crate::turn::Turn;

/// How many discriminators one router has.
const DISCRIMINATORS_MAX: usize = 64;

/// The longest name.
const NAME_CHARS_MAX: usize = 8;

/// By name, in the order of their making.
pub(super) type Discriminators = IndexMap<String, Discriminator>;

/// What a message must be, or must not be.
#[derive(Clone, Debug, Default)]
pub(super) struct Discriminator {
    facility: Option<Test>,
    mnemonics: Option<Test>,
    body: Option<Test>,
    severity: Option<Severities>,
    per_second: Option<u32>,
    window: Window,
}

/// A pattern that a part of a message matches or not.
#[derive(Clone, Debug)]
struct Test {
    drops: bool,
    text: String,
    pattern: Pattern,
}

/// `severity includes 1,2,5`
#[derive(Clone, Debug, PartialEq, Eq)]
struct Severities {
    drops: bool,
    levels: Vec<u8>,
}

/// What a destination does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Pass,
    Drop,
    /// There were enough of them in this second.
    Limit,
}

macro_rules! either {
    ($drops:literal, $includes:literal, $kind:expr, $help:literal) => {
        one_of(&[
            &[kw("drops", "Drops the message"), param($drops, $kind, $help)],
            &[kw("includes", "Delivers the message"), param($includes, $kind, $help)],
        ])
    };
}

const PARTS: Token = any_of(&[
    &[
        kw("facility", "Facility pattern for message filtering"),
        either!("facility-drops", "facility-includes", Kind::Word, "Facility pattern"),
    ],
    &[
        kw("mnemonics", "Mnemonics pattern for message filtering"),
        either!("mnemonics-drops", "mnemonics-includes", Kind::Word, "Mnemonics pattern"),
    ],
    &[
        kw("msg-body", "Msg-body pattern for message filtering"),
        either!("body-drops", "body-includes", Kind::Line, "Msg-body pattern"),
    ],
    &[
        kw("rate-limit", "Rate-limit for message filtering"),
        param("rate", Kind::Integer { min: 1, max: 10_000 }, "Messages per second"),
    ],
    &[
        kw("severity", "Severity level for message filtering"),
        either!("severity-drops", "severity-includes", Kind::Word, "Severity levels, 0-7: 1,2,5"),
    ],
]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Config],
    privilege: 15,
    syntax: &[
        kw("logging", "Modify message logging facilities"),
        kw("discriminator", "Create or modify a message discriminator"),
        param("name", Kind::Word, "Discriminator name, at most 8 characters"),
        PARTS,
    ],
    no: No::Allowed,
    run: define,
}];

impl Discriminator {
    /// What it says of a message. It counts those that pass.
    pub(super) fn judge(&mut self, now: Time, message: &Message) -> Verdict {
        let passes = |test: &Option<Test>, text: &str| {
            test.as_ref().is_none_or(|test| test.pattern.is_match(text) != test.drops)
        };
        let severity = &message.severity;
        let fits = self.severity.as_ref().is_none_or(|s| s.levels.contains(severity) != s.drops);
        let fits = fits
            && passes(&self.facility, &message.facility)
            && passes(&self.mnemonics, &message.mnemonic)
            && passes(&self.body, &message.text);
        match self.per_second {
            _ if !fits => Verdict::Drop,
            Some(limit) if !self.window.admits(now, limit) => Verdict::Limit,
            Some(_) | None => Verdict::Pass,
        }
    }

    /// Its parts: the word, `drops` or `includes`, and the rest.
    fn parts(&self) -> Vec<(&'static str, &'static str, String)> {
        let how = |drops: bool| if drops { "drops" } else { "includes" };
        let tests = [("facility", &self.facility), ("mnemonics", &self.mnemonics)];
        let mut parts: Vec<_> = tests
            .into_iter()
            .filter_map(|(word, test)| Some((word, test.as_ref()?)))
            .map(|(word, test)| (word, how(test.drops), test.text.clone()))
            .collect();
        if let Some(Severities { drops, levels }) = &self.severity {
            let levels: Vec<String> = levels.iter().map(u8::to_string).collect();
            parts.push(("severity", how(*drops), levels.join(",")));
        }
        if let Some(body) = &self.body {
            parts.push(("msg-body", how(body.drops), body.text.clone()));
        }
        parts
    }
}

/// The discriminators' part of the running-config. `msg-body` takes the rest of its line, so that
/// it stands last.
pub(super) fn print(logging: &Logging, text: &mut ConfigText) {
    for (name, discriminator) in &logging.discriminators {
        let mut line = format!("logging discriminator {name}");
        let (last, parts): (Vec<_>, Vec<_>) =
            discriminator.parts().into_iter().partition(|(word, ..)| *word == "msg-body");
        let rate = discriminator.per_second.map(|rate| format!(" rate-limit {rate}"));
        let spell = |(word, how, what): (&str, &str, String)| format!(" {word} {how} {what}");
        line.extend(parts.into_iter().map(spell));
        line.extend(rate);
        line.extend(last.into_iter().map(spell));
        text.line(line);
    }
}

/// Their part of `show logging`: those that a destination uses, then the others.
pub(super) fn tables(logging: &Logging) -> String {
    let used = |name: &&String| logging.uses_discriminator(name);
    let (active, idle): (Vec<_>, Vec<_>) = logging.discriminators.keys().partition(used);
    let table = |kind: &str, names: Vec<&String>| {
        if names.is_empty() {
            return format!("No {kind} Message Discriminator.\n\n");
        }
        let mut text = format!("{kind} Message Discriminator:\n");
        for name in names {
            text += &logging.discriminators[name].rows(name);
        }
        text
    };
    format!("{}\n\n{}\n", table("Active", active), table("Inactive", idle))
}

impl Discriminator {
    fn rows(&self, name: &str) -> String {
        let mut text = String::new();
        for (index, (word, how, what)) in self.parts().into_iter().enumerate() {
            let name = if index == 0 { name } else { "" };
            let word = if word == "severity" { "severity group" } else { word };
            let _ = writeln!(text, "{name:<9} {word:<14} {how:<8} {what}\n");
        }
        if let Some(rate) = self.per_second {
            let name = if text.is_empty() { name } else { "" };
            let _ =
                writeln!(text, "{name:<9} rate-limit not to exceed {rate} messages per second\n");
        }
        text
    }
}

impl Logging {
    fn uses_discriminator(&self, name: &str) -> bool {
        self.used_discriminators().any(|used| used == name)
    }

    fn used_discriminators(&self) -> impl Iterator<Item = &str> {
        let local = [&self.console, &self.monitor, &self.buffered];
        let local = local.into_iter().map(|local| &local.discriminator);
        let hosts = self.hosts.iter().map(|host| &host.discriminator);
        local.chain(hosts).filter_map(|name| name.as_deref())
    }
}

/// A destination names a discriminator that there is.
pub(super) fn chosen(logging: &Logging, args: &Args) -> Result<Option<String>, Reply> {
    let Some(name) = args.text("discriminator") else { return Ok(None) };
    if !logging.discriminators.contains_key(name) {
        return Err(Reply::Refused(format!("Specified MD by the name {name} is not found.\n")));
    }
    Ok(Some(name.to_owned()))
}

fn define(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let name = args.text("name").unwrap_or_default().to_owned();
    if !is_word(&name) || name.chars().count() > NAME_CHARS_MAX {
        return Reply::Invalid { column: args.column("name") };
    }
    let logging = &mut turn.state.logging;
    if args.is_no() || args.is_default() {
        logging.discriminators.shift_remove(&name);
        logging.release_discriminator(&name);
        return Reply::Done;
    }
    let discriminator = match read(args) {
        Ok(discriminator) => discriminator,
        Err(reply) => return reply,
    };
    let count = logging.discriminators.len();
    match logging.discriminators.entry(name.clone()) {
        indexmap::map::Entry::Occupied(mut known) => {
            known.insert(discriminator);
            Reply::Text(format!(
                "Specified MD by the name {name} is found.\n\
                 Changing attribute values of the specified MD instance.\n"
            ))
        }
        indexmap::map::Entry::Vacant(_) if count == DISCRIMINATORS_MAX => Reply::Refused(format!(
            "% Too many message discriminators, the limit is {DISCRIMINATORS_MAX}\n"
        )),
        indexmap::map::Entry::Vacant(place) => {
            place.insert(discriminator);
            Reply::Text(format!(
                "Specified MD by the name {name} is not found.\n\
                 Adding new MD instance with specified MD attribute values.\n"
            ))
        }
    }
}

impl Logging {
    fn release_discriminator(&mut self, name: &str) {
        let local = [&mut self.console, &mut self.monitor, &mut self.buffered];
        let local = local.into_iter().map(|local| &mut local.discriminator);
        let hosts = self.hosts.iter_mut().map(|host| &mut host.discriminator);
        for used in local.chain(hosts) {
            used.take_if(|used| used == name);
        }
    }
}

/// The parts that a line gives.
fn read(args: &Args) -> Result<Discriminator, Reply> {
    let discriminator = Discriminator {
        facility: test(args, "facility-drops", "facility-includes")?,
        mnemonics: test(args, "mnemonics-drops", "mnemonics-includes")?,
        body: test(args, "body-drops", "body-includes")?,
        severity: severities(args)?,
        per_second: args.number("rate").and_then(|n| u32::try_from(n).ok()),
        window: Window::default(),
    };
    if discriminator.parts().is_empty() && discriminator.per_second.is_none() {
        return Err(Reply::Incomplete);
    }
    Ok(discriminator)
}

fn test(args: &Args, drops: &str, includes: &str) -> Result<Option<Test>, Reply> {
    for (name, drops) in [(drops, true), (includes, false)] {
        let Some(text) = args.text(name) else { continue };
        let one_word = !name.starts_with("body");
        let pattern = Pattern::new(text).filter(|_| !one_word || is_word(text));
        let Some(pattern) = pattern else {
            return Err(Reply::Invalid { column: args.column(name) });
        };
        return Ok(Some(Test { drops, text: text.to_owned(), pattern }));
    }
    Ok(None)
}

/// `1,2,5`, each once and in order.
fn severities(args: &Args) -> Result<Option<Severities>, Reply> {
    for (name, drops) in [("severity-drops", true), ("severity-includes", false)] {
        let Some(text) = args.text(name) else { continue };
        let levels: Option<Vec<u8>> = text
            .split(',')
            .map(|level| level.parse().ok().filter(|n| *n <= 7 && level.len() == 1))
            .collect();
        let Some(mut levels) = levels else {
            return Err(Reply::Invalid { column: args.column(name) });
        };
        levels.sort_unstable();
        levels.dedup();
        return Ok(Some(Severities { drops, levels }));
    }
    Ok(None)
}
