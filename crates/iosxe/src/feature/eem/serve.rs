//! What the router does with each request of a run.

use eem::{Answer, FileRequest, Request, RunId, StepBegins, StepEnds};
use fact::Kind;

use super::run::{answer, applet_of, finish, gets, puts, triggered};
use super::session::type_text;
use super::{log, mail, take, trapped};
use crate::feature::flash::{self, FileError};
use crate::feature::{reload, snmp, track, webhook};
use crate::turn::Turn;

/// Carries out one request of a run.
pub(super) fn carry_out(turn: &mut Turn<'_>, id: RunId, request: Request) {
    match request {
        Request::Triggered { applet, event, tags } => {
            triggered(turn, id, applet.clone());
            if turn.state.eem.has_trap(&applet) && snmp::sends_event_manager_traps(turn.state) {
                trapped(turn, &applet, false);
                publish(turn, id, "snmp-trap", format!("triggered {applet}"));
            }
            let (applet, event) = (applet.to_string(), event.to_owned());
            turn.fact(Kind::AppletTriggered { applet, event, tags });
        }
        Request::Cli { applet, line } => {
            let output = type_text(turn, id, &applet, &line);
            answer(turn, id, Answer::Cli(output));
        }
        Request::Log(message) => log(turn, message),
        Request::Puts { text } => puts(turn, id, &text),
        Request::Gets => gets(turn, id),
        Request::HttpPost(post) => {
            let outcome = webhook::post(turn, &post.url, post.body);
            answer(turn, id, Answer::Text(Some(outcome)));
        }
        Request::Reload => reload::ask(turn, &format!("EEM:{}", applet_of(turn, id)), "", None),
        Request::ForceSwitchover => log(turn, eem::Message::no_standby()),
        Request::Telemetry(text) => publish(turn, id, "telemetry", text),
        Request::CnsEvent(text) => publish(turn, id, "cns", text),
        // Nobody here asks the router over SNMP.
        Request::SnmpObjectValue(_) => {}
        Request::SnmpTrap(trap) => send_trap(turn, id, &trap),
        Request::File(request) => {
            let done = file(turn, request);
            answer(turn, id, done);
        }
        Request::Mail(mail) => mail::send(turn, id, mail),
        Request::TrackSet { number, up } => {
            let done = match track::set(turn, number, up) {
                true => Answer::Done,
                false => Answer::Failed("no stub object".to_owned()),
            };
            answer(turn, id, done);
        }
        Request::StepBegins(StepBegins { label, action }) => {
            let applet = applet_of(turn, id);
            let action = redact::typed_line(&action);
            turn.fact(Kind::AppletStep { applet, label, action });
        }
        Request::StepEnds(StepEnds { label, holds, changed }) => {
            let (applet, changed) = (applet_of(turn, id), changed.into_iter().collect());
            turn.fact(Kind::AppletVariables { applet, label, holds, changed });
        }
        Request::Raised(published) => take(turn, published),
        Request::Finished { applet, status, exit_status } => {
            finish(turn, id, exit_status);
            let (applet, result) = (applet.to_string(), status.to_string());
            turn.fact(Kind::AppletFinished { applet, result });
        }
    }
}

/// `action snmp-trap`: only when `snmp-server enable traps` has the event manager's. There is no
/// packet: what it holds is said.
fn send_trap(turn: &mut Turn<'_>, id: RunId, trap: &eem::SnmpTrap) {
    if !snmp::sends_event_manager_traps(turn.state) {
        return;
    }
    let applet = applet_of(turn, id);
    trapped(turn, &applet, true);
    let number = |name, value: Option<i64>| value.map(|value| format!("{name} {value}"));
    let text = trap.text.as_ref().map(|text| format!("strdata {text}"));
    let parts = [number("intdata1", trap.int1), number("intdata2", trap.int2), text];
    publish(turn, id, "snmp-trap", parts.into_iter().flatten().collect::<Vec<_>>().join(" "));
}

/// Something that goes where nobody in the lab listens: said, so that the trace shows it.
fn publish(turn: &mut Turn<'_>, id: RunId, to: &str, text: String) {
    let applet = applet_of(turn, id);
    turn.fact(Kind::AppletPublished { applet, to: to.to_owned(), text });
}

/// `action file`: what it wants of the router's files.
fn file(turn: &mut Turn<'_>, request: FileRequest) -> Answer {
    let done = match request {
        FileRequest::Read(path) => match flash::read(turn.state, &path) {
            Ok(text) => return Answer::Text(Some(text)),
            Err(FileError::NoSuchFile) => return Answer::Text(None),
            Err(why) => Err(why),
        },
        FileRequest::Make { path, truncate } => flash::make(turn, &path, truncate),
        FileRequest::Append { path, text } => flash::append(turn, &path, &text),
        FileRequest::Delete(path) => flash::delete(turn, &path),
    };
    match done {
        Ok(()) => Answer::Done,
        Err(why) => Answer::Failed(why.to_string()),
    }
}
