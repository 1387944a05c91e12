//! The model store: its durable prefix, its pages; and records in JSON.

use simtime::Duration;

use crate::record::{Outcome, Record};
use crate::store::{MemoryStore, Query, Store as _};
use crate::story::State;
use crate::testkit::{Device, LISTENER, Request, Rig};
use crate::{SessionFailure, record};

/// Five events of two devices; R2 refuses logins.
fn filled() -> Rig {
    let mut rig = Rig::new(LISTENER);
    rig.devices.insert("R2".into(), Device::Failing(SessionFailure::Refused));
    for (name, token) in [
        ("InterfaceDown", "token-of-r1"),
        ("Other", "token-of-r1"),
        ("InterfaceDown", "token-of-r2"),
        ("Other", "token-of-r2"),
        ("InterfaceDown", "token-of-r1"),
    ] {
        let body = format!(r#"{{"event": "{name}", "interface": "Gi1"}}"#);
        rig.status(&Request::new(&body).token(token));
    }
    rig
}

/// `device name state` of each row, and whether there is more.
fn page(store: &MemoryStore, query: &Query) -> (Vec<String>, Option<String>) {
    let page = store.page(query).expect("memory");
    let rows = page.events.iter().map(|row| {
        let device = row.device.as_deref().unwrap_or("-");
        format!("{device} {} {}", row.name, row.state.as_str())
    });
    (rows.collect(), page.next)
}

/// Goal: pages are newest first, filtered, and lead from one to the next. Method: a table.
#[test]
fn pages_are_newest_first() {
    let store = filled().store;
    let all = [
        "R1 InterfaceDown done",
        "R2 Other done",
        "R2 InterfaceDown failed",
        "R1 Other done",
        "R1 InterfaceDown done",
    ];
    assert_eq!(page(&store, &Query::default()).0, all);
    let device = Query { device: Some("R2".into()), ..Query::default() };
    assert_eq!(page(&store, &device).0, all[1..3]);
    let name = Query { name: Some("Other".into()), ..Query::default() };
    assert_eq!(page(&store, &name).0, ["R2 Other done", "R1 Other done"]);
    let state = Query { state: Some(State::Failed), ..Query::default() };
    assert_eq!(page(&store, &state).0, ["R2 InterfaceDown failed"]);
    let mut query = Query { limit: Some(2), ..Query::default() };
    let mut walked = Vec::new();
    loop {
        let (rows, next) = page(&store, &query);
        assert!(rows.len() <= 2);
        walked.extend(rows);
        match next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    assert_eq!(walked, all);
    let beyond = Query { after: Some("evt_unknown".into()), ..Query::default() };
    assert_eq!(page(&store, &beyond), (Vec::new(), None));
}

/// Goal: a crash leaves exactly what was synced. Method: write, sync, write, crash.
#[test]
fn a_crash_leaves_the_durable_prefix() {
    let records = filled().records().to_vec();
    let mut store = MemoryStore::default();
    store.append(&records[..2]).expect("memory");
    store.write(&records[2..]);
    assert_eq!(store.durable(), &records[..2]);
    assert_eq!(store.page(&Query::default()).expect("memory").events.len(), 1);
    store.crash();
    assert_eq!(store.recover().expect("memory"), &records[..2]);
    store.append(&records[2..]).expect("memory");
    assert_eq!(store.durable(), records);
}

/// Goal: a restart remembers of finished events who sent what, and neither data nor outputs; of
/// unfinished ones it has everything. Method: five finished events, then one that is decided.
#[test]
fn finished_events_are_remembered_in_short() {
    let mut rig = filled();
    rig.devices.insert("R1".into(), Device::HangsAt("show ip interface brief"));
    let body = r#"{"event": "InterfaceDown", "interface": "Gi1"}"#;
    let (_, open) = rig.status(&Request::new(body).token("token-of-r1"));
    let recovered = rig.store.recover().expect("memory");
    let (open, finished): (Vec<_>, Vec<_>) =
        recovered.into_iter().partition(|record| record.event() == open);
    let written = rig.records().iter().filter(|record| record.event() == open[0].event());
    assert!(open.iter().eq(written));
    assert_eq!(finished.len(), 10);
    for pair in finished.chunks(2) {
        let [Record::Accepted(accepted), Record::Decided(decided)] = pair else {
            panic!("{pair:?}")
        };
        assert_eq!(accepted.event.id, decided.event);
        assert!(accepted.event.data.is_empty() && decided.jobs.is_empty());
    }
}

/// Goal: retention takes finished events alone, the oldest first, each whole, a few at a time.
/// Method: trim in steps of one record; an event that is not finished lies before the last ones.
#[test]
fn retention_takes_the_oldest_finished_events() {
    let mut rig = filled();
    rig.devices.insert("R1".into(), Device::HangsAt("show ip interface brief"));
    let down = r#"{"event": "InterfaceDown", "interface": "Gi1"}"#;
    let (_, open) = rig.status(&Request::new(down).token("token-of-r1"));
    rig.now += Duration::from_secs(1);
    let other = r#"{"event": "Other"}"#;
    let (_, young) = rig.status(&Request::new(other).token("token-of-r2"));
    let now = rig.now;
    let store = &mut rig.store;
    assert_eq!(store.trim(simtime::Time::VIRTUAL_START, 100).expect("memory"), 0, "none is older");
    let ids = |store: &MemoryStore| -> Vec<String> {
        let page = store.page(&Query::default()).expect("memory");
        page.events.into_iter().rev().map(|row| row.id).collect()
    };
    let all = ids(store);
    for left in (0..5).rev() {
        assert_eq!(store.trim(now, 1).expect("memory"), 1);
        assert_eq!(ids(store)[..], all[5 - left..]);
    }
    assert_eq!(store.trim(now, 1).expect("memory"), 0);
    assert_eq!(ids(store), [open.clone(), young.clone()]);
    assert_eq!(store.trim(now + Duration::from_secs(1), 100).expect("memory"), 1);
    assert_eq!(ids(store), [open]);
    assert_eq!(store.story(&young).expect("memory"), None);
}

/// Goal: a record survives JSON, which is how it lies on disk. Method: every kind of record.
#[test]
fn records_survive_json() {
    let mut records = filled().records().to_vec();
    records.push(Record::AttemptFailed(record::AttemptFailed {
        event: "evt_1".into(),
        job: "job_1".into(),
        attempt: 1,
        at: simtime::Time::VIRTUAL_START,
        error: "x".into(),
        sent: true,
    }));
    records.push(Record::JobDone(record::JobDone {
        event: "evt_1".into(),
        job: "job_1".into(),
        at: simtime::Time::VIRTUAL_START,
        outcome: Outcome::Failed("x".into()),
        note: Some("y".into()),
        result: None,
    }));
    records.push(Record::Approval(record::Approval {
        event: "evt_1".into(),
        job: "job_1".into(),
        at: simtime::Time::VIRTUAL_START,
        by: "ada".into(),
        consent: record::Consent::Denied,
    }));
    for record in records {
        let text = serde_json::to_string(&record).expect("JSON");
        assert_eq!(serde_json::from_str::<Record>(&text).expect("a record"), record, "{text}");
    }
}
