//! The two tables: one line an interface, columns as IOS sets them.

use std::fmt::Write as _;

use cli::InterfaceName;

use crate::feature::interface::fsm::Status;
use crate::feature::interface::state::up_or_down;
use crate::feature::interface::{Address, Interfaces};

/// `show ip interface brief`, of all interfaces or of one.
pub(super) fn ip_interface_brief(interfaces: &Interfaces, only: Option<&InterfaceName>) -> String {
    let mut text = String::new();
    row(&mut text, ["Interface", "IP-Address", "OK?", "Method", "Status", "Protocol"]);
    let wanted = |name: &InterfaceName| only.is_none_or(|only| only == name);
    for (name, interface) in interfaces.iter().filter(|(name, _)| wanted(name)) {
        let (address, method) = match interface.config.address {
            None => ("unassigned".to_owned(), "unset"),
            Some(Address { prefix, from_nvram }) => {
                (prefix.address().to_string(), if from_nvram { "NVRAM" } else { "manual" })
            }
        };
        let status = interface.link.status().as_str();
        let protocol = up_or_down(interface.link.protocol_up());
        row(&mut text, [&name.long(), &address, "YES", method, status, protocol]);
    }
    text
}

fn row(text: &mut String, columns: [&str; 6]) {
    let [name, address, ok, method, status, protocol] = columns;
    // IOS pads the last column too, in the header and in every row.
    let _ =
        writeln!(text, "{name:<22} {address:<15} {ok:<3} {method:<6} {status:<21} {protocol:<8}");
}

/// `show interfaces description`
pub(super) fn description(interfaces: &Interfaces) -> String {
    let mut text = format!("{:<30} {:<14} {:<8} Description\n", "Interface", "Status", "Protocol");
    for (name, interface) in interfaces.iter() {
        let status = match interface.link.status() {
            Status::AdminDown => "admin down",
            status @ (Status::Down | Status::Up) => status.as_str(),
        };
        let protocol = up_or_down(interface.link.protocol_up());
        let description = interface.config.description.as_deref().unwrap_or_default();
        let name = name.short();
        let _ = writeln!(text, "{name:<30} {status:<14} {protocol:<8} {description}");
    }
    text
}
