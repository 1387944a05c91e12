//! `cargo xtask`: what continuous integration and developers run beside plain cargo.
//!
//! Started by the alias in `.cargo/config.toml`. It must never need a tool that it does not check
//! for, or install on a machine of continuous integration, by itself.

mod bench;
mod ci;
mod fuzz;
mod schema;
mod soak;
mod tidy;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  ci       fmt, tidy, clippy, test and docs: all that `.ci/run` runs
  test     all tests: unit, property, transcript, and with real clients (Netmiko, OpenSSH)
  soak     the long form of a test: `soak kill` kills the listener 200 times
           (EDNM_KILL_ROUNDS, EDNM_KILL_SEED), `soak hostile` sends it what it should refuse for
           two minutes (EDNM_HOSTILE_SECS)
  bench    measures in release: `bench lab` tells how large a lab may be (`--quick`: a short form),
           `bench eem` what applets cost, `bench apis` what NETCONF and RESTCONF do,
           `bench ingress` what the listener takes in, and how soon it looks, beside others
  fuzz     what anybody can send to NETCONF and RESTCONF, changed at random: `fuzz --seconds 60`,
           `fuzz TARGET` (framing, xml, json, paths, xpath, restconf, device)
  tidy     the rules of style and structure that no other tool checks
  bless    rewrite golden transcripts and traces from what the code prints now
  corpus   the commands that real applets send (EDNM_CORPUS: the folder that holds `eem/`), and what
           a virtual router makes of each
  schema   rewrite docs/schema, the JSON Schemas, from what the loaders read now
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let result = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["ci"] => ci::ci(),
        ["test", rest @ ..] => ci::test(rest),
        ["bench", name, rest @ ..] => bench::bench(name, rest),
        ["fuzz", rest @ ..] => fuzz::fuzz(rest),
        ["soak", name] => soak::soak(name),
        ["tidy"] => ci::tidy(),
        ["bless"] => ci::bless(),
        ["corpus"] => ci::corpus(),
        ["schema"] => schema::schema(),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}
