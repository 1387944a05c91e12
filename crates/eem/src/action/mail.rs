//! `action L mail server S to T from F [cc C] subject "S" [body "B"]`: hands a mail to the router.
//! What cannot be sent ends the run.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

use crate::{Answer, Mail, Request, Text};

#[derive(Debug)]
struct SendMail {
    server: Text,
    to: Text,
    from: Text,
    cc: Option<Text>,
    subject: Text,
    body: Option<Text>,
    /// Kept: the mail leaves by the host's network.
    source_interface: Option<Text>,
    /// The same.
    vrf: Option<Text>,
}

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    const OPTIONS: [&str; 8] =
        ["body", "cc", "from", "server", "source-interface", "subject", "to", "vrf"];
    let mut given: [Option<Text>; OPTIONS.len()] = Default::default();
    while !reader.is_at_end() {
        let (option, word) = reader.choose(&OPTIONS, |name| name)?;
        let at = OPTIONS.iter().position(|name| name == option).unwrap_or_default();
        if given[at].replace(reader.text()?).is_some() {
            return Err(word.problem(crate::Fault::Invalid));
        }
    }
    let [body, cc, from, server, source_interface, subject, to, vrf] = given;
    let (Some(server), Some(to), Some(from), Some(subject)) = (server, to, from, subject) else {
        return Err(reader.incomplete());
    };
    Ok(Arc::new(SendMail { server, to, from, cc, subject, body, source_interface, vrf }))
}

impl Action for SendMail {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let optional = |frame: &Frame<'_>, text: &Option<Text>| {
            text.as_ref().map(|text| frame.expand(text)).transpose()
        };
        let mail = Mail {
            server: frame.expand(&self.server)?,
            to: frame.expand(&self.to)?,
            from: frame.expand(&self.from)?,
            cc: optional(frame, &self.cc)?,
            subject: frame.expand(&self.subject)?,
            body: optional(frame, &self.body)?.unwrap_or_default(),
        };
        Ok(Next::Ask(Request::Mail(mail)))
    }

    fn answered(&self, frame: &mut Frame<'_>, answer: Answer) -> Result<Next, Failure> {
        match answer {
            Answer::Failed(reason) => {
                let server = frame.expand(&self.server)?;
                // `user:password@host`: only the host is anybody's business.
                let host = server.rsplit('@').next().unwrap_or_default().to_owned();
                Err(Failure::Mail { host, reason })
            }
            Answer::Done | Answer::Text(_) | Answer::Cli(_) => Ok(Next::Advance),
        }
    }
}

impl fmt::Display for SendMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mail server {} to {} from {}", self.server, self.to, self.from)?;
        self.cc.iter().try_for_each(|cc| write!(f, " cc {cc}"))?;
        write!(f, " subject {}", self.subject)?;
        self.body.iter().try_for_each(|body| write!(f, " body {body}"))?;
        let port = self.source_interface.as_ref();
        port.iter().try_for_each(|port| write!(f, " source-interface {}", port.bare()))?;
        self.vrf.iter().try_for_each(|vrf| write!(f, " vrf {}", vrf.bare()))
    }
}
