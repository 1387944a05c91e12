//! `listener jobs`: the jobs that have not ended, those that wait for an approval first.
//!
//! Reads alone, from the journal or a running listener, as `listener events` does.

use automation::overview::{JobPage, JobQuery, JobRow};
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ColumnConstraint, Table, Width};
use host::text::printable;
use host::{ExpectedError, message};

use crate::args::Jobs;
use crate::events::Origin;

/// The column of states, and its widest, in characters: an error takes as many lines as it needs.
const STATE: usize = 1;
const STATE_WIDTH_MAX: u16 = 40;

/// Runs the verb.
pub(crate) async fn run(args: Jobs) -> Result<(), ExpectedError> {
    let Jobs { all, device, limit, place } = args;
    let page = Origin::open(&place)?.jobs(JobQuery { all, device, limit }).await?;
    if place.format.is_json() {
        let text = serde_json::to_string(&page).map_err(ExpectedError::environment)?;
        return message::data(&text);
    }
    print(&page)
}

fn print(page: &JobPage) -> Result<(), ExpectedError> {
    message::data(&table(&page.jobs).to_string())?;
    if page.more {
        message::note("there may be more: --limit N, or --device NODE");
    }
    let waiting = page.jobs.iter().find(|row| row.state.is_waiting());
    if let Some(JobRow { job, .. }) = waiting {
        message::note(&format!("to run one that waits: listener approve {job}"));
    }
    Ok(())
}

fn table(jobs: &[JobRow]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED.with_rounded_corners());
    table.set_header(["Job", "State", "Device", "Rule", "Decided", "Does"]);
    let narrow = ColumnConstraint::UpperBoundary(Width::Fixed(STATE_WIDTH_MAX));
    table.column_mut(STATE).expect("the header has it").set_constraint(narrow);
    for row in jobs {
        let decided = row.decided_at.map(|stamp| stamp.0.to_string()).unwrap_or_default();
        let error = row.error.as_deref().map(|error| format!(": {error}")).unwrap_or_default();
        // One line of the action under the other: what is approved must be seen whole.
        let lines = row.action.lines();
        let lines: Vec<_> = lines.iter().map(|line| printable(line)).collect();
        table.add_row([
            row.job.clone(),
            format!("{}{}", row.state.as_str(), printable(&error)),
            printable(row.device.as_deref().unwrap_or("-")).into_owned(),
            printable(&row.rule).into_owned(),
            decided,
            format!("{}:\n{}", row.action.word(), lines.join("\n")),
        ]);
    }
    table
}
