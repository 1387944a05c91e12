//! The chassis: what its sensors read, its power supplies, the module that holds its ports.
//!
//! Hardware, so that a reload leaves it as it is. A real c8000v has none of this; the sensors and
//! their thresholds are those of an IOS XE chassis, so that alarms can be met in a lab of virtual
//! routers. Changed by stimuli alone; each sensor waits for the instant of its next threshold.

mod module;
mod power;
mod sensor;
pub(crate) mod show;

pub(crate) use module::module;
pub(crate) use power::supply;
pub(crate) use sensor::{due, resume, too_hot, warm};
pub(crate) use show::parts;

use simtime::{Time, TimerId};

use sensor::{SENSORS, Sensor};

use crate::io::SupplyState;

/// How many power supplies the chassis takes.
const SUPPLIES: usize = 2;

/// The chassis of one router.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    /// In the order of [`SENSORS`]; none until the first of them changes.
    sensors: Vec<Sensor>,
    supplies: [SupplyState; SUPPLIES],
    /// The shutdown that a sensor has announced.
    shutdown: Option<TimerId>,
    /// Whether the module with the ports is in its slot.
    module_in: bool,
}

/// The sensors that a stimulus can name, the one that it means by default first.
pub fn temperature_sensors() -> impl Iterator<Item = &'static str> {
    SENSORS.iter().map(|nature| nature.name)
}

impl Default for Environment {
    fn default() -> Self {
        Environment {
            sensors: Vec::new(),
            supplies: [SupplyState::Ok; SUPPLIES],
            shutdown: None,
            module_in: true,
        }
    }
}

impl Environment {
    /// The sensors: name, degrees, and how many thresholds each has reached.
    pub(crate) fn readings(&self, now: Time) -> Vec<(&'static str, i64, usize)> {
        let cold: Vec<Sensor>;
        let sensors = match self.sensors.is_empty() {
            true => {
                cold = SENSORS.iter().map(Sensor::new).collect();
                &cold
            }
            false => &self.sensors,
        };
        let named = SENSORS.iter().zip(sensors);
        named.map(|(nature, sensor)| (nature.name, sensor.degrees(now), sensor.reached())).collect()
    }

    /// The sensors, made when they are first needed: most routers of a lab are never warm.
    fn sensors(&mut self) -> &mut [Sensor] {
        if self.sensors.is_empty() {
            self.sensors = SENSORS.iter().map(Sensor::new).collect();
        }
        &mut self.sensors
    }
}
