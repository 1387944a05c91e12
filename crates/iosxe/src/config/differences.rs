//! What differs between two configurations, as lines to show and as lines to type.
//!
//! Used by `show archive config differences` and `configure replace`. It reads the indentation of a
//! running-config, and knows no command.

use std::fmt::Write as _;

use yang::Line as Node;

/// Blocks in which deeper lines belong to the block itself.
const FLAT: &str = "event manager applet ";

/// The lines of a configuration that configure nothing.
const IDLE: [&str; 4] = ["version ", "Building configuration", "Current configuration", "Using "];

/// What differs, in the words of `show archive config differences`.
pub(crate) fn show(from: &str, to: &str) -> String {
    let mut text = String::from("\n!Contextual Config Diffs:\n");
    let empty = text.len();
    shown(&read(from), &read(to), 0, &mut text);
    if text.len() == empty {
        text.push_str("!No changes were found\n");
    }
    text
}

/// The lines of a file that are not in the running-config, in their blocks, as `show archive config
/// incremental-diffs` lists them: what `copy FILE running-config` would change.
pub(crate) fn incremental(running: &str, file: &str) -> String {
    let mut lines = String::new();
    added(&read(running), &read(file), 0, &mut lines);
    match lines.as_str() {
        "" => "!No changes were found\n".to_owned(),
        lines => format!("!List of Commands:\n{lines}end\n"),
    }
}

/// A negative line changes something when there is what it takes away.
fn added(running: &[Node], file: &[Node], depth: usize, out: &mut String) {
    for node in file {
        let here = find(running, &node.text);
        let taken = node.text.strip_prefix("no ").map(|positive| {
            running.iter().any(|other| {
                let rest = other.text.strip_prefix(positive);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            })
        });
        let mut below = String::new();
        added(here.map_or(&[], |here| &here.below), &node.below, depth + 1, &mut below);
        if !below.is_empty() || (here.is_none() && taken != Some(false)) {
            let _ = writeln!(out, "{:depth$}{}", "", node.text);
            out.push_str(&below);
        }
    }
}

/// The lines that make `to` of a router that has `from`: first what goes, then what comes.
pub(crate) fn script(from: &str, to: &str) -> Vec<String> {
    let (from, to) = (read(from), read(to));
    let mut lines = Vec::new();
    removals(&from, &to, &mut Vec::new(), &mut lines);
    additions(&from, &to, &mut Vec::new(), &mut lines);
    lines
}

/// Whether this is a whole configuration, as `configure replace` wants one.
pub(crate) fn is_whole(text: &str) -> bool {
    text.lines().any(|line| line.trim_end() == "end")
}

/// The lines of a configuration, each with its block.
pub(crate) fn read(text: &str) -> Vec<Node> {
    let mut root = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let bare = line.trim_start();
        let idle = IDLE.iter().any(|idle| line.starts_with(idle));
        if bare.is_empty() || bare.starts_with('!') || line == "end" || idle {
            continue;
        }
        let mut text = line.trim_end().to_owned();
        // A banner is one line of several.
        if let Some(delimiter) = banner_delimiter(line) {
            while !text_ends(&text, delimiter) {
                let Some(next) = lines.next() else { break };
                text.push('\n');
                text.push_str(next);
            }
        }
        place(&mut root, line.len() - bare.len(), text.trim_start().to_owned());
    }
    root
}

/// The characters that end a banner whose first line this is.
fn banner_delimiter(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("banner ")?.split_once(' ')?.1;
    if rest.starts_with("^C") { Some("^C") } else { rest.get(..1) }
}

/// Whether the delimiter stands at the end, behind the one at the beginning.
fn text_ends(text: &str, delimiter: &str) -> bool {
    text.trim_end().ends_with(delimiter) && text.matches(delimiter).count() >= 2
}

/// Puts a line below the last line that is indented less.
fn place(nodes: &mut Vec<Node>, depth: usize, text: String) {
    match nodes.last_mut() {
        Some(last) if depth > 0 => {
            let depth = if last.text.starts_with(FLAT) { 0 } else { depth - 1 };
            place(&mut last.below, depth, text);
        }
        Some(_) | None => nodes.push(Node { text, ..Node::default() }),
    }
}

fn find<'a>(nodes: &'a [Node], text: &str) -> Option<&'a Node> {
    nodes.iter().find(|node| node.text == text)
}

