//! Files over SSH: `scp -t` and `scp -f`, as the client and the router speak byte by byte.

use iosxe::{Input, Output, SessionId, SessionKind};
use proptest::prelude::*;

use crate::driver::Router;

const SERVER: &str = "ip scp server enable\nusername oper privilege 1 secret oper\n";

/// Opens a copy; the session, and what the router says first.
fn begin(router: &mut Router, command: &str) -> (SessionId, Vec<u8>) {
    let before = router.seen.len();
    let session = router.open(SessionKind::Exec(command.to_owned()));
    (session, said(router, before))
}

fn send(router: &mut Router, session: SessionId, bytes: &[u8]) -> Vec<u8> {
    let before = router.seen.len();
    router.tell(Input::SessionBytes { session, bytes });
    said(router, before)
}

/// The bytes as they are.
fn said(router: &Router, before: usize) -> Vec<u8> {
    let bytes = router.seen[before..].iter().filter_map(|(_, output)| match output {
        Output::SessionBytes { bytes, .. } => Some(bytes.as_slice()),
        _ => None,
    });
    bytes.collect::<Vec<_>>().concat()
}

/// The exit status of the last session that ended.
fn status(router: &Router) -> Option<u32> {
    router.seen.iter().rev().find_map(|(_, output)| match output {
        Output::SessionClose { status, .. } => Some(*status),
        _ => None,
    })
}

fn put(router: &mut Router, target: &str, name: &str, content: &[u8]) -> Option<u32> {
    let (session, first) = begin(router, &format!("scp -t {target}"));
    assert_eq!(first, [0]);
    let line = format!("T1 0 1 0\nC0644 {} {name}\n", content.len());
    assert_eq!(send(router, session, line.as_bytes()), [0, 0]);
    // In two pieces, as the network likes.
    let (head, tail) = content.split_at(content.len() / 2);
    assert_eq!(send(router, session, head), b"");
    assert_eq!(send(router, session, &[tail, &[0]].concat()), [0]);
    router.tell(Input::SessionClosed { session });
    status(router)
}

fn get(router: &mut Router, path: &str) -> (Vec<u8>, Option<u32>) {
    let (session, first) = begin(router, &format!("scp -f {path}"));
    assert_eq!(first, b"");
    let mut all = Vec::new();
    for _ in 0..3 {
        all.extend(send(router, session, &[0]));
    }
    (all, status(router))
}

/// Goal: a file of any bytes goes in and comes out again, and every command that shows files shows
/// it. Method: both ways, by a name and into a directory.
#[test]
fn a_file_goes_in_and_out() {
    let mut router = Router::new(SERVER);
    let content: Vec<u8> = (0..=255).cycle().take(1000).collect();
    assert_eq!(put(&mut router, "bootflash:/new.bin", "old.bin", &content), Some(0));
    assert_eq!(put(&mut router, "flash:", "../r.cfg", b"hostname X\n"), Some(0));
    let (came, status) = get(&mut router, "flash:/new.bin");
    assert_eq!(came, [b"C0644 1000 new.bin\n", &content[..], &[0]].concat());
    assert_eq!(status, Some(0));
    let dir = router.exec("dir flash:");
    assert!(dir.contains("1000") && dir.contains("new.bin") && dir.contains("r.cfg"), "{dir}");
    let sum = router.exec("verify /md5 flash:/new.bin");
    assert!(
        sum.contains("verify /md5 (flash:/new.bin) = cbecbdb0fdd5cec1e242493b6008cc79"),
        "{sum}"
    );
    assert_eq!(put(&mut router, "running-config", "x", b"hostname FromAfar\n"), Some(0));
    assert!(get(&mut router, "running-config").0.windows(17).any(|s| s == b"hostname FromAfar"));
}

/// Goal: what is not allowed, not there or too large is refused in words, and ends with a status.
/// Method: a table of commands and first answers.
#[test]
fn copies_are_refused() {
    let mut router = Router::new("username oper privilege 1 secret oper\n");
    let (_, said) = begin(&mut router, "scp -t flash:x");
    assert_eq!(said, b"\x01Administratively disabled.\n");
    let mut router = Router::new(SERVER);
    for (command, want) in [
        ("scp -f flash:/none", "\u{1}%Error opening flash:/none (No such file or directory)\n"),
        ("scp -f flash:", "\u{1}%Error opening flash: (Is a directory)\n"),
        ("scp flash:x", "\u{1}Invalid scp command.\n"),
    ] {
        let (_, said) = begin(&mut router, command);
        assert_eq!(String::from_utf8_lossy(&said), want, "{command}");
        assert_eq!(status(&router), Some(1));
    }
    let (session, _) = begin(&mut router, "scp -t flash:big");
    let said = send(&mut router, session, b"C0644 99999999 big\n");
    assert_eq!(said, b"\x01%Error opening flash:big (No space left on device)\n");
    router.tell(Input::SessionClosed { session });
    assert_eq!(status(&router), Some(1));
    let (session, peer) = (SessionId(99), "192.0.2.9".parse().expect("an address"));
    router.tell(Input::LoginAsked { session, user: "oper", password: "oper", peer });
    let before = router.seen.len();
    router.tell(Input::SessionOpened { session, kind: SessionKind::Exec("scp -t flash:".into()) });
    assert_eq!(said_to(&router, before), "\u{1}Privilege denied.\n");
}

fn said_to(router: &Router, before: usize) -> String {
    String::from_utf8_lossy(&said(router, before)).into_owned()
}

proptest! {
    /// Goal: no bytes of a client's harm a router that copies, and it lives on.
    #[test]
    fn any_bytes_may_come(
        parts in prop::collection::vec(
            prop_oneof![
                prop::collection::vec(any::<u8>(), 0..40),
                Just(b"C0644 3 a\n".to_vec()),
                Just(b"C0644 18446744073709551615 a\n".to_vec()),
                Just(b"D0755 0 d\nE\n".to_vec()),
                Just(vec![0]),
            ],
            0..8,
        ),
        sink in any::<bool>(),
    ) {
        let mut router = Router::new(SERVER);
        put(&mut router, "flash:/f", "f", b"text");
        let command = if sink { "scp -t flash:" } else { "scp -f flash:/f" };
        let (session, _) = begin(&mut router, command);
        for part in &parts {
            send(&mut router, session, part);
        }
        router.tell(Input::SessionClosed { session });
        prop_assert!(router.exec("show clock").contains("UTC"));
    }
}
