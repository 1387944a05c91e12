//! The router that an applet is tried on: a fresh one with a neighbour at each port, or one of a
//! topology. The file's lines stand at the end of its startup-config.

use std::path::Path;
use std::sync::Arc;

use diagnostic::{Diagnostic, Source, Spanned, has_errors};
use host::{ExpectedError, files, message};
use lab::{Lab, LabOptions, NodeId};
use topology::{Dialect, NoFiles, NodeKind, Topology, Url};

use crate::args::DialectArg;

/// The fresh router is `R1`.
const FRESH: &str = r#"
[lab]
name = "fresh"
[vars]
webhook-server = "127.0.0.1:8000"
[defaults.node]
kind = "virtual"
username = "admin"
password = "admin"
[nodes.R1]
[nodes.R2]
[[links]]
endpoints = ["R1:GigabitEthernet1", "R2:GigabitEthernet1"]
[[links]]
endpoints = ["R1:GigabitEthernet2", "R2:GigabitEthernet2"]
[[links]]
endpoints = ["R1:GigabitEthernet3", "R2:GigabitEthernet3"]
[[links]]
endpoints = ["R1:GigabitEthernet4", "R2:GigabitEthernet4"]
"#;

/// A router, and what it was made from.
pub(super) struct Router {
    /// The lab that it is in.
    pub(super) lab: Lab,
    /// Which node it is.
    pub(super) node: NodeId,
    /// `R1, fresh` or `R1 of topology.toml`.
    pub(super) describe: String,
    /// Who can log in.
    pub(super) user: Option<(String, String)>,
    /// The seed of the run.
    pub(super) seed: u64,
    /// What is doubtful, and what is wrong.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A topology and the node of it that is meant.
pub(super) struct Place {
    topology: Topology,
    name: String,
    describe: String,
    warnings: Vec<Diagnostic>,
}

impl Place {
    /// A router of its own.
    pub(super) fn fresh(dialect: DialectArg) -> Place {
        Place::fresh_of(dialect, None)
    }

    /// The same, of a platform.
    pub(super) fn fresh_of(dialect: DialectArg, platform: Option<Spanned<String>>) -> Place {
        let source = Source::new("<fresh>", FRESH);
        let mut topology = Topology::recover(&source, &mut NoFiles, &mut Vec::new());
        for (index, (name, node)) in topology.nodes.iter_mut().enumerate() {
            node.dialect = dialect.into();
            node.startup = Some(Source::new(name.as_str(), basis(index + 1)));
        }
        topology.nodes["R1"].platform = platform;
        let (name, describe) = ("R1".to_owned(), "R1, fresh".to_owned());
        Place { topology, name, describe, warnings: Vec::new() }
    }

    /// `topology.toml:R1`
    pub(super) fn named(place: &str) -> Result<Place, ExpectedError> {
        let split =
            place.rsplit_once(':').filter(|(path, name)| !path.is_empty() && !name.is_empty());
        let (path, name) =
            split.ok_or_else(|| ExpectedError::usage(format!("`{place}` is no TOPOLOGY:NODE")))?;
        Place::of(Path::new(path), name)
    }

    /// A node of a topology file.
    pub(super) fn of(path: &Path, name: &str) -> Result<Place, ExpectedError> {
        let (topology, warnings) = read_topology(path)?;
        match topology.nodes.get(name) {
            Some(node) if node.kind == NodeKind::Virtual => {}
            Some(_) => {
                let message = format!("node `{name}` is real; applets are tried on virtual ones");
                return Err(ExpectedError::usage(message));
            }
            None => return Err(unknown(path, name, &topology)),
        }
        let describe = format!("{name} of {}", path.display());
        Ok(Place { topology, name: name.to_owned(), describe, warnings })
    }

    /// What its applets may say.
    pub(super) fn dialect(&self) -> eem::Dialect {
        match self.topology.nodes[&self.name].dialect {
            Dialect::IosXe => eem::Dialect::Ios,
            Dialect::Course => eem::Dialect::Course,
        }
    }

