//! The judge: holds the sender's ledger, the routers' ledger and the journal against each other.
//!
//! Called once both programs have ended; every finding names the delivery's number.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Counts;
use super::programs::{Bench, COMMANDS, TRACE, node};
use super::sender::{Answers, webhook_id};

/// How many findings are printed.
const FINDINGS_SHOWN_MAX: usize = 20;

/// What the journal's records say, read beside the program that wrote them.
#[derive(Debug, Default)]
struct Journal {
    /// Events by their `webhook-id`.
    accepted: BTreeMap<String, Vec<String>>,
    /// How often each event was decided.
    decided: BTreeMap<String, u64>,
    /// How often each job ended.
    ended: BTreeMap<String, u64>,
}

/// Panics with what is wrong, else adds to the counts.
pub(super) fn judge(bench: &Bench, answers: &Answers, stories: &[Value], counts: &mut Counts) {
    let mut findings = Vec::new();
    let journal = Journal::read(bench);
    let ran = commands_of_routers(bench, &mut findings);
    journal.check(answers, &mut findings);
    let told: BTreeMap<&str, &Value> =
        stories.iter().filter_map(|s| Some((s["webhook_id"].as_str()?, s))).collect();
    for number in answers.accepted.keys() {
        let Some(story) = told.get(webhook_id(*number).as_str()) else {
            findings.push(format!("{number}: the API tells no story of it"));
            continue;
        };
        counts.in_doubt += check_actions(*number, story, &ran, &mut findings);
    }
    for (device, index, number) in ran.keys() {
        if !answers.accepted.contains_key(number) || *device != node(*number) {
            let command = COMMANDS[*index];
            findings.push(format!("{device} ran `{command}{number}`, which nothing explains"));
        }
    }
    counts.sent += answers.sent;
    counts.accepted += answers.accepted.len() as u64;
    counts.duplicates += answers.duplicates;
    counts.decided += journal.decided.values().sum::<u64>();
    counts.acted += ran.values().sum::<u64>();
    counts.repeated += ran.values().map(|times| times - 1).sum::<u64>();
    let shown = &findings[..findings.len().min(FINDINGS_SHOWN_MAX)];
    assert!(findings.is_empty(), "{} findings: {shown:#?}\n{counts:#?}", findings.len());
}

/// How often each router ran each command with each number: the second ledger.
type Ran = BTreeMap<(String, usize, u64), u64>;

fn commands_of_routers(bench: &Bench, findings: &mut Vec<String>) -> Ran {
    let mut ran = Ran::new();
    for line in std::fs::read_to_string(bench.path(TRACE)).unwrap().lines() {
        let fact: Value = serde_json::from_str(line).unwrap();
        if fact.get("lost").is_some() {
            findings.push(format!("the routers' ledger has holes: {line}"));
        }
        let command = fact["line"].as_str().filter(|_| fact["fact"] == "device-command");
        let of = |prefix: &&str| command?.strip_prefix(prefix)?.parse::<u64>().ok();
        let found = COMMANDS.iter().enumerate().find_map(|(i, prefix)| Some((i, of(prefix)?)));
        if let Some((index, number)) = found {
            let device = fact["node"].as_str().unwrap_or_default().to_owned();
            *ran.entry((device, index, number)).or_default() += 1;
        }
    }
    ran
}

/// Every command of one delivery ran, and more than once only for attempts that say so. Gives how
/// many attempts are marked.
fn check_actions(number: u64, story: &Value, ran: &Ran, findings: &mut Vec<String>) -> u64 {
    let jobs = story["jobs"].as_array().unwrap();
    if story["state"] != "done" || jobs.len() != 1 {
        findings.push(format!("{number}: not done by one job: {story}"));
    }
    let attempts = jobs.iter().flat_map(|job| job["attempts"].as_array().unwrap());
    let marked = attempts.filter(|attempt| attempt["in_doubt"] == true).count() as u64;
    for (index, command) in COMMANDS.iter().enumerate() {
        let times = ran.get(&(node(number), index, number)).copied().unwrap_or_default();
        if times == 0 {
            findings.push(format!("{number}: accepted, and `{command}{number}` never ran"));
        } else if times - 1 > marked {
            let repeats = times - 1;
            findings.push(format!(
                "{number}: `{command}{number}` ran {times} times: {repeats} repeats, {marked} \
                 attempts marked in_doubt: {story}"
            ));
        }
    }
    marked
}

impl Journal {
    fn read(bench: &Bench) -> Self {
        let path = bench.path("state").join(listener::journal::FILE_NAME);
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let connection = rusqlite::Connection::open_with_flags(path, flags).unwrap();
        let mut statement = connection.prepare("SELECT record FROM records").unwrap();
        let mut journal = Journal::default();
        let records = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        for record in records {
            let record: Value = serde_json::from_str(&record.unwrap()).unwrap();
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            match record["record"].as_str().unwrap() {
                "accepted" => {
                    let events = journal.accepted.entry(text(&record["webhook_id"])).or_default();
                    events.push(text(&record["event"]["id"]));
                }
                "decided" => *journal.decided.entry(text(&record["event"])).or_default() += 1,
                "job-done" => *journal.ended.entry(text(&record["job"])).or_default() += 1,
                _ => {}
            }
        }
        journal
    }

    /// What got a 2xx, and nothing else, is there once, is decided once and ended once.
    fn check(&self, answers: &Answers, findings: &mut Vec<String>) {
        let mut sent = BTreeSet::new();
        for (number, told) in &answers.accepted {
            let id = webhook_id(*number);
            match self.accepted.get(&id).map(Vec::as_slice) {
                None => findings.push(format!("{number}: got a 2xx, and is not in the journal")),
                Some([event]) if told.is_empty() || told == event => {}
                Some(events) => {
                    findings.push(format!("{number}: answered as `{told}`, stored as {events:?}"));
                }
            }
            sent.insert(id);
        }
        let unsent = self.accepted.keys().filter(|id| !sent.contains(*id));
        findings.extend(unsent.map(|id| format!("{id}: stored, and nobody had a 2xx for it")));
        let events: BTreeSet<&String> = self.accepted.values().flatten().collect();
        for event in events {
            let times = self.decided.get(event).copied().unwrap_or_default();
            if times != 1 {
                findings.push(format!("{event}: decided {times} times"));
            }
        }
        let often = self.ended.iter().filter(|(_, times)| **times != 1);
        findings.extend(often.map(|(job, times)| format!("{job}: ended {times} times")));
    }
}
