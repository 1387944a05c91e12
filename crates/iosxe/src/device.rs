//! One router as a value: dispatches each input to the feature that it concerns.
//!
//! Called by `lab`, through [`Device`] alone. It must hold no logic of a feature: that lives in the
//! feature's folder, and works on a [`Turn`].

mod again;
mod pass;
mod undergo;
mod view;

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use cli::InterfaceName;
use fact::TraceId;
use simtime::{Duration, Rng, Time, Timers};

use crate::command::Mode;
use crate::config::{self, RunningConfig, StartupConfig, StartupProblem};
use crate::exec;
use crate::feature::aaa::{self, Aaa};
use crate::feature::acl::{self, AccessLists};
use crate::feature::archive::{self, Archive};
use crate::feature::banner::{self, Banners, Occasion};
use crate::feature::capture::Captures;
use crate::feature::clock::{self, Clock};
use crate::feature::cpu::{self, Cpu};
use crate::feature::debug::Debugs;
use crate::feature::discovery::{self, Discovery};
use crate::feature::eem::{self, Eem};
use crate::feature::environment::{self, Environment};
use crate::feature::flash::Flash;
use crate::feature::guestshell::{self, Guestshell};
use crate::feature::http::Http;
use crate::feature::inert::Kept;
use crate::feature::interface::{self, Interfaces};
use crate::feature::keys::Keys;
use crate::feature::line::Lines;
use crate::feature::logging::{self, Logging, Message};
use crate::feature::login::{self, Logins};
use crate::feature::memory::{self, Memory};
use crate::feature::names::Names;
use crate::feature::netconf::{self, Netconf};
use crate::feature::ntp::{self, Ntp};
use crate::feature::ping::{self, Pings};
use crate::feature::policy::Policies;
use crate::feature::reload::{self, Cause, Reload};
use crate::feature::restconf::{self, Restconf};
use crate::feature::route::{self, Statics};
use crate::feature::routing::{self, Routers};
use crate::feature::session::lock::Lock;
use crate::feature::sla::{self, Slas};
use crate::feature::snmp::{self, Snmp};
use crate::feature::ssh::Ssh;
use crate::feature::system::System;
use crate::feature::template::Shows;
use crate::feature::traceroute::{self, Traces};
use crate::feature::track::{self, Tracks};
use crate::feature::user::Users;
use crate::feature::vrf::Vrfs;
use crate::feature::webhook::{self, Requests};
use crate::io::{
    AppletView, Collector, DeviceConfig, Dialect, Hello, Input, InterfaceAddress, Outbox, PingId,
    SessionId, SessionView, TimeServed, VrfId,
};
use crate::platform::Platform;
use crate::session::{PRIVILEGED_LEVEL, Session};
use crate::terminal::{self, Terminals};
use crate::turn::Turn;

/// One virtual router.
#[derive(Debug)]
pub struct Device {
    pub(crate) state: State,
}

