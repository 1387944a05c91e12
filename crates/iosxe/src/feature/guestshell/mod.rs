//! The guest shell, of which there is `curl` and nothing else: what works on a real box too.
//!
//! `guestshell run curl ...` in every dialect; `curl ...` as an EXEC command in the course's alone.
//! A request goes out once, exactly as its arguments say, and the caller waits for what curl
//! prints. Nothing here may run anything of the host, or read a file of it: `--cacert` names a file
//! of the router.

mod arguments;
mod shell;
mod transfer;
mod url;

use std::collections::BTreeMap;

use cli::{Args, Kind, No, kw, param};

use crate::command::{Command, Mode, Reply};
use crate::device::State;
use crate::feature::flash;
use crate::io::{HttpForm, HttpOutcome, HttpRequest, HttpTrust, Output, RequestId};
use crate::session::{Caller, Session};
use crate::turn::Turn;
use arguments::Arguments;
use transfer::Transfer;

/// What every certificate in PEM begins with (RFC 7468, section 5.1).
const BEGIN_CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";

/// The commands of every router.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("guestshell", "Guestshell Configuration Commands"),
            kw("run", "Run a command in Guestshell"),
            param("command", Kind::Line, "The command and its arguments"),
        ],
        no: No::Without,
        run: guestshell_run,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("guestshell", "Guestshell Configuration Commands"),
            kw("disable", "Disable Guestshell service"),
        ],
        no: No::Without,
        run: |turn, _, _| turn_to(turn, true, "Guestshell disabled successfully\n"),
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("guestshell", "Guestshell Configuration Commands"),
            kw("enable", "Enable Guestshell service"),
        ],
        no: No::Without,
        run: |turn, _, _| turn_to(turn, false, "Guestshell enabled successfully\n"),
    },
];

/// What a router answers whose guest shell is disabled (decided: no transcript was at hand).
const DISABLED: &str = "% Error: Guestshell is not enabled\n";

/// The commands of a router that speaks the course's dialect.
pub(crate) const COURSE_COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 15,
    syntax: &[
        kw("curl", "Transfer data to a web server (course dialect)"),
        param("arguments", Kind::Line, "The arguments of curl"),
    ],
    no: No::Without,
    run: bare_curl,
}];

/// The transfers of one router that are under way. A session waits for one at most, so that the
/// VTY pool bounds them.
#[derive(Debug, Default)]
pub(crate) struct Guestshell {
    transfers: BTreeMap<RequestId, (Caller, Transfer)>,
    /// `guestshell disable`, until the next boot or `guestshell enable`.
    is_disabled: bool,
}

fn turn_to(turn: &mut Turn<'_>, disabled: bool, said: &str) -> Reply {
    turn.state.guestshell.is_disabled = disabled;
    Reply::Text(said.to_owned())
}

fn guestshell_run(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    run(turn, session, args.text("command").unwrap_or_default())
}

fn bare_curl(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    run(turn, session, &format!("curl {}", args.text("arguments").unwrap_or_default()))
}

/// A transfer of [`HttpForm::Curl`] has ended.
pub(crate) fn answered(turn: &mut Turn<'_>, request: RequestId, outcome: &HttpOutcome) {
    let Some((caller, transfer)) = turn.state.guestshell.transfers.remove(&request) else { return };
    let text = transfer.print(turn.now, outcome);
    turn.finish(caller, text);
}

/// Runs one command line of the guest shell.
fn run(turn: &mut Turn<'_>, session: &Session, line: &str) -> Reply {
    if turn.state.guestshell.is_disabled {
        return Reply::Refused(DISABLED.to_owned());
    }
    let words = match shell::split(line) {
        Ok(words) => words,
        Err(problem) => return Reply::Refused(format!("{problem}\n")),
    };
    let (program, words) = words.split_first().map_or(("", &[][..]), |(p, w)| (p.as_str(), w));
    if !matches!(program, "curl" | "/usr/bin/curl") {
        return Reply::Refused(format!("sh: {program}: command not found\n"));
    }
    let started = Arguments::parse(words).and_then(|given| Transfer::new(given, turn.now));
    let started = started.and_then(|transfer| Ok((trust(turn.state, &transfer)?, transfer)));
    match started {
        Ok((trust, transfer)) => {
            start(turn, session.caller(), transfer, trust);
            Reply::Pending
        }
        Err(text) => Reply::Refused(text),
    }
}

/// Whom curl believes; or what it prints where the file cannot be had. With `-k` it does not look.
fn trust(state: &State, transfer: &Transfer) -> Result<HttpTrust, String> {
    let arguments = &transfer.arguments;
    match &arguments.cacert {
        _ if arguments.is_insecure => Ok(HttpTrust::Anybody),
        Some(path) if transfer.url.is_https => {
            let read = flash::read(state, &router_file(path)).ok();
            let pem = read.filter(|text| text.contains(BEGIN_CERTIFICATE));
            pem.map(HttpTrust::Authorities).ok_or_else(|| transfer.without_authorities(path))
        }
        Some(_) | None => Ok(HttpTrust::Lab),
    }
}

/// The guest shell has the router's flash at `/flash` and at `/bootflash`. No other file is there.
fn router_file(path: &str) -> String {
    let mounted = ["/flash/", "/bootflash/"];
    match mounted.iter().find_map(|mount| path.strip_prefix(mount)) {
        Some(name) => format!("flash:{name}"),
        None if path.contains(':') => path.to_owned(),
        None => format!("none:{path}"),
    }
}

fn start(turn: &mut Turn<'_>, caller: Caller, transfer: Transfer, trust: HttpTrust) {
    let request = turn.state.requests.next_id();
    turn.out.push(Output::HttpRequest(HttpRequest {
        request,
        form: HttpForm::Curl,
        method: transfer.arguments.method().to_owned(),
        url: transfer.url.whole.clone(),
        headers: transfer.headers(),
        body: transfer.body(),
        trust,
        timeout: transfer.timeout(),
        trace: turn.trace,
    }));
    turn.state.guestshell.transfers.insert(request, (caller, transfer));
}
