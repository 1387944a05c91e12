//! The XML of each request: RFC 6241 sections 7 and 8, RFC 6243.

use netconf::{BASE, escaped};

use super::Step;
use crate::record::{Datastore, Edit, NetconfCall, Select, WithDefaults};

const DEFAULTS: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults";

/// The operation of a step.
pub(super) fn of(step: Step, call: &NetconfCall) -> String {
    match step {
        Step::Lock(what) => format!("<lock><target><{}/></target></lock>", what.as_str()),
        Step::Unlock(what) => format!("<unlock><target><{}/></target></unlock>", what.as_str()),
        Step::Validate => "<validate><source><candidate/></source></validate>".to_owned(),
        Step::Commit => "<commit/>".to_owned(),
        Step::Discard => "<discard-changes/>".to_owned(),
        Step::Call(target) => match call {
            NetconfCall::Get(select) => format!("<get>{}</get>", selection(select)),
            NetconfCall::GetConfig { source, select } => format!(
                "<get-config><source><{}/></source>{}</get-config>",
                source.as_str(),
                selection(select)
            ),
            NetconfCall::EditConfig(edit) => edited(edit, target),
            NetconfCall::Rpc { xml, .. } => xml.clone(),
        },
    }
}

fn selection(select: &Select) -> String {
    let filter = match (&select.filter, &select.xpath) {
        (Some(xml), _) => format!("<filter type=\"subtree\">{xml}</filter>"),
        (None, Some(path)) => {
            let named =
                |(prefix, uri): (&String, &String)| format!(" xmlns:{prefix}=\"{}\"", escaped(uri));
            let named: String = select.namespaces.iter().map(named).collect();
            format!("<filter type=\"xpath\"{named} select=\"{}\"/>", escaped(path))
        }
        (None, None) => String::new(),
    };
    let defaults = select.with_defaults.map(|mode: WithDefaults| {
        format!("<with-defaults xmlns=\"{DEFAULTS}\">{}</with-defaults>", mode.as_str())
    });
    filter + &defaults.unwrap_or_default()
}

fn edited(edit: &Edit, target: Datastore) -> String {
    let options = [
        ("default-operation", edit.default_operation.map(|word| word.as_str())),
        ("test-option", edit.test_option.map(|word| word.as_str())),
        ("error-option", edit.error_option.map(|word| word.as_str())),
    ];
    let option =
        |(name, word): (&str, Option<&str>)| word.map(|word| format!("<{name}>{word}</{name}>"));
    let options: String = options.into_iter().filter_map(option).collect();
    format!(
        "<edit-config><target><{}/></target>{options}<config xmlns:nc=\"{BASE}\">{}</config>\
         </edit-config>",
        target.as_str(),
        edit.config
    )
}
