//! The command line of `ednm`.

mod eem;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use host::args::{FormatArgs, seed};

use topology::generate::Shape;

pub use eem::{
    Deny, EemArgs, EemCheckArgs, EemCheckFormat, EemGraphArgs, EemNewArgs, EemRenderArgs,
    EemRunArgs, EemTestArgs, GraphFormat, NewEvent,
};

/// A testbed for event-driven network automation: virtual IOS XE routers that POST webhooks, and a
/// listener that reacts on them.
#[derive(Debug, Parser)]
#[command(name = "ednm", version, max_term_width = 100)]
pub struct EdnmArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `ednm` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the loop once: an interface goes down, and the listener looks at the router
    Demo(DemoArgs),
    /// Start the lab and the listener, until Ctrl-C
    Up(UpArgs),
    /// Play scenarios and give a verdict, in virtual time by default
    Test(TestArgs),
    /// Run a recorded lab again and say whether it does the same
    Replay(ReplayArgs),
    /// Read traces
    #[command(subcommand)]
    Trace(TraceArgs),
    /// Make the files of a lab
    #[command(subcommand)]
    Gen(GenArgs),
    /// Ask a running listener, whoever wrote it, what a course asks of it, and give points
    Grade(GradeArgs),
    /// Make a secret
    #[command(subcommand)]
    Secret(SecretArgs),
    /// Check files of any kind, with what they refer to, and report every mistake
    Check(CheckArgs),
    /// Try the applets of a file on a virtual router, or render them for a real one
    #[command(subcommand)]
    Eem(EemArgs),
    /// Look at configurations of routers
    #[command(subcommand)]
    Config(ConfigArgs),
    /// The device side alone
    #[command(subcommand)]
    Simulator(simulator::Args),
    /// The automation side alone
    Listener(listener::args::Args),
}

/// The files of a lab and its listener.
#[derive(Clone, Debug, Default, Args)]
pub struct FileArgs {
    /// The lab
    #[arg(long, value_name = "FILE", env = "EDNM_TOPOLOGY")]
    pub topology: Option<PathBuf>,
    /// The listener's rules (listener.toml)
    #[arg(long, value_name = "FILE", env = "EDNM_CONFIG")]
    pub config: Option<PathBuf>,
    /// The rules of a whole configuration: a name that `listener profile` lists, or a directory
    /// that holds a listener.toml
    #[arg(long, value_name = "NAME|DIRECTORY", conflicts_with = "config")]
    pub profile: Option<PathBuf>,
    /// A course's webhook_config.json, whose keys are put over the rules
    #[arg(long, value_name = "FILE")]
    pub course_config: Option<PathBuf>,
}

