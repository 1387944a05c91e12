//! `show ipv6 interface [brief] [X]`.

use std::fmt::Write as _;

use cli::{Args, InterfaceName, Kind, No, Token, kw, one_of, opt, param};

use crate::command::{Command, Handler, Mode, Reply};
use crate::device::State;
use crate::feature::acl::Version;
use crate::feature::interface::ipv6::{Form, Ipv6};
use crate::feature::interface::state::up_or_down;
use crate::feature::interface::{Family, Interface};
use crate::io::Way;
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const IPV6: Token = kw("ipv6", "IPv6 information");
const INTERFACE: Token = kw("interface", "IPv6 interface status and configuration");
const ONE: Token = opt(&[param("interface", Kind::Interface, "Interface")]);

/// The commands of this file.
pub(crate) const IPV6_TABLES: &[Command] = &[
    show(
        &[
            SHOW,
            IPV6,
            INTERFACE,
            kw("brief", "Brief summary of IPv6 status and configuration"),
            ONE,
        ],
        brief,
    ),
    show(
        &[
            SHOW,
            IPV6,
            INTERFACE,
            opt(&[one_of(&[&[
                param("interface", Kind::Interface, "Interface"),
                opt(&[kw("prefix", "IPv6 interface prefix information")]),
            ]])]),
        ],
        whole,
    ),
];

const fn show(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

fn brief(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    each(turn.state, args, |name, interface| {
        let status = interface.link.status().as_str();
        let protocol = up_or_down(interface.link.protocol_up());
        let mut text = format!("{:<23}[{status}/{protocol}]\n", name.long());
        let all = &turn.state.interfaces;
        let Some(link_local) = all.link_local(name) else {
            text.push_str("    unassigned\n");
            return text;
        };
        let own = all.prefixes_v6(name).into_iter().map(|prefix| prefix.address());
        for address in [link_local].into_iter().chain(own) {
            let _ = writeln!(text, "    {}", address.shown());
        }
        text
    })
}

fn whole(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    each(turn.state, args, |name, interface| {
        let ipv6 = interface.config.ipv6.as_deref().filter(|ipv6| ipv6.runs());
        ipv6.map_or(String::new(), |ipv6| block(turn.state, name, (interface, ipv6)))
    })
}

fn each(state: &State, args: &Args, block: impl Fn(&InterfaceName, &Interface) -> String) -> Reply {
    let all = &state.interfaces;
    match args.interface("interface") {
        None => Reply::Text(all.iter().map(|(name, interface)| block(name, interface)).collect()),
        Some(name) => match all.get(name) {
            Some(interface) => Reply::Text(block(name, interface)),
            None => Reply::Invalid { column: args.column("interface") },
        },
    }
}

/// One block of `show ipv6 interface`.
fn block(state: &State, name: &InterfaceName, (interface, ipv6): (&Interface, &Ipv6)) -> String {
    let status = interface.link.status().as_str();
    let protocol = up_or_down(interface.link.protocol_up());
    let mut text = format!("{name} is {status}, line protocol is {protocol}\n");
    let mac = state.interfaces.mac_of(name);
    let up = interface.link.protocol_up();
    let (is, mark) = if up { ("enabled", "") } else { ("tentative", "[TEN]") };
    let link_local = ipv6.link_local(mac).map(Family::shown).unwrap_or_default();
    let _ = writeln!(text, "  IPv6 is {is}, link-local address is {link_local} {mark}");
    text.push_str("  No Virtual link-local address(es):\n");
    if let Some(description) = &interface.config.description {
        let _ = writeln!(text, "  Description: {description}");
    }
    if ipv6.autoconfig.is_some() {
        text.push_str("  Stateless address autoconfig enabled\n");
    }
    if ipv6.addresses.is_empty() {
        text.push_str("  No global unicast address is configured\n");
    } else {
        text.push_str("  Global unicast address(es):\n");
    }
    for configured in &ipv6.addresses {
        let own = configured.address(mac);
        let marks: Vec<&str> = [
            (configured.form == Form::Eui64, "EUI"),
            (configured.form == Form::Anycast, "ANY"),
            (!up, "TEN"),
        ]
        .into_iter()
        .filter_map(|(is, mark)| is.then_some(mark))
        .collect();
        let marks = if marks.is_empty() { String::new() } else { format!("[{}]", marks.join("/")) };
        let _ = writeln!(text, "    {}, subnet is {} {marks}", own.address().shown(), own.subnet());
    }
    text.push_str("  Joined group address(es):\n");
    for group in ipv6.groups(mac, state.statics.routes_v6) {
        let _ = writeln!(text, "    {}", group.shown());
    }
    if let Some(vrf) = state.vrfs.name(interface.config.vrf) {
        let _ = writeln!(text, "  VPN Routing/Forwarding \"{vrf}\"");
    }
    settings(&mut text, (name, interface), ipv6, state.statics.routes_v6);
    text
}

fn settings(
    text: &mut String,
    (name, interface): (&InterfaceName, &Interface),
    ipv6: &Ipv6,
    is_router: bool,
) {
    let nature = super::nature(name, interface).mtu;
    let mtu = ipv6.mtu.or(interface.config.mtu).unwrap_or(nature);
    let kept = |words: &str| interface.config.inert.in_order().any(|line| line.starts_with(words));
    let redirects = if kept("no ipv6 redirects") { "disabled" } else { "enabled" };
    let unreachables = if kept("no ipv6 unreachables") { "not sent" } else { "sent" };
    let _ = write!(
        text,
        "  MTU is {mtu} bytes\n  ICMP error messages limited to one every 100 milliseconds\n  \
         ICMP redirects are {redirects}\n  ICMP unreachables are {unreachables}\n  \
         ND DAD is enabled, number of DAD attempts: 1\n  \
         ND reachable time is 30000 milliseconds (using 30000)\n"
    );
    for (way, word) in [(Way::In, "Inbound"), (Way::Out, "Outgoing")] {
        if let Some(guard) = interface.config.guards.get(Version::V6, way) {
            let _ = writeln!(text, "  {word} access list {}", guard.list);
        }
    }
    if !is_router {
        return;
    }
    if kept("ipv6 nd ra suppress") {
        text.push_str("  ND RAs are suppressed (periodic)\n");
    }
    text.push_str(
        "  ND advertised reachable time is 0 (unspecified)\n  \
         ND advertised retransmit interval is 0 (unspecified)\n  \
         ND router advertisements are sent every 200 seconds\n  \
         ND router advertisements live for 1800 seconds\n  \
         ND advertised default router preference is Medium\n",
    );
    text.push_str(if kept("ipv6 nd managed-config-flag") {
        "  Hosts use DHCP to obtain routable addresses.\n"
    } else {
        "  Hosts use stateless autoconfig for addresses.\n"
    });
}
