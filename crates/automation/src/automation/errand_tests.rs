//! What is done on no device: requests to APIs, files, logs, backups.

use serde_json::{Value as Json, json};
use simtime::Duration;

use crate::HttpFailure;
use crate::story::JobState;
use crate::testkit::{Request, Rig, load};

const LONG: Duration = Duration::from_secs(400);

/// A source with these steps, which answers with the last result.
fn source(steps: &str) -> String {
    format!(
        r#"
[apis.jokes]
url = "https://icanhazdadjoke.com"
[apis.deck]
url = "https://deckofcardsapi.com/api"
tries = 2
[[sources]]
path = "/events"
auth = ["bearer"]
respond = "result"
within = "100s"
{steps}
[[sources.replies]]
when = "result.last.ok"
[sources.replies.json]
last = "{{{{ result.last }}}}"
"#
    )
}

fn steps(each: &[&str]) -> String {
    let step = |text: &&str| format!("[[sources.steps]]\n{text}\n");
    source(&each.iter().map(step).collect::<String>())
}

fn request(data: &Json) -> Request {
    let mut body = json!({"event": "Asked"});
    for (name, value) in data.as_object().expect("an object") {
        body[name] = value.clone();
    }
    Request::new(&body.to_string()).token("token-of-r1")
}

/// The status of the reply and its body, once all is over.
fn ask(rig: &mut Rig, data: &Json) -> (u16, Json) {
    rig.deliver(&request(data));
    rig.settle(LONG);
    let reply = rig.replies.last().expect("a reply");
    (reply.status, serde_json::from_slice(&reply.body).expect("JSON"))
}

fn asked(rig: &Rig) -> Vec<String> {
    rig.lines.iter().map(|(api, line)| format!("{api}: {}", line.trim())).collect()
}

