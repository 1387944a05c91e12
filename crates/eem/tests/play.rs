//! Plays applets through the director as a router would, and compares what they asked for.

use std::fmt::Write as _;

use eem::{
    Answer, CliOutput, Dialect, Director, Message, Options, Request, Router, RunRefused, SnmpValue,
    Stimulus, Which,
};
use expect_test::{Expect, expect};
use simtime::{Duration, Time};

/// A router of which nothing but its name can be read.
struct Bare;

impl Router for Bare {
    fn name(&self) -> &str {
        "R1"
    }

    fn interface_names(&self) -> Vec<String> {
        Vec::new()
    }

    fn interface_value(&self, _: &str, _: &str) -> Option<i64> {
        None
    }

    fn snmp(&self, _: &str, _: Which) -> Option<(String, SnmpValue)> {
        None
    }

    fn track(&self, _: u32) -> Option<bool> {
        None
    }

    fn process_cpu(&self, _: Option<&str>, _: u64) -> Option<u64> {
        None
    }

    fn process_memory(&self, _: Option<&str>) -> Option<(u64, u64)> {
        None
    }

    fn local_offset_secs(&self, _: Time) -> i64 {
        0
    }

    fn is_booting(&self) -> bool {
        true
    }
}

/// A router that answers every command with its own text, and writes down what applets ask.
struct Host {
    director: Director,
    now: Time,
    /// What the session prints for a command that is not followed by the prompt.
    questions: Vec<(&'static str, &'static str)>,
    story: String,
}

impl Host {
    fn new(config: &str) -> Self {
        Host::with(Dialect::Ios, config)
    }

    fn with(dialect: Dialect, config: &str) -> Self {
        let mut host = Host {
            director: Director::new(dialect),
            now: Time::VIRTUAL_START,
            questions: Vec::new(),
            story: String::new(),
        };
        host.configure(config);
        host
    }