    /// The router with the lines of `file`, booted. `extra` are lines before them.
    pub(super) fn boot(
        self,
        file: &Arc<Source>,
        extra: &str,
        seed: Option<u64>,
    ) -> Result<Router, ExpectedError> {
        let Place { mut topology, name, describe, warnings } = self;
        topology.allow.extend(urls(&file.text));
        let node = &mut topology.nodes[&name];
        let base =
            node.startup.as_ref().map(|startup| without_end(&startup.text)).unwrap_or_default();
        let head = format!("{base}\n{extra}");
        node.startup = Some(Source::new(file.name.as_str(), format!("{head}{}", file.text)));
        let login = (node.username.expose().ok(), node.password.expose().ok());
        let user = login.0.zip(login.1).map(|(user, word)| (user.to_owned(), word.to_owned()));
        let seed = seed.unwrap_or(topology.seed);
        let mut sink = Vec::new();
        let lab = Lab::new(&topology, LabOptions::virtual_time(seed), &mut sink);
        let diagnostics: Vec<Diagnostic> =
            warnings.into_iter().chain(sink.into_iter().map(|told| moved(told, file))).collect();
        let Some(mut lab) = lab.filter(|_| !has_errors(&diagnostics)) else {
            return Err(ExpectedError::InvalidFile(diagnostics));
        };
        let node = lab
            .node(&name)
            .ok_or_else(|| ExpectedError::usage(format!("`{name}` is no virtual node")))?;
        lab.trace_applets(node);
        Ok(Router { lab, node, describe, user, seed, diagnostics })
    }
}

/// A topology file; what is doubtful in it is printed.
pub(super) fn topology(path: &Path) -> Result<Topology, ExpectedError> {
    let (topology, warnings) = read_topology(path)?;
    message::diagnostics(&warnings);
    Ok(topology)
}

fn read_topology(path: &Path) -> Result<(Topology, Vec<Diagnostic>), ExpectedError> {
    let mut found = files::open(path).map_err(ExpectedError::file)?;
    let mut sink = Vec::new();
    match Topology::load(&found.source, &mut found.files, &mut sink) {
        Some(topology) => Ok((topology, sink)),
        None => Err(ExpectedError::InvalidFile(sink)),
    }
}

/// A node that a topology has not.
pub(super) fn unknown(path: &Path, name: &str, topology: &Topology) -> ExpectedError {
    let error = ExpectedError::usage(format!("`{}` has no node `{name}`", path.display()));
    match diagnostic::nearest(name, topology.nodes.keys().map(String::as_str)) {
        Some(near) => error.with_hint(format!("did you mean `{near}`?")),
        None => error,
    }
}

/// The startup-config of the fresh router and of its neighbour: `index` is 1 or 2.
fn basis(index: usize) -> String {
    let ports = (1..=4).map(|port| {
        let address = format!("10.0.{port}.{index} 255.255.255.0");
        format!("interface GigabitEthernet{port}\n ip address {address}\n no shutdown\n")
    });
    let ports: String = ports.collect();
    format!(
        "service timestamps debug datetime msec\nservice timestamps log datetime msec\n\
         interface Loopback0\n ip address 192.0.2.{index} 255.255.255.255\n{ports}\
         line vty 0 4\n login local\n transport input ssh\n"
    )
}

/// A configuration to which more can be added.
fn without_end(text: &str) -> String {
    let lines = text.lines().take_while(|line| line.trim_end() != "end");
    lines.map(|line| format!("{line}\n")).collect()
}

/// A diagnostic of the whole startup-config, at its place in the file.
fn moved(told: Diagnostic, file: &Arc<Source>) -> Diagnostic {
    // Variables may have moved what stands before the file's lines, so count from the end.
    let before = told.source.text.len().saturating_sub(file.text.len());
    if !told.source.text.ends_with(&file.text) || told.span.start < before {
        return told;
    }
    let span = told.span.start - before..told.span.end - before;
    Diagnostic { source: Arc::clone(file), span, ..told }
}

/// The servers that a text names: nothing leaves a virtual run, so all of them may be sent to.
fn urls(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for start in ["http://", "https://"] {
        for (at, _) in text.match_indices(start) {
            let rest = &text[at + start.len()..];
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !".-:[]_".contains(c));
            let url = format!("{start}{}/", &rest[..end.unwrap_or(rest.len())]);
            found.extend(url.parse::<Url>().is_ok().then_some(url));
        }
    }
    found
}
