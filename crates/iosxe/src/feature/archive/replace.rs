//! `configure replace`, `show archive config differences`, `archive config`, `show archive`.

use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, kw, opt, param};

use simtime::Duration;

use super::confirm::{self, MINUTES_MAX};
use crate::command::{Command, Handler, Mode, Reply};
use crate::config::{self, differences};
use crate::device::Timer;
use crate::feature::flash;
use crate::feature::logging::Message;
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const ARCHIVE: Token = kw("archive", "Archive of the running configuration information");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    exec(
        &[
            kw("configure", "Enter configuration mode"),
            kw("replace", "Replace the running-config with a new config file"),
            param("url", Kind::Word, "URL of config file that will replace running-config"),
            opt(&[param("options", Kind::Line, "force, list, time, nolock")]),
        ],
        replace,
    ),
    exec(
        &[
            SHOW,
            ARCHIVE,
            kw("config", "Archive config commands"),
            kw("differences", "Diff utility"),
            opt(&[
                param("from", Kind::Word, "first file to compare"),
                opt(&[param("to", Kind::Word, "second file to compare")]),
                IGNORECASE,
            ]),
        ],
        show_differences,
    ),
    exec(
        &[
            SHOW,
            ARCHIVE,
            kw("config", "Archive config commands"),
            kw("incremental-diffs", "Incremental diff utility"),
            param("from", Kind::Word, "File to compare with the running configuration"),
            IGNORECASE,
        ],
        show_incremental,
    ),
    exec(&[kw("archive", "manage archive files"), kw("config", "config archive files")], save),
    exec(&[SHOW, ARCHIVE], show),
];

const IGNORECASE: Token = opt(&[kw("ignorecase", "Ignore the case of the configuration")]);

/// How often the differences are typed, since a line may need another one first.
const PASSES_MAX: u32 = 5;

const WARNING: &str = "\
This will apply all necessary additions and deletions
to replace the current running configuration with the
contents of the specified configuration file, which is
assumed to be a complete configuration, not a partial
configuration. Enter Y if you are sure you want to proceed. ? [no]: ";

/// How many copies `archive` keeps without `maximum`.
const COPIES_DEFAULT: u64 = 10;

const fn exec(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 15, syntax, no: No::Without, run }
}

/// The words behind the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Options {
    force: bool,
    list: bool,
    on_error: bool,
    /// After so many minutes without `configure confirm`, all goes back.
    minutes: Option<u64>,
}

impl Options {
    /// `force`, `list`, `nolock`, `ignorecase`, `time N`, `revert trigger [error] [timer N]`.
    fn read(text: &str) -> Option<Options> {
        let mut options = Options::default();
        let mut words = text.split_whitespace();
        while let Some(word) = words.next() {
            let is = |whole: &str| whole.starts_with(&word.to_ascii_lowercase());
            match () {
                () if is("force") => options.force = true,
                () if is("list") => options.list = true,
                () if is("error") => options.on_error = true,
                () if is("nolock") || is("ignorecase") || is("revert") => {}
                () if is("trigger") => options.on_error = true,
                () if is("timer") => {
                    let minutes = words.next()?.parse().ok();
                    options.minutes = Some(minutes.filter(|n| (1..=MINUTES_MAX).contains(n))?);
                }
                () => return None,
            }
        }
        Some(options)
    }
}

fn replace(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let typed = args.text("options").unwrap_or_default();
    let Some(options) = Options::read(typed) else {
        return Reply::Invalid { column: args.column("options") };
    };
    session.draft = format!("{} {typed}", args.text("url").unwrap_or_default());
    if options.force || flash::is_quiet(turn.state) {
        return replaced(turn, session, "y");
    }
    Reply::Ask { question: WARNING.into(), echo: true, then: replaced }
}

fn replaced(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let answer = answer.trim().to_ascii_lowercase();
    if answer.is_empty() || !"yes".starts_with(answer.as_str()) {
        return Reply::Done;
    }
    let draft = session.draft.clone();
    let (url, options) = draft.split_once(' ').unwrap_or((&draft, ""));
    let options = Options::read(options).unwrap_or_default();
    let wanted = match flash::read(turn.state, url) {
        Ok(text) => text,
        Err(why) => return Reply::Refused(format!("%Error opening {url} ({why})\n")),
    };
    if !differences::is_whole(&wanted) {
        return Reply::Refused("%The input file is not a valid config file.\n".into());
    }
    let mut before = String::new();
    if let Some(minutes) = options.minutes {
        match confirm::begin(turn, session, minutes, false) {
            Ok(said) => before = said,
            Err(refusal) => return refusal,
        }
    }
    let old = config::running(turn.state);
    match roll(turn, &wanted, options.list) {
        Ok(text) => Reply::Text(before + &text),
        Err(text) if options.on_error => {
            confirm::forget(turn);
            let back = roll(turn, &old, false).unwrap_or_else(|text| text);
            Reply::Refused(format!("{before}{text}\nRollback to the previous config\n{back}"))
        }
        Err(text) => Reply::Refused(before + &text),
    }
}

