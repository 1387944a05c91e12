//! `show ip http server {status | connection}`

use std::fmt::Write as _;

use cli::{Args, No, kw, one_of};

use super::{
    Authentication, CONNECTIONS_DEFAULT, Http, PORT_DEFAULT, SECURE_PORT_DEFAULT,
    SESSION_IDLE_DEFAULT,
};
use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 1,
    syntax: &[
        kw("show", "Show running system information"),
        kw("ip", "IP information"),
        kw("http", "HTTP information"),
        kw("server", "HTTP server information"),
        one_of(&[
            &[kw("status", "HTTP server status information")],
            &[kw("connection", "HTTP server connection information")],
        ]),
    ],
    no: No::Without,
    run: show,
}];

fn show(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    Reply::Text(match args.has("status") {
        true => status(&turn.state.http),
        false => "\nHTTP server current connections:\n\
                  local-ipaddress:port  remote-ipaddress:port  in-bytes  out-bytes\n"
            .to_owned(),
    })
}

fn status(http: &Http) -> String {
    let switch = |is_on: bool| if is_on { "Enabled" } else { "Disabled" };
    let method = match &http.authentication {
        Authentication::Enable => "enable",
        Authentication::Local => "local",
        Authentication::Aaa(_) => "aaa",
    };
    let none = || "None".to_owned();
    let (access, timeouts) = (&http.access, http.timeouts.unwrap_or_default());
    let (v4, v6) = (access.v4.clone(), access.v6.clone());
    let modules = |modules: &Option<String>| modules.clone().unwrap_or_else(|| "ALL".to_owned());
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let rows = [
        ("HTTP server status", switch(http.port().is_some()).to_owned()),
        ("HTTP server port", http.port.unwrap_or(PORT_DEFAULT).to_string()),
        ("HTTP server active supplementary listener ports", String::new()),
        ("HTTP server authentication method", method.to_owned()),
        ("HTTP server access class", access.number.unwrap_or(0).to_string()),
        ("HTTP server IPv4 access class", v4.unwrap_or_else(none)),
        ("HTTP server IPv6 access class", v6.unwrap_or_else(none)),
        ("HTTP server base path", text(&http.path)),
        (
            "Maximum number of concurrent server connections allowed",
            http.connections.unwrap_or(CONNECTIONS_DEFAULT).to_string(),
        ),
        ("Server idle time-out", format!("{} seconds", timeouts.idle)),
        ("Server life time-out", format!("{} seconds", timeouts.life)),
        (
            "Server session idle time-out",
            format!("{} seconds", http.session_idle.unwrap_or(SESSION_IDLE_DEFAULT)),
        ),
        ("Maximum number of requests allowed on a connection", timeouts.requests.to_string()),
        ("HTTP server active session modules", modules(&http.modules)),
        ("HTTP secure server capability", "Present".to_owned()),
        ("HTTP secure server status", switch(http.secure_port().is_some()).to_owned()),
        ("HTTP secure server port", http.secure_port.unwrap_or(SECURE_PORT_DEFAULT).to_string()),
        ("HTTP secure server client authentication", "Disabled".to_owned()),
        ("HTTP secure server trustpoint", text(&http.trustpoint)),
        ("HTTP secure server active session modules", modules(&http.secure_modules)),
    ];
    let mut text = String::new();
    for (name, value) in rows {
        let _ = writeln!(text, "{name}: {value}");
    }
    text
}
