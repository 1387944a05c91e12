//! Lines: the console, the auxiliary port, and the VTYs that remote sessions take.
//!
//! Terminals ask it for a free VTY and for what a line is configured to do; `show users` lists who
//! sits where. It must never let more sessions in than there are lines.

pub(crate) mod access;
pub(crate) mod config;
pub(crate) mod exec;
mod print;
pub(crate) mod show;

pub(crate) use print::SECTIONS;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use simtime::{Duration, Time};

use crate::feature::aaa::LineLists;
use crate::feature::acl::Guards;
use crate::feature::inert::Kept;
use crate::feature::user::Credential;
use crate::io::SessionView;
use crate::session::Settings;

/// The VTYs of a router whose configuration says nothing about them: `line vty 0 4`.
const VTY_COUNT_DEFAULT: usize = 5;

/// The most VTYs that a configuration can make.
const VTY_COUNT_MAX: usize = 98;

/// So many VTYs must be free before applets take more than one.
const APPLET_SPARE_VTYS: usize = 3;

/// Before the first VTY come the console, 0, and the auxiliary port, 1.
pub(crate) const VTY_FIRST_NUMBER: u32 = 2;

const LENGTH_DEFAULT: u16 = 24;
const WIDTH_DEFAULT: u16 = 80;
const HISTORY_LINES_DEFAULT: usize = 20;

/// Log lines that may wait at one terminal, whatever `logging synchronous limit` says.
const NOTICES_MAX: usize = 1_000;

/// `exec-timeout 10 0`
const EXEC_TIMEOUT_DEFAULT: Duration = Duration::from_secs(600);

/// A kind of line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineKind {
    /// `line con 0`
    Console,
    /// `line aux 0`
    Auxiliary,
    /// `line vty 0 4`
    Vty,
}

/// The lines of a router.
#[derive(Debug)]
pub(crate) struct Lines {
    console: Line,
    auxiliary: Line,
    vty: Vec<Line>,
    taken: BTreeMap<u32, Occupant>,
    /// With `aaa new-model` the lists say who comes in, whatever a line has.
    by_lists: bool,
}

/// What one line is configured to do.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    login: Login,
    password: Option<Credential>,
    privilege: Option<u8>,
    transport: Option<Transport>,
    /// `transport preferred none`: a word that EXEC does not know is no host.
    prefers_none: bool,
    /// `None` never closes.
    exec_timeout: Option<Duration>,
    synchronous: Option<Synchronous>,
    /// `absolute-timeout`
    absolute_timeout: Option<Duration>,
    terminal: TerminalDefaults,
    stop_bits: Option<u8>,
    /// `access-class`
    guards: Guards,
    /// `login authentication`, `authorization exec`
    lists: LineLists,
    inert: Kept,
}

/// How a line asks who is there. A session over SSH always asks the local users, as a router does
/// without AAA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Login {
    /// `no login`
    None,
    /// `login`: the line's password.
    Password,
    /// `login local`
    Local,
}

/// `transport input`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Transport {
    ssh: bool,
    telnet: bool,
}

/// `logging synchronous`: which messages leave what stands on the screen whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Synchronous {
    /// Messages of this severity and those less severe wait for the end of an output; the others
    /// interrupt it. `level all` is 0 (Cisco's command reference of `logging synchronous`).
    level: u8,
    /// How many may wait for the end of an output.
    limit: u32,
}

impl Default for Synchronous {
    fn default() -> Self {
        Synchronous { level: 2, limit: 20 }
    }
}

/// What a line gives a terminal to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TerminalDefaults {
    /// `length`, `width`
    pub(crate) settings: Settings,
    /// `history size`
    pub(crate) history: usize,
}

/// Who sits at a VTY.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Occupant {
    /// The user.
    pub(crate) user: String,
    /// The client's address, or `EEM:APPLET`.
    pub(crate) location: String,
    /// When it sat down.
    pub(crate) since: Time,
    /// When something was typed last.
    pub(crate) active: Time,
}

impl Occupant {
    /// Somebody who sits down now.
    pub(crate) fn new(user: &str, location: String, now: Time) -> Self {
        Occupant { user: user.to_owned(), location, since: now, active: now }
    }
}