/// All that a router knows: its features' states, its timers, its saved configuration.
pub(crate) struct State {
    /// Its name in the topology.
    pub name: Arc<str>,
    /// The hardware that it claims to be.
    pub platform: Platform,
    /// Which webhook forms it understands.
    pub dialect: Dialect,
    /// The show commands that templates answer.
    pub(crate) shows: Shows,
    /// What knows its commands.
    pub(crate) parser: &'static exec::Parser,
    /// The root of its generators: serial numbers, MAC addresses.
    pub rng: Rng,
    /// What it has put off, each with the fault that it follows from.
    pub timers: Timers<(Option<TraceId>, Timer)>,
    /// The user of the topology, who exists unless the startup-config has one of that name.
    administrator: Option<(String, String)>,
    /// Whether the startup-config has been read. Until then no interface moves.
    pub(crate) booted: bool,
    pub(crate) reload: Reload,
    pub(crate) running: RunningConfig,
    pub(crate) startup: StartupConfig,
    pub(crate) system: System,
    pub(crate) clock: Clock,
    pub(crate) cpu: Cpu,
    pub(crate) memory: Memory,
    pub(crate) environment: Environment,
    pub(crate) aaa: Aaa,
    pub(crate) users: Users,
    pub(crate) levels: cli::Levels<Mode>,
    pub(crate) lock: Lock,
    pub(crate) lines: Lines,
    pub(crate) logins: Logins,
    pub(crate) ssh: Ssh,
    pub(crate) terminals: Terminals,
    pub(crate) banners: Banners,
    pub(crate) archive: Archive,
    pub(crate) logging: Logging,
    pub(crate) http: Http,
    pub(crate) interfaces: Interfaces,
    pub(crate) access_lists: AccessLists,
    pub(crate) vrfs: Vrfs,
    pub(crate) policies: Policies,
    pub(crate) statics: Statics,
    pub(crate) routers: Routers,
    pub(crate) tracks: Tracks,
    pub(crate) slas: Slas,
    pub(crate) snmp: Snmp,
    pub(crate) discovery: Discovery,
    pub(crate) netconf: Netconf,
    pub(crate) restconf: Restconf,
    pub(crate) names: Names,
    pub(crate) ntp: Ntp,
    pub(crate) pings: Pings,
    pub(crate) traces: Traces,
    pub(crate) debugs: Debugs,
    pub(crate) eem: Eem,
    pub(crate) requests: Requests,
    pub(crate) guestshell: Guestshell,
    pub(crate) captures: Captures,
    pub(crate) flash: Flash,
    pub(crate) keys: Keys,
    pub(crate) inert: Kept,
}

/// Names the router only: configurations and users hold secrets.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a router can put off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Timer {
    /// The second after a change of an interface.
    LineProtocol(InterfaceName),
    /// The second after `logging host`.
    LoggingHost {
        /// Which collector.
        collector: Collector,
        /// In which VRF.
        vrf: Option<String>,
    },
    /// An echo request that is not answered yet.
    Ping(PingId),
    /// A probe that is not answered yet.
    Trace(PingId),
    /// A session that may have typed nothing for too long.
    Idle(SessionId),
    /// A session that has been open for too long.
    Overstayed(SessionId),
    /// The quiet mode after too many failed logins.
    QuietMode,
    /// A reload that was asked for: the end of the instant.
    GoDown {
        /// Why.
        cause: Cause,
        /// How long the boot takes.
        boot: Option<Duration>,
    },
    /// `reload in`, `reload at`
    ReloadDue,
    /// A change that nobody has confirmed is taken back, or is about to be.
    Rollback,
    /// A commit that nobody has confirmed is taken back.
    ConfirmedCommit,
    /// `time-period` of `archive`
    ArchivePeriod,
    /// The end of a boot.
    Booted,
    /// The load of the processor crosses a threshold.
    Cpu(cpu::Subject),
    /// The memory crosses its watermark, or is exhausted.
    Memory(memory::Mark),
    /// A temperature crosses a threshold: that of the sensor of this number.
    Temperature(usize),
    /// The chassis has been too hot for too long.
    TooHot,
    /// Nothing was heard of a neighbour for its hold time.
    Neighbor(discovery::Protocol, InterfaceName),
    /// The next request of an operation of IP SLA.
    Sla(u32),
    /// The next request of an association of NTP.
    Ntp(u32),
    /// A request of an operation of IP SLA that is not answered yet.
    SlaTimeout(u32),
    /// The delay of a tracked object's change is over.
    Track(u32),
    /// What access lists have matched since is told of.
    AccessLists,
    /// Whatever the event manager waits for.
    Eem,
    /// A line has waited long enough for this run.
    Held(::eem::RunId),
}

