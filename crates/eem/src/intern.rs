//! One copy of an applet that many routers have.
//!
//! Asked by the director when it registers one. A lab of a thousand routers has the same twenty
//! applets a thousand times; their lines, programs and detectors never change once they are read.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::program::Program;
use crate::{Applet, BlockFault};

/// Applets that are shared; one more, and all of them are forgotten, not by who has them.
const SHARED_MAX: usize = 1_024;

thread_local! {
    /// By the lines of the running-config, which say all that an applet is.
    static SHARED: RefCell<BTreeMap<String, Whole>> = const { RefCell::new(BTreeMap::new()) };
}

/// An applet, and its program.
#[derive(Clone)]
pub(crate) struct Whole {
    pub(crate) applet: Arc<Applet>,
    pub(crate) program: Arc<Program>,
}

/// The applet as everybody has it who has it; or every fault of its blocks.
pub(crate) fn whole(applet: &Arc<Applet>) -> Result<Whole, Vec<BlockFault>> {
    let text = applet.to_string();
    if let Some(known) = SHARED.with_borrow(|shared| shared.get(&text).cloned()) {
        return Ok(known);
    }
    let program = Arc::new(Program::new(applet)?);
    let whole = Whole { applet: Arc::clone(applet), program };
    SHARED.with_borrow_mut(|shared| {
        if shared.len() >= SHARED_MAX {
            shared.clear();
        }
        shared.insert(text, whole.clone());
    });
    Ok(whole)
}
