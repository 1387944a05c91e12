//! A line, read: Cisco's forms of RFC 3164, RFC 5424, and what collectors hand on.
//!
//! Sources: syslog.md, sections 1.2 and 1.4. A header counts as one only if it leads to a time or a
//! `%MNEMONIC`; else all of it is text, so that what a text says never becomes who says it.

use winnow::ModalResult;
use winnow::Parser as _;
use winnow::ascii::{digit0, digit1};
use winnow::combinator::{alt, delimited, fail, opt, preceded, repeat, terminated};
use winnow::token::{take_till, take_while};

use crate::line::{Line, Mnemonic, Priority, visible};
use crate::{LINE_BYTES_MAX, time};

/// The largest facility: local7.
const FACILITY_MAX: u8 = 23;
/// The most digits of a count.
const COUNT_DIGITS_MAX: usize = 18;
/// The longest origin and host, in characters: RFC 5424, section 6.2.4.
const HOST_CHARS_MAX: usize = 255;
/// The parts of an IOS header between its count and its time: origin, tags, and numbers.
const PARTS_MAX: usize = 5;

/// Reads any bytes. What is longer than [`LINE_BYTES_MAX`] is cut, control characters are written
/// out.
pub fn read(bytes: &[u8]) -> Line {
    let bytes = &bytes[..bytes.len().min(LINE_BYTES_MAX)];
    let end = bytes.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r' | 0));
    let text = visible(&bytes[..end.map_or(0, |end| end + 1)]);
    let mut rest = text.as_str();
    let mut line = Line { priority: try_parse(priority, &mut rest), ..Line::default() };
    let read = try_parse(rfc5424, &mut rest)
        .or_else(|| try_parse(ios, &mut rest))
        .or_else(|| try_parse(handed_on, &mut rest))
        .or_else(|| line.priority.and_then(|_| try_parse(text_alone, &mut rest)));
    if let Some(header) = read {
        header.into_line(&mut line);
    }
    let message = rest.strip_prefix('\u{feff}').unwrap_or(rest);
    line.message = message.to_owned();
    let mut text = message;
    line.mnemonic = try_parse(mnemonic, &mut text);
    line.text = text.to_owned();
    line
}

/// What stands before the message.
#[derive(Clone, Copy, Debug, Default)]
struct Header<'a> {
    counter: Option<u64>,
    hostname: Option<&'a str>,
    tags: Option<&'a str>,
    sequence: Option<u64>,
    timestamp: Option<&'a str>,
}

/// One part of an IOS header.
enum Part<'a> {
    Tags(&'a str),
    Number(u64),
    Host(&'a str),
}

impl<'a> Header<'a> {
    fn into_line(self, line: &mut Line) {
        line.counter = self.counter;
        line.hostname = self.hostname.map(str::to_owned);
        line.tags = self.tags.map(str::to_owned);
        line.sequence = self.sequence;
        line.timestamp = self.timestamp.map(str::to_owned);
    }

    /// What is inside a header that a collector has put in front says more.
    fn within(self, outer: Header<'a>) -> Header<'a> {
        Header {
            hostname: self.hostname.or(outer.hostname),
            timestamp: self.timestamp.or(outer.timestamp),
            tags: self.tags.or(outer.tags),
            ..self
        }
    }

    fn put(&mut self, part: Part<'a>) {
        match part {
            Part::Tags(tags) => self.tags = Some(tags),
            Part::Number(number) => self.sequence = Some(number),
            Part::Host(host) => self.hostname = (!host.is_empty()).then_some(host),
        }
    }
}

/// Goes back where it was if it does not fit.
fn try_parse<'a, T>(
    parser: impl FnOnce(&mut &'a str) -> ModalResult<T>,
    input: &mut &'a str,
) -> Option<T> {
    let mut rest = *input;
    let parsed = parser(&mut rest).ok()?;
    *input = rest;
    Some(parsed)
}

/// `<189>`
fn priority(input: &mut &str) -> ModalResult<Priority> {
    let number = take_while(1..=3, |c: char| c.is_ascii_digit()).parse_to::<u16>();
    let priority = number.verify_map(|number| {
        let facility = u8::try_from(number / 8).ok().filter(|known| *known <= FACILITY_MAX)?;
        let severity = (number % 8) as u8;
        Some(Priority { facility, severity })
    });
    delimited('<', priority, '>').parse_next(input)
}

/// `521: router1: [syslog@9 s_sn="1"]: 000011: *Nov 14 08:30:56.699: `, each part of it optional.
fn ios<'a>(input: &mut &'a str) -> ModalResult<Header<'a>> {
    let counter = opt(count).parse_next(input)?;
    let mut header = Header { counter: counter.flatten(), ..Header::default() };
    for _ in 0..=PARTS_MAX {
        if let Some(timestamp) = opt(terminated(time::device, colon)).parse_next(input)? {
            header.timestamp = Some(timestamp);
            process(input)?;
            return Ok(header);
        }
        if leads_to_mnemonic(input) {
            return Ok(header);
        }
        let fresh = header.hostname.is_none() && header.sequence.is_none();
        let part = match opt(alt((tags, counted))).parse_next(input)? {
            Some(part) => part,
            None if fresh => host(input)?,
            None => return fail(input),
        };
        header.put(part);
    }
    fail(input)
}

