//! Which device an event concerns. The credential names it; a body can only claim.

use webhook::DeviceFrom;

use super::Refusal;
use super::problem::shown;
use crate::inventory::Inventory;
use crate::record::Holder;

/// The names that a delivery gives, unproved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    /// What the source's `device` says, else the body's.
    pub(super) by_body: Option<&'a str>,
    /// The hint in the header, which is looked at only when nothing better is there.
    pub(super) by_header: Option<&'a str>,
}

impl Named<'_> {
    fn is(&self, inventory: &Inventory, node: &str) -> bool {
        self.by_body.is_some_and(|called| inventory.is_called(node, called))
    }
}

/// The node, and how it was found. A name that no node has changes nothing.
pub(super) fn identify(
    inventory: &Inventory,
    holder: Option<&Holder>,
    relay: bool,
    named: Named<'_>,
) -> Result<(Option<String>, DeviceFrom), Refusal> {
    let body = named.by_body.and_then(|name| inventory.locate(name, None));
    match (holder, body) {
        (Some(Holder::Node(own)), None) => Ok(found(own, DeviceFrom::Credential)),
        (Some(Holder::Node(own)), Some(_)) if named.is(inventory, own) => {
            Ok(found(own, DeviceFrom::Credential))
        }
        (Some(_), Some(node)) if relay => Ok(found(node, DeviceFrom::Relay)),
        (Some(Holder::Node(own)), Some(_)) => Err(forbidden(&format!("node `{own}`"), named)),
        (Some(Holder::Entry(name)), Some(_)) => {
            Err(forbidden(&format!("credential `{name}`"), named))
        }
        (Some(Holder::Entry(_)), None) => Ok((None, DeviceFrom::Unknown)),
        (None, node) => {
            let node =
                node.or_else(|| named.by_header.and_then(|name| inventory.locate(name, None)));
            Ok(node.map_or((None, DeviceFrom::Unknown), |node| found(node, DeviceFrom::Claimed)))
        }
    }
}

fn found(node: &str, from: DeviceFrom) -> (Option<String>, DeviceFrom) {
    (Some(node.to_owned()), from)
}

fn forbidden(holder: &str, named: Named<'_>) -> Refusal {
    let other = shown(named.by_body.unwrap_or_default());
    Refusal::new(403, format!("{holder} may not speak for `{other}`"))
}
