//! Any byte stream into a session: it neither panics, nor hangs, nor grows without bound.

use iosxe::{Input, SESSION_BYTES_MAX, SessionKind};
use proptest::prelude::*;

use crate::driver::Router;
use crate::generate::Generator;

/// A user whose password is printed as it is: hashing one for each router takes seconds.
const ADMIN: &str = "username admin privilege 15 password admin\n";

/// How many bytes one byte of input may make a router print: the longest output, and some.
const PRINTED_BYTES_MAX: usize = 1 << 16;

/// A piece of what a client sends.
#[derive(Clone, Debug)]
enum Piece {
    Bytes(Vec<u8>),
    /// A line made of the declarations, for the mode of this word, cut after so many characters.
    Line(u64, &'static str, usize),
    Text(String),
    Wait(u64),
}

fn piece() -> impl Strategy<Value = Piece> {
    let mode = prop::sample::select(vec!["EXEC", "EXEC", "config", "config-if", "config-line"]);
    let keys = prop::sample::select(vec![
        "?",
        "\t",
        "\x15",
        "\x1b[A",
        "\x1b[D",
        "\x1b[3~",
        "\x03",
        "\x1a",
        "\x16",
        "\x1e",
        "\x19",
        "\x14",
        "\r\n",
        "\r\0",
        " ",
        "q",
        "/a\r",
        "+b\n",
        "|",
        "y",
        "terminal length 3\r",
        "tclsh\r",
        "puts {",
        "}\r",
        "conf t\r",
        "banner motd #",
        "end\r",
        "\u{e9}",
        "\"",
        "do ",
    ]);
    prop_oneof![
        2 => prop::collection::vec(any::<u8>(), 0..300).prop_map(Piece::Bytes),
        6 => (any::<u64>(), mode, 1usize..80)
            .prop_map(|(seed, mode, cut)| Piece::Line(seed, mode, cut)),
        6 => keys.prop_map(|key| Piece::Text(key.to_owned())),
        1 => (1u64..60_000).prop_map(Piece::Wait),
        1 => ("[a-z |{]", 1usize..9_000).prop_map(|(c, count)| Piece::Text(c.repeat(count))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Goal: whatever is typed, the session holds no more than its bound, prints no more than a
    /// bound, and gives its prompt back. Method: noise, keys, and lines made of the declarations.
    #[test]
    fn any_bytes_leave_a_session_usable(pieces in prop::collection::vec(piece(), 1..40)) {
        let generator = Generator::with_exec();
        let mut router = Router::new(ADMIN);
        let session = router.open(SessionKind::Shell);
        for piece in &pieces {
            let bytes = match piece {
                Piece::Bytes(bytes) => bytes.clone(),
                Piece::Text(text) => text.clone().into_bytes(),
                Piece::Line(seed, mode, cut) => {
                    let line = generator.line(*seed, mode);
                    let whole = line.chars().count() <= *cut;
                    let line: String = line.chars().take(*cut).collect();
                    (if whole { line + "\r" } else { line }).into_bytes()
                }
                Piece::Wait(ms) => {
                    router.wait_ms(*ms);
                    continue;
                }
            };
            let before = router.seen.len();
            router.tell(Input::SessionBytes { session, bytes: &bytes });
            let most = PRINTED_BYTES_MAX * (1 + bytes.len());
            prop_assert!(router.bytes_since(before).len() <= most, "{:?}", piece);
            let held = router.device.session_bytes(session);
            prop_assert!(held <= SESSION_BYTES_MAX, "{} bytes held after {:?}", held, piece);
            router.seen.clear();
        }
        if !router.device.open_sessions().contains(&session) {
            return Ok(());
        }
        // Whatever goes on is broken off, whatever asks is given up, whatever pages is left.
        for keys in ["\x1e", "\x03", "q", "\x03", "\x1a", "}}}}}}}}\r", "\"\r", "tclquit\r"] {
            router.typed(session, keys);
        }
        let text = router.typed(session, "\x03\r\r");
        let alive = router.device.open_sessions().contains(&session);
        prop_assert!(!alive || text.ends_with(['#', '>']), "{:?}", text);
    }
}
