//! A terminal on a device, as far as a check needs one: prompt, privilege, version.
//!
//! Asks and reads only; jobs are driven by the automation's own driver.

use automation::SessionFailure;
use russh::ChannelMsg;
use secrecy::{ExposeSecret as _, SecretString};

use crate::connect::Shell;

/// The most that one answer may hold, in bytes.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// No prompt of IOS is longer, in bytes.
const PROMPT_BYTES_MAX: usize = 80;

pub(super) struct Terminal {
    shell: Shell,
    unread: Vec<u8>,
}

impl Terminal {
    pub(super) fn over(mut shell: Shell) -> Self {
        let unread = std::mem::take(&mut shell.early);
        Terminal { shell, unread }
    }

    /// The prompt, known when it comes twice: a banner may end in `#` too.
    pub(super) async fn prompt(&mut self) -> Result<String, SessionFailure> {
        self.send("").await?;
        let mut before = None;
        loop {
            let (_, prompt) = self.until(is_prompt).await?;
            if before.as_ref() == Some(&prompt) {
                return Ok(prompt);
            }
            before = Some(prompt);
            self.send("").await?;
        }
    }

    /// The privilege level, after `enable` where there is a secret for it and a need.
    pub(super) async fn privilege(
        &mut self,
        prompt: &str,
        enable: Option<SecretString>,
    ) -> Result<u8, SessionFailure> {
        if let (true, Some(secret)) = (prompt.ends_with('>'), enable) {
            self.send("enable").await?;
            let asked = |tail: &str| tail.to_lowercase().starts_with("password") || is_prompt(tail);
            let (_, tail) = self.until(asked).await?;
            if !is_prompt(&tail) {
                self.send(secret.expose_secret()).await?;
                self.until(is_prompt).await?;
            }
        }
        let answer = self.ask("show privilege").await?;
        // "Current privilege level is 15"
        let level = answer.split_whitespace().last().and_then(|word| word.parse().ok());
        level.ok_or_else(|| SessionFailure::NoShell(format!("`show privilege`: {}", answer.trim())))
    }

    /// The first line of `show version` that names one.
    pub(super) async fn version(&mut self) -> Result<String, SessionFailure> {
        self.ask("terminal length 0").await?;
        let answer = self.ask("show version").await?;
        let line = answer.lines().find(|line| line.contains("Version"));
        let nothing = || SessionFailure::NoShell("`show version` names no version".to_owned());
        line.map(|line| line.trim().to_owned()).ok_or_else(nothing)
    }

    pub(super) async fn leave(mut self) {
        let _ = self.send("exit").await;
        self.shell.login.leave().await;
    }

    /// One command: what came between its echo and the prompt.
    async fn ask(&mut self, line: &str) -> Result<String, SessionFailure> {
        self.send(line).await?;
        // A newline of `prompt` may still be answered: only what follows the echo counts.
        loop {
            let (answer, _) = self.until(is_prompt).await?;
            if let Some((_, output)) = answer.split_once(line) {
                return Ok(output.to_owned());
            }
        }
    }

    async fn send(&mut self, line: &str) -> Result<(), SessionFailure> {
        let sent = self.shell.write.data_bytes(format!("{line}\n")).await;
        sent.map_err(|error| SessionFailure::Unreachable(error.to_string()))
    }

    /// Reads until the last line, which has no end yet, is what is waited for. Returns the text
    /// before it, and it.
    async fn until(
        &mut self,
        awaited: impl Fn(&str) -> bool,
    ) -> Result<(String, String), SessionFailure> {
        loop {
            let text = String::from_utf8_lossy(&self.unread).into_owned();
            let (before, tail) = text.rsplit_once('\n').unwrap_or(("", &text));
            let tail = tail.trim();
            if awaited(tail) {
                self.unread.clear();
                return Ok((before.to_owned(), tail.to_owned()));
            }
            match self.shell.read.wait().await {
                Some(ChannelMsg::Data { data }) => self.unread.extend_from_slice(&data),
                Some(ChannelMsg::Eof | ChannelMsg::Close) | None => {
                    let text = "the device ended the session".to_owned();
                    return Err(SessionFailure::NoShell(text));
                }
                Some(_) => {}
            }
            if self.unread.len() > ANSWER_BYTES_MAX {
                let text = format!("the device sent more than {ANSWER_BYTES_MAX} bytes");
                return Err(SessionFailure::NoShell(text));
            }
        }
    }
}

fn is_prompt(tail: &str) -> bool {
    let name = tail.strip_suffix(['#', '>']).unwrap_or_default();
    let allowed = |c: char| c.is_ascii_graphic() && !matches!(c, '#' | '>');
    !name.is_empty() && tail.len() <= PROMPT_BYTES_MAX && name.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: prompts are told from what merely looks like one. Method: a table.
    #[test]
    fn prompts() {
        for (text, want) in [
            ("R1#", true),
            ("R1>", true),
            ("R1(config-if)#", true),
            ("", false),
            ("#", false),
            ("Password:", false),
            ("### authorised users only ###", false),
            ("R1# show", false),
        ] {
            assert_eq!(is_prompt(text), want, "{text}");
        }
    }
}
