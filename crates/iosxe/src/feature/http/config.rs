//! `ip http`, and how running-config prints it (Cisco, "HTTP Services Configuration Guide").

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::{Authentication, CONNECTIONS_DEFAULT, Http, Lists, PORT_DEFAULT};
use super::{SECURE_PORT_DEFAULT, SESSION_IDLE_DEFAULT, Timeouts};
use crate::command::{Command, Handler, Mode, Reply};
use crate::config::{ConfigText, Section, is_word, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

const IP: Token = kw("ip", "Global IP configuration subcommands");
const HTTP: Token = kw("http", "HTTP server configuration");

/// The lowest port besides the well-known one.
const PORT_MIN: u64 = 1025;

const PORT: Token =
    param("port", Kind::Integer { min: 80, max: 65_535 }, "The well-known port, or 1025 to 65535");
const LIST: Token = param("list", Kind::Word, "Name of an AAA list");
const ACL: Token = param("acl", Kind::Word, "Access-list name");
const MODULES: Token = param("modules", Kind::Word, "none, all, or a list of session modules");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    global(
        &[
            IP,
            HTTP,
            one_of(&[
                &[kw("server", "Enable http server")],
                &[kw("secure-server", "Enable HTTP secure server")],
            ]),
        ],
        server,
    ),
    global(
        &[
            IP,
            HTTP,
            one_of(&[
                &[kw("port", "Set http server port"), PORT],
                &[kw("secure-port", "Set HTTP secure server port number for listening"), PORT],
            ]),
        ],
        port,
    ),
    global(
        &[
            IP,
            HTTP,
            kw("authentication", "Set http server authentication method"),
            one_of(&[
                &[kw("enable", "Use enable passwords")],
                &[kw("local", "Use local username and passwords")],
                &[kw("aaa", "Use AAA access control methods")],
                &[AAA, kw("login-authentication", "Specify an authentication list"), LIST],
                &[AAA, kw("exec-authorization", "Specify an authorization list for exec"), LIST],
                &[
                    AAA,
                    kw("command-authorization", "Specify an authorization list for commands"),
                    param("level", Kind::Integer { min: 0, max: 15 }, "Enable level"),
                    LIST,
                ],
            ]),
        ],
        authentication,
    ),
    global(
        &[
            IP,
            HTTP,
            kw("access-class", "Restrict http server access by access-class"),
            one_of(&[
                &[param("number", Kind::Integer { min: 1, max: 99 }, "Access list number")],
                &[kw("ipv4", "Restrict http server ipv4 access"), ACL],
                &[kw("ipv6", "Restrict http server ipv6 access"), ACL],
            ]),
        ],
        access_class,
    ),
    global(&[IP, HTTP, one_of(NUMBERS)], number),
    global(
        &[
            IP,
            HTTP,
            kw("timeout-policy", "Set http server time-out policy parameters"),
            opt(TIMEOUTS),
        ],
        timeouts,
    ),
    global(&[IP, HTTP, one_of(NAMES)], name),
    global(
        &[
            IP,
            HTTP,
            kw("client", "HTTP client configuration"),
            kw("source-interface", "Specify interface for source address"),
            param("interface", Kind::Interface, "Interface"),
        ],
        source,
    ),
];

const AAA: Token = kw("aaa", "Use AAA access control methods");

const TIMEOUTS: &[Token] = &[
    kw("idle", "Specify server idle timeout value"),
    param("idle", Kind::Integer { min: 1, max: 600 }, "Idle time-out in seconds"),
    kw("life", "Specify server life timeout value"),
    param("life", Kind::Integer { min: 1, max: 86_400 }, "Life time-out in seconds"),
    kw("requests", "Specify value for maximum number of requests on a connection"),
    param("requests", Kind::Integer { min: 1, max: 86_400 }, "Maximum number of requests"),
];

const NUMBERS: &[&[Token]] = &[
    &[
        kw("max-connections", "Set maximum number of concurrent http server connections"),
        param("connections", Kind::Integer { min: 1, max: 300 }, "Number of connections"),
    ],
    &[
        kw("session-idle-timeout", "Set http server session idle timeout"),
        param("seconds", Kind::Integer { min: 1, max: 1800 }, "Idle time-out in seconds"),
    ],
];

