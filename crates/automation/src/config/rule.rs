//! `[[rules]]`: a condition, and the actions that follow when it is true.
//!
//! Called by `Config::load`. Which actions there are is the registry of [`crate::action`].

use std::ops::Range;
use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};

use super::step::{self, Step, Work};
use super::{Mode, policy};
use crate::action;
use crate::gate::Policy;
use crate::inventory::Inventory;
use crate::record::Approve;
use crate::template::{Engine, Mistake};
use crate::upstream::Upstreams;

/// Two rules have one name.
const NAME_TWICE: &str = "RULE001";
/// A condition that cannot be evaluated.
pub(crate) const BAD_CONDITION: &str = "RULE002";
/// A command that cannot be sent.
pub(crate) const BAD_COMMAND: &str = "RULE003";
/// `on` names no node.
pub(super) const NO_NODE: &str = "RULE004";
/// A rule without action, or an action without anything to do.
pub(crate) const NO_ACTION: &str = "RULE005";
/// `approve` on an action that changes nothing.
const NO_APPROVAL: &str = "RULE007";
/// More of something than a rule can have.
const TOO_MANY: &str = "RULE006";

/// How many actions one rule can have.
const ACTIONS_MAX: usize = 16;
/// How many rules one file can have.
const RULES_MAX: usize = 1_000;

/// One rule.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// Its name, which verdicts and jobs carry.
    pub(crate) name: String,
    /// Jinja expressions over `event`: an event matches that meets one of them.
    pub(crate) conditions: Vec<String>,
    /// When it fires of the events that match.
    pub(crate) policy: Policy,
    /// Whether its actions are run.
    pub(crate) mode: Mode,
    /// What follows, each by itself.
    pub(crate) actions: Vec<ActionTemplate>,
    /// What follows, one after the other.
    pub(crate) steps: Arc<[Step]>,
}

/// One action of a rule, values not filled in.
#[derive(Clone, Debug)]
pub(crate) struct ActionTemplate {
    /// The node; `None` is the event's device.
    pub(crate) on: Option<String>,
    /// What to do there.
    pub(crate) what: action::Template,
    /// Whether somebody must approve it first.
    pub(crate) approve: Approve,
}

impl Rule {
    /// The steps of a source, if it has some.
    pub(super) fn of_source(name: &str, steps: Vec<Step>) -> Option<Rule> {
        let (conditions, policy, mode) = (Vec::new(), Policy::default(), Mode::Act);
        let name = name.to_owned();
        let (actions, steps) = (Vec::new(), steps.into());
        let rule = Rule { name, conditions, policy, mode, actions, steps };
        (!rule.steps.is_empty()).then_some(rule)
    }

    /// Whether a step of it logs in as its request says.
    pub(crate) fn reads_logins(&self) -> bool {
        self.steps.iter().any(|step| match &step.what {
            Work::Act(act) => act.login.is_some(),
            Work::Set(_) => false,
        })
    }
}

/// What loading a rule needs.
pub(crate) struct Loader<'a> {
    pub(crate) inventory: &'a Inventory,
    pub(crate) upstreams: &'a Upstreams,
    pub(crate) engine: &'a Engine,
    pub(crate) sink: &'a mut Vec<Diagnostic>,
}

pub(super) fn load(
    tables: Vec<Table>,
    inventory: &Inventory,
    upstreams: &Upstreams,
    engine: &Engine,
    sink: &mut Vec<Diagnostic>,
) -> Vec<Rule> {
    let mut loader = Loader { inventory, upstreams, engine, sink };
    let mut rules: Vec<Rule> = Vec::new();
    for table in tables {
        let source = Arc::clone(table.source());
        let span = table.span();
        let Some((rule, name)) = loader.rule(table) else { continue };
        if rules.iter().any(|known| known.name == rule.name) {
            let message = format!("two rules are called `{}`", rule.name);
            loader.sink.push(Diagnostic::error(NAME_TWICE, message, &source, name));
        }
        if rules.len() == RULES_MAX {
            let message = format!("more than {RULES_MAX} rules");
            loader.sink.push(Diagnostic::error(TOO_MANY, message, &source, span));
            break;
        }
        rules.push(rule);
    }
    rules
}

impl<'a> Loader<'a> {
    /// The same for texts that may use other names.
    pub(super) fn with<'b>(&'b mut self, engine: &'b Engine) -> Loader<'b>
    where
        'a: 'b,
    {
        let Loader { inventory, upstreams, .. } = *self;
        Loader { inventory, upstreams, engine, sink: &mut *self.sink }
    }