/// `521: `; switched off, the counter still leaves its colon behind.
fn count(input: &mut &str) -> ModalResult<Option<u64>> {
    let count = digit0.verify_map(|digits: &str| match digits.is_empty() {
        true => Some(None),
        false => number(digits).map(Some),
    });
    terminated(count, ": ").parse_next(input)
}

/// A text without time and `%MNEMONIC`: `no service timestamps debug` makes such.
fn text_alone<'a>(input: &mut &'a str) -> ModalResult<Header<'a>> {
    Ok(Header { counter: count(input)?, ..Header::default() })
}

/// RFC 5424, section 6: `1 TIME HOST APP PROCESS MESSAGE-ID DATA MESSAGE`.
fn rfc5424<'a>(input: &mut &'a str) -> ModalResult<Header<'a>> {
    let time = alt((time::rfc3339.map(Some), "-".value(None)));
    let (timestamp, hostname, ..) =
        preceded("1 ", (terminated(time, ' '), field, field, field, field)).parse_next(input)?;
    let tags = alt(("-".value(None), data.map(Some))).parse_next(input)?;
    opt(' ').parse_next(input)?;
    opt('\u{feff}').parse_next(input)?;
    let outer = Header { timestamp, hostname, tags, ..Header::default() };
    let mut inner = try_parse(ios, input).unwrap_or_default();
    // Of the two numbers only this one leads a message of this form.
    inner.sequence = inner.sequence.or(inner.counter.take());
    Ok(Header { hostname: hostname.or(inner.hostname), ..inner.within(outer) })
}

/// `Feb  8 04:00:48 192.168.100.2 585917: Feb  8 04:00:47.272: %SEC...`: RFC 3164, section 4.1, as
/// a collector hands on what a device sent.
fn handed_on<'a>(input: &mut &'a str) -> ModalResult<Header<'a>> {
    let timestamp = terminated(time::header, ' ').parse_next(input)?;
    let hostname = field.parse_next(input)?.map(|host| host.trim_end_matches(':'));
    let hostname = hostname.filter(|host| !host.is_empty());
    let outer = Header { timestamp: Some(timestamp), hostname, ..Header::default() };
    Ok(try_parse(ios, input).unwrap_or_default().within(outer))
}

/// A field of RFC 5424 and the blank behind it; `-` is none.
fn field<'a>(input: &mut &'a str) -> ModalResult<Option<&'a str>> {
    let word = take_while(1..=HOST_CHARS_MAX, |c: char| c != ' ');
    let word = terminated(word, ' ').parse_next(input)?;
    Ok((word != "-").then_some(word))
}

