//! Files: what a router keeps beside its configurations, and the commands that move text about.
//!
//! Used by `copy`, `dir`, `delete`, `more`, by `| redirect`, and by `action file` of applets. Files
//! are bytes in memory: nothing here may touch a file of the machine that it runs on. There are two
//! devices, `flash:` (also `bootflash:`, `flash0:`, `disk0:`) and `nvram:`; no file server is ever
//! reached. A reload keeps all files.

mod access;
pub(crate) mod config;
pub(crate) mod copy;
pub(crate) mod erase;
pub(crate) mod files;
pub(crate) mod list;
mod url;

pub(crate) use access::{
    append, delete, file_in, is_directory, make, read, read_bytes, room, store_bytes, write,
};
pub(crate) use files::redirect;

use std::collections::BTreeMap;
use std::fmt;

use simtime::Time;

use crate::device::State;
use crate::platform::Profile;

/// How much all files of a router hold, in bytes.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// How many files and directories a router has.
const NODES_MAX: usize = 1000;

/// What a directory takes, in bytes.
const DIRECTORY_BYTES: u64 = 4096;

/// How long the path of a file is, in bytes.
const PATH_BYTES_MAX: usize = 255;

/// The files of one router, and how it asks about them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flash {
    nodes: BTreeMap<Path, Node>,
    prompt: Prompt,
}

/// Where a file is: `logs/flap.txt` on a device.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Path {
    device: Device,
    name: String,
}

/// What holds files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Device {
    Flash,
    Nvram,
}

/// A file or a directory.
#[derive(Clone, Debug)]
enum Node {
    Directory {
        made: Time,
    },
    File {
        content: Vec<u8>,
        changed: Time,
    },
    /// What the router was shipped with: a part of its image, of which only the size is known. It
    /// takes none of [`BYTES_MAX`], and cannot be read.
    Shipped {
        bytes: u64,
        since: Time,
    },
}

/// `file prompt`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Prompt {
    /// Asks before it destroys something.
    #[default]
    Alert,
    /// Asks about everything.
    Noisy,
    /// Asks nothing.
    Quiet,
}

/// Why a file cannot be had. Its words are those in parentheses of `%Error opening`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileError {
    NoSuchFile,
    NoSuchDevice,
    IsDirectory,
    NotDirectory,
    NotEmpty,
    Exists,
    NoSpace,
    NameTooLong,
    NotPermitted,
    TimedOut,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FileError::NoSuchFile => "No such file or directory",
            FileError::NoSuchDevice => "No such device",
            FileError::IsDirectory => "Is a directory",
            FileError::NotDirectory => "Not a directory",
            FileError::NotEmpty => "Directory not empty",
            FileError::Exists => "File exists",
            FileError::NoSpace => "No space left on device",
            FileError::NameTooLong => "File name too long",
            FileError::NotPermitted => "Permission denied",
            FileError::TimedOut => "Timed out",
        })
    }
}

/// Whether the router asks nothing before it changes its files.
pub(crate) fn is_quiet(state: &State) -> bool {
    state.flash.is_quiet()
}

impl Flash {
    /// The file system of a new router: its image.
    pub(crate) fn shipped(profile: &Profile, now: Time) -> Flash {
        let mut flash = Flash::default();
        for (name, bytes) in &profile.files {
            let node = match name.strip_suffix('/') {
                Some(_) => Node::Directory { made: now },
                None => Node::Shipped { bytes: *bytes, since: now },
            };
            flash.nodes.insert(Path::new(Device::Flash, name), node);
        }
        flash
    }

    /// With files of the user's. Whoever gives them keeps to the bounds; what has no room is not
    /// there.
    pub(crate) fn holding(mut self, files: &[(String, Vec<u8>)], now: Time) -> Flash {
        for (name, content) in files {
            let url::Url::Local { path, .. } = url::Url::parse(name) else { continue };
            let mut above = Vec::new();
            let mut directory = path.parent();
            while !self.is_directory(&directory) {
                above.push(directory.clone());
                directory = directory.parent();
            }
            let made =
                above.iter().rev().try_for_each(|directory| self.make_directory(directory, now));
            let _ = made.and_then(|()| self.put(&path, content, true, now)); // bounds are kept
        }
        self
    }

    /// What a reload leaves: the files, and no settings.
    pub(crate) fn after_reload(&mut self) -> Flash {
        Flash { nodes: std::mem::take(&mut self.nodes), prompt: Prompt::default() }
    }

    fn is_quiet(&self) -> bool {
        self.prompt == Prompt::Quiet
    }

    fn bytes(&self) -> usize {
        self.nodes.values().map(Node::bytes).sum()
    }

    /// How much of a file system of this size is free, in bytes.
    fn free(&self, total: u64) -> u64 {
        let sizes = self.nodes.values().map(Node::size);
        sizes.fold(total, u64::saturating_sub)
    }

    fn read(&self, path: &Path) -> Result<&[u8], FileError> {
        match self.nodes.get(path) {
            Some(Node::File { content, .. }) => Ok(content),
            Some(Node::Directory { .. }) => Err(FileError::IsDirectory),
            Some(Node::Shipped { .. }) => Err(FileError::NotPermitted),
            None if path.name.is_empty() => Err(FileError::IsDirectory),
            None => Err(FileError::NoSuchFile),
        }
    }

