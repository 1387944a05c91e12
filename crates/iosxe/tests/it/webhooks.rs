//! Webhooks of a router: the course's two forms, and curl in the guest shell.

use expect_test::{Expect, expect};
use iosxe::{
    Distrust, HttpFailure, HttpForm, HttpOutcome, HttpRequest, HttpTrust, Input, Output,
    SessionKind,
};

use crate::driver::Router;

/// The course's applet, byte for byte but for `<webhook-server>`, which the lab replaces.
const COURSE_APPLET: &str = concat!(
    "event manager applet INTERFACE_DOWN\n",
    " event syslog pattern \"Interface GigabitEthernet1,",
    " changed state to administratively down\"\n",
    " action 1.0 info type routername\n",
    " action 2.0 cli command \"enable\"\n",
    " action 3.0 cli command \"event manager environment _WEBHOOK_URL",
    " http://127.0.0.1:8000/events\"\n",
    " action 4.0 cli command \"event manager action send-data uri $_WEBHOOK_URL method post body",
    r#" {\"event\": \"InterfaceDown\", \"interface\": \"GigabitEthernet1\"}""#,
    "\n",
);

const BODY: &str = r#"{"event": "InterfaceDown", "interface": "GigabitEthernet1"}"#;

/// The HTTP requests so far, with the milliseconds since the start.
fn requests(router: &Router) -> Vec<(u64, HttpRequest)> {
    let request = |(at, output): &(simtime::Time, Output)| match output {
        Output::HttpRequest(request) => {
            Some((at.since(simtime::Time::VIRTUAL_START).as_millis(), request.clone()))
        }
        _ => None,
    };
    router.seen.iter().filter_map(request).collect()
}

fn shut_down(router: &mut Router) {
    router.configure(&["interface GigabitEthernet1", "shutdown"]);
    router.wait_ms(5_000);
}

/// The HA_EM and EDNM messages so far.
fn said(router: &mut Router) -> String {
    let messages = router.messages();
    let ours = messages.iter().filter(|line| line.contains("%HA_EM") || line.contains("%EDNM"));
    ours.map(|line| format!("{line}\n")).collect()
}