/// `ednm demo`
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Which lab and rules; the embedded ones if not given
    #[command(flatten)]
    pub files: FileArgs,
    /// The scenario to play; the embedded `interface-down` if not given
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<PathBuf>,
    /// What actions reach beside devices
    #[command(flatten)]
    pub outward: listener::args::Outward,
    /// Run the rule's commands on this node of the topology, say a DevNet sandbox, not on the
    /// router that sent the event
    #[arg(long, value_name = "NODE")]
    pub react_on: Option<String>,
    /// How to print.
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `ednm up`
#[derive(Debug, Args)]
pub struct UpArgs {
    /// Which lab and rules; `./topology.toml` and `./listener.toml` if not given, else the embedded
    #[command(flatten)]
    pub files: FileArgs,
    /// What actions reach beside devices
    #[command(flatten)]
    pub outward: listener::args::Outward,
    /// The listener's address [default: what `--course-config` says, else 127.0.0.1:8000]
    #[arg(long, value_name = "ADDRESS:PORT", env = "EDNM_BIND")]
    pub bind: Option<std::net::SocketAddr>,
    /// Where host keys, journal and control sockets live [default: $EDNM_STATE, else
    /// $XDG_STATE_HOME/ednm]
    #[arg(long, value_name = "DIRECTORY")]
    pub state: Option<PathBuf>,
    /// The listener speaks HTTPS, with the certificate of the state directory, and the routers
    /// believe it
    #[arg(long)]
    pub tls: bool,
    /// Accept no delivery without a credential, from loopback neither
    #[arg(long)]
    pub require_auth: bool,
    /// Beyond loopback: accept deliveries without a credential all the same, where listener.toml
    /// accepts them from loopback; they never act on real nodes
    #[arg(long, conflicts_with = "require_auth")]
    pub allow_unauthenticated: bool,
    /// How to print.
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `ednm test`
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Scenario files, directories of them, or patterns such as `scenarios/**/link-*.toml`
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Which lab and rules; `./topology.toml` and `./listener.toml` if not given, else the embedded
    #[command(flatten)]
    pub files: FileArgs,
    /// The seed, in place of the scenario's
    #[arg(long, value_parser = seed)]
    pub seed: Option<u64>,
    /// Run each scenario with so many seeds, one after the other from its own
    #[arg(long, value_name = "NUMBER", default_value = "1")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    pub seeds: u64,
    /// Only scenarios in whose path or name this regular expression finds something
    #[arg(long, value_name = "REGEX")]
    pub filter: Option<String>,
    /// How many run at the same time [default: one for each core]
    #[arg(long, value_name = "NUMBER")]
    #[arg(value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// What a parameter of the scenarios is, in place of what they say; may be given more than once
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    pub set: Vec<(String, String)>,
    /// Whose clock runs; the scenario's own if not given, else virtual
    #[arg(long, value_enum)]
    pub clock: Option<Clock>,
    /// Write each trace into this directory, as SCENARIO-SEED.jsonl
    #[arg(long, value_name = "DIRECTORY")]
    pub trace: Option<PathBuf>,
    /// Write the verdicts into this file as JUnit XML too
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Write failures as annotations of a GitHub workflow too [default: when GITHUB_ACTIONS=true]
    #[arg(long)]
    pub github: bool,
    /// How to print.
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `ednm replay`
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// What `simulator up --record FILE` has written
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The lab, if it is no longer where it was
    #[arg(long, value_name = "FILE")]
    pub topology: Option<PathBuf>,
    /// How to print.
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `ednm trace`
#[derive(Debug, Subcommand)]
pub enum TraceArgs {
    /// Show a trace, or what is wanted of it
    Show(TraceShowArgs),
    /// Tell where two traces part ways, node by node
    Diff(TraceDiffArgs),
    /// Tell all that belongs to one id, from the fault through both sides
    Explain(TraceExplainArgs),
}

/// `ednm trace show`
#[derive(Debug, Args)]
pub struct TraceShowArgs {
    /// The trace
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Only lines of this node; may be given more than once
    #[arg(long, value_name = "NODE")]
    pub node: Vec<String>,
    /// Only facts of this kind, such as `syslog`; may be given more than once
    #[arg(long, value_name = "KIND")]
    pub kind: Vec<String>,
    /// Only lines of this fault, by its trace id or the beginning of it
    #[arg(long, value_name = "ID")]
    pub trace_id: Option<String>,
    /// Only from this time on, such as `1m30s` after the start
    #[arg(long, value_name = "TIME")]
    pub from: Option<simtime::Duration>,
    /// Only up to this time
    #[arg(long, value_name = "TIME")]
    pub to: Option<simtime::Duration>,
    /// How to print.
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `ednm trace diff`
#[derive(Debug, Args)]
pub struct TraceDiffArgs {
    /// A trace
    #[arg(value_name = "FILE")]
    pub one: PathBuf,
    /// Another
    #[arg(value_name = "OTHER")]
    pub other: PathBuf,
    /// How to print.
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `ednm trace explain`
#[derive(Debug, Args)]
pub struct TraceExplainArgs {
    /// A trace id, or the id of an event, a job or a delivery; its first six characters will do
    #[arg(value_name = "ID")]
    pub id: String,
    /// The trace
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// How to print.
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `ednm gen`
#[derive(Debug, Subcommand)]
pub enum GenArgs {
    /// A topology of many routers: addresses, links, an applet and a startup-config for each
    Topology(GenTopologyArgs),
}

/// `ednm gen topology`
#[derive(Debug, Args)]
pub struct GenTopologyArgs {
    /// How the routers are linked: ring, hub-spoke or random
    #[arg(long, value_name = "SHAPE")]
    pub shape: Shape,
    /// How many
    #[arg(long, value_name = "NUMBER")]
    pub nodes: u32,
    /// Draws random links, and the tokens of the routers
    #[arg(long, value_name = "NUMBER", value_parser = seed, default_value = "1")]
    pub seed: u64,
    /// Where to write topology.toml and configs/ [default: SHAPE-NODES]
    #[arg(long, value_name = "DIRECTORY")]
    pub into: Option<PathBuf>,
    /// The SSH port of the first router, the next ones for the others; without it none listens
    #[arg(long, value_name = "PORT")]
    pub ports: Option<u16>,
    /// Write over what is there
    #[arg(long)]
    pub force: bool,
    /// How to print.
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `ednm grade`
#[derive(Debug, Args)]
pub struct GradeArgs {
    /// The course: `lab6`, or a directory with tables like it
    #[arg(value_name = "COURSE|DIRECTORY")]
    pub course: String,
    /// The listener that is graded
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8000")]
    pub url: String,
    /// The routers, which are started for it; those of the embedded topology.toml if not given
    #[arg(long, value_name = "FILE")]
    pub devices: Option<PathBuf>,
    /// The token that the listener takes: itself, `env:NAME` or `file:PATH` [default: that of the
    /// first router]
    #[arg(long, value_name = "TOKEN", env = "EDNM_GRADE_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// Where the listener leaves `data/` and `logs/`
    #[arg(long, value_name = "DIRECTORY", default_value = ".")]
    pub directory: PathBuf,
    /// What the certificate of an `https://` listener is believed by, in PEM [default: ca.pem of
    /// the state directory, else the system's authorities]
    #[arg(long, alias = "cacert", value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Only this area; may be given more than once
    #[arg(long, value_name = "AREA")]
    pub only: Vec<String>,
    /// How long an answer may take, unless the check says another time
    #[arg(long, value_name = "TIME", default_value = "15s")]
    pub timeout: simtime::Duration,
    /// Where host keys of the routers are kept [default: $EDNM_STATE, else $XDG_STATE_HOME/ednm]
    #[arg(long, value_name = "DIRECTORY")]
    pub state: Option<PathBuf>,
    /// Write the checks into this file as JUnit XML too
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// How to print.
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `ednm secret`
#[derive(Debug, Subcommand)]
pub enum SecretArgs {
    /// Print a fresh secret of the operating system's own randomness
    New {
        /// What it is for
        #[arg(long, value_enum, default_value_t)]
        kind: SecretKind,
        /// How to print.
        #[command(flatten)]
        format: FormatArgs,
    },
}

/// What a secret is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SecretKind {
    /// `secret`: signatures over id, time and body
    #[default]
    StandardWebhooks,
    /// `token`: a bearer token, or the value of a token header
    Token,
    /// `hmac-secret`: signatures in GitHub's form
    Hmac,
}

/// `ednm check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Files (topology, inventory, listener.toml, scenario, startup-config), or directories of them
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The lab of scenarios and the inventory of listener.toml, in place of those that they name
    #[arg(long, value_name = "FILE", env = "EDNM_TOPOLOGY")]
    pub topology: Option<PathBuf>,
    /// How the mistakes are printed.
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `ednm config`
#[derive(Debug, Subcommand)]
pub enum ConfigArgs {
    /// Tell what a virtual router makes of each line: modelled, kept without effect, or refused
    Check(ConfigCheckArgs),
}

/// `ednm config check`
#[derive(Debug, Args)]
pub struct ConfigCheckArgs {
    /// Running-configs or startup-configs
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What the router understands
    #[arg(long, value_enum, default_value_t)]
    pub dialect: DialectArg,
    /// The hardware that it claims: c8000v, cat9k, isr4k
    #[arg(long, value_name = "PLATFORM", default_value = "c8000v", value_parser = platform)]
    pub platform: lab::Platform,
    /// How to print: every line, one line for each that is not modelled, or data
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: ConfigFormat,
}

/// How `ednm config check` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ConfigFormat {
    /// Every line with what becomes of it
    #[default]
    Full,
    /// FILE:LINE:COLUMN of each line that is not modelled
    Concise,
    /// For programs
    Json,
}

/// Which webhook forms the applets of a fresh router may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DialectArg {
    /// Those of IOS XE
    #[default]
    Iosxe,
    /// Those of the course too
    Course,
}

fn platform(name: &str) -> Result<lab::Platform, String> {
    lab::Platform::named(name).ok_or_else(|| {
        let known: Vec<&str> = lab::Platform::names().collect();
        format!("expected one of {}", known.join(", "))
    })
}

impl DialectArg {
    /// As applets are read.
    pub(crate) fn of_eem(self) -> ::eem::Dialect {
        match self {
            DialectArg::Iosxe => ::eem::Dialect::Ios,
            DialectArg::Course => ::eem::Dialect::Course,
        }
    }
}

impl From<DialectArg> for topology::Dialect {
    fn from(dialect: DialectArg) -> Self {
        match dialect {
            DialectArg::Iosxe => topology::Dialect::IosXe,
            DialectArg::Course => topology::Dialect::Course,
        }
    }
}

/// Whose clock a scenario runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Clock {
    /// Both sides in one queue: no socket, milliseconds of real time
    Virtual,
    /// Both programs over real sockets on loopback, in real time
    Real,
}

impl From<lab::Clock> for Clock {
    fn from(clock: lab::Clock) -> Self {
        match clock {
            lab::Clock::Virtual => Clock::Virtual,
            lab::Clock::Real => Clock::Real,
        }
    }
}

/// `name=value`; the value may hold further `=`.
fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        Some(_) | None => Err("expected NAME=VALUE".to_owned()),
    }
}
