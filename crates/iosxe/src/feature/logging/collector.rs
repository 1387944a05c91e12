//! `logging host`: collectors, and what the router says of them.
//!
//! Whether a connection stands is told by whoever carries it ([`collector_told`]); `emit` sends.

use std::net::IpAddr;

use cli::{Args, Kind, No, Token, any_of, kw, one_of, opt, param};
use simtime::Duration;

use super::{Logging, Message, discriminator};
use crate::command::{Command, Handler, Mode, Reply};
use crate::config::is_word;
use crate::device::Timer;
use crate::io::{Collector, CollectorEvent, Output, SyslogTransport};
use crate::session::Session;
use crate::turn::Turn;

/// How many collectors one router sends to.
const HOSTS_MAX: usize = 16;

/// The name of what the router says of the beginning and the end. IOS XE 17 says at once that it
/// was asked to, with port 0, and a second later that it has begun.
const STARTSTOP: &str = "LOGGINGHOST_STARTSTOP";

/// How long after `logging host` the router says that it has begun (syslog.md, section 1.4).
const HOST_START_DELAY: Duration = Duration::from_secs(1);

/// One collector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Host {
    pub(super) collector: Collector,
    pub(super) vrf: Option<String>,
    pub(super) audit: bool,
    pub(super) profile: Option<String>,
    pub(super) discriminator: Option<String>,
    /// `sequence-num-session`
    pub(super) numbered: bool,
    pub(super) session_id: Option<SessionTag>,
    /// `xml`, `filtered`: printed back. Messages have one form here, and there is no filter.
    pub(super) form: Option<Form>,
    /// Whether its connection stands.
    pub(super) is_down: bool,
    pub(super) counts: HostCounts,
}

/// Messages of one collector by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct HostCounts {
    /// Its message counter.
    pub(super) sent: u64,
    pub(super) rate_limited: u64,
    pub(super) dropped_by_md: u64,
}

/// `session-id`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SessionTag {
    Hostname,
    Ipv4,
    Ipv6,
    Text(String),
}

/// In which form a collector is to have its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Xml,
    Filtered { stream: Option<u64> },
}

const LOGGING: Token = kw("logging", "Modify message logging facilities");
const PORT: Kind = Kind::Integer { min: 1, max: 65_535 };

const TRANSPORT: Token = one_of(&[
    &[
        kw("tcp", "Transport Control Protocol"),
        any_of(&[
            &[kw("audit", "Set this host for IOS firewall audit logging")],
            &[kw("port", "Specify the TCP port number (default=601)"), param("port", PORT, "Port")],
        ]),
    ],
    &[
        kw("tls", "Transport Layer Security"),
        any_of(&[
            &[
                kw("port", "Specify the TLS port number (default=6514)"),
                param("port", PORT, "Port"),
            ],
            &[
                kw("profile", "Specify the TLS profile"),
                param("profile", Kind::Word, "Name of the TLS profile"),
            ],
        ]),
    ],
    &[
        kw("udp", "User Datagram Protocol"),
        opt(&[
            kw("port", "Specify the UDP port number (default=514)"),
            param("port", PORT, "Port"),
        ]),
    ],
]);

const OPTIONS: Token = any_of(&[
    &[
        kw("discriminator", "Specify a message discriminator identifier for this logging session"),
        param("discriminator", Kind::Word, "Discriminator name"),
    ],
    &[
        kw("filtered", "Enable filtered logging"),
        opt(&[
            kw("stream", "This server should only receive messages from a numbered stream"),
            param("stream", Kind::Integer { min: 10, max: 65_535 }, "ESM stream number"),
        ]),
    ],
    &[kw("xml", "Enable logging in XML")],
    &[kw("sequence-num-session", "Include session sequence number tag in syslog message")],
    &[
        kw("session-id", "Specify syslog message session ID tagging"),
        one_of(&[
            &[kw("hostname", "Include hostname in session ID tag")],
            &[kw("ipv4", "Include logging source IP address in session ID tag")],
            &[kw("ipv6", "Include logging source IPv6 address in session ID tag")],
            &[
                kw("string", "Include custom string in session ID tag"),
                param("tag", Kind::Word, "Custom string"),
            ],
        ]),
    ],
    &[kw("transport", "Specify the transport protocol (default=UDP)"), TRANSPORT],
    &[kw("vrf", "Set VRF option"), param("vrf", Kind::Word, "VRF name")],
]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    command(
        &[
            LOGGING,
            kw("host", "Set syslog server IP address and parameters"),
            one_of(&[
                &[
                    kw("ipv6", "Set syslog server IPv6 address"),
                    param("host", Kind::Word, "Hostname or X:X:X:X::X"),
                ],
                &[param("host", Kind::Word, "Hostname or A.B.C.D")],
            ]),
            OPTIONS,
        ],
        host,
    ),
    // The form of old configurations. It is stored and printed as the one above.
    command(&[LOGGING, param("address", Kind::Ipv4, "IP address of the logging host")], host),
];