impl TerminalDefaults {
    /// For sessions without a terminal.
    pub(crate) fn unpaged() -> Self {
        TerminalDefaults { settings: Settings { length: 0, width: 0 }, history: 0 }
    }
}

impl Default for TerminalDefaults {
    fn default() -> Self {
        let settings = Settings { length: LENGTH_DEFAULT, width: WIDTH_DEFAULT };
        TerminalDefaults { settings, history: HISTORY_LINES_DEFAULT }
    }
}

impl Line {
    fn with_login(login: Login) -> Self {
        Line {
            login,
            password: None,
            privilege: None,
            transport: None,
            prefers_none: false,
            exec_timeout: Some(EXEC_TIMEOUT_DEFAULT),
            synchronous: None,
            absolute_timeout: None,
            terminal: TerminalDefaults::default(),
            stop_bits: None,
            guards: Guards::default(),
            lists: LineLists::default(),
            inert: Kept::default(),
        }
    }

    /// Without a word in the configuration a VTY takes SSH, as IOS XE 17 has it.
    fn takes_ssh(&self) -> bool {
        self.transport.is_none_or(|transport| transport.ssh)
    }
}

impl Default for Lines {
    fn default() -> Self {
        Lines {
            console: Line::with_login(Login::None),
            auxiliary: Line::with_login(Login::None),
            vty: vec![Line::with_login(Login::Password); VTY_COUNT_DEFAULT],
            taken: BTreeMap::new(),
            by_lists: false,
        }
    }
}

impl Lines {
    /// Takes the first free VTY that lets SSH in.
    pub(crate) fn take_ssh(&mut self, occupant: Occupant) -> Option<u32> {
        let free = self.free_for_ssh()?;
        self.taken.insert(free, occupant);
        Some(free)
    }

    /// Takes the first free VTY, for the CLI session of an applet: it comes over no transport. A
    /// second one at a time only if [`APPLET_SPARE_VTYS`] are free (eem.md, section 5).
    pub(crate) fn take(&mut self, occupant: Occupant) -> Option<u32> {
        let is_applet = |occupant: &Occupant| occupant.location.starts_with("EEM:");
        let is_first = !self.taken.values().any(is_applet);
        let spare = self.vty.len().saturating_sub(self.taken.len());
        let free = self.free(|_| true).filter(|_| is_first || spare >= APPLET_SPARE_VTYS)?;
        self.taken.insert(free, occupant);
        Some(free)
    }

    /// Whoever sits at a VTY has said who it is.
    pub(crate) fn seat(&mut self, vty: u32, user: &str, now: Time) {
        if let Some(occupant) = self.taken.get_mut(&vty) {
            user.clone_into(&mut occupant.user);
            occupant.active = now;
        }
    }

    /// Gives a VTY back.
    pub(crate) fn release(&mut self, vty: u32) {
        self.taken.remove(&vty);
    }

    /// Who sits where.
    pub(crate) fn sessions(&self) -> Vec<SessionView> {
        let view = |(vty, occupant): (&u32, &Occupant)| SessionView {
            user: occupant.user.clone(),
            line: format!("vty {vty}"),
            from: occupant.location.clone(),
            since: occupant.since,
        };
        self.taken.iter().map(view).collect()
    }

    /// Notes that something was typed on a VTY.
    pub(crate) fn touch(&mut self, vty: u32, now: Time) {
        if let Some(occupant) = self.taken.get_mut(&vty) {
            occupant.active = now;
        }
    }

    /// When the session on a VTY has been idle for too long.
    pub(crate) fn idle_deadline(&self, vty: u32) -> Option<Time> {
        let timeout = self.line(vty)?.exec_timeout?;
        Some(self.taken.get(&vty)?.active + timeout)
    }

    /// How long a session on a VTY may last, whatever it does.
    pub(crate) fn absolute_timeout(&self, vty: u32) -> Option<Duration> {
        self.line(vty)?.absolute_timeout
    }

    /// The privilege level that a VTY gives a user who has none of his own.
    pub(crate) fn privilege(&self, vty: u32) -> u8 {
        let level = self.line(vty).and_then(|line| line.privilege);
        level.unwrap_or(crate::session::USER_LEVEL)
    }

