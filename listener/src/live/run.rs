//! The loop itself: waits for whatever comes first, tells the automation, has it carried out.
//!
//! Spawned by [`super::spawn`]; ends after a stop, when nothing is in hand.

use std::sync::Arc;

use automation::record::Record;
use automation::{
    AskId, Automation, BATCHES_IN_FLIGHT_MAX, Config, Delivery, DeliveryId, Input,
    Line as SyslogLine, Outbox, SessionId,
};
use fact::Kind;
use host::{Line, LiveClock};
use simtime::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};
use topology::Topology;

use super::collect::{Collectors, Heard};
use super::front::Front;
use super::hand::{Follow, Hand};
use super::records::Wanted;
use super::remote::Ask;
use crate::connect::SessionEvent;
use crate::journal::Report;
use crate::ready::AHEAD_SECS_MAX;
use crate::receive::Arrival;
use crate::stop::Stop;

/// How long what runs on devices may go on after the stop, in milliseconds; what has not ended then
/// is done after the next start.
pub(super) const RUNNING_MS_MAX: u64 = 5_000;

pub(super) struct Run {
    pub(super) automation: Automation,
    pub(super) clock: LiveClock,
    pub(super) loopback_only: bool,
    pub(super) hand: Hand,
    pub(super) arrived: mpsc::Receiver<Arrival>,
    pub(super) collectors: Collectors,
    pub(super) heard: mpsc::Receiver<Heard>,
    pub(super) reports: mpsc::UnboundedReceiver<Report>,
    pub(super) session_queue: mpsc::Receiver<(SessionId, SessionEvent)>,
    pub(super) asked: mpsc::Receiver<Ask>,
    pub(super) front: Front,
    /// What becomes of facts in files.
    pub(super) records: watch::Sender<Wanted>,
    pub(super) stopping: Stop,
    pub(super) deliveries: u64,
    pub(super) asks: u64,
    /// Whether it was said that the clock is ahead.
    pub(super) clock_ahead: bool,
}

impl Run {
    /// Tells the automation what the journal holds, then everything else as it comes. Returns when
    /// the journal is closed, so that the next listener can open it.
    pub(super) async fn until_stopped(mut self, recovered: Vec<Record>) {
        self.tell(Input::Recovered(recovered));
        let mut over: Option<Instant> = None;
        while !(self.hand.stopping && self.hand.is_idle() && self.nothing_waits()) {
            let deadline = self.automation.next_deadline();
            let has_room = self.hand.persisting() < BATCHES_IN_FLIGHT_MAX;
            tokio::select! {
                biased;
                () = at(over) => break,
                Some(report) = self.reports.recv() => self.reported(report),
                () = self.clock.sleep_until(deadline) => self.tell(Input::Deadline),
                Some((session, event)) = self.session_queue.recv() => self.session(session, event),
                () = self.stopping.requested(), if !self.hand.stopping => {
                    self.hand.stopping = true;
                    self.arrived.close();
                    self.heard.close();
                    self.asked.close();
                    self.tell(Input::Stop);
                    let bound = std::time::Duration::from_millis(RUNNING_MS_MAX);
                    over = Some(Instant::now() + bound);
                }
                Some(ask) = self.asked.recv() => self.ask(ask).await,
                Some(arrival) = self.arrived.recv(), if has_room => self.arrival(arrival),
                Some(heard) = self.heard.recv(), if has_room && self.automation.has_room() => {
                    self.heard(&heard);
                }
            }
        }
        let Run { hand, mut reports, .. } = self;
        let teller = hand.teller().clone();
        drop(hand);
        while reports.recv().await.is_some() {}
        teller.say(Kind::Stopped);
    }

    fn nothing_waits(&self) -> bool {
        self.arrived.is_empty() && self.heard.is_empty()
    }

    /// One step between two inputs: the paths, the inventory and the rules are of one moment.
    async fn reload(&mut self, config: Box<Config>, inventory: Arc<Topology>) {
        self.front.replace(&config);
        self.hand.teller().metrics.know(&config);
        self.hand.set_inventory(inventory, config.guests.host_key);
        self.hand.set_outward(&config);
        let (records, files) = (config.records().clone(), self.hand.files());
        self.records.send_replace(Wanted { records, files });
        let said = self.collectors.follow(&config).await;
        said.into_iter().for_each(|line| self.say(line));
        self.tell(Input::Reload(config));
    }

    fn arrival(&mut self, arrival: Arrival) {
        let delivery = DeliveryId(self.deliveries);
        self.deliveries += 1;
        self.hand.expect_reply(delivery, arrival.reply);
        self.tell(Input::Delivery(Delivery {
            delivery,
            method: arrival.method,
            path: &arrival.path,
            query: &arrival.query,
            peer: arrival.peer,
            local: self.loopback_only && arrival.local,
            headers: &arrival.headers,
            body: &arrival.body.bytes,
        }));
    }

    fn heard(&mut self, heard: &Heard) {
        let Heard { place, peer, bytes } = heard;
        self.tell(Input::Line(SyslogLine { place: *place, peer: *peer, bytes }));
    }

