//! What can happen to a mail between its router and the server.

use iosxe::{Mail, MailFailure};
use simtime::{Duration, Time};

use super::{Waiting, add, hit};
use crate::{Lab, NodeId};

/// What it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MailFault {
    Unreachable,
    Silent,
    Refused,
}

/// The words of scenarios.
pub(crate) const MAIL_FAULTS: [(&str, MailFault); 3] = [
    ("unreachable", MailFault::Unreachable),
    ("silent", MailFault::Silent),
    ("refused", MailFault::Refused),
];

impl Lab {
    /// A fault begins to lie in wait for mails.
    pub(crate) fn await_mail(&mut self, now: Time, node: NodeId, new: Waiting<MailFault>) {
        add(&mut self.faults.nodes.entry(node).or_default().mail, now, new);
    }

    /// A router sends a mail: how it fails, and when, if a fault hits it.
    pub(crate) fn meet_mail_fault(
        &mut self,
        now: Time,
        node: NodeId,
        mail: &Mail,
    ) -> Option<(Time, MailFailure)> {
        let at = self.faults.nodes.get_mut(&node)?;
        let chance = &mut self.routers[node.0 as usize].chance;
        let fault = hit(&mut at.mail, now, chance, |_| true)?;
        let (after, failure) = match fault.fault {
            MailFault::Unreachable => (Duration::ZERO, MailFailure::Connect),
            MailFault::Silent => (mail.timeout, MailFailure::Timeout),
            MailFault::Refused => (Duration::ZERO, MailFailure::Refused),
        };
        Some((now + after, failure))
    }
}
