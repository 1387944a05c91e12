//! One terminal: what each key does at a prompt, at a question, below a page.

use cli::{Edit, Entry, Key, Pager};

use super::access;
use super::screen::Screen;
use super::{Press, Stage, TYPED_AHEAD_BYTES_MAX, Terminal};
use crate::command::{Mode, Place};
use crate::device::State;
use crate::exec::{self, Executed, Next};
use crate::feature::netconf;
use crate::feature::{eem, ping, traceroute};
use crate::io::{Output, SessionId};
use crate::turn::Turn;

/// What breaks off a command that goes on: ^C and Ctrl-Shift-6.
const BREAKS: [u8; 2] = [0x03, ESCAPE];

/// Ctrl-Shift-6
const ESCAPE: u8 = 0x1e;

const BELL: u8 = 0x07;

/// Bytes that a client typed.
pub(crate) fn typed(turn: &mut Turn<'_>, id: SessionId, bytes: &[u8]) {
    if netconf::is_session(turn.state, id) {
        return netconf::received(turn, id, bytes);
    }
    with(turn, id, |terminal, turn, screen| {
        access::touch(turn, terminal);
        terminal.take_in(turn, bytes, screen);
    });
}

/// Takes a terminal out of the router while something runs in it, and sends what it prints.
pub(super) fn with(
    turn: &mut Turn<'_>,
    id: SessionId,
    run: impl FnOnce(&mut Terminal, &mut Turn<'_>, &mut Screen),
) {
    let Some(mut terminal) = turn.state.terminals.open.remove(&id) else { return };
    let mut screen = Screen::default();
    run(&mut terminal, turn, &mut screen);
    let bytes = screen.into_bytes();
    if let Some(last) = bytes.last() {
        terminal.at_line_start = *last == b'\n';
        turn.out.push(Output::SessionBytes { session: id, bytes });
    }
    if matches!(terminal.stage, Stage::Closed) {
        let status = u32::from(terminal.once == Some(true));
        turn.out.push(Output::SessionClose { session: id, status });
        access::release(turn, id, terminal.session);
    } else {
        turn.state.terminals.open.insert(id, terminal);
    }
}

impl Terminal {
    /// Looks at what was typed, and keeps what is typed ahead of a command that goes on. A break
    /// key ends such a command at once.
    fn take_in(&mut self, turn: &mut Turn<'_>, bytes: &[u8], screen: &mut Screen) {
        let mut bytes = bytes;
        if matches!(self.stage, Stage::Copying(_)) {
            return self.copy_more(turn, bytes, screen);
        }
        if matches!(self.stage, Stage::Pending)
            && let Some(at) = bytes.iter().position(|byte| BREAKS.contains(byte))
        {
            self.break_off(turn, screen);
            bytes = &bytes[at + 1..];
        }
        for &byte in bytes {
            if byte == ESCAPE && matches!(self.stage, Stage::Reading(_)) {
                self.break_off(turn, screen);
            } else if !matches!(self.stage, Stage::Pending) {
                self.byte(turn, byte, screen);
            } else if self.ahead.len() < TYPED_AHEAD_BYTES_MAX {
                self.ahead.push_back(byte);
            }
        }
    }

    /// The command that goes on is given up; a late end of it finds another ticket.
    pub(super) fn break_off(&mut self, turn: &mut Turn<'_>, screen: &mut Screen) {
        let caller = self.session.caller();
        let last = ping::broken_off(turn.state, caller)
            .or_else(|| traceroute::broken_off(turn.state, caller));
        eem::abandon(turn, caller);
        self.held = None;
        self.ahead.clear();
        self.session.ticket += 1;
        self.session.pipe = None;
        screen.print(last.as_deref().unwrap_or("\n"));
        self.ready(turn.state, screen);
    }

    /// Looks at what was typed ahead, until another command goes on or the session ends.
    pub(super) fn catch_up(&mut self, turn: &mut Turn<'_>, screen: &mut Screen) {
        while !matches!(self.stage, Stage::Pending | Stage::Copying(_) | Stage::Closed) {
            let Some(byte) = self.ahead.pop_front() else { return };
            self.byte(turn, byte, screen);
        }
    }

    fn byte(&mut self, turn: &mut Turn<'_>, byte: u8, screen: &mut Screen) {
        if let Some(key) = self.keys.feed(byte) {
            self.key(turn, key, screen);
        }
    }

    fn key(&mut self, turn: &mut Turn<'_>, key: Key, screen: &mut Screen) {
        match &mut self.stage {
            Stage::Command if key == Key::Redraw => self.reprint(turn.state, screen),
            Stage::Command => self.command_key(turn, key, screen),
            Stage::Answer { one_key: true, .. } => self.confirm(turn, key, screen),
            Stage::Answer { .. } => self.answer_key(turn, key, screen),
            Stage::Paging { pager, about_line } => {
                let about_line = *about_line;
                let (text, ended) = pager.press(key);
                screen.print(&text);
                if ended && about_line {
                    self.stage = Stage::Command;
                    self.prompt(turn.state, screen);
                } else if ended {
                    self.ready(turn.state, screen);
                }
            }
            Stage::Reading(_) => self.reading_key(turn, key, screen),
            Stage::Pending | Stage::Copying(_) | Stage::Closed => {}
        }
    }

    fn command_key(&mut self, turn: &mut Turn<'_>, key: Key, screen: &mut Screen) {
        let in_braces = || self.editor.before_cursor().contains('{');
        let key = match (key, self.session.place()) {
            // The text of a file, not a question.
            (Key::Character(byte), Place::Tcl(_)) if in_braces() => Key::Literal(byte),
            (key, _) => key,
        };
        let configuring = self.session.mode() != Mode::Exec;
        let history = self.session.histories.of(configuring);
        match self.editor.press(key, history, screen.echo()) {
            None => {}
            Some(Edit::Line(line)) => {
                history.push(&line);
                screen.print("\n");
                self.run(turn, &line, screen);
            }
            Some(Edit::Help) => {
                screen.print("?");
                self.press(turn, Press::Help, screen);
            }
            Some(Edit::Complete) => self.press(turn, Press::Complete, screen),
            Some(Edit::Abort) => {
                screen.print("^C\n");
                self.end(turn, "", screen);
            }
            Some(Edit::End(line)) => {
                screen.print("^Z\n");
                self.end(turn, &line, screen);
            }
        }
    }

    /// ^Z ends configuration mode, after the line in front of it (Cisco warns of just that). In
    /// EXEC it gives up the line, as ^C does everywhere.
    fn end(&mut self, turn: &mut Turn<'_>, line: &str, screen: &mut Screen) {
        if self.session.mode() == Mode::Exec {
            return self.ready(turn.state, screen);
        }
        if !line.trim().is_empty() {
            let Executed { text, next, .. } = exec::submit(turn, &mut self.session, line);
            if next == Next::Held {
                return self.hold(Press::End(line.to_owned()));
            }
            screen.print(&text);
        }
        self.leave(turn, screen);
    }

    /// All the way up to EXEC.
    pub(super) fn leave(&mut self, turn: &mut Turn<'_>, screen: &mut Screen) {
        self.session.answer = None;
        exec::close(turn, &mut self.session);
        self.ready(turn.state, screen);
    }

    /// Help, page by page if it is long, then the line again.
    pub(super) fn help(&mut self, state: &State, screen: &mut Screen) {
        let text = exec::help(state, &self.session, &self.editor.before_cursor());
        let (shown, pager) = Pager::start(&text, self.page_length());
        screen.print(&shown);
        match pager {
            Some(pager) => self.stage = Stage::Paging { pager, about_line: true },
            None => self.prompt(state, screen),
        }
    }

    pub(super) fn complete(&mut self, state: &State, screen: &mut Screen) {
        match exec::complete(state, &self.session, &self.editor.before_cursor()) {
            Some(line) => self.editor.replace_before_cursor(&line),
            None => screen.echo().push(BELL),
        }
    }

    fn answer_key(&mut self, turn: &mut Turn<'_>, key: Key, screen: &mut Screen) {
        let history = self.session.histories.of(false);
        match self.editor.press(key, history, screen.echo()) {
            None | Some(Edit::Help | Edit::Complete) => {}
            Some(Edit::Line(line)) => {
                screen.print("\n");
                self.run(turn, &line, screen);
            }
            Some(Edit::Abort | Edit::End(_)) => self.give_up(turn.state, screen),
        }
    }

    /// `[confirm]` takes one key: return or `y` for yes, anything else for no.
    fn confirm(&mut self, turn: &mut Turn<'_>, key: Key, screen: &mut Screen) {
        match key {
            Key::Enter => {
                screen.print("\n");
                self.run(turn, "", screen);
            }
            Key::Character(byte) | Key::Literal(byte) if byte.is_ascii() => {
                let answer = char::from(byte).to_string();
                screen.print(&format!("{answer}\n"));
                self.run(turn, &answer, screen);
            }
            _ => self.give_up(turn.state, screen),
        }
    }

    fn give_up(&mut self, state: &State, screen: &mut Screen) {
        self.session.answer = None;
        screen.print("\n");
        self.ready(state, screen);
    }

    /// Runs a line, prints what it says, and goes on to whatever follows.
    pub(super) fn run(&mut self, turn: &mut Turn<'_>, line: &str, screen: &mut Screen) {
        let executed = exec::submit(turn, &mut self.session, line);
        if executed.next == Next::Held {
            return self.hold(Press::Line(line.to_owned()));
        }
        self.ran(turn, executed, screen);
    }

    /// A line was carried out.
    pub(super) fn ran(&mut self, turn: &mut Turn<'_>, executed: Executed, screen: &mut Screen) {
        let Executed { text, refused, next } = executed;
        if let Some(status) = &mut self.once {
            *status = refused;
        }
        self.follow(turn.state, &text, next, screen);
    }

    /// Prints `text`, page by page if it is long, then does what comes next.
    pub(super) fn follow(&mut self, state: &State, text: &str, next: Next, screen: &mut Screen) {
        let (shown, pager) = Pager::start(text, self.page_length());
        screen.print(&shown);
        if let Some(pager) = pager {
            self.stage = Stage::Paging { pager, about_line: false };
            return;
        }
        match next {
            Next::Prompt => self.ready(state, screen),
            Next::Question { question, echo } => self.ask(question, echo, screen),
            Next::Pending | Next::Held => self.stage = Stage::Pending,
            Next::Closed => self.stage = Stage::Closed,
        }
    }

    fn page_length(&self) -> u16 {
        if self.once.is_some() { 0 } else { self.session.settings.length }
    }

    fn ask(&mut self, question: String, echo: bool, screen: &mut Screen) {
        screen.print(&question);
        self.editor.start(if echo { Entry::Text } else { Entry::Secret });
        let one_key = question.trim_end().ends_with("[confirm]");
        self.stage = Stage::Answer { question, one_key };
    }

    /// Prints the prompt and takes a command; a session for one command is over instead.
    pub(super) fn ready(&mut self, state: &State, screen: &mut Screen) {
        if self.once.is_some() {
            self.stage = Stage::Closed;
            return;
        }
        self.catch_up_on_notices(screen);
        self.stage = Stage::Command;
        let in_text = matches!(self.session.place(), Place::Tcl(tcl) if tcl.goes_on());
        self.editor.start(if in_text { Entry::Text } else { Entry::Command });
        self.prompt(state, screen);
    }

    /// The prompt and the line so far, on a new line.
    pub(super) fn reprint(&mut self, state: &State, screen: &mut Screen) {
        screen.print("\n");
        self.prompt(state, screen);
    }

    pub(super) fn prompt(&mut self, state: &State, screen: &mut Screen) {
        match &self.stage {
            Stage::Command => screen.print(&exec::prompt(state, &self.session)),
            Stage::Answer { question, .. } => screen.print(question),
            Stage::Paging { .. } => return screen.print(cli::MORE),
            Stage::Reading(reading) => return reading.editor.redraw(screen.echo()),
            Stage::Pending | Stage::Copying(_) | Stage::Closed => return,
        }
        self.editor.redraw(screen.echo());
    }
}
