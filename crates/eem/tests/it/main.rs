//! The language from the outside: texts in, faults and stories out.

mod host;
mod story;

mod behaviour;
mod corpus;
mod damage;
mod detectors;
mod language;
mod play;
mod read;
