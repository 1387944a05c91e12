//! What can happen to the files: damaged, foreign, old, copied, gone.

use std::path::Path;

use automation::PersistId;
use automation::store::{MemoryStore, Query, Store as _};
use listener::journal::{Journal, JournalError, Reader, Report, SqliteStore, copy};
use proptest::prelude::*;

use super::{EVENTS, at_minute, batch, id, log_of, open, step_of, whole};

/// Puts something where a journal should be.
type Make<'a> = &'a dyn Fn(&Path);

/// Where a log is damaged, as a part of its length, and how.
#[derive(Clone, Debug)]
enum Damage {
    Truncated,
    Overwritten(Vec<u8>),
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Goal: of a log that is damaged anywhere a beginning is recovered, in whole batches, with all
    /// that was acknowledged before that place. Method: batches while the log grows; then a copy of
    /// the files as a dead process leaves them, cut off or overwritten at any place.
    #[test]
    fn a_torn_log_is_a_beginning(
        batches in prop::collection::vec(prop::collection::vec(0..EVENTS, 1..5), 1..12),
        place in 0.0..1.0_f64,
        damage in prop_oneof![
            Just(Damage::Truncated),
            prop::collection::vec(any::<u8>(), 1..200).prop_map(Damage::Overwritten),
        ],
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("0.sqlite3");
        let mut journal = SqliteStore::open(&path).unwrap();
        let mut model = MemoryStore::default();
        let mut states = vec![(0, model.clone())];
        for events in batches {
            let batch = batch(model.durable(), &events);
            journal.append(&batch).unwrap();
            model.append(&batch).unwrap();
            states.push((std::fs::metadata(log_of(&path)).unwrap().len(), model.clone()));
        }
        let left = dir.path().join("left.sqlite3");
        std::fs::copy(&path, &left).unwrap();
        let mut bytes = std::fs::read(log_of(&path)).unwrap();
        let at = (bytes.len() as f64 * place) as usize;
        match damage {
            Damage::Truncated => bytes.truncate(at),
            Damage::Overwritten(with) => {
                let end = bytes.len().min(at + with.len());
                bytes[at..end].copy_from_slice(&with[..end - at]);
            }
        }
        std::fs::write(log_of(&left), &bytes).unwrap();
        let recovered = SqliteStore::open(&left).unwrap().recover().unwrap();
        let safe = states.iter().rposition(|(length, _)| *length <= at as u64).unwrap();
        let found = states[safe..].iter_mut().any(|(_, m)| m.recover().unwrap() == recovered);
        prop_assert!(found, "{} records from {at} of {}", recovered.len(), bytes.len());
    }

    /// Goal: a file that is damaged anywhere is refused, or tells what it held: no panic, and no
    /// empty journal. Method: a closed journal with some bytes zeroed, or cut off.
    #[test]
    fn a_damaged_file_is_refused(place in 0.0..1.0_f64, length in 1..9_000_usize, cut: bool) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("0.sqlite3");
        let mut journal = SqliteStore::open(&path).unwrap();
        for event in 0..EVENTS {
            journal.append(&whole(event)).unwrap();
        }
        let before = journal.recover().unwrap();
        drop(journal);
        let mut bytes = std::fs::read(&path).unwrap();
        let at = (bytes.len() as f64 * place) as usize;
        if cut {
            bytes.truncate(at.max(1));
        } else {
            let end = bytes.len().min(at + length);
            bytes[at..end].fill(0);
        }
        std::fs::write(&path, &bytes).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        match runtime.block_on(open(&path)) {
            Ok(opened) => prop_assert_eq!(opened.recovered.len(), before.len()),
            Err(JournalError::Damaged(..) | JournalError::Recover(..)) => {}
            // The number that says whose file it is has a place in it, too.
            Err(JournalError::Foreign(_) | JournalError::Newer { .. }) => {}
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }
}

