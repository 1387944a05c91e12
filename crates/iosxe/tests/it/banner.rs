//! Banners: typed on one line or several, printed as IOS prints them, shown at a login.

use expect_test::expect;
use iosxe::SessionKind;

use crate::driver::Router;

/// Goal: a text of several lines is asked for and kept with its newlines. Method: a dialogue.
#[test]
fn a_text_of_several_lines() {
    let mut router = Router::new("");
    let session = router.open(SessionKind::Shell);
    router.typed(session, "configure terminal\n");
    expect![[r##"
        banner motd #
        Enter TEXT message.  End with the character '#'.
        one
          two  $(hostname)
        # ignored
        R1(config)#"##]]
    .assert_eq(&router.typed(session, "banner motd #\none\n  two  $(hostname)\n# ignored\n"));
    router.typed(session, "banner login ^no entry^\nend\n");
    expect![[r#"
        banner login ^Cno entry^C
        banner motd ^C
        one
          two  $(hostname)
        ^C
    "#]]
    .assert_eq(&router.exec("show running-config | section banner|one|two|^\\^C"));
    assert_eq!(router.device.login_banner().as_deref(), Some("no entry\n"));
    let before = router.seen.len();
    router.open(SessionKind::Shell);
    let greeting = router.bytes_since(before);
    assert!(greeting.contains("\none\n  two  R1\n"), "{greeting}");
}

/// Goal: a text without an end is reported where it began. Method: a startup-config.
#[test]
fn a_startup_config_with_an_open_banner() {
    let (_, problems) = Router::with_problems("hostname A\nbanner motd #\ntext\nend\n");
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].line, problems[0].text.as_str()), (2, "banner motd #"));
}
