//! `neighbor X ...`: the options of a neighbor or of a peer group, of its session and of a family.

use std::net::IpAddr;

use cli::{Args, Kind, Token, kw, one_of, opt, param};

use super::ORDER;
use super::family::family_path;
use crate::command::{Command, Mode, Reply};
use crate::device::State;
use crate::feature::routing::commands::{form, full, path, ruled, words};
use crate::feature::routing::tokens::{Asn, ROUTE_MAP};
use crate::feature::routing::{self, Block, Form, Lines, Path, may_name, review};
use crate::session::Session;
use crate::turn::Turn;

/// How many neighbors and groups one process has.
const NEIGHBORS_MAX: usize = 1000;

const NEIGHBOR: Token = kw("neighbor", "Specify a neighbor router");
const NAME: Token = param("neighbor", Kind::Word, "Neighbor address or peer-group name");
const SECONDS: Kind = Kind::Integer { min: 0, max: 65_535 };
const ASN: Token = param("as", Kind::Word, "AS of remote neighbor");
const BOTH_WAYS: Token =
    one_of(&[&[kw("in", "Filter incoming updates")], &[kw("out", "Filter outgoing updates")]]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    ruled(
        &[Mode::Router(routing::Kind::Bgp), Mode::Router(routing::Kind::BgpVrf)],
        &[NEIGHBOR, NAME, SESSION],
        neighbor,
    ),
    ruled(
        &[
            Mode::Router(routing::Kind::Bgp),
            Mode::Router(routing::Kind::BgpFamily),
            Mode::Router(routing::Kind::BgpVrf),
        ],
        &[NEIGHBOR, NAME, FAMILY],
        neighbor,
    ),
];

/// The first words of the options of a session; all others are of a family.
const OF_SESSION: &[&str] = &[
    "remote-as",
    "peer-group",
    "local-as",
    "cluster-id",
    "description",
    "shutdown",
    "password",
    "ttl-security",
    "ebgp-multihop",
    "disable-connected-check",
    "update-source",
    "version",
    "transport",
    "timers",
    "fall-over",
];

const SESSION: Token = one_of(&[
    &[kw("remote-as", "Specify a BGP neighbor"), ASN],
    &[
        kw("peer-group", "Member of the peer-group"),
        opt(&[param("group", Kind::Word, "Peer-group name")]),
    ],
    &[
        kw("inherit", "Inherit a template"),
        kw("peer-session", "Inherit a peer-session template"),
        param("template", Kind::Word, "Template name"),
    ],
    &[
        kw("local-as", "Specify a local-as number"),
        param("as", Kind::Word, "AS number used as local AS"),
        opt(&[
            kw("no-prepend", "Do not prepend local-as to updates from ebgp peers"),
            opt(&[
                kw("replace-as", "Replace real AS with local AS in the EBGP updates"),
                opt(&[kw("dual-as", "Accept either real AS or local AS from the ebgp peer")]),
            ]),
        ]),
    ],
    &[kw("cluster-id", "Configure Route-Reflector Cluster-id"), param("id", Kind::Word, "ID")],
    &[
        kw("description", "Neighbor specific description"),
        param("text", Kind::Line, "Up to 80 characters describing this neighbor"),
    ],
    &[
        kw("shutdown", "Administratively shut down this neighbor"),
        opt(&[param("graceful", Kind::Line, "Gracefully shut down this neighbor")]),
    ],
    &[
        kw("password", "Set a password"),
        opt(&[param("type", Kind::Integer { min: 0, max: 7 }, "Encryption type")]),
        param("secret", Kind::Word, "The password"),
    ],
    &[
        kw("ttl-security", "BGP ttl security check"),
        kw("hops", "IP hops"),
        param("hops", Kind::Integer { min: 1, max: 254 }, "maximum number of hops allowed"),
    ],
    &[
        kw("ebgp-multihop", "Allow EBGP neighbors not on directly connected networks"),
        opt(&[param("hops", Kind::Integer { min: 1, max: 255 }, "maximum hop count")]),
    ],
    &[kw("disable-connected-check", "one-hop away EBGP peer using loopback address")],
    &[
        kw("update-source", "Source of routing updates"),
        param("interface", Kind::Interface, "Interface"),
    ],
    &[
        kw("version", "Set the BGP version to match a neighbor"),
        param("version", Kind::Integer { min: 4, max: 4 }, "Neighbor's BGP version"),
    ],
    &[
        kw("transport", "Transport options"),
        one_of(&[
            &[
                kw("connection-mode", "Specify passive or active connection"),
                one_of(&[
                    &[kw("active", "Actively establish the TCP session")],
                    &[kw("passive", "Passively establish the TCP session")],
                ]),
            ],
            &[kw("multi-session", "Use Multi-session for transport")],
            &[
                kw("path-mtu-discovery", "Use transport path MTU discovery"),
                opt(&[kw("disable", "disable")]),
            ],
            &[kw("single-session", "Use Single session for transport")],
        ]),
    ],
    &[
        kw("timers", "BGP per neighbor timers"),
        param("keepalive", SECONDS, "Keepalive interval"),
        param("hold", SECONDS, "Holdtime"),
        opt(&[param("least", SECONDS, "Minimum hold time from neighbor")]),
    ],
    &[
        kw("fall-over", "session fall on peer route lost"),
        opt(&[one_of(&[
            &[
                kw("bfd", "Use BFD to detect failure"),
                opt(&[one_of(&[
                    &[kw("multi-hop", "Force BFD multi-hop")],
                    &[kw("single-hop", "Force BFD single-hop")],
                ])]),
            ],
            &[kw("route-map", "Route map for peer route"), param("map", Kind::Word, "Name")],
        ])]),
    ],
]);

