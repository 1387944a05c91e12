//! One block of `show interfaces`. Clients need its every line (clients.md, sections 4 and 6).

use std::fmt::Write as _;

use cli::InterfaceName;
use simtime::Time;

use crate::feature::interface::state::up_or_down;
use crate::feature::interface::{Counters, Duplex, Interface, Medium};
use crate::io::{Counter, Direction};

/// What a type of interface is by itself.
#[derive(Clone, Copy)]
pub(in crate::feature::interface) struct Nature {
    hardware: &'static str,
    pub(in crate::feature::interface) mtu: u32,
    pub(in crate::feature::interface) kbit: u32,
    pub(in crate::feature::interface) delay_us: u32,
    encapsulation: &'static str,
    input_queue_max: u32,
    output_queue_max: u32,
}

const PORT: Nature = Nature {
    hardware: "vNIC",
    mtu: 1500,
    kbit: 1_000_000,
    delay_us: 10,
    encapsulation: "ARPA",
    input_queue_max: 375,
    output_queue_max: 40,
};

const LOOPBACK: Nature = Nature {
    hardware: "Loopback",
    mtu: 1514,
    kbit: 8_000_000,
    delay_us: 5000,
    encapsulation: "LOOPBACK",
    input_queue_max: 75,
    output_queue_max: 0,
};

const TUNNEL: Nature = Nature {
    hardware: "Tunnel",
    mtu: 9976,
    kbit: 100,
    delay_us: 50_000,
    encapsulation: "TUNNEL",
    input_queue_max: 375,
    output_queue_max: 0,
};

const DIALER: Nature = Nature {
    hardware: "Unknown",
    mtu: 1500,
    kbit: 56,
    delay_us: 20_000,
    encapsulation: "PPP",
    input_queue_max: 75,
    output_queue_max: 40,
};

const VLAN: Nature = Nature { hardware: "Ethernet SVI", ..PORT };

const SUBINTERFACE: Nature = Nature { encapsulation: "802.1Q Virtual LAN", ..PORT };

const BUNDLE: Nature = Nature { hardware: "GEChannel", ..PORT };

impl Nature {
    /// A logical interface that something else would carry.
    fn of_software(name: &InterfaceName) -> &'static Nature {
        match name.kind().long() {
            _ if name.subinterface().is_some() => &SUBINTERFACE,
            "Tunnel" => &TUNNEL,
            "Dialer" | "Multilink" | "Virtual-Template" => &DIALER,
            "Port-channel" => &BUNDLE,
            _ => &VLAN,
        }
    }
}

/// What an interface is by itself.
pub(in crate::feature::interface) fn nature(name: &InterfaceName, interface: &Interface) -> Nature {
    match interface.medium {
        Medium::Port { kind, .. } => {
            Nature { hardware: &kind.hardware, kbit: kind.mbit * 1000, ..PORT }
        }
        Medium::Loopback => LOOPBACK,
        Medium::Software => *Nature::of_software(name),
    }
}

/// What an interface has counted until now.
struct Seen<'a> {
    counters: &'a Counters,
    medium: Medium,
    started: Time,
    now: Time,
}

impl Seen<'_> {
    fn count(&self, counter: Counter) -> u64 {
        self.counters.count(counter, self.now)
    }

    fn rates(&self, direction: Direction) -> (u64, u64) {
        self.counters.rates(direction, self.started, self.now)
    }

    /// A rate as a part of 255 of the bandwidth, at least one.
    fn load(&self, direction: Direction, kbit: u32) -> u64 {
        let bits = self.rates(direction).0;
        (bits.saturating_mul(255) / (u64::from(kbit) * 1_000).max(1)).clamp(1, 255)
    }
}

/// The block of one interface, of a router that started and prints at these instants.
pub(super) fn block(
    name: &InterfaceName,
    interface: &Interface,
    members: &str,
    (started, now): (Time, Time),
) -> String {
    let nothing = Counters::default();
    let counters = interface.counters.as_deref().unwrap_or(&nothing);
    let seen = &Seen { counters, medium: interface.medium, started, now };
    let nature = &nature(name, interface);
    let mut text = String::new();
    identity(&mut text, name, interface);
    line_rate(&mut text, interface, nature, seen);
    wire(&mut text, interface);
    text.push_str(members);
    queues(&mut text, nature, seen);
    input_counters(&mut text, seen);
    output_counters(&mut text, seen);
    text
}

fn identity(text: &mut String, name: &InterfaceName, interface: &Interface) {
    let status = interface.link.status().as_str();
    let protocol = up_or_down(interface.link.protocol_up());
    let _ = writeln!(text, "{name} is {status}, line protocol is {protocol} ");
    let _ = match interface.medium {
        Medium::Port { mac, kind } => {
            writeln!(text, "  Hardware is {}, address is {mac} (bia {mac})", kind.hardware)
        }
        Medium::Loopback => writeln!(text, "  Hardware is Loopback"),
        Medium::Software => writeln!(text, "  Hardware is {}", Nature::of_software(name).hardware),
    };
    if let Some(description) = &interface.config.description {
        let _ = writeln!(text, "  Description: {description}");
    }
    if let Some(prefix) = interface.prefix() {
        let _ = writeln!(text, "  Internet address is {prefix}");
    }
}

