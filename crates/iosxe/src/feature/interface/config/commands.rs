//! The commands that make and change interfaces.

use cli::{Args, InterfaceKind, InterfaceName, Kind, No, Token, kw, one_of, opt, param};

use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::feature::interface::{
    Address, Config, Duplex, Interface, Interfaces, Medium, Prefix, bundle, state,
};
use crate::feature::track;
use crate::feature::vrf::Afi;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("interface", "Select an interface to configure"),
            param("interface", Kind::Interface, "Interface"),
        ],
        no: No::Allowed,
        run: interface,
    },
    command(&[kw("shutdown", "Shutdown the selected interface")], shutdown),
    command(
        &[
            kw("description", "Interface specific description"),
            param("description", Kind::Line, "A character string describing this interface"),
        ],
        description,
    ),
    command(
        &[
            kw("ip", "Interface Internet Protocol config commands"),
            kw("address", "Set the IP address of an interface"),
            param("address", Kind::Ipv4, "IP address"),
            param("mask", Kind::Mask, "IP subnet mask"),
            opt(&[kw("secondary", "Make this IP address a secondary address")]),
        ],
        ip_address,
    ),
    command(
        &[
            kw("logging", "Configure logging for interface"),
            kw("event", "Interface events"),
            kw("link-status", "UPDOWN and CHANGE messages"),
        ],
        link_events,
    ),
    command(
        &[
            kw("mtu", "Set the interface Maximum Transmission Unit (MTU)"),
            param("mtu", Kind::Integer { min: 1500, max: 9216 }, "MTU size in bytes"),
        ],
        mtu,
    ),
    command(
        &[
            kw("bandwidth", "Set bandwidth informational parameter"),
            param("bandwidth", Kind::Integer { min: 1, max: 100_000_000 }, "Bandwidth in kilobits"),
        ],
        bandwidth,
    ),
    command(
        &[
            kw("delay", "Specify interface throughput delay"),
            param(
                "delay",
                Kind::Integer { min: 1, max: 16_777_215 },
                "Throughput delay (tens of microseconds)",
            ),
        ],
        delay,
    ),
    command(
        &[
            kw("duplex", "Configure duplex operation"),
            one_of(&[
                &[kw("auto", "Enable AUTO duplex configuration")],
                &[kw("full", "Force full duplex operation")],
                &[kw("half", "Force half-duplex operation")],
            ]),
        ],
        duplex,
    ),
    command(
        &[
            kw("speed", "Configure speed operation"),
            one_of(&[
                &[kw("10", "Force 10 Mbps operation")],
                &[kw("100", "Force 100 Mbps operation")],
                &[kw("1000", "Force 1000 Mbps operation")],
                &[kw("auto", "Enable AUTO speed configuration")],
            ]),
        ],
        speed,
    ),
    command(
        &[
            kw("negotiation", "Select autonegotiation mode"),
            kw("auto", "Perform link autonegotiation"),
        ],
        negotiation,
    ),
];

/// How many addresses an interface has beside its own.
const SECONDARY_MAX: usize = 64;

/// The longest description, in bytes.
const DESCRIPTION_BYTES_MAX: usize = 240;

const fn command(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Interface], privilege: 15, syntax, no: No::Allowed, run }
}

fn interface(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some(name) = args.interface("interface") else { return Reply::Incomplete };
    let exists = turn.state.interfaces.get(name).is_some();
    if args.is_no() || args.is_default() {
        return if exists { clear(turn, name, args.is_no()) } else { invalid_number(args) };
    }
    if exists {
        return Reply::Enter(Place::Interface(*name));
    }
    let carried = carried(&turn.state.interfaces, name);
    let medium = made_by_name(name).or_else(|| carried.map(|_| Medium::Software));
    let Some(medium) = medium else { return invalid_number(args) };
    if !make(turn, name, medium) {
        return Reply::Refused("% Maximum number of interfaces reached\n".into());
    }
    Reply::Enter(Place::Interface(*name))
}

/// Makes an interface, unless there is no room.
pub(in crate::feature::interface) fn make(
    turn: &mut Turn<'_>,
    name: &InterfaceName,
    medium: Medium,
) -> bool {
    if turn.state.interfaces.is_full() {
        return false;
    }
    turn.state.interfaces.add(*name, medium);
    if carried(&turn.state.interfaces, name) == Some(true) {
        state::carried(turn, name);
    }
    state::follow_config(turn, name);
    bundle::review(turn);
    true
}