const FAMILY: Token = one_of(&[
    &[kw("activate", "Enable the Address Family for this Neighbor")],
    &[
        kw("inherit", "Inherit a template"),
        kw("peer-policy", "Inherit a peer-policy template"),
        param("template", Kind::Word, "Template name"),
        opt(&[param("sequence", Kind::Integer { min: 1, max: 65_535 }, "Sequence number")]),
    ],
    &[
        kw("advertisement-interval", "Minimum interval between sending BGP routing updates"),
        param("secs", Kind::Integer { min: 0, max: 600 }, "time in seconds"),
    ],
    &[
        kw("allowas-in", "Accept as-path with my AS present in it"),
        opt(&[param("count", Kind::Integer { min: 1, max: 10 }, "Number of occurances")]),
    ],
    &[kw("as-override", "Override matching AS-number while sending update")],
    &[
        kw("capability", "Advertise capability to the peer"),
        kw("orf", "Advertise ORF capability to the peer"),
        kw("prefix-list", "Advertise prefixlist ORF capability to this neighbor"),
        one_of(&[
            &[kw("both", "Capability to SEND and RECEIVE the ORF to/from this neighbor")],
            &[kw("receive", "Capability to RECEIVE the ORF from this neighbor")],
            &[kw("send", "Capability to SEND the ORF to this neighbor")],
        ]),
    ],
    &[kw("default-originate", "Originate default route to this neighbor"), opt(ROUTE_MAP)],
    &[kw("distribute-list", "Filter updates to/from this neighbor"), LIST, BOTH_WAYS],
    &[kw("dmzlink-bw", "Propagate the DMZ link bandwidth")],
    &[
        kw("filter-list", "Establish BGP filters"),
        param("list", Kind::Integer { min: 1, max: 500 }, "AS path access list"),
        BOTH_WAYS,
    ],
    &[
        kw("maximum-prefix", "Maximum number of prefixes accepted from this peer"),
        param(
            "prefixes",
            Kind::Integer { min: 1, max: 2_147_483_647 },
            "maximum no. of prefix limit",
        ),
        opt(&[param("percent", Kind::Integer { min: 1, max: 100 }, "Threshold value (%)")]),
        opt(&[one_of(&[
            &[
                kw("restart", "Restart bgp connection after limit is exceeded"),
                param("minutes", Kind::Integer { min: 1, max: 65_535 }, "Restart interval"),
            ],
            &[kw("warning-only", "Only give warning message when limit is exceeded")],
        ])]),
    ],
    &[
        kw("next-hop-self", "Disable the next hop calculation for this neighbor"),
        opt(&[kw("all", "Enable next-hop-self for both eBGP and iBGP received paths")]),
    ],
    &[
        kw("next-hop-unchanged", "Propagate next hop unchanged for iBGP paths to this neighbor"),
        opt(&[kw("allpaths", "Propagate next hop unchanged for all paths")]),
    ],
    &[kw("prefix-list", "Filter updates to/from this neighbor"), LIST, BOTH_WAYS],
    &[
        kw("remove-private-as", "Remove private AS number from outbound updates"),
        opt(&[
            kw("all", "Remove all private AS numbers"),
            opt(&[kw("replace-as", "Replace them")]),
        ]),
    ],
    &[
        kw("route-map", "Apply route map to neighbor"),
        param("map", Kind::Word, "Name of route map"),
        BOTH_WAYS,
    ],
    &[kw("route-reflector-client", "Configure a neighbor as Route Reflector client")],
    &[kw("route-server-client", "Configure a neighbor as Route Server client")],
    &[
        kw("send-community", "Send Community attribute to this neighbor"),
        opt(&[one_of(&[
            &[kw("both", "Send Standard and Extended Community attributes")],
            &[kw("extended", "Send Extended Community attribute")],
            &[kw("standard", "Send Standard Community attribute")],
        ])]),
    ],
    &[kw("send-label", "Send NLRI + MPLS Label to this peer")],
    &[
        kw("soft-reconfiguration", "Per neighbor soft reconfiguration"),
        kw("inbound", "Allow inbound soft reconfiguration for this neighbor"),
    ],
    &[kw("soo", "Site-of-Origin extended community"), param("soo", Kind::Word, "ASN:nn")],
    &[
        kw("unsuppress-map", "Route-map to selectively unsuppress suppressed routes"),
        param("map", Kind::Word, "Name of route map"),
    ],
    &[
        kw("weight", "Set default weight for routes from this neighbor"),
        param("weight", Kind::Integer { min: 0, max: 65_535 }, "default weight"),
    ],
]);

