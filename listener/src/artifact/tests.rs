//! Files below one directory: nothing leads out of it, nothing is half written.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::sync::Arc;

use proptest::prelude::*;
use simtime::{Duration, Time};

use super::*;

struct Place {
    _dir: tempfile::TempDir,
    root: PathBuf,
    outside: PathBuf,
    files: Arc<Files>,
}

fn place() -> Place {
    let dir = tempfile::tempdir().expect("a directory");
    let root = dir.path().join("root");
    let outside = dir.path().join("outside");
    std::fs::create_dir(&outside).expect("a directory");
    std::fs::write(outside.join("kept"), "kept").expect("a file");
    let files = Arc::new(Files::open(&root).expect("it opens"));
    Place { root, outside, files, _dir: dir }
}

impl Place {
    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.root.join(name)).expect("a file")
    }

    fn outside(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.outside).expect("a directory");
        let name = |entry: io::Result<std::fs::DirEntry>| {
            entry.expect("an entry").file_name().to_string_lossy().into_owned()
        };
        entries.map(name).collect()
    }
}

/// Goal: a file is made with its directories, replaced as a whole, and added to.
#[test]
fn files_are_replaced_and_added_to() {
    let place = place();
    assert_eq!(place.files.save("data/joke.json", b"{}", false).expect("saved"), 2);
    assert_eq!(place.files.save("data/joke.json", b"[1]", false).expect("saved"), 3);
    assert_eq!(place.read("data/joke.json"), "[1]");
    assert_eq!(place.files.save("logs/a.log", b"one\n", true).expect("saved"), 4);
    assert_eq!(place.files.save("./logs/a.log", b"two\n", true).expect("saved"), 8);
    assert_eq!(place.read("logs/a.log"), "one\ntwo\n");
    // Nothing unfinished stays behind.
    assert_eq!(std::fs::read_dir(place.root.join("data")).expect("a directory").count(), 1);
}

/// Goal: no name and no link leads out of the root. Method: a table, and links in the way.
#[test]
fn nothing_leads_out() {
    let place = place();
    symlink(&place.outside, place.root.join("away")).expect("a link");
    symlink("../outside/kept", place.root.join("kept")).expect("a link");
    symlink("../outside/new", place.root.join("dangling")).expect("a link");
    for name in [
        "",
        ".",
        "/",
        "/etc/passwd",
        "..",
        "../x",
        "a/../../x",
        "a/..",
        "x/",
        "a\\b",
        "a\0b",
        "a\nb",
        "away/x",
        "away/kept",
        "away/deeper/x",
        ".git/config",
        "data/.GIT/hooks/x",
        "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q",
    ] {
        for append in [false, true] {
            let failed = place.files.save(name, b"x", append).expect_err(name);
            let words = failed.told();
            assert!(words.contains("is no name of a file below"), "{name:?}: {words}");
        }
    }
    // A link at the end is not followed out: adding fails, replacing replaces the link.
    for name in ["kept", "dangling"] {
        assert!(place.files.save(name, b"x", true).is_err(), "{name}");
        place.files.save(name, b"x", false).expect("it takes the link's place");
        assert_eq!(place.read(name), "x");
    }
    assert_eq!(place.outside(), ["kept"]);
    assert_eq!(std::fs::read_to_string(place.outside.join("kept")).expect("a file"), "kept");
    // Within the root a link may lead where it likes.
    std::fs::create_dir(place.root.join("real")).expect("a directory");
    symlink("real", place.root.join("alias")).expect("a link");
    place.files.save("alias/x", b"x", false).expect("saved");
    assert_eq!(place.read("real/x"), "x");
}

proptest! {
    /// Goal: whatever a name is made of, the file is below the root or there is none.
    #[test]
    fn any_name_stays_below_the_root(
        parts in prop::collection::vec(
            prop_oneof![
                Just("..".to_owned()), Just(".".to_owned()), Just("/".to_owned()),
                Just("away".to_owned()), Just("inner".to_owned()), "[ -~]{0,6}", "\\PC{0,3}",
            ],
            1..6,
        ),
        append: bool,
    ) {
        let place = place();
        symlink(&place.outside, place.root.join("away")).expect("a link");
        symlink(".", place.root.join("inner")).expect("a link");
        let name = parts.join("/");
        let saved = place.files.save(&name, b"x", append);
        prop_assert_eq!(place.outside(), ["kept"]);
        let siblings = place.root.parent().expect("a parent");
        prop_assert_eq!(std::fs::read_dir(siblings).expect("a directory").count(), 2);
        // A file can have taken the place of a link on its own way.
        let real = std::fs::canonicalize(place.root.join(&name));
        if let (Ok(_), Ok(real)) = (saved, real) {
            prop_assert!(real.starts_with(std::fs::canonicalize(&place.root).expect("there")));
        }
    }
}

/// Goal: sizes have bounds, and what is no file is left alone.
#[test]
fn bounds_hold() {
    let place = place();
    let large = vec![b'x'; WRITE_BYTES_MAX + 1];
    let failed = place.files.save("large", &large, false).expect_err("too large");
    assert!(matches!(failed, FileError::TooLarge { .. }), "{failed:?}");
    let grown = std::fs::File::create(place.root.join("grown")).expect("a file");
    grown.set_len(FILE_BYTES_MAX).expect("a length");
    let failed = place.files.save("grown", b"x", true).expect_err("too large");
    assert!(matches!(failed, FileError::TooLarge { .. }), "{failed:?}");
    std::fs::create_dir(place.root.join("directory")).expect("a directory");
    for append in [false, true] {
        assert!(place.files.save("directory", b"x", append).is_err());
    }
}

