//! Each of a driver's ways, against a router that is a table of replies.

use netconf::{BASE_1_0, BASE_1_1, Hello, Version, frame};
use simtime::{Duration, Time};

use super::*;
use crate::record::{DefaultOperation, Select, WithDefaults};

const OK: &str = "<ok/>";

/// What came of a conversation.
struct Talk {
    /// The operation of each request, whole.
    asked: Vec<String>,
    answered: Vec<Answered>,
    ended: Option<Result<(), Failure>>,
    unanswered: bool,
}

/// A session with a router that says `hello` and answers the n-th request with the n-th reply; it
/// is silent when it has none left.
fn talk(call: NetconfCall, capabilities: &[&str], replies: &[&str]) -> Talk {
    let now = Time::VIRTUAL_START;
    let mut told = Vec::new();
    let mut driver = Netconf::start(call, now, &mut told);
    let mut talk = Talk { asked: vec![], answered: vec![], ended: None, unanswered: false };
    let mut framing = netconf::Decoder::default();
    let all = [&[BASE_1_0, BASE_1_1], capabilities].concat();
    let capabilities = all.iter().map(|one| (*one).to_owned()).collect();
    let hello = Hello { capabilities, session: Some(1) };
    let mut say = frame(Version::V1_0, &hello.text());
    let mut replies = replies.iter();
    loop {
        driver.bytes(now, &std::mem::take(&mut say), &mut told);
        for one in told.drain(..) {
            match one {
                Told::Send(bytes) => framing.push(&bytes),
                Told::Answered(answered) => talk.answered.push(answered),
                Told::Ended(how) => talk.ended = Some(how),
                Told::Capabilities(_) => {}
                Told::Prompt(_) | Told::Stands => panic!("these are of a command line"),
            }
        }
        while let Some(message) = framing.next_message().expect("it is framed") {
            if message.contains("<hello") {
                framing.set_version(Version::V1_1);
                continue;
            }
            let (head, body) = message.split_once("message-id=\"").expect("a number");
            assert!(head.contains("<rpc "));
            let (id, body) = body.split_once("\">").expect("an rpc");
            talk.asked.push(body.strip_suffix("</rpc>").expect("it ends").to_owned());
            let Some(reply) = replies.next() else { continue };
            let text = format!(
                "<rpc-reply xmlns=\"{}\" message-id=\"{id}\">{reply}</rpc-reply>",
                netconf::BASE
            );
            say.extend(frame(Version::V1_1, &text));
        }
        if say.is_empty() {
            break;
        }
    }
    if talk.ended.is_none() {
        driver.deadline(now + Duration::from_secs(REPLY_SECS_MAX), &mut told);
        if let Some(Told::Ended(how)) = told.pop() {
            talk.ended = Some(how);
        }
    }
    talk.unanswered = driver.is_unanswered();
    talk
}

fn edit(lock: bool) -> NetconfCall {
    let config = "<a xmlns=\"urn:a\"/>".to_owned();
    NetconfCall::EditConfig(Edit { config, lock, ..Edit::default() })
}

fn error(tag: &str) -> String {
    format!(
        "<rpc-error><error-type>application</error-type><error-tag>{tag}</error-tag>\
         <error-severity>error</error-severity><error-path>/a</error-path>\
         <error-message>no</error-message></rpc-error>"
    )
}

/// The first word of each request: `lock running`.
fn verbs(talk: &Talk) -> Vec<String> {
    let verb = |text: &String| {
        let inner = text.replace("target><", "").replace("source><", "");
        let words = inner.split(['<', '>', '/', ' ']).filter(|word| !word.is_empty());
        words.take(2).collect::<Vec<_>>().join(" ")
    };
    talk.asked.iter().map(verb).collect()
}

/// Goal: a read is one request, and its answer has the text and the JSON.
#[test]
fn reads() {
    let select = Select {
        filter: Some("<a xmlns=\"urn:a\"/>".into()),
        with_defaults: Some(WithDefaults::ReportAll),
        ..Select::default()
    };
    let call = NetconfCall::GetConfig { source: Datastore::Running, select };
    let got = talk(call, &[], &["<data><a xmlns=\"urn:a\"><b>1</b></a></data>"]);
    assert_eq!(
        got.asked[0],
        "<get-config><source><running/></source><filter type=\"subtree\"><a xmlns=\"urn:a\"/>\
         </filter><with-defaults xmlns=\"urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults\">\
         report-all</with-defaults></get-config>"
    );
    assert_eq!(verbs(&got)[1..], ["close-session"]);
    let [answer] = got.answered.as_slice() else { panic!("one answer") };
    assert_eq!(answer.command, "get-config running a");
    assert_eq!(answer.json, Some(serde_json::json!({ "a": { "b": "1" } })));
    assert_eq!((&answer.complaint, got.ended), (&None, Some(Ok(()))));
    let xpath = Select {
        xpath: Some("/x:a[b=\"<\"]".into()),
        namespaces: [("x".to_owned(), "urn:a".to_owned())].into(),
        ..Select::default()
    };
    let got = talk(NetconfCall::Get(xpath), &[], &["<data/>"]);
    assert_eq!(
        got.asked[0],
        "<get><filter type=\"xpath\" xmlns:x=\"urn:a\" select=\"/x:a[b=&quot;&lt;&quot;]\"/></get>"
    );
}

