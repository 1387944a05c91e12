//! `delete`, `more`, `mkdir`, `rmdir`, `rename`, `verify`, `pwd`.

use cli::{Args, Kind, No, Token, any_of, kw, opt, param};

use super::access::{self, matching, read_url};
use super::url::Url;
use super::{FileError, Path};
use crate::command::{Command, Handler, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    exec(
        &[
            kw("delete", "Delete a file"),
            any_of(&[&[kw("/force", "Force delete")], &[kw("/recursive", "Recursive delete")]]),
            param("url", Kind::Word, "File to be deleted"),
        ],
        delete,
    ),
    exec(
        &[
            kw("more", "Display the contents of a file"),
            any_of(&[
                &[kw("/ascii", "Display binary files in ascii")],
                &[kw("/binary", "Force display to hex/text format")],
            ]),
            param("url", Kind::Word, "File to display"),
        ],
        more,
    ),
    exec(
        &[kw("mkdir", "Create new directory"), param("url", Kind::Word, "Directory name")],
        make_directory,
    ),
    exec(
        &[kw("rmdir", "Remove existing directory"), param("url", Kind::Word, "Directory name")],
        remove_directory,
    ),
    exec(
        &[
            kw("rename", "Rename a file"),
            param("from", Kind::Word, "Old file name"),
            param("to", Kind::Word, "New file name"),
        ],
        rename,
    ),
    exec(
        &[
            kw("verify", "Verify a file"),
            opt(&[kw("/md5", "Compute an md5 signature for a file")]),
            param("url", Kind::Word, "File to verify"),
            opt(&[param("sum", Kind::Word, "md5 signature")]),
        ],
        verify,
    ),
    exec(&[kw("pwd", "Display current working directory")], working_directory),
];

const fn exec(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 15, syntax, no: No::Without, run }
}

/// How one deletion is to be done. The dialogue keeps it as `r` or `-` in front of the names.
const RECURSIVE: char = 'r';

fn delete(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let text = args.text("url").unwrap_or_default();
    let recursive = args.has("/recursive");
    let url = match local(text, "deleting") {
        Ok((url, _)) => url,
        Err(refusal) => return refusal,
    };
    if args.has("/force") || turn.state.flash.is_quiet() {
        return delete_all(turn, &url, recursive);
    }
    let mark = if recursive { RECURSIVE } else { '-' };
    session.draft = format!("{mark}{url}");
    let name = url_name(&url);
    ask(format!("Delete filename [{name}]? "), delete_named)
}

fn delete_named(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let url = Url::parse(session.draft.get(1..).unwrap_or_default());
    let (Url::Local { path, .. }, answer) = (&url, answer.trim()) else { return Reply::Done };
    let path = match answer {
        "" => path.clone(),
        name => Path::new(path.device, name),
    };
    let found = matching(turn.state, &path);
    let names = found.iter().map(|path| url.with_path(path.clone()).to_string());
    let mark = session.draft.chars().next().unwrap_or('-');
    session.draft = format!("{mark}{}", names.collect::<Vec<_>>().join("\n"));
    if found.is_empty() {
        return Reply::Refused(cannot("deleting", &url, FileError::NoSuchFile));
    }
    confirm_next(session, String::new())
}

/// Asks about the first of the names that are left.
fn confirm_next(session: &mut Session, said: String) -> Reply {
    match session.draft.get(1..).and_then(|rest| rest.lines().next()) {
        Some(name) => ask(format!("{said}Delete {name}? [confirm]"), delete_confirmed),
        None if said.is_empty() => Reply::Done,
        None => Reply::Text(said),
    }
}

fn delete_confirmed(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let recursive = session.draft.starts_with(RECURSIVE);
    let mut names: Vec<String> =
        session.draft.get(1..).unwrap_or_default().lines().map(str::to_owned).collect();
    if names.is_empty() {
        return Reply::Done;
    }
    let name = names.remove(0);
    session.draft.truncate(1);
    session.draft.push_str(&names.join("\n"));
    let mut said = String::new();
    if is_yes(answer) {
        let url = Url::parse(&name);
        if let Err(why) = delete_one(turn, &url, recursive) {
            said = cannot("deleting", &url, why);
        }
    }
    confirm_next(session, said)
}