const LIST: Token = param("list", Kind::Word, "Name of the list");

/// What a line is about.
struct Line<'a> {
    name: String,
    /// The line in whole words, values as they are printed.
    words: String,
    option: &'a str,
    form: Form,
}

fn neighbor(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Some(name) = args.text("neighbor") else { return Reply::Incomplete };
    let Some(name) = spelt(name) else {
        return Reply::Invalid { column: args.column("neighbor") };
    };
    let typed = words(args);
    let (form, option) = (form(args), typed.split(' ').nth(2).unwrap_or_default());
    let words = match printed(turn.state, args, &name, &typed) {
        Ok(words) => words,
        Err(reply) => return reply,
    };
    let line = Line { name, words, option, form };
    let of_session = OF_SESSION.contains(&option) || line.words.contains(" peer-session ");
    let home = session_path(session);
    let Some(block) = turn.state.routers.get(&home) else { return Reply::Done };
    if let Some(refusal) = refusal(turn.state, block, &line) {
        return Reply::Refused(refusal.into());
    }
    let reply = match (option, form) {
        ("", _) => remove(turn, &home, &line.name),
        ("remote-as", Form::No | Form::Default) => remove_as(turn, &home, &line.name),
        ("peer-group", Form::No | Form::Default) => leave_group(turn, &home, &line),
        ("activate", _) => activate(turn, &family_path(session), &home, &line),
        (_, _) => {
            let path = if of_session { home } else { family_path(session) };
            set(turn, &path, &line)
        }
    };
    review(turn);
    reply
}

/// The block that holds the sessions: a family of a VRF has its own neighbors.
fn session_path(session: &Session) -> Path {
    let mut path = path(session);
    if path.last().is_some_and(|step| step.kind == routing::Kind::BgpFamily) {
        path.pop();
    }
    path
}

/// An address in its usual form, or the name of a group.
fn spelt(name: &str) -> Option<String> {
    if let Ok(address) = name.parse::<IpAddr>() {
        let bad = address.is_unspecified() || address.is_multicast();
        return (!bad).then(|| address.to_string().to_uppercase());
    }
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.contains(':');
    is_name.then(|| name.to_owned())
}