impl State {
    /// A router before its boot.
    pub(crate) fn new(config: DeviceConfig, now: Time) -> State {
        let DeviceConfig { name, platform, dialect, shows, startup, files, user, dark, rng } =
            config;
        let mut interfaces = Interfaces::new(platform, &rng);
        interfaces.darken(&dark);
        State {
            platform,
            dialect,
            parser: exec::parser(dialect, platform.profile().role, &shows),
            shows,
            timers: Timers::default(),
            administrator: user,
            booted: false,
            reload: Reload::default(),
            running: RunningConfig::default(),
            startup: StartupConfig::loaded(startup),
            system: System::new(name.clone(), platform, &rng, now),
            clock: Clock::default(),
            cpu: Cpu::default(),
            memory: Memory::default(),
            environment: Environment::default(),
            aaa: Aaa::default(),
            users: Users::default(),
            levels: cli::Levels::default(),
            lock: Lock::default(),
            lines: Lines::default(),
            logins: Logins::default(),
            ssh: Ssh::default(),
            terminals: Terminals::default(),
            banners: Banners::default(),
            archive: Archive::default(),
            http: Http::default(),
            logging: Logging::default(),
            interfaces,
            access_lists: AccessLists::default(),
            vrfs: Vrfs::default(),
            policies: Policies::default(),
            statics: Statics::default(),
            routers: Routers::default(),
            tracks: Tracks::default(),
            slas: Slas::default(),
            snmp: Snmp::default(),
            discovery: Discovery::default(),
            netconf: Netconf::default(),
            restconf: Restconf::default(),
            names: Names::default(),
            ntp: Ntp::default(),
            pings: Pings::default(),
            traces: Traces::default(),
            debugs: Debugs::default(),
            eem: Eem::new(dialect),
            requests: Requests::default(),
            guestshell: Guestshell::default(),
            captures: Captures::default(),
            flash: Flash::shipped(platform.profile(), now).holding(&files, now),
            keys: Keys::default(),
            inert: Kept::default(),
            name,
            rng,
        }
    }
}

impl Device {
    /// A router that has just finished booting with its startup-config. What it logged on the way
    /// is in its log buffer, stamped `now`, and went nowhere else.
    pub fn new(config: DeviceConfig, now: Time) -> (Device, Vec<StartupProblem>) {
        let mut state = State::new(config, now);
        let mut out = Outbox::default();
        let mut turn = Turn { state: &mut state, now, trace: None, out: &mut out };
        let problems = turn.boot();
        (Device { state }, problems)
    }

    /// Tells the router one thing; what it does about it is in `out`.
    pub fn handle(&mut self, now: Time, input: Input<'_>, out: &mut Outbox) {
        self.handle_for(now, None, input, out);
    }

    /// The same, where what follows is of a fault that the input itself does not name: what a
    /// session types of which the lab knows why.
    pub fn handle_for(
        &mut self,
        now: Time,
        trace: Option<TraceId>,
        input: Input<'_>,
        out: &mut Outbox,
    ) {
        let mut turn = Turn { state: &mut self.state, now, trace, out };
        turn.handle(input);
        terminal::flush(&mut turn);
    }

    /// When the router wants [`Input::Deadline`] next.
    pub fn next_deadline(&self) -> Option<Time> {
        self.state.timers.next_deadline()
    }

    /// Who sits at its VTY lines, applets among them.
    pub fn sessions(&self) -> Vec<SessionView> {
        self.state.lines.sessions()
    }

    /// From now on each run of an applet tells its statements, as facts.
    pub fn trace_applets(&mut self) {
        self.state.eem.set_tracing(true);
    }

    /// Its configuration as `show running-config` prints it, without the lines about its size.
    pub fn running_config(&self) -> String {
        config::running_text(&self.state)
    }

    /// How many applets are registered with it.
    pub fn applet_count(&self) -> usize {
        self.state.eem.applet_count()
    }

    /// The applets that are registered with it, in the order of their registration.
    pub fn applets(&self) -> Vec<AppletView> {
        self.state.eem.applets()
    }

    /// The sessions of clients that it knows: whoever takes its power must end them.
    pub fn open_sessions(&self) -> Vec<SessionId> {
        self.state.terminals.sessions().into_iter().chain(self.state.netconf.all()).collect()
    }

    /// Whether a client could log in so.
    pub fn admits(&self, user: &str, password: &str) -> bool {
        aaa::login(&self.state, 0, user, password).is_some()
    }

    /// Whether `enable` takes this password.
    pub fn enables(&self, password: &str) -> bool {
        let credential = self.state.users.enable_credential(PRIVILEGED_LEVEL);
        credential.is_some_and(|credential| credential.fits(password))
    }

