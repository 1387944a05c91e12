//! Keys: what they leave in the line, and what a terminal shows after the echo.

use cli::{Edit, Editor, Entry, History, Keys};

/// What a terminal of endless width shows after these bytes.
fn screen(echo: &[u8]) -> String {
    let mut cells: Vec<char> = Vec::new();
    let mut column: usize = 0;
    for c in String::from_utf8_lossy(echo).chars() {
        match c {
            '\u{8}' => column = column.saturating_sub(1),
            '\u{7}' => {}
            c => {
                if column == cells.len() {
                    cells.push(c);
                } else {
                    cells[column] = c;
                }
                column += 1;
            }
        }
    }
    cells.into_iter().collect::<String>().trim_end().to_owned()
}

/// Types `bytes` and a return; the line, and what the terminal showed before the return.
fn typed(entry: Entry, bytes: &str) -> (String, String) {
    let (mut keys, mut editor, mut history) =
        (Keys::default(), Editor::default(), History::new(20));
    history.push("show version");
    history.push("show clock");
    editor.start(entry);
    let mut echo = Vec::new();
    for byte in bytes.bytes().chain([b'\r']) {
        let edit = keys.feed(byte).and_then(|key| editor.press(key, &mut history, &mut echo));
        if let Some(Edit::Line(line)) = edit {
            return (line, screen(&echo));
        }
    }
    unreachable!("a return ends the line")
}

/// Goal: each key of iosxe-cli.md, section 3, changes line and screen alike. Method: a table of
/// keys and the line that they leave; the screen must show that line.
#[test]
fn keys_edit_the_line() {
    let table = [
        ("show clock", "show clock"),
        ("shww\x08\x08ow", "show"),
        ("shww\x7f\x7fow", "show"),
        ("how\x01s", "show"),
        ("how\x01s\x05!", "show!"),
        ("shw\x02o", "show"),
        ("shw\x1b[Do", "show"),
        ("shw\x1bODo", "show"),
        ("hw\x02\x02s\x06o", "show"),
        ("hw\x1b[D\x1b[Ds\x1b[Co", "show"),
        ("one two\x1bbx", "one xtwo"),
        ("one two\x01\x1bfx", "onex two"),
        ("one two\x01\x1bd", " two"),
        ("xshow\x01\x04", "show"),
        ("xshow\x01\x1b[3~", "show"),
        ("show me\x17clock", "show clock"),
        ("bogus\x15show", "show"),
        ("bogus\x18show", "show"),
        ("show clock\x01\x1bf\x0b", "show"),
        ("clock\x15show \x19", "show clock"),
        ("hsow\x01\x06\x14", "show"),
        ("shwo\x14", "show"),
        ("\x10", "show clock"),
        ("\x10\x10", "show version"),
        ("\x1b[A\x1b[A\x1b[A", "show version"),
        ("\x10\x10\x0e", "show clock"),
        ("x\x10\x0e", ""),
        ("half\x1b[B", "half"),
        ("a\x16?b", "a?b"),
        ("a\x00b", "ab"),
        ("\x1b[1;5Xab", "ab"),
        ("für\x08\x08ü", "fü"),
        ("ü\x02x", "xü"),
        ("\x08\x04\x17\x15\x0b\x14", ""),
    ];
    for (keys, want) in table {
        let (line, shown) = typed(Entry::Command, keys);
        assert_eq!(line, want, "{keys:?}");
        assert_eq!(shown, want.trim_end(), "{keys:?} on the screen");
    }
}

/// Goal: a password has no echo, and `?` in it is a character. Method: type one.
#[test]
fn secrets_are_not_echoed() {
    assert_eq!(typed(Entry::Secret, "p?a\x08b\t"), ("p?b ".into(), String::new()));
    assert_eq!(typed(Entry::Text, "what?"), ("what?".into(), "what?".into()));
}

/// Goal: CR, LF, CR LF and CR NUL each end one line. Method: count the lines.
#[test]
fn ends_of_lines() {
    for (bytes, want) in
        [("a\rb\r", 2), ("a\nb\n", 2), ("a\r\nb\r\n", 2), ("a\r\0b\r\0", 2), ("\n\n", 2)]
    {
        let (mut keys, mut editor) = (Keys::default(), Editor::default());
        let mut history = History::new(0);
        let mut press = |byte| editor.press(keys.feed(byte)?, &mut history, &mut Vec::new());
        let lines = bytes.bytes().filter(|byte| matches!(press(*byte), Some(Edit::Line(_))));
        assert_eq!(lines.count(), want, "{bytes:?}");
    }
}

/// Goal: a line is bounded. Method: type twice the limit.
#[test]
fn long_lines_stop_at_the_limit() {
    let (line, _) = typed(Entry::Command, &"x".repeat(2 * cli::LINE_BYTES_MAX));
    assert_eq!(line.len(), cli::LINE_BYTES_MAX);
}
