//! The boundary of a router: all that it can be told, and all that it can ask for.

mod debug;
mod hello;
mod http;
mod mail;
mod packet;
mod ssh;
mod stimulus;
mod syslog;
mod time;
mod vrf;

pub use stimulus::{CPU_PROCESS_DEFAULT, Counter, Direction, Ramp, Stimulus, SupplyState};
mod said;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use fact::{Kind, TraceId};

use crate::feature::template::Shows;
use crate::platform::Platform;

pub use hello::{Beat, Hello};
pub use http::{Distrust, HTTP_ANSWER_BYTES_MAX, HttpFailure, HttpOutcome, HttpTrust};
pub use mail::{Mail, MailFailure, MailId};
pub use packet::{Packet, Payload, Way};
pub use said::{ClockChange, RawMessage};
pub use ssh::{ClientEvent, Proof, SshServer};
pub use syslog::{Collector, CollectorEvent, SyslogTransport};
pub use time::TimeServed;
pub use vrf::VrfId;

/// One management session (an SSH channel), numbered by whoever opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// One HTTP request that a router asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// One echo request that a router sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PingId(pub u64);

/// What a router can be told.
#[derive(Clone)]
pub enum Input<'a> {
    /// A deadline that [`crate::Device::next_deadline`] named has come.
    Deadline,
    /// The wire of an interface came alive or went dead.
    Carrier {
        /// The long name.
        interface: &'a str,
        /// Whether there is a signal.
        up: bool,
        /// The fault that caused it.
        trace: Option<TraceId>,
    },
    /// Something in or around the router changes: its load, its memory, its surroundings.
    Stimulus {
        /// What.
        stimulus: Stimulus<'a>,
        /// The fault that caused it.
        trace: Option<TraceId>,
    },
    /// Somebody at the console typed these lines in configuration mode.
    Configure {
        /// The lines, as typed.
        lines: &'a [String],
        /// The fault that this is.
        trace: Option<TraceId>,
    },
    /// Somebody somewhere tries to log in with a password that is none.
    LoginGuessed {
        /// The user name.
        user: &'a str,
        /// Where from.
        peer: IpAddr,
        /// The fault that this is.
        trace: Option<TraceId>,
    },
    /// Somebody reloads the router: it says so, goes down, and comes up with its startup-config.
    Reload {
        /// The reason that is given; `Reload Command` if empty.
        reason: &'a str,
        /// How long it boots; [`BOOT_DEFAULT`] if none is given.
        boot: Option<simtime::Duration>,
        /// The fault that this is.
        trace: Option<TraceId>,
    },
    /// The software of the router dies; it comes up with its startup-config.
    Crash {
        /// Why, as `show version` says it afterwards.
        cause: &'a str,
        /// How long it boots; [`BOOT_DEFAULT`] if none is given.
        boot: Option<simtime::Duration>,
        /// The fault that this is.
        trace: Option<TraceId>,
    },
    /// Somebody at the console sets the router's clock.
    ClockSet {
        /// To what.
        to: ClockChange,
        /// The fault that this is.
        trace: Option<TraceId>,
    },
    /// The router logs a message as if a part of IOS XE had it to say.
    Log {
        /// The message.
        message: &'a RawMessage,
        /// The fault that this is.
        trace: Option<TraceId>,
    },
    /// Somebody at the console, in privileged EXEC, typed these lines.
    Execute {
        /// The lines, as typed.
        lines: &'a [String],
        /// The fault that this is.
        trace: Option<TraceId>,
    },
    /// A client asks to log in with a password. Answered by [`Output::LoginVerdict`].
    LoginAsked {
        /// Which session.
        session: SessionId,
        /// The user name.
        user: &'a str,
        /// The password.
        password: &'a str,
        /// Where the client is.
        peer: IpAddr,
    },
    /// A client does something over SSH beside typing.
    Client {
        /// Which session.
        session: SessionId,
        /// What it does.
        event: ClientEvent<'a>,
    },
    /// A logged-in client wants a shell, or one command run.
    SessionOpened {
        /// Which session.
        session: SessionId,
        /// What it wants.
        kind: SessionKind,
    },
    /// Bytes that a client typed.
    SessionBytes {
        /// Which session.
        session: SessionId,
        /// The bytes.
        bytes: &'a [u8],
    },
    /// The client is gone.
    SessionClosed {
        /// Which session.
        session: SessionId,
    },
    /// A client asks something of RESTCONF. Answered by [`Output::Restconf`] at once.
    Restconf {
        /// Its connection.
        session: SessionId,
        /// Where the client is.
        peer: IpAddr,
        /// The header `Authorization`.
        authorization: Option<&'a str>,
        /// The rest of the request.
        request: &'a restconf::Request,
    },
    /// A request of [`Output::HttpRequest`] ended.
    HttpOutcome {
        /// Which request.
        request: RequestId,
        /// How it ended.
        outcome: HttpOutcome,
    },
    /// What a neighbour sends to an interface from now on; `None` is silence.
    Heard {
        /// The long name.
        interface: &'a str,
        /// What it says, again and again.
        hello: Option<Arc<Hello>>,
    },
    /// Something happened to the connection to a collector of [`Output::Syslog`].
    Collector {
        /// Which collector.
        collector: &'a Collector,
        /// What.
        event: CollectorEvent,
    },
    /// A mail of [`Output::Mail`] was taken by its server, or not.
    MailOutcome {
        /// Which mail.
        mail: MailId,
        /// How it ended.
        outcome: Result<(), MailFailure>,
    },
    /// Somebody has answered an [`Output::Probe`].
    ProbeAnswered {
        /// Which probe.
        probe: PingId,
        /// Who.
        by: IpAddr,
    },
    /// A router has answered an [`Output::TimeAsked`].
    TimeTold {
        /// Which request.
        ask: PingId,
        /// What it said.
        served: TimeServed,
    },
    /// The reply to an [`Output::Ping`] has arrived. A request that is lost is never answered: the
    /// router times it out itself.
    PingAnswered {
        /// Which request.
        ping: PingId,
    },
}