fn delete_all(turn: &mut Turn<'_>, url: &Url, recursive: bool) -> Reply {
    let Url::Local { path, .. } = url else { return Reply::Done };
    let found = matching(turn.state, path);
    if found.is_empty() {
        return Reply::Refused(cannot("deleting", url, FileError::NoSuchFile));
    }
    let mut said = String::new();
    for path in found {
        let url = url.with_path(path);
        if let Err(why) = delete_one(turn, &url, recursive) {
            said += &cannot("deleting", &url, why);
        }
    }
    if said.is_empty() { Reply::Done } else { Reply::Refused(said) }
}

fn delete_one(turn: &mut Turn<'_>, url: &Url, recursive: bool) -> Result<(), FileError> {
    let Url::Local { path, .. } = url else { return Err(FileError::NoSuchDevice) };
    match turn.state.flash.remove(path) {
        Err(FileError::IsDirectory) if recursive => {
            turn.state.flash.remove_directory(path, recursive)
        }
        other => other,
    }
}

fn more(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let url = Url::parse(args.text("url").unwrap_or_default());
    match read_url(turn.state, &url) {
        Ok(text) if text.is_empty() || text.ends_with('\n') => Reply::Text(text),
        Ok(text) => Reply::Text(text + "\n"),
        Err(why) => Reply::Refused(cannot("opening", &url, why)),
    }
}

fn make_directory(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let url = match local(args.text("url").unwrap_or_default(), "Creating dir") {
        Ok((url, _)) => url,
        Err(refusal) => return refusal,
    };
    session.draft = url.to_string();
    if turn.state.flash.is_quiet() {
        return directory_named(turn, session, "");
    }
    let name = url_name(&url);
    ask(format!("Create directory filename [{name}]? "), directory_named)
}

fn directory_named(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let Some((url, path)) = renamed(&session.draft, answer) else { return Reply::Done };
    match turn.state.flash.make_directory(&path, turn.now) {
        Ok(()) => Reply::Text(format!("Created dir {url}\n")),
        Err(why) => Reply::Refused(format!("%Error Creating dir {url} ({why})\n")),
    }
}

fn remove_directory(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let url = match local(args.text("url").unwrap_or_default(), "Removing dir") {
        Ok((url, _)) => url,
        Err(refusal) => return refusal,
    };
    session.draft = url.to_string();
    if turn.state.flash.is_quiet() {
        return directory_confirmed(turn, session, "");
    }
    let name = url_name(&url);
    ask(format!("Remove directory filename [{name}]? "), directory_to_remove)
}

fn directory_to_remove(_: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let Some((url, _)) = renamed(&session.draft, answer) else { return Reply::Done };
    session.draft = url.to_string();
    ask(format!("Delete {url}? [confirm]"), directory_confirmed)
}

fn directory_confirmed(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let Some((url, path)) = renamed(&session.draft, "") else { return Reply::Done };
    if !is_yes(answer) {
        return Reply::Done;
    }
    match turn.state.flash.remove_directory(&path, false) {
        Ok(()) => Reply::Text(format!("Removed dir {url}\n")),
        Err(why) => Reply::Refused(format!("%Error Removing dir {url} ({why})\n")),
    }
}

fn rename(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let from = local(args.text("from").unwrap_or_default(), "renaming");
    let to = local(args.text("to").unwrap_or_default(), "renaming");
    let ((from, _), (to, _)) = match (from, to) {
        (Ok(from), Ok(to)) => (from, to),
        (Err(refusal), _) | (_, Err(refusal)) => return refusal,
    };
    session.draft = format!("{from}\n{to}");
    if turn.state.flash.is_quiet() {
        return rename_named(turn, session, "");
    }
    let name = url_name(&to);
    ask(format!("Destination filename [{name}]? "), rename_named)
}