/// Goal: an answer is saved, logged and answered, values keep their types. Method: the joke of the
/// course, from the request to the files.
#[test]
fn an_answer_is_saved_and_logged() {
    let mut rig = Rig::new(&steps(&[
        "register = \"joke\"\nhttp = { api = \"jokes\", path = \"/\" }",
        "save = { file = \"data/joke.json\", json = \"{{ result.joke.json }}\" }",
        "save = { file = \"data/joke.txt\", text = \"{{ result.joke.json.joke }}\\n\" }",
        "save = { file = \"data/all.jsonl\", append = true, \
         json = { n = \"{{ result.joke.status }}\" } }",
        "register = \"last\"\n\
         log = { file = \"logs/joke.log\", \
         line = \"JOKE_API_CALLED response_length={{ result.joke.text | length }}\" }",
    ]));
    rig.apis.insert("jokes".into(), Ok((200, r#"{"id":"x","joke":"Ha\nha","status":200}"#.into())));
    let (status, reply) = ask(&mut rig, &json!({}));
    assert_eq!(status, 200, "{reply}");
    let files = rig.files.clone().expect("they are written");
    assert_eq!(asked(&rig), ["jokes: GET /"]);
    assert_eq!(
        files["data/joke.json"],
        "{\n  \"id\": \"x\",\n  \"joke\": \"Ha\\nha\",\n  \"status\": 200\n}\n"
    );
    assert_eq!(files["data/joke.txt"], "Ha\nha\n");
    assert_eq!(files["data/all.jsonl"], "{\"n\":200}\n");
    let line = "JOKE_API_CALLED response_length=39 ts=2026-01-01T00:00:00.000000Z";
    assert_eq!(files["logs/joke.log"], format!("{line}\n"));
    assert_eq!(reply["last"]["line"], line);
}

/// Goal: a value stays in its segment, its parameter, its part of a name, its line. Method: one
/// that would not.
#[test]
fn values_stay_where_they_are() {
    let mut rig = Rig::new(&steps(&[
        "http = { api = \"deck\", path = \"/deck/{{ event.data.id }}/draw/\", \
         query = { count = \"{{ event.data.count }}\", note = \"{{ event.data.id }}\", \
         no = \"{{ none }}\" }, \
         headers = { X-Id = \"{{ event.data.count }}\" } }",
        "save = { file = \"data/{{ event.data.id }}.txt\", text = \"x\" }",
        "register = \"last\"\nlog = { file = \"a.log\", line = \"ID {{ event.data.id }}\" }",
    ]));
    rig.apis.insert("deck".into(), Ok((200, "{}".into())));
    let (status, reply) = ask(&mut rig, &json!({"id": "../a?b=c&d#e\nf", "count": 2}));
    assert_eq!(status, 200, "{reply}");
    let id = "..%2Fa%3Fb%3Dc%26d%23e%0Af";
    assert_eq!(asked(&rig), [format!("deck: GET /deck/{id}/draw/?count=2&note={id}")]);
    let files = rig.files.clone().expect("they are written");
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["a.log", "data/_a_b_c_d_e_f.txt"]);
    assert_eq!(files["a.log"].lines().count(), 1, "{}", files["a.log"]);
    for (data, why) in [
        (json!({"id": "..", "count": 1}), "out of its API"),
        (json!({"id": ["a"], "count": 1}), "a list or an object"),
        (json!({"count": 1}), "not there"),
        (json!({"id": "a", "count": {"a": 1}}), "no single value"),
        (json!({"id": "a", "count": "1\r\nX-Evil: 1"}), "control character"),
    ] {
        let (status, reply) = ask(&mut rig, &data);
        assert_eq!(status, 422, "{data} {reply}");
        assert!(reply["detail"].as_str().is_some_and(|it| it.contains(why)), "{data} {reply}");
    }
    assert_eq!(asked(&rig).len(), 1, "what cannot be asked for is not asked");
}

/// Goal: what may pass is tried again, what may have been taken is not, and a status that is
/// expected is no failure. Method: a table of answers and the tries they get.
#[test]
fn requests_are_tried_again_where_that_is_safe() {
    let get = "http = { api = \"jokes\", path = \"/\" }";
    let expected = "http = { api = \"jokes\", path = \"/\", expect = [503] }";
    let once = "http = { api = \"jokes\", path = \"/\", tries = 1 }";
    let deck = "http = { api = \"deck\", path = \"/\" }";
    let post = "http = { api = \"jokes\", path = \"/\", method = \"POST\", json = {} }";
    let repeat =
        "http = { api = \"jokes\", path = \"/\", method = \"POST\", json = {}, repeat = true }";
    let unreachable = || Err(HttpFailure::Unreachable("nobody".into()));
    let refused = || Err(HttpFailure::RefusedAddress("10.0.0.1".into()));
    let status = |status| Ok((status, String::new()));
    for (action, answer, tries, want) in [
        (get, status(200), 1, 200),
        (get, status(503), 3, 502),
        (get, status(429), 3, 502),
        (get, status(500), 1, 502),
        (get, status(404), 1, 502),
        (get, unreachable(), 3, 502),
        (get, Err(HttpFailure::Timeout), 3, 502),
        (get, refused(), 1, 502),
        (get, Err(HttpFailure::TooLarge(9)), 1, 502),
        (once, status(503), 1, 502),
        (deck, status(503), 2, 502),
        (expected, status(503), 1, 200),
        (post, status(503), 1, 502),
        (repeat, status(503), 3, 502),
    ] {
        let mut rig = Rig::new(&steps(&[&format!("register = \"last\"\n{action}")]));
        for api in ["jokes", "deck"] {
            rig.apis.insert(api.into(), answer.clone());
        }
        let (status, reply) = ask(&mut rig, &json!({}));
        assert_eq!((status, asked(&rig).len()), (want, tries), "{action} {answer:?} {reply}");
    }
}

/// Goal: an API that asks for a little time gets it, one that asks for a lot is not asked again.
#[test]
fn retry_after_is_honoured_up_to_a_bound() {
    for (seconds, tries, least) in [(Some(7), 3, 14), (Some(10), 3, 20), (Some(11), 1, 0)] {
        let mut rig =
            Rig::new(&steps(&["register = \"last\"\nhttp = { api = \"jokes\", path = \"/\" }"]));
        rig.apis.insert("jokes".into(), Ok((429, String::new())));
        rig.retry_after = seconds;
        let start = rig.now;
        let (status, reply) = ask(&mut rig, &json!({}));
        assert_eq!((status, asked(&rig).len()), (502, tries), "{seconds:?} {reply}");
        assert!(rig.now.since(start) >= Duration::from_secs(least), "{seconds:?}");
    }
}

/// Goal: after a crash between a request and its answer a GET is asked again, a POST is not: it
/// may have been taken. Method: kill the process while the API is silent.
#[test]
fn a_crash_leaves_a_post_in_doubt() {
    for (method, again) in [("GET", true), ("POST", false)] {
        let text = steps(&[&format!(
            "register = \"last\"\nhttp = {{ api = \"jokes\", path = \"/\", method = \"{method}\" }}"
        )]);
        let mut rig = Rig::new(&text);
        rig.deliver(&request(&json!({})));
        assert_eq!(asked(&rig).len(), 1);
        rig.apis.insert("jokes".into(), Ok((200, "{}".into())));
        rig.restart(&text);
        rig.settle(LONG);
        assert_eq!(asked(&rig).len(), if again { 2 } else { 1 }, "{method}");
        let event = rig.records().iter().find_map(|record| match record {
            crate::record::Record::Accepted(accepted) => Some(accepted.event.id.clone()),
            _ => None,
        });
        let story = rig.story(&event.expect("an event"));
        let job = &story.jobs[0];
        let want = if again { JobState::Done } else { JobState::Failed };
        assert_eq!(job.state, want, "{method}");
        let told = format!("{job:?}");
        assert_eq!(told.contains("may have been done already"), !again, "{told}");
    }
}

/// Goal: a backup holds the configuration without its secrets and without what passes. Method: two
/// looks at one configuration.
#[test]
fn a_backup_holds_what_lasts() {
    let mut rig = Rig::new(&steps(&[
        "register = \"last\"\non = \"R1\"\nbackup = { directory = \"data/backups\" }",
    ]));
    for (time, changed) in [("00:00:01", true), ("00:05:00", false)] {
        rig.running = format!(
            "Building configuration...\n\nCurrent configuration : 99 bytes\n!\n\
             ! Last configuration change at {time} UTC\n!\nhostname R1\n\
             enable secret 9 $9$abcdefgh$ijklmnop\nsnmp-server community s3cr3t RO\nend\n"
        );
        let (status, reply) = ask(&mut rig, &json!({}));
        assert_eq!((status, &reply["last"]["changed"]), (200, &Json::Bool(changed)), "{reply}");
        assert_eq!(reply["last"]["file"], "data/backups/R1.cfg");
    }
    let files = rig.files.clone().expect("they are written");
    let want = "!\n!\nhostname R1\nenable secret 9 [redacted]\n\
                snmp-server community [redacted] RO\nend\n";
    assert_eq!(files["data/backups/R1.cfg"], want);
}

/// Goal: a disk that takes nothing fails the step. Method: no files.
#[test]
fn a_file_that_cannot_be_written_fails_its_step() {
    let mut rig = Rig::new(&steps(&["register = \"last\"\nsave = { file = \"a\", text = \"x\" }"]));
    rig.files = None;
    let (status, reply) = ask(&mut rig, &json!({}));
    assert_eq!(status, 500);
    assert!(reply["detail"].as_str().is_some_and(|it| it.contains("no space left")), "{reply}");
}

/// Goal: each mistake is told at its place. Method: one each.
#[test]
fn mistakes_are_marked() {
    let check = |action: &str, want: &str| {
        let (config, sink) = load(&steps(&[action]));
        let said: Vec<String> =
            sink.iter().map(|it| format!("{} {}", it.code, it.message)).collect();
        assert_eq!(said, [want], "{action}");
        assert!(config.is_none(), "{action}");
    };
    check("http = { api = \"joke\", path = \"/\" }", "RULE005 there is no `[apis.joke]`");
    check("http = { api = \"jokes\" }", "TOML003 missing key `path`");
    check("http = { api = \"jokes\", path = \"x\" }", "RULE003 a path begins with `/`");
    check("http = { api = \"jokes\", path = \"/\", json = {} }", "RULE005 `GET` takes no body");
    check(
        "http = { api = \"jokes\", path = \"/\", method = \"PUT\", json = {}, text = \"\" }",
        "RULE005 a body is `json` or `text`",
    );
    check(
        "http = { api = \"jokes\", path = \"/\", expect = [20] }",
        "LST091 `expect` is a list of HTTP statuses",
    );
    check(
        "http = { api = \"jokes\", path = \"/\", headers = { Host = \"x\" } }",
        "LST092 the header `Host` cannot be sent",
    );
    check("save = { file = \"a\" }", "RULE005 `save` has one of: json, text");
    for name in ["../a", "/a", "a/../b", "", "a/"] {
        let want =
            format!("RULE003 `{name}` is no name of a file below the directory of `[files]`");
        check(&format!("save = {{ file = \"{name}\", text = \"\" }}"), &want);
    }
    check("log = { file = \"a.log\" }", "TOML003 missing key `line`");
    check("log = { file = \"a.log\", line = \"{{ evnt }}\" }", "RULE003 unknown name `evnt`");
    check("backup = {}", "TOML003 missing key `directory`");
    check(
        "on = \"R1\"\nsave = { file = \"a\", text = \"\" }",
        "RULE005 `on` and `login` are for what is done on a device",
    );
}
