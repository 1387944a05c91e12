//! The points table: each check with what was wanted and seen, sums by area, what no running server
//! can earn and why; or one JSON document. JUnit besides, if asked for.
//!
//! Called once, at the end. Exit code 1 when points are missing that a running server can earn.

use std::time::Duration;

use host::message::{DIM, ERROR, SUCCESS, WARNING};
use host::text::printable;
use host::{ExpectedError, message};
use serde_json::{Value, json};

use super::points::Points;
use super::run::{Graded, Verdict};
use super::table::{Area, Check, Course};
use crate::args::GradeArgs;
use crate::test::junit::Junit;

/// Width of the names of areas and checks.
const NAME_COLUMNS: usize = 62;

/// Points of an area, or of all.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    earned: Points,
    of: Points,
    /// Of those that were missed: what a server could have earned.
    missed: Points,
    /// What no running server can earn, and was not found either.
    beyond: Points,
}

/// A check with its verdict.
struct Row<'c> {
    area: &'c Area,
    check: &'c Check,
    verdict: &'c Verdict,
}

/// Prints all, and says whether a server could have more.
pub(super) fn tell(
    course: &Course,
    graded: &Graded,
    base: &str,
    args: &GradeArgs,
) -> Result<(), ExpectedError> {
    let rows = rows(course, graded);
    let sum = sum(&rows);
    if let Some(path) = &args.junit {
        junit(&rows).write(path, rows.iter().map(|row| row.verdict.took).sum())?;
    }
    match args.format.is_json() {
        true => message::data(&document(course, &rows, base).to_string())?,
        false => message::data(&text(course, &rows))?,
    }
    let is_narrow = !args.only.is_empty();
    let missed = rows.iter().any(|row| row.verdict.miss.is_some() && is_narrow);
    match sum.missed > Points::default() || (missed && sum.of == Points::default()) {
        true => Err(ExpectedError::AnsweredNo),
        false => Ok(()),
    }
}

fn rows<'c>(course: &'c Course, graded: &'c Graded) -> Vec<Row<'c>> {
    let row = |((area, check), verdict): (&(usize, usize), &'c Verdict)| {
        let area = &course.areas[*area];
        Row { area, check: &area.checks[*check], verdict }
    };
    graded.iter().map(row).collect()
}

