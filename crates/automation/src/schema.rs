//! JSON Schema (draft 2020-12): what a body must look like, and in which words it does not.
//!
//! Compiled when listener.toml is loaded, asked for every delivery of its source. It never shows a
//! value of the sender, which may be a secret, and fetches nothing: a reference that leads out of
//! the schema is a mistake of the schema. Patterns run in linear time.

use std::fmt;
use std::sync::Arc;

use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind};
use jsonschema::{PatternOptions, Validator};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value};

/// How many violations are looked for; a body can have one in each value.
const VIOLATIONS_MAX: usize = 256;
/// How many ways to be right a violation names.
const CHOICES_MAX: usize = 4;
/// How much of a schema's or a sender's own words a violation shows, in characters.
const SHOWN_CHARS_MAX: usize = 120;

/// What a fragment of a URL cannot hold as it is (RFC 3986, section 3.5).
const FRAGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A schema, compiled.
#[derive(Clone)]
pub(crate) struct Schema {
    document: Arc<Value>,
    validator: Arc<Validator>,
}

/// Why a value is no schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadSchema {
    /// Where in the schema, as a JSON Pointer (RFC 6901).
    pub(crate) pointer: String,
    /// In one phrase.
    pub(crate) message: String,
}

/// One thing that is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    /// Where, as a JSON Pointer in a URI fragment: `#/device/port`.
    pub(crate) pointer: String,
    /// What, in words: `` `device.port` must be an integer``.
    pub(crate) detail: String,
}

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The body.
    Body,
    /// What path and query say; they stand at `#/params/`.
    Params,
}

impl Schema {
    pub(crate) fn compile(document: Value) -> Result<Self, BadSchema> {
        let options = jsonschema::options()
            .offline()
            .with_pattern_options(PatternOptions::regex())
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false);
        let validator = options.build(&document).map_err(|error| BadSchema {
            pointer: error.instance_path().as_str().to_owned(),
            message: error.to_string(),
        })?;
        Ok(Schema { document: Arc::new(document), validator: Arc::new(validator) })
    }

    pub(crate) fn document(&self) -> &Value {
        &self.document
    }

    /// What is wrong with a value; sorted by place, so that the same value is refused in the same
    /// words.
    pub(crate) fn violations(&self, subject: Subject, value: &Value) -> Vec<Violation> {
        if self.validator.is_valid(value) {
            return Vec::new();
        }
        let errors = self.validator.iter_errors(value).take(VIOLATIONS_MAX);
        let mut violations: Vec<Violation> =
            errors.flat_map(|error| violation(subject, value, &error)).collect();
        violations.sort();
        violations.dedup();
        violations
    }

    /// Texts as what the schema says that they are, and its defaults for what is not there. A text
    /// that cannot be such a thing stays one, which the schema then refuses.
    pub(crate) fn convert(&self, texts: Vec<(String, String)>) -> Map<String, Value> {
        let properties = self.document.get("properties").and_then(Value::as_object);
        let mut values = Map::new();
        for (name, text) in texts {
            let property = properties.and_then(|properties| properties.get(&name));
            match property.filter(|property| types(property).any(|kind| kind == "array")) {
                Some(property) => {
                    let list = values.entry(name).or_insert_with(|| Value::Array(Vec::new()));
                    if let Value::Array(list) = list {
                        list.push(typed(property.get("items"), text));
                    }
                }
                None => drop(values.insert(name, typed(property, text))),
            }
        }
        for (name, property) in properties.into_iter().flatten() {
            if let Some(default) = property.get("default")
                && !values.contains_key(name)
            {
                values.insert(name.clone(), default.clone());
            }
        }
        values
    }

    /// Whether a parameter may come more than once.
    pub(crate) fn is_list(&self, name: &str) -> bool {
        let property = self.document.pointer("/properties").and_then(|all| all.get(name));
        property.is_some_and(|property| types(property).any(|kind| kind == "array"))
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Schema").field(&self.document).finish()
    }
}

fn types(schema: &Value) -> impl Iterator<Item = &str> {
    let kind = schema.get("type");
    let many = kind.and_then(Value::as_array).into_iter().flatten();
    kind.filter(|kind| kind.is_string()).into_iter().chain(many).filter_map(Value::as_str)
}

fn typed(schema: Option<&Value>, text: String) -> Value {
    let as_kind = |kind: &str| match kind {
        "integer" => text.parse::<i64>().ok().map(Value::from),
        "number" => text
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
            .map(|number| text.parse::<i64>().map_or_else(|_| Value::from(number), Value::from)),
        "boolean" => text.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    let typed = schema.and_then(|schema| types(schema).find_map(as_kind));
    typed.unwrap_or(Value::String(text))
}

fn violation(subject: Subject, root: &Value, error: &ValidationError<'_>) -> Vec<Violation> {
    let place = error.instance_path().as_str();
    let at = |key: &str, what: &str| {
        let place = format!("{place}/{}", key.replace('~', "~0").replace('/', "~1"));
        Violation { pointer: fragment(subject, &place), detail: said(subject, &place, what) }
    };
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            vec![at(property.as_str().unwrap_or_default(), "is missing")]
        }
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            unexpected.iter().map(|key| at(key, "is not known here")).collect()
        }
        // Of an object that may have no key at all the library tells the place of the object.
        ValidationErrorKind::FalseSchema if forbids_others(error) => {
            let object = root.pointer(place).and_then(Value::as_object);
            let keys = object.into_iter().flat_map(Map::keys);
            keys.map(|key| at(key, "is not known here")).collect()
        }
        kind => {
            let detail = said(subject, place, &words(error, kind));
            vec![Violation { pointer: fragment(subject, place), detail }]
        }
    }
}

