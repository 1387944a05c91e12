//! What can be done to a node: one file per verb, and one line here.
//!
//! A verb is the key of a scenario's step and the word of `simulator inject` alike, from one
//! declaration. Used by the scenario loader and by the programs; a step never does anything that
//! the node's own console could not do.

mod no_shutdown;
mod shutdown;

use std::fmt;
use std::sync::Arc;

use crate::Lab;

/// Every verb, in the order in which help lists them.
pub(crate) const VERBS: &[&Verb] = &[&shutdown::VERB, &no_shutdown::VERB];

/// One thing that can be done to an interface of a node.
#[derive(Debug)]
pub(crate) struct Verb {
    /// The key in a scenario, the word in `inject`.
    pub(crate) word: &'static str,
    /// What it does, for help and for `docs/scenarios.md`.
    pub(crate) help: &'static str,
    /// The lines that somebody at the console would type in configuration mode; the argument is
    /// the long name of an interface that the node has.
    pub(crate) lines: fn(&str) -> Vec<String>,
}

/// One verb for one interface of one node of a lab.
#[derive(Clone, Debug)]
pub struct Step {
    node: Arc<str>,
    verb: &'static Verb,
    interface: String,
}

/// Why words or keys are no step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StepError {
    UnknownNode(String),
    RealNode(String),
    UnknownInterface { node: Arc<str>, name: String },
}

impl Step {
    /// Reads the words of `inject NODE STEP...`; the error is for the person who typed them.
    pub fn from_words(node: &str, words: &[String], lab: &Lab) -> Result<Step, String> {
        let usage = || {
            let forms =
                VERBS.iter().map(|verb| format!("`{} INTERFACE`: {}", verb.word, verb.help));
            format!("expected {}", forms.collect::<Vec<_>>().join("; "))
        };
        let (word, name) = words.split_first().ok_or_else(usage)?;
        let Some(verb) = VERBS.iter().find(|verb| verb.word == word) else {
            let near = diagnostic::nearest(word, VERBS.iter().map(|verb| verb.word));
            let hint = near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
            return Err(format!("unknown step `{word}`{hint}; {}", usage()));
        };
        if name.is_empty() {
            return Err(format!("`{word}` needs an interface"));
        }
        // `Gi 1` is one interface for a router, too.
        Step::new(node, verb, &name.join(" "), lab).map_err(|error| error.explain(lab))
    }

    pub(crate) fn new(
        node: &str,
        verb: &'static Verb,
        interface: &str,
        lab: &Lab,
    ) -> Result<Step, StepError> {
        let Some(id) = lab.node(node) else {
            let name = node.to_owned();
            return Err(match lab.is_real(node) {
                true => StepError::RealNode(name),
                false => StepError::UnknownNode(name),
            });
        };
        let node = Arc::clone(lab.name(id));
        match lab.interface(id, interface) {
            Some(interface) => Ok(Step { node, verb, interface }),
            None => Err(StepError::UnknownInterface { node, name: interface.to_owned() }),
        }
    }

    /// The node that it is done to.
    pub fn node(&self) -> &Arc<str> {
        &self.node
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        (self.verb.lines)(&self.interface)
    }
}

impl StepError {
    /// What is wrong, and what there is instead.
    pub(crate) fn explain(&self, lab: &Lab) -> String {
        let (what, label) = self.message(lab);
        match self.near(lab) {
            Some(near) => format!("{what}: {label}; did you mean `{near}`?"),
            None => format!("{what}: {label}"),
        }
    }

    /// A message and what stands beside the carets.
    pub(crate) fn message(&self, lab: &Lab) -> (String, String) {
        match self {
            StepError::UnknownNode(name) => {
                let nodes: Vec<&str> = lab.nodes().map(|node| node.name.as_ref()).collect();
                let nodes = if nodes.is_empty() { "no nodes".into() } else { nodes.join(", ") };
                (format!("unknown node `{name}`"), format!("the lab has {nodes}"))
            }
            StepError::RealNode(name) => {
                (format!("`{name}` is real"), "a step is done to a virtual node".to_owned())
            }
            StepError::UnknownInterface { node, name } => {
                let names = lab.interfaces_of(node);
                let label = format!("`{node}` has {}", crate::link::summary(&names));
                (format!("unknown interface `{name}` on node `{node}`"), label)
            }
        }
    }

    /// What was probably meant.
    pub(crate) fn near(&self, lab: &Lab) -> Option<String> {
        match self {
            StepError::UnknownNode(name) => {
                let nodes = lab.nodes().map(|node| node.name.as_ref());
                diagnostic::nearest(name, nodes).map(str::to_owned)
            }
            StepError::RealNode(_) => None,
            StepError::UnknownInterface { node, name } => {
                let names = lab.interfaces_of(node);
                crate::link::nearest_interface(name, &names)
            }
        }
    }
}

/// The words of the step: `shutdown GigabitEthernet1`.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb.word, self.interface)
    }
}
