//! What a login, a command, a router and a session cost, beside OpenSSH's sshd and fakenos.
//!
//! Run by `cargo xtask bench ssh`, in release. Rates are per second of a core: what the server's
//! processes have used, so that neither the client nor the machine's other work is counted. Memory
//! is the proportional share of the server's processes. A peer that is missing is one line.

#![expect(clippy::disallowed_macros, reason = "its measures are all that it prints")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on says where and ends")]

mod client;
mod peers;
mod process;

use client::Login;
use peers::Server;

/// Routers of ours that listen.
const ROUTERS: usize = 1_000;
/// A thread each, which takes fakenos minutes for a thousand.
const FAKENOS_ROUTERS: usize = 50;
/// Logins and commands that are timed.
const LOGINS: usize = 50;
const COMMANDS: usize = 300;
/// Sessions that are open at once, each at a port of its own where there are so many.
const SESSIONS: usize = 20;

/// What one server needs.
struct Measured {
    logins: f64,
    commands: f64,
    router_kib: f64,
    session_kib: f64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let ours = measure(&peers::ednm(ROUTERS)).await;
    tell("ednm", &ours, None);
    let starts: [fn() -> Result<Server, String>; 2] =
        [peers::sshd, || peers::fakenos(FAKENOS_ROUTERS)];
    for start in starts {
        match start() {
            Ok(server) => tell(server.name, &measure(&server).await, Some(&ours)),
            Err(missing) => println!("skipped: {missing}"),
        }
    }
    // The aims of a lab of thousands: a session is a value, not a thread or a process.
    if ours.session_kib > 2.0 * 64.0 {
        eprintln!("error: a session at rest misses its aim of 64 KiB by more than a factor of two");
        std::process::exit(1);
    }
}

async fn measure(server: &Server) -> Measured {
    let at_rest = server.kib();
    let place = |index: usize| server.ports[index % server.ports.len()];
    // The first login pays for what is made once.
    client::log_in(place(0), &server.login).await.leave().await;
    let before = server.core_seconds();
    for index in 0..LOGINS {
        client::log_in(place(index), &server.login).await.leave().await;
    }
    let logins = LOGINS as f64 / (server.core_seconds() - before);

    let mut one = client::log_in(place(0), &server.login).await;
    one.open_shell().await;
    let before = server.core_seconds();
    for _ in 0..COMMANDS {
        let shown = one.command("show version").await;
        assert!(shown.contains("Cisco"), "{}: {shown}", server.name);
    }
    let commands = COMMANDS as f64 / (server.core_seconds() - before);
    one.leave().await;

    let before = server.kib();
    let mut open = Vec::new();
    for index in 0..SESSIONS {
        let mut session = client::log_in(place(index), &server.login).await;
        session.open_shell().await;
        open.push(session);
    }
    let session_kib = (server.kib() - before).max(0.0) / SESSIONS as f64;
    for session in open {
        session.leave().await;
    }
    Measured { logins, commands, router_kib: at_rest / server.routers as f64, session_kib }
}

/// Prints what a server needs; of a peer also how many times better ours is.
fn tell(name: &str, measured: &Measured, ours: Option<&Measured>) {
    println!("{name}");
    let rates = |of: &Measured| [of.logins, of.commands];
    let sizes = |of: &Measured| [of.router_kib, of.session_kib];
    let ratio = |times: f64| format!("  (ednm: {times:.1} times better)");
    for (index, what) in ["logins", "`show version`"].into_iter().enumerate() {
        let rate = rates(measured)[index];
        let beside = ours.map_or_else(String::new, |ours| ratio(rates(ours)[index] / rate));
        println!("  {what}: {rate:.0}/s of a core{beside}");
    }
    for (index, what) in ["a router that listens", "a session"].into_iter().enumerate() {
        let size = sizes(measured)[index];
        let beside = ours.map_or_else(String::new, |ours| ratio(size / sizes(ours)[index]));
        println!("  {what}: {size:.0} KiB{beside}");
    }
}

impl Login {
    /// A password that every router of the bench takes.
    fn password() -> Self {
        Login::Password { user: "admin", password: "admin" }
    }
}
