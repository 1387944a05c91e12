//! One session of the CLI: who sits there, where, with which privilege and terminal settings.
//!
//! Made by terminals, by the console, by the loader of a startup-config and by an applet's run;
//! used by [`crate::exec`] and by the handlers of commands. It knows no bytes and no keys: those
//! are [`crate::terminal`]'s.

use std::net::IpAddr;

use cli::Histories;
use cli::pipe::Pipe;

use crate::command::{Answer, Mode, Place};
use crate::feature::acl::Family;
use crate::feature::line::TerminalDefaults;
use crate::feature::routing::Path;
use crate::io::SessionId;

/// The privilege level of user EXEC.
pub(crate) const USER_LEVEL: u8 = 1;

/// The privilege level of privileged EXEC.
pub(crate) const PRIVILEGED_LEVEL: u8 = 15;

/// One session.
#[derive(Debug)]
pub(crate) struct Session {
    /// Where it comes from.
    pub(crate) origin: Origin,
    /// The user, empty without a login.
    user: String,
    /// 0 to 15.
    pub(crate) privilege: u8,
    /// `terminal length`, `terminal width`.
    pub(crate) settings: Settings,
    /// Past lines, for `show history` and the arrow keys.
    pub(crate) histories: Histories,
    /// What a dialogue of several lines has gathered so far; empty at its start.
    pub(crate) draft: String,
    /// What a question has been answered wrongly how often.
    pub(crate) tries: u8,
    /// From EXEC down to where it stands; never empty.
    places: Vec<Place>,
    /// What takes the next line, when a question is open.
    pub(crate) answer: Option<Answer>,
    /// Through which the text of a command that goes on will go.
    pub(crate) pipe: Option<Pipe>,
    /// Whether this visit of configuration mode has changed something.
    pub(crate) has_changed: bool,
    /// The number of this visit of configuration mode in the archive log, once it has one.
    pub(crate) visit: Option<u32>,
    /// Whether it notes which lines of configuration are only kept.
    pub(crate) watches: bool,
    /// Where such a line as the last one was seen, if it is only kept.
    pub(crate) kept: Option<&'static str>,
    /// Counts the commands that went on, so that a late end of one is not taken for another's.
    pub(crate) ticket: u64,
    /// Which visit of the console it is, if it is one.
    seat: Option<Seat>,
    /// The file that is being read, and for whom: `bootflash:x by admin on vty0 (192.0.2.1)`.
    file: Option<Box<str>>,
}

/// A visit of somebody at the console: a step of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seat(pub(crate) u64);

/// Where a session comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A client on a VTY line.
    Vty {
        /// The client's session.
        session: SessionId,
        /// The line.
        vty: u32,
        /// Where the client is.
        peer: IpAddr,
    },
    /// The console.
    Console,
    /// The startup-config being read.
    Memory,
    /// An edit of a program.
    Program(Door),
    /// A run of an applet, on a VTY line.
    Applet {
        /// The run.
        run: eem::RunId,
        /// The applet.
        name: String,
        /// The line.
        vty: u32,
    },
}

/// By which door a program comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// RFC 6241
    Netconf,
    /// RFC 8040
    Restconf,
}

impl Door {
    /// As messages name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Door::Netconf => "NETCONF",
            Door::Restconf => "RESTCONF",
        }
    }
}

/// What the `terminal` command sets, for one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Lines of a page; 0 does not page.
    pub(crate) length: u16,
    /// Columns; kept and shown, never used to wrap (clients.md, section 1).
    pub(crate) width: u16,
}

/// Who waits for a command that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Caller {
    /// A terminal, and which of its commands.
    Session(SessionId, u64),
    /// The console of a scenario, and which of its commands.
    Console(Seat, u64),
    /// A run of an applet.
    Applet(eem::RunId),
    /// Nobody: the startup-config.
    Nobody,
}

impl Session {
    /// A session in EXEC.
    pub(crate) fn new(origin: Origin, user: &str, privilege: u8, line: TerminalDefaults) -> Self {
        Session {
            origin,
            user: user.to_owned(),
            privilege,
            settings: line.settings,
            histories: Histories::new(line.history),
            draft: String::new(),
            tries: 0,
            places: vec![Place::Exec],
            answer: None,
            pipe: None,
            has_changed: false,
            visit: None,
            watches: false,
            kept: None,
            ticket: 0,
            seat: None,
            file: None,
        }
    }

    /// Somebody at the console, in global configuration mode: a step of a scenario.
    pub(crate) fn console() -> Self {
        Session::configuring(Origin::Console)
    }

    /// Somebody at the console, in privileged EXEC.
    pub(crate) fn console_exec() -> Self {
        Session::new(Origin::Console, "", PRIVILEGED_LEVEL, TerminalDefaults::unpaged())
    }

    /// The reader of a startup-config, in global configuration mode.
    pub(crate) fn memory() -> Self {
        Session::configuring(Origin::Memory)
    }

    /// The CLI session of a run of an applet, in user EXEC. `user` is empty unless
    /// `event manager session cli username` gives one.
    pub(crate) fn applet(run: eem::RunId, name: &str, user: &str, vty: u32) -> Self {
        let origin = Origin::Applet { run, name: name.to_owned(), vty };
        Session::new(origin, user, USER_LEVEL, TerminalDefaults::unpaged())
    }

    /// The reader of a file that somebody copies into the running-config.
    pub(crate) fn reading(file: &str, by: &Session) -> Self {
        let file = format!("{file} by {}", by.who());
        Session { file: Some(file.into()), ..Session::memory() }
    }

