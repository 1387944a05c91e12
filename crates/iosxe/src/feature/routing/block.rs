//! The blocks of routing protocols in a configuration: what a block is called, which lines it can
//! have, how it is printed, and where it stands among others.
//!
//! A block holds its lines, the lines that are kept without effect, and the blocks below it.

use std::collections::BTreeMap;

use super::Running;
use super::lines::{Lines, Order};
use crate::config::ConfigText;
use crate::feature::inert::Kept;
use crate::feature::{bgp, eigrp, ospf};

/// How many blocks stand below one, and how many protocols one router runs.
pub(crate) const BLOCKS_MAX: usize = 256;

/// What a block is about, in the order in which blocks beside each other are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// `router eigrp 1`
    Eigrp,
    /// `router eigrp NAME`
    EigrpNamed,
    /// `router ospf 1`
    Ospf,
    /// `router bgp 65000`
    Bgp,
    /// `address-family ipv4` of BGP
    BgpFamily,
    /// `address-family ipv4 vrf X` of BGP
    BgpVrf,
    /// `address-family ipv4 ...` of EIGRP
    EigrpFamily,
    /// `af-interface X`
    EigrpInterface,
    /// `topology base`
    EigrpTopology,
}

/// One step from the configuration down to a block.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Step {
    pub(crate) kind: Kind,
    /// Where it stands among those of its kind.
    pub(crate) order: String,
    /// The line that opens it.
    pub(crate) header: String,
}

/// The way to a block; never empty.
pub(crate) type Path = Vec<Step>;

/// One block.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) lines: Lines,
    pub(crate) kept: Kept,
    pub(crate) below: BTreeMap<Step, Block>,
    /// The VRF that it is of.
    pub(crate) vrf: Option<String>,
    /// Whether a running-config has it as a block: a family that nobody named has its lines in
    /// the block around it.
    pub(crate) is_listed: bool,
    pub(crate) running: Running,
}

impl Kind {
    /// What the prompt says.
    pub(crate) fn prompt(self) -> &'static str {
        match self {
            Kind::Eigrp | Kind::EigrpNamed | Kind::Ospf | Kind::Bgp => "config-router",
            Kind::BgpFamily | Kind::BgpVrf | Kind::EigrpFamily => "config-router-af",
            Kind::EigrpInterface => "config-router-af-interface",
            Kind::EigrpTopology => "config-router-af-topology",
        }
    }

    /// The kinds that `data/inert.txt` names: `in router ospf`.
    pub(crate) fn named(word: &str) -> Option<Kind> {
        Some(match word {
            "router eigrp" => Kind::Eigrp,
            "router eigrp name" => Kind::EigrpNamed,
            "router ospf" => Kind::Ospf,
            "router bgp" => Kind::Bgp,
            "router bgp family" => Kind::BgpFamily,
            "router bgp vrf" => Kind::BgpVrf,
            "router eigrp family" => Kind::EigrpFamily,
            "router eigrp interface" => Kind::EigrpInterface,
            "router eigrp topology" => Kind::EigrpTopology,
            _ => return None,
        })
    }

    /// The lines that it can have.
    pub(crate) fn order(self) -> &'static Order {
        match self {
            Kind::Eigrp | Kind::EigrpFamily | Kind::EigrpTopology => &eigrp::ORDER,
            Kind::EigrpNamed | Kind::EigrpInterface => &eigrp::NAMED_ORDER,
            Kind::Ospf => &ospf::ORDER,
            Kind::Bgp | Kind::BgpFamily | Kind::BgpVrf => &bgp::ORDER,
        }
    }

    /// The line that ends it, and how much deeper than its first line that stands.
    fn end(self) -> Option<&'static str> {
        match self {
            Kind::Eigrp | Kind::EigrpNamed | Kind::Ospf | Kind::Bgp => None,
            Kind::BgpFamily | Kind::BgpVrf | Kind::EigrpFamily => Some("exit-address-family"),
            Kind::EigrpInterface => Some("exit-af-interface"),
            Kind::EigrpTopology => Some("exit-af-topology"),
        }
    }

    /// Whether the blocks below it come before its own lines.
    fn is_topped(self) -> bool {
        self == Kind::EigrpFamily
    }
}

impl Step {
    /// One that sorts by its header.
    pub(crate) fn new(kind: Kind, header: String) -> Self {
        Step { kind, order: super::lines::natural(&header), header }
    }
}

impl Block {
    /// One that nobody has configured yet.
    pub(crate) fn new(kind: Kind, vrf: Option<String>) -> Self {
        let lines = match kind {
            Kind::Bgp => Lines::new(kind.order()),
            Kind::Eigrp
            | Kind::EigrpNamed
            | Kind::Ospf
            | Kind::BgpFamily
            | Kind::BgpVrf
            | Kind::EigrpFamily
            | Kind::EigrpInterface
            | Kind::EigrpTopology => Lines::default(),
        };
        let (kept, below, running) = (Kept::default(), BTreeMap::new(), Running::default());
        Block { lines, kept, below, vrf, is_listed: true, running }
    }

    /// Prints it, its first line at this depth.
    pub(crate) fn print(&self, step: &Step, depth: usize, text: &mut ConfigText) {
        let vrf = match (&self.vrf, step.kind) {
            (Some(vrf), Kind::Ospf) => format!(" vrf {vrf}"),
            (Some(_) | None, _) => String::new(),
        };
        text.line(format_args!("{:depth$}{}{vrf}", "", step.header));
        if !step.kind.is_topped() {
            self.print_lines(&self.lines, depth + 1, text);
        }
        for (below, block) in &self.below {
            text.line(format_args!("{:1$}!", "", depth + 1));
            block.print(below, depth + 1, text);
        }
        if step.kind.is_topped() {
            self.print_lines(&self.lines, depth + 1, text);
        }
        if let Some(end) = step.kind.end() {
            text.line(format_args!("{:depth$}{end}", ""));
        }
    }

    /// Prints these lines in place of its own, and what is kept.
    pub(crate) fn print_lines(&self, lines: &Lines, depth: usize, text: &mut ConfigText) {
        lines.iter().for_each(|line| text.line(format_args!("{:depth$}{line}", "")));
        self.kept.print_below(depth, text);
    }
}
