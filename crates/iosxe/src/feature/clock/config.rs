//! `clock timezone` and, in EXEC, `clock set`.

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};
use jiff::civil::{Date, DateTime, Time as TimeOfDay};

use super::Zone;
use crate::command::{Command, Mode, Reply};
use crate::config::{ConfigText, Section, is_word, order};
use crate::device::State;
use crate::feature::eem;
use crate::feature::logging::Message;
use crate::io::ClockChange;
use crate::session::Session;
use crate::turn::Turn;

/// The months as `clock set` takes them.
const MONTHS: &[&[Token]] = &[
    &[kw("january", "Month of the year")],
    &[kw("february", "Month of the year")],
    &[kw("march", "Month of the year")],
    &[kw("april", "Month of the year")],
    &[kw("may", "Month of the year")],
    &[kw("june", "Month of the year")],
    &[kw("july", "Month of the year")],
    &[kw("august", "Month of the year")],
    &[kw("september", "Month of the year")],
    &[kw("october", "Month of the year")],
    &[kw("november", "Month of the year")],
    &[kw("december", "Month of the year")],
];

/// The same, in order.
const MONTH_NAMES: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const DAY: Token = param("day", Kind::Integer { min: 1, max: 31 }, "Day of the month");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("clock", "Manage the system clock"),
            kw("set", "Set the time and date"),
            param("time", Kind::Word, "Current Time (hh:mm:ss)"),
            one_of(&[&[DAY, one_of(MONTHS)], &[one_of(MONTHS), DAY]]),
            param("year", Kind::Integer { min: 1993, max: 2035 }, "Year"),
        ],
        no: No::Without,
        run: set,
    },
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("clock", "Configure time-of-day clock"),
            kw("timezone", "Configure time zone"),
            param("zone", Kind::Word, "name of time zone"),
            // `-5` is no whole number of the grammar: the handler reads it.
            param("hours", Kind::Word, "Hours offset from UTC (-23 to 23)"),
            opt(&[param("minutes", Kind::Integer { min: 0, max: 59 }, "Minutes offset from UTC")]),
        ],
        no: No::Allowed,
        run: timezone,
    },
];

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::CLOCK, print }];

const ZONE_HOURS_MAX: i32 = 23;

fn print(state: &State, text: &mut ConfigText) {
    let Some(zone) = &state.clock.zone else { return };
    let (hours, minutes) = (zone.minutes / 60, zone.minutes.abs() % 60);
    text.line(format_args!("clock timezone {} {hours} {minutes}", zone.name));
}

fn timezone(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let before = turn.state.clock.describe(turn.now);
    turn.state.clock.zone = match read_zone(args) {
        _ if args.is_no() || args.is_default() => None,
        Some(zone) => Some(zone),
        None if args.text("zone").is_some_and(is_word) => {
            return Reply::Invalid { column: args.column("hours") };
        }
        None => return Reply::Invalid { column: args.column("zone") },
    };
    log_update(turn, session, &before);
    Reply::Done
}

fn read_zone(args: &Args) -> Option<Zone> {
    let hours: i32 = args.text("hours")?.parse().ok()?;
    let minutes = args.number("minutes").and_then(|n| i32::try_from(n).ok()).unwrap_or(0);
    let name = args.text("zone").filter(|name| is_word(name))?;
    let sign = if hours < 0 { -1 } else { 1 };
    (hours.abs() <= ZONE_HOURS_MAX).then_some(())?;
    Some(Zone { name: name.to_owned(), minutes: hours * 60 + sign * minutes })
}

fn set(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Some(time) = args.text("time").and_then(read_time) else {
        return Reply::Invalid { column: args.column("time") };
    };
    let Some(date) = read_date(args) else {
        return Reply::Invalid { column: args.column("day") };
    };
    let before = turn.state.clock.describe(turn.now);
    turn.state.clock.set(turn.now, DateTime::from_parts(date, time));
    log_update(turn, session, &before);
    Reply::Done
}

/// The clock is set by the console of a scenario.
pub(crate) fn set_at_console(turn: &mut Turn<'_>, to: ClockChange) {
    let before = turn.state.clock.describe(turn.now);
    turn.state.clock.change(turn.now, to);
    log_update(turn, &Session::console(), &before);
}

/// `hh:mm:ss`, one or two digits each.
fn read_time(text: &str) -> Option<TimeOfDay> {
    let mut parts = text.split(':').map(|part| {
        let digits = matches!(part.len(), 1 | 2) && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<i8>().ok()).flatten()
    });
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    TimeOfDay::new(hour, minute, second, 0).ok()
}

fn read_date(args: &Args) -> Option<Date> {
    let month = MONTH_NAMES.iter().position(|name| args.has(name))? + 1;
    let year = i16::try_from(args.number("year")?).ok()?;
    let day = i8::try_from(args.number("day")?).ok()?;
    Date::new(year, i8::try_from(month).ok()?, day).ok()
}

/// IOS says so for a new time and for a new zone alike (syslog.md, message 19).
fn log_update(turn: &mut Turn<'_>, session: &Session, before: &str) {
    eem::clock_was_set(turn);
    let after = turn.state.clock.describe(turn.now);
    let by = session.source();
    let text =
        format!("System clock has been updated from {before} to {after}, configured from {by}.");
    turn.log(Message::new("SYS", 6, "CLOCKUPDATE", text));
}