    /// The addresses that it has, in the order of its interfaces.
    pub fn addresses(&self) -> Vec<InterfaceAddress> {
        self.state.interfaces.addresses()
    }

    /// Where a packet to this address goes next by a table: the long name of the port that it
    /// leaves by, and the address that it is handed to on that wire.
    pub fn next_hop(&self, vrf: VrfId, to: IpAddr) -> Option<(String, IpAddr)> {
        route::next_hop(&self.state, vrf, to).map(|hop| (hop.interface.long(), hop.address))
    }

    /// What it answers to somebody who asks it for the time, under this key: nothing while it is
    /// down, or runs no NTP.
    pub fn time(&self, ask: PingId, key: Option<u32>) -> Option<TimeServed> {
        if self.is_down() { None } else { ntp::served(&self.state, ask, key) }
    }

    /// What a port tells its neighbour again and again, if it does.
    pub fn hello(&self, interface: &str) -> Option<Hello> {
        let name = InterfaceName::parse(interface)?;
        discovery::hello(&self.state, &name).filter(|_| !self.is_down())
    }

    /// Grows whenever what [`Device::hello`] says may have changed.
    pub fn hello_revision(&self) -> u64 {
        self.state.discovery.revision()
    }

    /// Whether it is off, or booting.
    pub fn is_down(&self) -> bool {
        self.state.reload.is_down()
    }

    /// `banner login`, which a client sees before it logs in.
    pub fn login_banner(&self) -> Option<String> {
        banner::render(&self.state, Occasion::Login, 0)
    }

    /// What its prompt says.
    pub fn hostname(&self) -> &str {
        self.state.system.hostname()
    }
}

