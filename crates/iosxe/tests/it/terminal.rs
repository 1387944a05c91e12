//! Transcripts: what a network engineer types and sees, kept as files.
//!
//! A file begins with what it is about (`# ` lines) and with the startup-config (`| ` lines). Each
//! `>>> ` line then is something typed, with `\r \n \t \b \xNN` for keys, and the lines below it
//! are what the router prints. Words with an at sign do other things than type:
//!
//! - `@login USER PASSWORD` and `@shell` open a session, `@exec LINE` runs one command over a
//!   session of its own, `@use N` turns to the Nth session, `@close` drops it
//! - `@came CIPHER MAC` is a client after its key exchange, `@password USER PASSWORD` its login,
//!   `@join` one more session of it, `@left` its end
//! - `@wait 10m` lets time pass
//! - `@configure LINE; LINE` types at the console, `@syslog LINE` puts a message into its mouth
//!
//! `UPDATE_EXPECT=1` rewrites the files.

use std::net::{IpAddr, Ipv4Addr};

use expect_test::expect_file;
use fact::Kind;
use iosxe::{ClientEvent, Input, LoginVerdict, Output, RawMessage, SessionId, SessionKind};

use crate::driver::Router;

/// Replays one file.
macro_rules! check {
    ($file:literal) => {
        expect_file![concat!("../transcripts/", $file)]
            .assert_eq(&replay(include_str!(concat!("../transcripts/", $file))))
    };
}

/// The transcript as the router writes it now.
fn replay(text: &str) -> String {
    let head: Vec<&str> = text.lines().take_while(|line| !line.starts_with(">>> ")).collect();
    let startup = head.iter().filter_map(|line| line.strip_prefix("| "));
    let startup = startup.flat_map(|line| [line, "\n"]).collect::<String>();
    let mut player = Player { router: Router::new(&startup), session: SessionId(0), last: 0 };
    let mut out: String = head.iter().flat_map(|line| [*line, "\n"]).collect();
    for step in text.lines().filter_map(|line| line.strip_prefix(">>> ")) {
        let before = player.router.seen.len();
        player.play(step);
        out.push_str(&format!(">>> {step}\n{}", player.seen_since(before)));
    }
    out
}

/// Where all clients are.
const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

struct Player {
    router: Router,
    session: SessionId,
    last: u64,
}

impl Player {
    fn play(&mut self, step: &str) {
        let Some(step) = step.strip_prefix('@') else {
            let bytes = unescaped(step);
            return self.router.tell(Input::SessionBytes { session: self.session, bytes: &bytes });
        };
        let (word, rest) = step.split_once(' ').unwrap_or((step, ""));
        match word {
            "login" => {
                let (user, password) = rest.split_once(' ').expect("a user and a password");
                self.login(user, password);
            }
            "shell" => self.open(SessionKind::Shell),
            "exec" => {
                self.login("admin", "admin");
                self.open(SessionKind::Exec(rest.to_owned()));
            }
            "came" => {
                self.last += 1;
                self.session = SessionId(self.last);
                let (session, peer) = (self.session, PEER);
                let (cipher, mac) = rest.split_once(' ').expect("a cipher and a MAC");
                let event = ClientEvent::Came { peer, cipher, mac };
                self.router.tell(Input::Client { session, event });
            }
            "password" => {
                let (user, password) = rest.split_once(' ').expect("a user and a password");
                let (session, peer) = (self.session, PEER);
                self.router.tell(Input::LoginAsked { session, user, password, peer });
            }
            "join" => {
                let client = self.session;
                self.last += 1;
                self.session = SessionId(self.last);
                let event = ClientEvent::Joined { client };
                self.router.tell(Input::Client { session: self.session, event });
            }
            "left" => {
                let (session, event) = (self.session, ClientEvent::Left);
                self.router.tell(Input::Client { session, event });
            }
            "use" => self.session = SessionId(rest.parse().expect("a number")),
            "close" => self.router.tell(Input::SessionClosed { session: self.session }),
            "wait" => self.router.advance(rest.parse().expect("a duration")),
            "configure" => {
                let lines: Vec<&str> = rest.split("; ").collect();
                self.router.configure(&lines);
            }
            "syslog" => {
                let message = &RawMessage::parse(rest).expect("a message");
                self.router.tell(Input::Log { message, trace: None });
            }
            other => panic!("no transcript step is called @{other}"),
        }
    }

    fn login(&mut self, user: &str, password: &str) {
        self.last += 1;
        self.session = SessionId(self.last);
        let (session, peer) = (self.session, PEER);
        self.router.tell(Input::LoginAsked { session, user, password, peer });
    }

