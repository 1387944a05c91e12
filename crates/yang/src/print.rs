//! A module of a table as YANG (RFC 7950), for `get-schema`.

use std::fmt::Write as _;

use crate::schema::{Kind, Module, Node, Schema};
use crate::types::Type;

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
    for node in schema.top.iter().filter(|node| node.module == module) {
        write(schema, module, node, None, 1, &mut text);
    }
    for (above, node) in schema.walk() {
        let Some(parent) = above.last().filter(|parent| parent.module != node.module) else {
            continue;
        };
        if node.module == module {
            let prefix = |node: &Node| &schema.module(node).prefix;
            let step = |node: &&Node| format!("/{}:{}", prefix(node), node.name);
            let path: String = above.iter().map(step).collect();
            let _ = writeln!(text, "  augment \"{path}\" {{");
            write(schema, module, node, Some(parent.is_config), 2, &mut text);
            text.push_str("  }\n");
        }
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
        if let Some(Type::Identity { module, .. }) = node.leaf_type() {
            all.extend(schema.module_of_name(module));
        }
    }
    all.sort_unstable();
    all.dedup();
    all.iter().filter(|at| **at != module).map(|at| &schema.modules[*at]).collect()
}

fn write(
    schema: &Schema,
    module: usize,
    node: &Node,
    above_is_config: Option<bool>,
    depth: usize,
    text: &mut String,
) {
    let pad = "  ".repeat(depth);
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
    if !node.is_config && above_is_config != Some(false) {
        let _ = writeln!(text, "{pad}  config false;");
    }
    for below in node.children.iter().filter(|below| below.module == module) {
        write(schema, module, below, Some(node.is_config), depth + 1, text);
    }
    let _ = writeln!(text, "{pad}}}");
}

fn write_type(schema: &Schema, kind: &Type, pad: &str, text: &mut String) {
    let name = match kind {
        Type::Boolean => "boolean".to_owned(),
        Type::Empty => "empty".to_owned(),
        Type::Unsigned(bits) => format!("uint{bits}"),
        Type::Signed(bits) => format!("int{bits}"),
        Type::Text | Type::Ipv4 | Type::Ipv6 | Type::Ip | Type::Mac | Type::DateTime => {
            "string".to_owned()
        }
        Type::Decimal(places) => {
            let _ = writeln!(text, "{pad}  type decimal64 {{\n{pad}    fraction-digits {places};");
            let _ = writeln!(text, "{pad}  }}");
            return;
        }
        Type::Enumeration(words) => {
            let _ = writeln!(text, "{pad}  type enumeration {{");
            words.iter().for_each(|word| {
                let _ = writeln!(text, "{pad}    enum {word};");
            });
            let _ = writeln!(text, "{pad}  }}");
            return;
        }
        Type::Identity { module, .. } => {
            let known = schema.module_of_name(module).map(|at| &schema.modules[at]);
            let prefix = known.map_or(module.as_str(), |module| &module.prefix);
            let _ = writeln!(
                text,
                "{pad}  type identityref {{\n{pad}    base {prefix}:iana-interface-type;"
            );
            let _ = writeln!(text, "{pad}  }}");
            return;
        }
    };
    let _ = writeln!(text, "{pad}  type {name};");
}
