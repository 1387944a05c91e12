//! The part of a session that changes a device: into the configuration mode, line by line, out.
//!
//! Called by the driver once its prompt is known. Nothing is typed unless the prompt that stands
//! there is the same device's, and the first line that the device refuses is the last.

use simtime::Time;

use super::{Answered, Driver, Failure, Line, Told, send};
use crate::session::answer::configuration_complaint;
use crate::session::prompt::Prompt;
use crate::session::running;

impl Driver {
    /// Begins a configuration: at once, or by looking at what stands already.
    pub(super) fn begin_configuring(
        &mut self,
        now: Time,
        prompt: Prompt,
        in_doubt: bool,
        told: &mut Vec<Told>,
    ) {
        if !prompt.privileged {
            return self.end(Err(Failure::NotPrivileged), told);
        }
        if in_doubt {
            return self.send_line(now, prompt, Line::State, told);
        }
        self.look(now, prompt, 0, false, told);
    }

    /// Looks at what is touched, from a place on; then goes on: into the configuration mode, or
    /// home.
    pub(super) fn look(
        &mut self,
        now: Time,
        prompt: Prompt,
        place: usize,
        after: bool,
        told: &mut Vec<Told>,
    ) {
        match (self.looks.get(place).cloned(), after) {
            (Some(text), _) => {
                self.send_line(now, prompt, Line::Look { place, text, after }, told);
            }
            (None, false) => self.send_line(now, prompt, Line::Enter, told),
            (None, true) => self.bid_farewell(told),
        }
    }

    /// What is touched was shown, or the device knows no such command: the story has it.
    pub(super) fn looked(
        &mut self,
        now: Time,
        prompt: Prompt,
        (place, text, after, sent_at): (usize, String, bool, Time),
        told: &mut Vec<Told>,
    ) {
        let looks = if after { self.looks.len() } else { 0 };
        self.tell_answer(self.behind + looks + place, text, sent_at, told);
        self.look(now, prompt, place + 1, after, told);
    }

    /// The running-config was answered: lines that stand are not sent again.
    pub(super) fn state_read(
        &mut self,
        now: Time,
        prompt: Prompt,
        sent_at: Time,
        told: &mut Vec<Told>,
    ) {
        let lines: Vec<&str> = self.commands.iter().map(|(_, line)| line.as_str()).collect();
        let stand = running::stand(&lines, self.screen.text());
        let index = self.commands.back().map_or(0, |(index, _)| index + 1);
        self.tell_answer(index, Line::State.text().to_owned(), sent_at, told);
        if stand {
            told.push(Told::Stands);
            self.bid_farewell(told);
        } else {
            self.send_line(now, prompt, Line::Enter, told);
        }
    }

    /// `configure terminal` was answered.
    pub(super) fn entered(&mut self, now: Time, prompt: Prompt, told: &mut Vec<Told>) {
        if prompt.is_configuring(&self.screen.tail()) {
            return self.next_line(now, prompt, told);
        }
        let words = self.screen.last().trim().to_owned();
        self.end(Err(Failure::NoConfiguration(words)), told);
    }

    /// A line of the configuration was answered.
    pub(super) fn configured(
        &mut self,
        now: Time,
        prompt: Prompt,
        (index, line, sent_at): (usize, String, Time),
        told: &mut Vec<Told>,
    ) {
        let refused = configuration_complaint(self.screen.text()).is_some();
        let has_left = prompt.is(&self.screen.tail());
        self.tell_answer(index, line.clone(), sent_at, told);
        match (has_left, refused || self.commands.is_empty()) {
            (true, true) => self.look(now, prompt, 0, true, told),
            (true, false) => self.end(Err(Failure::LeftConfiguration(line)), told),
            (false, true) => self.send_line(now, prompt, Line::Leave, told),
            (false, false) => self.next_line(now, prompt, told),
        }
    }

    fn next_line(&mut self, now: Time, prompt: Prompt, told: &mut Vec<Told>) {
        let line = match self.commands.pop_front() {
            Some((index, text)) => Line::Configuration { index, text },
            None => Line::Leave,
        };
        self.send_line(now, prompt, line, told);
    }

    fn tell_answer(&self, index: usize, command: String, sent_at: Time, told: &mut Vec<Told>) {
        let complaint = configuration_complaint(self.screen.text()).map(str::to_owned);
        let output = self.screen.text().trim_end_matches('\n').to_owned();
        let json = None;
        told.push(Told::Answered(Answered { index, command, output, json, complaint, sent_at }));
    }

    pub(super) fn bid_farewell(&mut self, told: &mut Vec<Told>) {
        send("exit", told);
        self.end(Ok(()), told);
    }
}