fn shown(from: &[Node], to: &[Node], depth: usize, out: &mut String) {
    for node in from {
        match find(to, &node.text) {
            None => signed('-', node, depth, out),
            Some(other) if other.below != node.below => {
                let _ = writeln!(out, "{:depth$}{}", "", node.text);
                shown(&node.below, &other.below, depth + 1, out);
            }
            Some(_) => {}
        }
    }
    for node in to.iter().filter(|node| find(from, &node.text).is_none()) {
        signed('+', node, depth, out);
    }
}

fn signed(sign: char, node: &Node, depth: usize, out: &mut String) {
    let _ = writeln!(out, "{:depth$}{sign}{}", "", node.text);
    for below in &node.below {
        signed(sign, below, depth + 1, out);
    }
}

fn removals(from: &[Node], to: &[Node], path: &mut Vec<String>, lines: &mut Vec<String>) {
    for node in from {
        match find(to, &node.text) {
            None => {
                lines.extend(path.iter().cloned());
                lines.push(undone(&node.text));
            }
            Some(other) if node.text.starts_with(FLAT) && other.below != node.below => {
                // Its lines depend on each other: it is made anew.
                lines.push(undone(&node.text));
            }
            Some(other) => {
                path.push(node.text.clone());
                removals(&node.below, &other.below, path, lines);
                path.pop();
            }
        }
    }
}

fn undone(text: &str) -> String {
    match text.strip_prefix("no ") {
        Some(positive) => positive.to_owned(),
        None => format!("no {}", text.lines().next().unwrap_or_default()),
    }
}

fn additions(from: &[Node], to: &[Node], path: &mut Vec<String>, lines: &mut Vec<String>) {
    for node in to {
        match find(from, &node.text) {
            Some(other) if node.text.starts_with(FLAT) => {
                if other.below != node.below {
                    whole(node, lines);
                }
            }
            Some(other) => {
                path.push(node.text.clone());
                additions(&other.below, &node.below, path, lines);
                path.pop();
            }
            None => {
                lines.extend(path.iter().cloned());
                whole(node, lines);
            }
        }
    }
}

fn whole(node: &Node, lines: &mut Vec<String>) {
    lines.extend(node.text.lines().map(str::to_owned));
    node.below.iter().for_each(|below| whole(below, lines));
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "!\nversion 17.12\nhostname R1\nbanner motd ^C\n hi\n^C\ninterface Gi1\n \
                       shutdown\n mtu 9000\n!\nevent manager applet A\n event none\n \
                       action 1 if 1 eq 1\n  action 2 puts \"x\"\nno ip http server\nend\n";
    const NEW: &str = "hostname R2\nbanner motd ^C\n hi\n^C\ninterface Gi1\n description x\n \
                       mtu 9000\nevent manager applet A\n event none\nip http server\nend\n";

    /// Goal: differences are shown block by block. Method: two configurations.
    #[test]
    fn differences_show() {
        let want = "\n!Contextual Config Diffs:\n-hostname R1\ninterface Gi1\n -shutdown\n \
                    +description x\nevent manager applet A\n -action 1 if 1 eq 1\n \
                    -action 2 puts \"x\"\n-no ip http server\n+hostname R2\n+ip http server\n";
        assert_eq!(show(OLD, NEW), want);
        assert!(show(OLD, OLD).ends_with("!No changes were found\n"));
    }

    /// Goal: a file that is a part tells what it would change. Method: lines that are there, that
    /// are not, and that take away.
    #[test]
    fn a_part_tells_what_it_changes() {
        let file =
            "hostname R1\ninterface Gi1\n no shutdown\n no keepalive\n mtu 9000\nno cdp run\n";
        assert_eq!(
            incremental(OLD, file),
            "!List of Commands:\ninterface Gi1\n no shutdown\nend\n"
        );
        assert_eq!(incremental(OLD, "hostname R1\n"), "!No changes were found\n");
    }

    /// Goal: what goes is undone, what comes is typed, in its block. Method: the same two.
    #[test]
    fn differences_type() {
        let want = [
            "no hostname R1",
            "interface Gi1",
            "no shutdown",
            "no event manager applet A",
            "ip http server",
            "hostname R2",
            "interface Gi1",
            "description x",
            "event manager applet A",
            "event none",
            "ip http server",
        ];
        assert_eq!(script(OLD, NEW), want);
    }
}
