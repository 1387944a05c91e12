//! `show interfaces summary` and `stats`, `show protocols`.

use std::fmt::Write as _;

use simtime::Time;

use crate::feature::interface::counters::Counters;
use crate::feature::interface::state::up_or_down;
use crate::feature::interface::{Interface, Interfaces};
use crate::io::Direction;

const SUMMARY_HEAD: &str = "
 *: interface is up
 IHQ: pkts in input hold queue     IQD: pkts dropped from input queue
 OHQ: pkts in output hold queue    OQD: pkts dropped from output queue
 RXBS: rx rate (bits/sec)          RXPS: rx rate (pkts/sec)
 TXBS: tx rate (bits/sec)          TXPS: tx rate (pkts/sec)
 TRTL: throttle count

";

/// `show interfaces summary`, of a router that started and prints at these instants.
pub(super) fn summary(interfaces: &Interfaces, (started, now): (Time, Time)) -> String {
    let mut text = SUMMARY_HEAD.to_owned();
    let columns = ["IHQ", "IQD", "OHQ", "OQD", "RXBS", "RXPS", "TXBS", "TXPS", "TRTL"];
    let head: String = columns.iter().map(|column| format!("{column:>10}")).collect();
    let _ = writeln!(text, "  {:<26}{head}", "Interface");
    text.push_str(&("-".repeat(118) + "\n"));
    let nothing = Counters::default();
    for (name, interface) in interfaces.iter() {
        let counters = interface.counters.as_deref().unwrap_or(&nothing);
        let star = if interface.link.protocol_up() { '*' } else { ' ' };
        let (rxbs, rxps) = counters.rates(Direction::Input, started, now);
        let (txbs, txps) = counters.rates(Direction::Output, started, now);
        let drops = |counter| counters.count(counter, now);
        let (iqd, oqd) =
            (drops(crate::io::Counter::InputDrops), drops(crate::io::Counter::OutputDrops));
        let numbers = [0, iqd, 0, oqd, rxbs, rxps, txbs, txps, 0];
        let row: String = numbers.iter().map(|number| format!("{number:>10}")).collect();
        let _ = writeln!(text, "{star} {:<26}{row}", name.long());
    }
    text
}

/// `show interfaces stats`, of one interface.
pub(super) fn stats(name: &str, interface: &Interface, now: Time) -> String {
    let nothing = Counters::default();
    let counters = interface.counters.as_deref().unwrap_or(&nothing);
    let of = |direction| (counters.packets(direction, now), counters.bytes(direction, now));
    let ((packets_in, bytes_in), (packets_out, bytes_out)) =
        (of(Direction::Input), of(Direction::Output));
    let mut text = format!("{name}\n");
    let mut row = |path: &str, numbers: [u64; 4]| {
        let [a, b, c, d] = numbers;
        let _ = writeln!(text, "{path:>24} {a:>10} {b:>10} {c:>10} {d:>10}");
    };
    let all = [packets_in, bytes_in, packets_out, bytes_out];
    row("Processor", [0; 4]);
    row("Route cache", [0; 4]);
    row("Distributed cache", all);
    row("Total", all);
    let head = format!(
        "{:>24} {:>10} {:>10} {:>10} {:>10}\n",
        "Switching path", "Pkts In", "Chars In", "Pkts Out", "Chars Out"
    );
    text.insert_str(name.len() + 1, &head);
    text
}

/// `show protocols`
pub(super) fn protocols(interfaces: &Interfaces) -> String {
    let mut text = String::from("Global values:\n  Internet Protocol routing is enabled\n");
    for (name, interface) in interfaces.iter() {
        let status = interface.link.status().as_str();
        let protocol = up_or_down(interface.link.protocol_up());
        let _ = writeln!(text, "{name} is {status}, line protocol is {protocol}");
        if let Some(prefix) = interface.prefix() {
            let _ = writeln!(text, "  Internet address is {prefix}");
        }
    }
    text
}
