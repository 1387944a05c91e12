//! The driver against recorded shapes of IOS XE, and against devices that mean no good.

use proptest::prelude::*;
use simtime::{Duration, Time};

use super::*;

const START: Time = Time::VIRTUAL_START;

/// A dialogue: what the driver must send, and what the device answers to it.
type Dialogue<'a> = &'a [(&'a str, &'a str)];

/// Runs `show` commands through a dialogue, bytes in pieces of `piece`, and writes down the rest.
fn run(commands: &[&str], enable: Option<&str>, dialogue: Dialogue<'_>, piece: usize) -> String {
    drive(Work::Exec, commands, enable, dialogue, piece)
}

fn drive(
    work: Work,
    commands: &[&str],
    enable: Option<&str>,
    dialogue: Dialogue<'_>,
    piece: usize,
) -> String {
    let plan = Plan {
        commands: commands.iter().map(|command| (*command).to_owned()).enumerate().collect(),
        work,
        enable: enable.map(SecretString::from),
    };
    let mut told = Vec::new();
    let mut driver = Driver::start(plan, START, &mut told);
    let mut story = String::new();
    for (want, answer) in dialogue {
        let sent = tell(&mut told, &mut story);
        assert_eq!(sent, *want, "story so far:\n{story}");
        for bytes in answer.as_bytes().chunks(piece) {
            driver.bytes(START, bytes, &mut told);
        }
    }
    let sent = tell(&mut told, &mut story);
    if !sent.is_empty() {
        story.push_str(&format!("unanswered {sent:?}\n"));
    }
    if let Some(deadline) = driver.next_deadline() {
        let mut last = deadline;
        while let Some(at) = driver.next_deadline() {
            last = at;
            driver.deadline(at, &mut told);
        }
        tell(&mut told, &mut story);
        story.push_str(&format!("after {}\n", last.since(START)));
    }
    story
}

fn tell(told: &mut Vec<Told>, story: &mut String) -> String {
    let mut sent = String::new();
    for one in told.drain(..) {
        match one {
            Told::Send(bytes) => sent.push_str(&String::from_utf8(bytes).expect("ASCII")),
            Told::Answered(answered) => {
                story.push_str(&format!("{}: {:?}", answered.command, answered.output));
                if let Some(complaint) = answered.complaint {
                    story.push_str(&format!(" refused with {complaint:?}"));
                }
                story.push('\n');
            }
            Told::Prompt(_) | Told::Capabilities(_) => {}
            Told::Stands => story.push_str("stands\n"),
            Told::Ended(Ok(())) => story.push_str("ended well\n"),
            Told::Ended(Err(failure)) => story.push_str(&format!("ended: {failure}\n")),
        }
    }
    sent
}

/// The same story however the bytes are cut; `want` in full.
fn check(commands: &[&str], enable: Option<&str>, dialogue: Dialogue<'_>, want: &str) {
    for piece in [1, 2, 7, 4096] {
        assert_eq!(run(commands, enable, dialogue, piece), want, "pieces of {piece} bytes");
    }
}

const SETUP_DONE: [(&str, &str); 2] = [
    ("terminal length 0\n", "terminal length 0\r\nR1#"),
    ("terminal width 512\n", "terminal width 512\r\nR1#"),
];

fn after_setup<'a>(rest: Dialogue<'a>) -> Vec<(&'a str, &'a str)> {
    let mut whole = vec![("\n", "\r\nR1#\r\nR1#")];
    whole.extend(SETUP_DONE);
    whole.extend(rest);
    whole
}

/// Goal: an ordinary session gives the outputs alone, without echo and prompt.
#[test]
fn an_ordinary_session() {
    let dialogue = after_setup(&[
        (
            "show ip interface brief\n",
            "show ip interface brief\r\nInterface              IP-Address\r\n\
             GigabitEthernet1       10.0.0.1\r\nR1#",
        ),
        ("show clock\n", "show clock\r\n*12:00:00.000 UTC Thu Jan 1 2026\r\nR1#"),
        ("exit\n", ""),
    ]);
    check(
        &["show ip interface brief", "show clock"],
        None,
        &dialogue,
        "show ip interface brief: \"Interface              IP-Address\\n\
         GigabitEthernet1       10.0.0.1\"\n\
         show clock: \"*12:00:00.000 UTC Thu Jan 1 2026\"\n\
         ended well\n",
    );
}

