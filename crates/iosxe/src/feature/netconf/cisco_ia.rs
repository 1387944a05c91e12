//! The operations of `cisco-ia`, which both NETCONF and RESTCONF have.

use netconf::Target;
use yang::{Error, Tag};

use super::writable;
use crate::config;
use crate::feature::archive::replace::roll;
use crate::feature::flash;
use crate::models::Editor;
use crate::session::Session;
use crate::turn::Turn;

/// `save-config`: the running configuration becomes the startup configuration.
///
/// # Errors
/// Another session than `own` has locked the startup datastore.
pub(crate) fn save(turn: &mut Turn<'_>, editor: Editor<'_>, own: Option<u32>) -> Result<(), Error> {
    writable(turn.state, own, Target::Startup)?;
    config::commands::write_memory(turn, &Session::program(editor.door, editor.user));
    Ok(())
}

/// `rollback`: the running configuration becomes what a file holds.
///
/// # Errors
/// Another session than `own` has locked the running datastore, there is no such file, or the
/// router does not take it.
pub(crate) fn rollback(turn: &mut Turn<'_>, own: Option<u32>, url: &str) -> Result<(), Error> {
    writable(turn.state, own, Target::Running)?;
    let text = flash::read(turn.state, url)
        .map_err(|why| Error::new(Tag::InvalidValue, why.to_string()))?;
    let failed = |said: String| Error::new(Tag::OperationFailed, said.trim());
    roll(turn, &text, false).map(|_| ()).map_err(failed)
}
