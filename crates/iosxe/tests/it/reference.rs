//! `docs/commands.md` says what the declarations of commands say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use expect_test::expect_file;
use iosxe::Dialect;
use iosxe::reference::{self, Entry, Standing};

/// What every mode below EXEC has; told once.
const EVERYWHERE: [&str; 4] = ["do LINE", "end", "exit", "help"];

const HEAD: &str = "\
# Commands

Every command that a router knows, made from the declarations that its parser reads: a test compares
this file with them, and `cargo xtask bless` writes it anew. `[x]` may be left out, `{x | y}` is a
choice, capitals are values. A keyword can be shortened as far as it stays unambiguous. Level is the
lowest privilege level that sees a command, unless `privilege` says another. `no` marks commands of
configuration that have a `no` and a `default` form.

- **Modelled** commands have their effect.
- **Absent** features run on no router here: their commands say what IOS says where such a feature
  is not in use.
- **Kept** lines stand in the configuration and change nothing else; `crates/iosxe/data/inert.txt`
  says where each was seen.

Anything else is `% Invalid input`. `ednm config check FILE` tells which is which for a file. Every
configuration mode also has `do LINE`, `end`, `exit` and `help`, and takes every command of global
configuration.
";

/// Goal: the document is what the declarations say. Method: made anew; `UPDATE_EXPECT=1`, which
/// `cargo xtask bless` sets, writes it.
#[test]
fn the_document_is_the_declarations() {
    let entries = reference::commands(Dialect::IosXe);
    let mut text = HEAD.to_owned();
    for (standing, title) in
        [(Standing::Modelled, "Modelled"), (Standing::Absent, "Absent"), (Standing::Kept, "Kept")]
    {
        let _ = write!(text, "\n## {title}\n");
        for (mode, rows) in by_mode(&entries, standing) {
            let _ = write!(text, "\n### {mode}\n\n{}", table(standing, &rows));
        }
    }
    expect_file!["../../../../docs/commands.md"].assert_eq(&text);
}

/// The rows of each mode, those of EXEC and of global configuration first.
fn by_mode(entries: &[Entry], standing: Standing) -> BTreeMap<String, BTreeSet<String>> {
    let mut modes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.standing == standing) {
        for mode in entry.modes() {
            let everywhere = EVERYWHERE.contains(&entry.syntax().as_str());
            if mode == "EXEC" || !everywhere {
                modes.entry(mode).or_default().insert(row(entry));
            }
        }
    }
    modes
}

fn row(entry: &Entry) -> String {
    let syntax = entry.syntax().replace('|', "\\|");
    let no = if entry.has_no() { "no" } else { "" };
    match entry.standing {
        Standing::Kept => format!("`{syntax}`"),
        Standing::Absent => format!("| `{syntax}` | {} |", entry.privilege()),
        Standing::Modelled => {
            let help = entry.help().replace('|', "\\|");
            format!("| `{syntax}` | {} | {no} | {help} |", entry.privilege())
        }
    }
}

fn table(standing: Standing, rows: &BTreeSet<String>) -> String {
    let head = match standing {
        Standing::Modelled => "| command | level | no | |\n|---|---|---|---|\n",
        Standing::Absent => "| command | level |\n|---|---|\n",
        Standing::Kept => "",
    };
    let bullet = if standing == Standing::Kept { "- " } else { "" };
    let lines = rows.iter().map(|row| format!("{bullet}{row}\n"));
    head.to_owned() + &lines.collect::<String>()
}

/// Goal: every word of every command says something about itself. Method: ask them all.
#[test]
fn no_command_goes_without_help() {
    for entry in reference::commands(Dialect::Course) {
        assert!(!entry.help().is_empty(), "{}", entry.syntax());
    }
}