    /// Puts `added` at the end of a file, which is made if need be; or in place of what is in it.
    fn put(&mut self, path: &Path, added: &[u8], whole: bool, now: Time) -> Result<(), FileError> {
        self.check_place(path)?;
        let before = match self.nodes.get(path) {
            Some(Node::Directory { .. }) => return Err(FileError::IsDirectory),
            Some(Node::Shipped { .. }) if !whole => return Err(FileError::NotPermitted),
            Some(node) => node.bytes(),
            None if self.nodes.len() >= NODES_MAX => return Err(FileError::NoSpace),
            None => 0,
        };
        let freed = if whole { before } else { 0 };
        if self.bytes() - freed + added.len() > BYTES_MAX {
            return Err(FileError::NoSpace);
        }
        let empty = Node::File { content: Vec::new(), changed: now };
        let node = self.nodes.entry(path.clone()).or_insert_with(|| empty.clone());
        if matches!(node, Node::Shipped { .. }) {
            *node = empty;
        }
        if let Node::File { content: held, changed } = node {
            if whole {
                held.clear();
            }
            held.extend_from_slice(added);
            *changed = now;
        }
        Ok(())
    }

    fn remove(&mut self, path: &Path) -> Result<(), FileError> {
        match self.nodes.get(path) {
            Some(Node::Shipped { .. }) => {}
            Some(Node::File { .. } | Node::Directory { .. }) | None => self.read(path).map(drop)?,
        }
        self.nodes.remove(path);
        Ok(())
    }

    fn make_directory(&mut self, path: &Path, now: Time) -> Result<(), FileError> {
        self.check_place(path)?;
        if self.nodes.contains_key(path) {
            return Err(FileError::Exists);
        }
        if path.device == Device::Nvram {
            return Err(FileError::NotPermitted);
        }
        if self.nodes.len() >= NODES_MAX {
            return Err(FileError::NoSpace);
        }
        self.nodes.insert(path.clone(), Node::Directory { made: now });
        Ok(())
    }

    /// A directory goes with all that is in it, if that is wanted.
    fn remove_directory(&mut self, path: &Path, recursive: bool) -> Result<(), FileError> {
        if !self.is_directory(path) {
            return Err(if self.nodes.contains_key(path) {
                FileError::NotDirectory
            } else {
                FileError::NoSuchFile
            });
        }
        if !recursive && self.nodes.keys().any(|other| other.is_in(path)) {
            return Err(FileError::NotEmpty);
        }
        self.nodes.retain(|other, _| other != path && !other.is_below(path));
        Ok(())
    }

    fn rename(&mut self, from: &Path, to: &Path) -> Result<(), FileError> {
        self.check_place(to)?;
        if self.nodes.contains_key(to) {
            return Err(FileError::Exists);
        }
        match self.nodes.remove(from) {
            Some(node @ (Node::File { .. } | Node::Shipped { .. })) => {
                self.nodes.insert(to.clone(), node);
                Ok(())
            }
            Some(node @ Node::Directory { .. }) => {
                self.nodes.insert(from.clone(), node);
                Err(FileError::IsDirectory)
            }
            None => Err(FileError::NoSuchFile),
        }
    }

    /// Whether a file of this name could be: its directory is there.
    fn check_place(&self, path: &Path) -> Result<(), FileError> {
        if path.name.is_empty() {
            return Err(FileError::IsDirectory);
        }
        if path.name.len() > PATH_BYTES_MAX {
            return Err(FileError::NameTooLong);
        }
        if self.is_directory(&path.parent()) { Ok(()) } else { Err(FileError::NoSuchFile) }
    }

    fn is_directory(&self, path: &Path) -> bool {
        path.name.is_empty() || matches!(self.nodes.get(path), Some(Node::Directory { .. }))
    }
}

impl Path {
    fn new(device: Device, name: &str) -> Path {
        let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
        Path { device, name: parts.join("/") }
    }

    /// The directory that it is in; the root is in itself.
    fn parent(&self) -> Path {
        let name = self.name.rsplit_once('/').map_or("", |(directory, _)| directory);
        Path { device: self.device, name: name.to_owned() }
    }

    /// Its last part.
    fn file_name(&self) -> &str {
        self.name.rsplit_once('/').map_or(&self.name, |(_, name)| name)
    }

    /// The path of a name in this directory.
    fn join(&self, name: &str) -> Path {
        Path::new(self.device, &format!("{}/{name}", self.name))
    }

    /// Whether it is directly in `directory`.
    fn is_in(&self, directory: &Path) -> bool {
        !self.name.is_empty() && self.parent() == *directory
    }

    fn is_below(&self, directory: &Path) -> bool {
        let below = || self.name.strip_prefix(&directory.name).is_some_and(|r| r.starts_with('/'));
        self.device == directory.device && (directory.name.is_empty() || below())
    }
}

impl Node {
    /// What it takes of [`BYTES_MAX`].
    fn bytes(&self) -> usize {
        match self {
            Node::Directory { .. } | Node::Shipped { .. } => 0,
            Node::File { content, .. } => content.len(),
        }
    }

    /// What it takes of its file system, in bytes.
    fn size(&self) -> u64 {
        match self {
            Node::Directory { .. } => DIRECTORY_BYTES,
            Node::File { content, .. } => content.len() as u64,
            Node::Shipped { bytes, .. } => *bytes,
        }
    }
}
