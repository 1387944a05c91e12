//! A director whose router has nothing to read, and answers each command with its prompt.

use eem::{Answer, CliOutput, Dialect, Director, Options, Request, Router, SnmpValue, Which};
use simtime::Time;

/// A router of which nothing but its name can be read.
pub(crate) struct Bare;

impl Router for Bare {
    fn name(&self) -> &str {
        "R1"
    }

    fn interface_names(&self) -> Vec<String> {
        Vec::new()
    }

    fn interface_value(&self, _: &str, _: &str) -> Option<i64> {
        None
    }

    fn snmp(&self, _: &str, _: Which) -> Option<(String, SnmpValue)> {
        None
    }

    fn track(&self, _: u32) -> Option<bool> {
        None
    }

    fn process_cpu(&self, _: Option<&str>, _: u64) -> Option<u64> {
        None
    }

    fn process_memory(&self, _: Option<&str>) -> Option<(u64, u64)> {
        None
    }

    fn local_offset_secs(&self, _: Time) -> i64 {
        0
    }

    fn is_booting(&self) -> bool {
        false
    }
}

/// A director with these applets, each a name and the lines of its body.
pub(crate) fn director<'a>(applets: impl IntoIterator<Item = (&'a str, &'a str)>) -> Director {
    let mut director = Director::new(Dialect::Course);
    for (name, body) in applets {
        director.enter_applet(name, Options::default());
        for line in body.lines() {
            director.applet_line(name, line).unwrap_or_else(|why| panic!("{line}: {why:?}"));
        }
        let said = director.leave_applet(Time::VIRTUAL_START, &Bare, name);
        assert!(said.is_empty(), "{said:?}");
    }
    director
}

/// Lets the runs of a director come to their ends; how many did.
pub(crate) fn finish(director: &mut Director, now: Time) -> u64 {
    let mut finished = 0;
    while let Some((id, request)) = director.next(now, &Bare) {
        match request {
            Request::Cli { .. } => {
                let prompt = CliOutput::Prompt("R1#".to_owned());
                director.answer(now, &Bare, id, Answer::Cli(prompt));
            }
            Request::Finished { .. } => finished += 1,
            _ => {}
        }
    }
    finished
}
