//! What carries an interface that has no wire: the ports of a bundle, the ports of a VLAN.
//!
//! A port that is up is taken into its bundle at once: what the other end has configured is not
//! asked, and nothing is forwarded over a bundle.

use std::fmt::Write as _;

use cli::{Args, InterfaceKind, InterfaceName, Kind, No, Token, kw, one_of, opt, param};

use super::{Interface, Medium, config, state};
use crate::command::{Command, Mode, Place, Reply};
use crate::config::ConfigText;
use crate::device::State;
use crate::feature::logging::Message;
use crate::feature::switch;
use crate::platform::Role;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Interface],
        privilege: 15,
        syntax: &[
            kw("channel-group", "Etherchannel/port bundling configuration"),
            opt(&[param(
                "group",
                Kind::Integer { min: 1, max: GROUP_MAX },
                "Channel group number",
            )]),
            opt(&[
                kw("mode", "Etherchannel Mode of the interface"),
                one_of(&[
                    &[kw("active", "Enable LACP unconditionally")],
                    &[kw("auto", "Enable PAgP only if a PAgP device is detected")],
                    &[kw("desirable", "Enable PAgP unconditionally")],
                    &[kw("on", "Enable Etherchannel only")],
                    &[kw("passive", "Enable LACP only if a LACP device is detected")],
                ]),
            ]),
        ],
        no: No::Allowed,
        run: channel_group,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("etherchannel", "EtherChannel information"),
            opt(&[param(
                "group",
                Kind::Integer { min: 1, max: GROUP_MAX },
                "Channel group number",
            )]),
            SUMMARY,
        ],
        no: No::Without,
        run: summary,
    },
];

const SUMMARY: Token = kw("summary", "One-line summary per channel-group");

/// The highest number of a group: that of a Catalyst 9300.
const GROUP_MAX: u64 = 128;

/// Which bundle a port belongs to, and how that is agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Channel {
    group: u32,
    mode: &'static str,
}

impl Channel {
    fn protocol(self) -> &'static str {
        match self.mode {
            "active" | "passive" => "LACP",
            "auto" | "desirable" => "PAgP",
            _ => " -",
        }
    }

    /// Its line of the running-config.
    pub(super) fn print(self, text: &mut ConfigText) {
        text.line(format_args!(" channel-group {} mode {}", self.group, self.mode));
    }
}

impl Interface {
    /// The group that a port is in right now.
    fn joins(&self) -> Option<u32> {
        self.config.channel.filter(|_| self.link.protocol_up()).map(|channel| channel.group)
    }
}

/// The bundle of a group.
fn bundle(group: u32) -> Option<InterfaceName> {
    InterfaceName::parse(&format!("Port-channel{group}"))
}

/// The group of a bundle, if it is one.
pub(super) fn group_of(name: &InterfaceName) -> Option<u32> {
    let is_bundle = InterfaceKind::long(name.kind()) == "Port-channel";
    name.numbers().first().copied().filter(|_| is_bundle && name.subinterface().is_none())
}

/// Whether what carries an interface is there; nothing if it is carried by no ports.
pub(super) fn is_carried(state: &State, name: &InterfaceName) -> Option<bool> {
    if let Some(group) = group_of(name) {
        return Some(state.interfaces.iter().any(|(_, port)| port.joins() == Some(group)));
    }
    let is_vlan = InterfaceKind::long(name.kind()) == "Vlan";
    let vlan = name.numbers().first().copied().filter(|_| is_vlan)?;
    if state.platform.profile().role != Role::Switch {
        return Some(false);
    }
    let exists = switch::vlans(state).iter().any(|(number, _)| *number == vlan);
    let mut ports = state.interfaces.switch_ports();
    Some(exists && ports.any(|port| port.is_up && port.carries(vlan)))
}

/// Something has changed that bundles and VLANs follow: says which ports come and go, then takes
/// the interfaces up or down that they carry.
pub(crate) fn review(turn: &mut Turn<'_>) {
    if !turn.state.booted {
        return;
    }
    let names: Vec<InterfaceName> = turn.state.interfaces.names().copied().collect();
    for name in &names {
        join(turn, name);
    }
    for name in &names {
        if let Some(up) = is_carried(turn.state, name) {
            state::carrier_of_software(turn, name, up);
        }
    }
}

/// A port joins the bundle that it should be in, and leaves the one that it should not.
pub(super) fn join(turn: &mut Turn<'_>, name: &InterfaceName) {
    let Some(port) = turn.state.interfaces.get_mut(name) else { return };
    let now = port.joins();
    let before = std::mem::replace(&mut port.joined, now);
    if now == before {
        return;
    }
    let short = name.short();
    if let Some(group) = before {
        let text = format!("Interface {short} left the port-channel Po{group}");
        turn.log(Message::new("EC", 5, "UNBUNDLE", text));
    }
    if let Some(group) = now {
        let text = format!("Interface {short} joined port-channel Po{group}");
        turn.log(Message::new("EC", 5, "BUNDLE", text));
    }
}

