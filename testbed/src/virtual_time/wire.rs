//! What can be on its way between the two sides: the owned form of their inputs.

use std::net::IpAddr;

use automation::{
    DeliveryId, HttpFailure, HttpResponse, Login, PersistId, Place, SessionFailure, SessionId,
    Written,
};
use lab::{HttpOutcome, LoginVerdict, Post, PostId};

/// One thing on its way.
#[derive(Debug)]
pub(super) enum Wire {
    /// A webhook, to the listener.
    Webhook(Post),
    /// One that a slow listener hears of only now.
    Late(Post),
    /// A line of syslog, to the listener.
    Line { place: Place, peer: IpAddr, bytes: Vec<u8> },
    /// The end of a post, to the router that sent it.
    Answer { post: PostId, outcome: HttpOutcome },
    /// A router's patience with a delivery ends.
    PostTimeout(DeliveryId),
    /// The journal's word, to the automation.
    Committed { persist: PersistId, stored: Result<(), String> },
    /// A mail's server has taken it.
    Mailed { letter: lab::LetterId },
    /// A login with the inventory's credentials, or those of a request, to a router.
    Login { session: SessionId, node: String, login: Option<Box<Login>> },
    /// A router's verdict, to the automation.
    LoggedIn { session: SessionId, verdict: LoginVerdict },
    /// There is nobody to log in to.
    OpenFailed { session: SessionId, failure: SessionFailure },
    /// A request over RESTCONF with such credentials, to a router.
    Request {
        session: SessionId,
        node: String,
        login: Option<Box<Login>>,
        request: restconf::Request,
    },
    /// Its answer, to the automation.
    Answered { session: SessionId, response: restconf::Response },
    /// There is none.
    NotAnswered { session: SessionId, failure: SessionFailure, sent: bool },
    /// What stands in for an API answers, or nothing does.
    Api { session: SessionId, answer: Result<HttpResponse, HttpFailure> },
    /// What became of a file.
    Written { session: SessionId, written: Result<Written, String> },
    /// Bytes, to a router.
    ToDevice { session: SessionId, bytes: Vec<u8> },
    /// Bytes, to the automation.
    FromDevice { session: SessionId, bytes: Vec<u8> },
    /// The automation hung up.
    ClosedByListener { session: SessionId },
    /// The router hung up.
    ClosedByDevice { session: SessionId },
}
