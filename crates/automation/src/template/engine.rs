//! The one minijinja environment: checks texts when they are loaded, evaluates them on events.
//!
//! It never fails a run: what cannot be evaluated is a reason, which the story of the event shows.

use std::ops::Range;

use diagnostic::logfmt;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use serde_json::{Map, Value as Json};
use webhook::Event;

use super::filter::{self, Typed, Whole};
use super::markup::{self, Inside};
use super::{guard, path, scan};
use crate::files;

/// How many instructions one evaluation may take: loops over a hostile body end here.
const FUEL_INSTRUCTIONS_MAX: u64 = 50_000;
/// How many values a reason names.
const REASON_VALUES_MAX: usize = 4;
/// How much of a value a reason shows, in characters.
const REASON_CHARS_MAX: usize = 64;
/// How much of a value a line of a log takes, in characters.
const FIELD_CHARS_MAX: usize = 4_096;
/// How much of a value tells groups apart, in characters.
const GROUP_CHARS_MAX: usize = 256;
/// The fields of `event`, as rules see it.
const FIELDS: [&str; 15] = [
    "id",
    "received_at",
    "source",
    "method",
    "path",
    "name",
    "device",
    "device_from",
    "data",
    "params",
    "sender",
    "peer",
    "bytes",
    "normalized_from",
    "trace_id",
];

/// What rules and conditions see.
pub(crate) const OF_RULES: &[&str] = &["event", "vars"];
/// What the steps of a rule see, and the replies of a source.
pub(crate) const OF_STEPS: &[&str] = &["event", "vars", "apis", "result", "item"];
/// What a login sees besides: the request as it was sent.
pub(crate) const OF_LOGINS: &[&str] = &["event", "vars", "apis", "result", "item", "request"];

/// The names of templates whose values are escaped.
const XML: &str = "xml";
const PATH: &str = "path";
/// Those of texts in which any value may stand.
const DATA: &str = "data";
const PAGE: &str = "page";
/// That of a line of a log, in which any value becomes one of its fields.
const LINE: &str = "line";
/// Those in which any value becomes one segment of a URL, or one part of a file's name.
const URL: &str = "url";
const FILE: &str = "file";

/// What a template gives, which says how its values are escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A command.
    Command,
    /// A text of JSON, which is escaped whole when it is written.
    Text,
    /// XML, in one of the places where it can stand.
    Xml(Inside),
    /// A path of a URL.
    Path,
}

/// What is wrong with a text of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// In one phrase.
    pub(crate) message: String,
    /// The bytes of the text, when they are known.
    pub(crate) range: Option<Range<usize>>,
    /// What to do about it.
    pub(crate) help: Option<String>,
}

/// Evaluates conditions and renders commands.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    environment: Environment<'static>,
    /// The same, for which what is not there is no value and no error.
    lenient: Environment<'static>,
    /// The names that its texts may use.
    roots: &'static [&'static str],
}

/// An event as conditions and commands see it, converted once.
#[derive(Clone, Debug)]
pub(crate) struct Scope(Value);

