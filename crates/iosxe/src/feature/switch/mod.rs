//! What a switch shows of its stack, its ports and its VLANs. Routers do not know these commands.
//!
//! Nothing is switched here: a frame is never forwarded, and this switch is the root of each tree.

mod database;
mod ports;
pub(crate) mod stack;
mod trees;

pub(crate) use trees::vlans;

use cli::{Kind, No, Token, kw, one_of, opt, param};

use crate::command::{Command, Handler, Mode};

const SHOW: Token = kw("show", "Show running system information");
const INTERFACES: Token = kw("interfaces", "Interface status and configuration");
const INTERFACE: Token = opt(&[param("interface", Kind::Interface, "Interface")]);

/// The commands of this folder.
pub(crate) const COMMANDS: &[Command] = &[
    show(
        &[
            SHOW,
            kw("switch", "show information about the stack ring"),
            opt(&[kw("detail", "show detailed information about the stack ring")]),
        ],
        stack::show_switch,
    ),
    show(&[SHOW, kw("module", "Module information")], stack::show_module),
    show(
        &[SHOW, kw("sdm", "Switch database management"), kw("prefer", "sdm template in use")],
        stack::show_sdm,
    ),
    show(
        &[SHOW, INTERFACES, INTERFACE, kw("status", "Show interface line status")],
        ports::show_status,
    ),
    show(
        &[SHOW, INTERFACES, INTERFACE, kw("switchport", "Show interface switchport information")],
        ports::show_switchport,
    ),
    show(
        &[SHOW, INTERFACES, INTERFACE, kw("trunk", "Show interface trunk information")],
        ports::show_trunk,
    ),
    show(
        &[
            SHOW,
            kw("vlan", "VTP VLAN status"),
            opt(&[one_of(&[
                &[kw("brief", "VTP all VLAN status in brief")],
                &[
                    kw("id", "VTP VLAN status by VLAN id"),
                    param("vlan", Kind::Integer { min: 1, max: 4094 }, "A VTP VLAN number"),
                ],
                &[
                    kw("name", "VTP VLAN status by VLAN name"),
                    param("name", Kind::Word, "A VTP VLAN name"),
                ],
                &[kw("summary", "VLAN summary information")],
            ])]),
        ],
        database::show,
    ),
    show(
        &[
            SHOW,
            kw("mac", "MAC configuration"),
            kw("address-table", "MAC forwarding table"),
            opt(&[kw("dynamic", "dynamic entry type")]),
        ],
        trees::show_addresses,
    ),
    show(
        &[
            SHOW,
            kw("spanning-tree", "Spanning tree topology"),
            opt(&[
                kw("vlan", "VLAN Switch Spanning Trees"),
                param("vlan", Kind::Integer { min: 1, max: 4094 }, "vlan id"),
            ]),
        ],
        trees::show_trees,
    ),
    show(
        &[
            SHOW,
            kw("spanning-tree", "Spanning tree topology"),
            kw("summary", "Summary of port states"),
        ],
        trees::show_summary,
    ),
];

const fn show(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}
