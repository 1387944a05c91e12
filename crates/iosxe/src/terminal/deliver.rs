//! What a turn has for terminals besides the answer to their own keys: log lines, and the output of
//! commands that go on.
//!
//! It waits until the turn's end, when no command of the turn runs in any terminal any more: a
//! message that a command causes thus follows the command's prompt, as on a router.

use ::eem::RunId;

use super::console;
use super::screen::Screen;
use super::shell::with;
use super::{Delivery, Stage, Terminal};
use crate::exec::Next;
use crate::feature::eem;
use crate::io::SessionId;
use crate::session::{Caller, Origin};
use crate::turn::Turn;

/// A log line for the terminals that monitor: how many they are.
pub(crate) fn monitor(turn: &mut Turn<'_>, line: &str, severity: u8) -> u64 {
    let terminals = &mut turn.state.terminals;
    if !terminals.monitors.is_empty() {
        terminals.monitors.values_mut().for_each(|monitor| monitor.messages += 1);
        terminals.queue.push_back(Delivery::Notice(line.to_owned(), severity));
    }
    terminals.monitors.len() as u64
}

/// Delivers all that has gathered: the device calls it last in every turn.
pub(crate) fn flush(turn: &mut Turn<'_>) {
    while let Some(delivery) = turn.state.terminals.queue.pop_front() {
        match delivery {
            Delivery::Notice(line, severity) => notice(turn, &line, severity),
            Delivery::Print(caller, text) => print(turn, caller, &text),
            Delivery::Finish(caller, text) => finish(turn, caller, &text),
            Delivery::LetGo(caller, passes) => let_go(turn, caller, passes),
            Delivery::Ask(caller, run) => ask(turn, caller, run),
            Delivery::Answer(run, line) => eem::answer_gets(turn, run, line),
        }
    }
}

impl Turn<'_> {
    /// A part of the output of a command that goes on.
    pub(crate) fn print(&mut self, caller: Caller, text: impl Into<String>) {
        self.state.terminals.queue.push_back(Delivery::Print(caller, text.into()));
    }

    /// Applets let the line of `caller` go: it is carried out if it `passes`.
    pub(crate) fn let_go(&mut self, caller: Caller, passes: bool) {
        self.state.terminals.queue.push_back(Delivery::LetGo(caller, passes));
    }

    /// A run reads a line of whoever waits for it.
    pub(crate) fn ask_for_line(&mut self, caller: Caller, run: RunId) {
        self.state.terminals.queue.push_back(Delivery::Ask(caller, run));
    }

    /// The line that a run has asked for; none if nobody types one.
    pub(crate) fn answer_gets(&mut self, run: RunId, line: Option<String>) {
        self.state.terminals.queue.push_back(Delivery::Answer(run, line));
    }

    /// The end of a command that went on, with the rest of its output.
    pub(crate) fn finish(&mut self, caller: Caller, text: impl Into<String>) {
        self.state.terminals.queue.push_back(Delivery::Finish(caller, text.into()));
    }
}

fn notice(turn: &mut Turn<'_>, line: &str, severity: u8) {
    let monitors: Vec<SessionId> = turn.state.terminals.monitors.keys().copied().collect();
    for id in monitors {
        with(turn, id, |terminal, turn, screen| match terminal.synchronous(turn, severity) {
            None => terminal.interrupt(line, screen),
            // Nothing that was asked for is cut in two.
            Some(limit) if matches!(terminal.stage, Stage::Pending | Stage::Paging { .. }) => {
                terminal.put_off(line, limit);
            }
            Some(_) => {
                terminal.interrupt(line, screen);
                terminal.prompt(turn.state, screen);
            }
        });
    }
}

