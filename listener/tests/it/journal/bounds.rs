//! What a start takes of a journal, and what retention takes away.

use automation::record::Record;
use automation::store::{Query, REMEMBERED, REPLAY_SECS, Store as _};
use automation::{PersistId, Retention};
use listener::journal::{Journal, Report, SqliteStore};
use simtime::{Duration, Time};

use super::{accepted, at_minute, decided, id, open, step_of};

/// Goal: a start takes a bounded part of a large journal: the newest finished events, all of the
/// last quarter of an hour, and what is not finished, however old. Method: more events than that,
/// a second apart, the first one unfinished.
#[test]
fn recovery_is_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = SqliteStore::open(&dir.path().join("0.sqlite3")).unwrap();
    let count = REMEMBERED + 300;
    let at = |event: usize| Time::VIRTUAL_START + Duration::from_secs(event as u64);
    let records = (0..count).flat_map(|event| {
        let decided = decided(id(event), format!("job_{event}"), at(event), event == 0);
        [Record::Accepted(accepted(event, at(event))), Record::Decided(decided)]
    });
    let records: Vec<Record> = records.collect();
    journal.append(&records).unwrap();
    let recovered = journal.recover().unwrap();
    assert_eq!(recovered[..2], records[..2], "the unfinished one, whole");
    assert_eq!(recovered.len(), 2 + 2 * REMEMBERED);
    assert_eq!(recovered[2].event(), id(count - REMEMBERED));
    assert!(REPLAY_SECS < REMEMBERED as u64);
    // The same events within a moment: all of them are within the window.
    let mut journal = SqliteStore::open(&dir.path().join("1.sqlite3")).unwrap();
    let fast = (0..count).flat_map(|event| {
        let decided = decided(id(event), String::new(), at(0), false);
        [Record::Accepted(accepted(event, at(0))), Record::Decided(decided)]
    });
    journal.append(&fast.collect::<Vec<_>>()).unwrap();
    assert_eq!(journal.recover().unwrap().len(), 2 * count);
}

/// Goal: a journal keeps to its size: the oldest go, the last quarter of an hour stays, the file
/// gets smaller. Method: some megabytes, then a bound of one, at a start.
#[tokio::test]
async fn a_journal_keeps_to_its_size() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.sqlite3");
    let mut journal = SqliteStore::open(&path).unwrap();
    let count = 60;
    let large = "x".repeat(100_000);
    for event in 0..count {
        let at = at_minute(event as u64);
        let mut accepted = accepted(event, at);
        accepted.event.data.insert("text".into(), large.clone().into());
        let decided = decided(id(event), String::new(), at, false);
        journal.append(&[Record::Accepted(accepted), Record::Decided(decided)]).unwrap();
    }
    drop(journal);
    let size = std::fs::metadata(&path).unwrap().len();
    let retention = Retention { size_bytes: 1 << 20, ..Retention::default() };
    let Journal { writer, mut reports, reader, .. } =
        Journal::open(&path, retention).await.unwrap();
    let removed = async {
        loop {
            if let Some(Report::Removed(events)) = reports.recv().await {
                return events;
            }
        }
    };
    let removed = tokio::time::timeout(std::time::Duration::from_secs(20), removed).await.unwrap();
    let left = reader.page(Query { limit: Some(100), ..Query::default() }).await.unwrap().events;
    // The last quarter of an hour alone is more than a megabyte.
    assert_eq!(left.len(), usize::try_from(REPLAY_SECS / 60).unwrap() + 1);
    assert_eq!((removed, left[0].id.as_str()), (count - left.len(), "evt_59"));
    writer.submit(PersistId(1), vec![step_of(100, 0)]).unwrap();
    assert_eq!(reports.recv().await, Some(Report::Persisted(PersistId(1))));
    drop((writer, reader));
    assert_eq!(reports.recv().await, None);
    let smaller = std::fs::metadata(&path).unwrap().len();
    assert!(smaller < size / 2, "{smaller} of {size}");
}

/// What is left of events of these ages, in days, newest last, after the first pass of retention.
async fn left_of(ages: &[i64]) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.sqlite3");
    let now = host::LiveClock::start().now();
    let mut journal = SqliteStore::open(&path).unwrap();
    for (event, age) in ages.iter().enumerate() {
        let micros = now.as_micros().saturating_add_signed(-age * 86_400_000_000);
        let at = Time::from_micros(micros);
        let decided = decided(id(event), String::new(), at, false);
        let records = [Record::Accepted(accepted(event, at)), Record::Decided(decided)];
        journal.append(&records).unwrap();
    }
    drop(journal);
    let Journal { writer, mut reports, reader, .. } = open(&path).await.unwrap();
    // Steps and batches take turns; a pass of these few is over after two. This event goes on.
    for number in 0..4 {
        writer.submit(PersistId(number), vec![step_of(91, number as usize)]).unwrap();
        while reports.recv().await != Some(Report::Persisted(PersistId(number))) {}
    }
    let page = reader.page(Query::default()).await.unwrap();
    assert_eq!(page.events[0].id, "evt_91", "the newest is first, whatever its clock said");
    page.events.into_iter().skip(1).rev().map(|row| row.id).collect()
}

/// Goal: what is too old goes; but when the clock cannot be believed, nothing does. Method: a table
/// of the ages of what a start finds.
#[tokio::test]
async fn a_journal_lets_go_of_what_is_old() {
    assert_eq!(left_of(&[40, 31, 29, 0]).await, ["evt_2", "evt_3"]);
    // Off for a month, or a clock that is a month ahead: it must first go on for a day.
    assert_eq!(left_of(&[80, 75, 70]).await, ["evt_0", "evt_1", "evt_2"]);
    // The clock was at 2099, and is back.
    assert_eq!(left_of(&[80, -26_000]).await, ["evt_0", "evt_1"]);
    // The same, and events came since: those of 2099 are in nobody's way.
    assert_eq!(left_of(&[80, -26_000, 0]).await, ["evt_1", "evt_2"]);
}
