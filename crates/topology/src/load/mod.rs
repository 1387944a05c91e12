//! From a file's text to a [`Topology`], with a diagnostic for every mistake.
//!
//! Codes are `TOPnnn`, listed in `docs/diagnostics.md`; those of TOML itself are `TOMLnnn`.

mod check;
mod files;
mod links;
mod node;
mod startup;
mod syslog;

use std::ops::Range;
use std::sync::Arc;

use diagnostic::table::{self, Shape, Table};
use diagnostic::{Diagnostic, Source, has_errors, mask};
use indexmap::IndexMap;

use crate::{NodeKind, Scheme, SyslogTls, Topology, Url};

/// What a topology needs of the world outside its own text.
///
/// Paths are given as the file has them, relative to it; the implementor knows its directory.
pub trait Files {
    /// The text of a file, or why there is none.
    fn read(&mut self, path: &str) -> Result<String, String>;
    /// The value of an environment variable.
    fn env(&mut self, name: &str) -> Option<String>;
}

/// Where everything in this folder reports, and what it reads with.
struct Loader<'a> {
    source: &'a Arc<Source>,
    files: &'a mut dyn Files,
    sink: &'a mut Vec<Diagnostic>,
    /// Where secrets stand in the file itself.
    literals: Vec<Range<usize>>,
    /// Whether every entry of `[nodes]` could be read: an unknown name is a mistake only then.
    all_nodes: bool,
    /// The same of `[vars]`.
    all_vars: bool,
}

/// No file, no variable: for those who load nothing that refers to any.
#[derive(Debug)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&mut self, _path: &str) -> Result<String, String> {
        Err("there are no files".to_owned())
    }

    fn env(&mut self, _name: &str) -> Option<String> {
        None
    }
}

impl Topology {
    /// Reads a topology or inventory file. `None` when it holds an error; `sink` says which.
    ///
    /// A file with a `[lab]` table is a lab: its nodes are virtual unless they say otherwise. One
    /// without is an inventory: its nodes are real unless they say otherwise.
    pub fn load(
        source: &Arc<Source>,
        files: &mut dyn Files,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Topology> {
        let before = sink.len();
        let topology = Topology::recover(source, files, sink);
        (!has_errors(&sink[before..])).then_some(topology)
    }

    /// Reads as much of the file as can be read, so that other files can be held against it: all
    /// mistakes of all files come in one go. What is not sure is not [`whole`](Topology::whole).
    pub fn recover(
        source: &Arc<Source>,
        files: &mut dyn Files,
        sink: &mut Vec<Diagnostic>,
    ) -> Topology {
        let Some(root) = table::parse(source, sink) else {
            return Topology { whole: false, ..Topology::empty(source) };
        };
        let before = sink.len();
        let mut loader = Loader::new(source, files, sink);
        let mut topology = loader.topology(root);
        // Whoever points into this file from now on shows none of its secrets.
        topology.source = mask(&mut loader.sink[before..], source, &loader.literals);
        topology
    }

    /// What the file can hold.
    pub fn shape() -> Shape {
        let (source, mut sink) = (Source::new("", ""), Vec::new());
        Shape::record(|root| {
            Loader::new(&source, &mut NoFiles, &mut sink).topology(root);
        })
    }

    /// A topology without nodes.
    pub fn empty(source: &Arc<Source>) -> Topology {
        Topology {
            source: Arc::clone(source),
            name: "lab".to_owned(),
            seed: 0,
            vars: IndexMap::new(),
            allow: Vec::new(),
            webhook_ca: None,
            webhook_scheme: Scheme::Http,
            syslog: SyslogTls::default(),
            nodes: IndexMap::new(),
            links: Vec::new(),
            whole: true,
        }
    }
}

impl<'a> Loader<'a> {
    fn new(
        source: &'a Arc<Source>,
        files: &'a mut dyn Files,
        sink: &'a mut Vec<Diagnostic>,
    ) -> Self {
        let literals = Vec::new();
        Loader { source, files, sink, literals, all_nodes: true, all_vars: true }
    }

    fn topology(&mut self, mut root: Table) -> Topology {
        let is_lab = root.key_span("lab").is_some();
        let kind = if is_lab { NodeKind::Virtual } else { NodeKind::Real };
        let lab = root.table("lab", self.sink);
        let (name, seed) = self.lab(lab);
        let vars = self.vars(&mut root);
        let (allow, webhook_ca) = self.webhook(&mut root);
        let syslog = self.syslog(&mut root);
        let nodes = self.nodes(&mut root, kind);
        let links = self.links(&mut root, &nodes);
        root.finish(self.sink);
        self.check_startups(&nodes, &vars);
        self.check_addresses(&nodes);
        self.check_aliases(&nodes);
        let plain = |(name, read): (String, node::ReadNode)| (name, read.node);
        Topology {
            source: Arc::clone(self.source),
            name,
            seed,
            vars,
            allow,
            webhook_ca,
            webhook_scheme: Scheme::Http,
            syslog,
            nodes: nodes.into_iter().map(plain).collect(),
            links,
            whole: self.all_nodes,
        }
    }

    fn lab(&mut self, table: Option<Table>) -> (String, u64) {
        let Some(mut table) = table else {
            return ("lab".to_owned(), 0);
        };
        let name = table.text("name", self.sink);
        let seed = table.number("seed", self.sink);
        table.finish(self.sink);
        (
            name.map_or_else(|| "lab".to_owned(), |name| name.value),
            seed.map_or(0, |seed| seed.value),
        )
    }

    fn vars(&mut self, root: &mut Table) -> IndexMap<String, String> {
        let mut vars = IndexMap::new();
        let before = self.sink.len();
        let table = root.table("vars", self.sink);
        let entries = table.map(|table| table.into_texts(self.sink));
        self.all_vars = self.sink.len() == before;
        for (name, value) in entries.unwrap_or_default() {
            if !startup::is_var_name(&name.value) {
                let message = format!("`{}` cannot stand between `<` and `>`", name.value);
                let label = "expected lower-case letters, digits and hyphens";
                self.error("TOP014", message, name.span, label);
            } else if value.value.contains(char::is_control) {
                let message = format!("the value of `{}` is more than one line", name.value);
                self.error("TOP014", message, value.span, "holds a control character");
            }
            vars.insert(name.value, value.value);
        }
        vars
    }

    /// Where routers may send, and whom they believe there.
    fn webhook(&mut self, root: &mut Table) -> (Vec<String>, Option<String>) {
        let Some(mut table) = root.table("webhook", self.sink) else {
            return (Vec::new(), None);
        };
        let allow = table.texts("allow", self.sink).unwrap_or_default();
        let ca = self.certificates(&mut table, "ca");
        table.finish(self.sink);
        for prefix in &allow {
            self.check_url(prefix);
        }
        (allow.into_iter().map(|prefix| prefix.value).collect(), ca)
    }

    fn check_url(&mut self, url: &diagnostic::Spanned<String>) {
        if let Err(error) = url.value.parse::<Url>() {
            let message = format!("`{}` is no URL prefix", url.value);
            self.error("TOP013", message, url.span.clone(), &error.to_string());
        }
    }

    fn error(&mut self, code: &'static str, message: String, span: Range<usize>, label: &str) {
        self.sink.push(Diagnostic::error(code, message, self.source, span).label(label));
    }
}
