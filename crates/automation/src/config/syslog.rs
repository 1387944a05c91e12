//! `[[syslog]]`: where lines of syslog are taken, and what their events are called.
//!
//! Called by `Config::load`. Many routers can send nothing else; what a line becomes is decided by
//! its mnemonic and its text, first by the entries of the file, then by [`KNOWN`].

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};
use regex::{Regex, RegexBuilder};

use super::source::rate;
use crate::receive::Rate;

/// An address that nobody can listen at.
const BAD_ADDRESS: &str = "LST080";
/// Two collectors at one address.
const ADDRESS_TWICE: &str = "LST081";
/// An entry that no line can meet, or every line.
const BAD_ENTRY: &str = "LST082";
/// A name that no event can have.
const BAD_NAME: &str = "LST083";

/// How many collectors there can be, and how many entries each can have.
const COLLECTORS_MAX: usize = 16;
const ENTRIES_MAX: usize = 256;
/// How large a compiled pattern can be, in bytes.
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// What the lines of IOS are called that every network has (syslog.md, section 2). A cable that is
/// pulled is told by LINK and by LINEPROTO: one fault is one `InterfaceDown`.
const KNOWN: [(&str, &str, &str); 6] = [
    (
        "LINK-5-CHANGED",
        r"^Interface (?<interface>\S+), changed state to administratively down$",
        "InterfaceDown",
    ),
    ("LINK-3-UPDOWN", r"^Interface (?<interface>\S+), changed state to down$", "InterfaceDown"),
    ("LINK-3-UPDOWN", r"^Interface (?<interface>\S+), changed state to up$", "InterfaceUp"),
    (
        "LINEPROTO-5-UPDOWN",
        r"^Line protocol on Interface (?<interface>\S+), changed state to down$",
        "LineProtocolDown",
    ),
    (
        "LINEPROTO-5-UPDOWN",
        r"^Line protocol on Interface (?<interface>\S+), changed state to up$",
        "LineProtocolUp",
    ),
    (
        "SYS-5-CONFIG_I",
        r"^Configured from \S+ by (?<user>\S*)(?: on (?<line>.+))?$",
        "ConfigChange",
    ),
];

/// The same, compiled.
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let entry = |(mnemonic, text, name): (&str, &str, &str)| Entry {
        mnemonic: Some(mnemonic.to_owned()),
        text: Some(Regex::new(text).expect("a test compiles each of them")),
        name: name.to_owned(),
    };
    KNOWN.into_iter().map(entry).collect()
});

/// What carries lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transport {
    /// A line is a datagram (RFC 5426), and may be lost.
    Udp,
    /// Lines follow each other on a connection (RFC 6587), which can be held back.
    Tcp,
}

impl Transport {
    const WORDS: [(&'static str, Transport); 2] =
        [("udp", Transport::Udp), ("tcp", Transport::Tcp)];

    /// The word in configuration and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Transport::Udp => "udp",
            Transport::Tcp => "tcp",
        }
    }

    /// The `source` of its events.
    pub fn source(self) -> &'static str {
        match self {
            Transport::Udp => "syslog-udp",
            Transport::Tcp => "syslog-tcp",
        }
    }
}

/// Where a collector listens, as its file has it: by this it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// What carries its lines.
    pub transport: Transport,
    /// The address; a port that is 0 is the system's choice.
    pub listen: SocketAddr,
}

/// `udp://127.0.0.1:5514`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.transport.as_str(), self.listen)
    }
}

/// One `[[syslog]]`.
#[derive(Clone, Debug)]
pub(crate) struct Collector {
    pub(crate) place: Place,
    /// Whether the address that sends a line says whose it is.
    pub(crate) trusts_address: bool,
    /// How much of one address is taken.
    pub(crate) rate: Rate,
    entries: Vec<Entry>,
}

/// What lines of one kind are called.
#[derive(Clone, Debug)]
struct Entry {
    /// `LINK-3-UPDOWN`; any if absent.
    mnemonic: Option<String>,
    /// What its text must have; named groups are members of the event's data.
    text: Option<Regex>,
    name: String,
}

/// What a line is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Called {
    pub(crate) name: Option<String>,
    /// What the named groups of its pattern have found.
    pub(crate) found: Vec<(String, String)>,
}

impl Collector {
    /// What a line is called, by the first entry that it meets.
    pub(crate) fn call(&self, mnemonic: Option<&str>, text: &str) -> Called {
        let entries = self.entries.iter().chain(ENTRIES.iter());
        entries.into_iter().find_map(|entry| entry.call(mnemonic, text)).unwrap_or_default()
    }
}

