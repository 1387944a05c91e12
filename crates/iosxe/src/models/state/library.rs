//! What the router says of its modules (RFC 7895) and its servers (RFC 8040, RFC 5277).

use yang::{Element, Module, Node};

use super::{Leaf, Router, Rows, leaf, list, row};
use crate::models::{SCHEMA, module_set_id};

struct Modules;
struct Streams;

impl Rows for Modules {
    type Of<'a> = &'a Module;
}

impl Rows for Streams {
    type Of<'a> = &'static str;
}

const MODULE: &[Leaf<Modules>] = &[
    leaf!("name", |m: &&Module| m.name.clone()),
    leaf!("revision", |m: &&Module| m.revision.clone()),
    leaf!("namespace", |m: &&Module| m.namespace.clone()),
    leaf!("conformance-type", |m: &&Module| if m.is_import { "import" } else { "implement" }),
];

const STREAM: &[Leaf<Streams>] = &[
    leaf!("name", |name: &&'static str| *name),
    leaf!("description", |_: &&'static str| "default NETCONF event stream"),
    leaf!("replaySupport", |_: &&'static str| false),
];

/// RFC 8040, section 9.1.
const CAPABILITIES: [&str; 4] = [
    "urn:ietf:params:restconf:capability:defaults:1.0?basic-mode=explicit",
    "urn:ietf:params:restconf:capability:depth:1.0",
    "urn:ietf:params:restconf:capability:fields:1.0",
    "urn:ietf:params:restconf:capability:with-defaults:1.0",
];

pub(super) fn modules(_: &Router<'_>, node: &'static Node) -> Option<Element> {
    let entry = node.child(node.module, "module")?;
    let mut whole = Element::branch(node, Vec::new());
    whole.set(&["module-set-id"], module_set_id())?;
    for module in &SCHEMA.modules {
        let mut one = row(entry, &[MODULE], &module)?;
        for feature in &module.features {
            one.set(&["feature"], feature)?;
        }
        whole.add(Element::branch(node, vec![one]));
    }
    Some(whole)
}

pub(super) fn restconf(_: &Router<'_>, node: &'static Node) -> Option<Element> {
    let mut whole = Element::branch(node, Vec::new());
    for capability in CAPABILITIES {
        whole.set(&["capabilities", "capability"], capability)?;
    }
    Some(whole)
}

pub(super) fn streams(_: &Router<'_>, node: &'static Node) -> Option<Element> {
    let streams = node.child(node.module, "streams")?;
    Some(Element::branch(node, vec![list(streams, "stream", &[STREAM], ["NETCONF"])?]))
}
