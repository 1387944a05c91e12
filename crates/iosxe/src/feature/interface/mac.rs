//! MAC addresses: drawn per router, printed in Cisco's groups of four digits.

use std::fmt;

use simtime::Rng;

/// A MAC address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MacAddress([u8; 6]);

impl MacAddress {
    /// The first address of a router: in the block that hypervisors give to virtual cards, with
    /// room for its ports behind it.
    pub(crate) fn draw(rng: &mut Rng) -> Self {
        let [_, _, _, _, _, _, high, low] = rng.next_u64().to_be_bytes();
        MacAddress([0x52, 0x54, 0x00, high, low, 0x00])
    }

    /// As a label on a chassis has it: `52:54:00:ab:cd:00`.
    pub(crate) fn colons(self) -> String {
        self.0.map(|byte| format!("{byte:02x}")).join(":")
    }

    /// Its bytes.
    pub(super) fn octets(self) -> [u8; 6] {
        self.0
    }

    /// The address of the port with this number.
    pub(crate) fn of_port(self, port: u8) -> Self {
        let [a, b, c, d, e, f] = self.0;
        MacAddress([a, b, c, d, e, f.wrapping_add(port)])
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}{b:02x}.{c:02x}{d:02x}.{e:02x}{g:02x}")
    }
}
