//! A module of a table as YANG (RFC 7950), for `get-schema`.

use std::fmt::{Display, Write as _};
use std::ops::RangeInclusive;

use crate::schema::{Kind, Module, Node, Schema};
use crate::types::{SEVERITIES, Text, Type};

const INET: &str = "ietf-inet-types";
const YANG: &str = "ietf-yang-types";

/// The text of a module, with only what its table holds.
///
/// `organization` and `description` say whose text it is.
pub fn module_text(
    schema: &Schema,
    module: usize,
    organization: &str,
    description: &str,
) -> String {
    let Module { name, namespace, prefix, revision, .. } = &schema.modules[module];
    let mut text = format!("module {name} {{\n  yang-version 1.1;\n");
    let _ = writeln!(text, "  namespace \"{namespace}\";\n  prefix {prefix};\n");
    for import in imports(schema, module) {
        let _ = writeln!(text, "  import {} {{\n    prefix {};\n  }}", import.name, import.prefix);
    }
    let _ = writeln!(text, "\n  organization\n    \"{organization}\";");
    let _ = writeln!(text, "  description\n    \"{description}\";");
    let _ =
        writeln!(text, "\n  revision {revision} {{\n    description\n      \"As here.\";\n  }}\n");
    let top: Vec<&Node> = schema.top.iter().filter(|node| node.module == module).collect();
    write_all(schema, module, &top, None, 1, &mut text);
    for (above, parent) in schema.walk() {
        let foreign = parent.children.iter().filter(|node| node.module == module);
        let added: Vec<&Node> = foreign.filter(|_| parent.module != module).collect();
        if added.is_empty() {
            continue;
        }
        let step = |node: &&Node| format!("/{}:{}", schema.module(node).prefix, node.name);
        let path: String = above.iter().chain([&parent]).map(step).collect();
        let _ = writeln!(text, "  augment \"{path}\" {{");
        write_all(schema, module, &added, Some(parent), 2, &mut text);
        text.push_str("  }\n");
    }
    text.push_str("}\n");
    text
}

/// The modules that it names.
fn imports(schema: &Schema, module: usize) -> Vec<&Module> {
    let mut all: Vec<usize> = Vec::new();
    for (above, node) in schema.walk() {
        if node.module != module {
            continue;
        }
        all.extend(above.iter().map(|above| above.module));
        let foreign = node.leaf_type().and_then(module_of);
        all.extend(foreign.and_then(|name| schema.module_of_name(name)));
    }
    all.sort_unstable();
    all.dedup();
    all.iter().filter(|at| **at != module).map(|at| &schema.modules[*at]).collect()
}

fn write(
    schema: &Schema,
    module: usize,
    node: &Node,
    above: Option<&Node>,
    depth: usize,
    text: &mut String,
) {
    let pad = "  ".repeat(depth);
    let is_key = above.is_some_and(|above| above.is_key(node));
    let word = match node.kind {
        Kind::Container | Kind::Presence => "container",
        Kind::List(_) => "list",
        Kind::Leaf(_) => "leaf",
        Kind::LeafList(_) => "leaf-list",
    };
    let _ = writeln!(text, "{pad}{word} {} {{", node.name);
    match &node.kind {
        Kind::List(keys) if !keys.is_empty() => {
            let _ = writeln!(text, "{pad}  key \"{}\";", keys.join(" "));
        }
        Kind::Presence => {
            let _ = writeln!(text, "{pad}  presence \"It is configured.\";");
        }
        Kind::Leaf(kind) | Kind::LeafList(kind) => write_type(schema, kind, &pad, text),
        Kind::Container | Kind::List(_) => {}
    }
    if let Some(default) = &node.default {
        let _ = writeln!(text, "{pad}  default \"{default}\";");
    }
    if !node.is_config && above.is_none_or(|above| above.is_config) {
        let _ = writeln!(text, "{pad}  config false;");
    }
    if node.is_mandatory && !is_key {
        let _ = writeln!(text, "{pad}  mandatory true;");
    }
    let below: Vec<&Node> = node.children.iter().filter(|below| below.module == module).collect();
    write_all(schema, module, &below, Some(node), depth + 1, text);
    let _ = writeln!(text, "{pad}}}");
}

