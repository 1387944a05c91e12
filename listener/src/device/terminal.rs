//! A terminal on a device: the driver that jobs use, its bytes carried by hand.
//!
//! Used by a check, which reports step by step; jobs have the live loop carry theirs.

use std::collections::VecDeque;

use automation::session::{Answered, Driver, Failure, Plan, Told};
use host::LiveClock;
use russh::ChannelMsg;

use crate::connect::Shell;

/// Why a step on a terminal did not come to its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum TerminalError {
    #[error(transparent)]
    Driver(Failure),
    #[error("the device ended the session: {0}")]
    Closed(String),
    #[error("the connection broke: {0}")]
    Broke(russh::Error),
    #[error("`{command}`: {complaint}")]
    Refused { command: String, complaint: String },
}

pub(super) struct Terminal {
    shell: Shell,
    clock: LiveClock,
    driver: Driver,
    told: VecDeque<Told>,
}

impl Terminal {
    /// Begins: the commands of `plan` will be answered in their order.
    pub(super) fn over(mut shell: Shell, plan: Plan) -> Self {
        let clock = LiveClock::start();
        let mut told = Vec::new();
        let mut driver = Driver::start(plan, clock.now(), &mut told);
        driver.bytes(clock.now(), &std::mem::take(&mut shell.early), &mut told);
        Terminal { shell, clock, driver, told: told.into() }
    }

    /// The prompt after the login.
    pub(super) async fn prompt(&mut self) -> Result<String, TerminalError> {
        loop {
            if let Told::Prompt(prompt) = self.next().await? {
                return Ok(prompt);
            }
        }
    }

    /// What the next command was answered.
    pub(super) async fn answer(&mut self) -> Result<String, TerminalError> {
        loop {
            let Told::Answered(answered) = self.next().await? else { continue };
            let Answered { command, output, complaint, .. } = answered;
            return match complaint {
                Some(complaint) => Err(TerminalError::Refused { command, complaint }),
                None => Ok(output),
            };
        }
    }

    /// Sends what the driver still says, its `exit`, and goes.
    pub(super) async fn leave(mut self) {
        while let Some(Told::Send(bytes)) = self.told.pop_front() {
            let _ = self.shell.write.data_bytes(bytes).await;
        }
        self.shell.login.leave().await;
    }

    /// What the driver says next. Every wait of it has a bound of its own.
    async fn next(&mut self) -> Result<Told, TerminalError> {
        loop {
            match self.told.pop_front() {
                Some(Told::Send(bytes)) => {
                    self.shell.write.data_bytes(bytes).await.map_err(TerminalError::Broke)?;
                }
                Some(Told::Ended(Err(failure))) => return Err(TerminalError::Driver(failure)),
                Some(told) => return Ok(told),
                None => self.listen().await?,
            }
        }
    }

    /// Waits for the device or the driver's deadline.
    async fn listen(&mut self) -> Result<(), TerminalError> {
        let mut told = Vec::new();
        tokio::select! {
            message = self.shell.read.wait() => match message {
                Some(ChannelMsg::Data { data }) => {
                    self.driver.bytes(self.clock.now(), &data, &mut told);
                }
                Some(ChannelMsg::Eof | ChannelMsg::Close) | None => {
                    let why = self.driver.last_words();
                    let why = why.unwrap_or_else(|| "it did not say why".to_owned());
                    return Err(TerminalError::Closed(why));
                }
                Some(_) => {}
            },
            () = self.clock.sleep_until(self.driver.next_deadline()) => {
                self.driver.deadline(self.clock.now(), &mut told);
            }
        }
        self.told.extend(told);
        Ok(())
    }
}
