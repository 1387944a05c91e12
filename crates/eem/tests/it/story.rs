//! Stories: applets, what happens to their router, and all that they ask of it, as text files.
//!
//! A story begins with `== NAME what it shows`, then has lines of its head, and its steps. Below
//! each step stands what came of it; `UPDATE_EXPECT=1` writes that anew.
//!
//! - head: `| LINE` of configuration; `applet FILE` of `tests/applets`; `course`: its dialect;
//!   `timed`: tell instants; `heard`: what applets log may raise applets; `ahead SECONDS`: of the
//!   router's clock; `reply PART => TEXT`:
//!   what a command that holds PART prints (`?` at its end: it asks; `no line`: there is no VTY)
//! - steps (`>>> `): `log`, `type`, `run`, `pass SECONDS`, `track N up`, `route default`,
//!   `cdp INTERFACE NAME PORT`, `cpu high`, `interface NAME PARAMETER VALUE`, `snmp OID VALUE`,
//!   `answer`, `environment NAME VALUE`, `configure LINES`. After each, a second passes.

use std::fmt::Write as _;

use eem::{
    Change, Dialect, Neighbor, NeighborChange, NeighborEvent, ResourceChange, RouteChange, Stimulus,
};
use simtime::Duration;

use crate::host::Host;

/// One story, as it stands in its file.
struct Story<'a> {
    title: &'a str,
    head: Vec<&'a str>,
    steps: Vec<&'a str>,
}

/// The words with which a line of a head begins.
const HEAD: [&str; 7] = ["| ", "applet ", "course", "timed", "heard", "ahead ", "reply "];

/// Tells all stories of a text anew. `find` gives the applets of a name outside of the repository;
/// without any, each story brings its own.
pub(crate) fn retell(text: &str, find: &dyn Fn(&str) -> String) -> String {
    let intro = text.lines().take_while(|line| !line.starts_with("== "));
    let mut out: String = intro.flat_map(|line| [line, "\n"]).collect();
    for story in stories(text) {
        let _ = writeln!(out, "== {}", story.title);
        story.head.iter().for_each(|line| out.extend([*line, "\n"]));
        out += &tell(&story, find);
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out + "\n"
}

/// How many stories a text holds.
pub(crate) fn count(text: &str) -> usize {
    stories(text).len()
}

fn stories(text: &str) -> Vec<Story<'_>> {
    let mut stories: Vec<Story<'_>> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("== ") {
            stories.push(Story { title, head: Vec::new(), steps: Vec::new() });
            continue;
        }
        let Some(story) = stories.last_mut() else { continue };
        match line.strip_prefix(">>> ") {
            Some(step) => story.steps.push(step),
            None if story.steps.is_empty() && HEAD.iter().any(|word| line.starts_with(word)) => {
                story.head.push(line);
            }
            None => {}
        }
    }
    stories
}

fn tell(story: &Story<'_>, find: &dyn Fn(&str) -> String) -> String {
    let all = |word: &str| -> Vec<&str> {
        story.head.iter().filter_map(|line| line.strip_prefix(word)).collect()
    };
    let has = |word: &str| story.head.contains(&word);
    let name = story.title.split(' ').next().unwrap_or_default();
    let own = all("| ").join("\n");
    let of_file = |file: &&str| applet(file);
    let config = match all("applet ").first().map(of_file) {
        Some(config) => format!("{own}\n{config}"),
        None if own.is_empty() => find(name),
        None => own,
    };
    let dialect = if has("course") { Dialect::Course } else { Dialect::Ios };
    let reply = |line: &&str| {
        let (part, text) = line.split_once(" =>").expect("`reply PART => TEXT`");
        (unescaped(part), unescaped(text.strip_prefix(' ').unwrap_or(text)))
    };
    let replies = all("reply ").iter().map(reply).collect();
    let ahead = all("ahead ").first().map_or(0, |secs| secs.parse().expect("seconds"));
    let mut host = Host::ahead(dialect, ahead, &config).replying(replies);
    host.is_heard = has("heard");
    if has("timed") {
        host = host.timed();
    }
    let mut out = host.take_story();
    for step in &story.steps {
        play(&mut host, step);
        host.pass(Duration::from_secs(1));
        let _ = write!(out, ">>> {step}\n{}", folded(&host.take_story()));
    }
    out
}

