//! A client of NETCONF: russh, and the framing of the router's own crate.

use std::sync::Arc;
use std::time::Duration;

use netconf::{BASE_1_1, Decoder, Hello, Version, frame};
use russh::client::{self, Handle};
use russh::keys::PublicKeyOrCertificate;
use russh::{Channel, ChannelMsg, Disconnect};
use tokio::time::timeout;

/// How long the server may take for one answer.
const WAIT: Duration = Duration::from_secs(10);

/// Believes any host key.
struct TrustAll;

impl client::Handler for TrustAll {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        Ok(true)
    }
}

/// A session that has said hello.
pub(crate) struct Session {
    handle: Handle<TrustAll>,
    channel: Channel<client::Msg>,
    decoder: Decoder,
}

impl Session {
    pub(crate) async fn open(port: u16) -> Self {
        let config = Arc::new(client::Config::default());
        let connecting = client::connect(config, ("127.0.0.1", port), TrustAll);
        let mut handle = timeout(WAIT, connecting).await.unwrap().unwrap();
        let done = handle.authenticate_password("admin", "admin").await.unwrap();
        assert!(done.success(), "the router refuses the login");
        let channel = handle.channel_open_session().await.unwrap();
        channel.request_subsystem(true, "netconf").await.unwrap();
        let mut session = Session { handle, channel, decoder: Decoder::default() };
        session.message().await;
        let hello = Hello { capabilities: vec![BASE_1_1.to_owned()], session: None };
        session.send(frame(Version::V1_0, &hello.text())).await;
        session.decoder.set_version(Version::V1_1);
        session
    }

    /// Asks something; how large the answer is.
    pub(crate) async fn ask(&mut self, operation: &str) -> usize {
        let base = netconf::BASE;
        let text = format!("<rpc xmlns=\"{base}\" message-id=\"1\">{operation}</rpc>");
        self.send(frame(Version::V1_1, &text)).await;
        let answer = self.message().await;
        assert!(answer.contains("<data"), "{answer}");
        answer.len()
    }

    /// Ends the connection.
    pub(crate) async fn close(self) {
        // Who is gone already has left.
        let _ = self.handle.disconnect(Disconnect::ByApplication, "", "").await;
        let _ = timeout(WAIT, self.handle).await;
    }

    async fn send(&mut self, bytes: Vec<u8>) {
        self.channel.data_bytes(bytes).await.unwrap();
    }

    async fn message(&mut self) -> String {
        loop {
            if let Some(message) = self.decoder.next_message().unwrap() {
                return message;
            }
            match timeout(WAIT, self.channel.wait()).await.unwrap() {
                Some(ChannelMsg::Data { data }) => self.decoder.push(&data),
                Some(ChannelMsg::Close) | None => panic!("the router ends the session"),
                Some(_) => {}
            }
        }
    }
}
