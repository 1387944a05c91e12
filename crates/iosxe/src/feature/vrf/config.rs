//! `vrf definition`, `ip vrf` and what stands under them, and how running-config prints it.

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::{Afi, Direction, Family, Style, TARGETS_MAX, Target, Vrf};
use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::feature::track;
use crate::session::Session;
use crate::turn::Turn;

/// The longest name, in bytes.
const NAME_BYTES_MAX: usize = 32;

const NAME: Token = param("name", Kind::Word, "VPN Routing/Forwarding instance name");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    command(
        &[Mode::Config],
        &[kw("vrf", "VRF commands"), kw("definition", "VRF definition configuration"), NAME],
        definition,
    ),
    command(
        &[Mode::Config],
        &[
            kw("ip", "Global IP configuration subcommands"),
            kw("vrf", "Configure an IP VPN Routing/Forwarding instance"),
            NAME,
        ],
        classic,
    ),
    command(
        &[Mode::Vrf],
        &[
            kw("rd", "Specify Route Distinguisher"),
            param("rd", Kind::Word, "VPN Route Distinguisher"),
        ],
        rd,
    ),
    command(
        &[Mode::Vrf],
        &[
            kw("description", "VRF specific description"),
            param("description", Kind::Line, "Up to 244 characters describing this VRF"),
        ],
        description,
    ),
    command(
        &[Mode::Vrf, Mode::VrfFamily],
        &[
            kw("route-target", "Specify Target VPN Extended Communities"),
            one_of(&[
                &[kw("both", "Both import and export Target-VPN community"), TARGET],
                &[kw("export", "Export Target-VPN community"), TARGET],
                &[kw("import", "Import Target-VPN community"), TARGET],
                &[TARGET],
            ]),
            opt(&[kw("stitching", "VXLAN route target set")]),
        ],
        route_target,
    ),
    command(
        &[Mode::Vrf],
        &[
            kw("address-family", "Enter Address Family command mode"),
            one_of(&[&[kw("ipv4", "Address family")], &[kw("ipv6", "Address family")]]),
            opt(&[kw("unicast", "Address Family modifier")]),
        ],
        address_family,
    ),
    Command {
        modes: &[Mode::VrfFamily],
        privilege: 15,
        syntax: &[kw("exit-address-family", "Exit from VRF address-family configuration mode")],
        no: No::Without,
        run: exit_family,
    },
];

const TARGET: Token = param("target", Kind::Word, "Target VPN Extended Community");

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::VRF, print }];

const fn command(modes: &'static [Mode], syntax: &'static [Token], run: Handler) -> Command {
    Command { modes, privilege: 15, syntax, no: No::Allowed, run }
}

fn print(state: &State, text: &mut ConfigText) {
    for (name, vrf) in &state.vrfs.all {
        text.separator();
        match vrf.style {
            Style::Definition => text.line(format_args!("vrf definition {name}")),
            Style::Classic => text.line(format_args!("ip vrf {name}")),
        }
        if let Some(description) = &vrf.description {
            text.line(format_args!(" description {description}"));
        }
        if let Some(rd) = &vrf.rd {
            text.line(format_args!(" rd {rd}"));
        }
        print_targets(&vrf.targets, " ", text);
        vrf.inert.in_order().for_each(|line| text.line(format_args!(" {line}")));
        for afi in Afi::ALL {
            let Some(family) = vrf.family(afi).filter(|_| vrf.style == Style::Definition) else {
                continue;
            };
            text.line(" !");
            text.line(format_args!(" address-family {}", afi.word()));
            print_targets(&family.targets, "  ", text);
            family.inert.in_order().for_each(|line| text.line(format_args!("  {line}")));
            text.line(" exit-address-family");
        }
        text.separator();
    }
}

fn print_targets(targets: &[Target], indent: &str, text: &mut ConfigText) {
    for Target { direction, value } in targets {
        let word = match direction {
            Direction::Export => "export",
            Direction::Import => "import",
        };
        text.line(format_args!("{indent}route-target {word} {value}"));
    }
}

