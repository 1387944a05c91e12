//! `cargo xtask schema`: rewrites the JSON Schemas of docs/schema.
//!
//! The loaders write them, so this is a test of theirs that is told to accept what it finds; in
//! continuous integration the same test fails when a file is out of date.

use crate::ci::cargo;

/// The test that holds the files against the loaders.
const TEST: &str = "schema::schemas_are_what_the_loaders_read";

/// Rewrites the files; the diff is the review.
pub(crate) fn schema() -> Result<(), String> {
    let args = ["test", "-p", "testbed", "--locked", "--test", "it", "--", "--exact", TEST];
    cargo(&args, &[("UPDATE_EXPECT", "1")])
}
