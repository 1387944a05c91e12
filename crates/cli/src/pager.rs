//! ` --More-- `: long output page by page.
//!
//! Used by the owner of a session for the text of one command. It holds only what was not shown
//! yet.

use std::collections::VecDeque;

use crate::keys::Key;
use crate::pattern;

/// What stands below a page.
pub const MORE: &str = " --More-- ";

/// The longest pattern typed below a page, in bytes.
const SEARCH_BYTES_MAX: usize = 256;

/// Output of which a part is not shown yet.
#[derive(Clone, Debug)]
pub struct Pager {
    rest: VecDeque<String>,
    page: usize,
    /// The sign of a search that is being typed, and its pattern so far.
    search: Option<(u8, String)>,
}

impl Pager {
    /// The first page of `text` on a terminal of `length` lines, and the rest if there is one. A
    /// terminal of length 0 does not page.
    pub fn start(text: &str, length: u16) -> (String, Option<Pager>) {
        let page = usize::from(length.saturating_sub(1)).max(1);
        if length == 0 || text.lines().count() <= page {
            return (text.to_owned(), None);
        }
        let rest = text.split_inclusive('\n').map(str::to_owned).collect();
        let mut pager = Pager { rest, page, search: None };
        let shown = pager.take(page);
        (shown + MORE, Some(pager))
    }

    /// One key below a page: what to print, and whether that was the end.
    pub fn press(&mut self, key: Key) -> (String, bool) {
        match (self.search.take(), key) {
            (Some((sign, pattern)), Key::Enter) => self.searched(sign, &pattern),
            (Some((sign, pattern)), Key::Character(byte) | Key::Literal(byte)) => {
                self.search_on(sign, pattern, byte)
            }
            (Some((sign, mut pattern)), Key::Rubout) if !pattern.is_empty() => {
                pattern.pop();
                self.search = Some((sign, pattern));
                (erase(1), false)
            }
            (None, Key::Character(b' ')) => self.show(self.page),
            (None, Key::Enter) => self.show(1),
            (None, Key::Character(sign @ (b'/' | b'+' | b'-'))) => {
                self.search = Some((sign, String::new()));
                (erase(MORE.len()) + &char::from(sign).to_string(), false)
            }
            (Some((_, pattern)), _) => (erase(pattern.chars().count() + 1), true),
            (None, _) => (erase(MORE.len()), true),
        }
    }

    fn search_on(&mut self, sign: u8, mut pattern: String, byte: u8) -> (String, bool) {
        let fits = pattern.len() < SEARCH_BYTES_MAX && byte.is_ascii();
        if fits {
            pattern.push(char::from(byte));
        }
        self.search = Some((sign, pattern));
        (if fits { char::from(byte).to_string() } else { String::new() }, false)
    }

    /// `/` skips to the first line that matches, `+` keeps the lines that do, `-` the others.
    fn searched(&mut self, sign: u8, pattern: &str) -> (String, bool) {
        let Ok(regex) = pattern::compile(pattern) else {
            return (format!("\n{MORE}"), false);
        };
        let matches = |line: &String| regex.is_match(line.trim_end_matches('\n'));
        match sign {
            b'/' => {
                let first = self.rest.iter().position(matches).unwrap_or(self.rest.len());
                self.rest.drain(..first);
            }
            b'+' => self.rest.retain(matches),
            _ => self.rest.retain(|line| !matches(line)),
        }
        let heading = if sign == b'/' { "\n...skipping\n" } else { "\nfiltering...\n" };
        let shown = self.take(self.page);
        self.more(heading.to_owned() + &shown)
    }

    fn show(&mut self, lines: usize) -> (String, bool) {
        let shown = self.take(lines);
        self.more(erase(MORE.len()) + &shown)
    }

    fn more(&self, shown: String) -> (String, bool) {
        let ended = self.rest.is_empty();
        (if ended { shown } else { shown + MORE }, ended)
    }

    fn take(&mut self, lines: usize) -> String {
        let count = lines.min(self.rest.len());
        self.rest.drain(..count).collect()
    }
}

/// Wipes the last columns of the line and stands where they began.
fn erase(columns: usize) -> String {
    let back = "\u{8}".repeat(columns);
    format!("{back}{}{back}", " ".repeat(columns))
}
