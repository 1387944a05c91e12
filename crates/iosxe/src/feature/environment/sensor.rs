//! The temperatures and their thresholds.
//!
//! Called by the device. Names, readings and thresholds are those of a chassis in genieparser's
//! tests of `show environment`.

use simtime::{Duration, Time, TimerId};

use crate::device::Timer;
use crate::feature::logging::Message;
use crate::feature::reload::{self, Cause};
use crate::io::Ramp;
use crate::signal::{Side, Signal};
use crate::turn::Turn;

/// What a kind of sensor is by itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nature {
    /// As `show environment` prints it.
    pub(super) name: &'static str,
    /// Where it sits.
    pub(super) slot: &'static str,
    /// What it reads while nothing happens, in degrees.
    pub(super) base: i64,
    /// Minor, major, critical, shutdown, in degrees.
    pub(super) thresholds: [i64; 4],
}

const fn nature(name: &'static str, base: i64, thresholds: [i64; 4]) -> Nature {
    Nature { name, slot: "R0", base, thresholds }
}

/// The sensors, the one that a stimulus means by default first.
pub(super) const SENSORS: &[Nature] = &[
    nature("Temp: inlet", 32, [56, 66, 96, 98]),
    nature("Temp: outlet", 39, [63, 73, 103, 105]),
    nature("Temp: Coretemp", 47, [107, 117, 123, 125]),
];

/// The states of a sensor, by how many thresholds it has reached.
const STATES: [&str; 5] = ["Normal", "Minor", "Major", "Critical", "Shutdown"];

/// The last of them.
const SHUTDOWN: usize = STATES.len() - 1;

/// From the shutdown threshold to the shutdown.
const SHUTDOWN_DELAY: Duration = Duration::from_secs(300);

/// One sensor.
#[derive(Clone, Debug)]
pub(crate) struct Sensor {
    reading: Signal,
    /// How many thresholds it has reached, as far as the router has said.
    reached: usize,
    timer: Option<TimerId>,
}

impl Sensor {
    pub(super) fn new(nature: &Nature) -> Sensor {
        Sensor { reading: Signal::new(nature.base * 1_000), reached: 0, timer: None }
    }

    /// What it reads, in degrees.
    pub(super) fn degrees(&self, now: Time) -> i64 {
        self.reading.value(now).div_euclid(1_000)
    }

    /// The word of `show environment`.
    pub(super) fn state(&self) -> &'static str {
        STATES[self.reached.min(STATES.len() - 1)]
    }

    /// How many thresholds it has reached.
    pub(super) fn reached(&self) -> usize {
        self.reached
    }

    /// When it comes to another state, and to which.
    fn next(&self, nature: &Nature, now: Time) -> Option<(Time, usize)> {
        let at = |side, index: usize| {
            let level = nature.thresholds.get(index)? * 1_000;
            self.reading.sustained(side, level, Duration::ZERO, now)
        };
        let up = at(Side::Above, self.reached).map(|at| (at, self.reached + 1));
        let below = self.reached.checked_sub(1);
        let down = below.and_then(|index| Some((at(Side::Below, index)?, index)));
        up.into_iter().chain(down).min()
    }
}

/// A temperature follows `ramp`. Whoever names a sensor that is not there means none.
pub(crate) fn warm(turn: &mut Turn<'_>, ramp: Ramp, sensor: Option<&str>) {
    let index = match sensor {
        None => Some(0),
        Some(name) => SENSORS.iter().position(|nature| nature.name == name),
    };
    let Some(index) = index else { return };
    let now = turn.now;
    turn.state.environment.sensors()[index].reading.follow(now, ramp);
    wait(turn, index);
}

/// After a reload: the sensors go on, and what they have reached is said anew.
pub(crate) fn resume(turn: &mut Turn<'_>) {
    turn.state.environment.shutdown = None;
    for index in 0..turn.state.environment.sensors.len() {
        let sensor = &mut turn.state.environment.sensors[index];
        (sensor.reached, sensor.timer) = (0, None);
        wait(turn, index);
    }
}

/// The instant of a threshold has come.
pub(crate) fn due(turn: &mut Turn<'_>, index: usize) {
    let now = turn.now;
    let Some(nature) = SENSORS.get(index) else { return };
    let sensor = &mut turn.state.environment.sensors()[index];
    sensor.timer = None;
    let Some((_, reached)) = sensor.next(nature, now).filter(|(at, _)| *at <= now) else {
        return wait(turn, index);
    };
    let before = std::mem::replace(&mut sensor.reached, reached);
    let degrees = sensor.degrees(now);
    let message = if reached > before {
        asserted(nature, reached, degrees)
    } else {
        alarm(nature, "CLEAR", before)
    };
    turn.log(message);
    announce(turn);
    wait(turn, index);
}

/// Sets the time of the shutdown when the first sensor asks for one, and takes it back with the
/// last.
fn announce(turn: &mut Turn<'_>) {
    let wanted = turn.state.environment.sensors.iter().any(|sensor| sensor.reached == SHUTDOWN);
    let pending = turn.state.environment.shutdown;
    turn.state.environment.shutdown = match (wanted, pending) {
        (true, None) => Some(turn.after(SHUTDOWN_DELAY, Timer::TooHot)),
        (true, Some(pending)) => Some(pending),
        (false, Some(pending)) => {
            turn.state.timers.cancel(pending);
            None
        }
        (false, None) => None,
    };
}

/// It has been too hot for too long. The router boots again; if it is still as hot, it says so and
/// goes down once more.
pub(crate) fn too_hot(turn: &mut Turn<'_>) {
    reload::go_down(turn, Cause::Crash("temperature shutdown".to_owned()), None);
}

/// Sets the one timer of a sensor anew.
fn wait(turn: &mut Turn<'_>, index: usize) {
    let now = turn.now;
    let sensor = &mut turn.state.environment.sensors()[index];
    let pending = sensor.timer.take();
    let next = sensor.next(&SENSORS[index], now);
    if let Some(pending) = pending {
        turn.state.timers.cancel(pending);
    }
    let timer = next.map(|(at, _)| turn.after(at.since(now), Timer::Temperature(index)));
    turn.state.environment.sensors()[index].timer = timer;
}

/// A state is reached from below.
fn asserted(nature: &Nature, reached: usize, degrees: i64) -> Message {
    let Nature { name, slot, .. } = nature;
    let place = format!("{slot}/0: cmand: WARNING:");
    match reached {
        0..=2 => alarm(nature, "ASSERT", reached),
        3 => {
            let text = format!(
                "{place} {name} temperature sensor on {slot} is in a critical state \
                 reading {degrees}"
            );
            Message::new("CMRP_ENVMON", 3, "TEMP_WARN_CRITICAL", text)
        }
        _ => {
            let minutes = SHUTDOWN_DELAY.as_secs() / 60;
            let text = format!("{place} System shutdown in {minutes} minutes 0 seconds");
            Message::new("CMRP_ENVMON", 3, "TEMP_SYS_SHUTDOWN_PENDING", text)
        }
    }
}

/// `%IOSXE_RP_ALARM-6-INFO`
fn alarm(nature: &Nature, what: &str, state: usize) -> Message {
    let Nature { name, slot, .. } = nature;
    let state = STATES[state.min(STATES.len() - 1)];
    // There are three kinds of alarms: that of a shutdown is a critical one.
    let kind = if state == "Shutdown" { "CRITICAL".to_owned() } else { state.to_uppercase() };
    let text = format!("{what} {kind} {name} {slot} Temp Above Normal ({state})");
    Message::new("IOSXE_RP_ALARM", 6, "INFO", text)
}
