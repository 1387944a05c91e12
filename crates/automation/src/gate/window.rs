//! Several conditions over several events: `all` and `not_all` within a timeout.
//!
//! Called by the gates for a rule that has a window. Each event may meet any of the conditions.

use simtime::Time;

use super::memory::{Memory, Opened};
use super::pass::Answer;
use super::policy::Window;

/// An event that meets at least one of the conditions.
pub(super) struct Meeting<'a> {
    pub(super) event: &'a str,
    pub(super) at: Time,
    /// Which conditions it meets.
    pub(super) met: &'a [bool],
}

/// Takes an event into a window.
pub(super) fn meet(window: Window, memory: &mut Memory, meeting: &Meeting<'_>) -> Answer {
    let Meeting { at, met, .. } = *meeting;
    // Another number of conditions is another rule, by a reload.
    if memory.met.len() != met.len() {
        memory.met = vec![None; met.len()];
    }
    for (seen, met) in memory.met.iter_mut().zip(met) {
        let is_stale = seen.is_some_and(|seen| at.since(seen) > window.span());
        match (met, is_stale) {
            (true, _) => *seen = Some(at),
            (false, true) => *seen = None,
            (false, false) => {}
        }
    }
    let there = memory.met.iter().flatten().count();
    let all = met.len();
    let span = window.span();
    match window {
        Window::All(_) if there == all => {
            *memory = Memory::default();
            Answer::Fire(format!("all {all} conditions were met within {span}"))
        }
        Window::All(_) => {
            let missing = missing(&memory.met);
            Answer::Held(format!("{there} of {all} conditions within {span}, without {missing}"))
        }
        Window::NotAll(_) if there == all => {
            let opened = memory.open.take().map(|open| open.event);
            *memory = Memory::default();
            let since = opened.map(|event| format!(" since {event}")).unwrap_or_default();
            Answer::Held(format!("all {all} conditions were met{since}: nothing is missing"))
        }
        Window::NotAll(_) => open(memory, meeting, there, window),
    }
}

fn open(memory: &mut Memory, meeting: &Meeting<'_>, there: usize, window: Window) -> Answer {
    let (all, span) = (meeting.met.len(), window.span());
    if let Some(open) = &mut memory.open {
        open.count = open.count.saturating_add(1);
        let why = format!("{there} of {all} conditions; {} waits for the others", open.event);
        return Answer::Held(why);
    }
    let closes = meeting.at + span;
    let event = meeting.event.to_owned();
    memory.open = Some(Opened { event, since: meeting.at, count: 1, closes: Some(closes) });
    let missing = missing(&memory.met);
    let why = format!("fires at {closes} unless {missing} is met before");
    Answer::Pending { why, closes }
}

/// `condition 2 and 3`
fn missing(met: &[Option<Time>]) -> String {
    let places = met.iter().enumerate().filter(|(_, seen)| seen.is_none());
    let places: Vec<String> = places.map(|(place, _)| (place + 1).to_string()).collect();
    format!("condition {}", places.join(" and "))
}