fn definition(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    define(turn, args, Style::Definition)
}

fn classic(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    define(turn, args, Style::Classic)
}

fn define(turn: &mut Turn<'_>, args: &Args, style: Style) -> Reply {
    let Some(name) = args.text("name") else { return Reply::Incomplete };
    if args.is_no() || args.is_default() {
        return remove(turn, name, style);
    }
    if !crate::config::is_word(name) || name.len() > NAME_BYTES_MAX {
        return Reply::Invalid { column: args.column("name") };
    }
    match turn.state.vrfs.all.get(name) {
        Some(vrf) if vrf.style == style => {}
        Some(_) => {
            let command = match style {
                Style::Definition => "ip vrf",
                Style::Classic => "vrf definition",
            };
            return Reply::Refused(format!("% Use '{command}' command for VRF {name}\n"));
        }
        None => {
            if turn.state.vrfs.add(name, style).is_none() {
                return Reply::Refused("% Maximum number of VRFs reached\n".into());
            }
        }
    }
    Reply::Enter(Place::Vrf(name.to_owned()))
}

/// The interfaces of the VRF lose their addresses, and its routes are gone.
fn remove(turn: &mut Turn<'_>, name: &str, style: Style) -> Reply {
    let Some(vrf) = turn.state.vrfs.all.get(name).filter(|vrf| vrf.style == style) else {
        return Reply::Refused(format!("% VRF {name} does not exist\n"));
    };
    let id = vrf.id;
    turn.state.vrfs.all.remove(name);
    turn.state.statics.forget(id);
    let ports = turn.state.interfaces.leave(id);
    track::review(turn);
    if ports == 0 {
        return Reply::Done;
    }
    let families = match style {
        Style::Definition => "IPv4 and IPv6",
        Style::Classic => "IPv4",
    };
    Reply::Text(format!(
        "% {families} addresses from all interfaces in VRF {name} have been removed\n"
    ))
}

/// The VRF where the session stands, and the family if it stands in one.
fn place(session: &Session) -> Option<(&str, Option<Afi>)> {
    if let Place::VrfFamily(name, afi) = session.place() {
        return Some((name, Some(*afi)));
    }
    let Place::Vrf(name) = session.place() else { return None };
    Some((name, None))
}

/// Changes the VRF where the session stands; another session may have removed it meanwhile.
fn change(turn: &mut Turn<'_>, session: &Session, change: impl FnOnce(&mut Vrf) -> Reply) -> Reply {
    let here = place(session).and_then(|(name, _)| turn.state.vrfs.all.get_mut(name));
    here.map_or_else(|| Reply::Refused("% VRF no longer exists\n".into()), change)
}

fn cleared(args: &Args) -> bool {
    args.is_no() || args.is_default()
}

fn rd(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let typed = args.text("rd").map(str::to_owned);
    let Some((name, _)) = place(session) else { return Reply::Invalid { column: 0 } };
    let all = &turn.state.vrfs.all;
    let other = all.iter().find(|(other, vrf)| *other != name && vrf.rd == typed);
    let taken = other.is_some_and(|_| typed.is_some() && !cleared(args));
    if typed.as_deref().is_some_and(|rd| !is_distinguisher(rd)) {
        return Reply::Invalid { column: args.column("rd") };
    }
    if taken {
        return Reply::Refused("% Cannot set RD, check if it's unique\n".into());
    }
    change(turn, session, |vrf| match (cleared(args), &vrf.rd) {
        (true, _) => {
            vrf.rd = None;
            Reply::Done
        }
        (false, Some(rd)) if Some(rd) != typed.as_ref() => {
            Reply::Refused("% Do \"no rd\" before configuring a new rd\n".into())
        }
        (false, _) => {
            vrf.rd = typed;
            Reply::Done
        }
    })
}

