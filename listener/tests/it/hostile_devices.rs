//! Devices that misbehave: each is bounded, named in the event's story, and in nobody else's way.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use host::LiveClock;
use listener::live::{LiveListener, Options, spawn};
use russh::keys::{Algorithm, PrivateKey};
use russh::server::{self, Auth, ChannelOpenHandle, Msg, Session};
use russh::{Channel, ChannelId, MethodKind, MethodSet, Pty};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::serve::{Site, answer, finished, port, post};

/// How many of the listener's seconds go by in one: its bounds are a minute and more.
const HURRY: u32 = 10;
/// How long the good device may take over an event while all others misbehave.
const GOOD_BOUND: Duration = Duration::from_secs(8);
/// How much the process may grow over all of it, in KiB: far less than what was sent.
const GROWTH_KIB_MAX: u64 = 96 * 1024;

/// What a device does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Conduct {
    /// Answers as it should.
    Good,
    /// Accepts the connection and says nothing.
    SaysNothing,
    /// Grants a shell and never shows a prompt.
    NoPrompt,
    /// Stops in the middle of an answer.
    HangsMidOutput,
    /// Hangs up in the middle of an answer.
    Drops,
    /// Answers without end.
    Floods,
    /// Lines of its answer look like prompts.
    PromptLikeLines,
    /// Its very prompt stands in its answer, and the rest comes later.
    OwnPromptInside,
    /// One line of nearly a mebibyte.
    LongLine,
    /// One line of two.
    TooLongLine,
    /// Escape sequences, backspaces, control characters.
    Escapes,
    /// Another host key from the second connection on.
    OtherKey,
    /// Takes no password.
    RefusesPassword,
    /// Takes none, and hangs up at once.
    RefusesAndHangsUp,
    /// All VTY lines are in use: it opens no channel.
    NoLine,
    /// Opens the channel and closes it at once.
    ClosesAtOnce,
}

const ALL: [Conduct; 16] = [
    Conduct::Good,
    Conduct::SaysNothing,
    Conduct::NoPrompt,
    Conduct::HangsMidOutput,
    Conduct::Drops,
    Conduct::Floods,
    Conduct::PromptLikeLines,
    Conduct::OwnPromptInside,
    Conduct::LongLine,
    Conduct::TooLongLine,
    Conduct::Escapes,
    Conduct::OtherKey,
    Conduct::RefusesPassword,
    Conduct::RefusesAndHangsUp,
    Conduct::NoLine,
    Conduct::ClosesAtOnce,
];

/// Goal: every conduct ends within the listener's bounds with its name in the story, and a good
/// device is served all the while. Method: one listener on a hurried clock, all devices at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_devices_are_bounded_and_named() {
    let mut nodes = String::from("[defaults.node]\nusername = \"admin\"\npassword = \"pw-4711\"\n");
    for conduct in ALL {
        let address = start(conduct).await;
        let node = format!("{conduct:?}");
        writeln!(
            nodes,
            "[nodes.{node}]\nkind = \"real\"\nssh = \"{address}\"\nhost-key = \"accept-new\"\n\
             token = \"token-{node}\""
        )
        .unwrap();
    }
    let site = Site::with(&nodes, RULES);
    let options = Options { clock: LiveClock::start().hurried(HURRY), ..site.options() };
    let listener = spawn(port().await, options).await.unwrap();
    let before = resident_kib();
    let mut events = Vec::new();
    for conduct in ALL.into_iter().filter(|conduct| *conduct != Conduct::Good) {
        events.push((conduct, send(&listener, conduct).await));
    }
    let mut table = String::from("device | state | tries | error | answers\n");
    for _ in 0..3 {
        let started = Instant::now();
        let id = send(&listener, Conduct::Good).await;
        let story = finished(&listener, &id).await;
        assert_eq!(story["state"], "done", "{story:#}");
        assert!(started.elapsed() < GOOD_BOUND, "{:?}", started.elapsed());
    }
    // The key changes between two jobs.
    let (_, first) = events.iter().find(|(conduct, _)| *conduct == Conduct::OtherKey).unwrap();
    assert_eq!(finished(&listener, first).await["state"], "done");
    let second = send(&listener, Conduct::OtherKey).await;
    events.push((Conduct::OtherKey, second));
    for (conduct, id) in &events {
        let story = finished(&listener, id).await;
        writeln!(table, "{conduct:?} | {}", told(&story)).unwrap();
    }
    let growth = resident_kib().saturating_sub(before);
    assert!(growth < GROWTH_KIB_MAX, "grown by {growth} KiB");
    listener.stop().await;
    let log = site.log();
    assert!(!log.contains('\u{1b}') && !log.contains("pw-4711"), "{log}");
    expect_test::expect_file!["snapshots/hostile-devices.txt"].assert_eq(&table);
}

