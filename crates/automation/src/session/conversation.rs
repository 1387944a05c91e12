//! What is spoken on a session: the command line or NETCONF, told of the same things.

use simtime::Time;

use super::driver::{Driver, Plan, Told};
use super::netconf::Netconf;
use crate::record::NetconfCall;

/// One session's driver.
#[derive(Debug)]
pub(crate) enum Conversation {
    /// The command line.
    Shell(Box<Driver>),
    /// NETCONF.
    Netconf(Box<Netconf>),
}

impl Conversation {
    /// Begins on a command line.
    pub(crate) fn shell(plan: Plan, now: Time, told: &mut Vec<Told>) -> Self {
        Conversation::Shell(Box::new(Driver::start(plan, now, told)))
    }

    /// Begins on a NETCONF session.
    pub(crate) fn netconf(call: NetconfCall, now: Time, told: &mut Vec<Told>) -> Self {
        Conversation::Netconf(Box::new(Netconf::start(call, now, told)))
    }

    /// When [`Conversation::deadline`] wants to be called.
    pub(crate) fn next_deadline(&self) -> Option<Time> {
        match self {
            Conversation::Shell(driver) => driver.next_deadline(),
            Conversation::Netconf(driver) => driver.next_deadline(),
        }
    }

    /// Whether something was sent whose answer did not come.
    pub(crate) fn is_unanswered(&self) -> bool {
        match self {
            Conversation::Shell(driver) => driver.is_unanswered(),
            Conversation::Netconf(driver) => driver.is_unanswered(),
        }
    }

    /// Why the device hung up, if it said so.
    pub(crate) fn last_words(&self) -> Option<String> {
        match self {
            Conversation::Shell(driver) => driver.last_words(),
            Conversation::Netconf(_) => None,
        }
    }

    /// Bytes came.
    pub(crate) fn bytes(&mut self, now: Time, bytes: &[u8], told: &mut Vec<Told>) {
        match self {
            Conversation::Shell(driver) => driver.bytes(now, bytes, told),
            Conversation::Netconf(driver) => driver.bytes(now, bytes, told),
        }
    }

    /// A deadline came.
    pub(crate) fn deadline(&mut self, now: Time, told: &mut Vec<Told>) {
        match self {
            Conversation::Shell(driver) => driver.deadline(now, told),
            Conversation::Netconf(driver) => driver.deadline(now, told),
        }
    }
}