/// `65000:1`, `10.0.0.1:1`, `1.1:1`: the second number is of two bytes unless the first is an AS
/// number of two bytes.
fn is_distinguisher(text: &str) -> bool {
    let Some((who, number)) = text.split_once(':') else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let parsed = |text: &str| digits(text).then(|| text.parse::<u64>().ok()).flatten();
    let Some(number) = parsed(number) else { return false };
    let (short, long) = (u64::from(u16::MAX), u64::from(u32::MAX));
    if let Some(asn) = parsed(who) {
        return (asn <= short && number <= long) || (asn <= long && number <= short);
    }
    let dotted = who.split_once('.').and_then(|(a, b)| Some((parsed(a)?, parsed(b)?)));
    let is_asn = dotted.is_some_and(|(high, low)| high <= short && low <= short);
    number <= short && (is_asn || who.parse::<std::net::Ipv4Addr>().is_ok())
}

fn description(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let typed = args.text("description").filter(|_| !cleared(args)).map(str::to_owned);
    change(turn, session, |vrf| {
        vrf.description = typed;
        Reply::Done
    })
}

fn route_target(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Some(target) = args.text("target") else { return Reply::Incomplete };
    if !is_distinguisher(target) {
        return Reply::Invalid { column: args.column("target") };
    }
    let stitching = if args.has("stitching") { " stitching" } else { "" };
    let value = format!("{target}{stitching}");
    let both = args.has("both") || !(args.has("export") || args.has("import"));
    let directions = [(Direction::Export, "export"), (Direction::Import, "import")];
    let meant: Vec<Direction> = directions
        .into_iter()
        .filter(|(_, word)| both || args.has(word))
        .map(|(direction, _)| direction)
        .collect();
    let afi = place(session).and_then(|(_, afi)| afi);
    change(turn, session, |vrf| {
        let targets = match afi {
            None => &mut vrf.targets,
            Some(afi) => &mut vrf.family_mut(afi).get_or_insert_default().targets,
        };
        targets.retain(|old| old.value != value || !meant.contains(&old.direction));
        if cleared(args) {
            return Reply::Done;
        }
        if targets.len() + meant.len() > TARGETS_MAX {
            return Reply::Refused("% Maximum number of route targets reached\n".into());
        }
        for direction in meant {
            let at = targets.partition_point(|old| old.direction <= direction);
            targets.insert(at, Target { direction, value: value.clone() });
        }
        Reply::Done
    })
}

fn address_family(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Some((name, _)) = place(session) else { return Reply::Invalid { column: 0 } };
    let name = name.to_owned();
    let afi = if args.has("ipv6") { Afi::Ipv6 } else { Afi::Ipv4 };
    let Some(vrf) = turn.state.vrfs.all.get_mut(&name) else {
        return Reply::Refused("% VRF no longer exists\n".into());
    };
    if vrf.style == Style::Classic {
        return Reply::Invalid { column: 0 };
    }
    if !cleared(args) {
        vrf.family_mut(afi).get_or_insert_with(Family::default);
        return Reply::Enter(Place::VrfFamily(name, afi));
    }
    *vrf.family_mut(afi) = None;
    let id = vrf.id;
    let ports = turn.state.interfaces.forget_addresses_in(id, afi);
    track::review(turn);
    match ports {
        0 => Reply::Done,
        _ => Reply::Text(format!(
            "% {} addresses from all interfaces in VRF {name} have been removed\n",
            afi.name()
        )),
    }
}

fn exit_family(_: &mut Turn<'_>, session: &mut Session, _: &Args) -> Reply {
    session.leave_to(session.places().len() - 1);
    Reply::Done
}

#[cfg(test)]
mod tests {
    use super::is_distinguisher;

    /// Goal: a route distinguisher is one of the three forms of RFC 4364. Method: a table.
    #[test]
    fn distinguishers() {
        let good = ["1:1", "65000:4294967295", "70000:65535", "10.0.0.1:7", "1.10:2"];
        let bad = ["1", "1:", ":1", "a:1", "70000:65536", "10.0.0.1:65536", "1:-1", "10.0.0:1x"];
        assert!(good.into_iter().all(is_distinguisher));
        for text in bad {
            assert!(!is_distinguisher(text), "{text}");
        }
    }
}