const RULES: &str = r#"
[[sources]]
path = "/events"
auth = ["bearer"]
[[rules]]
name = "look"
when = 'event.name == "Look"'
[[rules.actions]]
show = ["show clock", "show version"]
"#;

async fn send(listener: &LiveListener, conduct: Conduct) -> String {
    let request = post(listener, r#"{"event": "Look"}"#);
    let (status, reply) = answer(request.bearer_auth(format!("token-{conduct:?}"))).await;
    assert_eq!(status, 202, "{conduct:?}: {reply}");
    reply["id"].as_str().unwrap().to_owned()
}

/// State, tries, error and answers of the one job.
fn told(story: &Value) -> String {
    let job = &story["jobs"][0];
    let attempts = job["attempts"].as_array().unwrap();
    let commands = attempts.iter().flat_map(|attempt| attempt["commands"].as_array().unwrap());
    let answers: Vec<String> = commands
        .map(|command| {
            let output = command["output"].as_str().unwrap();
            assert!(!output.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
            match output.len() {
                0..200 => output.replace('\n', " / "),
                bytes => format!("{bytes} bytes"),
            }
        })
        .collect();
    let error = job["error"].as_str().unwrap_or("-");
    let error: Vec<&str> = error.split(' ').map(without_what_differs).collect();
    format!(
        "{} | {} | {} | {}",
        job["state"].as_str().unwrap(),
        attempts.len(),
        error.join(" "),
        answers.join(" + ")
    )
}

fn without_what_differs(word: &str) -> &str {
    match word {
        _ if word.contains("SHA256:") => "SHA256:..",
        _ if word.starts_with("(127.0.0.1:") => "(ADDRESS)",
        _ if word.contains("known_hosts") => "KNOWN_HOSTS",
        _ => word,
    }
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Starts a device; it ends with the runtime.
async fn start(conduct: Conduct) -> SocketAddr {
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let configs = [config(conduct), config(conduct)];
    tokio::spawn(async move {
        let mut silent = Vec::new();
        let mut connections = 0;
        while let Ok((stream, _)) = socket.accept().await {
            if conduct == Conduct::SaysNothing {
                silent.push(stream);
                continue;
            }
            let is_other = conduct == Conduct::OtherKey && connections > 0;
            connections += 1;
            let config = Arc::clone(&configs[usize::from(is_other)]);
            let router = Router { conduct, line: Vec::new() };
            tokio::spawn(async move {
                if let Ok(session) = server::run_stream(config, stream, router).await {
                    let _ = session.await;
                }
            });
        }
    });
    address
}

fn config(conduct: Conduct) -> Arc<server::Config> {
    // Where no way to log in is left, the server hangs up.
    let methods: &[MethodKind] = match conduct {
        Conduct::RefusesAndHangsUp => &[MethodKind::Password],
        _ => &[MethodKind::Password, MethodKind::KeyboardInteractive],
    };
    Arc::new(server::Config {
        keys: vec![PrivateKey::random(&mut rand::rng(), Algorithm::Ed25519).unwrap()],
        methods: MethodSet::from(methods),
        auth_rejection_time: Duration::ZERO,
        ..server::Config::default()
    })
}

struct Router {
    conduct: Conduct,
    line: Vec<u8>,
}

impl Router {
    fn answers(
        &self,
        channel: ChannelId,
        line: &str,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        let output = match line {
            "show clock" => self.clock(channel, session)?,
            "show version" => Some("Version 17.12\r\n".to_owned()),
            "" | "terminal length 0" | "terminal width 512" => Some(String::new()),
            _ => Some("% Invalid input detected at '^' marker.\r\n\r\n".to_owned()),
        };
        match output {
            Some(output) => session.data(channel, format!("{line}\r\n{output}R1#").into_bytes()),
            None => Ok(()),
        }
    }

    /// What comes before the prompt; `None` when there is no prompt to come.
    fn clock(
        &self,
        channel: ChannelId,
        session: &mut Session,
    ) -> Result<Option<String>, russh::Error> {
        let clock = "12:00:00 UTC\r\n";
        Ok(match self.conduct {
            Conduct::HangsMidOutput => {
                session.data(channel, b"show clock\r\n12:0".to_vec())?;
                None
            }
            Conduct::Drops => {
                session.data(channel, b"show clock\r\n12:0".to_vec())?;
                session.close(channel)?;
                None
            }
            Conduct::Floods => {
                let handle = session.handle();
                session.data(channel, b"show clock\r\n".to_vec())?;
                tokio::spawn(async move {
                    let chunk = "flood flood flood flood flood flood\r\n".repeat(200);
                    while handle.data(channel, chunk.clone().into_bytes()).await.is_ok() {}
                });
                None
            }
            Conduct::PromptLikeLines => Some(format!(
                "R1#show run\r\nR2#\r\nR1(config)#\r\nPassword:\r\n--More--\r\n{clock}"
            )),
            Conduct::OwnPromptInside => {
                let handle = session.handle();
                session.data(channel, b"show clock\r\nbefore\r\nR1#".to_vec())?;
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(300)).await;
                    let _ = handle.data(channel, b"\r\nafter\r\nR1#".to_vec()).await;
                });
                None
            }
            Conduct::LongLine => Some(format!("{}\r\n", "x".repeat(1_000_000))),
            Conduct::TooLongLine => Some(format!("{}\r\n", "x".repeat(2 * 1024 * 1024))),
            Conduct::Escapes => Some(
                "\u{1b}[2J\u{1b}]0;owned\u{7}12\u{1b}[31m:00\u{1b}[0m\0\u{8}\u{8}\u{8}:30 UTC\r\n"
                    .into(),
            ),
            _ => Some(clock.to_owned()),
        })
    }
}

