//! The commands that real applets send, each tried on a router: what `cargo xtask corpus` prints.
//!
//! The applets are data beside the repository (`EDNM_CORPUS`). Nothing of them is in here.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use iosxe::{SessionId, SessionKind};

use crate::driver::Router;

/// The folder that holds `eem/`.
const CORPUS: &str = "EDNM_CORPUS";

/// The least share of commands that are answered or kept, in per cent.
const SHARE_MIN: usize = 80;

/// What a router says of a line that it does not take.
const REFUSALS: [&str; 4] =
    ["% Invalid input", "% Incomplete command", "% Ambiguous command", "% Unknown command"];

/// Configuration lines that change nothing else, with where they are seen.
const INERT: &str = include_str!("../../data/inert.txt");

const STARTUP: &str = "\
ip domain name example.net
interface Loopback0
 ip address 10.0.0.1 255.255.255.255
interface GigabitEthernet1
 ip address 10.0.12.1 255.255.255.0
interface GigabitEthernet2
 description to R9
 ip address 10.0.13.1 255.255.255.0
ip route 0.0.0.0 0.0.0.0 10.0.12.2
";

/// What a router does about a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Refused,
    Kept,
    Answered,
}

/// What becomes of each command, how often, and what the router says when it refuses it.
type Fates = BTreeMap<(Fate, String), (usize, String)>;

/// What of an applet matters here, by label.
#[derive(Debug, Default)]
struct Applet {
    actions: Vec<(String, Action)>,
}

/// One action.
#[derive(Debug)]
enum Action {
    Command {
        line: String,
        /// Whether a `pattern` stands behind it: a question is awaited.
        asks: bool,
    },
    /// `if`, `while`, `foreach`: what follows may not run.
    Open,
    /// `else`, `elseif`: what follows runs instead of what was before.
    Else,
    /// `end`
    Close,
}

/// A terminal at a router, as an applet has one.
struct Terminal {
    router: Router,
    session: SessionId,
    /// What was typed since the last prompt of EXEC.
    path: Vec<String>,
}

/// Goal: most commands of real applets are answered, or kept as configuration. Method: the lines of
/// each applet are typed in the order of their labels at one terminal; a table is printed.
#[test]
fn commands_of_real_applets() {
    let Some(sources) = sources() else {
        eprintln!("skipped: {CORPUS} is not set");
        return;
    };
    let mut fates = Fates::new();
    for source in &sources {
        for applet in applets(source) {
            try_applet(&applet, &mut fates);
        }
    }
    let (table, share) = report(&fates);
    println!("{table}");
    assert!(share >= SHARE_MIN, "{share} % of the commands are answered or kept");
}

