//! Cases from seeds: bytes changed, cut, repeated, mixed, and words that parsers look for put in.

use simtime::Rng;

/// The longest case, in bytes.
const CASE_BYTES_MAX: usize = 128 * 1024;
/// Changes of one case.
const CHANGES_MAX: u64 = 6;
/// How often a part is repeated.
const REPEATS_MAX: u64 = 3_000;

/// What the parsers look for.
const WORDS: &[&str] = &[
    "<",
    ">",
    "</",
    "/>",
    "<a>",
    "</a>",
    "]]>",
    "]]>]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?xml ?>",
    "<!DOCTYPE x [<!ENTITY a \"b\">]>",
    "&a;",
    "&lt;",
    "&#0;",
    "&#x10FFFF;",
    " xmlns=\"\"",
    " xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\"",
    " nc:operation=\"delete\"",
    " operation=\"replace\"",
    " message-id=\"\"",
    "\n#1\n",
    "\n##\n",
    "\n#4294967295\n",
    "\n#0\n",
    "/",
    "//",
    "*",
    ".",
    "..",
    "[",
    "]",
    "='",
    "'",
    "\"",
    "|",
    "::",
    "(",
    ")",
    "@",
    "$",
    "%",
    "%2F",
    "%00",
    "%zz",
    "%C3%A9",
    "=",
    "=,",
    ",",
    ";",
    "&",
    "?",
    "depth=1",
    "depth=0",
    "fields=",
    "content=all",
    "with-defaults=report-all",
    "{",
    "}",
    "{}",
    "[]",
    "[null]",
    ":",
    "null",
    "true",
    "-1",
    "1e999",
    "18446744073709551616",
    "-0.0",
    "\\u0000",
    "\\ud800",
    "\u{0}",
    "é",
    "\u{feff}",
    "\u{202e}",
    "Loopback0",
    "GigabitEthernet1",
    "\r\n",
    "\n!\n",
    "\u{3}",
    "end\n",
];

/// A case made from the seeds.
pub(crate) fn case(seeds: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    let mut case = pick(seeds, rng).clone();
    for _ in 0..=rng.below(CHANGES_MAX) {
        change(&mut case, seeds, rng);
        case.truncate(CASE_BYTES_MAX);
    }
    case
}

fn change(case: &mut Vec<u8>, seeds: &[Vec<u8>], rng: &mut Rng) {
    let at = below(case.len() + 1, rng);
    match rng.below(9) {
        0 if at < case.len() => case[at] ^= 1 << rng.below(8),
        1 if at < case.len() => case[at] = u8::try_from(rng.below(256)).unwrap_or(0),
        2 => case.truncate(at),
        3 => drop(case.drain(range(case, rng))),
        4 => {
            let part = case[range(case, rng)].to_vec();
            insert(case, at, &part);
        }
        5 => {
            let part = case[range(case, rng)].to_vec();
            let room = CASE_BYTES_MAX / part.len().max(1);
            let times = usize::try_from(rng.below(REPEATS_MAX)).unwrap_or(0).min(room);
            insert(case, at, &part.repeat(times));
        }
        6 => {
            let other = pick(seeds, rng);
            let part = other[range(other, rng)].to_vec();
            insert(case, at, &part);
        }
        _ => insert(case, at, pick(WORDS, rng).as_bytes()),
    }
}

fn insert(case: &mut Vec<u8>, at: usize, part: &[u8]) {
    case.splice(at..at, part.iter().copied());
}

fn range(case: &[u8], rng: &mut Rng) -> std::ops::Range<usize> {
    let from = below(case.len() + 1, rng);
    // Short ones more often: a byte, a word, an element.
    let longest = 1 << rng.below(10);
    from..(from + below(longest + 1, rng)).min(case.len())
}

fn pick<'a, T>(all: &'a [T], rng: &mut Rng) -> &'a T {
    &all[below(all.len(), rng)]
}

fn below(bound: usize, rng: &mut Rng) -> usize {
    usize::try_from(rng.below(bound as u64)).unwrap_or(0)
}