    /// Types a configuration; what is refused or logged is part of the story.
    fn configure(&mut self, config: &str) {
        let mut inside = None;
        for line in config.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["event", "manager", "applet", name, ..] => {
                    self.leave(inside.take());
                    let at = line.find(name).expect("its own word") + name.len();
                    let options = Options::parse(&line[at..]).expect("options in a test are right");
                    self.director.enter_applet(name, options);
                    inside = Some(name.to_owned());
                }
                ["event", "manager", "environment", name, ..] => {
                    let at = line.find(name).expect("its own word") + name.len();
                    self.director.set_environment(name, line[at..].trim_start());
                }
                _ => {
                    let name = inside.as_deref().expect("a test's line stands in an applet");
                    if let Err(problem) = self.director.applet_line(name, line) {
                        let (span, fault) = (problem.span, problem.fault);
                        let shown = shorten(line.trim_start(), 28);
                        let _ = writeln!(self.story, "refused {span:?} {shown}: {fault}");
                    }
                }
            }
        }
        self.leave(inside);
    }

    fn leave(&mut self, applet: Option<String>) {
        let Some(name) = applet else { return };
        for message in self.director.leave_applet(self.now, &Bare, &name) {
            self.log(&message);
        }
    }

    /// A log message comes; everything due up to `span` later is carried out.
    fn syslog(&mut self, line: &str, span: Duration) -> &mut Self {
        let published = self.director.offer(self.now, &Bare, &Stimulus::Syslog(line));
        published.notice.iter().for_each(|message| self.log(message));
        self.pass(span)
    }

    fn run(&mut self, name: &str, arguments: &[&str]) -> Result<bool, RunRefused> {
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        self.director.run(self.now, name, &arguments).map(|(_, is_waited_for)| is_waited_for)
    }

    fn pass(&mut self, span: Duration) -> &mut Self {
        let end = self.now + span;
        self.poll();
        while let Some(at) = self.director.next_deadline().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.poll();
        }
        self.now = end;
        self
    }

    fn poll(&mut self) {
        while let Some((run, request)) = self.director.next(self.now, &Bare) {
            let at = self.now.since(Time::VIRTUAL_START);
            let _ = write!(self.story, "{at} #{} ", run.0);
            let answer = match request {
                Request::Cli { line, .. } => {
                    let _ = writeln!(self.story, "cli {line:?}");
                    Some(Answer::Cli(self.type_line(&line)))
                }
                Request::HttpPost(post) => {
                    let _ = writeln!(self.story, "post {} {}", post.url, post.body);
                    Some(Answer::Text(Some("accepted".into())))
                }
                Request::Log(message) => {
                    self.log(&message);
                    None
                }
                Request::Puts { text } => {
                    let _ = writeln!(self.story, "puts {text:?}");
                    None
                }
                Request::Gets
                | Request::Mail(_)
                | Request::SnmpTrap(_)
                | Request::TrackSet { .. }
                | Request::File(_)
                | Request::Reload
                | Request::ForceSwitchover
                | Request::Telemetry(_)
                | Request::CnsEvent(_)
                | Request::SnmpObjectValue(_)
                | Request::Raised(_)
                | Request::StepBegins(_)
                | Request::StepEnds(_) => {
                    let _ = writeln!(self.story, "{request:?}");
                    Some(Answer::Done)
                }
                Request::Triggered { applet, event } => {
                    let _ = writeln!(self.story, "{applet} triggered by {event}");
                    None
                }
                Request::Finished { applet, status, .. } => {
                    let _ = writeln!(self.story, "{applet} {status}");
                    None
                }
            };
            if let Some(answer) = answer {
                self.director.answer(self.now, &Bare, run, answer);
            }
        }
    }

    fn type_line(&mut self, line: &str) -> CliOutput {
        if let Some(value) = line.strip_prefix("event manager environment ") {
            let (name, value) = value.split_once(' ').expect("a test's line is whole");
            self.director.set_environment(name, value);
        }
        match self.questions.iter().find(|(command, _)| *command == line) {
            Some((_, question)) => CliOutput::Open((*question).to_owned()),
            None if line == "no line" => CliOutput::NoLine,
            None => CliOutput::Prompt(format!("out of {line}\r\nR1#")),
        }
    }

    fn log(&mut self, Message { facility, severity, mnemonic, text }: &Message) {
        let shown = shorten(&text.replace('\r', "\\r"), 60);
        let _ = writeln!(self.story, "%{facility}-{severity}-{mnemonic}: {shown}");
    }

    fn check(&self, want: &Expect) {
        want.assert_eq(&self.story);
    }
}

/// The beginning of a text of more than `length` bytes, so that a story keeps to its columns.
fn shorten(text: &str, length: usize) -> String {
    match text.get(..length * 5 / 6) {
        Some(start) if text.len() > length => format!("{start}..."),
        _ => text.to_owned(),
    }
}

const SECOND: Duration = Duration::from_secs(1);
/// What a router's clock prints at the start of a virtual run.
const STAMP: &str = "Thu Jan 1 00:00:00 2026";

