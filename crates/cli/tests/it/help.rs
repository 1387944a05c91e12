//! `?` and TAB.

use expect_test::{Expect, expect};

use crate::commands::{GRAMMAR, Mode};

fn check(mode: Mode, before: &str, want: Expect) {
    let text = GRAMMAR.help(mode, 15, before).render();
    want.assert_eq(&format!("{before}?\n{text}"));
}

/// Goal: letters before the cursor give words side by side. Method: the texts themselves.
#[test]
fn words_that_begin_like_this() {
    check(
        Mode::Exec,
        "s",
        expect![[r#"
            s?
            send  show

        "#]],
    );
    check(
        Mode::Exec,
        "sh",
        expect![[r#"
            sh?
            show

        "#]],
    );
    check(
        Mode::Exec,
        "show interfaces te",
        expect![[r#"
            show interfaces te?
            TenGigabitEthernet

        "#]],
    );
    check(
        Mode::Exec,
        "show interfaces gig 1",
        expect![[r#"
            show interfaces gig 1?
            <0-4294967295>

        "#]],
    );
    check(
        Mode::Exec,
        "terminal length 1",
        expect![[r#"
            terminal length 1?
            <0-512>

        "#]],
    );
    check(
        Mode::Config,
        "description wh",
        expect![[r#"
            description wh?
            LINE

        "#]],
    );
    check(
        Mode::Exec,
        "x",
        expect![[r#"
            x?
            % Unrecognized command
        "#]],
    );
}

/// Goal: a blank before the cursor gives a list with help, the bar and the end last.
#[test]
fn what_may_come_next() {
    check(
        Mode::Exec,
        "show clock ",
        expect![[r#"
            show clock ?
              detail  More
              |       Output modifiers
              <cr>    <cr>

        "#]],
    );
    check(
        Mode::Exec,
        "show interfaces lo ",
        expect![[r#"
            show interfaces lo ?
              <0-4294967295>  Loopback interface number

        "#]],
    );
    check(
        Mode::Exec,
        "terminal ",
        expect![[r#"
            terminal ?
              length  Lines
              width   Columns

        "#]],
    );
}

/// Goal: what follows a bar, a repeated option, a wrong word and `no`. Method: the texts.
#[test]
fn what_may_come_next_after_special_words() {
    check(
        Mode::Exec,
        "show clock | ",
        expect![[r#"
            show clock | ?
              append    Append redirected output to URL (URLs supporting append operation only)
              begin     Begin with the line that matches
              count     Count number of lines which match regexp
              exclude   Exclude lines that match
              include   Include lines that match
              redirect  Redirect output to URL
              section   Filter a section of output
              tee       Copy output to URL

        "#]],
    );
    check(
        Mode::Exec,
        "show clock | include ",
        expect![[r#"
            show clock | include ?
              LINE  Regular Expression

        "#]],
    );
    check(
        Mode::Exec,
        "ping 10.0.0.1 size 5 ",
        expect![[r#"
            ping 10.0.0.1 size 5 ?
              repeat  Count
              <cr>    <cr>

        "#]],
    );
    check(
        Mode::Exec,
        "s ",
        expect![[r#"
            s ?
            % Ambiguous command:  "s "
        "#]],
    );
    check(
        Mode::Exec,
        "shaw ",
        expect![[r#"
            shaw ?
            % Unrecognized command
        "#]],
    );
    check(
        Mode::Config,
        "no ip address ",
        expect![[r#"
            no ip address ?
              A.B.C.D  Address
              <cr>     <cr>

        "#]],
    );
}

/// Goal: TAB completes what is unique and leaves the rest. Method: a table.
#[test]
fn completion() {
    let table = [
        (Mode::Exec, "sho", Some("show ")),
        (Mode::Exec, "sh ip int", Some("sh ip interface ")),
        (Mode::Exec, "sh ip", Some("sh ip ")),
        (Mode::Exec, "s", None),
        (Mode::Exec, "show ", None),
        (Mode::Exec, "xyz", None),
        (Mode::Exec, "show clock | inc", Some("show clock | include ")),
        (Mode::Config, "int gig", Some("int GigabitEthernet ")),
        (Mode::Config, "description li", None),
        (Mode::Config, "no shu", Some("no shutdown ")),
    ];
    for (mode, before, want) in table {
        assert_eq!(GRAMMAR.complete(mode, 15, before).as_deref(), want, "{before}");
    }
}
