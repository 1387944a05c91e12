//! `ipv6 address` and its like under an interface, and how running-config prints them.

use std::net::Ipv6Addr;

use cli::{Args, InterfaceName, Kind, No, Token, kw, one_of, opt, param};

use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::config::ConfigText;
use crate::device::State;
use crate::feature::interface::ipv6::{ADDRESSES_MAX, Autoconfig, Configured, Dhcp, Form, Ipv6};
use crate::feature::interface::{Family, Interface, Prefix, is_link_local};
use crate::feature::track;
use crate::feature::vrf::Afi;
use crate::session::Session;
use crate::turn::Turn;

const IPV6: Token = kw("ipv6", "IPv6 interface subcommands");

/// The commands of this file.
pub(crate) const IPV6_COMMANDS: &[Command] = &[
    command(
        &[
            IPV6,
            kw("address", "Configure IPv6 address on interface"),
            one_of(&[
                &[
                    param("prefix", Kind::Ipv6Prefix, "IPv6 prefix"),
                    opt(&[one_of(&[
                        &[kw("anycast", "Configure as an anycast")],
                        &[kw("eui-64", "Use eui-64 interface identifier")],
                    ])]),
                ],
                &[
                    param("address", Kind::Ipv6, "IPv6 link-local address"),
                    kw("link-local", "Use link-local address"),
                ],
                &[
                    kw("autoconfig", "Obtain address using autoconfiguration"),
                    opt(&[kw("default", "Insert default route")]),
                ],
                &[
                    kw("dhcp", "Obtain a ipv6 address using dhcp"),
                    opt(&[kw("rapid-commit", "Enable Rapid-Commit")]),
                ],
            ]),
        ],
        address,
    ),
    command(&[IPV6, kw("enable", "Enable IPv6 on interface")], enable),
    command(
        &[
            IPV6,
            kw("mtu", "Set IPv6 Maximum Transmission Unit"),
            param("mtu", Kind::Integer { min: 1280, max: 9976 }, "MTU (bytes)"),
        ],
        mtu,
    ),
];

const fn command(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Interface], privilege: 15, syntax, no: No::Allowed, run }
}

/// The lines of one interface.
pub(super) fn print(interface: &Interface, text: &mut ConfigText) {
    let Some(ipv6) = &interface.config.ipv6 else { return };
    let mut line = |words: String| text.line(format_args!(" ipv6 {words}"));
    if let Some(address) = ipv6.link_local {
        line(format!("address {} link-local", address.shown()));
    }
    for Configured { prefix, form } in &ipv6.addresses {
        line(format!("address {prefix}{}", form.word()));
    }
    match ipv6.autoconfig {
        None => {}
        Some(Autoconfig::Plain) => line("address autoconfig".into()),
        Some(Autoconfig::Default) => line("address autoconfig default".into()),
    }
    match ipv6.dhcp {
        None => {}
        Some(Dhcp::Plain) => line("address dhcp".into()),
        Some(Dhcp::RapidCommit) => line("address dhcp rapid-commit".into()),
    }
    if ipv6.enabled {
        line("enable".into());
    }
    if let Some(mtu) = ipv6.mtu {
        line(format!("mtu {mtu}"));
    }
}

fn cleared(args: &Args) -> bool {
    args.is_no() || args.is_default()
}

/// Changes what the interface where the session stands has of IPv6, unless its table has none.
fn change(
    turn: &mut Turn<'_>,
    session: &Session,
    args: &Args,
    change: impl FnOnce(&mut Ipv6) -> Reply,
) -> Reply {
    let Place::Interface(name) = session.place() else {
        unreachable!("a command of interface mode runs in interface mode");
    };
    if !cleared(args)
        && let Some(refusal) = table_refusal(turn.state, name, Afi::Ipv6)
    {
        return Reply::Refused(refusal);
    }
    change_in_any(turn, session, change)
}

/// The same, whatever its table has.
fn change_in_any(
    turn: &mut Turn<'_>,
    session: &Session,
    change: impl FnOnce(&mut Ipv6) -> Reply,
) -> Reply {
    let Place::Interface(name) = session.place() else {
        unreachable!("a command of interface mode runs in interface mode");
    };
    let Some(interface) = turn.state.interfaces.get_mut(name) else {
        return Reply::Refused("% Interface no longer exists\n".into());
    };
    let reply = change(interface.config.ipv6.get_or_insert_default());
    interface.config.ipv6.take_if(|ipv6| **ipv6 == Ipv6::default());
    track::review(turn);
    reply
}

/// What IOS says where the table of an interface has no addresses of the family.
pub(super) fn table_refusal(state: &State, name: &InterfaceName, afi: Afi) -> Option<String> {
    let has_it = state.vrfs.has_family(state.interfaces.vrf_of(name), afi);
    let family = afi.name();
    (!has_it).then(|| format!("% {name} is linked to a VRF. Enable {family} on that VRF first.\n"))
}

