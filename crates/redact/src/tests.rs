//! What is taken out, and what stays. Tables, then properties.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// Lines with a secret `S`; behind a bar what becomes of them where it is not the same with
/// `[redacted]` for it, and `=` for nothing.
const LINES: &[&str] = &[
    "enable secret 9 S",
    "enable secret S",
    "enable password level 7 7 S",
    "username admin privilege 15 secret 9 S",
    "username admin privilege 15 password 7 S",
    "username guest secret 0 S",
    "username admin password 0 two words S|username admin password 0 [redacted]",
    " password 7 S",
    " secret S",
    "+username admin secret 5 S",
    "R1(config)#username admin secret S",
    "  12  user@vty0     |username admin secret S",
    "%PARSER-5-CFGLOG_LOGGEDCMD: User:admin  logged command:enable secret S",
    "the device closed the session: enable secret 9 S",
    "the device refused `username x secret S",
    "snmp-server community S RO 10",
    "snmp-server host 10.0.0.9 version 2c S",
    "snmp-server host 10.0.0.9 S",
    "snmp-server user u g v3 auth sha S priv aes 128 S",
    "tacacs-server host 10.0.0.1 key 7 S",
    "radius-server host 10.0.0.1 auth-port 1812 acct-port 1813 key S",
    " address ipv4 10.0.0.1 auth-port 1812|=",
    " server-private 10.0.0.1 timeout 5 key 7 S",
    " key 7 S",
    " key 0 S",
    " key S",
    " key 1|=",
    "key chain KEYS|=",
    "crypto key generate rsa|=",
    "key config-key password-encrypt S",
    "  key-string 7 S",
    "  key-string S",
    "crypto isakmp key S address 10.0.0.1",
    "crypto isakmp key 6 S address 10.0.0.1",
    "  pre-shared-key local S",
    "  pre-shared-key S",
    " neighbor 10.0.0.2 password 7 S",
    " neighbor 10.0.0.2 remote-as 65000|=",
    " ppp chap password 0 S",
    " ppp pap sent-username u password 7 S",
    " ip ospf authentication-key 7 S",
    " ip ospf message-digest-key 1 md5 7 S",
    " area 0 authentication message-digest|=",
    " isis password S",
    " domain-password S",
    "ntp authentication-key 1 md5 S",
    " standby 1 authentication md5 key-string 7 S",
    " standby 1 authentication S",
    " ip nhrp authentication S",
    " authentication mode hmac-sha-256 7 S",
    " ipv6 ospf authentication ipsec spi 500 S",
    " ospfv3 1 ipv4 encryption ipsec spi 500 S",
    " bind authenticate root-dn cn=admin password 7 S",
    " authentication username u password 7 S",
    " security wpa psk set-key ascii 0 S",
    "  description old password 7 S of R2",
    " wpa-psk ascii 0 S",
    "ip ftp password 7 S",
    "ip http client password 0 S",
    "event manager environment _API_TOKEN S",
    "event manager environment _email_server noc:S@192.0.2.25",
    " action 1.0 mail server \"noc:S@192.0.2.25\" to \"a@example.net\" from \"b@example.net\"",
    " action 1.0 mail server noc@192.0.2.25 to a@example.net subject \"x:y@z\"|=",
    "event manager environment _WEBHOOK_URL http://10.0.0.1/events|=",
    " action 3.0 cli command \"event manager environment _TOKEN S\"",
    " action 4.0 cli command \"username x secret S|\
     action 4.0 cli command \"username x secret [redacted]",
    "archive path ftp://user:S@10.0.0.1/cfg",
    "copy run https://10.0.0.1/x?file=a&token=S&n=1",
    "http post http://10.0.0.1/hook?key=S",
    "http://10.0.0.1/hook?code=S",
    "http://10.0.0.1/hook?a=b&sig=S",
    "http://10.0.0.1/hook?signature=S",
    "http://10.0.0.1/hook?PW=S",
    "X-Hub: whsec_abc|X-Hub: whsec_[redacted]",
    // Letters that `(?i)` takes for others.
    "pa\u{17f}sword=S; next",
    "to\u{212a}en=S; next",
    "Authorization: Bearer S",
    "authorization: basic S",
    "  -H \"Authorization: Bearer S\" http://10.0.0.1/",
    "curl -H 'X-Auth-Token: S' http://10.0.0.1/",
    "curl -s -u admin:S http://10.0.0.1/",
    "send-data body {\"event\": \"X\", \"password\": \"S\"}",
    "send-data body {\\\"event\\\": \\\"X\\\", \\\"api_key\\\": \\\"S\\\"}",
    "password=S; next",
    "<password>S</password>",
    "<native:secret type=\"9\">S</native:secret>",
    // What only looks like one.
    "Password required, but none set|=",
    "show users|=",
    "service password-encryption|=",
    "no ip http secure-server|=",
    "http://token.example.com:8080/x|=",
    "Password: |=",
    "the bearer token does not hold|=",
    "ip ssh version 2|=",
    "event manager applet INTERFACE_DOWN|=",
    "line vty 0 4|=",
];

