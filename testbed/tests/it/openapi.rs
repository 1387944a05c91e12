//! The description of the listener's API against the listener itself, by schemathesis: requests
//! made from `/openapi.json`, right and wrong ones, each answer held against it.

use std::process::Command;

use crate::clients::python;
use crate::support::{Project, skip, stdout};

/// Requests for each operation and phase: with these a run takes some 20 seconds.
const EXAMPLES: &str = "10";
/// The first of the random numbers, so that a failure comes again.
const SEED: &str = "8";

/// One source for each way to ask for a credential, and one that needs none.
const RULES: &str = r##"
[credentials.tests]
token = "token-of-the-tests"
basic = "tests:password-of-the-tests"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
hmac-secret = "hmac-of-the-tests"
[[sources]]
path = "/open"
auth = ["bearer", "header:X-Webhook-Token"]
unauthenticated = "loopback"
[[sources]]
path = "/graded"
auth = ["header:X-Webhook-Token"]
[[sources]]
path = "/user"
auth = ["basic"]
[[sources]]
path = "/signed"
auth = ["standard-webhooks", "github"]
[[sources]]
path = "/tolerant"
name = "Tolerant"
body = "tolerant"
empty-body = true
unauthenticated = "loopback"
[[sources]]
path = "/command"
name = "Command"
unauthenticated = "loopback"
body = "tolerant"
[sources.schema]
type = "object"
required = ["command"]
properties.command = { type = "string", minLength = 1 }
properties.note = { type = "string" }
[[sources]]
path = "/devices"
name = "Devices"
unauthenticated = "loopback"
[sources.schema]
type = "array"
minItems = 1
items = { "$ref" = "#/$defs/device" }
"$defs".device = { type = "object", required = ["port"], properties.port = { type = "integer" } }
[[sources]]
path = "/page/{number}"
method = "GET"
name = "Page"
unauthenticated = "loopback"
[sources.params]
type = "object"
required = ["size"]
properties.number = { type = "integer", minimum = 1 }
properties.size = { type = "integer", minimum = 1, maximum = 100 }
properties.all = { type = "boolean", default = false }
properties.tag = { type = "array", items = { type = "string" } }
properties.sort = { enum = ["up", "down"] }
[[sources]]
path = "/item/{id}"
method = "GET"
name = "ItemAsked"
unauthenticated = "loopback"
respond = "result"
[[sources.steps]]
set = { last = "{{ event.params.id }}" }
[[sources.replies]]
when = "event.params.id == 'none'"
status = 404
json = { detail = "no item", id = "{{ event.params.id }}" }
[[sources.replies]]
json = { id = "{{ event.params.id }}", asked = "at {{ event.received_at }}" }
html = "<p>{{ event.params.id }}</p>"
[[sources]]
path = "/item/{id}"
method = "PUT"
name = "ItemPut"
unauthenticated = "loopback"
respond = "result"
[[sources.steps]]
register = "put"
set = { last = "{{ event.params.id }}" }
[[sources]]
path = "/item/{id}"
method = "DELETE"
name = "ItemGone"
unauthenticated = "loopback"
"##;

/// The credentials of [`RULES`], for schemathesis.
const CREDENTIALS: &str = r#"
[auth.openapi."header_x-webhook-token"]
api_key = "token-of-the-tests"
[auth.openapi.basic]
username = "tests"
password = "password-of-the-tests"
"#;

/// Goal: every answer is one that the description says, whatever is asked; what it calls right is
/// taken, what it calls wrong is refused, and a credential is asked for where it says so.
#[test]
fn schemathesis_finds_nothing() {
    let python = match python() {
        Ok(python) => python,
        Err(missing) => return skip("schemathesis_finds_nothing", missing),
    };
    let project = Project::new();
    project.write("listener.toml", RULES);
    project.write("schemathesis.toml", CREDENTIALS);
    let serve = project.start(&["listener", "serve", "--bind", "127.0.0.1:0"]);
    let document = format!("{}/openapi.json", serve.listener());
    let mut command = Command::new(python.with_file_name("schemathesis"));
    command.args(["run", &document, "--no-color", "--seed", SEED, "--max-examples", EXAMPLES]);
    command.arg("--continue-on-failure");
    let output = command.current_dir(project.path(".")).output().unwrap();
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("19 selected / 19 total"), "{said}");
}
