//! The real binary on a disk that fails under it, and on files that it cannot use.

use std::io::Read as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::Value;
use tokio::process::{Child, Command};

/// How long anything may take here.
const WAIT: Duration = Duration::from_secs(30);

const INVENTORY: &str = "[nodes.R1]\nkind = \"virtual\"\nusername = \"admin\"\n\
    password = \"admin\"\ntoken = \"token-of-r1\"\n";
/// No rule acts: every event is done once it is decided.
const RULES: &str = "[[sources]]\npath = \"/events\"\nauth = [\"bearer\"]\n";

/// Puts something into a state directory.
type Make<'a> = &'a dyn Fn(&Path);

/// A listener as a process of its own.
struct Running {
    child: Child,
    url: String,
    log: Arc<Mutex<String>>,
}

impl Running {
    /// Starts it in `dir`, by way of a shell that runs `first`.
    async fn start(dir: &Path, first: &str) -> Self {
        use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
        std::fs::write(dir.join("topology.toml"), INVENTORY).unwrap();
        std::fs::write(dir.join("listener.toml"), RULES).unwrap();
        let listener = env!("CARGO_BIN_EXE_listener");
        let script = format!("{first}\nexec '{listener}' serve --bind 127.0.0.1:0 --format json");
        let mut command = Command::new("sh");
        command.args(["-c", &script]).current_dir(dir).env("EDNM_STATE", dir.join("state"));
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let (mut errors, into) = (child.stderr.take().unwrap(), Arc::clone(&log));
        tokio::spawn(async move {
            let mut bytes = [0; 4_096];
            while let Ok(count @ 1..) = errors.read(&mut bytes).await {
                into.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
        });
        let ready = tokio::time::timeout(WAIT, lines.next_line()).await.unwrap().unwrap();
        let ready = ready.unwrap_or_else(|| panic!("{}", log.lock().unwrap()));
        let ready: Value = serde_json::from_str(&ready).unwrap();
        Running { child, url: ready["listener"].as_str().unwrap().to_owned(), log }
    }

    /// Sends an event; its id if it was accepted, else the status, which must invite a repeat.
    async fn send(&self, number: usize) -> Result<String, StatusCode> {
        let padding = "x".repeat(2_000);
        let body = format!(r#"{{"event": "Test", "number": {number}, "padding": "{padding}"}}"#);
        let request = crate::client().post(format!("{}/events", self.url)).body(body);
        let request = request.bearer_auth("token-of-r1").header("content-type", "application/json");
        let response = request.timeout(WAIT).send().await.unwrap();
        match response.status() {
            StatusCode::ACCEPTED => {
                let reply: Value = response.json().await.unwrap();
                Ok(reply["id"].as_str().unwrap().to_owned())
            }
            status => {
                assert!(response.headers().contains_key("retry-after"), "{status}");
                Err(status)
            }
        }
    }

    async fn ready(&self) -> (StatusCode, String) {
        let response = crate::client().get(format!("{}/ready", self.url)).send().await.unwrap();
        (response.status(), response.text().await.unwrap())
    }

    /// Waits until `/ready` says so.
    async fn until_ready(&self, want: StatusCode) -> String {
        let began = Instant::now();
        loop {
            let (status, text) = self.ready().await;
            if status == want {
                return text;
            }
            assert!(began.elapsed() < WAIT, "{status} {text}: {}", self.log.lock().unwrap());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Sends until the disk refuses, and says which events were accepted.
    async fn until_refused(&self, accepted: &mut Vec<String>) {
        for number in 0..5_000 {
            match self.send(number).await {
                Ok(id) => accepted.push(id),
                Err(status) => return assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE),
            }
        }
        panic!("the disk takes everything");
    }

    fn pid(&self) -> String {
        self.child.id().unwrap().to_string()
    }

    async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

/// Every event is known to a listener that starts on what the other one left, and is decided.
async fn all_are_there(dir: &Path, accepted: &[String]) {
    let listener = Running::start(dir, "").await;
    for id in accepted {
        let url = format!("{}/api/v1/events/{id}", listener.url);
        let began = Instant::now();
        loop {
            let response = crate::client().get(&url).send().await.unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{id}");
            let story: Value = response.json().await.unwrap();
            if story["state"] == "done" {
                break;
            }
            assert!(began.elapsed() < WAIT, "{story}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    listener.kill().await;
}

async fn run(program: &str, arguments: &[&str]) -> bool {
    let status = Command::new(program).args(arguments).stderr(Stdio::null()).status().await;
    status.is_ok_and(|status| status.success())
}

/// Goal: on a full disk deliveries get 503, `/ready` is false and the log says why; once there is
/// room all goes on by itself; nothing that was accepted is lost. Method: a limit on the size of
/// files, raised later; then the process is killed.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_survived() {
    let dir = tempfile::tempdir().unwrap();
    // 2,048 blocks of 512 bytes; without the signal a write fails as on a full disk.
    let listener = Running::start(dir.path(), "trap '' XFSZ; ulimit -S -f 2048").await;
    assert_eq!(listener.ready().await.0, StatusCode::OK);
    let mut accepted = Vec::new();
    listener.until_refused(&mut accepted).await;
    assert!(!accepted.is_empty());
    let complaint = listener.until_ready(StatusCode::SERVICE_UNAVAILABLE).await;
    assert!(complaint.contains("the journal cannot be written: "), "{complaint}");
    assert!(listener.log.lock().unwrap().contains("JOURNAL_UNWRITABLE reason="));
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(listener.ready().await.0, StatusCode::SERVICE_UNAVAILABLE, "it is still full");
    let limit = ["--pid", &listener.pid(), "--fsize=unlimited"];
    assert!(run("prlimit", &limit).await, "prlimit (util-linux) is needed");
    // Nobody sends anything: it finds out by itself.
    listener.until_ready(StatusCode::OK).await;
    assert!(listener.log.lock().unwrap().contains("JOURNAL_WRITABLE"));
    accepted.push(listener.send(0).await.unwrap());
    listener.kill().await;
    all_are_there(dir.path(), &accepted).await;
}

/// Goal: a journal whose directory is gone accepts nothing; it goes on when it is back.
/// Method: rename it while deliveries come, and rename it back.
#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_is_gone_is_survived() {
    let dir = tempfile::tempdir().unwrap();
    let (state, away) = (dir.path().join("state"), dir.path().join("away"));
    let listener = Running::start(dir.path(), "").await;
    let mut accepted = vec![listener.send(0).await.unwrap()];
    std::fs::rename(&state, &away).unwrap();
    assert_eq!(listener.send(1).await, Err(StatusCode::SERVICE_UNAVAILABLE));
    let complaint = listener.until_ready(StatusCode::SERVICE_UNAVAILABLE).await;
    assert!(complaint.contains("was removed or replaced while it was in use"), "{complaint}");
    std::fs::rename(&away, &state).unwrap();
    listener.until_ready(StatusCode::OK).await;
    accepted.push(listener.send(2).await.unwrap());
    listener.kill().await;
    all_are_there(dir.path(), &accepted).await;
}

/// Goal: what cannot be the journal ends the start with code 4, what is wrong and what to do.
/// Method: a table of states; what root may do anyway is left out for root.
#[tokio::test]
async fn an_unusable_journal_ends_the_start() {
    let locked = |mode: u32| {
        move |state: &Path| {
            use std::os::unix::fs::PermissionsExt as _;
            let journal = state.join("journal.sqlite3");
            std::fs::write(&journal, "").unwrap();
            let path = if mode & 0o100 == 0 { journal.as_path() } else { state };
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    let folder = |state: &Path| std::fs::create_dir(state.join("journal.sqlite3")).unwrap();
    let foreign =
        |state: &Path| std::fs::write(state.join("journal.sqlite3"), "foreign".repeat(99)).unwrap();
    let (read_only_file, read_only_folder) = (locked(0o400), locked(0o500));
    let table: [(Make<'_>, &str, bool); 4] = [
        (&folder, "is no file, so it cannot be the journal", true),
        (&foreign, "is damaged: file is not a database", true),
        (&read_only_file, "cannot write the journal", false),
        (&read_only_folder, "cannot write the journal", false),
    ];
    let is_root = std::fs::File::open("/proc/self/status").is_ok_and(|mut file| {
        let mut text = String::new();
        file.read_to_string(&mut text).is_ok() && text.contains("\nUid:\t0\t")
    });
    for (make, want, also_for_root) in table {
        if is_root && !also_for_root {
            eprintln!("skipped: `{want}` needs a user who may not write everywhere");
            continue;
        }
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("topology.toml"), INVENTORY).unwrap();
        std::fs::write(dir.path().join("listener.toml"), RULES).unwrap();
        let state = dir.path().join("state");
        std::fs::create_dir(&state).unwrap();
        make(&state);
        let mut command = Command::new(env!("CARGO_BIN_EXE_listener"));
        command.args(["serve", "--bind", "127.0.0.1:0"]).current_dir(dir.path());
        command.env("EDNM_STATE", &state).env("NO_COLOR", "1").kill_on_drop(true);
        let output = tokio::time::timeout(WAIT, command.output()).await.unwrap().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{errors}");
        assert!(errors.contains(want) && errors.contains("hint: "), "{errors}");
    }
}

/// Goal: `listener backup` copies the journal of a running listener, and a listener starts on the
/// copy with all that was accepted before; a file is not replaced unasked.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_restored() {
    let dir = tempfile::tempdir().unwrap();
    let listener = Running::start(dir.path(), "").await;
    let mut accepted = Vec::new();
    for number in 0..20 {
        accepted.push(listener.send(number).await.unwrap());
    }
    let state = dir.path().join("state");
    let backup = |arguments: &'static [&'static str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_listener"));
        command.arg("backup").args(arguments).current_dir(dir.path()).env("NO_COLOR", "1");
        command.env("EDNM_STATE", &state).kill_on_drop(true);
        async move {
            let output = tokio::time::timeout(WAIT, command.output()).await.unwrap().unwrap();
            let text = [output.stdout, output.stderr].concat();
            (output.status.code(), String::from_utf8(text).unwrap())
        }
    };
    let (code, text) = backup(&["copy"]).await;
    assert!(code == Some(0) && text.starts_with("ok: `copy`: "), "{code:?} {text}");
    let (code, text) = backup(&["copy"]).await;
    assert_eq!((code, text.contains("`copy` exists")), (Some(4), true), "{text}");
    assert!(text.contains("--force"), "{text}");
    assert_eq!(backup(&["copy", "--force"]).await.0, Some(0));
    assert_eq!(backup(&["nowhere/copy"]).await.0, Some(4));
    listener.kill().await;
    std::fs::remove_dir_all(&state).unwrap();
    let (code, text) = backup(&["other"]).await;
    assert_eq!((code, text.contains("there is no journal")), (Some(4), true), "{text}");
    std::fs::copy(dir.path().join("copy"), state.join("journal.sqlite3")).unwrap();
    all_are_there(dir.path(), &accepted).await;
}
