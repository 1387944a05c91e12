//! `show ip protocols`: every routing protocol that runs, with its timers, networks and interfaces.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use cli::{Args, Kind, No, kw, opt, param};

use super::has_vrf;
use crate::command::{Command, Mode, Reply};
use crate::device::State;
use crate::feature::bgp::{self, Speaker};
use crate::feature::eigrp::{self, Process as EigrpProcess};
use crate::feature::ospf::{self, Process as OspfProcess};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 1,
    syntax: &[
        kw("show", "Show running system information"),
        kw("ip", "IP information"),
        kw("protocols", "IP routing protocol process parameters and statistics"),
        opt(&[
            kw("vrf", "Display information for a VPN Routing/Forwarding instance"),
            param("vrf", Kind::Word, "VPN Routing/Forwarding instance name"),
        ]),
        opt(&[kw("summary", "Summary of routing protocols")]),
    ],
    no: No::Without,
    run: protocols,
}];

const NSF: &str = "*** IP Routing is NSF aware ***\n\n";

/// It carries the routes that applications put into the table.
const APPLICATION: &str = "\
Routing Protocol is \"application\"
  Sending updates every 0 seconds
  Invalid after 0 seconds, hold down 0, flushed after 0
  Outgoing update filter list for all interfaces is not set
  Incoming update filter list for all interfaces is not set
  Maximum path: 32
  Routing for Networks:
  Routing Information Sources:
    Gateway         Distance      Last Update
  Distance: (default is 4)

";

const SOURCES: &str =
    "  Routing Information Sources:\n    Gateway         Distance      Last Update\n";

const NEIGHBORS_HEAD: &str = "  Neighbor(s):
    Address          FiltIn FiltOut DistIn DistOut Weight RouteMap
";

fn protocols(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let vrf = args.text("vrf");
    if let Some(vrf) = vrf.filter(|vrf| !has_vrf(turn.state, vrf)) {
        return Reply::Refused(format!("% VRF {vrf} does not exist\n"));
    }
    let eigrp: Vec<EigrpProcess<'_>> =
        eigrp::processes(turn.state).into_iter().filter(|process| process.vrf() == vrf).collect();
    let ospf: Vec<OspfProcess<'_>> =
        ospf::processes(turn.state).filter(|process| process.block.vrf.as_deref() == vrf).collect();
    let bgp = bgp::speaker(turn.state).filter(|_| vrf.is_none());
    if args.has("summary") {
        let names = eigrp
            .iter()
            .map(|process| format!("eigrp {}", process.asn))
            .chain(ospf.iter().map(|process| format!("ospf {}", process.number)))
            .chain(bgp.iter().map(|speaker| format!("bgp {}", speaker.number(speaker.asn))));
        return Reply::Text(summary(names));
    }
    let mut text = NSF.to_owned();
    if vrf.is_none() {
        text.push_str(APPLICATION);
    }
    eigrp.iter().for_each(|process| eigrp_block(&mut text, turn, process));
    ospf.iter().for_each(|process| ospf_block(&mut text, turn, process));
    bgp.iter().for_each(|speaker| bgp_block(&mut text, speaker));
    Reply::Text(text)
}

/// The protocols outside of VRFs as `show ip route summary` lists them, with the lines below each:
/// none has learned a route.
pub(crate) fn sources(state: &State) -> Vec<(String, &'static str)> {
    let mut all: Vec<(String, &str)> = Vec::new();
    let eigrp = eigrp::processes(state).into_iter().filter(|process| process.vrf().is_none());
    all.extend(eigrp.map(|process| (format!("eigrp {}", process.asn), "")));
    let ospf = ospf::processes(state).filter(|process| process.block.vrf.is_none());
    all.extend(ospf.map(|process| (format!("ospf {}", process.number), OSPF_COUNTS)));
    let bgp = bgp::speaker(state).into_iter();
    all.extend(bgp.map(|one| (format!("bgp {}", one.number(one.asn)), BGP_COUNTS)));
    all
}

const OSPF_COUNTS: &str = "  Intra-area: 0 Inter-area: 0 External-1: 0 External-2: 0
  NSSA External-1: 0 NSSA External-2: 0
";

const BGP_COUNTS: &str = "  External: 0 Internal: 0 Local: 0\n";

fn summary(names: impl Iterator<Item = String>) -> String {
    let mut text = "Index Process Name\n".to_owned();
    let known = ["connected", "static", "application"].map(str::to_owned);
    for (index, name) in known.into_iter().chain(names).enumerate() {
        let _ = writeln!(text, "{index:<5} {name}");
    }
    text.push_str(NSF.trim_end());
    text.push('\n');
    text
}

