//! What a router can do: one folder each, and one line here.
//!
//! A feature's folder holds its state (`mod.rs`), its commands (`config.rs`, `show.rs`, `exec.rs`)
//! and its part of the running-config. Adding one touches its folder and [`FEATURES`].

pub(crate) mod aaa;
pub(crate) mod absent;
pub(crate) mod acl;
pub(crate) mod archive;
pub(crate) mod banner;
pub(crate) mod bgp;
pub(crate) mod capture;
pub(crate) mod clock;
pub(crate) mod cpu;
pub(crate) mod debug;
pub(crate) mod discovery;
pub(crate) mod eem;
pub(crate) mod eigrp;
pub(crate) mod environment;
pub(crate) mod flash;
pub(crate) mod guestshell;
pub(crate) mod http;
pub(crate) mod inert;
pub(crate) mod interface;
pub(crate) mod keys;
pub(crate) mod line;
pub(crate) mod logging;
pub(crate) mod login;
pub(crate) mod memory;
pub(crate) mod names;
pub(crate) mod netconf;
pub(crate) mod ntp;
pub(crate) mod ospf;
pub(crate) mod ping;
pub(crate) mod policy;
pub(crate) mod privilege;
pub(crate) mod reload;
pub(crate) mod restconf;
pub(crate) mod route;
pub(crate) mod routing;
pub(crate) mod session;
pub(crate) mod sla;
pub(crate) mod snmp;
pub(crate) mod ssh;
pub(crate) mod switch;
pub(crate) mod system;
pub(crate) mod tcl;
pub(crate) mod template;
pub(crate) mod traceroute;
pub(crate) mod track;
pub(crate) mod user;
pub(crate) mod vrf;
pub(crate) mod webhook;

use crate::command::Command;
use crate::config::{self, Section};
use crate::io::Dialect;
use crate::platform::Role;

/// One feature: what it adds to the parser and to the running-config.
#[derive(Debug)]
pub(crate) struct Feature {
    /// Its commands.
    pub commands: &'static [&'static [Command]],
    /// Its parts of the running-config.
    pub sections: &'static [Section],
}

