//! Notifications (RFC 5277): changes of the configuration (RFC 6470), and of links.

use yang::escaped;

use crate::io::{Output, SessionId};
use crate::session::{Door, Origin, Session};
use crate::turn::Turn;

const NOTIFICATION: &str = "urn:ietf:params:xml:ns:netconf:notification:1.0";
const EVENTS: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-notifications";
const IF_MIB: &str = "urn:ietf:params:xml:ns:yang:smiv2:IF-MIB";

/// Somebody has left configuration mode, or a program has changed the configuration.
pub(crate) fn config_changed(turn: &mut Turn<'_>, session: &Session) {
    if !has_subscribers(turn) {
        return;
    }
    let by = match session.user() {
        Some(user) => {
            // Sessions that are not of NETCONF have the number 0 (RFC 6470).
            let is_own = session.origin == Origin::Program(Door::Netconf);
            let mut clients = turn.state.netconf.sessions.values();
            let client = clients.find(|client| is_own && client.user == user);
            let id = client.map_or(0, |client| client.id);
            format!("<username>{}</username><session-id>{id}</session-id>", escaped(user))
        }
        None => "<server/>".to_owned(),
    };
    let body = format!(
        "<netconf-config-change xmlns=\"{EVENTS}\"><changed-by>{by}</changed-by>\
         <datastore>running</datastore></netconf-config-change>"
    );
    notify(turn, &body);
}

/// The line protocol of an interface has changed.
pub(crate) fn link_changed(turn: &mut Turn<'_>, interface: &str, up: bool) {
    if !has_subscribers(turn) {
        return;
    }
    let started = turn.state.system.started();
    let readings = turn.state.interfaces.readings(started, turn.now);
    let reading = readings.iter().find(|reading| reading.name.long() == interface);
    let Some((index, is_enabled)) = reading.map(|reading| (reading.index, reading.is_enabled()))
    else {
        return;
    };
    let (name, oper) = if up { ("linkUp", "up") } else { ("linkDown", "down") };
    let admin = if is_enabled { "up" } else { "down" };
    let body = format!(
        "<{name} xmlns=\"{IF_MIB}\"><object-1><ifIndex>{index}</ifIndex></object-1>\
         <object-2><ifAdminStatus>{admin}</ifAdminStatus></object-2>\
         <object-3><ifOperStatus>{oper}</ifOperStatus></object-3></{name}>"
    );
    notify(turn, &body);
}

fn has_subscribers(turn: &Turn<'_>) -> bool {
    turn.state.netconf.sessions.values().any(|client| client.is_subscribed)
}

fn notify(turn: &mut Turn<'_>, body: &str) {
    let at = turn.state.clock.rfc3339(turn.now);
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<notification xmlns=\"{NOTIFICATION}\">\
         <eventTime>{at}</eventTime>{body}</notification>"
    );
    let mut all: Vec<(SessionId, Vec<u8>)> = Vec::new();
    for (id, client) in &mut turn.state.netconf.sessions {
        if client.is_subscribed {
            client.counts.notifications = client.counts.notifications.wrapping_add(1);
            all.push((*id, client.protocol.message(&text)));
        }
    }
    for (session, bytes) in all {
        turn.out.push(Output::SessionBytes { session, bytes });
    }
}
