//! `action L http post url "U" body "B"`: the course's form. No IOS has it: its statement is
//! refused unless the router speaks the course's dialect.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Answer, HttpPost, Request, Text};

#[derive(Debug)]
struct Http {
    url: Text,
    body: Text,
}

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    reader.expect("post")?;
    reader.expect("url")?;
    let url = reader.text()?;
    reader.expect("body")?;
    let body = reader.text()?;
    reader.end()?;
    Ok(Arc::new(Http { url, body }))
}

impl Action for Http {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let post = HttpPost { url: frame.expand(&self.url)?, body: frame.expand(&self.body)? };
        Ok(Next::Ask(Request::HttpPost(post)))
    }

    fn answered(&self, frame: &mut Frame<'_>, answer: Answer) -> Result<Next, Failure> {
        let Answer::Text(outcome) = answer else { return Ok(Next::Listen) };
        frame.set("_cli_result", outcome.unwrap_or_default());
        Ok(Next::Advance)
    }

    fn sets(&self) -> Vec<&str> {
        vec!["_cli_result"]
    }
}

impl fmt::Display for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http post url {} body {}", self.url, self.body)
    }
}
