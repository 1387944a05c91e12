//! Which package may depend on which: the arrows of ARCHITECTURE.md, and law L3.
//!
//! Clippy can ban a function but not a crate, so each pure crate's dependencies are listed here.

use std::path::Path;

use super::{File, Problem};

/// A package, the packages of ours that it may name, and for a pure one the outside crates.
struct Package {
    folder: &'static str,
    ours: &'static [&'static str],
    /// `None`: a skin, which may use what it needs.
    outside: Option<&'static [&'static str]>,
}

const PACKAGES: &[Package] = &[
    Package {
        folder: "crates/simtime",
        ours: &[],
        outside: Some(&["jiff", "rand", "rand_chacha", "serde", "sha2"]),
    },
    Package {
        folder: "crates/diagnostic",
        ours: &["simtime"],
        outside: Some(&["annotate-snippets", "serde", "serde_json", "toml"]),
    },
    Package {
        folder: "crates/fact",
        ours: &["simtime"],
        outside: Some(&["serde", "serde_json", "sha2"]),
    },
    Package {
        folder: "crates/redact",
        ours: &[],
        outside: Some(&["aho-corasick", "base64", "regex", "serde_json"]),
    },
    Package {
        folder: "crates/topology",
        ours: &["diagnostic", "simtime"],
        outside: Some(&["indexmap", "secrecy", "serde", "toml"]),
    },
    Package {
        folder: "crates/webhook",
        ours: &["fact", "simtime"],
        outside: Some(&[
            "base64",
            "hmac",
            "jiff",
            "percent-encoding",
            "secrecy",
            "serde",
            "serde_json",
            "sha2",
            "subtle",
            "thiserror",
        ]),
    },
    Package { folder: "crates/syslog", ours: &[], outside: Some(&["winnow"]) },
    Package {
        folder: "crates/yang",
        ours: &[],
        outside: Some(&["quick-xml", "regex", "roxmltree", "serde_json"]),
    },
    Package {
        folder: "crates/netconf",
        ours: &["yang"],
        outside: Some(&["roxmltree", "serde_json"]),
    },
    Package {
        folder: "crates/restconf",
        ours: &["yang"],
        outside: Some(&["base64", "percent-encoding", "roxmltree", "serde_json"]),
    },
    Package {
        folder: "crates/standin",
        ours: &["simtime"],
        outside: Some(&["percent-encoding", "serde_json"]),
    },
    Package { folder: "crates/cli", ours: &[], outside: Some(&["regex"]) },
    Package {
        folder: "crates/eem",
        ours: &["simtime"],
        outside: Some(&["croner", "indexmap", "jiff", "regex", "regex-syntax"]),
    },
    Package {
        folder: "crates/iosxe",
        ours: &["cli", "eem", "fact", "netconf", "redact", "restconf", "simtime", "yang"],
        outside: Some(&[
            "base64",
            "indexmap",
            "jiff",
            "md5",
            "minijinja",
            "regex",
            "secrecy",
            "serde",
            "serde_json",
            "sha2",
            "subtle",
            "toml",
        ]),
    },
    Package {
        folder: "crates/lab",
        ours: &[
            "diagnostic",
            "fact",
            "iosxe",
            "redact",
            "restconf",
            "simtime",
            "topology",
            "webhook",
        ],
        outside: Some(&[
            "indexmap",
            "regex",
            "secrecy",
            "serde",
            "serde_json",
            "thiserror",
            "toml",
            "url",
        ]),
    },
    Package {
        folder: "crates/lint",
        ours: &["diagnostic", "eem"],
        outside: Some(&["croner", "jiff", "regex"]),
    },
    Package {
        folder: "crates/automation",
        ours: &[
            "diagnostic",
            "fact",
            "netconf",
            "redact",
            "restconf",
            "simtime",
            "syslog",
            "standin",
            "topology",
            "webhook",
        ],
        outside: Some(&[
            "indexmap",
            "ipnet",
            "jsonschema",
            "minijinja",
            "percent-encoding",
            "regex",
            "secrecy",
            "serde",
            "serde_json",
            "sha2",
            "similar",
            "subtle",
            "thiserror",
            "toml",
            "url",
        ]),
    },
    Package { folder: "host", ours: &["diagnostic", "fact", "simtime", "topology"], outside: None },
    Package {
        folder: "simulator",
        ours: &[
            "diagnostic",
            "fact",
            "host",
            "lab",
            "netconf",
            "restconf",
            "simtime",
            "topology",
            "webhook",
        ],
        outside: None,
    },
    Package {
        folder: "listener",
        ours: &[
            "automation",
            "diagnostic",
            "fact",
            "host",
            "netconf",
            "restconf",
            "simtime",
            "syslog",
            "topology",
            "webhook",
        ],
        outside: None,
    },
    Package {
        folder: "testbed",
        ours: &[
            "automation",
            "diagnostic",
            "eem",
            "fact",
            "host",
            "lab",
            "lint",
            "listener",
            "restconf",
            "simtime",
            "simulator",
            "topology",
            "webhook",
        ],
        outside: None,
    },
    Package { folder: "xtask", ours: &[], outside: None },
];

/// Checks one `Cargo.toml` against the table.
pub(crate) fn check(file: &File<'_>) -> Vec<Problem> {
    let folder = file.path.parent().unwrap_or(Path::new(""));
    if folder == Path::new("") {
        return Vec::new(); // the workspace's own
    }
    let Some(package) = PACKAGES.iter().find(|p| Path::new(p.folder) == folder) else {
        return vec![file.problem(1, "a new package needs a line in xtask/src/tidy/arrows.rs")];
    };
    let Ok(manifest) = file.text.parse::<toml::Table>() else {
        return vec![file.problem(1, "is no TOML")];
    };
    let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
    let names = dependencies.into_iter().flat_map(toml::Table::keys);
    names.filter_map(|name| refuse(package, name)).map(|why| file.problem(1, why)).collect()
}

fn refuse(package: &Package, name: &str) -> Option<String> {
    let is_ours = PACKAGES.iter().any(|p| p.folder.rsplit('/').next() == Some(name));
    let allowed = match (is_ours, package.outside) {
        (true, _) => package.ours.contains(&name),
        (false, Some(outside)) => outside.contains(&name),
        (false, None) => true,
    };
    let folder = package.folder;
    (!allowed).then(|| format!("{folder} may not depend on `{name}` (xtask/src/tidy/arrows.rs)"))
}
