//! Runs a second of the course's applet, in virtual time: what the language itself takes, with a
//! router that answers each command at once.

use eem::Stimulus;
use simtime::{Duration, Time};

use crate::bare::{self, Bare};

/// How many runs are measured.
const RUNS: u32 = 200_000;
/// What is aimed at.
const AIM: f64 = 100_000.0;
/// Between two of them: fewer than a storm.
const APART: Duration = Duration::from_millis(20);

/// The applet of the course, shortened.
const BODY: &str = r#"event syslog pattern "GigabitEthernet1, changed state to admin"
action 1.0 info type routername
action 2.0 cli command "enable"
action 3.0 cli command "event manager environment _URL http://127.0.0.1:8000/events"
action 4.0 cli command "event manager action send-data uri $_URL method post body {\"a\": \"b\"}""#;

const MESSAGE: &str =
    "%LINK-5-CHANGED: Interface GigabitEthernet1, changed state to administratively down";

pub(crate) fn run() -> bool {
    let mut director = bare::director([("INTERFACE_DOWN", BODY)]);
    director.set_environment("_URL", "http://127.0.0.1:8000/events");
    let line = format!("*Jan  1 00:00:00.000: {MESSAGE}");
    let (mut now, mut finished) = (Time::VIRTUAL_START, 0);
    let start = crate::core_seconds();
    for _ in 0..RUNS {
        director.offer(now, &Bare, &Stimulus::Syslog(&line));
        now += APART;
        finished += bare::finish(&mut director, now);
    }
    let rate = finished as f64 / (crate::core_seconds() - start);
    assert_eq!(finished, u64::from(RUNS), "each must run");
    crate::at_least("runs of the course's applet", rate, AIM)
}
