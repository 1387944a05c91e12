//! The last steps of a check: NETCONF as far as its hello, RESTCONF as far as its root.

use std::sync::Arc;
use std::time::Duration;

use automation::SessionFailure;
use netconf::{BASE_1_1, Client, Heard, Hello};
use restconf::{Media, Method, Request};
use russh::ChannelMsg;

use super::Finding;
use super::probe::{bounded, explain};
use crate::connect::{
    KnownHosts, Login, RestTarget, Target, connect_tcp, handshake_failure, request,
};

/// How long RESTCONF may take to answer, in milliseconds.
const ANSWER_MS_MAX: u64 = 10_000;

/// Logs in, and hears the device's hello.
pub(super) async fn netconf(target: &Target, known: &Arc<KnownHosts>) -> Finding {
    let said = bounded(hello(target, known)).await.map(|hello| {
        let version = if hello.has(BASE_1_1) { "1.1" } else { "1.0" };
        let count = hello.capabilities.len();
        format!("{}, base {version}, {count} capabilities", target.address)
    });
    finding("netconf", said)
}

/// Asks for the root, with user and password.
pub(super) async fn restconf(target: &RestTarget) -> Finding {
    let asked = Request {
        method: Method::Get,
        path: "/restconf".to_owned(),
        query: String::new(),
        accept: Some(Media::Json.as_str().to_owned()),
        content_type: None,
        if_match: None,
        if_none_match: None,
        body: Vec::new(),
    };
    let answer = request(target, &asked, Duration::from_millis(ANSWER_MS_MAX)).await;
    let said = match answer {
        Ok(response) if response.status == 401 => Err(SessionFailure::Refused),
        Ok(response) if response.status != 200 => {
            let words = format!("{target}: HTTP {} for /restconf", response.status);
            Err(SessionFailure::Unreachable(words))
        }
        Ok(response) => Ok(format!("{}, HTTP {}", target.address, response.status)),
        Err((failure, _)) => Err(failure),
    };
    finding("restconf", said)
}

fn finding(check: &'static str, said: Result<String, SessionFailure>) -> Finding {
    match said {
        Ok(detail) => Finding { check, ok: true, detail, hint: None },
        Err(failure) => {
            // Whether it is the port that is closed, the detail tells.
            let (detail, hint) = explain("tcp", failure);
            Finding { check, ok: false, detail, hint: Some(hint.to_owned()) }
        }
    }
}

async fn hello(target: &Target, known: &Arc<KnownHosts>) -> Result<Hello, SessionFailure> {
    let stream = connect_tcp(target).await?;
    let handshake = Login::handshake(stream, target, known).await;
    let mut login = handshake.map_err(|error| handshake_failure(target, error))?;
    login.log_in(target).await?;
    let mut shell = login.open_shell(target).await?;
    let broke = |why: String| SessionFailure::NoNetconf(format!("{target}: {why}"));
    let greeting = shell.write.data_bytes(Client::greeting()).await;
    greeting.map_err(|error| broke(error.to_string()))?;
    let mut client = Client::default();
    let mut heard = client.receive(&shell.early);
    loop {
        match heard.into_iter().next() {
            Some(Heard::Hello(hello)) => {
                let farewell = client.request("<close-session/>");
                // The device may go first.
                let _ = shell.write.data_bytes(farewell).await;
                shell.login.leave().await;
                return Ok(hello);
            }
            Some(Heard::Broken(why)) => return Err(broke(why)),
            Some(Heard::Reply(_)) | None => {}
        }
        heard = match shell.read.wait().await {
            Some(ChannelMsg::Data { data }) => client.receive(&data),
            Some(ChannelMsg::Eof | ChannelMsg::Close) | None => {
                return Err(broke("it closed the session before its hello".to_owned()));
            }
            Some(_) => Vec::new(),
        };
    }
}
