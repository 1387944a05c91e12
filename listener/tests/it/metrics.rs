//! What `/metrics` says after a run of which all is known.

use crate::device::{Behaviour, start};
use crate::serve::{Site, answer, finished, post};

/// Goal: every count is that of what was sent, and no name of a request is a label. Method: one
/// loop, a repeat, a wrong token, a body too large, a path that is nobody's.
#[tokio::test]
async fn counts_are_true() {
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let listener = site.listen().await;
    let body = r#"{"event": "InterfaceDown", "device": "R1"}"#;
    let once = || post(&listener, body).bearer_auth("token-of-r1").header("webhook-id", "1");
    let (_, reply) = answer(once()).await;
    finished(&listener, reply["id"].as_str().unwrap()).await;
    assert_eq!(answer(once()).await.1["status"], "duplicate");
    assert_eq!(answer(post(&listener, body).bearer_auth("wrong")).await.0, 401);
    assert_eq!(answer(post(&listener, &"x".repeat(2 << 20))).await.0, 413);
    let nowhere = format!("http://{}/no\"where", listener.address());
    crate::client().get(nowhere).send().await.unwrap();

    let response =
        crate::client().get(format!("http://{}/metrics", listener.address())).send().await.unwrap();
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"), "{kind}");
    let text = response.text().await.unwrap();
    for line in [
        "listener_events_received_total{source=\"/events\"} 1",
        "listener_events_journalled_total 1",
        "listener_events_duplicate_total 1",
        "listener_events_rejected_total{source=\"/events\",status=\"401\"} 1",
        "listener_events_rejected_total{source=\"/events\",status=\"413\"} 1",
        "listener_rule_verdicts_total{rule=\"interface down\",verdict=\"fired\"} 1",
        "listener_attempts_total{device=\"R1\"} 1",
        "listener_sessions_total{device=\"R1\",result=\"opened\"} 1",
        "listener_jobs_done_total{device=\"R1\",action=\"show\",outcome=\"done\"} 1",
        "listener_command_duration_seconds_count{ok=\"true\"} 1",
        "listener_session_login_seconds_count 1",
        "listener_http_responses_total{status=\"202\"} 1",
        "listener_http_responses_total{status=\"404\"} 1",
        "listener_queue_depth{queue=\"jobs that run\"} 0",
        "listener_journal_writable 1",
        "listener_http_connections_refused_total 0",
        "# EOF",
    ] {
        assert!(text.lines().any(|seen| seen == line), "{line}\n{text}");
    }
    assert!(!text.contains("where"), "{text}");
    listener.stop().await;
}

/// Goal: who may not read events may not read metrics. Method: a proxy asks, with three tokens.
#[tokio::test]
async fn metrics_ask_for_the_token_of_the_read_api() {
    let rules = "[api]\ntoken = \"0123456789abcdef\"\n[[sources]]\npath = \"/events\"\n\
                 auth = [\"bearer\"]\n";
    let site = Site::with(
        "[nodes.R1]\nusername = \"a\"\npassword = \"b\"\ntoken = \"token-of-r1\"\n",
        rules,
    );
    let listener = site.listen().await;
    let url = format!("http://{}/metrics", listener.address());
    let ask = |token: Option<&str>| {
        // A proxy hands this on: it is not of this machine.
        let request = crate::client().get(&url).header("x-forwarded-for", "192.0.2.1");
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    };
    for (token, want) in [(None, 401), (Some("wrong"), 401), (Some("0123456789abcdef"), 200)] {
        assert_eq!(ask(token).send().await.unwrap().status(), want, "{token:?}");
    }
    listener.stop().await;
}
