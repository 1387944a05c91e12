//! What a long run says meanwhile, to a terminal alone: how far it is, on one line.
//!
//! Called by the report while it waits for a result. Nothing of it stays on the screen.

use std::future::Future;
use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use host::text::printable;

/// How long nothing is said, and how often after that, in milliseconds.
const TICK_MS: u64 = 500;
/// The longest line, in columns.
const COLUMNS_MAX: usize = 79;

/// Waits; each tick shows how far the run is.
pub(super) async fn while_waiting<T>(
    start: Instant,
    what: &str,
    work: impl Future<Output = T>,
) -> T {
    let mut work = std::pin::pin!(work);
    if !std::io::stderr().is_terminal() {
        return work.await;
    }
    let mut shown = false;
    loop {
        let tick = Duration::from_millis(TICK_MS);
        if let Ok(done) = tokio::time::timeout(tick, &mut work).await {
            if shown {
                show("\r\x1b[2K");
            }
            return done;
        }
        let line = format!("     Running  [{:>6}s]  {what}", start.elapsed().as_secs());
        let line: String = printable(&line).chars().take(COLUMNS_MAX).collect();
        show(&format!("\r\x1b[2K{line}"));
        shown = true;
    }
}

fn show(text: &str) {
    let mut stderr = std::io::stderr().lock();
    // Where progress cannot go there is nobody to see it.
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}
