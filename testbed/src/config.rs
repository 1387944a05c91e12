//! `ednm config check`: what a virtual router makes of each line of a configuration.
//!
//! The router decides, by the code that reads a startup-config; here its verdicts are printed.

use std::path::Path;

use host::{ExpectedError, files, message};
use lab::{CheckedLine, LineFate};
use serde_json::{Value, json};

use crate::args::{ConfigArgs, ConfigCheckArgs, ConfigFormat};

/// How wide the number and the verdict of a line are.
const GUTTER: usize = 18;

/// One file.
struct Checked {
    name: String,
    lines: Vec<CheckedLine>,
}

/// How many lines became what.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    modelled: usize,
    kept: usize,
    refused: usize,
}

/// Runs a verb.
pub(crate) fn run(args: &ConfigArgs) -> Result<(), ExpectedError> {
    let ConfigArgs::Check(args) = args;
    let checked: Result<Vec<Checked>, ExpectedError> =
        args.files.iter().map(|path| check(path, args)).collect();
    let checked = checked?;
    match args.format {
        ConfigFormat::Full => print_all(&checked, full)?,
        ConfigFormat::Concise => print_all(&checked, concise)?,
        ConfigFormat::Json => message::data(&document(&checked).to_string())?,
    }
    match checked.iter().all(|file| file.counts().refused == 0) {
        true => Ok(()),
        false => Err(ExpectedError::AnsweredNo),
    }
}

fn check(path: &Path, args: &ConfigCheckArgs) -> Result<Checked, ExpectedError> {
    let source = files::open(path).map_err(ExpectedError::file)?.source;
    let lines = lab::check_config(&source.text, args.platform, args.dialect.into());
    Ok(Checked { name: source.name.clone(), lines })
}

fn print_all(checked: &[Checked], print: fn(&Checked) -> String) -> Result<(), ExpectedError> {
    for file in checked {
        let text = print(file);
        if !text.is_empty() {
            message::data(text.trim_end_matches('\n'))?;
        }
        let Counts { modelled, kept, refused } = file.counts();
        let name = &file.name;
        message::data(&format!(
            "{name}: {modelled} modelled, {kept} kept without effect, {refused} refused"
        ))?;
    }
    Ok(())
}

/// Every line; under a refused one the caret and what the router says.
fn full(file: &Checked) -> String {
    let mut text = String::new();
    for CheckedLine { number, text: line, fate } in &file.lines {
        text.push_str(&format!("{number:>6}  {:<8}  {line}", word(fate)));
        match fate {
            LineFate::Modelled => text.push('\n'),
            LineFate::Kept { seen } => text.push_str(&format!("  [{seen}]\n")),
            LineFate::Refused { column, reply } => {
                let blanks = " ".repeat(GUTTER + column.unwrap_or(0));
                let caret = if column.is_some() { "^ " } else { "" };
                text.push_str(&format!("\n{blanks}{caret}{reply}\n"));
            }
        }
    }
    text
}

/// `FILE:LINE:COLUMN: kept: ...`
fn concise(file: &Checked) -> String {
    let mut text = String::new();
    for CheckedLine { number, text: line, fate } in &file.lines {
        let why = match fate {
            LineFate::Modelled => continue,
            LineFate::Kept { seen } => (1, *seen),
            LineFate::Refused { column, reply } => (column.unwrap_or(0) + 1, reply.as_str()),
        };
        let (name, line, (column, why)) = (&file.name, line.trim(), why);
        text.push_str(&format!("{name}:{number}:{column}: {}: {line}: {why}\n", word(fate)));
    }
    text
}

fn document(checked: &[Checked]) -> Value {
    let files: Vec<Value> =
        checked
            .iter()
            .map(|file| {
                let Counts { modelled, kept, refused } = file.counts();
                let lines: Vec<Value> = file.lines.iter().map(|line| {
            let mut value =
                json!({ "line": line.number, "text": line.text, "is": word(&line.fate) });
            match &line.fate {
                LineFate::Modelled => {}
                LineFate::Kept { seen } => value["seen"] = json!(seen),
                LineFate::Refused { column, reply } => {
                    value["column"] = json!(column.map(|column| column + 1));
                    value["reply"] = json!(reply);
                }
            }
            value
        }).collect();
                json!({
                    "file": file.name, "modelled": modelled, "kept": kept, "refused": refused,
                    "lines": lines,
                })
            })
            .collect();
    json!(files)
}

fn word(fate: &LineFate) -> &'static str {
    match fate {
        LineFate::Modelled => "modelled",
        LineFate::Kept { .. } => "kept",
        LineFate::Refused { .. } => "refused",
    }
}

impl Checked {
    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for line in &self.lines {
            match line.fate {
                LineFate::Modelled => counts.modelled += 1,
                LineFate::Kept { .. } => counts.kept += 1,
                LineFate::Refused { .. } => counts.refused += 1,
            }
        }
        counts
    }
}
