//! `ip host`, `ip name-server`, `ip domain list`, and how running-config prints them.

use std::net::IpAddr;

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::{ADDRESSES_MAX, DOMAINS_MAX, HOSTS_MAX, Host, Names, SERVERS_MAX};
use crate::command::{Command, Mode, Reply};
use crate::config::{ConfigText, Section, is_word, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

const IP: Token = kw("ip", "Global IP configuration subcommands");
const DOMAIN: Token = kw("domain", "IP DNS Resolver");
const VRF: Token = opt(&[
    kw("vrf", "Specify VRF"),
    param("vrf", Kind::Word, "VPN Routing/Forwarding instance name"),
]);
const PORT: Kind = Kind::Integer { min: 0, max: 65_535 };
const LIST: Token = param("domain", Kind::Word, "A domain name");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    global(
        &[
            IP,
            kw("host", "Add an entry to the ip hostname table"),
            VRF,
            param("name", Kind::Word, "Name of host"),
            opt(&[param("port", PORT, "Default telnet port number")]),
            param("addresses", Kind::Line, "Host IP address (maximum of 8)"),
        ],
        host,
    ),
    global(
        &[
            IP,
            kw("name-server", "Specify address of name server to use"),
            VRF,
            param("addresses", Kind::Line, "Domain server IP address (maximum of 6)"),
        ],
        name_server,
    ),
    global(
        &[
            IP,
            DOMAIN,
            one_of(&[
                &[kw("list", "Domain name to complete unqualified host names"), LIST],
                &[kw("round-robin", "Round-robin through multiple IP addresses")],
            ]),
        ],
        domain,
    ),
    global(
        &[
            IP,
            DOMAIN,
            kw("lookup", "Enable IP Domain Name System hostname translation"),
            kw("source-interface", "Specify source interface for DNS resolver"),
            param("interface", Kind::Interface, "Interface"),
        ],
        source,
    ),
    // The words of older configurations.
    global(
        &[IP, kw("domain-list", "Domain name to complete unqualified host names"), LIST],
        domain,
    ),
];

const fn global(syntax: &'static [Token], run: crate::command::Handler) -> Command {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run }
}

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::NAMES, print }];

fn print(state: &State, text: &mut ConfigText) {
    let Names { hosts, servers, domains, round_robin, source } = &state.names;
    let of_vrf =
        |vrf: &Option<String>| vrf.as_ref().map(|vrf| format!(" vrf {vrf}")).unwrap_or_default();
    for Host { vrf, name, port, addresses } in hosts {
        let port = port.map(|port| format!(" {port}")).unwrap_or_default();
        let addresses: String = addresses.iter().map(|address| format!(" {address}")).collect();
        text.line(format_args!("ip host{} {name}{port}{addresses}", of_vrf(vrf)));
    }
    let mut vrfs: Vec<&Option<String>> = Vec::new();
    for (vrf, _) in servers {
        if !vrfs.contains(&vrf) {
            vrfs.push(vrf);
        }
    }
    for vrf in vrfs {
        let here = servers.iter().filter(|(other, _)| other == vrf);
        let addresses: String = here.map(|(_, address)| format!(" {address}")).collect();
        text.line(format_args!("ip name-server{}{addresses}", of_vrf(vrf)));
    }
    if let Some(source) = source {
        text.line(format_args!("ip domain lookup source-interface {source}"));
    }
    if *round_robin {
        text.line("ip domain round-robin");
    }
    domains.iter().for_each(|domain| text.line(format_args!("ip domain list {domain}")));
}

/// Addresses, each once; where the first word that is none begins.
fn addresses(args: &Args) -> Result<Vec<IpAddr>, usize> {
    let mut found = Vec::new();
    let line = args.text("addresses").unwrap_or_default();
    for word in line.split_whitespace() {
        let Ok(address) = word.parse::<IpAddr>() else {
            let at = line.find(word).unwrap_or(0);
            return Err(args.column("addresses") + at);
        };
        if !found.contains(&address) {
            found.push(address);
        }
    }
    Ok(found)
}

/// A line about a name replaces what was said of it. `no ip host NAME A` takes that address only.
fn host(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some(name) = args.text("name") else { return Reply::Incomplete };
    if !is_word(name) || name.starts_with(|c: char| !c.is_ascii_alphanumeric()) {
        return Reply::Invalid { column: args.column("name") };
    }
    let vrf = args.text("vrf").map(str::to_owned);
    let addresses = match addresses(args) {
        Ok(addresses) => addresses,
        Err(column) => return Reply::Invalid { column },
    };
    let hosts = &mut turn.state.names.hosts;
    let is_it = |host: &Host| host.vrf == vrf && host.name.eq_ignore_ascii_case(name);
    if args.is_no() || args.is_default() {
        for host in hosts.iter_mut().filter(|host| is_it(host)) {
            host.addresses.retain(|known| !addresses.is_empty() && !addresses.contains(known));
        }
        hosts.retain(|host| !host.addresses.is_empty());
        return Reply::Done;
    }
    if addresses.len() > ADDRESSES_MAX {
        return Reply::Refused(format!("% Maximum of {ADDRESSES_MAX} addresses per host\n"));
    }
    let port = args.number("port").and_then(|port| u16::try_from(port).ok());
    let new = Host { vrf: vrf.clone(), name: name.to_owned(), port, addresses };
    match hosts.iter().position(is_it) {
        Some(at) => hosts[at] = new,
        None if hosts.len() >= HOSTS_MAX => {
            return Reply::Refused("% Host table is full\n".into());
        }
        None => hosts.push(new),
    }
    Reply::Done
}

/// A line adds to the servers that are known.
fn name_server(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let vrf = args.text("vrf").map(str::to_owned);
    let addresses = match addresses(args) {
        Ok(addresses) => addresses,
        Err(column) => return Reply::Invalid { column },
    };
    let servers = &mut turn.state.names.servers;
    if args.is_no() || args.is_default() {
        servers.retain(|(other, address)| {
            *other != vrf || (!addresses.is_empty() && !addresses.contains(address))
        });
        return Reply::Done;
    }
    for address in addresses {
        let new = (vrf.clone(), address);
        if servers.contains(&new) {
            continue;
        }
        if servers.iter().filter(|(other, _)| *other == vrf).count() >= SERVERS_MAX {
            return Reply::Refused(
                "% Name-server table is full, delete one or more existing entries\n".into(),
            );
        }
        servers.push(new);
    }
    Reply::Done
}

fn domain(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let is_off = args.is_no() || args.is_default();
    let names = &mut turn.state.names;
    if args.has("round-robin") {
        names.round_robin = !is_off;
        return Reply::Done;
    }
    let Some(domain) = args.text("domain") else {
        names.domains.clear();
        return Reply::Done;
    };
    if !is_word(domain) {
        return Reply::Invalid { column: args.column("domain") };
    }
    names.domains.retain(|known| known != domain);
    if !is_off {
        if names.domains.len() >= DOMAINS_MAX {
            return Reply::Refused("% Domain list is full\n".into());
        }
        names.domains.push(domain.to_owned());
    }
    Reply::Done
}

fn source(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let given = args.interface("interface").copied();
    turn.state.names.source = given.filter(|_| !args.is_no() && !args.is_default());
    Reply::Done
}
