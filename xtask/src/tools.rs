//! What a machine of continuous integration lacks and the tests need, installed by package name.

use std::process::{Command, Stdio};

/// A program that tests call, and the Debian package that has it.
const TOOLS: &[(&str, &[&str], &str)] = &[
    ("ssh", &["-V"], "openssh-client"),
    ("python3", &["-c", "import venv, ensurepip"], "python3-venv"),
    ("curl", &["--version"], "curl"),
    ("rsyslogd", &["-v"], "rsyslog"),
    ("sh", &["-c", "ls /usr/lib/*/rsyslog/lmnsd_gtls.so"], "rsyslog-gnutls"),
    ("git", &["--version"], "git"),
    ("openssl", &["version"], "openssl"),
    ("yanglint", &["--version"], "libyang2-tools"),
];

/// With `CI=true`, installs what is missing. Elsewhere it changes nothing: the tests say what they
/// miss.
pub(crate) fn install_for_ci() -> Result<(), String> {
    if std::env::var("CI").as_deref() != Ok("true") {
        return Ok(());
    }
    let missing: Vec<&str> =
        TOOLS.iter().filter(|(name, args, _)| !runs(name, args)).map(|tool| tool.2).collect();
    if missing.is_empty() {
        return Ok(());
    }
    apt_get(&["update", "-q"])?;
    let mut install = vec!["install", "-q", "-y", "--no-install-recommends"];
    install.extend(&missing);
    apt_get(&install)
}

fn runs(name: &str, args: &[&str]) -> bool {
    let mut command = Command::new(name);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn apt_get(args: &[&str]) -> Result<(), String> {
    eprintln!("$ apt-get {}", args.join(" "));
    let mut command = Command::new("apt-get");
    command.args(args).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
    let status = command.status().map_err(|e| format!("cannot run apt-get: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("`apt-get {}` failed", args.join(" "))) }
}
