//! `dir`, `show flash:` and `show file systems`.

use std::fmt::Write as _;

use cli::{Args, Kind, No, any_of, kw, one_of, opt, param};
use simtime::Time;

use super::url::Url;
use super::{Device, Node, Path};
use crate::command::{Command, Mode, Reply};
use crate::config::NVRAM_BYTES;
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("dir", "List files on a filesystem"),
            any_of(&[
                &[kw("/all", "List all files")],
                &[kw("/recursive", "List files recursively")],
            ]),
            opt(&[param("url", Kind::Word, "Directory or file name")]),
        ],
        no: No::Without,
        run: dir,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            one_of(&[
                &[kw("flash:", "display information about flash: file system")],
                &[kw("bootflash:", "display information about bootflash: file system")],
                &[kw("nvram:", "display information about nvram: file system")],
            ]),
            opt(&[kw("all", "List all possible information")]),
        ],
        no: No::Without,
        run: show_device,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("file", "Show filesystem information"),
            kw("systems", "List filesystems"),
        ],
        no: No::Without,
        run: show_systems,
    },
];

/// The number of the first file of a device, as ext2 counts.
const FIRST_INODE: usize = 11;

fn dir(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let flash = format!("{}:", turn.state.platform.profile().flash);
    let url = Url::parse(args.text("url").unwrap_or(&flash));
    match &url {
        Url::Local { device, path } => list(turn.state, device, path, args.has("/recursive")),
        Url::Startup => Reply::Text(startup_row(turn.state)),
        Url::Running | Url::Null => Reply::Refused(error(&url, "No such file or directory")),
        Url::Remote { .. } => Reply::Refused(error(&url, "Function not implemented")),
        Url::Unknown(_) => Reply::Refused(error(&url, "No such device")),
    }
}

fn show_device(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let (name, device) = match () {
        () if args.has("nvram:") => ("nvram", Device::Nvram),
        () if args.has("bootflash:") => ("bootflash", Device::Flash),
        () => ("flash", Device::Flash),
    };
    list(turn.state, name, &Path::new(device, ""), true)
}

fn show_systems(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let mut text = String::from("File Systems:\n\n");
    let _ = writeln!(text, "{:>17}{:>16}{:>11}  Flags  Prefixes", "Size(b)", "Free(b)", "Type");
    let (flash, nvram) = (space(turn.state, Device::Flash), space(turn.state, Device::Nvram));
    let names = match turn.state.platform.profile().flash.as_str() {
        "flash" => "flash: bootflash:",
        _ => "bootflash: flash:",
    };
    let rows = [
        (' ', None, "opaque", "rw", "system:"),
        (' ', None, "opaque", "rw", "null:"),
        (' ', None, "network", "rw", "tftp:"),
        ('*', Some(flash), "disk", "rw", names),
        (' ', Some(nvram), "nvram", "rw", "nvram:"),
        (' ', None, "network", "rw", "rcp:"),
        (' ', None, "network", "rw", "http:"),
        (' ', None, "network", "rw", "ftp:"),
        (' ', None, "network", "rw", "scp:"),
        (' ', None, "network", "rw", "https:"),
    ];
    for (mark, size, kind, flags, prefixes) in rows {
        let number = |n: Option<u64>| n.map_or("-".to_owned(), |n| n.to_string());
        let (size, free) = (number(size.map(|s| s.0)), number(size.map(|s| s.1)));
        let _ = writeln!(text, "{mark}{size:>16}{free:>16}{kind:>11}  {flags:>5}  {prefixes}");
    }
    Reply::Text(text)
}

fn list(state: &State, device: &str, path: &Path, recursive: bool) -> Reply {
    let flash = &state.flash;
    let shown: Vec<(&Path, &Node)> = if flash.is_directory(path) {
        let wanted = |p: &Path| p.is_in(path) || recursive && p.is_below(path);
        flash.nodes.iter().filter(|(p, _)| wanted(p)).collect()
    } else {
        let names = super::access::matching(state, path);
        flash.nodes.iter().filter(|(p, _)| names.contains(p)).collect()
    };
    if shown.is_empty() && !flash.is_directory(path) {
        let url = Url::Local { device: device.to_owned(), path: path.clone() };
        return Reply::Refused(error(&url, "No such file or directory"));
    }
    // Of files too, what was asked for stands here: NAPALM looks for it.
    let mut text = format!("Directory of {device}:/{}\n\n", path.name);
    if path.device == Device::Nvram && path.name.is_empty() {
        text += &startup_row(state);
    }
    for (p, node) in &shown {
        let place = flash.nodes.keys().position(|other| other == *p).unwrap_or(0);
        let name = if recursive { &p.name } else { p.file_name() };
        text += &row(state, FIRST_INODE + place, node, name);
    }
    if shown.is_empty() && path.device == Device::Flash {
        text.push_str("No files in directory\n");
    }
    let (size, free) = space(state, path.device);
    let _ = writeln!(text, "\n{size} bytes total ({free} bytes free)");
    Reply::Text(text)
}

/// The size of a file system and what is free of it, in bytes.
fn space(state: &State, device: Device) -> (u64, u64) {
    match device {
        Device::Flash => {
            let total = state.platform.profile().flash_bytes;
            (total, state.flash.free(total))
        }
        Device::Nvram => {
            let held = state.startup.text().map_or(0, str::len);
            (NVRAM_BYTES as u64, NVRAM_BYTES.saturating_sub(held) as u64)
        }
    }
}

fn row(state: &State, inode: usize, node: &Node, name: &str) -> String {
    let (rights, at) = match node {
        Node::Directory { made } => ("drwx", made),
        Node::File { changed: at, .. } | Node::Shipped { since: at, .. } => ("-rw-", at),
    };
    let size = node.size();
    let date = date(state, *at);
    format!("{inode:>5}  {rights}  {size:>15}  {date}  {name}\n")
}

fn startup_row(state: &State) -> String {
    let Some(text) = state.startup.text() else { return String::new() };
    format!("{:>5}  -rw-  {:>15}                    <no date>  startup-config\n", 1, text.len())
}

/// `Nov 21 2026 12:00:00 +00:00`
fn date(state: &State, at: Time) -> String {
    state.clock.utc(at).civil.strftime("%b %d %Y %H:%M:%S +00:00").to_string()
}

fn error(url: &Url, why: &str) -> String {
    format!("%Error opening {url} ({why})\n")
}
