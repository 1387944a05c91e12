//! A git repository of backups: the program `git`, told exactly what to do.
//!
//! Called after a backup was written. No shell, no hooks, no settings of the user or the system, no
//! question at a terminal, and a bound of time.

use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

/// How long one call may take, in seconds.
const GIT_SECS_MAX: u64 = 30;
/// How much of what it says goes into an error, in bytes.
const SAID_BYTES_MAX: usize = 500;
/// Who commits, unless somebody edits the history.
const NAME: &str = "ednm listener";
const EMAIL: &str = "listener@localhost";

/// Why nothing was committed.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no such program.
    #[error("there is no program `git` here: install it, or write `git = false`")]
    Missing,
    /// It could not be run.
    #[error("cannot run `git {verb}`")]
    Run {
        /// Which.
        verb: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It took too long.
    #[error("`git {0}` took longer than {GIT_SECS_MAX}s")]
    Slow(&'static str),
    /// It said no.
    #[error("`git {verb}` failed ({status}): {said}")]
    Failed {
        /// Which.
        verb: &'static str,
        /// How it ended.
        status: ExitStatus,
        /// Its words.
        said: String,
    },
}

/// Commits one file of a directory, which becomes a repository where it is none. Whether there was
/// anything to commit.
pub(super) async fn commit(directory: &Path, file: &Path, device: &str) -> Result<bool, GitError> {
    if !directory.join(".git").is_dir() {
        run(directory, "init", &["--quiet".as_ref()]).await?;
    }
    run(directory, "add", &["--force".as_ref(), "--".as_ref(), file]).await?;
    let staged = ["--cached".as_ref(), "--quiet".as_ref(), "--".as_ref(), file];
    if status(directory, "diff", &staged).await?.0.success() {
        return Ok(false);
    }
    let message = format!("{device}: the configuration changed");
    let message = Path::new(&message);
    let what = ["--quiet".as_ref(), "-m".as_ref(), message, "--".as_ref(), file];
    run(directory, "commit", &what).await?;
    Ok(true)
}

async fn run(directory: &Path, verb: &'static str, args: &[&Path]) -> Result<(), GitError> {
    let (status, said) = status(directory, verb, args).await?;
    if status.success() { Ok(()) } else { Err(GitError::Failed { verb, status, said }) }
}

async fn status(
    directory: &Path,
    verb: &'static str,
    args: &[&Path],
) -> Result<(ExitStatus, String), GitError> {
    let mut command = Command::new("git");
    command.args(["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"]);
    command.args(["-c", "commit.gpgSign=false", "-c", "init.defaultBranch=main"]);
    command.args(["-c", "core.autocrlf=false", "-c", "gc.autoDetach=false"]);
    // The repository is this one, and none of a directory above it.
    command.args(["--git-dir=.git", "--work-tree=."]).arg(verb).args(args);
    command.current_dir(directory).env_clear().stdin(Stdio::null()).kill_on_drop(true);
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    for (name, value) in [
        ("LC_ALL", "C"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_AUTHOR_NAME", NAME),
        ("GIT_AUTHOR_EMAIL", EMAIL),
        ("GIT_COMMITTER_NAME", NAME),
        ("GIT_COMMITTER_EMAIL", EMAIL),
    ] {
        command.env(name, value);
    }
    let ended = timeout(Duration::from_secs(GIT_SECS_MAX), command.output()).await;
    let ended = ended.map_err(|_| GitError::Slow(verb))?;
    let output = ended.map_err(|source| match source.kind() {
        io::ErrorKind::NotFound if directory.is_dir() => GitError::Missing,
        _ => GitError::Run { verb, source },
    })?;
    let said = output.stderr.get(..SAID_BYTES_MAX).unwrap_or(&output.stderr);
    let said = String::from_utf8_lossy(said).split_whitespace().collect::<Vec<_>>().join(" ");
    Ok((output.status, said))
}
