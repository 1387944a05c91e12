//! `show ip cef`, `show ip route summary`: other views of the same tables.

use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::table::{Origin, Route, Table};
use crate::command::{Command, Handler, Mode, Reply};
use crate::feature::routing;
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const IP: Token = kw("ip", "IP information");
const ROUTE: Token = kw("route", "IP routing table");
const VRF: Token = opt(&[
    kw("vrf", "Display routes from a VPN Routing/Forwarding instance"),
    param("vrf", Kind::Word, "VPN Routing/Forwarding instance name"),
]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    show(
        &[
            SHOW,
            IP,
            kw("cef", "Cisco Express Forwarding"),
            VRF,
            opt(&[one_of(&[
                &[kw("summary", "Show a summary of the table")],
                &[param("address", Kind::Ipv4, "IP prefix, or an address within one")],
            ])]),
        ],
        cef,
    ),
    show(&[SHOW, IP, ROUTE, VRF, kw("summary", "Summary of all routes")], summary),
];

const fn show(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

fn cef(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let (name, vrf) = match super::table_named(turn.state, args) {
        Ok(table) => table,
        Err(name) => return Reply::Refused(format!("% VRF {name} does not exist\n")),
    };
    let table = Table::of(turn.state, vrf);
    if let Some(address) = args.ipv4("address") {
        let Some(route) = table.find(address) else {
            return Reply::Refused("%Prefix not found\n".into());
        };
        return Reply::Text(format!("{}\n  {}\n", route.prefix, way(route)));
    }
    if args.has("summary") {
        let count = table.routes.len();
        return Reply::Text(format!(
            "IPv4 CEF is enabled and running\nVRF {name}\n \
             {count} prefixes ({count}/0 fwd/non-fwd)\n"
        ));
    }
    let mut text = format!("{:<20} {:<20} Interface\n", "Prefix", "Next Hop");
    for route in table.routes.values() {
        let hop = route.hops.first();
        let to = match (route.origin, hop.and_then(|hop| hop.address)) {
            (Origin::Local, _) => "receive".to_owned(),
            (Origin::Connected | Origin::Static, Some(address)) => address.to_string(),
            (Origin::Connected | Origin::Static, None) => "attached".to_owned(),
        };
        let port = table.port_of(route).map(|name| name.long()).unwrap_or_default();
        let _ = writeln!(text, "{:<20} {to:<20} {port}", route.prefix.to_string());
    }
    Reply::Text(text)
}

fn way(route: &Route) -> String {
    let hop = route.hops.first();
    match (hop.and_then(|hop| hop.address), hop.and_then(|hop| hop.interface)) {
        (Some(address), Some(port)) => format!("nexthop {address} {port}"),
        (Some(address), None) => format!("recursive via {address}"),
        (None, Some(port)) if route.origin == Origin::Local => format!("receive for {port}"),
        (None, Some(port)) => format!("attached to {port}"),
        (None, None) => String::new(),
    }
}

fn summary(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let (name, vrf) = match super::table_named(turn.state, args) {
        Ok(table) => table,
        Err(name) => {
            return Reply::Refused(format!("% IP routing table {name} does not exist\n"));
        }
    };
    let table: Table = Table::of(turn.state, vrf);
    let mut text = format!(
        "IP routing table name is {name} (0x{:X})\nIP routing table maximum-paths is 32\n\
         {:<16}{:<12}{:<12}{:<12}{:<12}{:<12}\n",
        vrf.0, "Route Source", "Networks", "Subnets", "Replicates", "Overhead", "Memory (bytes)"
    );
    let of = |wanted: &[Origin]| {
        table.routes.values().filter(|route| wanted.contains(&route.origin)).count()
    };
    let mut row = |name: &str, count: usize, more: &str| {
        let (overhead, bytes) = (count * 96, count * 312);
        let _ = writeln!(text, "{name:<16}{:<12}{count:<12}{:<12}{overhead:<12}{bytes:<12}", 0, 0);
        text.push_str(more);
    };
    row("application", 0, "");
    row("connected", of(&[Origin::Connected, Origin::Local]), "");
    row("static", of(&[Origin::Static]), "");
    for (name, more) in routing::protocols::sources(turn.state) {
        row(&name, 0, more);
    }
    row("Total", table.routes.len(), "");
    Reply::Text(text)
}
