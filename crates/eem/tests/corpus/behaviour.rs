//! What each applet of the corpus does, in our own words and as a story: a file, what happens to
//! the router, and all that the applet asks for. The router is scripted; commands are answered from
//! the row.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use eem::{Change, Neighbor, NeighborChange, NeighborEvent, ResourceChange, RouteChange};
use expect_test::{Expect, expect};

use crate::host::{Host, Step};
use crate::{Expected, corpus};

/// Plays the file whose name begins with `number`. `says` is what the applet is for.
fn check(number: &str, says: &str, steps: &[Step<'_>], replies: &[(&str, &str)], want: Expect) {
    static FILES: OnceLock<Option<BTreeMap<String, (String, Expected)>>> = OnceLock::new();
    let Some(files) = FILES.get_or_init(|| corpus("behaviour")) else { return };
    let found = files.iter().find(|(name, _)| name.starts_with(number));
    let (name, (text, _)) = found.unwrap_or_else(|| panic!("no file {number}"));
    let story = Host::new(text, replies).play(steps);
    println!("{name}: {says}");
    want.assert_eq(&story);
}

/// CDP finds a neighbour.
fn cdp<'a>(name: &'a str, port: &'a str) -> Step<'a> {
    cdp_on("GigabitEthernet2", name, port)
}

fn cdp_on<'a>(interface: &'a str, name: &'a str, port: &'a str) -> Step<'a> {
    let neighbor = Neighbor {
        name,
        port,
        platform: "cisco C9300-48P",
        capabilities: "Switch IGMP",
        hold_time: 180,
        ..Neighbor::default()
    };
    Step::Neighbor(NeighborChange {
        interface,
        short: "Gi2",
        event: NeighborEvent::Cdp(Change::Added, neighbor),
        link: "up",
        line: "up",
    })
}

/// The default route gets another gateway.
fn default_route() -> Step<'static> {
    Step::Route(RouteChange {
        change: Change::Updated,
        network: std::net::Ipv4Addr::UNSPECIFIED,
        prefix_len: 0,
        protocol: "static",
        vrf: "default",
        gateway: Some(std::net::Ipv4Addr::new(192, 0, 2, 1)),
        interface: "GigabitEthernet1",
        distance: 1,
        metric: 0,
    })
}

/// The load of the whole router is above its threshold.
fn high_cpu() -> Step<'static> {
    Step::Resource(ResourceChange {
        policy: "HighGlobalCPU",
        owner: "cpu",
        level: "critical",
        value: 92,
        rising: true,
    })
}

