//! What can be mended without a doubt: labels, padded so that the order of the lines is the order
//! in which they run.

use std::sync::Arc;

use diagnostic::Source;
use eem::Dialect;

use crate::config::applets_only;
use crate::rule::by_number;

/// The text with its labels mended; `None` when there is nothing to mend.
pub fn fix(source: &Arc<Source>, dialect: Dialect) -> Option<String> {
    let outline = eem::outline(&applets_only(&source.text), dialect);
    let mut lines: Vec<String> = source.text.split('\n').map(str::to_owned).collect();
    let mut is_mended = false;
    for applet in outline.applets.iter().filter(|applet| by_number(applet).is_some()) {
        // A jump names a label, and a label that came twice hides which of the two is meant.
        let jumps = |action: &eem::ActionOutline| action.words.iter().any(|w| w.text == "goto");
        if !applet.replaced.is_empty() || applet.actions.iter().any(jumps) {
            continue;
        }
        for (line, label) in eem::padded(applet).unwrap_or_default() {
            let words = eem::words(&lines[line]);
            if let Some(old) = words.get(1) {
                lines[line].replace_range(old.span.clone(), &label);
                is_mended = true;
            }
        }
    }
    is_mended.then(|| lines.join("\n"))
}
