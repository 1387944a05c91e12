//! A device for tests: an SSH server of one behaviour, in front of a few lines of a router.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use russh::keys::{Algorithm, HashAlg, PrivateKey};
use russh::server::{self, Auth, ChannelOpenHandle, Msg, Response, Session};
use russh::{Channel, ChannelId, MethodKind, MethodSet, Preferred, Pty, cipher, kex, mac};
use tokio::net::TcpListener;

/// How the device behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behaviour {
    /// Takes `admin`/`admin` as a password.
    Password,
    /// Knows keyboard-interactive alone.
    Interactive,
    /// Accepts the connection and says nothing.
    Hang,
    /// Grants a terminal and no shell.
    NoShell,
    /// Knows only algorithms of the IOS 15 years.
    Older,
    /// Hangs up while a password is checked.
    HangUp,
}

/// A running device. It ends with the runtime.
pub(crate) struct TestDevice {
    pub(crate) address: SocketAddr,
    pub(crate) fingerprint: String,
    pub(crate) key_line: String,
    /// Every password that was tried.
    pub(crate) tried: Arc<Mutex<Vec<String>>>,
}

/// Starts one.
pub(crate) async fn start(behaviour: Behaviour) -> TestDevice {
    let key = PrivateKey::random(&mut rand::rng(), Algorithm::Ed25519).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let tried: Arc<Mutex<Vec<String>>> = Arc::default();
    let device = TestDevice {
        address: listener.local_addr().unwrap(),
        fingerprint: key.public_key().fingerprint(HashAlg::Sha256).to_string(),
        key_line: key.public_key().to_openssh().unwrap(),
        tried: Arc::clone(&tried),
    };
    let methods: &[MethodKind] = match behaviour {
        Behaviour::Interactive => &[MethodKind::KeyboardInteractive],
        _ => &[MethodKind::Password, MethodKind::KeyboardInteractive],
    };
    let config = Arc::new(server::Config {
        keys: vec![key],
        methods: MethodSet::from(methods),
        preferred: match behaviour {
            Behaviour::Older => Preferred {
                kex: [kex::DH_G14_SHA1].to_vec().into(),
                cipher: [cipher::AES_128_CBC].to_vec().into(),
                mac: [mac::HMAC_SHA1].to_vec().into(),
                ..Preferred::DEFAULT
            },
            _ => Preferred::DEFAULT,
        },
        auth_rejection_time: std::time::Duration::ZERO,
        ..server::Config::default()
    });
    tokio::spawn(async move {
        let mut silent = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            if behaviour == Behaviour::Hang {
                silent.push(stream);
                continue;
            }
            let router = Router { behaviour, tried: Arc::clone(&tried), line: Vec::new() };
            let config = Arc::clone(&config);
            tokio::spawn(async move {
                if let Ok(session) = server::run_stream(config, stream, router).await {
                    let _ = session.await;
                }
            });
        }
    });
    device
}

struct Router {
    behaviour: Behaviour,
    tried: Arc<Mutex<Vec<String>>>,
    line: Vec<u8>,
}

impl Router {
    fn verdict(&self, user: &str, password: &str) -> Auth {
        self.tried.lock().unwrap().push(password.to_owned());
        if user == "admin" && password == "admin" { Auth::Accept } else { Auth::reject() }
    }

    /// What the terminal shows after one line: the echo, the answer, the prompt.
    fn answer(&self, line: &str) -> String {
        let output = match line {
            "show ip interface brief" => "Interface  IP-Address\r\nGi1  10.0.0.1\r\n",
            "show privilege" => "Current privilege level is 15\r\n",
            "show version" => "Cisco IOS XE Software, Version 17.12.04\r\nCopyright\r\n",
            "" | "terminal length 0" | "terminal width 512" => "",
            _ => "% Invalid input detected at '^' marker.\r\n\r\n",
        };
        format!("{line}\r\n{output}R1#")
    }
}

impl server::Handler for Router {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, russh::Error> {
        match self.behaviour {
            Behaviour::HangUp => Err(russh::Error::Disconnect),
            _ => Ok(self.verdict(user, password)),
        }
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _submethods: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, russh::Error> {
        let Some(mut response) = response else {
            return Ok(Auth::Partial {
                name: "".into(),
                instructions: "".into(),
                prompts: vec![("Password: ".into(), false)].into(),
            });
        };
        let password = response.next().unwrap_or_default();
        Ok(self.verdict(user, &String::from_utf8_lossy(&password)))
    }

    async fn channel_open_session(
        &mut self,
        _channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), russh::Error> {
        reply.accept().await;
        Ok(())
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        term: &str,
        columns: u32,
        rows: u32,
        _: u32,
        _: u32,
        _: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        assert_eq!((term, columns, rows), ("vt100", 511, 1000));
        session.channel_success(channel)
    }

    async fn shell_request(
        &mut self,
        channel: ChannelId,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        if self.behaviour == Behaviour::NoShell {
            return session.channel_failure(channel);
        }
        session.channel_success(channel)?;
        session.data(channel, b"\r\nR1#".to_vec())
    }

    async fn data(
        &mut self,
        channel: ChannelId,
        data: &[u8],
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        for &byte in data {
            if !matches!(byte, b'\n' | b'\r') {
                self.line.push(byte);
                continue;
            }
            let line = String::from_utf8(std::mem::take(&mut self.line)).unwrap();
            if line == "exit" {
                session.close(channel)?;
                return Ok(());
            }
            session.data(channel, self.answer(&line).into_bytes())?;
        }
        Ok(())
    }
}
