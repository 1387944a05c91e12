//! What the nodes of a running lab look like: a table for people, a list for programs.
//!
//! Rows are made by the live loop, travel over the control socket, and are printed by `inspect`.

use comfy_table::Table;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use host::text::printable;
use lab::Lab;
use serde::{Deserialize, Serialize};

/// One node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its name in the topology.
    pub name: String,
    /// What its prompt says.
    pub hostname: String,
    /// Its interfaces, long names, in IOS order.
    pub interfaces: Vec<String>,
    /// Where its SSH server is, if it has one.
    pub ssh: Option<String>,
}

/// The rows of a lab, in the order of its topology. Where a node listens is not the lab's to know.
pub(crate) fn rows(lab: &Lab) -> Vec<Row> {
    let row = |node: lab::NodeView<'_>| Row {
        name: node.name.to_string(),
        hostname: node.hostname.to_owned(),
        interfaces: node.interfaces,
        ssh: None,
    };
    lab.nodes().map(row).collect()
}

/// The rows as a table with round corners.
pub fn table(rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED.with_rounded_corners());
    table.set_header(["Node", "Hostname", "Interfaces", "SSH"]);
    for row in rows {
        let interfaces: Vec<_> = row.interfaces.iter().map(|name| printable(name)).collect();
        table.add_row([
            printable(&row.name).into_owned(),
            printable(&row.hostname).into_owned(),
            interfaces.join("\n"),
            row.ssh.clone().unwrap_or_else(|| "-".to_owned()),
        ]);
    }
    table.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the table reads well, and a hostname cannot draw on the terminal. Method: one row.
    #[test]
    fn a_row_reads_well() {
        let row = Row {
            name: "R1".into(),
            hostname: "R1\x1b[2J".into(),
            interfaces: vec!["GigabitEthernet1".into(), "Loopback0".into()],
            ssh: Some("127.0.0.1:2201".into()),
        };
        let want = "\
╭──────┬─────────────┬──────────────────┬────────────────╮
│ Node ┆ Hostname    ┆ Interfaces       ┆ SSH            │
╞══════╪═════════════╪══════════════════╪════════════════╡
│ R1   ┆ R1\\u{1b}[2J ┆ GigabitEthernet1 ┆ 127.0.0.1:2201 │
│      ┆             ┆ Loopback0        ┆                │
╰──────┴─────────────┴──────────────────┴────────────────╯";
        assert_eq!(table(&[row]), want);
    }
}
