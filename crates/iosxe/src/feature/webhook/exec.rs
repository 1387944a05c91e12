//! The commands that only a router of the course's dialect has.

use cli::{Args, Kind, No, kw, param};

use super::hand_over;
use crate::command::{Command, Mode, Reply};
use crate::feature::eem;
use crate::io::HttpForm;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this feature.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("event", "Embedded event related commands"),
            kw("manager", "Event manager commands"),
            kw("action", "Carry out an action (course dialect)"),
            kw("send-data", "Send data to a web server"),
            kw("uri", "Where to"),
            param("uri", Kind::Word, "URL of the web server"),
            kw("method", "HTTP method"),
            kw("post", "HTTP POST"),
            kw("body", "Body of the request"),
            param("body", Kind::Line, "The body, as it is sent"),
        ],
        no: No::Without,
        run: send_data,
    },
    // On a real router this is a line of configuration: the course types it in EXEC.
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: eem::config::ENVIRONMENT,
        no: No::Without,
        run: eem::config::environment,
    },
    eem::config::body(&[
        kw("action", "Add or modify an action statement"),
        param("label", Kind::Word, "Label of action"),
        kw("http", "Send an HTTP request (course dialect)"),
        param("rest", Kind::Line, "post url \"URL\" body \"BODY\""),
    ]),
];

fn send_data(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let (Some(url), Some(body)) = (args.text("uri"), args.text("body")) else {
        return Reply::Incomplete;
    };
    match hand_over(turn, HttpForm::SendData, url, body.to_owned()) {
        Ok(text) => Reply::Text(text),
        Err(text) => Reply::Refused(text),
    }
}
