//! The checker from outside: its pages are true, and real applets have no false errors.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod corpus;
mod course;
mod pages;
