//! `scheduler KIND thread class CLASSES number N`: how many policies of a class run at a time.

use std::collections::BTreeSet;
use std::fmt;

use cli::Args;
use eem::Class;

/// One line of it. A number that is given to several classes counts for each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Threads {
    /// `applet`, `script`, ...
    pub(super) kind: &'static str,
    pub(super) classes: BTreeSet<Class>,
    pub(super) number: u32,
}

/// The classes of a line: `default`, `A`, `range B-E`, in any order. The byte where the first wrong
/// one stands, or none of them.
pub(super) fn classes(args: &Args) -> Result<BTreeSet<Class>, usize> {
    let mut classes = BTreeSet::new();
    if args.has("default") {
        classes.insert(Class::Default);
    }
    if let Some(letter) = args.text("letter") {
        let class = letter.parse().map_err(|()| args.column("letter"))?;
        classes.insert(class);
    }
    if let Some(range) = args.text("range") {
        let both =
            range.split_once('-').and_then(|(first, last)| Some((letter(first)?, letter(last)?)));
        let (first, last) = both.filter(|(a, b)| a <= b).ok_or(args.column("range"))?;
        classes.extend((first..=last).map(Class::Letter));
    }
    if classes.is_empty() { Err(args.column("number")) } else { Ok(classes) }
}

fn letter(text: &str) -> Option<char> {
    match text.parse() {
        Ok(Class::Letter(letter)) => Some(letter),
        Ok(Class::Default) | Err(()) => None,
    }
}

/// Letters that follow each other are printed as a range.
impl fmt::Display for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "scheduler {} thread class", self.kind)?;
        let letters: Vec<char> = self
            .classes
            .iter()
            .filter_map(|class| match class {
                Class::Letter(letter) => Some(*letter),
                Class::Default => None,
            })
            .collect();
        for run in letters.chunk_by(|a, b| u32::from(*a) + 1 == u32::from(*b)) {
            match (run.first(), run.last()) {
                (Some(first), Some(last)) if first != last => write!(f, " range {first}-{last}")?,
                (first, _) => first.iter().try_for_each(|letter| write!(f, " {letter}"))?,
            }
        }
        if self.classes.contains(&Class::Default) {
            f.write_str(" default")?;
        }
        write!(f, " number {}", self.number)
    }
}
