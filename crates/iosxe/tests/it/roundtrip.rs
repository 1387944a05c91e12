//! Properties: a running-config is a fixed point, and no line breaks the router.

use proptest::prelude::*;

use crate::driver::{Router, bodies};
use crate::generate::{Generator, Typist};

/// A user whose password is printed as it is: hashing one for each router takes seconds.
const ADMIN: &str = "username admin privilege 15 password admin\n";

/// A line about VRFs or IPv6, sometimes a wrong one.
fn tables_and_families() -> impl Strategy<Value = String> {
    prop_oneof![
        "(no )?vrf definition [AB]",
        "(no )?ip vrf C",
        "(no )?(rd [12]:1|address-family ipv[46]|route-target (both |import |)1:[12])",
        "(no )?(vrf forwarding [ABD]|ip vrf forwarding C)",
        "(no )?ipv6 (enable|unicast-routing|mtu 1[34]00|address (autoconfig|dhcp))",
        "(no )?ipv6 address (2001:db8:[12]::[0-3]/64( eui-64| anycast)?|fe80::[12] link-local)",
        "(no )?ipv6 route( vrf [AB])? 2001:db8:[89]::/48 (2001:db8:1::9|Loopback1( fe80::1)?)( 7)?",
    ]
}

/// The same of prefix lists, route maps and their kin.
fn policy_line() -> impl Strategy<Value = String> {
    prop_oneof![
        "(no )?ip prefix-list [A-C]( seq [1-9])? permit 10\\.[0-9]\\.0\\.0/1[0-9]( le 2[0-9])?",
        "(no )?(ip prefix-list (sequence-number|[A-C] description [a-z]{1,5})|route-map [A-C])",
        "(no )?route-map [A-C] (permit|deny)( [1-9])?",
        "(no )?match (ip address( prefix-list)? [A-C]( [D-F])?|tag [1-9]( 1[0-9])?|interface lo1)",
        "(no )?(set (metric [+-]?[0-9]|community 1:[1-9]( additive)?|ip next-hop 10\\.0\\.0\\.1))",
        "(no )?(continue( 9)?|set as-path prepend [1-9] [0-9]|match source-protocol bgp [1-9])",
        "(no )?(ip access-group|access-class|ipv6 traffic-filter) (A|10|2500) (in|out)",
        "(no )?ip (as-path access-list [1-9]|community-list (1|expanded A)) permit [1-9]",
    ]
}

