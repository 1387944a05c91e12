//! `ping` of an address of a link: which link is asked.
//!
//! Called by the command; the answer starts the run. IOS takes the name of an interface, in any
//! form here, without a blank.

use cli::InterfaceName;
use simtime::Duration;

use super::{Request, launch};
use crate::command::Reply;
use crate::io::VrfId;
use crate::session::Session;
use crate::turn::Turn;

/// Asks; the session's draft holds the request meanwhile.
pub(super) fn ask(session: &mut Session, request: Request) -> Reply {
    let Request { vrf, address, count, bytes, timeout, .. } = request;
    session.draft = format!("{address} {} {count} {bytes} {}", vrf.0, timeout.as_secs());
    Reply::Ask { question: "Output Interface: ".into(), echo: true, then: answered }
}

fn answered(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let port = InterfaceName::parse(answer.trim());
    let port = port.filter(|name| turn.state.interfaces.get(name).is_some());
    let draft = std::mem::take(&mut session.draft);
    match (port, read(&draft)) {
        (Some(name), Some(request)) => {
            let vrf = turn.state.interfaces.vrf_of(&name);
            launch(turn, session, Request { port: Some(name), vrf, ..request })
        }
        (None, _) | (_, None) => Reply::Refused(
            "% Invalid interface. Use full interface name \
                                                 without spaces (e.g. Serial0/1)\n"
                .into(),
        ),
    }
}

fn read(draft: &str) -> Option<Request> {
    let mut words = draft.split(' ');
    Some(Request {
        address: words.next()?.parse().ok()?,
        vrf: VrfId(words.next()?.parse().ok()?),
        port: None,
        source: None,
        count: words.next()?.parse().ok()?,
        bytes: words.next()?.parse().ok()?,
        timeout: Duration::from_secs(words.next()?.parse().ok()?),
    })
}
