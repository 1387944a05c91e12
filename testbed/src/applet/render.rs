//! `ednm eem render FILE --node R1`: the course's webhook forms in the form that a real router has.
//!
//! Lines that need no change are kept byte for byte. A token is referred to, and printed only when
//! that is asked for: a configuration is read by more people than a secret should be.

mod line;
mod needs;

use std::path::Path;

use diagnostic::has_errors;
use host::{ExpectedError, message};
use serde_json::json;
use topology::{Node, Topology};

use super::file;
use crate::args::EemRenderArgs;
use line::{Action, Form};
use needs::Needs;

/// The variable of the event manager that holds the token.
const TOKEN_VARIABLE: &str = "_WEBHOOK_TOKEN";
/// curl gives up before the run does, whose default is 20 seconds.
const CURL: &str = "guestshell run curl -sS -m 10 -X POST";

/// A file that is rendered.
struct Rendering<'a> {
    topology: &'a Topology,
    node: &'a Node,
    /// Lines to stand before the first applet.
    environment: Vec<String>,
    needs: Needs,
    changed: usize,
}

/// Runs the verb.
pub(super) fn run(args: &EemRenderArgs) -> Result<(), ExpectedError> {
    let path = args.topology.as_deref().unwrap_or(Path::new("topology.toml"));
    let topology = super::router::topology(path)?;
    let node = topology.nodes.get(&args.node);
    let node = node.ok_or_else(|| super::router::unknown(path, &args.node, &topology))?;
    let source = file::open(&args.file)?;
    let (_, faults) = file::read(&source, eem::Dialect::Course);
    if has_errors(&faults) {
        return Err(ExpectedError::InvalidFile(faults));
    }
    let (environment, needs) = (Vec::new(), Needs::default());
    let mut rendering = Rendering { topology: &topology, node, environment, needs, changed: 0 };
    rendering.token(args.reveal_token)?;
    let text = rendering.render(&source.text);
    if rendering.changed > 0 {
        rendering.needs.of_the_box(&text);
    }
    let Rendering { needs, changed, .. } = rendering;
    if args.format.is_json() {
        let document = json!({ "config": text, "changed": changed, "needs": needs.to_json() });
        return message::data(&document.to_string());
    }
    message::data(text.strip_suffix('\n').unwrap_or(&text))?;
    match changed {
        0 => message::note("nothing to change: no action has a form of the course"),
        _ => message::styled(&needs.to_text()),
    }
    Ok(())
}

