//! What holds for every scenario's text.

use diagnostic::Source;
use lab::Scenario;
use proptest::prelude::*;

use crate::{reads, shipped};

fn scenario_like() -> impl Strategy<Value = String> {
    let lines = prop::sample::select(vec![
        "name = \"é\"",
        "seed = 1",
        "clock = \"virtual\"",
        "topology = \"t\"",
        "[[steps]]",
        "at = \"2s\"",
        "at = \"\"",
        "node = \"R1\"",
        "node = \"é\"",
        "shutdown = \"Gi1\"",
        "shutdown = \"é\"",
        "no-shutdown = \"Gi 2\"",
        "name = \"first\"",
        "[[expect]]",
        "within = \"1s\"",
        "after = \"first\"",
        "after = \"\\u00e9\"",
        "syslog = { node = \"R1\", pattern = \"é(\" }",
        "syslog = { node = \"R1\", pattern = \".\" }",
        "applet = { node = \"R1\", name = \"A\", ran = false }",
        "applet = []",
        "webhook = { node = \"R1\", a = [1, { b = 2 }], count = 0 }",
        "action = { device = \"R2\", command = \"x\", matches = \"^$\" }",
        "steps = 1",
        "= é",
    ]);
    prop::collection::vec(lines, 0..20).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Goal: no text makes the loader panic; every span lies inside the file; a file with an error
    /// gives nothing. Method: files made of right and wrong lines.
    #[test]
    fn loading_never_panics(text in scenario_like()) {
        let lab = shipped(1);
        let source = Source::new("any.toml", text);
        let mut sink = Vec::new();
        let scenario = Scenario::load(&source, &lab, reads(), &mut sink);
        prop_assert_eq!(scenario.is_none(), diagnostic::has_errors(&sink));
        for diagnostic in &sink {
            prop_assert!(source.text.get(diagnostic.span.clone()).is_some(), "{:?}", diagnostic);
        }
    }
}
