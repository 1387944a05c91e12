//! A detector that is its options and how they are armed: most are.

use std::fmt;
use std::sync::Arc;

use super::option::{Options, Spec};
use super::{Armed, Arming, Detector, Limits};
use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::Reader;

/// Begins to wait for what the options say.
pub(super) type Arm = fn(&Options, &Arming<'_>) -> Result<Box<dyn Armed>, Failure>;

#[derive(Debug)]
struct Declared {
    options: Options,
    arm: Arm,
}

/// Waits for what nothing here can raise.
#[derive(Debug)]
struct Never;

impl Armed for Never {}

/// Reads the options of a detector, all of them.
pub(super) fn read(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
    specs: &'static [Spec],
    arm: Arm,
) -> Result<Arc<dyn Detector>, Problem> {
    Ok(from(Options::read(reader, specs, limits)?, arm))
}

/// The detector of options that were read.
pub(super) fn from(options: Options, arm: Arm) -> Arc<dyn Detector> {
    Arc::new(Declared { options, arm })
}

/// For events that no virtual router has: they are kept, shown, and never raised.
pub(super) fn never(_: &Options, _: &Arming<'_>) -> Result<Box<dyn Armed>, Failure> {
    Ok(Box::new(Never))
}

impl Detector for Declared {
    fn arm(&self, arming: &Arming<'_>) -> Result<Box<dyn Armed>, Failure> {
        (self.arm)(&self.options, arming)
    }

    fn summary(&self, _: &str) -> String {
        self.options.braced()
    }
}

impl fmt::Display for Declared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.options.fmt(f)
    }
}
