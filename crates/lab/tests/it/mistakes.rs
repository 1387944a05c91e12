//! Topologies and scenarios that are wrong for their routers: code, place, advice.

use diagnostic::Source;
use expect_test::{ExpectFile, expect_file};
use lab::{LabOptions, Scenario};

use crate::{SHIPPED, configs, lab_of, reads, shipped, topology};

const DOCUMENTED: &str = include_str!("../../../../docs/diagnostics.md");

pub(crate) fn compare(sink: &[diagnostic::Diagnostic], want: &ExpectFile) {
    for diagnostic in sink {
        let entry = format!("`{}`", diagnostic.code);
        assert!(DOCUMENTED.contains(&entry), "{entry} is not in docs/diagnostics.md");
    }
    want.assert_eq(&diagnostic::render(sink, false));
}

fn check(text: &str, want: &ExpectFile) {
    let mut sink = Vec::new();
    let source = Source::new("scenarios/a.toml", text);
    let scenario = Scenario::load(&source, &shipped(1), reads(), &mut sink);
    assert_eq!(scenario.is_none(), diagnostic::has_errors(&sink));
    compare(&sink, want);
}

/// Goal: links are held against what routers have, and configurations against what they take.
/// Method: a wrong interface, two cables, a line that no router knows, a platform
/// that is none, secrets that are none.
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
    let text = text.replace("platform = \"c8000v\"", "platform = \"cat9300\"");
    files.insert("a.j2", "{{ hostname }}\n{% if %}\n".to_owned());
    files.insert("b.j2", "{{ hostnam }}\n".to_owned());
    let shows = "\"show a\" = \"a.j2\"\n\"show b\" = \"b.j2\"\n\"clear c\" = \"b.j2\"\n";
    let text =
        format!("{text}\n[nodes.R2.shows]\n{shows}[nodes.R3.shows]\n\"show a\" = \"a.j2\"\n");
    let (lab, sink) = lab_of(&topology(&text, files), LabOptions::virtual_time(1));
    assert!(lab.is_none());
    compare(&sink, &expect_file!["snapshots/lab.txt"]);
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
    check(text, &expect_file!["snapshots/scenario.txt"]);
}

/// Goal: an empty file is no scenario that passes, and is told from one whose header is wrong.
#[test]
fn an_empty_scenario_is_a_mistake() {
    let lab = shipped(1);
    let codes = |text: &str| {
        let mut sink = Vec::new();
        let source = Source::new("s.toml", text);
        assert!(Scenario::load(&source, &lab, reads(), &mut sink).is_none());
        sink.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(""), ["SIM004"]);
    assert_eq!(
        codes("seed = -1\n[[steps]]\nat = \"1\"\nnode = \"R1\"\nshutdown = \"Gi1\""),
        ["TOML005", "TOML005"]
    );
}