/// `no interface X` and `default interface X`.
fn clear(turn: &mut Turn<'_>, name: &InterfaceName, remove: bool) -> Reply {
    if remove && name.kind().is_physical() && name.subinterface().is_none() {
        return Reply::Refused("% Removal of physical interfaces is not permitted\n".into());
    }
    if remove {
        bundle::dissolve(turn, name);
        state::take_down(turn, name);
        turn.state.interfaces.remove(name);
        turn.state.logging.interface_removed(name);
        return Reply::Done;
    }
    if let Some(interface) = turn.state.interfaces.get_mut(name) {
        interface.config = Config::default();
    }
    state::follow_config(turn, name);
    bundle::review(turn);
    track::review(turn);
    Reply::Text(format!("Interface {name} set to default configuration\n"))
}

/// The caret under the number: the type exists, this one of it does not.
fn invalid_number(args: &Args) -> Reply {
    let start = args.column("interface");
    let digits = args.line()[start..].find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    Reply::Invalid { column: start + digits }
}

/// The interfaces that come into being when they are named.
fn made_by_name(name: &InterfaceName) -> Option<Medium> {
    let plain = name.subinterface().is_none() && name.numbers().len() == 1;
    match InterfaceKind::long(name.kind()) {
        "Loopback" if plain => Some(Medium::Loopback),
        "BDI" | "Dialer" | "Multilink" | "Port-channel" | "Tunnel" | "Virtual-Template"
        | "VirtualPortGroup" | "Vlan" | "nve"
            if plain =>
        {
            Some(Medium::Software)
        }
        _ => None,
    }
}

/// Whether the port of a subinterface is up; nothing if this is none, or has no port.
fn carried(interfaces: &Interfaces, name: &InterfaceName) -> Option<bool> {
    let port = name.port()?;
    let carries = |i: &&Interface| i.medium.is_wired() || bundle::group_of(&port).is_some();
    let port = interfaces.get(&port).filter(carries)?;
    Some(port.link.protocol_up())
}

fn is_loopback(name: &InterfaceName) -> bool {
    let plain = name.subinterface().is_none() && name.numbers().len() == 1;
    plain && InterfaceKind::long(name.kind()) == "Loopback"
}

/// Changes the configuration of the interface where the session stands.
fn configure(
    turn: &mut Turn<'_>,
    session: &Session,
    change: impl FnOnce(&mut Config, Medium) -> Reply,
) -> Reply {
    let Place::Interface(name) = session.place() else {
        unreachable!("a command of interface mode runs in interface mode");
    };
    match turn.state.interfaces.get_mut(name) {
        Some(interface) => change(&mut interface.config, interface.medium),
        // Another session has removed it meanwhile.
        None => Reply::Refused("% Interface no longer exists\n".into()),
    }
}

/// The same, for what only a port with a wire has.
fn configure_wire(
    turn: &mut Turn<'_>,
    session: &Session,
    change: impl FnOnce(&mut Config),
) -> Reply {
    configure(turn, session, |config, medium| match medium {
        Medium::Port { .. } => {
            change(config);
            Reply::Done
        }
        Medium::Loopback | Medium::Software => Reply::Invalid { column: 0 },
    })
}

fn cleared(args: &Args) -> bool {
    args.is_no() || args.is_default()
}

/// A number of a line as a `u32`; `None` to clear.
fn number(args: &Args, name: &str) -> Option<u32> {
    let number = args.number(name).and_then(|n| u32::try_from(n).ok());
    number.filter(|_| !cleared(args))
}

fn shutdown(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let reply = configure(turn, session, |config, _| {
        config.shutdown = !cleared(args);
        Reply::Done
    });
    if let Place::Interface(name) = session.place() {
        state::follow_config(turn, name);
    }
    reply
}