const NAMES: &[&[Token]] = &[
    &[kw("path", "Set base path for HTML"), param("path", Kind::Word, "URL of the base path")],
    &[
        kw("secure-trustpoint", "Set http secure server certificate trustpoint"),
        param("trustpoint", Kind::Word, "Certificate trustpoint"),
    ],
    &[kw("active-session-modules", "Set up active http server session modules"), MODULES],
    &[
        kw("secure-active-session-modules", "Set up active http secure server session modules"),
        MODULES,
    ],
];

const fn global(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run }
}

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::HTTP, print }];

fn print(state: &State, text: &mut ConfigText) {
    let Http { plain, secure, access, .. } = &state.http;
    let Http { timeouts, path, trustpoint, source, .. } = &state.http;
    let switch = |word: &str, is_on: Option<bool>| {
        is_on.map(|is_on| format!("{}ip http {word}", if is_on { "" } else { "no " }))
    };
    let some = |words: &str, value: &Option<String>| {
        value.as_ref().map(|value| format!("ip http {words} {value}"))
    };
    let number = |words: &str, value: Option<u64>| some(words, &value.map(|n| n.to_string()));
    let above = [
        switch("server", *plain),
        number("port", state.http.port.map(u64::from)),
        number("access-class", access.number),
        some("access-class ipv4", &access.v4),
        some("access-class ipv6", &access.v6),
    ];
    above.iter().flatten().for_each(|line| text.line(line));
    state.http.authentication.print(text);
    let timeouts = timeouts.map(|Timeouts { idle, life, requests }| {
        format!("ip http timeout-policy idle {idle} life {life} requests {requests}")
    });
    let below = [
        switch("secure-server", *secure),
        number("secure-port", state.http.secure_port.map(u64::from)),
        some("secure-trustpoint", trustpoint),
        some("secure-active-session-modules", &state.http.secure_modules),
        number("max-connections", state.http.connections),
        timeouts,
        number("session-idle-timeout", state.http.session_idle),
        some("active-session-modules", &state.http.modules),
        some("path", path),
        source.map(|name| format!("ip http client source-interface {}", name.long())),
    ];
    below.iter().flatten().for_each(|line| text.line(line));
}

impl Authentication {
    fn print(&self, text: &mut ConfigText) {
        let Lists { login, shell, commands } = match self {
            Authentication::Enable => return,
            Authentication::Local => return text.line("ip http authentication local"),
            Authentication::Aaa(lists) => lists,
        };
        if login.is_none() && shell.is_none() && commands.is_empty() {
            text.line("ip http authentication aaa");
        }
        if let Some(list) = login {
            text.line(format_args!("ip http authentication aaa login-authentication {list}"));
        }
        if let Some(list) = shell {
            text.line(format_args!("ip http authentication aaa exec-authorization {list}"));
        }
        for (level, list) in commands {
            let words = "ip http authentication aaa command-authorization";
            text.line(format_args!("{words} {level} {list}"));
        }
    }
}

fn is_undone(args: &Args) -> bool {
    args.is_no() || args.is_default()
}

/// A word of a line; none for its `no` and `default` forms.
fn word(args: &Args, name: &str) -> Result<Option<String>, Reply> {
    match args.text(name).filter(|_| !is_undone(args)) {
        Some(word) if !is_word(word) => Err(Reply::Invalid { column: args.column(name) }),
        given => Ok(given.map(str::to_owned)),
    }
}

fn server(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Http { plain, secure, .. } = &mut turn.state.http;
    let is_on = if args.has("secure-server") { secure } else { plain };
    *is_on = (!args.is_default()).then(|| !args.is_no());
    Reply::Done
}

