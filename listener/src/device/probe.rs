//! The steps of a check, in order; the first that fails is the last.

use std::sync::Arc;
use std::time::Duration;

use automation::SessionFailure;
use automation::session::{Failure, Plan, Work};
use secrecy::SecretString;
use tokio::time::timeout;
use topology::HostKey;

use super::Finding;
use super::terminal::{Terminal, TerminalError};
use crate::connect::{KnownHosts, Login, Target, connect_tcp, handshake_failure};

/// How long one step up to the shell may take, in milliseconds; what follows is bounded by the
/// driver.
const STEP_MS_MAX: u64 = 10_000;
/// The privilege that `configure` needs.
const PRIVILEGE_CONFIGURE: u8 = 15;

const PRIVILEGE: &str = "show privilege";
const VERSION: &str = "show version";

/// Why a step failed.
#[derive(Debug)]
enum Trouble {
    Session(SessionFailure),
    Terminal(TerminalError),
}

impl From<SessionFailure> for Trouble {
    fn from(failure: SessionFailure) -> Self {
        Trouble::Session(failure)
    }
}

impl From<TerminalError> for Trouble {
    fn from(error: TerminalError) -> Self {
        Trouble::Terminal(error)
    }
}

/// Runs the steps.
pub(super) async fn run(
    target: &Target,
    known: &Arc<KnownHosts>,
    enable: Option<SecretString>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    // The failure is in the findings already.
    let _ = steps(target, known, enable, &mut findings).await;
    findings
}

async fn steps(
    target: &Target,
    known: &Arc<KnownHosts>,
    enable: Option<SecretString>,
    findings: &mut Vec<Finding>,
) -> Result<(), ()> {
    let stream = bounded(connect_tcp(target)).await;
    let stream = step("tcp", stream, findings, |_| target.address.to_string())?;
    let login = async { Login::handshake(stream, target, known).await };
    let login = bounded(async { login.await.map_err(|e| handshake_failure(target, e)) }).await;
    let trusted = |login: &Login| format!("{} ({})", login.fingerprint(), rule(&target.host_key));
    let mut login = step("host key", login, findings, trusted)?;
    let authenticated = bounded(login.log_in(target)).await;
    step("auth", authenticated, findings, |()| format!("user `{}`", target.username))?;
    let shell = bounded(login.open_shell(target)).await;
    let shell = match shell {
        Ok(shell) => shell,
        failed => return step("prompt", failed, findings, |_| String::new()).map(drop),
    };
    let commands = [PRIVILEGE, VERSION].map(str::to_owned).into_iter().enumerate().collect();
    let mut terminal = Terminal::over(shell, Plan { commands, work: Work::Exec, enable });
    step("prompt", terminal.prompt().await, findings, String::clone)?;
    let privilege = terminal.answer().await.and_then(|answer| level(&answer));
    let privilege = step("privilege", privilege, findings, |level| level.to_string())?;
    if privilege < PRIVILEGE_CONFIGURE
        && let Some(finding) = findings.last_mut()
    {
        let hint = "show commands run; for more give the node an `enable` secret, or its user \
                    `privilege 15`";
        finding.hint = Some(hint.to_owned());
    }
    let version = terminal.answer().await.and_then(|answer| version(&answer));
    step("version", version, findings, String::clone)?;
    terminal.leave().await;
    Ok(())
}

pub(super) async fn bounded<T>(
    work: impl Future<Output = Result<T, SessionFailure>>,
) -> Result<T, SessionFailure> {
    let bound = Duration::from_millis(STEP_MS_MAX);
    timeout(bound, work).await.unwrap_or(Err(SessionFailure::Timeout))
}

/// Notes what a step found.
fn step<T>(
    check: &'static str,
    result: Result<T, impl Into<Trouble>>,
    findings: &mut Vec<Finding>,
    found: impl FnOnce(&T) -> String,
) -> Result<T, ()> {
    match result {
        Ok(value) => {
            findings.push(Finding { check, ok: true, detail: found(&value), hint: None });
            Ok(value)
        }
        Err(failure) => {
            let (detail, hint) = match failure.into() {
                Trouble::Session(failure) => explain(check, failure),
                Trouble::Terminal(error) => (error.to_string(), hint(&error)),
            };
            findings.push(Finding { check, ok: false, detail, hint: Some(hint.to_owned()) });
            Err(())
        }
    }
}