/// Goal: applets that wait for a message do what they say. Method: a story each.
#[test]
fn applets_of_messages() {
    check(
        "001-",
        "a port that went down by itself is brought up",
        &[Step::Log("%LINK-3-UPDOWN: Interface FastEthernet0/0, changed state to down")],
        &[],
        expect![[""]],
    );
    check(
        "002-",
        "a lost OSPF neighbour turns debugging on and sends a mail",
        &[Step::Log(
            "%OSPF-5-ADJCHG: Process 1, Nbr 192.168.12.1 on FastEthernet0/0 from FULL to DOWN, x",
        )],
        &[],
        expect![[""]],
    );
    check(
        "027-",
        "what was configured is compared with NVRAM and saved",
        &[Step::Log("%PARSER-5-CFGLOG_LOGGEDCMD: User:ops  logged command:interface Loopback1")],
        &[("sh archive", "+interface Loopback1")],
        expect![[""]],
    );
    check(
        "030-",
        "the PnP VLAN is set to the native VLAN of the mismatch",
        &[Step::Log(
            "%CDP-4-NATIVE_VLAN_MISMATCH: Native VLAN mismatch discovered on Gi1 (99), with SW2 Gi2 (1).",
        )],
        &[("show run", "pnp startup-vlan 10\n")],
        expect![[""]],
    );
    check(
        "036-",
        "an unauthorized port is bounced",
        &[Step::Log("Port unauthorized for int(gi1/3)")],
        &[],
        expect![[""]],
    );
    check(
        "042-",
        "a port security violation is written down, or asked for by hand without a message",
        &[
            Step::Log(
                "%PORT_SECURITY-2-PSECURE_VIOLATION: caused by MAC address 0011.2233.4455 on port Gi1/0/7.",
            ),
            Step::Run("PORT_SEC_VIOLATION"),
        ],
        &[("show clock", "")],
        expect![[""]],
    );
    check(
        "043-",
        "the fifth failure within a minute is told to everybody",
        &[const { Step::Log("%SEC_LOGIN-4-LOGIN_FAILED: Authentication failure") }; 5],
        &[],
        expect![[""]],
    );
    check(
        "055-",
        "a prefix is asked for twice; without matches its variables are unknown",
        &[Step::Log("IPv6 DHCP: T1 set to expire in 3600 seconds")],
        &[("general-prefix", "")],
        expect![[""]],
    );
    check(
        "056-",
        "a text message is read by its index",
        &[Step::Log("Cellular0/0/0: New SMS received on index 7")],
        &[("sms view", "SMS ID: 42")],
        expect![[""]],
    );
    check(
        "058-",
        "a first violation recovers by itself after five minutes, but a run lasts 20 s",
        &[
            Step::Log(
                "%PM-4-ERR_DISABLE: psecure-violation error detected on Gi1/0/3, Interface Gi1/0/3, x psecure-violation",
            ),
            Step::Pass(400),
        ],
        &[("port-security", "Violation Count            : 1")],
        expect![[""]],
    );
    check(
        "066-",
        "the fifth down within two minutes shuts the uplink",
        &[const { Step::Log("%LINK-3-UPDOWN: Interface TenGigabitEthernet1/1/1, changed state to down") };
            5],
        &[("show clock", "12:00:00 UTC")],
        expect![[""]],
    );
    check(
        "074-",
        "a loopback that somebody shut down comes back",
        &[Step::Log(
            "%LINK-5-CHANGED: Interface Loopback100, changed state to administratively down",
        )],
        &[],
        expect![[""]],
    );
    check(
        "075-",
        "a Tcl policy is asked for, which is none of ours",
        &[Step::Log("%LINK-3-UPDOWN: Interface Virtual-Access1, changed state to up")],
        &[],
        expect![[""]],
    );
    check(
        "095-",
        "a lost tunnel starts another applet, once in five seconds",
        &[
            Step::Log("%CRYPTO-6-FLEXVPN_CONNECTION_DOWN: FlexVPN(Tunnel1) Server"),
            Step::Log("%CRYPTO-6-FLEXVPN_CONNECTION_DOWN: FlexVPN(Tunnel1) Server"),
            Step::Log("%CRYPTO-6-FLEXVPN_CONNECTION_UP: FlexVPN(Tunnel1)"),
            Step::Pass(5),
            Step::Log("%CRYPTO-6-FLEXVPN_CONNECTION_DOWN: FlexVPN(Tunnel2)"),
        ],
        &[],
        expect![[""]],
    );
    check(
        "099-",
        "keys are made at the start",
        &[Step::Log("%SYS-5-RESTART: System restarted --")],
        &[],
        expect![[""]],
    );
    check(
        "112-",
        "lost commands are given again at the start",
        &[Step::Log("%SYS-5-RESTART: System restarted --")],
        &[],
        expect![[""]],
    );
    check(
        "121-",
        "an OSPF neighbour that is full starts a Tcl script",
        &[Step::Log(
            "%OSPF-5-ADJCHG: Process 1, Nbr 1.1.1.1 on Gi1 from LOADING to FULL, Loading Done",
        )],
        &[],
        expect![[""]],
    );
    check(
        "123-",
        "a line that went down is mailed to whom the environment names",
        &[
            Step::Environment("_ifDown_rcpt", "noc@example.com"),
            Step::Log("%LINEPROTO-5-UPDOWN: Line protocol on Interface Gi1, changed state to down"),
        ],
        &[],
        expect![[""]],
    );
    check(
        "129-",
        "a neighbour that is up gets a static route beside",
        &[Step::Log("%BGP-5-ADJCHANGE: neighbor 10.0.7.6 Up")],
        &[],
        expect![[""]],
    );
    check(
        "156-",
        "a VRF neighbour that is down is looked up in the routing table",
        &[Step::Log("%BGP-5-ADJCHANGE: neighbor 10.0.7.6 vpn vrf VPN_A Down BGP Notification")],
        &[
            ("show ip route", "  * directly connected, via Serial0/0"),
            ("Description", "  Description: leased line"),
        ],
        expect![[""]],
    );
    check(
        "157-",
        "the second loss within three minutes moves the tunnel",
        &[
            Step::Log("%TRACKING-5-STATE: 222 ip sla 223 reachability Up->Down"),
            Step::Pass(60),
            Step::Log("%TRACKING-5-STATE: 222 ip sla 223 reachability Up->Down"),
        ],
        &[],
        expect![[""]],
    );
    check(
        "159-",
        "a lost modem is switched off and on",
        &[Step::Log("%CISCO800-2-MODEM_REMOVAL_DETECTED: Cellular0 modem is now REMOVED")],
        &[],
        expect![[""]],
    );
    check(
        "178-",
        "switches of a stack that run another version are upgraded",
        &[
            Step::Log("%SYS-5-CONFIG_I: Configured from tftp://172.17.251.251/x by console"),
            Step::Pass(400),
        ],
        &[
            (
                "show mod",
                " 1  62  WS-C3850  FOC11111111  e4aa.5d00.0001  V01  16.3.5\n 2  62  WS-C3850  FOC22222222  e4aa.5d00.0002  V01  16.3.6",
            ),
            ("write mem", "Overwrite? [confirm]?"),
            ("software", "proceed?"),
        ],
        expect![[""]],
    );
    check(
        "180-",
        "switches of a stack get their numbers",
        &[
            Step::Log("%SYS-5-CONFIG_I: Configured from tftp://172.17.251.251/x by console"),
            Step::Pass(70),
        ],
        &[(
            "show mod",
            " 1  62  WS-C3850  FOC22222222  e4aa.5d00.0001  V01  16.3.6\n 2  62  WS-C3850  FOC11111111  e4aa.5d00.0002  V01  16.3.6",
        )],
        expect![[""]],
    );
}

