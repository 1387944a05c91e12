//! What holds for every text.

use proptest::prelude::*;
use topology::{Address, Url};

use crate::{World, load};

fn topology_like() -> impl Strategy<Value = String> {
    let lines = prop::sample::select(vec![
        "[lab]",
        "name = \"x\"",
        "seed = 1",
        "[vars]",
        "webhook-server = \"a\"",
        "[webhook]",
        "allow = [\"http://é/\"]",
        "[defaults.node]",
        "[defaults]",
        "kind = \"virtual\"",
        "kind = \"real\"",
        "username = \"a\"",
        "password = \"env:B\"",
        "[nodes.R1]",
        "[nodes.R2]",
        "[nodes.\"é\"]",
        "ssh = \"127.0.0.1:1\"",
        "ssh = \"[::1]:22\"",
        "aliases = [\"r1\", \"é\"]",
        "startup-config = \"a.cfg\"",
        "groups = [\"g\"]",
        "[groups.g]",
        "[[links]]",
        "endpoints = [\"R1:Gi1\", \"R2:é\"]",
        "endpoints = ['é', \"\\u00e9:a\"]",
        "nodes = 1",
        "lab = []",
        "links = {}",
        "host-key = \"é\"",
    ]);
    prop::collection::vec(lines, 0..16).prop_map(|lines| lines.join("\n"))
}

proptest! {
    /// Goal: no text makes the loader panic; every span lies inside its file; a file with an error
    /// gives nothing. Method: files made of right and wrong lines.
    #[test]
    fn loading_never_panics(text in topology_like()) {
        let files = [("a.cfg", "é <a> <é> <webhook-server> <")];
        let (topology, sink) = load(&text, World { files: files.into(), ..World::default() });
        prop_assert_eq!(topology.is_none(), diagnostic::has_errors(&sink));
        for diagnostic in &sink {
            let span = diagnostic.span.clone();
            prop_assert!(diagnostic.source.text.get(span).is_some(), "{:?}", diagnostic);
        }
        if let Some(topology) = topology {
            for node in topology.nodes.values() {
                topology.startup_text(node);
            }
        }
    }

    /// Goal: an address prints as it was read; a URL covers itself. Method: texts of their signs.
    #[test]
    fn addresses_and_urls_keep_their_meaning(text in "[a-z0-9:/.@?#%\\[\\]\\\\ -]{0,24}") {
        if let Ok(address) = text.parse::<Address>() {
            prop_assert_eq!(address.to_string().parse::<Address>(), Ok(address));
        }
        if let Ok(url) = format!("http://{text}").parse::<Url>() {
            prop_assert!(url.covers(&url));
            prop_assert!(!url.authority.contains(['@', '/', '\\', '?', '#']));
        }
    }
}