fn rule(rule: &HostKey) -> &'static str {
    match rule {
        HostKey::Strict => "in known_hosts",
        HostKey::Pinned(_) => "pinned",
        HostKey::AcceptNew => "accept-new",
        HostKey::Insecure => "insecure: any key is accepted",
    }
}

/// "Current privilege level is 15"
fn level(answer: &str) -> Result<u8, TerminalError> {
    let level = answer.split_whitespace().last().and_then(|word| word.parse().ok());
    level.ok_or_else(|| odd(PRIVILEGE, answer.trim()))
}

/// The first line of `show version` that names one.
fn version(answer: &str) -> Result<String, TerminalError> {
    let line = answer.lines().find(|line| line.contains("Version"));
    line.map(|line| line.trim().to_owned()).ok_or_else(|| odd(VERSION, "names no version"))
}

fn odd(command: &str, complaint: &str) -> TerminalError {
    TerminalError::Refused { command: command.to_owned(), complaint: complaint.to_owned() }
}

/// What to do about what is wrong on the terminal.
fn hint(error: &TerminalError) -> &'static str {
    match error {
        TerminalError::Driver(Failure::NoPrompt) => {
            "is that a Cisco command line? log in with `ssh` and look at its prompt"
        }
        TerminalError::Driver(Failure::EnableRefused | Failure::NoEnable(_)) => {
            "is the node's `enable` secret (or its env: reference) right?"
        }
        TerminalError::Driver(
            Failure::NoAnswer(_)
            | Failure::PromptChanged { .. }
            | Failure::Asked { .. }
            | Failure::NotPrivileged
            | Failure::NoConfiguration(_)
            | Failure::LeftConfiguration(_)
            | Failure::Endless(_)
            | Failure::EnableUnanswered
            | Failure::NoHello
            | Failure::NoNetconf(_)
            | Failure::Busy { .. },
        ) => "log in with `ssh` and look what the command does there",
        TerminalError::Closed(_) => {
            "are all its VTY lines taken? `show users` on the console tells"
        }
        TerminalError::Broke(_) => "does the device stay up, does a firewall cut idle connections?",
        TerminalError::Refused { .. } => "may the node's user run that command?",
    }
}

/// What is wrong before there is a terminal, and what to do.
pub(super) fn explain(check: &str, failure: SessionFailure) -> (String, &'static str) {
    match failure {
        SessionFailure::Unreachable(why) if check == "tcp" => {
            (why, "is the node's address right, is the device up, does a firewall let you by?")
        }
        SessionFailure::Unreachable(why) => {
            (why, "is that an SSH server? `ssh -v` to the same address shows its side")
        }
        SessionFailure::Timeout => {
            let detail = format!("no answer within {} s", STEP_MS_MAX / 1_000);
            (detail, "the device hangs or drops packets; try `ssh -v` to the same address")
        }
        SessionFailure::Misconfigured(why) => (why, "mend the node's entry in the inventory"),
        SessionFailure::HostKey { reason, .. } => {
            (reason, "compare the fingerprint on the device itself before you trust it")
        }
        SessionFailure::Refused => {
            let detail = "the device refused user and password".to_owned();
            (detail, "are the node's `username` and `password` (or their env: references) right?")
        }
        SessionFailure::HungUp => {
            let detail = "the device hung up on the password".to_owned();
            (detail, "is the password right, and the account not locked? the device's log tells")
        }
        SessionFailure::NoShell(why) => {
            (why, "are all its VTY lines taken? `show users` on the console tells")
        }
        SessionFailure::NoNetconf(why) => {
            (why, "is `netconf-yang` configured there? `show netconf-yang sessions` tells")
        }
        SessionFailure::Certificate(why) => {
            (why, "compare the fingerprint on the device itself before you trust it")
        }
        failure @ SessionFailure::TooLarge(_) => {
            (failure.to_string(), "ask for less: a path, `depth`, `fields`")
        }
    }
}
