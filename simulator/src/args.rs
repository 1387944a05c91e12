//! The command line of `simulator`, which `ednm simulator` takes too.
//!
//! Parsed by clap; what the verbs do is in `verb`.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use host::args::{FormatArgs, seed};

/// Virtual IOS XE routers behind real SSH, syslog and webhooks.
#[derive(Debug, Parser)]
#[command(name = "simulator", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Args,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// Run the routers until Ctrl-C.
    Up(Up),
    /// Play one scenario in real time and judge it.
    Run(Run),
    /// Do something to a node of a running lab: `inject R1 shutdown GigabitEthernet1`.
    Inject(Inject),
    /// Show the nodes of a running lab, or one of them from near.
    Inspect(Inspect),
    /// Check a lab and scenarios for it, and report every mistake.
    Check(Check),
    /// Switch a node of a running lab off and on again, or every one.
    Reset(Reset),
}

/// Which lab, and where its webhooks go.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct LabFlags {
    /// The lab [default: ./topology.toml, else the embedded one]
    #[arg(long, value_name = "FILE", env = "EDNM_TOPOLOGY")]
    pub topology: Option<PathBuf>,
    /// The listener's file. Taken so that one command line suits both programs; not read here.
    #[arg(long, value_name = "FILE", env = "EDNM_CONFIG")]
    pub config: Option<PathBuf>,
    /// Where the applets of the course's forms send to; its path, if it has one, replaces theirs.
    #[arg(long, value_name = "URL", env = "EDNM_WEBHOOK")]
    pub webhook: Option<String>,
    /// Seeds serial numbers, MAC addresses and jitter [default: the scenario's, else the lab's]
    #[arg(long, value_name = "NUMBER", value_parser = seed)]
    pub seed: Option<u64>,
}

/// Where host keys, `known_hosts` and the control socket are.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct StateFlag {
    /// The state directory [default: $EDNM_STATE, else $XDG_STATE_HOME/ednm]
    #[arg(long, value_name = "DIRECTORY")]
    pub state: Option<PathBuf>,
}

/// `simulator up`
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Up {
    /// Which lab.
    #[command(flatten)]
    pub lab: LabFlags,
    /// Where its state is.
    #[command(flatten)]
    pub state: StateFlag,
    /// Write every fact into this file as it happens, one JSON line each.
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Record what comes from outside into this file, for `ednm replay`; secrets as keyed tokens.
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// How it says that it is ready.
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `simulator run`
#[derive(Clone, Debug, clap::Args)]
pub struct Run {
    /// The scenario.
    #[arg(value_name = "SCENARIO")]
    pub scenario: PathBuf,
    /// Which lab.
    #[command(flatten)]
    pub lab: LabFlags,
    /// Where its state is.
    #[command(flatten)]
    pub state: StateFlag,
    /// How the verdict is printed.
    #[command(flatten)]
    pub format: FormatArgs,
    /// The listener whose side of the expectations is read, such as `http://127.0.0.1:8000`.
    #[arg(long, value_name = "URL")]
    pub listener: Option<String>,
    /// Let expectations that could not be observed pass.
    #[arg(long)]
    pub allow_unobserved: bool,
}

/// `simulator inject`
#[derive(Clone, Debug, clap::Args)]
pub struct Inject {
    /// The node.
    #[arg(value_name = "NODE")]
    pub node: String,
    /// What to do, in the words of a scenario's step.
    #[arg(value_name = "STEP", required = true, num_args = 1..)]
    pub step: Vec<String>,
    /// Where the lab's state is.
    #[command(flatten)]
    pub state: StateFlag,
}

/// `simulator inspect`
#[derive(Clone, Debug, clap::Args)]
pub struct Inspect {
    /// The node; all of them if not given.
    #[arg(value_name = "NODE")]
    pub node: Option<String>,
    /// Where the lab's state is.
    #[command(flatten)]
    pub state: StateFlag,
    /// How the nodes are printed.
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `simulator check`
#[derive(Clone, Debug, clap::Args)]
pub struct Check {
    /// Scenarios; without any, the lab alone is checked.
    #[arg(value_name = "SCENARIO")]
    pub scenarios: Vec<PathBuf>,
    /// Which lab.
    #[command(flatten)]
    pub lab: LabFlags,
    /// How the mistakes are printed.
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `simulator reset`
#[derive(Clone, Debug, clap::Args)]
pub struct Reset {
    /// The node; all of them if not given.
    #[arg(value_name = "NODE")]
    pub node: Option<String>,
    /// Where the lab's state is.
    #[command(flatten)]
    pub state: StateFlag,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    /// Goal: the declarations hold together. Method: clap's own check of them.
    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    /// Goal: the contract's lines parse, and mistakes are usage errors. Method: a table.
    #[test]
    fn the_contracts_lines_parse() {
        let table = [
            ("simulator up", true),
            (
                "simulator up --json --seed 0x5eed --webhook http://127.0.0.1:9/x --trace x.jsonl",
                true,
            ),
            ("simulator up --json --format human", false),
            ("simulator inject R1 no-shutdown GigabitEthernet1", true),
            ("simulator inject R1", false),
            ("simulator run s.toml --listener http://127.0.0.1:8000 --allow-unobserved", true),
            ("simulator run s.toml --seed x", false),
            ("simulator inspect --format json --state /tmp/x", true),
            ("simulator check --topology t.toml a.toml b.toml --json", true),
            ("simulator inspect R1 --json", true),
            ("simulator inspect R1 R2", false),
            ("simulator reset", true),
            ("simulator reset R1", true),
            ("simulator reset R1 R2", false),
        ];
        for (line, want) in table {
            assert_eq!(Cli::try_parse_from(line.split(' ')).is_ok(), want, "{line}");
        }
    }
}
