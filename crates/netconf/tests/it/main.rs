//! Conversations of the client's end with a router that is a few lines of text.

mod requests;

use netconf::{BASE_1_0, BASE_1_1, Client, Heard, Hello, Version, frame};

fn hello(capabilities: &[&str], session: Option<u32>) -> Vec<u8> {
    let capabilities = capabilities.iter().map(|one| (*one).to_owned()).collect();
    frame(Version::V1_0, &Hello { capabilities, session }.text())
}

fn reply(version: Version, id: u64, body: &str) -> Vec<u8> {
    let text = format!(
        "<rpc-reply xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\" message-id=\"{id}\">\
         {body}</rpc-reply>"
    );
    frame(version, &text)
}

/// Goal: both framings carry a request and its reply. Method: each, byte by byte.
#[test]
fn a_request_and_its_reply() {
    for (capabilities, version) in [
        (&[BASE_1_0, BASE_1_1][..], Version::V1_1),
        (&[BASE_1_1][..], Version::V1_1),
        (&[BASE_1_0][..], Version::V1_0),
    ] {
        let mut client = Client::default();
        let heard = client.receive(&hello(capabilities, Some(7)));
        assert!(matches!(heard.as_slice(), [Heard::Hello(hello)] if hello.session == Some(7)));
        let asked = client.request("<get/>");
        let begins: &[u8] = if version == Version::V1_1 { b"\n#" } else { b"<?xml" };
        assert!(asked.starts_with(begins));
        let bytes = reply(version, 1, "<data><n:name xmlns:n=\"urn:n\">R1</n:name></data>");
        let heard: Vec<Heard> = bytes.iter().flat_map(|byte| client.receive(&[*byte])).collect();
        let [Heard::Reply(got)] = heard.as_slice() else { panic!("{heard:?}") };
        assert_eq!(got.json, Some(serde_json::json!({ "name": "R1" })));
        assert!(got.reply.body.starts_with("<data>"));
        client.request("<discard-changes/>");
        let heard = client.receive(&reply(version, 2, "<ok/>"));
        assert!(matches!(heard.as_slice(), [Heard::Reply(got)] if got.json.is_none()));
    }
}

/// Goal: a router that is none ends the session once, with a reason. Method: a table.
#[test]
fn what_breaks_a_session() {
    let good = hello(&[BASE_1_0], Some(1));
    let number = |id: u64| reply(Version::V1_0, id, "<ok/>");
    let nest = "<a>".repeat(1_000) + &"</a>".repeat(1_000);
    for (bytes, why) in [
        (b"login banner]]>]]>".to_vec(), "the first message is no hello"),
        (hello(&[BASE_1_0], None), "the router's hello has no session-id"),
        (hello(&["urn:x"], Some(1)), "no version of the base protocol in common"),
        ([&good[..], &number(9)].concat(), "a reply to message `9`, which does not wait for one"),
        ([&good[..], &number(1), &number(1)].concat(), "a reply to message `1`"),
        ([&good[..], b"<rpc/>]]>]]>"].concat(), "`rpc` is no reply"),
        ([&good[..], b"<a><b></a>]]>]]>"].concat(), "expected 'b' tag, not 'a'"),
        ([&good[..], &reply(Version::V1_0, 1, &nest)].concat(), "more than 128 deep"),
        ([&good[..], b"\xff]]>]]>"].concat(), "the message is no UTF-8"),
    ] {
        let mut client = Client::default();
        client.request("<get/>");
        let heard = client.receive(&bytes);
        let Some(Heard::Broken(told)) = heard.last() else { panic!("{why}: {heard:?}") };
        assert!(told.contains(why), "{told}");
        assert_eq!(client.receive(&number(1)), [], "{why}");
    }
}

/// Goal: what a router tells unasked is passed over, and an error keeps its parts.
#[test]
fn notifications_and_errors() {
    let mut client = Client::default();
    client.receive(&hello(&[BASE_1_0], Some(1)));
    client.request("<get/>");
    assert_eq!(client.receive(b"<notification xmlns=\"urn:x\"/>]]>]]>"), []);
    let error = "<rpc-error><error-type>application</error-type><error-tag>in-use</error-tag>\
                 <error-severity>error</error-severity><error-message>busy</error-message>\
                 </rpc-error>";
    let heard = client.receive(&reply(Version::V1_0, 1, error));
    let [Heard::Reply(got)] = heard.as_slice() else { panic!("{heard:?}") };
    assert_eq!((got.reply.errors[0].tag.as_str(), got.reply.errors.len()), ("in-use", 1));
}