/// What filters all updates in one direction.
fn filters<'a>(text: &mut String, lists: impl Fn(&str) -> Vec<&'a str>) {
    for (word, direction) in [("Outgoing", "out"), ("Incoming", "in")] {
        let list = lists("distribute-list").into_iter().find_map(|line| {
            let list = line.strip_suffix(direction)?.strip_suffix(' ')?;
            Some(list.trim_start_matches("prefix ").trim_start_matches("route-map "))
        });
        let _ = match list {
            Some(list) => {
                writeln!(text, "  {word} update filter list for all interfaces is {list}")
            }
            None => writeln!(text, "  {word} update filter list for all interfaces is not set"),
        };
    }
}

fn passive(text: &mut String, names: &[String]) {
    if names.is_empty() {
        return;
    }
    text.push_str("  Passive Interface(s):\n");
    names.iter().for_each(|name| {
        let _ = writeln!(text, "    {name}");
    });
}

fn eigrp_block(text: &mut String, turn: &Turn<'_>, process: &EigrpProcess<'_>) {
    let (asn, lines, topology) = (process.asn, &process.block.lines, &process.topology.lines);
    let id = process.id().unwrap_or(Ipv4Addr::UNSPECIFIED);
    let _ = writeln!(text, "Routing Protocol is \"eigrp {asn}\"");
    filters(text, |words| topology.of(words).collect());
    text.push_str("  Default networks flagged in outgoing updates\n");
    text.push_str("  Default networks accepted from incoming updates\n");
    let sources: Vec<&str> = topology.of("redistribute").collect();
    if !sources.is_empty() {
        let words = |line: &&str| ospf::redistributed(line);
        let names: Vec<String> = sources.iter().map(words).collect();
        let _ = writeln!(text, "  Redistributing: {}", names.join(", "));
    }
    let _ = match process.name {
        Some(name) => {
            writeln!(text, "  EIGRP-IPv4 VR({name}) Address-Family Protocol for AS({asn})")
        }
        None => writeln!(text, "  EIGRP-IPv4 Protocol for AS({asn})"),
    };
    let wide = if process.name.is_some() { " K6=0" } else { "" };
    let weights: Vec<&str> =
        lines.get("metric weights").unwrap_or("0 1 0 1 0 0").split(' ').skip(1).collect();
    let weights: Vec<String> =
        weights.iter().zip(1..).map(|(weight, n)| format!("K{n}={weight}")).collect();
    let _ = writeln!(text, "    Metric weight {}{wide}", weights.join(", "));
    if process.name.is_some() {
        let scale = lines.number("metric rib-scale").unwrap_or(128);
        let _ = writeln!(text, "    Metric rib-scale {scale}\n    Metric version 64bit");
    }
    let internal_external = topology.get("distance eigrp").unwrap_or("90 170");
    let (internal, external) = internal_external.split_once(' ').unwrap_or(("90", "170"));
    let paths = topology.number("maximum-paths").unwrap_or(4);
    let active = topology.get("timers active-time").unwrap_or("3");
    let _ = write!(
        text,
        "    Soft SIA disabled\n    NSF-aware route hold timer is 240\n    Router-ID: {id}\n"
    );
    if let Some(stub) = lines.get("eigrp stub") {
        let _ = writeln!(text, "    Stub, {}", stub.replace(' ', ", "));
    }
    let _ = write!(
        text,
        "    Topology : 0 (base) \n      Active Timer: {active} min\n      \
         Distance: internal {internal} external {external}\n      Maximum path: {paths}\n      \
         Maximum hopcount {}\n      Maximum metric variance {}\n\n",
        topology.number("metric maximum-hops").unwrap_or(100),
        topology.number("variance").unwrap_or(1)
    );
    let auto = if topology.has("auto-summary") { "enabled" } else { "disabled" };
    let _ = write!(
        text,
        "  Automatic Summarization: {auto}\n  Maximum path: {paths}\n  Routing for Networks:\n"
    );
    for (network, wildcard) in process.networks() {
        let is_class = eigrp::classful(network) == (network, wildcard);
        let length = wildcard.to_bits().leading_zeros();
        let _ = match is_class {
            true => writeln!(text, "    {network}"),
            false => writeln!(text, "    {network}/{length}"),
        };
    }
    let ports = process.ports(turn.state);
    let names = ports.iter().filter(|port| process.is_passive(port.name));
    passive(text, &names.map(|port| port.name.long()).collect::<Vec<_>>());
    let _ = writeln!(text, "{SOURCES}  Distance: internal {internal} external {external}\n");
}

