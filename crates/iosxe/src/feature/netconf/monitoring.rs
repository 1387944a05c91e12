//! `netconf-state` (RFC 6022): what the router says of its own sessions.

use netconf::Target;
use simtime::Time;
use yang::Element;

use super::has_candidate;
use crate::device::State;
use crate::models::{SCHEMA, capabilities};

/// The state of NETCONF itself, below this node.
pub(crate) fn monitoring(state: &State, _: Time, top: &'static yang::Node) -> Option<Element> {
    let mut whole = Element::branch(top, Vec::new());
    for uri in capabilities(has_candidate(state)) {
        whole.set(&["capabilities", "capability"], &uri)?;
    }
    let child = |above: &'static yang::Node, name: &str| above.child(top.module, name);
    let stores = child(top, "datastores")?;
    let store = child(stores, "datastore")?;
    let mut names = vec![("running", Target::Running)];
    if has_candidate(state) {
        names.push(("candidate", Target::Candidate));
    }
    let mut rows = Vec::new();
    for (name, target) in names {
        let mut row = Element::branch(store, Vec::new());
        row.set(&["name"], name)?;
        if let Some((_, by, at)) = state.netconf.locks.iter().find(|(held, ..)| *held == target) {
            row.set(&["locks", "global-lock", "locked-by-session"], &by.to_string())?;
            let at = state.clock.rfc3339(*at);
            row.set(&["locks", "global-lock", "locked-time"], &at)?;
        }
        rows.push(row);
    }
    whole.add(Element::branch(top, vec![Element::branch(stores, rows)]));
    let schemas = child(top, "schemas")?;
    let schema = child(schemas, "schema")?;
    let mut rows = Vec::new();
    for module in &SCHEMA.modules {
        let mut row = Element::branch(schema, Vec::new());
        row.set(&["identifier"], &module.name)?;
        row.set(&["version"], &module.revision)?;
        row.set(&["format"], "yang")?;
        row.set(&["namespace"], &module.namespace)?;
        row.set(&["location"], "NETCONF")?;
        rows.push(row);
    }
    whole.add(Element::branch(top, vec![Element::branch(schemas, rows)]));
    let sessions = child(top, "sessions")?;
    let session = child(sessions, "session")?;
    let mut rows = Vec::new();
    for client in state.netconf.sessions.values() {
        let mut row = Element::branch(session, Vec::new());
        row.set(&["session-id"], &client.id.to_string())?;
        row.set(&["transport"], "netconf-ssh")?;
        row.set(&["username"], &client.user)?;
        row.set(&["source-host"], &client.peer.to_string())?;
        row.set(&["login-time"], &state.clock.rfc3339(client.since))?;
        row.set(&["in-rpcs"], &client.counts.requests.to_string())?;
        row.set(&["in-bad-rpcs"], &client.counts.bad.to_string())?;
        row.set(&["out-rpc-errors"], &client.counts.errors.to_string())?;
        row.set(&["out-notifications"], &client.counts.notifications.to_string())?;
        rows.push(row);
    }
    whole.add(Element::branch(top, vec![Element::branch(sessions, rows)]));
    statistics(&mut whole, state)?;
    Some(whole)
}

fn statistics(whole: &mut Element, state: &State) -> Option<()> {
    let count = |name: &str, count: u32| (name.to_owned(), count.to_string());
    let (all, netconf) = (state.netconf.totals(), &state.netconf);
    let started = state.clock.rfc3339(state.system.started());
    for (name, value) in [
        ("netconf-start-time".to_owned(), started),
        count("in-bad-hellos", netconf.bad_hellos),
        count("in-sessions", netconf.last_id),
        count("dropped-sessions", netconf.dropped),
        count("in-rpcs", all.requests),
        count("in-bad-rpcs", all.bad),
        count("out-rpc-errors", all.errors),
        count("out-notifications", all.notifications),
    ] {
        whole.set(&["statistics", &name], &value)?;
    }
    Some(())
}
