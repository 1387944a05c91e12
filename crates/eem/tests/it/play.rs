//! What stories cannot tell: a day of an applet that raises itself, and the tables of the router.

use eem::{Dialect, Request, Stimulus};
use expect_test::expect;
use simtime::Duration;

use crate::host::Host;

/// What a router's clock prints at the start of a virtual run.
const STAMP: &str = "Thu Jan 1 00:00:00 2026";

/// Goal: an applet that raises itself stays bounded in a day of simulated time, and says so.
#[test]
fn a_self_triggering_applet_is_held() {
    let mut host = Host::new(
        Dialect::Ios,
        "event manager applet LOOP
          event syslog pattern LOOP
          action 1 syslog msg again",
    );
    let mut runs = 0;
    let mut notices = 0;
    host.director.offer(host.now, &host.readings, &Stimulus::Syslog("LOOP"));
    let end = host.now + Duration::from_secs(86_400);
    while let Some(at) = host.director.next_deadline().filter(|at| *at <= end) {
        host.now = at;
        while let Some((_, request)) = host.director.next(at, &host.readings) {
            if let Request::Log(message) = request {
                runs += 1;
                let published =
                    host.director.offer(at, &host.readings, &Stimulus::Syslog(&message.text));
                notices += usize::from(published.notice.is_some());
            }
        }
    }
    assert_eq!((runs, notices), (100, 1), "the event that would go on was dropped");
}

/// Goal: a traced `if ... goto` tells whether its condition held, not where it went. Method: one
/// jump that is taken and one that is not.
#[test]
fn a_jump_tells_whether_it_held() {
    let mut host = Host::new(
        Dialect::Ios,
        "event manager applet JUMPS
          event none
          action 1 if 1 eq 2 goto 3
          action 2 if 1 eq 1 goto 4
          action 3 puts never
          action 4 exit",
    );
    host.director.set_tracing(true);
    host.director.run(host.now, "JUMPS", &[]).expect("its event is none");
    host.now += Duration::from_secs(1);
    let mut told = Vec::new();
    while let Some((_, request)) = host.director.next(host.now, &host.readings) {
        if let Request::StepEnds(ends) = request {
            told.extend(ends.holds.map(|holds| (ends.label, holds)));
        }
    }
    assert_eq!(told, [("1".to_owned(), false), ("2".to_owned(), true)]);
}

/// An applet with all that is printed, and one that is not.
const EVERYTHING: &str = "event manager environment _WEBHOOK_URL http://127.0.0.1:8000/events
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
          action 1.0 set a \"1\"";

/// Goal: running-config and tables print in IOS's layouts. Method: one applet with everything.
#[test]
fn configuration_and_tables_print() {
    let mut host = Host::new(Dialect::Ios, EVERYTHING);
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
    expect![[r#"
        refused 10..13 action 11 els: this abbreviation fits more than one keyword
    "#]]
    .assert_eq(&host.take_story());
    host.start("MANUAL");
    host.pass(Duration::from_secs(1));
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
