//! RESTCONF: requests of programs, over the router's one model.
//!
//! Paths, methods and replies are the `restconf` crate's, data and edits are [`crate::models`]'.
//! What this folder adds is what a router does: who is let in, and what is logged.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ::netconf::Target;
use restconf::{Datastore, Media, Request, Response};
use serde_json::{Map, Value};
use yang::{Element, Error, ErrorKind, Operation, Schema, Tag, Tops};

use crate::config;
use crate::device::{Device, State};
use crate::feature::netconf::{self, Refused, cisco_ia};
use crate::io::{Output, Proof, SessionId};
use crate::models::{self, Editor, SCHEMA};
use crate::session::Door;
use crate::turn::Turn;

/// As messages name the way in.
const DOOR: &str = "rest over http";

/// Connections whose user is remembered.
const CONNECTIONS_MAX: usize = 256;

/// RESTCONF of one router.
#[derive(Debug, Default)]
pub(crate) struct Restconf {
    /// Who has been let in on which connection: said once.
    known: BTreeMap<SessionId, String>,
}

impl Restconf {
    /// A connection is over.
    pub(crate) fn left(&mut self, session: SessionId) {
        self.known.remove(&session);
    }
}

impl Device {
    /// Whether it takes connections for RESTCONF: `restconf` and `ip http secure-server`.
    pub fn takes_restconf(&self) -> bool {
        !self.state.reload.is_down() && is_on(&self.state)
    }
}

fn is_on(state: &State) -> bool {
    let has = |line: &str| state.inert.lines(line).any(str::is_empty);
    has("restconf") && state.http.secure_port().is_some()
}

/// A client asks something.
pub(crate) fn asked(
    turn: &mut Turn<'_>,
    session: SessionId,
    (peer, authorization): (IpAddr, Option<&str>),
    request: &Request,
) {
    if !is_on(turn.state) {
        return closed(turn, session);
    }
    let response = match let_in(turn, session, (peer, authorization), request) {
        Ok(user) => restconf::serve(&mut Store { turn, user: &user }, request),
        Err(response) => *response,
    };
    turn.out.push(Output::Restconf { session, response });
}

/// Nobody serves here.
pub(crate) fn closed(turn: &mut Turn<'_>, session: SessionId) {
    let error = Error::new(Tag::ResourceDenied, "RESTCONF is not served").of(ErrorKind::Transport);
    let response = restconf::refusal(503, Media::Json, &error);
    turn.out.push(Output::Restconf { session, response });
}

/// The user who asks; nobody where everybody may ask.
fn let_in(
    turn: &mut Turn<'_>,
    session: SessionId,
    (peer, authorization): (IpAddr, Option<&str>),
    request: &Request,
) -> Result<String, Box<Response>> {
    if request.path == restconf::HOST_META {
        return Ok(String::new());
    }
    let media = Media::accepted(request.accept.as_deref()).unwrap_or(Media::Json);
    let access = Error::new(Tag::AccessDenied, "access denied").of(ErrorKind::Protocol);
    let denied = || Box::new(restconf::unauthorized(media, &access));
    let Some((user, password)) = authorization.and_then(restconf::basic) else {
        return Err(denied());
    };
    match netconf::admits(turn.state, &user, Proof::Password(&password)) {
        Ok(()) => {}
        Err(Refused::Unknown) => {
            netconf::refused(turn, &user, peer, DOOR);
            return Err(denied());
        }
        Err(Refused::Privilege) => {
            return Err(Box::new(restconf::refusal(403, media, &access)));
        }
    }
    if turn.state.restconf.known.get(&session) != Some(&user) {
        netconf::authenticated(turn, &user, peer, DOOR);
        let known = &mut turn.state.restconf.known;
        if known.len() < CONNECTIONS_MAX {
            known.insert(session, user.clone());
        }
    }
    Ok(user)
}

/// The router as RESTCONF sees it.
struct Store<'t, 'a, 'u> {
    turn: &'t mut Turn<'a>,
    user: &'u str,
}

impl<'u> Store<'_, '_, 'u> {
    fn editor(&self) -> Editor<'u> {
        Editor { user: self.user, door: Door::Restconf }
    }
}

/// Its operations.
const OPERATIONS: [&str; 3] = ["cisco-ia:save-config", "cisco-ia:rollback", "cisco-ia:sync-from"];

impl Datastore for Store<'_, '_, '_> {
    fn schema(&self) -> &'static Schema {
        &SCHEMA
    }

    fn read(&self, content: restconf::Content, tops: &Tops) -> Vec<Element> {
        let state = &*self.turn.state;
        match content {
            restconf::Content::Config => models::running(state, tops),
            restconf::Content::NonConfig => models::state(state, self.turn.now, tops),
            restconf::Content::All => models::everything(state, self.turn.now, tops),
        }
    }

    fn tag(&self) -> String {
        let text = config::running_text(self.turn.state);
        format!("\"{:x}\"", md5::compute(text))
    }

    fn modified(&self) -> String {
        let state = &*self.turn.state;
        let changed = state.running.changed.as_ref().map(|change| change.at);
        state.clock.http_date(changed.unwrap_or_else(|| state.system.started()))
    }

    fn edit(&mut self, changes: &[Element]) -> Result<(), Error> {
        netconf::writable(self.turn.state, None, Target::Running)?;
        models::edit(self.turn, self.editor(), changes, Operation::Merge)
    }

    fn operations(&self) -> &'static [&'static str] {
        &OPERATIONS
    }

    fn operate(&mut self, name: &str, input: &Map<String, Value>) -> Result<Option<Value>, Error> {
        let done = |text: &str| Ok(Some(serde_json::json!({ "result": text })));
        match name {
            "cisco-ia:save-config" => {
                let editor = self.editor();
                cisco_ia::save(self.turn, editor, None)?;
                done("Save running-config successful")
            }
            "cisco-ia:rollback" => {
                let url = input.iter().find(|(name, _)| name.ends_with("target-url"));
                let Some(url) = url.and_then(|(_, url)| url.as_str()) else {
                    let error = Error::new(Tag::MissingElement, "target-url is missing");
                    return Err(error.element("target-url"));
                };
                cisco_ia::rollback(self.turn, None, url)?;
                done("Rollback successful")
            }
            // There is one model: it is never out of step.
            "cisco-ia:sync-from" => done("Sync-from successful"),
            _ => Err(Error::new(Tag::OperationNotSupported, "no such operation")),
        }
    }
}
