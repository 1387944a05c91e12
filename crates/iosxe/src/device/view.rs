//! What those outside see of a router's ports and sessions. Called by `lab`; it changes nothing.

use cli::InterfaceName;

use super::Device;
use crate::io::{InterfaceCounts, InterfaceView, SessionId};

impl Device {
    /// The interfaces that it has, long names in the order of `show ip interface brief`.
    pub fn interface_names(&self) -> Vec<String> {
        self.state.interfaces.names().map(InterfaceName::long).collect()
    }

    /// Its ports that are dead while no cable ends in them, by their long names.
    pub fn cabled_ports(&self) -> impl Iterator<Item = String> {
        let ports = self.state.platform.profile().ports();
        ports.filter(|(_, kind)| kind.cable).map(|(name, _)| name.long())
    }

    /// How many interfaces it has, and how many of them are up.
    pub fn interface_counts(&self) -> InterfaceCounts {
        self.state.interfaces.counts()
    }

    /// Its interfaces, in the order of `show ip interface brief`.
    pub fn interfaces(&self) -> Vec<InterfaceView> {
        self.state.interfaces.views()
    }

    /// Whether a port sends light: nobody has shut it down.
    pub fn sends(&self, interface: &str) -> bool {
        let name = InterfaceName::parse(interface);
        name.is_some_and(|name| self.state.interfaces.sends(&name))
    }

    /// How many bytes of what its client typed a session holds; at most
    /// [`SESSION_BYTES_MAX`](crate::SESSION_BYTES_MAX).
    pub fn session_bytes(&self, session: SessionId) -> usize {
        self.state.terminals.held_bytes(session)
    }
}
