//! What a router makes of each line of a configuration: what `ednm config check` tells.
//!
//! The lines are typed into a router that has nothing else, by the code that reads a
//! startup-config: nothing here knows a command.

use simtime::{Rng, Time};

use crate::config;
use crate::config::StartupProblem;
use crate::device::State;
use crate::exec;
use crate::feature::template::Shows;
use crate::io::{DeviceConfig, Dialect, Outbox};
use crate::platform::Platform;
use crate::session::Session;
use crate::turn::Turn;

/// One line that configures something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedLine {
    /// Counted from 1.
    pub number: usize,
    /// The line, without the secrets in it.
    pub text: String,
    /// What the router makes of it.
    pub fate: LineFate,
}

/// What a router makes of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineFate {
    /// It has its effect.
    Modelled,
    /// It stands in the configuration and changes nothing else.
    Kept {
        /// Where such a line was seen.
        seen: &'static str,
    },
    /// It is refused.
    Refused {
        /// How many characters stand before the router's caret, if it shows one.
        column: Option<usize>,
        /// What the router says.
        reply: String,
    },
}

/// What `show` prints above a configuration: no part of it.
const HEADERS: [&str; 3] = ["Building configuration", "Current configuration", "Using "];

/// Why a line of a block is refused whose first line is.
const LOST: &str = "the line that opens its block is refused";

/// Types a configuration into an empty router; tells what became of each of its lines.
pub fn check_config(text: &str, platform: Platform, dialect: Dialect) -> Vec<CheckedLine> {
    let (name, rng) = ("Router".into(), Rng::from_seed(0));
    let config = DeviceConfig {
        name,
        platform,
        dialect,
        shows: Shows::default(),
        startup: None,
        files: Vec::new(),
        user: None,
        dark: Vec::new(),
        rng,
    };
    let now = Time::VIRTUAL_START;
    let (mut state, mut out) = (State::new(config, now), Outbox::default());
    let mut turn = Turn { state: &mut state, now, trace: None, out: &mut out };
    let mut session = Session::memory();
    session.watches = true;
    let mut lines = Vec::new();
    // How deep the block is indented whose first line was refused: what is in it is lost with it.
    let mut lost: Option<usize> = None;
    let unended = config::load_each(&mut turn, &mut session, text, |loaded| {
        let bare = loaded.line.trim();
        let header = HEADERS.iter().any(|header| loaded.line.starts_with(header));
        if bare.is_empty() || bare.starts_with('!') || loaded.continues || header {
            return;
        }
        let depth = loaded.line.len() - loaded.line.trim_start().len();
        lost = lost.filter(|block| depth > *block);
        if lost.is_none() && loaded.problem.is_some() {
            lost = Some(depth);
        } else if lost.is_some() {
            let fate = LineFate::Refused { column: None, reply: LOST.to_owned() };
            let text = redact::typed_line(loaded.line.trim_end()).to_string();
            return lines.push(CheckedLine { number: loaded.number, text, fate });
        }
        let fate = match (loaded.problem, loaded.kept) {
            (Some(problem), _) => refused(problem),
            (None, Some(seen)) => LineFate::Kept { seen },
            (None, None) => LineFate::Modelled,
        };
        let text = redact::typed_line(loaded.line.trim_end()).to_string();
        lines.push(CheckedLine { number: loaded.number, text, fate });
    });
    if let Some(problem) = unended
        && let Some(line) = lines.iter_mut().find(|line| line.number == problem.line)
    {
        line.fate = refused(problem);
    }
    exec::close(&mut turn, &mut session);
    lines
}

fn refused(problem: StartupProblem) -> LineFate {
    LineFate::Refused { column: problem.at, reply: problem.reply }
}