impl Engine {
    pub(crate) fn new() -> Self {
        let mut environment = Environment::new();
        // Positions of mistakes are kept in debug mode alone; on in release builds too, so that
        // both say the same.
        environment.set_debug(true);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL_INSTRUCTIONS_MAX));
        filter::register(&mut environment);
        filter::register_readers(&mut environment);
        environment.set_auto_escape_callback(|name| match name {
            XML => AutoEscape::Html,
            PATH => AutoEscape::Custom(PATH.into()),
            PAGE => AutoEscape::Html,
            _ => AutoEscape::None,
        });
        environment.set_formatter(|out, state, value| {
            if [DATA, PAGE].contains(&state.name()) {
                return minijinja::escape_formatter(out, state, value);
            }
            if [URL, FILE].contains(&state.name()) {
                let value = single(value)?;
                let is_file = state.name() == FILE;
                let part = if is_file { files::part(&value) } else { restconf::encoded(&value) };
                return Ok(out.write_str(&part)?);
            }
            if state.name() == LINE {
                let text = value.to_string();
                return Ok(out.write_str(&logfmt::value(&text, FIELD_CHARS_MAX))?);
            }
            let Some(typed) = value.downcast_object_ref::<Typed>() else {
                return Err(Error::new(ErrorKind::InvalidOperation, untyped()));
            };
            let text = match state.auto_escape() {
                AutoEscape::Html => netconf::escaped(&typed.0),
                AutoEscape::Custom(_) => restconf::encoded(&typed.0),
                _ => typed.0.clone(),
            };
            Ok(out.write_str(&text)?)
        });
        let mut lenient = environment.clone();
        lenient.set_undefined_behavior(UndefinedBehavior::Chainable);
        // A file ends as its text says.
        if let Ok(syntax) = SyntaxConfig::builder().keep_trailing_newline(true).build() {
            lenient.set_syntax(syntax);
        }
        Engine { environment, lenient, roots: OF_RULES }
    }

    /// Converts an event for any number of evaluations.
    pub(crate) fn scope(&self, event: &Event) -> Scope {
        let event = Value::from(Serde(event));
        Scope(minijinja::context! { event })
    }

    /// Whether a condition is true of an event, and why.
    pub(crate) fn evaluate(&self, condition: &str, scope: &Scope) -> (bool, String) {
        let expression = match self.environment.compile_expression(condition) {
            Ok(expression) => expression,
            Err(error) => return (false, describe(&error)),
        };
        let paths: Vec<String> = sorted(expression.undeclared_variables(true));
        match expression.eval(scope.0.clone()) {
            Ok(value) => (value.is_true(), scope.reason(&paths)),
            Err(error) if error.kind() == ErrorKind::UndefinedError => {
                (false, scope.missing(&paths).unwrap_or_else(|| describe(&error)))
            }
            Err(error) => (false, describe(&error)),
        }
    }

    /// What keeps events apart: the values of some expressions, `-` for one that is not there.
    pub(crate) fn group(&self, expressions: &[String], scope: &Scope) -> String {
        let values = expressions.iter().map(|text| {
            let expression = self.environment.compile_expression(text).ok()?;
            let value = expression.eval(scope.0.clone()).ok()?;
            (!value.is_undefined() && !value.is_none()).then(|| value.to_string())
        });
        let values = values.map(|value| match value {
            // Quoted, so that no value can look like two.
            Some(value) => cut(&format!("{value:?}"), GROUP_CHARS_MAX),
            None => "-".to_owned(),
        });
        values.collect::<Vec<_>>().join(" ")
    }

    /// What the steps of a rule see of an event, of what was done, and of what is remembered.
    pub(crate) fn step_scope(
        &self,
        event: &Event,
        results: &Map<String, Json>,
        variables: &Map<String, Json>,
        apis: &Json,
        item: Option<&Json>,
    ) -> Scope {
        let (event, result) = (Value::from(Serde(event)), Value::from(Serde(results)));
        let (vars, apis) = (Value::from(Serde(variables)), Value::from(Serde(apis)));
        let item = item.map_or(Value::UNDEFINED, |item| Value::from(Serde(item)));
        Scope(minijinja::context! { event, result, vars, apis, item })
    }

    /// What a line of a record sees: a fact.
    pub(crate) fn fact_scope(&self, fact: &Map<String, Json>) -> Scope {
        let fact = Value::from(Serde(fact));
        Scope(minijinja::context! { fact })
    }

    /// The same with the request as it was sent, for its login alone.
    pub(crate) fn login_scope(&self, scope: &Scope, request: &Json) -> Scope {
        let request = Value::from(Serde(request));
        let before = scope.0.clone();
        Scope(minijinja::context! { request, ..before })
    }

    /// A text in which any value may stand: whoever writes it into something escapes it.
    pub(crate) fn text(&self, text: &str, scope: &Scope) -> Result<String, String> {
        let rendered = self.lenient.render_named_str(DATA, text, scope.0.clone());
        rendered.map_err(|error| describe(&error))
    }

    /// A line of a log: what a value holds reads as no other field.
    pub(crate) fn line(&self, text: &str, scope: &Scope) -> Result<String, String> {
        let rendered = self.lenient.render_named_str(LINE, text, scope.0.clone());
        rendered.map_err(|error| describe(&error))
    }

    /// A path of a URL, with its query: each value stays the segment or the parameter where it
    /// stands.
    pub(crate) fn url_path(&self, text: &str, scope: &Scope) -> Result<String, String> {
        let rendered = self.lenient.render_named_str(URL, text, scope.0.clone());
        rendered.map_err(|error| describe(&error))
    }

    /// The name of a file: each value stays in its part.
    pub(crate) fn file_name(&self, text: &str, scope: &Scope) -> Result<String, String> {
        let rendered = self.lenient.render_named_str(FILE, text, scope.0.clone());
        rendered.map_err(|error| describe(&error))
    }

    /// A page of HTML; values are escaped.
    pub(crate) fn page(&self, text: &str, scope: &Scope) -> Result<String, String> {
        let rendered = self.lenient.render_named_str(PAGE, text, scope.0.clone());
        rendered.map_err(|error| describe(&error))
    }

    /// The value of an expression.
    pub(crate) fn value(&self, expression: &str, scope: &Scope) -> Result<Json, String> {
        let compiled = self.lenient.compile_expression(expression);
        let compiled = compiled.map_err(|error| describe(&error))?;
        let value = compiled.eval(scope.0.clone()).map_err(|error| describe(&error))?;
        if value.is_undefined() {
            return Err(format!("there is no `{expression}`"));
        }
        if let Some(whole) = value.downcast_object_ref::<Whole>() {
            return Ok(Json::from(whole.0.clone()));
        }
        if let Some(typed) = value.downcast_object_ref::<Typed>() {
            let number = typed.0.parse::<u64>().ok();
            let number =
                number.filter(|_| scan::last_filter(expression).as_deref() == Some("number"));
            return Ok(number.map_or_else(|| Json::from(typed.0.clone()), Json::from));
        }
        serde_json::to_value(&value).map_err(|error| error.to_string())
    }

    /// Whether an expression is true, and why not: what is not there is no value.
    pub(crate) fn holds(&self, expression: &str, scope: &Scope) -> (bool, String) {
        match self.lenient.compile_expression(expression) {
            Err(error) => (false, describe(&error)),
            Ok(compiled) => match compiled.eval(scope.0.clone()) {
                Ok(value) => {
                    let paths = sorted(compiled.undeclared_variables(true));
                    (value.is_true(), scope.reason(&paths))
                }
                Err(error) => (false, describe(&error)),
            },
        }
    }

    /// Data whose texts are templates: one that is a single expression becomes its value.
    pub(crate) fn data(&self, template: &Json, scope: &Scope) -> Result<Json, String> {
        match template {
            Json::String(text) => match scan::only(text) {
                Some(expression) => self.value(expression, scope),
                None => self.text(text, scope).map(Json::from),
            },
            Json::Array(items) => {
                items.iter().map(|item| self.data(item, scope)).collect::<Result<_, _>>()
            }
            Json::Object(members) => {
                let member =
                    |(name, value): (&String, &Json)| Ok((name.clone(), self.data(value, scope)?));
                members.iter().map(member).collect::<Result<_, String>>().map(Json::Object)
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => Ok(template.clone()),
        }
    }

    /// What is wrong with a text in which any of these values may stand.
    pub(crate) fn check_data(&self, text: &str, roots: &[&str]) -> Result<(), Mistake> {
        match self.environment.template_from_named_str(DATA, text) {
            Ok(template) => check_names(text, &sorted(template.undeclared_variables(true)), roots),
            Err(error) => Err(mistake(&error)),
        }
    }

    /// The same for the values that this engine's texts may use.
    pub(crate) fn check_values(&self, text: &str) -> Result<(), Mistake> {
        self.check_data(text, self.roots)
    }

    /// Whether a text is one expression, which keeps the type of its value in data.
    pub(crate) fn is_expression(&self, text: &str) -> bool {
        scan::only(text).is_some()
    }

    /// What is wrong with an expression over these values.
    pub(crate) fn check_expression(&self, text: &str, roots: &[&str]) -> Result<(), Mistake> {
        let expression = self.environment.compile_expression(text);
        let expression = expression.map_err(|error| mistake(&error))?;
        check_names(text, &sorted(expression.undeclared_variables(true)), roots)
    }

    /// The same engine for commands in which these values may stand.
    pub(crate) fn seeing(&self, roots: &'static [&'static str]) -> Engine {
        Engine { roots, ..self.clone() }
    }

    /// One command with an event's values, which [`guard`] has not seen yet.
    pub(crate) fn render(&self, command: &str, scope: &Scope) -> Result<String, String> {
        if let Some(expression) = whole(Form::Command, command) {
            let value = self.value(expression, scope)?;
            return Ok(value.as_str().unwrap_or_default().to_owned());
        }
        let rendered = self.environment.render_str(command, scope.0.clone());
        rendered.map(|line| line.trim().to_owned()).map_err(|error| describe(&error))
    }

    /// Another text with an event's values: its form is the one that was checked.
    pub(crate) fn render_as(
        &self,
        form: Form,
        text: &str,
        scope: &Scope,
    ) -> Result<String, String> {
        if let Some(expression) = whole(form, text) {
            let value = self.value(expression, scope)?;
            let rendered = value.as_str().unwrap_or_default().to_owned();
            let fits = match form {
                Form::Command | Form::Text => true,
                Form::Xml(inside) => markup::check(&rendered, &[], inside).is_ok(),
                Form::Path => path::check(&path::whole(&rendered), &[]).is_ok(),
            };
            return fits.then_some(rendered).ok_or_else(|| "this cannot be asked for".to_owned());
        }
        let name = match form {
            Form::Command | Form::Text => "text",
            Form::Xml(_) => XML,
            Form::Path => PATH,
        };
        let rendered = self.environment.render_named_str(name, text, scope.0.clone());
        let rendered = rendered.map_err(|error| describe(&error))?;
        let is_same = match form {
            Form::Command | Form::Text => true,
            Form::Xml(inside) => {
                let (skeleton, _) = scan::padded(text).unwrap_or_default();
                markup::same_elements(&skeleton, &rendered, inside)
            }
            Form::Path => path::check(&rendered, &[]).is_ok(),
        };
        is_same.then_some(rendered).ok_or_else(|| "a value changes what is asked for".to_owned())
    }

    /// What is wrong with a text that holds values and no statements, as far as it tells.
    pub(crate) fn check_as(&self, form: Form, text: &str) -> Result<(), Mistake> {
        if whole(form, text).is_some() {
            return self.check_values(text); // its filter sees to the rest
        }
        self.check_text(text)?;
        let Some((skeleton, values)) = scan::padded(text) else {
            let message = "this holds values, no statements".to_owned();
            return Err(Mistake { message, range: None, help: None });
        };
        match form {
            Form::Command | Form::Text => Ok(()),
            Form::Xml(inside) => markup::check(&skeleton, &values, inside),
            Form::Path => path::check(&skeleton, &values),
        }
    }

    /// A text with letters in place of its values, where it has no statements.
    pub(crate) fn padded(&self, text: &str) -> Option<String> {
        scan::padded(text).map(|(padded, _)| padded)
    }

    /// A text of JSON with as much room in place of its values: digits for a number, which may
    /// stand for one, and letters for all else, which stand in a text.
    pub(crate) fn padded_json(&self, text: &str) -> String {
        let mut padded = text.to_owned();
        for expression in scan::expressions(text) {
            let is_number = expression.filter.as_deref() == Some("number");
            let word = if is_number { "1" } else { "v" }.repeat(expression.span.len());
            padded.replace_range(expression.span, &word);
        }
        padded
    }

    /// What is wrong with a condition, as far as its text tells.
    pub(crate) fn check_condition(&self, condition: &str) -> Result<(), Mistake> {
        self.check_expression(condition, self.roots)
    }

    /// What is wrong with a `show` command, as far as its text tells.
    pub(crate) fn check_command(&self, command: &str) -> Result<(), Mistake> {
        if whole(Form::Command, command).is_some() {
            return self.check_values(command); // the filter asks the guard
        }
        self.check_text(command)?;
        match scan::skeleton(command).map(|line| guard::reads_only(line.trim())) {
            Some(Err(refusal)) => Err(refused(&refusal)),
            Some(Ok(())) | None => Ok(()),
        }
    }

    /// What is wrong with a line of a configuration; all but its values is fixed by the rule, so
    /// that no event decides what is done.
    pub(crate) fn check_configuration(&self, line: &str, is_last: bool) -> Result<(), Mistake> {
        self.check_text(line)?;
        let Some(skeleton) = scan::skeleton(line) else {
            let message = "a `configure` line holds values, no statements".to_owned();
            return Err(Mistake { message, range: None, help: None });
        };
        if !scan::is_named(line) {
            let message = "a `configure` line begins with a keyword, not with a value".to_owned();
            let help = Some("write out what is configured".to_owned());
            return Err(Mistake { message, range: None, help });
        }
        guard::configures(skeleton.trim(), is_last).map_err(|refusal| refused(&refusal))
    }

    fn check_text(&self, command: &str) -> Result<(), Mistake> {
        let template = self.environment.template_from_named_str("command", command);
        let names = match template {
            Ok(template) => sorted(template.undeclared_variables(true)),
            Err(error) => return Err(mistake(&error)),
        };
        check_names(command, &names, self.roots)?;
        for expression in scan::expressions(command) {
            check_filter(expression)?;
        }
        Ok(())
    }
}

