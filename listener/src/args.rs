//! The command line of `listener`, and of `ednm listener`.
//!
//! Declared here alone; each verb's work is in the module of its name. A flag beats its `EDNM_`
//! variable, which beats the file.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use host::args::FormatArgs;
use host::tls::{Name, NoName};

/// What to do.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The verb.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Receive webhooks and react until Ctrl-C
    Serve(Serve),
    /// Check listener.toml and its inventory, and report every mistake
    Check(Check),
    /// Show events and what followed from them
    Events(Events),
    /// Say of each rule why it did or did not fire on an event
    Explain(Explain),
    /// Show the jobs that have not ended, those that wait for an approval first
    Jobs(Jobs),
    /// Approve or deny a job that waits for that
    Approve(Approve),
    /// Copy the journal, also while a listener runs
    Backup(Backup),
    /// Make a certificate for HTTPS, and the authority that clients believe it by
    Cert(Cert),
    /// Have a running listener read its files again, all or nothing
    Reload(Reload),
    /// Look at the devices of the inventory
    Device(Device),
    /// Show the configurations that the program carries, and copy one to change it
    Profile(Profile),
}

/// The files that most verbs read.
#[derive(Clone, Debug, Default, ClapArgs)]
pub struct Files {
    /// The inventory [default: what listener.toml names, else the embedded topology.toml]
    #[arg(long, value_name = "FILE", env = "EDNM_TOPOLOGY")]
    pub topology: Option<PathBuf>,
    /// The rules [default: ./listener.toml, else the embedded one]
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

/// The state directory.
#[derive(Clone, Debug, Default, ClapArgs)]
pub struct State {
    /// Where journal and host keys are kept [default: $EDNM_STATE, else $XDG_STATE_HOME/ednm]
    #[arg(long, value_name = "DIRECTORY")]
    pub state: Option<PathBuf>,
}

/// What actions reach beside devices.
#[derive(Clone, Debug, Default, ClapArgs)]
pub struct Outward {
    /// Ask no API: its `stand-in` answers, or nobody
    #[arg(long)]
    pub offline: bool,
    /// Below which directory actions write [default: what `[files]` says, else that of the rules]
    #[arg(long = "files", value_name = "DIRECTORY")]
    pub files_directory: Option<PathBuf>,
}

impl Outward {
    /// What the flags say beats the file.
    pub fn apply(&self, config: &mut automation::Config) {
        if self.offline {
            config.go_offline();
        }
        if let Some(directory) = &self.files_directory {
            config.set_files_directory(directory.display().to_string());
        }
    }
}

/// `listener serve`
#[derive(Debug, ClapArgs)]
pub struct Serve {
    /// The files.
    #[command(flatten)]
    pub files: Files,
    /// What actions reach.
    #[command(flatten)]
    pub outward: Outward,
    /// The state directory.
    #[command(flatten)]
    pub state: State,
    /// Where to listen; port 0 lets the system choose [default: what `--course-config` says, else
    /// 127.0.0.1:8000]
    #[arg(long, value_name = "ADDRESS:PORT", env = "EDNM_BIND")]
    pub bind: Option<SocketAddr>,
    /// Take no delivery without a credential, whatever listener.toml says
    #[arg(long)]
    pub require_auth: bool,
    /// Beyond loopback: take deliveries without a credential all the same, where listener.toml
    /// takes them from loopback; they never act on real nodes
    #[arg(long, conflicts_with = "require_auth")]
    pub allow_unauthenticated: bool,
    /// How the port speaks HTTPS.
    #[command(flatten)]
    pub tls: TlsArgs,
    /// How the start is told: `json` prints one line on stdout once ready
    #[command(flatten)]
    pub format: FormatArgs,
}

/// HTTPS of `listener serve`
#[derive(Clone, Debug, Default, ClapArgs)]
pub struct TlsArgs {
    /// Speak HTTPS, with the certificate of the state directory; made if there is none
    #[arg(long)]
    pub tls: bool,
    /// Speak HTTPS, with this certificate and those between it and its root, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The key of `--tls-cert`, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
}

/// `listener check`
#[derive(Debug, ClapArgs)]
pub struct Check {
    /// The files.
    #[command(flatten)]
    pub files: Files,
    /// How the diagnostics are printed
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `listener events`
#[derive(Debug, ClapArgs)]
pub struct Events {
    /// The verb; `list` if absent.
    #[command(subcommand)]
    pub verb: Option<EventsVerb>,
    /// Where to look.
    #[command(flatten)]
    pub place: Place,
}

/// Where events are read from.
#[derive(Clone, Debug, ClapArgs)]
pub struct Place {
    /// Ask a running listener instead of reading the journal
    #[arg(long, value_name = "URL", env = "EDNM_LISTENER", global = true)]
    pub listener: Option<String>,
    /// The token of a listener's read API: `env:NAME` or `file:PATH` [default: $EDNM_API_TOKEN]
    #[arg(long, value_name = "REFERENCE", global = true, requires = "listener")]
    pub token: Option<String>,
    /// What the certificate of an `https://` listener is believed by, in PEM [default: ca.pem of
    /// the state directory, else the system's authorities]
    #[arg(long, value_name = "FILE", global = true, requires = "listener")]
    pub ca: Option<PathBuf>,
    /// Where the journal is [default: $EDNM_STATE, else $XDG_STATE_HOME/ednm]
    #[arg(long, value_name = "DIRECTORY", global = true)]
    pub state: Option<PathBuf>,
    /// How it is printed
    #[command(flatten)]
    pub format: FormatArgs,
}

/// The verbs of `listener events`.
#[derive(Debug, Subcommand)]
pub enum EventsVerb {
    /// List events, newest first
    List(List),
    /// Print each event as it is journalled, and again as its state changes, until Ctrl-C
    Tail(Tail),
    /// Tell the whole story of one event
    Show {
        /// The event's id
        id: String,
    },
}

/// `listener events list`
#[derive(Clone, Debug, Default, ClapArgs)]
pub struct List {
    /// How many events to list
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Only events older than this one
    #[arg(long, value_name = "ID")]
    pub after: Option<String>,
    /// Only events of this node
    #[arg(long, value_name = "NODE")]
    pub device: Option<String>,
    /// Only events of this name
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Only events that are this far
    #[arg(long, value_name = "PROGRESS")]
    pub only: Option<Progress>,
}

/// `listener events tail`
#[derive(Clone, Debug, Default, ClapArgs)]
pub struct Tail {
    /// How many of those that are there already to begin with
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub limit: usize,
    /// Only events of this node
    #[arg(long, value_name = "NODE")]
    pub device: Option<String>,
    /// Only events of this name
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Only events that are this far, as soon as they are
    #[arg(long, value_name = "PROGRESS")]
    pub only: Option<Progress>,
}

/// How far an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Progress {
    /// Stored, not yet decided
    Accepted,
    /// A job waits for an approval
    Waiting,
    /// A job is queued or runs
    Running,
    /// All that followed ended well
    Done,
    /// A job failed
    Failed,
}

/// `listener explain`
#[derive(Debug, ClapArgs)]
pub struct Explain {
    /// The event's id
    pub id: String,
    /// Where to look.
    #[command(flatten)]
    pub place: Place,
}

/// `listener jobs`
#[derive(Debug, ClapArgs)]
pub struct Jobs {
    /// Show those that have ended, too
    #[arg(long)]
    pub all: bool,
    /// Only jobs on this node
    #[arg(long, value_name = "NODE")]
    pub device: Option<String>,
    /// How many jobs to list
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Where to look.
    #[command(flatten)]
    pub place: Place,
}

/// `listener approve`
#[derive(Debug, ClapArgs)]
pub struct Approve {
    /// The job's id, as `listener jobs` shows it
    pub job: String,
    /// End the job without running it
    #[arg(long)]
    pub deny: bool,
    /// The state directory of the running listener.
    #[command(flatten)]
    pub state: State,
}

/// `listener backup`
#[derive(Debug, ClapArgs)]
pub struct Backup {
    /// The copy
    pub file: PathBuf,
    /// Replace the file if there is one
    #[arg(long)]
    pub force: bool,
    /// The state directory.
    #[command(flatten)]
    pub state: State,
    /// How it is printed
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `listener cert`
#[derive(Debug, ClapArgs)]
pub struct Cert {
    /// A host name that clients use, beside `localhost`; may be given more than once
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub name: Vec<Name>,
    /// An address that clients use, beside 127.0.0.1 and ::1; may be given more than once
    #[arg(long, value_name = "ADDRESS")]
    pub ip: Vec<IpAddr>,
    /// Make another in the place of the one that is there, with its names and those given; its key
    /// stays
    #[arg(long)]
    pub renew: bool,
    /// The state directory.
    #[command(flatten)]
    pub state: State,
    /// How it is printed
    #[command(flatten)]
    pub format: FormatArgs,
}

fn name(text: &str) -> Result<Name, NoName> {
    Name::parse(text)
}

/// `listener reload`
#[derive(Debug, ClapArgs)]
pub struct Reload {
    /// The state directory of the running listener.
    #[command(flatten)]
    pub state: State,
    /// How the diagnostics are printed
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `listener device`
#[derive(Debug, ClapArgs)]
pub struct Device {
    /// The verb.
    #[command(subcommand)]
    pub verb: DeviceVerb,
}

/// The verbs of `listener device`.
#[derive(Debug, Subcommand)]
pub enum DeviceVerb {
    /// Log in to a node step by step, and say what works and what to do where it does not
    Check(DeviceCheck),
}

/// `listener device check`
#[derive(Debug, ClapArgs)]
pub struct DeviceCheck {
    /// The node's name in the inventory
    pub node: String,
    /// The files.
    #[command(flatten)]
    pub files: Files,
    /// The state directory.
    #[command(flatten)]
    pub state: State,
    /// How it is printed
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `listener profile`
#[derive(Debug, ClapArgs)]
pub struct Profile {
    /// Which; all are listed if absent
    pub name: Option<String>,
    /// Write its files into this directory instead of printing them
    #[arg(long, value_name = "DIRECTORY", requires = "name")]
    pub to: Option<PathBuf>,
    /// Replace files that are there
    #[arg(long, requires = "to")]
    pub force: bool,
    /// How the list is printed
    #[command(flatten)]
    pub format: FormatArgs,
}
