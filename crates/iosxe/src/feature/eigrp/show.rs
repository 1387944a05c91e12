//! `show ip eigrp` and `show eigrp address-family ipv4`, and `clear ip eigrp`.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::process::{Process, processes};
use crate::command::{Command, Handler, Mode, Reply};
use crate::feature::routing::tokens::AUTONOMOUS_SYSTEM;
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const IP: Token = kw("ip", "IP information");
const EIGRP: Token = kw("eigrp", "Show IPv4 EIGRP");
const WHICH: Token = opt(&[one_of(&[
    &[
        kw("vrf", "Select a VPN Routing/Forwarding instance"),
        param("vrf", Kind::Word, "VPN Routing/Forwarding instance name"),
        opt(&[AS]),
    ],
    &[AS],
])]);
const AS: Token = param("as", AUTONOMOUS_SYSTEM, "Autonomous System");

const WHAT: Token = one_of(&[
    &[
        kw("interfaces", "interfaces"),
        opt(&[kw("detail", "Show detailed peer information")]),
        opt(&[param("interface", Kind::Interface, "Interface")]),
    ],
    &[
        kw("neighbors", "Neighbors"),
        opt(&[one_of(&[
            &[kw("detail", "Show detailed peer information")],
            &[kw("static", "Show static peer information")],
            &[param("interface", Kind::Interface, "Interface")],
        ])]),
    ],
    &[
        kw("topology", "Select Topology"),
        opt(&[one_of(&[
            &[kw("active", "Show only active entries")],
            &[kw("all-links", "Show all links in topology table")],
            &[kw("summary", "Show a summary of the topology table")],
            &[kw("zero-successors", "Show only zero successor entries")],
        ])]),
    ],
]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    command(&[SHOW, IP, EIGRP, WHICH, WHAT], 1, show),
    command(
        &[
            SHOW,
            EIGRP,
            kw("address-family", "Show EIGRP address-family"),
            kw("ipv4", "IPv4 Address-Family"),
            opt(&[kw("unicast", "Unicast")]),
            WHICH,
            WHAT,
        ],
        1,
        show,
    ),
    command(
        &[
            kw("clear", "Reset functions"),
            kw("ip", "IP"),
            kw("eigrp", "Clear IPv4 EIGRP"),
            opt(&[AS]),
            opt(&[
                kw("neighbors", "Clear IPv4 EIGRP neighbors"),
                opt(&[one_of(&[
                    &[kw("soft", "Resync with peers without adjacency reset")],
                    &[param("neighbor", Kind::Ipv4, "IPv4 EIGRP neighbor address")],
                    &[param("interface", Kind::Interface, "Interface")],
                ])]),
            ]),
        ],
        15,
        clear,
    ),
];

const fn command(syntax: &'static [Token], privilege: u8, run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege, syntax, no: No::Without, run }
}

/// There is no neighbor to lose.
fn clear(_: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Done
}

fn show(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let number = args.number("as");
    let vrf = args.text("vrf");
    let mut text = String::new();
    for process in processes(turn.state) {
        let is_wanted = number.is_none_or(|number| number == u64::from(process.asn));
        if !is_wanted || process.vrf() != vrf {
            continue;
        }
        let Some(id) = process.id() else { continue };
        match () {
            () if args.has("interfaces") => interfaces(&mut text, turn, &process, args),
            () if args.has("topology") => topology(&mut text, turn, (&process, id), args),
            () => heading(&mut text, &process, "Neighbors"),
        }
    }
    Reply::Text(text)
}

/// `EIGRP-IPv4 VR(CORE) Address-Family Neighbors for AS(100)`
fn heading(text: &mut String, process: &Process<'_>, what: &str) {
    let asn = process.asn;
    let _ = match process.name {
        Some(name) => {
            writeln!(text, "EIGRP-IPv4 VR({name}) Address-Family {what} for AS({asn})")
        }
        None => writeln!(text, "EIGRP-IPv4 {what} for AS({asn})"),
    };
    if let Some(vrf) = process.vrf() {
        let _ = writeln!(text, "           VRF({vrf})");
    }
}

const INTERFACES_HEAD: &str = "                              \
Xmit Queue   PeerQ        Mean   Pacing Time   Multicast    Pending
Interface              Peers  Un/Reliable  Un/Reliable  SRTT   Un/Reliable   Flow Timer   Routes
";

/// Those that send hellos.
fn interfaces(text: &mut String, turn: &Turn<'_>, process: &Process<'_>, args: &Args) {
    heading(text, process, "Interfaces");
    text.push_str(INTERFACES_HEAD);
    let only = args.interface("interface");
    let ports = process.ports(turn.state).into_iter();
    for port in ports.filter(|port| only.is_none_or(|name| *name == port.name)) {
        if process.is_passive(port.name) {
            continue;
        }
        let _ = writeln!(
            text,
            "{:<25}0        0/0       0/0           0       0/0            0           0",
            port.name.short()
        );
        if args.has("detail") {
            let asn = process.asn;
            let of = |word: &str, usual: u32| {
                port.lines.number(&format!("ip {word} eigrp {asn}")).unwrap_or(usual)
            };
            let (hello, hold) = (of("hello-interval", 5), of("hold-time", 15));
            let _ = write!(
                text,
                "  Hello-interval is {hello}, Hold-time is {hold}\n  Split-horizon is enabled\n  \
                 Next xmit serial <none>\n  Packetized sent/expedited: 0/0\n  \
                 Hello's sent/expedited: 0/0\n  \
                 Un/reliable mcasts: 0/0  Un/reliable ucasts: 0/0\n  \
                 Mcast exceptions: 0  CR packets: 0  ACKs suppressed: 0\n  \
                 Retransmissions sent: 0  Out-of-sequence rcvd: 0\n  \
                 Topology-ids on interface - 0 \n  Authentication mode is not set\n"
            );
        }
    }
}

fn topology(
    text: &mut String,
    turn: &Turn<'_>,
    (process, id): (&Process<'_>, Ipv4Addr),
    args: &Args,
) {
    let asn = process.asn;
    let name = process.name.map(|name| format!(" VR({name})")).unwrap_or_default();
    let _ = writeln!(text, "EIGRP-IPv4{name} Topology Table for AS({asn})/ID({id})");
    if let Some(vrf) = process.vrf() {
        let _ = writeln!(text, "           VRF({vrf})");
    }
    let known = process.topology(turn.state);
    if args.has("summary") {
        let count = known.len();
        let _ = write!(
            text,
            "Head serial 1, next serial {}\n{count} routes, 0 pending replies, 0 dummies\n\
             Enabled on {} interfaces, 0 neighbors present on 0 interfaces\n",
            count + 1,
            process.ports(turn.state).len()
        );
        return;
    }
    text.push_str(
        "Codes: P - Passive, A - Active, U - Update, Q - Query, R - Reply,\n       \
         r - reply Status, s - sia Status \n\n",
    );
    if args.has("active") || args.has("zero-successors") {
        return;
    }
    for network in known {
        let (prefix, metric, via) = (network.prefix, network.metric, network.via);
        let serial = if args.has("all-links") { ", serno 1" } else { "" };
        let _ =
            writeln!(text, "P {prefix}, 1 successors, FD is {metric}{serial}\n        via {via}");
    }
    text.push('\n');
}
