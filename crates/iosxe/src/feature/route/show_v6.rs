//! `show ipv6 route`, whole, by origin, or of one destination.

use std::fmt::Write as _;
use std::net::Ipv6Addr;

use cli::{Args, Kind, No, kw, one_of, opt, param};

use super::Hop;
use super::table::{Origin, Route, Table};
use crate::command::{Command, Mode, Reply};
use crate::feature::interface::{Family, Prefix};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 1,
    syntax: &[
        kw("show", "Show running system information"),
        kw("ipv6", "IPv6 information"),
        kw("route", "Show IPv6 route table entries"),
        opt(&[
            kw("vrf", "VPN Routing/Forwarding instance"),
            param("vrf", Kind::Word, "VPN Routing/Forwarding instance name"),
        ]),
        opt(&[one_of(&[
            &[kw("connected", "Show connected routes")],
            &[kw("local", "Show local routes")],
            &[kw("static", "Show static routes")],
            &[kw("summary", "Show summary display")],
            &[param("address", Kind::Ipv6, "IPv6 name or address")],
            &[param("prefix", Kind::Ipv6Prefix, "IPv6 prefix")],
        ])]),
    ],
    no: No::Without,
    run: ipv6_route,
}];

/// The head of the table, as 17.12 prints it.
const CODES: &str = "\
Codes: C - Connected, L - Local, S - Static, U - Per-user Static route
       B - BGP, R - RIP, H - NHRP, HG - NHRP registered
       Hg - NHRP registration summary, HE - NHRP External, I1 - ISIS L1
       I2 - ISIS L2, IA - ISIS interarea, IS - ISIS summary, D - EIGRP
       EX - EIGRP external, ND - ND Default, NDp - ND Prefix, DCE - Destination
       NDr - Redirect, RL - RPL, O - OSPF Intra, OI - OSPF Inter
       OE1 - OSPF ext 1, OE2 - OSPF ext 2, ON1 - OSPF NSSA ext 1
       ON2 - OSPF NSSA ext 2, la - LISP alt, lr - LISP site-registrations
       ld - LISP dyn-eid, lA - LISP away, le - LISP extranet-policy
       lp - LISP publications, ls - LISP destinations-summary, a - Application
       m - OMP
";

/// What every router keeps of multicast.
const MULTICAST: &str = "L   FF00::/8 [0/0]\n     via Null0, receive\n";

fn ipv6_route(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let (name, vrf) = match super::table_named(turn.state, args) {
        Ok(table) => table,
        Err(name) => {
            return Reply::Refused(format!("% IPv6 routing table {name} does not exist\n"));
        }
    };
    let table: Table<Ipv6Addr> = Table::of(turn.state, vrf);
    if args.has("summary") {
        return Reply::Text(summary(&table, name));
    }
    if let Some(address) = args.ipv6("address") {
        return Reply::Text(one(table.find(address), &table));
    }
    if let Some((address, length)) = args.ipv6_prefix("prefix") {
        return Reply::Text(one(table.get(Prefix::of(address, length).subnet()), &table));
    }
    let by_word = args.has("connected") || args.has("local") || args.has("static");
    let wanted = |route: &Route<Ipv6Addr>| match route.origin {
        Origin::Connected => args.has("connected"),
        Origin::Local => args.has("local"),
        Origin::Static => args.has("static"),
    };
    // A loopback's one address is both, and stands once.
    let count = table.routes.len() + 1;
    let mut text = format!("IPv6 Routing Table - {name} - {count} entries\n{CODES}");
    for route in table.routes.values().filter(|route| !by_word || wanted(route)) {
        row(&mut text, route);
    }
    if !by_word || args.has("local") {
        text.push_str(MULTICAST);
    }
    Reply::Text(text)
}

fn code(route: &Route<Ipv6Addr>) -> &'static str {
    match route.origin {
        Origin::Connected if route.prefix.length() == 128 => "LC",
        Origin::Connected => "C",
        Origin::Local => "L",
        Origin::Static => "S",
    }
}

fn row(text: &mut String, route: &Route<Ipv6Addr>) {
    let Route { prefix, distance, .. } = route;
    let _ = writeln!(text, "{:<3} {prefix} [{distance}/0]", code(route));
    for hop in &route.hops {
        let _ = writeln!(text, "     via {}", way(route, *hop));
    }
}

fn way(route: &Route<Ipv6Addr>, hop: Hop<Ipv6Addr>) -> String {
    match (hop.address, hop.interface) {
        (Some(address), None) => address.shown(),
        (Some(address), Some(interface)) => format!("{}, {interface}", address.shown()),
        (None, Some(interface)) if code(route).starts_with('L') => format!("{interface}, receive"),
        (None, Some(interface)) => format!("{interface}, directly connected"),
        (None, None) => String::new(),
    }
}

/// `show ipv6 route 2001:DB8::2`
fn one(route: Option<&Route<Ipv6Addr>>, table: &Table<Ipv6Addr>) -> String {
    let Some(route) = route else { return "% Route not found\n".into() };
    let Route { prefix, distance, .. } = route;
    let (by, more) = match route.origin {
        Origin::Connected => ("connected", ", type connected"),
        Origin::Local => ("local", ", type receive"),
        Origin::Static => ("static", ""),
    };
    let mut text = format!(
        "Routing entry for {prefix}\n  Known via \"{by}\", distance {distance}, metric 0{more}\n  \
         Route count is {0}/{0}, share count 0\n  Routing paths:\n",
        route.hops.len()
    );
    for hop in &route.hops {
        let via = match (hop.address, hop.interface) {
            (None, Some(interface)) if code(route).starts_with('L') => {
                format!("receive via {interface}")
            }
            (None, Some(interface)) => format!("directly connected via {interface}"),
            (Some(_), _) | (None, None) => way(route, *hop),
        };
        let _ = writeln!(text, "    {via}");
        let port = hop.interface.or_else(|| table.port_of(route));
        if let (Some(_), None, Some(port)) = (hop.address, hop.interface, port) {
            let _ = writeln!(text, "      Recursive via interface {port}");
        }
    }
    text
}

fn summary(table: &Table<Ipv6Addr>, name: &str) -> String {
    let of = |origin| table.routes.values().filter(|route| route.origin == origin).count();
    let (connected, local, fixed) =
        (of(Origin::Connected), of(Origin::Local) + 1, of(Origin::Static));
    let total = connected + local + fixed;
    let mut text = format!(
        "IPv6 routing table name is {name}(0) global scope - {total} entries\n\
         IPv6 routing table default maximum-paths is 16\n\
         {:<16}{:<12}{:<12}{:<12}\n",
        "Route Source", "Networks", "Overhead", "Memory (bytes)"
    );
    let rows = [("connected", connected), ("local", local), ("static", fixed), ("Total", total)];
    for (source, count) in rows {
        let (overhead, bytes) = (count * 88, count * 144);
        let _ = writeln!(text, "{source:<16}{count:<12}{overhead:<12}{bytes:<12}");
    }
    text
}
