//! `show ip route`, whole, by origin, or of one address.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::Hop;
use super::table::{Origin, Route, Table};
use crate::command::{Command, Mode, Reply};
use crate::feature::interface::Prefix;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 1,
    syntax: &[
        kw("show", "Show running system information"),
        kw("ip", "IP information"),
        kw("route", "IP routing table"),
        opt(&[
            kw("vrf", "Display routes from a VPN Routing/Forwarding instance"),
            param("vrf", Kind::Word, "VPN Routing/Forwarding instance name"),
        ]),
        opt(&[one_of(&[
            &[kw("connected", "Connected")],
            &[kw("static", "Static routes")],
            &[kw("bgp", "Border Gateway Protocol (BGP)"), LEARNED],
            &[kw("eigrp", "Enhanced Interior Gateway Routing Protocol (EIGRP)"), LEARNED],
            &[kw("isis", "ISO IS-IS"), LEARNED],
            &[kw("ospf", "Open Shortest Path First (OSPF)"), LEARNED],
            &[kw("rip", "Routing Information Protocol (RIP)"), LEARNED],
            &[
                param("address", Kind::Ipv4, "Network to display information about or hostname"),
                opt(&[param("mask", Kind::Mask, "Network mask")]),
            ],
        ])]),
    ],
    no: No::Without,
    run: ip_route,
}];

/// Which process; none has learned a route.
const LEARNED: Token = opt(&[param("process", Kind::Word, "Process ID or AS number")]);

/// The head of the table, as 17.12 prints it.
const CODES: &str = "\
Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP
       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area 
       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2
       E1 - OSPF external type 1, E2 - OSPF external type 2, m - OMP
       n - NAT, Ni - NAT inside, No - NAT outside, Nd - NAT DIA
       i - IS-IS, su - IS-IS summary, L1 - IS-IS level-1, L2 - IS-IS level-2
       ia - IS-IS inter area, * - candidate default, U - per-user static route
       H - NHRP, G - NHRP registered, g - NHRP registration summary
       o - ODR, P - periodic downloaded static route, l - LISP
       a - application route
       + - replicated route, % - next hop override, p - overrides from PfR
       & - replicated local route overrides by connected
";

fn ip_route(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let (name, vrf) = match super::table_named(turn.state, args) {
        Ok(table) => table,
        Err(name) => {
            return Reply::Refused(format!("% IP routing table {name} does not exist\n"));
        }
    };
    let table = Table::of(turn.state, vrf);
    let heading = match args.text("vrf") {
        Some(_) => format!("\nRouting Table: {name}\n"),
        None => String::new(),
    };
    if let Some(address) = args.ipv4("address") {
        let route = match args.ipv4("mask") {
            Some(mask) => table.get(Prefix::of(address, length(mask)).subnet()),
            None => table.find(address),
        };
        return Reply::Text(heading + &one(&table, address, route));
    }
    let learned = ["bgp", "eigrp", "isis", "ospf", "rip"].iter().any(|word| args.has(word));
    let wanted = |route: &Route| match route.origin {
        Origin::Connected | Origin::Local => !args.has("static"),
        Origin::Static => !args.has("connected"),
    };
    Reply::Text(heading + &whole(&table, |route| !learned && wanted(route)))
}

fn whole(table: &Table, wanted: impl Fn(&Route) -> bool) -> String {
    let gateway = table.default().and_then(|route| route.hops.first());
    let mut text = format!("{CODES}\nGateway of last resort is ");
    text.push_str(&match gateway.map(|hop| hop.address) {
        None => "not set".to_owned(),
        Some(address) => {
            let address = address.unwrap_or(Ipv4Addr::UNSPECIFIED);
            format!("{address} to network 0.0.0.0")
        }
    });
    text.push_str("\n\n");
    let routes: Vec<&Route> = table.routes.values().collect();
    for group in routes.chunk_by(|a, b| major(a.prefix) == major(b.prefix)) {
        let mut rows = group.iter().filter(|route| wanted(route)).peekable();
        if rows.peek().is_none() {
            continue;
        }
        let alone = group.len() == 1 && !is_subnet(group[0].prefix);
        let same = group.iter().all(|route| route.prefix.length() == group[0].prefix.length());
        if !alone {
            heading(&mut text, group, same);
        }
        rows.for_each(|route| row(&mut text, route, alone, same));
    }
    text
}

