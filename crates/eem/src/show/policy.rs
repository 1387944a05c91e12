//! `show event manager policy registered` and `show event manager statistics {policy|server}`.

use std::fmt::Write as _;

use simtime::{Duration, Time};

use crate::{Class, Director, Registered};

/// Which policies a table lists, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this one.
    pub name: Option<String>,
    /// Only those of an event type that begins so: `timer` is `timer-cron` too.
    pub event: Option<String>,
    /// Only those of this class.
    pub class: Option<Class>,
    /// The order of the table.
    pub order: Order,
    /// Whether their descriptions are printed in place of all the rest.
    pub is_described: bool,
}

/// The order of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// In which the policies were registered.
    #[default]
    Time,
    /// Of their names.
    Name,
}

impl Filter {
    /// The registered policies that fit, in order.
    fn of<'a>(&self, director: &'a Director) -> Vec<&'a Registered> {
        let mut all: Vec<&Registered> =
            director.registered().filter(|registered| self.takes(registered)).collect();
        if self.order == Order::Name {
            all.sort_by_key(|registered| registered.name().to_owned());
        }
        all
    }

    fn takes(&self, registered: &Registered) -> bool {
        let program = &registered.program;
        let kinds = program.events.iter().map(|tagged| tagged.event.kind.replace(' ', "-"));
        let begins = |prefix: &String| kinds.clone().any(|kind| kind.starts_with(prefix.as_str()));
        self.name.as_ref().is_none_or(|name| name == registered.name())
            && self.event.as_ref().is_none_or(begins)
            && self.class.is_none_or(|class| class == program.options.class)
    }
}

/// `show event manager policy registered`
pub fn policy_registered(
    director: &Director,
    filter: &Filter,
    stamp: impl Fn(Time) -> String,
) -> String {
    let mut text = String::new();
    for (number, registered) in (1..).zip(filter.of(director)) {
        if number == 1 {
            text +=
                "No.  Class     Type    Event Type          Trap  Time Registered           Name\n";
        }
        let program = &registered.program;
        let trap = if program.options.trap { "On" } else { "Off" };
        let (event, at) = (program.kind(), stamp(registered.at));
        let columns = format!("{number:<5}{:<10}{:<8}{event:<20}", "applet", "user");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{columns}{trap:<6}{at:<26}{}", program.name);
        if filter.is_described {
            let described = director.description(&program.name).into_iter();
            described.for_each(|line| text += &format!(" description: {line}\n"));
            continue;
        }
        text += &program.summary();
        text += &program.listing;
        text.push('\n');
    }
    text
}

/// `show event manager statistics policy`
pub fn statistics_policy(director: &Director) -> String {
    let mut text = String::new();
    text += "                                         Average    Maximum\n";
    text += "No.  Class   Triggered  Suppressed  Run Time   Run Time   Name\n";
    for (number, registered) in (1..).zip(director.registered()) {
        let statistics = registered.statistics();
        let (triggered, suppressed) = (statistics.triggered, statistics.suppressed);
        let (average, longest) = (seconds(statistics.average()), seconds(statistics.longest));
        let counts = format!("{number:<5}{:<8}{triggered:<11}{suppressed:<12}", "applet");
        let _ = writeln!(text, "{counts}{average:<11}{longest:<11}{}", registered.name());
    }
    text
}

/// `show event manager statistics server`
pub fn statistics_server(director: &Director) -> String {
    let all = || director.registered().map(Registered::statistics);
    let triggered: u64 = all().map(|statistics| statistics.triggered).sum();
    let suppressed: u64 = all().map(|statistics| statistics.suppressed).sum();
    let finished: u64 = all().map(|statistics| statistics.finished).sum();
    let micros: u64 = all().map(|statistics| statistics.total.as_micros()).sum();
    let average = Duration::from_micros(micros.checked_div(finished).unwrap_or(0));
    let waiting = director.pending().count();
    let mut text = String::from("EEM Queue Information\n");
    text += "                               Triggered  Dropped   Queue   Queue   Average\n";
    text += "Client                         Events     Events    Size    Max     Run Time\n";
    let queue = crate::storm::EVENTS_QUEUED_MAX;
    let counts = format!("{:<31}{triggered:<11}{suppressed:<10}", "EEM Applets");
    let _ = writeln!(text, "{counts}{waiting:<8}{queue:<8}{}", seconds(average));
    text
}

/// `0.012`
fn seconds(span: Duration) -> String {
    let millis = span.as_millis();
    format!("{}.{:03}", millis / 1_000, millis % 1_000)
}
