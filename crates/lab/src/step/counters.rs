//! `counters = { interface, COUNTER..., input-rate, output-rate, over }`: an interface counts
//! errors, or traffic.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use iosxe::{Counter, Direction, Input, Ramp, Stimulus};
use simtime::Duration;

use super::{Act, Reading, Stage, Target, Verb, number, time};

pub(super) const VERB: Verb = Verb {
    word: "counters",
    argument: "{ interface, COUNTER..., input-rate, output-rate, over }",
    help: "counts so much more `over` a time (0s): `input-errors`, `crc`, `frame`, `overrun`, \
           `ignored`, `runts`, `giants`, `input-drops`, `output-drops`, `output-errors`, \
           `collisions`; or takes `input-rate` and `output-rate` there, in bits per second",
    target: Target::Node,
    example: r#"counters = { interface = "GigabitEthernet1", crc = 500, over = "60s" }"#,
    read: |table, reading, sink| Some(Arc::new(Counted::read(table, reading, sink)?)),
};

/// The most that one step can add to a counter.
const COUNT_MAX: u64 = 1_000_000_000;

/// The highest rate, in bits per second.
const RATE_BPS_MAX: u64 = 100_000_000_000;

#[derive(Debug)]
struct Counted {
    interface: String,
    counts: Vec<(Counter, u64)>,
    rates: Vec<(Direction, u64)>,
    over: Duration,
}

const DIRECTIONS: [(&str, Direction); 2] =
    [("input-rate", Direction::Input), ("output-rate", Direction::Output)];

impl Counted {
    fn read(
        table: &mut Table,
        reading: &Reading<'_>,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Counted> {
        let mut table = table.table(VERB.word, sink)?;
        let (source, span) = (Arc::clone(table.source()), table.span());
        table.require("interface", sink);
        let interface = table.text("interface", sink);
        let (mut counts, mut rates) = (Vec::new(), Vec::new());
        let before = sink.len();
        for counter in Counter::ALL {
            let more = number(&mut table, counter.as_str(), 1..=COUNT_MAX, sink);
            counts.extend(more.map(|more| (counter, more)));
        }
        for (word, direction) in DIRECTIONS {
            let rate = number(&mut table, word, 0..=RATE_BPS_MAX, sink);
            rates.extend(rate.map(|rate| (direction, rate)));
        }
        let over = time(&mut table, "over", sink).map(|over| over.value).unwrap_or_default();
        table.finish(sink);
        if counts.is_empty() && rates.is_empty() && sink.len() == before {
            let message = "no counter and no rate is named";
            let help = "add one, such as `crc = 500`";
            sink.push(Diagnostic::error("SIM006", message, &source, span).help(help));
            return None;
        }
        let interface = reading.interface(&interface?, &source, sink)?;
        Some(Counted { interface, counts, rates, over })
    }
}

impl Act for Counted {
    fn words(&self) -> String {
        let counts = self.counts.iter().map(|(counter, more)| (counter.as_str(), more));
        let word = |wanted| DIRECTIONS.iter().find(|(_, direction)| *direction == wanted);
        let rates = self.rates.iter();
        let rates = rates.filter_map(|(way, rate)| word(*way).map(|(word, _)| (*word, rate)));
        let pairs = counts.chain(rates).map(|(word, value)| format!(" {word}={value}"));
        format!("interface={}{} over={}", self.interface, pairs.collect::<String>(), self.over)
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let Counted { interface, counts, rates, over } = self;
        let (over, trace) = (*over, stage.trace);
        for &(counter, more) in counts {
            let stimulus = Stimulus::Counter { interface, counter, more, over };
            stage.tell(Input::Stimulus { stimulus, trace });
        }
        for &(direction, rate) in rates {
            let to_milli = i64::try_from(rate).unwrap_or(i64::MAX).saturating_mul(1_000);
            let ramp = Ramp { to_milli, over, hold: None };
            let stimulus = Stimulus::Rate { interface, direction, ramp };
            stage.tell(Input::Stimulus { stimulus, trace });
        }
    }

    fn lasts(&self) -> Duration {
        self.over
    }
}