/// `      10.0.0.0/8 is variably subnetted, 4 subnets, 2 masks`
fn heading(text: &mut String, group: &[&Route], same: bool) {
    let Some(first) = group.first() else { return };
    let count = group.len();
    let (network, length) = major(first.prefix);
    let _ = match same {
        true => {
            let length = first.prefix.length();
            writeln!(text, "      {network}/{length} is subnetted, {count} subnets")
        }
        false => {
            let mut lengths: Vec<u8> = group.iter().map(|route| route.prefix.length()).collect();
            lengths.sort_unstable();
            lengths.dedup();
            let masks = lengths.len();
            writeln!(
                text,
                "      {network}/{length} is variably subnetted, {count} subnets, {masks} masks"
            )
        }
    };
}

fn row(text: &mut String, route: &Route, alone: bool, same: bool) {
    let code = match route.origin {
        Origin::Connected => "C",
        Origin::Local => "L",
        Origin::Static if route.prefix.length() == 0 => "S*",
        Origin::Static => "S",
    };
    let width = if alone { 6 } else { 9 };
    let address = route.prefix.address();
    let destination = match same && !alone {
        true => address.to_string(),
        false => route.prefix.to_string(),
    };
    let opening = format!("{code:<width$}{destination}");
    let blank = " ".repeat(opening.len());
    for (index, hop) in route.hops.iter().enumerate() {
        let opening = if index == 0 { &opening } else { &blank };
        let _ = writeln!(text, "{opening} {}", way(route, *hop));
    }
}

fn way(route: &Route, hop: Hop) -> String {
    let distance = route.distance;
    match (hop.address, hop.interface) {
        (Some(address), None) => format!("[{distance}/0] via {address}"),
        (Some(address), Some(interface)) => {
            format!("[{distance}/0] via {address}, {interface}")
        }
        (None, Some(interface)) => format!("is directly connected, {interface}"),
        (None, None) => String::new(),
    }
}

/// How many bits of a mask are set.
fn length(mask: Ipv4Addr) -> u8 {
    u8::try_from(mask.to_bits().count_ones()).unwrap_or(32)
}

/// `show ip route 10.0.0.2`, `show ip route 10.0.0.0 255.0.0.0`: a mask asks for that prefix alone.
fn one(table: &Table, address: Ipv4Addr, route: Option<&Route>) -> String {
    let Some(route) = route else {
        let wanted = Prefix::host_of(address);
        let known = table.routes.values().any(|route| major(route.prefix) == major(wanted));
        return format!("% {} not in table\n", if known { "Subnet" } else { "Network" });
    };
    let (prefix, distance) = (route.prefix, route.distance);
    let mut text = format!("Routing entry for {prefix}");
    if prefix.length() < class(prefix.address()) {
        text.push_str(", supernet");
    }
    let (by, more) = match route.origin {
        Origin::Connected | Origin::Local => ("connected", " (connected, via interface)"),
        Origin::Static if prefix.length() == 0 => ("static", ", candidate default path"),
        Origin::Static => ("static", ""),
    };
    let _ = writeln!(text, "\n  Known via \"{by}\", distance {distance}, metric 0{more}");
    text.push_str("  Routing Descriptor Blocks:\n");
    for (index, hop) in route.hops.iter().enumerate() {
        let mark = if index == 0 { '*' } else { ' ' };
        let via = hop.interface.map(|name| format!(", via {name}")).unwrap_or_default();
        let to = hop.address.map_or("directly connected".to_owned(), |hop| hop.to_string());
        let _ = writeln!(text, "  {mark} {to}{via}");
        text.push_str("      Route metric is 0, traffic share count is 1\n");
    }
    text
}

/// The classful network that a prefix belongs to: itself, if it is wider than its class.
fn major(prefix: Prefix) -> (Ipv4Addr, u8) {
    let length = class(prefix.address()).min(prefix.length());
    let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
    (Ipv4Addr::from_bits(prefix.address().to_bits() & mask), length)
}

/// Whether a prefix is a part of its classful network.
fn is_subnet(prefix: Prefix) -> bool {
    prefix.length() > class(prefix.address())
}

/// The length of a classful network: A, B, C.
fn class(address: Ipv4Addr) -> u8 {
    match address.octets()[0] {
        0..=127 => 8,
        128..=191 => 16,
        192..=255 => 24,
    }
}
