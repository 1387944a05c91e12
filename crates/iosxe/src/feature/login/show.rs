//! `show login [failures]`

use std::fmt::Write as _;

use cli::{Args, No, kw, opt};

use super::{Block, LOCAL_PORT, Logins, Row};
use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 15,
    syntax: &[
        kw("show", "Show running system information"),
        kw("login", "Display Secure Login Configurations and State"),
        opt(&[kw("failures", "Display failed login attempts")]),
    ],
    no: No::Without,
    run: show,
}];

fn show(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    Reply::Text(if args.has("failures") { failures(turn) } else { summary(turn) })
}

fn summary(turn: &Turn<'_>) -> String {
    let logins = &turn.state.logins;
    // `login block-for` delays each login by a second on IOS; nothing delays one here.
    let mut text = "     No login delay has been applied.
     No Quiet-Mode access list has been configured.
"
    .to_owned();
    for (every, what) in [(logins.on_success, "successful"), (logins.on_failure, "failed")] {
        match every.map(|every| every.0) {
            None => {}
            Some(1) => text += &format!("     All {what} login is logged.\n"),
            Some(count) => text += &format!("     Every {count} {what} login is logged.\n"),
        }
    }
    text.push('\n');
    match logins.block {
        None => text + "     Router NOT enabled to watch for login Attacks\n",
        Some(block) => text + &watched(logins, block, turn.now),
    }
}

fn watched(logins: &Logins, block: Block, now: simtime::Time) -> String {
    let Block { quiet, attempts, within } = block;
    let mut text = format!(
        "     Router enabled to watch for login Attacks.
     If more than {attempts} login failures occur in {} seconds or less,
     logins will be disabled for {} seconds.

",
        within.as_secs(),
        quiet.as_secs(),
    );
    if let Some(until) = logins.quiet_until.filter(|until| now < *until) {
        let left = until.since(now).as_secs();
        text += "     Router presently in Quiet-Mode.\n";
        text += &format!("     Will remain in Quiet-Mode for {left} seconds.\n");
        return text + "     Denying logins from all sources.\n";
    }
    let recent = || logins.recent.iter().filter(|at| now.since(**at) < within);
    let left = recent().next().map_or(within, |first| (*first + within).since(now));
    text += "     Router presently in Normal-Mode.\n";
    text += "     Current Watch Window\n";
    text += &format!("         Time remaining: {} seconds.\n", left.as_secs());
    text + &format!("         Login failures for current window: {}.\n", recent().count())
        + &format!("     Total login failures: {}.\n", logins.failures)
}

fn failures(turn: &Turn<'_>) -> String {
    let rows = &turn.state.logins.rows;
    if rows.is_empty() {
        return "*** NO logged failed login attempts with the device.***\n".to_owned();
    }
    let total = turn.state.logins.failures;
    let mut text = format!(
        "Total failed logins: {total}\nDetailed information about last {} failures\n\n\
         Username        SourceIPAddr    lPort Count TimeStamp\n",
        super::ROWS_MAX
    );
    for Row { user, peer, count, last } in rows {
        let at = turn.state.clock.describe(*last);
        writeln!(text, "{user:15} {peer:15} {LOCAL_PORT:<5} {count:<5} {at}")
            .expect("writing to a String does not fail");
    }
    text
}