/// Goal: a real box's login: a banner full of hashes, a prompt with a blank, asynchronous lines.
#[test]
fn a_banner_and_a_prompt_with_a_blank() {
    let banner = "\r\n########\r\n# Lab#\r\nAuthorized use only #\r\n\r\ncore-1.example# \r\n";
    let greeting = format!("{banner}core-1.example# ");
    let dialogue = [
        ("\n", greeting.as_str()),
        ("terminal length 0\n", "terminal length 0\r\ncore-1.example# "),
        ("terminal width 512\n", "terminal width 512\r\ncore-1.example# "),
        ("show clock\n", "show clock\r\nnoon\r\ncore-1.example# "),
        ("exit\n", ""),
    ];
    check(&["show clock"], None, &dialogue, "show clock: \"noon\"\nended well\n");
}

/// Goal: `>` is raised when there is an enable secret, and left as it is when there is none.
#[test]
fn enable_is_used_when_it_can_be() {
    let setup =
        |end: &str| SETUP_DONE.map(|(line, answer)| (line.to_owned(), answer.replace('#', end)));
    let raised = setup("#");
    let dialogue = [
        ("\n", "\r\nR1>\r\nR1>"),
        ("enable\n", "enable\r\nPassword: "),
        ("s3cret\n", "\r\nR1#"),
        (raised[0].0.as_str(), raised[0].1.as_str()),
        (raised[1].0.as_str(), raised[1].1.as_str()),
        ("exit\n", ""),
    ];
    check(&[], Some("s3cret"), &dialogue, "ended well\n");
    let plain = setup(">");
    let dialogue = [
        ("\n", "\r\nR1>\r\nR1>"),
        (plain[0].0.as_str(), plain[0].1.as_str()),
        (plain[1].0.as_str(), plain[1].1.as_str()),
        ("show clock\n", "show clock\r\nnoon\r\nR1>"),
        ("exit\n", ""),
    ];
    check(&["show clock"], None, &dialogue, "show clock: \"noon\"\nended well\n");
}

/// Goal: a wrong enable secret is sent once, and the session ends.
#[test]
fn a_wrong_enable_secret_is_sent_once() {
    for verdict in ["\r\nPassword: ", "\r\n% Bad secrets\r\n\r\nR1>"] {
        let dialogue =
            [("\n", "\r\nR1>\r\nR1>"), ("enable\n", "enable\r\nPassword: "), ("wrong\n", verdict)];
        let want = "ended: the device refused the enable secret\n";
        check(&[], Some("wrong"), &dialogue, want);
    }
}

/// Goal: a device without an enable secret is not waited for, and says why in its own words.
#[test]
fn enable_without_a_secret_on_the_device() {
    // A prompt of the greeting that comes late is no answer to `enable`.
    let refused = "\r\nR1>enable\r\n% No password set\r\nR1>";
    let dialogue = [("\n", "\r\nR1>\r\nR1>"), ("enable\n", refused)];
    check(
        &["show clock"],
        Some("x"),
        &dialogue,
        "ended: the device refused `enable`: % No password set\n",
    );
}

/// Goal: a device that is renamed in the middle is given up, and the story says what happened.
#[test]
fn a_prompt_that_changes_is_named() {
    let renamed = ("show clock\n", "show clock\r\nnoon\r\nR9#");
    let want = "ended: the prompt changed from `R1#` to `R9#` while `show clock` was answered\n\
                after 60s\n";
    check(&["show clock"], None, &after_setup(&[renamed]), want);
}

