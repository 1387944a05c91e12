//! Names: the host table, and who asks it.

use expect_test::expect;
use iosxe::SessionKind;

use crate::driver::Router;

const STARTUP: &str = "\
ip host R2 10.0.12.2 10.0.23.2
ip host CONSOLE 2001 10.0.0.9
ip host r3.lab.example 10.0.23.3
ip domain name lab.example
ip domain list other.example
ip name-server 192.0.2.53
ip name-server 192.0.2.54
ip name-server vrf Mgmt-intf 192.0.2.55
interface GigabitEthernet1
 ip address 10.0.12.1 255.255.255.0
 no shutdown
";

/// Goal: a name of the host table is as good as its address; another one is asked for in vain.
/// Method: `ping`, `traceroute` and a bare word, with and without `ip domain lookup`.
#[test]
fn names_are_looked_up() {
    let mut router = Router::new(STARTUP);
    let session = router.open(SessionKind::Shell);
    let mut typed = |line: &str| router.typed(session, &format!("{line}\n"));
    expect![[r#"
        ping r2 repeat 1
        Type escape sequence to abort.
        Sending 1, 100-byte ICMP Echos to 10.0.12.2, timeout is 2 seconds:
    "#]]
    .assert_eq(&typed("ping r2 repeat 1"));
    typed("\u{1e}");
    expect![[r#"
        ping r3 repeat 1
        Type escape sequence to abort.
        Sending 1, 100-byte ICMP Echos to 10.0.23.3, timeout is 2 seconds:
    "#]]
    .assert_eq(&typed("ping r3 repeat 1"));
    typed("\u{1e}");
    expect![[r#"
        ping nobody
        Translating "nobody"...domain server (192.0.2.53) (192.0.2.54)
        % Unrecognized host or address, or protocol not running.
        R1#"#]]
    .assert_eq(&typed("ping nobody"));
    expect![[r#"
        traceroute nobody
        Translating "nobody"...domain server (192.0.2.53) (192.0.2.54)
        % Unrecognized host or address.
        R1#"#]]
    .assert_eq(&typed("traceroute nobody"));
    expect![[r#"
        r2
        Trying r2 (10.0.12.2) ... 
        % Connection refused by remote host

        R1#"#]]
    .assert_eq(&typed("r2"));
    expect![[r#"
        nonsense
        Translating "nonsense"...domain server (192.0.2.53) (192.0.2.54)
        % Bad IP address or host name
        % Unknown command or computer name, or unable to find computer address
        R1#"#]]
    .assert_eq(&typed("nonsense"));
    typed("configure terminal\nno ip domain lookup\nend");
    expect![[r#"
        ping nobody
        % Unrecognized host or address, or protocol not running.
        R1#"#]]
    .assert_eq(&typed("ping nobody"));
}

/// Goal: what is configured is shown and printed, and goes. Method: tables before and after.
#[test]
fn names_are_shown() {
    let mut router = Router::new(STARTUP);
    expect![[r#"
        Default domain is lab.example
        Domain list: other.example
        Name servers are 192.0.2.53, 192.0.2.54
        NAME  TTL  CLASS   TYPE      DATA/ADDRESS
        -----------------------------------------
         R2                        10      IN      A       10.0.12.2
         R2                        10      IN      A       10.0.23.2
         CONSOLE                   10      IN      A       10.0.0.9
         r3.lab.example            10      IN      A       10.0.23.3
    "#]]
    .assert_eq(&router.exec("show hosts"));
    expect![[r#"
        Default domain is lab.example
        Domain list: other.example
        Name servers are 192.0.2.53, 192.0.2.54
        Local cache entries: 3
        Dynamic cache entries: 0
    "#]]
    .assert_eq(&router.exec("show hosts summary"));
    expect![[r#"
        ip host R2 10.0.12.2 10.0.23.2
        ip host CONSOLE 2001 10.0.0.9
        ip host r3.lab.example 10.0.23.3
        ip name-server 192.0.2.53 192.0.2.54
        ip name-server vrf Mgmt-intf 192.0.2.55
        ip domain list other.example
        ip domain name lab.example
    "#]]
    .assert_eq(&router.exec("show running-config | include ^ip (host|name|domain)"));
    router.configure(&[
        "no ip host R2 10.0.12.2",
        "no ip host CONSOLE",
        "no ip name-server 192.0.2.53",
        "no ip name-server vrf Mgmt-intf",
        "no ip domain list",
    ]);
    expect![[r#"
        ip host R2 10.0.23.2
        ip host r3.lab.example 10.0.23.3
        ip name-server 192.0.2.54
        ip domain name lab.example
    "#]]
    .assert_eq(&router.exec("show running-config | include ^ip (host|name|domain)"));
}
