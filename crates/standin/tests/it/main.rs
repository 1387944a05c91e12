//! The stand-ins as their callers see them: a request goes in, an answer comes out.

mod deck;
mod texts;