impl Scope {
    /// `event.name is "InterfaceDown"`: what the condition looked at.
    fn reason(&self, paths: &[String]) -> String {
        let shown = paths.iter().take(REASON_VALUES_MAX).map(|path| match self.look_up(path) {
            Some(value) => format!("{path} is {}", show(&value)),
            None => format!("the event has no {path}"),
        });
        let shown: Vec<String> = shown.collect();
        if shown.is_empty() { "the condition is fixed".to_owned() } else { shown.join(", ") }
    }

    fn missing(&self, paths: &[String]) -> Option<String> {
        let missing = paths.iter().find(|path| self.look_up(path).is_none())?;
        Some(format!("the event has no {missing}"))
    }

    fn look_up(&self, path: &str) -> Option<Value> {
        let mut value = self.0.clone();
        for key in path.split('.') {
            value = value.get_attr(key).ok()?;
        }
        (!value.is_undefined()).then_some(value)
    }
}

/// The expression of a text that a sender writes whole, behind the filter that lets it.
fn whole(form: Form, text: &str) -> Option<&str> {
    let filter = match form {
        Form::Text => return None,
        Form::Command => "show",
        Form::Xml(_) => "xml",
        Form::Path => "data_path",
    };
    let expression = scan::only(text)?;
    (scan::last_filter(expression).as_deref() == Some(filter)).then_some(expression)
}

