//! What a terminal does while applets hold its line, and while a run reads one of it.
//!
//! Called by the shell for each key that applets may look at, and at the end of a turn for what
//! they have said. Which applets look, and what they say, is [`crate::feature::eem`]'s.

use std::collections::VecDeque;

use ::eem::{Key as Pressed, RunId};
use cli::{Edit, Editor, Entry, Key};

use super::screen::Screen;
use super::{Press, Reading, Stage, Terminal};
use crate::device::State;
use crate::exec;
use crate::feature::eem::{self, Verdict};
use crate::turn::Turn;

impl Terminal {
    /// `?` or TAB, unless applets hold it.
    pub(super) fn press(&mut self, turn: &mut Turn<'_>, press: Press, screen: &mut Screen) {
        let key = if press == Press::Help { Pressed::QuestionMark } else { Pressed::Tab };
        let line = self.editor.before_cursor();
        let verdict = eem::screen(turn, &mut self.session, key, &line);
        screen.print("\n");
        match verdict {
            Verdict::Pass => self.pressed(turn.state, &press, screen),
            Verdict::Skip => self.prompt(turn.state, screen),
            Verdict::Wait => self.hold(press),
        }
    }

    /// What `?` or TAB leads to, on a new line.
    fn pressed(&mut self, state: &State, press: &Press, screen: &mut Screen) {
        match press {
            Press::Help => self.help(state, screen),
            Press::Complete => {
                self.complete(state, screen);
                self.prompt(state, screen);
            }
            Press::Line(_) | Press::End(_) => self.prompt(state, screen),
        }
    }

    /// Applets hold this.
    pub(super) fn hold(&mut self, press: Press) {
        self.held = Some(press);
        self.stage = Stage::Pending;
    }

    /// They let it go.
    pub(super) fn let_go(&mut self, turn: &mut Turn<'_>, passes: bool, screen: &mut Screen) {
        match self.held.take() {
            None => return,
            Some(Press::Line(line)) if passes => {
                let executed = exec::resume(turn, &mut self.session, &line);
                self.ran(turn, executed, screen);
            }
            Some(Press::Line(line)) => {
                exec::refuse(turn, &self.session, &line);
                self.ready(turn.state, screen);
            }
            Some(Press::End(line)) => {
                if passes {
                    screen.print(&exec::resume(turn, &mut self.session, &line).text);
                } else {
                    exec::refuse(turn, &self.session, &line);
                }
                self.leave(turn, screen);
            }
            Some(press @ (Press::Help | Press::Complete)) => {
                self.stage = Stage::Command;
                if passes {
                    self.pressed(turn.state, &press, screen);
                } else {
                    self.prompt(turn.state, screen);
                }
            }
        }
        self.catch_up(turn, screen);
    }

    /// A run reads a line; what was typed ahead is there already.
    pub(super) fn read(&mut self, turn: &mut Turn<'_>, run: RunId, screen: &mut Screen) {
        if let Stage::Reading(reading) = &mut self.stage {
            reading.runs.push_back(run);
            return;
        }
        let mut editor = Editor::default();
        editor.start(Entry::Text);
        self.stage = Stage::Reading(Reading { runs: VecDeque::from([run]), editor });
        self.catch_up(turn, screen);
    }

    /// A key of a line that a run reads. What breaks a command off does so here, too.
    pub(super) fn reading_key(&mut self, turn: &mut Turn<'_>, key: Key, screen: &mut Screen) {
        let Stage::Reading(reading) = &mut self.stage else { return };
        let history = self.session.histories.of(false);
        match reading.editor.press(key, history, screen.echo()) {
            None | Some(Edit::Help | Edit::Complete) => {}
            Some(Edit::Line(line)) => {
                screen.print("\n");
                let run = reading.runs.pop_front();
                let is_last = reading.runs.is_empty();
                run.into_iter().for_each(|run| turn.answer_gets(run, Some(line.clone())));
                if is_last {
                    self.stage = Stage::Pending;
                }
            }
            Some(Edit::Abort | Edit::End(_)) => {
                screen.print("^C");
                self.break_off(turn, screen);
            }
        }
    }
}