/// Goal: applets that wait for a command do, and let it pass or not. Method: a story each.
#[test]
fn applets_of_commands() {
    check(
        "006-",
        "the running-config is shown without the applets",
        &[Step::Type("show running-config")],
        &[("show run", "hostname R1")],
        expect![[""]],
    );
    check(
        "033-",
        "every command is logged, with who typed it",
        &[Step::Type("show clock"), Step::Type("configure terminal")],
        &[],
        expect![[""]],
    );
    check(
        "040-",
        "configuring asks back: yes",
        &[Step::Answer("Y"), Step::Type("configure terminal")],
        &[],
        expect![[""]],
    );
    check(
        "040-",
        "configuring asks back: anything else",
        &[Step::Answer("later"), Step::Type("configure terminal")],
        &[],
        expect![[""]],
    );
    check(
        "046-",
        "every command is logged and carried out",
        &[Step::Type("show clock")],
        &[],
        expect![[""]],
    );
    check(
        "048-",
        "the pattern fits the word whole, and the status is never set",
        &[Step::Type("configure terminal"), Step::Type("show clock")],
        &[],
        expect![[""]],
    );
    check(
        "106-",
        "the status is set in the old form",
        &[Step::Type("show clock")],
        &[],
        expect![[""]],
    );
    check(
        "155-",
        "what somebody hoped would work",
        &[Step::Type("show clock")],
        &[],
        expect![[""]],
    );
}

