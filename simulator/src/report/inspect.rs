//! What the nodes of a running lab look like: a table for people, a list for programs.
//!
//! Rows are made by the live loop, travel over the control socket, and are printed by `inspect`.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, Table};
use host::text::printable;
use lab::Lab;
use serde::{Deserialize, Serialize};

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
}

/// How many interfaces a router has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interfaces {
    /// Those whose line protocol is up.
    pub up: usize,
    /// All.
    pub total: usize,
}

/// The rows of a lab: its virtual nodes in the order of its topology, then the real ones. Where a
/// node listens is not the lab's to know.
pub(crate) fn rows(lab: &Lab) -> Vec<Row> {
    let running = lab.nodes().map(|node| {
        let lab::InterfaceCounts { up, total } = node.interfaces;
        Row::Virtual(Router {
            name: node.name.to_string(),
            hostname: node.hostname.to_owned(),
            interfaces: Interfaces { up, total },
            applets: node.applets,
            ssh: None,
        })
    });
    let real = lab.real_nodes().map(|name| Row::Real { name: name.to_owned() });
    running.chain(real).collect()
}

/// The rows as a table with round corners.
pub fn table(rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED.with_rounded_corners());
    table.set_header(["Node", "Kind", "Interfaces up", "Applets", "SSH address"]);
    for row in rows {
        table.add_row(cells(row));
    }
    for number in [2, 3] {
        let column = table.column_mut(number).expect("the header has five columns");
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

fn cells(row: &Row) -> [String; 5] {
    let none = || "-".to_owned();
    match row {
        Row::Real { name } => [printable(name).into(), "real".into(), none(), none(), none()],
        Row::Virtual(Router {
            name, interfaces: Interfaces { up, total }, applets, ssh, ..
        }) => [
            printable(name).into(),
            "virtual".into(),
            format!("{up}/{total}"),
            applets.to_string(),
            ssh.clone().unwrap_or_else(none),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes() -> [Row; 2] {
        let router = Router {
            name: "R1".into(),
            hostname: "R1\x1b[2J".into(),
            interfaces: Interfaces { up: 3, total: 10 },
            applets: 2,
            ssh: Some("127.0.0.1:2201".into()),
        };
        [Row::Virtual(router), Row::Real { name: "sand\x1bbox".into() }]
    }

    /// Goal: the table reads well, and a name cannot draw on the terminal. Method: a node of each
    /// kind.
    #[test]
    fn the_table_reads_well() {
        let want = "\
╭───────────────┬─────────┬───────────────┬─────────┬────────────────╮
│ Node          ┆ Kind    ┆ Interfaces up ┆ Applets ┆ SSH address    │
╞═══════════════╪═════════╪═══════════════╪═════════╪════════════════╡
│ R1            ┆ virtual ┆          3/10 ┆       2 ┆ 127.0.0.1:2201 │
│ sand\\u{1b}box ┆ real    ┆             - ┆       - ┆ -              │
╰───────────────┴─────────┴───────────────┴─────────┴────────────────╯";
        assert_eq!(table(&nodes()), want);
    }

    /// Goal: programs get one flat object per node, by which they can be told apart.
    #[test]
    fn rows_are_flat_objects() {
        let want = concat!(
            r#"[{"kind":"virtual","name":"R1","hostname":"R1\u001b[2J","#,
            r#""interfaces":{"up":3,"total":10},"applets":2,"ssh":"127.0.0.1:2201"},"#,
            r#"{"kind":"real","name":"sand\u001bbox"}]"#
        );
        assert_eq!(serde_json::to_string(&nodes()).unwrap(), want);
    }
}
