//! A small router's worth of commands, as a device would declare them.

use std::sync::LazyLock;

use cli::{Command, Grammar, Kind, No, Token, any_of, kw, one_of, opt, param};

/// Two modes are enough to tell EXEC from configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    Exec,
    Config,
}

/// The parser under test.
pub(crate) static GRAMMAR: LazyLock<Grammar<Mode, ()>> = LazyLock::new(|| Grammar::new(COMMANDS));

const fn exec(privilege: u8, syntax: &'static [Token]) -> Command<Mode, ()> {
    Command { modes: &[Mode::Exec], privilege, syntax, no: No::Without, run: () }
}

const fn config(syntax: &'static [Token]) -> Command<Mode, ()> {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run: () }
}

const SHOW: Token = kw("show", "Show running system information");
const IP: Token = kw("ip", "IP information");
const SIZE: Kind = Kind::Integer { min: 0, max: 512 };

static COMMANDS: &[Command<Mode, ()>] = &[
    exec(1, &[SHOW, kw("clock", "Display the system clock"), opt(&[kw("detail", "More")])]),
    exec(1, &[SHOW, IP, kw("interface", "IP interface status"), opt(&[kw("brief", "Brief")])]),
    exec(1, &[SHOW, IP, kw("route", "IP routing table")]),
    exec(1, &[SHOW, kw("ipv6", "IPv6 information"), kw("route", "IPv6 routes")]),
    exec(
        1,
        &[
            SHOW,
            kw("interfaces", "Interface status and configuration"),
            opt(&[param("interface", Kind::Interface, "Interface")]),
            opt(&[kw("description", "Show interface description")]),
        ],
    ),
    exec(15, &[SHOW, kw("running-config", "Current operating configuration")]),
    exec(15, &[kw("configure", "Enter configuration mode"), kw("terminal", "From the terminal")]),
    exec(0, &[kw("enable", "Turn on privileged commands")]),
    exec(0, &[kw("exit", "Exit from the EXEC")]),
    exec(
        1,
        &[kw("send", "Send a message"), kw("log", "To the log"), param("text", Kind::Line, "Text")],
    ),
    exec(
        1,
        &[
            kw("terminal", "Set terminal line parameters"),
            one_of(&[
                &[kw("length", "Lines"), param("length", SIZE, "Number of lines")],
                &[kw("width", "Columns"), param("width", SIZE, "Number of columns")],
            ]),
        ],
    ),
    exec(
        1,
        &[
            kw("ping", "Send echo messages"),
            param("address", Kind::Ipv4, "Destination"),
            any_of(&[
                &[kw("repeat", "Count"), param("repeat", SIZE, "Count")],
                &[kw("size", "Size"), param("size", SIZE, "Bytes")],
            ]),
        ],
    ),
    config(&[kw("hostname", "Set the name"), param("name", Kind::Word, "The name")]),
    config(&[
        kw("interface", "Select an interface"),
        param("interface", Kind::Interface, "Interface"),
    ]),
    config(&[
        kw("ip", "Global IP commands"),
        kw("address", "Set the address"),
        param("address", Kind::Ipv4, "Address"),
        param("mask", Kind::Mask, "Mask"),
        opt(&[kw("secondary", "A further one")]),
    ]),
    config(&[kw("description", "Say what it is for"), param("text", Kind::Line, "Text")]),
    config(&[kw("shutdown", "Shut it down")]),
    config(&[
        kw("snmp-server", "SNMP"),
        kw("location", "Where"),
        param("text", Kind::Line, "Text"),
    ]),
    config(&[
        kw("username", "A user"),
        param("name", Kind::Word, "Name"),
        kw("secret", "Its secret"),
        param("secret", Kind::Line, "Text"),
    ]),
    config(&[kw("logging", "Logging"), param("address", Kind::Ipv4, "Host")]),
    config(&[kw("logging", "Logging"), kw("buffered", "Buffer")]),
    config(&[kw("login", "Login")]),
];