impl Input<'_> {
    /// The fault that it is, or that caused it; `None` of an input that is nobody's fault.
    pub(crate) fn trace(&self) -> Option<Option<TraceId>> {
        match self {
            Input::Carrier { trace, .. }
            | Input::Stimulus { trace, .. }
            | Input::Configure { trace, .. }
            | Input::LoginGuessed { trace, .. }
            | Input::Reload { trace, .. }
            | Input::Crash { trace, .. }
            | Input::ClockSet { trace, .. }
            | Input::Log { trace, .. }
            | Input::Execute { trace, .. } => Some(*trace),
            Input::Deadline
            | Input::LoginAsked { .. }
            | Input::Client { .. }
            | Input::SessionOpened { .. }
            | Input::SessionBytes { .. }
            | Input::SessionClosed { .. }
            | Input::Restconf { .. }
            | Input::HttpOutcome { .. }
            | Input::Heard { .. }
            | Input::Collector { .. }
            | Input::MailOutcome { .. }
            | Input::ProbeAnswered { .. }
            | Input::TimeTold { .. }
            | Input::PingAnswered { .. } => None,
        }
    }
}

/// From going down to the prompt, when nobody says another time.
pub const BOOT_DEFAULT: simtime::Duration = simtime::Duration::from_secs(60);

/// What a logged-in client wants of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// A terminal.
    Shell,
    /// One command, then the end (`ssh host 'show clock'`).
    Exec(String),
    /// NETCONF: the subsystem of that name (RFC 6242).
    Netconf,
}

/// What a router can ask for or say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// The answer to [`Input::LoginAsked`].
    LoginVerdict {
        /// Which session.
        session: SessionId,
        /// The answer.
        verdict: LoginVerdict,
    },
    /// Bytes for a client.
    SessionBytes {
        /// Which session.
        session: SessionId,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// The router ends a session.
    SessionClose {
        /// Which session.
        session: SessionId,
        /// The exit status, for a client that asked for one command.
        status: u32,
    },
    /// The answer to [`Input::Restconf`].
    Restconf {
        /// Which connection.
        session: SessionId,
        /// The answer.
        response: restconf::Response,
    },
    /// A message for a syslog collector.
    Syslog {
        /// Which collector.
        collector: Collector,
        /// The whole message, not framed: the transport does that.
        message: Vec<u8>,
        /// How many messages may wait for a connection.
        queue_max: u32,
    },
    /// Nothing more comes for a collector: its connection ends.
    SyslogEnded {
        /// Which collector.
        collector: Collector,
    },
    /// An HTTP request. Answered by [`Input::HttpOutcome`] unless it is handed over.
    HttpRequest(HttpRequest),
    /// A mail. Answered by [`Input::MailOutcome`].
    Mail(Mail),
    /// One ICMP echo request (RFC 792). Answered by [`Input::PingAnswered`] after the round trip,
    /// or never.
    Ping {
        /// Names it for the reply.
        ping: PingId,
        /// By which table it is routed.
        vrf: VrfId,
        /// The long name of the port that it leaves by, where the address is one of a link.
        port: Option<String>,
        /// The address that it leaves from, when the command named one.
        source: Option<IpAddr>,
        /// Where to.
        address: IpAddr,
        /// The size of the datagram in bytes.
        bytes: u32,
    },
    /// One request of NTP (RFC 5905). Answered by [`Input::TimeTold`] with what
    /// [`crate::Device::time`] of the router there says, or never.
    TimeAsked {
        /// Names it for the answer.
        ask: PingId,
        /// The table that it is routed by.
        vrf: VrfId,
        /// The address that it leaves from, when the configuration names one.
        source: Option<Ipv4Addr>,
        /// Where to.
        address: Ipv4Addr,
        /// The key that the answer is to be proved with.
        key: Option<u32>,
    },
    /// One probe of a `traceroute`. Answered by [`Input::ProbeAnswered`], by the address itself or
    /// by the router that takes the last of its time to live; or never.
    Probe {
        /// Names it for the reply.
        probe: PingId,
        /// By which table it is routed.
        vrf: VrfId,
        /// The address that it leaves from, when the command named one.
        source: Option<IpAddr>,
        /// Where to.
        address: IpAddr,
        /// How many routers it may pass.
        ttl: u8,
    },
    /// A port begins or ends to send light: whoever carries the wire tells the other end.
    Carrier {
        /// The long name of the interface.
        interface: String,
        /// Whether it sends.
        up: bool,
        /// The fault that caused it.
        trace: Option<TraceId>,
    },
    /// The router went down, or has come up: its ports are dark, or send again.
    Power {
        /// Whether it is up.
        up: bool,
        /// The fault that caused it.
        trace: Option<TraceId>,
    },
    /// Something happened.
    Fact {
        /// What.
        kind: Kind,
        /// The fault that caused it.
        trace: Option<TraceId>,
    },
}

