//! Whatever comes in: no panic, columns inside the line, bounded lines.

use cli::{Edit, Editor, Entry, Help, History, InterfaceName, Keys, Pager, Parsed, pipe};
use proptest::prelude::*;

use crate::commands::{GRAMMAR, Mode};

/// Lines that look like commands about as often as not.
fn line() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("show".to_owned()),
        Just("sh".to_owned()),
        Just("ip".to_owned()),
        Just("int".to_owned()),
        Just("no".to_owned()),
        Just("gi".to_owned()),
        Just("|".to_owned()),
        Just("\"".to_owned()),
        "[a-z0-9./\"|!?é-]{0,6}",
        "\\PC{0,4}",
    ];
    prop::collection::vec(word, 0..8).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Goal: no line panics, and the caret points into the line. Method: random lines.
    #[test]
    fn any_line_parses(line in line(), privilege in 0_u8..16) {
        for mode in [Mode::Exec, Mode::Config] {
            if let Parsed::Invalid { column } = GRAMMAR.parse(mode, privilege, &line) {
                prop_assert!(column < line.len() && line.is_char_boundary(column), "{column}");
            }
            let _: String = GRAMMAR.help(mode, privilege, &line).render();
            if let Some(whole) = GRAMMAR.complete(mode, privilege, &line) {
                prop_assert!(whole.len() > line.len() && whole.ends_with(' '));
            }
        }
        if let Some(bar) = pipe::bar(&line)
            && let Err(pipe::PipeError::Invalid { column }) = pipe::parse(&line, bar)
        {
            prop_assert!(column <= line.len() && line.is_char_boundary(column));
        }
    }

    /// Goal: what `?` lists as a keyword, the parser takes. Method: append it and ask again. Bars
    /// are taken out: the parser does not know pipes.
    #[test]
    fn help_and_parser_agree(line in line()) {
        let before = format!("{} ", line.replace('|', "").trim_end());
        let Help::List(entries) = GRAMMAR.help(Mode::Exec, 15, &before) else { return Ok(()) };
        for (word, _) in entries.iter().filter(|(w, _)| w.bytes().all(|b| b.is_ascii_lowercase())) {
            let next = format!("{before}{word}");
            let invalid = matches!(GRAMMAR.parse(Mode::Exec, 15, &next), Parsed::Invalid { .. });
            prop_assert!(!invalid, "{next}");
        }
        let ends = entries.iter().any(|(word, _)| word == "<cr>");
        let is_command = matches!(GRAMMAR.parse(Mode::Exec, 15, &before), Parsed::Command(_));
        prop_assert_eq!(ends, is_command);
    }

    /// Goal: no bytes panic the editor, and its line stays bounded. Method: random bytes, with the
    /// control characters more often than chance has them.
    #[test]
    fn any_bytes_edit(
        bytes in prop::collection::vec(prop_oneof![0_u8..0x20, any::<u8>()], 0..400),
    ) {
        for entry in [Entry::Command, Entry::Text, Entry::Secret] {
            let (mut keys, mut editor) = (Keys::default(), Editor::default());
            let mut history = History::new(3);
            editor.start(entry);
            for &byte in &bytes {
                let mut echo = Vec::new();
                let Some(key) = keys.feed(byte) else { continue };
                match editor.press(key, &mut history, &mut echo) {
                    Some(Edit::Line(line) | Edit::End(line)) => history.push(&line),
                    Some(Edit::Help) => editor.redraw(&mut echo),
                    Some(Edit::Complete) => editor.replace_before_cursor("show "),
                    Some(Edit::Abort) | None => {}
                }
                prop_assert!(editor.before_cursor().chars().count() <= cli::LINE_BYTES_MAX);
                prop_assert!(entry != Entry::Secret || echo.is_empty());
            }
            prop_assert!(history.lines().count() <= 3);
        }
    }

    /// Goal: no pattern panics. Method: random texts of the characters that mean something.
    #[test]
    fn any_pattern_compiles_or_is_refused(
        text in r"[a-c0-9()\[\]|*+?.^$\\_:{}-]{0,24}",
        line in "\\PC{0,40}",
    ) {
        let command = format!("show clock | include {text}");
        if let Ok(pipe) = pipe::parse(&command, 11) {
            let kept = pipe.apply(&line);
            let (kept, line) = (kept.trim_end_matches('\n'), line.trim_end_matches('\n'));
            prop_assert!(kept.is_empty() || kept == line);
        }
    }

    /// Goal: no keys panic the pager, and it shows no line twice. Method: random keys.
    #[test]
    fn any_keys_page(keys in prop::collection::vec(any::<u8>(), 0..60), length in 0_u16..30) {
        let text: String = (0..50).map(|n| format!("line {n}\n")).collect();
        let (shown, pager) = Pager::start(&text, length);
        prop_assert!(text.starts_with(shown.trim_end_matches(cli::MORE)));
        let Some(mut pager) = pager else { return Ok(()) };
        let mut decoder = Keys::default();
        for key in keys.iter().filter_map(|byte| decoder.feed(*byte)) {
            if pager.press(key).1 {
                break;
            }
        }
    }

    /// Goal: an interface name reads back from both of its forms. Method: random names.
    #[test]
    fn interface_names_round_trip(
        text in "(gi|te|lo|tu|po|twe|vl|nu)[0-9]{1,3}(/[0-9]{1,2}){0,3}(\\.[0-9]{1,4})?",
    ) {
        if let Some(name) = InterfaceName::parse(&text) {
            prop_assert_eq!(InterfaceName::parse(&name.long()), Some(name));
            prop_assert_eq!(InterfaceName::parse(&name.short()), Some(name));
        }
    }
}
