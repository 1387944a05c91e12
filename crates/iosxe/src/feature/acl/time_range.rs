//! Whether the hour of an entry has come: `time-range`, whose lines are kept by `inert`.
//!
//! Asked for each packet, and by `show access-lists`.

use jiff::civil::{Date, DateTime, Time as TimeOfDay, Weekday};
use simtime::Time;

use crate::device::State;

/// Whether entries of a time range count at this instant. One that is not configured, or has no
/// lines, holds nothing back.
pub(super) fn is_active(state: &State, name: &str, now: Time) -> bool {
    let blocks = state.inert.blocks("time-range");
    let Some((_, lines)) = blocks.into_iter().find(|(range, _)| *range == name) else {
        return true;
    };
    let civil = state.clock.local(now).civil;
    let (absolute, periodic): (Vec<&str>, Vec<&str>) =
        lines.iter().map(String::as_str).partition(|line| line.starts_with("absolute"));
    let in_absolute = absolute.iter().all(|line| is_between(line, civil));
    // A periodic line counts only within the absolute one (IOS: Network Management, `time-range`).
    in_absolute
        && (periodic.is_empty()
            || periodic.iter().any(|line| is_in_week(line, civil) == Some(true)))
}

/// `absolute [start HH:MM DAY MONTH YEAR] [end HH:MM DAY MONTH YEAR]`
fn is_between(line: &str, now: DateTime) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = |word: &str| {
        let place = words.iter().position(|other| *other == word)?;
        moment(words.get(place + 1..place + 5)?)
    };
    at("start").is_none_or(|start| start <= now) && at("end").is_none_or(|end| now <= end)
}

fn moment(words: &[&str]) -> Option<DateTime> {
    let [time, day, month, year] = words else { return None };
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let month = month.to_ascii_lowercase();
    let month = MONTHS.iter().position(|known| month.starts_with(known))?;
    let month = i8::try_from(month + 1).ok()?;
    let date = Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    Some(date.to_datetime(time_of_day(time)?))
}

/// `periodic DAYS HH:MM to [DAY] HH:MM`
fn is_in_week(line: &str, now: DateTime) -> Option<bool> {
    let mut words = line.split_whitespace().skip(1);
    let mut days = Vec::new();
    let start = loop {
        let word = words.next()?;
        match time_of_day(word) {
            Some(time) => break time,
            None => days.extend(days_of(word)),
        }
    };
    words.next().filter(|word| *word == "to")?;
    let word = words.next()?;
    if let Some(end) = time_of_day(word) {
        let within = start <= now.time() && minute(now.time()) <= end;
        return Some(within && days.contains(&now.weekday()));
    }
    let (first, last) = (*days.first()?, *days_of(word).first()?);
    let end = time_of_day(words.next()?)?;
    let place = |day: Weekday, time: TimeOfDay| (day.to_monday_zero_offset(), time);
    let (from, to) = (place(first, start), place(last, end));
    let here = place(now.weekday(), minute(now.time()));
    Some(if from <= to { from <= here && here <= to } else { from <= here || here <= to })
}

/// The end of a range is the last minute of it.
fn minute(time: TimeOfDay) -> TimeOfDay {
    TimeOfDay::constant(time.hour(), time.minute(), 0, 0)
}

fn days_of(word: &str) -> Vec<Weekday> {
    let all = || Weekday::Monday.cycle_forward().take(7);
    let is_weekend = |day: &Weekday| matches!(day, Weekday::Saturday | Weekday::Sunday);
    let word = word.to_ascii_lowercase();
    match word.as_str() {
        "daily" => all().collect(),
        "weekdays" => all().filter(|day| !is_weekend(day)).collect(),
        "weekend" => all().filter(is_weekend).collect(),
        _ => {
            let name = |day: &Weekday| format!("{day:?}").to_ascii_lowercase().starts_with(&word);
            all().filter(name).collect()
        }
    }
}

fn time_of_day(word: &str) -> Option<TimeOfDay> {
    let (hour, minute) = word.split_once(':')?;
    TimeOfDay::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a range holds at its hours and at no other. Method: a table.
    #[test]
    fn hours_and_days() {
        // A Wednesday.
        let at = |hour, minute| DateTime::constant(2026, 11, 25, hour, minute, 30, 0);
        let table = [
            ("periodic weekdays 8:00 to 17:00", at(12, 0), true),
            ("periodic weekdays 8:00 to 17:00", at(17, 0), true),
            ("periodic weekdays 8:00 to 17:00", at(17, 1), false),
            ("periodic weekend 0:00 to 23:59", at(12, 0), false),
            ("periodic Monday Wednesday 8:00 to 17:00", at(9, 0), true),
            ("periodic Monday 8:00 to Friday 17:00", at(3, 0), true),
            ("periodic Friday 18:00 to Monday 6:00", at(3, 0), false),
            ("periodic Friday 18:00 to Thursday 6:00", at(3, 0), true),
        ];
        for (line, now, want) in table {
            assert_eq!(is_in_week(line, now), Some(want), "{line} at {now}");
        }
        let line = "absolute start 08:00 24 November 2026 end 18:00 25 November 2026";
        assert!(is_between(line, at(12, 0)));
        assert!(!is_between(line, at(18, 1)));
    }
}