/// Checks one change: what is asked, in words, `; ` between them, and how it ends.
fn check(call: NetconfCall, device: &[&str], replies: &[&str], want: &str) {
    let got = talk(call, device, replies);
    let complaint = got.answered.first().and_then(|answer| answer.complaint.clone());
    let end = match (got.ended.expect("it ends"), complaint) {
        (Ok(()), None) => "done".to_owned(),
        (Ok(()), Some(why)) => format!("refused: {why}"),
        (Err(failure), _) => failure.to_string(),
    };
    assert!(!got.unanswered && got.answered.len() <= 1, "{want}");
    let mut asked = verbs(&Talk { ended: None, ..got });
    asked.push(end);
    assert_eq!(asked.join("; "), want);
}

/// Goal: a change takes the way that the device offers. Method: a table of devices.
#[test]
fn changes() {
    let running = &[WRITABLE, ROLLBACK][..];
    let candidate = &[CANDIDATE, VALIDATE[1]][..];
    let all_ok = &[OK; 9][..];
    check(edit(false), running, all_ok, "edit-config running; close-session; done");
    check(
        edit(true),
        running,
        all_ok,
        "lock running; edit-config running; unlock running; close-session; done",
    );
    check(
        edit(false),
        candidate,
        all_ok,
        "lock candidate; edit-config candidate; validate candidate; commit; unlock candidate; \
         close-session; done",
    );
    check(
        edit(false),
        &[CANDIDATE],
        all_ok,
        "lock candidate; edit-config candidate; commit; unlock candidate; close-session; done",
    );
    let test_only = NetconfCall::EditConfig(Edit {
        target: Some(Datastore::Candidate),
        test_option: Some(TestOption::TestOnly),
        ..Edit::default()
    });
    check(
        test_only,
        candidate,
        all_ok,
        "lock candidate; edit-config candidate; discard-changes; unlock candidate; close-session; \
         done",
    );
}

/// Goal: a change that is refused is taken back whole; a lock of somebody else is waited for.
/// Method: a refusal at each step.
#[test]
fn refused_changes() {
    let running = &[WRITABLE][..];
    let candidate = &[CANDIDATE, VALIDATE[0]][..];
    let (bad, in_use) = (error("invalid-value"), error("in-use"));
    let (bad, in_use) = (bad.as_str(), in_use.as_str());
    check(
        edit(true),
        running,
        &[OK, bad, OK],
        "lock running; edit-config running; unlock running; close-session; \
         refused: invalid-value at /a: no",
    );
    check(
        edit(true),
        running,
        &[bad],
        "lock running; close-session; refused: invalid-value at /a: no",
    );
    check(
        edit(false),
        candidate,
        &[OK, bad, OK, OK],
        "lock candidate; edit-config candidate; discard-changes; unlock candidate; \
         close-session; refused: invalid-value at /a: no",
    );
    check(
        edit(false),
        candidate,
        &[OK, OK, OK, bad, OK, OK],
        "lock candidate; edit-config candidate; validate candidate; commit; discard-changes; \
         unlock candidate; close-session; refused: invalid-value at /a: no",
    );
    check(
        edit(false),
        running,
        &[in_use],
        "edit-config running; `edit-config running a` has to wait: in-use at /a: no",
    );
    check(
        edit(true),
        candidate,
        &[OK, in_use],
        "lock running; lock candidate; `lock candidate` has to wait: in-use at /a: no",
    );
}

/// Goal: the options of a change stand in their order, and a device that can takes all back.
#[test]
fn options_of_a_change() {
    let call = NetconfCall::EditConfig(Edit {
        config: "<a xmlns=\"urn:a\" nc:operation=\"delete\"/>".into(),
        default_operation: Some(DefaultOperation::None),
        test_option: Some(TestOption::Set),
        ..Edit::default()
    });
    let got = talk(call, &[WRITABLE, ROLLBACK], &[OK]);
    assert_eq!(
        got.asked[0],
        "<edit-config><target><running/></target><default-operation>none</default-operation>\
         <test-option>set</test-option><error-option>rollback-on-error</error-option>\
         <config xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\">\
         <a xmlns=\"urn:a\" nc:operation=\"delete\"/></config></edit-config>"
    );
}

/// Goal: a device that is silent, or no NETCONF server, ends a try in time. Method: a table.
#[test]
fn silence_and_noise() {
    let got = talk(edit(false), &[], &[]);
    let late = Failure::NoAnswer("edit-config running a".into());
    assert_eq!((got.ended, got.unanswered), (Some(Err(late)), true));
    let now = Time::VIRTUAL_START;
    let mut told = Vec::new();
    let mut driver = Netconf::start(edit(false), now, &mut told);
    driver.deadline(now + Duration::from_secs(HELLO_SECS_MAX), &mut told);
    assert_eq!(told.pop(), Some(Told::Ended(Err(Failure::NoHello))));
    assert_eq!(driver.next_deadline(), None);
    let mut driver = Netconf::start(edit(false), now, &mut told);
    driver.bytes(now, b"Welcome\r\nR1#]]>]]>", &mut told);
    let why = "the first message is no hello".to_owned();
    assert_eq!(told.pop(), Some(Told::Ended(Err(Failure::NoNetconf(why)))));
    let mut driver = Netconf::start(edit(false), now, &mut told);
    driver.bytes(now, &vec![b'x'; OUTPUT_BYTES_MAX + 1], &mut told);
    let endless = Failure::Endless("edit-config running a".into());
    assert_eq!(told.pop(), Some(Told::Ended(Err(endless))));
    // After the end nothing is said.
    let before = told.len();
    driver.bytes(now, b"x", &mut told);
    assert_eq!(told.len(), before);
}
