//! `copy`: from one file to another, with the questions that IOS asks.

use cli::{Args, Kind, No, kw, one_of, param};

use super::access::{self, read_url};
use super::files::{ask, cannot, is_yes};
use super::url::Url;
use super::{Device, FileError, Path};
use crate::command::{Command, Mode, Reply};
use crate::config::commands::write_memory;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 15,
    syntax: &[
        kw("copy", "Copy from one file to another"),
        one_of(&[
            &[kw("running-config", "Copy from current system configuration")],
            &[kw("startup-config", "Copy from startup configuration")],
            &[param("from", Kind::Word, "Copy from this file")],
        ]),
        one_of(&[
            &[kw("running-config", "Update (merge with) current system configuration")],
            &[kw("startup-config", "Copy to startup configuration")],
            &[param("to", Kind::Word, "Copy to this file")],
        ]),
    ],
    no: No::Without,
    run: copy,
}];

/// How fast a copy is: bytes in a millisecond, and what it takes at least.
const BYTES_PER_MS: usize = 100;
const COPY_MS_MIN: usize = 20;

fn copy(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let mut words = args.expanded().split(' ').skip(1);
    let from = Url::parse(args.text("from").or_else(|| words.next()).unwrap_or_default());
    let to = args.text("to").unwrap_or_else(|| words.last().unwrap_or_default());
    begin(turn, session, &from, &Url::parse(to))
}

/// The dialogue keeps both ends of the copy, a line each.
fn keep(session: &mut Session, from: &Url, to: &Url) {
    session.draft = format!("{}\n{}", typed(from), typed(to));
}

fn kept(session: &Session) -> (Url, Url) {
    let (from, to) = session.draft.split_once('\n').unwrap_or_default();
    (Url::parse(from), Url::parse(to))
}

/// A URL as `Url::parse` reads it, with what its display hides.
fn typed(url: &Url) -> String {
    match url {
        Url::Remote { scheme, host, path } => format!("{scheme}://{host}/{path}"),
        other => other.to_string(),
    }
}

fn begin(turn: &mut Turn<'_>, session: &mut Session, from: &Url, to: &Url) -> Reply {
    keep(session, from, to);
    if *to == Url::Null {
        return perform(turn, session, from, to);
    }
    if turn.state.flash.is_quiet() {
        return destination_named(turn, session, "");
    }
    if let Url::Remote { host, path, .. } = from {
        if host.is_empty() {
            return ask("Address or name of remote host []? ".into(), source_host);
        }
        if path.is_empty() {
            return ask("Source filename []? ".into(), source_name);
        }
    }
    if let Url::Remote { host, .. } = to {
        let shown = host.rsplit_once('@').map_or(host.as_str(), |(_, host)| host);
        return ask(format!("Address or name of remote host [{shown}]? "), remote_host);
    }
    ask(destination_question(turn, from, to), destination_named)
}

fn source_host(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let (from, to) = kept(session);
    let Url::Remote { scheme, path, .. } = from else { return Reply::Done };
    let host = answer.trim().to_owned();
    if host.is_empty() {
        return Reply::Refused("?Host name or address required\n".into());
    }
    begin(turn, session, &Url::Remote { scheme, host, path }, &to)
}

fn source_name(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let (from, to) = kept(session);
    let Url::Remote { scheme, host, .. } = from else { return Reply::Done };
    let path = answer.trim().to_owned();
    if path.is_empty() {
        return Reply::Refused("?File name required\n".into());
    }
    begin(turn, session, &Url::Remote { scheme, host, path }, &to)
}

fn remote_host(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let (from, to) = kept(session);
    let Url::Remote { scheme, host, path } = to else { return Reply::Done };
    let host = if answer.trim().is_empty() { host } else { answer.trim().to_owned() };
    if host.is_empty() {
        return Reply::Refused("?Host name or address required\n".into());
    }
    let to = Url::Remote { scheme, host, path };
    keep(session, &from, &to);
    ask(destination_question(turn, &from, &to), destination_named)
}