/// The answer to a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginVerdict {
    /// Come in.
    Accepted,
    /// Wrong user or password: the client may try again on this connection.
    Rejected,
    /// All VTY lines are taken: the connection ends.
    NoLine,
    /// Too many logins failed (`login block-for`): nobody gets in for a while.
    Quiet,
    /// The list of the line (`access-class`) keeps the client out: the connection ends.
    Denied,
    /// The router is down: nothing answers.
    Down,
}

/// An HTTP request of a router.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// Names it for the outcome.
    pub request: RequestId,
    /// Which of the webhook forms made it.
    pub form: HttpForm,
    /// `POST`, `GET`, ...
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// The headers that the form gave, in order. The sender adds its own to the handed-over forms.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whom it believes, if the URL is one of https.
    pub trust: HttpTrust,
    /// How long the router waits for the answer.
    pub timeout: simtime::Duration,
    /// The fault that caused it.
    pub trace: Option<TraceId>,
}

/// Who made an HTTP request, which decides what the sender adds and whether it tries again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpForm {
    /// The course's `event manager action send-data`: handed over to the lab's sender.
    SendData,
    /// The course's `action N http post`: handed over to the lab's sender.
    HttpPost,
    /// An emulated `curl`: sent once, exactly as its arguments say.
    Curl,
}

impl HttpForm {
    /// The form's name in facts and traces.
    pub fn as_str(self) -> &'static str {
        match self {
            HttpForm::SendData => "send-data",
            HttpForm::HttpPost => "http-post",
            HttpForm::Curl => "curl",
        }
    }
}

/// Where a router's outputs go, in order.
#[derive(Debug, Default)]
pub struct Outbox(pub Vec<Output>);

impl Outbox {
    /// Adds one output.
    pub fn push(&mut self, output: Output) {
        self.0.push(output);
    }
}

/// All that a router is made from.
#[derive(Clone)]
pub struct DeviceConfig {
    /// Its name in the topology: the hostname until its configuration says another.
    pub name: Arc<str>,
    /// The hardware that it claims to be.
    pub platform: Platform,
    /// Which webhook forms it understands.
    pub dialect: Dialect,
    /// The show commands that templates answer.
    pub shows: Shows,
    /// The lines of its startup-config, if it has one.
    pub startup: Option<String>,
    /// What lies in its file systems beside its image: `flash:ca.pem`, and what is in it.
    pub files: Vec<(String, Vec<u8>)>,
    /// A local user of privilege 15 that exists unless the startup-config defines one of that name.
    pub user: Option<(String, String)>,
    /// The interfaces whose wire is dead when it has booted, by their long names.
    pub dark: Vec<String>,
    /// Seeds serial numbers and MAC addresses.
    pub rng: simtime::Rng,
}

/// Names the router only: a startup-config and a user hold secrets.
impl fmt::Debug for DeviceConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceConfig").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Which forms of sending a webhook an applet may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// What a real IOS XE does: only `guestshell run curl`.
    #[default]
    IosXe,
    /// The course's forms too: `event manager action send-data`, `http post`, a bare `curl`.
    Course,
}

/// How many interfaces a router has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InterfaceCounts {
    /// Those whose line protocol is up.
    pub up: usize,
    /// All.
    pub total: usize,
}

/// One interface, as `show ip interface brief` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceView {
    /// The long name.
    pub name: String,
    /// Its address, while it has one.
    pub address: Option<Ipv4Addr>,
    /// `up`, `down` or `administratively down`.
    pub status: &'static str,
    /// `up` or `down`.
    pub protocol: &'static str,
}

/// Who sits at a VTY line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionView {
    /// The user; empty for an applet that names none.
    pub user: String,
    /// `vty 0`
    pub line: String,
    /// The client's address, or `EEM:APPLET`.
    pub from: String,
    /// When it was taken.
    pub since: simtime::Time,
}

/// A registered applet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppletView {
    /// Its name.
    pub name: String,
    /// What it waits for: `syslog`, `none`.
    pub event: &'static str,
    /// How many runs its event has started since it was registered.
    pub runs: u64,
}

/// An address that a router has, for whoever carries its packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceAddress {
    /// The long name of its interface.
    pub interface: String,
    /// The address: of IPv4 or IPv6, those of a link last.
    pub address: IpAddr,
    /// The table that the interface is in.
    pub vrf: VrfId,
    /// Whether the line protocol of the interface is up.
    pub up: bool,
}
