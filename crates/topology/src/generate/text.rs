//! The files of a generated lab: topology.toml and a startup-config for each router.
//!
//! Called by `ednm gen` and by the benchmark. Pure: the same plan, the same bytes.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use simtime::Rng;

use super::config::{self, Port};
use super::shape::{NODES_MAX, Shape, Wire};

/// Where the addresses of links begin: four to a link, so up to 10.15.255.255 for the largest lab.
const LINKS: u32 = u32::from_be_bytes([10, 0, 0, 0]);
/// Where the addresses of loopbacks begin.
const LOOPBACKS: u32 = u32::from_be_bytes([172, 16, 0, 1]);
/// Addresses of a /30.
const OF_A_LINK: u32 = 4;

/// What lab is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How it is wired.
    pub shape: Shape,
    /// How many routers.
    pub nodes: u32,
    /// Draws the links of a random shape, and the tokens.
    pub seed: u64,
    /// The SSH port of the first router; the others have the ones after it. Without, none listens.
    pub ports: Option<u16>,
}

/// A lab as files.
#[derive(Debug)]
pub struct Generated {
    /// Name below the directory, and text; the topology first.
    pub files: Vec<(String, String)>,
    /// How many links there are.
    pub links: usize,
}

/// Makes the files. The error is for whoever made the plan.
pub fn generate(plan: &Plan) -> Result<Generated, String> {
    let &Plan { shape, nodes, seed, ports } = plan;
    if nodes == 0 || nodes > NODES_MAX {
        return Err(format!("a lab has 1 to {NODES_MAX} nodes, not {nodes}"));
    }
    if ports.is_some_and(|first| u32::from(first) + nodes - 1 > u32::from(u16::MAX)) {
        return Err(format!("{nodes} nodes need more ports than there are from the first on"));
    }
    let root = Rng::from_seed(seed).child("generate");
    let wires = shape.wires(nodes, &mut root.child("links"));
    let mut plugged = vec![Vec::new(); nodes as usize];
    for (number, wire) in (0u32..).zip(&wires) {
        for (side, offset) in [(0, 1), (1, 2)] {
            let (node, port) = wire.ends[side];
            let (far, far_port) = wire.ends[1 - side];
            let address = Ipv4Addr::from(LINKS + OF_A_LINK * number + offset);
            let far = format!("{} GigabitEthernet{far_port}", name(far));
            plugged[node as usize].push(Port { number: port, address, far });
        }
    }
    let mut files = vec![("topology.toml".to_owned(), topology(plan, &root, &wires))];
    for (node, ports) in (0u32..).zip(&mut plugged) {
        ports.sort_by_key(|port| port.number);
        let text = config::config(&name(node), Ipv4Addr::from(LOOPBACKS + node), ports);
        files.push((config_path(node), text));
    }
    Ok(Generated { files, links: wires.len() })
}

fn topology(plan: &Plan, root: &Rng, wires: &[Wire]) -> String {
    let &Plan { shape, nodes, seed, ports } = plan;
    let mut text = format!(
        "# Made by `ednm gen topology --shape {0} --nodes {nodes} --seed {seed}`.\n\n\
         [lab]\nname = \"{0}-{nodes}\"\nseed = {seed}\n\n\
         [vars]\nwebhook-server = \"127.0.0.1:8000\"\n\n\
         [webhook]\nallow = [\"http://127.0.0.1:8000/\"]\n\n\
         [defaults.node]\nkind = \"virtual\"\nplatform = \"c8000v\"\ndialect = \"course\"\n\
         username = \"admin\"\npassword = \"admin\"\n",
        shape.word()
    );
    for node in 0..nodes {
        let name = name(node);
        // A generator of its own: another router more changes no other one's token.
        let token = root.child(&name).child("token").next_u64();
        write!(
            text,
            "\n[nodes.{name}]\nstartup-config = \"{}\"\ntoken = \"generated-{token:016x}\"\n",
            config_path(node)
        )
        .expect("a String takes text");
        if let Some(first) = ports {
            let port = u32::from(first) + node;
            writeln!(text, "ssh = \"127.0.0.1:{port}\"").expect("a String takes text");
        }
    }
    for Wire { ends: [(a, a_port), (b, b_port)] } in wires {
        let (a, b) = (name(*a), name(*b));
        write!(
            text,
            "\n[[links]]\nendpoints = [\"{a}:GigabitEthernet{a_port}\", \
             \"{b}:GigabitEthernet{b_port}\"]\n"
        )
        .expect("a String takes text");
    }
    text
}

fn name(node: u32) -> String {
    format!("R{}", node + 1)
}

fn config_path(node: u32) -> String {
    format!("configs/{}.cfg", name(node))
}