    fn open(&mut self, kind: SessionKind) {
        self.router.tell(Input::SessionOpened { session: self.session, kind });
    }

    /// What the step led to, as text: bytes of this session as they are, those of others and all
    /// else named.
    fn seen_since(&self, before: usize) -> String {
        let mut text = String::new();
        for (_, output) in &self.router.seen[before..] {
            match output {
                Output::SessionBytes { session, bytes } if *session == self.session => {
                    text.push_str(&shown(bytes));
                }
                Output::SessionBytes { session, bytes } => {
                    text.push_str(&format!("@{}: {}\n", session.0, shown(bytes)));
                }
                Output::SessionClose { session, status } => {
                    text.push_str(&format!("@{} closed, status {status}\n", session.0));
                }
                Output::LoginVerdict { verdict, .. } => text.push_str(match verdict {
                    LoginVerdict::Accepted => "@accepted\n",
                    LoginVerdict::Rejected => "@rejected\n",
                    LoginVerdict::NoLine => "@no line\n",
                    LoginVerdict::Quiet => "@quiet mode\n",
                    LoginVerdict::Denied => "@denied\n",
                    LoginVerdict::Down => "@down\n",
                }),
                Output::Syslog { .. }
                | Output::SyslogEnded { .. }
                | Output::HttpRequest(_)
                | Output::Ping { .. }
                | Output::TimeAsked { .. }
                | Output::Probe { .. }
                | Output::Mail(_)
                | Output::Carrier { .. } => {}
                Output::Fact { kind: Kind::Syslog { message, .. }, .. } => {
                    text.push_str(&format!("@log {message}\n"));
                }
                Output::Power { up, .. } => {
                    text.push_str(if *up { "@power up\n" } else { "@power down\n" });
                }
                Output::Fact { kind: Kind::SessionEnded { user, line }, .. } => {
                    text.push_str(&format!("@ended {line} of {user}\n"));
                }
                Output::Fact { kind: Kind::Reloading { reason }, .. } => {
                    text.push_str(&format!("@reloading: {reason}\n"));
                }
                Output::Fact { kind: Kind::Booted { took }, .. } => {
                    text.push_str(&format!("@booted after {took}\n"));
                }
                Output::Fact { kind: Kind::DeviceCommand { by, line }, .. } => {
                    text.push_str(&format!("@command by {by}: {line}\n"));
                }
                Output::Restconf { .. } | Output::Fact { .. } => {}
            }
        }
        let ends = text.is_empty() || text.ends_with('\n');
        if ends { text } else { text + "\n" }
    }
}

/// Bytes as a file can hold them: CR LF as a newline, other control characters escaped.
fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let escape = |c: char| match c {
        '\n' => "\n".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\u{7}' => "\\a".to_owned(),
        c if c.is_control() => format!("\\x{:02x}", u32::from(c)),
        c => c.to_string(),
    };
    text.chars().map(escape).collect()
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let escape = if c == '\\' { rest.next() } else { None };
        match escape {
            None => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Some('r') => bytes.push(b'\r'),
            Some('n') => bytes.push(b'\n'),
            Some('t') => bytes.push(b'\t'),
            Some('b') => bytes.push(0x08),
            Some('x') => {
                let digits: String = rest.by_ref().take(2).collect();
                bytes.push(u8::from_str_radix(&digits, 16).expect("two hexadecimal digits"));
            }
            Some(other) => panic!("no escape is called \\{other}"),
        }
    }
    bytes
}

/// Goal: refusals, carets and modes look as on IOS XE. Method: a transcript.
#[test]
fn refusals_and_modes() {
    check!("refusals.txt");
}

/// Goal: what is typed short, long, ranged, or in Tcl is understood. Method: a transcript.
#[test]
fn parser() {
    check!("parser.txt");
}

/// Goal: a change is taken back unless it is confirmed, copies are made, one configures alone.
/// Method: a transcript.
#[test]
fn changes_on_approval() {
    check!("revert.txt");
}

/// Goal: commands are where their levels say. Method: a transcript of three users.
#[test]
fn privilege_levels() {
    check!("privilege.txt");
}

/// Goal: lists of methods let users in, authorization gives levels, wrong passwords lock. Method: a
/// transcript.
#[test]
fn authentication_lists() {
    check!("aaa.txt");
}

/// Goal: `service password-encryption` encodes passwords, which still let in. Method: transcript.
#[test]
fn password_encryption() {
    check!("passwords.txt");
}

/// Goal: logins, `enable`, the pool of lines and its refusal. Method: a transcript.
#[test]
fn access() {
    check!("access.txt");
}

