//! What `configure` and `exec` share: who types what, at the console or at a VTY line.
//!
//! Read by the two verbs. A password is never among the words of a step.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Spanned};

use super::{Act, Reading, Stage};
use crate::typist::Login;

/// How many lines one step can type.
const LINES_MAX: usize = 256;

/// Where somebody logs in from who does not say: an address of documentation (RFC 5737).
const FROM_DEFAULT: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

/// Lines, and who types them.
pub(super) struct Typing {
    /// In configuration mode, or in EXEC.
    configures: bool,
    lines: Vec<String>,
    login: Option<Login>,
}

impl Typing {
    /// Reads a verb's table; `keys` are those of which one holds the lines.
    pub(super) fn read(
        word: &'static str,
        keys: &[&'static str],
        table: &mut Table,
        reading: &Reading<'_>,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Typing> {
        let mut table = table.table(word, sink)?;
        let (span, source) = (table.span(), Arc::clone(table.source()));
        let mut texts: Vec<Spanned<String>> = Vec::new();
        for key in keys {
            texts.extend(table.one_or_more(key, sink).unwrap_or_default());
        }
        let user = table.text("user", sink);
        let password = table.text("password", sink).map(|password| password.value);
        let from = table.parsed::<IpAddr>("from", sink).map(|from| from.value);
        table.finish(sink);
        let lines = texts.iter().flat_map(|text| text.value.lines()).map(str::to_owned);
        let lines: Vec<String> = lines.collect();
        if lines.is_empty() || lines.len() > LINES_MAX {
            let message = format!("`{word}` types {} lines", lines.len());
            let label = format!("expected 1 to {LINES_MAX} in `{}`", keys.join("` or `"));
            sink.push(Diagnostic::error("SIM006", message, &source, span).label(label));
            return None;
        }
        let login = match user {
            None => None,
            Some(user) => {
                let known = reading.node.and_then(|node| {
                    let (name, password) = reading.lab.router(node).config.user.clone()?;
                    (name == user.value).then_some(password)
                });
                let Some(password) = password.or(known) else {
                    if reading.node.is_some() {
                        let message = format!("the password of `{}` is not known", user.value);
                        let label = "add `password`: it is no user of the topology's";
                        sink.push(
                            Diagnostic::error("SIM022", message, &source, user.span).label(label),
                        );
                    }
                    return None;
                };
                Some(Login { user: user.value, password, from: from.unwrap_or(FROM_DEFAULT) })
            }
        };
        Some(Typing { configures: word == "configure", lines, login })
    }
}

impl Act for Typing {
    fn words(&self) -> String {
        let user = self.login.as_ref().map(|login| format!("user={} ", login.user));
        let key = if self.configures { "lines" } else { "commands" };
        format!("{}{key}={}", user.unwrap_or_default(), self.lines.join("; "))
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let Stage { now, node, trace, .. } = *stage;
        let lines = &self.lines;
        match &self.login {
            None if self.configures => stage.type_at_console(lines),
            None => stage.tell(iosxe::Input::Execute { lines, trace }),
            Some(login) => {
                let mode = |line: &str| self.configures.then(|| line.to_owned());
                let typed = mode("configure terminal").into_iter();
                let typed = typed.chain(lines.iter().cloned()).chain(mode("end"));
                let typed: Vec<String> = typed.collect();
                stage.lab.log_in_and_type(now, node, login, &typed, trace, stage.out);
            }
        }
    }
}

/// Names who types and how much: lines and passwords hold secrets.
impl fmt::Debug for Typing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = self.login.as_ref().map(|login| &login.user);
        f.debug_struct("Typing")
            .field("user", &user)
            .field("lines", &self.lines.len())
            .finish_non_exhaustive()
    }
}
