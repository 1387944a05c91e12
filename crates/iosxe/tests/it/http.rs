//! `ip http`: what is configured, and what shows of it.

use crate::driver::Router;

/// Goal: each line of `ip http` stands in the configuration, `no` and `default` take it away, a
/// default shows in no line, and `show ip http server status` says the same. Method: lines of
/// each kind, with values that are defaults too.
#[test]
fn lines_of_http() {
    let mut router = Router::new("hostname R1\n");
    let printed = |router: &mut Router| {
        let text = router.exec("show running-config");
        let lines = text.lines().filter(|line| line.contains("ip http"));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    assert_eq!(printed(&mut router), "");
    router.configure(&[
        "no ip http server",
        "ip http port 8080",
        "ip http secure-server",
        "ip http secure-port 443",
        "ip http authentication local",
        "ip http access-class ipv4 MANAGERS",
        "ip http max-connections 5",
        "ip http timeout-policy idle 60 life 3600 requests 100",
        "ip http session-idle-timeout 600",
        "ip http client source-interface GigabitEthernet1",
        "ip http port 81",
    ]);
    assert_eq!(
        printed(&mut router),
        "no ip http server\nip http port 8080\nip http access-class ipv4 MANAGERS\n\
         ip http authentication local\nip http secure-server\nip http max-connections 5\n\
         ip http timeout-policy idle 60 life 3600 requests 100\n\
         ip http client source-interface GigabitEthernet1\n"
    );
    let status = router.exec("show ip http server status");
    for line in [
        "HTTP server status: Disabled",
        "HTTP server port: 8080",
        "HTTP server authentication method: local",
        "HTTP server IPv4 access class: MANAGERS",
        "HTTP server IPv6 access class: None",
        "Maximum number of concurrent server connections allowed: 5",
        "Server idle time-out: 60 seconds",
        "HTTP secure server status: Enabled",
        "HTTP secure server port: 443",
    ] {
        assert!(status.lines().any(|said| said == line), "{line}\n{status}");
    }
    router.configure(&[
        "default ip http server",
        "no ip http port",
        "no ip http secure-server",
        "no ip http authentication local",
        "no ip http access-class ipv4 MANAGERS",
        "default ip http max-connections",
        "no ip http timeout-policy",
        "no ip http client source-interface",
        "ip http authentication aaa login-authentication WEB",
    ]);
    assert_eq!(
        printed(&mut router),
        "ip http authentication aaa login-authentication WEB\nno ip http secure-server\n"
    );
}
