//! One request: from HTTP to the value that a router is asked, and its answer back.
//!
//! Called by hyper for each request of a connection. What it refuses itself is what no router gets
//! to see: a body that is too large, or too slow.

use std::borrow::Cow;
use std::net::IpAddr;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{
    ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MATCH,
    IF_NONE_MATCH, SERVER,
};
use hyper::{Request, Response, StatusCode};
use lab::{NodeId, SessionId};
use restconf::Unread;
use secrecy::SecretString;
use tokio::time::timeout;

use crate::live::mailbox::{Asked, Mailbox, Message};
use host::http::{Held, Place};

/// The largest body of a request, in bytes; a larger one is 413.
const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// What stands before a router's RESTCONF.
const FRONT: HeaderValue = HeaderValue::from_static("nginx");

/// Whom a connection is to, and whose.
#[derive(Clone, Debug)]
pub(super) struct Asker {
    pub(super) node: NodeId,
    pub(super) session: SessionId,
    pub(super) peer: IpAddr,
    pub(super) mailbox: Mailbox,
}

/// The router says nothing, not even that: the connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the router does not answer")]
pub(super) struct Silent;

/// Answers one request.
pub(super) async fn answer(
    request: Request<Incoming>,
    asker: &Asker,
    place: &Place,
) -> Result<Response<Full<Bytes>>, Silent> {
    let (head, body) = request.into_parts();
    let accept = all(&head.headers, &ACCEPT);
    let (body, _held) = match read(body, place).await {
        Ok(read) => read,
        Err(Some(why)) => return Ok(refused(why, accept.as_deref())),
        Err(None) => return Err(Silent),
    };
    let one = |name| head.headers.get(name).map(|value| text(value).into_owned());
    let authorization = one(AUTHORIZATION).map(SecretString::from);
    let request = restconf::Request {
        method: restconf::Method::named(head.method.as_str()),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        accept,
        content_type: one(CONTENT_TYPE),
        if_match: all(&head.headers, &IF_MATCH),
        if_none_match: all(&head.headers, &IF_NONE_MATCH),
        body,
    };
    let Asker { node, session, peer, .. } = *asker;
    let request = Box::new(request);
    let ask =
        |answer| Message::Restconf(Asked { node, session, peer, authorization, request, answer });
    let response = asker.mailbox.ask(ask).await.ok().flatten().ok_or(Silent)?;
    place.now_idle();
    Ok(to_http(response))
}

/// The body, and the room that it takes until the request is answered. The error is what is to be
/// said of it; nothing to a client that is gone.
async fn read(
    mut body: Incoming,
    place: &Place,
) -> Result<(Vec<u8>, Option<Held>), Option<Unread>> {
    if !place.now_sending() {
        return Err(Some(Unread::NoRoom));
    }
    if body.size_hint().lower() > BODY_BYTES_MAX as u64 {
        return Err(Some(Unread::TooLarge));
    }
    let reading = async {
        let mut bytes = Vec::new();
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|_| None)?.into_data() else { continue };
            if bytes.len() + data.len() > BODY_BYTES_MAX {
                return Err(Some(Unread::TooLarge));
            }
            if !place.take(data.len()) {
                return Err(Some(Unread::NoRoom));
            }
            bytes.extend_from_slice(&data);
        }
        Ok(bytes)
    };
    let bound: Duration = place.bounds().body;
    let bytes = timeout(bound, reading).await.unwrap_or(Err(Some(Unread::TooSlow)))?;
    Ok((bytes, place.sent()))
}

/// What the front of a router says of a body that it did not take.
fn refused(why: Unread, accept: Option<&str>) -> Response<Full<Bytes>> {
    let mut response = to_http(restconf::unread(why, accept));
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

fn to_http(response: restconf::Response) -> Response<Full<Bytes>> {
    let restconf::Response { status, headers, body } = response;
    let mut http = Response::new(Full::new(Bytes::from(body)));
    *http.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        // A name of ours, and a value that may hold what a client gave: what is none is left out.
        if let Ok(value) = HeaderValue::from_str(&value) {
            http.headers_mut().append(HeaderName::from_static(name), value);
        }
    }
    http.headers_mut().insert(SERVER, FRONT);
    http
}

/// All values of a header that is a list (RFC 9110, section 5.3).
fn all(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<Cow<'_, str>> = headers.get_all(name).iter().map(text).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn text(value: &HeaderValue) -> Cow<'_, str> {
    String::from_utf8_lossy(value.as_bytes())
}
