//! `login-failures = { user, count, period, from }`: somebody guesses a password, again and again.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use fact::TraceId;
use simtime::{Duration, Time};

use super::{Act, Stage, Target, Verb, number, time};
use crate::lab::Event;
use crate::{Lab, NodeId, Outbox};

/// How often one step guesses.
const GUESSES_MAX: u64 = 100_000;
const COUNT_DEFAULT: u64 = 1;
const PERIOD_DEFAULT: Duration = Duration::from_secs(1);
/// Who guesses, when nobody says: an address for documentation (RFC 5737).
const FROM_DEFAULT: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 66));

pub(super) const VERB: Verb = Verb {
    word: "login-failures",
    argument: "{ user, count, period, from }",
    help: "logins of `user` with a wrong password, `count` of them, one each `period` (1 s)",
    target: Target::Node,
    example: r#"login-failures = { user = "root", count = 5, period = "2s" }"#,
    read: |table, _, sink| Some(Arc::new(LoginFailures(Guesses::read(table, sink)?))),
};

#[derive(Debug)]
struct LoginFailures(Guesses);

/// Guesses that are left to make.
#[derive(Clone, Debug)]
pub(crate) struct Guesses {
    user: Arc<str>,
    count: u64,
    period: Duration,
    from: IpAddr,
    trace: Option<TraceId>,
}

impl Guesses {
    fn read(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Guesses> {
        let mut inner = table.table(VERB.word, sink)?;
        let before = sink.len();
        inner.require("user", sink);
        let user = inner.text("user", sink);
        let count = number(&mut inner, "count", 1..=GUESSES_MAX, sink).unwrap_or(COUNT_DEFAULT);
        let period = time(&mut inner, "period", sink);
        let from = inner.parsed("from", sink).map_or(FROM_DEFAULT, |from| from.value);
        inner.finish(sink);
        let period = period.map_or(PERIOD_DEFAULT, |period| period.value);
        let user = user.filter(|_| sink.len() == before)?.value.replace(char::is_control, " ");
        Some(Guesses { user: user.into(), count, period, from, trace: None })
    }
}

impl Lab {
    /// One guess; the next one waits in the schedule, so that a step of many costs one entry.
    pub(crate) fn guess(&mut self, now: Time, node: NodeId, guesses: Guesses, out: &mut Outbox) {
        let Guesses { ref user, count, period, from: peer, trace } = guesses;
        self.tell(now, node, iosxe::Input::LoginGuessed { user, peer, trace }, out);
        if count > 1 {
            let rest = Guesses { count: count - 1, ..guesses };
            self.schedule.set(now + period, node, Event::Guess(Box::new(rest)));
        }
    }
}

impl Act for LoginFailures {
    fn words(&self) -> String {
        let Guesses { user, count, period, from, .. } = &self.0;
        format!("user={user} count={count} period={period} from={from}")
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let guesses = Guesses { trace: stage.trace, ..self.0.clone() };
        stage.lab.guess(stage.now, stage.node, guesses, stage.out);
    }

    fn lasts(&self) -> Duration {
        self.0.period.saturating_mul(self.0.count - 1)
    }
}