/// Goal: lines of IOS and of its users keep their words and lose their secrets. Method: a table;
/// `S` stands for the secret before, and `[redacted]` for it after.
#[test]
fn lines_lose_their_secrets_alone() {
    for row in LINES {
        let row = *row;
        let (before, after) = match row.split_once('|').filter(|_| !row.contains("vty0")) {
            Some((before, "=")) => (before, before.to_owned()),
            Some((before, after)) if row.starts_with(' ') => (before, format!(" {after}")),
            Some((before, after)) => (before, after.to_owned()),
            None => (row, row.to_owned()),
        };
        for secret in ["Xk9w+.Zz4=", "0822455D0A16", "$9$JkQ1z/.abc$xyzXYZ.123"] {
            let word = |text: &str, with: &str| {
                let bare = text.split("S").collect::<Vec<_>>();
                let mut out = bare[0].to_owned();
                for pair in bare.windows(2) {
                    let alone = !pair[0].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                        && !pair[1].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
                    out.push_str(if alone { with } else { "S" });
                    out.push_str(pair[1]);
                }
                out
            };
            let (line, want) = (word(before, secret), word(&after, REDACTED));
            assert_eq!(text(&line), want, "{line}");
            assert_eq!(text(&want), want, "twice: {line}");
        }
    }
}

/// Goal: keys of several lines go, and nothing behind them.
#[test]
fn private_keys_go() {
    let before = "a\r\n-----BEGIN RSA PRIVATE KEY-----\r\nMIIE\r\nabc=\r\n\
                  -----END RSA PRIVATE KEY-----\
                  \r\nb\n  key-string\n   30820122 300D0609\n   01010500\n  quit\nc";
    let after = "a\r\n-----BEGIN RSA PRIVATE KEY-----\r\n[redacted]\r\n[redacted]\r\n\
                 -----END RSA PRIVATE KEY-----\r\nb\n  key-string\n\
                 [redacted]\n[redacted]\n  quit\nc";
    assert_eq!(text(before), after);
    assert_eq!(text(after), after);
    let one = r"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----";
    assert_eq!(text(one), "-----BEGIN PRIVATE KEY-----[redacted]-----END PRIVATE KEY-----");
}

/// Goal: typed lines tell no secret, however they are mistyped. Method: a table.
#[test]
fn typed_lines_are_blanked() {
    let table = [
        ("show ip  interface brief", "show ip  interface brief"),
        ("show crypto key mypubkey rsa", "show crypto key mypubkey rsa"),
        ("username admin secret hunter2", "username admin secret [redacted]"),
        ("username a privilege 15 sec 0 hunter2", "username a privilege 15 sec 0 [redacted]"),
        ("usrname admin password 7 0822455D0A16", "usrname admin password 7 [redacted]"),
        ("enable secret a b", "enable secret [redacted]"),
        ("snmp-server community public RO", "snmp-server community [redacted]"),
        ("key 7", "key [redacted]"),
        ("username admin secret", "username admin secret"),
        ("guestshell run curl -u admin:pw h", "guestshell run curl -u [redacted]"),
        ("curl -H 'Authorization: Bearer t' h", "curl -H 'Authorization: [redacted]"),
        ("curl -H \"X-Auth-Token: t\" h", "curl -H \"X-Auth-Token: [redacted]"),
        ("copy run ftp://u:pw@h/x", "copy run ftp://u:[redacted]@h/x"),
        ("", ""),
    ];
    for (line, want) in table {
        assert_eq!(typed_line(line), want, "{line}");
    }
}

