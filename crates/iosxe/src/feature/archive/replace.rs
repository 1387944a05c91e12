//! `configure replace`, `show archive config differences`, `archive config`, `show archive`.

use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, kw, opt, param};

use crate::command::{Command, Handler, Mode, Reply};
use crate::config::{self, differences};
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
            ]),
        ],
        show_differences,
    ),
    exec(&[kw("archive", "manage archive files"), kw("config", "config archive files")], save),
    exec(&[SHOW, ARCHIVE], show),
];

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

fn replace(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    session.draft = args.text("url").unwrap_or_default().to_owned();
    let options = args.text("options").unwrap_or_default();
    if options.split(' ').any(|option| option == "force") || flash::is_quiet(turn.state) {
        return replaced(turn, session, "y");
    }
    Reply::Ask { question: WARNING.into(), echo: true, then: replaced }
}

fn replaced(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let answer = answer.trim().to_ascii_lowercase();
    if answer.is_empty() || !"yes".starts_with(answer.as_str()) {
        return Reply::Done;
    }
    let url = session.draft.clone();
    let wanted = match flash::read(turn.state, &url) {
        Ok(text) => text,
        Err(why) => return Reply::Refused(format!("%Error opening {url} ({why})\n")),
    };
    if !differences::is_whole(&wanted) {
        return Reply::Refused("%The input file is not a valid config file.\n".into());
    }
    let mut passes = 0;
    let mut left = differences::script(&config::running(turn.state), &wanted);
    while !left.is_empty() && passes < PASSES_MAX {
        config::merge(turn, &left.join("\n"));
        passes += 1;
        let again = differences::script(&config::running(turn.state), &wanted);
        if again == left {
            break;
        }
        left = again;
    }
    if left.is_empty() {
        // syslog.md, message 13.
        turn.log(Message::new("SYS", 5, "CONFIG_R", "Config Replace is Done"));
        return Reply::Text(format!("Total number of passes: {passes}\nRollback Done\n\n"));
    }
    let failing: String = left.iter().map(|line| format!("{line}\n")).collect();
    Reply::Refused(format!(
        "Total number of passes: {passes}\n%Rollback aborted after {passes} passes\n\
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

/// `archive config`: a copy beside the others, the oldest of which goes.
fn save(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let Some(name) = next_name(turn) else {
        return Reply::Refused("% Archive path is not configured\n".into());
    };
    let text = config::running(turn.state);
    if let Err(why) = flash::write(turn, &name, &text) {
        return Reply::Refused(format!("%Error opening {name} ({why})\n"));
    }
    let kept = &mut turn.state.archive.kept;
    let copies = kept.maximum.unwrap_or(COPIES_DEFAULT);
    kept.copies.push_back(name);
    kept.copied += 1;
    let surplus = kept.copies.len().saturating_sub(usize::try_from(copies).unwrap_or(usize::MAX));
    let old: Vec<String> = kept.copies.drain(..surplus).collect();
    for name in old {
        // Somebody may have deleted it by hand.
        let _ = flash::delete(turn, &name);
    }
    Reply::Done
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