fn description(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let text = args.text("description").filter(|_| !cleared(args));
    if text.is_some_and(|text| text.len() > DESCRIPTION_BYTES_MAX) {
        let limit = DESCRIPTION_BYTES_MAX;
        return Reply::Refused(format!(
            "% Description too long, the limit is {limit} characters\n"
        ));
    }
    configure(turn, session, |config, _| {
        config.description = text.map(str::to_owned);
        Reply::Done
    })
}

fn ip_address(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let reply = change_address(turn, session, args);
    track::review(turn);
    reply
}

fn change_address(turn: &mut Turn<'_>, session: &Session, args: &Args) -> Reply {
    let typed = args.ipv4("address").zip(args.ipv4("mask"));
    let typed = typed.and_then(|(address, mask)| Prefix::new(address, mask));
    if cleared(args) {
        return remove_address(turn, session, args, typed);
    }
    let (Some(prefix), Place::Interface(name)) = (typed, session.place()) else {
        return Reply::Invalid { column: args.column("mask") };
    };
    if let Some(refusal) = prefix.refusal(is_loopback(name)) {
        return Reply::Refused(refusal);
    }
    if let Some(refusal) = super::ipv6::table_refusal(turn.state, name, Afi::Ipv4) {
        return Reply::Refused(refusal);
    }
    if let Some(other) = turn.state.interfaces.overlapping(name, prefix) {
        let network = prefix.network();
        return Reply::Refused(format!("% {network} overlaps with {other}\n"));
    }
    if args.has("secondary") {
        return configure(turn, session, |config, _| {
            config.secondary.retain(|other| *other != prefix);
            if config.secondary.len() >= SECONDARY_MAX {
                return Reply::Refused("% Maximum number of secondary addresses reached\n".into());
            }
            config.secondary.push(prefix);
            Reply::Done
        });
    }
    let from_nvram = !turn.state.booted;
    configure(turn, session, |config, _| {
        config.address = Some(Address { prefix, from_nvram });
        config.inert.forget("ip address");
        Reply::Done
    })
}

/// `no ip address` clears whatever is there; with an address it must be that one, since clients
/// replace an address by setting the new one first (iosxe-cli.md, section 5).
fn remove_address(
    turn: &mut Turn<'_>,
    session: &Session,
    args: &Args,
    typed: Option<Prefix>,
) -> Reply {
    let named = args.ipv4("address").is_some();
    if args.has("secondary") {
        return configure(turn, session, |config, _| {
            config.secondary.retain(|other| Some(*other) != typed);
            Reply::Done
        });
    }
    configure(turn, session, |config, _| {
        if named && !config.secondary.is_empty() && typed == config.address.map(|a| a.prefix) {
            return Reply::Refused("Must delete secondary before deleting primary\n".into());
        }
        let present = config.address.map(|address| address.prefix);
        if !named || typed == present {
            config.address = None;
        }
        if !named {
            config.secondary.clear();
            config.inert.forget("ip address");
        }
        Reply::Done
    })
}

/// A router says that a link goes up or down unless it is told not to.
fn link_events(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    configure(turn, session, |config, _| {
        config.link_events = (!args.is_default()).then_some(!args.is_no());
        Reply::Done
    })
}

fn mtu(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let mtu = number(args, "mtu").filter(|&mtu| mtu != 1500);
    configure_wire(turn, session, |config| config.mtu = mtu)
}

fn bandwidth(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    configure(turn, session, |config, _| {
        config.bandwidth_kbit = number(args, "bandwidth");
        Reply::Done
    })
}

fn delay(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    configure(turn, session, |config, _| {
        config.delay_tens_of_us = number(args, "delay");
        Reply::Done
    })
}

fn duplex(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let duplex = match (args.has("full"), args.has("half")) {
        _ if cleared(args) => None,
        (true, _) => Some(Duplex::Full),
        (false, true) => Some(Duplex::Half),
        (false, false) => None,
    };
    configure_wire(turn, session, |config| config.duplex = duplex)
}

fn speed(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let speeds = [("10", 10), ("100", 100), ("1000", 1000)];
    let named = speeds.iter().find(|(word, _)| args.has(word)).map(|(_, mbit)| *mbit);
    let speed_mbit = named.filter(|_| !cleared(args));
    configure_wire(turn, session, |config| config.speed_mbit = speed_mbit)
}

fn negotiation(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    configure_wire(turn, session, |config| config.negotiation_off = args.is_no())
}
