//! The router's own clock.

use expect_test::expect_file;

use crate::driver::Router;

/// Goal: `clock set` moves what the router prints, and nothing else. Method: set it, let a timer of
/// a second run, look at both clocks.
#[test]
fn clock_set_shifts_what_is_printed() {
    let mut router = Router::new("");
    router.wait_ms(1_500);
    assert_eq!(router.exec("show clock"), "*00:00:01.500 UTC Thu Jan 1 2026\n");
    assert_eq!(router.exec("clock set 10:30:00 21 November 2027"), "");
    router.configure(&["interface GigabitEthernet1", "shutdown"]);
    router.wait_ms(1_000);
    assert_eq!(router.exec("show clock"), "10:30:01.000 UTC Sun Nov 21 2027\n");
    assert_eq!(
        router.exec("sh clock detail | include source"),
        "Time source is user configuration\n"
    );
    expect_file!["../expected/messages-of-clock-set.txt"]
        .assert_eq(&(router.messages().join("\n") + "\n"));
    let log = router.exec("show logging | include LINEPROTO.*down");
    assert!(log.starts_with("Nov 21 10:30:01.000: %LINEPROTO-5-UPDOWN"), "{log}");
}

/// Goal: a zone shifts `show clock`; times that no clock has are refused. Method: a table.
#[test]
fn zones_and_refusals() {
    let mut router = Router::new("clock timezone EST -5 30\n");
    assert_eq!(router.exec("show clock"), "*18:30:00.000 EST Wed Dec 31 2025\n");
    for bad in ["24:00:00 1 May 2026", "1:2 1 May 2026", "1:2:3:4 1 May 2026", "1:2:3 31 June 2026"]
    {
        let said = router.exec(&format!("clock set {bad}"));
        assert!(said.contains("% Invalid input"), "{bad}: {said}");
    }
    assert_eq!(router.exec("show running-config | include clock"), "clock timezone EST -5 30\n");
    router.configure(&["no clock timezone"]);
    assert_eq!(router.exec("show clock"), "*00:00:00.000 UTC Thu Jan 1 2026\n");
}