/// Goal: what a device says when it hangs up is its reason, and an answer cut short is none.
#[test]
fn last_words_are_a_reason() {
    let table = [
        ("\r\n% Authorization failed.\r\n", Some("% Authorization failed.")),
        ("\r\nCommand authorization failed.\r\n\r\n", Some("Command authorization failed.")),
        ("\r\nR1#\r\nR1#show clo", None),
        ("", None),
    ];
    for (bytes, want) in table {
        let mut told = Vec::new();
        let plan = Plan { commands: Vec::new(), work: Work::Exec, enable: None };
        let mut driver = Driver::start(plan, START, &mut told);
        driver.bytes(START, bytes.as_bytes(), &mut told);
        assert_eq!(driver.last_words().as_deref(), want, "{bytes:?}");
    }
}

/// Goal: a refused command is told from an answered one, and the next one is still sent.
#[test]
fn a_refused_command_is_named() {
    let dialogue = after_setup(&[
        (
            "show foo\n",
            "show foo\r\n          ^\r\n% Invalid input detected at '^' marker.\r\n\r\nR1#",
        ),
        ("show clock\n", "show clock\r\nnoon\r\nR1#"),
        ("exit\n", ""),
    ]);
    check(
        &["show foo", "show clock"],
        None,
        &dialogue,
        "show foo: \"          ^\\n% Invalid input detected at '^' marker.\" \
         refused with \"% Invalid input detected at '^' marker.\"\n\
         show clock: \"noon\"\nended well\n",
    );
}

/// Goal: a pager that `terminal length 0` did not stop is paged through, and leaves no trace.
#[test]
fn a_pager_is_paged_through() {
    let wipe = "\x08\x08\x08\x08\x08\x08\x08\x08\x08        \x08\x08\x08\x08\x08\x08\x08\x08\x08";
    let last = format!("{wipe}three\r\nR1#");
    let rest = [
        ("show long\n", "show long\r\none\r\ntwo\r\n --More-- "),
        (" ", last.as_str()),
        ("exit\n", ""),
    ];
    let dialogue = after_setup(&rest);
    check(&["show long"], None, &dialogue, "show long: \"one\\ntwo\\nthree\"\nended well\n");
}

/// Goal: a line of an answer that is the prompt itself does not end the answer.
#[test]
fn a_prompt_inside_an_answer_is_text() {
    let dialogue = after_setup(&[
        ("show banner\n", "show banner\r\nR1#\r\nR1#show clock\r\nend\r\nR1#"),
        ("exit\n", ""),
    ]);
    let got = run(&["show banner"], None, &dialogue, 4096);
    assert_eq!(got, "show banner: \"R1#\\nR1#show clock\\nend\"\nended well\n");
}

/// Goal: even when a packet ends just behind a false prompt, the next answer is whole again.
#[test]
fn a_false_prompt_at_a_cut_costs_one_answer_at_most() {
    let dialogue = after_setup(&[
        ("show banner\n", "show banner\r\nR1#"),
        ("show clock\n", "\r\nrest of the banner\r\nR1#show clock\r\nnoon\r\nR1#"),
        ("exit\n", ""),
    ]);
    let got = run(&["show banner", "show clock"], None, &dialogue, 4096);
    assert_eq!(got, "show banner: \"\"\nshow clock: \"noon\"\nended well\n");
}

/// Goal: a device that eats the first newline is asked again, and extra prompts harm nothing.
#[test]
fn a_slow_login_is_nudged() {
    let mut told = Vec::new();
    let plan = Plan { commands: vec![(0, "show clock".into())], work: Work::Exec, enable: None };
    let mut driver = Driver::start(plan, START, &mut told);
    driver.bytes(START, b"\r\nPress RETURN to get started.\r\n\r\nR1#", &mut told);
    let nudge = driver.next_deadline().expect("a nudge is due");
    assert_eq!(nudge.since(START), Duration::from_millis(NUDGE_MS));
    driver.deadline(nudge, &mut told);
    driver.bytes(nudge, b"\r\nR1#", &mut told);
    driver.bytes(nudge, b"\r\nR1#terminal length 0\r\nR1#", &mut told);
    driver.bytes(nudge, b"\r\nR1#terminal width 512\r\nR1#", &mut told);
    driver.bytes(nudge, b"show clock\r\nnoon\r\nR1#", &mut told);
    let mut story = String::new();
    let sent = tell(&mut told, &mut story);
    assert_eq!(sent, "\n\nterminal length 0\nterminal width 512\nshow clock\nexit\n");
    assert_eq!(story, "show clock: \"noon\"\nended well\n");
}