fn ospf_block(text: &mut String, turn: &Turn<'_>, process: &OspfProcess<'_>) {
    let (number, lines) = (process.number, &process.block.lines);
    let id = process.id().unwrap_or(Ipv4Addr::UNSPECIFIED);
    let _ = writeln!(text, "Routing Protocol is \"ospf {number}\"");
    filters(text, |words| lines.of(words).collect());
    let _ = writeln!(text, "  Router ID {id}");
    if let Some(role) = ospf::role(ospf::is_border(turn, process), process.is_boundary()) {
        let _ = writeln!(text, "  It is an {role}");
    }
    if process.is_boundary() {
        text.push_str("  Redistributing External Routes from,\n");
        for source in lines.of("redistribute") {
            let _ = writeln!(text, "    {}", ospf::redistributed(source));
        }
    }
    let paths = lines.number("maximum-paths").unwrap_or(4);
    let _ = writeln!(
        text,
        "  Number of areas in this router is {}\n  Maximum path: {paths}\n  Routing for Networks:",
        ospf::area_counts(turn, process)
    );
    for line in lines.of("network") {
        let _ = writeln!(text, "    {line}");
    }
    for (area, names) in ospf::explicit(turn.state, number) {
        let _ = writeln!(text, "  Routing on Interfaces Configured Explicitly (Area {area}):");
        names.iter().for_each(|name| {
            let _ = writeln!(text, "    {name}");
        });
    }
    let names = match lines.has("passive-interface default") {
        // All that there are, whether the process runs on them or not.
        true => super::ports(turn.state, process.block.vrf.as_deref())
            .filter(|port| process.is_passive(port.name))
            .map(|port| port.name.long())
            .collect(),
        false => lines.of("passive-interface").map(str::to_owned).collect::<Vec<_>>(),
    };
    passive(text, &names);
    text.push_str(SOURCES);
    let distance = match lines.get("distance ospf") {
        Some(three) => {
            let words: Vec<&str> = three.split(' ').collect();
            let of = |word: &str| {
                let at = words.iter().position(|known| *known == word);
                at.and_then(|at| words.get(at + 1)).copied().unwrap_or("110")
            };
            let (intra, inter, external) = (of("intra-area"), of("inter-area"), of("external"));
            format!("intra-area {intra} inter-area {inter} external {external}")
        }
        None => format!("(default is {})", lines.number("distance").unwrap_or(110)),
    };
    let _ = writeln!(text, "  Distance: {distance}\n");
}

fn bgp_block(text: &mut String, speaker: &Speaker<'_>) {
    let Some(family) = speaker.families().find(|family| family.name() == "ipv4") else { return };
    let lines = &family.block.lines;
    let _ = writeln!(text, "Routing Protocol is \"bgp {}\"", speaker.number(speaker.asn));
    filters(text, |words| lines.of(words).collect());
    let word = |on: bool| if on { "enabled" } else { "disabled" };
    let _ = write!(
        text,
        "  IGP synchronization is {}\n  Automatic route summarization is {}\n",
        word(lines.has("synchronization")),
        word(lines.has("auto-summary"))
    );
    let sources: Vec<&str> = lines.of("redistribute").collect();
    if !sources.is_empty() {
        let names: Vec<String> = sources.iter().map(|line| ospf::redistributed(line)).collect();
        let _ = writeln!(text, "  Redistributing: {}", names.join(", "));
    }
    let aggregates: Vec<&str> = lines.of("aggregate-address").collect();
    if !aggregates.is_empty() {
        text.push_str("  Unicast Aggregate Generation:\n");
        for aggregate in aggregates {
            let mut words = aggregate.split(' ');
            let address = words.next().unwrap_or_default();
            let mask = words.next().and_then(|mask| mask.parse::<Ipv4Addr>().ok());
            let mask = mask.unwrap_or(Ipv4Addr::BROADCAST);
            let length = mask.to_bits().leading_ones();
            let only = if aggregate.contains("summary-only") { "summary-only" } else { "" };
            let _ = writeln!(text, "    {:<19}{only}", format!("{address}/{length}"));
        }
    }
    let mut neighbors = family.neighbors().peekable();
    if neighbors.peek().is_some() {
        text.push_str(NEIGHBORS_HEAD);
    }
    for neighbor in neighbors {
        let of = |kind, direction| neighbor.filter(kind, direction).unwrap_or("").to_owned();
        let row = format!(
            "    {:<16} {:<6} {:<7} {:<6} {:<7} {:<6} {}",
            neighbor.name,
            of("filter-list", "in"),
            of("filter-list", "out"),
            of("distribute-list", "in"),
            of("distribute-list", "out"),
            neighbor.policy("weight").unwrap_or(""),
            of("route-map", "in")
        );
        let _ = writeln!(text, "{}", row.trim_end());
    }
    let paths = lines.number("maximum-paths").unwrap_or(1);
    let distance = lines.get("distance bgp").unwrap_or("20 200 200");
    let mut distances = distance.split(' ');
    let mut next = || distances.next().unwrap_or("200");
    let (external, internal, local) = (next(), next(), next());
    let _ = writeln!(
        text,
        "  Maximum path: {paths}\n{SOURCES}  \
         Distance: external {external} internal {internal} local {local}\n"
    );
}
