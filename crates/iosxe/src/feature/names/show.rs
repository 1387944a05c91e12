//! `show hosts [NAME | summary]`

use std::fmt::Write as _;
use std::net::IpAddr;

use cli::{Args, Kind, No, kw, one_of, opt, param};

use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 1,
    syntax: &[
        kw("show", "Show running system information"),
        kw("hosts", "IP domain-name, lookup style, nameservers, and host table"),
        opt(&[one_of(&[
            &[kw("summary", "Display DNS name cache summary")],
            &[param("name", Kind::Word, "Host name")],
        ])]),
    ],
    no: No::Without,
    run: hosts,
}];

fn hosts(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let names = &turn.state.names;
    let servers: Vec<String> = names.asked().map(|server| server.to_string()).collect();
    let mut text = match turn.state.system.domain() {
        Some(domain) => format!("Default domain is {domain}\n"),
        None => "Default domain is not set\n".to_owned(),
    };
    if !names.domains.is_empty() {
        let _ = writeln!(text, "Domain list: {}", names.domains.join(", "));
    }
    let _ = writeln!(text, "Name servers are {}", servers.join(", "));
    if args.has("summary") {
        let entries = names.hosts.len();
        let _ = writeln!(text, "Local cache entries: {entries}\nDynamic cache entries: 0");
        return Reply::Text(text);
    }
    text.push_str("NAME  TTL  CLASS   TYPE      DATA/ADDRESS\n");
    text.push_str("-----------------------------------------\n");
    let wanted = args.text("name");
    for host in &names.hosts {
        if wanted.is_some_and(|name| !name.eq_ignore_ascii_case(&host.name)) {
            continue;
        }
        for address in &host.addresses {
            let kind = match address {
                IpAddr::V4(_) => "A",
                IpAddr::V6(_) => "AAAA",
            };
            let _ = writeln!(text, " {:<25} 10      IN      {kind:<7} {address}", host.name);
        }
    }
    Reply::Text(text)
}
