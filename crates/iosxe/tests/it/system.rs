//! The router's name and what `show version` says.

use expect_test::expect_file;
use iosxe::SessionKind;

use crate::driver::Router;

/// Goal: `show version` has every line that clients read. Method: a transcript.
#[test]
fn show_version() {
    let mut router = Router::new("hostname edge-1\n");
    router.advance(simtime::Duration::from_secs(90_061));
    expect_file!["../expected/show-version.txt"].assert_eq(&router.exec("show version"));
}

/// Goal: a new name is in the next prompt; bad ones are refused. Method: a dialogue.
#[test]
fn hostname() {
    let mut router = Router::new("");
    let session = router.open(SessionKind::Shell);
    router.typed(session, "configure terminal\n");
    let long = "x".repeat(64);
    let table = [
        ("hostname core_2.lab".to_owned(), "core_2.lab(config)#"),
        ("hostname R#1".to_owned(), "core_2.lab(config)#"),
        (format!("hostname {long}"), "core_2.lab(config)#"),
        (format!("hostname {}", &long[1..]), "xxxxxxxxxxxxxxxxxxxx(config)#"),
        ("no hostname".to_owned(), "Router(config)#"),
    ];
    for (line, prompt) in table {
        let said = router.typed(session, &format!("{line}\n"));
        assert!(said.ends_with(&format!("\n{prompt}")), "{line}: {said}");
    }
    assert_eq!(router.device.hostname(), "Router");
}
