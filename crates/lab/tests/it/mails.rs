//! Mails of applets: what a scenario sees of them, and what it can do to them.

use fact::{Fact, Kind};
use simtime::Duration;

use crate::{accept, play, scenario, shipped};

/// An applet that sends a mail by a server with a password, and says that it has.
const APPLET: &str = r#"
[[steps]]
at = "1s"
node = "R1"
configure = { lines = [
    "event manager applet MAIL",
    "event none maxrun 60",
    'action 1 mail server noc:hunter2@192.0.2.25 to a@x,b@x from r@x subject Gi1 body "is down"',
    "action 2 syslog msg \"it is sent\"",
] }
"#;

/// What R1 tells of mails and of its applets, with these steps besides.
fn told(steps: &str) -> Vec<String> {
    let mut lab = shipped(1);
    let scenario = scenario(&format!("{APPLET}{steps}"), &lab);
    let facts = play(&mut lab, &scenario, Duration::from_secs(60), accept);
    let text = |fact: &Fact| match &fact.kind {
        Kind::MailSent { server, to, subject, body, .. } => {
            Some(format!("{server} {} {subject} {body}", to.join(",")))
        }
        Kind::MailAnswered { error, .. } => Some(format!("answered: {error:?}")),
        Kind::Syslog { message, .. } => {
            message.split_once("%HA_EM-").map(|(_, message)| message.to_owned())
        }
        // Whatever else happens is not of mails.
        _ => None,
    };
    let printed = serde_json::to_string(&facts.iter().map(|fact| &fact.kind).collect::<Vec<_>>());
    assert!(!printed.expect("string keys").contains("hunter2"));
    facts.iter().filter_map(text).collect()
}

fn run_at(seconds: u64) -> String {
    format!(
        "[[steps]]\nat = \"{seconds}s\"\nnode = \"R1\"\n\
         exec = {{ commands = [\"event manager run MAIL\"] }}\n"
    )
}

/// Goal: a mail is a fact without its password, is taken, and its run goes on. Method: one.
#[test]
fn a_mail_is_taken() {
    let want = ["192.0.2.25 a@x,b@x Gi1 is down", "answered: None", "6-LOG: MAIL: it is sent"];
    assert_eq!(told(&run_at(2)), want);
}

/// Goal: each fault of a server ends the run with the words of IOS, and the next mail is taken.
/// Method: every fault once, then a run without any.
#[test]
fn servers_fail_as_a_scenario_says() {
    let table = [
        ("unreachable", "error in connecting to SMTP server"),
        ("silent", "timeout error"),
        ("refused", "error in reply from SMTP server"),
    ];
    for (fault, reason) in table {
        let step = format!(
            "[[steps]]\nat = \"2s\"\nnode = \"R1\"\nmail = {{ fault = \"{fault}\", count = 1 }}\n"
        );
        let got = told(&format!("{step}{}{}", run_at(3), run_at(30)));
        let sent = "192.0.2.25 a@x,b@x Gi1 is down";
        let what = "Error occurred when sending mail to SMTP server: 192.0.2.25 :";
        let want = [
            sent,
            &format!("answered: Some(\"{reason}\")"),
            &format!("3-FMPD_SMTP: {what} {reason}"),
            "3-FMPD_ERROR: Error executing applet MAIL statement 1",
            sent,
            "answered: None",
            "6-LOG: MAIL: it is sent",
        ];
        assert_eq!(got, want, "{fault}");
    }
}