/// A line of a configuration that is modelled here, sometimes a wrong one.
fn line() -> impl Strategy<Value = String> {
    let word = "[a-zA-Z0-9_.#^-]{1,12}";
    let number = 0u32..300;
    let octet = 0u8..=255;
    prop_oneof![
        (1u8..6).prop_map(|n| format!("interface GigabitEthernet{n}")),
        (0u8..3).prop_map(|n| format!("interface Loopback{n}")),
        (0u8..3).prop_map(|n| format!("no interface Loopback{n}")),
        "[ -~]{1,40}".prop_map(|text| format!("description {text}")),
        (any::<bool>()).prop_map(|no| if no { "no shutdown".into() } else { "shutdown".into() }),
        (octet.clone(), octet, 8u8..33).prop_map(|(a, b, length)| {
            let mask = std::net::Ipv4Addr::from_bits(u32::MAX << (32 - u32::from(length)));
            format!("ip address 10.{a}.{b}.1 {mask}")
        }),
        Just("no ip address".to_owned()),
        (1400u32..9300).prop_map(|n| format!("mtu {n}")),
        number.clone().prop_map(|n| format!("bandwidth {n}")),
        number.clone().prop_map(|n| format!("delay {n}")),
        "(no )?(duplex (full|half|auto)|speed (10|100|1000|auto)|negotiation auto)",
        word.prop_map(|name| format!("hostname {name}")),
        word.prop_map(|name| format!("ip domain name {name}")),
        "(no )?ip domain lookup",
        "(logging origin-id string|ip domain name|logging host|snmp-server location) \"a b\"",
        "clock timezone \"a b\" 1",
        "(no )?logging (console|monitor|trap|buffered)( (debugging|errors|6))?",
        (4000u32..9000).prop_map(|n| format!("logging buffered {n} notifications")),
        (0u8..5, 500u16..520).prop_map(|(n, port)| {
            format!("logging host 192.0.2.{n} transport udp port {port}")
        }),
        "(no )?logging (origin-id (hostname|ip|string [a-z]{1,5})|facility local[0-8]|on)",
        logging_line(),
        "(no )?service (sequence-numbers|password-encryption)",
        "(no )?service timestamps (log|debug) (uptime|datetime( msec)?( year)?( show-timezone)?)",
        (-30i32..30, 0u8..70).prop_map(|(h, m)| format!("clock timezone Z {h} {m}")),
        "banner (motd|login|exec) #[ -\"$-~]{0,30}#",
        "(no )?(ip http server|cdp run|ip ssh version [12])",
        tables_and_families(),
        "(no )?ip route( vrf [AB])? 10\\.[0-9]\\.0\\.0 255\\.255\\.0\\.0 10\\.0\\.0\\.[12]",
        "track [1-3]( (stub-object|list boolean (and|or)|list threshold weight))?",
        "track [1-3] ip sla 1( state)?",
        "(no )?ip access-list (standard|extended) (A|10|110)",
        "(no )?(ipv6 access-list (A|SIX)|ip access-list resequence A 5 [1-9])",
        "(no )?([1-9]0? )?(permit|deny) (host )?10\\.[0-9]\\.0\\.1( 0\\.0\\.0\\.255)?( log)?",
        "(no )?([1-9]0? )?(permit|deny) (tcp|udp) any( (eq|gt) [1-9][0-9]?)? any eq [1-9]0",
        "(no )?([1-9] )?(permit|deny) icmp any any( [0-9]( [0-9])?)?( dscp [0-9])?( log [a-z])?",
        "(no )?(sequence [1-9] )?permit (tcp|icmp) 2001:[a-f]::/[1-9]0 any( log)?",
        "(no )?access-list (1|2000) (permit any|remark [a-z ]{1,9}|permit ip any any)",
        policy_line(),
        "(no )?track [1-3] interface (GigabitEthernet1|Loopback1) (line-protocol|ip routing)",
        "track [1-3] ip route 10\\.[0-9]\\.0\\.0 255\\.255\\.0\\.0 reachability",
        "(no )?(object [1-3]( not| weight [0-9])?|delay (up|down) [0-9]|default-state up)",
        "(no )?(threshold weight up 2 down 1|ip sla [12]|(tag|owner) [a-c]|tos [0-9]|verify-data)",
        "(icmp-echo|udp-echo) 10\\.0\\.0\\.[12]( source-interface Loopback1| 7)?",
        "(no )?(frequency|timeout|threshold) [0-9]{1,5}",
        "(no )?ip sla schedule [12]( life (forever|9))?( start-time (now|after 00:00:09))?",
        "(no )?(archive|log config|write-memory|path flash:[a-z]|maximum [1-9]|time-period 60)",
        "(no )?(hidekeys|logging enable|logging size [1-9]0|notify syslog( contenttype xml)?)",
        "(no )?event manager (history size (events|traps) [0-9]|directory user policy nvram:[a-z])",
        "(no )?event manager (session cli username [a-c]( privilege [1-9])?|environment [ab] \"?c)",
        "(no )?event manager scheduler (axp|applet) thread class (range A-[AD]|B|default) number 2",
        "(no )?event manager (scheduler suspend|detector (rpc max-sess 5|routing bootup-delay 9))",
        "event manager applet [ABC]( class [A-C])?( trap)?",
        "(no )?(event tag [ab] (none|timer watchdog time 9|syslog pattern x( occurs 2)?))",
        "(no )?(trigger( occurs [23])?( period 5)?|attribute tag a occurs 2)",
        "(no )?correlate event [ab]( (and|or|andnot) (event [ab]|track 5))?",
        "(no )?(event none( sync no)?|action [1-3] (set a b|wait 1|end|if 1 eq 1|puts \"x\"))",
        routing_line(),
        "(no )?(mop enabled|cdp enable|load-interval (30|60)|keepalive( 5)?)",
    ]
}

/// The same of what leaves a router as a message.
fn logging_line() -> impl Strategy<Value = String> {
    prop_oneof![
        "(no )?logging message-counter (syslog|log|debug)",
        "(no )?logging source-interface Loopback[01]( vrf [ab])?",
        "(no )?logging (count|userinfo|exception [4-9]000|queue-limit( trap)? [1-3]00)",
        "(no )?logging rate-limit( console)?( all)? [1-3]( except [0-7])?",
        "(no )?logging history (size [0-9]|[0-7])",
        "(no )?logging trap( [0-7])?( syslog-format rfc5424)?",
        "(no )?logging (origin-id (ipv6|string [a-c]( [a-c])?)|tls-profile [AB])",
        "(no )?(tls-version tlsv1.[0-3]|ciphersuite [a-c]( [a-c])?|client-id-trustpoint [ab])",
        "(no )?logging discriminator [AB]( severity (drops|includes) [0-7])?( rate-limit [1-9])?",
        "logging discriminator [AB] (facility drops [A-C]|msg-body includes [a-c]( [a-c])?)",
        "logging (console|monitor|buffered) discriminator [AB]( [0-7])?",
        "(no )?logging host 192.0.2.1( vrf [ab])?( transport (tcp|tls)( port 9)?)?",
        "logging host (192.0.2.1|ipv6 2001:db8::1|c) sequence-num-session",
        "logging host (192.0.2.1|ipv6 2001:db8::1|c) session-id (ipv6|hostname|string x)",
        "logging host 192.0.2.1 (discriminator [AB] )?transport (tcp audit|tls profile [AB])",
        "(no )?logging synchronous( level (all|[0-8]))?( limit [0-9]{1,3})?",
        "(no |default )?logging event (link-status|trunk-status)",
        "line (con 0|vty [01] [2-4])",
    ]
}

