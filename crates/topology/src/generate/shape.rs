//! Which router is linked to which: ring, tree of hubs, or at random.
//!
//! Called by the writer of topologies. A router never gets more links than it has ports.

use std::str::FromStr;

use simtime::Rng;

/// The largest lab that is generated.
pub const NODES_MAX: u32 = 100_000;
/// The ports of a Catalyst 8000V.
pub(super) const PORTS: usize = 4;
/// Ports of a hub that lead away from the root.
const SPOKES: u32 = 3;
/// Of how many routers one gets a link beyond the tree that joins all.
const EXTRA_OF: u32 = 4;
/// How often a partner with a free port is looked for.
const DRAWS_MAX: u32 = 64;

/// How a lab is wired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Each router has a link to the next one, the last to the first.
    Ring,
    /// A hub has a link to each of up to three routers, which may be hubs themselves.
    HubSpoke,
    /// All are joined, by links that the seed draws.
    Random,
}

/// A link, by the places of its two routers and the numbers of their ports from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wire {
    pub(super) ends: [(u32, usize); 2],
}

/// Hands out ports.
struct Ports(Vec<usize>);

impl FromStr for Shape {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Shape::ALL.into_iter().find(|shape| shape.word() == text);
        found.ok_or_else(|| format!("expected `ring`, `hub-spoke` or `random`, not `{text}`"))
    }
}

impl Shape {
    /// Every shape.
    pub const ALL: [Shape; 3] = [Shape::Ring, Shape::HubSpoke, Shape::Random];

    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Shape::Ring => "ring",
            Shape::HubSpoke => "hub-spoke",
            Shape::Random => "random",
        }
    }

    /// The links among so many routers.
    pub(super) fn wires(self, nodes: u32, rng: &mut Rng) -> Vec<Wire> {
        let mut ports = Ports(vec![0; nodes as usize]);
        match self {
            Shape::Ring if nodes == 2 => ports.wire(0, 1).into_iter().collect(),
            Shape::Ring => {
                let next = |node| (node + 1) % nodes;
                let pairs = (0..nodes).filter(|&node| next(node) != node);
                pairs.filter_map(|node| ports.wire(node, next(node))).collect()
            }
            Shape::HubSpoke => {
                (1..nodes).filter_map(|node| ports.wire((node - 1) / SPOKES, node)).collect()
            }
            Shape::Random => random(nodes, &mut ports, rng),
        }
    }
}

/// First each router with one before it, then a few more.
fn random(nodes: u32, ports: &mut Ports, rng: &mut Rng) -> Vec<Wire> {
    let mut wires = Vec::new();
    for node in 1..nodes {
        // The one just before has had one link at most: it has a port.
        let drawn = ports.draw(node, node, rng).unwrap_or(node - 1);
        wires.extend(ports.wire(drawn, node));
    }
    for _ in 0..nodes / EXTRA_OF {
        let Some(one) = ports.draw(nodes, nodes, rng) else { break };
        if let Some(other) = ports.draw(nodes, one, rng) {
            wires.extend(ports.wire(one, other));
        }
    }
    wires
}

impl Ports {
    fn is_free(&self, node: u32) -> bool {
        self.0[node as usize] < PORTS
    }

    /// One of the first `count` routers that has a free port and is not `other`.
    fn draw(&self, count: u32, other: u32, rng: &mut Rng) -> Option<u32> {
        let mut draws = (0..DRAWS_MAX).map(|_| rng.below(u64::from(count)) as u32);
        draws.find(|&node| node != other && self.is_free(node))
    }

    fn wire(&mut self, one: u32, other: u32) -> Option<Wire> {
        if one == other || !self.is_free(one) || !self.is_free(other) {
            return None;
        }
        let mut take = |node: u32| {
            self.0[node as usize] += 1;
            (node, self.0[node as usize])
        };
        Some(Wire { ends: [take(one), take(other)] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: every shape joins all routers and gives none more links than ports. Method: many
    /// sizes and seeds; reach from the first router along the links.
    #[test]
    fn every_shape_joins_all() {
        for shape in [Shape::Ring, Shape::HubSpoke, Shape::Random] {
            for nodes in [1, 2, 3, 4, 5, 17, 200] {
                for seed in 0..5 {
                    let wires = shape.wires(nodes, &mut Rng::from_seed(seed));
                    let mut reached = vec![false; nodes as usize];
                    reached[0] = true;
                    for _ in 0..nodes {
                        for Wire { ends: [(a, _), (b, _)] } in &wires {
                            let either = reached[*a as usize] || reached[*b as usize];
                            reached[*a as usize] = either;
                            reached[*b as usize] = either;
                        }
                    }
                    assert!(reached.iter().all(|&r| r), "{shape:?} {nodes} {seed}");
                    let mut ends: Vec<_> = wires.iter().flat_map(|wire| wire.ends).collect();
                    assert!(ends.iter().all(|(_, port)| (1..=PORTS).contains(port)));
                    let all = ends.len();
                    ends.sort_unstable();
                    ends.dedup();
                    assert_eq!(ends.len(), all, "{shape:?} {nodes} {seed}: a port twice");
                }
            }
        }
    }
}
