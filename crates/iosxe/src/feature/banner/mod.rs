//! `banner login`, `banner motd`, `banner exec`: texts before and after a login.
//!
//! The text goes from a delimiter to the same delimiter, on one line or several. Terminals ask for
//! what to show; nothing here knows who logs in.

use cli::{Args, Kind, No, kw, one_of, param};

use crate::command::{Command, Mode, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this feature.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Config],
    privilege: 15,
    syntax: &[
        kw("banner", "Define a login banner"),
        one_of(&[
            &[kw("exec", "Set EXEC process creation banner")],
            &[kw("login", "Set login banner")],
            &[kw("motd", "Set Message of the Day banner")],
        ]),
        param("text", Kind::Line, "c banner-text c, where 'c' is a delimiting character"),
    ],
    no: No::Allowed,
    run: banner,
}];

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::BANNER, print }];

/// The longest banner, in bytes.
const BANNER_BYTES_MAX: usize = 16 * 1024;

/// What running-config prints in place of the delimiter: the two characters `^` and `C`.
const DELIMITER_SHOWN: &str = "^C";

/// When a banner is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// After the login, before the prompt.
    Exec,
    /// Before the login.
    Login,
    /// After the login, before [`Occasion::Exec`].
    Motd,
}

/// The banners of one router.
#[derive(Clone, Debug, Default)]
pub(crate) struct Banners {
    exec: Option<Box<str>>,
    login: Option<Box<str>>,
    motd: Option<Box<str>>,
}

impl Banners {
    fn slot(&mut self, occasion: Occasion) -> &mut Option<Box<str>> {
        match occasion {
            Occasion::Exec => &mut self.exec,
            Occasion::Login => &mut self.login,
            Occasion::Motd => &mut self.motd,
        }
    }

    fn get(&self, occasion: Occasion) -> Option<&str> {
        match occasion {
            Occasion::Exec => self.exec.as_deref(),
            Occasion::Login => self.login.as_deref(),
            Occasion::Motd => self.motd.as_deref(),
        }
    }
}

/// What a client sees on a VTY line between its login and its first prompt.
pub(crate) fn greeting(state: &State, vty: u32) -> String {
    let shown = [Occasion::Motd, Occasion::Exec];
    shown.iter().filter_map(|occasion| render(state, *occasion, vty)).collect()
}

/// One banner as a client sees it on a VTY line, tokens replaced.
pub(crate) fn render(state: &State, occasion: Occasion, vty: u32) -> Option<String> {
    let text = state.banners.get(occasion)?;
    let text = text.replace("$(hostname)", state.system.hostname());
    let text = text.replace("$(domain)", state.system.domain().unwrap_or_default());
    let text = text.replace("$(line)", &vty.to_string());
    Some(if text.ends_with('\n') { text } else { text + "\n" })
}

fn print(state: &State, text: &mut ConfigText) {
    let banners = &state.banners;
    let all = [("exec", &banners.exec), ("login", &banners.login), ("motd", &banners.motd)];
    for (name, banner) in all {
        if let Some(banner) = banner {
            text.line(format_args!("banner {name} {DELIMITER_SHOWN}{banner}{DELIMITER_SHOWN}"));
        }
    }
}

fn banner(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let occasion = match (args.has("exec"), args.has("login")) {
        (true, _) => Occasion::Exec,
        (false, true) => Occasion::Login,
        (false, false) => Occasion::Motd,
    };
    if args.is_no() || args.is_default() {
        *turn.state.banners.slot(occasion) = None;
        return Reply::Done;
    }
    let typed = args.text("text").unwrap_or_default();
    let delimiter = delimiter(typed);
    let draft = Draft { occasion, delimiter: delimiter.into(), text: String::new() };
    let question = format!("Enter TEXT message.  End with the character '{delimiter}'.\n");
    gather(turn, session, draft, &typed[delimiter.len()..], question)
}

/// The delimiter of a text: its first character. `^C` is one, as running-config prints it, unless
/// the line goes on to another `^` that ends it (`banner motd ^Cisco^`).
fn delimiter(typed: &str) -> &str {
    let first = typed.chars().next().map_or(0, char::len_utf8);
    match typed.strip_prefix(DELIMITER_SHOWN) {
        Some(rest) if rest.contains(DELIMITER_SHOWN) || !rest.contains('^') => DELIMITER_SHOWN,
        _ => &typed[..first],
    }
}

/// A text on its way in, kept as the session's draft between lines.
struct Draft {
    occasion: Occasion,
    delimiter: String,
    text: String,
}

/// Between the parts of a stored draft; no typed line holds it.
const PART_END: char = '\0';

impl Draft {
    fn store(&self) -> String {
        let Draft { occasion, delimiter, text } = self;
        let occasion = match occasion {
            Occasion::Exec => "exec",
            Occasion::Login => "login",
            Occasion::Motd => "motd",
        };
        format!("{occasion}{PART_END}{delimiter}{PART_END}{text}")
    }

    fn load(stored: &str) -> Option<Self> {
        let mut parts = stored.splitn(3, PART_END);
        let occasion = match parts.next()? {
            "exec" => Occasion::Exec,
            "login" => Occasion::Login,
            _ => Occasion::Motd,
        };
        let (delimiter, text) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        Some(Draft { occasion, delimiter, text })
    }
}

/// Adds what was typed; asks for another line unless it holds the delimiter.
fn gather(
    turn: &mut Turn<'_>,
    session: &mut Session,
    mut draft: Draft,
    typed: &str,
    question: String,
) -> Reply {
    let end = typed.find(draft.delimiter.as_str());
    draft.text.push_str(&typed[..end.unwrap_or(typed.len())]);
    if draft.text.len() > BANNER_BYTES_MAX {
        let limit = BANNER_BYTES_MAX;
        return Reply::Refused(format!("% Banner is too long, the limit is {limit} characters\n"));
    }
    if end.is_none() {
        draft.text.push('\n');
        session.draft = draft.store();
        return Reply::Ask { question, echo: true, then: next_line };
    }
    if draft.text.contains(DELIMITER_SHOWN) {
        return Reply::Refused("% A banner cannot contain ^C\n".into());
    }
    session.draft.clear();
    *turn.state.banners.slot(draft.occasion) = Some(draft.text.into_boxed_str());
    Reply::Done
}

fn next_line(turn: &mut Turn<'_>, session: &mut Session, line: &str) -> Reply {
    match Draft::load(&session.draft) {
        Some(draft) => gather(turn, session, draft, line, String::new()),
        None => Reply::Done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the delimiter is what IOS takes it for. Method: a table of openings.
    #[test]
    fn delimiters_are_the_first_character_or_control_c() {
        let table = [
            ("#text#", "#"),
            ("^text^", "^"),
            ("^Cisco^", "^"),
            ("^C", "^C"),
            ("^Ctext^C", "^C"),
            ("^C several", "^C"),
            ("é text é", "é"),
            ("", ""),
        ];
        for (typed, want) in table {
            assert_eq!(delimiter(typed), want, "{typed}");
        }
    }
}
