//! `show snmp`, and `show snmp community`, `host`, `group`, `user`, `view`, `engineID`, `location`,
//! `contact`, `chassis`, in the layouts that clients read.

use std::fmt::Write as _;
use std::net::IpAddr;

use cli::{Args, Kind, No, Token, kw, opt, param};

use super::settings::{Group, Model, Security};
use crate::command::{Command, Handler, Mode, Reply};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const SNMP: Token = kw("snmp", "snmp statistics");

/// What an agent says that no line has made.
const NOT_ENABLED: &str = "%SNMP agent not enabled\n";

/// The most octets of a packet (`snmp-server packetsize`), and packets that wait for it.
const PACKET_BYTES_MAX: &str = "1500";
const QUEUE_MAX: &str = "1000";

/// The view of those that are given none.
const VIEW_DEFAULT: &str = "v1default";

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    show(&[SHOW, SNMP], summary),
    show(&[SHOW, SNMP, kw("community", "show snmp communities")], communities),
    show(&[SHOW, SNMP, kw("host", "show snmp hosts")], hosts),
    show(&[SHOW, SNMP, kw("group", "show SNMPv3 groups")], groups),
    show(
        &[
            SHOW,
            SNMP,
            kw("user", "show SNMPv3 users"),
            opt(&[param("user", Kind::Word, "Name of the user")]),
        ],
        users,
    ),
    show(&[SHOW, SNMP, kw("view", "show snmp views")], views),
    show(&[SHOW, SNMP, kw("engineid", "show local and remote SNMP engine IDs")], engine),
    show(&[SHOW, SNMP, kw("location", "show SNMP MIB-II sysLocation")], location),
    show(&[SHOW, SNMP, kw("contact", "show SNMP MIB-II sysContact")], contact),
    show(&[SHOW, SNMP, kw("chassis", "show SNMP chassis")], chassis),
];

const fn show(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

/// What an agent says, if there is one.
fn of(turn: &Turn<'_>, text: impl FnOnce(&State) -> String) -> Reply {
    match super::is_on(turn.state) {
        true => Reply::Text(text(turn.state)),
        false => Reply::Refused(NOT_ENABLED.into()),
    }
}

fn chassis_of(state: &State) -> &str {
    state.snmp.chassis.as_deref().unwrap_or_else(|| state.system.serial())
}

fn chassis(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    of(turn, |state| format!("{}\n", chassis_of(state)))
}

fn location(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    of(turn, |state| format!("{}\n", state.snmp.location()))
}

fn contact(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    of(turn, |state| format!("{}\n", state.snmp.contact()))
}

fn summary(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    of(turn, |state| {
        let mut text = format!("Chassis: {}\n", chassis_of(state));
        for (word, given) in [("Contact", &state.snmp.contact), ("Location", &state.snmp.location)]
        {
            if let Some(given) = given {
                let _ = writeln!(text, "{word}: {given}");
            }
        }
        counts(&mut text);
        let traps = if state.snmp.traps.is_empty() { "disabled" } else { "enabled" };
        let _ = writeln!(text, "SNMP global trap: {traps}\n");
        let logging = if state.snmp.hosts.is_empty() { "disabled" } else { "enabled" };
        let _ = writeln!(text, "SNMP logging: {logging}");
        for host in &state.snmp.hosts {
            let (address, port) = (&host.address, host.port);
            let _ = writeln!(text, "    Logging to {address}.{port}, 0/10, 0 sent, 0 dropped.");
        }
        text.push_str("SNMP agent enabled\n");
        text
    })
}

/// No packet of SNMP comes to a router here, and none leaves.
fn counts(text: &mut String) {
    let input = [
        "Bad SNMP version errors",
        "Unknown community name",
        "Illegal operation for community name supplied",
        "Encoding errors",
        "Number of requested variables",
        "Number of altered variables",
        "Get-request PDUs",
        "Get-next PDUs",
        "Set-request PDUs",
    ];
    let output = [
        "No such name errors",
        "Bad values errors",
        "General errors",
        "Response PDUs",
        "Trap PDUs",
    ];
    text.push_str("0 SNMP packets input\n");
    input.iter().for_each(|what| *text += &format!("    0 {what}\n"));
    *text += &format!("    0 Input queue packet drops (Maximum queue size {QUEUE_MAX})\n");
    text.push_str("0 SNMP packets output\n");
    *text += &format!("    0 Too big errors (Maximum packet size {PACKET_BYTES_MAX})\n");
    output.iter().for_each(|what| *text += &format!("    0 {what}\n"));
    text.push_str("Packets currently in SNMP process input queue: 0\n");
}

fn communities(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    of(turn, |state| {
        let mut text = String::new();
        for community in &state.snmp.communities {
            let name = &community.name;
            let list = community.list.as_ref().map(|list| format!("\taccess-list: {list}"));
            let _ = write!(
                text,
                "\nCommunity name: {name}\nCommunity Index: {name}\n\
                 Community SecurityName: {name}\nstorage-type: nonvolatile\t active{}\n",
                list.unwrap_or_default()
            );
        }
        text + "\n"
    })
}

fn hosts(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    of(turn, |state| {
        let mut text = String::new();
        for host in &state.snmp.hosts {
            let kind = if host.informs { "inform" } else { "trap" };
            let _ = write!(
                text,
                "Notification host: {}\tudp-port: {}\ttype: {kind}\nuser: {}\tsecurity model: \
                 {}\n\n",
                host.address,
                host.port,
                host.name,
                host.model.shown()
            );
        }
        text
    })
}

/// Each community is a group of the first two versions, too.
fn groups(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    of(turn, |state| {
        let mut text = String::new();
        for community in &state.snmp.communities {
            for model in [Model::V1, Model::V2c] {
                let read = community.view.as_deref().unwrap_or(VIEW_DEFAULT);
                let write = if community.writes { Some(read) } else { None };
                let views = (Some(read), write, None);
                let row = (community.name.as_str(), model, None, "volatile");
                text += &group(row, views, community.list.as_deref());
            }
        }
        for one in &state.snmp.groups {
            let Group { name, model, context, read, write, notify, list, .. } = one;
            let views = (
                Some(read.as_deref().unwrap_or(VIEW_DEFAULT)),
                write.as_deref(),
                notify.as_deref(),
            );
            let row = (name.as_str(), *model, context.as_deref(), "nonvolatile");
            text += &group(row, views, list.as_deref());
        }
        text
    })
}

type Views<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>);

