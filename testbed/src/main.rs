//! The program `ednm`.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let args = testbed::args::EdnmArgs::parse();
    host::run_program("ednm", testbed::run(args))
}
