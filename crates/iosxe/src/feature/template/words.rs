//! The words of a command that a template answers, and the declarations that the parser needs.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use cli::{Kind, No, Token, kw, param};

use super::{Shows, run};
use crate::command::{Command, Mode};
use crate::feature::FEATURES;

/// How many words a command may have.
const WORDS_MAX: usize = 12;

/// How long its line may be, in bytes.
const COMMAND_BYTES_MAX: usize = 128;

/// What `?` says of a word that no other command has.
const HELP: &str = "Shown by a template of this lab";

/// The declarations made so far. The parser wants them for as long as the program runs, so that
/// labs that come and go share those of the same words.
static MADE: Mutex<BTreeMap<Vec<String>, &'static Command>> = Mutex::new(BTreeMap::new());

/// The words of a command, or what is wrong with them.
pub(super) fn read(command: &str) -> Result<Vec<String>, String> {
    let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
    let is_keyword = |word: &String| {
        word.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || SIGNS.contains(&byte))
    };
    if words.first().is_none_or(|word| word != "show") || words.len() < 2 {
        return Err("expected `show` and at least one more word".into());
    }
    if words.len() > WORDS_MAX || command.len() > COMMAND_BYTES_MAX {
        return Err(format!("longer than {WORDS_MAX} words or {COMMAND_BYTES_MAX} bytes"));
    }
    let last = words.len() - 1;
    let wrong = words.iter().enumerate().find(|(place, word)| match word.as_str() {
        "WORD" => false,
        "LINE" => *place != last,
        _ => !is_keyword(word),
    });
    match wrong {
        Some((_, word)) if word == "LINE" => Err("`LINE` is the last word, or none".into()),
        Some((_, word)) => Err(format!("`{word}` is neither a word in lower case nor `WORD`")),
        None => Ok(words),
    }
}

/// What a keyword may have beside letters and digits.
const SIGNS: &[u8] = b"-_.:/";

/// Whether a word stands for others.
pub(super) fn is_placeholder(word: &str) -> bool {
    matches!(word, "WORD" | "LINE")
}

/// Whether a line, its keywords whole, is this command.
pub(super) fn fit(words: &[String], line: &str) -> bool {
    let mut typed = line.split_whitespace();
    for word in words {
        match (word.as_str(), typed.next()) {
            ("LINE", Some(_)) => return true,
            ("WORD", Some(_)) => {}
            (word, Some(typed)) if word == typed => {}
            (_, Some(_) | None) => return false,
        }
    }
    typed.next().is_none()
}

/// The declarations of a router's templates.
pub(crate) fn commands(shows: &Shows) -> Vec<&'static Command> {
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut of = |words: &[String]| match made.get(words) {
        Some(command) => *command,
        None => {
            let command = &*Box::leak(Box::new(declare(words)));
            made.insert(words.to_vec(), command);
            command
        }
    };
    shows.words().map(&mut of).collect()
}

fn declare(words: &[String]) -> Command {
    let token = |place: usize| match words[place].as_str() {
        "WORD" => param("word", Kind::Word, HELP),
        "LINE" => param("line", Kind::Line, HELP),
        word => kw(String::leak(word.to_owned()), help(&words[..=place])),
    };
    let syntax: Vec<Token> = (0..words.len()).map(token).collect();
    Command { modes: &[Mode::Exec], privilege: 1, syntax: Vec::leak(syntax), no: No::Without, run }
}

/// What `?` says of the last of these words where another command begins with the same ones.
fn help(words: &[String]) -> &'static str {
    let commands = FEATURES.iter().flat_map(|feature| feature.commands).copied().flatten();
    let found =
        commands.filter(|command| command.modes.contains(&Mode::Exec)).find_map(|command| {
            let mut help = None;
            for (place, word) in words.iter().enumerate() {
                match command.syntax.get(place) {
                    Some(Token::Keyword { word: own, help: text }) if own == word => {
                        help = Some(*text)
                    }
                    Some(_) | None => return None,
                }
            }
            help
        });
    found.unwrap_or(HELP)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: what is no command is told. Method: a table.
    #[test]
    fn words_are_checked() {
        let table = [
            ("show foo", true),
            ("show foo WORD detail", true),
            ("show foo LINE", true),
            ("show", false),
            ("clear foo", false),
            ("show LINE foo", false),
            ("show Foo", false),
            ("show foo | include x", false),
        ];
        for (command, good) in table {
            assert_eq!(read(command).is_ok(), good, "{command}");
        }
    }
}
