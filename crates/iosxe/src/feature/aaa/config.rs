//! `aaa new-model`, `aaa authentication login`, `aaa authorization exec`,
//! `aaa authorization commands`, `aaa local authentication attempts max-fail`.

use cli::{Args, Kind, No, Token, kw, one_of, param};

use super::{Aaa, DEFAULT, LISTS_MAX, METHODS_MAX, Method};
use crate::command::{Command, Handler, Mode, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

const AAA: Token = kw("aaa", "Authentication, Authorization and Accounting.");

const LIST: Token = one_of(&[
    &[kw("default", "The default authentication list.")],
    &[param("list", Kind::Word, "Named authentication list.")],
]);
const METHODS: Token = cli::opt(&[param("methods", Kind::Line, "Methods, in their order.")]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    global(&[AAA, kw("new-model", "Enable NEW access control commands and functions.")], model),
    global(
        &[
            AAA,
            kw("authentication", "Authentication configurations parameters."),
            kw("login", "Set authentication lists for logins."),
            LIST,
            METHODS,
        ],
        list,
    ),
    global(
        &[
            AAA,
            kw("authorization", "Authorization configurations parameters."),
            kw("exec", "For starting an exec (shell)."),
            LIST,
            METHODS,
        ],
        list,
    ),
    global(
        &[
            AAA,
            kw("authorization", "Authorization configurations parameters."),
            kw("commands", "For exec (shell) commands."),
            param("level", Kind::Integer { min: 0, max: 15 }, "Enable level"),
            LIST,
            METHODS,
        ],
        commands,
    ),
    global(
        &[
            AAA,
            kw("local", "AAA Local method options"),
            kw("authentication", "Local method authentication options"),
            kw("attempts", "Local method authentication attempts"),
            kw("max-fail", "Max failed attempts before the user is locked"),
            param("number", Kind::Integer { min: 1, max: 65_535 }, "Max failed attempts"),
        ],
        max_fail,
    ),
];

const fn global(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run }
}

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::AAA, print }];

fn print(state: &State, text: &mut ConfigText) {
    let Aaa { new_model, login, exec, commands, max_fail, .. } = &state.aaa;
    match new_model {
        Some(true) => text.line("aaa new-model"),
        Some(false) => text.line("no aaa new-model"),
        None => {}
    }
    if let Some(number) = max_fail {
        text.line(format_args!("aaa local authentication attempts max-fail {number}"));
    }
    for (service, lists) in [("authentication login", login), ("authorization exec", exec)] {
        for (name, methods) in lists {
            let methods: String = methods.iter().map(Method::words).collect();
            text.line(format_args!("aaa {service} {name}{methods}"));
        }
    }
    for ((level, name), methods) in commands {
        let methods: String = methods.iter().map(Method::words).collect();
        text.line(format_args!("aaa authorization commands {level} {name}{methods}"));
    }
}

impl Method {
    /// A blank and its words.
    fn words(&self) -> String {
        match self {
            Method::Local => " local".into(),
            Method::LocalCase => " local-case".into(),
            Method::Enable => " enable".into(),
            Method::Line => " line".into(),
            Method::None => " none".into(),
            Method::IfAuthenticated => " if-authenticated".into(),
            Method::Group(name) => format!(" group {name}"),
        }
    }

    /// The methods of a line; where the first word that is none begins.
    fn read(line: &str, is_login: bool) -> Result<Vec<Method>, usize> {
        let mut methods = Vec::new();
        let mut words = line.split_whitespace();
        while let Some(word) = words.next() {
            let at = word.as_ptr().addr() - line.as_ptr().addr();
            let method = match (word, is_login) {
                ("local", _) => Method::Local,
                ("none", _) => Method::None,
                ("group", _) => Method::Group(words.next().ok_or(at)?.to_owned()),
                ("local-case", true) => Method::LocalCase,
                ("enable", true) => Method::Enable,
                ("line", true) => Method::Line,
                ("if-authenticated", false) => Method::IfAuthenticated,
                _ => return Err(at),
            };
            if methods.len() == METHODS_MAX {
                return Err(at);
            }
            methods.push(method);
        }
        Ok(methods)
    }
}

/// `login` and `login local` of the lines count no more, nor do they come back. Without the model
/// its lists are gone.
fn model(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let is_on = !args.is_no() && !args.is_default();
    let was_on = turn.state.aaa.is_on();
    if is_on {
        turn.state.aaa.new_model = Some(true);
        turn.state.lines.ask_lists();
        return Reply::Done;
    }
    turn.state.aaa.new_model = Some(false);
    if was_on {
        turn.state.aaa = Aaa { new_model: Some(false), ..Aaa::default() };
        turn.state.lines.forget_lists();
        turn.state.inert.forget("aaa");
    }
    Reply::Done
}

fn list(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let name = args.text("list").unwrap_or(DEFAULT).to_owned();
    let is_login = args.has("login");
    let methods = match Method::read(args.text("methods").unwrap_or_default(), is_login) {
        Ok(methods) => methods,
        Err(at) => return Reply::Invalid { column: args.column("methods") + at },
    };
    let aaa = &mut turn.state.aaa;
    let lists = if is_login { &mut aaa.login } else { &mut aaa.exec };
    if args.is_no() || args.is_default() {
        lists.remove(&name);
        return Reply::Done;
    }
    if methods.is_empty() {
        return Reply::Incomplete;
    }
    if lists.len() >= LISTS_MAX && !lists.contains_key(&name) {
        return Reply::Refused("% Too many method lists\n".into());
    }
    lists.insert(name, methods);
    Reply::Done
}

fn commands(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let name = args.text("list").unwrap_or(DEFAULT).to_owned();
    let level = args.number("level").and_then(|level| u8::try_from(level).ok());
    let methods = match Method::read(args.text("methods").unwrap_or_default(), false) {
        Ok(methods) => methods,
        Err(at) => return Reply::Invalid { column: args.column("methods") + at },
    };
    let (lists, key) = (&mut turn.state.aaa.commands, (level.unwrap_or_default(), name));
    if args.is_no() || args.is_default() {
        lists.remove(&key);
        return Reply::Done;
    }
    if methods.is_empty() {
        return Reply::Incomplete;
    }
    if lists.len() >= LISTS_MAX && !lists.contains_key(&key) {
        return Reply::Refused("% Too many method lists\n".into());
    }
    lists.insert(key, methods);
    Reply::Done
}

fn max_fail(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let number = args.number("number").and_then(|number| u32::try_from(number).ok());
    turn.state.aaa.max_fail = number.filter(|_| !args.is_no() && !args.is_default());
    Reply::Done
}
