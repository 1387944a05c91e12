//! The command line of `ednm eem`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use host::args::{FormatArgs, seed};

use super::DialectArg;

/// `ednm eem`
#[derive(Debug, Subcommand)]
pub enum EemArgs {
    /// Let something happen to a router that has the applets of a file, and show each of their
    /// steps: in virtual time, nothing leaves this program
    Run(EemRunArgs),
    /// Rewrite the course's webhook forms into `guestshell run curl`, which a real router has, and
    /// list what the router needs for it
    Render(EemRenderArgs),
    /// Find what is wrong with applets, or doubtful, without running them
    Check(EemCheckArgs),
    /// Write an applet that works on a real router, and its unit test
    New(EemNewArgs),
    /// Run unit tests of applets, each on a virtual router of its own, in virtual time
    Test(EemTestArgs),
    /// Draw which applet starts which, and mark those that start themselves again
    Graph(EemGraphArgs),
}

/// `ednm eem run`
#[derive(Debug, Args)]
pub struct EemRunArgs {
    /// Applets, or a whole configuration with applets
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What happens: `syslog %LINK-3-UPDOWN: ...`, `cli show run`, `timer`, `none ARGUMENT...`;
    /// may be given more than once, an empty one lists all forms
    #[arg(long, value_name = "EVENT", required = true)]
    pub event: Vec<String>,
    /// The applet, where the file has several and not all shall be there
    #[arg(long, value_name = "NAME")]
    pub applet: Option<String>,
    /// The router: a node of a topology, to whose startup-config the file is added [default: a
    /// fresh one, with a neighbour at each port]
    #[arg(long, value_name = "TOPOLOGY:NODE", conflicts_with = "dialect")]
    pub device: Option<String>,
    /// What the fresh router understands
    #[arg(long, value_enum, default_value_t)]
    pub dialect: DialectArg,
    /// Let so much more time pass at the end, such as `10m`
    #[arg(long = "for", value_name = "DURATION")]
    pub span: Option<simtime::Duration>,
    /// The seed
    #[arg(long, value_parser = seed)]
    pub seed: Option<u64>,
    /// How to print.
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `ednm eem check`
#[derive(Debug, Args)]
pub struct EemCheckArgs {
    /// Applets, whole configurations, or directories of them (*.cfg, *.conf, *.eem, *.txt)
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Whose actions the applets may use
    #[arg(long, value_enum, default_value_t)]
    pub dialect: DialectArg,
    /// What counts as an error, too
    #[arg(long, value_enum, value_name = "WHAT")]
    pub deny: Option<Deny>,
    /// Mend what can be mended without a doubt (labels that run in another order than they look),
    /// and show what was changed
    #[arg(long)]
    pub fix: bool,
    /// With `--fix`: only show it
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
    /// How to print
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: EemCheckFormat,
    /// Short for `--format json`
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
}

/// What `--deny` makes an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// Every warning
    Warnings,
}

/// How `ednm eem check` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum EemCheckFormat {
    /// With the line, carets and advice
    #[default]
    Full,
    /// FILE:LINE:COLUMN: CODE message
    Concise,
    /// For programs
    Json,
    /// Annotations of a GitHub workflow
    Github,
}

/// `ednm eem new`
#[derive(Debug, Args)]
pub struct EemNewArgs {
    /// What the applet is called, and its files in lower case
    #[arg(value_name = "NAME")]
    pub name: String,
    /// What starts it
    #[arg(long, value_enum, value_name = "EVENT")]
    pub on: NewEvent,
    /// Where the files go
    #[arg(long, value_name = "DIRECTORY", default_value = ".")]
    pub into: PathBuf,
    /// Write over what is there
    #[arg(long)]
    pub force: bool,
}

/// What starts an applet of `ednm eem new`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NewEvent {
    /// An interface goes down
    InterfaceDown,
    /// An interface comes up
    InterfaceUp,
    /// The configuration is changed
    ConfigChange,
    /// The processor is busy
    Cpu,
    /// Memory runs out
    Memory,
    /// A login fails
    LoginFailure,
    /// Five minutes have passed
    Timer,
    /// A track object goes down
    Track,
}

/// `ednm eem test`
#[derive(Debug, Args)]
pub struct EemTestArgs {
    /// Files of tests, or directories of them (*.test.toml)
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only tests in whose file or name this regular expression finds something
    #[arg(long, value_name = "REGEX")]
    pub filter: Option<regex::Regex>,
    /// How many run at the same time [default: one for each core]
    #[arg(long, value_name = "NUMBER")]
    #[arg(value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Tell which actions, branches and detectors were never run
    #[arg(long)]
    pub coverage: bool,
    /// The same, with every line and how often it ran
    #[arg(long)]
    pub annotate: bool,
    /// Write the coverage into this file as JSON
    #[arg(long, value_name = "FILE")]
    pub coverage_json: Option<PathBuf>,
    /// Fail when less is covered, in percent
    #[arg(long, value_name = "PERCENT")]
    #[arg(value_parser = clap::value_parser!(u8).range(..=100))]
    pub min_coverage: Option<u8>,
    /// Run them again whenever a file has changed
    #[arg(long)]
    pub watch: bool,
    /// Write the verdicts into this file as JUnit XML too
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// How to print.
    #[command(flatten)]
    pub format: FormatArgs,
}

impl EemTestArgs {
    /// Whether the coverage is told.
    pub(crate) fn wants_coverage(&self) -> bool {
        self.coverage || self.annotate || self.min_coverage.is_some()
    }
}

/// `ednm eem graph`
#[derive(Debug, Args)]
pub struct EemGraphArgs {
    /// Applets, whole configurations, or directories of them
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Whose actions the applets may use
    #[arg(long, value_enum, default_value_t)]
    pub dialect: DialectArg,
    /// What to draw it with
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: GraphFormat,
}

/// What draws the graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// Mermaid, which Markdown shows
    #[default]
    Mermaid,
    /// Graphviz
    Dot,
}

/// `ednm eem render`
#[derive(Debug, Args)]
pub struct EemRenderArgs {
    /// Applets, or a whole configuration with applets
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The node of the topology that the file is for
    #[arg(long, value_name = "NODE")]
    pub node: String,
    /// The topology, for the listener's address and the node's token [default: ./topology.toml]
    #[arg(long, value_name = "FILE", env = "EDNM_TOPOLOGY")]
    pub topology: Option<PathBuf>,
    /// Print the token too; else a remark says where it goes
    #[arg(long)]
    pub reveal_token: bool,
    /// How to print.
    #[command(flatten)]
    pub format: FormatArgs,
}
