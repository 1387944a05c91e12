//! SNMP's part of the running-config.

use std::fmt::Write as _;

use super::settings::{Community, Group, Host, Model, Snmp, TRAP_PORT};
use crate::config::{ConfigText, Section, order};
use crate::device::State;

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::SNMP, print }];

fn print(state: &State, text: &mut ConfigText) {
    let snmp = &state.snmp;
    let mut line = |rest: String| text.line(format_args!("snmp-server {rest}"));
    if let Some(engine) = &snmp.engine {
        line(format!("engineID local {engine}"));
    }
    snmp.groups.iter().for_each(|one| line(group(one)));
    // Users of version 3 are in no configuration: whoever reads it must not learn their keys.
    for user in snmp.users.iter().filter(|user| user.version != 3) {
        let version = if user.version == 1 { "v1" } else { "v2c" };
        let list = user.list.as_ref().map(|list| format!(" access {list}"));
        line(format!("user {} {} {version}{}", user.name, user.group, list.unwrap_or_default()));
    }
    for view in &snmp.views {
        let word = if view.included { "included" } else { "excluded" };
        line(format!("view {} {} {word}", view.name, view.tree));
    }
    snmp.communities.iter().for_each(|one| line(community(one)));
    if let Some(source) = &snmp.trap_source {
        line(format!("trap-source {source}"));
    }
    if let Some(source) = &snmp.inform_source {
        line(format!("source-interface informs {source}"));
    }
    let Snmp { location, contact, chassis, .. } = snmp;
    for (word, given) in [("location", location), ("contact", contact), ("chassis-id", chassis)] {
        if let Some(given) = given {
            line(format!("{word} {given}"));
        }
    }
    snmp.trap_lines().for_each(|traps| line(format!("enable traps {traps}")));
    snmp.hosts.iter().for_each(|one| line(host(one)));
    if snmp.ifindex_persist {
        text.line("snmp ifmib ifindex persist");
    }
}

fn with(text: &mut String, word: &str, value: &Option<String>) {
    if let Some(value) = value {
        let _ = write!(text, " {word} {value}");
    }
}

fn community(community: &Community) -> String {
    let mut text = format!("community {}", community.name);
    with(&mut text, "view", &community.view);
    text.push_str(if community.writes { " RW" } else { " RO" });
    with(&mut text, "ipv6", &community.ipv6_list);
    if let Some(list) = &community.list {
        let _ = write!(text, " {list}");
    }
    text
}

fn group(group: &Group) -> String {
    let mut text = format!("group {} {}", group.name, group.model.shown());
    with(&mut text, "context", &group.context);
    if group.prefix_match {
        text.push_str(" match prefix");
    }
    with(&mut text, "read", &group.read);
    with(&mut text, "write", &group.write);
    with(&mut text, "notify", &group.notify);
    with(&mut text, "access", &group.list);
    text
}

fn host(host: &Host) -> String {
    let mut text = format!("host {}", host.address);
    with(&mut text, "vrf", &host.vrf);
    if host.informs {
        text.push_str(" informs");
    }
    if host.model != Model::V1 {
        let _ = write!(text, " version {}", host.model.words());
    }
    let _ = write!(text, " {}", host.name);
    if host.port != TRAP_PORT {
        let _ = write!(text, " udp-port {}", host.port);
    }
    if !host.kinds.is_empty() {
        // Two blanks, as IOS has it.
        let _ = write!(text, "  {}", host.kinds.join(" "));
    }
    text
}
