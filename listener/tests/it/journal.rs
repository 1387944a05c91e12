//! The journal: held against the model store by one property test, and its edges.

mod bounds;
mod files;

use std::path::{Path, PathBuf};

use automation::record::{
    Accepted, Action, Approve, Attempt, AttemptFailed, Command, Decided, JobDone, JobPlan, Outcome,
    Record, RuleVerdict, Verification,
};
use automation::store::{MemoryStore, Query, Store as _};
use automation::story::State;
use automation::{Keeper, Kept, Memory};
use automation::{PersistId, Retention};
use listener::journal::{Journal, JournalError, Report, SqliteStore};
use proptest::prelude::*;
use simtime::{Duration, Time};
use webhook::{DeviceFrom, Event};

/// Events of one run of the property test.
const EVENTS: usize = 6;

/// What is done to both stores.
#[derive(Clone, Debug)]
enum Operation {
    /// One batch: the next step of each of these events.
    Append(Vec<usize>),
    /// The same, and the process dies before it is durable; `torn` is left at the log's end.
    Killed(Vec<usize>, Vec<u8>),
    /// Closed and opened again.
    Reopened,
    /// Retention: finished events of before this minute, in a step of so many records.
    Trimmed(u64, usize),
}

fn operation() -> impl Strategy<Value = Operation> {
    let batch = || prop::collection::vec(0..EVENTS, 1..5);
    prop_oneof![
        6 => batch().prop_map(Operation::Append),
        1 => (batch(), prop::collection::vec(any::<u8>(), 0..200))
            .prop_map(|(batch, torn)| Operation::Killed(batch, torn)),
        1 => Just(Operation::Reopened),
        1 => (0..9_u64, 0..30_usize)
            .prop_map(|(minute, records)| Operation::Trimmed(minute, records)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Goal: the SQLite store is the model store, whatever happens (law L4). Method: the same
    /// operations to both, deaths included; then every question must have the same answer.
    #[test]
    fn the_journal_is_the_model(operations in prop::collection::vec(operation(), 1..24)) {
        let dir = tempfile::tempdir().unwrap();
        let mut path = dir.path().join("0.sqlite3");
        let mut model = MemoryStore::default();
        let mut journal = SqliteStore::open(&path).unwrap();
        for (number, operation) in operations.into_iter().enumerate() {
            match operation {
                Operation::Append(events) => {
                    let batch = batch(model.durable(), &events);
                    model.append(&batch).unwrap();
                    journal.append(&batch).unwrap();
                }
                Operation::Killed(events, torn) => {
                    model.write(&batch(model.durable(), &events));
                    model.crash();
                    path = killed(&path, dir.path().join(format!("left-{number}.sqlite3")), &torn);
                    journal = SqliteStore::open(&path).unwrap();
                }
                Operation::Reopened => {
                    drop(journal);
                    journal = SqliteStore::open(&path).unwrap();
                }
                Operation::Trimmed(minute, records) => {
                    let before = at_minute(minute);
                    let gone = model.trim(before, records).unwrap();
                    prop_assert_eq!(journal.trim(before, records).unwrap(), gone);
                }
            }
            prop_assert_eq!(journal.recover().unwrap(), model.recover().unwrap());
        }
        for query in queries() {
            let (ours, models) = (journal.page(&query).unwrap(), model.page(&query).unwrap());
            prop_assert_eq!(ours, models, "{:?}", query);
        }
        for event in 0..=EVENTS {
            let id = id(event);
            prop_assert_eq!(journal.story(&id).unwrap(), model.story(&id).unwrap());
        }
    }
}

/// The files as a dead process leaves them: not closed, not checkpointed, perhaps half a write.
fn killed(path: &Path, left: PathBuf, torn: &[u8]) -> PathBuf {
    std::fs::copy(path, &left).unwrap();
    let mut bytes = std::fs::read(log_of(path)).unwrap_or_default();
    if !bytes.is_empty() {
        bytes.extend_from_slice(torn);
        std::fs::write(log_of(&left), bytes).unwrap();
    }
    left
}

fn id(event: usize) -> String {
    format!("evt_{event}")
}

/// The next record of each event, as the automation would write it after what is on disk.
fn batch(written: &[Record], events: &[usize]) -> Vec<Record> {
    let mut records = written.to_vec();
    for &event in events {
        let of_event = |record: &&Record| record.event() == id(event);
        let steps = records.iter().filter(|record| !matches!(record, Record::Kept(_)));
        let step = steps.filter(of_event).count();
        if step == 1 {
            records.push(kept(event, records.len()));
        }
        records.push(step_of(event, step));
    }
    records.split_off(written.len())
}

fn at_minute(minute: u64) -> Time {
    Time::VIRTUAL_START + Duration::from_secs(minute * 60)
}

/// What a gate remembers of one of two groups, or forgets.
fn kept(event: usize, count: usize) -> Record {
    let memory = Memory { fired: Some(at_minute(count as u64)), ..Memory::default() };
    Record::Kept(Kept {
        keeper: if event.is_multiple_of(2) { Keeper::Gate } else { Keeper::Window },
        rule: "r".into(),
        group: format!("\"{}\"", event % 3),
        event: id(event),
        memory: (!count.is_multiple_of(4)).then_some(memory),
    })
}

/// Events come in no order of time, as after a clock that jumps.
fn step_of(event: usize, step: usize) -> Record {
    let at = at_minute(event as u64 * 5 % 7) + Duration::from_secs(step as u64);
    let (id, job) = (id(event), format!("job_{event}"));
    let attempt = u32::try_from(step).unwrap() / 3;
    match step {
        0 => Record::Accepted(accepted(event, at)),
        // Every third event matches no rule.
        1 => Record::Decided(decided(id, job, at, !event.is_multiple_of(3))),
        _ if step > 10 => {
            let failed = Outcome::Failed("no route".into());
            let outcome = if event.is_multiple_of(2) { Outcome::Done } else { failed };
            Record::JobDone(JobDone { event: id, job, at, outcome, note: None, result: None })
        }
        _ => match step % 3 {
            0 => Record::Attempt(Attempt { event: id, job, attempt, at, in_doubt: step > 3 }),
            1 => Record::Command(Command {
                event: id,
                job,
                attempt,
                index: 0,
                command: "show clock".into(),
                json: None,
                output: "*12:00:00.000 UTC\u{0} \u{1f980} 'quoted'".into(),
                ok: true,
                sent_at: at,
                took: Duration::from_millis(3),
            }),
            _ => Record::AttemptFailed(AttemptFailed {
                event: id,
                job,
                attempt,
                at,
                error: "the connection broke".into(),
                sent: true,
            }),
        },
    }
}

fn accepted(event: usize, at: Time) -> Accepted {
    let known = event.is_multiple_of(2);
    let name = if event > 3 { "CardDraw" } else { "InterfaceDown" };
    let data = serde_json::json!({"event": "InterfaceDown", "interface": "Gi1"});
    Accepted {
        event: Event {
            device: known.then(|| format!("R{event}")),
            device_from: if known { DeviceFrom::Claimed } else { DeviceFrom::Unknown },
            data: data.as_object().cloned().unwrap(),
            ..Event::new(id(event), at, "/events", name)
        },
        verification: Verification::default(),
        webhook_id: None,
        body_sha256: "00".repeat(32),
    }
}

fn decided(event: String, job: String, at: Time, matched: bool) -> Decided {
    let action = Action::Show(vec!["show clock".into()]);
    let plan = JobPlan {
        job,
        rule: "r".into(),
        device: Some("R1".into()),
        action,
        approve: Approve::Auto,
        step: None,
        own_login: false,
    };
    let reason = "because".to_owned();
    Decided {
        event,
        at,
        rules: vec![RuleVerdict {
            rule: "r".into(),
            matched,
            reason,
            held: None,
            pending: false,
            actions: Vec::new(),
        }],
        jobs: if matched { vec![plan] } else { Vec::new() },
        caused_by: None,
    }
}

/// Every filter, alone and together, and every place to go on from.
fn queries() -> Vec<Query> {
    let mut queries = vec![
        Query::default(),
        Query { device: Some("R2".into()), ..Query::default() },
        Query { name: Some("CardDraw".into()), ..Query::default() },
        Query { after: Some("evt_nobody".into()), ..Query::default() },
        Query { limit: Some(0), ..Query::default() },
    ];
    for state in State::ALL {
        queries.push(Query { state: Some(state), limit: Some(1), ..Query::default() });
    }
    for event in 0..EVENTS {
        let after = Some(id(event));
        let name = Some("InterfaceDown".into());
        queries.push(Query { after: after.clone(), limit: Some(2), ..Query::default() });
        queries.push(Query { after, name, ..Query::default() });
    }
    queries
}

/// Goal: a second process is refused with a message that says why, and the first is not disturbed.
/// Method: two openers of one file (locks are per open file, so one process shows it), by every way
/// that leads there.
#[tokio::test]
async fn a_second_opener_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.sqlite3");
    let folder = dir.path().join("folder");
    let link = dir.path().join("link.sqlite3");
    let hard = dir.path().join("hard.sqlite3");
    let mut first = open(&path).await.unwrap();
    std::os::unix::fs::symlink(dir.path(), &folder).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    std::fs::hard_link(&path, &hard).unwrap();
    for way in [path.clone(), folder.join("journal.sqlite3"), link, hard] {
        let second = open(&way).await.unwrap_err();
        assert!(matches!(second, JournalError::InUse(_)), "{second}");
        assert!(second.to_string().contains("another listener already uses the journal"));
    }
    first.writer.submit(PersistId(1), vec![step_of(0, 0)]).unwrap();
    assert_eq!(first.reports.recv().await, Some(Report::Persisted(PersistId(1))));
    drop(first.writer);
    assert_eq!(first.reports.recv().await, None);
    open(&path).await.unwrap();
}

async fn open(path: &Path) -> Result<Journal, JournalError> {
    Journal::open(path, Retention::default()).await
}

/// Goal: batches are answered in order, each once; what was answered is there for a reader at once
/// and after the journal is opened again. Method: many batches at one time, then a restart.
#[tokio::test]
async fn what_is_answered_is_durable() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.sqlite3");
    let Journal { writer, mut reports, reader, recovered, .. } = open(&path).await.unwrap();
    assert_eq!(recovered, []);
    for event in 0..200 {
        writer.submit(PersistId(event), vec![step_of(event as usize, 0)]).unwrap();
    }
    for event in 0..200 {
        assert_eq!(reports.recv().await, Some(Report::Persisted(PersistId(event))));
    }
    let page = reader.page(Query { limit: Some(1), ..Query::default() }).await.unwrap();
    assert_eq!(page.events[0].id, "evt_199");
    assert_eq!(page.next.as_deref(), Some("evt_199"));
    drop(writer);
    assert_eq!(reports.recv().await, None);
    assert_eq!(open(&path).await.unwrap().recovered.len(), 200);
}

