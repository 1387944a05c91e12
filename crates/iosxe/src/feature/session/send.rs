//! `send log`: a user's own message (syslog.md, message 39).

use cli::{Args, Kind, No, kw, opt, param};

use crate::command::{Command, Mode, Reply};
use crate::feature::line::VTY_FIRST_NUMBER;
use crate::feature::logging::Message;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 1,
    syntax: &[
        kw("send", "Send a message to other tty lines"),
        kw("log", "Logging destinations"),
        opt(&[param("severity", Kind::Integer { min: 0, max: 7 }, "Logging severity level")]),
        param("text", Kind::Line, "Message text"),
    ],
    no: No::Without,
    run: send,
}];

/// The mnemonics by severity.
const MNEMONICS: [&str; 8] = [
    "USERLOG_EMERG",
    "USERLOG_ALERT",
    "USERLOG_CRIT",
    "USERLOG_ERR",
    "USERLOG_WARNING",
    "USERLOG_NOTICE",
    "USERLOG_INFO",
    "USERLOG_DEBUG",
];

/// Without a severity it is a debug message.
const SEVERITY_DEFAULT: u64 = 7;

fn send(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let severity = args.number("severity").unwrap_or(SEVERITY_DEFAULT);
    let mnemonic = MNEMONICS[severity as usize];
    let line = session.origin.vty().map_or(0, |vty| VTY_FIRST_NUMBER + vty);
    let user = session.user().unwrap_or_default();
    let text = args.text("text").unwrap_or_default();
    let text = format!("Message from tty{line}(user id: {user}): {text}");
    turn.log(Message::new("SYS", severity as u8, mnemonic, text));
    Reply::Done
}