fn rename_named(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let Some((from, to)) = session.draft.split_once('\n') else { return Reply::Done };
    let (Some((url, from)), Some((_, to))) = (renamed(from, ""), renamed(to, answer)) else {
        return Reply::Done;
    };
    match turn.state.flash.rename(&from, &to) {
        Ok(()) => Reply::Done,
        Err(why) => Reply::Refused(cannot("renaming", &url, why)),
    }
}

fn verify(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let url = Url::parse(args.text("url").unwrap_or_default());
    let content = match access::content(turn.state, &url) {
        Ok(content) => content,
        Err(why) => return Reply::Refused(cannot("opening", &url, why)),
    };
    if !args.has("/md5") {
        // A text is no image: it carries no signature to verify.
        return Reply::Refused(format!(
            "%Error verifying {url}\nEmbedded hash not found in file {url}.\n"
        ));
    }
    let sum = format!("{:x}", md5::compute(&content));
    match args.text("sum") {
        None => Reply::Text(format!(".Done!\nverify /md5 ({url}) = {sum}\n\n")),
        Some(wanted) if wanted.eq_ignore_ascii_case(&sum) => {
            Reply::Text(format!(".Done!\nVerified ({url}) = {sum}\n\n"))
        }
        Some(wanted) => Reply::Refused(format!(
            ".Done!\n%Error verifying {url}\n\
             Computed signature  = {sum}\nSubmitted signature = {wanted}\n"
        )),
    }
}

fn working_directory(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Text(format!("{}:/\n", turn.state.platform.profile().flash))
}

/// A file of this router, or why it is none.
fn local(text: &str, doing: &str) -> Result<(Url, Path), Reply> {
    let url = Url::parse(text);
    match &url {
        Url::Local { path, .. } => Ok((url.clone(), path.clone())),
        Url::Startup | Url::Running | Url::Null => {
            Err(Reply::Refused(cannot(doing, &url, FileError::NotPermitted)))
        }
        Url::Remote { .. } => Err(Reply::Refused(cannot(doing, &url, FileError::TimedOut))),
        Url::Unknown(_) => Err(Reply::Refused(cannot(doing, &url, FileError::NoSuchDevice))),
    }
}

/// The file of a draft, or the one that the answer names instead.
fn renamed(draft: &str, answer: &str) -> Option<(Url, Path)> {
    let url = Url::parse(draft);
    let Url::Local { path, .. } = &url else { return None };
    let path = match answer.trim() {
        "" => path.clone(),
        name => Path::new(path.device, name),
    };
    Some((url.with_path(path.clone()), path))
}

/// What a question offers.
fn url_name(url: &Url) -> String {
    match url {
        Url::Local { path, .. } => path.name.clone(),
        other => other.file_name().to_owned(),
    }
}

pub(super) fn cannot(doing: &str, url: &Url, why: FileError) -> String {
    format!("%Error {doing} {url} ({why})\n")
}

pub(super) fn ask(question: String, then: crate::command::Answer) -> Reply {
    Reply::Ask { question, echo: true, then }
}

/// Whether `[confirm]` was confirmed.
pub(super) fn is_yes(answer: &str) -> bool {
    matches!(answer.trim(), "" | "y" | "Y" | "yes")
}

/// What `| redirect`, `| append` and `| tee` do with the text of a command; what is printed.
pub(crate) fn redirect(turn: &mut Turn<'_>, target: &cli::pipe::Target, text: String) -> Reply {
    let done = match target.appends {
        true => access::append(turn, &target.url, &text),
        false => access::write(turn, &target.url, &text),
    };
    match done {
        Ok(()) if target.prints => Reply::Text(text),
        Ok(()) => Reply::Done,
        Err(why) => Reply::Refused(cannot("opening", &Url::parse(&target.url), why)),
    }
}
