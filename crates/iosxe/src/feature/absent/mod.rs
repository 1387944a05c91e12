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
    silent("clear host LINE"),
    silent("clear tcp LINE"),
    silent("clear spanning-tree [LINE]"),
    silent("show tacacs [LINE]"),
    silent("show aaa servers [LINE]"),
    silent("show flow monitor [LINE]"),
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
