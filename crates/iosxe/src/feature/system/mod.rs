//! The router itself: its name, its release, its age, its serial number.

pub(crate) mod config;
pub(crate) mod license;
pub(crate) mod parts;
pub(crate) mod show;
pub(crate) mod tech;
pub(crate) mod yang;

use std::sync::Arc;

use simtime::{Rng, Time};

use crate::platform::{Platform, draw_serial};

/// The longest hostname, in characters (RFC 1123, section 2.1).
const HOSTNAME_CHARS_MAX: usize = 63;

/// `prompt config hostname-length 20`
const PROMPT_CHARS_DEFAULT: u8 = 20;

/// What `no hostname` leaves.
const HOSTNAME_DEFAULT: &str = "Router";

/// What a router knows of itself.
#[derive(Clone, Debug)]
pub(crate) struct System {
    hostname: Arc<str>,
    domain: Option<Box<str>>,
    domain_lookup_off: bool,
    /// `prompt config hostname-length`: 0 cuts nothing off.
    prompt_chars: u8,
    serial: Box<str>,
    started: Time,
}

impl System {
    /// A router that starts at `now`.
    pub(crate) fn new(hostname: Arc<str>, platform: Platform, rng: &Rng, now: Time) -> Self {
        let form = &platform.profile().serial;
        let serial = draw_serial(form, &mut rng.child("serial number")).into_boxed_str();
        System {
            hostname,
            domain: None,
            domain_lookup_off: false,
            prompt_chars: PROMPT_CHARS_DEFAULT,
            serial,
            started: now,
        }
    }

    /// It has booted at this instant.
    pub(crate) fn start(&mut self, now: Time) {
        self.started = now;
    }

    /// What its prompt says.
    pub(crate) fn hostname(&self) -> &str {
        &self.hostname
    }

    /// How many characters of the hostname stand in the prompts of configuration modes.
    pub(crate) fn prompt_chars(&self) -> usize {
        if self.prompt_chars == 0 { HOSTNAME_CHARS_MAX } else { self.prompt_chars.into() }
    }

    /// When it started, on the lab's clock.
    pub(crate) fn started(&self) -> Time {
        self.started
    }

    /// What it is told apart by.
    pub(crate) fn serial(&self) -> &str {
        &self.serial
    }

    /// `ip domain name`
    pub(crate) fn domain(&self) -> Option<&str> {
        self.domain.as_deref()
    }

    /// Whether it would ask a name server about a word that it does not know.
    pub(crate) fn looks_names_up(&self) -> bool {
        !self.domain_lookup_off
    }
}