/// The line as it is printed: numbers of autonomous systems plain, what IOS adds added.
fn printed(state: &State, args: &Args, name: &str, typed: &str) -> Result<String, Reply> {
    let rest = typed.splitn(3, ' ').nth(2).map(|rest| format!(" {rest}")).unwrap_or_default();
    let mut words = format!("neighbor {name}{rest}");
    if args.text("as").is_some() {
        let Asn(asn) = Asn::of(args, "as").map_err(|column| Reply::Invalid { column })?;
        let after = rest.splitn(4, ' ').nth(3).map(|more| format!(" {more}"));
        let option = if args.has("remote-as") { "remote-as" } else { "local-as" };
        words = format!("neighbor {name} {option} {asn}{}", after.unwrap_or_default());
    }
    if rest == " ebgp-multihop" {
        words += " 255";
    }
    if let (Some(kind), Some(secret)) = (args.number("type"), args.text("secret")) {
        match kind {
            0 => words = format!("neighbor {name} password {secret}"),
            7 => {}
            _ => return Err(Reply::Invalid { column: args.column("type") }),
        }
    }
    if let Some(source) = args.interface("interface").filter(|_| form(args) == Form::Set)
        && !may_name(state, source)
    {
        return Err(Reply::Invalid { column: args.column("interface") });
    }
    if form(args) == Form::Set && matches!(args.number("hold"), Some(1 | 2)) {
        let text = "% Invalid hold time, it must be 0 or at least 3 seconds\n";
        return Err(Reply::Refused(text.into()));
    }
    Ok(words)
}

