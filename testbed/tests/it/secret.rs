//! `ednm secret new` from outside: what it prints is fresh, and can be used.

use serde_json::Value;

use crate::support::{Project, stderr, stdout};

/// Goal: each kind prints one secret that the listener takes under the key that is named, another
/// one each time. Method: the real binary, its output put into the shipped files and checked.
#[test]
fn a_fresh_secret_can_be_used() {
    let kinds = [("standard-webhooks", "secret"), ("token", "token"), ("hmac", "hmac-secret")];
    for (kind, key) in kinds {
        let project = Project::new();
        let output = project.run(&["secret", "new", "--kind", kind]);
        let (secret, hint) = (stdout(&output), stderr(&output));
        assert_eq!(secret.lines().count(), 1, "{secret}");
        assert!(hint.starts_with("\nhint: ") && hint.contains(&format!("`{key} = ")), "{hint}");
        assert!(!hint.contains(secret.trim_end()), "the secret is data, on stdout alone");
        let again = project.run(&["secret", "new", "--kind", kind, "--format", "json"]);
        let again: Value = serde_json::from_str(&stdout(&again)).unwrap();
        let other = again["secret"].as_str().unwrap();
        assert_eq!((&again["key"], other == secret.trim_end()), (&key.into(), false));
        project.write("fresh", &secret);
        project.write("other", other);
        let node = format!("[nodes.R2]\n{key} = [\"file:fresh\", \"file:other\"]");
        let text = std::fs::read_to_string(project.path("topology.toml")).unwrap();
        project.write("topology.toml", &text.replace("[nodes.R2]", &node));
        let checked = project.run(&["listener", "check"]);
        assert!(checked.status.success(), "{}", stderr(&checked));
    }
    let default = Project::new().run(&["secret", "new"]);
    assert!(stdout(&default).starts_with("whsec_"));
}
