//! Lines of every dialect, lines that are none, and any bytes at all.

use std::fmt::Write as _;

use expect_test::expect;
use proptest::prelude::*;

use super::*;
use crate::{Frames, Unframed};

/// One line for a reader: what was found, and the text.
fn shown(text: &str) -> String {
    let line = read(text.as_bytes());
    let mut shown = String::new();
    if let Some(Priority { facility, severity }) = line.priority {
        let _ = write!(shown, "<{facility}.{severity}> ");
    }
    let text = |number: Option<u64>| number.map(|number| number.to_string());
    let parts = [("#", text(line.counter)), ("n=", text(line.sequence)), ("@", line.hostname)];
    for (mark, part) in parts.into_iter().chain([("", line.tags), ("t=", line.timestamp)]) {
        if let Some(part) = part {
            let _ = write!(shown, "{mark}{part} ");
        }
    }
    if let Some(Mnemonic { facility, severity, mnemonic }) = &line.mnemonic {
        let _ = write!(shown, "{facility}|{severity}|{mnemonic} ");
    }
    (shown + "| " + &line.text).trim_end().to_owned() + "\n"
}

fn all(lines: &[&str]) -> String {
    lines.iter().map(|line| shown(line)).collect()
}

/// Goal: the dialects of syslog.md, section 1.4, and its neighbours. Method: a line of each.
#[test]
fn every_dialect_is_read() {
    let seen = all(&[
        "<189>521: router1: *Nov 14 08:30:56.699: %LINK-5-CHANGED: Interface Gi2",
        "<189>2360957: Jan  6 2022 20:52:12.861: %SYS-5-CONFIG_I: Configured",
        "<189>: sw01: Jan  6 2022 21:01:34.964: %SYS-5-CONFIG_I: Configured",
        "<190>3132811: sw01: 3132807: Jul 14 2023 08:23:43.398 UTC: %FOO-6-BAR: x",
        "<187>88695: 088695: *Mar  1 18:48:50.483 UTC: %BGP-3-NOTIFICATION: sent",
        "<165>7433: ASR920: 007439: 2y10w: %SEC_LOGIN-5-SUCCESS: Login",
        "<189>1: %SYS-5-CONFIG_I: no stamp",
        "<189>1: 00:00:21: %SYS-5-RESTART: uptime",
        "<189>1: 11: *Jan  1 00:00:00.734: %SYS-5-CONFIG_I: both kinds",
        "<189>1: .Jan 22 16:01:55: %SYS-5-CONFIG_I: lost its server",
        "<189>1: [syslog@9 s_id=\"R1:514\" s_sn=\"1\"]: *Jan  1 00:00:00.734: %SYS-5-A: tags",
        "<189>1: R1: [syslog@9 s_sn=\"1\"]: 000011: *Nov 26 03:43:07.162: %LINK-5-CHANGED: all",
        "<189>1: 2001:DB8::1: *Jan  1 00:00:00.734: %SYS-5-A: by address",
        "<189>1: my box: *Jan  1 00:00:00.734: %SYS-5-A: by any text",
        "<189>1 2026-01-01T00:00:00.734Z R1 - - - - %LINK-5-CHANGED: Interface Gi2",
        "<189>1 2026-01-01T01:00:00.734+01:00 R1 - - - [syslog@9 s_sn=\"1\"] 000011: %A-5-B: x",
        "<189>1 - - app 7 ID [a b=\"\\]\"][c] text of another",
        "<189>2024-10-11T10:15:31.208321-05:00 TestDevice %LINEPROTO-5-UPDOWN: rewritten",
        "Feb  8 04:00:48 192.168.100.2 585917: Feb  8 04:00:47.272: %SEC-6-IPACCESSLOGP: kept",
        "<34>Oct 11 22:14:15 mymachine su: 'su root' failed",
        "<187>12: RP/0/RSP0/CPU0:Jan  6 20:52:12.861 UTC: ifmgr[159]: %PKT_INFRA-LINK-3-UPDOWN : X",
        "<187>12: R1 RP/0/0/CPU0:Jan  6 20:52:12.861 : ifmgr[159]: %PKT_INFRA-LINK-3-UPDOWN : X",
        "<189>: 2022 Jan  6 20:52:12 UTC: %ETHPORT-5-IF_DOWN_ADMIN_DOWN: Interface Ethernet1/1",
        "<189>: 2022 Jan  6 20:52:12.5 UTC: %$ VDC-1 %$ %ETHPORT-5-IF_UP: Interface",
        "<191>5: *Jan  1 00:00:00.734: last message repeated 66 times",
        "*Nov 14 08:30:56.699: %PIM-SW1-6-INVALID_RP_JOIN: as the buffer has it",
        "%SYS-5-CONFIG_I: alone",
    ]);
    expect![[r#"
        <23.5> #521 @router1 t=Nov 14 08:30:56.699 LINK|5|CHANGED | Interface Gi2
        <23.5> #2360957 t=Jan  6 2022 20:52:12.861 SYS|5|CONFIG_I | Configured
        <23.5> @sw01 t=Jan  6 2022 21:01:34.964 SYS|5|CONFIG_I | Configured
        <23.6> #3132811 n=3132807 @sw01 t=Jul 14 2023 08:23:43.398 UTC FOO|6|BAR | x
        <23.3> #88695 n=88695 t=Mar  1 18:48:50.483 UTC BGP|3|NOTIFICATION | sent
        <20.5> #7433 n=7439 @ASR920 t=2y10w SEC_LOGIN|5|SUCCESS | Login
        <23.5> #1 SYS|5|CONFIG_I | no stamp
        <23.5> #1 t=00:00:21 SYS|5|RESTART | uptime
        <23.5> #1 n=11 t=Jan  1 00:00:00.734 SYS|5|CONFIG_I | both kinds
        <23.5> #1 t=Jan 22 16:01:55 SYS|5|CONFIG_I | lost its server
        <23.5> #1 [syslog@9 s_id="R1:514" s_sn="1"] t=Jan  1 00:00:00.734 SYS|5|A | tags
        <23.5> #1 n=11 @R1 [syslog@9 s_sn="1"] t=Nov 26 03:43:07.162 LINK|5|CHANGED | all
        <23.5> #1 @2001:DB8::1 t=Jan  1 00:00:00.734 SYS|5|A | by address
        <23.5> #1 @my box t=Jan  1 00:00:00.734 SYS|5|A | by any text
        <23.5> @R1 t=2026-01-01T00:00:00.734Z LINK|5|CHANGED | Interface Gi2
        <23.5> n=11 @R1 [syslog@9 s_sn="1"] t=2026-01-01T01:00:00.734+01:00 A|5|B | x
        <23.5> [a b="\]"][c] | text of another
        <23.5> @TestDevice t=2024-10-11T10:15:31.208321-05:00 LINEPROTO|5|UPDOWN | rewritten
        #585917 @192.168.100.2 t=Feb  8 04:00:47.272 SEC|6|IPACCESSLOGP | kept
        <4.2> @mymachine t=Oct 11 22:14:15 | su: 'su root' failed
        <23.3> #12 t=Jan  6 20:52:12.861 UTC PKT_INFRA-LINK|3|UPDOWN | X
        <23.3> #12 @R1 t=Jan  6 20:52:12.861 PKT_INFRA-LINK|3|UPDOWN | X
        <23.5> t=2022 Jan  6 20:52:12 UTC ETHPORT|5|IF_DOWN_ADMIN_DOWN | Interface Ethernet1/1
        <23.5> t=2022 Jan  6 20:52:12.5 UTC ETHPORT|5|IF_UP | Interface
        <23.7> #5 t=Jan  1 00:00:00.734 | last message repeated 66 times
        t=Nov 14 08:30:56.699 PIM-SW1|6|INVALID_RP_JOIN | as the buffer has it
        SYS|5|CONFIG_I | alone
    "#]]
    .assert_eq(&seen);
}

/// Goal: what is no header is text, and no text says who speaks. Method: lines that come near.
#[test]
fn what_is_no_header_is_text() {
    let seen = all(&[
        "",
        "plain text",
        "<189>",
        "<192>too large",
        "<0189>too long",
        "<189>1: text: with colons: and no time",
        "<189>1: R2: hello",
        "<189>1: *Jan  1 00:00:00.734: R2: *Jan  1 00:00:00.734: %LINK-5-CHANGED: quoted",
        "<189>1: debug says %LINK-5-CHANGED: quoted",
        "<189>1: %LINK-8-CHANGED: no severity",
        "<189>1: %LINK-5-: no mnemonic",
        "<189>1: %-5-X: no facility",
        "<189>1: %LINK-5-CHANGED no colon",
        "<189>99999999999999999999: *Jan  1 00:00:00: %A-5-B: count",
        "<189>1: a: b: c: d: e: f: *Jan  1 00:00:00: %A-5-B: parts",
        "<189>1: R1\x1b[2J\r\nR2: *Jan  1 00:00:00: %A-5-B: \u{7}bell\u{9b}\n",
        "<189>1 2026-13-01 R1 - - - - %A-5-B: no such time",
        "<189>1: Foo 11 22:14:15: no month",
    ]);
    expect![[r#"
        |
        | plain text
        <23.5> |
        | <192>too large
        | <0189>too long
        <23.5> #1 | text: with colons: and no time
        <23.5> #1 | R2: hello
        <23.5> #1 t=Jan  1 00:00:00.734 | R2: *Jan  1 00:00:00.734: %LINK-5-CHANGED: quoted
        <23.5> #1 | debug says %LINK-5-CHANGED: quoted
        <23.5> #1 | %LINK-8-CHANGED: no severity
        <23.5> #1 | %LINK-5-: no mnemonic
        <23.5> #1 | %-5-X: no facility
        <23.5> #1 | %LINK-5-CHANGED no colon
        <23.5> @99999999999999999999 t=Jan  1 00:00:00 A|5|B | count
        <23.5> #1 | a: b: c: d: e: f: *Jan  1 00:00:00: %A-5-B: parts
        <23.5> #1 @R1\u{1b}[2J\r\nR2 t=Jan  1 00:00:00 A|5|B | \u{7}bell\u{9b}
        <23.5> | 1 2026-13-01 R1 - - - - %A-5-B: no such time
        <23.5> #1 | Foo 11 22:14:15: no month
    "#]]
    .assert_eq(&seen);
}

/// What comes out of a stream in pieces of this size.
fn framed(stream: &[u8], size: usize) -> Result<Vec<String>, Unframed> {
    let (mut frames, mut lines) = (Frames::default(), Vec::new());
    let text = |line: Vec<u8>| String::from_utf8_lossy(&line).into_owned();
    for piece in stream.chunks(size.max(1)) {
        frames.push(piece);
        while let Some(line) = frames.take()? {
            lines.push(text(line));
        }
    }
    lines.extend(frames.last().map(text));
    Ok(lines)
}

/// Goal: both framings, mixed, however they are cut; bounds. Method: a table, in all sizes.
#[test]
fn streams_are_cut_into_lines() {
    let table: [(&str, &[&str]); 9] = [
        ("<1>a\n<2>b\r\n\n<3>c", &["<1>a", "<2>b", "<3>c"]),
        ("4 <1>a5 <2>bc\n<3>d\n4 <4>e", &["<1>a", "<2>bc", "<3>d", "<4>e"]),
        ("6 <1>a\nb<2>c\0", &["<1>a\nb", "<2>c"]),
        ("*Jan  1 00:00:00: x\n", &["*Jan  1 00:00:00: x"]),
        ("123: text\n", &["123: text"]),
        ("123\n", &["123"]),
        ("9 <1>a", &[]),
        ("1 \n4 <1>a", &["<1>a"]),
        ("", &[]),
    ];
    for (stream, want) in table {
        for size in 1..=stream.len().max(1) {
            let got = framed(stream.as_bytes(), size).expect("framed");
            assert_eq!(got, want, "{stream:?} in pieces of {size}");
        }
    }
    assert_eq!(framed(b"1234567890 <1>a", 4), Err(Unframed));
    let long = format!("<1>{}\n<2>b\n20000 {}<3>c\n", "x".repeat(20_000), "y".repeat(20_000));
    let lines = framed(long.as_bytes(), 1_000).expect("framed");
    let lengths: Vec<usize> = lines.iter().map(String::len).collect();
    assert_eq!(lengths, [LINE_BYTES_MAX, 4, LINE_BYTES_MAX, 4]);
}

proptest! {
    /// Goal: no bytes end in a panic, and nothing that is kept holds a control character.
    #[test]
    fn any_bytes_are_a_line(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let line = read(&bytes);
        let kept = line.message + &line.hostname.unwrap_or_default();
        prop_assert!(!kept.contains(char::is_control));
    }

    /// Likewise near a header: parts of lines in any order.
    #[test]
    fn any_parts_are_a_line(parts in prop::collection::vec(prop::sample::select(vec![
        "<189>", "1: ", ": ", "1 ", "R1: ", "R1", "*", "Jan  1 ", "2026 ", "00:00:00", " UTC",
        ".734", ": ", ":", "%", "LINK", "-5-", "CHANGED", "[a b=\"", "\"]", "[", "\\", "- ",
        "2026-01-01T", "00:00:00Z ", "1d16h", "é", "\u{1b}", "%$ ", "RP/0/CPU0:",
    ]), 0..24)) {
        let text = parts.concat();
        let line = read(text.as_bytes());
        prop_assert!(text.len() > 200 || line.message.ends_with(&line.text));
    }

    /// Goal: lines come out of either framing as they went in.
    #[test]
    fn both_framings_keep_lines(lines in prop::collection::vec("<[1-9]>[ -~]{0,40}[!-~]", 0..8),
        counted in any::<bool>(), size in 1usize..50) {
        let framed_lines: String = lines.iter().map(|line| match counted {
            true => format!("{} {line}", line.len()),
            false => format!("{line}\n"),
        }).collect();
        prop_assert_eq!(framed(framed_lines.as_bytes(), size), Ok(lines));
    }

    /// Goal: any stream is cut into bounded lines, or said to be none.
    #[test]
    fn any_stream_is_bounded(stream in prop::collection::vec(any::<u8>(), 0..500),
        size in 1usize..60) {
        if let Ok(lines) = framed(&stream, size) {
            prop_assert!(lines.iter().all(|line| !line.is_empty()));
        }
    }
}
