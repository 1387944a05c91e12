//! `archive`, `log config` and what stands under them.

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::{Archive, Content, Kept, LINES_DEFAULT, LINES_MAX, Log, replace};
use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::config::{ConfigText, Section, is_word, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

const LOGGING: Token = kw("logging", "Modify config logging parameters");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    command(&[Mode::Config], &[kw("archive", "Archive the configuration")], archive),
    command(
        ARCHIVE,
        &[
            kw("log", "Logging commands"),
            kw("config", "Logging changes to the running configuration"),
        ],
        log_config,
    ),
    command(ARCHIVE, &[kw("path", "path for backups"), opt(&[PATH])], path),
    command(ARCHIVE, &[kw("maximum", "maximum number of backup copies"), opt(&[MAXIMUM])], maximum),
    command(
        ARCHIVE,
        &[kw("write-memory", "Enable automatic backup generation during write memory")],
        write_memory,
    ),
    command(
        ARCHIVE,
        &[
            kw(
                "time-period",
                "Period of time in minutes to automatically archive the running-config",
            ),
            opt(&[MINUTES]),
        ],
        time_period,
    ),
    command(LOG, &[LOGGING, kw("enable", "Enable the config logger")], enable),
    command(
        LOG,
        &[
            LOGGING,
            kw("size", "Set the maximum number of log entries retained"),
            opt(&[param("lines", SIZE, "Number of entries that can be retained")]),
        ],
        size,
    ),
    command(
        LOG,
        &[kw("hidekeys", "suppress output (e.g. passwords) when displaying logged commands")],
        hide_keys,
    ),
    command(
        LOG,
        &[
            kw("notify", "Send logged commands to target applications"),
            kw("syslog", "Send config change notifications to syslog"),
            opt(&[
                kw("contenttype", "Format of the notifications"),
                one_of(&[
                    &[kw("plaintext", "Config log messages in plain text")],
                    &[kw("xml", "Config log messages in XML")],
                ]),
            ]),
        ],
        notify,
    ),
];

const ARCHIVE: &[Mode] = &[Mode::Archive];
const LOG: &[Mode] = &[Mode::ArchiveLog];
const SIZE: Kind = Kind::Integer { min: 1, max: LINES_MAX as u64 };
const PATH: Token = param("path", Kind::Word, "URL of the backups");
const MAXIMUM: Token = param("copies", Kind::Integer { min: 1, max: 14 }, "Number of copies");
const MINUTES: Token = param("minutes", Kind::Integer { min: 1, max: 525_600 }, "Minutes");

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::ARCHIVE, print }];

const fn command(modes: &'static [Mode], syntax: &'static [Token], run: Handler) -> Command {
    Command { modes, privilege: 15, syntax, no: No::Allowed, run }
}

fn print(state: &State, text: &mut ConfigText) {
    let Archive { kept, log, pending: _ } = &state.archive;
    let mut lines = log_lines(log);
    lines.extend(kept_lines(kept));
    if lines.is_empty() {
        return;
    }
    text.separator();
    text.line("archive");
    lines.iter().for_each(|line| text.line(format_args!(" {line}")));
}

fn log_lines(log: &Log) -> Vec<String> {
    if log.is_default() {
        return Vec::new();
    }
    let enable = log.is_enabled.then(|| " logging enable".to_owned());
    let size = (log.size != LINES_DEFAULT).then(|| format!(" logging size {}", log.size));
    let notify = log.notify.map(|content| {
        let word = match content {
            Content::Plaintext => "plaintext",
            Content::Xml => "xml",
        };
        format!(" notify syslog contenttype {word}")
    });
    let keys = log.hides_keys.then(|| " hidekeys".to_owned());
    let set = [enable, size, notify, keys].into_iter().flatten();
    std::iter::once("log config".to_owned()).chain(set).collect()
}

fn kept_lines(kept: &Kept) -> impl Iterator<Item = String> {
    let path = kept.path.as_ref().map(|path| format!("path {path}"));
    let maximum = kept.maximum.map(|copies| format!("maximum {copies}"));
    let write = kept.write_memory.then(|| "write-memory".to_owned());
    let period = kept.time_period.map(|minutes| format!("time-period {minutes}"));
    [path, maximum, write, period].into_iter().flatten()
}

fn is_undone(args: &Args) -> bool {
    args.is_no() || args.is_default()
}

/// `no archive` takes all of it away.
fn archive(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if !is_undone(args) {
        return Reply::Enter(Place::Archive);
    }
    turn.state.archive.kept = Kept::default();
    replace::set_period(turn);
    turn.state.archive.log.reset();
    Reply::Done
}

fn log_config(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if !is_undone(args) {
        return Reply::Enter(Place::ArchiveLog);
    }
    turn.state.archive.log.reset();
    Reply::Done
}

fn path(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.archive.kept.path = match args.text("path") {
        _ if is_undone(args) => None,
        None => return Reply::Incomplete,
        Some(path) if !is_word(path) => return Reply::Invalid { column: args.column("path") },
        Some(path) => Some(path.to_owned()),
    };
    Reply::Done
}

fn maximum(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    set_number(&mut turn.state.archive.kept.maximum, args, "copies")
}

fn time_period(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let reply = set_number(&mut turn.state.archive.kept.time_period, args, "minutes");
    replace::set_period(turn);
    reply
}

fn set_number(slot: &mut Option<u64>, args: &Args, name: &str) -> Reply {
    *slot = match args.number(name) {
        _ if is_undone(args) => None,
        None => return Reply::Incomplete,
        number => number,
    };
    Reply::Done
}

fn write_memory(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.archive.kept.write_memory = !is_undone(args);
    Reply::Done
}

fn enable(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.archive.log.switch(!is_undone(args));
    Reply::Done
}

/// A smaller log forgets its oldest lines.
fn size(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let given = args.number("lines").and_then(|lines| u16::try_from(lines).ok());
    let log = &mut turn.state.archive.log;
    log.size = match given {
        _ if is_undone(args) => LINES_DEFAULT,
        None => return Reply::Incomplete,
        Some(lines) => lines,
    };
    log.trim();
    Reply::Done
}

fn hide_keys(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.archive.log.hides_keys = !is_undone(args);
    Reply::Done
}

fn notify(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let content = if args.has("xml") { Content::Xml } else { Content::Plaintext };
    turn.state.archive.log.notify = (!is_undone(args)).then_some(content);
    Reply::Done
}
