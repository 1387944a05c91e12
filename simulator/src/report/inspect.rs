//! What the nodes of a running lab look like: tables for people, a list for programs.
//!
//! Rows are made by the live loop, travel over the control socket, and are printed by `inspect`.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, Table};
use host::text::printable;
use lab::{Lab, NodeId, NodeView};
use serde::{Deserialize, Serialize};
use simtime::Time;

/// One node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Row {
    /// A router that runs here.
    Virtual(Router),
    /// A router elsewhere, which a listener may log in to.
    Real {
        /// Its name in the topology.
        name: String,
    },
}

/// A router that runs here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Router {
    /// Its name in the topology.
    pub name: String,
    /// What its prompt says.
    pub hostname: String,
    /// Its interfaces.
    pub interfaces: Interfaces,
    /// How many applets are registered with it.
    pub applets: usize,
    /// Where its SSH server is, if it has one.
    pub ssh: Option<String>,
    /// Where that of NETCONF is.
    pub netconf: Option<String>,
    /// The URL of RESTCONF.
    pub restconf: Option<String>,
    /// Who sits at its VTY lines.
    pub sessions: Vec<Session>,
    /// What is seen from near; keys of the same object.
    #[serde(flatten)]
    pub details: Option<Details>,
}

/// How many interfaces a router has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interfaces {
    /// Those whose line protocol is up.
    pub up: usize,
    /// All.
    pub total: usize,
}

/// A VTY line that is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The user; empty for an applet that names none.
    pub user: String,
    /// `vty 0`
    pub line: String,
    /// The client's address, or `EEM:APPLET`.
    pub from: String,
    /// When it was taken.
    #[serde(with = "webhook::stamp")]
    pub since: Time,
}

/// A router from near.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Its interfaces, in the order of `show ip interface brief`.
    pub interface_list: Vec<Interface>,
    /// Its applets, in the order of their registration.
    pub applet_list: Vec<Applet>,
}

/// One interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    /// The long name.
    pub name: String,
    /// Its address, if it has one.
    pub address: Option<String>,
    /// `up`, `down` or `administratively down`.
    pub status: String,
    /// `up` or `down`.
    pub protocol: String,
}

/// One applet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applet {
    /// Its name.
    pub name: String,
    /// What it waits for: `syslog`, `none`.
    pub event: String,
    /// How many runs its event has started.
    pub runs: u64,
}

/// The rows of a lab: its virtual nodes in the order of its topology, then the real ones. Where a
/// node listens is not the lab's to know.
pub(crate) fn rows(lab: &Lab) -> Vec<Row> {
    let running = lab.nodes().map(|node| Row::Virtual(router(&node, None)));
    let real = lab.real_nodes().map(|name| Row::Real { name: name.to_owned() });
    running.chain(real).collect()
}

/// One node from near; the error is for whoever named it.
pub(crate) fn row(lab: &Lab, name: &str) -> Result<Row, String> {
    if lab.is_real(name) {
        return Ok(Row::Real { name: name.to_owned() });
    }
    let id = virtual_node(lab, name)?;
    let near = lab.details(id);
    let interface = |interface: lab::InterfaceView| Interface {
        name: interface.name,
        address: interface.address.map(|address| address.to_string()),
        status: interface.status.to_owned(),
        protocol: interface.protocol.to_owned(),
    };
    let applet = |applet: lab::AppletView| Applet {
        name: applet.name,
        event: applet.event.to_owned(),
        runs: applet.runs,
    };
    let details = Details {
        interface_list: near.interfaces.into_iter().map(interface).collect(),
        applet_list: near.applets.into_iter().map(applet).collect(),
    };
    let mut nodes = lab.nodes();
    let view = nodes.find(|node| node.id == id).expect("a node that was just found");
    Ok(Row::Virtual(router(&view, Some(details))))
}

/// The router of that name; the error is for whoever named it.
pub(crate) fn virtual_node(lab: &Lab, name: &str) -> Result<NodeId, String> {
    lab.node(name).ok_or_else(|| {
        if lab.is_real(name) {
            return format!("`{name}` is real: it does not run here");
        }
        let names: Vec<&str> = lab.nodes().map(|node| node.name.as_ref()).collect();
        match diagnostic::nearest(name, names.iter().copied()) {
            Some(near) => format!("unknown node `{name}`: did you mean `{near}`?"),
            None => format!("unknown node `{name}`: the lab has {}", names.join(", ")),
        }
    })
}

fn router(node: &NodeView<'_>, details: Option<Details>) -> Router {
    let lab::InterfaceCounts { up, total } = node.interfaces;
    let session = |session: &lab::SessionView| Session {
        user: session.user.clone(),
        line: session.line.clone(),
        from: session.from.clone(),
        since: session.since,
    };
    Router {
        name: node.name.to_string(),
        hostname: node.hostname.to_owned(),
        interfaces: Interfaces { up, total },
        applets: node.applets,
        ssh: None,
        netconf: None,
        restconf: None,
        sessions: node.sessions.iter().map(session).collect(),
        details,
    }
}

