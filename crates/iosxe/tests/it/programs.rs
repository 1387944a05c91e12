//! Programs at a router's doors: NETCONF and RESTCONF, beside the CLI.
//!
//! Each file in `tests/programs` is a conversation, and below each line what came of it:
//!
//! | line | does |
//! |---|---|
//! | `< XML` | sends this as the body of an rpc; lines without a mark go on with it |
//! | `GET PATH` | asks RESTCONF (any method); lines without a mark are the body |
//! | `# line / line` | types into configuration mode at the console |
//! | `> line` | runs this in EXEC |
//! | `+ 30s` | lets seconds pass |
//! | `second` | sends the next body on another session |
//!
//! `UPDATE_EXPECT=1` writes what came of them anew. XML is shown indented.

use std::fmt::Write as _;

use base64::Engine as _;
use expect_test::expect_file;
use iosxe::{ClientEvent, Input, Output, Proof, SessionId, SessionKind};
use restconf::{Method, Request};
use simtime::Duration;

use crate::driver::Router;

const STARTUP: &str = "\
hostname R1
username admin privilege 15 password admin
username guest privilege 1 password guest
ip http secure-server
netconf-yang
restconf
interface GigabitEthernet1
 description uplink
 ip address 10.0.1.1 255.255.255.0
";
const BASE: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";
const PEER: [u8; 4] = [192, 0, 2, 7];

/// A router with clients of all kinds.
pub(crate) struct Programs {
    pub(crate) router: Router,
    next_message: u32,
}

impl Programs {
    pub(crate) fn new(startup: &str) -> Self {
        Programs { router: Router::new(startup), next_message: 100 }
    }

    pub(crate) fn on(platform: &str, startup: &str) -> Self {
        Programs { router: Router::on(platform, startup), next_message: 100 }
    }

    /// Opens a session of NETCONF 1.0; its hello.
    pub(crate) fn open(&mut self, number: u64) -> String {
        let session = SessionId(1_000 + number);
        let before = self.router.seen.len();
        let proof = Proof::Password("admin");
        let event = ClientEvent::ProgramAsked { user: "admin", proof, peer: PEER.into() };
        self.router.tell(Input::Client { session, event });
        self.router.tell(Input::SessionOpened { session, kind: SessionKind::Netconf });
        let hello = format!(
            "<hello xmlns=\"{BASE}\"><capabilities><capability>urn:ietf:params:netconf:base:1.0\
             </capability></capabilities></hello>]]>]]>"
        );
        self.router.tell(Input::SessionBytes { session, bytes: hello.as_bytes() });
        self.router.bytes_since(before)
    }

    /// The body of the reply to an operation, and what other sessions were told.
    pub(crate) fn rpc(&mut self, number: u64, body: &str) -> String {
        self.next_message += 1;
        let session = SessionId(1_000 + number);
        let before = self.router.seen.len();
        let id = self.next_message;
        let text = format!("<rpc xmlns=\"{BASE}\" message-id=\"{id}\">{body}</rpc>]]>]]>");
        self.router.tell(Input::SessionBytes { session, bytes: text.as_bytes() });
        let said = self.router.bytes_since(before);
        let said = said.replace("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", "");
        let said = said.replace("]]>]]>", "");
        said.replace(&format!(" message-id=\"{id}\""), "").trim().to_owned()
    }

    /// What RESTCONF answers.
    pub(crate) fn ask(&mut self, method: &str, url: &str, body: &str) -> restconf::Response {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let json = "application/yang-data+json".to_owned();
        let request = Request {
            method: Method::named(method),
            path: path.to_owned(),
            query: query.to_owned(),
            accept: Some(json.clone()),
            content_type: (!body.is_empty()).then_some(json),
            if_match: None,
            if_none_match: None,
            body: body.as_bytes().to_vec(),
        };
        let token = base64::engine::general_purpose::STANDARD.encode("admin:admin");
        self.request(Some(&format!("Basic {token}")), &request)
    }

    fn request(&mut self, authorization: Option<&str>, request: &Request) -> restconf::Response {
        let (session, peer) = (SessionId(9_000), PEER.into());
        self.router.tell(Input::Restconf { session, peer, authorization, request });
        let answer = self.router.seen.iter().rev().find_map(|(_, output)| match output {
            Output::Restconf { response, .. } => Some(response.clone()),
            _ => None,
        });
        answer.expect("an answer")
    }
}

