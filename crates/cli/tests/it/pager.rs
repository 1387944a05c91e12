//! Pages of output.

use cli::{Key, Keys, Pager};

/// What is shown of ten lines on a terminal of `length` lines after these keys, and whether it
/// ended. Erased text is written as `<`.
fn shown(length: u16, keys: &str) -> (String, bool) {
    let text: String = (0..10).map(|n| format!("line {n}\n")).collect();
    let (mut shown, pager) = Pager::start(&text, length);
    let Some(mut pager) = pager else { return (shown, true) };
    let mut decoder = Keys::default();
    for key in keys.bytes().filter_map(|byte| decoder.feed(byte)) {
        let (more, ended) = pager.press(key);
        let blanks = "\u{8}".repeat(cli::MORE.len());
        let erased = format!("{blanks}{}{blanks}", " ".repeat(cli::MORE.len()));
        shown.push_str(&more.replace(&erased, "<"));
        if ended {
            return (shown, true);
        }
    }
    (shown, false)
}

fn lines(range: std::ops::Range<u32>) -> String {
    range.map(|n| format!("line {n}\n")).collect()
}

/// Goal: space turns a page, return a line, others end; length 0 does not page. Method: a table.
#[test]
fn keys_turn_pages() {
    let more = cli::MORE;
    let table = [
        (0, "", (lines(0..10), true)),
        (24, "", (lines(0..10), true)),
        (11, "", (lines(0..10), true)),
        (5, "", (format!("{}{more}", lines(0..4)), false)),
        (5, " ", (format!("{}{more}<{}{more}", lines(0..4), lines(4..8)), false)),
        (5, "  ", (format!("{}{more}<{}{more}<{}", lines(0..4), lines(4..8), lines(8..10)), true)),
        (5, "\r", (format!("{}{more}<{}{more}", lines(0..4), lines(4..5)), false)),
        (5, "q", (format!("{}{more}<", lines(0..4)), true)),
        (5, "\x03", (format!("{}{more}<", lines(0..4)), true)),
        (5, "/8\r", (format!("{}{more}</8\n...skipping\n{}", lines(0..4), lines(8..10)), true)),
        (
            5,
            "+[57]\r",
            (format!("{}{more}<+[57]\nfiltering...\nline 5\nline 7\n", lines(0..4)), true),
        ),
        (
            5,
            "-[5-8]\r",
            (format!("{}{more}<-[5-8]\nfiltering...\nline 4\nline 9\n", lines(0..4)), true),
        ),
        (5, "/(\r", (format!("{}{more}</(\n{more}", lines(0..4)), false)),
        (1, "", (format!("{}{more}", lines(0..1)), false)),
    ];
    for (length, keys, want) in table {
        assert_eq!(shown(length, keys), want, "length {length}, keys {keys:?}");
    }
    assert_eq!(Keys::default().feed(b' '), Some(Key::Character(b' ')));
}