fn port(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Http { port, secure_port, .. } = &mut turn.state.http;
    let (port, default) = match args.has("secure-port") {
        true => (secure_port, SECURE_PORT_DEFAULT),
        false => (port, PORT_DEFAULT),
    };
    let given = args.number("port").filter(|_| !is_undone(args));
    if given.is_some_and(|number| number < PORT_MIN && number != u64::from(default)) {
        return Reply::Invalid { column: args.column("port") };
    }
    let given = given.and_then(|number| u16::try_from(number).ok());
    *port = given.filter(|number| *number != default);
    Reply::Done
}

/// A list of `aaa` counts besides those that are there; `no` with the word of one takes that one.
fn authentication(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let of_lists = ["login-authentication", "exec-authorization", "command-authorization"];
    let of_list = of_lists.into_iter().find(|word| args.has(word));
    let method = &mut turn.state.http.authentication;
    let Some(of_list) = of_list else {
        *method = match () {
            () if is_undone(args) || args.has("enable") => Authentication::Enable,
            () if args.has("local") => Authentication::Local,
            () => Authentication::Aaa(Lists::default()),
        };
        return Reply::Done;
    };
    let given = match word(args, "list") {
        Ok(given) => given,
        Err(reply) => return reply,
    };
    let mut lists = match method {
        Authentication::Aaa(lists) => lists.clone(),
        Authentication::Enable | Authentication::Local if given.is_none() => return Reply::Done,
        Authentication::Enable | Authentication::Local => Lists::default(),
    };
    let level = args.number("level").and_then(|level| u8::try_from(level).ok());
    match (of_list, level, given) {
        ("login-authentication", _, given) => lists.login = given,
        ("exec-authorization", _, given) => lists.shell = given,
        (_, Some(level), Some(list)) => drop(lists.commands.insert(level, list)),
        (_, Some(level), None) => drop(lists.commands.remove(&level)),
        (_, None, _) => lists.commands.clear(),
    }
    let is_left = lists != Lists::default();
    *method = if is_left { Authentication::Aaa(lists) } else { Authentication::Enable };
    Reply::Done
}

fn access_class(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let given = match word(args, "acl") {
        Ok(given) => given,
        Err(reply) => return reply,
    };
    let access = &mut turn.state.http.access;
    match () {
        () if args.has("ipv4") => access.v4 = given,
        () if args.has("ipv6") => access.v6 = given,
        () => access.number = args.number("number").filter(|_| !is_undone(args)),
    }
    Reply::Done
}

fn number(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let given = |name, default| {
        let number = args.number(name).filter(|_| !is_undone(args));
        number.filter(|number| *number != default)
    };
    let http = &mut turn.state.http;
    match args.has("max-connections") {
        true => http.connections = given("connections", CONNECTIONS_DEFAULT),
        false => http.session_idle = given("seconds", SESSION_IDLE_DEFAULT),
    }
    Reply::Done
}

fn timeouts(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let given = || {
        let [idle, life, requests] = ["idle", "life", "requests"].map(|name| args.number(name));
        Some(Timeouts { idle: idle?, life: life?, requests: requests? })
    };
    let given = if is_undone(args) { None } else { given() };
    if given.is_none() && !is_undone(args) {
        return Reply::Incomplete;
    }
    turn.state.http.timeouts = given.filter(|given| *given != Timeouts::default());
    Reply::Done
}

fn name(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let names = ["path", "trustpoint", "modules"].map(|name| word(args, name));
    let [Ok(path), Ok(trustpoint), Ok(modules)] = names else {
        let given = ["path", "trustpoint", "modules"].map(|name| args.column(name));
        return Reply::Invalid { column: given.into_iter().min().unwrap_or(0) };
    };
    let modules = modules.filter(|modules| modules != "all");
    let http = &mut turn.state.http;
    match () {
        () if args.has("path") => http.path = path,
        () if args.has("secure-trustpoint") => http.trustpoint = trustpoint,
        () if args.has("active-session-modules") => http.modules = modules,
        () => http.secure_modules = modules,
    }
    Reply::Done
}

fn source(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if !is_undone(args) && args.interface("interface").is_none() {
        return Reply::Incomplete;
    }
    let given = args.interface("interface").filter(|_| !is_undone(args)).copied();
    turn.state.http.source = given;
    Reply::Done
}
