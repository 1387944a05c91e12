//! Mails on their way: who waits for which.
//!
//! Each is handed to its server once. A router has at most one mail for each applet that runs, so
//! that there is no bound of its own here.

use std::collections::BTreeMap;

use fact::{Kind, TraceId};
use iosxe::{Mail, MailFailure, MailId};
use simtime::Time;

use crate::lab::Event;
use crate::{Lab, LetterId, NodeId, Outbox, Output};

/// The mails that have not ended.
#[derive(Debug, Default)]
pub(crate) struct Letters {
    last: u64,
    waiting: BTreeMap<LetterId, Letter>,
}

#[derive(Debug)]
struct Letter {
    node: NodeId,
    mail: MailId,
    server: String,
    trace: Option<TraceId>,
}

impl Letters {
    /// The router has lost its power: it waits for nothing.
    pub(crate) fn forget(&mut self, node: NodeId) {
        self.waiting.retain(|_, letter| letter.node != node);
    }
}

impl Lab {
    /// A router hands over a mail.
    pub(crate) fn mailed(&mut self, now: Time, node: NodeId, mail: Mail, out: &mut Outbox) {
        self.letters.last += 1;
        let letter = LetterId(self.letters.last);
        let sent = Kind::MailSent {
            server: mail.host.clone(),
            from: mail.from.clone(),
            to: mail.to.iter().chain(&mail.cc).cloned().collect(),
            subject: mail.subject.clone(),
            body: mail.body.clone(),
        };
        self.say(now, node, sent, mail.trace, out);
        let (server, trace) = (mail.host.clone(), mail.trace);
        self.letters.waiting.insert(letter, Letter { node, mail: mail.mail, server, trace });
        match self.meet_mail_fault(now, node, &mail) {
            Some((at, failure)) => {
                self.schedule.set(at, node, Event::MailFailed(letter, failure));
            }
            None => out.0.push(Output::Mail { letter, node, mail }),
        }
    }

    /// A mail ended. One that nobody waits for any more is ignored.
    pub(crate) fn mail_ended(
        &mut self,
        now: Time,
        letter: LetterId,
        outcome: Result<(), MailFailure>,
        out: &mut Outbox,
    ) {
        let Some(waiting) = self.letters.waiting.remove(&letter) else { return };
        let Letter { node, mail, server, trace } = waiting;
        let error = outcome.as_ref().err().map(ToString::to_string);
        self.say(now, node, Kind::MailAnswered { server, error }, trace, out);
        self.tell(now, node, iosxe::Input::MailOutcome { mail, outcome }, out);
    }
}