fn backup(text: &str, git: bool) -> Backup {
    Backup { directory: "data/backups".into(), device: "R1".into(), text: text.into(), git }
}

/// Goal: a backup is written on change only, is its owner's alone, and older ones are kept up to a
/// bound. Method: many changes.
#[tokio::test]
async fn backups_are_kept_by_date() {
    let place = place();
    let mut now = Time::VIRTUAL_START;
    let first = Arc::clone(&place.files).backup(backup("hostname A\n", false), now).await;
    let first = first.expect("written");
    assert_eq!(
        (first.file.as_str(), first.changed, first.diff.as_str()),
        ("data/backups/R1.cfg", true, "")
    );
    let same = Arc::clone(&place.files).backup(backup("hostname A\n", false), now).await;
    assert!(!same.expect("compared").changed);
    assert!(!place.root.join("data/backups/history").exists());
    for number in 0..COPIES_KEPT + 5 {
        now += Duration::from_secs(1);
        let text = format!("hostname B{number}\n");
        let next = Arc::clone(&place.files).backup(backup(&text, false), now).await;
        let next = next.expect("written");
        assert!(next.diff.contains(&format!("+hostname B{number}")), "{}", next.diff);
    }
    let history = place.root.join("data/backups/history");
    let mut copies: Vec<_> = std::fs::read_dir(&history)
        .expect("a directory")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("text"))
        .collect();
    copies.sort();
    assert_eq!(copies.len(), COPIES_KEPT);
    assert_eq!(copies[0], "R1.20260101T000006.000000Z.cfg");
    let mode = |path: PathBuf| path.metadata().expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(place.root.join("data/backups/R1.cfg")), 0o600);
    assert_eq!(mode(history.join(&copies[0])), 0o600);
    assert_eq!(mode(place.root.join("data/backups")), 0o700);
    assert_eq!(mode(history), 0o700);
}

/// As the module of backups has it.
const COPIES_KEPT: usize = 20;

fn git(directory: &Path, args: &[&str]) -> Option<String> {
    let output = std::process::Command::new("git").arg("-C").arg(directory).args(args).output();
    match output {
        Ok(output) => Some(String::from_utf8(output.stdout).expect("text")),
        Err(error) => {
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "git: {error}");
            eprintln!("skipped: there is no git here ({error})");
            None
        }
    }
}

/// Goal: each change is one commit, none is none; hooks and settings of others play no part.
/// Method: read the log with git itself.
#[tokio::test]
async fn backups_are_kept_by_git() {
    let place = place();
    if git(&place.root, &["--version"]).is_none() {
        return;
    }
    let now = Time::VIRTUAL_START;
    let directory = place.root.join("data/backups");
    for (text, changed) in [("hostname A\n", true), ("hostname A\n", false), ("hostname B\n", true)]
    {
        let done = Arc::clone(&place.files).backup(backup(text, true), now).await;
        assert_eq!(done.expect("backed up").changed, changed, "{text}");
        let hook = directory.join(".git/hooks/pre-commit");
        std::fs::write(&hook, "#!/bin/sh\ntouch hooked\nexit 1\n").expect("a hook");
        std::fs::set_permissions(&hook, PermissionsExt::from_mode(0o755)).expect("a mode");
    }
    let other = Backup { device: "-R2 x".into(), ..backup("hostname C\n", true) };
    Arc::clone(&place.files).backup(other, now).await.expect("backed up");
    let log = git(&directory, &["log", "--format=%an <%ae> %s"]).expect("git is there");
    let by = "ednm listener <listener@localhost>";
    let want = format!(
        "{by} -R2 x: the configuration changed\n{by} R1: the configuration changed\n\
         {by} R1: the configuration changed\n"
    );
    assert_eq!(log, want);
    assert!(!directory.join("hooked").exists() && !directory.join("history").exists());
    let shown = git(&directory, &["show", "HEAD~1:R1.cfg"]).expect("git is there");
    assert_eq!(shown, "hostname B\n");
    // What was written and not committed is committed by the next backup.
    std::fs::write(directory.join("R1.cfg"), "hostname D\n").expect("a file");
    let done = Arc::clone(&place.files).backup(backup("hostname D\n", true), now).await;
    assert!(!done.expect("backed up").changed);
    let count = git(&directory, &["rev-list", "--count", "HEAD"]).expect("git is there");
    assert_eq!(count, "4\n");
}

/// Goal: a link that stands where a repository should be is not followed out of the root.
#[tokio::test]
async fn a_backup_does_not_lead_out() {
    let place = place();
    symlink(&place.outside, place.root.join("data")).expect("a link");
    let failed = Arc::clone(&place.files).backup(backup("x\n", true), Time::VIRTUAL_START).await;
    assert!(matches!(failed, Err(FileError::Name { .. })), "{failed:?}");
    assert_eq!(place.outside(), ["kept"]);
}
