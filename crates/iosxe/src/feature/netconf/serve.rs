//! What each operation does.

use netconf::{
    Answer, DefaultOperation, Edit, Operation as Asked, Request, Selection, Target, TestOption,
    WithDefaults,
};
use yang::{Element, Error, ErrorKind, Operation, Tag, Tops, write_xml};

use super::{candidate, cisco_ia, has_candidate};
use crate::io::{Output, SessionId};
use crate::models::{self, Editor, SCHEMA};
use crate::session::Door;
use crate::turn::Turn;

const MONITORING: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring";

/// Whether the session ends behind this request.
pub(super) fn ends(request: &Request) -> bool {
    matches!(request.operation, Ok(Asked::CloseSession))
}

/// The answer to a request.
pub(super) fn answer(turn: &mut Turn<'_>, id: SessionId, request: &Request) -> Answer {
    let operation = match &request.operation {
        Ok(operation) => operation.clone(),
        Err(error) => return Answer::Errors(vec![error.clone()]),
    };
    match carry_out(turn, id, operation) {
        Ok(answer) => answer,
        Err(error) => Answer::Errors(vec![error]),
    }
}

fn unsupported(what: &str) -> Error {
    let error = Error::new(Tag::OperationNotSupported, format!("{what} is not supported"));
    error.of(ErrorKind::Protocol)
}

fn carry_out(turn: &mut Turn<'_>, id: SessionId, asked: Asked) -> Result<Answer, Error> {
    match asked {
        Asked::Get(selection) => {
            let tops = selection.tops(&SCHEMA);
            let data = models::everything(turn.state, turn.now, &tops);
            Ok(selected(&selection, data))
        }
        Asked::GetConfig(source, selection) => {
            let data = datastore(turn, source, &selection.tops(&SCHEMA))?;
            Ok(selected(&selection, data))
        }
        Asked::EditConfig(edit) => edit_config(turn, id, edit),
        Asked::CopyConfig { source, target } => copy(turn, id, source, target),
        Asked::ReplaceConfig { config, target } => {
            writable(turn, id, target)?;
            put(turn, id, target, &config)
        }
        Asked::DeleteConfig(Target::Startup) => {
            writable(turn, id, Target::Startup)?;
            turn.state.startup.erase();
            Ok(Answer::Ok)
        }
        Asked::DeleteConfig(_) => Err(unsupported("delete-config of this datastore")),
        Asked::Lock(target) => lock(turn, id, target),
        Asked::Unlock(target) => unlock(turn, id, target),
        Asked::Validate(target) => exists(turn, target).map(|()| Answer::Ok),
        Asked::ValidateConfig(config) => {
            let user = user(turn, id);
            candidate::try_out(turn, editor(&user), (&config, Operation::Merge))?;
            Ok(Answer::Ok)
        }
        Asked::CloseSession => Ok(Answer::Ok),
        Asked::KillSession(session) => kill(turn, id, session),
        Asked::GetSchema { name, version, format } => schema(&name, version, format),
        Asked::CreateSubscription { stream } => subscribe(turn, id, stream),
        Asked::SaveConfig => {
            let user = user(turn, id);
            let own = Some(number(turn, id));
            cisco_ia::save(turn, editor(&user), own).map(|()| Answer::Ok)
        }
        Asked::Rollback { url } => {
            let own = Some(number(turn, id));
            cisco_ia::rollback(turn, own, &url).map(|()| Answer::Ok)
        }
        Asked::SyncFrom => Ok(Answer::Ok),
        Asked::Commit(_) | Asked::CancelCommit(_) | Asked::DiscardChanges
            if !has_candidate(turn.state) =>
        {
            Err(unsupported("the candidate datastore"))
        }
        Asked::Commit(commit) => {
            writable(turn, id, Target::Running)?;
            let user = user(turn, id);
            let own = number(turn, id);
            candidate::commit(turn, (own, editor(&user)), commit)?;
            Ok(Answer::Ok)
        }
        Asked::CancelCommit(persist_id) => {
            let own = number(turn, id);
            candidate::cancel(turn, own, persist_id.as_deref()).map(|()| Answer::Ok)
        }
        Asked::DiscardChanges => {
            candidate::discard(turn.state);
            Ok(Answer::Ok)
        }
    }
}