fn print(turn: &mut Turn<'_>, caller: Caller, text: &str) {
    match caller {
        Caller::Session(id, ticket) => with(turn, id, |terminal, _, screen| {
            if !terminal.waits_for(ticket) {
                return;
            }
            match terminal.session.pipe {
                Some(_) => terminal.session.draft.push_str(text),
                None => screen.print(text),
            }
        }),
        Caller::Applet(run) => eem::command_printed(turn, run, text),
        Caller::Console(..) | Caller::Nobody => {}
    }
}

fn finish(turn: &mut Turn<'_>, caller: Caller, text: &str) {
    match caller {
        Caller::Session(id, ticket) => with(turn, id, |terminal, turn, screen| {
            if terminal.waits_for(ticket) {
                terminal.finish(turn, text, screen);
            }
        }),
        Caller::Applet(run) => eem::command_finished(turn, run, text),
        Caller::Console(seat, ticket) => console::finish(turn, seat, ticket),
        Caller::Nobody => {}
    }
}

fn let_go(turn: &mut Turn<'_>, caller: Caller, passes: bool) {
    match caller {
        Caller::Session(id, ticket) => with(turn, id, |terminal, turn, screen| {
            if terminal.waits_for(ticket) {
                terminal.let_go(turn, passes, screen);
            }
        }),
        Caller::Console(seat, ticket) => console::let_go(turn, seat, ticket, passes),
        // Only what people type is held.
        Caller::Applet(_) | Caller::Nobody => {}
    }
}

fn ask(turn: &mut Turn<'_>, caller: Caller, run: RunId) {
    match caller {
        Caller::Session(id, ticket) => with(turn, id, |terminal, turn, screen| {
            if terminal.waits_for(ticket) {
                terminal.read(turn, run, screen);
            } else {
                turn.answer_gets(run, None);
            }
        }),
        Caller::Console(seat, ticket) => console::gets(turn, seat, ticket, run),
        Caller::Applet(_) | Caller::Nobody => turn.answer_gets(run, None),
    }
}

impl Terminal {
    fn waits_for(&self, ticket: u64) -> bool {
        let waits = matches!(self.stage, Stage::Pending | Stage::Reading(_));
        waits && self.session.ticket == ticket
    }

    fn finish(&mut self, turn: &mut Turn<'_>, text: &str, screen: &mut Screen) {
        let text = match self.session.pipe.take() {
            Some(pipe) => pipe.apply(&(std::mem::take(&mut self.session.draft) + text)),
            None => text.to_owned(),
        };
        self.follow(turn.state, &text, Next::Prompt, screen);
        self.catch_up(turn, screen);
    }

    /// Whether a message of this severity leaves what is typed and printed whole: then how many
    /// may wait.
    fn synchronous(&self, turn: &Turn<'_>, severity: u8) -> Option<usize> {
        match self.session.origin {
            Origin::Vty { vty, .. } => turn.state.lines.synchronous(vty, severity),
            Origin::Console | Origin::Memory | Origin::Program(_) | Origin::Applet { .. } => None,
        }
    }

    /// A log line on a line of its own, wherever the cursor stands.
    fn interrupt(&mut self, line: &str, screen: &mut Screen) {
        let newline = if self.at_line_start { "" } else { "\n" };
        screen.print(&format!("{newline}{line}\n"));
    }

    fn put_off(&mut self, line: &str, limit: usize) {
        if self.notices.len() < limit {
            self.notices.push_back(line.to_owned());
        } else {
            self.notices_lost = self.notices_lost.saturating_add(1);
        }
    }

    /// The log lines that have waited for the end of an output.
    pub(super) fn catch_up_on_notices(&mut self, screen: &mut Screen) {
        for line in std::mem::take(&mut self.notices) {
            screen.print(&format!("{line}\n"));
        }
        // Cisco's command reference of `logging synchronous` has this line.
        let lost = std::mem::take(&mut self.notices_lost);
        if lost > 0 {
            screen
                .print(&format!("%SYS-3-MSGLOST {lost} messages lost because of queue overflow\n"));
        }
    }
}
