//! `ednm eem graph PATH...`: which applet starts which, for Mermaid or Graphviz.

use std::fmt::Write as _;

use host::{ExpectedError, message};
use lint::graph::{Edge, Graph};

use super::check::sources;
use crate::args::{EemGraphArgs, GraphFormat};

/// Runs the verb. Applets of several files are drawn as those of one router.
pub(super) fn run(args: &EemGraphArgs) -> Result<(), ExpectedError> {
    let dialect = args.dialect.of_eem();
    let texts: Vec<String> =
        sources(&args.paths)?.into_iter().map(|(_, source)| source.text.clone()).collect();
    let graph = Graph::of(&texts.join("\n"), dialect);
    message::data(
        match args.format {
            GraphFormat::Mermaid => mermaid(&graph),
            GraphFormat::Dot => dot(&graph),
        }
        .trim_end(),
    )?;
    for cycle in graph.loops() {
        message::warning(&format!("a loop: {}", cycle.join(" -> ")));
    }
    Ok(())
}

fn mermaid(graph: &Graph) -> String {
    let mut text = String::from("flowchart LR\n");
    for (at, applet) in graph.applets.iter().enumerate() {
        let _ = writeln!(text, "  a{at}[\"{}<br/>{}\"]", plain(&applet.name), plain(&applet.event));
    }
    for Edge { from, to, by, in_loop, .. } in &graph.edges {
        let arrow = if *in_loop { "==>" } else { "-->" };
        let _ = writeln!(text, "  a{from} {arrow}|\"{}\"| a{to}", plain(by));
    }
    let looping = graph.edges.iter().enumerate().filter(|(_, edge)| edge.in_loop);
    for (at, _) in looping {
        let _ = writeln!(text, "  linkStyle {at} stroke:red");
    }
    text
}

fn dot(graph: &Graph) -> String {
    let mut text = String::from("digraph applets {\n  rankdir=LR;\n  node [shape=box];\n");
    for (at, applet) in graph.applets.iter().enumerate() {
        let label = format!("{}\\n{}", quoted(&applet.name), quoted(&applet.event));
        let _ = writeln!(text, "  a{at} [label=\"{label}\"];");
    }
    for Edge { from, to, by, in_loop, .. } in &graph.edges {
        let colour = if *in_loop { ", color=red" } else { "" };
        let _ = writeln!(text, "  a{from} -> a{to} [label=\"{}\"{colour}];", quoted(by));
    }
    text + "}\n"
}

/// As Mermaid takes it between quotation marks.
fn plain(text: &str) -> String {
    let text = diagnostic::text::printable(text);
    text.replace('&', "#amp;").replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;")
}

/// As Graphviz takes it between quotation marks.
fn quoted(text: &str) -> String {
    diagnostic::text::printable(text).replace('\\', "\\\\").replace('"', "\\\"")
}
