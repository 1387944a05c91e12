//! The steps of `cargo xtask ci`, each a plain cargo call that prints its own command line.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::{tidy, tools};

/// Everything that must hold before a change lands, cheapest first.
pub(crate) fn ci() -> Result<(), String> {
    tools::install_for_ci()?;
    cargo(&["fmt", "--all", "--check"], &[])?;
    tidy()?;
    let lints = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    cargo(&lints, &[])?;
    test(&[])?;
    let docs = ["doc", "--workspace", "--no-deps", "--locked", "--document-private-items"];
    cargo(&docs, &[("RUSTDOCFLAGS", "-D warnings")])
}

/// All tests. What a test needs of the machine (Python, OpenSSH) it looks for itself: missing, it
/// says so in one line, and fails when `CI=true`.
pub(crate) fn test(rest: &[&str]) -> Result<(), String> {
    let mut args = vec!["test", "--workspace", "--locked"];
    args.extend(rest);
    with_corpus(&args)
}

/// The commands of real applets, and what a router makes of each: a test of `iosxe` prints it.
pub(crate) fn corpus() -> Result<(), String> {
    with_corpus(&["test", "-q", "-p", "iosxe", "--test", "it", "corpus::", "--", "--nocapture"])
}

/// Real applets, kept outside the repository: who has them beside it tests with them.
fn with_corpus(args: &[&str]) -> Result<(), String> {
    let corpus = root().join("../shared/corpus");
    match (std::env::var_os("EDNM_CORPUS"), corpus.to_str()) {
        (None, Some(path)) if corpus.is_dir() => cargo(args, &[("EDNM_CORPUS", path)]),
        _ => cargo(args, &[]),
    }
}

/// The rules that no other tool checks.
pub(crate) fn tidy() -> Result<(), String> {
    let problems = tidy::check(&root());
    for problem in &problems {
        eprintln!("{problem}");
    }
    match problems.len() {
        0 => Ok(()),
        1 => Err("tidy found 1 problem".into()),
        n => Err(format!("tidy found {n} problems")),
    }
}

/// Rewrites every golden file from what the code prints now. The diff is the review.
pub(crate) fn bless() -> Result<(), String> {
    cargo(&["test", "--workspace", "--locked"], &[("UPDATE_EXPECT", "1")])
}

/// The repository's root: the folder above this package.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("xtask lies in the repository's root").to_path_buf()
}

pub(crate) fn cargo(args: &[&str], env: &[(&str, &str)]) -> Result<(), String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    eprintln!("$ cargo {}", args.join(" "));
    let start = Instant::now();
    let mut command = Command::new(cargo);
    command.args(args).envs(env.iter().copied()).current_dir(root());
    // What cargo told this process of its own package: build scripts below that look at theirs
    // (ring's does) would run again after every plain cargo call, and all above them be rebuilt.
    let own = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(own)) {
        command.env_remove(name);
    }
    let status = command.status().map_err(|e| format!("cannot run cargo: {e}"))?;
    eprintln!("  {:.1} s", start.elapsed().as_secs_f32());
    if status.success() { Ok(()) } else { Err(format!("`cargo {}` failed", args.join(" "))) }
}
