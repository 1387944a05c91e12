//! Online insertion and removal of the module that holds the ports.
//!
//! Called by the device. What happens to the ports is `interface`'s.

use crate::feature::logging::Message;
use crate::feature::{eem, interface};
use crate::turn::Turn;

/// Where the module sits.
const SUBSLOT: &str = "0/0";

/// The module is drawn, or put back.
pub(crate) fn module(turn: &mut Turn<'_>, is_in: bool) {
    if std::mem::replace(&mut turn.state.environment.module_in, is_in) == is_in {
        return;
    }
    let (mnemonic, text) = match is_in {
        true => ("INSSPA", format!("SPA inserted in subslot {SUBSLOT}")),
        false => ("REMSPA", format!("SPA removed from subslot {SUBSLOT}, interfaces disabled")),
    };
    turn.log(Message::new("IOSXE_OIR", 6, mnemonic, text));
    let model = turn.state.platform.profile().module();
    let (mnemonic, state) =
        if is_in { ("ONLINECARD", "online") } else { ("OFFLINECARD", "offline") };
    let text = format!("SPA ({model}) {state} in subslot {SUBSLOT}");
    turn.log(Message::new("SPA_OIR", 6, mnemonic, text));
    eem::offer(turn, &::eem::Stimulus::Oir { inserted: is_in, slot: SUBSLOT });
    interface::plug(turn, is_in);
}