fn user(turn: &Turn<'_>, id: SessionId) -> String {
    turn.state.netconf.sessions.get(&id).map(|client| client.user.clone()).unwrap_or_default()
}

fn editor(user: &str) -> Editor<'_> {
    Editor { user, door: Door::Netconf }
}

fn number(turn: &Turn<'_>, id: SessionId) -> u32 {
    turn.state.netconf.sessions.get(&id).map_or(0, |client| client.id)
}

fn exists(turn: &Turn<'_>, target: Target) -> Result<(), Error> {
    match target {
        Target::Candidate if !has_candidate(turn.state) => {
            Err(unsupported("the candidate datastore").element("candidate"))
        }
        Target::Running | Target::Startup | Target::Candidate => Ok(()),
    }
}

/// A datastore's data, below the nodes of the top that are wanted.
fn datastore(turn: &Turn<'_>, target: Target, tops: &Tops) -> Result<Vec<Element>, Error> {
    exists(turn, target)?;
    Ok(match target {
        Target::Running => models::running(turn.state, tops),
        Target::Startup => models::startup(turn.state, tops),
        Target::Candidate => candidate::data(turn.state, tops),
    })
}

fn selected(selection: &Selection, data: Vec<Element>) -> Answer {
    let mut wanted = selection.of(&SCHEMA, data);
    let mut text = String::new();
    match selection.with_defaults {
        Some(WithDefaults::ReportAll) => yang::add_defaults(&mut wanted),
        Some(WithDefaults::Trim) => yang::trim_defaults(&mut wanted),
        Some(WithDefaults::ReportAllTagged) => {
            yang::add_defaults(&mut wanted);
            yang::write_xml_tagged(&SCHEMA, &wanted, &mut text);
            return Answer::Data(text);
        }
        Some(WithDefaults::Explicit) | None => {}
    }
    write_xml(&SCHEMA, &wanted, &mut text);
    Answer::Data(text)
}

/// Whether this session may change a datastore.
fn writable(turn: &Turn<'_>, id: SessionId, target: Target) -> Result<(), Error> {
    super::writable(turn.state, Some(number(turn, id)), target)
}

fn edit_config(turn: &mut Turn<'_>, id: SessionId, edit: Edit) -> Result<Answer, Error> {
    writable(turn, id, edit.target)?;
    let default = match edit.default {
        DefaultOperation::Merge => Operation::Merge,
        DefaultOperation::Replace => Operation::Replace,
        DefaultOperation::Nothing => Operation::Nothing,
    };
    let user = user(turn, id);
    if edit.test == TestOption::TestOnly {
        exists(turn, edit.target)?;
        candidate::try_out(turn, editor(&user), (&edit.config, default))?;
        return Ok(Answer::Ok);
    }
    match edit.target {
        Target::Running if has_candidate(turn.state) => {
            return Err(unsupported("writing to the running datastore").element("running"));
        }
        Target::Running => models::edit(turn, editor(&user), &edit.config, default)?,
        Target::Candidate if has_candidate(turn.state) => {
            candidate::edit(turn, editor(&user), &edit.config, default)?;
        }
        Target::Candidate => {
            return Err(unsupported("the candidate datastore").element("candidate"));
        }
        Target::Startup => return Err(unsupported("editing the startup datastore")),
    }
    Ok(Answer::Ok)
}

fn copy(
    turn: &mut Turn<'_>,
    id: SessionId,
    source: Target,
    target: Target,
) -> Result<Answer, Error> {
    if source == target {
        let error = Error::new(Tag::InvalidValue, "source and target are the same");
        return Err(error.of(ErrorKind::Protocol));
    }
    writable(turn, id, target)?;
    if (source, target) == (Target::Running, Target::Startup) {
        return carry_out(turn, id, Asked::SaveConfig);
    }
    let data = datastore(turn, source, &Tops::All)?;
    put(turn, id, target, &data)
}

