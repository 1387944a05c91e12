//! The processor's memory: how much of it is used, its low watermark, and its end.
//!
//! The used part is a [`Signal`] that scenarios bend; the watermark and the end each wait for the
//! one instant at which they are crossed.

pub(crate) mod config;
mod mark;
pub(crate) mod show;

pub(crate) use config::SECTIONS;
pub(crate) use mark::{Mark, due, follow};

use simtime::{Time, TimerId};

use crate::signal::Signal;

/// The processor pool, as `show version` has it: 2028465K.
const POOL_BYTES: u64 = 2_028_465 * 1024;

/// The pool of the packet interface, which the configuration does not touch.
const LSMPI_BYTES: u64 = 3_149_400;
const LSMPI_USED: u64 = 3_148_568;

/// What a router with nothing to do uses, in thousandths of a percent.
const BASE: i64 = 16_000;

/// All of it, in thousandths of a percent.
const WHOLE: i64 = 100_000;

/// The memory of one router.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    used: Signal,
    /// The most that was ever used before the present ramp.
    peak: i64,
    /// `memory free low-watermark processor`, in kilobytes.
    watermark_kb: Option<u32>,
    is_low: bool,
    is_exhausted: bool,
    /// From when on the present state of each mark counts.
    since: Time,
    timers: [Option<TimerId>; 2],
}

impl Default for Memory {
    fn default() -> Self {
        Memory {
            used: Signal::new(BASE),
            peak: BASE,
            watermark_kb: None,
            is_low: false,
            is_exhausted: false,
            since: Time::default(),
            timers: [None, None],
        }
    }
}

impl Memory {
    /// How much is used, in bytes.
    pub(crate) fn used_bytes(&self, at: Time) -> u64 {
        bytes(self.used.value(at))
    }

    /// How much is free, in bytes.
    pub(crate) fn free_bytes(&self, at: Time) -> u64 {
        POOL_BYTES - self.used_bytes(at)
    }

    /// The pools: name, used and free bytes.
    pub(crate) fn pools(&self, at: Time) -> [(&'static str, u64, u64); 2] {
        let lsmpi_free = LSMPI_BYTES - LSMPI_USED;
        [
            ("Processor", self.used_bytes(at), self.free_bytes(at)),
            ("lsmpi_io", LSMPI_USED, lsmpi_free),
        ]
    }

    /// What a process holds, or all together, in bytes and in per cent of the processor pool.
    /// `None` if there is no such process.
    pub(crate) fn held(&self, name: Option<&str>, at: Time) -> Option<(u64, u64)> {
        let held = match name {
            None => self.used_bytes(at),
            Some(name) => {
                let mut all = show::holders(self, at).into_iter();
                all.find(|(_, holder, _)| holder.eq_ignore_ascii_case(name))?.2
            }
        };
        Some((held, held * 100 / POOL_BYTES))
    }

    /// The least that was ever free, in bytes.
    fn lowest_bytes(&self, at: Time) -> u64 {
        POOL_BYTES - bytes(self.peak.max(self.used.highest(at)))
    }
}

/// A part of the pool, in bytes.
fn bytes(part: i64) -> u64 {
    let part = u64::try_from(part.clamp(0, WHOLE)).unwrap_or(0);
    POOL_BYTES * part / 100_000
}
