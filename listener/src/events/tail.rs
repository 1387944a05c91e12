//! `listener events tail`: each event as it is journalled, and again as its state changes.
//!
//! It asks again and again, at a bounded pace, from the journal's file or a running listener; it
//! never holds either up. No state of an event is told twice.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use automation::store::{PAGE_ROWS_MAX, Query};
use automation::story::{State, Summary};
use host::signal::Termination;
use host::text::printable;
use host::{ExpectedError, message};
use simtime::Time;

use super::fetch::Origin;

/// How long to wait between two looks, in milliseconds.
const LOOK_MS: u64 = 500;
/// Events of one look that are told; of a larger flood the oldest are left out, and counted.
const NEW_MAX: usize = 10 * PAGE_ROWS_MAX;
/// Events that have not ended and are looked after; the oldest are let go of beyond it.
const OPEN_MAX: usize = 1_000;
/// Of these, how many are asked about at one look beyond the newest page, in turn.
const ASKED_PER_LOOK_MAX: usize = 50;

/// Follows the events that `query` asks for until Ctrl-C, or until nobody reads any more.
pub(super) async fn tail(origin: &Origin, query: Query, json: bool) -> Result<(), ExpectedError> {
    let mut termination = Termination::listen().map_err(ExpectedError::environment)?;
    let follow = follow(origin, query, json);
    tokio::select! {
        ended = follow => ended,
        () = termination.requested() => Ok(()),
    }
}

async fn follow(origin: &Origin, query: Query, json: bool) -> Result<(), ExpectedError> {
    let shown = query.limit.unwrap_or(0);
    let only = query.state;
    // The state is looked at here: an event must be seen while it is in another one, too.
    let query = Query { limit: Some(PAGE_ROWS_MAX), after: None, state: None, ..query };
    let mut tail = Tail::new(only);
    let mut first = origin.page(query.clone()).await?.events;
    first.reverse();
    let mut told = tail.begin(first, shown);
    loop {
        for row in &told {
            let line = if json { json_line(row)? } else { line(row) };
            if !message::stream(&line)? {
                return Ok(());
            }
        }
        tokio::time::sleep(Duration::from_millis(LOOK_MS)).await;
        told = look(origin, &query, &mut tail).await?;
    }
}

/// What is new since the last look, oldest first, then what has moved on.
async fn look(
    origin: &Origin,
    query: &Query,
    tail: &mut Tail,
) -> Result<Vec<Summary>, ExpectedError> {
    let mut rows: Vec<Summary> = Vec::new();
    let mut query = query.clone();
    let left_out = loop {
        let page = origin.page(query.clone()).await?;
        let is_known = page.events.iter().any(|row| tail.is_newest(row));
        rows.extend(page.events);
        match page.next {
            Some(next) if !is_known && rows.len() < NEW_MAX => query.after = Some(next),
            next => break !is_known && next.is_some() && tail.newest.is_some(),
        }
    };
    if left_out {
        message::warning("events came faster than they could be told; the oldest are left out");
    }
    rows.reverse();
    let mut told = tail.fresh(&rows);
    for id in tail.next_asked(&rows) {
        match origin.story(&id).await? {
            Some(story) => rows.push(story.summary()),
            // Removed meanwhile, as old events are.
            None => tail.let_go(&id),
        }
    }
    told.extend(tail.moved_on(&rows));
    Ok(told)
}

/// What is known of the events so far.
#[derive(Debug)]
struct Tail {
    only: Option<State>,
    /// The newest event, and when it came.
    newest: Option<(String, Time)>,
    /// The state in which each event that has not ended was seen last.
    open: BTreeMap<String, State>,
    /// The same events, those first that were asked about longest ago.
    turns: VecDeque<String>,
}

impl Tail {
    fn new(only: Option<State>) -> Self {
        Tail { only, newest: None, open: BTreeMap::new(), turns: VecDeque::new() }
    }

    /// What was there before: the last `shown` rows are told. Rows are oldest first.
    fn begin(&mut self, rows: Vec<Summary>, shown: usize) -> Vec<Summary> {
        rows.iter().for_each(|row| self.enter(row));
        let mut told: Vec<Summary> = rows.into_iter().filter(|row| self.is_wanted(row)).collect();
        told.split_off(told.len().saturating_sub(shown))
    }

    /// The rows that were not seen before.
    fn fresh(&mut self, rows: &[Summary]) -> Vec<Summary> {
        let known = rows.iter().rposition(|row| self.is_newest(row));
        let since = self.newest.as_ref().map(|(_, at)| *at);
        let fresh: Vec<Summary> = match (known, since) {
            (Some(place), _) => rows[place + 1..].to_vec(),
            // The newest one was removed meanwhile: what came after it is new.
            (None, Some(since)) => {
                rows.iter().filter(|row| row.received_at > since).cloned().collect()
            }
            (None, None) => rows.to_vec(),
        };
        fresh.iter().for_each(|row| self.enter(row));
        fresh.into_iter().filter(|row| self.is_wanted(row)).collect()
    }

    /// The rows whose state is another than the one seen last.
    fn moved_on(&mut self, rows: &[Summary]) -> Vec<Summary> {
        let mut moved = Vec::new();
        for row in rows {
            let Some(seen) = self.open.get_mut(&row.id) else { continue };
            if *seen == row.state {
                continue;
            }
            *seen = row.state;
            if row.state.is_finished() {
                self.let_go(&row.id);
            }
            if self.is_wanted(row) {
                moved.push(row.clone());
            }
        }
        moved
    }

