//! The router's name and what `show version` says.

use expect_test::expect;
use iosxe::SessionKind;

use crate::driver::Router;

/// Goal: `show version` has every line that clients read. Method: a transcript.
#[test]
fn show_version() {
    let mut router = Router::new("hostname edge-1\n");
    router.advance(simtime::Duration::from_secs(90_061));
    expect![[r#"
        Cisco IOS XE Software, Version 17.12.04
        Cisco IOS Software [Dublin], Virtual XE Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 17.12.4, RELEASE SOFTWARE (fc3)
        Technical Support: http://www.cisco.com/techsupport
        Copyright (c) 1986-2024 by Cisco Systems, Inc.
        Compiled Tue 23-Jul-24 09:39 by mcpre


        ROM: IOS-XE ROMMON

        edge-1 uptime is 1 day, 1 hour, 1 minute
        Uptime for this control processor is 1 day, 1 hour, 1 minute
        System returned to ROM by reload
        System restarted at 00:00:00 UTC Thu Jan 1 2026
        System image file is "bootflash:packages.conf"
        Last reload reason: reload

        cisco C8000V (VXE) processor (revision VXE) with 2028465K/3075K bytes of memory.
        Processor board ID 9GY3355YTFN
        Router operating mode: Autonomous
        4 Gigabit Ethernet interfaces
        32768K bytes of non-volatile configuration memory.
        3965112K bytes of physical memory.
        11526144K bytes of virtual hard disk at bootflash:.

        Configuration register is 0x2102

    "#]].assert_eq(&router.exec("show version"));
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
