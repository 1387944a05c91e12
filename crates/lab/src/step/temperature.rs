//! `temperature = { to, over, hold, sensor }`: it gets warm in the room.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use iosxe::{Input, Ramp, Stimulus, temperature_sensors};
use simtime::Duration;

use super::{Act, Stage, Target, Verb, keys};

pub(super) const VERB: Verb = Verb {
    word: "temperature",
    argument: "{ to, over, hold, sensor }",
    help: "takes what a sensor reads `to` a number of degrees Celsius `over` a time (0s), and \
           back again after `hold`, if that is given; `sensor` is `inlet`, `outlet` or `Coretemp`",
    target: Target::Node,
    example: r#"temperature = { to = 75, over = "10m", sensor = "inlet" }"#,
    read: |table, _, sink| Some(Arc::new(Warmth::read(table, sink)?)),
};

/// The hottest that a sensor can read.
const CELSIUS_MAX: u64 = 200;

#[derive(Debug)]
struct Warmth {
    ramp: Ramp,
    sensor: Option<&'static str>,
}

/// The part of a sensor's name that tells it from the others.
fn short(sensor: &'static str) -> &'static str {
    sensor.rsplit(' ').next().unwrap_or(sensor)
}

impl Warmth {
    fn read(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Warmth> {
        let mut table = table.table(VERB.word, sink)?;
        let ramp = keys::read(&mut table, 0..=CELSIUS_MAX, sink);
        let name = table.text("sensor", sink);
        let source = Arc::clone(table.source());
        table.finish(sink);
        let find = |name: &str| temperature_sensors().find(|sensor| short(sensor) == name);
        let sensor = name.as_ref().and_then(|name| find(&name.value));
        if let Some(name) = name.filter(|_| sensor.is_none()) {
            let known: Vec<String> =
                temperature_sensors().map(|sensor| format!("`{}`", short(sensor))).collect();
            let message = format!("unknown sensor `{}`", name.value);
            let mut diagnostic = Diagnostic::error("SIM006", message, &source, name.span)
                .label(format!("expected one of {}", known.join(", ")));
            let near = diagnostic::nearest(&name.value, temperature_sensors().map(short));
            if let Some(near) = near {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
            sink.push(diagnostic);
            return None;
        }
        Some(Warmth { ramp: ramp?, sensor })
    }
}

impl Act for Warmth {
    fn words(&self) -> String {
        let sensor = self.sensor.map(|sensor| format!(" sensor={}", short(sensor)));
        keys::words(&self.ramp) + &sensor.unwrap_or_default()
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let stimulus = Stimulus::Temperature { ramp: self.ramp, sensor: self.sensor };
        stage.tell(Input::Stimulus { stimulus, trace: stage.trace });
    }

    fn lasts(&self) -> Duration {
        self.ramp.lasts()
    }
}
