//! `trigger` and the lines of its mode, for `?`.

use cli::{Kind, Token, any_of, kw, one_of, opt, param};

use super::super::config::{ATTRIBUTE, CORRELATE, TRIGGER, body, in_trigger};
use crate::command::Command;

/// How many events an applet can have, each with a tag.
const EVENTS_MAX: usize = 8;

const TAG: Token = param("tag", Kind::Quoted, "tag of the event");
const OCCURS: &[Token] = &[
    kw("occurs", "number of occurrences"),
    param("occurs", Kind::Integer { min: 1, max: 4_294_967_295 }, "number"),
];
const TERM: Token = one_of(&[
    &[kw("event", "an event"), TAG],
    &[
        kw("track", "a tracked object"),
        param("number", Kind::Integer { min: 1, max: 32_767 }, "number of the tracked object"),
    ],
]);
const OPERATOR: Token = one_of(&[
    &[kw("and", "both")],
    &[kw("andnot", "the first without the second")],
    &[kw("or", "one of them")],
]);
const OPTIONS: Token = any_of(&[
    &[kw("delay", "time before the applet runs"), param("delay", Kind::Quoted, "seconds")],
    OCCURS,
    &[kw("period", "time in which the events happen"), param("period", Kind::Quoted, "seconds")],
    &[kw("period-start", "when the period begins"), param("start", Kind::Quoted, "entry of cron")],
]);

/// The commands.
pub(super) fn commands() -> Vec<Command> {
    const TAGGED: &[Token] = &[ATTRIBUTE, kw("tag", "event tag"), TAG, opt(OCCURS)];
    vec![
        body(&[TRIGGER, OPTIONS]),
        in_trigger(Vec::leak([&[CORRELATE, TERM][..], &[more(EVENTS_MAX - 1)]].concat())),
        in_trigger(TAGGED),
    ]
}

/// So many further terms, or fewer.
fn more(terms: usize) -> Token {
    let mut tokens = vec![OPERATOR, TERM];
    if terms > 1 {
        tokens.push(more(terms - 1));
    }
    opt(Vec::leak(tokens))
}
