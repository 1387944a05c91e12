//! The program `listener`: all of it is in the library, which `ednm listener` calls too.

use clap::Parser as _;

/// Receives webhooks, journals them, decides by rules, and reacts on devices over SSH.
#[derive(Debug, clap::Parser)]
#[command(name = "listener", version)]
struct Command {
    #[command(flatten)]
    args: listener::args::Args,
}

fn main() -> std::process::ExitCode {
    let command = Command::parse();
    host::run_program("listener", listener::run(command.args))
}
