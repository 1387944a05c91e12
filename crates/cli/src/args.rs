//! What a line that matched a command holds: its keywords, its values, and whether it said `no`.

use std::net::Ipv4Addr;

/// One value of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A word or the rest of the line.
    Text(String),
    /// A number.
    Number(u64),
    /// An address or a mask.
    Ipv4(Ipv4Addr),
    /// An interface.
    Interface(crate::InterfaceName),
}