    fn rule(&mut self, mut table: Table) -> Option<(Rule, Range<usize>)> {
        let source = Arc::clone(table.source());
        let span = table.span();
        table.require("name", self.sink);
        let name = table.text("name", self.sink);
        let when = policy::load(&mut table, self);
        let mode = table.choice("mode", &Mode::WORDS, self.sink);
        let actions = table.tables("actions", self.sink);
        let steps = step::load(&mut table, self);
        table.finish(self.sink);
        if actions.is_empty() == steps.is_empty() || actions.len() > ACTIONS_MAX {
            let message = format!(
                "a rule has 1 to {ACTIONS_MAX} `[[rules.actions]]`, each by itself, or \
                 `[[rules.steps]]`, one after the other"
            );
            self.sink.push(Diagnostic::error(NO_ACTION, message, &source, span));
        }
        let actions = actions.into_iter().filter_map(|table| self.action(table)).collect();
        let (name, when) = (name?, when?);
        let mode = mode.map(|mode| mode.value).unwrap_or_default();
        let policy::Conditions { conditions, policy } = when;
        let name_span = name.span;
        let steps = steps.into();
        let rule = Rule { name: name.value, conditions, policy, mode, actions, steps };
        Some((rule, name_span))
    }

    fn action(&mut self, mut table: Table) -> Option<ActionTemplate> {
        let source = Arc::clone(table.source());
        let on = table.text("on", self.sink);
        let what = action::load(&mut table, self);
        let approve = self.approve(&mut table, what.as_ref());
        table.finish(self.sink);
        let unknown = |node: &&Spanned<String>| self.inventory.device(&node.value).is_none();
        if let Some(node) = on.as_ref().filter(unknown).filter(|_| self.inventory.whole) {
            let message = format!("unknown node `{}`", node.value);
            self.sink.push(
                Diagnostic::error(NO_NODE, message, &source, node.span.clone())
                    .did_you_mean(&node.value, self.inventory.names()),
            );
        }
        Some(ActionTemplate { on: on.map(|node| node.value), what: what?, approve })
    }

    /// `approve = "auto"`; what changes a device asks unless it says so.
    pub(super) fn approve(
        &mut self,
        table: &mut Table,
        what: Option<&action::Template>,
    ) -> Approve {
        let source = Arc::clone(table.source());
        let span = table.key_span("approve").unwrap_or_default();
        let approve = table.choice("approve", &Approve::WORDS, self.sink);
        let changes = what.is_none_or(action::Template::changes);
        if approve.is_some() && !changes {
            let message = "`approve` is for actions that change a device";
            let help = "remove it: what only reads does not wait";
            self.sink.push(Diagnostic::error(NO_APPROVAL, message, &source, span).help(help));
        }
        let default = if changes { Approve::Ask } else { Approve::Auto };
        approve.map_or(default, |approve| approve.value)
    }

    /// Reports what is wrong with a text, at its place in the file as exactly as it is known.
    pub(crate) fn report(
        &mut self,
        code: &'static str,
        checked: Result<(), Mistake>,
        text: &Spanned<String>,
        source: &Arc<Source>,
    ) {
        let Err(mistake) = checked else { return };
        let span = place(source, text, mistake.range);
        let mut diagnostic = Diagnostic::error(code, mistake.message, source, span);
        diagnostic.help = mistake.help;
        self.sink.push(diagnostic);
    }
}

/// Where bytes `range` of a string's value stand in its file: known when the string was written
/// without escapes, else the whole string.
fn place(source: &Source, text: &Spanned<String>, range: Option<Range<usize>>) -> Range<usize> {
    let written = source.text.get(text.span.clone()).unwrap_or_default();
    let is_long = [r#"""""#, "'''"].iter().any(|quotes| written.starts_with(quotes));
    let quotes = if written.len() >= 6 && is_long { 3 } else { 1 };
    let inner = written.get(quotes..written.len().saturating_sub(quotes)).unwrap_or_default();
    // TOML takes a newline right behind three quotes away.
    let cut = ["\r\n", "\n"].iter().find(|newline| quotes == 3 && inner.starts_with(**newline));
    let cut = cut.map_or(0, |newline| newline.len());
    match range {
        Some(range) if inner[cut..] == text.value => {
            let start = text.span.start + quotes + cut;
            start + range.start..start + range.end
        }
        Some(_) | None => text.span.clone(),
    }
}
