//! The jobs of all events as rows: what `listener jobs` and `GET /api/v1/jobs` list.
//!
//! Read from a store beside the automation, as the list of events is. It never decides anything.

use serde::{Deserialize, Serialize};

use crate::record::Action;
use crate::store::{PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX, Query, Store, StoreError};
use crate::story::{JobState, Stamp, State, Story};

/// How many stories one list reads: the jobs of a device can be far apart.
const STORIES_MAX: usize = 1_000;

/// Which jobs a list shows: the parameters of `GET /api/v1/jobs`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobQuery {
    /// Those that have ended too.
    pub all: bool,
    /// Only jobs on this node.
    pub device: Option<String>,
    /// How many; [`PAGE_ROWS_DEFAULT`] if absent, at most [`PAGE_ROWS_MAX`].
    pub limit: Option<usize>,
}

/// A list of jobs: those that wait for an approval first, then the newest events' first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobPage {
    /// The rows.
    pub jobs: Vec<JobRow>,
    /// Whether there may be more than these.
    pub more: bool,
}

/// One job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow {
    /// Its id.
    pub job: String,
    /// Its event.
    pub event: String,
    /// The rule that asked for it.
    pub rule: String,
    /// The node; `null` for what is done on none.
    pub device: Option<String>,
    /// What it does there.
    pub action: Action,
    /// How far it is.
    pub state: JobState,
    /// When it was decided.
    pub decided_at: Option<Stamp>,
    /// When it ended.
    pub ended_at: Option<Stamp>,
    /// Why it failed.
    pub error: Option<String>,
}

/// Lists the jobs of a store.
pub fn jobs(store: &(impl Store + ?Sized), query: &JobQuery) -> Result<JobPage, StoreError> {
    let limit = query.limit.unwrap_or(PAGE_ROWS_DEFAULT).clamp(1, PAGE_ROWS_MAX);
    let states: &[Option<State>] =
        if query.all { &[None] } else { &[Some(State::Waiting), Some(State::Running)] };
    let mut page = JobPage::default();
    let mut room = STORIES_MAX;
    for state in states {
        page.more |= !collect(store, query, *state, &mut room, &mut page.jobs)?;
    }
    page.jobs.sort_by_key(|row| row.state != JobState::Waiting);
    page.more |= page.jobs.len() > limit;
    page.jobs.truncate(limit);
    Ok(page)
}

/// Adds the jobs of the events in one state. False when not all of them were read.
fn collect(
    store: &(impl Store + ?Sized),
    query: &JobQuery,
    state: Option<State>,
    room: &mut usize,
    rows: &mut Vec<JobRow>,
) -> Result<bool, StoreError> {
    let mut events = Query { limit: Some(PAGE_ROWS_MAX), state, ..Query::default() };
    loop {
        let page = store.page(&events)?;
        for event in page.events.iter().filter(|event| event.jobs > 0) {
            if *room == 0 {
                return Ok(false);
            }
            *room -= 1;
            if let Some(story) = store.story(&event.id)? {
                rows.extend(rows_of(&story).filter(|row| query.matches(row)));
            }
        }
        match page.next {
            Some(next) => events.after = Some(next),
            None => return Ok(true),
        }
    }
}

impl JobQuery {
    fn matches(&self, row: &JobRow) -> bool {
        let device = self.device.as_ref().is_none_or(|device| row.device.as_ref() == Some(device));
        device && (self.all || !row.state.is_final())
    }
}

fn rows_of(story: &Story) -> impl Iterator<Item = JobRow> {
    story.jobs.iter().map(|job| JobRow {
        job: job.job.clone(),
        event: story.event.id.clone(),
        rule: job.rule.clone(),
        device: job.device.clone(),
        action: job.action.clone(),
        state: job.state,
        decided_at: story.decided_at,
        ended_at: job.ended_at,
        error: job.error.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::{Device, Request, Rig};

    /// Goal: what waits comes first, what has ended only when it is asked for, one node's alone on
    /// demand, and as many as asked for. Method: jobs in every state, a table of queries.
    #[test]
    fn jobs_are_listed() {
        let mut rig = Rig::new(
            "[[sources]]\npath = \"/events\"\nauth = [\"bearer\"]\n\
             [[rules]]\nname = \"repair\"\nwhen = 'event.name == \"Down\"'\n\
             [[rules.actions]]\nconfigure = [\"no shutdown\"]\n\
             [[rules]]\nname = \"look\"\nwhen = 'event.name == \"Look\"'\n\
             [[rules.actions]]\nshow = [\"show clock\"]\n",
        );
        rig.devices.insert("R2".into(), Device::HangsAt("show clock"));
        for (name, token) in [("Down", "1"), ("Look", "1"), ("Look", "2"), ("Look", "2")] {
            let request = Request::new(&format!("{{\"event\": \"{name}\"}}"));
            rig.status(&request.token(&format!("token-of-r{token}")));
        }
        let list = |query: JobQuery| {
            let page = jobs(&rig.store, &query).expect("memory");
            let rows = page.jobs.iter().map(|row| {
                format!("{} {}", row.device.as_deref().unwrap_or("-"), row.state.as_str())
            });
            (rows.collect::<Vec<_>>(), page.more)
        };
        let query = JobQuery::default;
        let open = ["R1 waiting", "R2 queued", "R2 running"];
        assert_eq!(list(query()), (open.map(str::to_owned).to_vec(), false));
        let all = ["R1 waiting", "R2 queued", "R2 running", "R1 done"].map(str::to_owned);
        assert_eq!(list(JobQuery { all: true, ..query() }), (all.to_vec(), false));
        let device = Some("R2".to_owned());
        assert_eq!(list(JobQuery { device, ..query() }), (all[1..3].to_vec(), false));
        assert_eq!(list(JobQuery { limit: Some(1), ..query() }), (all[..1].to_vec(), true));
    }
}
