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
        expect![[r#"
            -- syslog
            > enable ; conf term ; interface fa0/0 ; no shut
            success
        "#]],
    );
    check(
        "002-",
        "a lost OSPF neighbour turns debugging on and sends a mail",
        &[Step::Log(
            "%OSPF-5-ADJCHG: Process 1, Nbr 192.168.12.1 on FastEthernet0/0 from FULL to DOWN, x",
        )],
        &[],
        expect![[r#"
            -- syslog
            > enable ; debug ip ospf adj
            mail smtp.example.net noc@example.com: OSPF IS DOWN
            success
        "#]],
    );
    check(
        "027-",
        "what was configured is compared with NVRAM and saved",
        &[Step::Log("%PARSER-5-CFGLOG_LOGGEDCMD: User:ops  logged command:interface Loopback1")],
        &[("sh archive", "+interface Loopback1")],
        expect![[r#"
            -- syslog
            > enable ; sh archive config diff nvram:startup-config
            %HA_EM-6-LOG: CONF_MODIFIED: +interface Loopback1/R1#
            > show clock | append flash:TESTCCIE.txt ; wri mem
            %HA_EM-6-LOG: CONF_MODIFIED: THE CONFIG WAS MODIFIED
            success
        "#]],
    );
    check(
        "030-",
        "the PnP VLAN is set to the native VLAN of the mismatch",
        &[Step::Log(
            "%CDP-4-NATIVE_VLAN_MISMATCH: Native VLAN mismatch discovered on Gi1 (99), with SW2 Gi2 (1).",
        )],
        &[("show run", "pnp startup-vlan 10\n")],
        expect![[r#"
            -- syslog
            > enable ; show run | i ^pnp startup-vlan
            %HA_EM-6-LOG: pnp_checker: 10\r
            %HA_EM-6-LOG: pnp_checker: 99
            %HA_EM-6-LOG: pnp_checker: 0
            %HA_EM-6-LOG: pnp_checker: >SETTING PNP VLAN FOR ONBOARDIN...
            > conf t ; pnp startup-vlan 99 ; end
            %HA_EM-6-LOG: pnp_checker: end of config
            success
        "#]],
    );
    check(
        "036-",
        "nothing: the parentheses of its pattern group, so that it never fits the message",
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
        expect![[r#"
            -- syslog
            > enable ; show clock | append flash:/violations.log ; show running-config interface Gi1/0 | append flash:/violations.log ; show mac address-table interface Gi1/0 | append flash:/violations.log
            trap TAA-PSEC port=Gi1/0 mac=0011.2233.4455 host=...
            %HA_EM-2-LOG: PORT_SEC_VIOLATION: TAA-ALERT: PSEC violatio...
            > end
            success
            -- none
            > enable
            %HA_EM-3-FMPD_UNKNOWN_ENV: fh_parse_var: could not find environment var...
            %HA_EM-3-FMPD_ERROR: Error executing applet PORT_SEC_VIOLATION st...
            abort
        "#]],
    );
    check(
        "043-",
        "the fifth failure within a minute is told to everybody",
        &[const { Step::Log("%SEC_LOGIN-4-LOGIN_FAILED: Authentication failure") }; 5],
        &[],
        expect![[r#"
            -- syslog
            > enable ; show clock        | append flash:/brute.log ; show users        | append flash:/brute.log ; show logging | include Authentication failure | append flash:/brute.log
            trap TAA-BRUTE host=edge-rt01 threshold=5/60s
            %HA_EM-4-LOG: WAN_BRUTE_DETECT: TAA-ALERT: 5+ authenticati...
            mail 10.0.10.10 noc@example.com: TAA-ALERT: WAN brute force on edge-rt01
            success
        "#]],
    );
    check(
        "055-",
        "a prefix is asked for twice; without matches its variables are unknown",
        &[Step::Log("IPv6 DHCP: T1 set to expire in 3600 seconds")],
        &[("general-prefix", "")],
        expect![[r#"
            -- syslog
            %HA_EM-1-LOG: DHCPV6-monitor: IPV6 Prefix check in progres...
            > enable ; show ipv6 general-prefix | i 2A02 ; show ipv6 local pool V6P | i 2A02
            %HA_EM-3-FMPD_UNKNOWN_ENV: fh_parse_var: could not find environment var...
            %HA_EM-3-FMPD_ERROR: Error executing applet DHCPV6-monitor statem...
            abort
        "#]],
    );
    check(
        "056-",
        "a text message is read by its index",
        &[Step::Log("Cellular0/0/0: New SMS received on index 7")],
        &[("sms view", "SMS ID: 42")],
        expect![[r#"
            -- syslog
            > enable ; cellular 0/0/0 lte sms view 7
            %HA_EM-6-LOG: SMS_Extract: SMS Extracted -> ID: 42
            success
        "#]],
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
        expect![[r#"
            -- syslog
            > enable ; show port-security interface Gi1/0/3 | include Violation Count
            %HA_EM-6-LOG: PSEC-CONDITIONAL-RECOVERY: PSEC-RECOVERY: Gi...
            %HA_EM-3-FMPD_ERROR: Error executing applet PSEC-CONDITIONAL-RECO...
            abort
        "#]],
    );
    check(
        "066-",
        "the fifth down within two minutes shuts the uplink",
        &[const { Step::Log("%LINK-3-UPDOWN: Interface TenGigabitEthernet1/1/1, changed state to down") };
            5],
        &[("show clock", "12:00:00 UTC")],
        expect![[r#"
            -- syslog
            > enable ; show clock ; show interface TenGigabitEthernet1/1/1 | append flash:flap-evidence.txt ; show interface TenGigabitEthernet1/1/1 transceiver detail | append flash:flap-evidence.txt ; show logging | include TenGigabitEthernet1/1/1 | append flash:flap-evidence.txt ; configure terminal ; interface TenGigabitEthernet1/1/1 ; shutdown ; description FLAP-GUARD shut by EEM - check optic/cabling ; end
            %HA_EM-2-LOG: UPLINK-FLAP-GUARD: FLAP-GUARD: TenGigabitEth...
            success
        "#]],
    );
    check(
        "074-",
        "a loopback that somebody shut down comes back",
        &[Step::Log(
            "%LINK-5-CHANGED: Interface Loopback100, changed state to administratively down",
        )],
        &[],
        expect![[r#"
            -- syslog
            > enable ; configure terminal ; interface Loopback100 ; no shutdown
            %HA_EM-6-LOG: AUTO-RECOVER-LO100: EEM: Loopback100 re-enab...
            success
        "#]],
    );
    check(
        "075-",
        "a Tcl policy is asked for, which is none of ours",
        &[Step::Log("%LINK-3-UPDOWN: Interface Virtual-Access1, changed state to up")],
        &[],
        expect![[r#"
            -- syslog
            %HA_EM-3-FMPD_NO_POLICY: policy afraid6.tcl is not registered with ev...
            %HA_EM-3-FMPD_ERROR: Error executing applet afraid6 statement 1.0
            abort
        "#]],
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
        expect![[r#"
            -- syslog
            > enable ; event manager run MgmtTuRecvry
            success
            -- syslog
            success
        "#]],
    );
    check(
        "099-",
        "keys are made at the start",
        &[Step::Log("%SYS-5-RESTART: System restarted --")],
        &[],
        expect![[r#"
            -- syslog
            > enable ; configure terminal ; crypto key generate rsa modulus 1024
            success
        "#]],
    );
    check(
        "112-",
        "lost commands are given again at the start",
        &[Step::Log("%SYS-5-RESTART: System restarted --")],
        &[],
        expect![[r#"
            -- syslog
            > enable ; configure terminal ; buffers particle-clone 16384 ; buffers header 4096 ; buffers fastswitching 8192
            %HA_EM-6-LOG: add-buffer: Reinstated buffers command
            success
        "#]],
    );
    check(
        "121-",
        "an OSPF neighbour that is full starts a Tcl script",
        &[Step::Log(
            "%OSPF-5-ADJCHG: Process 1, Nbr 1.1.1.1 on Gi1 from LOADING to FULL, Loading Done",
        )],
        &[],
        expect![[r#"
            -- syslog
            > enable ; tclsh flash:tcl/clearL0.tcl
            success
        "#]],
    );
    check(
        "123-",
        "a line that went down is mailed to whom the environment names",
        &[
            Step::Environment("_ifDown_rcpt", "noc@example.com"),
            Step::Log("%LINEPROTO-5-UPDOWN: Line protocol on Interface Gi1, changed state to down"),
        ],
        &[],
        expect![[r#"
            -- syslog
            mail mail-gw noc@example.com: Interface down on R1
            success
        "#]],
    );
    check(
        "129-",
        "a neighbour that is up gets a static route beside",
        &[Step::Log("%BGP-5-ADJCHANGE: neighbor 10.0.7.6 Up")],
        &[],
        expect![[r#"
            -- syslog
            > enable ; configure terminal ; ip route 0.0.0.0 0.0.0.0 10.0.7.6 250
            %HA_EM-6-LOG: BGP_B_Up: Alternate BGP peer available
            success
        "#]],
    );
    check(
        "156-",
        "a VRF neighbour that is down is looked up in the routing table",
        &[Step::Log("%BGP-5-ADJCHANGE: neighbor 10.0.7.6 vpn vrf VPN_A Down BGP Notification")],
        &[
            ("show ip route", "  * directly connected, via Serial0/0"),
            ("Description", "  Description: leased line"),
        ],
        expect![[r#"
            -- syslog
            > show ip route vrf VPN_A  10.0.7.6 | include , via ; show interface Serial0/0 | include Description:
            %HA_EM-6-LOG: VrfDown: Serial0/0 DOWN (leased line)
            trap EEM detected Serial0/0 DOWN (leased line) on...
            success
        "#]],
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
        expect![[r#"
            -- syslog
            > enable ; config t ; ip route 192.168.255.5 255.255.255.255 Null0 name NULL_WHEN_IPSLA223_FAIL ; exit
            %HA_EM-6-LOG: IPSEC_TUNNEL_2_FAIL: IPSEC_VPN_TUNNEL2 TIMEO...
            success
        "#]],
    );
    check(
        "159-",
        "a lost modem is switched off and on",
        &[Step::Log("%CISCO800-2-MODEM_REMOVAL_DETECTED: Cellular0 modem is now REMOVED")],
        &[],
        expect![[r#"
            -- syslog
            > enable ; configure terminal ; service internal ; end ; test cellular 0 modem-power-cycle ; configure terminal ; no service internal ; end
            %HA_EM-6-LOG: auto.reload.3g.module: Cellular0 module has ...
            success
        "#]],
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
        expect![[r#"
            -- syslog
            %HA_EM-6-LOG: sw_upgrade: /     ## Configuration received ...
            %HA_EM-6-LOG: sw_upgrade: /     ## Checking all switches' ...
            > enable ; show mod | i ^.[1-9]
            %HA_EM-6-LOG: sw_upgrade: /     ## Current list of switche...
            > conf t ; no event man app sw_upgrade
            %HA_EM-6-LOG: sw_upgrade: /     ## One or more switches re...
            > event man env ztp_upgraded yes ; event man app post_upgrade
            %HA_EM-3-FMPD_UNKNOWN_ENV: fh_parse_var: could not find environment var...
            %HA_EM-3-FMPD_ERROR: Error executing applet sw_upgrade statement ...
            abort
        "#]],
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
        expect![[r#"
            -- syslog
            %HA_EM-6-LOG: sw_stack: /     ## FreeZTP configuration rec...
            > enable ; show mod | i ^.[1-9]
            %HA_EM-6-LOG: sw_stack: /     ## Checking all switches' ve...
            > switch 2 priority 15 ; y ; switch 2 renumber 1 ; y ; switch 1 priority 14 ; y ; switch 1 renumber 2 ; y
            %HA_EM-6-LOG: sw_stack: /     ## FOC33333333 (Sw-3 serial)...
            %HA_EM-6-LOG: sw_stack: /     ## FOC44444444 (Sw-4 serial)...
            %HA_EM-6-LOG: sw_stack: /     ## The following errors occu...
            %HA_EM-6-LOG: sw_stack: /     ## Switches below have been ...
            > conf t ; no event man app sw_stack ; end ; write mem ; 
            %HA_EM-6-LOG: sw_stack: /     ## EEM applet (sw_stack) del...
            success
        "#]],
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
        expect![[r#"
            -- cli
            > enable ; show run | excl applet|event|action
            puts hostname R1/R1#/
            success
            `show running-config` is not carried out
        "#]],
    );
    check(
        "033-",
        "every command is logged, with who typed it",
        &[Step::Type("show clock"), Step::Type("configure terminal")],
        &[],
        expect![[r#"
            `show clock` is carried out
            -- cli
            %HA_EM-6-LOG: COMM_ACC: User ops entered show clock on dev...
            success
            `configure terminal` is carried out
            -- cli
            %HA_EM-6-LOG: COMM_ACC: User ops entered configure termina...
            success
        "#]],
    );
    check(
        "040-",
        "configuring asks back: yes",
        &[Step::Answer("Y"), Step::Type("configure terminal")],
        &[],
        expect![[r#"
            -- cli
            puts You are going to configure the router/
            puts Do you really want to configure [Y/N]
            gets
            puts Have fun/
            success
            `configure terminal` is carried out
        "#]],
    );
    check(
        "040-",
        "configuring asks back: anything else",
        &[Step::Answer("later"), Step::Type("configure terminal")],
        &[],
        expect![[r#"
            -- cli
            puts You are going to configure the router/
            puts Do you really want to configure [Y/N]
            gets
            success
            `configure terminal` is not carried out
        "#]],
    );
    check(
        "046-",
        "every command is logged and carried out",
        &[Step::Type("show clock")],
        &[],
        expect![[r#"
            `show clock` is carried out
            -- cli
            %HA_EM-6-LOG: CLIlog: show clock
            success
        "#]],
    );
    check(
        "048-",
        "nothing: the command is looked at whole, which this pattern never fits",
        &[Step::Type("configure terminal"), Step::Type("show clock")],
        &[],
        expect![[r#"
            `configure terminal` is carried out
            `show clock` is carried out
        "#]],
    );
    check(
        "106-",
        "the status is set in the old form",
        &[Step::Type("show clock")],
        &[],
        expect![[r#"
            `show clock` is carried out
            -- cli
            %HA_EM-6-LOG: CLIaccounting: show clock
            success
        "#]],
    );
    check(
        "155-",
        "what somebody hoped would work",
        &[Step::Type("show clock")],
        &[],
        expect![[r#"
            -- cli
            %HA_EM-6-LOG: CLIaccounting: [what can I put here?!]
            success
            `show clock` is not carried out
        "#]],
    );
}

/// Goal: applets that wait for a time do what they say, when it comes. Method: a story each.
#[test]
fn applets_of_times() {
    check(
        "009-",
        "labels with leading zeros",
        &[Step::Pass(125)],
        &[],
        expect![[r#"
        -- timer watchdog
        %HA_EM-6-LOG: test: This message appears first
        %HA_EM-6-LOG: test: This message appears second
        %HA_EM-6-LOG: test: This message appears third
        success
        -- timer watchdog
        %HA_EM-6-LOG: test: This message appears first
        %HA_EM-6-LOG: test: This message appears second
        %HA_EM-6-LOG: test: This message appears third
        success
    "#]],
    );
    check(
        "016-",
        "a script each minute",
        &[Step::Pass(125)],
        &[],
        expect![[r#"
        -- timer cron
        > en ; guestshell run python3 loopback.py
        success
        -- timer cron
        > en ; guestshell run python3 loopback.py
        success
    "#]],
    );
    check(
        "025-",
        "ports are bounced in the morning of a working day",
        &[Step::Pass(36_000)],
        &[],
        expect![[r#"
            -- timer cron
            %HA_EM-6-LOG: DAILY-RESET: RUN: 'DAILY-RESET'  EEM applet.
            %HA_EM-6-LOG: DAILY-RESET: DAILY-RESET
            > enable ; config t ; int ra gi 1/0/23-24
            %HA_EM-6-LOG: DAILY-RESET: SHUTDOWN
            > shut
            %HA_EM-6-LOG: DAILY-RESET: NO SHUTDOWN
            > no shut ; exit
            success
        "#]],
    );
    check(
        "052-",
        "labels of letters; the applet goes at the end",
        &[Step::Pass(300)],
        &[],
        expect![[r#"
            -- timer countdown
            > enable ; conf t ; default interface vlan 1 ; vlan 999 ; name p2p_onboarding ; exit ; interface vlan 999 ; ip address 192.0.2.1 255.255.255.252 ; exit ; interface TenGigabitEthernet1/1/1 ; description Uplink ; switchport mode trunk ; switchport trunk native vlan 999 ; exit ; no event manager applet UplinkPort
            success
        "#]],
    );
    check(
        "053-",
        "the dialog of a copy, and waits within its time",
        &[Step::Pass(60)],
        &[
            ("copy sdflash", "Destination filename [startup-config]?"),
            ("copy startup", "Destination filename [running-config]?"),
        ],
        expect![[r#"
            -- timer countdown
            %HA_EM-6-LOG: SyncConfig: Config started
            > enable ; copy sdflash:editcontent.txt startup-config ;  ; copy startup-config running-config ;  ; configure terminal ; event manager applet SyncConfig ; no event timer countdown time 10 maxrun 150 ; end ; write memory ; configure terminal ; no event manager applet SyncConfig
            success
        "#]],
    );
    check(
        "054-",
        "a session ends after a minute",
        &[Step::Pass(200)],
        &[],
        expect![[r#"
        -- timer countdown
        > en ; config t ; monitor session 15 type erspan-source ; shutdown
        %HA_EM-6-LOG: ERSPAN_TIMER:  STOPPING ERSAPN
        success
    "#]],
    );
    check(
        "057-",
        "a weak signal resets the modem",
        &[Step::Pass(310)],
        &[("show cellular", "Current RSRP = -112 dBm")],
        expect![[r#"
            -- timer watchdog
            > show cellular 0/0/0 radio
            %HA_EM-4-LOG: CELLULAR-MONITOR: Cellular signal weak: RSRP...
            > test cellular 0/0/0 modem-power-cycle
            success
        "#]],
    );
    check(
        "057-",
        "a good one does not",
        &[Step::Pass(310)],
        &[("show cellular", "Current RSRP = -80 dBm")],
        expect![[r#"
            -- timer watchdog
            > show cellular 0/0/0 radio
            success
        "#]],
    );
    check(
        "062-",
        "power goes from the ports that have it",
        &[Step::Pass(79_200)],
        &[(
            "power inline",
            "Interface Admin  Oper       Power\nGi1/0/1   auto   on         15.4\nGi1/0/2   auto   off        0.0",
        )],
        expect![[r#"
            -- timer cron
            > enable ; show power inline ; conf t ; interface Gi1/0/1 ; power inline never
            %HA_EM-6-LOG: SelectivePowerOff: Turned off PoE on Gi1/0/1
            success
        "#]],
    );
    check(
        "063-",
        "power comes back to the ports that are off",
        &[Step::Pass(25_200)],
        &[(
            "power inline",
            "Interface Admin  Oper       Power\nGi1/0/1   auto   on         15.4\nGi1/0/2   off    off        0.0",
        )],
        expect![[r#"
            -- timer cron
            > enable ; show power inline ; conf t ; interface Gi1/0/2 ; power inline auto
            %HA_EM-6-LOG: SelectivePowerOn: Turned on PoE on Gi1/0/2
            success
        "#]],
    );
    check(
        "064-",
        "a tunnel whose peer is gone is bounced, once in 45 seconds",
        &[Step::Pass(100)],
        &[("sh track", "  Reachability is Down")],
        expect![[r#"
            -- timer watchdog
            > enable ; sh track 1 | i Reachability
            %HA_EM-6-LOG: Tunnel-Down: Echo Reply timed out; Tunnel is...
            > conf t ; interface f0/0 ; shut ; interface tunnel0 ; shut ; do clear crypto sess ; interface f0/0 ; no shut ; interface tunnel0 ; no shut ; end
            %HA_EM-6-LOG: Tunnel-Down: TUNNEL HAS BEEN REINITIALIZED
            success
            -- timer watchdog
            > enable ; sh track 1 | i Reachability
            %HA_EM-6-LOG: Tunnel-Down: Echo Reply timed out; Tunnel is...
            > conf t ; interface f0/0 ; shut ; interface tunnel0 ; shut ; do clear crypto sess ; interface f0/0 ; no shut ; interface tunnel0 ; no shut ; end
            %HA_EM-6-LOG: Tunnel-Down: TUNNEL HAS BEEN REINITIALIZED
            success
        "#]],
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
        expect![[r#"
            -- timer watchdog
            > enable ; show inventory ; show version | inc uptime|IOS Softwa ; copy http://192.168.0.121/Register.aspx/serial=9ABCDEF/hostname=R1/model=C8000V/version=17.9.1a null:
            success
        "#]],
    );
    check(
        "070-",
        "a capture is taken each ten minutes",
        &[Step::Pass(610)],
        &[],
        expect![[r#"
        -- timer watchdog
        > enable ; guestshell run python /bootflash/guest-share/rolling-pcap.py tftp 192.0.2.20 GigabitEthernet1
        success
    "#]],
    );
    check(
        "076-",
        "a monitor session ends after five minutes, once",
        &[Step::Pass(700)],
        &[],
        expect![[r#"
            -- timer countdown
            > enable ; configure terminal ; no monitor session 1 ; end
            success
        "#]],
    );
    check(
        "078-",
        "each half hour the busy processes are logged",
        &[Step::Pass(1_900)],
        &[("processes", " 5 7 9 2.00%")],
        expect![[r#"
            -- timer cron
            > enable ; show clock ; show processes cpu sorted | exclude 0.00
            %HA_EM-6-LOG: HEALTH-CHECK: EEM HEALTH-CHECK:  5 7 9 2.00%...
            success
        "#]],
    );
    check(
        "083-",
        "an arithmetic result under a wrong name",
        &[Step::Pass(1_900)],
        &[("memory", "Processor  1000  900  100")],
        expect![[r#"
            -- timer watchdog
            > enable ; show memory statistics | include Processor
            %HA_EM-3-FMPD_UNKNOWN_ENV: fh_parse_var: could not find environment var...
            %HA_EM-3-FMPD_ERROR: Error executing applet MEMORY_MONITOR statem...
            abort
        "#]],
    );
    check(
        "093-",
        "the second event took the place of the first: no profile",
        &[Step::Pass(61)],
        &[],
        expect![[r#"
            -- timer watchdog
            > enable ; show run | i ^pnp profile
            %HA_EM-6-LOG: pnp_delete: Did not find any pnp profile. en...
            > conf t ; ip http client source-interface Loopback1 ; no event manager applet pnp_delete ; do wr ; end
            success
        "#]],
    );
    check(
        "093-",
        "a profile is there",
        &[Step::Pass(61)],
        &[("show run", "pnp profile zero")],
        expect![[r#"
            -- timer watchdog
            > enable ; show run | i ^pnp profile
            %HA_EM-6-LOG: pnp_delete:  found pnp profile zero/R1#
            success
        "#]],
    );
    check(
        "105-",
        "keys are made when SSH is off",
        &[Step::Pass(5)],
        &[("show ip ssh", "SSH Disabled - version 1.99")],
        expect![[r#"
            -- timer cron
            > enable ; show ip ssh | include ^SSH ; configure terminal ; crypto key generate rsa mod 2048 label R1 ; end
            success
        "#]],
    );
    check(
        "105-",
        "and not when it is on",
        &[Step::Pass(5)],
        &[("show ip ssh", "SSH Enabled - version 2.0")],
        expect![[r#"
            -- timer cron
            > enable ; show ip ssh | include ^SSH
            success
        "#]],
    );
    check(
        "134-",
        "a route is cleared on working days",
        &[Step::Pass(172_800)],
        &[],
        expect![[r#"
        -- timer cron
        > enable ; clear ip route 172.18.1.0
        success
        -- timer cron
        > enable ; clear ip route 172.18.1.0
        success
    "#]],
    );
    check(
        "135-",
        "a file is copied each day; the questions are answered",
        &[Step::Pass(86_500)],
        &[
            ("copy flash", "Address or name of remote host [a.b.c.d]?"),
            ("a.b.c.d", "Destination filename [iosca.crl]?"),
        ],
        expect![[r#"
            -- timer watchdog
            > enable ; copy flash:/iosca.crl ftp://username:passwd@a.b.c.d/ ; a.b.c.d ; iosca.crl
            %HA_EM-6-LOG: backup-crl: FTP backup successful
            success
        "#]],
    );
    check(
        "139-",
        "a mail after the boot; one label sorts before another",
        &[Step::Pass(30)],
        &[],
        expect![[r#"
            -- timer countdown
            %HA_EM-6-LOG: ReloadNotify: E-mail was sent
            mail mail.example.com ops@example.com: Router reload: R1
            success
        "#]],
    );
    check(
        "146-",
        "a stub object goes down in the evening",
        &[Step::Pass(64_800)],
        &[],
        expect![[r#"
            -- timer cron
            track 42 set down
            success
        "#]],
    );
    check(
        "164-",
        "a script on Saturdays",
        &[Step::Pass(345_600)],
        &[],
        expect![[r#"
        -- timer cron
        > enable ; tclsh flash:BackupRunning.tcl
        success
    "#]],
    );
    check(
        "165-",
        "another, with more time",
        &[Step::Pass(345_600)],
        &[],
        expect![[r#"
        -- timer cron
        > enable ; tclsh flash:CopyFlash.tcl
        success
    "#]],
    );
    check(
        "170-",
        "a channel is restarted at night, with a wait within its time",
        &[Step::Pass(18_000)],
        &[],
        expect![[r#"
            -- timer cron
            %HA_EM-6-LOG: restartd: restart d-channel
            > enable ; conf t ; voice-port 0/0/0:15 ; shutdown ; no shutdown ; end
            success
        "#]],
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
        expect![[r#"
            -- timer cron
            %HA_EM-6-LOG: system_clean: ## Starting Cleanup applet.
            > enable
            %HA_EM-6-LOG: system_clean: ## Switch rebooted to new imag...
            %HA_EM-6-LOG: system_clean: ## Removing unused packages...
            > install remove inactive ; y
            %HA_EM-6-LOG: system_clean: ## Unused packages have been r...
            %HA_EM-6-LOG: system_clean: ## Removing EEM applets and en...
            > configure terminal ; no event manager environment q ; event manager environment ver ; event manager environment lver ; event manager environment image ; event manager environment ztp_ip ; no event manager environment system_model ; no event manager environment module_count ; no event manager environment fs ; no event manager environment install_method ; no event manager environment os_upgraded ; no event manager applet system_check ; no event manager applet system_upgrade ; no event manager applet system_finalize ; no event manager applet system_clean ; end ; write mem ;  ; exit
            %HA_EM-6-LOG: system_clean: ## Cleanup applet complete.
            success
        "#]],
    );
    check(
        "187-",
        "everything is erased and the router reloads",
        &[Step::Pass(200)],
        &[("erase", "Continue? [confirm]?")],
        expect![[r#"
            -- timer countdown
            > enable
            %HA_EM-6-LOG: FACTORY-RESET: EEM applet will trigger facto...
            > del /f -* ; del /f /r pnp* ; del /f /r archive* ; del /f before* ; erase nvram: ; 
            reload
            success
        "#]],
    );
    check(
        "188-",
        "a hostname at the start, once",
        &[Step::Pass(20)],
        &[],
        expect![[r#"
        -- timer watchdog
        > enable ; conf t ; hostname edge-gw-01 ; no event manager applet config_hostname ; end
        success
    "#]],
    );
    check(
        "192-",
        "an outage is counted in a counter and in the environment",
        &[Step::Track(88, false), Step::Pass(130)],
        &[],
        expect![[r#"
            -- timer watchdog
            > enable ; config t ; event manager environment outage_current 1
            success
            -- timer watchdog
            > enable ; config t ; event manager environment outage_current 2
            success
        "#]],
    );
    check(
        "196-",
        "a modem without GPS mode gets one",
        &[Step::Pass(70)],
        &[
            ("firmware", "Modem is up"),
            ("gps", "GPS Feature: enabled\nGPS Mode Configured: not configured/unknown"),
        ],
        expect![[r#"
            -- timer cron
            > enable ; show Cellular 0/1/0 firmware ; show Cellular 0/1/0 gps
            %HA_EM-6-LOG: GNSS_ENABLE: Enabling GPS standalone mode
            > conf t ; controller Cellular 0/1/0 ; lte gps mode standalone ; lte gps nmea ip ; end
            success
        "#]],
    );
    check(
        "199-",
        "a bootstrap that is not done yet ends the run",
        &[Step::Pass(130)],
        &[("sh cgna profile-state", "cg-nms-ap-bootstrap"), ("name cg-nms", "Profile enabled")],
        expect![[r#"
            -- timer watchdog
            > en ; sh cgna profile-state all | i cg-nms-ap-bootstrap ; show cgna profile name cg-nms-ap-bootstrap | i disabled ; sh cgna profile-state all | i cg-nms-ap-register
            success
        "#]],
    );
    check(
        "202-",
        "a module is reset, files go, the router reloads",
        &[Step::Pass(20)],
        &[("erase", "Continue? [confirm]?")],
        expect![[r#"
            -- timer countdown
            > enable ; service-module wlan-ap 0 reset default-config ; delete /f flash:express-setup-config* ; delete /f flash:before-registration-config* ; delete /f flash:before-tunnel-config* ; delete /f flash:/-* ; erase nvram: ; 
            reload
            success
        "#]],
    );
    check(
        "203-",
        "a route goes after 15 s",
        &[Step::Pass(20)],
        &[],
        expect![[r#"
        -- timer countdown
        > enable ; conf t ; no ip route 0.0.0.0 0.0.0.0 Cellular 0/1/0 100
        success
    "#]],
    );
}

/// Goal: applets that wait for a change of what the router knows do what they say. Method: a story each.
#[test]
fn applets_of_readings() {
    check(
        "011-",
        "translations are cleared when the first line is lost",
        &[Step::Track(1, false)],
        &[],
        expect![[r#"
            -- track
            > enable ; clear ip nat translation *
            %HA_EM-6-LOG: WAN-FAILOVER: WAN1 DOWN - da chuyen sang WAN...
            success
        "#]],
    );
    check(
        "012-",
        "two applets for the two directions",
        &[Step::Track(1, false), Step::Track(1, true)],
        &[],
        expect![[r#"
            -- track
            > enable ; conf t ; no route-map ISP-BALANCING permit 10 ; end
            success
            -- track
            > enable ; conf t ; route-map ISP-BALANCING permit 10 ; match ip address SUBNET-ODD ; set ip next-hop 10.255.255.25 ; end
            success
        "#]],
    );
    check(
        "088-",
        "a SIM is changed when the track is down, and counters begin anew",
        &[Step::Track(20, false), Step::Pass(700)],
        &[("controller Cellular", "SIM 0 is active SIM")],
        expect![[r#"
            -- track
            > enable ; sh controller Cellular 0/1/0 | i active SIM ; clear interface Cellular 0/1/0 ; Cellular 0/1/0 lte sim activate slot 1 ; clear ip route *
            %HA_EM-6-LOG: LTE_SWITCH_SIM_0: SIM failover activating SI...
            success
            -- timer watchdog
            > enable ; sh controller Cellular 0/1/0 | i active SIM ; clear interface Cellular 0/1/0 ; Cellular 0/1/0 lte sim activate slot 1 ; clear ip route *
            %HA_EM-6-LOG: LTE_SWITCH_SIM_0: SIM failover activating SI...
            success
        "#]],
    );
    check(
        "091-",
        "a tunnel whose peer has moved gets its new address",
        &[Step::Track(111, false), Step::Pass(310)],
        &[("peer 1", "resolved to address: 198.51.100.9\r\n")],
        expect![[r#"
            -- track
            > enable ; ping 8.8.8.8 rep 1 time 0 ; conf t ; crypto ikev2 client flexvpn Tunnel1 ; peer 1 fqdn her.example.net ; crypto ikev2 keyring Flex_key ; peer cloud-core-router ; address 198.51.100.9 ; ip route 198.51.100.9 255.255.255.255 GigabitEthernet0/0/0 dhcp ; no ip route 203.0.113.10 255.255.255.255 GigabitEthernet0/0/0 dhcp ; ip route 198.51.100.9 255.255.255.255 Cellular 0/1/0 10 ; no ip route 203.0.113.10 255.255.255.255 Cellular 0/1/0 10 ; event man env herip 198.51.100.9 ; do wr
            success
            -- timer cron
            > enable ; ping 8.8.8.8 rep 1 time 0 ; conf t ; crypto ikev2 client flexvpn Tunnel1 ; peer 1 fqdn her.example.net
        "#]],
    );
    check(
        "103-",
        "a lost peer is logged",
        &[Step::Track(100, false)],
        &[],
        expect![[r#"
        -- track
        %HA_EM-6-LOG: ISP_A_down: ping to 172.16.1.2 from GigabitE...
        success
    "#]],
    );
    check(
        "104-",
        "and one that is back",
        &[Step::Track(100, true)],
        &[],
        expect![[r#"
        -- track
        %HA_EM-6-LOG: ISP_A_up: 172.16.1.2 is reachable
        success
    "#]],
    );
    check(
        "108-",
        "either way, with the state",
        &[Step::Track(100, false), Step::Track(100, true)],
        &[],
        expect![[r#"
            -- track
            %HA_EM-6-LOG: TrackRoute_0.0.0.0: route is down
            success
            -- track
            %HA_EM-6-LOG: TrackRoute_0.0.0.0: route is up
            success
        "#]],
    );
    check(
        "113-",
        "the router reloads when nothing answers",
        &[Step::Track(100, false)],
        &[],
        expect![[r#"
            -- track
            %HA_EM-6-LOG: PingHasFailed: Ping has failed, reloading th...
            reload
            success
        "#]],
    );
    check(
        "154-",
        "a neighbour is shut down",
        &[Step::Track(10, false)],
        &[],
        expect![[r#"
        -- track
        > enable ; configure terminal ; router bgp 65100 ; neighbor 10.0.7.10 shutdown
        success
    "#]],
    );
    check(
        "162-",
        "the address of the gateway is taken over",
        &[Step::Track(1, false)],
        &[],
        expect![[r#"
            -- track
            > enable ; configure terminal ; int gi0/1 ; ip address 192.168.1.102 255.255.255.0 ; exit
            %HA_EM-2-LOG: Fiber_Down: Cisco becomes gateway
            success
        "#]],
    );
    check(
        "195-",
        "translations are cleared",
        &[Step::Track(111, false)],
        &[],
        expect![[r#"
        -- track
        %HA_EM-6-LOG: wan_failover: WAN connectivity change, clear...
        > enable ; clear ip nat translation *
        success
    "#]],
    );
    check(
        "069-",
        "the load is high: once in five minutes",
        &[Step::Snmp("1.3.6.1.4.1.9.2.1.56.0", 55), Step::Pass(10)],
        &[],
        expect![[r#"
            -- snmp
            %HA_EM-6-LOG: highcpu: High CPU detected.
            > enable ; guestshell run python iosxe-highcpu.py
            success
        "#]],
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
        expect![[r#"
            -- snmp
            %HA_EM-6-LOG: SLA_Timeout: Ping to 172.16.1.2 timeout
            success
            -- snmp
            %HA_EM-6-LOG: SLA_Timeout: Ping to 172.16.1.2 timeout
            success
        "#]],
    );
    check(
        "174-",
        "a high load is written to a file once, until it was low",
        &[Step::Snmp("1.3.6.1.4.1.9.9.109.1.1.1.1.3.1", 95), Step::Pass(20)],
        &[],
        expect![[r#"
            -- snmp
            %HA_EM-6-LOG: HighCPU: HIGH CPU DETECTED 95 %
            > enable ; show clock | append flash0:highcpu.txt ; show proc cpu sort | append flash0:highcpu.txt ; show process cpu history | append flash:highcpu.txt ; show process memory | append flash0:highcpu.txt ; show interfaces | append flash0:highcpu.txt ; show alignment | append flash0:highcpu.txt ; show cef interface | append flash0:highcpu.txt ; show cef not-cef-switched | append flash0:highcpu.txt ; show cef drop | append flash0:highcpu.txt ; show ip traffic | append flash0:highcpu.txt ; show interface switching | append flash0:highcpu.txt ; show interface summary | append flash0:highcpu.txt ; show log | append flash0:highcpu.txt ; show interface stats | append flash0:highcpu.txt
            success
        "#]],
    );
    check(
        "080-",
        "errors above a thousand, at each poll",
        &[Step::Interface("GigabitEthernet0/0", "input_errors", 1_200), Step::Pass(130)],
        &[],
        expect![[r#"
            -- interface
            %HA_EM-6-LOG: HIGH_INPUT_ERRORS: EEM: Gi0/0 input errors e...
            > enable
            success
            -- interface
            %HA_EM-6-LOG: HIGH_INPUT_ERRORS: EEM: Gi0/0 input errors e...
            > enable
            success
        "#]],
    );
    check(
        "153-",
        "one of six lines gains two errors in a poll; a name is never asked for",
        &[
            Step::Environment("_email_server", "192.0.2.1"),
            Step::Environment("_email_to", "noc@example.com"),
            Step::Interface("Serial0/1/0", "input_errors_crc", 0),
            Step::Pass(61),
            Step::Interface("Serial0/1/0", "input_errors_crc", 5),
            Step::Pass(61),
        ],
        &[],
        expect![[r#"
            -- interface
            %HA_EM-6-LOG: multiple_if: CRC failure leased line Serial0...
            %HA_EM-3-FMPD_UNKNOWN_ENV: fh_parse_var: could not find environment var...
            %HA_EM-3-FMPD_ERROR: Error executing applet multiple_if statement...
            abort
        "#]],
    );
    check(
        "034-",
        "a port is described by what CDP sees",
        &[cdp("SW2.example.net", "GigabitEthernet1/0/1")],
        &[],
        expect![[r#"
            -- neighbor-discovery
            > enable ; config t ; interface GigabitEthernet2 ; description To SW2.example.net GigabitEthernet1/0/1
            %HA_EM-6-LOG: update-int-desc: Description for GigabitEthe...
            > end ; exit
            success
        "#]],
    );
    check(
        "035-",
        "names are cut, ports are shortened",
        &[cdp_on("GigabitEthernet1/1/2", "SW2.your.domain.name", "TenGigabitEthernet1/1/4")],
        &[],
        expect![[r#"
            -- neighbor-discovery
            > enable ; config t ; interface GigabitEthernet1/1/2 ; description SW2:Te1/1/4 ; do write
            %HA_EM-6-LOG: auto-update-port-description: EEM script upd...
            success
        "#]],
    );
    check(
        "038-",
        "a description is compared by its first word alone, so a right one is written again",
        &[cdp("SW2.example.net", "GigabitEthernet1/0/1")],
        &[("Description", "  Description: SW2 [Gi1/0/1]")],
        expect![[r#"
            -- neighbor-discovery
            > enable ; config t ; do show interface GigabitEthernet2 | incl Description: ; interface GigabitEthernet2 ; description SW2 [Gi1/0/1] ; do write
            %HA_EM-6-LOG: auto-update-cdp-port-description: EEM script...
            success
        "#]],
    );
    check(
        "038-",
        "another one is replaced",
        &[cdp("SW2.example.net", "GigabitEthernet1/0/1")],
        &[("Description", "  Description: old text")],
        expect![[r#"
            -- neighbor-discovery
            > enable ; config t ; do show interface GigabitEthernet2 | incl Description: ; interface GigabitEthernet2 ; description SW2 [Gi1/0/1] ; do write
            %HA_EM-6-LOG: auto-update-cdp-port-description: EEM script...
            success
        "#]],
    );
    check(
        "037-",
        "a default route that changes is told in three ways",
        &[default_route()],
        &[],
        expect![[r#"
            -- routing
            %HA_EM-1-LOG: RIB_MONITOR: Route changed: Type modify, Net...
            trap Route changed: Type modify, Network: 0.0.0.0...
            mail 10.11.12.16 noc@example.com: Routing Table Change
            success
        "#]],
    );
    check(
        "138-",
        "a resource policy becomes a trap",
        &[high_cpu()],
        &[],
        expect![[r#"
        -- resource
        trap High CPU
        success
    "#]],
    );
}

/// Goal: applets that are started by hand do what they say. Method: a story each.
#[test]
fn applets_by_hand() {
    check(
        "028-",
        "counters are cleared by hand, with an answer",
        &[Step::Run("CLEAR-COUNTERS")],
        &[("clear counters", r#"Clear "show interface" counters on all interfaces [confirm]?"#)],
        expect![[r#"
            -- none
            > enable ; clear counters ; y
            success
        "#]],
    );
    check(
        "029-",
        "a report on the terminal",
        &[Step::Run("showdemo")],
        &[("int status", "Te1/1/4 connected"), ("cdp", "Device ID: SW2")],
        expect![[r#"
            -- none
            > enable
            puts /
            puts Showing DEMO switch ASW-C9300-48-DEMO connec...
            puts /
            puts Showing Interface Switch connected on/
            > show int status | i 1/1/4
            puts Te1/1/4 connected/R1#/
            puts /
            puts Showing IP Address for Downstream Switch/
            > show cdp ne te 1/1/4 det | i IP|Device
            puts Device ID: SW2/R1#/
            puts /
            success
        "#]],
    );
    check(
        "050-",
        "a replacement that works",
        &[Step::Run("CONFIG-REPLACE flash:good.cfg")],
        &[("configure replace", "Rollback Done")],
        expect![[r#"
            -- none
            > enable ; terminal length 0 ; configure replace flash:good.cfg force
            %HA_EM-6-LOG: CONFIG-REPLACE: CFG-REPLACE output: Rollback...
            success
        "#]],
    );
    check(
        "050-",
        "one that fails edits another applet",
        &[Step::Run("CONFIG-REPLACE flash:bad.cfg")],
        &[("configure replace", "%Error opening flash:bad.cfg")],
        expect![[r#"
            -- none
            > enable ; terminal length 0 ; configure replace flash:bad.cfg force
            %HA_EM-6-LOG: CONFIG-REPLACE: CFG-REPLACE FAILED. Scheduli...
            > configure terminal ; event manager applet BOOTSTRAP-AUTOPROV ; event timer watchdog time 300 maxrun 300000 ; no action 0.2 ; no action 0.3 ; end
            %HA_EM-6-LOG: CONFIG-REPLACE: CFG-REPLACE output: %Error o...
            success
        "#]],
    );
    check(
        "110-",
        "a policy is copied and registered anew",
        &[Step::Run("LoadMyPolicy")],
        &[],
        expect![[r#"
            -- none
            > configure terminal ; no event manager policy ep.tcl ; file prompt quiet ; exit ; copy tftp://10.0.0.10/tcl/ep.tcl nvram:ep.tcl ; configure terminal ; event manager policy ep.tcl ; exit
            success
        "#]],
    );
    check(
        "111-",
        "without enable",
        &[Step::Run("ClearAll")],
        &[],
        expect![[r#"
        -- none
        > clear ip route * ; clear ip bgp *
        success
    "#]],
    );
    check(
        "118-",
        "reload by name",
        &[Step::Run("forceReload")],
        &[],
        expect![[r#"
        -- none
        reload
        success
    "#]],
    );
    check(
        "120-",
        "a Tcl script by name",
        &[Step::Run("Clear")],
        &[],
        expect![[r#"
        -- none
        > enable ; tclsh flash:tcl/clearL0.tcl
        success
    "#]],
    );
    check(
        "125-",
        "a question and its answer",
        &[Step::Run("test")],
        &[("clear counter", "Clear counters? [confirm]?")],
        expect![[r#"
            -- none
            > enable ; clear counter loopback 0 ; y
            success
        "#]],
    );
    check(
        "126-",
        "a loopback comes up",
        &[Step::Run("TEST")],
        &[],
        expect![[r#"
        -- none
        > enable ; configure terminal ; interface loopback 3 ; no shutdown
        success
    "#]],
    );
    check(
        "133-",
        "a DNS view",
        &[Step::Run("Test")],
        &[],
        expect![[r#"
        -- none
        > enable ; configure terminal ; ip dns view default ; dns forwarder 10.0.0.2
        success
    "#]],
    );
    check(
        "145-",
        "an extended ping, question by question; one that does not come ends the run at maxrun",
        &[Step::Run("ping"), Step::Pass(30)],
        &[("ping", "Protocol [ip]?"), ("ip", "Target IP address?"), ("10.10", "Repeat count [5]?")],
        expect![[r#"
            -- none
            > enable ; ping ; ip ; 10.10.10.10 ; 5
            %HA_EM-3-FMPD_ERROR: Error executing applet ping statement 104
            abort
        "#]],
    );
    check(
        "147-",
        "an applet removes another",
        &[Step::Run("Cleanup")],
        &[],
        expect![[r#"
        -- none
        > enable ; configure terminal ; no event manager applet ConfigReload
        success
    "#]],
    );
    check(
        "151-",
        "what string match is: a glob with the pattern first",
        &[Step::Run("CheckMatchCommand")],
        &[],
        expect![[r#"
            -- none
            puts match: -a- versus -a- result: 1/
            puts match: -aa- versus -a- result: 0/
            puts match: -a- versus -aa- result: 0/
            puts match: -a.- versus -aa- result: 0/
            puts match: -aa- versus -a.- result: 0/
            puts match: -.- versus -a- result: 0/
            puts match: -a- versus -.- result: 0/
            success
        "#]],
    );
    check(
        "158-",
        "a modem is switched off and on by hand",
        &[Step::Run("reload.3g.module")],
        &[],
        expect![[r#"
            -- none
            > enable ; configure terminal ; service internal ; end ; test cellular 0 modem-power-cycle ; configure terminal ; no service internal ; end
            %HA_EM-6-LOG: reload.3g.module: Cellular0 module has been ...
            success
        "#]],
    );
    check(
        "167-",
        "without enable nothing is configured; a question without a pattern lasts until maxrun",
        &[Step::Run("disableProf"), Step::Pass(30)],
        &[("dspfarm", "Are you sure? [yes/no]?")],
        expect![[r#"
            -- none
            > conf t ; dspfarm profile 8 transcode
            %HA_EM-3-FMPD_ERROR: Error executing applet disableProf statement...
            abort
        "#]],
    );
    check(
        "183-",
        "two ways to start, both by hand",
        &[Step::Run("system_finalize")],
        &[],
        expect![[r#"
            -- none
            %HA_EM-6-LOG: system_finalize: ## Starting Finalize...
            > enable
            %HA_EM-6-LOG: system_finalize: ## Applying supplemental co...
            > configure terminal
            success
        "#]],
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
        expect![[r#"
            -- none
            %HA_EM-6-LOG: stack_reorder: ## Checking stack order again...
            > enable ; show module | include ^\ *[0-9]+\  ; switch 2 renumber 1 ; y
            %HA_EM-6-LOG: stack_reorder: ## Renumbering switch 2 to 1.
            > switch 1 renumber 2 ; y
            %HA_EM-6-LOG: stack_reorder: ## Renumbering switch 1 to 2.
            > copy running-config startup-config ; 
            %HA_EM-6-LOG: stack_reorder: ## Switch order reset. Reboot...
            reload
            success
        "#]],
    );
}
