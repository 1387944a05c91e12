//! Lines made from the declarations of commands: whatever the parser knows is tried, what comes
//! later too.

use cli::{Kind, Token};
use iosxe::reference::{self, Entry, Standing};
use iosxe::{Dialect, SessionId, SessionKind};
use simtime::Rng;

use crate::driver::Router;

/// Words of commands that a random configuration does without: hashes are slow in a debug build, a
/// banner swallows what follows, and the others are no configuration.
const LEFT_OUT: [&str; 7] = ["secret", "banner", "do", "end", "crypto", "macro", "help"];

const WORDS: [&str; 15] = [
    "A",
    "B7",
    "alpha-1",
    "10.0.0.1",
    "192.0.2.9",
    "flash:x",
    "5",
    "65000:1",
    "00:10",
    "ssh",
    "edge",
    "10.0.1.0/24",
    "2001:db8::9",
    "default",
    "\"a b\"",
];

const LINES: [&str; 12] = [
    "a b c",
    "permit ip any any",
    "10",
    "A",
    "10.0.0.0 0.0.0.255",
    "gi1-2",
    "deny any",
    "ip address",
    "none",
    "10.0.0.2 255.255.255.0",
    "host 192.0.2.9",
    "65000 B",
];

const INTERFACES: [&str; 10] = [
    "GigabitEthernet1",
    "gi2",
    "Gi 3",
    "gi4",
    "Loopback0",
    "lo1",
    "lo7",
    "gi2.10",
    "Tunnel1",
    "vlan 10",
];

/// What makes random lines.
pub(crate) struct Generator {
    entries: Vec<Entry>,
}

/// Somebody at a terminal who types random lines.
pub(crate) struct Typist {
    pub(crate) router: Router,
    pub(crate) session: SessionId,
    /// The word in the prompt: `config-if`; `EXEC`.
    pub(crate) mode: String,
}

impl Generator {
    /// Of lines that configure something.
    pub(crate) fn new() -> Self {
        Generator { entries: entries(&LEFT_OUT) }
    }

    /// Of lines of EXEC, too: all that takes no time.
    pub(crate) fn with_exec() -> Self {
        Generator { entries: entries(&["secret", "crypto"]) }
    }

    /// A line for a mode: most often one of its own that is modelled.
    pub(crate) fn line(&self, seed: u64, mode: &str) -> String {
        let mut rng = Rng::from_seed(seed);
        let global = mode != "EXEC" && rng.below(4) == 0;
        let mode = match mode {
            _ if global => "config",
            "config-subif" | "config-if-range" => "config-if",
            mode if mode.starts_with("config-ip-sla-") => "config-ip-sla-echo",
            mode => mode,
        };
        let any = rng.below(4) == 0;
        let of_mode = |entry: &&Entry| entry.modes().iter().any(|m| m == mode);
        let all: Vec<&Entry> = self.entries.iter().filter(of_mode).collect();
        let modelled: Vec<&Entry> =
            all.iter().copied().filter(|entry| entry.standing == Standing::Modelled).collect();
        let fitting = if any || modelled.is_empty() { all } else { modelled };
        if fitting.is_empty() {
            return "exit".to_owned();
        }
        let entry = fitting[rng.below(fitting.len() as u64) as usize];
        let mut words = Vec::new();
        if entry.has_no() && rng.below(6) == 0 {
            words.push(if rng.below(5) == 0 { "default" } else { "no" }.to_owned());
        }
        sequence(entry.tokens(), &mut rng, &mut words);
        words.join(" ")
    }
}

fn entries(left_out: &[&str]) -> Vec<Entry> {
    let is_left_out = |entry: &Entry| {
        let syntax = entry.syntax();
        syntax.split([' ', '[', ']', '{', '}']).any(|word| left_out.contains(&word))
    };
    let all = reference::commands(Dialect::IosXe);
    all.into_iter().filter(|entry| !is_left_out(entry)).collect()
}

fn sequence(tokens: &[Token], rng: &mut Rng, words: &mut Vec<String>) {
    for token in tokens {
        match token {
            Token::Keyword { word, .. } => words.push((*word).to_owned()),
            Token::Param { kind, .. } => words.push(value(*kind, rng)),
            Token::Optional(tokens) => {
                if rng.below(2) == 0 {
                    sequence(tokens, rng, words);
                }
            }
            Token::OneOf(sequences) => {
                let chosen = rng.below(sequences.len() as u64) as usize;
                sequence(sequences[chosen], rng, words);
            }
            Token::AnyOf(sequences) => {
                for tokens in *sequences {
                    if rng.below(3) == 0 {
                        sequence(tokens, rng, words);
                    }
                }
            }
        }
    }
}

fn value(kind: Kind, rng: &mut Rng) -> String {
    let pick = |all: &[&str], rng: &mut Rng| all[rng.below(all.len() as u64) as usize].to_owned();
    match kind {
        Kind::Word | Kind::Quoted => pick(&WORDS, rng),
        Kind::Line => pick(&LINES, rng),
        Kind::Integer { min, max } => match rng.below(4) {
            0 => max.to_string(),
            1 => min.to_string(),
            2 => (min + rng.below(3)).min(max).to_string(),
            _ => (min + rng.below((max - min).max(1))).to_string(),
        },
        Kind::Ipv4 => format!("10.0.{}.{}", rng.below(3), rng.below(4)),
        Kind::Mask => pick(&["255.255.255.0", "255.255.255.255", "255.0.0.0", "0.0.0.0"], rng),
        Kind::Ipv6 => format!("2001:db8::{:x}", rng.below(20)),
        Kind::Ipv6Prefix => format!("2001:db8:{}::{}/64", rng.below(3), rng.below(3)),
        Kind::Interface => pick(&INTERFACES, rng),
    }
}

impl Typist {
    /// At a prompt of EXEC.
    pub(crate) fn new(startup: &str) -> Self {
        let mut router = Router::new(startup);
        let session = router.open(SessionKind::Shell);
        let mut typist = Typist { router, session, mode: "EXEC".to_owned() };
        typist.line("terminal length 0");
        typist
    }

    /// Types a line, gives up what it asks; what was printed.
    pub(crate) fn line(&mut self, line: &str) -> String {
        let mut text = self.router.typed(self.session, &format!("{line}\n"));
        if !text.ends_with(['#', '>']) {
            text += &self.router.typed(self.session, "\x03");
        }
        let prompt = text.rsplit('\n').next().unwrap_or_default();
        let word = prompt.rsplit_once('(').and_then(|(_, rest)| rest.split_once(')'));
        self.mode = word.map_or("EXEC", |(word, _)| word).to_owned();
        text
    }

    /// Goes to configuration mode if it is not there.
    pub(crate) fn configure(&mut self, line: &str) -> String {
        if self.mode == "EXEC" {
            self.line("configure terminal");
        }
        self.line(line)
    }
}
