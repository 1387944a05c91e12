//! `action L snmp-trap [intdata1 N] [intdata2 N] [strdata "S"]`: hands a trap to the router.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

use super::arithmetic::number;
use crate::{Fault, Request, SnmpTrap, Text};

#[derive(Debug)]
struct Trap {
    int1: Option<Text>,
    int2: Option<Text>,
    text: Option<Text>,
}

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let (mut int1, mut int2, mut text) = (None, None, None);
    while !reader.is_at_end() {
        let (option, word) = reader.choose(&["intdata1", "intdata2", "strdata"], |name| name)?;
        let is_repeated = match *option {
            "intdata1" => int1.replace(reader.number_text()?).is_some(),
            "intdata2" => int2.replace(reader.number_text()?).is_some(),
            _ => text.replace(reader.text()?).is_some(),
        };
        if is_repeated {
            return Err(word.problem(Fault::Invalid));
        }
    }
    Ok(Arc::new(Trap { int1, int2, text }))
}

impl Action for Trap {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let int = |text: &Option<Text>| {
            let text = text.as_ref().map(|text| frame.expand(text)).transpose()?;
            text.map(|text| number(&text)).transpose()
        };
        let (int1, int2) = (int(&self.int1)?, int(&self.int2)?);
        let text = self.text.as_ref().map(|text| frame.expand(text)).transpose()?;
        Ok(Next::Say(Request::SnmpTrap(SnmpTrap { int1, int2, text })))
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("snmp-trap")?;
        self.int1.iter().try_for_each(|int| write!(f, " intdata1 {}", int.bare()))?;
        self.int2.iter().try_for_each(|int| write!(f, " intdata2 {}", int.bare()))?;
        self.text.iter().try_for_each(|text| write!(f, " strdata {text}"))
    }
}
