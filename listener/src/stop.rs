//! The wish to stop, as each task waits for it.

use tokio::sync::watch;

/// Cheap to clone; one per task.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// The sender says `true` once. One that is dropped has said it too.
    pub(crate) fn channel() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Stop(receiver))
    }

    /// Returns once the stop is wished for; at once if it was.
    pub(crate) async fn requested(&mut self) {
        // Either it is said, or there is nobody left to say it.
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}