/// Elements on lines of their own.
fn indented(xml: &str) -> String {
    let mut text = String::new();
    let mut depth = 0_usize;
    for part in xml.replace("><", ">\n<").lines() {
        if part.starts_with("</") {
            depth = depth.saturating_sub(1);
        }
        let _ = writeln!(text, "{:1$}{part}", "", depth * 2);
        let opens = part.starts_with('<') && !part.starts_with("</") && !part.starts_with("<?");
        if opens && !part.contains("</") && !part.ends_with("/>") {
            depth += 1;
        }
    }
    text
}

fn step(programs: &mut Programs, session: &mut u64, line: &str, more: &str) -> String {
    let router = &mut programs.router;
    match line.split_once(' ').unwrap_or((line, "")) {
        ("second", _) => {
            *session = 2;
            programs.open(2);
            String::new()
        }
        ("first", _) => {
            *session = 1;
            String::new()
        }
        ("<", body) => indented(&programs.rpc(*session, &format!("{body}{more}"))),
        ("#", lines) => {
            let lines: Vec<&str> = lines.split(" / ").collect();
            router.configure(&lines);
            String::new()
        }
        (">", line) => router.exec(line),
        ("+", seconds) => {
            let seconds = seconds.trim_end_matches('s').parse().expect("seconds");
            let before = router.seen.len();
            router.advance(Duration::from_secs(seconds));
            indented(router.bytes_since(before).trim_end_matches("]]>]]>"))
        }
        (method, url) => {
            let response = programs.ask(method, url, more);
            let headers = response.headers.iter().filter(|(name, _)| *name != "etag");
            let headers: String =
                headers.map(|(name, value)| format!("{name}: {value}\n")).collect();
            format!("{}\n{headers}{}", response.status, response.body)
        }
    }
}

fn converse(text: &str) -> String {
    let mut programs = Programs::new(STARTUP);
    programs.open(1);
    let mut session = 1;
    let mut out = String::new();
    let is_mark = |line: &str| {
        let first = line.split(' ').next().unwrap_or_default();
        let is_method = first.len() > 2 && first.bytes().all(|byte| byte.is_ascii_uppercase());
        ["<", "#", ">", "+", "second", "first"].contains(&first) || is_method
    };
    // Steps stand in front of what came of them, which is indented.
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let _ = writeln!(out, "{line}");
        if !is_mark(line) {
            continue;
        }
        let mut more = String::new();
        while let Some(next) =
            lines.next_if(|next| !next.is_empty() && !next.starts_with("    ") && !is_mark(next))
        {
            let _ = writeln!(out, "{next}");
            more.push_str(next);
        }
        while lines.next_if(|next| next.starts_with("    ") || next.is_empty()).is_some() {}
        let said = step(&mut programs, &mut session, line, &more);
        for line in said.lines().filter(|line| !line.trim().is_empty()) {
            let _ = writeln!(out, "    {line}");
        }
        out.push('\n');
    }
    out.trim_end().to_owned() + "\n"
}

fn check(text: &str, expect: expect_test::ExpectFile) {
    expect.assert_eq(&converse(text));
}

/// Goal: each operation of NETCONF does what RFC 6241 has it do, and shows at the CLI. Method: a
/// conversation.
#[test]
fn netconf_operations() {
    check(include_str!("../programs/netconf.txt"), expect_file!["../programs/netconf.txt"]);
}

/// Goal: the candidate: commit, discard, confirmed commit. Method: a conversation.
#[test]
fn netconf_candidate() {
    check(include_str!("../programs/candidate.txt"), expect_file!["../programs/candidate.txt"]);
}

/// Goal: locks, sessions and notifications. Method: a conversation of two sessions.
#[test]
fn netconf_sessions() {
    check(include_str!("../programs/sessions.txt"), expect_file!["../programs/sessions.txt"]);
}

/// Goal: each method of RESTCONF does what RFC 8040 has it do, and shows at the CLI. Method: a
/// conversation.
#[test]
fn restconf_methods() {
    check(include_str!("../programs/restconf.txt"), expect_file!["../programs/restconf.txt"]);
}
