//! A logged command without the keys and passwords in it (`hidekeys`).
//!
//! Called by `record`. A value is a key because of the parameter that took it; lines that are kept
//! as they are have none, and are known by their words.

use cli::Args;

/// What stands for a key, as IOS XE 17 prints it: `username bob secret *`.
const MASK: &str = "*";

/// The parameters of commands that take keys.
const KEYS: [&str; 7] =
    ["hash", "secret", "secret7", "key-text", "community", "auth-secret", "priv-secret"];

/// The expanded line, keys masked.
pub(super) fn without_keys(args: &Args) -> String {
    let line = args.expanded_hiding(|name| KEYS.contains(&name), MASK);
    let words: Vec<&str> = line.split(' ').collect();
    kept_without_keys(&words)
}

/// Words behind which a key stands in lines that are kept as they are, and the words that make one
/// of `key` alone.
const KEY_WORDS: [&str; 3] = ["key-string", "password", "pre-shared-key"];
const KEY_OPENINGS: [&str; 3] = ["crypto isakmp", "radius-server", "tacacs-server"];

/// A line that is kept, its key masked: what follows the word, without the number of its type.
fn kept_without_keys(words: &[&str]) -> String {
    let line = words.join(" ");
    let opens = |opening: &&str| line.trim_start_matches("no ").starts_with(opening);
    let is_key =
        |word: &str| KEY_WORDS.contains(&word) || word == "key" && KEY_OPENINGS.iter().any(opens);
    let Some(at) = words.iter().position(|word| is_key(word)) else { return line };
    let typed = words.get(at + 1).is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()));
    let at = if typed && words.len() > at + 2 { at + 2 } else { at + 1 };
    let masked = words.iter().enumerate().map(|(i, word)| if i == at { MASK } else { word });
    masked.collect::<Vec<_>>().join(" ")
}
