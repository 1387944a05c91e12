//! The frame of a program: the panic hook, the engineer's log, the runtime, the exit code.
//!
//! Called by each `main`, once.

use std::future::Future;
use std::panic::PanicHookInfo;

use crate::exit::{ExitCode, ExpectedError};

/// Runs `program` to its end and gives the code to exit with. A panic anywhere, in a task too,
/// says that it is a bug and ends the process with 70: half a program must not go on.
pub fn run_program<F>(name: &'static str, program: F) -> std::process::ExitCode
where
    F: Future<Output = Result<(), ExpectedError>>,
{
    install_panic_hook(name);
    // The first and only one of the process: clients of TLS look for it.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    if let Err(error) = crate::logging::install() {
        error.print();
        return error.exit_code().into();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            crate::message::error(&format!("cannot start the async runtime: {error}"));
            return ExitCode::Environment.into();
        }
    };
    let ended = runtime.block_on(program);
    // A thread that still waits for a name server must not hold the exit up.
    runtime.shutdown_background();
    match ended {
        Ok(()) => ExitCode::Success.into(),
        Err(error) => {
            error.print();
            error.exit_code().into()
        }
    }
}

/// Makes every panic of the process end it with 70 and a request to report the bug.
fn install_panic_hook(name: &'static str) {
    std::panic::set_hook(Box::new(move |panic| {
        crate::message::error(&bug_report(name, panic));
        std::process::exit(ExitCode::Bug.number().into());
    }));
}

fn bug_report(name: &str, panic: &PanicHookInfo<'_>) -> String {
    let what = panic.payload_as_str().unwrap_or("a panic without a message");
    let place = panic.location().map_or_else(String::new, |place| format!(" at {place}"));
    let version = env!("CARGO_PKG_VERSION");
    let trace = std::backtrace::Backtrace::capture();
    let trace = match trace.status() {
        std::backtrace::BacktraceStatus::Captured => format!("\n{trace}"),
        _ => "\nRun it again with RUST_BACKTRACE=1 and add what that prints".to_owned(),
    };
    format!(
        "{name} {version} has a bug: {what}{place}\n\
         Please report it with this message, the command line and the files that it read{trace}"
    )
}