/// Goal: applets that wait for a time do what they say, when it comes. Method: a story each.
#[test]
fn applets_of_times() {
    check("009-", "labels with leading zeros", &[Step::Pass(125)], &[], expect![[""]]);
    check("016-", "a script each minute", &[Step::Pass(125)], &[], expect![[""]]);
    check(
        "025-",
        "ports are bounced in the morning of a working day",
        &[Step::Pass(36_000)],
        &[],
        expect![[""]],
    );
    check(
        "052-",
        "labels of letters; the applet goes at the end",
        &[Step::Pass(300)],
        &[],
        expect![[""]],
    );
    check(
        "053-",
        "the dialog of a copy, and waits within its time",
        &[Step::Pass(60)],
        &[
            ("copy sdflash", "Destination filename [startup-config]?"),
            ("copy startup", "Destination filename [running-config]?"),
        ],
        expect![[""]],
    );
    check("054-", "a session ends after a minute", &[Step::Pass(200)], &[], expect![[""]]);
    check(
        "057-",
        "a weak signal resets the modem",
        &[Step::Pass(310)],
        &[("show cellular", "Current RSRP = -112 dBm")],
        expect![[""]],
    );
    check(
        "057-",
        "a good one does not",
        &[Step::Pass(310)],
        &[("show cellular", "Current RSRP = -80 dBm")],
        expect![[""]],
    );
    check(
        "062-",
        "power goes from the ports that have it",
        &[Step::Pass(79_200)],
        &[(
            "power inline",
            "Interface Admin  Oper       Power\nGi1/0/1   auto   on         15.4\nGi1/0/2   auto   off        0.0",
        )],
        expect![[""]],
    );
    check(
        "063-",
        "power comes back to the ports that are off",
        &[Step::Pass(25_200)],
        &[(
            "power inline",
            "Interface Admin  Oper       Power\nGi1/0/1   auto   on         15.4\nGi1/0/2   off    off        0.0",
        )],
        expect![[""]],
    );
    check(
        "064-",
        "a tunnel whose peer is gone is bounced, once in 45 seconds",
        &[Step::Pass(100)],
        &[("sh track", "  Reachability is Down")],
        expect![[""]],
    );
    check(
        "065-",
        "the router says what it is to a server",
        &[Step::Pass(310)],
        &[
            (
                "show inventory",
                "NAME: \"Chassis\", DESCR: \"Cisco C8000V\"\nPID: C8000V            , VID: V01  , SN: 9ABCDEF",
            ),
            ("show version", "Cisco IOS Software, Version 17.9.1a\nR1 uptime is 1 hour"),
        ],
        expect![[""]],
    );
    check("070-", "a capture is taken each ten minutes", &[Step::Pass(610)], &[], expect![[""]]);
    check(
        "076-",
        "a monitor session ends after five minutes, once",
        &[Step::Pass(700)],
        &[],
        expect![[""]],
    );
    check(
        "078-",
        "each half hour the busy processes are logged",
        &[Step::Pass(1_900)],
        &[("processes", " 5 7 9 2.00%")],
        expect![[""]],
    );
    check(
        "083-",
        "an arithmetic result under a wrong name",
        &[Step::Pass(1_900)],
        &[("memory", "Processor  1000  900  100")],
        expect![[""]],
    );
    check(
        "093-",
        "the second event took the place of the first: no profile",
        &[Step::Pass(61)],
        &[],
        expect![[""]],
    );
    check(
        "093-",
        "a profile is there",
        &[Step::Pass(61)],
        &[("show run", "pnp profile zero")],
        expect![[""]],
    );
    check(
        "105-",
        "keys are made when SSH is off",
        &[Step::Pass(5)],
        &[("show ip ssh", "SSH Disabled - version 1.99")],
        expect![[""]],
    );
    check(
        "105-",
        "and not when it is on",
        &[Step::Pass(5)],
        &[("show ip ssh", "SSH Enabled - version 2.0")],
        expect![[""]],
    );
    check("134-", "a route is cleared on working days", &[Step::Pass(172_800)], &[], expect![[""]]);
    check(
        "135-",
        "a file is copied each day; the questions are answered",
        &[Step::Pass(86_500)],
        &[
            ("copy flash", "Address or name of remote host [a.b.c.d]?"),
            ("a.b.c.d", "Destination filename [iosca.crl]?"),
        ],
        expect![[""]],
    );
    check(
        "139-",
        "a mail after the boot; one label sorts before another",
        &[Step::Pass(30)],
        &[],
        expect![[""]],
    );
    check(
        "146-",
        "a stub object goes down in the evening",
        &[Step::Pass(64_800)],
        &[],
        expect![[""]],
    );
    check("164-", "a script on Saturdays", &[Step::Pass(345_600)], &[], expect![[""]]);
    check("165-", "another, with more time", &[Step::Pass(345_600)], &[], expect![[""]]);
    check(
        "170-",
        "a channel is restarted at night, with a wait within its time",
        &[Step::Pass(18_000)],
        &[],
        expect![[""]],
    );
    check(
        "184-",
        "packages are removed at midnight",
        &[
            Step::Environment("os_upgraded", "yes"),
            Step::Environment("module_count", "1"),
            Step::Environment("install_method", "install"),
            Step::Pass(86_600),
        ],
        &[("install remove", "Do you want to proceed? [y/n]?"), ("write mem", "")],
        expect![[""]],
    );
    check(
        "187-",
        "everything is erased and the router reloads",
        &[Step::Pass(200)],
        &[("erase", "Continue? [confirm]?")],
        expect![[""]],
    );
    check("188-", "a hostname at the start, once", &[Step::Pass(20)], &[], expect![[""]]);
    check(
        "192-",
        "an outage is counted in a counter and in the environment",
        &[Step::Track(88, false), Step::Pass(130)],
        &[],
        expect![[""]],
    );
    check(
        "196-",
        "a modem without GPS mode gets one",
        &[Step::Pass(70)],
        &[
            ("firmware", "Modem is up"),
            ("gps", "GPS Feature: enabled\nGPS Mode Configured: not configured/unknown"),
        ],
        expect![[""]],
    );
    check(
        "199-",
        "a bootstrap that is not done yet ends the run",
        &[Step::Pass(130)],
        &[("sh cgna profile-state", "cg-nms-ap-bootstrap"), ("name cg-nms", "Profile enabled")],
        expect![[""]],
    );
    check(
        "202-",
        "a module is reset, files go, the router reloads",
        &[Step::Pass(20)],
        &[("erase", "Continue? [confirm]?")],
        expect![[""]],
    );
    check("203-", "a route goes after 15 s", &[Step::Pass(20)], &[], expect![[""]]);
}

