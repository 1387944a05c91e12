//! The router's end of a session: bytes in, requests out.

use yang::Schema;

use crate::framing::{Decoder, Version, frame};
use crate::hello::{BASE_1_0, BASE_1_1, Hello};
use crate::reply::Answer;
use crate::request::Request;

/// What came of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// The client has said hello.
    Hello,
    /// It asks for something.
    Request(Box<Request>),
    /// The session cannot go on: why.
    Broken(String),
}

/// The router's end of a session.
#[derive(Debug)]
pub struct Session {
    schema: &'static Schema,
    decoder: Decoder,
    is_greeted: bool,
    is_broken: bool,
}

impl Session {
    /// A session that waits for the client's hello.
    pub fn new(schema: &'static Schema) -> Self {
        Session { schema, decoder: Decoder::default(), is_greeted: false, is_broken: false }
    }

    /// The bytes of the router's hello.
    pub fn greeting(hello: &Hello) -> Vec<u8> {
        frame(Version::V1_0, &hello.text())
    }

    /// Whether the client has said hello.
    pub fn is_greeted(&self) -> bool {
        self.is_greeted
    }

    /// Takes bytes as they came; what they are.
    pub fn receive(&mut self, bytes: &[u8]) -> Vec<Received> {
        let mut received = Vec::new();
        if self.is_broken {
            return received;
        }
        self.decoder.push(bytes);
        loop {
            match self.decoder.next_message() {
                Ok(None) => break,
                // Some clients send a newline behind the end of a message.
                Ok(Some(text)) if text.trim().is_empty() => {}
                Ok(Some(text)) if self.is_greeted => {
                    let request = Request::read(self.schema, &text);
                    received.push(Received::Request(Box::new(request)));
                }
                Ok(Some(text)) => match self.greeted(&text) {
                    Ok(()) => received.push(Received::Hello),
                    Err(why) => {
                        received.push(self.broken(why));
                        break;
                    }
                },
                Err(error) => {
                    received.push(self.broken(error.to_string()));
                    break;
                }
            }
        }
        received
    }

    /// The bytes of a message.
    pub fn message(&self, text: &str) -> Vec<u8> {
        frame(self.decoder.version(), text)
    }

    /// The bytes of a reply.
    pub fn reply(&self, request: &Request, answer: &Answer) -> Vec<u8> {
        self.message(&answer.text(&request.attributes))
    }

    fn greeted(&mut self, text: &str) -> Result<(), String> {
        let hello = Hello::read(text).ok_or("the first message is no hello")?;
        if hello.session.is_some() {
            return Err("a client's hello has no session-id".to_owned());
        }
        match (hello.has(BASE_1_1), hello.has(BASE_1_0)) {
            (true, _) => self.decoder.set_version(Version::V1_1),
            (false, true) => {}
            (false, false) => return Err("no version of the base protocol in common".to_owned()),
        }
        self.is_greeted = true;
        Ok(())
    }

    fn broken(&mut self, why: String) -> Received {
        self.is_broken = true;
        Received::Broken(why)
    }
}
