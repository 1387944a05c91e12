//! What does not run on these routers, and what a router says about it: no routing protocol, no
//! tunnel, no translation, no lease. Its configuration is kept (`data/inert.txt`), nothing follows.
//!
//! A feature that comes to life takes its lines out of [`ABSENT`]. What a router without the
//! hardware would refuse (`show power inline`) is not here: it is refused.

use std::sync::LazyLock;

use cli::{Args, Kind, No, Token, kw, opt, param};

use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// What a command says.
#[derive(Debug)]
struct Absent {
    /// Its words. `LINE` at the end stands for more, `[LINE]` for more or nothing.
    words: &'static str,
    said: &'static str,
}

const fn silent(words: &'static str) -> Absent {
    Absent { words, said: "" }
}

const fn says(words: &'static str, said: &'static str) -> Absent {
    Absent { words, said }
}

const NO_BGP: &str = "% BGP not active\n";

const NO_LEASES: &str = "\
Bindings from all pools not associated with VRF:
IP address      Client-ID/ \t\tLease expiration \tType       State      Interface
\t\tHardware address/
\t\tUser name
";

const NO_ISAKMP: &str = "\
IPv4 Crypto ISAKMP SA
dst             src             state          conn-id status

IPv6 Crypto ISAKMP SA

";

const NO_LOCK: &str = "\
Parser Configure Lock
---------------------
Owner PID          : -1
User               : unknown
TTY                : -1
Type               : NO LOCK
State              : FREE
Class              : unknown
Count              : 0
Pending Requests   : 0
User debug info    : 
";

