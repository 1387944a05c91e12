//! The modules: their tables, their texts, and what a router says of them.

use std::sync::LazyLock;

use yang::{Module, Schema, module_text};

/// The tables, a module behind those that it adds to.
const TABLES: [&str; 5] = [
    include_str!("../../data/yang/ietf-interfaces.txt"),
    include_str!("../../data/yang/openconfig-interfaces.txt"),
    include_str!("../../data/yang/cisco-native.txt"),
    include_str!("../../data/yang/cisco-oper.txt"),
    include_str!("../../data/yang/ietf-library.txt"),
];

/// All modules of a router.
pub(crate) static SCHEMA: LazyLock<Schema> =
    LazyLock::new(|| Schema::read(&TABLES).expect("a test reads the tables"));

macro_rules! whole {
    ($name:literal, $revision:literal) => {
        ($name, include_str!(concat!("../../data/yang/modules/", $name, "@", $revision, ".yang")))
    };
}

/// Modules whose texts are here whole (data/yang/modules/README.md); the others are made from their
/// tables.
const TEXTS: [(&str, &str); 13] = [
    whole!("iana-if-type", "2014-05-08"),
    whole!("ietf-inet-types", "2013-07-15"),
    whole!("ietf-interfaces", "2014-05-08"),
    whole!("ietf-ip", "2014-06-16"),
    whole!("ietf-netconf", "2011-06-01"),
    whole!("ietf-netconf-monitoring", "2010-10-04"),
    whole!("ietf-netconf-notifications", "2012-02-06"),
    whole!("ietf-netconf-with-defaults", "2011-06-01"),
    whole!("ietf-restconf", "2017-01-26"),
    whole!("ietf-restconf-monitoring", "2017-01-26"),
    whole!("ietf-yang-library", "2016-06-21"),
    whole!("ietf-yang-types", "2013-07-15"),
    whole!("cisco-ia", "2020-03-01"),
];

/// The text of a module, in this revision if one is named.
pub(crate) fn schema_text(name: &str, revision: Option<&str>) -> Option<String> {
    let at = SCHEMA.module_of_name(name)?;
    let module = &SCHEMA.modules[at];
    if revision.is_some_and(|revision| !revision.is_empty() && revision != module.revision) {
        return None;
    }
    let whole = TEXTS.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
    Some(whole.unwrap_or_else(|| {
        let description = "What this virtual router has of the module of this name.";
        module_text(&SCHEMA, at, "The ednm project", description)
    }))
}

/// What names the set of modules: it changes with any of them.
pub(crate) fn module_set_id() -> &'static str {
    static ID: LazyLock<String> = LazyLock::new(|| {
        let all: String =
            SCHEMA.modules.iter().map(|m| format!("{}@{};", m.name, m.revision)).collect();
        format!("{:x}", md5::compute(all))
    });
    &ID
}

/// The capabilities of a hello, in the order of a capture of 17.3 (clients.md, section 7).
pub(crate) fn capabilities(has_candidate: bool) -> Vec<String> {
    const BEFORE: [&str; 2] =
        ["urn:ietf:params:netconf:base:1.0", "urn:ietf:params:netconf:base:1.1"];
    const RUNNING: [&str; 1] = ["urn:ietf:params:netconf:capability:writable-running:1.0"];
    const CANDIDATE: [&str; 3] = [
        "urn:ietf:params:netconf:capability:confirmed-commit:1.1",
        "urn:ietf:params:netconf:capability:confirmed-commit:1.0",
        "urn:ietf:params:netconf:capability:candidate:1.0",
    ];
    const AFTER: [&str; 7] = [
        "urn:ietf:params:netconf:capability:rollback-on-error:1.0",
        "urn:ietf:params:netconf:capability:validate:1.0",
        "urn:ietf:params:netconf:capability:validate:1.1",
        "urn:ietf:params:netconf:capability:xpath:1.0",
        "urn:ietf:params:netconf:capability:notification:1.0",
        "urn:ietf:params:netconf:capability:interleave:1.0",
        "urn:ietf:params:netconf:capability:with-defaults:1.0?basic-mode=explicit&\
         also-supported=report-all-tagged,report-all",
    ];
    let middle: &[&str] = if has_candidate { &CANDIDATE } else { &RUNNING };
    let fixed = BEFORE.iter().chain(middle).chain(&AFTER);
    let library = format!(
        "urn:ietf:params:netconf:capability:yang-library:1.0?revision=2016-06-21&\
         module-set-id={}",
        module_set_id()
    );
    let of_module = |module: &Module| {
        let Module { name, namespace, revision, features, .. } = module;
        let features = if features.is_empty() {
            String::new()
        } else {
            format!("&features={}", features.join(","))
        };
        format!("{namespace}?module={name}&revision={revision}{features}")
    };
    let modules = SCHEMA.modules.iter().map(of_module);
    fixed.map(|uri| (*uri).to_owned()).chain([library]).chain(modules).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the tables can be read, and every leaf of the configuration has a line. Method: their
    /// own check.
    #[test]
    fn tables_are_whole() {
        let schema = Schema::read(&TABLES);
        let problems = schema.map(|schema| schema.problems());
        assert_eq!(problems, Ok(Vec::new()));
    }
}
