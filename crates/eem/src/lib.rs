//! Cisco EEM applets: parser, detectors, policy director, interpreter.
//!
//! Called by `iosxe`, which feeds lines of configuration and events to a [`Director`], takes its
//! [`Request`]s and gives [`Answer`]s. It must never know a device, a session or a transport: what
//! an applet wants of its router is a value that goes out, and `now` comes in.
//!
//! What Cisco's documentation leaves open, and what was decided, is in `docs/eem.md`.

mod action;
mod applet;
mod detector;
mod director;
mod failure;
mod frame;
mod history;
mod intern;
mod interpreter;
mod message;
mod outline;
mod pattern;
mod problem;
mod program;
mod reader;
mod registered;
mod request;
mod router;
mod scan;
mod screening;
mod seconds;
pub mod show;
mod source;
mod stimulus;
mod storm;
mod text;
mod trigger;

pub use action::{ACTIONS, Entry as ActionEntry};
pub use applet::{Applet, Class, Label, Options};
pub use detector::{DETECTORS, Entry as DetectorEntry, Event, Operand, OptionForm};
pub use director::{
    Director, Job, JobStatus, Modification, Priority, Published, RunRefused, Selector, Statistics,
    Wait,
};
pub use history::{HISTORY_EVENTS_DEFAULT, HISTORY_EVENTS_MAX, Record, Status};
pub use message::{Message, SEVERITIES};
pub use outline::{
    ActionOutline, AppletOutline, Block, EventOutline, LINKED_ACTIONS_MAX, Outline, WordOutline,
    outline, padded, words,
};
pub use pattern::{Pattern, PatternError};
pub use problem::{Fault, Problem};
pub use program::{BlockFault, BlockFaultKind};
pub use registered::Registered;
pub use request::{
    Answer, CliOutput, FileRequest, HttpPost, Mail, Output, Request, RunId, SnmpTrap, StepBegins,
    StepEnds,
};
pub use router::{Router, SnmpValue, Which};
pub use screening::{Key, ParseError, Screening, Typed};
pub use seconds::Seconds;
pub use source::{Source, read};
pub use stimulus::{
    Change, Neighbor, NeighborChange, NeighborEvent, ResourceChange, RouteChange, Stimulus,
};
pub use text::{Text, UnknownVariable};

/// Which actions an applet may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Those of IOS XE.
    #[default]
    Ios,
    /// Those of the course too: `http post`.
    Course,
}
