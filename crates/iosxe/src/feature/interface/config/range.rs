//! `interface range`: several interfaces at once.

use cli::{Args, InterfaceName, Kind, No, kw, param};

use crate::command::{Command, Mode, Place, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const RANGE: &[Command] = &[Command {
    modes: &[Mode::Config],
    privilege: 15,
    syntax: &[
        kw("interface", "Select an interface to configure"),
        kw("range", "interface range command"),
        param("range", Kind::Line, "Interfaces: gi1-2, gi4"),
    ],
    no: No::Without,
    run: enter,
}];

/// How many interfaces one range holds.
const RANGE_MAX: usize = 128;

fn enter(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let names = read(args.text("range").unwrap_or_default());
    let exists = |name: &InterfaceName| turn.state.interfaces.get(name).is_some();
    match names.filter(|names| names.iter().all(exists)) {
        Some(names) => Reply::Enter(Place::Range(names)),
        None => Reply::Invalid { column: args.column("range") },
    }
}

/// `gi1 - 2, gi4`: the names, none if a part is none.
fn read(text: &str) -> Option<Vec<InterfaceName>> {
    let mut names = Vec::new();
    for part in text.split(',') {
        let (first, last) = match part.split_once('-') {
            Some((first, last)) => (first.trim(), Some(last.trim())),
            None => (part.trim(), None),
        };
        let first = InterfaceName::parse(first)?;
        let from = *first.numbers().last()?;
        let to = last.map_or(Some(from), |last| last.parse().ok())?;
        let long = first.long();
        let stem = long.trim_end_matches(|c: char| c.is_ascii_digit());
        for number in from..=to.min(from.saturating_add(RANGE_MAX as u32)) {
            names.push(InterfaceName::parse(&format!("{stem}{number}"))?);
        }
        if names.len() > RANGE_MAX {
            return None;
        }
    }
    (!names.is_empty()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: ranges read in every form that people type. Method: a table.
    #[test]
    fn ranges_read() {
        let table = [
            ("gi1-3", Some("Gi1 Gi2 Gi3")),
            ("gi1 - 2, gi4", Some("Gi1 Gi2 Gi4")),
            ("gi 1/0/23-24", Some("Gi1/0/23 Gi1/0/24")),
            ("lo0 , lo7", Some("Lo0 Lo7")),
            ("gi3-1", None),
            ("gi1-x", None),
            ("gi1,", None),
        ];
        for (text, want) in table {
            let names = read(text);
            let got = names.map(|names| names.iter().map(InterfaceName::short).collect::<Vec<_>>());
            assert_eq!(got.map(|names| names.join(" ")).as_deref(), want, "{text}");
        }
    }
}
