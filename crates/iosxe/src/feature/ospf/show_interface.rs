//! `show ip ospf interface`, in full and brief.

use std::fmt::Write as _;

use super::{Attached, Network2328, Port, PortState, Process};
use crate::feature::interface::Prefix;
use crate::feature::logging::stamp::uptime;
use crate::turn::Turn;
use simtime::Duration;

/// The head of `brief`.
pub(super) const BRIEF_HEAD: &str =
    "Interface    PID   Area            IP Address/Mask    Cost  State Nbrs F/C\n";

impl Network2328 {
    fn word(self) -> &'static str {
        match self {
            Network2328::Broadcast => "BROADCAST",
            Network2328::NonBroadcast => "NON_BROADCAST",
            Network2328::PointToPoint => "POINT_TO_POINT",
            Network2328::PointToMultipoint => "POINT_TO_MULTIPOINT",
            Network2328::Loopback => "LOOPBACK",
        }
    }
}

impl PortState {
    fn word(self) -> &'static str {
        match self {
            PortState::Down => "DOWN",
            PortState::Loopback => "LOOPBACK",
            PortState::Waiting => "WAITING",
            PortState::PointToPoint => "POINT_TO_POINT",
            PortState::Other => "DROTHER",
            PortState::Designated => "DR",
        }
    }

    fn short(self) -> &'static str {
        match self {
            PortState::Down => "DOWN",
            PortState::Loopback => "LOOP",
            PortState::Waiting => "WAIT",
            PortState::PointToPoint => "P2P",
            PortState::Other => "DROTH",
            PortState::Designated => "DR",
        }
    }
}

/// One row of `brief`.
pub(super) fn brief(text: &mut String, turn: &Turn<'_>, process: &Process<'_>, port: &Port<'_>) {
    let name = port.link.name.short();
    let (number, area) = (process.number, port.area.to_string());
    let prefix = port.prefix.to_string();
    let state = port.state(process, turn.now).short();
    let cost = port.cost;
    let _ =
        writeln!(text, "{name:<12} {number:<5} {area:<15} {prefix:<18} {cost:<5} {state:<5} 0/0");
}

/// One block, of the `index`th interface of a process.
pub(super) fn block(
    text: &mut String,
    turn: &Turn<'_>,
    (process, port): (&Process<'_>, &Port<'_>),
    index: usize,
) {
    let Some(id) = process.id() else { return };
    let Port { link, prefix, area, cost, .. } = port;
    let protocol = if link.is_up { "up" } else { "down" };
    let by = match port.by {
        Attached::Network => "Network Statement",
        Attached::Interface => "Interface Enable",
    };
    let network = port.network();
    let (number, type_word) = (process.number, network.word());
    let _ = write!(
        text,
        "{} is {}, line protocol is {protocol} \n  \
         Internet Address {prefix}, Interface ID {}, Area {area}\n  Attached via {by}\n  \
         Process ID {number}, Router ID {id}, Network Type {type_word}, Cost: {cost}\n  \
         Topology-MTID    Cost    Disabled    Shutdown      Topology Name\n        \
         0           {cost:<9} no          no            Base\n",
        link.name, link.status, link.index,
    );
    if port.by == Attached::Interface {
        text.push_str("  Enabled by interface config, including secondary ip addresses\n");
    }
    if network == Network2328::Loopback {
        text.push_str("  Loopback interface is treated as a stub Host\n");
        return;
    }
    election(text, turn, (process, port));
    timers(text, turn, (process, port));
    if link.is_up {
        counts(text, port, index);
    }
}

fn election(text: &mut String, turn: &Turn<'_>, (process, port): (&Process<'_>, &Port<'_>)) {
    let delay = port.link.lines.number("ip ospf transmit-delay").unwrap_or(1);
    let state = port.state(process, turn.now);
    let word = state.word();
    if matches!(state, PortState::PointToPoint) {
        let _ = writeln!(text, "  Transmit Delay is {delay} sec, State {word}");
        return;
    }
    let priority = port.priority();
    let _ = writeln!(text, "  Transmit Delay is {delay} sec, State {word}, Priority {priority}");
    match (state, process.id()) {
        (PortState::Designated, Some(id)) => {
            let address = Prefix::address(port.prefix);
            let _ = writeln!(text, "  Designated Router (ID) {id}, Interface address {address}");
        }
        (
            PortState::Down
            | PortState::Loopback
            | PortState::Waiting
            | PortState::PointToPoint
            | PortState::Other
            | PortState::Designated,
            _,
        ) => text.push_str("  No designated router on this network\n"),
    }
    text.push_str("  No backup designated router on this network\n");
}

fn timers(text: &mut String, turn: &Turn<'_>, (process, port): (&Process<'_>, &Port<'_>)) {
    let (hello, dead) = (port.hello_secs(), port.dead_secs());
    let retransmit = port.link.lines.number("ip ospf retransmit-interval").unwrap_or(5);
    let resync = port.link.lines.number("ip ospf resync-timeout").unwrap_or(dead.max(40));
    let _ = writeln!(
        text,
        "  Timer intervals configured, Hello {hello}, Dead {dead}, Wait {dead}, \
         Retransmit {retransmit}\n    oob-resync timeout {resync}"
    );
    if !port.link.is_up {
        return;
    }
    let since = process.block.running.ports.get(&port.link.name).copied().unwrap_or(turn.now);
    let passed = turn.now.since(since).as_secs();
    if port.is_passive {
        text.push_str("    No Hellos (Passive interface) \n");
    } else {
        let due = u64::from(hello) - passed % u64::from(hello.max(1));
        let _ = writeln!(text, "    Hello due in {}", uptime(Duration::from_secs(due)));
    }
    if port.state(process, turn.now) == PortState::Waiting {
        let left = u64::from(dead).saturating_sub(passed);
        let left = uptime(Duration::from_secs(left));
        let _ = writeln!(text, "    Wait time before Designated router selection {left}");
    }
}

fn counts(text: &mut String, port: &Port<'_>, index: usize) {
    text.push_str(
        "  Supports Link-local Signaling (LLS)\n  Cisco NSF helper support enabled\n  \
         IETF NSF helper support enabled\n  \
         Can be protected by per-prefix Loop-Free FastReroute\n  \
         Can be used for per-prefix Loop-Free FastReroute repair paths\n  \
         Not Protected by per-prefix TI-LFA\n",
    );
    let _ = write!(
        text,
        "  Index {index}/{index}/{index}, flood queue length 0\n  Next 0x0(0)/0x0(0)/0x0(0)\n  \
         Last flood scan length is 0, maximum is 0\n  \
         Last flood scan time is 0 msec, maximum is 0 msec\n  \
         Neighbor Count is 0, Adjacent neighbor count is 0 \n  Suppress hello for 0 neighbor(s)\n"
    );
    authentication(text, port);
}

fn authentication(text: &mut String, port: &Port<'_>) {
    let lines = port.link.lines;
    match lines.get("ip ospf authentication") {
        Some("") => text.push_str("  Simple password authentication enabled\n"),
        Some("message-digest") => {
            text.push_str("  Cryptographic authentication enabled\n");
            let keys = lines.of("ip ospf message-digest-key");
            let ids = keys.filter_map(|key| key.split(' ').next()?.parse::<u32>().ok());
            match ids.max() {
                Some(id) => {
                    let _ = writeln!(text, "    Youngest key id is {id}");
                }
                None => text.push_str("      No key configured, using default key id 0\n"),
            }
        }
        Some(_) | None => {}
    }
}