/// The texts of the corpus; none if it is not asked for.
#[expect(clippy::disallowed_methods, reason = "a test over files that lie outside the repository")]
fn sources() -> Option<Vec<String>> {
    let folder = PathBuf::from(std::env::var_os(CORPUS)?).join("eem");
    let entries = std::fs::read_dir(&folder);
    let entries = entries.unwrap_or_else(|why| panic!("{CORPUS}: {}: {why}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "cfg"));
    paths.sort();
    let text = |path: &PathBuf| std::fs::read(path).expect("a file of the corpus reads");
    Some(paths.iter().map(|path| String::from_utf8_lossy(&text(path)).into_owned()).collect())
}

/// The applets of a text, each with its commands in the order of their labels.
fn applets(source: &str) -> Vec<Applet> {
    let mut all: Vec<Applet> = Vec::new();
    for line in source.lines() {
        let line = line.trim();
        if line.starts_with("event manager applet ") {
            all.push(Applet::default());
        } else if let Some(applet) = all.last_mut() {
            applet.actions.extend(action(line));
        }
    }
    for applet in &mut all {
        applet.actions.sort_by(|a, b| a.0.cmp(&b.0));
    }
    all
}

/// `action LABEL cli command "COMMAND" [pattern "PATTERN"]`, and what opens and closes blocks.
fn action(line: &str) -> Option<(String, Action)> {
    let rest = line.strip_prefix("action ")?.trim_start();
    let (label, rest) = rest.split_once(char::is_whitespace)?;
    let rest = rest.trim();
    let action = match rest.split(' ').next()? {
        "if" | "while" | "foreach" => Action::Open,
        "else" | "elseif" => Action::Else,
        "end" => Action::Close,
        "cli" => command(rest.strip_prefix("cli")?.trim_start().strip_prefix("command")?)?,
        _ => return None,
    };
    Some((label.to_owned(), action))
}

fn command(rest: &str) -> Option<Action> {
    let rest = rest.trim();
    let (command, asks) = match rest.split_once("\" pattern ") {
        Some((command, _)) => (command, true),
        None => (rest.strip_suffix('"').unwrap_or(rest), false),
    };
    let command = command.strip_prefix('"').unwrap_or(command).trim();
    let command = command.strip_suffix("\\n").unwrap_or(command);
    Some(Action::Command { line: command.replace("\\\"", "\""), asks })
}

/// Runs the commands of an applet in the order of their labels. Each branch begins where the block
/// was entered, and so does what follows the block.
fn try_applet(applet: &Applet, fates: &mut Fates) {
    let mut terminal = Terminal::new();
    let mut blocks: Vec<Vec<String>> = Vec::new();
    let mut asked = false;
    for (_, action) in &applet.actions {
        match action {
            Action::Open => blocks.push(terminal.path.clone()),
            Action::Else => blocks.last().cloned().into_iter().for_each(|p| terminal.go_to(p)),
            Action::Close => blocks.pop().into_iter().for_each(|path| terminal.go_to(path)),
            Action::Command { line, asks } => {
                let (fate, said) = terminal.fate(&filled(line));
                // What answers a question is no command, whether this router asks it or not.
                let answer = asked || is_answer(line);
                if !answer {
                    let (times, words) = fates.entry((fate, opening(line))).or_default();
                    *times += 1;
                    *words = said;
                }
                asked = *asks && (answer || !line.contains(' ') || fate != Fate::Answered);
            }
        }
    }
}

/// The short lines with which applets answer questions.
fn is_answer(command: &str) -> bool {
    let word = command.trim();
    word.is_empty() || ["y", "n", "yes", "no"].contains(&word) || word.parse::<u32>().is_ok()
}

/// The command with something plausible in place of variables, and of ports that other hardware
/// has.
fn filled(command: &str) -> String {
    let mut line = String::new();
    let mut rest = command;
    while let Some((before, after)) = rest.split_once('$') {
        let length = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let (name, behind) = after.split_at(length.unwrap_or(after.len()));
        line += before;
        line += plausible(name);
        rest = behind;
    }
    line += rest;
    let mut words: Vec<&str> = line.split(' ').collect();
    for at in 0..words.len() {
        let number = words[at].contains('/') && words[at].starts_with(|c: char| c.is_ascii_digit());
        if number && at > 0 && is_ethernet(words[at - 1]) {
            words[at] = if words[at].contains('-') { "2-3" } else { "2" };
        } else if words[at].contains('/') && is_ethernet(words[at]) {
            words[at] = "GigabitEthernet2";
        }
    }
    words.join(" ")
}

/// Whether a word is a type of Ethernet port, or the name of one.
fn is_ethernet(word: &str) -> bool {
    let letters = word.trim_end_matches(|c: char| !c.is_ascii_alphabetic()).to_ascii_lowercase();
    let types = ["fastethernet", "gigabitethernet", "tengigabitethernet", "ethernet"];
    !letters.is_empty() && types.iter().any(|of| of.starts_with(&letters))
}

fn plausible(variable: &str) -> &'static str {
    let name = variable.to_ascii_lowercase();
    let has = |part: &str| name.contains(part);
    match () {
        () if name == "q" => "\"",
        () if has("vrf") => "",
        () if has("intf") || has("interface") || has("port") || has("_if") => "GigabitEthernet2",
        () if name == "int" || name == "_int" || has("ifname") => "GigabitEthernet2",
        () if has("match") => "2001:DB8::/60",
        () if has("ip") => "10.0.0.9",
        () if has("host") || has("name") || has("entry") => "R9",
        () if has("url") => "flash:saved.cfg",
        () => "1",
    }
}

/// The command with its variables nameless.
fn opening(command: &str) -> String {
    let mut text = String::new();
    let mut in_variable = false;
    for c in command.trim().chars() {
        in_variable = c == '$' || in_variable && (c.is_ascii_alphanumeric() || c == '_');
        if c == '$' || !in_variable {
            text.push(c);
        }
    }
    text
}

impl Terminal {
    fn new() -> Self {
        let mut router = Router::new(STARTUP);
        let session = router.open(SessionKind::Shell);
        // The session of an applet does not page.
        router.typed(session, "terminal length 0\n");
        Terminal { router, session, path: Vec::new() }
    }

    /// Goes back to where these lines led.
    fn go_to(&mut self, path: Vec<String>) {
        if self.path != path {
            self.typed("end");
            path.iter().for_each(|line| drop(self.typed(line)));
            self.path = path;
        }
    }

    fn typed(&mut self, line: &str) -> String {
        let before = self.router.seen.len();
        self.router.typed(self.session, &format!("{line}\n"));
        self.router.wait_ms(10_000);
        let said = self.router.bytes_since(before);
        if said.trim_end().ends_with(")#") {
            self.path.push(line.to_owned());
        } else {
            self.path.clear();
        }
        if self.router.device.open_sessions().is_empty() {
            self.router.wait_ms(300_000);
            self.session = self.router.open(SessionKind::Shell);
            self.router.typed(self.session, "terminal length 0\n");
        }
        said
    }

    fn fate(&mut self, line: &str) -> (Fate, String) {
        let configuring = !self.path.is_empty();
        let said = self.typed(line);
        match REFUSALS.iter().find(|refusal| said.contains(**refusal)) {
            Some(refusal) => (Fate::Refused, (*refusal).to_owned()),
            None if configuring && is_inert(line) => (Fate::Kept, String::new()),
            None => (Fate::Answered, String::new()),
        }
    }
}

/// Whether a line of the table of inert lines begins like this.
fn is_inert(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().filter(|word| *word != "no").collect();
    let lines = INERT.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split(" | ").nth(1)).any(|entry| {
        let fixed = |word: &&str| !word.chars().all(|c| c.is_ascii_uppercase()) && *word != ">";
        let entry: Vec<&str> = entry.split(' ').filter(|word| *word != "no").collect();
        let opening = entry.iter().copied().take_while(fixed);
        let pairs = opening.clone().zip(&words);
        !words.is_empty()
            && words.len() >= opening.count()
            && pairs.into_iter().all(|(word, typed)| word.starts_with(typed))
    })
}