/// Every feature.
pub(crate) static FEATURES: &[Feature] = &[
    Feature {
        commands: &[
            session::level::COMMANDS,
            session::lock::COMMANDS,
            session::place::COMMANDS,
            session::place::EVERYWHERE,
            session::TERMINAL,
            session::SEND,
            session::show::COMMANDS,
        ],
        sections: session::lock::SECTIONS,
    },
    Feature { commands: &[config::commands::COMMANDS], sections: &[] },
    Feature {
        commands: &[names::config::COMMANDS, names::show::COMMANDS],
        sections: names::config::SECTIONS,
    },
    Feature {
        commands: &[
            system::config::COMMANDS,
            system::license::COMMANDS,
            system::parts::COMMANDS,
            system::show::COMMANDS,
            system::tech::COMMANDS,
            system::yang::COMMANDS,
        ],
        sections: system::config::SECTIONS,
    },
    Feature {
        commands: &[clock::config::COMMANDS, clock::show::COMMANDS],
        sections: clock::config::SECTIONS,
    },
    Feature {
        commands: &[aaa::config::COMMANDS, aaa::lockout::COMMANDS],
        sections: aaa::config::SECTIONS,
    },
    Feature {
        commands: &[user::config::COMMANDS, user::encryption::COMMANDS],
        sections: user::config::SECTIONS,
    },
    Feature {
        commands: &[
            archive::config::COMMANDS,
            archive::confirm::COMMANDS,
            archive::replace::COMMANDS,
            archive::show::COMMANDS,
        ],
        sections: archive::config::SECTIONS,
    },
    Feature {
        commands: &[
            line::access::COMMANDS,
            line::config::COMMANDS,
            line::exec::COMMANDS,
            line::show::COMMANDS,
            line::show::OTHERS,
        ],
        sections: line::SECTIONS,
    },
    Feature { commands: &[banner::COMMANDS], sections: banner::SECTIONS },
    Feature { commands: &[privilege::COMMANDS], sections: privilege::SECTIONS },
    Feature { commands: &[logging::service::COMMANDS], sections: logging::service::SECTIONS },
    Feature {
        commands: &[
            logging::config::COMMANDS,
            logging::collector::COMMANDS,
            logging::discriminator::COMMANDS,
            logging::history::COMMANDS,
            logging::tls::COMMANDS,
            logging::show::COMMANDS,
        ],
        sections: logging::print::SECTIONS,
    },
    Feature {
        commands: &[
            interface::bundle::COMMANDS,
            interface::config::COMMANDS,
            interface::config::IPV6_COMMANDS,
            interface::config::RANGE,
            interface::config::VRF_COMMANDS,
            interface::exec::COMMANDS,
            interface::show::COMMANDS,
            interface::show::IPV6_TABLES,
            interface::show::TABLES,
        ],
        sections: interface::config::SECTIONS,
    },
    Feature {
        commands: &[
            discovery::config::COMMANDS,
            discovery::cdp::COMMANDS,
            discovery::lldp::COMMANDS,
        ],
        sections: discovery::config::SECTIONS,
    },
    Feature {
        commands: &[
            route::cef::COMMANDS,
            route::config::COMMANDS,
            route::exec::COMMANDS,
            route::show::COMMANDS,
            route::show_v6::COMMANDS,
        ],
        sections: route::config::SECTIONS,
    },
    Feature {
        commands: &[http::config::COMMANDS, http::show::COMMANDS],
        sections: http::config::SECTIONS,
    },
    Feature { commands: &[policy::lists::COMMANDS], sections: policy::lists::SECTIONS },
    Feature {
        commands: &[policy::prefix::COMMANDS, policy::prefix::SHOW],
        sections: policy::prefix::SECTIONS,
    },
    Feature {
        commands: &[policy::route_map::COMMANDS, policy::route_map::SHOW],
        sections: policy::route_map::SECTIONS,
    },
    Feature {
        commands: &[vrf::config::COMMANDS, vrf::show::COMMANDS],
        sections: vrf::config::SECTIONS,
    },
    Feature {
        commands: &[routing::commands::COMMANDS, routing::protocols::COMMANDS],
        sections: &[],
    },
    Feature {
        commands: &[
            eigrp::config::ROUTER,
            eigrp::config::COMMANDS,
            eigrp::config::ROUTE_LINES,
            eigrp::named::COMMANDS,
            eigrp::interface::COMMANDS,
            eigrp::show::COMMANDS,
        ],
        sections: eigrp::SECTIONS,
    },
    Feature {
        commands: &[
            bgp::config::ROUTER,
            bgp::config::COMMANDS,
            bgp::config::OF_VRF,
            bgp::config::SHARED,
            bgp::family::COMMANDS,
            bgp::neighbor::COMMANDS,
            bgp::exec::COMMANDS,
            bgp::show::COMMANDS,
        ],
        sections: bgp::SECTIONS,
    },
    Feature {
        commands: &[
            ospf::config::ROUTER,
            ospf::config::COMMANDS,
            ospf::config::TIMERS,
            ospf::area::COMMANDS,
            ospf::interface::COMMANDS,
            ospf::exec::COMMANDS,
            ospf::show::COMMANDS,
        ],
        sections: ospf::SECTIONS,
    },
    Feature {
        commands: &[
            acl::config::COMMANDS,
            acl::guard::COMMANDS,
            acl::clear::COMMANDS,
            acl::show::COMMANDS,
        ],
        sections: acl::config::SECTIONS,
    },
    Feature {
        commands: &[
            sla::config::COMMANDS,
            sla::job::COMMANDS,
            sla::schedule::COMMANDS,
            sla::show::COMMANDS,
        ],
        sections: sla::config::SECTIONS,
    },
    Feature {
        commands: &[track::config::COMMANDS, track::show::COMMANDS],
        sections: track::config::SECTIONS,
    },
    Feature {
        commands: &[login::config::COMMANDS, login::show::COMMANDS],
        sections: login::config::SECTIONS,
    },
    Feature {
        commands: &[ssh::config::COMMANDS, ssh::pubkey::COMMANDS, ssh::show::COMMANDS],
        sections: ssh::config::SECTIONS,
    },
    Feature { commands: &[ntp::config::COMMANDS, ntp::show::COMMANDS], sections: ntp::SECTIONS },
    Feature {
        commands: &[snmp::config::COMMANDS, snmp::show::COMMANDS, snmp::tables::COMMANDS],
        sections: snmp::SECTIONS,
    },
    Feature { commands: &[ping::COMMANDS], sections: &[] },
    Feature { commands: &[traceroute::COMMANDS], sections: &[] },
    Feature { commands: &[reload::exec::COMMANDS], sections: &[] },
    Feature {
        commands: &[cpu::config::COMMANDS, cpu::history::COMMANDS, cpu::show::COMMANDS],
        sections: cpu::SECTIONS,
    },
    Feature { commands: &[environment::show::COMMANDS], sections: &[] },
    Feature {
        commands: &[memory::config::COMMANDS, memory::show::COMMANDS],
        sections: memory::SECTIONS,
    },
    Feature {
        commands: &[
            eem::config::COMMANDS,
            &eem::config::APPLET_LINES,
            &eem::config::TRIGGER_LINES,
            eem::settings::COMMANDS,
            eem::exec::COMMANDS,
            eem::scheduler::COMMANDS,
            eem::show::MANAGER_COMMANDS,
            eem::show::POLICY_COMMANDS,
        ],
        sections: eem::config::SECTIONS,
    },
    Feature {
        commands: &[
            flash::config::COMMANDS,
            flash::copy::COMMANDS,
            flash::erase::COMMANDS,
            flash::files::COMMANDS,
            flash::list::COMMANDS,
        ],
        sections: flash::config::SECTIONS,
    },
    Feature { commands: &[guestshell::COMMANDS], sections: &[] },
    Feature { commands: &[keys::COMMANDS], sections: &[] },
    Feature { commands: &[tcl::COMMANDS], sections: &[] },
    Feature { commands: &[capture::COMMANDS], sections: &[] },
    Feature { commands: &[inert::show::COMMANDS], sections: inert::SECTIONS },
];

/// What the course's dialect has besides.
static COURSE: &[&[Command]] = &[webhook::exec::COMMANDS, guestshell::COURSE_COMMANDS];

/// What a switch has besides.
static SWITCH: &[&[Command]] = &[switch::COMMANDS];

/// Every command of a router: those of the features, and those that tables make.
pub(crate) fn commands(dialect: Dialect, role: Role) -> impl Iterator<Item = &'static Command> {
    let course = match dialect {
        Dialect::IosXe => &[],
        Dialect::Course => COURSE,
    };
    let switch = match role {
        Role::Router => &[],
        Role::Switch => SWITCH,
    };
    let all = FEATURES.iter().flat_map(|feature| feature.commands).chain(course).chain(switch);
    all.copied()
        .flatten()
        .chain(acl::config::commands())
        .chain(policy::route_map::commands())
        .chain(debug::commands())
        .chain(snmp::traps::commands())
        .chain(inert::commands())
        .chain(absent::commands())
}