/// Goal: what is no journal of ours is refused, at once and with what to do, and left alone.
/// Method: a table of what may stand in its place.
#[tokio::test]
async fn foreign_files_are_refused() {
    let made = |make: Make<'_>| {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.sqlite3");
        make(&path);
        (dir, path)
    };
    let sqlite = |sql: &'static str| {
        move |path: &Path| rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap()
    };
    let (_dir, path) = made(&|_| {});
    assert!(matches!(Reader::open(&path), Err(JournalError::Missing(_))));
    let text = |path: &Path| std::fs::write(path, "no database, but long ".repeat(80)).unwrap();
    let pipe = |path: &Path| {
        let made = std::process::Command::new("mkfifo").arg(path).status().unwrap();
        assert!(made.success());
    };
    let foreign = sqlite("CREATE TABLE t (x); PRAGMA user_version = 1");
    let newer =
        sqlite("CREATE TABLE t (x); PRAGMA application_id = 0x45444e4d; PRAGMA user_version = 7");
    let log_alone = |path: &Path| std::fs::write(path.with_extension("sqlite3-wal"), "x").unwrap();
    let emptied = |path: &Path| {
        std::fs::write(path, "").unwrap();
        std::fs::write(path.with_extension("lock"), "a journal of ednm").unwrap();
    };
    let folder = |path: &Path| std::fs::create_dir(path).unwrap();
    let table: [(Make<'_>, &str); 7] = [
        (&text, "is damaged: file is not a database"),
        (&foreign, "belongs to another program"),
        (&newer, "is of a newer version (schema 7)"),
        (&folder, "is no file, so it cannot be the journal"),
        (&pipe, "is no file, so it cannot be the journal"),
        (&log_alone, "is damaged: its log is there, and it is not"),
        (&emptied, "is damaged: it is empty"),
    ];
    for (make, want) in table {
        let (_dir, path) = made(make);
        let before = path.is_file().then(|| std::fs::read(&path).unwrap());
        let error = open(&path).await.unwrap_err();
        assert!(error.to_string().contains(want), "{error}, not {want}");
        let expected = host::ExpectedError::from(error);
        assert_eq!(expected.exit_code().number(), 4);
        let host::ExpectedError::Environment(complaint) = expected else { panic!("{want}") };
        assert!(complaint.hint.is_some(), "{want}");
        assert_eq!(path.is_file().then(|| std::fs::read(&path).unwrap()), before, "{want}");
    }
}

/// Goal: a journal of an older schema is brought up to date without loss, and can be read before
/// that. Method: files as the older versions made them.
#[tokio::test]
async fn an_older_schema_is_brought_up_to_date() {
    brings_up_to_date("DROP TABLE memories; PRAGMA user_version = 2").await;
    brings_up_to_date(
        "DROP INDEX events_of_age; ALTER TABLE events DROP COLUMN received_at;
        ALTER TABLE events DROP COLUMN finished; DROP TABLE memories; PRAGMA user_version = 1",
    )
    .await;
}

async fn brings_up_to_date(old: &str) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.sqlite3");
    let mut journal = SqliteStore::open(&path).unwrap();
    for event in 0..EVENTS {
        journal.append(&whole(event)[..if event == 2 { 5 } else { 12 }]).unwrap();
    }
    let before = journal.recover().unwrap();
    drop(journal);
    rusqlite::Connection::open(&path).unwrap().execute_batch(old).unwrap();
    let reader = Reader::open(&path).unwrap();
    let page = reader.page(Query::default()).await.unwrap();
    assert_eq!(page.events.len(), EVENTS);
    drop(reader);
    let opened = open(&path).await.unwrap();
    assert_eq!(opened.recovered, before);
    assert_eq!(opened.reader.page(Query::default()).await.unwrap(), page);
    drop(opened);
    let mut journal = SqliteStore::open(&path).unwrap();
    assert_eq!(journal.trim(at_minute(100), 1_000).unwrap(), EVENTS - 1);
}