fn group(
    (name, model, context, storage): (&str, Model, Option<&str>, &str),
    (read, write, notify): Views<'_>,
    list: Option<&str>,
) -> String {
    let context = context.unwrap_or("<no context specified>");
    let read = read.unwrap_or("<no readview specified>");
    let write = write.unwrap_or("<no writeview specified>");
    let notify = notify.unwrap_or("<no notifyview specified>");
    let list = list.map(|list| format!("\taccess-list: {list}")).unwrap_or_default();
    format!(
        "groupname: {name:<32} security model:{} \ncontextname: {context:<30} storage-type: \
         {storage}\nreadview : {read:<32} writeview: {write:<32}\nnotifyview: {notify:<32}\n\
         row status: active{list}\n\n",
        match model {
            Model::V1 => "v1",
            Model::V2c => "v2c",
            Model::V3(Security::NoAuth) => "v3 noauth",
            Model::V3(Security::Auth) => "v3 auth",
            Model::V3(Security::Priv) => "v3 priv",
        }
    )
}

/// Those of version 3 alone.
fn users(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    of(turn, |state| {
        let wanted = args.text("user");
        let engine = engine_of(state);
        let mut text = String::new();
        let of_v3 = state.snmp.users.iter().filter(|user| user.version == 3);
        for user in of_v3.filter(|user| wanted.is_none_or(|wanted| wanted == user.name)) {
            let list = user.list.as_ref().map(|list| format!("\taccess-list: {list}"));
            let _ = write!(
                text,
                "\nUser name: {}\nEngine ID: {engine}\nstorage-type: nonvolatile\t active{}\n\
                 Authentication Protocol: {}\nPrivacy Protocol: {}\nGroup-name: {}\n",
                user.name,
                list.unwrap_or_default(),
                protocol(user.auth),
                protocol(user.privacy),
                user.group
            );
        }
        text + "\n"
    })
}

fn protocol(given: Option<&str>) -> String {
    given.map_or("None".to_owned(), str::to_ascii_uppercase)
}

fn views(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    of(turn, |state| {
        let mut text = String::new();
        for view in &state.snmp.views {
            let word = if view.included { "included" } else { "excluded" };
            let _ = writeln!(text, "{} {} - {word} nonvolatile active", view.name, view.tree);
        }
        let _ = writeln!(text, "{VIEW_DEFAULT} iso - included permanent active");
        let closed = ["internet.6.3.15", "internet.6.3.16", "internet.6.3.18"];
        for tree in closed {
            let _ = writeln!(text, "{VIEW_DEFAULT} {tree} - excluded permanent active");
        }
        text
    })
}

/// Cisco's number, 9, and the address of the first port (RFC 3411, section 5).
fn engine_of(state: &State) -> String {
    let mac = state.interfaces.readings(state.system.started(), state.system.started());
    let mac = mac.iter().find_map(|port| port.mac()).map(|mac| mac.to_string());
    let mac = mac.unwrap_or_default().replace('.', "").to_ascii_uppercase();
    state.snmp.engine.clone().unwrap_or_else(|| format!("800000090300{mac}"))
}

fn engine(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    of(turn, |state| {
        let mut text = format!("Local SNMP engineID: {}\n", engine_of(state));
        text.push_str("Remote Engine ID          IP-addr    Port\n");
        for line in state.inert.lines("snmp-server engineID remote") {
            let words: Vec<&str> = line.split(' ').collect();
            let [address, .., engine] = words.as_slice() else { continue };
            if address.parse::<IpAddr>().is_ok() {
                let _ = writeln!(text, "{engine:<25} {address:<10} {}", super::settings::TRAP_PORT);
            }
        }
        text
    })
}