/// Nodes that stand side by side, those of a choice together.
fn write_all(
    schema: &Schema,
    module: usize,
    nodes: &[&Node],
    above: Option<&Node>,
    depth: usize,
    text: &mut String,
) {
    let mut done: Vec<&str> = Vec::new();
    for node in nodes {
        let Some((choice, _)) = &node.case else {
            write(schema, module, node, above, depth, text);
            continue;
        };
        if done.contains(&choice.as_str()) {
            continue;
        }
        done.push(choice);
        let pad = "  ".repeat(depth);
        let _ = writeln!(text, "{pad}choice {choice} {{");
        let mut cases: Vec<&str> = Vec::new();
        let of_choice =
            |node: &Node| node.case.as_ref().filter(|(other, _)| other == choice).cloned();
        for (_, case) in
            nodes.iter().filter_map(|node| node.case.as_ref().filter(|(c, _)| c == choice))
        {
            if cases.contains(&case.as_str()) {
                continue;
            }
            cases.push(case);
            let _ = writeln!(text, "{pad}  case {case} {{");
            for node in nodes.iter().filter(|node| of_choice(node).is_some_and(|(_, c)| c == *case))
            {
                write(schema, module, node, above, depth + 2, text);
            }
            let _ = writeln!(text, "{pad}  }}");
        }
        let _ = writeln!(text, "{pad}}}");
    }
}

fn write_type(schema: &Schema, kind: &Type, pad: &str, text: &mut String) {
    let of = |module: &str, name: &str| match schema.module_of_name(module) {
        Some(at) => format!("{}:{name}", schema.modules[at].prefix),
        None => "string".to_owned(),
    };
    let (name, inner): (String, Vec<String>) = match kind {
        Type::Text(Text { length, pattern, .. }) => {
            let length = length
                .as_ref()
                .map(|length| format!("length \"{}..{}\";", length.start(), length.end()));
            let pattern = pattern.as_ref().map(|pattern| format!("pattern '{pattern}';"));
            ("string".to_owned(), length.into_iter().chain(pattern).collect())
        }
        Type::Boolean => ("boolean".to_owned(), vec![]),
        Type::Empty => ("empty".to_owned(), vec![]),
        Type::Unsigned(bits, ranges) => (format!("uint{bits}"), range(ranges)),
        Type::Signed(bits, ranges) => (format!("int{bits}"), range(ranges)),
        Type::Decimal(places) => {
            ("decimal64".to_owned(), vec![format!("fraction-digits {places};")])
        }
        Type::Enumeration(words) => {
            ("enumeration".to_owned(), words.iter().map(|word| format!("enum {word};")).collect())
        }
        Type::Severity => {
            let mut inner = vec!["type uint8 {".to_owned(), "  range \"0..7\";".to_owned()];
            inner.extend(["}".to_owned(), "type enumeration {".to_owned()]);
            inner.extend(SEVERITIES.iter().map(|name| format!("  enum {name};")));
            inner.push("}".to_owned());
            ("union".to_owned(), inner)
        }
        Type::Identity { module, base, .. } => {
            ("identityref".to_owned(), vec![format!("base {};", of(module, base))])
        }
        Type::Ipv4 => (of(INET, "ipv4-address"), vec![]),
        Type::Ipv6 => (of(INET, "ipv6-address"), vec![]),
        Type::Ip => (of(INET, "ip-address"), vec![]),
        Type::Ipv4Prefix => (of(INET, "ipv4-prefix"), vec![]),
        // That of RFC 6991 has no bits of a host, and an interface has them.
        Type::Ipv6Prefix => ("string".to_owned(), vec![]),
        Type::Mac => (of(YANG, "mac-address"), vec![]),
        Type::DateTime => (of(YANG, "date-and-time"), vec![]),
    };
    if inner.is_empty() {
        let _ = writeln!(text, "{pad}  type {name};");
        return;
    }
    let _ = writeln!(text, "{pad}  type {name} {{");
    for line in inner {
        let _ = writeln!(text, "{pad}    {line}");
    }
    let _ = writeln!(text, "{pad}  }}");
}

fn range<T: Display>(ranges: &[RangeInclusive<T>]) -> Vec<String> {
    let one = |range: &RangeInclusive<T>| {
        let (least, most) = (range.start().to_string(), range.end().to_string());
        if least == most { least } else { format!("{least}..{most}") }
    };
    let all: Vec<String> = ranges.iter().map(one).collect();
    if all.is_empty() { vec![] } else { vec![format!("range \"{}\";", all.join(" | "))] }
}

/// The module whose type it is, if it is one of another.
fn module_of(kind: &Type) -> Option<&str> {
    match kind {
        Type::Identity { module, .. } => Some(module),
        Type::Ipv4 | Type::Ipv6 | Type::Ip | Type::Ipv4Prefix => Some(INET),
        Type::Mac | Type::DateTime => Some(YANG),
        Type::Text(_) | Type::Boolean | Type::Empty | Type::Unsigned(..) | Type::Signed(..) => None,
        Type::Decimal(_) | Type::Enumeration(_) | Type::Severity | Type::Ipv6Prefix => None,
    }
}
