//! One block of `show interfaces`. Clients need its every line (clients.md, sections 4 and 6).

use std::fmt::Write as _;

use cli::InterfaceName;

use crate::feature::interface::state::up_or_down;
use crate::feature::interface::{Config, Counters, Duplex, Interface, Medium};

/// What a type of interface is by itself.
struct Nature {
    mtu: u32,
    kbit: u32,
    delay_us: u32,
    encapsulation: &'static str,
    input_queue_max: u32,
    output_queue_max: u32,
}

const PORT: Nature = Nature {
    mtu: 1500,
    kbit: 1_000_000,
    delay_us: 10,
    encapsulation: "ARPA",
    input_queue_max: 375,
    output_queue_max: 40,
};

const LOOPBACK: Nature = Nature {
    mtu: 1514,
    kbit: 8_000_000,
    delay_us: 5000,
    encapsulation: "LOOPBACK",
    input_queue_max: 75,
    output_queue_max: 0,
};

/// The block of one interface.
pub(super) fn block(name: &InterfaceName, interface: &Interface) -> String {
    let nature = match interface.medium {
        Medium::Port { .. } => &PORT,
        Medium::Loopback => &LOOPBACK,
    };
    let mut text = String::new();
    identity(&mut text, name, interface);
    line_rate(&mut text, &interface.config, nature);
    wire(&mut text, interface);
    queues(&mut text, nature);
    input_counters(&mut text, &interface.counters, interface.medium);
    output_counters(&mut text, &interface.counters, interface.medium);
    text
}

fn identity(text: &mut String, name: &InterfaceName, interface: &Interface) {
    let status = interface.link.status().as_str();
    let protocol = up_or_down(interface.link.protocol_up());
    let _ = writeln!(text, "{name} is {status}, line protocol is {protocol} ");
    let _ = match interface.medium {
        Medium::Port { mac } => {
            writeln!(text, "  Hardware is vNIC, address is {mac} (bia {mac})")
        }
        Medium::Loopback => writeln!(text, "  Hardware is Loopback"),
    };
    if let Some(description) = &interface.config.description {
        let _ = writeln!(text, "  Description: {description}");
    }
    if let Some(prefix) = interface.prefix() {
        let _ = writeln!(text, "  Internet address is {prefix}");
    }
}

fn line_rate(text: &mut String, config: &Config, nature: &Nature) {
    let mtu = config.mtu.unwrap_or(nature.mtu);
    let kbit = config.bandwidth_kbit.unwrap_or(nature.kbit);
    let delay = config.delay_tens_of_us.map_or(nature.delay_us, |tens| tens.saturating_mul(10));
    let encapsulation = nature.encapsulation;
    let _ = writeln!(text, "  MTU {mtu} bytes, BW {kbit} Kbit/sec, DLY {delay} usec, ");
    text.push_str("     reliability 255/255, txload 1/255, rxload 1/255\n");
    let _ = writeln!(text, "  Encapsulation {encapsulation}, loopback not set");
    text.push_str("  Keepalive set (10 sec)\n");
}

/// What only a port with a wire has.
fn wire(text: &mut String, interface: &Interface) {
    let config = &interface.config;
    if interface.medium == Medium::Loopback {
        return;
    }
    let duplex = match config.duplex {
        None | Some(Duplex::Full) => "Full",
        Some(Duplex::Half) => "Half",
    };
    let speed = config.speed_mbit.unwrap_or(1000);
    let kind = if config.negotiation_off { "force-up" } else { "auto" };
    let _ = writeln!(
        text,
        "  {duplex} Duplex, {speed}Mbps, link type is {kind}, media type is Virtual"
    );
    text.push_str("  output flow-control is unsupported, input flow-control is unsupported\n");
    text.push_str("  ARP type: ARPA, ARP Timeout 04:00:00\n");
}

fn queues(text: &mut String, nature: &Nature) {
    let Nature { input_queue_max: input, output_queue_max: output, .. } = nature;
    text.push_str("  Last input never, output never, output hang never\n");
    text.push_str("  Last clearing of \"show interface\" counters never\n");
    let _ = writeln!(
        text,
        "  Input queue: 0/{input}/0/0 (size/max/drops/flushes); Total output drops: 0"
    );
    text.push_str("  Queueing strategy: fifo\n");
    let _ = writeln!(text, "  Output queue: 0/{output} (size/max)");
    text.push_str("  5 minute input rate 0 bits/sec, 0 packets/sec\n");
    text.push_str("  5 minute output rate 0 bits/sec, 0 packets/sec\n");
}

fn input_counters(text: &mut String, counters: &Counters, medium: Medium) {
    let Counters { input_packets: packets, input_bytes: bytes, .. } = counters;
    let _ = writeln!(text, "     {packets} packets input, {bytes} bytes, 0 no buffer");
    text.push_str("     Received 0 broadcasts (0 IP multicasts)\n");
    text.push_str("     0 runts, 0 giants, 0 throttles \n");
    text.push_str(match medium {
        Medium::Port { .. } => {
            "     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored\n     \
             0 watchdog, 0 multicast, 0 pause input\n"
        }
        Medium::Loopback => "     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored, 0 abort\n",
    });
}

fn output_counters(text: &mut String, counters: &Counters, medium: Medium) {
    let Counters { output_packets: packets, output_bytes: bytes, resets, .. } = counters;
    let _ = writeln!(text, "     {packets} packets output, {bytes} bytes, 0 underruns");
    text.push_str("     Output 0 broadcasts (0 IP multicasts)\n");
    let _ = writeln!(text, "     0 output errors, 0 collisions, {resets} interface resets");
    text.push_str("     0 unknown protocol drops\n");
    if let Medium::Port { .. } = medium {
        text.push_str("     0 babbles, 0 late collision, 0 deferred\n");
        text.push_str("     0 lost carrier, 0 no carrier, 0 pause output\n");
    }
    text.push_str("     0 output buffer failures, 0 output buffers swapped out\n");
}
