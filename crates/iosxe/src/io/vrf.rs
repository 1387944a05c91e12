//! Which routing table of a router something is about.

/// A routing table of one router: the global one, or that of a VRF. Another router numbers its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VrfId(pub u16);

impl VrfId {
    /// The table of all that is in no VRF.
    pub const GLOBAL: VrfId = VrfId(0);
}