/// Goal: a copy that is taken under load is a beginning of what was written, is private, checked,
/// and replaces nothing unasked. Method: copies while another thread appends.
#[test]
fn a_copy_under_load_is_a_beginning() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.sqlite3");
    let mut journal = SqliteStore::open(&path).unwrap();
    journal.append(&whole(0)).unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let is_stopped = || stop.load(std::sync::atomic::Ordering::Relaxed);
    let written = std::thread::scope(|scope| {
        let load = scope.spawn(|| {
            let mut next = 1;
            while !is_stopped() {
                journal.append(&whole(next)).unwrap();
                next += 1;
            }
            next
        });
        let mut before = 0;
        for number in 0..5 {
            let to = dir.path().join(format!("copy-{number}.sqlite3"));
            copy(&path, &to, false).unwrap();
            assert_eq!(to.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            let mut store = SqliteStore::open(&to).unwrap();
            let events = store.recover().unwrap().len() / 2;
            assert!(events > before, "{events} after {before}");
            before = events;
            for event in 0..events {
                let story = store.story(&id(event)).unwrap().unwrap();
                assert_eq!(Some(story), automation::story::fold(&whole(event)), "{event}");
            }
            assert_eq!(store.story(&id(events)).unwrap(), None);
            let again = copy(&path, &to, false).unwrap_err();
            assert!(matches!(again, JournalError::Exists(_)), "{again}");
            copy(&path, &to, true).unwrap();
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        load.join().unwrap()
    });
    assert!(written > 1);
    let itself = copy(&path, &path, true).unwrap_err();
    assert!(itself.to_string().contains("cannot write the copy"), "{itself}");
    let left = std::fs::read_dir(dir.path())
        .unwrap()
        .filter(|file| file.as_ref().unwrap().file_name().to_string_lossy().contains("partial"));
    assert_eq!(left.count(), 0);
}

/// Goal: a file that is gone takes nothing: no answer says that it is on disk. When it is back all
/// goes on, and in order. Method: the directory renamed under an open journal, and back.
#[tokio::test]
async fn a_journal_that_is_gone_takes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (here, away) = (dir.path().join("here"), dir.path().join("away"));
    std::fs::create_dir(&here).unwrap();
    let path = here.join("journal.sqlite3");
    let Journal { mut writer, mut reports, .. } = open(&path).await.unwrap();
    let batch = |event: usize| vec![step_of(event, 0)];
    writer.submit(PersistId(0), batch(0)).unwrap();
    assert_eq!(reports.recv().await, Some(Report::Persisted(PersistId(0))));
    std::fs::rename(&here, &away).unwrap();
    writer.submit(PersistId(1), batch(1)).unwrap();
    let said = reports.recv().await;
    let gone = |reason: &String| reason.contains("was removed or replaced while it was in use");
    assert!(matches!(&said, Some(Report::Unwritable(reason)) if gone(reason)), "{said:?}");
    let said = reports.recv().await.unwrap();
    let Report::Failed { persist: PersistId(1), failures, .. } = said else { panic!("{said:?}") };
    std::fs::rename(&away, &here).unwrap();
    assert_eq!(reports.recv().await, Some(Report::Writable), "found out without a batch");
    // What its sender submitted before it knew must not overtake what failed.
    writer.submit(PersistId(2), batch(2)).unwrap();
    let said = reports.recv().await;
    assert!(matches!(said, Some(Report::Failed { persist: PersistId(2), .. })), "{said:?}");
    writer.saw_failure(failures);
    for number in [1, 2] {
        writer.submit(PersistId(number), batch(number as usize)).unwrap();
        assert_eq!(reports.recv().await, Some(Report::Persisted(PersistId(number))));
    }
    drop(writer);
    assert_eq!(reports.recv().await, None);
    let ids: Vec<String> =
        open(&path).await.unwrap().recovered.iter().map(|r| r.event().into()).collect();
    assert_eq!(ids, ["evt_0", "evt_1", "evt_2"]);
}
