//! `aaa new-model`: by which methods a user logs in, and what lets the user have a shell.
//!
//! Asked by terminals of each login. No TACACS+ or RADIUS server ever answers here: a method that
//! asks one is passed over at once, and the next of its list counts. Method lists of other services
//! are kept lines; that of commands counts for applets.

pub(crate) mod config;
pub(crate) mod lockout;

use std::collections::BTreeMap;

use simtime::Time;

use crate::device::State;
use crate::session::PRIVILEGED_LEVEL;

/// How many lists of one service a router keeps.
const LISTS_MAX: usize = 64;

/// How many methods a list has.
const METHODS_MAX: usize = 4;

/// The list of a line that names none.
const DEFAULT: &str = "default";

/// What is configured, and who is locked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aaa {
    /// `aaa new-model`, `no aaa new-model`
    new_model: Option<bool>,
    /// `aaa authentication login`
    login: BTreeMap<String, Vec<Method>>,
    /// `aaa authorization exec`
    exec: BTreeMap<String, Vec<Method>>,
    /// `aaa authorization commands`, by level and list
    commands: BTreeMap<(u8, String), Vec<Method>>,
    /// `aaa local authentication attempts max-fail`
    max_fail: Option<u32>,
    /// Wrong passwords of local users since the last right one.
    failures: BTreeMap<String, u32>,
    locked: BTreeMap<String, Time>,
}

/// One method of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Method {
    Local,
    LocalCase,
    Enable,
    Line,
    None,
    IfAuthenticated,
    Group(String),
}

/// Which lists a line names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LineLists {
    /// `login authentication`
    pub(crate) login: Option<String>,
    /// `authorization exec`
    pub(crate) exec: Option<String>,
}

impl Aaa {
    /// Whether `aaa new-model` is on.
    pub(crate) fn is_on(&self) -> bool {
        self.new_model == Some(true)
    }

    /// Without a list logins ask the local users (Cisco, "Configuring Authentication").
    fn login_list(&self, name: Option<&str>) -> &[Method] {
        let list = name.and_then(|name| self.login.get(name)).or_else(|| self.login.get(DEFAULT));
        list.map_or(&[Method::Local], Vec::as_slice)
    }

    fn exec_list(&self, name: Option<&str>) -> Option<&[Method]> {
        let list = name.and_then(|name| self.exec.get(name)).or_else(|| self.exec.get(DEFAULT));
        list.map(Vec::as_slice)
    }
}

/// Whether an applet may type a command on this level, for the user of its session, who may be
/// nobody. People who have logged in may (decided): whom a TACACS+ server lets type what, nobody
/// here knows.
pub(crate) fn lets_applet_type(state: &State, user: &str, level: u8) -> bool {
    let list = state.aaa.commands.get(&(level, DEFAULT.to_owned()));
    let Some(list) = list.filter(|_| state.aaa.is_on()) else { return true };
    let answer = list.iter().find_map(|method| match method {
        Method::Local | Method::LocalCase => Some(state.users.level(user).is_some()),
        Method::IfAuthenticated => Some(!user.is_empty()),
        Method::None => Some(true),
        Method::Enable | Method::Line | Method::Group(_) => None,
    });
    answer.unwrap_or(false)
}

/// The privilege level of somebody who logs in on a VTY with a password: `Some(None)` is that of
/// the line; `None` lets nobody in.
pub(crate) fn login(state: &State, vty: u32, user: &str, password: &str) -> Option<Option<u8>> {
    let aaa = &state.aaa;
    if !aaa.is_on() {
        return state.users.check(user, password);
    }
    let list = aaa.login_list(state.lines.lists(vty).login.as_deref());
    // The first method that can answer decides.
    let passes = list.iter().find_map(|method| match method {
        Method::Local | Method::LocalCase => {
            let passes = !aaa.locked.contains_key(user);
            Some(passes && state.users.check(user, password).is_some())
        }
        Method::Enable => {
            let credential = state.users.enable_credential(PRIVILEGED_LEVEL)?;
            Some(credential.fits(password))
        }
        Method::Line => Some(state.lines.password(vty)?.fits(password)),
        Method::None | Method::IfAuthenticated => Some(true),
        Method::Group(_) => None,
    });
    passes.filter(|passes| *passes)?;
    exec(state, vty, user)
}

/// The same for somebody who has shown who it is. Without `aaa authorization exec` nobody gets a
/// level of the user's own.
pub(crate) fn exec(state: &State, vty: u32, user: &str) -> Option<Option<u8>> {
    if !state.aaa.is_on() {
        return state.users.level(user);
    }
    let lists = state.lines.lists(vty);
    let Some(list) = state.aaa.exec_list(lists.exec.as_deref()) else { return Some(None) };
    let answer = list.iter().find_map(|method| match method {
        Method::Local | Method::LocalCase => Some(state.users.level(user)),
        Method::None | Method::IfAuthenticated => Some(Some(None)),
        Method::Enable | Method::Line | Method::Group(_) => None,
    });
    answer.flatten()
}
