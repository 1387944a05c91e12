//! `show ip bgp` and `show bgp`: which families and which table are asked for, and the summary.

use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::speaker::{Family, Neighbor, Speaker, speaker};
use super::table::table;
use super::{show_neighbor, show_table};
use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const BGP: Token = kw("bgp", "BGP information");

const VRF: Token = opt(&[
    kw("vrf", "Display information for a VPN Routing/Forwarding instance"),
    param("vrf", Kind::Word, "VPN Routing/Forwarding instance name"),
]);
const CAST: Token = opt(&[one_of(&[
    &[kw("multicast", "Address Family modifier")],
    &[kw("unicast", "Address Family modifier")],
])]);
const OF_VPN: Token = opt(&[one_of(&[
    &[kw("all", "Display information about all VPN NLRIs")],
    &[
        kw("vrf", "Display information for a VPN Routing/Forwarding instance"),
        param("vrf", Kind::Word, "VPN Routing/Forwarding instance name"),
    ],
])]);

/// Which families.
const WHICH: Token = opt(&[one_of(&[
    &[kw("all", "All address families")],
    &[kw("ipv4", "Address family"), CAST, VRF],
    &[kw("ipv6", "Address family"), CAST, VRF],
    &[kw("l2vpn", "Address family"), kw("evpn", "Address Family modifier")],
    &[kw("vpnv4", "Address family"), opt(&[kw("unicast", "Address Family modifier")]), OF_VPN],
    &[kw("vpnv6", "Address family"), opt(&[kw("unicast", "Address Family modifier")]), OF_VPN],
])]);

/// Which table of them.
const WHAT: Token = opt(&[one_of(&[
    &[kw("summary", "Summary of BGP neighbor status")],
    &[
        kw("neighbors", "Detailed information on TCP and BGP neighbor connections"),
        opt(&[
            param("neighbor", Kind::Word, "Neighbor to display information about"),
            opt(&[one_of(&[
                &[kw("advertised-routes", "Display the routes advertised to a BGP neighbor")],
                &[kw("policy", "Display neighbor polices per address-family")],
                &[kw("received-routes", "Display the received routes from neighbor")],
                &[kw("routes", "Display routes learned from neighbor")],
            ])]),
        ]),
    ],
    &[kw("peer-group", "Display information on peer-groups"), GROUP],
    &[param("address", Kind::Ipv4, "Network in the BGP routing table to display")],
    &[param("prefix", Kind::Word, "IP prefix <network>/<length>")],
])]);
const GROUP: Token = opt(&[param("group", Kind::Word, "Peer-group name")]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] =
    &[show(&[SHOW, kw("ip", "IP information"), BGP, WHICH, WHAT]), show(&[SHOW, BGP, WHICH, WHAT])];

const fn show(syntax: &'static [Token]) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

/// What a router says that does not speak BGP.
pub(super) const NOT_ACTIVE: &str = "% BGP not active\n";

fn run(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some(speaker) = speaker(turn.state) else { return Reply::Refused(NOT_ACTIVE.into()) };
    let families: Vec<Family<'_>> =
        speaker.families().filter(|family| is_wanted(family, args)).collect();
    if let Some(vrf) = args.text("vrf").filter(|_| families.is_empty()) {
        return Reply::Refused(format!("% No such VRF: {vrf}\n"));
    }
    if args.has("summary") {
        return Reply::Text(summaries(turn, &speaker, &families, args));
    }
    if args.has("neighbors") {
        return show_neighbor::run(turn, &families, args);
    }
    if args.has("peer-group") {
        return Reply::Text(show_neighbor::groups(&speaker, args.text("group")));
    }
    show_table::run(turn, &speaker, &families, args)
}

/// Without a word it is IPv4 outside of VRFs.
fn is_wanted(family: &Family<'_>, args: &Args) -> bool {
    let afi = ["ipv4", "ipv6", "l2vpn", "vpnv4", "vpnv6"].into_iter().find(|afi| args.has(afi));
    let name = family.name();
    let is_used = family.block.is_listed || family.neighbors().next().is_some() || name == "ipv4";
    match (afi, args.text("vrf")) {
        (_, _) if !is_used => false,
        (None, _) if args.has("all") => true,
        (None, _) => name == "ipv4" && family.vrf().is_none(),
        (Some("vpnv4"), None) => name == "vpnv4" || (name == "ipv4" && family.vrf().is_some()),
        (Some("vpnv6"), None) => name == "vpnv6" || (name == "ipv6" && family.vrf().is_some()),
        (Some("vpnv4"), Some(vrf)) => name == "ipv4" && family.vrf() == Some(vrf),
        (Some("vpnv6"), Some(vrf)) => name == "ipv6" && family.vrf() == Some(vrf),
        (Some(afi), vrf) => {
            let wanted =
                if args.has("multicast") { format!("{afi} multicast") } else { afi.into() };
            let same = name == wanted || (afi == "l2vpn" && name.starts_with("l2vpn"));
            same && family.vrf() == vrf
        }
    }
}

/// Families of VRFs are told of together, as VPNs.
pub(super) fn headings<'f, 'a>(
    families: &'f [Family<'a>],
) -> Vec<(&'static str, Vec<&'f Family<'a>>)> {
    let mut all: Vec<(&'static str, Vec<&Family<'_>>)> = Vec::new();
    for family in families {
        let label = match (family.vrf(), family.name()) {
            (Some(_), "ipv4") => "VPNv4 Unicast",
            (Some(_), _) => "VPNv6 Unicast",
            (None, _) => family.label(),
        };
        match all.iter_mut().find(|(known, _)| *known == label) {
            Some((_, members)) => members.push(family),
            None => all.push((label, vec![family])),
        }
    }
    all
}

