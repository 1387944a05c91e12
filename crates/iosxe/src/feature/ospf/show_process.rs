//! One block of `show ip ospf`.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use simtime::Duration;

use super::{Area, AreaKind, Port, Process, database};
use crate::feature::logging::stamp::uptime;
use crate::turn::Turn;

const CAPABILITIES: &str = " Supports only single TOS(TOS0) routes
 Supports opaque LSA
 Supports Link-local Signaling (LLS)
 Supports area transit capability
 Supports NSSA (compatible with RFC 3101)
 Supports Database Exchange Summary List Optimization (RFC 5243)
";

/// All that a process says of itself.
pub(super) fn text(turn: &Turn<'_>, process: &Process<'_>, id: Ipv4Addr) -> String {
    let number = process.number;
    let lines = &process.block.lines;
    let mut text = format!(" Routing Process \"ospf {number}\" with ID {id}\n");
    if lines.has("shutdown") {
        text.push_str(" Routing Process is shutdown\n");
    }
    if process.block.vrf.is_some() {
        let domain = Ipv4Addr::from_bits(number);
        let _ = writeln!(text, "   Domain ID type 0x0005, value {domain}");
    }
    let began = process.block.running.since.unwrap_or(turn.now);
    let start = began.since(turn.state.system.started());
    let elapsed = turn.now.since(began);
    let _ = writeln!(text, " Start time: {}, Time elapsed: {}", millis(start), millis(elapsed));
    text.push_str(CAPABILITIES);
    if let Some(vrf) = &process.block.vrf {
        let _ = writeln!(text, " Connected to MPLS VPN Superbackbone, VRF {vrf}");
    }
    text.push_str(" Event-log enabled, Maximum number of events: 1000, Mode: cyclic\n");
    roles(&mut text, turn, process);
    timers(&mut text, process);
    text.push_str(
        " EXCHANGE/LOADING adjacency limit: initial 300, process maximum 300\n \
         Number of external LSA 0. Checksum Sum 0x000000\n \
         Number of opaque AS LSA 0. Checksum Sum 0x000000\n \
         Number of DCbitless external and opaque AS LSA 0\n \
         Number of DoNotAge external and opaque AS LSA 0\n",
    );
    areas(&mut text, turn, process, id);
    text
}

/// `00:01:36.589`, and from a day on `1d02h`.
fn millis(span: Duration) -> String {
    match span.as_secs() < 86_400 {
        true => format!("{}.{:03}", uptime(span), span.as_millis() % 1000),
        false => uptime(span),
    }
}

fn roles(text: &mut String, turn: &Turn<'_>, process: &Process<'_>) {
    let is_border = is_border(turn, process);
    if let Some(what) = role(is_border, process.is_boundary()) {
        let _ = writeln!(text, " It is an {what}");
    }
    if process.is_boundary() {
        text.push_str(" Redistributing External Routes from,\n");
        for source in process.block.lines.of("redistribute") {
            let _ = writeln!(text, "    {}", redistributed(source));
        }
    }
    text.push_str(match process.block.lines.has("max-metric router-lsa") {
        true => {
            " Originating router-LSAs with maximum metric\n    Condition: always, State: active\n"
        }
        false => " Router is not originating router-LSAs with maximum metric\n",
    });
}

/// Whether it has interfaces that are up in the backbone and in another area.
pub(crate) fn is_border(turn: &Turn<'_>, process: &Process<'_>) -> bool {
    let up = process.ports(turn.state).into_iter().filter(|port| port.link.is_up);
    let areas: Vec<Area> = up.map(|port| port.area).collect();
    areas.iter().any(|area| area.is_backbone()) && areas.iter().any(|area| !area.is_backbone())
}

/// `area border and autonomous system boundary router`
pub(crate) fn role(is_border: bool, is_boundary: bool) -> Option<&'static str> {
    match (is_border, is_boundary) {
        (true, true) => Some("area border and autonomous system boundary router"),
        (true, false) => Some("area border router"),
        (false, true) => Some("autonomous system boundary router"),
        (false, false) => None,
    }
}

/// `connected with metric mapped to 10, includes subnets in redistribution`
pub(crate) fn redistributed(source: &str) -> String {
    let words: Vec<&str> = source.split(' ').collect();
    let options = ["metric", "metric-type", "subnets", "tag", "route-map", "match"];
    let end = words.iter().position(|word| options.contains(word)).unwrap_or(words.len());
    let mut text = words[..end].join(" ");
    let value = |name: &str| {
        let at = words.iter().position(|word| *word == name)?;
        words.get(at + 1).copied()
    };
    if let Some(metric) = value("metric") {
        let _ = write!(text, " with metric mapped to {metric}");
    }
    if words.contains(&"subnets") {
        text.push_str(", includes subnets in redistribution");
    }
    if let Some(tag) = value("tag") {
        let _ = write!(text, ", with tag {tag}");
    }
    text
}