/// Goal: a known value goes in every form in which it is written; common words stay.
#[test]
fn known_values_go_in_every_form() {
    let redactor =
        Redactor::new(["p@ss w\"rd", "whsec_MDEyMzQ1", "admin", "abc", "netops"], ["netops"]);
    let table = [
        ("a p@ss w\"rd b", "a [redacted] b"),
        (r#"{"x": "p@ss w\"rd"}"#, r#"{"x": "[redacted]"}"#),
        ("?x=p%40ss%20w%22rd", "?x=[redacted]"),
        ("cEBzcyB3InJk", "[redacted]"),
        ("7040737320772272 64", "7040737320772272 64"),
        ("704073732077227264", "[redacted]"),
        ("704073732077227264".to_uppercase().leak(), "[redacted]"),
        ("MDEyMzQ1", "[redacted]"),
        ("show users: admin netops abc", "show users: admin netops abc"),
    ];
    for (before, after) in table {
        assert_eq!(redactor.text(before), after);
        assert_eq!(redactor.text(after), after);
    }
    assert_eq!(format!("{redactor:?}"), "Redactor([redacted])");
}

/// Goal: bodies lose the values of secret keys, known values, and nothing else.
#[test]
fn bodies_lose_secrets() {
    let redactor = Redactor::new(["hunter2000"], []);
    let mut body = json!({
        "event": "X", "Pass-Word": "a", "user_token": 5, "n": null, "password": null,
        "password_set": true, "empty": {"secret": ""}, "API.Key": {"a": ["b"]},
        "list": [{"deep": [{"Authorization": "Basic eA=="}]}, "hunter2000", "enable secret 9 x"],
        "hunter2000": 1, "key": "GigabitEthernet1", "url": "http://u:pw@h/?token=t&a=b",
    });
    redactor.object(body.as_object_mut().expect("an object"));
    let want = json!({
        "event": "X", "Pass-Word": "[redacted]", "user_token": "[redacted]", "n": null,
        "password": null, "password_set": true, "empty": {"secret": ""}, "API.Key": "[redacted]",
        "list": [{"deep": [{"Authorization": "[redacted]"}]}, "[redacted]",
                 "enable secret 9 [redacted]"],
        "[redacted]": 1, "key": "GigabitEthernet1",
        "url": "http://u:[redacted]@h/?token=[redacted]&a=b",
    });
    assert_eq!(body, want);
    let plain = "{\"event\":  \"X\"}";
    assert!(matches!(redactor.body(plain), Cow::Borrowed(same) if same == plain));
    assert_eq!(redactor.body("{\"pin\": 1234}"), r#"{"pin":"[redacted]"}"#);
}

/// Pieces from which lines with secrets are made.
fn pieces() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "username",
        "secret",
        "password",
        "key",
        "7",
        "9",
        "community",
        "snmp-server",
        "\n",
        "\r\n",
        " ",
        "=",
        ":",
        "\"",
        "\\\"",
        "'",
        "http://",
        "@",
        "?token=",
        "&",
        "Authorization:",
        "Bearer",
        "key-string",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
        "[redacted]",
        "[",
        "]",
        "$9$a$b",
        "<secret>",
        "</secret>",
        "quit",
        "ABCDEF01",
        "planted4711",
        "curl -u ",
        "{",
    ]);
    prop_oneof![4 => words.prop_map(str::to_owned), 1 => any::<String>()]
}

fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec(pieces(), 0..24).prop_map(|pieces| pieces.join(" "))
}

fn json_values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![texts().prop_map(Value::from), any::<i64>().prop_map(Value::from)];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((pieces(), inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Goal: nothing panics, twice is once, lines stay, a known value never does.
    #[test]
    fn any_text_is_redacted_once_and_for_all(text in texts()) {
        let redactor = Redactor::new(["planted4711"], []);
        let once = redactor.text(&text).into_owned();
        prop_assert!(!once.contains("planted4711"));
        prop_assert_eq!(redactor.text(&once), once.as_str());
        prop_assert_eq!(once.matches('\n').count(), text.matches('\n').count());
        let typed = typed_line(&text.replace('\n', " "));
        prop_assert_eq!(typed_line(&typed), typed);
    }

    /// Goal: the same of JSON.
    #[test]
    fn any_json_is_redacted_once_and_for_all(value in json_values()) {
        let redactor = Redactor::new(["planted4711"], []);
        let mut body = serde_json::Map::new();
        body.insert("x".into(), value);
        redactor.object(&mut body);
        let text = Value::from(body.clone()).to_string();
        prop_assert!(!text.contains("planted4711"));
        let once = body.clone();
        redactor.object(&mut body);
        prop_assert_eq!(body, once);
    }
}

/// Goal: no text is expensive, however it is made. Method: long repetitions of what rules look for;
/// an engine that goes back would not end on these.
#[test]
fn long_texts_end() {
    let redactor = Redactor::new(["planted4711"], []);
    let cases =
        ["a", "password=", "username x secret ", "http://u:p@h/?token=", "\"\\", "key ", " "];
    for piece in cases {
        let line = piece.repeat(256 * 1024 / piece.len());
        assert!(redactor.text(&line).len() <= line.len() * 2, "{piece}");
    }
    let config =
        "interface GigabitEthernet1\n description to R2\n ip address 10.0.0.1 255.0.0.0\n!\n";
    let config = config.repeat(1024 * 1024 / config.len());
    assert!(matches!(redactor.text(&config), Cow::Borrowed(_)));
}