fn enable(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    change(turn, session, args, |ipv6| {
        ipv6.enabled = !cleared(args);
        Reply::Done
    })
}

fn mtu(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let mtu = args.number("mtu").and_then(|mtu| u32::try_from(mtu).ok());
    // It outlasts the addresses when the interface goes to another table.
    change_in_any(turn, session, |ipv6| {
        ipv6.mtu = mtu.filter(|_| !cleared(args));
        Reply::Done
    })
}

fn address(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let is_set = !cleared(args);
    if let Some((address, length)) = args.ipv6_prefix("prefix") {
        return one_address(turn, session, args, Prefix::of(address, length));
    }
    if let Some(address) = args.ipv6("address") {
        return link_local(turn, session, args, address);
    }
    if args.has("autoconfig") {
        let form = if args.has("default") { Autoconfig::Default } else { Autoconfig::Plain };
        return change(turn, session, args, |ipv6| {
            ipv6.autoconfig = is_set.then_some(form);
            Reply::Done
        });
    }
    if args.has("dhcp") {
        let form = if args.has("rapid-commit") { Dhcp::RapidCommit } else { Dhcp::Plain };
        return change(turn, session, args, |ipv6| {
            ipv6.dhcp = is_set.then_some(form);
            Reply::Done
        });
    }
    if is_set {
        return Reply::Incomplete;
    }
    if let Place::Interface(name) = session.place()
        && let Some(kept) = turn.state.interfaces.inert_mut(name)
    {
        kept.forget("ipv6 address");
    }
    change(turn, session, args, |ipv6| {
        *ipv6 = Ipv6 { enabled: ipv6.enabled, mtu: ipv6.mtu, ..Ipv6::default() };
        Reply::Done
    })
}

fn link_local(turn: &mut Turn<'_>, session: &Session, args: &Args, address: Ipv6Addr) -> Reply {
    if cleared(args) {
        return change(turn, session, args, |ipv6| {
            ipv6.link_local.take_if(|own| *own == address);
            Reply::Done
        });
    }
    if !is_link_local(address) {
        return Reply::Refused("% Invalid link-local address\n".into());
    }
    change(turn, session, args, |ipv6| {
        ipv6.link_local = Some(address);
        Reply::Done
    })
}

/// An address with its prefix. The texts of refusals are from experience.
fn one_address(
    turn: &mut Turn<'_>,
    session: &Session,
    args: &Args,
    typed: Prefix<Ipv6Addr>,
) -> Reply {
    let Place::Interface(name) = session.place() else { return Reply::Invalid { column: 0 } };
    let form = match (args.has("eui-64"), args.has("anycast")) {
        (true, _) => Form::Eui64,
        (false, true) => Form::Anycast,
        (false, false) => Form::Plain,
    };
    // The lower half of what is typed is not kept.
    let prefix = if form == Form::Eui64 { typed.subnet() } else { typed };
    let new = Configured { prefix, form };
    if cleared(args) {
        return change(turn, session, args, |ipv6| {
            ipv6.addresses.retain(|old| *old != new);
            Reply::Done
        });
    }
    let address = prefix.address();
    if address.is_multicast() || address.is_loopback() || is_link_local(address) {
        return Reply::Refused(format!("%{name}: Error: {prefix} is invalid\n"));
    }
    if form == Form::Eui64 && prefix.length() > 64 {
        let text = "% Prefix length for eui-64 must not be longer than 64\n";
        return Reply::Refused(text.into());
    }
    let own = new.address(turn.state.interfaces.mac_of(name));
    if let Some((other, theirs)) = turn.state.interfaces.overlapping_v6(name, own) {
        let (own, theirs) = (own.subnet(), theirs.subnet());
        return Reply::Refused(format!(
            "%{name}: Error: {own} is overlapping with {theirs} on {other}\n"
        ));
    }
    let is_subnet = prefix.length() < 127 && prefix == prefix.subnet() && form == Form::Plain;
    let said = format!("%{name}: Warning: {prefix} is a Subnet Router Anycast\n");
    change(turn, session, args, |ipv6| {
        // The same address in another form, or with another length, is this one.
        ipv6.addresses.retain(|old| {
            let same_form = (old.form == Form::Eui64) == (form == Form::Eui64);
            !(same_form && old.prefix.address() == prefix.address())
        });
        if ipv6.addresses.len() >= ADDRESSES_MAX {
            return Reply::Refused("% Maximum number of addresses reached\n".into());
        }
        ipv6.addresses.push(new);
        if is_subnet { Reply::Text(said) } else { Reply::Done }
    })
}
