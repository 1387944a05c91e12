//! A project of one's own: the shipped files copied and changed, and programs run in it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// A temporary copy of the shipped files, with a state directory of its own.
pub(crate) struct Project {
    directory: TempDir,
}

impl Project {
    /// The shipped files, every port chosen by the system.
    pub(crate) fn new() -> Self {
        Project::changed(&[])
    }

    /// The shipped files, each of `changes` made in all of them: from, to.
    pub(crate) fn changed(changes: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let project = Project { directory };
        for name in ["topology.toml", "listener.toml", "scenarios/interface-down.toml"] {
            project.copy(name, changes);
        }
        project.copy_all("configs", changes);
        project
    }

    /// All shipped scenarios and their labs too, each of `changes` made in all of them.
    pub(crate) fn whole(changes: &[(&str, &str)]) -> Self {
        let project = Project::changed(changes);
        for directory in ["scenarios", "labs/office", "labs/office/configs", "labs/generated"] {
            project.copy_all(directory, changes);
        }
        project
    }

    /// The course's profile and its examples too, each of `changes` made in all of them.
    pub(crate) fn course(changes: &[(&str, &str)]) -> Self {
        let project = Project::changed(changes);
        let directories =
            ["profiles/lab6", "profiles/lab6/schemas", "examples/lab6", "examples/lab6/payloads"];
        for directory in directories {
            project.copy_all(directory, changes);
        }
        project
    }

    /// The files of a shipped directory.
    fn copy_all(&self, directory: &str, changes: &[(&str, &str)]) {
        for entry in std::fs::read_dir(root().join(directory)).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                let name = entry.file_name().into_string().unwrap();
                self.copy(&format!("{directory}/{name}"), changes);
            }
        }
    }

    fn copy(&self, name: &str, changes: &[(&str, &str)]) {
        let mut text = std::fs::read_to_string(root().join(name)).unwrap();
        for port in 1..=9 {
            for service in ["220", "830", "844"] {
                text = text.replace(&format!("127.0.0.1:{service}{port}"), "127.0.0.1:0");
            }
        }
        for (from, to) in changes {
            text = text.replace(from, to);
        }
        self.write(name, &text);
    }

    /// Writes one file of the project.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// A file of the project.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// `ednm` in this project, with its own state.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ednm"));
        command.args(args).current_dir(self.directory.path()).stdin(Stdio::null());
        command.env("EDNM_STATE", self.path("state")).env("NO_COLOR", "1");
        command
    }

    /// Runs `ednm` to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Starts a verb that says when it is ready, such as `up`.
    pub(crate) fn start(&self, args: &[&str]) -> Running {
        let mut command = self.command(args);
        let log = std::fs::File::options().create(true).append(true).open(self.path("stderr"));
        command.args(["--format", "json"]).stdout(Stdio::piped()).stderr(log.unwrap());
        Running::new(command.spawn().unwrap())
    }

    /// What the programs that were started have said on standard error so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("stderr")).unwrap()
    }
}

/// A program that runs until the test ends. Only a process that the test started is ended.
pub(crate) struct Running {
    child: Child,
    /// Its first line: what is ready, and where.
    pub(crate) ready: Value,
}

impl Running {
    /// Starts a verb whose standard output is piped.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        Running::new(command.spawn().unwrap())
    }

    /// Ends it as Ctrl-C does, and waits for its last lines.
    pub(crate) fn terminate(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }

    fn new(mut child: Child) -> Self {
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: `{line}`"));
        Running { child, ready }
    }

    /// The program's process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The listener's URL.
    pub(crate) fn listener(&self) -> &str {
        self.ready["listener"].as_str().unwrap()
    }

    /// Host and port of a node's SSH.
    pub(crate) fn ssh(&self, node: &str) -> (String, String) {
        self.server(node, "ssh")
    }

    /// Host and port of a node's `ssh`, `netconf` or `restconf`.
    pub(crate) fn server(&self, node: &str, service: &str) -> (String, String) {
        let nodes = self.ready["nodes"].as_array().unwrap();
        let found = nodes.iter().find(|n| n["name"] == node).unwrap();
        let at = found[service].as_str().unwrap().trim_start_matches("https://");
        let (host, port) = at.rsplit_once(':').unwrap();
        (host.to_owned(), port.to_owned())
    }
}

impl Running {
    /// Sends it a signal: `TERM`, `HUP`.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap();
        assert!(sent.success(), "kill -{name} {id}");
    }

    /// Waits for its end: its exit code, and how long it took.
    pub(crate) fn ended(&mut self) -> (Option<i32>, std::time::Duration) {
        let start = std::time::Instant::now();
        let status = self.child.wait().unwrap();
        (status.code(), start.elapsed())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where a text stands among bytes.
pub(crate) fn has_text(bytes: &[u8], text: &str) -> Option<usize> {
    bytes.windows(text.len()).position(|window| window == text.as_bytes())
}

/// Standard output as text.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Standard error as text.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Says in one line that a test is skipped for want of a tool; fails when `CI=true`.
pub(crate) fn skip(test: &str, missing: &str) {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{test} needs {missing}, and CI=true");
    // Not by `eprintln!`: the test runner hides what a passing test prints.
    let _ = writeln!(std::io::stderr(), "skipped: {test} needs {missing}");
}

/// Whether a program can be run.
pub(crate) fn has(program: &str, arg: &str) -> bool {
    let mut command = Command::new(program);
    command.arg(arg).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
