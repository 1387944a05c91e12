//! `monitor capture`: what captures are defined, and which of them run. No packet passes a virtual
//! router, so that a capture stays empty, and the file that it is exported to, too.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cli::{Args, InterfaceName, Kind, No, Token, kw, one_of, opt, param};

use crate::command::{Command, Handler, Mode, Reply};
use crate::feature::flash;
use crate::feature::logging::Message;
use crate::session::Session;
use crate::turn::Turn;

/// How many captures a router has.
const CAPTURES_MAX: usize = 8;

/// The size of a buffer that is not set, in MB.
const BUFFER_MB_DEFAULT: u64 = 10;

/// The captures of one router, by name. A reload forgets them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Captures(BTreeMap<String, Capture>);

/// One capture.
#[derive(Clone, Debug, Default)]
struct Capture {
    interfaces: Vec<(InterfaceName, &'static str)>,
    control_plane: Option<&'static str>,
    filter: Option<String>,
    buffer_mb: Option<u64>,
    circular: bool,
    limit: Option<String>,
    runs: bool,
}

const MONITOR: Token = kw("monitor", "Monitoring different system events");
const CAPTURE: Token = kw("capture", "Capture");
const NAME: Token = param("name", Kind::Word, "Name of the Capture");
const DIRECTION: Token = one_of(&[
    &[kw("both", "Inbound and outbound packets")],
    &[kw("in", "Inbound packets")],
    &[kw("out", "Outbound packets")],
]);
const SETTING: Token = one_of(&[
    &[kw("interface", "Interface"), param("interface", Kind::Interface, "Interface"), DIRECTION],
    &[kw("control-plane", "Control plane"), DIRECTION],
    &[kw("match", "Describe filters inline"), param("match", Kind::Line, "The filter")],
    &[kw("access-list", "access-list to be attached"), param("list", Kind::Word, "Its name")],
    &[
        kw("buffer", "Buffer options"),
        opt(&[kw("circular", "circular buffer")]),
        opt(&[
            kw("size", "Size of buffer"),
            param("size", Kind::Integer { min: 1, max: 100 }, "Total size of buffer in MB"),
        ]),
    ],
    &[kw("limit", "Limit Packets Captured"), param("limit", Kind::Line, "What limits it")],
]);

/// The commands of this feature.
pub(crate) const COMMANDS: &[Command] = &[
    exec(&[MONITOR, CAPTURE, NAME, SETTING], set),
    exec(&[MONITOR, CAPTURE, NAME, kw("start", "Enable Capture")], start),
    exec(&[MONITOR, CAPTURE, NAME, kw("stop", "Disable Capture")], stop),
    exec(&[MONITOR, CAPTURE, NAME, kw("clear", "Clear Buffer")], clear),
    exec(
        &[
            MONITOR,
            CAPTURE,
            NAME,
            kw("export", "Export Buffer"),
            opt(&[kw("location", "Where to")]),
            param("url", Kind::Word, "Location to dump buffer"),
        ],
        export,
    ),
    exec(
        &[
            kw("no", "Negate a command or set its defaults"),
            MONITOR,
            CAPTURE,
            NAME,
            opt(&[param("rest", Kind::Line, "What of it")]),
        ],
        remove,
    ),
    exec(
        &[
            kw("show", "Show running system information"),
            MONITOR,
            CAPTURE,
            opt(&[NAME, opt(&[param("rest", Kind::Line, "buffer, parameter")])]),
        ],
        show,
    ),
];

const fn exec(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 15, syntax, no: No::Without, run }
}

fn name(args: &Args) -> String {
    args.text("name").unwrap_or_default().to_owned()
}

fn direction(args: &Args) -> &'static str {
    match (args.has("both"), args.has("in")) {
        (true, _) => "both",
        (false, true) => "in",
        (false, false) => "out",
    }
}

fn set(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let captures = &mut turn.state.captures.0;
    let name = name(args);
    if captures.len() >= CAPTURES_MAX && !captures.contains_key(&name) {
        return Reply::Refused("% Maximum number of captures reached\n".into());
    }
    if let Some(interface) = args.interface("interface")
        && turn.state.interfaces.get(interface).is_none()
    {
        return Reply::Invalid { column: args.column("interface") };
    }
    let capture = captures.entry(name.clone()).or_default();
    if capture.runs {
        return Reply::Refused(format!("% Capture {name} is active: stop it first\n"));
    }
    match () {
        () if args.interface("interface").is_some() => {
            let added = args.interface("interface").map(|name| (*name, direction(args)));
            capture.interfaces.retain(|(name, _)| Some(*name) != added.map(|(name, _)| name));
            capture.interfaces.extend(added);
        }
        () if args.has("control-plane") => capture.control_plane = Some(direction(args)),
        () if args.has("match") => capture.filter = args.text("match").map(str::to_owned),
        () if args.has("access-list") => {
            capture.filter = args.text("list").map(|list| format!("access-list {list}"));
        }
        () if args.has("buffer") => {
            capture.circular = args.has("circular");
            capture.buffer_mb = args.number("size").or(capture.buffer_mb);
        }
        () => capture.limit = args.text("limit").map(str::to_owned),
    }
    Reply::Done
}