    /// An edit of a program, in global configuration mode.
    pub(crate) fn program(door: Door, user: &str) -> Self {
        let session = Session::configuring(Origin::Program(door));
        Session { user: user.to_owned(), ..session }
    }

    fn configuring(origin: Origin) -> Self {
        let defaults = TerminalDefaults::unpaged();
        let mut session = Session::new(origin, "", PRIVILEGED_LEVEL, defaults);
        session.enter(Place::Config);
        session
    }

    /// Which visit of the console it is, if it is one.
    pub(crate) fn seat(&self) -> Option<Seat> {
        self.seat
    }

    /// It is this visit of the console.
    pub(crate) fn seated(self, seat: Seat) -> Self {
        Session { seat: Some(seat), ..self }
    }

    /// Where it stands.
    pub(crate) fn place(&self) -> &Place {
        self.places.last().expect("a session stands in EXEC when it is nowhere else")
    }

    /// Which commands it has there.
    pub(crate) fn mode(&self) -> Mode {
        self.place().mode()
    }

    /// From EXEC down to where it stands.
    pub(crate) fn places(&self) -> &[Place] {
        &self.places
    }

    /// Goes one level down. `exec` tells the features that a place was left.
    pub(crate) fn enter(&mut self, place: Place) {
        self.places.push(place);
    }

    /// Stands in another place of the same depth.
    pub(crate) fn stand(&mut self, place: Place) {
        self.places.pop();
        self.places.push(place);
    }

    /// Goes up to the `depth`th place; 1 is EXEC.
    pub(crate) fn leave_to(&mut self, depth: usize) {
        self.places.truncate(depth.max(1));
    }

    /// The user; none without a login.
    pub(crate) fn user(&self) -> Option<&str> {
        if self.user.is_empty() { None } else { Some(&self.user) }
    }

    /// Who ran a command, for facts: a user, `console`, or `EEM:APPLET`.
    pub(crate) fn by(&self) -> String {
        match &self.origin {
            Origin::Vty { .. } | Origin::Program(_) => self.user.clone(),
            Origin::Console | Origin::Memory => "console".to_owned(),
            Origin::Applet { name, .. } => format!("EEM:{name}"),
        }
    }

    /// As messages name it after `Configured from` (syslog.md, message 11):
    /// `console by admin on vty0 (192.0.2.1)`, `console by console`, `memory by console`,
    /// `bootflash:x by console`,
    /// `console by  on vty0 (EEM:NAME)`.
    pub(crate) fn source(&self) -> String {
        let user = &self.user;
        if let Some(file) = &self.file {
            return file.to_string();
        }
        match &self.origin {
            Origin::Vty { vty, peer, .. } => format!("console by {user} on vty{vty} ({peer})"),
            Origin::Console => "console by console".to_owned(),
            Origin::Memory => "memory by console".to_owned(),
            Origin::Program(door) => format!("console by {user} on {}", door.name()),
            Origin::Applet { name, vty, .. } => {
                format!("console by {user} on vty{vty} (EEM:{name})")
            }
        }
    }

    /// As messages name it after `by`: `admin on vty0 (192.0.2.1)`, `console`.
    pub(crate) fn who(&self) -> String {
        match self.origin {
            Origin::Console | Origin::Memory => "console".to_owned(),
            Origin::Vty { .. } | Origin::Applet { .. } | Origin::Program(_) => {
                let source = self.source();
                source.strip_prefix("console by ").unwrap_or(&source).to_owned()
            }
        }
    }

    /// What `Turn::finish` needs to find this session again.
    pub(crate) fn caller(&self) -> Caller {
        match self.origin {
            Origin::Vty { session, .. } => Caller::Session(session, self.ticket),
            Origin::Console | Origin::Memory | Origin::Program(_) => {
                self.seat.map_or(Caller::Nobody, |seat| Caller::Console(seat, self.ticket))
            }
            Origin::Applet { run, .. } => Caller::Applet(run),
        }
    }
}

impl Place {
    /// The block of a routing protocol that it is.
    pub(crate) fn router(&self) -> Option<&Path> {
        if let Place::Router(path) = self { Some(path) } else { None }
    }

    /// Which commands there are.
    pub(crate) fn mode(&self) -> Mode {
        match self {
            Place::Exec | Place::Tcl(_) => Mode::Exec,
            Place::Config => Mode::Config,
            Place::Interface(_) | Place::Range(_) => Mode::Interface,
            Place::Line { .. } => Mode::Line,
            Place::Applet(_) => Mode::Applet,
            Place::Trigger(_) => Mode::Trigger,
            Place::Archive => Mode::Archive,
            Place::ArchiveLog => Mode::ArchiveLog,
            Place::TlsProfile(_) => Mode::TlsProfile,
            Place::Track(_) => Mode::Track,
            Place::Sla(_) => Mode::Sla,
            Place::SlaJob(..) => Mode::SlaJob,
            Place::AccessList(Family::Standard, _) => Mode::StandardAccessList,
            Place::AccessList(Family::Extended, _) => Mode::ExtendedAccessList,
            Place::AccessList(Family::V6, _) => Mode::AccessListV6,
            Place::Router(path) => path.last().map_or(Mode::Config, |step| Mode::Router(step.kind)),
            Place::Vrf(_) => Mode::Vrf,
            Place::VrfFamily(..) => Mode::VrfFamily,
            Place::SshKeys => Mode::SshKeys,
            Place::SshUser(_) => Mode::SshUser,
            Place::RouteMap(..) => Mode::RouteMap,
            Place::Kept(block) => Mode::Kept(block.mode),
        }
    }
}
