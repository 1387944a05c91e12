//! Every kind of fact, device side first, in the order in which a loop meets them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use simtime::Duration;

/// What happened. Its name in a trace line is the variant's in kebab case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Kind {
    /// A scenario step or an `inject` was carried out. `step` is in the words of the scenario.
    Fault {
        /// `shutdown GigabitEthernet1`
        step: String,
        /// Which `[[steps]]` of the scenario it is, from 0; absent for an `inject`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<u32>,
    },
    /// The wire of an interface came alive or went dead.
    Carrier {
        /// The long name of the interface.
        interface: String,
        /// Whether there is a signal.
        up: bool,
    },
    /// An interface changed state; the words are those of `show interfaces`.
    Interface {
        /// The long name.
        name: String,
        /// `up`, `down` or `administratively down`.
        status: String,
        /// The line protocol: `up` or `down`.
        protocol: String,
    },
    /// A neighbour on a wire was heard of, or its hold time ran out.
    Neighbor {
        /// `cdp` or `lldp`.
        protocol: String,
        /// The long name of the own interface.
        interface: String,
        /// What the neighbour calls itself.
        device: String,
        /// Whether it is known now.
        up: bool,
    },
    /// The router goes down, to come up again after its boot.
    Reloading {
        /// `Reload Command`, `crash`, `reset`.
        reason: String,
    },
    /// The router has booted.
    Booted {
        /// From going down to here.
        took: Duration,
    },
    /// The router logged a message.
    Syslog {
        /// 0 (emergencies) to 7 (debugging).
        severity: u8,
        /// `%FACILITY-SEVERITY-MNEMONIC: text`, without sequence number and timestamp.
        message: String,
    },
    /// An applet's event was published and a run of it was queued.
    AppletTriggered {
        /// The applet's name.
        applet: String,
        /// The event type as `show event manager history events` prints it: `syslog`, `none`.
        event: String,
        /// The tags of the events that started it, where its events have tags.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String>,
    },
    /// A run of an applet ended.
    AppletFinished {
        /// The applet's name.
        applet: String,
        /// `success`, or why it ended early.
        result: String,
    },
    /// A run of an applet comes to a statement; told only where somebody asks for it.
    AppletStep {
        /// The applet's name.
        applet: String,
        /// The statement's label.
        label: String,
        /// What it is, as the running-config has it, secrets blanked.
        action: String,
    },
    /// What a statement of an applet has done; told only where somebody asks for it.
    AppletVariables {
        /// The applet's name.
        applet: String,
        /// The statement's label; empty for what the event itself has set.
        label: String,
        /// Of a condition: whether it holds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        holds: Option<bool>,
        /// The variables that are new or have another value.
        changed: BTreeMap<String, String>,
    },
    /// An applet sent something that nothing in the lab receives.
    AppletPublished {
        /// The applet's name.
        applet: String,
        /// Where to: `telemetry`, `cns`.
        to: String,
        /// What.
        text: String,
    },
    /// Somebody asked for a login.
    Login {
        /// The user name, as given.
        user: String,
        /// The address that it came from.
        peer: String,
        /// Whether the router accepted.
        accepted: bool,
        /// If it did, the line that is taken: `vty 0`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<String>,
        /// If it did not, why: `authentication failed`, `no line`, `quiet mode`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A session ended, and its line is free again.
    SessionEnded {
        /// The user name.
        user: String,
        /// `vty 0`
        line: String,
    },
    /// A fault of the scenario met a session of the router.
    SessionFault {
        /// What it did: `hung in mid-output`.
        fault: String,
    },
    /// A session ran one line on the router.
    DeviceCommand {
        /// Who: a user name, `console`, or `EEM:APPLET`.
        by: String,
        /// The line as it was sent, secrets blanked.
        line: String,
    },
    /// Applets kept a line that a session was given from being carried out.
    CommandBlocked {
        /// Who typed it.
        by: String,
        /// The line, secrets blanked.
        line: String,
    },
    /// The router sent a webhook, or sent it again.
    WebhookSent {
        /// Names the delivery: the `webhook-id`, or a number for an emulated curl.
        delivery: String,
        /// 1 for the first try.
        attempt: u32,
        /// The form that the applet used: `send-data`, `http-post`, `curl`.
        form: String,
        /// Where to.
        url: String,
        /// The body, as text; bytes that are no UTF-8 are replaced.
        body: String,
    },
    /// A try of a delivery was answered, or failed.
    WebhookAnswered {
        /// Names the delivery.
        delivery: String,
        /// Which try.
        attempt: u32,
        /// The HTTP status, when there was an answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        /// The `id` in a JSON answer: the listener's event.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        event: Option<String>,
        /// Why there was no answer: `connection refused`, `timeout`, `not allowed`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    },
    /// A router hands a mail to its server.
    MailSent {
        /// The server, without a user.
        server: String,
        /// The sender.
        from: String,
        /// All recipients.
        to: Vec<String>,
        /// The subject.
        subject: String,
        /// The text.
        body: String,
    },
    /// The server took the mail, or not.
    MailAnswered {
        /// The server.
        server: String,
        /// Why not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    },
    /// A fault of the scenario met a delivery on its way to the listener.
    DeliveryFault {
        /// Names the delivery.
        delivery: String,
        /// What it did: `dropped`, `delayed by 2s`, `sent twice`.
        fault: String,
    },
    /// A fault of the scenario met the listener, or its end came.
    ListenerFault {
        /// `unreachable`, `reachable`, `killed`, `restarted`, ...
        state: String,
    },
    /// The listener takes deliveries from now on.
    Started {
        /// Where: `http://127.0.0.1:8000`.
        address: String,
        /// The port of it.
        port: u16,
    },
    /// The listener has ended in order.
    Stopped,
    /// The listener took a delivery in.
    Received {
        /// The id that the event will have.
        event: String,
        /// The source's path.
        source: String,
        /// The event's name: `InterfaceDown`.
        #[serde(default)]
        name: String,
        /// The address that it came from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        peer: Option<String>,
        /// Bytes of the body.
        bytes: usize,
        /// What the body was, if it was no JSON: `single-quoted`, `form`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        normalized_from: Option<String>,
    },
    /// The credential held, and the device is known (or not).
    Verified {
        /// The event.
        event: String,
        /// The event's name: `InterfaceDown`.
        name: String,
        /// How the device was found: `credential`, `claimed`, `relay`, `address`, `unknown`.
        device_from: String,
    },
    /// A delivery was refused.
    Rejected {
        /// The source's path.
        source: String,
        /// The HTTP status of the answer.
        status: u16,
        /// Why, as the answer's `detail` says it.
        reason: String,
        /// The address that it came from, where that is known still.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        peer: Option<String>,
    },
    /// Lines of syslog came by datagram for which there was no room.
    LinesLost {
        /// Their source: `syslog-udp`.
        source: String,
        /// How many, since this was last told.
        lines: u64,
    },
    /// A delivery came again and started nothing.
    Duplicate {
        /// The event that it repeats.
        event: String,
    },
    /// The event is on disk: from here a 2xx may be given.
    Journalled {
        /// The event.
        event: String,
    },
    /// One rule was asked about one event.
    RuleDecided {
        /// The event.
        event: String,
        /// The rule's name.
        rule: String,
        /// Whether its condition holds.
        matched: bool,
        /// Whether it fires: it can match and be held back by a throttle.
        fired: bool,
        /// Why, or why not.
        reason: String,
    },
    /// Every rule was asked about an event, and that is durable with what follows.
    Decided {
        /// The event.
        event: String,
        /// How many jobs follow.
        jobs: usize,
    },
    /// A rule's actions wait for their turn on a device.
    JobQueued {
        /// The job.
        job: String,
        /// Its event.
        event: String,
        /// The rule that started it.
        rule: String,
    },
    /// A job waits until somebody approves it.
    JobWaiting {
        /// The job.
        job: String,
        /// Its event.
        event: String,
        /// The rule that started it.
        rule: String,
    },
    /// Somebody approved or denied a job that waited.
    JobAnswered {
        /// The job.
        job: String,
        /// Its event.
        event: String,
        /// Who.
        by: String,
        /// `approved` or `denied`.
        consent: String,
    },
    /// A device refused a credential: until that changes, its jobs fail without a login.
    BreakerOpened {
        /// The job that was refused.
        job: String,
        /// What the device refused.
        reason: String,
    },
    /// The listener opens a session.
    Connecting {
        /// The job.
        job: String,
        /// 1 for the first try.
        attempt: u32,
        /// Whether an earlier try may have sent a command whose answer is not recorded.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        in_doubt: bool,
    },
    /// The session stands: logged in, shell open.
    Connected {
        /// The job.
        job: String,
        /// Which try.
        attempt: u32,
    },
    /// The session could not be opened, or broke.
    ConnectFailed {
        /// The job.
        job: String,
        /// Which try.
        attempt: u32,
        /// Why.
        error: String,
    },
    /// One command of a job was answered.
    CommandDone {
        /// The job.
        job: String,
        /// Its event.
        event: String,
        /// The command as sent.
        command: String,
        /// What the device answered, without echo and prompt.
        output: String,
        /// Whether the device took it: no `% ` error, no timeout.
        ok: bool,
        /// From sending the line to its prompt.
        took: Duration,
    },
    /// An API was asked, and answered or did not.
    ApiCalled {
        /// The job.
        job: String,
        /// Its event.
        event: String,
        /// The API's name in listener.toml.
        api: String,
        /// The method.
        method: String,
        /// The path below the API's own, with its query.
        path: String,
        /// The status of the answer.
        status: Option<u16>,
        /// Bytes of its body.
        bytes: usize,
        /// Why there is none.
        error: Option<String>,
        /// From the request to its end.
        took: Duration,
    },
    /// A file of the listener's own was written.
    FileWritten {
        /// The job.
        job: String,
        /// Its event.
        event: String,
        /// Its name below the listener's directory.
        file: String,
        /// How many bytes.
        bytes: u64,
    },
    /// A job ended.
    JobDone {
        /// The job.
        job: String,
        /// Its event.
        event: String,
        /// What it does on its device: `show`, `configure`, `netconf`, ...
        #[serde(default)]
        action: String,
        /// `done`, or `failed: ` and why.
        outcome: String,
    },
}

impl Kind {
    /// The names of all kinds, as a trace has them.
    pub const NAMES: [&'static str; 43] = [
        "fault",
        "carrier",
        "interface",
        "neighbor",
        "reloading",
        "booted",
        "syslog",
        "applet-triggered",
        "applet-finished",
        "applet-step",
        "applet-variables",
        "applet-published",
        "login",
        "session-ended",
        "session-fault",
        "device-command",
        "command-blocked",
        "webhook-sent",
        "webhook-answered",
        "mail-sent",
        "mail-answered",
        "delivery-fault",
        "listener-fault",
        "started",
        "stopped",
        "received",
        "verified",
        "rejected",
        "duplicate",
        "journalled",
        "rule-decided",
        "decided",
        "job-queued",
        "job-waiting",
        "job-answered",
        "breaker-opened",
        "connecting",
        "connected",
        "connect-failed",
        "command-done",
        "api-called",
        "file-written",
        "job-done",
    ];

    /// The name of the kind, as a trace has it.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Fault { .. } => "fault",
            Kind::Carrier { .. } => "carrier",
            Kind::Interface { .. } => "interface",
            Kind::Neighbor { .. } => "neighbor",
            Kind::Reloading { .. } => "reloading",
            Kind::Booted { .. } => "booted",
            Kind::Syslog { .. } => "syslog",
            Kind::AppletTriggered { .. } => "applet-triggered",
            Kind::AppletFinished { .. } => "applet-finished",
            Kind::AppletStep { .. } => "applet-step",
            Kind::AppletVariables { .. } => "applet-variables",
            Kind::AppletPublished { .. } => "applet-published",
            Kind::Login { .. } => "login",
            Kind::SessionEnded { .. } => "session-ended",
            Kind::SessionFault { .. } => "session-fault",
            Kind::DeviceCommand { .. } => "device-command",
            Kind::CommandBlocked { .. } => "command-blocked",
            Kind::WebhookSent { .. } => "webhook-sent",
            Kind::WebhookAnswered { .. } => "webhook-answered",
            Kind::MailSent { .. } => "mail-sent",
            Kind::MailAnswered { .. } => "mail-answered",
            Kind::DeliveryFault { .. } => "delivery-fault",
            Kind::ListenerFault { .. } => "listener-fault",
            Kind::Started { .. } => "started",
            Kind::Stopped => "stopped",
            Kind::Received { .. } => "received",
            Kind::Verified { .. } => "verified",
            Kind::Rejected { .. } => "rejected",
            Kind::LinesLost { .. } => "lines-lost",
            Kind::Duplicate { .. } => "duplicate",
            Kind::Journalled { .. } => "journalled",
            Kind::RuleDecided { .. } => "rule-decided",
            Kind::Decided { .. } => "decided",
            Kind::JobQueued { .. } => "job-queued",
            Kind::JobWaiting { .. } => "job-waiting",
            Kind::JobAnswered { .. } => "job-answered",
            Kind::BreakerOpened { .. } => "breaker-opened",
            Kind::Connecting { .. } => "connecting",
            Kind::Connected { .. } => "connected",
            Kind::ConnectFailed { .. } => "connect-failed",
            Kind::CommandDone { .. } => "command-done",
            Kind::ApiCalled { .. } => "api-called",
            Kind::FileWritten { .. } => "file-written",
            Kind::JobDone { .. } => "job-done",
        }
    }

    /// The texts in which somebody else's words stand: a device's, a sender's, a typist's. Whoever
    /// tells a fact takes the secrets out of these first.
    pub fn texts_mut(&mut self) -> Vec<&mut String> {
        match self {
            Kind::Fault { step, .. } => vec![step],
            Kind::Neighbor { device, .. } => vec![device],
            Kind::Reloading { reason } => vec![reason],
            Kind::Syslog { message, .. } => vec![message],
            Kind::AppletFinished { result, .. } => vec![result],
            Kind::Login { user, .. } | Kind::SessionEnded { user, .. } => vec![user],
            Kind::AppletStep { action, .. } => vec![action],
            Kind::AppletVariables { changed, .. } => changed.values_mut().collect(),
            Kind::AppletPublished { text, .. } => vec![text],
            Kind::DeviceCommand { line, .. } | Kind::CommandBlocked { line, .. } => vec![line],
            Kind::WebhookSent { url, body, .. } => vec![url, body],
            Kind::MailSent { server, from, to, subject, body } => {
                let others = [server, from, subject, body];
                others.into_iter().chain(to).collect()
            }
            Kind::MailAnswered { server, error } => [server].into_iter().chain(error).collect(),
            Kind::WebhookAnswered { event, error, .. } => event.iter_mut().chain(error).collect(),
            Kind::Received { name, .. } | Kind::Verified { name, .. } => vec![name],
            Kind::Rejected { source, reason, .. } => vec![source, reason],
            Kind::RuleDecided { reason, .. } => vec![reason],
            Kind::BreakerOpened { reason, .. } => vec![reason],
            Kind::ConnectFailed { error, .. } => vec![error],
            Kind::CommandDone { command, output, .. } => vec![command, output],
            Kind::ApiCalled { path, error, .. } => [path].into_iter().chain(error).collect(),
            Kind::FileWritten { file, .. } => vec![file],
            Kind::JobDone { outcome, .. } => vec![outcome],
            Kind::Interface { .. }
            | Kind::Carrier { .. }
            | Kind::Booted { .. }
            | Kind::SessionFault { .. }
            | Kind::DeliveryFault { .. }
            | Kind::ListenerFault { .. }
            | Kind::Decided { .. }
            | Kind::AppletTriggered { .. }
            | Kind::Started { .. }
            | Kind::Stopped
            | Kind::LinesLost { .. }
            | Kind::Duplicate { .. }
            | Kind::Journalled { .. }
            | Kind::JobQueued { .. }
            | Kind::JobWaiting { .. }
            | Kind::JobAnswered { .. }
            | Kind::Connecting { .. }
            | Kind::Connected { .. } => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a kind is called as the trace calls it. Method: one that serde has named.
    #[test]
    fn names_are_those_of_the_trace() {
        let kinds = [
            Kind::Journalled { event: "e".into() },
            Kind::Stopped,
            Kind::Carrier { interface: "i".into(), up: true },
        ];
        for kind in kinds {
            let value = serde_json::to_value(&kind).expect("string keys");
            assert_eq!(value["fact"], kind.name());
            assert!(Kind::NAMES.contains(&kind.name()));
        }
    }
}
