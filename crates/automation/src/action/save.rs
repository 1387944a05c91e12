//! `save = { file = "data/joke.json", json = "{{ result.joke.json }}" }`: a file below the
//! directory of `[files]`.
//!
//! Written whole or not at all; `append = true` puts it behind what is there. A value in the name
//! becomes one part of it.

use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Spanned};
use serde_json::Value as Json;

use super::Template;
use crate::config::rule::{BAD_COMMAND, Loader, NO_ACTION};
use crate::files::check_name;
use crate::record::{Action, SaveCall};
use crate::template::{Engine, Scope};

pub(super) const KEY: &str = "save";

/// How large what is written at once may be, in bytes.
const SAVED_BYTES_MAX: usize = 4 << 20;

/// A file as a rule has it: values not filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Save {
    file: String,
    what: What,
    append: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Json(Json),
    Text(String),
}

pub(super) fn load(table: &mut Table, loader: &mut Loader<'_>) -> Option<Template> {
    let mut inner = table.table(KEY, loader.sink)?;
    let (source, span) = (Arc::clone(inner.source()), inner.span());
    let file = loader.file_name(&mut inner, "file");
    let both = inner.key_span("json").is_some() == inner.key_span("text").is_some();
    let json = loader.data_of(&mut inner, "json").map(What::Json);
    let text = loader.template(&mut inner, "text").map(|text| What::Text(text.value));
    let append = inner.flag("append", loader.sink).is_some_and(|append| append.value);
    inner.finish(loader.sink);
    if both {
        let message = "`save` has one of: json, text";
        loader.sink.push(Diagnostic::error(NO_ACTION, message, &source, span));
    }
    let (file, what) = (file?, json.or(text)?);
    Some(Template::Save(Save { file, what, append }))
}

impl Loader<'_> {
    /// The name of a file, in which values may stand.
    pub(super) fn file_name(&mut self, table: &mut Table, key: &'static str) -> Option<String> {
        let source = Arc::clone(table.source());
        table.require(key, self.sink);
        let Spanned { value, span } = self.template(table, key)?;
        // What values become is one part, which no rule of names minds.
        let fixed = self.engine.padded(&value).map(|fixed| check_name(&fixed));
        if let Some(Err(why)) = fixed {
            let message =
                format!("`{value}` is no name of a file below the directory of `[files]`");
            self.sink.push(Diagnostic::error(BAD_COMMAND, message, &source, span).label(why));
        }
        Some(value)
    }
}

/// A name with its values, checked whole.
pub(super) fn filled_name(text: &str, engine: &Engine, scope: &Scope) -> Result<String, String> {
    let name = engine.file_name(text, scope)?;
    check_name(&name).map_err(|why| format!("`{name}` is no name of a file: {why}"))?;
    Ok(name)
}

pub(super) fn fill(save: &Save, engine: &Engine, scope: &Scope) -> Result<Action, String> {
    let file = filled_name(&save.file, engine, scope)?;
    let text = match &save.what {
        What::Text(text) => engine.text(text, scope)?,
        What::Json(json) => {
            let value = engine.data(json, scope)?;
            // A file of its own is for people, one of many lines is for programs.
            format!("{}\n", if save.append { value.to_string() } else { format!("{value:#}") })
        }
    };
    if text.len() > SAVED_BYTES_MAX {
        return Err(format!("`{file}` would be larger than {SAVED_BYTES_MAX} bytes"));
    }
    Ok(Action::Save(SaveCall { file, text, append: save.append }))
}
