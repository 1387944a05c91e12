//! `listener backup`: a copy of the journal, also while a listener runs.

use host::text::printable;
use host::{ExpectedError, message};
use serde_json::json;

use crate::args::Backup;
use crate::{journal, open_state};

/// Runs the verb.
pub(crate) async fn run(args: Backup) -> Result<(), ExpectedError> {
    let state = open_state(args.state.state.as_deref())?;
    let (from, to, force) = (state.path().join(journal::FILE_NAME), args.file, args.force);
    let shown = to.display().to_string();
    // A disk may be slow; a Ctrl-C meanwhile leaves no half a copy under the name.
    let copied = tokio::task::spawn_blocking(move || journal::copy(&from, &to, force)).await;
    let bytes = copied.map_err(ExpectedError::environment)??;
    if args.format.is_json() {
        return message::data(&json!({"file": shown, "bytes": bytes}).to_string());
    }
    message::data(&format!("ok: `{}`: {bytes} bytes, checked", printable(&shown)))
}