fn line_rate(text: &mut String, interface: &Interface, nature: &Nature, seen: &Seen<'_>) {
    let config = &interface.config;
    let mtu = config.mtu.unwrap_or(nature.mtu);
    let kbit = config.bandwidth_kbit.unwrap_or(nature.kbit);
    let delay = config.delay_tens_of_us.map_or(nature.delay_us, |tens| tens.saturating_mul(10));
    let encapsulation = nature.encapsulation;
    let _ = writeln!(text, "  MTU {mtu} bytes, BW {kbit} Kbit/sec, DLY {delay} usec, ");
    let (sent, received) = (seen.load(Direction::Output, kbit), seen.load(Direction::Input, kbit));
    let _ = writeln!(text, "     reliability 255/255, txload {sent}/255, rxload {received}/255");
    let _ = writeln!(text, "  Encapsulation {encapsulation}, loopback not set");
    text.push_str("  Keepalive set (10 sec)\n");
}

/// What only a port with a wire has.
fn wire(text: &mut String, interface: &Interface) {
    let config = &interface.config;
    let Medium::Port { kind, .. } = interface.medium else { return };
    let duplex = match config.duplex {
        None | Some(Duplex::Full) => "Full",
        Some(Duplex::Half) => "Half",
    };
    let speed = config.speed_mbit.unwrap_or(kind.mbit);
    let media = &kind.media;
    let _ = match (kind.switched, config.negotiation_off) {
        (true, _) => writeln!(text, "  {duplex}-duplex, {speed}Mb/s, media type is {media}"),
        (false, forced) => {
            let link = if forced { "force-up" } else { "auto" };
            writeln!(
                text,
                "  {duplex} Duplex, {speed}Mbps, link type is {link}, media type is {media}"
            )
        }
    };
    text.push_str("  output flow-control is unsupported, input flow-control is unsupported\n");
    text.push_str("  ARP type: ARPA, ARP Timeout 04:00:00\n");
}

fn queues(text: &mut String, nature: &Nature, seen: &Seen<'_>) {
    let Nature { input_queue_max: input, output_queue_max: output, .. } = nature;
    let (input_drops, output_drops) =
        (seen.count(Counter::InputDrops), seen.count(Counter::OutputDrops));
    text.push_str("  Last input never, output never, output hang never\n");
    let cleared = seen.counters.cleared().map(|at| {
        let secs = seen.now.since(at).as_secs();
        format!("{:02}:{:02}:{:02}", secs / 3600, secs / 60 % 60, secs % 60)
    });
    let cleared = cleared.as_deref().unwrap_or("never");
    let _ = writeln!(text, "  Last clearing of \"show interface\" counters {cleared}");
    let _ = writeln!(
        text,
        "  Input queue: 0/{input}/{input_drops}/0 (size/max/drops/flushes); \
         Total output drops: {output_drops}"
    );
    text.push_str("  Queueing strategy: fifo\n");
    let _ = writeln!(text, "  Output queue: 0/{output} (size/max)");
    for (word, direction) in [("input", Direction::Input), ("output", Direction::Output)] {
        let (bits, packets) = seen.rates(direction);
        let _ = writeln!(text, "  5 minute {word} rate {bits} bits/sec, {packets} packets/sec");
    }
}

fn input_counters(text: &mut String, seen: &Seen<'_>) {
    let packets = seen.counters.packets(Direction::Input, seen.now);
    let bytes = seen.counters.bytes(Direction::Input, seen.now);
    let _ = writeln!(text, "     {packets} packets input, {bytes} bytes, 0 no buffer");
    text.push_str("     Received 0 broadcasts (0 IP multicasts)\n");
    let (runts, giants) = (seen.count(Counter::Runts), seen.count(Counter::Giants));
    let _ = writeln!(text, "     {runts} runts, {giants} giants, 0 throttles ");
    let errors = seen.counters.input_errors(seen.now);
    let (crc, frame) = (seen.count(Counter::Crc), seen.count(Counter::Frame));
    let (overrun, ignored) = (seen.count(Counter::Overrun), seen.count(Counter::Ignored));
    let _ = write!(
        text,
        "     {errors} input errors, {crc} CRC, {frame} frame, {overrun} overrun, {ignored} ignored"
    );
    text.push_str(match seen.medium {
        Medium::Port { .. } => "\n     0 watchdog, 0 multicast, 0 pause input\n",
        Medium::Loopback | Medium::Software => ", 0 abort\n",
    });
}

fn output_counters(text: &mut String, seen: &Seen<'_>) {
    let packets = seen.counters.packets(Direction::Output, seen.now);
    let bytes = seen.counters.bytes(Direction::Output, seen.now);
    let _ = writeln!(text, "     {packets} packets output, {bytes} bytes, 0 underruns");
    text.push_str("     Output 0 broadcasts (0 IP multicasts)\n");
    let (errors, collisions) = (seen.count(Counter::OutputErrors), seen.count(Counter::Collisions));
    let _ =
        writeln!(text, "     {errors} output errors, {collisions} collisions, 0 interface resets");
    text.push_str("     0 unknown protocol drops\n");
    if let Medium::Port { .. } = seen.medium {
        text.push_str("     0 babbles, 0 late collision, 0 deferred\n");
        text.push_str("     0 lost carrier, 0 no carrier, 0 pause output\n");
    }
    text.push_str("     0 output buffer failures, 0 output buffers swapped out\n");
}
