//! `reload`, `reload in`, `reload at`, `reload cancel`, `show reload`.

use cli::{Args, Kind, No, kw, one_of, opt, param};
use jiff::civil::Time as TimeOfDay;
use simtime::{Duration, Time};

use super::{ask, cancel, schedule};
use crate::command::{Command, Mode, Reply};
use crate::config::commands::{is_modified, write_memory};
use crate::feature::logging::Message;
use crate::session::Session;
use crate::turn::Turn;

/// `reload in 999:59` is the furthest that IOS takes.
const HOURS_MAX: u64 = 999;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("reload", "Halt and perform a cold restart"),
            opt(&[one_of(&[
                &[kw("cancel", "Cancel pending reload")],
                &[
                    kw("in", "Reload after a time interval"),
                    param("delay", Kind::Word, "Delay before reload (mmm or hhh:mm)"),
                    opt(&[param("reason", Kind::Line, "Reason for reload")]),
                ],
                &[
                    kw("at", "Reload at a specific time/date"),
                    param("time", Kind::Word, "Time to reload (hh:mm)"),
                    opt(&[param("reason", Kind::Line, "Reason for reload")]),
                ],
                &[kw("reason", "Reload reason"), param("reason", Kind::Line, "Reason for reload")],
                &[param("reason", Kind::Line, "Reason for reload")],
            ])]),
        ],
        no: No::Without,
        run: reload,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("reload", "Scheduled reload information"),
        ],
        no: No::Without,
        run: show,
    },
];

fn reload(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if args.has("cancel") {
        return take_back(turn);
    }
    let at = match (args.text("delay"), args.text("time")) {
        (Some(delay), _) => match read_delay(delay) {
            Some(delay) => Some(turn.now + delay),
            None => return Reply::Invalid { column: args.column("delay") },
        },
        (None, Some(time)) => match time_of_day(turn, time) {
            Some(at) => Some(at),
            None => return Reply::Invalid { column: args.column("time") },
        },
        (None, None) => None,
    };
    // The dialogue keeps what is asked for: an instant, `0` for now, and the reason.
    let micros = at.map_or(0, Time::as_micros);
    session.draft = format!("{micros} {}", args.text("reason").unwrap_or_default());
    if is_modified(turn.state) {
        return save_question();
    }
    confirm_question(turn, session, "")
}

fn save_question() -> Reply {
    let question = "\nSystem configuration has been modified. Save? [yes/no]: ".into();
    Reply::Ask { question, echo: true, then: save_answered }
}

fn save_answered(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let answer = answer.trim().to_ascii_lowercase();
    let is = |word: &str| !answer.is_empty() && word.starts_with(answer.as_str());
    match () {
        () if is("yes") => {
            let said = write_memory(turn, session);
            confirm_question(turn, session, said)
        }
        () if is("no") => confirm_question(turn, session, ""),
        () => {
            let question = "% Please answer 'yes' or 'no'.\n\
                            System configuration has been modified. Save? [yes/no]: "
                .into();
            Reply::Ask { question, echo: true, then: save_answered }
        }
    }
}

fn confirm_question(turn: &Turn<'_>, session: &Session, said: &str) -> Reply {
    let (at, reason) = drafted(session);
    let announced = at.map(|at| announced(turn, at, reason, &session.who())).unwrap_or_default();
    let question = format!("{said}{announced}Proceed with reload? [confirm]");
    Reply::Ask { question, echo: true, then: confirmed }
}

fn confirmed(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    if !matches!(answer.trim(), "" | "y" | "Y") {
        return Reply::Done;
    }
    let by = session.who();
    let (at, reason) = drafted(session);
    let reason = reason.to_owned();
    match at {
        Some(at) => schedule(turn, at, &reason, &by),
        None => ask(turn, &by, &reason, None),
    }
    Reply::Done
}

fn drafted(session: &Session) -> (Option<Time>, &str) {
    let (micros, reason) = session.draft.split_once(' ').unwrap_or((&session.draft, ""));
    let micros = micros.parse().ok().filter(|micros| *micros != 0);
    (micros.map(Time::from_micros), reason)
}

fn take_back(turn: &mut Turn<'_>) -> Reply {
    if !cancel(turn) {
        return Reply::Refused("%No reload is scheduled.\n".into());
    }
    let at = turn.state.clock.describe(turn.now);
    let text = format!("Scheduled reload cancelled at {at}");
    turn.log(Message::new("SYS", 5, "SCHEDULED_RELOAD_CANCELLED", text));
    Reply::Text("\n\n***\n*** --- SHUTDOWN ABORTED ---\n***\n".into())
}

fn show(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let Some(scheduled) = &turn.state.reload.scheduled else {
        return Reply::Text("No reload is scheduled.\n".into());
    };
    Reply::Text(announced(turn, scheduled.at, &scheduled.reason, &scheduled.by))
}

fn announced(turn: &Turn<'_>, at: Time, reason: &str, by: &str) -> String {
    let when = turn.state.clock.describe(at);
    let mut text = format!("Reload scheduled for {when} (in {}) by {by}\n", left(turn.now, at));
    if !reason.trim().is_empty() {
        text += &format!("Reload reason: {}\n", reason.trim());
    }
    text
}

/// `1 hour and 5 minutes`, `4 minutes and 30 seconds`, `45 seconds`.
fn left(now: Time, at: Time) -> String {
    let seconds = at.since(now).as_secs();
    let units =
        [(seconds / 3_600, "hour"), (seconds / 60 % 60, "minute"), (seconds % 60, "second")];
    let shown = units.iter().filter(|(count, _)| *count > 0).take(2);
    let words: Vec<String> =
        shown.map(|(n, unit)| format!("{n} {unit}{}", if *n == 1 { "" } else { "s" })).collect();
    if words.is_empty() { "0 seconds".to_owned() } else { words.join(" and ") }
}

/// `mmm` or `hhh:mm`; not nothing.
fn read_delay(text: &str) -> Option<Duration> {
    let (hours, minutes) = text.split_once(':').unwrap_or(("0", text));
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    let minutes_max = if text.contains(':') { 59 } else { HOURS_MAX };
    let seconds = hours * 3_600 + minutes * 60;
    let fits = hours <= HOURS_MAX && minutes <= minutes_max && seconds > 0;
    fits.then(|| Duration::from_secs(seconds))
}

fn digits(text: &str) -> Option<u64> {
    let fits = (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

/// The next time that the router's own clock reads so.
fn time_of_day(turn: &Turn<'_>, text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text| digits(text).and_then(|number| i8::try_from(number).ok());
    let wanted = TimeOfDay::new(number(hour)?, number(minute)?, 0, 0).ok()?;
    let reads = turn.state.clock.local(turn.now).civil.time();
    let micros = wanted.duration_since(reads).as_micros();
    let micros = u64::try_from(micros.rem_euclid(24 * 3_600 * 1_000_000)).ok()?;
    Some(turn.now + Duration::from_micros(micros))
}
