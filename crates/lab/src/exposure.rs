//! Whether strangers could log in: virtual nodes beyond loopback with the shipped credentials.
//!
//! Asked by whoever is about to open the nodes' ports, and by `simulator check`; a virtual run
//! opens none. The routers themselves are asked, so it does not matter how a password came to be
//! there: as a literal, from the environment, from a file, from a line of a startup-config, or as
//! its hash.

use std::ops::Range;
use std::sync::Arc;

use diagnostic::{Diagnostic, Source};
use topology::{Node, Topology};

use crate::Lab;

/// The user and the password of every shipped file.
const SHIPPED: &str = "admin";

/// What is wrong.
const EXPOSED: &str = "TOP021";

/// What to do about it.
const HELP_LOGIN: &str = "give it a `password` of its own, in the topology (`env:NAME`, \
    `file:PATH`) or by the `username` line of its startup-config; or bind it to 127.0.0.1";
const HELP_ENABLE: &str = "change the `enable` line of its startup-config, or bind it to 127.0.0.1";

impl Lab {
    /// One error for each credential that everybody knows, of each node that others can reach.
    pub fn exposed(&self, topology: &Topology) -> Vec<Diagnostic> {
        topology.virtual_nodes().flat_map(|node| self.exposed_node(topology, node)).collect()
    }

    fn exposed_node(&self, topology: &Topology, node: &Node) -> Vec<Diagnostic> {
        let Some(((service, address, at), id)) = node.exposed().zip(self.node(&node.name)) else {
            return Vec::new();
        };
        let router = self.router(id);
        let place = Place { topology, node, startup: router.config.startup.as_deref(), at };
        let error = |message: String, words: &[&str], help: &str| {
            let (source, span) = place.of(words);
            Diagnostic::error(EXPOSED, message, &source, span)
                .label(format!("{service} on {address} is reached from other machines"))
                .help(help)
        };
        let name = &node.name;
        let login = router.device.admits(SHIPPED, SHIPPED).then(|| {
            let message = format!("node `{name}` lets `admin` in with the password `admin`");
            error(message, &["username", SHIPPED], HELP_LOGIN)
        });
        let enable = router.device.enables(SHIPPED).then(|| {
            let message = format!("the enable secret of node `{name}` is `admin`");
            error(message, &["enable"], HELP_ENABLE)
        });
        login.into_iter().chain(enable).collect()
    }
}

/// Where a credential of a node can stand.
struct Place<'a> {
    topology: &'a Topology,
    node: &'a Node,
    startup: Option<&'a str>,
    /// Where the address stands by which others reach it.
    at: &'a Range<usize>,
}

impl Place<'_> {
    /// The line of the startup-config that begins with these words, which wins over the topology;
    /// else the node's address in the topology.
    fn of(&self, words: &[&str]) -> (Arc<Source>, Range<usize>) {
        let begins = |line: &str| {
            let mut said = line.split_whitespace();
            words.iter().all(|word| said.next() == Some(*word))
        };
        // What the router read is what must be shown: variables may have moved the columns.
        let file = self.node.startup.as_ref().zip(self.startup);
        if let Some((file, text)) = file
            && let Some(number) = text.lines().position(begins)
        {
            let read = Source::new(file.name.as_str(), text);
            let line = read.line_span(number + 1);
            let blanks = read.text[line.clone()].len() - read.text[line.clone()].trim_start().len();
            return (read, line.start + blanks..line.end);
        }
        (Arc::clone(&self.topology.source), self.at.clone())
    }
}
