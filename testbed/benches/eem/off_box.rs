//! Applets off the box: how long the checker takes for a router's whole configuration, and
//! `ednm eem test` for a thousand small tests.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::Instant;

use diagnostic::Source;
use eem::Dialect;

/// The configuration: lines in all, and applets among them.
const LINES: usize = 2_000;
const APPLETS: usize = 50;
/// What is aimed at, in milliseconds.
const CHECK_MS: f64 = 50.0;
/// The tests, and what is aimed at for all of them, in milliseconds.
const TESTS: usize = 1_000;
const TESTS_MS: f64 = 2_000.0;
/// Of so many rounds the median counts.
const ROUNDS: usize = 9;

pub(crate) fn run() -> bool {
    let checked = check();
    let tested = tests();
    checked && tested
}

fn check() -> bool {
    let source = Source::new("r1.cfg", configuration());
    assert_eq!(source.text.lines().count(), LINES);
    let mut took: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            let found = lint::check(&source, Dialect::Ios);
            assert!(!found.is_empty(), "every applet has a finding");
            start.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    took.sort_by(f64::total_cmp);
    tell(&format!("{LINES} lines with {APPLETS} applets, checked"), took[ROUNDS / 2], CHECK_MS)
}

/// A router's configuration, its applets at the end.
fn configuration() -> String {
    let mut text = String::from("version 17.12\nhostname R1\n");
    for nth in 0..APPLETS {
        let _ = write!(text, "event manager applet APPLET-{nth}\n{}", body(nth));
    }
    text.push_str("end\n");
    let mut head = String::new();
    let missing = LINES - text.lines().count();
    for nth in 0..missing / 4 {
        let _ = write!(
            head,
            "interface Vlan{nth}\n description of {nth}\n ip address 10.{}.{}.1 255.255.255.0\n!\n",
            nth / 250,
            nth % 250
        );
    }
    (0..missing % 4).for_each(|_| head.push_str("!\n"));
    head + &text
}

fn body(nth: usize) -> String {
    format!(
        " event syslog pattern \"LINK-3-UPDOWN: Interface Vlan{nth}, changed state to down\"\n \
         action 010 info type routername\n action 020 cli command \"enable\"\n \
         action 030 cli command \"show interfaces Vlan{nth} | include error\"\n \
         action 040 regexp \"([0-9]+) input errors\" \"$_cli_result\" match errors\n \
         action 050 if $_regexp_result eq \"1\"\n \
         action 060  syslog priority warnings msg \"$_info_routername: $errors on {nth}\"\n \
         action 070 end\n action 080 cli command \"configure terminal\"\n \
         action 090 cli command \"interface Vlan{nth}\"\n \
         action 100 cli command \"description $errors\"\n"
    )
}

fn tests() -> bool {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let applet = "event manager applet SEEN\n event syslog pattern \"X-5-Y\"\n \
                  action 010 syslog msg \"seen\"\n";
    let mut tests = String::from("applet = \"seen.cfg\"\n");
    for nth in 0..TESTS {
        let _ = write!(
            tests,
            "[[tests]]\nname = \"test {nth}\"\nevents = [\"syslog %X-5-Y: {nth}\"]\n\
             expect = {{ labels = [\"010\"], syslog = \"SEEN: seen\" }}\n"
        );
    }
    std::fs::write(folder.path().join("seen.cfg"), applet).expect("it is written");
    std::fs::write(folder.path().join("seen.test.toml"), tests).expect("it is written");
    let mut took: Vec<f64> = (0..ROUNDS / 3)
        .map(|_| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_ednm"));
            command.args(["eem", "test", "seen.test.toml"]).current_dir(folder.path());
            let start = Instant::now();
            let status = command.stdout(Stdio::null()).status().expect("it runs");
            assert!(status.success(), "every test passes");
            start.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    took.sort_by(f64::total_cmp);
    tell(&format!("`ednm eem test` with {TESTS} tests"), took[took.len() / 2], TESTS_MS)
}

fn tell(what: &str, measured: f64, aim: f64) -> bool {
    let mark = if measured <= aim { "" } else { "  MISSED" };
    println!("{what}: {measured:.1} ms (aim {aim:.0} ms){mark}");
    measured <= 2.0 * aim
}