impl Entry {
    fn call(&self, mnemonic: Option<&str>, text: &str) -> Option<Called> {
        if self.mnemonic.as_deref().is_some_and(|own| Some(own) != mnemonic) {
            return None;
        }
        let mut found = Vec::new();
        if let Some(pattern) = &self.text {
            let captures = pattern.captures(text)?;
            found = pattern
                .capture_names()
                .flatten()
                .filter_map(|name| Some((name.to_owned(), captures.name(name)?.as_str().into())))
                .collect();
        }
        Some(Called { name: Some(self.name.clone()), found })
    }
}

pub(super) fn load(tables: Vec<Table>, sink: &mut Vec<Diagnostic>) -> Vec<Collector> {
    let mut collectors: Vec<Collector> = Vec::new();
    for table in tables {
        let (source, whole) = (Arc::clone(table.source()), table.span());
        let Some((collector, span)) = collector(table, sink) else { continue };
        let known = collectors.iter().any(|known| known.place == collector.place);
        if known && collector.place.listen.port() != 0 {
            let message = format!("two collectors listen at `{}`", collector.place);
            sink.push(Diagnostic::error(ADDRESS_TWICE, message, &source, span));
        } else if collectors.len() == COLLECTORS_MAX {
            let message = format!("more than {COLLECTORS_MAX} collectors");
            sink.push(Diagnostic::error(ADDRESS_TWICE, message, &source, whole));
            break;
        } else {
            collectors.push(collector);
        }
    }
    collectors
}

fn collector(
    mut table: Table,
    sink: &mut Vec<Diagnostic>,
) -> Option<(Collector, std::ops::Range<usize>)> {
    let source = Arc::clone(table.source());
    table.require("transport", sink);
    table.require("listen", sink);
    let transport = table.choice("transport", &Transport::WORDS, sink);
    let listen = table.text("listen", sink);
    let trust = table.choice("trust", &[("address", true)], sink);
    let rate = rate(&mut table, sink);
    let tables = table.tables("events", sink);
    if tables.len() > ENTRIES_MAX {
        let message = format!("more than {ENTRIES_MAX} entries");
        sink.push(Diagnostic::error(BAD_ENTRY, message, &source, table.span()));
    }
    let entries =
        tables.into_iter().take(ENTRIES_MAX).filter_map(|table| entry(table, sink)).collect();
    table.finish(sink);
    let Spanned { value: text, span } = listen?;
    let Ok(listen) = text.parse() else {
        let message = format!("`{text}` is no address to listen at");
        let label = "expected an address and a port, such as `127.0.0.1:5514`";
        sink.push(Diagnostic::error(BAD_ADDRESS, message, &source, span).label(label));
        return None;
    };
    let place = Place { transport: transport?.value, listen };
    let trusts_address = trust.is_some();
    Some((Collector { place, trusts_address, rate, entries }, span))
}

fn entry(mut table: Table, sink: &mut Vec<Diagnostic>) -> Option<Entry> {
    let source = Arc::clone(table.source());
    table.require("name", sink);
    let mnemonic = table.text("mnemonic", sink);
    let text = table.text("text", sink);
    let name = table.text("name", sink);
    let span = table.span();
    table.finish(sink);
    if mnemonic.is_none() && text.is_none() {
        let message = "every line would be called so";
        let wrong = Diagnostic::error(BAD_ENTRY, message, &source, span);
        sink.push(wrong.help("say which by `mnemonic = \"LINK-3-UPDOWN\"` or by `text = \"...\"`"));
        return None;
    }
    let mnemonic = mnemonic.map(|mnemonic| check_mnemonic(mnemonic, &source, sink));
    let text = text.map(|text| pattern(&text, &source, sink));
    let name = name?;
    if !webhook::body::is_name(&name.value) {
        let message = "this is no name of an event";
        let label = format!("expected 1 to {} printable characters", webhook::body::NAME_CHARS_MAX);
        sink.push(Diagnostic::error(BAD_NAME, message, &source, name.span).label(label));
        return None;
    }
    let text = match text {
        Some(pattern) => Some(pattern?),
        None => None,
    };
    Some(Entry { mnemonic, text, name: name.value })
}

