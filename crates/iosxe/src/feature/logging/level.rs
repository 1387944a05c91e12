//! The eight severities in commands, under the names that IOS gives them.

use cli::{Args, Kind, Token, kw, one_of, opt, param};
use eem::SEVERITIES;

/// The least severe.
pub(super) const DEBUGGING: u8 = 7;
/// What `logging trap` is unless set.
pub(super) const INFORMATIONAL: u8 = 6;

/// A level in a command, which may be left out.
pub(super) const LEVEL: Token = opt(&[LEVELS]);

/// A level in a command.
pub(super) const LEVELS: Token = one_of(&[
    &[param("level", Kind::Integer { min: 0, max: 7 }, "Logging severity level")],
    &[kw("alerts", "Immediate action needed           (severity=1)")],
    &[kw("critical", "Critical conditions               (severity=2)")],
    &[kw("debugging", "Debugging messages                (severity=7)")],
    &[kw("emergencies", "System is unusable                (severity=0)")],
    &[kw("errors", "Error conditions                  (severity=3)")],
    &[kw("informational", "Informational messages            (severity=6)")],
    &[kw("notifications", "Normal but significant conditions (severity=5)")],
    &[kw("warnings", "Warning conditions                (severity=4)")],
]);

/// The level that a line names, if it names one.
pub(super) fn of(args: &Args) -> Option<u8> {
    let number = args.number("level").and_then(|n| u8::try_from(n).ok());
    number.or_else(|| SEVERITIES.iter().zip(0..).find(|(name, _)| args.has(name)).map(|(_, n)| n))
}

/// The name of a severity; of the least severe for a number that is none.
pub(super) fn name(severity: u8) -> &'static str {
    SEVERITIES[usize::from(severity.min(DEBUGGING))]
}
