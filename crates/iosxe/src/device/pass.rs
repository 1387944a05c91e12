//! What a router does with the packets of others: whoever carries them asks here.

use cli::InterfaceName;
use simtime::Time;

use super::Device;
use crate::feature::acl;
use crate::io::{Outbox, Packet, Way};
use crate::terminal;
use crate::turn::Turn;

impl Device {
    /// Whether the access list in front of an interface (its long name) lets a packet through. A
    /// match is counted, and logged if the list says so.
    pub fn lets_pass(
        &mut self,
        now: Time,
        interface: &str,
        way: Way,
        packet: &Packet,
        out: &mut Outbox,
    ) -> bool {
        let Some(name) = InterfaceName::parse(interface) else { return true };
        let mut turn = Turn { state: &mut self.state, now, trace: None, out };
        let passes = acl::guard::lets_pass(&mut turn, &name, way, packet);
        terminal::flush(&mut turn);
        passes
    }
}
