//! The archive's log of configuration commands: lines, rows, messages.

use expect_test::{expect, expect_file};
use iosxe::{Input, SessionKind};

use crate::driver::Router;

/// As the routers of the labs have it.
const ARCHIVE: &str = "\
archive
 log config
  logging enable
  notify syslog contenttype plaintext
  hidekeys
";

/// `show running-config` from `archive` to the next `!`.
fn section(router: &mut Router) -> String {
    let shown = router.exec("show running-config");
    let Some(start) = shown.find("\n!\narchive\n") else { return String::new() };
    let section = &shown[start + 3..];
    section[..section.find("!\n").expect("a separator")].to_owned()
}

/// Goal: every line under `archive` is printed where and how IOS prints it, is read again, and goes
/// with its `no`. Method: lines in disorder, one of the parent mode after one of the inner mode.
#[test]
fn the_section_of_a_running_config() {
    let mut router = Router::new(
        "archive\n log config\n  hidekeys\n  notify syslog\n  logging size 200\n  logging enable\n \
         time-period 1440\n write-memory\n maximum 5\n path flash:R1\nlldp run\n",
    );
    let printed = section(&mut router);
    expect![[r#"
        archive
         log config
          logging enable
          logging size 200
          notify syslog contenttype plaintext
          hidekeys
         path flash:R1
         maximum 5
         write-memory
         time-period 1440
    "#]]
    .assert_eq(&printed);
    let shown = router.exec("show running-config");
    assert!(shown.contains("\nusername admin privilege 15 secret "), "{shown}");
    assert!(shown.find("\nusername ") < shown.find("\narchive\n"), "{shown}");
    assert!(shown.find("\narchive\n") < shown.find("\nlldp run\n"), "{shown}");
    assert_eq!(section(&mut Router::new(&printed)), printed);
    router.configure(&["archive", "no path", "no maximum", "no write-memory", "no time-period"]);
    router.configure(&["archive", "log config", "no logging size", "no hidekeys"]);
    router.configure(&["archive", "log config", "notify syslog contenttype xml"]);
    expect![[r#"
        archive
         log config
          logging enable
          notify syslog contenttype xml
    "#]]
    .assert_eq(&section(&mut router));
    router.configure(&["archive", "log config", "no notify syslog", "no logging enable"]);
    assert_eq!(section(&mut router), "");
    router.configure(&["archive", "maximum 3"]);
    router.configure(&["no archive"]);
    assert_eq!(section(&mut router), "");
}

/// Goal: the modes have IOS's prompts; a size beyond the bound is refused. Method: a transcript.
#[test]
fn the_modes_of_archive() {
    let mut router = Router::new("");
    let session = router.open(SessionKind::Shell);
    let lines = "conf t\narch\nlog config\nlogging size 1001\nlogging en\nexit\nlog conf\nhostname \
                 R2\ndo sh arch log conf all\nend\n";
    expect![[r#"
        conf t
        Enter configuration commands, one per line.  End with CNTL/Z.
        R1(config)#arch
        R1(config-archive)#log config
        R1(config-archive-log-cfg)#logging size 1001
                                                ^
        % Invalid input detected at '^' marker.

        R1(config-archive-log-cfg)#logging en
        R1(config-archive-log-cfg)#exit
        R1(config-archive)#log conf
        R1(config-archive-log-cfg)#hostname R2
        R2(config)#do sh arch log conf all
         idx   sess           user@line      Logged command
            1     1          admin@vty0     |  logging enable 
            2     1          admin@vty0     | log config 
            3     1          admin@vty0     |  hostname R2
        R2(config)#end
        R2#"#]]
    .assert_eq(&router.typed(session, lines));
}

/// Goal: what each kind of session configures is logged once, in whole words, with the place where
/// it was typed; what is refused, only moves, or is of EXEC is not. Method: the console, a VTY and
/// an applet.
#[test]
fn every_session_is_logged() {
    let mut router = Router::new(&format!(
        "{ARCHIVE}event manager applet A\n event none\n action 1 cli command \"enable\"\n action 2 \
         cli command \"configure terminal\"\n action 3 cli command \"ntp server 192.0.2.5\"\n"
    ));
    let before = router.exec("show archive log config all");
    assert_eq!(before.lines().count(), 1, "{before}");
    router.configure(&["int gi3", "frobnicate", "ip address 10.0.0.0", "desc  lab   bench"]);
    let session = router.open(SessionKind::Shell);
    let lines = "conf t\nint g1\nno shut\nip addr 10.1.1.1 255.255.255.0\nint lo5\ndo show clock\n\
                 default desc\nexit\nno int lo5\nend\nconf t\nhostname R1\nend\n";
    router.typed(session, lines);
    router.typed(session, "event manager run A\n");
    router.wait_ms(5_000);
    expect_file!["../expected/show-archive-log-config.txt"]
        .assert_eq(&router.exec("show archive log config all"));
    let mut messages = router.messages();
    messages.retain(|message| message.contains("PARSER") || message.contains("CONFIG_I"));
    expect![[r#"
        0 %PARSER-5-CFGLOG_LOGGEDCMD: User:console  logged command:interface GigabitEthernet3 
        0 %PARSER-5-CFGLOG_LOGGEDCMD: User:console  logged command:description lab   bench
        0 %SYS-5-CONFIG_I: Configured from console by console
        0 %PARSER-5-CFGLOG_LOGGEDCMD: User:admin  logged command:interface GigabitEthernet1 
        0 %PARSER-5-CFGLOG_LOGGEDCMD: User:admin  logged command:no shutdown 
        0 %PARSER-5-CFGLOG_LOGGEDCMD: User:admin  logged command:ip address 10.1.1.1 255.255.255.0
        0 %PARSER-5-CFGLOG_LOGGEDCMD: User:admin  logged command:interface Loopback5 
        0 %PARSER-5-CFGLOG_LOGGEDCMD: User:admin  logged command:default description 
        0 %PARSER-5-CFGLOG_LOGGEDCMD: User:admin  logged command:no interface Loopback5 
        0 %SYS-5-CONFIG_I: Configured from console by admin on vty0 (192.0.2.1)
        0 %PARSER-5-CFGLOG_LOGGEDCMD: User:admin  logged command:hostname R1
        0 %SYS-5-CONFIG_I: Configured from console by admin on vty0 (192.0.2.1)
        3 %PARSER-5-CFGLOG_LOGGEDCMD: User:unknown user  logged command:!exec: enable
        3 %PARSER-5-CFGLOG_LOGGEDCMD: User:unknown user  logged command:ntp server 192.0.2.5
        3 %SYS-5-CONFIG_I: Configured from console by  on vty1 (EEM:A)"#]]
    .assert_eq(&messages.join("\n"));
}

/// Goal: with `hidekeys` no key is logged, whichever line has it; without, lines are whole.
/// Method: a line for each command that takes a key.
#[test]
fn keys_are_hidden() {
    let keys = [
        "username bob privilege 15 secret K-1",
        "username eve password 0 K-2",
        "no username eve",
        "enable secret 0 K-3",
        "snmp-server community K-4 ro",
        "no snmp-server community K-4 ro",
        "snmp-server host 192.0.2.7 traps version 2c K-5 config",
        "line vty 0 4",
        "password K-6",
        "password 7 094F471A1A0A",
        "crypto isakmp key K-7 address 192.0.2.7",
        "tacacs-server key 7 094F471A1A0A",
        "router bgp 65010",
        "neighbor 192.0.2.7 remote-as 65010",
        "neighbor 192.0.2.7 password K-8",
        "crypto key generate rsa label SPARE modulus 2048",
    ];
    let mut router = Router::new(ARCHIVE);
    router.configure(&keys);
    let hidden = router.exec("show archive log config all provisioning");
    assert!(!hidden.contains("K-") && !hidden.contains("094F"), "{hidden}");
    expect![[r#"
        username bob privilege 15 secret *
        !config: USER TABLE MODIFIED
        username eve password 0 *
        !config: USER TABLE MODIFIED
        no username eve
        enable secret 0 *
        snmp-server community * ro 
        no snmp-server community * ro 
        snmp-server host 192.0.2.7 traps version 2c * config
        line vty 0 4
         password *
         password 7 *
         crypto isakmp key * address 192.0.2.7
        tacacs-server key 7 *
        router bgp 65010
         neighbor 192.0.2.7 remote-as 65010
         neighbor 192.0.2.7 password *
         crypto key generate rsa label SPARE modulus 2048
    "#]]
    .assert_eq(&hidden);
    let messages = router.messages().join("\n");
    assert!(!messages.contains("K-"), "{messages}");
    router.configure(&["archive", "log config", "no hidekeys"]);
    router.exec("clear archive log config force");
    router.configure(&keys);
    let shown = router.exec("show archive log config all provisioning");
    for key in keys {
        assert!(shown.contains(key), "{key}: {shown}");
    }
}

/// Goal: the log keeps as many lines as it may and counts on; parts of it can be shown; clearing,
/// switching off and a reload empty it. Method: a small log, then each.
#[test]
fn the_log_is_bounded_and_forgets() {
    let mut router = Router::new("archive\n log config\n  logging enable\n  logging size 3\n");
    let shown = |router: &mut Router, what: &str| {
        let text = router.exec(&format!("show archive log config {what}"));
        let rows = text.lines().skip(1).map(|row| row.split_whitespace().collect::<Vec<_>>());
        rows.map(|row| format!("{} {}", row[0], row.last().unwrap_or(&""))).collect::<Vec<_>>()
    };
    for name in ["A", "B", "C", "D"] {
        router.configure(&[&format!("hostname {name}")]);
    }
    assert_eq!(shown(&mut router, "all"), ["2 B", "3 C", "4 D"]);
    assert_eq!(shown(&mut router, "3"), ["3 C"]);
    assert_eq!(shown(&mut router, "1 3"), ["2 B", "3 C"]);
    assert_eq!(shown(&mut router, "9 12"), [""; 0]);
    assert!(router.messages().iter().all(|message| !message.contains("PARSER")));
    let session = router.open(SessionKind::Shell);
    router.typed(session, "clear archive log config\nn");
    router.typed(session, "\n");
    assert_eq!(shown(&mut router, "all").len(), 3);
    router.typed(session, "clear archive log config\n\n");
    assert_eq!(shown(&mut router, "all"), [""; 0]);
    router.configure(&["hostname E"]);
    assert_eq!(shown(&mut router, "all"), ["5 E"]);
    router.configure(&["archive", "log config", "no logging enable"]);
    assert_eq!(router.exec("show archive log config all"), "% Config Logger disabled.\n");
    router.configure(&["archive", "log config", "logging enable"]);
    assert_eq!(shown(&mut router, "all"), ["8 enable"]);
    router.exec("write memory");
    router.tell(Input::Reload { reason: "", boot: None, trace: None });
    router.wait_ms(120_000);
    assert_eq!(shown(&mut router, "all"), [""; 0]);
}