fn put(
    turn: &mut Turn<'_>,
    id: SessionId,
    target: Target,
    data: &[Element],
) -> Result<Answer, Error> {
    let user = user(turn, id);
    match target {
        Target::Running => models::put(turn, editor(&user), data)?,
        Target::Candidate if has_candidate(turn.state) => {
            candidate::replace(turn, editor(&user), data)?;
        }
        Target::Candidate => return Err(unsupported("the candidate datastore")),
        Target::Startup => return Err(unsupported("writing to the startup datastore")),
    }
    Ok(Answer::Ok)
}

fn lock(turn: &mut Turn<'_>, id: SessionId, target: Target) -> Result<Answer, Error> {
    exists(turn, target)?;
    let own = number(turn, id);
    let denied = |holder: u32, message: &str| {
        let mut error = Error::new(Tag::LockDenied, message).of(ErrorKind::Protocol);
        error.session = Some(holder);
        Err(error)
    };
    let holder = turn.state.netconf.locks.iter().find(|(held, ..)| *held == target);
    if let Some((_, holder, _)) = holder {
        return denied(*holder, "Lock failed, lock is already held");
    }
    // RFC 6241 section 8.3.5.2.
    if target == Target::Candidate && candidate::is_changed(turn.state) {
        return denied(0, "the candidate datastore has changes that are not committed");
    }
    let now = turn.now;
    turn.state.netconf.locks.push((target, own, now));
    Ok(Answer::Ok)
}

fn unlock(turn: &mut Turn<'_>, id: SessionId, target: Target) -> Result<Answer, Error> {
    exists(turn, target)?;
    let own = number(turn, id);
    let locks = &mut turn.state.netconf.locks;
    let before = locks.len();
    locks.retain(|(held, by, _)| (*held, *by) != (target, own));
    if locks.len() == before {
        let error = Error::new(Tag::OperationFailed, "this session does not hold the lock");
        return Err(error.of(ErrorKind::Protocol));
    }
    if target == Target::Candidate {
        candidate::discard(turn.state);
    }
    Ok(Answer::Ok)
}

fn kill(turn: &mut Turn<'_>, id: SessionId, session: u32) -> Result<Answer, Error> {
    let wrong = |message: &str| {
        let error = Error::new(Tag::InvalidValue, message).of(ErrorKind::Protocol);
        Err(error.element("session-id"))
    };
    if session == number(turn, id) {
        return wrong("a session cannot kill itself");
    }
    let all = &turn.state.netconf.sessions;
    let Some(other) = all.iter().find(|(_, client)| client.id == session).map(|(id, _)| *id) else {
        return wrong("no such session");
    };
    super::close(turn, other);
    turn.out.push(Output::SessionClose { session: other, status: 1 });
    Ok(Answer::Ok)
}

fn schema(name: &str, version: Option<String>, format: Option<String>) -> Result<Answer, Error> {
    let wrong = |tag, message: &str, element: &str| {
        Err(Error::new(tag, message).of(ErrorKind::Application).element(element))
    };
    let bare = format.as_deref().map(|format| format.rsplit(':').next().unwrap_or(format));
    if bare.is_some_and(|format| format != "yang") {
        return wrong(Tag::InvalidValue, "only yang is here", "format");
    }
    match models::schema_text(name, version.as_deref()) {
        Some(text) => Ok(Answer::Text(MONITORING, text)),
        None => wrong(Tag::InvalidValue, "no such schema", "identifier"),
    }
}

fn subscribe(turn: &mut Turn<'_>, id: SessionId, stream: Option<String>) -> Result<Answer, Error> {
    if stream.is_some_and(|stream| stream != "NETCONF") {
        let error = Error::new(Tag::InvalidValue, "no such stream").of(ErrorKind::Protocol);
        return Err(error.element("stream"));
    }
    let Some(client) = turn.state.netconf.sessions.get_mut(&id) else {
        return Ok(Answer::Ok);
    };
    if std::mem::replace(&mut client.is_subscribed, true) {
        let error = Error::new(Tag::OperationFailed, "there is a subscription already");
        return Err(error.of(ErrorKind::Protocol));
    }
    Ok(Answer::Ok)
}
