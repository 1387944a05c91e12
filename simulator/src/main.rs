//! The program `simulator`: arguments in, exit code out.

use clap::Parser as _;

fn main() -> std::process::ExitCode {
    let cli = simulator::args::Cli::parse();
    host::run_program("simulator", simulator::run(cli.verb))
}