/// Goal: `?`, TAB, history, editing keys, pages. Method: a transcript.
#[test]
fn keys() {
    check!("keys.txt");
}

/// Goal: what a client library types while it connects and configures. Method: a transcript.
#[test]
fn client_library() {
    check!("client.txt");
}

/// Goal: lines and users print back as they take effect, secrets as hashes. Method: a transcript.
#[test]
fn lines_and_users() {
    check!("lines.txt");
}

/// Goal: a command that goes on takes what is typed ahead, and a break key ends it. Method: a
/// transcript of pings that nobody answers.
#[test]
fn commands_that_go_on() {
    check!("pending.txt");
}

/// Goal: every line of `logging` is taken or refused as on IOS XE, and shows. Method: a transcript.
#[test]
fn logging() {
    check!("logging.txt");
}

/// Goal: a log line leaves whole what is typed and printed, if the line says so. Method: a
/// transcript.
#[test]
fn logging_synchronous() {
    check!("logging-synchronous.txt");
}

/// Goal: a reload asks, says, forgets, keeps and boots as on IOS XE. Method: a transcript.
#[test]
fn lifecycle() {
    check!("lifecycle.txt");
}

/// Goal: lines are limited, logins logged, attackers kept out for a while. Method: a transcript.
#[test]
fn logins() {
    check!("logins.txt");
}

/// Goal: `ip ssh` and its keys print in the order of IOS, refuse and undo as it does. Method: a
/// transcript.
#[test]
fn ssh_settings() {
    check!("ssh-settings.txt");
}

/// Goal: a connection is logged, has sessions and ends as syslog.md, section 2.2, has it. Method: a
/// transcript of clients with one session, several, and none.
#[test]
fn ssh_clients() {
    check!("ssh-clients.txt");
}

/// Goal: the event manager's settings print back, and wrong ones are refused. Method: a transcript.
#[test]
fn event_manager_settings() {
    check!("eem-settings.txt");
}

/// Goal: an applet types only what authorization lets it. Method: one of each kind.
#[test]
fn eem_authorization() {
    check!("eem-authorization.txt");
}

/// Goal: applets are registered when their mode is left, and faults are said. Method: a transcript.
#[test]
fn event_manager_applet_mode() {
    check!("eem-applet-mode.txt");
}

/// Goal: its tables have the layouts of IOS. Method: a transcript of runs that wait, run and end.
#[test]
fn event_manager_tables() {
    check!("eem-tables.txt");
}

/// Goal: its scheduler obeys an operator, and whoever waits for a run that is cleared gets the
/// prompt back. Method: a transcript.
#[test]
fn event_manager_scheduler() {
    check!("eem-scheduler.txt");
}

/// Goal: switches of `debug` work one by one and together, and the session of a run is shown as
/// IOS shows it. Method: a transcript.
#[test]
fn event_manager_debugging() {
    check!("eem-debug.txt");
}

/// Goal: `?` and TAB know the lines of applets in full. Method: a transcript.
#[test]
fn event_manager_help() {
    check!("eem-help.txt");
}

/// Goal: access lists are entered, refused, numbered and printed as IOS XE does. Method: a
/// transcript.
#[test]
fn access_lists() {
    check!("access-lists.txt");
}

/// Goal: prefix lists, route maps and their kin are entered, refused, printed and shown. Method: a
/// transcript.
#[test]
fn policies() {
    check!("policies.txt");
}

/// Goal: an access list keeps clients out, counts and logs. Method: a transcript.
#[test]
fn access_classes() {
    check!("access-class.txt");
}

/// Goal: a router that nobody uses wants no deadline. Method: open and close a session.
#[test]
fn closed_sessions_leave_no_timer() {
    let mut router = Router::new("");
    let idle = router.device.next_deadline();
    let session = router.open(SessionKind::Shell);
    assert_ne!(router.device.next_deadline(), idle);
    router.tell(Input::SessionClosed { session });
    assert_eq!(router.device.next_deadline(), idle);
}

/// Goal: no bytes panic a router or open a second command. Method: hostile input at a prompt, at a
/// question and in a one-shot command; then the session still answers.
#[test]
fn hostile_bytes_leave_the_session_usable() {
    let mut router = Router::new("");
    let session = router.open(SessionKind::Shell);
    let noise: Vec<u8> = (0..=255).cycle().take(4096).filter(|byte| *byte != 0x1a).collect();
    router.tell(Input::SessionBytes { session, bytes: &noise });
    assert!(router.typed(session, "\x03\r\rshow privilege\r").contains("privilege level is 15"));
    let text = router.exec("show clock\nreload");
    assert!(text.contains("% Invalid input detected"), "{text}");
}