impl Turn<'_> {
    fn handle(&mut self, input: Input<'_>) {
        if let Some(trace) = input.trace() {
            self.trace = trace;
        }
        if self.state.reload.is_down() {
            return self.handle_down(input);
        }
        match input {
            Input::LoginGuessed { user, peer, .. } => terminal::guess(self, user, peer),
            Input::Reload { reason, boot, .. } => reload::ask(self, "console", reason, boot),
            Input::Crash { cause, boot, .. } => reload::crash(self, cause, boot),
            Input::ClockSet { to, .. } => clock::config::set_at_console(self, to),
            Input::Log { message, .. } => logging::raw(self, message),
            Input::Deadline => self.fire_due(),
            Input::Carrier { interface, up, .. } => {
                if let Some(name) = InterfaceName::parse(interface) {
                    interface::carrier(self, &name, up);
                }
            }
            Input::Stimulus { stimulus, .. } => self.undergo(stimulus),
            Input::Configure { lines, .. } => terminal::visit(self, Session::console(), lines),
            Input::Execute { lines, .. } => terminal::visit(self, Session::console_exec(), lines),
            Input::LoginAsked { session, user, password, peer } => {
                terminal::login(self, session, user, password, peer)
            }
            Input::Client { session, event } => terminal::client(self, session, event),
            Input::SessionOpened { session, kind } => terminal::open(self, session, kind),
            Input::SessionBytes { session, bytes } => terminal::typed(self, session, bytes),
            Input::SessionClosed { session } => terminal::gone(self, session),
            Input::Restconf { session, peer, authorization, request } => {
                restconf::asked(self, session, (peer, authorization), request)
            }
            Input::HttpOutcome { request, outcome } => {
                if !webhook::answered(self, request, &outcome) {
                    guestshell::answered(self, request, &outcome);
                }
            }
            Input::Collector { collector, event } => {
                logging::collector_told(self, collector, event)
            }
            Input::MailOutcome { mail, outcome } => eem::mail_ended(self, mail, outcome),
            Input::PingAnswered { ping } => {
                if !sla::answered(self, ping) {
                    ping::answered(self, ping);
                }
            }
            Input::TimeTold { ask, served } => ntp::answered(self, ask, served),
            Input::ProbeAnswered { probe, by } => traceroute::answered(self, probe, by),
            Input::Heard { interface, hello } => discovery::hear(self, interface, hello),
        }
    }

    /// A router that is off hears nothing but its own power, and answers nobody.
    fn handle_down(&mut self, input: Input<'_>) {
        match input {
            Input::Deadline => self.fire_due(),
            Input::Carrier { interface, up, trace } => {
                reload::carrier_while_down(self, interface, up, trace);
            }
            Input::LoginAsked { session, user, password, peer } => {
                terminal::login(self, session, user, password, peer);
            }
            Input::LoginGuessed { user, peer, .. } => terminal::guess(self, user, peer),
            Input::Heard { interface, hello } => discovery::hear(self, interface, hello),
            // Nobody is logged in, so whoever wants a shell is sent away.
            Input::Client { session, event } => terminal::client(self, session, event),
            Input::SessionOpened { session, kind } => terminal::open(self, session, kind),
            Input::Restconf { session, .. } => restconf::closed(self, session),
            // What has no power has no load, and memory that forgets.
            Input::Stimulus { .. }
            | Input::Configure { .. }
            | Input::Execute { .. }
            | Input::SessionBytes { .. }
            | Input::SessionClosed { .. }
            | Input::HttpOutcome { .. }
            | Input::PingAnswered { .. }
            | Input::Collector { .. }
            | Input::TimeTold { .. }
            | Input::MailOutcome { .. }
            | Input::ProbeAnswered { .. }
            | Input::Reload { .. }
            | Input::Crash { .. }
            | Input::ClockSet { .. }
            | Input::Log { .. } => {}
        }
    }

    fn fire_due(&mut self) {
        while let Some((_, (trace, timer))) = self.state.timers.pop_due(self.now) {
            self.trace = trace;
            match timer {
                Timer::LineProtocol(name) => interface::settle(self, &name),
                Timer::LoggingHost { collector, vrf } => {
                    logging::host_started(self, &collector, vrf.as_deref());
                }
                Timer::Ping(ping) => ping::timed_out(self, ping),
                Timer::Trace(probe) => traceroute::timed_out(self, probe),
                Timer::Idle(session) => terminal::idle(self, session),
                Timer::Overstayed(session) => terminal::overstayed(self, session),
                Timer::QuietMode => login::quiet_over(self),
                Timer::GoDown { cause, boot } => reload::go_down(self, cause, boot),
                Timer::ReloadDue => reload::due(self),
                Timer::Rollback => archive::confirm::due(self),
                Timer::ConfirmedCommit => netconf::unconfirmed(self),
                Timer::ArchivePeriod => archive::replace::period_over(self),
                Timer::Booted => reload::come_up(self),
                Timer::Cpu(subject) => cpu::due(self, subject),
                Timer::Memory(mark) => memory::due(self, mark),
                Timer::Temperature(sensor) => environment::due(self, sensor),
                Timer::TooHot => environment::too_hot(self),
                Timer::Neighbor(protocol, name) => discovery::expire(self, protocol, name),
                Timer::Ntp(association) => ntp::due(self, association),
                Timer::Sla(number) => sla::due(self, number),
                Timer::SlaTimeout(number) => sla::timed_out(self, number),
                Timer::Track(number) => track::delay_over(self, number),
                Timer::AccessLists => acl::report(self),
                Timer::Eem => eem::poll(self),
                Timer::Held(run) => eem::wait_over(self, run),
            }
        }
    }

    /// Order of a boot (syslog.md, section 2.2): interfaces, configuration, restart.
    pub(crate) fn boot(&mut self) -> Vec<StartupProblem> {
        let mut session = Session::memory();
        let text = self.state.startup.text().map(str::to_owned).unwrap_or_default();
        let factory = &self.state.platform.profile().factory;
        config::load(self, &mut session, factory);
        let problems = config::load(self, &mut session, &text);
        if let Some((name, password)) = self.state.administrator.clone() {
            self.state.users.add_administrator(&name, &password, &self.state.rng);
        }
        interface::boot(self);
        track::boot(self);
        routing::boot(self);
        exec::close(self, &mut session);
        let banner = self.state.platform.profile().banner();
        let text = format!("System restarted --\n{banner}");
        self.log(Message::new("SYS", 5, "RESTART", text));
        snmp::boot(self);
        self.state.booted = true;
        environment::resume(self);
        discovery::review(self);
        problems
    }
}
