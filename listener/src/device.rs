//! `listener device check NODE`: a login in steps, each `ok` or with a hint.
//!
//! Uses the very client and driver that jobs use, host-key rule included, and changes nothing on
//! the device but the size of its own terminal.

mod api;
mod probe;
mod terminal;

use std::path::PathBuf;
use std::sync::Arc;

use automation::Door;
use host::message::{ERROR, HINT, SUCCESS};
use host::text::printable;
use host::{ExpectedError, StateDir, message};
use secrecy::SecretString;
use serde::Serialize;
use topology::Topology;

use crate::args::DeviceCheck;
use crate::connect::{Clients, KnownHosts, Target, TargetError};
use crate::load::load_inventory;
use crate::open_state;

/// What one step found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Finding {
    /// `tcp`, `host key`, ...
    check: &'static str,
    ok: bool,
    /// What was found, or what is wrong.
    detail: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

#[derive(Serialize)]
struct Report<'a> {
    node: &'a str,
    address: String,
    ok: bool,
    checks: &'a [Finding],
}

/// Runs the verb; a step that fails answers "no".
pub(crate) async fn check(args: DeviceCheck) -> Result<(), ExpectedError> {
    let inventory = load_inventory(&args.files)?;
    let target = target(&inventory, &args.node, Door::Shell)?;
    let enable = enable_secret(&inventory, &args.node)?;
    let state: StateDir = open_state(args.state.state.as_deref())?;
    let known = KnownHosts::at(state.known_hosts());
    let mut findings = probe::run(&target, &known, enable).await;
    findings.extend(apis(&inventory, &args.node, &known, state.authority()).await?);
    let ok = findings.iter().all(|finding| finding.ok);
    if args.format.is_json() {
        let address = target.address.to_string();
        let report = Report { node: &args.node, address, ok, checks: &findings };
        let text = serde_json::to_string(&report).map_err(ExpectedError::environment)?;
        message::data(&text)?;
    } else {
        message::data(&table(&target, &findings))?;
    }
    if ok { Ok(()) } else { Err(ExpectedError::AnsweredNo) }
}

/// What the node's other servers say, where the inventory names them.
async fn apis(
    inventory: &Topology,
    name: &str,
    known: &Arc<KnownHosts>,
    authority: PathBuf,
) -> Result<Vec<Finding>, ExpectedError> {
    let mut findings = Vec::new();
    let Some(node) = inventory.nodes.get(name) else { return Ok(findings) };
    if node.netconf.is_some() {
        findings.push(api::netconf(&target(inventory, name, Door::Netconf)?, known).await);
    }
    if node.restconf.is_some() {
        let target = Clients::of_lab(authority).target(name, node);
        findings.push(api::restconf(&target.map_err(ExpectedError::environment)?).await);
    }
    Ok(findings)
}

fn target(inventory: &Topology, name: &str, door: Door) -> Result<Target, ExpectedError> {
    let Some(node) = inventory.nodes.get(name) else {
        let error = ExpectedError::usage(TargetError::UnknownNode(name.to_owned()));
        let names = inventory.nodes.keys().map(String::as_str);
        return Err(match diagnostic::nearest(name, names) {
            Some(nearest) => error.with_hint(format!("did you mean `{nearest}`?")),
            None => error,
        });
    };
    Target::of(name, node, door).map_err(ExpectedError::environment)
}

fn enable_secret(inventory: &Topology, name: &str) -> Result<Option<SecretString>, ExpectedError> {
    let secret = inventory.nodes.get(name).and_then(|node| node.enable.as_ref());
    let value = secret.map(|secret| secret.expose().map(SecretString::from)).transpose();
    value.map_err(|reason| {
        let node = name.to_owned();
        ExpectedError::environment(TargetError::Secret { what: "enable secret", node, reason })
    })
}

/// One line a step, the hint below it.
fn table(target: &Target, findings: &[Finding]) -> String {
    let mut lines = vec![target.to_string().replace('`', "")];
    for Finding { check, ok, detail, hint } in findings {
        let (style, word) = if *ok { (SUCCESS, "ok") } else { (ERROR, "failed") };
        let detail = printable(detail);
        lines.push(format!("  {check:<10} {style}{word:<6}{style:#}  {detail}"));
        if let Some(hint) = hint {
            lines.push(format!("  {:<10} {HINT}hint{HINT:#}    {}", "", printable(hint)));
        }
    }
    lines.join("\n")
}