/// So many lines can be one part that repeats.
const REPEATED_MAX: usize = 4;

/// A text whose repetitions are counted instead of told.
fn folded(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < lines.len() {
        let rest = &lines[at..];
        let times = |length: usize| {
            rest.chunks_exact(length).take_while(|part| *part == &rest[..length]).count()
        };
        let longest = REPEATED_MAX.min(rest.len());
        let repeated = (1..=longest).find(|length| times(*length) > 3);
        let length = repeated.unwrap_or(1);
        rest[..length].iter().for_each(|line| out.extend([*line, "\n"]));
        at += length;
        if repeated.is_some() {
            let more = times(length) - 1;
            let _ = writeln!(out, "... and {more} times more");
            at += length * more;
        }
    }
    out
}

/// An applet of the repository.
#[expect(clippy::disallowed_methods, reason = "a test reads its data; the crate never does")]
pub(crate) fn applet(file: &str) -> String {
    let path = format!("{}/tests/applets/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn play(host: &mut Host, step: &str) {
    let text = unescaped(step);
    let (verb, rest) = text.split_once(' ').unwrap_or((&text, ""));
    let words: Vec<&str> = rest.split(' ').collect();
    let number = |word: &str| word.parse::<i64>().expect("a number");
    match (verb, &words[..]) {
        ("log", _) => host.offer(&Stimulus::Syslog(rest)),
        ("type", _) => host.type_command(rest),
        ("run", _) => host.start(rest),
        ("pass", [seconds]) => host.pass(Duration::from_secs(number(seconds).unsigned_abs())),
        ("track", [object, state]) => {
            let (number, up) = (object.parse().expect("a number"), *state == "up");
            host.readings.tracks.insert(number, up);
            host.offer(&Stimulus::Track { number, up });
        }
        ("route", ["default"]) => host.offer(&Stimulus::Route(&default_route())),
        ("cdp", [interface, name, port]) => {
            host.offer(&Stimulus::Neighbor(&neighbor(interface, name, port)));
        }
        ("cpu", ["high"]) => host.offer(&Stimulus::Resource(&HIGH_CPU)),
        ("interface", [name, parameter, value]) => {
            let key = ((*name).to_owned(), (*parameter).to_owned());
            host.readings.interfaces.insert(key, number(value));
        }
        ("snmp", [oid, value]) => {
            host.readings.snmp.insert((*oid).to_owned(), number(value));
        }
        ("answer", _) => host.answers.push(rest.to_owned()),
        ("environment", [name, value @ ..]) => {
            host.director.set_environment(name, &value.join(" "));
        }
        ("configure", _) => host.configure(rest),
        _ => panic!("no step: {step}"),
    }
}

/// The default route gets another gateway.
fn default_route() -> RouteChange<'static> {
    RouteChange {
        change: Change::Updated,
        network: std::net::Ipv4Addr::UNSPECIFIED,
        prefix_len: 0,
        protocol: "static",
        vrf: "default",
        gateway: Some(std::net::Ipv4Addr::new(192, 0, 2, 1)),
        interface: "GigabitEthernet1",
        distance: 1,
        metric: 0,
    }
}

/// CDP finds a neighbour.
fn neighbor<'a>(interface: &'a str, name: &'a str, port: &'a str) -> NeighborChange<'a> {
    let neighbor = Neighbor {
        name,
        port,
        platform: "cisco C9300-48P",
        capabilities: "Switch IGMP",
        hold_time: 180,
        ..Neighbor::default()
    };
    let event = NeighborEvent::Cdp(Change::Added, neighbor);
    NeighborChange { interface, short: "Gi2", event, link: "up", line: "up" }
}

/// The load of the whole router is above its threshold.
const HIGH_CPU: ResourceChange<'static> = ResourceChange {
    policy: "HighGlobalCPU",
    owner: "cpu",
    level: "critical",
    value: 92,
    rising: true,
};

/// `\n`, `\r`, `\t` and `\\` in a line of a file.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let escaped = if character == '\\' { characters.next() } else { None };
        out.extend(match escaped {
            None => vec![character],
            Some('n') => vec!['\n'],
            Some('r') => vec!['\r'],
            Some('t') => vec!['\t'],
            Some('\\') => vec!['\\'],
            Some(other) => vec!['\\', other],
        });
    }
    out
}