/// Goal: a device that says nothing, or stops in the middle, is given up in time.
#[test]
fn a_device_that_hangs_is_given_up() {
    let want = "ended: no prompt within 20 s\nafter 20s\n";
    check(&["show clock"], None, &[("\n", "Welcome\r\n")], want);
    let dialogue = after_setup(&[("show clock\n", "show clock\r\n12:0")]);
    let want = "ended: `show clock` was not answered within 60 s\nafter 60s\n";
    check(&["show clock"], None, &dialogue, want);
    let dialogue = [("\n", "\r\nR1>\r\nR1>"), ("enable\n", "enable\r\nwait")];
    let want = "ended: `enable` was not answered within 10 s\nafter 10s\n";
    check(&[], Some("x"), &dialogue, want);
}

/// Goal: a device that answers for ever is cut off at the bound, in lines or in one line.
#[test]
fn an_endless_answer_is_cut_off() {
    for flood in ["line after line\r\n", "x", "\n"] {
        let answer = format!("show clock\r\n{}", flood.repeat(OUTPUT_BYTES_MAX / flood.len() + 1));
        let rest = [("show clock\n", answer.as_str())];
        let dialogue = after_setup(&rest);
        let got = run(&["show clock"], None, &dialogue, 1000);
        assert_eq!(got, "ended: `show clock` answered more than 1048576 bytes\n");
    }
}

proptest! {
    /// Goal: no device makes the driver panic, and it always ends. Method: any bytes, any cuts,
    /// with prompts and echoes strewn in so that deep states are reached.
    #[test]
    fn any_device_is_survived(
        pieces in prop::collection::vec(
            prop_oneof![
                Just(b"\r\nR1#\r\nR1#".to_vec()),
                Just(b"\r\nR1>\r\nR1>".to_vec()),
                Just(b"Password: ".to_vec()),
                Just(b"terminal length 0\r\nR1#".to_vec()),
                Just(b"terminal width 512\r\nR1#".to_vec()),
                Just(b"show clock\r\nR1#".to_vec()),
                Just(b"show running-config\r\ninterface a\r\nend\r\nR1#".to_vec()),
                Just(b"configure terminal\r\nR1(config)#".to_vec()),
                Just(b"show clock\r\nR1(config)#".to_vec()),
                Just(b"Sure? [confirm]".to_vec()),
                Just(b" --More-- ".to_vec()),
                prop::collection::vec(any::<u8>(), 0..40),
            ],
            0..40,
        ),
        configures: bool,
    ) {
        let mut told = Vec::new();
        let plan = Plan {
            commands: vec![(0, "show clock".into()), (1, "show clock".into())],
            work: if configures { Work::Configure { in_doubt: true } } else { Work::Exec },
            enable: Some("x".into()),
        };
        let mut driver = Driver::start(plan, START, &mut told);
        for piece in &pieces {
            driver.bytes(START, piece, &mut told);
        }
        while let Some(at) = driver.next_deadline() {
            driver.deadline(at, &mut told);
        }
        let ends = told.iter().filter(|one| matches!(one, Told::Ended(_))).count();
        prop_assert_eq!(ends, 1);
    }
}

/// Goal: nothing that is printed of a session shows the enable secret. Method: a whole `enable`.
#[test]
fn the_secret_is_not_printed() {
    let mut told = Vec::new();
    let plan = Plan { commands: Vec::new(), work: Work::Exec, enable: Some("hunter2".into()) };
    let mut printed = format!("{plan:?}");
    let mut driver = Driver::start(plan, START, &mut told);
    for bytes in ["\r\nR1>\r\nR1>", "enable\r\nPassword: "] {
        driver.bytes(START, bytes.as_bytes(), &mut told);
        printed.push_str(&format!("{told:?}{driver:?}"));
    }
    assert!(told.contains(&Told::Send(b"hunter2\n".to_vec())), "the secret is given");
    let session = crate::SessionId(1);
    let output = crate::Output::SessionBytes { session, bytes: b"hunter2\n".to_vec() };
    printed.push_str(&format!("{output:?}"));
    assert!(!printed.contains("hunter2") && !printed.contains("104, 117"), "{printed}");
}

