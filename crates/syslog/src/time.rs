//! The times that devices put into their lines (syslog.md, sections 1.2 and 1.4). They are found,
//! and kept as they stand: what they mean depends on a clock that nobody vouches for.

use winnow::ModalResult;
use winnow::Parser as _;
use winnow::ascii::digit1;
use winnow::combinator::{alt, opt, preceded, repeat};
use winnow::token::{one_of, take_while};

/// The names of the months, as IOS and RFC 3164 write them.
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The digits of a number in an uptime: `2y10w`.
const UPTIME_DIGITS_MAX: usize = 6;

/// `*Nov 14 08:30:56.699 UTC`, `1d16h`: a time as IOS writes it, without the mark before it.
pub(super) fn device<'a>(input: &mut &'a str) -> ModalResult<&'a str> {
    // A clock that was never set, and one that has lost its server.
    preceded(opt(one_of(['*', '.'])), alt((dated.take(), uptime.take()))).parse_next(input)
}

/// `Oct 11 22:14:15`: RFC 3164, section 4.1.2.
pub(super) fn header<'a>(input: &mut &'a str) -> ModalResult<&'a str> {
    alt(((month, blanks, day, ' ', clock).take(), rfc3339)).parse_next(input)
}

/// `2024-10-11T10:15:31.208-05:00`: RFC 5424, section 6.2.3.
pub(super) fn rfc3339<'a>(input: &mut &'a str) -> ModalResult<&'a str> {
    let date = (digits(4), '-', digits(2), '-', digits(2));
    let zone = alt(('Z'.void(), (one_of(['+', '-']), digits(2), ':', digits(2)).void()));
    (date, 'T', clock, zone).take().parse_next(input)
}

/// The year stands behind the day on IOS, and in front on NX-OS.
fn dated(input: &mut &str) -> ModalResult<()> {
    let ios = (month, blanks, day, ' ', opt((digits(4), ' '))).void();
    let nx_os = (digits(4), ' ', month, blanks, day, ' ').void();
    (alt((ios, nx_os)), clock, opt((' ', zone))).void().parse_next(input)
}

/// `00:00:21`, and from a day on `1d16h`, `2y10w`.
fn uptime(input: &mut &str) -> ModalResult<()> {
    let span = || {
        let number = take_while(1..=UPTIME_DIGITS_MAX, |c: char| c.is_ascii_digit());
        (number, one_of(['y', 'w', 'd', 'h'])).void()
    };
    alt(((digits(2), ':', digits(2), ':', digits(2)).void(), (span(), span()).void()))
        .parse_next(input)
}

fn month(input: &mut &str) -> ModalResult<()> {
    let name = take_while(3, |c: char| c.is_ascii_alphabetic());
    name.verify(|name: &str| MONTHS.contains(&name)).void().parse_next(input)
}

fn day(input: &mut &str) -> ModalResult<()> {
    take_while(1..=2, |c: char| c.is_ascii_digit()).void().parse_next(input)
}

/// `08:30:56.699`
fn clock(input: &mut &str) -> ModalResult<()> {
    (digits(2), ':', digits(2), ':', digits(2), opt(('.', digit1))).void().parse_next(input)
}

/// `UTC`. In lower case it could be a host.
fn zone(input: &mut &str) -> ModalResult<()> {
    take_while(1..=7, |c: char| c.is_ascii_uppercase()).void().parse_next(input)
}

fn digits(count: usize) -> impl FnMut(&mut &str) -> ModalResult<()> {
    move |input| take_while(count, |c: char| c.is_ascii_digit()).void().parse_next(input)
}

fn blanks(input: &mut &str) -> ModalResult<()> {
    repeat::<_, _, (), _, _>(1..=2, ' ').parse_next(input)
}
