//! `snmp-server enable traps`: a table of what can be told, and the commands that it makes.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use cli::{Args, No, Token, any_of, kw};

use super::settings::Snmp;
use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// One line of the running-config: the words behind `traps`, and those of its options.
pub(super) struct Row {
    pub(super) words: &'static str,
    pub(super) options: &'static [&'static str],
    /// Whether a router has it when all are enabled; the others are those of switches.
    usual: bool,
}

const fn row(words: &'static str, options: &'static [&'static str]) -> Row {
    Row { words, options, usual: true }
}

const fn switches(words: &'static str, options: &'static [&'static str]) -> Row {
    Row { words, options, usual: false }
}

/// In the order in which IOS XE 17 prints them (configurations of routers with all traps enabled).
pub(super) static ROWS: &[Row] = &[
    row("snmp", &["authentication", "linkdown", "linkup", "coldstart", "warmstart"]),
    row("vrrp", &[]),
    row("flowmon", &[]),
    row("pfr", &[]),
    row("call-home", &["message-send-fail", "server-fail"]),
    row("tty", &[]),
    row("eigrp", &[]),
    row("ospf state-change", &[]),
    row("ospf errors", &[]),
    row("ospf retransmit", &[]),
    row("ospf lsa", &[]),
    row("ospf cisco-specific state-change", &["nssa-trans-change"]),
    row("ospf cisco-specific state-change shamlink", &["interface", "neighbor"]),
    row("ospf cisco-specific errors", &[]),
    row("ospf cisco-specific retransmit", &[]),
    row("ospf cisco-specific lsa", &[]),
    row("license", &[]),
    row("smart-license", &[]),
    row("envmon", &["fan", "shutdown", "supply", "temperature", "status"]),
    row("bfd", &[]),
    row("aaa_server", &[]),
    row("alarms", &["informational", "critical", "major", "minor"]),
    row("atm subif", &[]),
    row("auth-framework", &["sec-violation", "auth-fail"]),
    row("bgp", &[]),
    row("bgp cbgp2", &[]),
    row("bulkstat", &["collection", "transfer"]),
    row("c3g", &[]),
    row(
        "cef",
        &["resource-failure", "peer-state-change", "peer-fib-state-change", "inconsistency"],
    ),
    row("config-copy", &[]),
    row("config", &[]),
    row("config-ctid", &[]),
    row("cpu threshold", &[]),
    row("dhcp", &[]),
    row("dial", &[]),
    row("dsp", &["card-status", "oper-state"]),
    row("entity", &[]),
    row(
        "entity-diag",
        &["boot-up-fail", "hm-test-recover", "hm-threshold-reached", "scheduled-test-fail"],
    ),
    row("entity-qfp", &["mem-res-thresh", "throughput-notif"]),
    row("entity-sensor", &["threshold"]),
    row("entity-state", &[]),
    row("ethernet cfm alarm", &[]),
    row("ethernet cfm cc", &["mep-up", "mep-down", "cross-connect", "loop", "config"]),
    row("event-manager", &[]),
    row("firewall", &["serverstatus"]),
    row("flash", &["insertion", "removal", "lowspace"]),
    row("frame-relay", &[]),
    row("frame-relay subif", &[]),
    row("fru-ctrl", &[]),
    row("hsrp", &[]),
    row("ike policy", &["add", "delete"]),
    row("ike tunnel", &["start", "stop"]),
    row("ipmulticast", &[]),
    row("ipsec cryptomap", &["add", "delete", "attach", "detach"]),
    row("ipsec too-many-sas", &[]),
    row("ipsec tunnel", &["start", "stop"]),
    row("ipsla", &[]),
    row("isdn", &["call-information", "chan-not-avail", "ietf", "layer2"]),
    row("isis", &[]),
    row("l2tun", &["session", "pseudowire status"]),
    row("lisp", &[]),
    row("local-auth", &[]),
    row("memory", &["bufferpeak"]),
    row("mpls ldp", &[]),
    row("mpls rfc ldp", &[]),
    row("mpls rfc traffic-eng", &[]),
    row("mpls traffic-eng", &[]),
    row("mpls vpn", &[]),
    row("msdp", &[]),
    row("mvpn", &[]),
    row("nhrp nhs", &[]),
    row("nhrp nhc", &[]),
    row("nhrp nhp", &[]),
    row("nhrp quota-exceeded", &[]),
    row("ospfv3 state-change", &[]),
    row("ospfv3 errors", &[]),
    row("pim", &["neighbor-change", "rp-mapping-change", "invalid-pim-message"]),
    row("pki", &[]),
    row("pppoe", &[]),
    row("pw vc", &[]),
    row("resource-policy", &[]),
    row("rf", &[]),
    row("rsvp", &[]),
    row("sonet", &[]),
    row("syslog", &[]),
    row("transceiver all", &[]),
    row("vrfmib", &["vrf-up", "vrf-down", "vnet-trunk-up", "vnet-trunk-down"]),
    row("voice", &[]),
    switches("bridge", &["newroot", "topologychange"]),
    switches("cluster", &[]),
    switches("dot1x", &["auth-fail-vlan", "guest-vlan", "no-auth-fail-vlan", "no-guest-vlan"]),
    switches("energywise", &[]),
    switches("errdisable", &[]),
    switches("mac-notification", &["change", "move", "threshold"]),
    switches("port-security", &[]),
    switches("power-ethernet group", &[]),
    switches("power-ethernet police", &[]),
    switches("rep", &[]),
    switches("stackwise", &[]),
    switches("storm-control", &[]),
    switches("stpx", &["inconsistency", "root-inconsistency", "loop-inconsistency"]),
    switches("trustsec", &[]),
    switches("udld", &["link-fail-rpt", "status-change"]),
    switches("vlan-membership", &[]),
    switches("vlancreate", &[]),
    switches("vlandelete", &[]),
    switches("vstack", &[]),
    switches("vtp", &[]),
];

const HELP: &str = "Enable SNMP traps of this kind";

static COMMANDS: LazyLock<Vec<Command>> = LazyLock::new(|| {
    let mut openings: BTreeSet<String> = BTreeSet::from([String::new()]);
    for row in ROWS {
        let mut opening = String::new();
        for word in row.words.split(' ') {
            let blank = if opening.is_empty() { "" } else { " " };
            opening = format!("{opening}{blank}{word}");
            openings.insert(opening.clone());
        }
    }
    openings.iter().map(|opening| command(opening)).collect()
});

/// The commands, built once for all routers: one for the words of each row and for what several of
/// them begin with.
pub(crate) fn commands() -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter()
}

fn command(opening: &str) -> Command {
    // The declarations of the parser are static, and these live as long as the program.
    let opening: &'static str = Box::leak(opening.to_owned().into_boxed_str());
    let mut syntax: Vec<Token> = vec![
        kw("snmp-server", "Modify SNMP engine parameters"),
        kw("enable", "Enable SNMP Traps"),
        kw("traps", "Enable SNMP Traps"),
    ];
    syntax.extend(opening.split(' ').filter(|word| !word.is_empty()).map(|word| kw(word, HELP)));
    if let Some(row) = ROWS.iter().find(|row| row.words == opening && !row.options.is_empty()) {
        let option = |option: &'static str| -> &'static [Token] {
            Vec::leak(option.split(' ').map(|word| kw(word, HELP)).collect())
        };
        let options = Vec::leak(row.options.iter().map(|words| option(words)).collect());
        syntax.push(any_of(options));
    }
    let (modes, no) = (&[Mode::Config], No::Allowed);
    Command { modes, privilege: 15, syntax: Vec::leak(syntax), no, run }
}

/// The words behind `traps`, and the rows that they are about: the one that they are of, and those
/// that begin with them.
fn run(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let line = args.expanded();
    let words = line.split_once("traps").map_or("", |(_, words)| words.trim());
    let off = args.is_no() || args.is_default();
    let snmp = &mut turn.state.snmp;
    if words.is_empty() {
        let usual = ROWS.iter().enumerate().filter(|(_, row)| row.usual);
        snmp.traps.clear();
        if !off {
            snmp.traps = usual.map(|(at, row)| (at, row.options.to_vec())).collect();
        }
        return Reply::Done;
    }
    let is_of = |row: &Row| begins(words, row.words) && options_of(row, words).is_some();
    let own = ROWS.iter().enumerate().filter(|(_, row)| is_of(row));
    if let Some((at, row)) = own.max_by_key(|(_, row)| row.words.len()) {
        change(snmp, at, options_of(row, words).unwrap_or_default(), off);
        return Reply::Done;
    }
    for (at, row) in ROWS.iter().enumerate() {
        if begins(row.words, words) {
            change(snmp, at, Vec::new(), off);
        }
    }
    Reply::Done
}

/// Whether a line begins with these words.
fn begins(line: &str, words: &str) -> bool {
    line.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// The options of a row that a line names, if it names nothing else.
fn options_of(row: &Row, words: &str) -> Option<Vec<&'static str>> {
    let mut rest = words.strip_prefix(row.words)?.trim_start();
    let mut named = Vec::new();
    while !rest.is_empty() {
        let option = row.options.iter().find(|option| begins(rest, option))?;
        named.push(*option);
        rest = rest[option.len()..].trim_start();
    }
    Some(named)
}

/// Without options, all of a row are meant.
fn change(snmp: &mut Snmp, at: usize, named: Vec<&'static str>, off: bool) {
    let all = ROWS[at].options;
    let named = if named.is_empty() { all.to_vec() } else { named };
    if !off {
        let enabled = snmp.traps.entry(at).or_default();
        enabled.extend(named);
        let chosen = all.iter().filter(|option| enabled.contains(option)).copied().collect();
        *enabled = chosen;
        return;
    }
    if let Some(enabled) = snmp.traps.get_mut(&at) {
        enabled.retain(|option| !named.contains(option));
        if enabled.is_empty() {
            snmp.traps.remove(&at);
        }
    }
}

impl Snmp {
    /// Whether traps of this kind are enabled: the first word of their line.
    pub(super) fn sends(&self, kind: &str) -> bool {
        self.traps.keys().any(|at| ROWS[*at].words.split(' ').next() == Some(kind))
    }

    /// Whether there is such a kind.
    pub(super) fn knows(kind: &str) -> bool {
        ROWS.iter().any(|row| row.words.split(' ').next() == Some(kind))
    }

    /// The enabled ones, as running-config has them after `snmp-server enable traps`.
    pub(super) fn trap_lines(&self) -> impl Iterator<Item = String> {
        self.traps.iter().map(|(at, options)| {
            let options: String = options.iter().map(|option| format!(" {option}")).collect();
            format!("{}{options}", ROWS[*at].words)
        })
    }
}
