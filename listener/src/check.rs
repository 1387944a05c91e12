//! `listener check`: reads listener.toml and the inventory, and reports every mistake of both.

use host::{ExpectedError, message};

use crate::args::Check;
use crate::load::load;

/// Runs the verb. Mistakes end in exit code 3, by way of the error.
pub(crate) fn run(args: &Check) -> Result<(), ExpectedError> {
    let loaded = load(&args.files);
    if args.format.is_json() {
        return json_report(loaded);
    }
    let loaded = loaded?;
    message::diagnostics(&loaded.warnings);
    let sources = loaded.config.paths().count();
    let nodes = loaded.inventory.nodes.len();
    message::data(&format!(
        "ok: {}: {nodes} node{}, {sources} source{}",
        loaded.read,
        plural(nodes),
        plural(sources)
    ))
}

/// The diagnostics as data on stdout, whether there are errors or not.
fn json_report(loaded: Result<crate::load::Loaded, ExpectedError>) -> Result<(), ExpectedError> {
    match loaded {
        Ok(loaded) => message::data(&diagnostic::render_json(&loaded.warnings)),
        Err(ExpectedError::InvalidFile(diagnostics)) => {
            message::data(&diagnostic::render_json(&diagnostics))?;
            Err(ExpectedError::InvalidFile(Vec::new()))
        }
        Err(other) => Err(other),
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
