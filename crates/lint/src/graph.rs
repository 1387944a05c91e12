//! Which applet of a text starts which: by a message, a counter, a tracked object, an event that it
//! publishes, or by name.
//!
//! Commands that an applet types start no `event cli` (docs/eem.md), so that none is drawn.

use std::sync::Arc;

use diagnostic::Source;
use eem::{ActionOutline, AppletOutline, Dialect};

use crate::config::{Config, applets_only};
use crate::context::{Context, command};
use crate::rule::starts;

/// The applets, and what leads from one to another.
#[derive(Debug, Default)]
pub struct Graph {
    /// The applets, in the order of the text.
    pub applets: Vec<Node>,
    /// Who starts whom.
    pub edges: Vec<Edge>,
}

/// One applet.
#[derive(Debug)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// The detectors of its events.
    pub event: String,
}

/// One applet starts another, or itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The place of who starts.
    pub from: usize,
    /// The place of who is started.
    pub to: usize,
    /// By what: `syslog`, `counter errors`.
    pub by: String,
    /// The label of the action that does.
    pub action: String,
    /// Whether a way leads back.
    pub in_loop: bool,
}

impl Graph {
    /// That of the applets of a text.
    pub fn of(text: &str, dialect: Dialect) -> Self {
        let source: Arc<Source> = Source::new("applets", text);
        let outline = eem::outline(&applets_only(text), dialect);
        let config = Config::of(text);
        let context = Context { source: &source, outline: &outline, config: &config, dialect };
        let node = |applet: &AppletOutline| {
            let events: Vec<&str> = applet.events.iter().map(|event| event.detector).collect();
            Node { name: applet.name.clone(), event: events.join(", ") }
        };
        let mut edges = Vec::new();
        for (from, one) in outline.applets.iter().enumerate() {
            for (to, other) in outline.applets.iter().enumerate() {
                let by_message = starts(&context, one, other)
                    .and_then(|(line, _)| one.actions.iter().find(|action| action.line == line));
                let found = by_message.map(|action| (action, "syslog".to_owned()));
                let ways =
                    one.actions.iter().filter_map(|action| Some((action, way(action, other)?)));
                for (action, by) in found.into_iter().chain(ways) {
                    let action = action.label.to_string();
                    edges.push(Edge { from, to, by, action, in_loop: false });
                }
            }
        }
        edges.dedup_by(|one, other| {
            (one.from, one.to, &one.by) == (other.from, other.to, &other.by)
        });
        let mut graph = Graph { applets: outline.applets.iter().map(node).collect(), edges };
        for at in 0..graph.edges.len() {
            let (from, to) = (graph.edges[at].from, graph.edges[at].to);
            graph.edges[at].in_loop = graph.way_back(to, from).is_some();
        }
        graph
    }

    /// Each way from an applet back to itself, by names, the first one again at its end. One for
    /// each edge that closes one, shortest first found.
    pub fn loops(&self) -> Vec<Vec<&str>> {
        let mut found: Vec<Vec<usize>> = Vec::new();
        for edge in self.edges.iter().filter(|edge| edge.in_loop) {
            let Some(mut way) = self.way_back(edge.to, edge.from) else { continue };
            let least = (0..way.len()).min_by_key(|at| way[*at]).unwrap_or_default();
            way.rotate_left(least);
            if !found.contains(&way) {
                found.push(way);
            }
        }
        let name = |at: usize| self.applets[at].name.as_str();
        let names = |way: &Vec<usize>| way.iter().chain(way.first()).map(|at| name(*at)).collect();
        found.iter().map(names).collect()
    }

    /// The shortest way from one applet to another, both included.
    fn way_back(&self, from: usize, to: usize) -> Option<Vec<usize>> {
        let mut before: Vec<Option<usize>> = vec![None; self.applets.len()];
        let mut seen = vec![false; self.applets.len()];
        let mut todo = std::collections::VecDeque::from([from]);
        seen[from] = true;
        while let Some(at) = todo.pop_front() {
            if at == to {
                let mut way: Vec<usize> =
                    std::iter::successors(Some(at), |at| before[*at]).collect();
                way.reverse();
                return Some(way);
            }
            for edge in self.edges.iter().filter(|edge| edge.from == at) {
                if !std::mem::replace(&mut seen[edge.to], true) {
                    before[edge.to] = Some(at);
                    todo.push_back(edge.to);
                }
            }
        }
        None
    }
}

/// By what an action starts an applet.
fn way(action: &ActionOutline, other: &AppletOutline) -> Option<String> {
    let word = |keyword: &str| {
        let at = action.words.iter().position(|word| word.text == keyword)?;
        action.words.get(at + 1).map(|word| word.text.as_str())
    };
    let event = |detector: &str, option: &str, value: &str| {
        let is_it = |event: &&eem::EventOutline| {
            event.detector == detector && event.option(option) == Some(value)
        };
        other.events.iter().any(|event| is_it(&event))
    };
    match action.keyword {
        "counter" => {
            let name = word("name")?;
            let changes = word("op") != Some("nop");
            (changes && event("counter", "name", name)).then(|| format!("counter {name}"))
        }
        "track" => {
            let number = word("set")?;
            let waits = |event: &eem::EventOutline| {
                event.detector == "track" && event.options.iter().any(|(key, _)| key == number)
            };
            other.events.iter().any(waits).then(|| format!("track {number}"))
        }
        "publish-event" => {
            let kind = word("type")?;
            event("application", "type", kind).then(|| format!("event {kind}"))
        }
        "policy" => {
            let name = action.words.get(3)?.text.as_str();
            (name == other.name).then(|| "policy".to_owned())
        }
        "cli" => {
            let mut words = command(action)?.split_whitespace();
            let runs = words.next() == Some("event")
                && words.next().is_some_and(|word| word.starts_with("man"))
                && words.next() == Some("run");
            (runs && words.next() == Some(other.name.as_str())).then(|| "run".to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: each way of starting is found, and loops are marked. Method: a text with all of them.
    #[test]
    fn applets_start_each_other() {
        let text = "event manager applet A\n event none\n action 1 syslog msg \"ping\"\n \
                    action 2 counter name c op inc value 1\n action 3 policy D\n\
                    event manager applet B\n event syslog pattern \"ping\"\n \
                    action 1 cli command \"event manager run A\"\n\
                    event manager applet C\n event counter name c entry-val 1 entry-op ge \
                              exit-val 0 \
                    exit-op eq\n action 1 track set 7 state up\n\
                    event manager applet D\n event track 7 state up\n action 1 exit\n";
        let graph = Graph::of(text, Dialect::Ios);
        let found: Vec<(usize, usize, &str, bool)> = graph
            .edges
            .iter()
            .map(|edge| (edge.from, edge.to, edge.by.as_str(), edge.in_loop))
            .collect();
        let want = [
            (0, 1, "syslog", true),
            (0, 2, "counter c", false),
            (0, 3, "policy", false),
            (1, 0, "run", true),
            (2, 3, "track 7", false),
        ];
        assert_eq!(found, want);
        assert_eq!(graph.loops(), [["A", "B", "A"]]);
    }
}