/// Reason texts go into facts, so their order must not depend on a hash.
fn sorted(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.into_iter().collect();
    names.sort();
    names
}

fn show(value: &Value) -> String {
    let text = match value.as_str() {
        Some(text) => format!("{text:?}"),
        None => value.to_string(),
    };
    cut(&text, REASON_CHARS_MAX).replace(char::is_control, " ")
}

fn cut(text: &str, chars: usize) -> String {
    let mut short: String = text.chars().take(chars).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn check_names(text: &str, names: &[String], roots: &[&str]) -> Result<(), Mistake> {
    for name in names {
        let mut keys = name.split('.');
        let root = keys.next().unwrap_or_default();
        let (wrong, known): (&str, &[&str]) = match keys.next() {
            _ if !roots.contains(&root) => (root, roots),
            Some(field) if root == "event" && !FIELDS.contains(&field) => (field, &FIELDS),
            Some(_) | None => continue,
        };
        let near = diagnostic::nearest(wrong, known.iter().copied());
        let listed = || format!("known here: {}", known.join(", "));
        return Err(Mistake {
            message: format!("unknown name `{wrong}`"),
            range: text.find(wrong).map(|at| at..at + wrong.len()),
            help: Some(near.map_or_else(listed, |near| format!("did you mean `{near}`?"))),
        });
    }
    Ok(())
}

fn check_filter(expression: scan::Expression) -> Result<(), Mistake> {
    let known = |name: &String| filter::names().any(|filter| filter == name);
    if expression.filter.as_ref().is_some_and(known) {
        return Ok(());
    }
    let range = Some(expression.span);
    let help = Some("end it with a typed filter, such as `| interface`".to_owned());
    Err(Mistake { message: untyped(), range, help })
}

fn refused(refusal: &guard::Refusal) -> Mistake {
    Mistake { message: refusal.to_string(), range: None, help: None }
}

/// A value that can stand in a name: nothing and lists cannot.
fn single(value: &Value) -> Result<String, Error> {
    let wrong = |what: &str| Err(Error::new(ErrorKind::InvalidOperation, what.to_owned()));
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => wrong("a value of a name is not there"),
        ValueKind::Seq | ValueKind::Map | ValueKind::Iterable => {
            wrong("a value of a name is a list or an object")
        }
        _ => Ok(value.to_string()),
    }
}

fn untyped() -> String {
    let names: Vec<&str> = filter::names().collect();
    format!("a value enters a command only through one of the filters {}", names.join(", "))
}

/// What went wrong, without the engine's own words for where.
fn describe(error: &Error) -> String {
    match error.detail() {
        Some(detail) if error.kind() == ErrorKind::InvalidOperation => detail.to_owned(),
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}

fn mistake(error: &Error) -> Mistake {
    Mistake { message: describe(error), range: error.range(), help: None }
}