/// What is looked at before and after a configuration of one interface.
const LOOK: (&str, &str) = (
    "show running-config interface Gi1\n",
    "show running-config interface Gi1\r\ninterface Gi1\r\nend\r\n\r\nR1#",
);
const SHOWN: &str = "show running-config interface Gi1: \"interface Gi1\\nend\"\n";

/// A configuration of one interface, `rest` from `configure terminal` on, the looks aside.
fn configures(in_doubt: bool, rest: Dialogue<'_>, want: &str) {
    let lines = ["interface Gi1", "no shutdown"];
    let mut whole = Vec::new();
    let mut want = want.to_owned();
    if !in_doubt {
        whole.push(LOOK);
        want.insert_str(0, SHOWN);
    }
    for step in rest {
        whole.push(*step);
        if step.0 == "end\n" {
            whole.push(LOOK);
            want = want.replace("ended well", &format!("{SHOWN}ended well"));
        }
    }
    let dialogue = after_setup(&whole);
    for piece in [1, 2, 7, 4096] {
        let work = Work::Configure { in_doubt };
        assert_eq!(drive(work, &lines, None, &dialogue, piece), want, "pieces of {piece} bytes");
    }
}

const ENTERED: (&str, &str) = (
    "configure terminal\n",
    "configure terminal\r\nEnter configuration commands, one per line.  End with CNTL/Z.\r\n\
     R1(config)#",
);
const INTERFACE: (&str, &str) = ("interface Gi1\n", "interface Gi1\r\nR1(config-if)#");

/// Goal: a configuration goes in, line by line, and out, in the prompts of its modes.
#[test]
fn a_configuration_is_sent_line_by_line() {
    let rest = [
        ENTERED,
        INTERFACE,
        ("no shutdown\n", "no shutdown\r\nR1(config-if)#"),
        ("end\n", "end\r\nR1#"),
        ("exit\n", ""),
    ];
    configures(false, &rest, "interface Gi1: \"\"\nno shutdown: \"\"\nended well\n");
}

/// Goal: the prompts of a device whose long name is cut in configuration modes are known.
#[test]
fn a_long_name_is_cut_in_the_configuration_mode() {
    let name = "core-router-of-the-first-site";
    let cut = &name[..20];
    let exec = |line: &str| format!("{line}\r\n{name}#");
    let config = |line: &str, mode: &str| format!("{line}\r\n{cut}({mode})#");
    let answers = [
        format!("\r\n{name}#\r\n{name}#"),
        exec("terminal length 0"),
        exec("terminal width 512"),
        exec("show running-config interface Gi1"),
        config("configure terminal", "config"),
        config("interface Gi1", "config-if"),
        exec("end"),
        exec("show running-config interface Gi1"),
    ];
    let sent = [
        "\n",
        "terminal length 0\n",
        "terminal width 512\n",
        LOOK.0,
        "configure terminal\n",
        "interface Gi1\n",
        "end\n",
        LOOK.0,
    ];
    let mut dialogue: Vec<(&str, &str)> =
        sent.into_iter().zip(answers.iter().map(String::as_str)).collect();
    dialogue.push(("exit\n", ""));
    let work = Work::Configure { in_doubt: false };
    let got = drive(work, &["interface Gi1"], None, &dialogue, 4096);
    let shown = "show running-config interface Gi1: \"\"\n";
    assert_eq!(got, format!("{shown}interface Gi1: \"\"\n{shown}ended well\n"));
}

