//! Reading and writing what a URL names, configurations among them.
//!
//! The functions of this file are what applets and pipes use; the texts of their errors are those
//! of IOS.

use super::url::Url;
use super::{BYTES_MAX, FileError, Path};
use crate::config::{self, Change};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

/// The whole text of a file.
pub(crate) fn read(state: &State, url: &str) -> Result<String, FileError> {
    read_url(state, &Url::parse(url))
}

/// The whole of a file, text or not.
pub(crate) fn read_bytes(state: &State, url: &str) -> Result<Vec<u8>, FileError> {
    content(state, &Url::parse(url))
}

/// Writes what came from elsewhere. Into the running-config it goes line by line.
pub(crate) fn store_bytes(turn: &mut Turn<'_>, url: &str, content: &[u8]) -> Result<(), FileError> {
    let url = Url::parse(url);
    if url == Url::Running {
        config::merge(turn, &String::from_utf8_lossy(content));
        return Ok(());
    }
    put(turn, &url, content, true)
}

/// How much a file of this name may hold, in bytes.
pub(crate) fn room(state: &State, url: &str) -> usize {
    let held = match Url::parse(url) {
        Url::Local { path, .. } => state.flash.read(&path).map_or(0, <[u8]>::len),
        Url::Running | Url::Startup | Url::Null | Url::Remote { .. } | Url::Unknown(_) => 0,
    };
    BYTES_MAX - state.flash.bytes() + held
}

/// Whether this names a directory.
pub(crate) fn is_directory(state: &State, url: &str) -> bool {
    matches!(Url::parse(url), Url::Local { path, .. } if state.flash.is_directory(&path))
}

/// The file of this name in a directory.
pub(crate) fn file_in(directory: &str, name: &str) -> String {
    let url = Url::parse(directory);
    match &url {
        Url::Local { path, .. } => url.with_path(path.join(name)).to_string(),
        Url::Running | Url::Startup | Url::Null | Url::Remote { .. } | Url::Unknown(_) => {
            url.to_string()
        }
    }
}

/// Replaces the text of a file, or makes it.
pub(crate) fn write(turn: &mut Turn<'_>, url: &str, text: &str) -> Result<(), FileError> {
    put(turn, &Url::parse(url), text.as_bytes(), true)
}

/// Adds to the end of a file, or makes it.
pub(crate) fn append(turn: &mut Turn<'_>, url: &str, text: &str) -> Result<(), FileError> {
    put(turn, &Url::parse(url), text.as_bytes(), false)
}

/// Makes a file if it is not there; empties it if that is wanted.
pub(crate) fn make(turn: &mut Turn<'_>, url: &str, truncate: bool) -> Result<(), FileError> {
    put(turn, &Url::parse(url), &[], truncate)
}

/// Removes a file.
pub(crate) fn delete(turn: &mut Turn<'_>, url: &str) -> Result<(), FileError> {
    match Url::parse(url) {
        Url::Local { path, .. } => turn.state.flash.remove(&path),
        Url::Startup => {
            turn.state.startup.erase();
            Ok(())
        }
        Url::Running | Url::Null => Err(FileError::NotPermitted),
        Url::Remote { .. } => Err(FileError::TimedOut),
        Url::Unknown(_) => Err(FileError::NoSuchDevice),
    }
}

/// What is no text is shown as far as it is.
pub(super) fn read_url(state: &State, url: &Url) -> Result<String, FileError> {
    let content = content(state, url)?;
    let lossy =
        |error: std::string::FromUtf8Error| String::from_utf8_lossy(error.as_bytes()).into_owned();
    Ok(String::from_utf8(content).unwrap_or_else(lossy))
}

pub(super) fn content(state: &State, url: &Url) -> Result<Vec<u8>, FileError> {
    match url {
        Url::Local { path, .. } => state.flash.read(path).map(<[u8]>::to_vec),
        Url::Running => Ok(config::running(state).into_bytes()),
        Url::Startup => match state.startup.text() {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => Err(FileError::NoSuchFile),
        },
        Url::Null => Ok(Vec::new()),
        Url::Remote { .. } => Err(FileError::TimedOut),
        Url::Unknown(_) => Err(FileError::NoSuchDevice),
    }
}

/// Puts something at the end of a file, or in place of all of it.
fn put(turn: &mut Turn<'_>, url: &Url, added: &[u8], whole: bool) -> Result<(), FileError> {
    match url {
        Url::Local { path, .. } => turn.state.flash.put(path, added, whole, turn.now),
        Url::Null => Ok(()),
        Url::Startup => {
            let mut held = match turn.state.startup.text() {
                Some(held) if !whole => held.to_owned(),
                Some(_) | None => String::new(),
            };
            held.push_str(&String::from_utf8_lossy(added));
            turn.state.startup.save(held);
            Ok(())
        }
        Url::Running => Err(FileError::NotPermitted),
        Url::Remote { .. } => Err(FileError::TimedOut),
        Url::Unknown(_) => Err(FileError::NoSuchDevice),
    }
}

/// Writes what was copied. Into the running-config it goes line by line, as if typed, and the
/// router says whence (syslog.md, message 11).
pub(super) fn store(
    turn: &mut Turn<'_>,
    by: &Session,
    (from, to): (&Url, &Url),
    content: &[u8],
) -> Result<String, FileError> {
    if *to == Url::Running {
        let from = if *from == Url::Startup { "memory".to_owned() } else { from.to_string() };
        let text = String::from_utf8_lossy(content);
        return Ok(config::merge_as(turn, Session::reading(&from, by), &text));
    }
    put(turn, to, content, true).map(|()| String::new())
}

/// Saves the running-config to a file, with the line that says who did.
pub(super) fn sign(turn: &mut Turn<'_>, session: &Session) {
    let by = session.user().map(str::to_owned);
    turn.state.startup.sign(Change { at: turn.now, by });
}

/// The paths that a name with `*` in it means: files, in order.
pub(super) fn matching(state: &State, path: &Path) -> Vec<Path> {
    if !path.name.contains('*') {
        return vec![path.clone()];
    }
    let directory = path.parent();
    let pattern = path.file_name();
    let all = state.flash.nodes.keys();
    let here = all.filter(|p| p.is_in(&directory) && is_like(pattern, p.file_name()));
    here.cloned().collect()
}

/// Whether a name is like a pattern in which `*` stands for anything.
fn is_like(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::is_like;

    /// Goal: `*` stands for any part of a name. Method: a table.
    #[test]
    fn patterns() {
        for (pattern, name, want) in [
            ("before*", "before-registration-config", true),
            ("before*", "xbefore", false),
            ("*.txt", "a.txt", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxc", false),
            ("*", "", true),
            ("x", "x", true),
            ("x", "xy", false),
            ("ab*ba", "aba", false),
        ] {
            assert_eq!(is_like(pattern, name), want, "{pattern} {name}");
        }
    }
}