    /// The events that have not ended and are not among the rows, in turn.
    fn next_asked(&mut self, rows: &[Summary]) -> Vec<String> {
        let mut asked = Vec::new();
        for _ in 0..self.turns.len() {
            if asked.len() == ASKED_PER_LOOK_MAX {
                break;
            }
            let Some(id) = self.turns.pop_front() else { break };
            if !rows.iter().any(|row| row.id == id) {
                asked.push(id.clone());
            }
            self.turns.push_back(id);
        }
        asked
    }

    fn enter(&mut self, row: &Summary) {
        self.newest = Some((row.id.clone(), row.received_at));
        if row.state.is_finished() {
            return;
        }
        self.open.insert(row.id.clone(), row.state);
        self.turns.push_back(row.id.clone());
        if self.turns.len() > OPEN_MAX
            && let Some(oldest) = self.turns.pop_front()
        {
            self.open.remove(&oldest);
        }
    }

    fn let_go(&mut self, id: &str) {
        self.open.remove(id);
        self.turns.retain(|waiting| waiting != id);
    }

    fn is_newest(&self, row: &Summary) -> bool {
        self.newest.as_ref().is_some_and(|(id, _)| *id == row.id)
    }

    fn is_wanted(&self, row: &Summary) -> bool {
        self.only.is_none_or(|state| state == row.state)
    }
}

/// The columns of `list`, in its order, without the box.
fn line(row: &Summary) -> String {
    let (at, jobs, state) = (row.received_at, row.jobs, row.state.as_str());
    let (id, name) = (printable(&row.id), printable(&row.name));
    let device = row.device.as_deref().unwrap_or("-");
    let from = row.device_from.to_string();
    format!("{id:<20}  {at}  {name:<20}  {:<12}  {from:<10}  {jobs:>2}  {state}", printable(device))
}

fn json_line(row: &Summary) -> Result<String, ExpectedError> {
    serde_json::to_string(row).map_err(ExpectedError::environment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use webhook::DeviceFrom;

    fn row(number: u64, state: State) -> Summary {
        Summary {
            id: format!("evt_{number}"),
            received_at: Time::VIRTUAL_START + simtime::Duration::from_secs(number),
            source: "/events".into(),
            name: "Interface\u{1b}Down".into(),
            device: Some("R1".into()),
            device_from: DeviceFrom::Credential,
            state,
            jobs: 1,
        }
    }

    fn told(rows: &[Summary]) -> Vec<(&str, State)> {
        rows.iter().map(|row| (row.id.as_str(), row.state)).collect()
    }

    /// Goal: each state is told once, in order, whichever page it is seen on. Method: looks at a
    /// journal that goes on.
    #[test]
    fn each_state_is_told_once() {
        use State::{Accepted, Done, Failed, Running};
        let mut tail = Tail::new(None);
        let before = vec![row(1, Done), row(2, Running), row(3, Done)];
        assert_eq!(told(&tail.begin(before.clone(), 1)), [("evt_3", Done)]);
        assert_eq!(told(&tail.fresh(&before)), []);
        assert_eq!(told(&tail.moved_on(&before)), []);
        let now = [row(2, Failed), row(3, Done), row(4, Accepted), row(5, Done)];
        assert_eq!(told(&tail.fresh(&now)), [("evt_4", Accepted), ("evt_5", Done)]);
        assert_eq!(told(&tail.moved_on(&now)), [("evt_2", Failed)]);
        assert_eq!(told(&tail.fresh(&now)), []);
        assert_eq!(told(&tail.moved_on(&now)), []);
        // The page no longer reaches back to an event that goes on.
        let now = [row(6, Done)];
        assert_eq!(tail.next_asked(&now), ["evt_4"]);
        assert_eq!(told(&tail.fresh(&now)), [("evt_6", Done)]);
        assert_eq!(told(&tail.moved_on(&[row(4, Running)])), [("evt_4", Running)]);
        assert_eq!(told(&tail.moved_on(&[row(4, Done)])), [("evt_4", Done)]);
        assert!(tail.open.is_empty() && tail.turns.is_empty());
    }

    /// Goal: a filter by state shows an event when it gets there. Method: one that is done later.
    #[test]
    fn a_state_that_is_asked_for_is_told_when_it_comes() {
        let mut tail = Tail::new(Some(State::Done));
        assert_eq!(told(&tail.begin(vec![row(1, State::Running)], 5)), []);
        assert_eq!(told(&tail.fresh(&[row(1, State::Running), row(2, State::Failed)])), []);
        assert_eq!(told(&tail.moved_on(&[row(1, State::Done)])), [("evt_1", State::Done)]);
    }

    /// Goal: what is looked after has its bound. Method: more that never end.
    #[test]
    fn what_is_looked_after_is_bounded() {
        let mut tail = Tail::new(None);
        let rows: Vec<Summary> = (0..3_000).map(|number| row(number, State::Running)).collect();
        assert_eq!(tail.fresh(&rows).len(), 3_000);
        assert_eq!((tail.open.len(), tail.turns.len()), (OPEN_MAX, OPEN_MAX));
        let asked: Vec<String> = (0..20).flat_map(|_| tail.next_asked(&[])).collect();
        let each: std::collections::BTreeSet<&String> = asked.iter().collect();
        assert_eq!(each.len(), OPEN_MAX, "each has its turn");
    }

    /// Goal: columns are stable, and a name cannot draw on the terminal.
    #[test]
    fn a_line_has_the_columns_of_the_list() {
        let want = "evt_1                 2026-01-01T00:00:01.000000Z  Interface\\u{1b}Down   \
                    R1            credential   1  running";
        assert_eq!(line(&row(1, State::Running)), want);
    }
}
