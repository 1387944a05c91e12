//! A terminal that is none: the client copies a file (`scp -t`, `scp -f`).

use fact::Kind;

use super::screen::Screen;
use super::{Stage, Terminal};
use crate::feature::ssh::scp::{self, Step};
use crate::turn::Turn;

impl Terminal {
    /// The client asks for a copy.
    pub(super) fn copy(&mut self, turn: &mut Turn<'_>, command: &str, screen: &mut Screen) {
        let by = self.session.by();
        turn.fact(Kind::DeviceCommand { by, line: redact::typed_line(command.trim()) });
        let (copy, step) = scp::begin(turn, &self.session, command);
        if let Some(copy) = copy {
            self.stage = Stage::Copying(copy);
        }
        self.step(step, screen);
    }

    /// The client goes on.
    pub(super) fn copy_more(&mut self, turn: &mut Turn<'_>, bytes: &[u8], screen: &mut Screen) {
        if let Stage::Copying(copy) = &mut self.stage {
            let step = copy.take(turn, bytes);
            self.step(step, screen);
        }
    }

    fn step(&mut self, step: Step, screen: &mut Screen) {
        screen.echo().extend(step.said);
        if let Some(failed) = step.ended {
            self.once = Some(failed);
            self.stage = Stage::Closed;
        }
    }
}