/// Goal: applets that wait for a change of what the router knows do what they say. Method: a story each.
#[test]
fn applets_of_readings() {
    check(
        "011-",
        "translations are cleared when the first line is lost",
        &[Step::Track(1, false)],
        &[],
        expect![[""]],
    );
    check(
        "012-",
        "two applets for the two directions",
        &[Step::Track(1, false), Step::Track(1, true)],
        &[],
        expect![[""]],
    );
    check(
        "088-",
        "a SIM is changed when the track is down, and counters begin anew",
        &[Step::Track(20, false), Step::Pass(700)],
        &[("controller Cellular", "SIM 0 is active SIM")],
        expect![[""]],
    );
    check(
        "091-",
        "a tunnel whose peer has moved gets its new address",
        &[Step::Track(111, false), Step::Pass(310)],
        &[("peer 1", "resolved to address: 198.51.100.9\r\n")],
        expect![[""]],
    );
    check("103-", "a lost peer is logged", &[Step::Track(100, false)], &[], expect![[""]]);
    check("104-", "and one that is back", &[Step::Track(100, true)], &[], expect![[""]]);
    check(
        "108-",
        "either way, with the state",
        &[Step::Track(100, false), Step::Track(100, true)],
        &[],
        expect![[""]],
    );
    check(
        "113-",
        "the router reloads when nothing answers",
        &[Step::Track(100, false)],
        &[],
        expect![[""]],
    );
    check("154-", "a neighbour is shut down", &[Step::Track(10, false)], &[], expect![[""]]);
    check(
        "162-",
        "the address of the gateway is taken over",
        &[Step::Track(1, false)],
        &[],
        expect![[""]],
    );
    check("195-", "translations are cleared", &[Step::Track(111, false)], &[], expect![[""]]);
    check(
        "069-",
        "the load is high: once in five minutes",
        &[Step::Snmp("1.3.6.1.4.1.9.2.1.56.0", 55), Step::Pass(10)],
        &[],
        expect![[""]],
    );
    check(
        "107-",
        "a probe that fails is logged once, and again after it worked",
        &[
            Step::Snmp("1.3.6.1.4.1.9.9.42.1.2.9.1.6.42", 1),
            Step::Pass(30),
            Step::Snmp("1.3.6.1.4.1.9.9.42.1.2.9.1.6.42", 2),
            Step::Pass(10),
            Step::Snmp("1.3.6.1.4.1.9.9.42.1.2.9.1.6.42", 1),
            Step::Pass(10),
        ],
        &[],
        expect![[""]],
    );
    check(
        "174-",
        "a high load is written to a file once, until it was low",
        &[Step::Snmp("1.3.6.1.4.1.9.9.109.1.1.1.1.3.1", 95), Step::Pass(20)],
        &[],
        expect![[""]],
    );
    check(
        "080-",
        "errors above a thousand, at each poll",
        &[Step::Interface("GigabitEthernet0/0", "input_errors", 1_200), Step::Pass(130)],
        &[],
        expect![[""]],
    );
    check(
        "153-",
        "one of six lines gains two errors in a poll; a name is never asked for",
        &[
            Step::Environment("_email_server", "192.0.2.1"),
            Step::Environment("_email_to", "noc@example.com"),
            Step::Pass(61),
            Step::Interface("Serial0/1/0", "input_errors_crc", 5),
            Step::Pass(61),
        ],
        &[],
        expect![[""]],
    );
    check(
        "034-",
        "a port is described by what CDP sees",
        &[cdp("SW2.example.net", "GigabitEthernet1/0/1")],
        &[],
        expect![[""]],
    );
    check(
        "035-",
        "names are cut, ports are shortened",
        &[cdp_on("GigabitEthernet1/1/2", "SW2.your.domain.name", "TenGigabitEthernet1/1/4")],
        &[],
        expect![[""]],
    );
    check(
        "038-",
        "a description that is right already is left alone",
        &[cdp("SW2.example.net", "GigabitEthernet1/0/1")],
        &[("Description", "  Description: SW2 [Gi1/0/1]")],
        expect![[""]],
    );
    check(
        "038-",
        "another one is replaced",
        &[cdp("SW2.example.net", "GigabitEthernet1/0/1")],
        &[("Description", "  Description: old text")],
        expect![[""]],
    );
    check(
        "037-",
        "a default route that changes is told in three ways",
        &[default_route()],
        &[],
        expect![[""]],
    );
    check("138-", "a resource policy becomes a trap", &[high_cpu()], &[], expect![[""]]);
}

