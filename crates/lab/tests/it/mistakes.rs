//! Topologies and scenarios that are wrong for their routers: code, place, advice.

use diagnostic::Source;
use expect_test::{Expect, expect};
use lab::{LabOptions, Scenario};

use crate::{SHIPPED, configs, lab_of, shipped, topology};

const DOCUMENTED: &str = include_str!("../../../../docs/diagnostics.md");

fn compare(sink: &[diagnostic::Diagnostic], want: &Expect) {
    for diagnostic in sink {
        let entry = format!("`{}`", diagnostic.code);
        assert!(DOCUMENTED.contains(&entry), "{entry} is not in docs/diagnostics.md");
    }
    want.assert_eq(&diagnostic::render(sink, false));
}

fn check(text: &str, want: &Expect) {
    let mut sink = Vec::new();
    let source = Source::new("scenarios/a.toml", text);
    let scenario = Scenario::load(&source, &shipped(1), &mut sink);
    assert_eq!(scenario.is_none(), diagnostic::has_errors(&sink));
    compare(&sink, want);
}

/// Goal: links are held against what routers have, and configurations against what they take.
/// Method: a wrong interface, two cables, a line that no router knows, secrets that are none.
#[test]
fn mistakes_of_a_lab() {
    let mut files = configs();
    let r3 = files["configs/R3.cfg"].replace("line vty", "frobnicate all\nline vty");
    files.insert("configs/R3.cfg", r3);
    let text = format!(
        "{SHIPPED}\n[[links]]\nendpoints = [\"R1:Gi9\", \"R2:Gi3\"]\n\
         [[links]]\nendpoints = [\"R1:Gi1\", \"R3:Gi3\"]\n"
    );
    let text =
        text.replace("token = \"mySecretToken\"", "token = \"env:NONE\"\nsecret = \"short\"");
    let (lab, sink) = lab_of(&topology(&text, files), LabOptions::virtual_time(1));
    assert!(lab.is_none());
    compare(
        &sink,
        &expect![[r#"
            error[LAB004]: the token of node `R1` cannot be had
              --> topology.toml:19:8
               |
            19 | [nodes.R1]
               |        ^^ environment variable `NONE` is not set

            error[LAB005]: the secret of node `R1` cannot sign
              --> topology.toml:19:8
               |
            19 | [nodes.R1]
               |        ^^ a Standard Webhooks secret is `whsec_` and base64

            error[LAB001]: unknown interface `Gi9` on node `R1`
              --> topology.toml:50:18
               |
            50 | endpoints = ["R1:Gi9", "R2:Gi3"]
               |                  ^^^ `R1` has GigabitEthernet1 to GigabitEthernet4, Loopback0
               |
            help: did you mean `GigabitEthernet1`?

            error[LAB002]: `R1:GigabitEthernet1` is in a link already
              --> topology.toml:52:18
               |
            52 | endpoints = ["R1:Gi1", "R3:Gi3"]
               |                  ^^^ an interface has one cable

            warning[LAB003]: router `R3` refuses a line of its startup-config
              --> configs/R3.cfg:36:1
               |
            36 | frobnicate all
               | ^^^^^^^^^^^^^^ % Invalid input detected at '^' marker.

        "#]],
    );
}

/// Goal: every mistake of a scenario at once. Method: steps and expectations with one each.
#[test]
fn mistakes_of_a_scenario() {
    let text = "nam = \"x\"\nclock = \"reel\"\n\
        [[steps]]\nname = \"down\"\nat = \"2\"\nnode = \"R1\"\nshutdown = \"Gi9\"\n\
        [[steps]]\nat = \"9999999h\"\nnode = \"R9\"\nshutdown = \"Gi1\"\n\
        [[steps]]\nat = \"2s\"\nnode = \"R1\"\nshutdwn = \"Gi1\"\n\
        [[steps]]\nat = \"2s\"\nnode = \"R1\"\n\
        [[steps]]\nat = \"2s\"\nnode = \"R1\"\nshutdown = \"Gi1\"\nno-shutdown = \"Gi1\"\n\
        [[expect]]\nafter = \"dwn\"\nsyslog = { node = \"R8\", pattern = \"(\" }\n\
        [[expect]]\nwithin = \"soon\"\n\
        [[expect]]\napplet = { node = \"R1\" }\nwebhook = { node = \"R1\" }\n\
        [[expect]]\naction = { device = \"R1\", command = \"show clock\", matchs = \"x\" }\n";
    check(
        text,
        &expect![[r#"
            error[TOML004]: unknown key `nam`
             --> scenarios/a.toml:1:1
              |
            1 | nam = "x"
              | ^^^
              |
            help: did you mean `name`?

            error[TOML005]: unknown clock `reel`
             --> scenarios/a.toml:2:9
              |
            2 | clock = "reel"
              |         ^^^^^^ expected `virtual` or `real`
              |
            help: did you mean `real`?

            error[TOML005]: `2` is no value for `at`
             --> scenarios/a.toml:5:6
              |
            5 | at = "2"
              |      ^^^ expected a duration such as `250ms`, `2s`, `1m30s` or `24h`

            error[SIM012]: unknown interface `Gi9` on node `R1`
             --> scenarios/a.toml:7:13
              |
            7 | shutdown = "Gi9"
              |             ^^^ `R1` has GigabitEthernet1 to GigabitEthernet4, Loopback0
              |
            help: did you mean `GigabitEthernet1`?

            error[SIM001]: `at` is longer than a year
             --> scenarios/a.toml:9:6
              |
            9 | at = "9999999h"
              |      ^^^^^^^^^^

            error[SIM010]: unknown node `R9`
              --> scenarios/a.toml:10:9
               |
            10 | node = "R9"
               |         ^^ the lab has R1, R2, R3
               |
            help: did you mean `R1`?

            error[TOML004]: unknown key `shutdwn`
              --> scenarios/a.toml:15:1
               |
            15 | shutdwn = "Gi1"
               | ^^^^^^^
               |
            help: did you mean `shutdown`?

            error[SIM002]: a step does nothing
              --> scenarios/a.toml:16:1
               |
            16 | [[steps]]
               | ^^^^^^^^^ expected one of `shutdown`, `no-shutdown`

            error[SIM002]: a step does one thing, and `no-shutdown` is a second
              --> scenarios/a.toml:23:1
               |
            23 | no-shutdown = "Gi1"
               | ^^^^^^^^^^^ make a `[[steps]]` of its own for it

            error[SIM013]: unknown step `dwn`
              --> scenarios/a.toml:25:9
               |
            25 | after = "dwn"
               |         ^^^^^ no `[[steps]]` has this `name`

            error[SIM010]: unknown node `R8`
              --> scenarios/a.toml:26:19
               |
            26 | syslog = { node = "R8", pattern = "(" }
               |                   ^^^^ the topology has R1, R2, R3
               |
            help: did you mean `R1`?

            error[SIM014]: `(` is no regular expression
              --> scenarios/a.toml:26:35
               |
            26 | syslog = { node = "R8", pattern = "(" }
               |                                   ^^^ unclosed group

            error[SIM003]: an expectation is about one thing
              --> scenarios/a.toml:27:1
               |
            27 | [[expect]]
               | ^^^^^^^^^^ expected one of `syslog`, `applet`, `webhook`, `action`

            error[TOML005]: `soon` is no value for `within`
              --> scenarios/a.toml:28:10
               |
            28 | within = "soon"
               |          ^^^^^^ expected a duration such as `250ms`, `2s`, `1m30s` or `24h`

            error[TOML003]: missing key `name`
              --> scenarios/a.toml:30:1
               |
            30 | applet = { node = "R1" }
               | ^^^^^^ `name` is required here

            error[SIM003]: an expectation is about one thing
              --> scenarios/a.toml:31:1
               |
            31 | webhook = { node = "R1" }
               | ^^^^^^^ expected one of `syslog`, `applet`, `webhook`, `action`

            error[TOML004]: unknown key `matchs`
              --> scenarios/a.toml:33:51
               |
            33 | action = { device = "R1", command = "show clock", matchs = "x" }
               |                                                   ^^^^^^
               |
            help: did you mean `matches`?

        "#]],
    );
}
