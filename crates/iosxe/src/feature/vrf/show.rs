//! `show vrf`, `show vrf detail`, `show ip vrf`.

use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::{Afi, Direction, Family, Style, Target, Vrf};
use crate::command::{Command, Handler, Mode, Reply};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const NAME: Token = opt(&[param("name", Kind::Word, "VPN Routing/Forwarding instance name")]);
const VRF: Token = kw("vrf", "VPN Routing/Forwarding instance information");
const IP: Token = kw("ip", "IP information");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    show(
        &[
            SHOW,
            VRF,
            opt(&[one_of(&[
                &[kw("brief", "Brief VPN Routing/Forwarding instance information"), NAME],
                &[kw("ipv4", "Display IPv4 VRFs"), NAME],
                &[kw("ipv6", "Display IPv6 VRFs"), NAME],
                &[param("name", Kind::Word, "VPN Routing/Forwarding instance name")],
            ])]),
        ],
        vrfs,
    ),
    show(&[SHOW, VRF, kw("detail", "Detailed VRF information"), NAME], detail),
    show(&[SHOW, VRF, kw("interfaces", "Show VRF interface information"), NAME], interfaces),
    show(&[SHOW, IP, VRF, opt(&[kw("brief", "Brief information")]), NAME], ip_vrfs),
    show(&[SHOW, IP, VRF, kw("detail", "Detailed VRF information"), NAME], detail),
    show(&[SHOW, IP, VRF, kw("interfaces", "Show VRF interface information"), NAME], interfaces),
];

const fn show(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

/// The VRFs that a command is about; the refusal if the one that it names is not there.
fn wanted<'a>(state: &'a State, args: &Args) -> Result<Vec<(&'a str, &'a Vrf)>, Reply> {
    let name = args.text("name");
    let all = state.vrfs.all.iter().map(|(name, vrf)| (name.as_str(), vrf));
    let all: Vec<_> = all.filter(|(of, _)| name.is_none_or(|name| name == *of)).collect();
    match name {
        Some(name) if all.is_empty() => {
            Err(Reply::Refused(format!("% VRF {name} does not exist\n")))
        }
        Some(_) | None => Ok(all),
    }
}

/// The interfaces of a VRF, by their short names.
fn ports(state: &State, vrf: &Vrf) -> Vec<String> {
    state.interfaces.names_in(vrf.id).map(cli::InterfaceName::short).collect()
}

fn distinguisher(vrf: &Vrf) -> &str {
    vrf.rd.as_deref().unwrap_or("<not set>")
}

fn vrfs(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let all = match wanted(turn.state, args) {
        Ok(all) => all,
        Err(refusal) => return refusal,
    };
    let only = Afi::ALL.into_iter().find(|afi| args.has(afi.word()));
    let mut text =
        format!("  {:<32} {:<21} {:<11} Interfaces\n", "Name", "Default RD", "Protocols");
    for (name, vrf) in all {
        if only.is_some_and(|afi| vrf.family(afi).is_none()) {
            continue;
        }
        let families = Afi::ALL.into_iter().filter(|afi| vrf.family(*afi).is_some());
        let families = families.map(Afi::word).collect::<Vec<_>>().join(",");
        let opening = format!("  {name:<32} {:<21} {families:<11}", distinguisher(vrf));
        rows(&mut text, &opening, &ports(turn.state, vrf));
    }
    Reply::Text(text)
}

fn ip_vrfs(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let all = match wanted(turn.state, args) {
        Ok(all) => all,
        Err(refusal) => return refusal,
    };
    let mut text = format!("  {:<32} {:<21} Interfaces\n", "Name", "Default RD");
    for (name, vrf) in all.into_iter().filter(|(_, vrf)| vrf.ipv4.is_some()) {
        let opening = format!("  {name:<32} {:<21}", distinguisher(vrf));
        rows(&mut text, &opening, &ports(turn.state, vrf));
    }
    Reply::Text(text)
}

/// One row, and one more for each further interface.
fn rows(text: &mut String, opening: &str, ports: &[String]) {
    let _ = writeln!(text, "{opening} {}", ports.first().map_or("", String::as_str));
    let blank = " ".repeat(opening.len());
    for port in ports.iter().skip(1) {
        let _ = writeln!(text, "{blank} {port}");
    }
}