/// Goal: applets that are started by hand do what they say. Method: a story each.
#[test]
fn applets_by_hand() {
    check(
        "028-",
        "counters are cleared by hand, with an answer",
        &[Step::Run("CLEAR-COUNTERS")],
        &[("clear counters", r#"Clear "show interface" counters on all interfaces [confirm]?"#)],
        expect![[""]],
    );
    check(
        "029-",
        "a report on the terminal",
        &[Step::Run("showdemo")],
        &[("int status", "Te1/1/4 connected"), ("cdp", "Device ID: SW2")],
        expect![[""]],
    );
    check(
        "050-",
        "a replacement that works",
        &[Step::Run("CONFIG-REPLACE flash:good.cfg")],
        &[("configure replace", "Rollback Done")],
        expect![[""]],
    );
    check(
        "050-",
        "one that fails edits another applet",
        &[Step::Run("CONFIG-REPLACE flash:bad.cfg")],
        &[("configure replace", "%Error opening flash:bad.cfg")],
        expect![[""]],
    );
    check(
        "110-",
        "a policy is copied and registered anew",
        &[Step::Run("LoadMyPolicy")],
        &[],
        expect![[""]],
    );
    check("111-", "without enable", &[Step::Run("ClearAll")], &[], expect![[""]]);
    check("118-", "reload by name", &[Step::Run("forceReload")], &[], expect![[""]]);
    check("120-", "a Tcl script by name", &[Step::Run("Clear")], &[], expect![[""]]);
    check(
        "125-",
        "a question and its answer",
        &[Step::Run("test")],
        &[("clear counter", "Clear counters? [confirm]?")],
        expect![[""]],
    );
    check("126-", "a loopback comes up", &[Step::Run("TEST")], &[], expect![[""]]);
    check("133-", "a DNS view", &[Step::Run("Test")], &[], expect![[""]]);
    check(
        "145-",
        "all questions of an extended ping; the patterns are found in the answers",
        &[Step::Run("ping")],
        &[("ping", "Protocol [ip]?")],
        expect![[""]],
    );
    check("147-", "an applet removes another", &[Step::Run("Cleanup")], &[], expect![[""]]);
    check(
        "151-",
        "what string match is: a glob with the pattern first",
        &[Step::Run("CheckMatchCommand")],
        &[],
        expect![[""]],
    );
    check(
        "158-",
        "a modem is switched off and on by hand",
        &[Step::Run("reload.3g.module")],
        &[],
        expect![[""]],
    );
    check(
        "167-",
        "a question that is answered with a newline",
        &[Step::Run("disableProf")],
        &[("dspfarm", "Are you sure? [yes/no]?")],
        expect![[""]],
    );
    check(
        "183-",
        "two ways to start, both by hand",
        &[Step::Run("system_finalize")],
        &[],
        expect![[""]],
    );
    check(
        "185-",
        "switches are renumbered, and the stack reloads",
        &[
            Step::Environment("stack_order", "FOC2 FOC1"),
            Step::Run("stack_reorder"),
            Step::Pass(30),
        ],
        &[(
            "show module",
            " 1       52   C9300-48P             FOC1  x\n 2       52   C9300-48P             FOC2  x",
        )],
        expect![[""]],
    );
}
