//! The running-config as data.

use yang::{Element, Tops, read_lines};

use super::SCHEMA;
use crate::config::differences;

/// The data of a configuration's text, below the nodes that are wanted.
pub(super) fn read(text: &str, tops: &Tops) -> Vec<Element> {
    // The line that configures nothing, and that no script types.
    let version = text.lines().find_map(|line| line.strip_prefix("version "));
    let lines = differences::read(text);
    read_lines(&SCHEMA, &lines, tops, &|name, owner| compute(name, owner, version))
}

/// What no line says: the release, the type of an interface, its name where a model repeats it, and
/// the containers that IOS XE always shows of it.
fn compute(name: &str, owner: &Element, version: Option<&str>) -> Option<String> {
    match name {
        "version" => version.map(str::to_owned),
        "interface-type" => Some(format!("iana-if-type:{}", interface_type(owner.get("name")?))),
        "name" => owner.get("name").map(str::to_owned),
        _ => Some(String::new()),
    }
}

/// The identity of `iana-if-type` for an interface of this name, as IOS XE has them.
pub(super) fn interface_type(name: &str) -> &'static str {
    const TYPES: [(&str, &str); 5] = [
        ("Loopback", "softwareLoopback"),
        ("Vlan", "propVirtual"),
        ("Port-channel", "ieee8023adLag"),
        ("Tunnel", "tunnel"),
        ("BDI", "propVirtual"),
    ];
    let found = TYPES.iter().find(|(front, _)| name.starts_with(front));
    match found {
        Some((_, kind)) => kind,
        // A subinterface.
        None if name.contains('.') => "l2vlan",
        None => "ethernetCsmacd",
    }
}