/// Goal: the course's applet sends its body, exactly. Method: the fault, then the request.
#[test]
fn the_course_applet_sends_its_webhook() {
    let mut router = Router::course(COURSE_APPLET);
    shut_down(&mut router);
    let sent = requests(&router);
    let [(3, request)] = &sent[..] else { panic!("one request after 3 ms: {sent:?}") };
    assert_eq!(String::from_utf8_lossy(&request.body), BODY);
    assert_eq!((request.method.as_str(), request.form), ("POST", HttpForm::SendData));
    assert_eq!(request.url, "http://127.0.0.1:8000/events");
    assert_eq!(request.headers, [], "the lab's sender adds the headers");
    expect![[r#"
        3 %EDNM-6-WEBHOOK: Accepted for delivery: POST http://127.0.0.1:8000/events, 59 bytes
    "#]]
    .assert_eq(&said(&mut router));
    let shown = router.exec("show running-config | section applet");
    assert_eq!(shown, COURSE_APPLET);
}

/// Goal: what became of a delivery is logged once the sender is done. Method: a table of ends.
#[test]
fn the_end_of_a_delivery_is_logged() {
    let answered = |status| HttpOutcome::Answered { status, headers: Vec::new(), body: Vec::new() };
    let table = [
        (answered(202), "%EDNM-6-WEBHOOK: Delivered: ", "59 bytes: 202"),
        (answered(401), "%EDNM-4-WEBHOOK: Not delivered: ", "59 bytes: 401"),
        (
            HttpOutcome::Failed(HttpFailure::Refused),
            "%EDNM-4-WEBHOOK: Not delivered: ",
            "59 bytes: connection refused",
        ),
    ];
    for (outcome, start, end) in table {
        let mut router = Router::course(COURSE_APPLET);
        shut_down(&mut router);
        let request = requests(&router)[0].1.request;
        router.tell(Input::HttpOutcome { request, outcome });
        let messages = said(&mut router);
        let last = messages.lines().last().expect("the delivery was logged");
        assert!(last.contains(start) && last.ends_with(end), "{last}");
    }
}

/// Goal: the same applet on IOS sends nothing. Method: as it stands it aborts at `$_WEBHOOK_URL`,
/// which no refused command has set; with the variable configured it runs to its end.
#[test]
fn on_ios_the_course_applet_sends_nothing() {
    let mut router = Router::new(COURSE_APPLET);
    shut_down(&mut router);
    assert_eq!(requests(&router), []);
    expect![[r#"
        3 %HA_EM-3-FMPD_UNKNOWN_ENV: fh_parse_var: could not find environment variable: _WEBHOOK_URL
        3 %HA_EM-3-FMPD_ERROR: Error executing applet INTERFACE_DOWN statement 4.0
    "#]]
    .assert_eq(&said(&mut router));

    let config = format!(
        "event manager environment _WEBHOOK_URL http://h/\n{COURSE_APPLET} \
         action 5.0 regexp \"%.*marker\" \"$_cli_result\" refusal\n \
         action 6.0 syslog msg \"$refusal\"\n"
    );
    let mut router = Router::new(&config);
    shut_down(&mut router);
    assert_eq!(requests(&router), []);
    expect![[r#"
        3 %HA_EM-6-LOG: INTERFACE_DOWN: % Invalid input detected at '^' marker
    "#]]
    .assert_eq(&said(&mut router));
}

/// Goal: `http post` is an action of the course alone. Method: both dialects.
#[test]
fn http_post_is_the_courses() {
    let applet = r#"event manager applet POSTS
 event syslog pattern "LINK-5-CHANGED"
 action 1.5 http post url "http://127.0.0.1:8000/x?key=s" body "{\"a\": \"$_event_type_string\"}"
 action 1.6 syslog msg "$_cli_result"
"#;
    let mut router = Router::course(applet);
    shut_down(&mut router);
    let sent = requests(&router);
    let [(3, request)] = &sent[..] else { panic!("one request: {sent:?}") };
    assert_eq!(request.form, HttpForm::HttpPost);
    assert_eq!(request.url, "http://127.0.0.1:8000/x?key=s");
    assert_eq!(String::from_utf8_lossy(&request.body), r#"{"a": "syslog"}"#);
    expect![[r#"
        3 %EDNM-6-WEBHOOK: Accepted for delivery: POST http://127.0.0.1:8000/x, 15 bytes
        3 %HA_EM-6-LOG: POSTS: Webhook accepted for delivery: POST http://127.0.0.1:8000/x, 15 bytes

    "#]]
    .assert_eq(&said(&mut router));
    let (_, problems) = Router::with_problems(applet);
    let lines: Vec<usize> = problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [3], "IOS refuses the statement when it is configured");
}

/// Types one command, gives the outcome after 40 ms, and compares request and print-out.
fn check_curl(command: &str, outcome: HttpOutcome, want: Expect) {
    let mut router = Router::course("");
    let session = router.open(SessionKind::Shell);
    let before = router.seen.len();
    router.typed(session, &format!("{command}\n"));
    let mut story = String::new();
    for (_, request) in requests(&router) {
        let HttpRequest { request: id, form, method, url, headers, body, timeout, .. } = request;
        story += &format!("{form:?} {method} {url} within {timeout}\n");
        headers.iter().for_each(|(name, value)| story += &format!("{name}: {value}\n"));
        story += &format!("[{}]\n", String::from_utf8_lossy(&body));
        router.wait_ms(40);
        router.tell(Input::HttpOutcome { request: id, outcome: outcome.clone() });
    }
    let printed = router.bytes_since(before);
    let answer = printed.split_once('\n').expect("the echoed line").1;
    want.assert_eq(&(story + answer));
}

fn answered(status: u16, body: &str) -> HttpOutcome {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    HttpOutcome::Answered { status, headers, body: body.as_bytes().to_vec() }
}

/// Goal: curl sends what its arguments say and prints what curl prints. Method: transcripts.
#[test]
fn curl_sends_once() {
    check_curl(
        concat!(
            "guestshell run curl -sS -X POST -H 'Content-Type: application/json'",
            r#" -H "Authorization: Bearer t" -d '{"event": "InterfaceDown"}'"#,
            " http://127.0.0.1:8000/events",
        ),
        answered(202, "{\"status\":\"accepted\"}"),
        expect![[r#"
            Curl POST http://127.0.0.1:8000/events within 300s
            User-Agent: curl/7.61.1
            Accept: */*
            Content-Type: application/json
            Authorization: Bearer t
            Content-Length: 26
            [{"event": "InterfaceDown"}]
            {"status":"accepted"}
            R1#"#]],
    );
    check_curl(
        "curl -i -u admin:admin -m 2.5 127.0.0.1:8000/health",
        answered(200, "ok\n"),
        expect![[r#"
            Curl GET http://127.0.0.1:8000/health within 2500ms
            Authorization: Basic YWRtaW46YWRtaW4=
            User-Agent: curl/7.61.1
            Accept: */*
            []
            HTTP/1.1 200 OK
            content-type: application/json

            ok
            R1#"#]],
    );
    check_curl(
        concat!(
            r"guestshell run curl -so /dev/null -w '%{http_code} %{time_total}\n'",
            " -d a=b -d @/flash/x https://h/",
        ),
        answered(404, "no"),
        expect![[r#"
            Curl POST https://h/ within 300s
            User-Agent: curl/7.61.1
            Accept: */*
            Content-Length: 4
            Content-Type: application/x-www-form-urlencoded
            [a=b&]
            Warning: Couldn't read data from file "/flash/x", this makes an empty POST.
            404 0.040000
            R1#"#]],
    );
}

/// Goal: options that change what is printed do so. Method: transcripts.
#[test]
fn curl_prints_what_is_asked() {
    check_curl(
        "curl -v -A me -H 'Accept:' -H 'X-A: b' http://h:81/p/q",
        answered(204, ""),
        expect![[r#"
        Curl GET http://h:81/p/q within 300s
        User-Agent: me
        X-A: b
        []
        > GET /p/q HTTP/1.1
        > Host: h:81
        > User-Agent: me
        > X-A: b
        >
        < HTTP/1.1 204 No Content
        < content-type: application/json
        <
        R1#"#]],
    );
    check_curl(
        "curl -I http://h/",
        answered(200, "never"),
        expect![[r#"
        Curl HEAD http://h/ within 300s
        User-Agent: curl/7.61.1
        Accept: */*
        []
        HTTP/1.1 200 OK
        content-type: application/json

        R1#"#]],
    );
    check_curl(
        "curl --json '{}' -o /flash/out http://h/",
        answered(200, "{}"),
        expect![[r#"
            Curl POST http://h/ within 300s
            User-Agent: curl/7.61.1
            Content-Type: application/json
            Accept: application/json
            Content-Length: 2
            [{}]
            Warning: Failed to create the file /flash/out: No such file or directory
            curl: (23) Failed writing body (0 != 2)
            R1#"#]],
    );
    check_curl(
        "curl -H",
        answered(200, ""),
        expect![[r#"
        curl: option -H: requires parameter
        curl: try 'curl --help' or 'curl --manual' for more information
        R1#"#]],
    );
    check_curl(
        "curl http://",
        answered(200, ""),
        expect![[r#"
        curl: (3) <url> malformed
        R1#"#]],
    );
}

/// Goal: failures print what curl prints. Method: options, outcome, the last lines printed.
#[test]
fn curl_fails_as_curl() {
    use HttpFailure::{Broken, Handshake, NotAllowed, Refused, Resolve, Timeout, Untrusted};
    use HttpOutcome::Failed;
    let printed = |options: &str, outcome: HttpOutcome| {
        let mut router = Router::course("");
        let session = router.open(SessionKind::Shell);
        router.typed(session, &format!("curl {options}\n"));
        let before = router.seen.len();
        for (_, sent) in requests(&router) {
            router.wait_ms(40);
            router.tell(Input::HttpOutcome { request: sent.request, outcome: outcome.clone() });
        }
        router.bytes_since(before).trim_end_matches("R1#").to_owned()
    };
    let check = |options: &str, outcome: HttpOutcome, want: &str| {
        assert_eq!(printed(options, outcome), want, "{options}");
    };
    let failed = "curl: (7) Failed to connect to 127.0.0.1 port 9: Connection refused\n";
    let denied = "curl: (7) Failed to connect to 192.0.2.1 port 80: Permission denied\n";
    let late = "curl: (28) Operation timed out after 40 milliseconds with 0 bytes received\n";
    let status = "curl: (22) The requested URL returned error: 401 Unauthorized\n";
    check("http://nosuch/", Failed(Resolve), "curl: (6) Could not resolve host: nosuch\n");
    check("http://127.0.0.1:9/x", Failed(Refused), failed);
    check("http://192.0.2.1/", Failed(NotAllowed), denied);
    check("-m 0.04 http://h/", Failed(Timeout), late);
    check("http://h/", Failed(Broken), "curl: (52) Empty reply from server\n");
    check("-s http://h/", Failed(Refused), "");
    let wrong = "curl: (35) error:1408F10B:SSL routines:ssl3_get_record:wrong version number\n";
    check("https://h/", Failed(Handshake), wrong);
    let name = "no alternative certificate subject name matches target host name 'h'\n";
    check("https://h/", Failed(Untrusted(Distrust::Name)), &format!("curl: (51) SSL: {name}"));
    let issuer = "unable to get local issuer certificate\n";
    let start = format!("curl: (60) SSL certificate problem: {issuer}More details here: https://");
    let seen = printed("https://h/", Failed(Untrusted(Distrust::Authority)));
    assert!(seen.starts_with(&start), "{seen}");
    let seen = printed("https://h/", Failed(Untrusted(Distrust::Date)));
    assert!(seen.starts_with("curl: (60) SSL certificate problem: certificate has"), "{seen}");
    check("-sf http://h/ -S", answered(401, "no"), status);
}

/// Goal: curl believes the lab's authority, a file of flash, or anybody, as it is told; a file that
/// is none ends it before a byte is sent. Method: a table over a router with two files.
#[test]
fn curl_believes_whom_it_is_told() {
    let pem = "-----BEGIN CERTIFICATE-----\nAB\n-----END CERTIFICATE-----\n";
    let files = [("flash:certs/ca.pem", pem), ("flash:notes.txt", "no certificate")];
    let file = || HttpTrust::Authorities(pem.to_owned());
    let table = [
        ("https://h/", Ok(HttpTrust::Lab)),
        ("-k https://h/", Ok(HttpTrust::Anybody)),
        ("--insecure --cacert flash:none https://h/", Ok(HttpTrust::Anybody)),
        ("--cacert flash:certs/ca.pem https://h/", Ok(file())),
        ("--cacert flash:/certs/ca.pem https://h/", Ok(file())),
        ("--cacert /bootflash/certs/ca.pem https://h/", Ok(file())),
        ("--cacert flash:none http://h/", Ok(HttpTrust::Lab)),
        ("--cacert flash:none https://h/", Err("flash:none")),
        ("--cacert /etc/pki/ca.pem https://h/", Err("/etc/pki/ca.pem")),
        ("--cacert flash:notes.txt https://h/", Err("flash:notes.txt")),
    ];
    for (options, want) in table {
        let mut router = Router::holding(&files);
        let session = router.open(SessionKind::Shell);
        let before = router.seen.len();
        router.typed(session, &format!("guestshell run curl {options}\n"));
        let sent = requests(&router).pop().map(|(_, request)| request.trust);
        let printed = router.bytes_since(before);
        let missing = want.as_ref().err().map(|path| {
            format!(
                "curl: (77) error setting certificate verify locations:\n  \
                 CAfile: {path}\n  CApath: none\n"
            )
        });
        assert_eq!(sent, want.ok(), "{options}: {printed}");
        assert!(missing.is_none_or(|text| printed.contains(&text)), "{options}: {printed}");
    }
}

/// Goal: what is not one plain `curl` sends nothing and says why. Method: a table.
#[test]
fn only_one_plain_curl_runs() {
    let mut router = Router::course("");
    let table = [
        ("curl ftp://h/", "curl: (1) Protocol \"ftp\" not supported or disabled in libcurl\n"),
        ("curl http://", "curl: (3) <url> malformed\n"),
        ("curl http://h/ | cat", "sh: `|' is not supported: this guest shell runs one command\n"),
        ("guestshell run python3 -c 1", "sh: python3: command not found\n"),
    ];
    for (line, want) in table {
        assert_eq!(router.exec(line), want, "{line}");
    }
    assert_eq!(requests(&router), []);
}

/// Goal: a run waits for curl and finds its print-out in `$_cli_result`. Method: an applet.
#[test]
fn an_applet_waits_for_curl() {
    let mut router = Router::new(
        r#"event manager applet REAL
 event syslog pattern "LINK-5-CHANGED"
 action 1 cli command "enable"
 action 2 cli command "guestshell run curl -s -X POST -d '{\"a\":\"|\"}' http://h/e"
 action 3 syslog msg "$_cli_result"
"#,
    );
    router.configure(&["interface GigabitEthernet1", "shutdown"]);
    router.wait_ms(500);
    let sent = requests(&router);
    let [(3, request)] = &sent[..] else { panic!("one request: {sent:?}") };
    assert_eq!(String::from_utf8_lossy(&request.body), r#"{"a":"|"}"#);
    let outcome = answered(202, "{\"id\":\"evt_1\"}");
    router.tell(Input::HttpOutcome { request: request.request, outcome });
    assert_eq!(said(&mut router), "500 %HA_EM-6-LOG: REAL: {\"id\":\"evt_1\"}\r\nR1#\n");
}

/// Goal: a bare `curl` is the course's: IOS does not know it. Method: a terminal on IOS.
#[test]
fn ios_has_no_curl() {
    let mut router = Router::new("");
    expect![[r#"
            ^
        % Invalid input detected at '^' marker.

    "#]]
    .assert_eq(&router.exec("curl -X POST http://127.0.0.1:8000/events"));
    expect![[r#"
                         ^
        % Invalid input detected at '^' marker.

    "#]]
    .assert_eq(&router.exec("event manager action send-data uri http://h/ method post body x"));
    expect![[r#"
                         ^
        % Invalid input detected at '^' marker.

    "#]]
    .assert_eq(&router.exec("event manager environment _WEBHOOK_URL http://h/"));
}
