//! The switches of `debug`, and what an applet's session says while they are on.

use expect_test::expect;
use iosxe::SessionKind;

use crate::driver::Router;

/// Goal: switches are turned on and off one by one and together, and `show debugging` lists them.
/// Method: a dialogue.
#[test]
fn switches() {
    let mut router = Router::new("");
    let session = router.open(SessionKind::Shell);
    let before = router.seen.len();
    router.typed(session, "debug event manager action cli\nshow debugging\n");
    router.typed(session, "no debug event manager action cli\ndebug all\n\ndeb all\nyes\n");
    router.typed(session, "undebug all\nu event man all\ndebug event\ndebug event manager nope\n");
    expect![[r#"
        debug event manager action cli
        Debug EEM action cli debugging is on
        R1#show debugging
        IOSXE Conditional Debug Configs:

        Conditional Debug Global State: Stop


        IOSXE Packet Tracing Configs:


        Packet Infra debugs:

        Ip Address                                               Port
        ------------------------------------------------------|----------

        EEM:
          Debug EEM action cli debugging is on

        R1#no debug event manager action cli
        Debug EEM action cli debugging is off
        R1#debug all

        This may severely impact network performance. Continue? (yes/[no]): 
        R1#deb all

        This may severely impact network performance. Continue? (yes/[no]): yes

        All possible debugging has been turned on
        R1#undebug all
        All possible debugging has been turned off
        R1#u event man all
        Debug EEM all debugging is off
        R1#debug event
        % Incomplete command.

        R1#debug event manager nope
                               ^
        % Invalid input detected at '^' marker.

        R1#"#]]
    .assert_eq(&router.bytes_since(before));
}

/// Goal: the session of a run is shown as IOS shows it: prompts, answers, and no more than twenty
/// lines of one output. Method: an applet that asks, answers and lists.
#[test]
fn the_session_of_a_run() {
    let mut router = Router::new(
        r#"event manager applet SEEN
 event none
 action 1 cli command "enable"
 action 2 cli command "configure terminal"
 action 3 cli command "end"
 action 4 cli command "copy running-config startup-config" pattern "startup-config\]"
 action 5 cli command ""
 action 6 cli command "show logging"
"#,
    );
    router.exec("debug event manager action cli");
    router.exec("event manager run SEEN");
    router.wait_ms(10);
    let messages = router.messages();
    let lines: Vec<&str> = messages
        .iter()
        .filter_map(|line| line.split_once("%HA_EM-6-LOG: "))
        .map(|(_, line)| line.trim_end())
        .collect();
    expect![[r#"
        SEEN : DEBUG(cli_lib) : : CTL : cli_open called.
        SEEN : DEBUG(cli_lib) : : OUT : R1>
        SEEN : DEBUG(cli_lib) : : IN  : R1>enable
        SEEN : DEBUG(cli_lib) : : OUT : R1#
        SEEN : DEBUG(cli_lib) : : IN  : R1#configure terminal
        SEEN : DEBUG(cli_lib) : : OUT : Enter configuration commands, one per line.  End with CNTL/Z.
        SEEN : DEBUG(cli_lib) : : OUT : R1(config)#
        SEEN : DEBUG(cli_lib) : : IN  : R1(config)#end
        SEEN : DEBUG(cli_lib) : : OUT : R1#
        SEEN : DEBUG(cli_lib) : : IN  : R1#copy running-config startup-config
        SEEN : DEBUG(cli_lib) : : OUT : Destination filename [startup-config]?
        SEEN : DEBUG(cli_lib) : : IN  :
        SEEN : DEBUG(cli_lib) : : OUT : Building configuration...
        SEEN : DEBUG(cli_lib) : : OUT : [OK]
        SEEN : DEBUG(cli_lib) : : OUT : R1#
        SEEN : DEBUG(cli_lib) : : IN  : R1#show logging
        SEEN : DEBUG(cli_lib) : : OUT : Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns, xml disabled, filtering disabled)
        SEEN : DEBUG(cli_lib) : : OUT :
        SEEN : DEBUG(cli_lib) : : OUT : No Active Message Discriminator.
        SEEN : DEBUG(cli_lib) : : OUT :
        SEEN : DEBUG(cli_lib) : : OUT :
        SEEN : DEBUG(cli_lib) : : OUT :
        SEEN : DEBUG(cli_lib) : : OUT : No Inactive Message Discriminator.
        SEEN : DEBUG(cli_lib) : : OUT :
        SEEN : DEBUG(cli_lib) : : OUT :
        SEEN : DEBUG(cli_lib) : : OUT :     Console logging: level debugging, 27 messages logged, xml disabled,
        SEEN : DEBUG(cli_lib) : : OUT :                      filtering disabled
        SEEN : DEBUG(cli_lib) : : OUT :     Monitor logging: level debugging, 0 messages logged, xml disabled,
        SEEN : DEBUG(cli_lib) : : OUT :                      filtering disabled
        SEEN : DEBUG(cli_lib) : : OUT :     Buffer logging:  level debugging, 27 messages logged, xml disabled,
        SEEN : DEBUG(cli_lib) : : OUT :                     filtering disabled
        SEEN : DEBUG(cli_lib) : : OUT :     Exception Logging: size (4096 bytes)
        SEEN : DEBUG(cli_lib) : : OUT :     Count and timestamp logging messages: disabled
        SEEN : DEBUG(cli_lib) : : OUT :     Persistent logging: disabled
        SEEN : DEBUG(cli_lib) : : OUT :
        SEEN : DEBUG(cli_lib) : : OUT : No active filter modules.
        SEEN : DEBUG(cli_lib) : : CTL : 20+ lines read from cli, debug output truncated
        SEEN : DEBUG(cli_lib) : : CTL : cli_close called.
    "#]].assert_eq(&(lines.join("\n") + "\n"));
}
