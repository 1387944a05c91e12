//! The power supplies.
//!
//! Called by the device. The chassis goes on with none: a virtual router has no other power than
//! that of its host.

use super::SUPPLIES;
use crate::feature::logging::Message;
use crate::io::SupplyState;
use crate::turn::Turn;

/// A supply fails, is drawn, or is well again.
pub(crate) fn supply(turn: &mut Turn<'_>, slot: usize, state: SupplyState) {
    if slot >= SUPPLIES {
        return;
    }
    let before = std::mem::replace(&mut turn.state.environment.supplies[slot], state);
    if before == state {
        return;
    }
    if before == SupplyState::Removed {
        let text = format!("PEM/FM slot P{slot} inserted");
        turn.log(Message::new("IOSXE_PEM", 6, "INSPEM_FM", text));
    }
    let message = match state {
        SupplyState::Ok => {
            let text = format!("The PEM in slot P{slot} is functioning properly");
            Message::new("IOSXE_PEM", 6, "PEMOK", text)
        }
        SupplyState::Failed => {
            let text = format!(
                "The PEM in slot P{slot} is switched off or encountering a failure condition."
            );
            Message::new("IOSXE_PEM", 3, "PEMFAIL", text)
        }
        SupplyState::Removed => {
            let text = format!("PEM/FM slot P{slot} removed");
            Message::new("IOSXE_PEM", 6, "REMPEM_FM", text)
        }
    };
    turn.log(message);
}
