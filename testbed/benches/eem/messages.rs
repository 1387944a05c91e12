//! Log messages a second through many patterns, beside searching for each pattern by itself.

use eem::{Pattern, Stimulus};
use simtime::Time;

use crate::bare::{self, Bare};

/// Distinct messages, over and over.
const MESSAGES: usize = 20_000;
/// How long each way is measured, in seconds of a core.
const MEASURED_SECS: f64 = 1.5;
/// What is aimed at, by the number of patterns.
const AIMS: [(usize, f64); 3] = [(10, 500_000.0), (100, 500_000.0), (1_000, 500_000.0)];

const NAMES: [&str; 14] = [
    "%LINK-3-UPDOWN: Interface",
    "%LINK-5-CHANGED: Interface",
    "%LINEPROTO-5-UPDOWN: Line protocol on Interface",
    "%SYS-5-CONFIG_I: Configured from console by",
    "%SYS-1-CPURISINGTHRESHOLD: Threshold: Total CPU Utilization",
    "%OSPF-5-ADJCHG: Process 1, Nbr 10.0.0.1 on",
    "%BGP-5-ADJCHANGE: neighbor 10.1.1.2 Up at",
    "%DUAL-5-NBRCHANGE: EIGRP-IPv4 100: Neighbor on",
    "%HSRP-5-STATECHANGE: state Standby -> Active on",
    "%TRACK-6-STATE: 1 ip sla 1 reachability of",
    "%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success at",
    "%PLATFORM-4-ELEMENT_WARNING: R0/0: smand: load of",
    "%CDP-4-DUPLEX_MISMATCH: duplex mismatch discovered on",
    "%PARSER-5-CFGLOG_LOGGEDCMD: User:admin logged command: interface",
];
const ENDS: [&str; 3] = ["changed state to down", "changed state to up", "from LOADING to FULL"];

pub(crate) fn run() -> bool {
    let messages: Vec<String> = (0..MESSAGES).map(message).collect();
    let mut held = true;
    for (count, aim) in AIMS {
        let patterns: Vec<String> = (0..count).map(pattern).collect();
        let each = each(&patterns, &messages);
        let all = all(&patterns, &messages);
        let what = format!("messages through {count:>5} patterns ({each:.0}/s one by one)");
        held &= crate::at_least(&what, all, aim);
    }
    held
}

fn message(nth: usize) -> String {
    let (name, end) = (NAMES[nth % NAMES.len()], ENDS[nth / 7 % ENDS.len()]);
    let (slot, port) = (nth % 9, nth / NAMES.len() % 48);
    format!("*Mar  1 00:{:02}:12.{:03}: {name} Gi{slot}/0/{port}, {end}", nth % 60, nth % 1_000)
}

/// Six shapes of real patterns.
fn pattern(nth: usize) -> String {
    let (name, end) = (NAMES[nth % NAMES.len()], ENDS[nth % ENDS.len()]);
    let mnemonic = name.split(':').next().unwrap_or_default();
    let (slot, port) = (nth % 9, nth / NAMES.len());
    match nth % 6 {
        0 => format!("{mnemonic}.*Gi{slot}/0/{port}, {end}"),
        1 => format!("{}: .* Gi{slot}/0/{port},", mnemonic.trim_start_matches('%')),
        2 => format!("{name} Gi{slot}/0/{port}"),
        3 => format!(".*{mnemonic}.*(Gi|Te)[0-9]/0/{port}, .*(down|FULL)"),
        4 => format!("{name} [A-Z][a-z]+{slot}/[0-9]+/{port},"),
        _ => format!("{mnemonic}: .*{slot}/0/{port}.*changed state to (up|down)"),
    }
}

/// Every pattern by itself.
fn each(patterns: &[String], messages: &[String]) -> f64 {
    let compiled = patterns.iter().map(|source| Pattern::new(source));
    let compiled: Vec<Pattern> = compiled.collect::<Result<_, _>>().expect("they are valid");
    let mut found = 0usize;
    let rate = rate(messages, |message| {
        found += compiled.iter().filter(|pattern| pattern.is_match(message)).count();
    });
    assert!(found > 0, "some must match");
    rate
}

/// A router with an applet for each pattern. `ratelimit` lets each of them run once.
fn all(patterns: &[String], messages: &[String]) -> f64 {
    let names: Vec<String> = (0..patterns.len()).map(|nth| format!("A{nth}")).collect();
    let bodies = patterns.iter().map(|pattern| {
        format!("event syslog pattern \"{pattern}\" ratelimit 31536000\naction 1 comment seen")
    });
    let bodies: Vec<String> = bodies.collect();
    let pairs = names.iter().map(String::as_str).zip(bodies.iter().map(String::as_str));
    let mut director = bare::director(pairs);
    let mut now = Time::VIRTUAL_START;
    let mut runs = 0;
    let rate = rate(messages, |message| {
        now += simtime::Duration::from_millis(20);
        let published = director.offer(now, &Bare, &Stimulus::Syslog(message));
        if !published.runs.is_empty() {
            now += simtime::Duration::from_millis(20);
            runs += bare::finish(&mut director, now);
        }
    });
    assert!(runs > 0, "some applets must run");
    rate
}

/// Messages a second, after one pass that warms up.
fn rate(messages: &[String], mut look: impl FnMut(&str)) -> f64 {
    messages.iter().take(2_000).for_each(|message| look(message));
    let (start, mut count) = (crate::core_seconds(), 0u64);
    'measured: loop {
        for part in messages.chunks(200) {
            part.iter().for_each(|message| look(message));
            count += part.len() as u64;
            if crate::core_seconds() - start > MEASURED_SECS {
                break 'measured;
            }
        }
    }
    count as f64 / (crate::core_seconds() - start)
}