/// The table, refused ones first, and the share of the others.
fn report(fates: &Fates) -> (String, usize) {
    let mut rows: Vec<_> = fates.iter().collect();
    rows.sort_by_key(|((fate, _), (times, _))| (*fate, Reverse(*times)));
    let mut text = String::from("  times  fate      command\n");
    for ((fate, command), (times, said)) in rows {
        let fate = format!("{fate:?}").to_lowercase();
        let row = format!("{times:>7}  {fate:<8}  {command:<60}  {said}");
        let _ = writeln!(text, "{}", row.trim_end());
    }
    let sum = |wanted: &dyn Fn(Fate) -> bool| -> (usize, usize) {
        let of = fates.iter().filter(|((fate, _), _)| wanted(*fate));
        of.fold((0, 0), |(times, distinct), (_, (n, _))| (times + n, distinct + 1))
    };
    let (all, all_distinct) = sum(&|_| true);
    let (good, good_distinct) = sum(&|fate| fate != Fate::Refused);
    let percent = |part: usize, whole: usize| (part * 100).checked_div(whole).unwrap_or(0);
    for (name, fate) in
        [("answered", Fate::Answered), ("kept", Fate::Kept), ("refused", Fate::Refused)]
    {
        let (times, distinct) = sum(&|f| f == fate);
        let _ = writeln!(text, "{name:>9}: {times:>4} of {all}, {distinct:>4} distinct");
    }
    let _ = writeln!(
        text,
        "answered or kept: {} % of {all} commands, {} % of {all_distinct} distinct ones",
        percent(good, all),
        percent(good_distinct, all_distinct),
    );
    (text, percent(good, all))
}
