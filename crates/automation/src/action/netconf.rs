//! `netconf = { get_config = { filter = "<interfaces .../>" } }`: one operation over NETCONF.
//!
//! What changes the device waits for an approval unless the rule says otherwise: an `edit_config`,
//! and every `rpc` that is not known to read.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Spanned};

use super::Template;
use crate::config::rule::{BAD_COMMAND, Loader, NO_ACTION};
use crate::record::{
    Action, Datastore, DefaultOperation, Edit, ErrorOption, NetconfCall, Select, TestOption,
    WithDefaults,
};
use crate::template::markup::{self, Inside};
use crate::template::{Engine, Form, Scope};

pub(super) const KEY: &str = "netconf";

/// The operations, by their keys.
const OPERATIONS: [&str; 4] = ["get", "get_config", "edit_config", "rpc"];
/// Operations that read and change nothing: RFC 6241, 6022, 8526.
const READING: [(&str, &str); 5] = [
    (netconf::BASE, "get"),
    (netconf::BASE, "get-config"),
    (netconf::BASE, "validate"),
    ("urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring", "get-schema"),
    ("urn:ietf:params:xml:ns:yang:ietf-netconf-nmda", "get-data"),
];

pub(super) fn load(table: &mut Table, loader: &mut Loader<'_>) -> Option<Template> {
    let mut inner = table.table(KEY, loader.sink)?;
    let source = Arc::clone(inner.source());
    let present = OPERATIONS.iter().filter(|key| inner.key_span(key).is_some()).count();
    let get = inner.table("get", loader.sink).map(|table| NetconfCall::Get(select(table, loader)));
    let get_config = inner.table("get_config", loader.sink).map(|mut table| {
        let source = table.choice("source", Datastore::WORDS, loader.sink);
        let source = source.map_or(Datastore::Running, |source| source.value);
        NetconfCall::GetConfig { source, select: select(table, loader) }
    });
    let edit = inner.table("edit_config", loader.sink).and_then(|table| edit(table, loader));
    let rpc = rpc(&mut inner, loader);
    if present != 1 {
        let message = format!("`{KEY}` has exactly one of: {}", OPERATIONS.join(", "));
        loader.sink.push(Diagnostic::error(NO_ACTION, message, &source, inner.span()));
    }
    inner.finish(loader.sink);
    get.or(get_config).or(edit).or(rpc).map(Template::Netconf)
}

fn select(mut table: Table, loader: &mut Loader<'_>) -> Select {
    let source = Arc::clone(table.source());
    let filter = markup(&mut table, "filter", Inside::Data, loader);
    let xpath = table.text("xpath", loader.sink);
    let namespaces = table.table("namespaces", loader.sink);
    let namespaces = namespaces.map(|table| table.into_texts(loader.sink)).unwrap_or_default();
    let with_defaults = table.choice("with_defaults", WithDefaults::WORDS, loader.sink);
    table.finish(loader.sink);
    if let Some(path) = &xpath {
        let checked = loader.engine.check_as(Form::Text, &path.value);
        loader.report(BAD_COMMAND, checked, path, &source);
        if filter.is_some() {
            let message = "`filter` and `xpath` say the same in two ways";
            let span = path.span.clone();
            loader.sink.push(Diagnostic::error(BAD_COMMAND, message, &source, span));
        }
    }
    for (prefix, _) in &namespaces {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !prefix.value.starts_with(|c: char| c.is_ascii_alphabetic())
            || !prefix.value.chars().all(is_name)
        {
            let message = format!("`{}` is no prefix", prefix.value);
            let span = prefix.span.clone();
            loader.sink.push(Diagnostic::error(BAD_COMMAND, message, &source, span));
        }
    }
    Select {
        filter: filter.map(|filter| filter.value),
        xpath: xpath.map(|path| path.value),
        namespaces: BTreeMap::from_iter(
            namespaces.into_iter().map(|(prefix, uri)| (prefix.value, uri.value)),
        ),
        with_defaults: with_defaults.map(|mode| mode.value),
    }
}

fn edit(mut table: Table, loader: &mut Loader<'_>) -> Option<NetconfCall> {
    table.require("config", loader.sink);
    let config = markup(&mut table, "config", Inside::Data, loader);
    let target = table.choice("target", Datastore::WORDS, loader.sink);
    let default = table.choice("default_operation", DefaultOperation::WORDS, loader.sink);
    let on_error = table.choice("error_option", ErrorOption::WORDS, loader.sink);
    let test = table.choice("test_option", TestOption::WORDS, loader.sink);
    let lock = table.flag("lock", loader.sink);
    table.finish(loader.sink);
    Some(NetconfCall::EditConfig(Edit {
        target: target.map(|target| target.value),
        config: config?.value,
        default_operation: default.map(|word| word.value),
        error_option: on_error.map(|word| word.value),
        test_option: test.map(|word| word.value),
        lock: lock.is_some_and(|lock| lock.value),
    }))
}

fn rpc(table: &mut Table, loader: &mut Loader<'_>) -> Option<NetconfCall> {
    let source = Arc::clone(table.source());
    let xml = markup(table, "rpc", Inside::Rpc, loader)?;
    let operation = markup::operation(&xml.value);
    if operation.is_none() {
        let message = "`rpc` holds one operation";
        loader.sink.push(Diagnostic::error(BAD_COMMAND, message, &source, xml.span));
    }
    let reads = operation
        .is_some_and(|(namespace, name)| READING.contains(&(namespace.as_str(), name.as_str())));
    Some(NetconfCall::Rpc { xml: xml.value, changes: !reads })
}

/// Takes a text that is XML with values in it.
fn markup(
    table: &mut Table,
    key: &'static str,
    inside: Inside,
    loader: &mut Loader<'_>,
) -> Option<Spanned<String>> {
    let source = Arc::clone(table.source());
    let text = table.text(key, loader.sink)?;
    let checked = loader.engine.check_as(Form::Xml(inside), &text.value);
    loader.report(BAD_COMMAND, checked, &text, &source);
    Some(text)
}

pub(super) fn fill(call: &NetconfCall, engine: &Engine, scope: &Scope) -> Result<Action, String> {
    let xml = |inside, text: &mut String| {
        *text = engine.render_as(Form::Xml(inside), text, scope)?;
        Ok::<(), String>(())
    };
    let mut call = call.clone();
    match &mut call {
        NetconfCall::Get(select) | NetconfCall::GetConfig { select, .. } => {
            select.filter.as_mut().map(|text| xml(Inside::Data, text)).transpose()?;
            if let Some(path) = &mut select.xpath {
                *path = engine.render_as(Form::Text, path, scope)?;
            }
        }
        NetconfCall::EditConfig(edit) => xml(Inside::Data, &mut edit.config)?,
        NetconfCall::Rpc { xml: text, .. } => xml(Inside::Rpc, text)?,
    }
    Ok(Action::Netconf(call))
}