/// The same of a routing protocol.
fn routing_line() -> impl Strategy<Value = String> {
    prop_oneof![
        "(no )?router (ospf [12]( vrf A)?|bgp (6500[01]|1\\.1)|eigrp ([12]|NAME)|rip)",
        "(no |default )?network 10\\.[0-3]\\.[0-2]\\.0( 0\\.0\\.[01]\\.255)?( area [0-2])?",
        "(no )?network 10\\.[0-3]\\.0\\.0 mask 255\\.255\\.0\\.0",
        "(no )?(auto-summary|maximum-paths [1-8])",
        "(no |default )?passive-interface( default| Loopback[01]| GigabitEthernet[1-5])?",
        "(no )?(router-id|bgp router-id|eigrp router-id) 10\\.0\\.0\\.[0-2]",
        "(no )?redistribute (static|connected|ospf 1)( metric [0-9])?( subnets)?",
        "(no )?area [0-2]( (stub|nssa)( no-summary)?| authentication| default-cost [0-3])?",
        "(no |default )?(bgp (log-neighbor-changes|default ipv4-unicast)|log-adjacency-changes)",
        "(no )?neighbor (G|10\\.0\\.0\\.[23]|2001::1)( remote-as 6500[01]| peer-group( G)?)?",
        "(no )?neighbor (G|10\\.0\\.0\\.[23]|2001::1) (shutdown|activate|route-map M (in|out))",
        "(no )?neighbor 10\\.0\\.0\\.[23] (description a  b|ebgp-multihop( [2-9])?|timers [0-5] 9)",
        "(no )?address-family (ipv4|ipv6|vpnv4)( unicast)?( autonomous-system [1-2])?",
        "(no )?(exit-address-family|af-interface (default|Loopback1)|topology base)",
        "(no )?(split-horizon|hello-interval [1-9]|passive-interface|eigrp stub( static)?)",
        "(no )?ip ospf ([12] area [0-2]|cost [0-9]|priority [0-2]|network point-to-point)",
        "(no )?ip (hello-interval eigrp 1 [1-9]|split-horizon eigrp [12])",
    ]
}

thread_local! {
    static GENERATOR: Generator = Generator::new();
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Goal: what a router prints of its configuration makes the same router. Method: random lines,
    /// good and bad, then a new router from the running-config.
    #[test]
    fn a_running_config_is_a_fixed_point(lines in prop::collection::vec(line(), 0..30)) {
        let mut first = Router::new(ADMIN);
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        first.configure(&lines);
        let printed = first.exec("show running-config");
        let text = printed.split_once("bytes\n").expect("the header").1;
        let mut second = Router::new(text);
        let again = second.exec("show running-config");
        prop_assert_eq!(bodies(&again), bodies(&printed));
    }

    /// Goal: the same for every command that is declared, whichever feature declares it. Method:
    /// lines made from the declarations, each for the mode where the session stands.
    #[test]
    fn every_declared_command_round_trips(seeds in prop::collection::vec(any::<u64>(), 1..60)) {
        GENERATOR.with(|generator| {
            let mut typist = Typist::new(ADMIN);
            let mut typed = Vec::new();
            for seed in seeds {
                let mode = if typist.mode == "EXEC" { "config" } else { &typist.mode };
                let line = generator.line(seed, mode);
                typist.configure(&line);
                typed.push(line);
            }
            typist.line("end");
            let first = typist.router.device.running_config();
            let (second, problems) = Router::with_problems(&first);
            prop_assert_eq!(problems, [], "{:#?}", typed);
            let second = second.device.running_config();
            prop_assert_eq!(bodies(&second), bodies(&first), "{:#?}", typed);
            Ok(())
        })?;
    }

    /// Goal: nothing that is typed in configuration mode breaks the router. Method: noise, and
    /// halves of commands.
    #[test]
    fn no_line_breaks_the_router(
        lines in prop::collection::vec("(no |default |do )?[ -~é\t]{0,30}", 0..20),
    ) {
        let mut router = Router::new(ADMIN);
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        router.configure(&lines);
        router.wait_ms(5_000);
        prop_assert!(router.exec("show running-config").contains("\nend\n"));
    }
}
