//! listener.toml: what loads, and every mistake with its place.

use crate::testkit::{LISTENER, TestFiles, load, topology};
use crate::{Config, Mode};

/// A source and a rule around which tests put their mistakes.
const SOURCE: &str = "[[sources]]\npath = \"/events\"\nauth = [\"bearer\"]\n";

fn rule(when: &str, action: &str) -> String {
    format!("{SOURCE}[[rules]]\nname = \"r\"\nwhen = {when}\n[[rules.actions]]\n{action}\n")
}

/// Each mistake as `CODE line:column text message (help)`, where text is what the carets mark.
fn mistakes(text: &str) -> String {
    let (config, sink) = load(text);
    assert!(config.is_none(), "loads: {text}");
    let lines = sink.iter().map(|d| {
        let (line, column) = d.source.line_column(d.span.start);
        let marked = &d.source.text[d.span.clone()];
        let help = d.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{} {line}:{column} `{marked}` {}{help}", d.code, d.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn check(text: &str, want: &str) {
    assert_eq!(mistakes(text), want, "{text}");
}

/// Goal: the shipped file loads without a word, and says what the contract says.
#[test]
fn the_shipped_file_loads() {
    let (config, sink) = load(LISTENER);
    assert_eq!(diagnostic::render(&sink, false), "");
    let config = config.expect("it loads");
    assert_eq!(config.mode, Mode::Act);
    assert_eq!(config.inventory_path, "topology.toml");
    assert_eq!(config.paths().collect::<Vec<_>>(), ["/events"]);
    assert_eq!(config.unauthenticated_paths().collect::<Vec<_>>(), ["/events"]);
    let mut config = config;
    config.require_authentication();
    assert_eq!(config.unauthenticated_paths().count(), 0);
}

/// Goal: the inventory's path is known before anything else of the file is right.
#[test]
fn the_inventory_is_named_first() {
    let path = |text: &str| Config::inventory_path(&diagnostic::Source::new("l", text));
    assert_eq!(path("inventory = \"inv.toml\"\nnonsense = 1"), "inv.toml");
    assert_eq!(path(""), "topology.toml");
    assert_eq!(path("inventory = "), "topology.toml");
}

/// Goal: a mistake in a source is marked where it stands. Method: one mistake each.
#[test]
fn mistakes_in_sources() {
    check("mode = \"act\"", "LST008 1:1 `` there is no `[[sources]]`: nothing could be received");
    check(
        &SOURCE.replace("/events", "events"),
        "LST001 2:8 `\"events\"` `events` cannot be the path of a source",
    );
    check(
        &SOURCE.replace("/events", "/api/v1/events"),
        "LST001 2:8 `\"/api/v1/events\"` `/api/v1/events` cannot be the path of a source",
    );
    check(
        &SOURCE.replace("/events", "/health"),
        "LST001 2:8 `\"/health\"` `/health` cannot be the path of a source",
    );
    check(
        &SOURCE.replace("[\"bearer\"]", "\"bearer\""),
        "TOML002 3:8 `\"bearer\"` `auth` must be a list of strings, not a string",
    );
    check(
        &format!("{SOURCE}{SOURCE}"),
        "LST002 5:8 `\"/events\"` `/events` cannot be the path of a source",
    );
    check(
        &SOURCE.replace("bearer", "baerer"),
        "LST004 3:9 `\"baerer\"` unknown way to authenticate `baerer` (did you mean `bearer`?)",
    );
    check(
        &SOURCE.replace("auth = [\"bearer\"]", ""),
        "LST003 1:1 `[[sources]]` nobody can use the source `/events`",
    );
    let get = SOURCE.replace("path", "method = \"GET\"\npath");
    check(
        &get,
        "LST040 1:1 `[[sources]]` nothing names the events of the source `/events` (add `name = \
         \"...\"`)",
    );
    check(
        &format!("{SOURCE}empty-body = true"),
        "LST040 1:1 `[[sources]]` nothing names the events of the source `/events` (add `name = \
         \"...\"`)",
    );
    check(&format!("{get}name = \" \""), "LST041 5:8 `\" \"` this is no name of an event");
    check(
        &SOURCE.replace("path", "method = \"get\"\npath").replace("/events", "/e/{x"),
        "TOML005 2:10 `\"get\"` unknown method `get` (did you mean `GET`?)\n\
         LST001 3:8 `\"/e/{x\"` `/e/{x` cannot be the path of a source",
    );
    check(
        &format!("{SOURCE}burst = 0\nrate-by = \"host\"\nbody = \"xml\""),
        "TOML005 4:9 `0` `burst` is out of bounds\n\
         TOML005 5:11 `\"host\"` unknown rate-by `host`\n\
         TOML005 6:8 `\"xml\"` unknown body `xml`",
    );
    check(
        &format!("{SOURCE}device = \"{{{{ evnt.device }}}}\""),
        "RULE003 4:14 `evnt` unknown name `evnt` (did you mean `event`?)",
    );
    let twins = SOURCE.replace("/events", "/a/{x}");
    check(
        &format!("{twins}{}", twins.replace("{x}", "{y}")),
        "LST002 5:8 `\"/a/{y}\"` `/a/{y}` cannot be the path of a source",
    );
    check(
        &format!("{SOURCE}relai = true"),
        "TOML004 4:1 `relai` unknown key `relai` (did you mean `relay`?)",
    );
}

/// Goal: a mistake in a rule is marked inside its text. Method: one mistake each.
#[test]
fn mistakes_in_rules() {
    let show = "show = [\"show clock\"]";
    check(
        &rule("'event.nmae == 1'", show),
        "RULE002 6:15 `nmae` unknown name `nmae` (did you mean `name`?)",
    );
    check(
        &rule("'evnt.name == 1'", show),
        "RULE002 6:9 `evnt` unknown name `evnt` (did you mean `event`?)",
    );
    check(
        &rule("'event.name =='", show),
        "RULE002 6:20 `==` syntax error: unexpected end of input, expected expression",
    );
    check(
        &rule("'true'", "show = [\"show {{ event.data.x }}\"]"),
        "RULE003 8:15 `{{ event.data.x }}` a value enters a command only through one of the \
         filters interface, address, word, number (end it with a typed filter, such as \
         `| interface`)",
    );
    check(
        &rule("'true'", "show = [\"reload\"]"),
        "RULE003 8:9 `\"reload\"` `reload` is no command that only reads: show, dir, ping, \
         traceroute or more",
    );
    check(&rule("'true'", "show = []"), "RULE005 8:1 `show` `show` has 1 to 32 commands");
    check(
        &rule("'true'", "on = \"R9\"\nshow = [\"show clock\"]"),
        "RULE004 8:6 `\"R9\"` unknown node `R9` (did you mean `R1`?)",
    );
    check(
        &rule("'true'", "on = \"R1\""),
        "RULE005 7:1 `[[rules.actions]]` an action has exactly one of: show, configure, \
         netconf, restconf, http, save, log, backup",
    );
    let twice = format!("{}{}", rule("'true'", show), rule("'true'", show).replace(SOURCE, ""));
    check(&twice, "RULE001 10:8 `\"r\"` two rules are called `r`");
}

/// Goal: what changes a device is held to its rules when it is loaded. Method: one mistake each.
#[test]
fn mistakes_in_changes() {
    check(
        &rule("'true'", "configure = [\"do reload\", \"end\", \"end\"]"),
        "RULE003 8:14 `\"do reload\"` `do` would leave the configuration mode, or hide which \
         device is configured\n\
         RULE003 8:27 `\"end\"` `end` would leave the configuration mode, or hide which device is \
         configured",
    );
    check(
        &rule("'true'", "configure = ['{{ event.name | word }} x', 'x {{ event.name }}']"),
        "RULE003 8:14 `'{{ event.name | word }} x'` a `configure` line begins with a keyword, not \
         with a value (write out what is configured)\n\
         RULE003 8:46 `{{ event.name }}` a value enters a command only through one of the filters \
         interface, address, word, number (end it with a typed filter, such as `| interface`)",
    );
    check(
        &rule("'true'", "configure = [\"no shutdown\"]\napprove = \"yes\""),
        "TOML005 9:11 `\"yes\"` unknown approve `yes`",
    );
    check(
        &rule("'true'", "show = [\"show clock\"]\napprove = \"auto\""),
        "RULE007 9:1 `approve` `approve` is for actions that change a device (remove it: what only \
         reads does not wait)",
    );
    check(
        &rule("'true'", "show = [\"show clock\"]\nconfigure = [\"no shutdown\"]"),
        "RULE005 7:1 `[[rules.actions]]` an action has exactly one of: show, configure, \
         netconf, restconf, http, save, log, backup",
    );
    check(
        &rule("'true'", "configure = []"),
        "RULE005 8:1 `configure` `configure` has 1 to 32 lines",
    );
}

/// Goal: what is asked over NETCONF and RESTCONF is held to its rules when it is loaded. Method:
/// one mistake each, and where it is marked.
#[test]
fn mistakes_in_requests() {
    let netconf = [
        "get = {}\nrpc = '<a/>'",
        "get.filter = '<a xmlns=\"u\"><b></a>'",
        "get.filter = '<a/>'",
        "get.filter = '<filter><a/></filter>'",
        "get.filter = 'a'",
        "get.filter = '<!DOCTYPE a><a xmlns=\"u\"/>'",
        "get = { filter = '<a xmlns=\"u\"/>', xpath = '/a' }",
        "get = { xpath = '/a[b={{ event.name }}]' }",
        "get = { namespaces = { '1' = 'u' } }",
        "get.filter = '<{{ event.name | word }} xmlns=\"u\"/>'",
        "get.filter = '<a xmlns=\"{{ event.name | word }}\"/>'",
        "get.filter = '<a xmlns=\"u\">{% if 1 %}{% endif %}</a>'",
        "edit_config = {}",
        "edit_config.config = '<a xmlns=\"u\" operation=\"delete\"/>'",
        "edit_config = { config = '<a xmlns=\"u\"/>', target = 'running-config' }",
        "rpc = '<a xmlns=\"u\"/><b xmlns=\"u\"/>'",
        "rpc = '<close-session/>'",
    ];
    let restconf = [
        "method = 'GET'",
        "path = 'interfaces'",
        "path = '/restconfig/data'",
        "path = 'data/a b'",
        "path = 'data/a=%2'",
        "path = 'data/../x'",
        "path = 'data/{{ event.name | word }}'",
        "path = 'data/a'\nmethod = 'PATCH'",
        "path = 'data/a'\nbody = {}",
        "path = 'data/a'\nmethod = 'patch'",
        "path = 'data/a'\nmethod = 'PUT'\nbody = '{\"a\": x}'",
        "path = 'data/a'\nmethod = 'PUT'\nbody = '{\"a\": {{ event.name | word }}}'",
        "path = 'data/a'\nmethod = 'PUT'\nbody = { a = ['{{ evnt.name }}'] }",
        "path = 'data/a'\nmethod = 'PUT'\nbody = 1",
        "path = 'data/a'\nmethod = 'PUT'\nbody = '<a>'",
    ];
    let of = |key: &str, lines: &str| {
        let found = mistakes(&rule("'true'", &format!("[rules.actions.{key}]\n{lines}")));
        let found: Vec<String> = found.lines().map(|line| format!("    {line}\n")).collect();
        format!("{}\n{}", lines.replace('\n', "; "), found.concat())
    };
    let all = netconf.iter().map(|lines| of("netconf", lines));
    let all = all.chain(restconf.iter().map(|lines| of("restconf", lines)));
    expect_test::expect_file!["snapshots/requests.txt"].assert_eq(&all.collect::<String>());
}

/// Goal: all mistakes of a file come in one go.
#[test]
fn all_mistakes_at_once() {
    let text = rule("'event.nmae'", "show = [\"reload\", \"show {{ 5 }}\"]");
    let found = mistakes(&text);
    let codes: Vec<&str> = found.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(codes, ["RULE002", "RULE003", "RULE003"]);
}

/// Goal: `[credentials]` holds who is no node; what cannot be used is said. Method: a table.
#[test]
fn credentials_are_checked() {
    let with = |entry: &str| format!("{SOURCE}[credentials.nms]\n{entry}\n");
    check(
        &with("token = \"token-of-r1\""),
        "LST010 5:9 `\"***********\"` a secret stands in the file itself (write `env:NAME` or \
         `file:PATH`)\n\
         LST005 5:9 `\"***********\"` credential `nms` has the same token as node `R1` (give each \
         its own: the credential names the device)",
    );
    check(&with(""), "LST009 4:14 `nms` credential `nms` has no secret");
    check(
        &with("secret = \"env:BOX_TOKEN\""),
        "LST006 5:10 `\"env:BOX_TOKEN\"` the secret of credential `nms` cannot be used",
    );
    check(
        &with("hmac-secret = [\"env:BOX_TOKEN\", \"env:EMPTY\"]\ntoken = []\nbasic = 5"),
        "LST006 6:1 `token` `token` has 1 to 4 values, not 0\n\
         TOML002 7:9 `5` `basic` must be a string or a list of strings, not a number\n\
         LST006 5:33 `\"env:EMPTY\"` the hmac-secret of credential `nms` cannot be used",
    );
    let (config, sink) = load(&with("token = \"env:MISSING\""));
    assert!(config.is_some(), "a missing variable is a warning");
    assert_eq!(sink.last().map(|d| d.code), Some("LST007"));
}

/// Goal: a mistake in a secret, or beside one, does not show it. Method: every kind, malformed, as
/// a list, in one line with others; both renderers.
#[test]
fn diagnostics_show_no_secret() {
    let text = format!(
        "{SOURCE}[credentials]\n\
         a = {{ token = [\"planted-1\\n\", \"planted-2\"], secret = \"whsec_planted-3\" }}\n\
         b = {{ basic = \"planted-4\", nonsense = 1, secret = [\"whsec_cGxhbnRlZC01\"] }}\n\
         c = {{ hmac-secret = [\"\", \"planted-6\", \"planted-7\"], token = \"planted-2\" }}\n"
    );
    let (config, sink) = load(&text);
    assert!(config.is_none());
    let codes = |code: &str| sink.iter().filter(|d| d.code == code).count();
    assert_eq!((codes("LST006"), codes("LST005"), codes("LST010")), (5, 1, 9));
    for shown in [diagnostic::render(&sink, false), diagnostic::render_json(&sink).to_string()] {
        assert!(!shown.contains("planted") && !shown.contains("cGxhbnRlZC01"), "{shown}");
    }
}

/// Goal: methods, rates and spans that mean nothing are marked where they stand. Method: a table.
#[test]
fn mistakes_in_methods_and_bounds() {
    let unknown =
        |word: &str| format!("LST004 3:9 `\"{word}\"` unknown way to authenticate `{word}`");
    for word in ["header:Authorization", "header:", "header:a b", "sha1"] {
        check(&SOURCE.replace("bearer", word), &unknown(word));
    }
    let table = [
        ("rate = \"fast\"", "rate", "\"fast\"", "fast"),
        ("rate = \"0/s\"", "rate", "\"0/s\"", "0/s"),
        ("dedup = \"20m\"", "dedup", "\"20m\"", "20m"),
        ("dedup = \"0s\"", "dedup", "\"0s\"", "0s"),
    ];
    for (line, key, marked, value) in table {
        let column = line.find('\"').expect("a value") + 1;
        let want = format!("TOML005 4:{column} `{marked}` `{value}` is no value for `{key}`");
        check(&format!("{SOURCE}{line}"), &want);
    }
    let good = "rate = \"30/m\"\ndedup = \"15m\"\n";
    let words = "bearer\", \"basic\", \"github\", \"header:X-API-Key\", \"standard-webhooks";
    let (config, sink) = load(&format!("{}{good}", SOURCE.replace("bearer", words)));
    assert!(config.is_some(), "{}", diagnostic::render(&sink, false));
}

/// Goal: no secret can be printed by accident. Method: look for planted ones in Debug.
#[test]
fn debug_shows_no_secret() {
    let config = crate::testkit::config(LISTENER);
    let shown = format!("{config:?}");
    for secret in [
        "token-of-r1",
        "token-of-box",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "enable-of",
        "old-token-of-r2",
        "password-of-r2",
        "hmac-of-r2",
        "C2FVsBQIhrscChlQIMV",
    ] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

proptest::proptest! {
    /// Goal: no file makes the loader panic, and every caret is inside it. Method: pieces of files
    /// in any order.
    #[test]
    fn any_file_is_read_or_refused(pieces in proptest::collection::vec(
        proptest::sample::select(vec![
            "[[sources]]\n", "path = \"/e\"\n", "auth = [\"bearer\"]\n", "[[rules]]\n",
            "name = \"a\"\n", "when = 'event.name'\n", "when = \"\"\"\n{{ \"\"\"\n",
            "[[rules.actions]]\n", "show = ['show {{ event.x | word }}', \"{{\\u0041\"]\n",
            "on = 5\n", "[credentials]\n", "x = { token = \"env:\" }\n", "mode = \"observe\"\n",
            "when = \"ü{{ ü }}\"\n", "show = [\"sh\u{fc} {{ event.data | \"]\n",
        ]), 0..12)) {
        let text = pieces.concat();
        let mut sink = Vec::new();
        let source = diagnostic::Source::new("l", text);
        let _ = Config::load(&source, &topology(), &mut TestFiles, &mut sink);
        for diagnostic in &sink {
            proptest::prop_assert!(diagnostic.source.text.get(diagnostic.span.clone()).is_some());
        }
        let _ = diagnostic::render(&sink, false);
    }
}

/// A rule with these lines.
fn held(lines: &str) -> String {
    format!(
        "{SOURCE}[[rules]]\nname = \"r\"\n{lines}\n[[rules.actions]]\nshow = [\"show clock\"]\n"
    )
}

fn when(rest: &str) -> String {
    held(&format!("when = 'event.name'\n{rest}"))
}

/// `CODE line:column text` of each mistake; nothing for a file that loads.
fn check_codes(text: &str, want: &str) {
    let (config, sink) = load(text);
    assert_eq!(config.is_some(), sink.is_empty(), "{text}");
    let lines = sink.iter().map(|d| {
        let (line, column) = d.source.line_column(d.span.start);
        format!("{} {line}:{column} {}", d.code, d.message)
    });
    assert_eq!(lines.collect::<Vec<_>>().join("\n"), want, "{text}");
}

/// Goal: a mistake in windows and throttles is marked where it stands. Method: one mistake each.
#[test]
fn mistakes_in_windows_and_throttles() {
    let one_of = "a throttle has exactly one of: once_within, once_after, accumulate_within; the \
                  last has `events` beside it";
    let table = [
        (held(""), "RULE008 4:1 a rule has exactly one of: when, any, all, not_all"),
        (
            held("when = 'event.name'\nany = ['event.name']"),
            "RULE008 7:1 a rule has exactly one of: when, any, all, not_all",
        ),
        (
            held("all = ['event.name']"),
            "RULE008 6:1 `timeout` goes with `all` and `not_all`, and they need it",
        ),
        (
            when("timeout = \"1s\""),
            "RULE008 7:1 `timeout` goes with `all` and `not_all`, and they need it",
        ),
        (held("not_all = []\ntimeout = \"1s\""), "RULE008 6:1 a rule has 1 to 16 conditions"),
        (held("any = ['event.nam']"), "RULE002 6:15 unknown name `nam`"),
        (when("group_by = ['event.devise']"), "RULE002 7:20 unknown name `devise`"),
        (
            when("cool-down = \"0s\""),
            "RULE009 7:13 `cool-down` is more than nothing and at most 7 days",
        ),
        (
            when("throttle = { once_within = \"8d\" }"),
            "RULE009 7:28 `once_within` is more than nothing and at most 7 days",
        ),
        (when("throttle = { }"), &format!("RULE009 7:1 {one_of}")),
        (
            when("throttle = { once_within = \"1s\", events = 3 }"),
            &format!("RULE009 7:43 {one_of}"),
        ),
        (when("throttle = { accumulate_within = \"1s\" }"), &format!("RULE009 7:1 {one_of}")),
        (
            when("throttle = { accumulate_within = \"1s\", events = 1 }"),
            "RULE009 7:49 `events` is 2 to 100000",
        ),
        (
            when("throttle = { once_in = \"1s\" }"),
            &format!("TOML004 7:14 unknown key `once_in`\nRULE009 7:1 {one_of}"),
        ),
    ];
    for (text, want) in table {
        check_codes(&text, want);
    }
}

/// Goal: a mistake in dampening and limits is marked where it stands. Method: one mistake each.
#[test]
fn mistakes_in_dampening_and_limits() {
    let table = [
        (when("dampen = { }"), "RULE010 7:1 `dampen` needs a `half-life`"),
        (
            when("dampen = { half-life = \"1s\", reuse = 2000 }"),
            "RULE010 7:1 `reuse` must be below `suppress`",
        ),
        (
            when("dampen = { half-life = \"1s\", penalty = 0 }"),
            "RULE010 7:1 `penalty`, `suppress` and `reuse` are 1 to 1000000 points",
        ),
        (
            when("dampen = { half-life = \"10s\", max = \"10s\" }"),
            "RULE010 7:1 a penalty that fades to `reuse` within `max` never reaches `suppress`",
        ),
        (when("dampen = { half-life = \"10s\", max = \"11s\" }"), ""),
        (when("own-changes = \"loop\""), "TOML005 7:15 unknown own-changes `loop`"),
        (
            format!("[limits]\nsessions = 65\n{}", when("")),
            "LST031 2:12 `sessions` is out of bounds",
        ),
        (
            format!("[limits]\nsessions-per-device = 0\n{}", when("")),
            "LST031 2:23 `sessions-per-device` is out of bounds",
        ),
        (format!("[limits]\nqueue = 257\n{}", when("")), "LST031 2:9 `queue` is out of bounds"),
        (
            format!("[limits]\neffects = \"2h\"\n{}", when("")),
            "LST031 2:11 `effects` is out of bounds",
        ),
        (format!("[limits]\nqueue = 2\neffects = \"0s\"\n{}", when("")), ""),
    ];
    for (text, want) in table {
        check_codes(&text, want);
    }
}
