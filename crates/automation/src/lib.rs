//! The automation side as one value: verify, decide, act on devices.
//!
//! Driven by the listener's live loop and by the testbed's virtual queue. It has no socket, no
//! database and no clock, and never sees a crate of the device side: it must work on real routers.
//!
//! One event's way through the modules, in reading order: [`Config`] says who may send and what
//! follows; `receive` verifies a delivery and names its device; [`record`]s make it durable;
//! `decide` asks the rules through `template`; `job` runs an `action` over a `session`; [`story`]
//! folds the records into what people read.

mod config;
mod inventory;
mod upstream;

pub mod backup;
pub mod files;

mod automation;
mod io;

mod receive;

pub mod openapi;

mod journal;
pub mod overview;
pub mod record;
pub mod records;
pub mod store;
pub mod story;

mod action;
mod decide;
mod gate;
mod id;
mod redaction;
mod schema;
mod template;

mod job;
pub mod session;

pub use automation::{Automation, Depths};
pub use config::{
    Admission, Api, BODY_BYTES_DEFAULT, Config, Cors, Endpoint, GuestKey, Guests,
    INVENTORY_PATH_DEFAULT, Mode, Place, Retention, Routes, Transport, Unrouted,
};
pub use gate::{Change, Keeper, Kept, Memory, Opened, Penalty};
pub use io::{
    AskId, Delivery, DeliveryId, Door, HttpFailure, HttpResponse, Input, Line, Login, Outbox,
    Output, PersistId, Reply, SessionFailure, SessionId, Write, Written,
};
pub use journal::BATCHES_IN_FLIGHT_MAX;
pub use upstream::{HeaderValue, Offline, Refusal, Upstream, Upstreams};

#[cfg(test)]
mod store_tests;
#[cfg(test)]
mod testkit;