/// `[syslog@9 s_id="R1:514"]`, one or several: RFC 5424, section 6.3.
fn data<'a>(input: &mut &'a str) -> ModalResult<&'a str> {
    let escaped = ('\\', winnow::token::any).void();
    let plain = take_while(1.., |c: char| c != '"' && c != '\\').void();
    let value = ('"', repeat::<_, _, (), _, _>(0.., alt((plain, escaped))), '"').void();
    let outside = take_while(1.., |c: char| c != '"' && c != ']').void();
    let element = ('[', repeat::<_, _, (), _, _>(0.., alt((outside, value))), ']').void();
    repeat::<_, _, (), _, _>(1.., element).take().parse_next(input)
}

fn tags<'a>(input: &mut &'a str) -> ModalResult<Part<'a>> {
    terminated(data, ": ").map(Part::Tags).parse_next(input)
}

/// `000011: `
fn counted<'a>(input: &mut &'a str) -> ModalResult<Part<'a>> {
    terminated(digit1, ": ").verify_map(number).map(Part::Number).parse_next(input)
}

/// `router1: `. IOS XR has the place of the process, too, and no blank before the time:
/// `R1 RP/0/RSP0/CPU0:Jan  6 ...`.
fn host<'a>(input: &mut &'a str) -> ModalResult<Part<'a>> {
    let (mut place, whole) = (0, *input);
    // A collector's own header is none of the device's.
    if time::header(&mut { whole }).is_ok() {
        return fail(input);
    }
    while let Some(colon) = whole[place..].find(':').map(|at| place + at) {
        if whole[..colon].chars().count() > HOST_CHARS_MAX {
            break;
        }
        let mut after = &whole[colon + 1..];
        if after.starts_with(' ') || time::device(&mut after).is_ok() {
            let name = &whole[..colon];
            *input = whole[colon + 1..].trim_start_matches(' ');
            let is_place = |word: &&str| word.contains('/');
            let last = name.split(' ').next_back().filter(is_place).unwrap_or_default();
            return Ok(Part::Host(name[..name.len() - last.len()].trim()));
        }
        place = colon + 1;
    }
    fail(input)
}

/// `ifmgr[159]: ` of IOS XR, `%$ VDC-1 %$ ` of NX-OS: only in front of a mnemonic.
fn process(input: &mut &str) -> ModalResult<()> {
    let before = *input;
    let name = |c: char| c.is_ascii_alphanumeric() || "_-.[]".contains(c);
    let xr = (take_while(1..=64, name), ": ").void();
    let nx_os = ("%$ ", take_till(1..=64, '%'), "%$ ").void();
    opt(alt((nx_os, xr))).parse_next(input)?;
    if !leads_to_mnemonic(input) {
        *input = before;
    }
    Ok(())
}

/// What ends a time: a colon, and mostly a blank.
fn colon(input: &mut &str) -> ModalResult<()> {
    (opt(' '), ':', opt(' ')).void().parse_next(input)
}

fn leads_to_mnemonic(input: &str) -> bool {
    let mut ahead = input;
    mnemonic(&mut ahead).is_ok()
}

/// `%LINK-3-UPDOWN: `, `%PIM-SW1-6-INVALID_RP_JOIN: `; IOS XR has a blank before the colon.
fn mnemonic(input: &mut &str) -> ModalResult<Mnemonic> {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let word = take_while(1..=HOST_CHARS_MAX, word).verify_map(parts);
    delimited('%', word, (opt(' '), ':', opt(' '))).parse_next(input)
}

/// The severity is the last part but one, or else the first that is one.
fn parts(word: &str) -> Option<Mnemonic> {
    let parts: Vec<&str> = word.split('-').collect();
    let severity = |part: &&str| matches!(part.as_bytes(), [b'0'..=b'7']);
    let last = parts.len().checked_sub(2).filter(|place| severity(&parts[*place]));
    let place = last.or_else(|| parts.iter().position(severity))?;
    let (facility, mnemonic) = (parts[..place].join("-"), parts[place + 1..].join("-"));
    let starts = facility.starts_with(|c: char| c.is_ascii_alphabetic());
    (starts && !mnemonic.is_empty()).then(|| Mnemonic {
        facility,
        severity: parts[place].as_bytes()[0] - b'0',
        mnemonic,
    })
}

fn number(digits: &str) -> Option<u64> {
    digits.parse().ok().filter(|_| digits.len() <= COUNT_DIGITS_MAX)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