/// Types the differences until the running-config is `wanted`; what the router says of it.
pub(crate) fn roll(turn: &mut Turn<'_>, wanted: &str, list: bool) -> Result<String, String> {
    let (mut passes, mut said) = (0, String::new());
    let mut left = differences::script(&config::running(turn.state), wanted);
    while !left.is_empty() && passes < PASSES_MAX {
        config::merge(turn, &left.join("\n"));
        passes += 1;
        if list {
            let lines: String = left.iter().map(|line| format!("{line}\n")).collect();
            let _ = write!(said, "\n!Pass {passes}\n!List of Commands:\n{lines}end\n\n");
        }
        let again = differences::script(&config::running(turn.state), wanted);
        if again == left {
            break;
        }
        left = again;
    }
    let _ = writeln!(said, "Total number of passes: {passes}");
    if left.is_empty() {
        // syslog.md, message 13.
        turn.log(Message::new("SYS", 5, "CONFIG_R", "Config Replace is Done"));
        return Ok(said + "Rollback Done\n\n");
    }
    let failing: String = left.iter().map(|line| format!("{line}\n")).collect();
    Err(format!(
        "{said}%Rollback aborted after {passes} passes\n\
         The following commands are failing:\n{failing}\n"
    ))
}

fn show_differences(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let from = args.text("from").unwrap_or("nvram:startup-config");
    let to = args.text("to").unwrap_or("system:running-config");
    let read = |url: &str| {
        flash::read(turn.state, url).map_err(|why| format!("%Error opening {url} ({why})\n"))
    };
    match (read(from), read(to)) {
        (Ok(from), Ok(to)) => Reply::Text(differences::show(&from, &to)),
        (Err(refusal), _) | (_, Err(refusal)) => Reply::Refused(refusal),
    }
}

fn show_incremental(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let url = args.text("from").unwrap_or_default();
    match flash::read(turn.state, url) {
        Ok(file) => Reply::Text(differences::incremental(&config::running(turn.state), &file)),
        Err(why) => Reply::Refused(format!("%Error opening {url} ({why})\n")),
    }
}

/// `archive config`
fn save(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    match copy(turn) {
        Ok(_) => Reply::Done,
        Err(why) => Reply::Refused(why),
    }
}

/// A copy beside the others, the oldest of which goes; its name.
pub(crate) fn copy(turn: &mut Turn<'_>) -> Result<String, String> {
    let name = next_name(turn).ok_or("% Archive path is not configured\n")?;
    let text = config::running(turn.state);
    flash::write(turn, &name, &text).map_err(|why| format!("%Error opening {name} ({why})\n"))?;
    let kept = &mut turn.state.archive.kept;
    let copies = kept.maximum.unwrap_or(COPIES_DEFAULT);
    kept.copies.push_back(name.clone());
    kept.copied += 1;
    let surplus = kept.copies.len().saturating_sub(usize::try_from(copies).unwrap_or(usize::MAX));
    let old: Vec<String> = kept.copies.drain(..surplus).collect();
    for name in old {
        // Somebody may have deleted it by hand.
        let _ = flash::delete(turn, &name);
    }
    Ok(name)
}

/// The copy that `write-memory` of `archive` makes whenever the configuration is saved.
pub(crate) fn saved(turn: &mut Turn<'_>) {
    if turn.state.archive.kept.write_memory {
        // Nobody waits for it: without a path there is none.
        let _ = copy(turn);
    }
}

/// `time-period`: the moment for another copy has come.
pub(crate) fn period_over(turn: &mut Turn<'_>) {
    let _ = copy(turn);
    set_period(turn);
}

/// Counts the time to the next copy from now on.
pub(super) fn set_period(turn: &mut Turn<'_>) {
    turn.state.timers.retain(|(_, timer)| *timer != Timer::ArchivePeriod);
    if let Some(minutes) = turn.state.archive.kept.time_period {
        turn.after(Duration::from_secs(minutes * 60), Timer::ArchivePeriod);
    }
}

/// `path` with the router's name and the time in it, and the number of the copy behind it.
fn next_name(turn: &Turn<'_>) -> Option<String> {
    let kept = &turn.state.archive.kept;
    let time = turn.state.clock.local(turn.now).civil.strftime("%b-%d-%H-%M-%S").to_string();
    let path = kept.path.as_ref()?.replace("$h", turn.state.system.hostname());
    Some(format!("{}-{}", path.replace("$t", &time), kept.copied))
}

fn show(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let kept = &turn.state.archive.kept;
    let Some(next) = next_name(turn) else {
        return Reply::Text("Archive feature not enabled\n".into());
    };
    let (copies, count) = (kept.maximum.unwrap_or(COPIES_DEFAULT), kept.copies.len());
    let mut text = format!(
        "The maximum archive configurations allowed is {copies}.\n\
         There are currently {count} archive configurations saved.\n\
         The next archive file will be named {next}\n Archive #  Name\n"
    );
    for (name, number) in kept.copies.iter().zip(1..) {
        let mark = if number == count { " <- Most Recent" } else { "" };
        let _ = writeln!(text, "   {number:<8} {name}{mark}");
    }
    Reply::Text(text)
}