const fn command(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run }
}

impl Host {
    /// As running-config prints it.
    pub(super) fn line(&self) -> String {
        let Host { collector: Collector { host, port, transport }, vrf, .. } = self;
        let v6 = if host.contains(':') { "ipv6 " } else { "" };
        let mut line = format!("logging host {v6}{host}");
        if let Some(vrf) = vrf {
            line += &format!(" vrf {vrf}");
        }
        if let Some(discriminator) = &self.discriminator {
            line += &format!(" discriminator {discriminator}");
        }
        match self.form {
            None => {}
            Some(Form::Xml) => line += " xml",
            Some(Form::Filtered { stream: None }) => line += " filtered",
            Some(Form::Filtered { stream: Some(stream) }) => {
                line += &format!(" filtered stream {stream}");
            }
        }
        let own_port = *port != transport.default_port();
        if own_port || *transport != SyslogTransport::Udp {
            line += &format!(" transport {}", transport.as_str());
        }
        if self.audit {
            line += " audit";
        }
        if own_port {
            line += &format!(" port {port}");
        }
        if let Some(profile) = &self.profile {
            line += &format!(" profile {profile}");
        }
        if self.numbered {
            line += " sequence-num-session";
        }
        match &self.session_id {
            None => {}
            Some(SessionTag::Hostname) => line += " session-id hostname",
            Some(SessionTag::Ipv4) => line += " session-id ipv4",
            Some(SessionTag::Ipv6) => line += " session-id ipv6",
            Some(SessionTag::Text(text)) => line += &format!(" session-id string {text}"),
        }
        line
    }

    fn is(&self, collector: &Collector, vrf: Option<&str>) -> bool {
        self.collector == *collector && self.vrf.as_deref() == vrf
    }
}

/// The collector that a line is about.
fn collector(args: &Args) -> Option<Collector> {
    let given = args.ipv4("address").map(|address| address.to_string());
    let host = given.or_else(|| args.text("host").map(str::to_owned))?;
    let transport = match () {
        () if args.has("tcp") => SyslogTransport::Tcp,
        () if args.has("tls") => SyslogTransport::Tls,
        () => SyslogTransport::Udp,
    };
    let port = args.number("port").and_then(|n| u16::try_from(n).ok());
    let port = port.unwrap_or(transport.default_port());
    // An address prints in its own form: IOS has IPv6 in capitals.
    let host = match host.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => address.to_string().to_uppercase(),
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => host,
    };
    let is_name = is_word(&host) && (!host.contains(':') || host.parse::<IpAddr>().is_ok());
    is_name.then_some(Collector { host, port, transport })
}

fn host(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some(collector) = collector(args) else {
        return Reply::Invalid { column: args.column("host") };
    };
    let vrf = args.text("vrf").map(str::to_owned);
    if args.is_no() || args.is_default() {
        return remove(turn, args, &collector, vrf.as_deref());
    }
    for name in ["vrf", "profile", "tag"] {
        if args.text(name).is_some_and(|value| !is_word(value)) {
            return Reply::Invalid { column: args.column(name) };
        }
    }
    let discriminator = match discriminator::chosen(&turn.state.logging, args) {
        Ok(discriminator) => discriminator,
        Err(reply) => return reply,
    };
    let host = Host {
        collector: collector.clone(),
        vrf: vrf.clone(),
        audit: args.has("audit"),
        profile: args.text("profile").map(str::to_owned),
        discriminator,
        numbered: args.has("sequence-num-session"),
        session_id: session_tag(args),
        form: form(args),
        is_down: false,
        counts: HostCounts::default(),
    };
    let hosts = &mut turn.state.logging.hosts;
    if let Some(known) = hosts.iter_mut().find(|known| known.is(&collector, vrf.as_deref())) {
        // What has been sent stays counted.
        let (is_down, counts) = (known.is_down, known.counts);
        *known = Host { is_down, counts, ..host };
        return Reply::Done;
    }
    if hosts.len() == HOSTS_MAX {
        return Reply::Refused(format!("% Too many logging hosts, the limit is {HOSTS_MAX}\n"));
    }
    hosts.push(host);
    let text = format!("Logging to host {} port 0 CLI Request Triggered", collector.host);
    turn.log(Message::new("SYS", 6, STARTSTOP, text));
    turn.after(HOST_START_DELAY, Timer::LoggingHost { collector, vrf });
    Reply::Done
}

