//! The language, told as stories that a network engineer can read: `tests/stories/`.

use expect_test::expect_file;

use crate::story;

/// Tells the stories of one file anew.
macro_rules! check {
    ($file:literal) => {
        let find = |name: &str| panic!("the story {name} has no applet");
        let text = include_str!(concat!("../stories/", $file));
        expect_file![concat!("../stories/", $file)].assert_eq(&story::retell(text, &find));
    };
}

/// Goal: statements run in the order that is documented: labels, blocks, loops, jumps, ends.
#[test]
fn statements_run_in_order() {
    check!("order.txt");
}

/// Goal: variables, numbers, errors, files and contexts are what is documented.
#[test]
fn values_are_what_is_documented() {
    check!("values.txt");
}

/// Goal: the applets of the course do what its text says, their bugs included. Method: ten of them,
/// in our own words, each with what raises it.
#[test]
fn applets_of_the_course() {
    check!("course.txt");
}
