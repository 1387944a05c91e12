//! One client for all servers: it logs in, opens a shell, and reads up to the next prompt.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use russh::client::{self, Handle};
use russh::keys::{PrivateKeyWithHashAlg, PublicKeyOrCertificate, load_secret_key};
use russh::{Channel, ChannelMsg, Disconnect};
use tokio::time::timeout;

/// How long a server may take for one answer.
const WAIT: Duration = Duration::from_secs(10);

/// How somebody logs in.
pub(crate) enum Login {
    /// By a password, as at a router.
    Password {
        /// The user.
        user: &'static str,
        /// The password.
        password: &'static str,
    },
    /// By a key, where the user is one of this machine.
    Key {
        /// The user.
        user: String,
        /// The file of the private key.
        file: PathBuf,
    },
}

/// Believes any host key.
struct TrustAll;

impl client::Handler for TrustAll {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        Ok(true)
    }
}

/// A client that is logged in.
pub(crate) struct Client {
    handle: Handle<TrustAll>,
    shell: Option<Channel<client::Msg>>,
}

/// Connects and logs in.
pub(crate) async fn log_in(port: u16, login: &Login) -> Client {
    let config = Arc::new(client::Config::default());
    let connecting = client::connect(config, ("127.0.0.1", port), TrustAll);
    let mut handle = timeout(WAIT, connecting).await.unwrap().unwrap();
    let done = match login {
        Login::Password { user, password } => handle.authenticate_password(*user, *password).await,
        Login::Key { user, file } => {
            let key = Arc::new(load_secret_key(file, None).unwrap());
            handle.authenticate_publickey(user, PrivateKeyWithHashAlg::new(key, None)).await
        }
    };
    assert!(done.unwrap().success(), "port {port} refuses the login");
    Client { handle, shell: None }
}

impl Client {
    /// Opens a shell, waits for its prompt, and rises if it is not privileged.
    pub(crate) async fn open_shell(&mut self) {
        let shell = self.handle.channel_open_session().await.unwrap();
        shell.request_pty(false, "vt100", 200, 24, 0, 0, &[]).await.unwrap();
        shell.request_shell(false).await.unwrap();
        self.shell = Some(shell);
        if self.read().await.ends_with('>') {
            self.command("enable").await;
        }
        self.command("terminal length 0").await;
    }

    /// What a command shows, with its echo and the next prompt.
    pub(crate) async fn command(&mut self, line: &str) -> String {
        self.shell.as_ref().unwrap().data_bytes(format!("{line}\r")).await.unwrap();
        self.read().await
    }

    /// Reads until something ends like a prompt.
    async fn read(&mut self) -> String {
        let shell = self.shell.as_mut().unwrap();
        let mut text = String::new();
        while !text.trim_end_matches(' ').ends_with(['#', '>']) {
            let message = timeout(WAIT, shell.wait()).await;
            match message.unwrap_or_else(|_| panic!("no prompt after {text:?}")) {
                Some(ChannelMsg::Data { data }) => text += &String::from_utf8_lossy(&data),
                Some(ChannelMsg::Close) | None => panic!("closed after {text:?}"),
                Some(_) => {}
            }
        }
        text
    }

    /// Ends the connection.
    pub(crate) async fn leave(self) {
        // Who is gone already has left.
        let _ = self.handle.disconnect(Disconnect::ByApplication, "", "").await;
        let _ = timeout(WAIT, self.handle).await;
    }
}
