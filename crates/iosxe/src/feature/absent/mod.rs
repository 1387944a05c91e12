//! What does not run on these routers, and what IOS says where it is not configured: no routing
//! protocol, no tunnel, no translation, no lease. Its configuration is kept (`data/inert.txt`),
//! nothing follows.
//!
//! A feature that comes to life takes its lines out of [`ABSENT`]. What a router without the
//! hardware would refuse (`show power inline`) is not here, nor is what IOS says of nothing where
//! that is not known: both are refused. The refusal of `tclsh` is ours.

mod help;

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

const NO_STANDBY: &str = "                     P indicates configured to preempt.
                     |
Interface   Grp  Pri P State   Active          Standby         Virtual IP
";

const NO_VRRP: &str =
    "Interface          Grp Pri Time  Own Pre State   Master addr     Group addr\n";

const NO_GLBP: &str =
    "Interface   Grp  Fwd Pri State    Address         Active router   Standby router\n";

const NO_NEIGHBORS: &str =
    "IPv6 Address                              Age Link-layer Addr State Interface\n";

const NO_DMVPN: &str = "\
Legend: Attrb --> S - Static, D - Dynamic, I - Incomplete
        N - NATed, L - Local, X - No Socket
        T1 - Route Installed, T2 - Nexthop-override, B - BGP
        C - CTS Capable, I2 - Temporary
        # Ent --> Number of NHRP entries with same NBMA peer
        NHS Status: E --> Expecting Replies, R --> Responding, W --> Waiting
        UpDn Time --> Up or Down Time for a Tunnel
==========================================================================

";

const ABSENT: &[Absent] = &[
    silent("show ospfv3 [LINE]"),
    silent("show ip rip [LINE]"),
    silent("show isis neighbors [LINE]"),
    silent("clear isis [LINE]"),
    silent("show bfd neighbors [LINE]"),
    silent("show mpls ldp neighbor [LINE]"),
    silent("show standby [LINE]"),
    says("show standby brief [LINE]", NO_STANDBY),
    silent("show vrrp [LINE]"),
    says("show vrrp brief [LINE]", NO_VRRP),
    silent("show glbp [LINE]"),
    says("show glbp brief [LINE]", NO_GLBP),
    says("show ip nat translations [LINE]", "Total number of translations: 0\n\n"),
    says(
        "show ip nat statistics",
        "Total active translations: 0 (0 static, 0 dynamic; 0 extended)\n",
    ),
    silent("clear ip nat translation LINE"),
    silent("clear ip nat statistics"),
    says("show crypto isakmp sa [LINE]", NO_ISAKMP),
    silent("show crypto ikev2 sa [LINE]"),
    silent("show crypto ikev2 session [LINE]"),
    says("show crypto ipsec sa [LINE]", "\nNo SAs found\n"),
    says("show crypto session [LINE]", "Crypto session current status\n\n"),
    says("show crypto map [LINE]", "No crypto maps found.\n"),
    silent("show crypto pki certificates [LINE]"),
    silent("show crypto pki trustpoints [LINE]"),
    silent("clear crypto sa [LINE]"),
    silent("clear crypto session [LINE]"),
    silent("clear crypto isakmp [LINE]"),
    silent("clear crypto ikev2 [LINE]"),
    says("show dmvpn [LINE]", NO_DMVPN),
    silent("clear dmvpn [LINE]"),
    silent("show ip nhrp [LINE]"),
    silent("clear ip nhrp [LINE]"),
    says("show ip dhcp binding [LINE]", NO_LEASES),
    silent("show ip dhcp conflict [LINE]"),
    silent("show ip dhcp pool [LINE]"),
    silent("show dhcp lease"),
    silent("clear ip dhcp LINE"),
    silent("show pppoe session [LINE]"),
    silent("clear pppoe LINE"),
    silent("show dialer [LINE]"),
    silent("show policy-map interface [LINE]"),
    says("show monitor session LINE", "No SPAN configuration is present in the system.\n"),
    silent("show ip inspect [LINE]"),
    silent("show zone-pair [LINE]"),
    silent("show object-group [LINE]"),
    silent("show time-range [LINE]"),
    silent("show ipv6 general-prefix [LINE]"),
    silent("show ipv6 local pool [LINE]"),
    silent("show ipv6 dhcp binding [LINE]"),
    silent("show ipv6 dhcp pool [LINE]"),
    says("show ipv6 neighbors [LINE]", NO_NEIGHBORS),
    silent("show ipv6 ospf [LINE]"),
    silent("show ipv6 eigrp [LINE]"),
    silent("clear ipv6 neighbors [LINE]"),
    silent("clear ipv6 route LINE"),
    silent("clear ipv6 dhcp LINE"),
    silent("clear access-list counters [LINE]"),
    silent("clear ip access-list counters [LINE]"),
    silent("clear ip prefix-list [LINE]"),
    silent("clear ip cef [LINE]"),
    silent("clear ip cache [LINE]"),
    silent("clear host LINE"),
    silent("clear tcp LINE"),
    silent("clear cdp counters"),
    silent("clear lldp counters"),
    silent("clear platform condition all"),
    silent("show tacacs [LINE]"),
    silent("show aaa servers [LINE]"),
    silent("show flow monitor [LINE]"),
    says("show sessions", "% No connections open\n"),
    says("tclsh LINE", "% Tcl scripts are not run on this router\n"),
    says("resume [LINE]", "% No connections open\n"),
    says("where", "% No connections open\n"),
    says("disconnect [LINE]", "% No current connection\n"),
];

static COMMANDS: LazyLock<Vec<Command>> = LazyLock::new(|| ABSENT.iter().map(command).collect());

/// What `?` says of a word, as far as it is known here; nothing else.
pub(crate) fn help(word: &str) -> &'static str {
    help::of("", word)
}

/// The commands, built once for all routers.
pub(crate) fn commands() -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter()
}

fn command(absent: &Absent) -> Command {
    let rest = || param("rest", Kind::Line, "Further words");
    let mut front = "";
    let mut token = |word: &'static str| {
        let help = help::of(front, word);
        front = word;
        match word {
            "LINE" => rest(),
            "[LINE]" => opt(Vec::leak(vec![rest()])),
            word => kw(word, help),
        }
    };
    // The declarations of the parser are static, and these live as long as the program.
    let syntax: &'static [Token] = Vec::leak(absent.words.split(' ').map(&mut token).collect());
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
