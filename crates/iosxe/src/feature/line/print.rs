//! The lines' part of the running-config.

use super::{
    EXEC_TIMEOUT_DEFAULT, HISTORY_LINES_DEFAULT, LENGTH_DEFAULT, Line, Lines, Login, Synchronous,
    Transport, VTY_COUNT_DEFAULT, WIDTH_DEFAULT,
};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::feature::acl::Version;

/// The lines' part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::LINE, print }];

fn print(state: &State, text: &mut ConfigText) {
    let Lines { console, auxiliary, vty, .. } = &state.lines;
    text.separator();
    text.line("line con 0");
    print_line(console, false, state.aaa.is_on(), text);
    text.line("line aux 0");
    print_line(auxiliary, false, state.aaa.is_on(), text);
    let mut first = 0;
    while first < vty.len() {
        let last = group_end(vty, first);
        text.line(format_args!("line vty {first} {last}"));
        print_line(&vty[first], true, state.aaa.is_on(), text);
        first = last + 1;
    }
    text.separator();
}

/// VTYs of one configuration print as one group. The first five, which every router has, are never
/// joined with later ones: clients look for `line vty 0 4`.
fn group_end(vty: &[Line], first: usize) -> usize {
    let same = vty[first..].iter().take_while(|line| **line == vty[first]).count();
    let last = first + same - 1;
    if first < VTY_COUNT_DEFAULT { last.min(VTY_COUNT_DEFAULT - 1) } else { last }
}

fn print_line(line: &Line, is_vty: bool, is_new: bool, text: &mut ConfigText) {
    let Line { exec_timeout, terminal, guards, .. } = line;
    guards.print(Version::V4, "access-class", text);
    if *exec_timeout != Some(EXEC_TIMEOUT_DEFAULT) {
        let seconds = exec_timeout.unwrap_or_default().as_secs();
        text.line(format_args!(" exec-timeout {} {}", seconds / 60, seconds % 60));
    }
    if let Some(span) = line.absolute_timeout {
        text.line(format_args!(" absolute-timeout {}", span.as_secs() / 60));
    }
    if let Some(level) = line.privilege {
        text.line(format_args!(" privilege level {level}"));
    }
    if let Some(password) = &line.password {
        text.line(format_args!(" password {}", password.printed()));
    }
    if let Some(synchronous) = line.synchronous {
        print_synchronous(synchronous, text);
    }
    if let Some(list) = &line.lists.exec {
        text.line(format_args!(" authorization exec {list}"));
    }
    if let Some(list) = &line.lists.login {
        text.line(format_args!(" login authentication {list}"));
    }
    if !is_new {
        print_login(line.login, is_vty, text);
    }
    if terminal.history != HISTORY_LINES_DEFAULT {
        text.line(format_args!(" history size {}", terminal.history));
    }
    if terminal.settings.length != LENGTH_DEFAULT {
        text.line(format_args!(" length {}", terminal.settings.length));
    }
    if terminal.settings.width != WIDTH_DEFAULT {
        text.line(format_args!(" width {}", terminal.settings.width));
    }
    guards.print(Version::V6, "ipv6 access-class", text);
    print_transport(line, text);
}

fn print_synchronous(Synchronous { level, limit }: Synchronous, text: &mut ConfigText) {
    let default = Synchronous::default();
    let level = match level {
        0 => " level all".to_owned(),
        level if level == default.level => String::new(),
        level => format!(" level {level}"),
    };
    let limit = if limit == default.limit { String::new() } else { format!(" limit {limit}") };
    text.line(format_args!(" logging synchronous{level}{limit}"));
}

/// The console prints no `no login`; a VTY prints what it has in any case.
fn print_login(login: Login, is_vty: bool, text: &mut ConfigText) {
    match login {
        Login::None if !is_vty => {}
        Login::None => text.line(" no login"),
        Login::Password => text.line(" login"),
        Login::Local => text.line(" login local"),
    }
}

impl Transport {
    /// `telnet ssh`
    pub(super) fn words(self) -> &'static str {
        match self {
            Transport { ssh: true, telnet: true } => "telnet ssh",
            Transport { ssh: true, telnet: false } => "ssh",
            Transport { ssh: false, telnet: true } => "telnet",
            Transport { ssh: false, telnet: false } => "none",
        }
    }
}

fn print_transport(line: &Line, text: &mut ConfigText) {
    if line.prefers_none {
        text.line(" transport preferred none");
    }
    if let Some(transport) = line.transport {
        text.line(format_args!(" transport input {}", transport.words()));
    }
    if let Some(bits) = line.stop_bits {
        text.line(format_args!(" stopbits {bits}"));
    }
    line.inert.in_order().for_each(|kept| text.line(format_args!(" {kept}")));
}
