//! `action mail`: hands a mail to the lab, and takes what became of it.

use eem::{Answer, RunId};
use simtime::Duration;

use super::{because_of, debug, run};
use crate::io::{Mail, MailFailure, MailId, Output};
use crate::turn::Turn;

/// The port of SMTP (RFC 5321, section 4.5.4.2).
const PORT: u16 = 25;
/// How long a router waits for its server: within the 20 seconds that a run has.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Sends a mail of a run, which waits for its end.
pub(super) fn send(turn: &mut Turn<'_>, id: RunId, asked: eem::Mail) {
    let (login, address) = match asked.server.rsplit_once('@') {
        Some((login, address)) => (Some(login), address),
        None => (None, asked.server.as_str()),
    };
    // A user without a password has nothing to log in with.
    let login = login.and_then(|login| login.split_once(':'));
    let login = login.map(|(user, password)| (user.to_owned(), password.to_owned()));
    let (host, port) = host_and_port(address);
    debug::mail(turn, id, "smtp_connect_attempt: 1");
    let addresses = |text: &str| {
        let all = text.split([',', ';', ' ']).filter(|address| !address.is_empty());
        all.map(str::to_owned).collect()
    };
    turn.out.push(Output::Mail(Mail {
        mail: MailId(id.0),
        host: host.to_owned(),
        port,
        login,
        from: asked.from.trim().to_owned(),
        to: addresses(&asked.to),
        cc: addresses(asked.cc.as_deref().unwrap_or_default()),
        subject: asked.subject,
        body: asked.body,
        timeout: TIMEOUT,
        trace: turn.trace,
    }));
}

/// `host` or `host:port`. The latter is ours: a real router always takes port 25.
fn host_and_port(address: &str) -> (&str, u16) {
    match address.rsplit_once(':') {
        // More than one colon is an IPv6 address.
        Some((host, port)) if !host.contains(':') => {
            port.parse().map_or((address, PORT), |port| (host, port))
        }
        Some(_) | None => (address, PORT),
    }
}

/// The lab is done with a mail.
pub(crate) fn ended(turn: &mut Turn<'_>, mail: MailId, outcome: Result<(), MailFailure>) {
    let id = RunId(mail.0);
    let trace = turn.state.eem.runs.get(&id).and_then(|run| run.trace);
    if matches!(outcome, Err(MailFailure::Connect | MailFailure::NotAllowed)) {
        because_of(turn, trace, |turn| {
            debug::mail(turn, id, "fh_smtp_connect failed at attempt 1");
        });
    }
    let answer = match outcome {
        Ok(()) => Answer::Done,
        Err(failure) => Answer::Failed(failure.to_string()),
    };
    run::answer(turn, id, answer);
    run::poll(turn);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the port is found, and an IPv6 address is none. Method: a table.
    #[test]
    fn servers_may_have_a_port() {
        let table = [
            ("mail.example.com", ("mail.example.com", 25)),
            ("127.0.0.1:2525", ("127.0.0.1", 2_525)),
            ("2001:db8::25", ("2001:db8::25", 25)),
            ("mail:x", ("mail:x", 25)),
        ];
        for (address, want) in table {
            assert_eq!(host_and_port(address), want);
        }
    }
}
