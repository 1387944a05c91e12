//! Many routers and what happens to them: links, scenarios, expectations, delivery.
//!
//! Driven by the simulator's live loop and by the testbed's virtual queue. A lab is a value: it
//! never opens a socket and never reads a clock.

mod build;
mod check;
mod checker;
mod delivery;
mod expectation;
mod exposure;
mod faults;
mod floor;
mod interface_name;
mod io;
mod judge;
mod lab;
mod link;
mod mail;
mod play;
mod reach;
pub mod reference;
mod reset;
mod scenario;
mod schedule;
mod step;
mod typist;
mod unsure;

pub use io::*;
pub use iosxe::{
    AppletView, CheckedLine, ClientEvent, InterfaceCounts, InterfaceView, LineFate, LoginVerdict,
    Platform, Proof, SessionId, SessionKind, SessionView, SshServer,
};
pub use iosxe::{Collector, CollectorEvent, SyslogTransport};
pub use iosxe::{
    Distrust, HTTP_ANSWER_BYTES_MAX, HttpFailure, HttpOutcome, HttpTrust, Mail, MailFailure, MailId,
};

pub use build::LabOptions;
pub use check::check_config;
pub use checker::Finding;
pub use delivery::{Egress, Way};
pub use faults::ListenerState;
pub use judge::{Judge, Outcome, State, Verdict};
pub use lab::{Lab, NodeDetails, NodeView};
pub use redact::REDACTED;
pub use scenario::{Clock, Header, Reads, Scenario, ScheduledStep};
pub use step::Step;