fn summaries(
    turn: &Turn<'_>,
    speaker: &Speaker<'_>,
    families: &[Family<'_>],
    args: &Args,
) -> String {
    let is_all = args.has("all") && !args.has("vpnv4") && !args.has("vpnv6");
    let mut text = String::new();
    for (index, (label, families)) in headings(families).into_iter().enumerate() {
        if is_all {
            if index > 0 {
                text.push('\n');
            }
            let _ = writeln!(text, "For address family: {label}");
        }
        summary(&mut text, turn, speaker, &families);
    }
    text
}

const HEAD: &str =
    "\nNeighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n";

/// Bytes of memory of a network, a path, an attribute.
const NETWORK_BYTES: usize = 248;
const PATH_BYTES: usize = 136;
const ATTRIBUTE_BYTES: usize = 288;

fn summary(text: &mut String, turn: &Turn<'_>, speaker: &Speaker<'_>, families: &[&Family<'_>]) {
    let id = speaker.id().unwrap_or(std::net::Ipv4Addr::UNSPECIFIED);
    let own = speaker.number(speaker.asn);
    let count: usize = families.iter().map(|family| table(turn.state, family).len()).sum();
    let version = count + 1;
    let _ = writeln!(text, "BGP router identifier {id}, local AS number {own}");
    let _ = writeln!(text, "BGP table version is {version}, main routing table version {version}");
    if count > 0 {
        let (networks, paths) = (count * NETWORK_BYTES, count * PATH_BYTES);
        let total = networks + paths + ATTRIBUTE_BYTES;
        let _ = write!(
            text,
            "{count} network entries using {networks} bytes of memory\n\
             {count} path entries using {paths} bytes of memory\n\
             1/1 BGP path/bestpath attribute entries using {ATTRIBUTE_BYTES} bytes of memory\n\
             0 BGP route-map cache entries using 0 bytes of memory\n\
             0 BGP filter-list cache entries using 0 bytes of memory\n\
             BGP using {total} total bytes of memory\n\
             BGP activity {count}/0 prefixes, {count}/0 paths, scan interval 60 secs\n"
        );
    }
    let neighbors: Vec<Neighbor<'_>> =
        families.iter().flat_map(|family| family.neighbors()).collect();
    if neighbors.is_empty() {
        return;
    }
    text.push_str(HEAD);
    neighbors.iter().for_each(|neighbor| row(text, turn, speaker, neighbor));
}

/// A long address has a line of its own.
fn row(text: &mut String, turn: &Turn<'_>, speaker: &Speaker<'_>, neighbor: &Neighbor<'_>) {
    let name = neighbor.name;
    if name.len() > 15 {
        let _ = write!(text, "{name}\n{:16}", "");
    } else {
        let _ = write!(text, "{name:<16}");
    }
    let asn = speaker.number(neighbor.asn());
    let state = neighbor.state(turn.state).short();
    let _ = writeln!(
        text,
        "4 {asn:>12} {0:>7} {0:>7} {1:>8} {0:>4} {0:>4} {2:<8} {state}",
        0, 1, "never"
    );
}