/// Goal: byte order of labels decides, and blocks pair in that order. Method: an applet whose
/// labels sort `10.0` before `2.0`.
#[test]
fn labels_sort_as_bytes() {
    let mut host = Host::new(
        "event manager applet ORDER
          event syslog pattern GO
          action 2.0 syslog msg two
          action 10.0 syslog msg ten
          action 1.21 syslog msg one-twenty-one
          action 1.2 syslog msg one-two
          action 1.2 syslog msg later-wins",
    );
    host.syslog("GO", SECOND).check(&expect![[r#"
        3ms #1 ORDER triggered by syslog
        3ms #1 %HA_EM-6-LOG: ORDER: later-wins
        3ms #1 %HA_EM-6-LOG: ORDER: one-twenty-one
        3ms #1 %HA_EM-6-LOG: ORDER: ten
        3ms #1 %HA_EM-6-LOG: ORDER: two
        3ms #1 ORDER success
    "#]]);
    let mut broken = Host::new(
        "event manager applet BROKEN
          event syslog pattern GO
          action 3.0 if $_regexp_result eq 1
          action 9.0 syslog msg in
          action 10.0 else
          action 11.0 end",
    );
    broken.syslog("GO", SECOND).check(&expect![[r#"
        %HA_EM-6-FMPD_EEM_CONFIG: BROKEN: "else" action found outside of conditional block
        %HA_EM-6-FMPD_EEM_CONFIG: BROKEN: "end" action found outside of conditional block
        %HA_EM-6-FMPD_EEM_CONFIG: BROKEN: "if" action 3.0 has no matching "end"
    "#]]);
}

/// Goal: of a block one arm runs. Method: every arm in turn, nested, by a variable.
#[test]
fn one_arm_of_a_block_runs() {
    let config = "event manager applet ARMS
          event none
          action 10 if $_none_arg1 eq a
          action 11  syslog msg a
          action 12  if $_none_argc gt 1
          action 13   syslog msg more
          action 14  end
          action 20 elseif $_none_arg1 eq b
          action 21  syslog msg b
          action 30 elseif $_none_arg1 lt 5
          action 31  syslog msg small
          action 40 else
          action 41  exit 3
          action 50 end
          action 60 syslog msg after";
    let check = |arguments: &[&str], want: &[&str]| {
        let mut host = Host::new(config);
        host.run("ARMS", arguments).expect("it is registered");
        let story = host.pass(SECOND).story.clone();
        let logged: Vec<&str> =
            story.lines().filter_map(|line| line.split("LOG: ARMS: ").nth(1)).collect();
        assert_eq!(logged, want, "{arguments:?}");
        assert!(story.ends_with("ARMS success\n"), "{story}");
    };
    check(&["a"], &["a", "after"]);
    check(&["a", "x"], &["a", "more", "after"]);
    check(&["b"], &["b", "after"]);
    check(&["4"], &["small", "after"]);
    check(&["6"], &[]);
}

/// Goal: an unknown variable ends the run with its two messages, at the label that named it.
#[test]
fn an_unknown_variable_aborts() {
    let mut host = Host::new(
        "event manager applet BAD
          event syslog pattern GO
          action 1.0 syslog msg fine
          action 2.0 cli command \"show $nothing\"
          action 3.0 syslog msg never",
    );
    host.syslog("GO", SECOND).check(&expect![[r#"
        3ms #1 BAD triggered by syslog
        3ms #1 %HA_EM-6-LOG: BAD: fine
        3ms #1 %HA_EM-3-FMPD_UNKNOWN_ENV: fh_parse_var: could not find environment variable: nothing
        3ms #1 %HA_EM-3-FMPD_ERROR: Error executing applet BAD statement 2.0
        3ms #1 BAD abort
    "#]]);
}

/// Goal: variables as eem.md section 4: built-ins, captures that survive a failed match, and an
/// environment that a run changes for itself.
#[test]
fn variables_live_as_documented() {
    let mut host = Host::new(
        r#"event manager environment fs flash
        event manager applet VARS
          event syslog pattern "LINK-.-CHANGED"
          action 10 info type routername
          action 11 regexp "Interface ([^,]+), (.*)$" "$_syslog_msg" all if state none
          action 12 regexp "absent" "$_syslog_msg" all
          action 13 syslog msg "$_info_routername $_regexp_result [$all] [$if] [$state] [$none]"
          action 20 cli command "event manager environment fs bootflash"
          action 21 cli command "dir $fs:"
          action 22 set $out "$_cli_result"
          action 23 syslog priority errors facility APP msg "$out"
          action 30 syslog msg "$_event_type_string $_event_type $_event_pub_sec.$_event_pub_msec"
          action 31 syslog msg "$_syslog_facility $_syslog_priority $_syslog_mnemonic"
          action 32 syslog msg "$_syslog_timestamp$_syslog_msg""#,
    );
    host.syslog("*Jan  1 00:00:00.000: %LINK-5-CHANGED: Interface Gi1, down", SECOND);
    host.check(&expect![[r#"
        3ms #1 VARS triggered by syslog
        3ms #1 %HA_EM-6-LOG: VARS: R1 0 [Interface Gi1, down] [Gi1] [down] []
        3ms #1 cli "event manager environment fs bootflash"
        3ms #1 cli "dir bootflash:"
        3ms #1 %APP-3-LOG: VARS: out of dir bootflash:\r
        R1#
        3ms #1 %HA_EM-6-LOG: VARS: syslog 11 1767225600.3
        3ms #1 %HA_EM-6-LOG: VARS: LINK notifications CHANGED
        3ms #1 %HA_EM-6-LOG: VARS: *Jan  1 00:00:00.000
        *Jan  1 00:00:00.000: %...
        3ms #1 VARS success
    "#]]);
}

/// Goal: `maxrun` counts `wait` and a CLI that never comes back, and 0 is no limit.
#[test]
fn maxrun_ends_a_run() {
    let mut host = Host::new(
        "event manager applet SLEEPS
          event syslog pattern GO
          action 1 wait 60
          action 2 syslog msg never
        event manager applet LONG
          event syslog pattern GO maxrun 0
          action 1 wait 60
          action 2 syslog msg late
        event manager applet STUCK
          event syslog pattern GO maxrun 5.5
          action 1 cli command \"clear counters\"
        event manager applet ANSWERS
          event syslog pattern GO
          action 1 cli command \"clear counters\" pattern \"\\[confirm\\]\"
          action 2 cli command \"\"",
    );
    host.questions = vec![("clear counters", "Clear all? [confirm]")];
    host.syslog("GO", Duration::from_secs(100)).check(&expect![[r#"
        3ms #1 SLEEPS triggered by syslog
        3ms #2 LONG triggered by syslog
        3ms #3 STUCK triggered by syslog
        3ms #3 cli "clear counters"
        3ms #4 ANSWERS triggered by syslog
        3ms #4 cli "clear counters"
        3ms #4 cli ""
        3ms #4 ANSWERS success
        5503ms #3 %HA_EM-3-FMPD_ERROR: Error executing applet STUCK statement 1
        5503ms #3 STUCK abort
        20003ms #1 %HA_EM-3-FMPD_ERROR: Error executing applet SLEEPS statement 2
        20003ms #1 SLEEPS abort
        60003ms #2 %HA_EM-6-LOG: LONG: late
        60003ms #2 LONG success
    "#]]);
}

/// Goal: an applet never overlaps itself; `ratelimit`, `occurs` and `period` thin events out.
#[test]
fn runs_queue_and_events_thin_out() {
    let mut host = Host::new(
        "event manager applet SERIAL
          event syslog pattern ONE
          action 1 wait 2
        event manager applet LIMITED
          event syslog pattern TWO ratelimit 10
        event manager applet COUNTED
          event syslog period 5 pattern THREE occurs 2",
    );
    host.story.clear();
    host.syslog("ONE", Duration::ZERO).syslog("ONE", Duration::from_secs(5));
    host.syslog("TWO", SECOND).syslog("TWO", Duration::from_secs(9)).syslog("TWO", SECOND);
    host.syslog("THREE", Duration::from_secs(6)).syslog("THREE", SECOND).syslog("THREE", SECOND);
    host.check(&expect![[r#"
        3ms #1 SERIAL triggered by syslog
        2003ms #1 SERIAL success
        2003ms #2 SERIAL triggered by syslog
        4003ms #2 SERIAL success
        5003ms #3 LIMITED triggered by syslog
        5003ms #3 LIMITED success
        15003ms #4 LIMITED triggered by syslog
        15003ms #4 LIMITED success
        23003ms #5 COUNTED triggered by syslog
        23003ms #5 COUNTED success
    "#]]);
}

/// Goal: a run of an applet that is removed goes on to its last action, and no other begins.
/// Method: remove it while its run sleeps.
#[test]
fn a_removed_applet_finishes_its_run() {
    let mut host = Host::new(
        "event manager applet GONE
          event syslog pattern GO
          action 1 wait 1
          action 2 syslog msg \"still here\"",
    );
    host.syslog("GO", Duration::from_millis(500));
    assert!(host.director.remove_applet("GONE"));
    host.pass(SECOND).syslog("GO", SECOND).check(&expect![[r#"
        3ms #1 GONE triggered by syslog
        1003ms #1 %HA_EM-6-LOG: GONE: still here
        1003ms #1 GONE success
    "#]]);
}

/// Goal: `event manager run` says why it starts nothing, and `puts` prints only where somebody
/// waits.
#[test]
fn runs_are_started_by_hand() {
    let mut host = Host::new(
        "event manager applet HAND
          event none
          action 1 puts nonewline \"a\"
          action 2 puts \"$_none_argc\"
        event manager applet ASYNC
          event none sync no
          action 1 puts \"b\"
        event manager applet OTHER
          event syslog pattern X
          action 1 syslog msg x",
    );
    assert_eq!(host.run("NONE", &[]), Err(RunRefused::Unknown));
    assert_eq!(host.run("OTHER", &[]), Err(RunRefused::NotEventNone));
    assert_eq!(host.run("HAND", &["x", "y"]), Ok(true));
    assert_eq!(host.run("ASYNC", &[]), Ok(false));
    host.pass(SECOND).check(&expect![[r#"
        3ms #1 HAND triggered by none
        3ms #1 puts "a"
        3ms #1 puts "2\n"
        3ms #1 HAND success
        3ms #2 ASYNC triggered by none
        3ms #2 %HA_EM-6-LOG: ASYNC: b
        3ms #2 ASYNC success
    "#]]);
}

/// Goal: an applet that raises itself stays bounded in a day of simulated time, and says so.
#[test]
fn a_self_triggering_applet_is_held() {
    let mut host = Host::new(
        "event manager applet LOOP
          event syslog pattern LOOP
          action 1 syslog msg again",
    );
    let mut runs = 0;
    let mut notices = 0;
    host.director.offer(host.now, &Bare, &Stimulus::Syslog("LOOP"));
    let end = host.now + Duration::from_secs(86_400);
    while let Some(at) = host.director.next_deadline().filter(|at| *at <= end) {
        host.now = at;
        while let Some((_, request)) = host.director.next(at, &Bare) {
            if let Request::Log(message) = request {
                runs += 1;
                let published = host.director.offer(at, &Bare, &Stimulus::Syslog(&message.text));
                notices += usize::from(published.notice.is_some());
            }
        }
    }
    assert_eq!((runs, notices), (100, 1), "the event that would go on was dropped");
}

/// Goal: what a session cannot do, and what only the course has.
#[test]
fn failures_and_dialects() {
    let config = r#"event manager applet HTTP
          event syslog pattern GO
          action 1.5 http post url "http://h/$_event_type_string" body "{\"a\": \"b\"}"
          action 2 syslog msg "$_cli_result"
          action 3 cli command "no line""#;
    let mut course = Host::with(Dialect::Course, config);
    course.syslog("GO", SECOND).check(&expect![[r#"
        3ms #1 HTTP triggered by syslog
        3ms #1 post http://h/syslog {"a": "b"}
        3ms #1 %HA_EM-6-LOG: HTTP: accepted
        3ms #1 cli "no line"
        3ms #1 %HA_EM-3-FMPD_CLI_CONNECT: Unable to establish CLI session: no tty lines avai...
        3ms #1 %HA_EM-3-FMPD_ERROR: Error executing applet HTTP statement 3
        3ms #1 HTTP abort
    "#]]);
    let ios = Host::new(config);
    ios.check(&expect![[r#"
        refused 22..25 action 1.5 http post ur...: this word does not fit here
    "#]]);
}

/// Goal: what registration says. Method: applets that lack something.
#[test]
fn registration_warns() {
    let host = Host::new(
        "event manager applet EMPTY
        event manager applet IDLE
          event syslog pattern X
        event manager applet UNSET
          event syslog pattern \"$unset x\"
          action 1 syslog msg x",
    );
    host.check(&expect![[r#"
        %HA_EM-4-FMPD_NO_EVENT: No event configured for applet EMPTY
        %HA_EM-4-FMPD_NO_ACTION: No action configured for applet IDLE
        %HA_EM-3-FMPD_UNKNOWN_ENV: fh_parse_var: could not find environment variable: unset
    "#]]);
    let names: Vec<&str> = host.director.registered().map(|one| one.name()).collect();
    assert_eq!(names, ["IDLE"]);
}

/// Goal: running-config and tables print in IOS's layouts. Method: one applet with everything.
#[test]
fn configuration_and_tables_print() {
    let mut host = Host::new(
        "event manager environment _WEBHOOK_URL http://127.0.0.1:8000/events
        event manager applet ALL class b trap authorization bypass
          description what  it does
          event syslog period 60 occurs 2 pattern a.b maxrun 90 ratelimit 0.5
          action 2 syslog priority err msg x
          action 1 if $a eq 1
          action 10 cli command enable
          action 11 els
          action 12 wait 5
          action 13 end
          set 3 _exit_status 1
        event manager applet MANUAL
          event none
          action 1.0 set a \"1\"",
    );
    expect![[r#"
        event manager environment _WEBHOOK_URL http://127.0.0.1:8000/events
        event manager applet ALL authorization bypass class B trap
         description what  it does
         event syslog pattern "a.b" occurs 2 period 60.000 maxrun 90.000 ratelimit 0.500
         action 1 if $a eq 1
         action 10  cli command "enable"
         action 12  wait 5
         action 13 end
         action 2 syslog priority errors msg "x"
         action 3 set _exit_status "1"
        event manager applet MANUAL
         event none
         action 1.0 set a "1"
    "#]]
    .assert_eq(&host.director.config().to_string());
    host.check(&expect![[r#"
        refused 20..23 action 11 els: this abbreviation fits more than one keyword
    "#]]);
    host.run("MANUAL", &[]).expect("it is registered");
    host.pass(SECOND);
    expect![[r#"
        No.  Class     Type    Event Type          Trap  Time Registered           Name
        1    applet    user    syslog              On    Thu Jan 1 00:00:00 2026   ALL
         occurs 2 period 60.000 pattern {a.b}
         maxrun 90.000
         action 1 if $a eq 1
         action 10  cli command "enable"
         action 12  wait 5
         action 13 end
         action 2 syslog priority errors msg "x"
         action 3 set _exit_status "1"

        2    applet    user    none                Off   Thu Jan 1 00:00:00 2026   MANUAL
         policyname {MANUAL} sync {yes}
         maxrun 20.000
         action 1.0 set a "1"

    "#]]
    .assert_eq(&eem::show::policy_registered(&host.director, &Default::default(), |_| {
        STAMP.to_owned()
    }));
    expect![[r#"
        No.  Job Id Proc Status   Time of Event            Event Type        Name
        1    1      Actv success  Thu Jan 1 00:00:00 2026  none              applet: MANUAL
    "#]]
    .assert_eq(&eem::show::history_events(&host.director, false, |_| STAMP.to_owned()));
    expect![[r#"
        No.  Name                          Value
        1    _WEBHOOK_URL                  http://127.0.0.1:8000/events
    "#]]
    .assert_eq(&eem::show::environment(&host.director));
}
