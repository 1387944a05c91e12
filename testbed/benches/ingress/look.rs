//! From a POST to the answer that holds what a router says: ours beside FastAPI and Netmiko.
//!
//! One request at a time on one connection, the same virtual router and command for all. Ours logs
//! in for each job; Netmiko is asked both ways: a login for each request, as the course has it
//! (cold), and one session that stays (warm).

use std::time::Instant;

use crate::peers::{self, Server};
use crate::{Effort, intake, load, median};

const OURS: &str = "ednm, verified, journalled and synced; a login each";
const COLD: &str = "FastAPI and Netmiko, a login each";
const WARM: &str = "FastAPI and Netmiko, one session that stays";

/// The aims: how many times sooner ours answers.
const AIMS: [(&str, f64); 2] = [(COLD, 10.0), (WARM, 30.0)];

const TOPOLOGY: &str = "[lab]\nname = \"bench\"\n[vars]\nwebhook-server = \"127.0.0.1:9\"\n\
    [defaults.node]\nkind = \"virtual\"\nusername = \"admin\"\npassword = \"admin\"\n\
    [nodes.R1]\nssh = \"127.0.0.1:0\"\nstartup-config = \"R1.cfg\"\n";
const CONFIG: &str = include_str!("../../../configs/R2.cfg");
const RULES: &str = "[[sources]]\npath = \"/network-command\"\nunauthenticated = \"loopback\"\n\
    name = \"NetworkCommand\"\nrate = \"1000000/s\"\nrespond = \"result\"\n\
    [[sources.steps]]\nregister = \"run\"\non = \"R1\"\n\
    show = [\"{{ event.data.command | show }}\"]\n\
    [[sources.replies]]\nwhen = \"result.run.ok\"\n\
    json = { device = \"R1\", output = \"{{ result.run.output }}\" }\n";

/// The course's endpoint; the router's port is its environment's.
const NETMIKO_PY: &str = "\
import os
from fastapi import FastAPI, Request
from netmiko import ConnectHandler

app = FastAPI()
kept = None

def connect():
    return ConnectHandler(device_type='cisco_ios', host='127.0.0.1', port=PORT,
                          username='admin', password='admin')

@app.post('/network-command')
def command(body: dict):
    global kept
    if body.get('keep'):
        kept = kept or connect()
        return {'output': kept.send_command(body['command'])}
    with connect() as device:
        return {'output': device.send_command(body['command'])}
";

pub(crate) async fn measure(effort: Effort) {
    println!("\nlook: POST, `show ip interface brief` on a router, answer; medians, one at a time");
    let ours = match peers::listener(OURS, TOPOLOGY, RULES, &[("R1.cfg", CONFIG)]) {
        Ok(server) => server,
        Err(why) => return println!("skipped: {why}"),
    };
    let ssh = std::fs::read_to_string(ours.folder.path().join("ssh")).unwrap();
    let port = ssh.rsplit_once(':').unwrap().1.to_owned();
    let peer = peers::python("netmiko", &["fastapi", "uvicorn", "netmiko"]);
    let application = NETMIKO_PY.replace("PORT", &port);
    let peer = peer.and_then(|python| peers::uvicorn(COLD, &python, &application, &[]));
    let mut all = vec![(OURS, looks(&ours, false, effort.looks).await)];
    match peer {
        Ok(peer) => {
            all.push((COLD, looks(&peer, false, effort.looks).await));
            all.push((WARM, looks(&peer, true, effort.looks).await));
        }
        Err(missing) => println!("skipped: {missing}"),
    }
    let first = median(all[0].1.clone());
    for (name, took) in &all {
        let middle = median(took.clone());
        let beside = match *name == OURS {
            true => String::new(),
            false => format!("  (ednm: {:.1} times sooner)", middle / first),
        };
        println!("  {name}: {middle:.1} ms{beside}");
    }
    for (name, aim) in AIMS {
        let Some((_, took)) = all.iter().find(|(peer, _)| *peer == name) else { continue };
        let word = if median(took.clone()) >= aim * first { "met" } else { "missed" };
        println!("  aim {word}: {aim} times sooner than {name}");
    }
}

/// How long each of so many requests took, in milliseconds, after one that warms up.
async fn looks(server: &Server, keep: bool, count: usize) -> Vec<f64> {
    let body = serde_json::json!({"command": "show ip interface brief", "keep": keep}).to_string();
    let request = intake::request("/network-command", "", body.as_bytes());
    let (mut connection, mut took) = (None, Vec::new());
    for number in 0..=count {
        let begun = Instant::now();
        let answer = load::answer(server.port, &mut connection, &request).await;
        let (status, body) = answer.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        assert!(status == 200 && body.contains("GigabitEthernet1"), "{status}: {body}");
        if number > 0 {
            took.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    took
}
