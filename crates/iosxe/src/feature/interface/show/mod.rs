//! `show interfaces` and its tables, `show ip interface`, `show ip arp`.

mod brief;
mod detail;
mod ipv6;
mod layer3;
mod tables;

pub(super) use detail::nature;
pub(crate) use ipv6::IPV6_TABLES;

use cli::{Args, InterfaceName, Kind, No, Token, kw, one_of, opt, param};

use super::{Interface, bundle};
use crate::command::{Command, Handler, Mode, Reply};
use crate::io::VrfId;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this folder.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("ip", "IP information"),
            kw("interface", "IP interface status and configuration"),
            kw("brief", "Brief summary of IP status and configuration"),
            opt(&[param("interface", Kind::Interface, "Interface")]),
        ],
        no: No::Without,
        run: ip_interface_brief,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("interfaces", "Interface status and configuration"),
            kw("description", "Show interface description"),
        ],
        no: No::Without,
        run: description,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("interfaces", "Interface status and configuration"),
            opt(&[param("interface", Kind::Interface, "Interface")]),
        ],
        no: No::Without,
        run: interfaces,
    },
];

/// The commands that print what a router's interfaces make together.
pub(crate) const TABLES: &[Command] = &[
    show(
        &[
            SHOW,
            kw("interfaces", "Interface status and configuration"),
            kw("summary", "Show interface summary"),
        ],
        summary,
    ),
    show(
        &[
            SHOW,
            kw("interfaces", "Interface status and configuration"),
            opt(&[param("interface", Kind::Interface, "Interface")]),
            kw("stats", "Show interface packets & octets, in & out, by switching path"),
        ],
        stats,
    ),
    show(&[SHOW, kw("protocols", "Active network routing protocols")], protocols),
    show(
        &[
            SHOW,
            kw("ip", "IP information"),
            kw("interface", "IP interface status and configuration"),
            opt(&[param("interface", Kind::Interface, "Interface")]),
        ],
        ip_interface,
    ),
    show(
        &[
            SHOW,
            kw("ip", "IP information"),
            kw("arp", "IP ARP table"),
            opt(&[
                kw("vrf", "VPN Routing/Forwarding instance"),
                param("vrf", Kind::Word, "VPN Routing/Forwarding instance name"),
            ]),
            opt(&[one_of(&[
                &[param("interface", Kind::Interface, "Interface")],
                &[param("address", Kind::Ipv4, "IP address or hostname of ARP entry")],
            ])]),
        ],
        arp,
    ),
    show(&[SHOW, kw("arp", "ARP table")], arp),
    show(&[SHOW, kw("ip", "IP information"), kw("traffic", "IP protocol statistics")], traffic),
];

const SHOW: Token = kw("show", "Show running system information");

const fn show(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

fn summary(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let span = (turn.state.system.started(), turn.now);
    Reply::Text(tables::summary(&turn.state.interfaces, span))
}

fn stats(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let now = turn.now;
    each(turn, args, |name, interface| tables::stats(&name.long(), interface, now))
}

fn protocols(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Text(tables::protocols(&turn.state.interfaces))
}

fn ip_interface(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let vrfs = &turn.state.vrfs;
    each(turn, args, |name, interface| {
        layer3::ip_interface(name, interface, vrfs.name(interface.config.vrf))
    })
}

fn arp(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let vrf = match args.text("vrf").map(|name| (name, turn.state.vrfs.id(name))) {
        None => VrfId::GLOBAL,
        Some((_, Some(vrf))) => vrf,
        Some((name, None)) => {
            return Reply::Refused(format!("% VRF {name} does not exist\n"));
        }
    };
    let (interface, address) = (args.interface("interface"), args.ipv4("address"));
    Reply::Text(layer3::arp(&turn.state.interfaces, vrf, (interface, address)))
}

fn traffic(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Text(layer3::traffic(&turn.state.interfaces, turn.now))
}

/// A block for each interface, or for the one that is named.
fn each(
    turn: &Turn<'_>,
    args: &Args,
    block: impl Fn(&InterfaceName, &Interface) -> String,
) -> Reply {
    let all = &turn.state.interfaces;
    match args.interface("interface") {
        None => Reply::Text(all.iter().map(|(name, interface)| block(name, interface)).collect()),
        Some(name) => match all.get(name) {
            Some(interface) => Reply::Text(block(name, interface)),
            None => Reply::Invalid { column: args.column("interface") },
        },
    }
}

fn ip_interface_brief(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let (all, wanted) = (&turn.state.interfaces, args.interface("interface"));
    match wanted {
        Some(name) if all.get(name).is_none() => {
            Reply::Invalid { column: args.column("interface") }
        }
        _ => Reply::Text(brief::ip_interface_brief(all, wanted)),
    }
}

fn description(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Text(brief::description(&turn.state.interfaces))
}

fn interfaces(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let (state, all) = (&*turn.state, &turn.state.interfaces);
    let span = (turn.state.system.started(), turn.now);
    let block = |name: &InterfaceName, interface: &Interface| {
        detail::block(name, interface, &bundle::members_line(state, name), span)
    };
    let Some(name) = args.interface("interface") else {
        return Reply::Text(all.iter().map(|(name, i)| block(name, i)).collect());
    };
    match all.get(name) {
        Some(interface) => Reply::Text(block(name, interface)),
        None => Reply::Invalid { column: args.column("interface") },
    }
}