    async fn ask(&mut self, ask: Ask) {
        match ask {
            Ask::Approve { job, consent, by, answer } => {
                let ask = AskId(self.asks);
                self.asks += 1;
                self.hand.expect_answer(ask, answer);
                self.tell(Input::Approval { ask, job: &job, consent, by: &by });
            }
            Ask::Reload { config, inventory, done } => {
                self.reload(config, inventory).await;
                // Whoever asked may have gone.
                let _ = done.send(());
            }
        }
    }

    fn reported(&mut self, report: Report) {
        match report {
            Report::Persisted(persist) => {
                self.hand.persist_ended(persist, true);
                self.tell(Input::Persisted(persist));
            }
            Report::Failed { persist, reason, failures } => {
                self.hand.persist_ended(persist, false);
                self.hand.saw_failure(failures);
                self.tell(Input::PersistFailed { persist, reason: &reason });
            }
            Report::Unwritable(reason) => {
                let line = Line::new("JOURNAL_UNWRITABLE").field("reason", &reason);
                self.say(line.field("hint", "deliveries get 503 until it can be written"));
                self.hand.ready.unwritable(Some(reason));
            }
            Report::Writable => {
                self.say(Line::new("JOURNAL_WRITABLE"));
                self.hand.ready.unwritable(None);
            }
            Report::Removed(events) => {
                self.say(Line::new("JOURNAL_TRIMMED").field("events", events));
            }
        }
    }

    fn say(&self, line: Line) {
        self.hand.say(line.at(self.clock.now()));
    }

    /// Says once that the host's clock was set back, and once that it is all right again.
    fn watch_clock(&mut self) {
        let ahead = self.clock.ahead();
        let is_ahead = ahead > Duration::from_secs(AHEAD_SECS_MAX);
        if is_ahead != self.clock_ahead {
            self.clock_ahead = is_ahead;
            let line = match is_ahead {
                true => Line::new("CLOCK_AHEAD")
                    .field("by", Duration::from_secs(ahead.as_secs()))
                    .field("hint", "the host's clock was set back; a restart follows it"),
                false => Line::new("CLOCK_AGREES"),
            };
            self.say(line);
        }
    }

    fn session(&mut self, session: SessionId, event: SessionEvent) {
        // The automation may have let go of it: what was still under way is of no interest then.
        if !self.hand.has_session(session) {
            return;
        }
        match event {
            SessionEvent::Opened => self.tell(Input::SessionOpened(session)),
            SessionEvent::Bytes(bytes) => self.tell(Input::SessionBytes { session, bytes: &bytes }),
            SessionEvent::Failed(failure) => {
                self.hand.forget_session(session);
                self.tell(Input::SessionFailed { session, failure });
            }
            SessionEvent::Closed => {
                self.hand.forget_session(session);
                self.tell(Input::SessionClosed(session));
            }
            SessionEvent::Answered(response) => {
                self.hand.forget_session(session);
                self.tell(Input::RestconfAnswered { session, response: &response });
            }
            SessionEvent::HttpAnswered(response) => {
                self.hand.forget_session(session);
                self.tell(Input::HttpAnswered { session, response: &response });
            }
            SessionEvent::HttpNotAnswered { failure, sent } => {
                self.hand.forget_session(session);
                self.tell(Input::HttpFailed { session, failure, sent });
            }
            SessionEvent::Written(written) => {
                self.hand.forget_session(session);
                self.tell(Input::Written { session, written });
            }
            SessionEvent::NotAnswered { failure, sent } => {
                self.hand.forget_session(session);
                self.tell(Input::RestconfFailed { session, failure, sent });
            }
        }
    }

    /// One input, and what could not be carried out of its outputs.
    fn tell(&mut self, input: Input<'_>) {
        self.watch_clock();
        self.handle(input);
        while let Some(follow) = self.hand.follow.pop_front() {
            match follow {
                Follow::PersistFailed(persist, reason) => {
                    self.handle(Input::PersistFailed { persist, reason: &reason });
                }
                Follow::SessionFailed(session, failure) => {
                    self.handle(Input::SessionFailed { session, failure });
                }
                Follow::SessionClosed(session) => self.handle(Input::SessionClosed(session)),
                Follow::RestconfFailed(session, failure) => {
                    let sent = false;
                    self.handle(Input::RestconfFailed { session, failure, sent });
                }
                Follow::HttpAnswered(session, response) => {
                    self.handle(Input::HttpAnswered { session, response: &response });
                }
                Follow::HttpFailed(session, failure) => {
                    self.handle(Input::HttpFailed { session, failure, sent: false });
                }
                Follow::NotWritten(session, why) => {
                    self.handle(Input::Written { session, written: Err(why) });
                }
            }
        }
        let (depths, batches) = (self.automation.depths(), self.hand.persisting());
        self.hand.teller().metrics.waits(depths, self.arrived.len(), self.heard.len(), batches);
    }

    fn handle(&mut self, input: Input<'_>) {
        let mut out = Outbox::default();
        self.automation.handle(self.clock.now(), input, &mut out);
        for output in out.0 {
            self.hand.carry_out(output);
        }
    }
}

/// Waits until an instant; forever when there is none.
async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