fn not_there(name: &str) -> Reply {
    Reply::Refused(format!("Capture {name} does not exist\n"))
}

fn start(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let name = name(args);
    let Some(capture) = turn.state.captures.0.get_mut(&name) else { return not_there(&name) };
    if capture.interfaces.is_empty() && capture.control_plane.is_none() || capture.filter.is_none()
    {
        let text = "A filter is not attached to capture. Please specify a filter \
                    and an interface before starting.\n";
        return Reply::Refused(text.into());
    }
    if capture.runs {
        return Reply::Refused(format!("Capture {name} is already active\n"));
    }
    capture.runs = true;
    let text = format!("Capture Point {name} enabled.");
    turn.log(Message::new("BUFCAP", 6, "ENABLE", text));
    Reply::Text(format!("Started capture point : {name}\n"))
}

fn stop(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let name = name(args);
    let Some(capture) = turn.state.captures.0.get_mut(&name) else { return not_there(&name) };
    if !capture.runs {
        return Reply::Refused(format!("Capture {name} is not active\n"));
    }
    capture.runs = false;
    let text = format!("Capture Point {name} disabled.");
    turn.log(Message::new("BUFCAP", 6, "DISABLE", text));
    Reply::Text(format!("Stopped capture point : {name}\n"))
}

fn clear(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let name = name(args);
    match turn.state.captures.0.get(&name) {
        None => not_there(&name),
        Some(capture) if capture.runs => {
            Reply::Refused(format!("% Capture {name} is active: stop it first\n"))
        }
        Some(_) => Reply::Text("Captured data will be deleted\n".into()),
    }
}

/// The file is empty, as the buffer is.
fn export(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let name = name(args);
    if !turn.state.captures.0.contains_key(&name) {
        return not_there(&name);
    }
    let url = args.text("url").unwrap_or_default().to_owned();
    match flash::write(turn, &url, "") {
        Ok(()) => Reply::Text("Exported Successfully\n".into()),
        Err(why) => Reply::Refused(format!("%Error opening {url} ({why})\n")),
    }
}

/// The whole capture, or a part of it.
fn remove(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let name = name(args);
    let captures = &mut turn.state.captures.0;
    let Some(capture) = captures.get_mut(&name) else { return not_there(&name) };
    let rest = args.text("rest").unwrap_or_default();
    match rest.split(' ').next().unwrap_or_default() {
        "" => drop(captures.remove(&name)),
        word if "interface".starts_with(word) => capture.interfaces.clear(),
        word if "control-plane".starts_with(word) => capture.control_plane = None,
        word if "limit".starts_with(word) => capture.limit = None,
        word if "buffer".starts_with(word) => capture.buffer_mb = None,
        _ => capture.filter = None,
    }
    Reply::Done
}

fn show(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let captures = &turn.state.captures.0;
    if let Some(name) = args.text("name").filter(|name| !captures.contains_key(*name)) {
        return not_there(name);
    }
    let rest = args.text("rest").unwrap_or_default();
    let mut text = String::new();
    let wanted = |name: &str| args.text("name").is_none_or(|wanted| wanted == name);
    for (name, capture) in captures.iter().filter(|(name, _)| wanted(name)) {
        match rest.split(' ').next().unwrap_or_default() {
            "buffer" => text.push_str("Buffer is empty\n"),
            "parameter" => parameters(&mut text, name, capture),
            _ => status(&mut text, name, capture),
        }
    }
    Reply::Text(text)
}

/// The lines that define a capture.
fn parameters(text: &mut String, name: &str, capture: &Capture) {
    let start = format!("   monitor capture {name}");
    for (interface, direction) in &capture.interfaces {
        let direction = direction.to_ascii_uppercase();
        let _ = writeln!(text, "{start} interface {interface} {direction}");
    }
    if let Some(filter) = &capture.filter {
        let list = filter.starts_with("access-list ");
        let _ = writeln!(text, "{start} {}{filter}", if list { "" } else { "match " });
    }
    if let Some(mb) = capture.buffer_mb {
        let _ = writeln!(text, "{start} buffer size {mb}");
    }
    if let Some(limit) = &capture.limit {
        let _ = writeln!(text, "{start} limit {limit}");
    }
}

fn status(text: &mut String, name: &str, capture: &Capture) {
    let targets: Vec<String> = capture
        .interfaces
        .iter()
        .map(|(interface, direction)| {
            format!(" Interface: {interface}, Direction: {}\n", direction.to_ascii_uppercase())
        })
        .collect();
    let _ = write!(
        text,
        "Status Information for Capture {name}\n  Target Type: \n{}   Status : {}\n  \
         Filter Details: \n   {}\n  Buffer Details: \n   Buffer Type: {}\n   \
         Buffer Size (in MB): {}\n  Limit Details: \n   {}\n",
        targets.concat(),
        if capture.runs { "Active" } else { "Inactive" },
        capture.filter.as_deref().unwrap_or("No filter is attached"),
        if capture.circular { "CIRCULAR" } else { "LINEAR (default)" },
        capture.buffer_mb.unwrap_or(BUFFER_MB_DEFAULT),
        capture.limit.as_deref().unwrap_or("Number of Packets to capture: 0 (no limit)"),
    );
}
