//! The client's end of a session: bytes in, replies out.
//!
//! Used by the listener's side over an SSH channel with the subsystem `netconf`. One request at a
//! time waits for its reply; whatever else the router says ends the session, notifications aside.

use serde_json::Value;

use crate::framing::{Decoder, Version, frame};
use crate::hello::{BASE, BASE_1_0, BASE_1_1, Hello};
use crate::json::json_of_children;
use crate::reply::Reply;

/// What came of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The router has said hello, and requests can be sent.
    Hello(Hello),
    /// It answers what was asked.
    Reply(Box<Heeded>),
    /// The session cannot go on: why.
    Broken(String),
}

/// A reply to what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heeded {
    /// The reply.
    pub reply: Reply,
    /// What it holds as JSON; `None` of a mere `ok`.
    pub json: Option<Value>,
}

/// The client's end of a session.
#[derive(Debug, Default)]
pub struct Client {
    decoder: Decoder,
    is_greeted: bool,
    is_broken: bool,
    /// How many requests were sent.
    sent: u64,
    /// Whether the last of them has no reply yet.
    is_waiting: bool,
}

impl Client {
    /// The bytes of the client's hello: RFC 6241 section 8.1, with both versions of the base.
    pub fn greeting() -> Vec<u8> {
        let capabilities = [BASE_1_0, BASE_1_1].map(str::to_owned).to_vec();
        frame(Version::V1_0, &Hello { capabilities, session: None }.text())
    }

    /// Whether the router has said hello.
    pub fn is_greeted(&self) -> bool {
        self.is_greeted
    }

    /// How many bytes came that are no whole message yet.
    pub fn pending_bytes(&self) -> usize {
        self.decoder.pending_bytes()
    }

    /// The bytes of a request: one element, which is put into an `rpc` with the next number.
    pub fn request(&mut self, operation: &str) -> Vec<u8> {
        self.sent += 1;
        self.is_waiting = true;
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rpc xmlns=\"{BASE}\" \
             message-id=\"{}\">{operation}</rpc>",
            self.sent
        );
        frame(self.decoder.version(), &text)
    }

    /// Takes bytes as they came; what they are.
    pub fn receive(&mut self, bytes: &[u8]) -> Vec<Heard> {
        let mut heard = Vec::new();
        if self.is_broken {
            return heard;
        }
        self.decoder.push(bytes);
        loop {
            let message = match self.decoder.next_message() {
                Ok(None) => break,
                Ok(Some(text)) => self.message(&text),
                Err(error) => Err(error.to_string()),
            };
            match message {
                Ok(None) => {}
                Ok(Some(one)) => heard.push(one),
                Err(why) => {
                    self.is_broken = true;
                    heard.push(Heard::Broken(why));
                    break;
                }
            }
        }
        heard
    }

    fn message(&mut self, text: &str) -> Result<Option<Heard>, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        if !self.is_greeted {
            return self.greeted(text).map(|hello| Some(Heard::Hello(hello)));
        }
        let document = crate::xml::parse(text).map_err(|why| why.to_string())?;
        let root = document.root_element();
        match root.tag_name().name() {
            "rpc-reply" => {}
            // RFC 5277: nobody here has subscribed, and a router may think otherwise.
            "notification" => return Ok(None),
            name => return Err(format!("`{name}` is no reply")),
        }
        let reply = Reply::read(text).ok_or("a reply of another namespace")?;
        // An rpc that could not be read is answered without its number (RFC 6241 section 4.3).
        let is_ours = reply.message_id.as_ref().is_none_or(|id| *id == self.sent.to_string());
        if !self.is_waiting || !is_ours {
            let id = reply.message_id.unwrap_or_default();
            return Err(format!("a reply to message `{id}`, which does not wait for one"));
        }
        self.is_waiting = false;
        let json = json_of_children(root);
        Ok(Some(Heard::Reply(Box::new(Heeded { reply, json }))))
    }

    fn greeted(&mut self, text: &str) -> Result<Hello, String> {
        let hello = Hello::read(text).ok_or("the first message is no hello")?;
        // RFC 6241 section 8.1: a router's hello without its session's number is none.
        if hello.session.is_none() {
            return Err("the router's hello has no session-id".to_owned());
        }
        match (hello.has(BASE_1_1), hello.has(BASE_1_0)) {
            (true, _) => self.decoder.set_version(Version::V1_1),
            (false, true) => {}
            (false, false) => return Err("no version of the base protocol in common".to_owned()),
        }
        self.is_greeted = true;
        Ok(hello)
    }
}
