//! Files: copies, deletions, redirected output, and what stays after a reload.

use expect_test::{ExpectFile, expect_file};
use iosxe::SessionKind;

use crate::driver::Router;

/// What a terminal shows when these keys are typed, one after the other. `@reload` waits for a
/// router that comes back.
fn check(startup: &str, keys: &[&str], want: ExpectFile) {
    let mut router = Router::new(startup);
    let mut session = router.open(SessionKind::Shell);
    router.typed(session, "terminal length 0\n");
    let before = router.seen.len();
    for keys in keys {
        if *keys == "@reload" {
            router.wait_ms(600_000);
            session = router.open(SessionKind::Shell);
            continue;
        }
        router.typed(session, keys);
        router.wait_ms(1_000);
    }
    want.assert_eq(&(router.bytes_since(before) + "\n"));
}

/// Goal: text goes to files, is added to them, is shown and listed. Method: a transcript.
#[test]
fn redirected_output() {
    let keys = [
        "show clock | append flash:/flap.log\n",
        "show run | include ^hostname | app flash:flap.log\n",
        "show running-config | include quiet | tee flash0:run.txt\n",
        "more flash:flap.log\n",
        "more flash:flap.log | count R1\n",
        "show clock | redirect flash:none/x\n",
        "show clock | redirect tftp://192.0.2.9/x\n",
        "show clock | redirect\n",
        "mkdir flash:logs\n",
        "dir\n",
        "dir nvram:\n",
        "dir flash:none\n",
        "dir flash:*\n",
        "verify /md5 flash:run.txt\n",
        "show file systems | include disk\n",
    ];
    let want = expect_file!["../expected/flash-redirect.txt"];
    check("hostname R1\nfile prompt quiet\n", &keys, want);
}

/// Goal: copies ask what IOS asks, and say what came of it. Method: a transcript.
#[test]
fn copies() {
    let keys = [
        "copy run flash:saved.cfg\n\n",
        "copy flash:saved.cfg flash:other.cfg\n\n",
        "copy flash:saved.cfg flash:other.cfg\n\nn",
        "copy flash:saved.cfg flash:\nthird.cfg\n",
        "copy running-config tftp:\n192.0.2.9\n\n",
        "copy tftp://192.0.2.9/new.bin flash:\n\n",
        "copy flash:none null:\n",
        "copy flash:saved.cfg ftp://me:word@192.0.2.9/\n\n\n",
        "copy sdflash:x startup-config\n\n",
        "copy startup-config running-config\n\n",
        "copy flash:saved.cfg start\n\n",
        "configure terminal\nhostname OTHER\nend\n",
        "copy startup-config running-config\n\n",
    ];
    check("hostname R1\n", &keys, expect_file!["../expected/flash-copy.txt"]);
}

/// Goal: deletions ask, unless they are told not to, and take patterns; the saved configuration is
/// erased when that is confirmed. Method: a transcript.
#[test]
fn deletions() {
    let keys = [
        "show clock | redirect flash:before-1\n",
        "show clock | redirect flash:before-2\n",
        "show clock | redirect flash:x.txt\n",
        "show clock | redirect flash:y.txt\n",
        "delete flash:x.txt\n\n\n",
        "delete flash:x.txt\n\n\n",
        "del /f before*\n",
        "del /f flash:before*\n",
        "mkdir flash:logs\n\n",
        "rename y.txt logs/y.txt\n\n",
        "rmdir flash:logs\n\n\n",
        "dir /recursive\n",
        "delete /force /recursive flash:logs\n",
        "dir flash:\n",
        "write memory\n",
        "write erase\nn",
        "erase nvram:\n\n",
        "show startup-config\n",
    ];
    check("hostname R1\n", &keys, expect_file!["../expected/flash-delete.txt"]);
}

/// Goal: files outlive a reload, settings do not. Method: a transcript.
#[test]
fn files_outlive_a_reload() {
    let keys = [
        "configure terminal\nfile prompt quiet\nend\n",
        "show running-config | include quiet | redirect flash:/kept.txt\n",
        "reload\nno\n\n",
        "@reload",
        "more flash:kept.txt\n",
        "show run | include quiet\n",
    ];
    check("hostname R1\n", &keys, expect_file!["../expected/flash-reload.txt"]);
}

/// Goal: an applet writes a file, reads it back, and finds none that is not there. Method: run it.
#[test]
fn applets_write_files() {
    let startup = "\
hostname R1
event manager applet JOURNAL
 event none
 action 1.0 file open F flash:/journal.txt w+
 action 1.1 file puts F \"first\"
 action 1.2 file write F \"second\"
 action 1.3 file close F
 action 2.0 file open F flash:/journal.txt r
 action 2.1 file gets F line
 action 2.2 puts \"read $line\"
 action 2.3 file close F
 action 3.0 cli command \"enable\"
 action 3.1 cli command \"show version | include Cisco IOS XE | append flash:journal.txt\"
 action 3.2 file open F nvram:/none r
";
    let keys = ["event manager run JOURNAL\n", "\n", "more flash:journal.txt\n"];
    check(startup, &keys, expect_file!["../expected/flash-applet.txt"]);
}
