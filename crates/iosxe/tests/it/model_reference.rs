//! `docs/yang.md` says what the tables say.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use expect_test::expect_file;
use yang::{Kind, Node, Type};

use crate::models::SCHEMA;

const HEAD: &str = "\
# Data models

What NETCONF and RESTCONF can read and change, made from the tables of `crates/iosxe/data/yang`: a
test compares this file with them, and `cargo xtask bless` writes it anew. Names, types and
namespaces are those of the published modules; of each there is what the command line has here.
`get-schema` gives every module's text.

- `rw` is configuration. Each node takes `merge`, `create`, `replace`, `delete` and `remove` by
  `edit-config`, and POST, PUT, PATCH and DELETE. `ro` is state, which is only read.
- `[x]` names the keys of a list, `!` a container that says something by being there, `*` a list of
  values. A node of another module has that module's prefix.
- The line is the configuration that a node stands for, and an edit is carried out by typing it:
  capitals are the values of leaves, `[...]` may be left out. A leaf without a line of its own is
  part of that of a node above.
";

/// Goal: the document is what the tables say. Method: made anew; `UPDATE_EXPECT=1`, which
/// `cargo xtask bless` sets, writes it.
#[test]
fn the_document_is_the_tables() {
    let mut text = HEAD.to_owned();
    let _ = write!(
        text,
        "\n## Modules\n\n| module | revision | prefix | features |\n|---|---|---|---|\n"
    );
    for module in SCHEMA.modules.iter().filter(|module| !module.is_import) {
        let features = module.features.join(", ");
        let (name, revision, prefix) = (&module.name, &module.revision, &module.prefix);
        let _ = writeln!(text, "| {name} | {revision} | {prefix} | {features} |");
    }
    for top in &SCHEMA.top {
        let module = &SCHEMA.module(top).name;
        let _ = write!(
            text,
            "\n## /{module}:{}\n\n| node | | type | line |\n|---|---|---|---|\n",
            top.name
        );
        let mut rows = Rows { text: &mut text, known: BTreeMap::new() };
        rows.below(top, "");
    }
    expect_file!["../../../../docs/yang.md"].assert_eq(&text);
}

struct Rows<'a> {
    text: &'a mut String,
    /// What stands below nodes that were told of, and where.
    known: BTreeMap<String, String>,
}

impl Rows<'_> {
    fn below(&mut self, node: &Node, path: &str) {
        for child in &node.children {
            self.node(node, child, path);
        }
    }

    fn node(&mut self, above: &Node, node: &Node, path: &str) {
        let front = match node.module == above.module {
            true => String::new(),
            false => format!("{}:", SCHEMA.module(node).prefix),
        };
        let path = format!("{path}/{front}{}{}", node.name, mark(node));
        // Alike, down to the last leaf, as something before: told of once.
        let others = node.children.iter().filter(|child| !node.is_key(child));
        let inner: String = others.map(shape).collect();
        let same = self.known.get(&inner).filter(|_| node.children.len() > 2).cloned();
        let is_plain = node.kind == Kind::Container && node.twin().is_none();
        if !is_plain || same.is_some() {
            let mut kind = node.leaf_type().map(type_of).unwrap_or_default();
            if let Some(other) = &same {
                kind = format!("as `{other}`");
            }
            if let Some(default) = &node.default {
                let _ = write!(kind, " = {default}");
            }
            let line = node.twin().filter(|line| !line.is_empty());
            let line = line.map(|line| format!("`{}`", line.replace('|', "\\|")));
            let access = if node.is_config { "rw" } else { "ro" };
            let (line, kind) = (line.unwrap_or_default(), kind.replace('|', "\\|"));
            let _ = writeln!(self.text, "| `{path}` | {access} | {kind} | {line} |");
        }
        if same.is_none() {
            self.known.insert(inner, path.clone());
            return self.below(node, &path);
        }
        for key in node.children.iter().filter(|child| node.is_key(child)) {
            self.node(node, key, &path);
        }
    }
}

fn mark(node: &Node) -> String {
    match &node.kind {
        Kind::List(keys) => format!("[{}]", keys.join(" ")),
        Kind::Presence => "!".to_owned(),
        Kind::LeafList(_) => "*".to_owned(),
        Kind::Container | Kind::Leaf(_) => String::new(),
    }
}

fn shape(node: &Node) -> String {
    let inner: String = node.children.iter().map(shape).collect();
    let kind = node.leaf_type().map(type_of).unwrap_or_default();
    format!("{}{} {kind} {:?} {{{inner}}}\n", node.name, mark(node), node.twin())
}

/// A type as the tables have it; long lists of words in short.
fn type_of(kind: &Type) -> String {
    let words = |all: &[String]| match all {
        [first, second, .., last] if all.len() > 8 => format!("{first}\\|{second}\\|...\\|{last}"),
        all => all.join("\\|"),
    };
    let text = match kind {
        Type::Text(text) if text.has_lines => "text".to_owned(),
        Type::Text(text) => {
            let length = text.length.as_ref().map(|l| format!(" {}..{}", l.start(), l.end()));
            let form = if text.pattern.is_some() { " of a form" } else { "" };
            format!("string{}{form}", length.unwrap_or_default())
        }
        Type::Boolean => "boolean".to_owned(),
        Type::Empty => "empty".to_owned(),
        Type::Unsigned(bits, all) => {
            let ranges = all.iter().map(|range| format!(" {}..{}", range.start(), range.end()));
            format!("uint{bits}{}", ranges.collect::<String>())
        }
        Type::Signed(bits, all) => {
            let ranges = all.iter().map(|range| format!(" {}..{}", range.start(), range.end()));
            format!("int{bits}{}", ranges.collect::<String>())
        }
        Type::Decimal(places) => format!("decimal64 with {places} digits"),
        Type::Enumeration(all) => words(all),
        Type::Severity => "severity".to_owned(),
        Type::Identity { names, .. } => words(names),
        Type::Ipv4 => "ipv4-address".to_owned(),
        Type::Ipv6 => "ipv6-address".to_owned(),
        Type::Ip => "ip-address".to_owned(),
        Type::Ipv4Prefix => "ipv4-prefix".to_owned(),
        Type::Ipv6Prefix => "ipv6-prefix".to_owned(),
        Type::Mac => "mac-address".to_owned(),
        Type::DateTime => "date-and-time".to_owned(),
    };
    text.replace("\\|", "|")
}