fn interfaces(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let all = match wanted(turn.state, args) {
        Ok(all) => all,
        Err(refusal) => return refusal,
    };
    let mut text = format!("{:<22} {:<15} {:<32} Protocol\n", "Interface", "IP-Address", "VRF");
    for (name, vrf) in all {
        for port in turn.state.interfaces.names_in(vrf.id) {
            let address = turn.state.interfaces.address_of(port);
            let address = address.map_or("unassigned".to_owned(), |address| address.to_string());
            let up = turn.state.interfaces.line(port).is_some_and(|line| line.protocol_up);
            let protocol = if up { "up" } else { "down" };
            let port = port.short();
            let _ = writeln!(text, "{port:<22} {address:<15} {name:<32} {protocol}");
        }
    }
    Reply::Text(text)
}

fn detail(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let all = match wanted(turn.state, args) {
        Ok(all) => all,
        Err(refusal) => return refusal,
    };
    Reply::Text(all.into_iter().map(|(name, vrf)| block(turn.state, name, vrf)).collect())
}

/// One block of `show vrf detail`.
fn block(state: &State, name: &str, vrf: &Vrf) -> String {
    let (id, rd) = (vrf.id.0, distinguisher(vrf));
    let mut text =
        format!("VRF {name} (VRF Id = {id}); default RD {rd}; default VPNID <not set>\n");
    if let Some(description) = &vrf.description {
        let _ = writeln!(text, "  Description: {description}");
    }
    text.push_str(match vrf.style {
        Style::Definition => {
            "  New CLI format, supports multiple address-families\n  Flags: 0x180C\n"
        }
        Style::Classic => "  Old CLI format, supports IPv4 only\n  Flags: 0xC\n",
    });
    let ports = ports(state, vrf);
    text.push_str(if ports.is_empty() { "  No interfaces\n" } else { "  Interfaces:\n" });
    for row in ports.chunks(3) {
        let cells: String = row.iter().map(|port| format!("{port:<25}")).collect();
        let _ = writeln!(text, "    {}", &cells[..cells.len() - 1]);
    }
    for afi in Afi::ALL {
        match vrf.family(afi) {
            None => {
                let _ = writeln!(text, "Address family {} unicast not active", afi.word());
            }
            Some(family) => family_block(&mut text, vrf, (afi, family)),
        }
    }
    for afi in Afi::ALL {
        let _ = writeln!(text, "Address family {} multicast not active", afi.word());
    }
    text.push('\n');
    text
}

fn family_block(text: &mut String, vrf: &Vrf, (afi, family): (Afi, &Family)) {
    // Tables of IPv6 are numbered from 0x1E000001 on.
    let table = match afi {
        Afi::Ipv4 => u32::from(vrf.id.0),
        Afi::Ipv6 => 0x1e00_0000 + u32::from(vrf.id.0),
    };
    let _ = writeln!(text, "Address family {} unicast (Table ID = 0x{table:X}):", afi.word());
    text.push_str("  Flags: 0x0\n");
    // Those of the family stand in place of those of the VRF.
    let targets = if family.targets.is_empty() { &vrf.targets } else { &family.targets };
    for (direction, word) in [(Direction::Export, "Export"), (Direction::Import, "Import")] {
        let of = |target: &&Target| target.direction == direction;
        let values: Vec<&str> = targets.iter().filter(of).map(|t| t.value.as_str()).collect();
        if values.is_empty() {
            let _ = writeln!(text, "  No {word} VPN route-target communities");
            continue;
        }
        let _ = writeln!(text, "  {word} VPN route-target communities");
        for row in values.chunks(3) {
            let cells: String =
                row.iter().map(|value| format!("{:<25}", format!("RT:{value}"))).collect();
            let _ = writeln!(text, "    {}", &cells[..cells.len() - 1]);
        }
    }
    text.push_str(
        "  No import route-map\n  No global export route-map\n  No export route-map\n  \
         VRF label distribution protocol: not configured\n  \
         VRF label allocation mode: per-prefix\n",
    );
}
