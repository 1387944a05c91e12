//! What happens to a router from outside, and which feature it concerns.

use crate::feature::{cpu, eem, environment, interface, memory};
use crate::io::Stimulus;
use crate::turn::Turn;

impl Turn<'_> {
    pub(super) fn undergo(&mut self, stimulus: Stimulus<'_>) {
        match stimulus {
            Stimulus::Cpu { ramp, process } => cpu::follow(self, ramp, process),
            Stimulus::Memory { ramp } => memory::follow(self, ramp),
            Stimulus::Temperature { ramp, sensor } => environment::warm(self, ramp, sensor),
            Stimulus::Counter { interface, counter, more, over } => {
                interface::count(self, interface, counter, (more, over));
            }
            Stimulus::Rate { interface, direction, ramp } => {
                interface::rate(self, interface, direction, ramp);
            }
            Stimulus::PowerSupply { slot, state } => environment::supply(self, slot, state),
            Stimulus::Module { is_in } => environment::module(self, is_in),
            Stimulus::Published { subsystem, kind, data } => {
                eem::offer(self, &::eem::Stimulus::Application { subsystem, kind, data });
            }
            Stimulus::ObjectAsked { oid, request, value } => {
                eem::offer(self, &::eem::Stimulus::SnmpObject { oid, request, value });
            }
            Stimulus::ResourceShort { policy, owner, level, value, rising } => {
                let change = ::eem::ResourceChange { policy, owner, level, value, rising };
                eem::offer(self, &::eem::Stimulus::Resource(&change));
            }
        }
    }
}
