//! Routers that have nothing but `logging host`: their lines are events, and the loop closes.

use std::io::Write as _;
use std::net::{TcpStream, UdpSocket};

use serde_json::Value;

use crate::support::{Project, Running, stderr, stdout};
use crate::up::{eventually, free_port, get};

/// The shipped lab without an applet, each router at an address of its own, that logs to a port.
fn project(transport: &str, port: u16) -> Project {
    let collector = format!("logging host 127.0.0.1 transport {transport} port {port}\nend");
    let project = Project::changed(&[]);
    let mut topology = std::fs::read_to_string(project.path("topology.toml")).unwrap();
    for (number, name) in ["R1", "R2", "R3"].into_iter().enumerate() {
        let address = format!("ssh = \"127.0.0.{}:0\"", number + 11);
        topology = topology.replacen("ssh = \"127.0.0.1:0\"", &address, 1);
        let path = format!("configs/{name}.cfg");
        let config = std::fs::read_to_string(project.path(&path)).unwrap();
        let without = config.split("event manager").next().unwrap().replace("\nend", "");
        project.write(&path, &format!("{without}\n{collector}\n"));
    }
    project.write("topology.toml", &topology);
    let listener = std::fs::read_to_string(project.path("listener.toml")).unwrap();
    project.write("listener.toml", &format!("{listener}{}", source(transport, port)));
    project
}

fn source(transport: &str, port: u16) -> String {
    format!(
        "\n[[syslog]]\ntransport = \"{transport}\"\nlisten = \"127.0.0.1:{port}\"\n\
         trust = \"address\"\n"
    )
}

fn port_of(transport: &str) -> u16 {
    match transport {
        "udp" => UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port(),
        _ => free_port(),
    }
}

fn events(running: &Running, name: &str) -> Value {
    let url = format!("{}/api/v1/events?name={name}", running.listener());
    eventually(&url, |answer| !answer["events"].as_array().unwrap().is_empty())
}

/// Goal: a fault of a router that sends nothing but syslog is looked at, over either transport: the
/// event is of that router, by its address, and the interface's own. Method: `up`, and a shutdown.
#[test]
fn the_loop_closes_over_syslog() {
    for transport in ["udp", "tcp"] {
        let port = port_of(transport);
        let project = project(transport, port);
        let up = project.start(&["up", "--bind", "127.0.0.1:0"]);
        let shutdown = ["simulator", "inject", "R2", "shutdown", "GigabitEthernet1"];
        let inject = project.run(&shutdown);
        assert!(inject.status.success(), "{}", stderr(&inject));
        let found = events(&up, "InterfaceDown");
        let event = &found["events"][0];
        let source = format!("syslog-{transport}");
        assert_eq!((&event["source"], &event["device"]), (&source.into(), &"R2".into()));
        assert_eq!(event["device_from"], "address");
        let url = format!("{}/api/v1/events/{}", up.listener(), event["id"].as_str().unwrap());
        let story = eventually(&url, |story| story["state"] == "done");
        assert_eq!(story["event"]["data"]["interface"], "GigabitEthernet1", "{story:#}");
        assert!(story.to_string().contains("administratively down"), "{story:#}");
        assert!(project.log().contains(&format!("{transport}://127.0.0.1:{port}")));
        up.terminate();
    }
}

/// Goal: the same in virtual time, by the same files. Method: a scenario that wants the look.
#[test]
fn the_loop_closes_over_syslog_in_virtual_time() {
    for transport in ["udp", "tcp"] {
        let project = project(transport, 5514);
        let scenario = "name = \"by syslog\"\nseed = 1\n[[steps]]\nat = \"2s\"\nnode = \"R2\"\n\
                        shutdown = \"GigabitEthernet1\"\n[[expect]]\nwithin = \"5s\"\n\
                        action = { device = \"R2\", command = \"show ip interface brief\", \
                        matches = \"GigabitEthernet1 .*administratively down\" }\n";
        project.write("by-syslog.toml", scenario);
        let output = project.run(&["test", "by-syslog.toml"]);
        assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
        let other = project.path("listener.toml");
        let listener = std::fs::read_to_string(&other).unwrap().replace(":5514", ":5515");
        std::fs::write(other, listener).unwrap();
        let output = project.run(&["test", "by-syslog.toml"]);
        assert_eq!(output.status.code(), Some(1), "nobody listens there: {}", stdout(&output));
    }
}

/// Goal: lines are cut out of both framings of RFC 6587, a stream that is none is closed and said
/// so, and a reload moves the port. Method: `listener serve` and bytes.
#[test]
fn streams_are_cut_into_lines() {
    let (first, second) = (free_port(), free_port());
    let project = Project::new();
    let listener = std::fs::read_to_string(project.path("listener.toml")).unwrap();
    let configure = |port| {
        project.write("listener.toml", &format!("{listener}{}", source("tcp", port)));
    };
    configure(first);
    let serve = project.start(&["listener", "serve", "--bind", "127.0.0.1:0"]);
    let want = format!("tcp://127.0.0.1:{first}");
    assert_eq!(serve.ready["syslog"][0], want.as_str());
    let send = |port: u16, bytes: &str| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(bytes.as_bytes()).unwrap();
    };
    send(first, "<189>1: R1: %A-5-ONE: a\n<189>2: R1: %A-5-TWO: b\r\n<189>3: R1: %A-5-THREE: c");
    send(first, "19 <189>%A-5-FOUR: d\ne19 <189>%A-5-FIVE: f\ng");
    for name in ["A-5-ONE", "A-5-TWO", "A-5-THREE", "A-5-FOUR", "A-5-FIVE"] {
        let found = events(&serve, name);
        assert_eq!(found["events"].as_array().unwrap().len(), 1, "{found:#}");
    }
    let newest = events(&serve, "A-5-FOUR")["events"][0]["id"].as_str().unwrap().to_owned();
    let story = get(&format!("{}/api/v1/events/{newest}", serve.listener()));
    assert_eq!(story["event"]["data"]["message"], "%A-5-FOUR: d\\ne", "{story:#}");
    send(first, &"9".repeat(64));
    crate::reload::said(&project, "SYSLOG_CONNECTION_CLOSED", 1);
    configure(second);
    crate::reload::said(&project, "SYSLOG_LISTENING", 1);
    send(second, "<189>1: %A-5-SIX: there\n");
    events(&serve, "A-5-SIX");
    let blocker = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    configure(blocker.local_addr().unwrap().port());
    crate::reload::said(&project, "SYSLOG_UNAVAILABLE", 1);
}