fn timers(text: &mut String, process: &Process<'_>) {
    let lines = &process.block.lines;
    let three = |words: &str| -> Vec<u32> {
        let typed = lines.get(words).unwrap_or("50 200 5000");
        typed.split(' ').filter_map(|number| number.parse().ok()).collect()
    };
    if let [delay, hold, wait] = three("timers throttle spf")[..] {
        let _ = write!(
            text,
            " Initial SPF schedule delay {delay} msecs\n \
             Minimum hold time between two consecutive SPFs {hold} msecs\n \
             Maximum wait time between two consecutive SPFs {wait} msecs\n"
        );
    }
    let ispf = if lines.has("ispf") { "enabled" } else { "disabled" };
    let _ = writeln!(text, " Incremental-SPF {ispf}");
    if let [delay, hold, wait] = three("timers throttle lsa")[..] {
        let _ = write!(
            text,
            " Initial LSA throttle delay {delay} msecs\n \
             Minimum hold time for LSA throttle {hold} msecs\n \
             Maximum wait time for LSA throttle {wait} msecs\n"
        );
    }
    let or = |words: &str, default: u32| lines.number(words).unwrap_or(default);
    let _ = write!(
        text,
        " Minimum LSA arrival {} msecs\n LSA group pacing timer {} secs\n \
         Interface flood pacing timer {} msecs\n Retransmission pacing timer {} msecs\n",
        or("timers lsa arrival", 100),
        or("timers pacing lsa-group", 240),
        or("timers pacing flood", 33),
        or("timers pacing retransmission", 66)
    );
}

/// `1. 1 normal 0 stub 0 nssa`
pub(crate) fn area_counts(turn: &Turn<'_>, process: &Process<'_>) -> String {
    let areas = process.areas(turn.state);
    let count = |kind| areas.iter().filter(|area| process.kind(**area) == kind).count();
    let (normal, stub, nssa) =
        (count(AreaKind::Normal), count(AreaKind::Stub), count(AreaKind::Nssa));
    format!("{}. {normal} normal {stub} stub {nssa} nssa", areas.len())
}

fn areas(text: &mut String, turn: &Turn<'_>, process: &Process<'_>, id: Ipv4Addr) {
    let reference = process.reference_mbit();
    let _ = write!(
        text,
        " Number of areas in this router is {}\n Number of areas transit capable is 0\n \
         External flood list length 0\n IETF NSF helper support enabled\n \
         Cisco NSF helper support enabled\n Reference bandwidth unit is {reference} mbps\n",
        area_counts(turn, process)
    );
    let ports = process.ports(turn.state);
    let lsas = database::own(turn, process, id);
    for area in process.areas(turn.state) {
        let here: Vec<&Port<'_>> = ports.iter().filter(|port| port.area == area).collect();
        let loopbacks = here.iter().filter(|port| port.link.is_loopback).count();
        let name = if area.is_backbone() { "BACKBONE(0)".into() } else { area.to_string() };
        let inactive = if here.is_empty() && area.is_backbone() { " (Inactive)" } else { "" };
        let _ = writeln!(text, "    Area {name}{inactive}");
        let of_loopbacks = match loopbacks {
            0 => String::new(),
            1 => " (1 loopback)".to_owned(),
            many => format!(" ({many} loopback)"),
        };
        let count = here.len();
        let _ =
            writeln!(text, "        Number of interfaces in this area is {count}{of_loopbacks}");
        match process.kind(area) {
            AreaKind::Normal => {}
            AreaKind::Stub => text.push_str("        It is a stub area\n"),
            AreaKind::Nssa => text.push_str("        It is a NSSA area\n"),
        }
        authentication(text, process, area);
        let lsa = lsas.iter().find(|(of, _)| *of == area).map(|(_, lsa)| lsa);
        let executed =
            process.block.running.ports.values().max().or(process.block.running.since.as_ref());
        let ago = executed.map(|at| turn.now.since(*at)).unwrap_or_default();
        let _ = writeln!(text, "        SPF algorithm last executed {} ago", millis(ago));
        let runs = 1 + here.iter().filter(|port| port.link.is_up).count();
        let _ = writeln!(text, "        SPF algorithm executed {runs} times");
        ranges(text, process, area);
        let (count, sum) = lsa.map_or((0, 0), |lsa| (1, lsa.checksum));
        let _ = write!(
            text,
            "        Number of LSA {count}. Checksum Sum 0x{sum:06X}\n        \
             Number of opaque link LSA 0. Checksum Sum 0x000000\n        \
             Number of DCbitless LSA 0\n        Number of indication LSA 0\n        \
             Number of DoNotAge LSA 0\n        Flood list length 0\n"
        );
    }
}

fn authentication(text: &mut String, process: &Process<'_>, area: Area) {
    text.push_str(match process.of_area(area, "authentication").next() {
        None => "        Area has no authentication\n",
        Some("message-digest") => "        Area has message digest authentication\n",
        Some(_) => "        Area has simple password authentication\n",
    });
}

fn ranges(text: &mut String, process: &Process<'_>, area: Area) {
    text.push_str("        Area ranges are\n");
    for range in process.of_area(area, "range") {
        let words: Vec<&str> = range.split(' ').collect();
        let [address, mask, rest @ ..] = &words[..] else { continue };
        let mask: Ipv4Addr = mask.parse().unwrap_or(Ipv4Addr::BROADCAST);
        let length = mask.to_bits().leading_ones();
        let how = if rest.contains(&"not-advertise") { "DoNotAdvertise" } else { "Advertise" };
        let _ = writeln!(text, "           {address}/{length} Passive {how}");
    }
}