fn form(args: &Args) -> Option<Form> {
    match () {
        () if args.has("xml") => Some(Form::Xml),
        () if args.has("filtered") => Some(Form::Filtered { stream: args.number("stream") }),
        () => None,
    }
}

fn session_tag(args: &Args) -> Option<SessionTag> {
    args.has("session-id").then(|| match args.text("tag") {
        Some(text) => SessionTag::Text(text.to_owned()),
        None if args.has("hostname") => SessionTag::Hostname,
        None if args.has("ipv4") => SessionTag::Ipv4,
        None => SessionTag::Ipv6,
    })
}

/// Without a transport the line is about the collector at UDP port 514, or else about every one of
/// that address.
fn remove(turn: &mut Turn<'_>, args: &Args, collector: &Collector, vrf: Option<&str>) -> Reply {
    let hosts = &mut turn.state.logging.hosts;
    let exact = hosts.iter().any(|host| host.is(collector, vrf));
    let loose = !exact && !args.has("transport");
    let meant = |host: &Host| {
        let same = host.collector.host == collector.host && host.vrf.as_deref() == vrf;
        host.is(collector, vrf) || (loose && same)
    };
    let (gone, kept): (Vec<Host>, Vec<Host>) = std::mem::take(hosts).into_iter().partition(meant);
    *hosts = kept;
    if gone.is_empty() {
        return Reply::Invalid { column: args.column("host") };
    }
    for host in gone {
        turn.log(start_stop(&host, "stopped - CLI initiated"));
        close(turn, host.collector);
    }
    Reply::Done
}

/// Nothing more comes for this collector, unless the router sends to it in another VRF as well.
fn close(turn: &mut Turn<'_>, collector: Collector) {
    let used = turn.state.logging.hosts.iter().any(|host| host.collector == collector);
    if !used && collector.transport != SyslogTransport::Udp {
        turn.out.push(Output::SyslogEnded { collector });
    }
}

/// The router goes down: its connections go with it.
pub(crate) fn stop_all(turn: &mut Turn<'_>) {
    let hosts = std::mem::take(&mut turn.state.logging.hosts);
    hosts.into_iter().for_each(|host| close(turn, host.collector));
}

/// Says, a second after `logging host`, that messages flow.
pub(crate) fn host_started(turn: &mut Turn<'_>, collector: &Collector, vrf: Option<&str>) {
    let mut hosts = turn.state.logging.hosts.iter();
    if let Some(host) = hosts.find(|host| host.is(collector, vrf) && !host.is_down) {
        let message = start_stop(host, "started - CLI initiated");
        turn.log(message);
    }
}

/// Whoever carries the messages says something of a collector (syslog.md, messages 23 and 24). A
/// failure is told once, until the connection stands again.
pub(crate) fn collector_told(turn: &mut Turn<'_>, collector: &Collector, event: CollectorEvent) {
    let Logging { hosts, counts, .. } = &mut turn.state.logging;
    let mut known = hosts.iter_mut().filter(|host| host.collector == *collector).peekable();
    let Some(was_down) = known.peek().map(|host| host.is_down) else { return };
    match event {
        CollectorEvent::Lost(messages) => counts.dropped += messages,
        CollectorEvent::Failed if was_down => {}
        CollectorEvent::Failed => {
            known.for_each(|host| host.is_down = true);
            let Collector { host, port, .. } = collector;
            let text = format!("Logging to host {host} port {port} failed");
            turn.log(Message::new("SYS", 3, "LOGGINGHOST_FAIL", text));
        }
        CollectorEvent::Connected if !was_down => {}
        CollectorEvent::Connected => {
            let mut messages = Vec::new();
            for host in known {
                host.is_down = false;
                messages.push(start_stop(host, "started - reconnection"));
            }
            messages.into_iter().for_each(|message| turn.log(message));
        }
    }
}

/// `%SYS-6-LOGGINGHOST_STARTSTOP: Logging to host 192.0.2.9 port 514 (MGMT) started - ...`
fn start_stop(host: &Host, what: &str) -> Message {
    let Collector { host: address, port, .. } = &host.collector;
    let vrf = host.vrf.as_ref().map(|vrf| format!(" ({vrf})")).unwrap_or_default();
    let text = format!("Logging to host {address} port {port}{vrf} {what}");
    Message::new("SYS", 6, STARTSTOP, text)
}
