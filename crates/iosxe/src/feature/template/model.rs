//! The model as templates see it: plain values, taken when the command is typed.
//!
//! Documented name by name in docs/simulator.md. No secret is among them but those that the
//! running-config prints, hashed as it prints them.

use cli::Args;
use minijinja::{Value, context};
use simtime::Time;

use crate::config;
use crate::device::State;
use crate::feature::interface::Reading;
use crate::feature::{discovery, route, system};
use crate::io::{Counter, Direction, SessionView};
use crate::session::Session;

/// The names that a template may use.
pub(super) const NAMES: [&str; 16] = [
    "hostname",
    "domain",
    "platform",
    "model",
    "serial",
    "version",
    "uptime",
    "uptime_seconds",
    "clock",
    "interfaces",
    "neighbors",
    "routes",
    "users",
    "sessions",
    "config",
    "args",
];

/// All values of a router at an instant, for a session that typed a line.
pub(super) fn of(state: &State, session: &Session, args: &Args, now: Time) -> Value {
    let profile = state.platform.profile();
    let age = now.since(state.system.started());
    let interfaces: Vec<Value> = state
        .interfaces
        .readings(state.system.started(), now)
        .iter()
        .map(|reading| interface(state, reading))
        .collect();
    let sessions: Vec<Value> = state.lines.sessions().iter().map(view).collect();
    context! {
        hostname => state.system.hostname(),
        domain => state.system.domain().unwrap_or_default(),
        platform => state.platform.name(),
        model => profile.pid.as_str(),
        serial => state.system.serial(),
        version => profile.software.version.as_str(),
        uptime => system::show::uptime(age),
        uptime_seconds => age.as_secs(),
        clock => state.clock.describe(now),
        interfaces,
        neighbors => neighbors(state),
        routes => routes(state),
        users => users(state),
        sessions,
        config => config::running_text(state),
        args => context! {
            line => args.text("line").unwrap_or_default(),
            word => args.text("word").unwrap_or_default(),
            privilege => session.privilege,
            user => session.user().unwrap_or_default(),
        },
    }
}

fn interface(state: &State, reading: &Reading<'_>) -> Value {
    let line = state.interfaces.line(&reading.name);
    let status = match line {
        Some(line) if line.is_shut => "administratively down",
        Some(line) if line.link_up => "up",
        Some(_) | None => "down",
    };
    let (address, mask) = reading.address().unzip();
    let text = |address: Option<std::net::Ipv4Addr>| address.map(|a| a.to_string());
    context! {
        name => reading.name.long(),
        short => reading.name.short(),
        index => reading.index,
        description => reading.description(),
        status,
        protocol => if reading.is_up() { "up" } else { "down" },
        address => text(address).unwrap_or_default(),
        mask => text(mask).unwrap_or_default(),
        length => mask.map_or(0, |mask| mask.to_bits().count_ones()),
        mac => reading.mac().map(|mac| mac.to_string()).unwrap_or_default(),
        mtu => reading.mtu(),
        kbit => reading.kbit(),
        input => direction(reading, Direction::Input),
        output => direction(reading, Direction::Output),
    }
}

fn direction(reading: &Reading<'_>, direction: Direction) -> Value {
    let (errors, drops) = match direction {
        Direction::Input => (reading.input_errors(), reading.count(Counter::InputDrops)),
        Direction::Output => {
            (reading.count(Counter::OutputErrors), reading.count(Counter::OutputDrops))
        }
    };
    context! {
        packets => reading.packets(direction),
        bytes => reading.bytes(direction),
        errors,
        drops,
    }
}

fn neighbors(state: &State) -> Vec<Value> {
    let all = discovery::neighbors(state);
    let value = |(protocol, local, hello): (&str, &cli::InterfaceName, &crate::io::Hello)| {
        context! {
            protocol,
            local => local.long(),
            device => hello.device.as_str(),
            port => hello.port.as_str(),
            address => hello.address.map(|address| address.to_string()).unwrap_or_default(),
            platform => hello.platform,
        }
    };
    all.map(value).collect()
}

fn routes(state: &State) -> Vec<Value> {
    let mut all = Vec::new();
    for route in route::plain(state) {
        let route::Plain { prefix, origin, distance, hop, interface } = route;
        all.push(context! { prefix, origin, distance, hop, interface });
    }
    all
}

fn users(state: &State) -> Vec<Value> {
    let all = state.users.names();
    all.map(|(name, privilege)| context! { name, privilege }).collect()
}

fn view(session: &SessionView) -> Value {
    context! {
        user => session.user.as_str(),
        line => session.line.as_str(),
        from => session.from.as_str(),
    }
}
