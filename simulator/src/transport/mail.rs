//! Mail out: hands one mail to its server over SMTP, once, as the lab gave it.
//!
//! Called by the live loop, one task per mail. Plain SMTP, as EEM has it unless told otherwise; a
//! name and a password in the server's address are used to log in. Loopback and the machines of the
//! allow-list alone are spoken to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use lab::{Egress, Mail, MailFailure, Way};
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::{AsyncSmtpTransport, Error};
use lettre::{AsyncTransport as _, Message, Tokio1Executor};
use tokio::sync::Semaphore;
use tracing::debug;

/// Mails of all routers that are under way at a time; others wait, within their own timeout.
const MAILS_MAX: usize = 64;

/// Sends for all routers of a lab. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Postman {
    egress: Egress,
    room: Arc<Semaphore>,
}

impl Postman {
    /// One that sends where the lab's rule allows it.
    pub(crate) fn new(egress: Egress) -> Self {
        Postman { egress, room: Arc::new(Semaphore::new(MAILS_MAX)) }
    }

    /// Hands the mail over and waits for the server's word, within the bound that it has.
    pub(crate) async fn send(&self, mail: &Mail) -> Result<(), MailFailure> {
        let bound = Duration::from_micros(mail.timeout.as_micros());
        let sending = async {
            let _place = self.room.acquire().await.map_err(|_| MailFailure::Connect)?;
            self.deliver(mail, bound).await
        };
        let sent = tokio::time::timeout(bound, sending).await;
        let outcome = sent.unwrap_or(Err(MailFailure::Timeout));
        // Neither who nor what: both are the lab's own facts, without their secrets.
        match &outcome {
            Ok(()) => debug!(mail = mail.mail.0, "mail taken"),
            Err(failure) => debug!(mail = mail.mail.0, %failure, "mail not taken"),
        }
        outcome
    }

    async fn deliver(&self, mail: &Mail, bound: Duration) -> Result<(), MailFailure> {
        let way = self.egress.host(&mail.host).ok_or(MailFailure::NotAllowed)?;
        let message = message(mail).ok_or(MailFailure::BadAddress)?;
        // What was looked at is what is connected to, as for webhooks.
        let address = look_up(mail, way).await?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address)
            .port(mail.port)
            .timeout(Some(bound));
        if let Some((user, password)) = &mail.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        builder.build().send(message).await.map(drop).map_err(|error| failure(&error))
    }
}

/// An address of the server that may be connected to: a name of this machine leads to this machine.
async fn look_up(mail: &Mail, way: Way) -> Result<String, MailFailure> {
    let found = tokio::net::lookup_host((mail.host.as_str(), mail.port)).await;
    let found: Vec<SocketAddr> = found.map_err(|_| MailFailure::Connect)?.collect();
    let may = |address: &&SocketAddr| way == Way::Anywhere || address.ip().is_loopback();
    match found.iter().find(may) {
        Some(address) => Ok(address.ip().to_string()),
        None if found.is_empty() => Err(MailFailure::Connect),
        None => Err(MailFailure::NotAllowed),
    }
}

/// The mail as RFC 5322 has it; `None` if a sender or recipient is no address.
fn message(mail: &Mail) -> Option<Message> {
    let mut builder = Message::builder().from(mail.from.parse::<Mailbox>().ok()?);
    for to in &mail.to {
        builder = builder.to(to.parse().ok()?);
    }
    for cc in &mail.cc {
        builder = builder.cc(cc.parse().ok()?);
    }
    builder.subject(&mail.subject).body(mail.body.clone()).ok()
}

fn failure(error: &Error) -> MailFailure {
    if error.is_timeout() {
        MailFailure::Timeout
    } else if error.is_permanent() || error.is_transient() || error.is_response() {
        MailFailure::Refused
    } else {
        MailFailure::Connect
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
    use tokio::net::TcpListener;

    use super::*;

    /// A server that takes one mail, or says no to its recipient; what it was told comes back.
    async fn server(refuses: bool) -> (u16, tokio::task::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let port = listener.local_addr().expect("an address").port();
        let told = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("a client");
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            let mut told = Vec::new();
            write.write_all(b"220 mail.example.com\r\n").await.expect("a client");
            let mut is_data = false;
            while let Ok(Some(line)) = lines.next_line().await {
                let answer: &[u8] = match line.split([' ', ':']).next().unwrap_or_default() {
                    _ if is_data && line == "." => {
                        is_data = false;
                        b"250 taken\r\n"
                    }
                    _ if is_data => b"",
                    "EHLO" => b"250 mail.example.com\r\n",
                    "RCPT" if refuses => b"550 no such user\r\n",
                    "DATA" => {
                        is_data = true;
                        b"354 go on\r\n"
                    }
                    "QUIT" => b"221 bye\r\n",
                    _ => b"250 ok\r\n",
                };
                told.push(line);
                if write.write_all(answer).await.is_err() {
                    break;
                }
            }
            told
        });
        (port, told)
    }

    fn mail(host: &str, port: u16) -> Mail {
        Mail {
            mail: lab::MailId(1),
            host: host.to_owned(),
            port,
            login: None,
            from: "r1@example.com".into(),
            to: vec!["noc@example.com".into()],
            cc: vec!["boss@example.com".into()],
            subject: "down\r\nBcc: everybody@example.com".into(),
            body: "line one\n.\nline three".into(),
            timeout: simtime::Duration::from_secs(5),
            trace: None,
        }
    }

    /// Goal: a mail arrives as it was meant: all recipients, no header out of a text, no end out of
    /// a body. Method: a server on loopback that writes down what it is told.
    #[tokio::test]
    async fn a_mail_arrives() {
        let (port, told) = server(false).await;
        let postman = Postman::new(Egress::new([]));
        assert_eq!(postman.send(&mail("127.0.0.1", port)).await, Ok(()));
        let told = told.await.expect("a server").join("\n");
        for want in ["RCPT TO:<noc@", "RCPT TO:<boss@", "MAIL FROM:<r1@", "line three"] {
            assert!(told.contains(want), "{want} in {told}");
        }
        assert!(!told.contains("\nBcc:"), "{told}");
        assert!(!told.contains("RCPT TO:<everybody@"), "{told}");
    }

    /// Goal: each failure by its name, and no connection to where none is allowed. Method: a table.
    #[tokio::test]
    async fn mails_fail_by_name() {
        let postman = Postman::new(Egress::new([]));
        let (port, _) = server(true).await;
        let refused = postman.send(&mail("127.0.0.1", port)).await;
        assert_eq!(refused, Err(MailFailure::Refused));
        assert_eq!(postman.send(&mail("mail.example.com", 25)).await, Err(MailFailure::NotAllowed));
        let free = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let nobody = free.local_addr().expect("an address").port();
        drop(free);
        assert_eq!(postman.send(&mail("127.0.0.1", nobody)).await, Err(MailFailure::Connect));
        let bad = Mail { from: "nobody".into(), ..mail("127.0.0.1", nobody) };
        assert_eq!(postman.send(&bad).await, Err(MailFailure::BadAddress));
        let silent = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let port = silent.local_addr().expect("an address").port();
        let short = simtime::Duration::from_millis(200);
        let late = Mail { timeout: short, ..mail("127.0.0.1", port) };
        assert_eq!(postman.send(&late).await, Err(MailFailure::Timeout));
    }
}