fn sum(rows: &[Row<'_>]) -> Sum {
    let mut sum = Sum::default();
    for Row { check, verdict, .. } in rows {
        sum.of += check.points;
        match (&verdict.miss, &check.not_by_a_server) {
            (None, _) => sum.earned += check.points,
            (Some(_), None) => sum.missed += check.points,
            (Some(_), Some(_)) => sum.beyond += check.points,
        }
    }
    sum
}

/// The rows of one area after the other.
fn by_area<'r, 'c>(course: &'c Course, rows: &'r [Row<'c>]) -> Vec<(&'c Area, Vec<&'r Row<'c>>)> {
    let of = |area: &'c Area| rows.iter().filter(|row| row.area.key == area.key).collect();
    let all = course.areas.iter().map(|area| (area, of(area)));
    all.filter(|(_, rows): &(_, Vec<_>)| !rows.is_empty()).collect()
}

fn text(course: &Course, rows: &[Row<'_>]) -> String {
    let mut out = Vec::new();
    for (area, rows) in by_area(course, rows) {
        let with_points = area.points > Points::default();
        let heads =
            rows.iter().map(|row| Row { area: row.area, check: row.check, verdict: row.verdict });
        let sum = sum(&heads.collect::<Vec<_>>());
        if with_points {
            out.push(format!("{:<NAME_COLUMNS$}{:>9} of {}", area.name, sum.earned, sum.of));
        } else {
            let met = rows.iter().filter(|row| row.verdict.miss.is_none()).count();
            let served = rows.iter().filter(|row| row.verdict.is_served).count();
            let not_served = rows.len() - served;
            let served = format!("{met} of {}, {not_served} not served", rows.len());
            out.push(format!("{:<NAME_COLUMNS$}  {served}", area.name));
        }
        // What is not served of a text without points is one number.
        let is_shown =
            |row: &&&Row<'_>| with_points || (row.verdict.miss.is_some() && row.verdict.is_served);
        out.extend(rows.iter().filter(is_shown).map(|row| line(row)));
    }
    out.push(String::new());
    out.extend(ending(course, rows));
    out.join("\n")
}

fn line(row: &Row<'_>) -> String {
    let Row { check, verdict, .. } = row;
    let (style, word) = match (&verdict.miss, &check.not_by_a_server) {
        (None, _) => (SUCCESS, "ok"),
        (Some(_), None) => (ERROR, "MISS"),
        (Some(_), Some(_)) => (WARNING, "-"),
    };
    let points = match check.points == Points::default() {
        true => "   ".to_owned(),
        false => check.points.to_string(),
    };
    let mut text = format!("  {style}{word:<4}{style:#}  {points}  {}", check.name);
    let subject = printable(&verdict.subject);
    if let Some(miss) = &verdict.miss {
        if let Some(why) = &check.not_by_a_server {
            return format!("{text}\n             not by a server: {why}");
        }
        let (wanted, seen) = (printable(&miss.wanted), printable(&miss.seen));
        // What is looked at, and not asked, is said by what is wanted of it.
        let about = if !subject.contains(' ') { String::new() } else { format!("{subject}: ") };
        text.push_str(&format!("\n             {about}wanted {wanted}\n             seen {seen}"));
    } else if !subject.is_empty() {
        text.push_str(&format!("  {DIM}{subject}{DIM:#}"));
    }
    text
}

fn ending(course: &Course, rows: &[Row<'_>]) -> Vec<String> {
    let line = |name: &str, sum: Sum| {
        let missed =
            if sum.missed > Points::default() { sum.missed.to_string() } else { String::new() };
        let beyond =
            if sum.beyond > Points::default() { sum.beyond.to_string() } else { String::new() };
        let text = format!("{name:<24}{:>7}{:>7}{missed:>9}{beyond:>17}", sum.earned, sum.of);
        text.trim_end().to_owned()
    };
    let mut out = vec![format!(
        "{:<24}{:>7}{:>7}{:>9}{:>17}",
        "Area", "Points", "Of", "Missed", "Not by a server"
    )];
    let mut total = Sum::default();
    for (area, rows) in by_area(course, rows) {
        let copied =
            rows.iter().map(|row| Row { area: row.area, check: row.check, verdict: row.verdict });
        let sum = sum(&copied.collect::<Vec<_>>());
        if area.points > Points::default() {
            out.push(line(&area.name, sum));
            total.earned += sum.earned;
            total.of += sum.of;
            total.missed += sum.missed;
            total.beyond += sum.beyond;
        }
    }
    out.push(line("Total", total));
    out.push(match total.missed == Points::default() {
        true => "Every point that a running server can earn is there.".to_owned(),
        false => format!("A running server could have {} more.", total.missed),
    });
    out
}

fn document(course: &Course, rows: &[Row<'_>], base: &str) -> Value {
    let check = |row: &&Row<'_>| {
        json!({
            "name": row.check.name,
            "points": row.check.points,
            "earned": row.verdict.miss.is_none(),
            "subject": row.verdict.subject,
            "served": row.verdict.is_served,
            "wanted": row.verdict.miss.as_ref().map(|miss| &miss.wanted),
            "seen": row.verdict.miss.as_ref().map(|miss| &miss.seen),
            "not_by_a_server": row.check.not_by_a_server,
        })
    };
    let areas = by_area(course, rows).into_iter().map(|(area, rows)| {
        let checks: Vec<Value> = rows.iter().map(check).collect();
        let copied =
            rows.iter().map(|row| Row { area: row.area, check: row.check, verdict: row.verdict });
        let sum = sum(&copied.collect::<Vec<_>>());
        json!({
            "area": area.key, "name": area.name, "earned": sum.earned, "of": sum.of,
            "missed": sum.missed, "not_by_a_server": sum.beyond, "checks": checks,
        })
    });
    let areas: Vec<Value> = areas.collect();
    let sum = sum(rows);
    json!({
        "course": course.head.title, "listener": base, "earned": sum.earned, "of": sum.of,
        "missed": sum.missed, "not_by_a_server": sum.beyond, "areas": areas,
    })
}

fn junit(rows: &[Row<'_>]) -> Junit {
    let mut junit = Junit::named("ednm grade");
    for Row { area, check, verdict } in rows {
        let took: Duration = verdict.took;
        let wrong = verdict.miss.as_ref().map(|miss| match &check.not_by_a_server {
            Some(why) => ("skipped", format!("not by a server: {why}"), String::new()),
            None => {
                let text =
                    format!("{}\nwanted {}\nseen {}", verdict.subject, miss.wanted, miss.seen);
                ("failure", format!("wanted {}, seen {}", miss.wanted, miss.seen), text)
            }
        });
        junit.check(&area.name, &check.name, took, wrong);
    }
    junit
}