fn forbids_others(error: &ValidationError<'_>) -> bool {
    error.schema_path().as_str().ends_with("/additionalProperties")
}

/// What is wrong, behind the name of the value.
fn words(error: &ValidationError<'_>, kind: &ValidationErrorKind) -> String {
    use ValidationErrorKind as Kind;
    match kind {
        Kind::Type { kind: TypeKind::Single(kind) } => {
            format!("must be {}", article(kind.as_str()))
        }
        Kind::Type { kind: TypeKind::Multiple(kinds) } => {
            let kinds = kinds.iter().map(|kind| article(kind.as_str()));
            format!("must be {}", listed(kinds.map(str::to_owned)))
        }
        Kind::Enum { options } => {
            let options = options.as_array().into_iter().flatten().map(Value::to_string);
            format!("must be {}", listed(options))
        }
        Kind::Constant { expected_value } => {
            format!("must be {}", cut(&expected_value.to_string()))
        }
        Kind::Format { format } => format!("must have the form `{format}`"),
        Kind::Pattern { pattern } => format!("must match `{}`", cut(pattern)),
        Kind::MinLength { limit } => format!("must have at least {}", counted(*limit, "character")),
        Kind::MaxLength { limit } => format!("must have at most {}", counted(*limit, "character")),
        Kind::MinItems { limit } => format!("must have at least {}", counted(*limit, "item")),
        Kind::MaxItems { limit } => format!("must have at most {}", counted(*limit, "item")),
        Kind::MinProperties { limit } => format!("must have at least {}", counted(*limit, "key")),
        Kind::MaxProperties { limit } => format!("must have at most {}", counted(*limit, "key")),
        Kind::Minimum { limit } => format!("must be at least {limit}"),
        Kind::Maximum { limit } => format!("must be at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("must be more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("must be a multiple of {multiple_of}"),
        Kind::UniqueItems => "must not have an item twice".to_owned(),
        Kind::FalseSchema => "must not be there".to_owned(),
        Kind::Not { .. } => "must not be so".to_owned(),
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => choices(context),
        Kind::OneOfMultipleValid { .. } => {
            "fits several of its choices, and may fit one".to_owned()
        }
        // Never the value itself.
        _ => cut(&error.masked_with("it").to_string()),
    }
}

/// What would have been right: of each choice the first thing that is wrong.
fn choices(context: &[Vec<ValidationError<'static>>]) -> String {
    let firsts = context.iter().filter_map(|errors| errors.first()).take(CHOICES_MAX);
    let choices = firsts.map(|error| match error.kind() {
        ValidationErrorKind::Required { property } => {
            format!("must have `{}`", cut(property.as_str().unwrap_or_default()))
        }
        kind => words(error, kind),
    });
    let choices: Vec<String> = choices.collect();
    if choices.is_empty() { "fits no choice".to_owned() } else { choices.join(", or ") }
}

fn article(kind: &str) -> &'static str {
    match kind {
        "array" => "a list",
        "boolean" => "true or false",
        "integer" => "an integer",
        "null" => "null",
        "number" => "a number",
        "object" => "an object",
        _ => "a string",
    }
}

fn listed(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.map(|word| cut(&word)).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => cut(&format!("{} or {last}", others.join(", "))),
        None => "nothing".to_owned(),
    }
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("{count} {what}") } else { format!("{count} {what}s") }
}

/// `` `device.port` must be an integer``; keys are a sender's own words.
fn said(subject: Subject, place: &str, what: &str) -> String {
    let mut name = String::new();
    for key in place.split('/').skip(1) {
        let key = key.replace("~1", "/").replace("~0", "~");
        if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()) && !name.is_empty() {
            name.push_str(&format!("[{key}]"));
        } else {
            let dot = if name.is_empty() { "" } else { "." };
            name.push_str(&format!("{dot}{key}"));
        }
    }
    let name = cut(&name);
    match (subject, name.is_empty()) {
        (Subject::Body, true) => format!("the body {what}"),
        (Subject::Body, false) => format!("`{name}` {what}"),
        (Subject::Params, true) => format!("the query {what}"),
        (Subject::Params, false) => format!("the parameter `{name}` {what}"),
    }
}

/// RFC 6901, section 6.
fn fragment(subject: Subject, place: &str) -> String {
    let root = match subject {
        Subject::Body => "#",
        Subject::Params => "#/params",
    };
    format!("{root}{}", utf8_percent_encode(place, FRAGMENT))
}

fn cut(text: &str) -> String {
    let mut short: String = text.chars().take(SHOWN_CHARS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.replace(char::is_control, " ")
}

#[cfg(test)]
#[path = "schema_tests.rs"]
mod tests;