/// What IOS says of an option that does not fit to what is there.
fn refusal(state: &State, block: &Block, line: &Line<'_>) -> Option<&'static str> {
    if line.form != Form::Set {
        return None;
    }
    let Line { name, option, .. } = line;
    let lines = &block.lines;
    let has = |name: &str, words: &str| lines.has(&format!("neighbor {name} {words}"));
    let is_address = name.parse::<IpAddr>().is_ok();
    let is_known = has(name, "remote-as") || has(name, "peer-group");
    let group = line.words.strip_prefix(&format!("neighbor {name} peer-group "));
    let is_own = |address: &IpAddr| match address {
        IpAddr::V4(own) => state.interfaces.has_address(*own),
        IpAddr::V6(_) => false,
    };
    match (*option, group) {
        ("remote-as", _) if !is_address && !is_known => Some("% Configure the peer-group first\n"),
        ("remote-as", _) if name.parse().is_ok_and(|address| is_own(&address)) => {
            Some("% Cannot configure the local system as neighbor\n")
        }
        ("remote-as", _) => None,
        ("peer-group", None) if is_address => Some("% Incomplete command.\n\n"),
        ("peer-group", None) => None,
        ("peer-group", Some(group)) if !has(group, "peer-group") => {
            Some("% Configure the peer-group first\n")
        }
        ("peer-group", Some(group)) if !has(name, "remote-as") && !has(group, "remote-as") => {
            Some("% Specify remote-as or peer-group remote AS first\n")
        }
        ("peer-group", Some(_)) => None,
        ("inherit", _) if line.words.contains(" peer-session ") => None,
        (_, _) if !is_known => Some("% Specify remote-as or peer-group commands first\n"),
        ("ttl-security", _) if has(name, "ebgp-multihop") => {
            Some("Remove ebgp-multihop before configuring ttl-security\n")
        }
        ("ebgp-multihop", _) if has(name, "ttl-security") => {
            Some("Remove ttl-security before configuring ebgp-multihop\n")
        }
        (_, _) => None,
    }
}

fn set(turn: &mut Turn<'_>, path: &Path, line: &Line<'_>) -> Reply {
    let Some(block) = turn.state.routers.get_mut(path) else { return Reply::Done };
    let is_new = matches!(line.option, "remote-as" | "peer-group") && line.form == Form::Set;
    if is_new && block.lines.of("neighbor").count() >= NEIGHBORS_MAX * 4 {
        return full();
    }
    match block.lines.set(&ORDER, &line.words, line.form) {
        true => Reply::Done,
        false => full(),
    }
}

/// Everything that is said of a neighbor, in its block and in the families below.
fn remove(turn: &mut Turn<'_>, home: &Path, name: &str) -> Reply {
    let Some(block) = turn.state.routers.get_mut(home) else { return Reply::Done };
    forget(&mut block.lines, name);
    let families = block.below.iter_mut().filter(|(step, _)| step.kind == routing::Kind::BgpFamily);
    families.for_each(|(_, family)| forget(&mut family.lines, name));
    Reply::Done
}

fn forget(lines: &mut Lines, name: &str) {
    lines.forget(&format!("neighbor {name}"));
    lines.forget(&format!("no neighbor {name}"));
}

/// Without an autonomous system there is no neighbor, unless its group has one.
fn remove_as(turn: &mut Turn<'_>, home: &Path, name: &str) -> Reply {
    let Some(block) = turn.state.routers.get_mut(home) else { return Reply::Done };
    let lines = &block.lines;
    let group = lines.get(&format!("neighbor {name} peer-group")).map(str::to_owned);
    let stays = group
        .is_some_and(|group| group.is_empty() || lines.has(&format!("neighbor {group} remote-as")));
    if !stays {
        return remove(turn, home, name);
    }
    block.lines.forget(&format!("neighbor {name} remote-as"));
    Reply::Done
}

/// A member without a number of its own goes with the membership; a group goes with its members.
fn leave_group(turn: &mut Turn<'_>, home: &Path, line: &Line<'_>) -> Reply {
    let Some(block) = turn.state.routers.get_mut(home) else { return Reply::Done };
    let is_group = block.lines.get(&format!("neighbor {} peer-group", line.name)) == Some("");
    if !is_group {
        block.lines.forget(&format!("neighbor {} peer-group", line.name));
        return match block.lines.has(&format!("neighbor {} remote-as", line.name)) {
            true => Reply::Done,
            false => remove(turn, home, &line.name),
        };
    }
    let members: Vec<String> = names(&block.lines)
        .filter(|name| block.lines.get(&format!("neighbor {name} peer-group")) == Some(&line.name))
        .map(str::to_owned)
        .collect();
    remove(turn, home, &line.name);
    for member in members {
        let line = Line { name: member, words: String::new(), option: "peer-group", ..*line };
        leave_group(turn, home, &line);
    }
    Reply::Done
}

/// The neighbors and groups that these lines define, each once, in order.
pub(crate) fn names(lines: &Lines) -> impl Iterator<Item = &str> {
    let mut last = "";
    lines.of("neighbor").filter_map(move |line| {
        let (name, option) = line.split_once(' ')?;
        let defines = option.starts_with("remote-as ") || option.starts_with("peer-group");
        let is_new = defines && name != last;
        if is_new {
            last = name;
        }
        is_new.then_some(name)
    })
}

/// Whether a neighbor is active in a family unless a line says otherwise.
pub(crate) fn is_active_by_default(process: &Block, family: &str, name: &str) -> bool {
    let is_ipv4 = name.parse::<IpAddr>().map_or(true, |address| address.is_ipv4());
    match family.strip_prefix("address-family ") {
        Some("ipv4") => is_ipv4 && !process.lines.has("no bgp default ipv4-unicast"),
        Some(vrf) if vrf.starts_with("ipv4 vrf ") => is_ipv4,
        Some(_) | None => false,
    }
}

/// Whether it is active.
pub(crate) fn is_active(process: &Block, family: (&str, &Block), name: &str) -> bool {
    let (header, block) = family;
    let says = |no: &str| block.lines.has(&format!("{no}neighbor {name} activate"));
    match is_active_by_default(process, header, name) {
        true => !says("no "),
        false => says(""),
    }
}

/// A line is kept of what is not so by default.
fn activate(turn: &mut Turn<'_>, path: &Path, home: &Path, line: &Line<'_>) -> Reply {
    let header = path.last().map(|step| step.header.clone()).unwrap_or_default();
    let Some(process) = turn.state.routers.get(&home[..1]) else { return Reply::Done };
    let by_default = is_active_by_default(process, &header, &line.name);
    let Some(block) = turn.state.routers.get_mut(path) else { return Reply::Done };
    set_active(&mut block.lines, &line.name, (by_default, line.form == Form::Set));
    Reply::Done
}

fn set_active(lines: &mut Lines, name: &str, (by_default, active): (bool, bool)) {
    let words = format!("neighbor {name} activate");
    let form = if by_default == active { Form::Default } else { Form::Set };
    let _ = lines.set(&ORDER, &words, form);
    if by_default && !active {
        lines.negate(&ORDER, &words);
    }
}

/// `bgp default ipv4-unicast` is another from now on: no neighbor changes by it.
pub(super) fn flip_default(process: &mut Block, by_default: bool) {
    let names: Vec<String> = names(&process.lines).map(str::to_owned).collect();
    let ipv4 = process.below.iter_mut().find(|(step, _)| step.header == "address-family ipv4");
    let Some((_, family)) = ipv4 else { return };
    for name in names.iter().filter(|name| !name.contains(':')) {
        let words = format!("neighbor {name} activate");
        let active = match by_default {
            true => family.lines.has(&words),
            false => !family.lines.has(&format!("no {words}")),
        };
        set_active(&mut family.lines, name, (by_default, active));
    }
}
