//! `ednm` from outside: the real binary, the shipped files, real clients.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod agree;
mod approve;
mod attacks;
mod check;
mod clients;
mod collect;
mod config;
mod course;
mod deliberate;
mod demo;
mod eem;
mod faults;
mod grade;
mod mistakes;
mod mutations;
mod openapi;
mod outward;
mod profile;
mod programs;
mod real;
mod reload;
mod replay;
mod runs;
mod schema;
mod secret;
mod secrets;
mod soak;
mod stop;
mod story;
mod support;
mod syslog;
mod tail;
mod trace;
mod trust;
mod twin;
mod unit;
mod up;
mod virtual_time;