/// Goal: what stops a configuration is named, and nothing is typed where it does not belong.
/// Method: a table of dialogues.
#[test]
fn a_configuration_that_cannot_go_on() {
    let refusal = "interface Gi1\r\n           ^\r\n% Invalid input detected at '^' marker.\r\n\r\n\
                   R1(config)#";
    let told = "interface Gi1: \"           ^\\n% Invalid input detected at '^' marker.\" \
                refused with \"% Invalid input detected at '^' marker.\"\n";
    let refused = [ENTERED, ("interface Gi1\n", refusal), ("end\n", "end\r\nR1#"), ("exit\n", "")];
    configures(false, &refused, &format!("{told}ended well\n"));

    let locked = "configure terminal\r\nConfiguration mode locked exclusively by user 'ada'\r\nR1#";
    let want = "ended: the device refused `configure terminal`: Configuration mode locked \
                exclusively by user 'ada'\n";
    configures(false, &[("configure terminal\n", locked)], want);

    let left = [ENTERED, ("interface Gi1\n", "interface Gi1\r\nR1#")];
    let want = "interface Gi1: \"\"\n\
                ended: `interface Gi1` left the configuration mode before the last line\n";
    configures(false, &left, want);

    let another = [ENTERED, ("interface Gi1\n", "interface Gi1\r\nR9(config-if)#")];
    let want = "ended: the prompt changed from `R1#` to `R9(config-if)#` while `interface Gi1` was \
                answered\nafter 60s\n";
    configures(false, &another, want);

    let asks = [ENTERED, ("interface Gi1\n", "interface Gi1\r\nReally? [confirm]")];
    let want = "ended: `interface Gi1` asks `Really? [confirm]`, and nobody is there to answer\n\
                after 2s\n";
    configures(false, &asks, want);
}

/// Goal: without privileged EXEC nothing is configured.
#[test]
fn user_exec_does_not_configure() {
    let dialogue = [
        ("\n", "\r\nR1>\r\nR1>"),
        ("terminal length 0\n", "terminal length 0\r\nR1>"),
        ("terminal width 512\n", "terminal width 512\r\nR1>"),
    ];
    let work = Work::Configure { in_doubt: false };
    let got = drive(work, &["interface Gi1"], None, &dialogue, 4096);
    assert_eq!(got, "ended: the session is in user EXEC, and to configure needs privileged EXEC\n");
}

/// Goal: lines in doubt are looked for first, and are sent when the device does not show them all.
#[test]
fn lines_in_doubt_are_looked_for() {
    let state = "show running-config\n";
    let stands = "show running-config\r\ninterface Gi1\r\n ip address dhcp\r\n!\r\nend\r\n\r\nR1#";
    let shown = "show running-config: \"interface Gi1\\n ip address dhcp\\n!\\nend\"\n";
    let rest = [(state, stands), ("exit\n", "")];
    configures(true, &rest, &format!("{shown}stands\nended well\n"));
    let refused = "show running-config\r\n% Authorization failed.\r\nR1#";
    let rest = [
        (state, refused),
        ENTERED,
        INTERFACE,
        ("no shutdown\n", "no shutdown\r\nR1(config-if)#"),
        ("end\n", "end\r\nR1#"),
        ("exit\n", ""),
    ];
    let want = "show running-config: \"% Authorization failed.\" refused with \
                \"% Authorization failed.\"\n\
                interface Gi1: \"\"\nno shutdown: \"\"\nended well\n";
    configures(true, &rest, want);
}

/// Goal: text that ends like a question and goes on is text.
#[test]
fn a_pause_at_a_bracket_is_no_question() {
    let mut told = Vec::new();
    let commands = vec![(0, "show x".into())];
    let mut driver =
        Driver::start(Plan { commands, work: Work::Exec, enable: None }, START, &mut told);
    for bytes in ["\r\nR1#\r\nR1#", "terminal length 0\r\nR1#", "terminal width 512\r\nR1#"] {
        driver.bytes(START, bytes.as_bytes(), &mut told);
    }
    driver.bytes(START, b"show x\r\nalias exec y reload [confirm]", &mut told);
    let wait = driver.next_deadline().expect("a wait");
    assert_eq!(wait.since(START), Duration::from_millis(QUESTION_MS));
    driver.bytes(START, b" at once\r\nR1#", &mut told);
    driver.deadline(wait, &mut told);
    let mut story = String::new();
    tell(&mut told, &mut story);
    assert_eq!(story, "show x: \"alias exec y reload [confirm] at once\"\nended well\n");
}
