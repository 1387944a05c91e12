//! `[[rules.steps]]`, `[[sources.steps]]`: what is done one after the other, each step with the
//! results of those before it.
//!
//! Called for a rule and for a source, whose steps are a rule of their own that asks nothing.

use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Spanned};
use serde_json::Value as Json;

use super::rule::{BAD_COMMAND, BAD_CONDITION, Loader, NO_ACTION, NO_NODE};
use crate::action;
use crate::record::Approve;
use crate::template::{OF_LOGINS, OF_STEPS};

/// A name that is none.
const BAD_NAME: &str = "RULE020";

/// How many steps one rule can have.
const STEPS_MAX: usize = 64;
/// How many variables one step can set.
const SET_MAX: usize = 16;
/// The longest name of a result or a variable, in bytes.
const NAME_BYTES_MAX: usize = 64;

/// One step of a rule, values not filled in.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// Under which name its result is known to those behind it.
    pub(crate) register: Option<String>,
    /// Whether it is done, as an expression.
    pub(crate) when: Option<String>,
    /// For what it is done, as an expression that gives a list; once without.
    pub(crate) for_each: Option<String>,
    /// Whether those behind it are done when it failed.
    pub(crate) goes_on: bool,
    /// What is done.
    pub(crate) what: Work,
}

/// What a step does.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    /// An action.
    Act(Box<Act>),
    /// Variables get these values.
    Set(Vec<(String, Json)>),
}

/// An action, and where it is done.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    /// The device: its name, an alias or an address; `None` is the event's.
    pub(crate) on: Option<String>,
    /// How to log in, where the request says so.
    pub(crate) login: Option<LoginTexts>,
    /// What to do.
    pub(crate) what: action::Template,
    /// Whether somebody must approve it first.
    pub(crate) approve: Approve,
}

/// A login of a request, each a template over it.
#[derive(Clone, Debug, Default)]
pub(crate) struct LoginTexts {
    pub(crate) port: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) enable: Option<String>,
}

/// Reads the steps of a rule or a source.
pub(super) fn load(table: &mut Table, loader: &mut Loader<'_>) -> Vec<Step> {
    let source = Arc::clone(table.source());
    let span = table.span();
    let tables = table.tables("steps", loader.sink);
    if tables.len() > STEPS_MAX {
        let message = format!("more than {STEPS_MAX} steps");
        loader.sink.push(Diagnostic::error(NO_ACTION, message, &source, span));
    }
    let engine = loader.engine.seeing(OF_STEPS);
    let mut loader = loader.with(&engine);
    tables.into_iter().take(STEPS_MAX).filter_map(|table| loader.step(table)).collect()
}

impl Loader<'_> {
    fn step(&mut self, mut table: Table) -> Option<Step> {
        let source = Arc::clone(table.source());
        let register = table.text("register", self.sink);
        if let Some(name) = register.as_ref().filter(|name| !is_name(&name.value)) {
            let message = format!("`{}` is no name: letters, digits and `_`", name.value);
            self.sink.push(Diagnostic::error(BAD_NAME, message, &source, name.span.clone()));
        }
        let when = self.expression(&mut table, "when");
        let for_each = self.expression(&mut table, "for_each");
        let words = [("stop", false), ("continue", true)];
        let goes_on = table.choice("on_failure", &words, self.sink);
        let what = if table.key_span("set").is_some() {
            self.set(&mut table).map(Work::Set)
        } else {
            self.act(&mut table).map(|act| Work::Act(Box::new(act)))
        };
        table.finish(self.sink);
        Some(Step {
            register: register.map(|name| name.value),
            when,
            for_each,
            goes_on: goes_on.is_some_and(|word| word.value),
            what: what?,
        })
    }

    fn act(&mut self, table: &mut Table) -> Option<Act> {
        let source = Arc::clone(table.source());
        let on = self.template(table, "on");
        let login = table.table("login", self.sink).map(|table| self.login(table));
        let what = action::load(table, self);
        let approve = self.approve(table, what.as_ref());
        let what = what?;
        let fixed = on.as_ref().filter(|on| !on.value.contains("{{") && !on.value.contains("{%"));
        let unknown = |on: &&Spanned<String>| self.inventory.locate(&on.value, None).is_none();
        if let Some(on) = fixed.filter(unknown).filter(|_| self.inventory.whole) {
            let message = format!("unknown node `{}`", on.value);
            self.sink.push(
                Diagnostic::error(NO_NODE, message, &source, on.span.clone())
                    .did_you_mean(&on.value, self.inventory.names()),
            );
        }
        if let Some(on) = on.as_ref().filter(|_| !what.is_on_device()) {
            let message = "`on` and `login` are for what is done on a device";
            self.sink.push(Diagnostic::error(NO_ACTION, message, &source, on.span.clone()));
        }
        Some(Act { on: on.map(|on| on.value), login, what, approve })
    }

    fn login(&mut self, mut table: Table) -> LoginTexts {
        let engine = self.engine.seeing(OF_LOGINS);
        let mut loader = self.with(&engine);
        let mut text = |key| loader.template(&mut table, key).map(|text| text.value);
        let texts = LoginTexts {
            port: text("port"),
            username: text("username"),
            password: text("password"),
            enable: text("enable"),
        };
        table.finish(self.sink);
        texts
    }

    fn set(&mut self, table: &mut Table) -> Option<Vec<(String, Json)>> {
        let source = Arc::clone(table.source());
        let entries = table.table("set", self.sink)?.into_entries();
        let mut values = Vec::new();
        for (name, value) in entries {
            if !is_name(&name.value) || values.len() == SET_MAX {
                let message = format!("`set` has up to {SET_MAX} names of letters, digits and `_`");
                self.sink.push(Diagnostic::error(BAD_NAME, message, &source, name.span));
                continue;
            }
            if let Some(value) = self.data(value, &source) {
                values.push((name.value, value));
            }
        }
        Some(values)
    }

    /// A text in which any value may stand.
    pub(crate) fn template(
        &mut self,
        table: &mut Table,
        key: &'static str,
    ) -> Option<Spanned<String>> {
        let source = Arc::clone(table.source());
        let text = table.text(key, self.sink)?;
        let checked = self.engine.check_values(&text.value);
        self.report(BAD_COMMAND, checked, &text, &source);
        Some(text)
    }

    /// An expression over the values that may be used here.
    pub(crate) fn expression(&mut self, table: &mut Table, key: &'static str) -> Option<String> {
        let source = Arc::clone(table.source());
        let text = table.text(key, self.sink)?;
        let checked = self.engine.check_condition(&text.value);
        self.report(BAD_CONDITION, checked, &text, &source);
        Some(text.value)
    }
}

fn is_name(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let whole = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    starts && whole && text.len() <= NAME_BYTES_MAX
}