fn destination_question(turn: &Turn<'_>, from: &Url, to: &Url) -> String {
    format!("Destination filename [{}]? ", default_name(turn, from, to))
}

/// The name that the question offers.
fn default_name(turn: &Turn<'_>, from: &Url, to: &Url) -> String {
    match to {
        Url::Local { path, .. } if turn.state.flash.is_directory(path) => {
            let name = path.join(from.file_name()).name;
            if name.is_empty() { from.file_name().to_owned() } else { name }
        }
        Url::Local { path, .. } => path.name.clone(),
        Url::Remote { path, .. } if path.is_empty() || path.ends_with('/') => match from {
            Url::Running | Url::Startup => {
                format!("{path}{}-confg", turn.state.system.hostname().to_ascii_lowercase())
            }
            Url::Local { .. } | Url::Null | Url::Remote { .. } | Url::Unknown(_) => {
                format!("{path}{}", from.file_name())
            }
        },
        Url::Remote { path, .. } => path.clone(),
        Url::Running | Url::Startup | Url::Null | Url::Unknown(_) => to.file_name().to_owned(),
    }
}

fn destination_named(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let (from, to) = kept(session);
    let name = match answer.trim() {
        "" => default_name(turn, &from, &to),
        name => name.to_owned(),
    };
    let to = match &to {
        Url::Local { path, .. } => match name.contains(':') {
            true => Url::parse(&name),
            false => to.with_path(Path::new(path.device, &name)),
        },
        Url::Startup if name != "startup-config" => match name.contains(':') {
            true => Url::parse(&name),
            false => Url::Local { device: "nvram".into(), path: Path::new(Device::Nvram, &name) },
        },
        Url::Running if name != "running-config" => Url::parse(&name),
        Url::Remote { scheme, host, .. } => {
            Url::Remote { scheme: scheme.clone(), host: host.clone(), path: name }
        }
        Url::Running | Url::Startup | Url::Null | Url::Unknown(_) => to,
    };
    keep(session, &from, &to);
    let exists = matches!(&to, Url::Local { path, .. } if turn.state.flash.read(path).is_ok());
    if exists && !turn.state.flash.is_quiet() && read_url(turn.state, &from).is_ok() {
        let question = "%Warning:There is a file already existing with this name \n\
                        Do you want to over write? [confirm]";
        return ask(question.into(), overwrite);
    }
    perform(turn, session, &from, &to)
}

fn overwrite(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let (from, to) = kept(session);
    if !is_yes(answer) {
        return Reply::Done;
    }
    perform(turn, session, &from, &to)
}

fn perform(turn: &mut Turn<'_>, session: &mut Session, from: &Url, to: &Url) -> Reply {
    if *from == Url::Running && *to == Url::Startup {
        return Reply::Text(write_memory(turn, session).into());
    }
    if *from == Url::Running {
        access::sign(turn, session);
    }
    let content = match access::content(turn.state, from) {
        Ok(content) => content,
        Err(why) => return Reply::Refused(unreadable(from, why)),
    };
    let said = match access::store(turn, session, (from, to), &content) {
        Ok(said) => said,
        Err(why) => return Reply::Refused(cannot("opening", to, why)),
    };
    let bytes = content.len();
    let ms = COPY_MS_MIN + bytes / BYTES_PER_MS;
    let rate = bytes * 1000 / ms;
    let is_local = |url: &Url| matches!(url, Url::Local { .. });
    let progress = if is_local(from) && is_local(to) { "Copy in progress...C\n" } else { "" };
    let seconds = format!("{}.{:03}", ms / 1000, ms % 1000);
    let copied = format!("{bytes} bytes copied in {seconds} secs ({rate} bytes/sec)");
    Reply::Text(format!("{said}{progress}{copied}\n"))
}

/// A server is tried before it is given up.
fn unreadable(from: &Url, why: FileError) -> String {
    let remote = matches!(from, Url::Remote { .. });
    let tried = if remote { format!("Accessing {from}...\n") } else { String::new() };
    tried + &cannot("opening", from, why)
}