    /// What a VTY gives a terminal to begin with.
    pub(crate) fn terminal_defaults(&self, vty: u32) -> TerminalDefaults {
        self.line(vty).map(|line| line.terminal).unwrap_or_default()
    }

    /// Whether a log line of this severity leaves what stands on the screen of the VTY whole: then
    /// how many may wait for the end of an output.
    pub(crate) fn synchronous(&self, vty: u32, severity: u8) -> Option<usize> {
        let Synchronous { level, limit } = self.line(vty)?.synchronous?;
        (severity >= level).then(|| (limit as usize).min(NOTICES_MAX))
    }

    /// Whether a word that EXEC does not know on this VTY is no host.
    pub(crate) fn prefers_none(&self, vty: u32) -> bool {
        self.line(vty).is_some_and(|line| line.prefers_none)
    }

    /// The first free VTY that lets SSH in. A VTY that is as every router has it to begin with,
    /// `login` without a password, lets nobody in once the configuration has named another: so
    /// `line vty 0 1` admits two.
    pub(crate) fn free_for_ssh(&self) -> Option<u32> {
        let untouched = Line::with_login(Login::Password);
        let none_named = self.by_lists || self.vty.iter().all(|line| *line == untouched);
        self.free(|line| line.takes_ssh() && (none_named || *line != untouched))
    }

    fn free(&self, fits: impl Fn(&Line) -> bool) -> Option<u32> {
        let numbered = (0..).zip(&self.vty);
        let mut free = numbered.filter(|(vty, line)| !self.taken.contains_key(vty) && fits(line));
        free.next().map(|(vty, _)| vty)
    }

    fn line(&self, vty: u32) -> Option<&Line> {
        self.vty.get(vty as usize)
    }

    /// The lists of AAA that a VTY names.
    pub(crate) fn lists(&self, vty: u32) -> LineLists {
        self.line(vty).map(|line| line.lists.clone()).unwrap_or_default()
    }

    /// The password of a VTY.
    pub(crate) fn password(&self, vty: u32) -> Option<&Credential> {
        self.line(vty)?.password.as_ref()
    }

    /// AAA says who comes in: every line asks as it does to begin with.
    pub(crate) fn ask_lists(&mut self) {
        self.by_lists = true;
        self.console.login = Login::None;
        self.auxiliary.login = Login::None;
        self.vty.iter_mut().for_each(|line| line.login = Login::Password);
    }

    /// AAA says nothing any more, and no line names a list of it.
    pub(crate) fn forget_lists(&mut self) {
        self.by_lists = false;
        let Lines { console, auxiliary, vty, .. } = self;
        let lines = [console, auxiliary].into_iter().chain(vty);
        lines.for_each(|line| line.lists = LineLists::default());
    }

    /// The passwords of all lines.
    pub(crate) fn passwords_mut(&mut self) -> impl Iterator<Item = &mut Credential> {
        let Lines { console, auxiliary, vty, .. } = self;
        let lines = [console, auxiliary].into_iter().chain(vty);
        lines.filter_map(|line| line.password.as_mut())
    }

    /// The lines that a place is about; VTYs that do not exist yet are made.
    /// The lines of configuration under these lines that change nothing.
    pub(crate) fn inert_mut(
        &mut self,
        kind: LineKind,
        range: RangeInclusive<u32>,
    ) -> impl Iterator<Item = &mut Kept> {
        self.lines_mut(kind, range).iter_mut().map(|line| &mut line.inert)
    }

    fn lines_mut(&mut self, kind: LineKind, range: RangeInclusive<u32>) -> &mut [Line] {
        match kind {
            LineKind::Console => std::slice::from_mut(&mut self.console),
            LineKind::Auxiliary => std::slice::from_mut(&mut self.auxiliary),
            LineKind::Vty => {
                let (first, end) = (*range.start() as usize, *range.end() as usize + 1);
                let end = end.min(VTY_COUNT_MAX);
                if self.vty.len() < end {
                    self.vty.resize(end, Line::with_login(Login::Password));
                }
                &mut self.vty[first.min(end)..end]
            }
        }
    }
}