const ABSENT: &[Absent] = &[
    says("show ip bgp [LINE]", NO_BGP),
    says("show bgp [LINE]", NO_BGP),
    says("clear ip bgp LINE", NO_BGP),
    says("clear bgp LINE", NO_BGP),
    silent("show ip ospf [LINE]"),
    silent("show ospfv3 [LINE]"),
    silent("clear ip ospf [LINE]"),
    silent("show ip eigrp [LINE]"),
    silent("clear ip eigrp [LINE]"),
    silent("show ip rip [LINE]"),
    silent("show isis [LINE]"),
    silent("clear isis [LINE]"),
    silent("show ip pim [LINE]"),
    silent("show ip igmp [LINE]"),
    silent("show bfd [LINE]"),
    silent("show mpls [LINE]"),
    silent("show standby [LINE]"),
    silent("show vrrp [LINE]"),
    silent("show glbp [LINE]"),
    says("show ip nat translations [LINE]", "Total number of translations: 0\n\n"),
    says(
        "show ip nat statistics",
        "Total active translations: 0 (0 static, 0 dynamic; 0 extended)\n",
    ),
    silent("clear ip nat translation LINE"),
    silent("clear ip nat statistics"),
    says("show crypto isakmp sa [LINE]", NO_ISAKMP),
    silent("show crypto ikev2 [LINE]"),
    says("show crypto ipsec sa [LINE]", "\nNo SAs found\n"),
    says("show crypto session [LINE]", "Crypto session current status\n\n"),
    silent("show crypto map [LINE]"),
    silent("clear crypto sa [LINE]"),
    silent("clear crypto session [LINE]"),
    silent("clear crypto isakmp [LINE]"),
    silent("clear crypto ikev2 [LINE]"),
    silent("show dmvpn [LINE]"),
    silent("clear dmvpn [LINE]"),
    silent("show ip nhrp [LINE]"),
    silent("clear ip nhrp [LINE]"),
    says("show ip dhcp binding [LINE]", NO_LEASES),
    silent("show ip dhcp conflict [LINE]"),
    silent("show dhcp lease"),
    silent("clear ip dhcp LINE"),
    silent("show pppoe [LINE]"),
    silent("clear pppoe LINE"),
    silent("show dialer [LINE]"),
    silent("show policy-map interface [LINE]"),
    silent("show ip dhcp pool [LINE]"),
    silent("show ip dhcp server [LINE]"),
    silent("show ip dhcp snooping [LINE]"),
    silent("show ip mroute [LINE]"),
    silent("show ip msdp [LINE]"),
    silent("show ip rsvp [LINE]"),
    silent("show ip inspect [LINE]"),
    silent("show ip flow [LINE]"),
    silent("show ip cache [LINE]"),
    silent("show policy-firewall [LINE]"),
    silent("show zone-pair [LINE]"),
    silent("show l2vpn [LINE]"),
    silent("show xconnect [LINE]"),
    silent("show vpdn [LINE]"),
    silent("show crypto pki [LINE]"),
    silent("show crypto ca [LINE]"),
    silent("show crypto gdoi [LINE]"),
    silent("show ipv6 route [LINE]"),
    silent("show ipv6 ospf [LINE]"),
    silent("show ipv6 eigrp [LINE]"),
    silent("show ppp [LINE]"),
    silent("show radius [LINE]"),
    silent("show telemetry [LINE]"),
    silent("show app-hosting [LINE]"),
    silent("show voice [LINE]"),
    silent("show dial-peer [LINE]"),
    silent("show call [LINE]"),
    silent("show sip-ua [LINE]"),
    silent("show etherchannel [LINE]"),
    silent("show lacp [LINE]"),
    silent("show nve [LINE]"),
    silent("show evpn [LINE]"),
    silent("show segment-routing [LINE]"),
    silent("show ip multicast [LINE]"),
    silent("show object-group [LINE]"),
    silent("show time-range [LINE]"),
    silent("clear counters policy-map"),
    says("show monitor session LINE", "No SPAN configuration is present in the system.\n"),
    silent("show ipv6 general-prefix [LINE]"),
    silent("show ipv6 local pool [LINE]"),
    silent("show ipv6 dhcp [LINE]"),
    silent("show ipv6 neighbors [LINE]"),
    silent("clear ipv6 neighbors [LINE]"),
    silent("clear ipv6 route LINE"),
    silent("clear ipv6 dhcp LINE"),
    silent("clear access-list counters [LINE]"),
    silent("clear ip access-list counters [LINE]"),
    silent("clear ip cache [LINE]"),
    silent("clear ip cef [LINE]"),
    silent("clear ip prefix-list [LINE]"),
    silent("clear control-plane LINE"),
    silent("clear xconnect [LINE]"),
    silent("clear platform condition all"),
    silent("clear policy-firewall LINE"),
    silent("clear zone-pair [LINE]"),
    silent("clear ip igmp [LINE]"),
    silent("clear ip pim [LINE]"),
    silent("clear ip mroute LINE"),
    silent("clear mpls [LINE]"),
    silent("clear vpdn [LINE]"),
    silent("clear aaa [LINE]"),
    silent("clear ip sla [LINE]"),
    silent("clear host LINE"),
    silent("clear tcp LINE"),
    silent("clear spanning-tree [LINE]"),
    silent("show tacacs [LINE]"),
    silent("show aaa servers [LINE]"),
    silent("show flow monitor [LINE]"),
    silent("clear cdp counters"),
    silent("clear lldp counters"),
    silent("clear processes [LINE]"),
    silent("show license [LINE]"),
    silent("show call-home [LINE]"),
    silent("show crypto engine [LINE]"),
    says("redundancy force-switchover", "% Standby is not ready: there is none\n"),
    says("show sessions", "% No connections open\n"),
    says("show ip protocols", "*** IP Routing is NSF aware ***\n\n"),
    says("show configuration lock", NO_LOCK),
    says("tclsh [LINE]", "% Tcl scripts are not run on this router\n"),
];

static COMMANDS: LazyLock<Vec<Command>> = LazyLock::new(|| ABSENT.iter().map(command).collect());

/// The commands, built once for all routers.
pub(crate) fn commands() -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter()
}

fn command(absent: &Absent) -> Command {
    const HELP: &str = "Nothing of it runs on this router";
    let rest = || param("rest", Kind::Line, HELP);
    let token = |word: &'static str| match word {
        "LINE" => rest(),
        "[LINE]" => opt(Vec::leak(vec![rest()])),
        "show" => kw(word, "Show running system information"),
        "clear" => kw(word, "Reset functions"),
        "ip" => kw(word, "IP information"),
        word => kw(word, HELP),
    };
    // The declarations of the parser are static, and these live as long as the program.
    let syntax: &'static [Token] = Vec::leak(absent.words.split(' ').map(token).collect());
    let privilege = if absent.words.starts_with("show") { 1 } else { 15 };
    Command { modes: &[Mode::Exec], privilege, syntax, no: No::Without, run }
}

fn run(_: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let line = args.expanded();
    let fits = |absent: &&Absent| {
        let words = absent.words.trim_end_matches(" LINE").trim_end_matches(" [LINE]");
        line.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let found = ABSENT.iter().filter(fits).max_by_key(|absent| absent.words.len());
    match found.map_or("", |absent| absent.said) {
        "" => Reply::Done,
        said if said.starts_with('%') => Reply::Refused(said.into()),
        said => Reply::Text(said.into()),
    }
}
