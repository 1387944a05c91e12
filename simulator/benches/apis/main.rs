//! What a question costs that a program asks a router: over NETCONF, and over RESTCONF.
//!
//! Run by `cargo xtask bench apis`, in release, against R1 of the shipped lab. Rates are per second
//! of a core: what the server has used, so that neither the client nor the machine's other work is
//! counted. Connections are kept. Memory is the server's share. There is no peer: no simulator at
//! hand speaks either, and a server of files does none of the work.

#![expect(clippy::disallowed_macros, reason = "its measures are all that it prints")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on says where and ends")]

mod netconf;
#[path = "../../../testbed/benches/ssh/process.rs"]
mod process;
mod restconf;
mod server;

use server::Server;

/// Questions that are timed, of each kind.
const QUESTIONS: usize = 2_000;
/// Logins that are timed.
const LOGINS: usize = 200;
/// Sessions, and connections, that are open at once.
const OPEN: usize = 20;
/// The aim, in KiB, of one of either: a session is a value, not a process.
const AIM_KIB: f64 = 128.0;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let server = Server::start();
    // Before anything else, so that nothing of it lies in memory that others have given back.
    let (session_kib, connection_kib) = at_rest(&server).await;
    println!("NETCONF");
    println!("  a session at rest: {session_kib:.0} KiB");
    let mut session = netconf::Session::open(server.netconf).await;
    let filter = "<filter type=\"subtree\"><native \
        xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\"><hostname/></native></filter>";
    let get_config =
        |filter: &str| format!("<get-config><source><running/></source>{filter}</get-config>");
    let all = get_config("");
    let state = "<get><filter type=\"subtree\"><interfaces-state \
        xmlns=\"urn:ietf:params:xml:ns:yang:ietf-interfaces\"/></filter></get>";
    let questions = [
        ("get-config of the hostname", get_config(filter)),
        ("get-config of all", all),
        ("get of interfaces-state", state.to_owned()),
    ];
    for (name, question) in &questions {
        let bytes = session.ask(question).await;
        let before = server.core_seconds();
        for _ in 0..QUESTIONS {
            session.ask(question).await;
        }
        tell(name, QUESTIONS, server.core_seconds() - before, Some(bytes));
    }
    let before = server.core_seconds();
    for _ in 0..LOGINS {
        netconf::Session::open(server.netconf).await.close().await;
    }
    tell("logins with hello", LOGINS, server.core_seconds() - before, None);
    println!("RESTCONF");
    println!("  a connection at rest: {connection_kib:.0} KiB");
    let mut connection = restconf::Connection::open(&server).await;
    for (name, path) in [
        ("GET of the hostname", "/restconf/data/Cisco-IOS-XE-native:native/hostname"),
        ("GET of native", "/restconf/data/Cisco-IOS-XE-native:native"),
        ("GET of interfaces-state", "/restconf/data/ietf-interfaces:interfaces-state"),
    ] {
        let bytes = connection.get(path).await;
        let before = server.core_seconds();
        for _ in 0..QUESTIONS {
            connection.get(path).await;
        }
        tell(name, QUESTIONS, server.core_seconds() - before, Some(bytes));
    }
    let before = server.core_seconds();
    for _ in 0..LOGINS {
        restconf::Connection::open(&server).await.get("/restconf").await;
    }
    tell("connections, each with a GET", LOGINS, server.core_seconds() - before, None);
    if session_kib.max(connection_kib) > 2.0 * AIM_KIB {
        eprintln!(
            "error: one at rest misses its aim of {AIM_KIB} KiB by more than a factor of two"
        );
        std::process::exit(1);
    }
}

/// What a session of NETCONF takes, and a connection of RESTCONF, when both have been used once.
async fn at_rest(server: &Server) -> (f64, f64) {
    let mut first = netconf::Session::open(server.netconf).await;
    first.ask("<get-config><source><running/></source></get-config>").await;
    restconf::Connection::open(server).await.get("/restconf/data").await;
    let before = server.kib();
    let mut sessions = Vec::new();
    for _ in 0..OPEN {
        sessions.push(netconf::Session::open(server.netconf).await);
    }
    let between = server.kib();
    let mut connections = Vec::new();
    for _ in 0..OPEN {
        let mut connection = restconf::Connection::open(server).await;
        connection.get("/restconf").await;
        connections.push(connection);
    }
    let after = server.kib();
    let each = |from: f64, to: f64| (to - from).max(0.0) / OPEN as f64;
    (each(before, between), each(between, after))
}

fn tell(name: &str, count: usize, seconds: f64, bytes: Option<usize>) {
    let size = bytes.map_or_else(String::new, |bytes| format!("  ({bytes} bytes)"));
    println!("  {name}: {:.0}/s of a core{size}", count as f64 / seconds.max(0.01));
}