/// Goal: a journal that is abandoned keeps what was answered, takes nothing more, and is free for
/// the next. Method: one batch, answered; then many, and the end without waiting for them.
#[tokio::test]
async fn an_abandoned_journal_keeps_what_was_answered() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.sqlite3");
    let Journal { writer, mut reports, reader, abandon, .. } = open(&path).await.unwrap();
    writer.submit(PersistId(0), vec![step_of(0, 0)]).unwrap();
    assert_eq!(reports.recv().await, Some(Report::Persisted(PersistId(0))));
    for event in 1..200 {
        writer.submit(PersistId(event), vec![step_of(event as usize, 0)]).unwrap();
    }
    let ended = tokio::spawn(abandon.now());
    tokio::task::yield_now().await;
    drop((writer, reader));
    ended.await.unwrap();
    let mut answered = 1;
    while let Some(report) = reports.recv().await {
        assert_eq!(report, Report::Persisted(PersistId(answered)));
        answered += 1;
    }
    let recovered = open(&path).await.unwrap().recovered.len();
    assert_eq!(recovered as u64, answered, "not one more than was answered");
}

/// Goal: the journal is its owner's alone, since stories hold what devices answered.
#[tokio::test]
async fn the_file_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.sqlite3");
    let _journal = open(&path).await.unwrap();
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.path().display());
    }
}

/// An event from its acceptance to its end, as one batch.
fn whole(event: usize) -> Vec<Record> {
    (0..12).map(|step| step_of(event, step)).collect()
}

fn log_of(path: &Path) -> PathBuf {
    PathBuf::from(format!("{}-wal", path.display()))
}