/// The rows as a table with round corners.
pub fn table(rows: &[Row]) -> String {
    let header = ["Node", "Kind", "Interfaces up", "Applets", "SSH address", "Sessions"];
    let mut table = rounded(&header, rows.iter().map(cells));
    for number in [2, 3] {
        let column = table.column_mut(number).expect("the header has six columns");
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

/// Each node from near: its row, then one table for each of the things that it has.
pub fn details(rows: &[Row]) -> String {
    let mut parts = vec![table(rows)];
    for row in rows {
        let Row::Virtual(Router { details: Some(details), sessions, .. }) = row else { continue };
        let Details { interface_list, applet_list } = details;
        let interfaces = interface_list.iter().map(|interface| {
            let address = interface.address.clone().unwrap_or_else(|| "unassigned".to_owned());
            let Interface { name, status, protocol, .. } = interface;
            [printable(name).into(), address, status.clone(), protocol.clone()]
        });
        parts
            .push(rounded(&["Interface", "Address", "Status", "Protocol"], interfaces).to_string());
        let sessions = sessions.iter().map(|session| {
            let Session { user, line, from, since } = session;
            [printable(user).into(), line.clone(), printable(from).into(), since.to_string()]
        });
        parts.extend(unless_empty(&["User", "Line", "From", "Since"], sessions));
        let applets = applet_list.iter().map(|applet| {
            [printable(&applet.name).into(), applet.event.clone(), applet.runs.to_string()]
        });
        parts.extend(unless_empty(&["Applet", "Event", "Runs"], applets));
    }
    parts.join("\n")
}

fn rounded<const N: usize>(header: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED.with_rounded_corners());
    table.set_header(header);
    table.add_rows(rows);
    table
}

fn unless_empty<const N: usize>(
    header: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Option<String> {
    let mut rows = rows.peekable();
    rows.peek()?;
    Some(rounded(header, rows).to_string())
}

fn cells(row: &Row) -> [String; 6] {
    let none = || "-".to_owned();
    match row {
        Row::Real { name } => {
            [printable(name).into(), "real".into(), none(), none(), none(), none()]
        }
        Row::Virtual(Router {
            name,
            interfaces: Interfaces { up, total },
            applets,
            ssh,
            sessions,
            ..
        }) => [
            printable(name).into(),
            "virtual".into(),
            format!("{up}/{total}"),
            applets.to_string(),
            ssh.clone().unwrap_or_else(none),
            if sessions.is_empty() { none() } else { stacked(sessions) },
        ],
    }
}

/// Who sits where and since when, a line each.
fn stacked(sessions: &[Session]) -> String {
    let line = |session: &Session| {
        let Session { user, line, from, since } = session;
        let since = since.to_string();
        let to_the_second = since.split_once('.').map_or(since.as_str(), |(whole, _)| whole);
        format!("{} {line} {} since {to_the_second}Z", printable(user), printable(from))
    };
    let lines: Vec<String> = sessions.iter().map(|session| line(session).trim().into()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(user: &str, from: &str) -> Session {
        let (user, from) = (user.to_owned(), from.to_owned());
        Session { user, line: "vty 0".into(), from, since: Time::VIRTUAL_START }
    }

    fn router() -> Router {
        Router {
            name: "R1".into(),
            hostname: "R1\x1b[2J".into(),
            interfaces: Interfaces { up: 3, total: 10 },
            applets: 2,
            ssh: Some("127.0.0.1:2201".into()),
            netconf: Some("127.0.0.1:8301".into()),
            restconf: None,
            sessions: vec![session("ad\x1bmin", "127.0.0.1"), session("", "EEM:DOWN")],
            details: None,
        }
    }

    fn nodes() -> [Row; 2] {
        [Row::Virtual(router()), Row::Real { name: "sand\x1bbox".into() }]
    }

    /// Goal: the table reads well, and a name cannot draw on the terminal. Method: a node of each
    /// kind.
    #[test]
    fn the_table_reads_well() {
        let text = format!("{}\n", table(&nodes()));
        expect_test::expect_file!["snapshots/nodes.txt"].assert_eq(&text);
    }

    /// Goal: a node from near reads well. Method: one of each thing that it can have.
    #[test]
    fn details_read_well() {
        let interface =
            |name: &str, address: Option<&str>, status: &str, protocol: &str| Interface {
                name: name.into(),
                address: address.map(str::to_owned),
                status: status.into(),
                protocol: protocol.into(),
            };
        let interface_list = vec![
            interface("GigabitEthernet1", Some("10.0.12.1"), "up", "up"),
            interface("GigabitEthernet2", None, "administratively down", "down"),
        ];
        let applet_list = vec![Applet { name: "DOWN".into(), event: "syslog".into(), runs: 3 }];
        let details = Some(Details { interface_list, applet_list });
        let row = Row::Virtual(Router { details, ..router() });
        let text = format!("{}\n", super::details(&[row]));
        expect_test::expect_file!["snapshots/node.txt"].assert_eq(&text);
    }

    /// Goal: programs get one flat object per node, by which they can be told apart, and read back
    /// what was written. Method: without details and with them.
    #[test]
    fn rows_are_flat_objects() {
        let want = concat!(
            r#"[{"kind":"virtual","name":"R1","hostname":"R1\u001b[2J","#,
            r#""interfaces":{"up":3,"total":10},"applets":2,"ssh":"127.0.0.1:2201","#,
            r#""netconf":"127.0.0.1:8301","restconf":null,"#,
            r#""sessions":[{"user":"ad\u001bmin","line":"vty 0","from":"127.0.0.1","#,
            r#""since":"2026-01-01T00:00:00.000000Z"},{"user":"","line":"vty 0","#,
            r#""from":"EEM:DOWN","since":"2026-01-01T00:00:00.000000Z"}]},"#,
            r#"{"kind":"real","name":"sand\u001bbox"}]"#
        );
        assert_eq!(serde_json::to_string(&nodes()).unwrap(), want);
        assert_eq!(serde_json::from_str::<Vec<Row>>(want).unwrap(), nodes());
        let details = Some(Details { interface_list: Vec::new(), applet_list: Vec::new() });
        let near = Row::Virtual(Router { details, sessions: Vec::new(), ..router() });
        let text = serde_json::to_string(&near).unwrap();
        assert!(text.ends_with(r#""sessions":[],"interface_list":[],"applet_list":[]}"#), "{text}");
        assert_eq!(serde_json::from_str::<Row>(&text).unwrap(), near);
    }
}