impl server::Handler for Router {
    type Error = russh::Error;

    async fn auth_password(&mut self, _: &str, _: &str) -> Result<Auth, russh::Error> {
        Ok(match self.conduct {
            Conduct::RefusesPassword | Conduct::RefusesAndHangsUp => Auth::reject(),
            _ => Auth::Accept,
        })
    }

    async fn channel_open_session(
        &mut self,
        _channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), russh::Error> {
        if self.conduct == Conduct::NoLine {
            reply.reject(russh::ChannelOpenFailure::ResourceShortage).await;
        } else {
            reply.accept().await;
        }
        Ok(())
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        _: &str,
        _: u32,
        _: u32,
        _: u32,
        _: u32,
        _: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        session.channel_success(channel)
    }

    async fn shell_request(
        &mut self,
        channel: ChannelId,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        if self.conduct == Conduct::ClosesAtOnce {
            return session.close(channel);
        }
        session.channel_success(channel)?;
        let greeting = if self.conduct == Conduct::NoPrompt { "welcome\r\n" } else { "\r\nR1#" };
        session.data(channel, greeting.as_bytes().to_vec())
    }

    async fn data(
        &mut self,
        channel: ChannelId,
        data: &[u8],
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        if self.conduct == Conduct::NoPrompt {
            return Ok(());
        }
        for &byte in data {
            if !matches!(byte, b'\n' | b'\r') {
                self.line.push(byte);
                continue;
            }
            let line = String::from_utf8(std::mem::take(&mut self.line)).unwrap();
            if line == "exit" {
                return session.close(channel);
            }
            self.answers(channel, &line, session)?;
        }
        Ok(())
    }
}
