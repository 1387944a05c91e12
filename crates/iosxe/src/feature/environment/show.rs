//! `show environment [all]` and `show inventory`

use std::fmt::Write as _;

use cli::{Args, No, kw, opt};

use super::sensor::{SENSORS, Sensor};
use crate::command::{Command, Mode, Reply};
use crate::device::State;
use crate::io::SupplyState;
use crate::platform::{Part, Shelf};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("environment", "Environmental monitor statistics"),
            opt(&[kw("all", "Show all environmental monitor parameters")]),
        ],
        no: No::Without,
        run: environment,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("inventory", "Show the physical inventory"),
        ],
        no: No::Without,
        run: inventory,
    },
];

/// One line of `show environment`.
struct Row {
    slot: String,
    sensor: &'static str,
    state: &'static str,
    reading: i64,
    unit: &'static str,
    threshold: String,
}

fn environment(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let rows = rows(turn);
    let mut text = String::new();
    if args.has("all") {
        text.push_str("Sensor List:  Environmental Monitoring \n");
        text.push_str(" Sensor           Location          State             Reading\n");
        for Row { slot, sensor, state, reading, unit, .. } in &rows {
            let _ = writeln!(text, " {sensor:<16} {slot:<17} {state:<17} {reading} {unit}");
        }
        return Reply::Text(text);
    }
    let [minor, major, critical] = alarms(turn);
    let _ = write!(
        text,
        "\nNumber of Critical alarms:  {critical}\nNumber of Major alarms:     {major}\n\
         Number of Minor alarms:     {minor}\n\n \
         Slot        Sensor          Current State   Reading        \
         Threshold(Minor,Major,Critical,Shutdown)\n \
         ----------  --------------  --------------- ------------   \
         ---------------------------------------\n"
    );
    for Row { slot, sensor, state, reading, unit, threshold } in &rows {
        let _ = writeln!(
            text,
            " {slot:<10}  {sensor:<14}  {state:<14}  {reading:<4} {unit:<8}\t{threshold}"
        );
    }
    text.push('\n');
    Reply::Text(text)
}

fn rows(turn: &mut Turn<'_>) -> Vec<Row> {
    let now = turn.now;
    let mut rows = Vec::new();
    for (slot, supply) in turn.state.environment.supplies.iter().enumerate() {
        let (state, volts) = match supply {
            SupplyState::Ok => ("Normal", [12, 230]),
            SupplyState::Failed => ("Fault", [0, 0]),
            SupplyState::Removed => continue,
        };
        let of = |sensor, reading, unit| Row {
            slot: format!("P{slot}"),
            sensor,
            state,
            reading,
            unit,
            threshold: "na".to_owned(),
        };
        rows.extend([of("PEM Vout", volts[0], "V DC"), of("PEM Vin", volts[1], "V AC")]);
    }
    let sensors = SENSORS.iter().zip(turn.state.environment.sensors());
    rows.extend(sensors.map(|(nature, sensor)| {
        let [minor, major, critical, shutdown] = nature.thresholds;
        Row {
            slot: nature.slot.to_owned(),
            sensor: nature.name,
            state: sensor.state(),
            reading: sensor.degrees(now),
            unit: "Celsius",
            threshold: format!("({minor},{major},{critical},{shutdown})(Celsius)"),
        }
    }));
    rows
}

/// Minor, major, critical: one for each sensor beyond a threshold; a supply that has failed is
/// critical, an empty slot minor.
fn alarms(turn: &mut Turn<'_>) -> [usize; 3] {
    let mut alarms = [0; 3];
    for reached in turn.state.environment.sensors().iter().map(Sensor::reached) {
        if let Some(kind) = reached.checked_sub(1) {
            alarms[kind.min(2)] += 1;
        }
    }
    for supply in &turn.state.environment.supplies {
        match supply {
            SupplyState::Ok => {}
            SupplyState::Failed => alarms[2] += 1,
            SupplyState::Removed => alarms[0] += 1,
        }
    }
    alarms
}

/// The parts of the chassis that are there.
pub(crate) fn parts(state: &State) -> Vec<&'static Part> {
    let supplies = &state.environment.supplies;
    let supply = |slot: usize| supplies.get(slot).is_some_and(|s| *s != SupplyState::Removed);
    let shelf = Shelf { supply: &supply, module: state.environment.module_in };
    state.platform.profile().parts(&shelf).collect()
}

fn inventory(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let state = &*turn.state;
    let mut text = String::new();
    for part in parts(state) {
        let Part { name, descr, pid, vid, .. } = part;
        let serial = part.serial(state.system.serial(), &state.rng);
        let _ = write!(
            text,
            "NAME: \"{name}\", DESCR: \"{descr}\"\n\
             PID: {pid:<18}, VID: {vid:<5}, SN: {serial:<12}\n\n"
        );
    }
    Reply::Text(text)
}
