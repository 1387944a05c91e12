//! `action L info type routername`: sets `$_info_routername`.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Answer, Request};

#[derive(Debug)]
struct RouterName;

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    reader.expect("type")?;
    reader.expect("routername")?;
    reader.end()?;
    Ok(Arc::new(RouterName))
}

impl Action for RouterName {
    fn step(&self, _: &mut Frame<'_>) -> Result<Next, Failure> {
        Ok(Next::Ask(Request::RouterName))
    }

    fn answered(&self, frame: &mut Frame<'_>, answer: Answer) -> Result<Next, Failure> {
        let Answer::RouterName(name) = answer else { return Ok(Next::Listen) };
        frame.set("_info_routername", name);
        Ok(Next::Advance)
    }
}

impl fmt::Display for RouterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("info type routername")
    }
}