impl Rendering<'_> {
    /// The line that holds the token, or a remark that says which line is missing.
    fn token(&mut self, is_revealed: bool) -> Result<(), ExpectedError> {
        let node = self.node;
        if !node.secret.is_empty() || !node.hmac_secret.is_empty() {
            self.needs.signature();
        }
        let Some(token) = node.token.first() else { return Ok(()) };
        let value = match is_revealed {
            true => token.value.expose().map_err(|why| {
                let message = format!("the token of node `{}` cannot be had: {why}", node.name);
                ExpectedError::environment_message(message)
            })?,
            false => "<token>",
        };
        let line = format!("event manager environment {TOKEN_VARIABLE} {value}");
        self.environment.push(if is_revealed { line } else { format!("! {line}") });
        self.needs.token(TOKEN_VARIABLE, is_revealed);
        Ok(())
    }

    fn render(&mut self, text: &str) -> String {
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let only = lint::applets_only(text);
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let kept: Vec<&str> = only.split('\n').collect();
        let mut out: Vec<String> = Vec::new();
        let mut first = None;
        let mut applet: Vec<usize> = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            let body = line.trim_end_matches(['\r', '\n']);
            let of_applet = kept.get(number).is_some_and(|kept| !kept.trim().is_empty());
            if of_applet && line::applet_name(body).is_some() {
                first.get_or_insert(out.len());
                self.enable(&mut out, &std::mem::take(&mut applet), end);
            }
            let new = Action::read(body).filter(|_| of_applet);
            let new = new.and_then(|action| self.action(&action));
            if of_applet {
                applet.push(out.len());
            }
            out.push(match new {
                Some(new) => {
                    self.changed += 1;
                    format!("{new}{}", &line[body.len()..])
                }
                None => (*line).to_owned(),
            });
        }
        self.enable(&mut out, &applet, end);
        if self.changed > 0
            && let Some(at) = first
        {
            let lines = self.environment.iter().map(|line| format!("{line}{end}"));
            out.splice(at..at, lines.collect::<Vec<_>>());
        }
        out.concat()
    }

    /// The action in its portable form; none if it needs no other.
    fn action(&mut self, action: &Action<'_>) -> Option<String> {
        let text = match action.form()? {
            Form::Post { url, body } => {
                let url = self.filled(&url);
                self.needs.url(&url);
                self.needs.body(&body);
                let body = body.replace('\'', "'\\\"'\\\"'");
                let token = self.token_header("");
                format!("{CURL} -H 'Content-Type: application/json'{token} -d '{body}' {url}")
            }
            Form::Curl { arguments } => {
                let arguments = self.filled(&arguments);
                self.needs.urls_of(&arguments);
                self.needs.body(&arguments);
                format!("guestshell run curl{} {arguments}", self.token_header(&arguments))
            }
            Form::Environment { name, value } => {
                let value = self.filled(&value);
                self.needs.url(&value);
                let line = format!("event manager environment {name} {value}");
                if !self.environment.contains(&line) {
                    self.environment.push(line);
                }
                let head = action.head();
                return Some(format!("{head}comment {name} is set in the configuration"));
            }
        };
        let line = format!("{}cli command \"{text}\"{}", action.head(), action.tail());
        self.needs.line(action.label(), &line);
        Some(line)
    }

    /// The header with the token, unless the arguments have a credential of their own.
    fn token_header(&self, arguments: &str) -> String {
        let lower = arguments.to_ascii_lowercase();
        let has_own = ["authorization:", "token:", " -u ", "--user"].iter();
        let has_own = has_own.clone().any(|word| lower.contains(word));
        match self.node.token.is_empty() || has_own {
            true => String::new(),
            false => format!(" -H 'Authorization: Bearer ${TOKEN_VARIABLE}'"),
        }
    }

    /// A text with the variables of the topology in their places.
    fn filled(&self, text: &str) -> String {
        let vars = self.topology.vars.iter();
        vars.fold(text.to_owned(), |text, (name, value)| text.replace(&format!("<{name}>"), value))
    }

    /// Adds an `enable` to an applet that sends something without one: `guestshell` needs it.
    fn enable(&mut self, out: &mut [String], applet: &[usize], end: &str) {
        let actions = |out: &[String]| {
            let read = applet.iter().filter_map(|at| {
                let action = Action::read(out[*at].trim_end())?;
                Some((action.label().to_owned(), *at, action.command().map(str::to_owned)))
            });
            let mut all: Vec<_> = read.collect();
            all.sort();
            all
        };
        let all = actions(out);
        let typed: Vec<usize> = applet.to_vec();
        let is = |command: &Option<String>, word: &str| {
            command.as_deref().is_some_and(|command| command.trim_start().starts_with(word))
        };
        let labels: Vec<&str> = all.iter().map(|(label, _, _)| label.as_str()).collect();
        let by_place: Vec<usize> = all.iter().map(|(_, at, _)| *at).collect();
        if !by_place.is_sorted() {
            self.needs.order(&labels);
        }
        let Some(place) = all.iter().position(|(_, _, command)| is(command, "guestshell")) else {
            return;
        };
        if all[..place].iter().any(|(_, _, command)| is(command, "en")) || typed.is_empty() {
            return;
        }
        let before = place.checked_sub(1).map_or("", |before| labels[before]);
        match line::between(before, labels[place]) {
            Some(label) => {
                let at = all[place].1;
                let indent = out[at].len() - out[at].trim_start().len();
                let indent = out[at][..indent].to_owned();
                let line = format!("{indent}action {label} cli command \"enable\"{end}");
                out[at].insert_str(0, &line);
                self.needs.enabled(&label);
            }
            None => self.needs.not_enabled(labels[place]),
        }
    }
}