/// Before a bundle goes: its ports are in none.
pub(super) fn dissolve(turn: &mut Turn<'_>, name: &InterfaceName) {
    let Some(group) = group_of(name) else { return };
    for (_, port) in turn.state.interfaces.iter_mut() {
        if port.config.channel.is_some_and(|channel| channel.group == group) {
            port.config.channel = None;
        }
    }
    review(turn);
}

fn channel_group(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Place::Interface(name) = *session.place() else { return Reply::Invalid { column: 0 } };
    let clears = args.is_no() || args.is_default();
    let group = args.number("group").and_then(|group| u32::try_from(group).ok());
    if group.is_none() && !clears {
        return Reply::Incomplete;
    }
    let mode = ["active", "auto", "desirable", "passive"].into_iter().find(|mode| args.has(mode));
    let mode = mode.unwrap_or("on");
    let channel = group.filter(|_| !clears).map(|group| Channel { group, mode });
    let Some(port) = turn.state.interfaces.get_mut(&name) else {
        return Reply::Refused("% Interface no longer exists\n".into());
    };
    if !port.medium.is_wired() || name.subinterface().is_some() {
        return Reply::Invalid { column: 0 };
    }
    if channel.is_some() && port.config.address.is_some() {
        return Reply::Refused(
            "Command rejected: the interface has an IP address. Remove it first\n".into(),
        );
    }
    let Some(bundle) = channel.and_then(|channel| bundle(channel.group)) else {
        port.config.channel = None;
        review(turn);
        return Reply::Done;
    };
    let is_new = turn.state.interfaces.get(&bundle).is_none();
    if is_new && !config::make(turn, &bundle, Medium::Software) {
        return Reply::Refused("% Maximum number of interfaces reached\n".into());
    }
    if let Some(port) = turn.state.interfaces.get_mut(&name) {
        port.config.channel = channel;
    }
    review(turn);
    let group = group.unwrap_or_default();
    match is_new {
        true => Reply::Text(format!("Creating a port-channel interface Port-channel {group}\n\n")),
        false => Reply::Done,
    }
}

/// The ports of a group, in order, with whether each is in it right now.
fn members(state: &State, group: u32) -> impl Iterator<Item = (String, &Interface, Channel)> {
    state.interfaces.iter().filter_map(move |(name, port)| {
        let channel = port.config.channel.filter(|channel| channel.group == group)?;
        Some((name.short(), port, channel))
    })
}

/// The line of `show interfaces` about the ports that a bundle has.
pub(super) fn members_line(state: &State, name: &InterfaceName) -> String {
    let Some(group) = group_of(name) else { return String::new() };
    let active = members(state, group).filter(|(_, port, _)| port.joins().is_some());
    let names: Vec<String> = active.map(|(short, _, _)| short).collect();
    match names.is_empty() {
        true => String::new(),
        false => format!("  Members in this channel: {} \n", names.join(" ")),
    }
}

const FLAGS: &str = "\
Flags:  D - down        P - bundled in port-channel
        I - stand-alone s - suspended
        H - Hot-standby (LACP only)
        R - Layer3      S - Layer2
        U - in use      f - failed to allocate aggregator

        M - not in use, minimum links not met
        u - unsuitable for bundling
        w - waiting to be aggregated
        d - default port

        A - formed by Auto LAG


";

fn summary(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let state = &*turn.state;
    let wanted = args.number("group").and_then(|group| u32::try_from(group).ok());
    let bundles = state.interfaces.iter().filter_map(|(name, i)| Some((group_of(name)?, i)));
    let bundles: Vec<(u32, &Interface)> =
        bundles.filter(|(group, _)| wanted.is_none_or(|wanted| wanted == *group)).collect();
    let count = bundles.len();
    let mut text = format!(
        "{FLAGS}Number of channel-groups in use: {count}\n\
         Number of aggregators:           {count}\n\n\
         Group  Port-channel  Protocol    Ports\n\
         ------+-------------+-----------+-----------------------------------------------\n"
    );
    for (group, interface) in bundles {
        let ports: Vec<_> = members(state, group).collect();
        let layer = if ports.iter().any(|(_, port, _)| port.is_switching()) { 'S' } else { 'R' };
        let used = if interface.link.protocol_up() { 'U' } else { 'D' };
        let protocol = ports.first().map_or(" -", |(_, _, channel)| channel.protocol());
        let name = format!("Po{group}({layer}{used})");
        let _ = write!(text, "{group:<6} {name:<15} {protocol:<11} ");
        for (index, (short, port, _)) in ports.iter().enumerate() {
            if index > 0 && index % 3 == 0 {
                let _ = write!(text, "\n{:35}", "");
            }
            let flag = if port.joins().is_some() { 'P' } else { 'D' };
            let _ = write!(text, "{:<16}", format!("{short}({flag})"));
        }
        text.push('\n');
    }
    text.push('\n');
    Reply::Text(text)
}
