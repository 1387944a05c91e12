//! What the router says when its memory crosses a mark.
//!
//! Called by `config` and by the device. `%SYS-4-FREEMEMLOW` and `%SYS-5-FREEMEMRECOVER` are worded
//! as a switch of 2021 logged them; the recovery is due 5 percent above the watermark, as the
//! command reference says. `%SYS-2-MALLOCFAIL` is syslog.md, message 27.

use simtime::{Duration, Time};

use super::{Memory, POOL_BYTES, WHOLE};
use crate::device::Timer;
use crate::feature::logging::Message;
use crate::io::Ramp;
use crate::signal::Side;
use crate::turn::Turn;

/// A mark that the memory can cross.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// `memory free low-watermark processor`
    Low,
    /// Nothing is left.
    Exhausted,
}

/// The marks, by their place in [`Memory::timers`].
const MARKS: [Mark; 2] = [Mark::Low, Mark::Exhausted];

impl Memory {
    /// When a mark is crossed next.
    fn due(&self, mark: Mark) -> Option<Time> {
        let (side, level) = match mark {
            Mark::Low => {
                let bytes = u64::from(self.watermark_kb?) * 1024;
                match self.is_low {
                    false => (Side::Above, used_when_free_below(bytes)),
                    true => (Side::Below, used_when_free_below(bytes + bytes / 20)),
                }
            }
            Mark::Exhausted if self.is_exhausted => (Side::Below, WHOLE),
            Mark::Exhausted => (Side::Above, WHOLE),
        };
        self.used.sustained(side, level, Duration::ZERO, self.since)
    }
}

/// The least used part, in thousandths of a percent, at which less than `bytes` are free.
fn used_when_free_below(bytes: u64) -> i64 {
    let part = (u128::from(bytes) * u128::from(WHOLE.unsigned_abs())).div_ceil(POOL_BYTES.into());
    WHOLE - i64::try_from(part).unwrap_or(WHOLE).min(WHOLE) + 1
}

/// The used part follows `ramp`.
pub(crate) fn follow(turn: &mut Turn<'_>, ramp: Ramp) {
    let now = turn.now;
    let memory = &mut turn.state.memory;
    memory.peak = memory.peak.max(memory.used.highest(now));
    memory.used.follow(now, ramp);
    wait(turn);
}

/// Sets the watermark, or takes it away.
pub(super) fn set(turn: &mut Turn<'_>, watermark_kb: Option<u32>) {
    turn.state.memory.watermark_kb = watermark_kb;
    turn.state.memory.is_low = false;
    wait(turn);
}

/// The instant of a crossing has come.
pub(crate) fn due(turn: &mut Turn<'_>, mark: Mark) {
    let memory = &mut turn.state.memory;
    let said = match mark {
        Mark::Low => {
            memory.is_low = !memory.is_low;
            Some(watermark_message(memory, turn.now))
        }
        Mark::Exhausted => {
            memory.is_exhausted = !memory.is_exhausted;
            memory.is_exhausted.then(|| failure_message(memory, turn.now))
        }
    };
    if let Some(message) = said {
        turn.log(message);
    }
    wait(turn);
}

/// Sets the timers of both marks anew.
fn wait(turn: &mut Turn<'_>) {
    turn.state.memory.since = turn.now;
    for (index, mark) in MARKS.into_iter().enumerate() {
        if let Some(pending) = turn.state.memory.timers[index].take() {
            turn.state.timers.cancel(pending);
        }
        let next = turn.state.memory.due(mark);
        let timer = next.map(|at| turn.after(at.since(turn.now), Timer::Memory(mark)));
        turn.state.memory.timers[index] = timer;
    }
}

fn watermark_message(memory: &Memory, now: Time) -> Message {
    let (severity, mnemonic, what) = match memory.is_low {
        true => (4, "FREEMEMLOW", "dropped below"),
        false => (5, "FREEMEMRECOVER", "recovered above"),
    };
    let free = memory.free_bytes(now);
    let threshold = u64::from(memory.watermark_kb.unwrap_or(0)) * 1024;
    let text = format!(
        "Free Memory has {what} low watermark\n\
         Pool: Processor  Free: {free}  Threshold: {threshold}"
    );
    Message::new("SYS", severity, mnemonic, text)
}

fn failure_message(memory: &Memory, now: Time) -> Message {
    let free = memory.free_bytes(now);
    let text = format!(
        "Memory allocation of 65536 bytes failed from 0x55D6A2F1C4B0, alignment 0\n\
         Pool: Processor  Free: {free}  Cause: Not enough free memory\n\
         Alternate Pool: None  Free: 0  Cause: No Alternate pool\n \
         -Process= \"Pool Manager\", ipl= 0, pid= 8"
    );
    Message::new("SYS", 2, "MALLOCFAIL", text)
}