/// Written as in the message, without its signs: `LINK-3-UPDOWN`.
fn check_mnemonic(
    mnemonic: Spanned<String>,
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> String {
    let text = mnemonic.value.as_str();
    let read = syslog::read(format!("%{text}: ").as_bytes()).mnemonic;
    if read.is_none_or(|read| read.to_string() != text) {
        let message = format!("`{text}` is no mnemonic");
        let wrong = Diagnostic::error(BAD_ENTRY, message, source, mnemonic.span.clone());
        let bare = text.trim_start_matches('%').trim_end_matches(':');
        sink.push(match bare == text {
            true => wrong.label("expected FACILITY-SEVERITY-MNEMONIC, such as `LINK-3-UPDOWN`"),
            false => wrong.help(format!("write `{bare}`")),
        });
    }
    mnemonic.value
}

fn pattern(
    text: &Spanned<String>,
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Regex> {
    let built = RegexBuilder::new(&text.value).size_limit(PATTERN_BYTES_MAX).build();
    built
        .map_err(|error| {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim().to_owned();
            let message = "this is no regular expression";
            let wrong = Diagnostic::error(BAD_ENTRY, message, source, text.span.clone());
            sink.push(wrong.label(reason.trim_start_matches("error: ")));
        })
        .ok()
}

#[cfg(test)]
mod tests {
    use diagnostic::table;

    use super::*;

    fn read(text: &str) -> (Vec<Collector>, Vec<Diagnostic>) {
        let (source, mut sink) = (Source::new("listener.toml", text), Vec::new());
        let mut root = table::parse(&source, &mut sink).expect("it is TOML");
        let collectors = load(root.tables("syslog", &mut sink), &mut sink);
        (collectors, sink)
    }

    const UDP: &str = "[[syslog]]\ntransport = \"udp\"\nlisten = \"127.0.0.1:5514\"\n";

    /// Goal: what a collector can be wrong about. Method: a table.
    #[test]
    fn mistakes_of_collectors() {
        let check = |text: &str, want: &[&str]| {
            let (_, sink) = read(text);
            let codes: Vec<&str> = sink.iter().map(|one| one.code).collect();
            assert_eq!(codes, want, "{text}: {sink:?}");
        };
        check(UDP, &[]);
        check(&UDP.replace("127.0.0.1:5514", "localhost"), &[BAD_ADDRESS]);
        check(&UDP.repeat(2), &[ADDRESS_TWICE]);
        check(&format!("{UDP}{}", UDP.replace("udp", "tcp")), &[]);
        check(&UDP.replace("udp", "tls"), &["TOML005"]);
        check(&UDP.replace(":5514", ":0").repeat(17), &[ADDRESS_TWICE]);
        let entry = |entry: &str| format!("{UDP}[[syslog.events]]\n{entry}\n");
        check(&entry("name = \"X\"\nmnemonic = \"ACL-6-DENY\""), &[]);
        check(&entry("name = \"X\""), &[BAD_ENTRY]);
        check(&entry("name = \"X\"\nmnemonic = \"%ACL-6-DENY:\""), &[BAD_ENTRY]);
        check(&entry("name = \"X\"\nmnemonic = \"DENY\""), &[BAD_ENTRY]);
        check(&entry("name = \"X\"\ntext = \"a(\""), &[BAD_ENTRY]);
        check(&entry("name = \"\"\ntext = \"a\""), &[BAD_NAME]);
    }

    /// Goal: the entries of the file come first, then the known ones, and what a line names is
    /// found. Method: a table of lines.
    #[test]
    fn lines_are_called() {
        let own = "[[syslog.events]]\nmnemonic = \"LINK-3-UPDOWN\"\nname = \"UplinkDown\"\n\
                   text = \"Interface (?<interface>Gi\\\\S+/1), .* down\"\n\
                   [[syslog.events]]\ntext = \"(?i)power\"\nname = \"Power\"\n";
        let (collectors, sink) = read(&format!("{UDP}{own}"));
        assert!(sink.is_empty(), "{sink:?}");
        let check = |mnemonic: &str, text: &str, want: Option<&str>, found: &[(&str, &str)]| {
            let called = collectors[0].call(Some(mnemonic).filter(|it| !it.is_empty()), text);
            let have: Vec<(&str, &str)> =
                called.found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            assert_eq!((called.name.as_deref(), have.as_slice()), (want, found), "{text}");
        };
        let state = |state: &str| format!("Interface Gi0/1, changed state to {state}");
        let gi = [("interface", "Gi0/1")];
        check("LINK-3-UPDOWN", &state("down"), Some("UplinkDown"), &gi);
        check("LINK-3-UPDOWN", &state("up"), Some("InterfaceUp"), &gi);
        check("LINK-5-CHANGED", &state("administratively down"), Some("InterfaceDown"), &gi);
        let line = format!("Line protocol on {}", state("down"));
        check("LINEPROTO-5-UPDOWN", &line, Some("LineProtocolDown"), &gi);
        let text = "Configured from console by admin on vty0 (10.0.0.1)";
        let found = [("user", "admin"), ("line", "vty0 (10.0.0.1)")];
        check("SYS-5-CONFIG_I", text, Some("ConfigChange"), &found);
        let text = "Configured from console by  on vty0 (EEM:x)";
        let found = [("user", ""), ("line", "vty0 (EEM:x)")];
        check("SYS-5-CONFIG_I", text, Some("ConfigChange"), &found);
        check("", "Power supply 1 failed", Some("Power"), &[]);
        check("BGP-5-ADJCHANGE", "neighbor 10.0.0.2 Down", None, &[]);
    }
}
