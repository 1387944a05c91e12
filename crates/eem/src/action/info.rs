//! `action L info type routername`: sets `$_info_routername`.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

#[derive(Debug)]
struct RouterName;

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    reader.expect("type")?;
    reader.expect("routername")?;
    reader.end()?;
    Ok(Arc::new(RouterName))
}

impl Action for RouterName {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let name = frame.router.name().to_owned();
        frame.set("_info_routername", name);
        Ok(Next::Advance)
    }
}

impl fmt::Display for RouterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("info type routername")
    }
}
