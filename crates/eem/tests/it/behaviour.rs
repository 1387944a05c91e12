//! What each applet of the corpus does, in our own words and as a story: a file, what happens to
//! the router, and all that the applet asks for.

use std::io::Write as _;

use expect_test::expect_file;

use crate::corpus::corpus;
use crate::story;

/// So many applets of the corpus have their story (issue 5).
const STORIES_MIN: usize = 60;

/// Tells the stories of one file anew, if the corpus is here.
macro_rules! check {
    ($file:literal) => {
        if let Some(files) = corpus(concat!("behaviour of ", $file)) {
            let find = |number: &str| {
                let found = files.iter().find(|(name, _)| name.starts_with(number));
                found.unwrap_or_else(|| panic!("no file {number}")).1.0.clone()
            };
            let text = include_str!(concat!("../stories/", $file));
            expect_file![concat!("../stories/", $file)].assert_eq(&story::retell(text, &find));
        }
    };
}

/// Goal: applets that wait for a message do what they say.
#[test]
fn applets_of_messages() {
    check!("corpus-messages.txt");
}

/// Goal: applets that look at what people type let through and hold back what they say.
#[test]
fn applets_of_commands() {
    check!("corpus-commands.txt");
}

/// Goal: applets that wait for an instant do at it what they say.
#[test]
fn applets_of_times() {
    check!("corpus-times.txt");
}

/// Goal: applets that wait for a value, an object, a neighbour or a route do what they say.
#[test]
fn applets_of_readings() {
    check!("corpus-readings.txt");
}

/// Goal: applets that are run by hand do what they say.
#[test]
fn applets_by_hand() {
    check!("corpus-by-hand.txt");
}

/// Goal: most of the corpus is told. Method: the stories are counted.
#[test]
fn most_of_the_corpus_is_told() {
    let files = [
        include_str!("../stories/corpus-messages.txt"),
        include_str!("../stories/corpus-commands.txt"),
        include_str!("../stories/corpus-times.txt"),
        include_str!("../stories/corpus-readings.txt"),
        include_str!("../stories/corpus-by-hand.txt"),
    ];
    let count: usize = files.into_iter().map(story::count).sum();
    let _ = writeln!(std::io::stderr(), "{count} applets of the corpus have their story");
    assert!(count >= STORIES_MIN, "{count}");
}
