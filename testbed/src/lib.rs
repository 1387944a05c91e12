//! `ednm`: lab and listener together, live in one process or in one queue of virtual time.
//!
//! The program is [`run`]; the tests call [`test::in_virtual_time`] and fold facts into
//! [`loops::Loops`]. It must never know how a router or a rule works: it joins the two sides.

mod applet;
pub mod args;
mod check;
mod config;
mod demo;
pub mod generate;
mod grade;
pub mod inputs;
mod live;
pub mod loops;
mod replay;
mod secret;
pub mod test;
mod trace;
mod up;
pub mod virtual_time;
mod walk;

use args::Command;
use host::ExpectedError;

/// What a file of unit tests of applets can hold.
pub fn unit_tests_shape() -> diagnostic::table::Shape {
    applet::unit::shape()
}

/// Carries out a command line.
pub async fn run(args: args::EdnmArgs) -> Result<(), ExpectedError> {
    match args.command {
        Command::Demo(args) => demo::run(args).await,
        Command::Up(args) => up::run(args).await,
        Command::Test(args) => test::run(args).await,
        Command::Replay(args) => replay::run(&args),
        Command::Trace(args) => trace::run(args),
        Command::Grade(args) => grade::run(args).await,
        Command::Gen(args) => generate::run(args),
        Command::Secret(args) => secret::run(&args),
        Command::Eem(args) => applet::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Config(args) => config::run(&args),
        Command::Simulator(args) => simulator::run(args).await,
        Command::Listener(args) => listener::run(args).await,
    }
}
