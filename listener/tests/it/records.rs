//! `[[records]]`: logs made of what happens.

use listener::live::spawn;

use crate::device::{Behaviour, start};
use crate::serve::{Site, answer, finished, port, post};

/// Lines as the course's texts have them, and a log so small that it begins anew.
const RECORDS: &str = r#"
[[records]]
file = "logs/lab6.log"
[[records.lines]]
on = "started"
line = "SERVER_STARTED type=basic port={{ fact.port }}"
[[records.lines]]
on = "received"
line = "WEBHOOK_RECEIVED={{ fact.source }} event={{ fact.name }} payload_size={{ fact.bytes }}"
[[records.lines]]
on = "refused"
when = "fact.status == 401"
line = "SECURITY_VALIDATION=FAIL source={{ fact.source }} peer={{ fact.peer }}"
[[records.lines]]
on = "connecting"
line = "NETWORK_DEVICE_CALLED device={{ fact.device }}"
[[records.lines]]
on = "session"
when = 'fact.source == "/events"'
line = "CONNECT_OK: NETMIKO"
[[records.lines]]
on = "stopped"
line = "SERVER_STOPPED"
[[records]]
file = "logs/small.log"
rotate = "1KiB"
keep = 1
[[records.lines]]
on = "refused"
line = "REFUSED status={{ fact.status }}"
"#;

/// Goal: records follow the files: what a reload says is written from then on, and no line is lost
/// or doubled by it. Method: the line of a fact is changed between two refusals, and moved to
/// another file before a third.
#[tokio::test]
async fn records_are_reloaded() {
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let rules = std::fs::read_to_string(site.path("listener.toml")).unwrap();
    let record = |file: &str, line: &str| {
        let text = format!(
            "{rules}\n[[records]]\nfile = \"{file}\"\n[[records.lines]]\non = \"refused\"\n\
             line = \"{line}\"\n"
        );
        std::fs::write(site.path("listener.toml"), text).unwrap();
        let mut options = site.options();
        options.config.set_files_directory(site.path("out").display().to_string());
        options
    };
    let listener = spawn(port().await, record("a.log", "FIRST")).await.unwrap();
    let refuse = async || {
        assert_eq!(answer(post(&listener, "{}").bearer_auth("wrong")).await.0, 401);
    };
    let read = |name: &str| {
        let text = std::fs::read_to_string(site.path("out").join(name)).unwrap_or_default();
        text.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for (file, line) in [("a.log", "FIRST"), ("a.log", "SECOND"), ("b.log", "THIRD")] {
        if line != "FIRST" {
            let options = record(file, line);
            let inventory = (*options.inventory).clone();
            listener.remote().reload(options.config, inventory, None).await.unwrap();
        }
        refuse().await;
        // It is written beside the answer; what comes next must find it there.
        let start = std::time::Instant::now();
        while read(file).last().map(String::as_str) != Some(line) {
            assert!(start.elapsed().as_secs() < 20, "no {line} in {file}");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
    listener.stop().await;
    assert_eq!(read("a.log"), ["FIRST", "SECOND"]);
    assert_eq!(read("b.log"), ["THIRD"]);
}

/// Goal: each fact is a line of its file, in order, the last one too; a full log begins anew.
#[tokio::test]
async fn what_happens_is_recorded() {
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let rules = std::fs::read_to_string(site.path("listener.toml")).unwrap();
    std::fs::write(site.path("listener.toml"), format!("{rules}{RECORDS}")).unwrap();
    let mut options = site.options();
    options.config.set_files_directory(site.path("out").display().to_string());
    let listener = spawn(port().await, options).await.unwrap();
    let body = r#"{"event": "InterfaceDown", "device": "R1"}"#;
    let (_, reply) = answer(post(&listener, body).bearer_auth("token-of-r1")).await;
    finished(&listener, reply["id"].as_str().unwrap()).await;
    for _ in 0..30 {
        assert_eq!(answer(post(&listener, body).bearer_auth("wrong")).await.0, 401);
    }
    let port = listener.address().port();
    listener.stop().await;
    let read = |name: &str| std::fs::read_to_string(site.path("out/logs").join(name)).unwrap();
    let all = read("lab6.log");
    let lines: Vec<&str> =
        all.lines().filter_map(|line| Some(line.split_once(" ts=")?.0)).collect();
    let refused = "SECURITY_VALIDATION=FAIL source=/events peer=127.0.0.1";
    assert_eq!(
        (&lines[..4], lines.last(), lines.len()),
        (
            &[
                format!("SERVER_STARTED type=basic port={port}").as_str(),
                "WEBHOOK_RECEIVED=/events event=InterfaceDown payload_size=42",
                "NETWORK_DEVICE_CALLED device=R1",
                "CONNECT_OK: NETMIKO",
            ][..],
            Some(&"SERVER_STOPPED"),
            35,
        ),
        "{all}"
    );
    assert!(lines[4..34].iter().all(|line| *line == refused), "{all}");
    let (old, new) = (read("small.log.1"), read("small.log"));
    assert!(old.len() <= 1024 && old.lines().count() + new.lines().count() == 30, "{old}{new}");
}
