//! russh as a client: logins, channels, what is refused, what a session shows.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use russh::client::{self, AuthResult, Handle, KeyboardInteractiveAuthResponse as Asked};
use russh::keys::{Algorithm, PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{Channel, ChannelMsg, ChannelOpenFailure, Disconnect, MethodKind, MethodSet};
use tokio::time::timeout;

use crate::bench::{ONE_ROUTER, R1_CONFIG, WAIT, address, folder, one_router, start};

/// Believes any host key, and keeps what it is shown before it logs in.
#[derive(Default)]
pub(crate) struct TrustAll {
    banner: Arc<Mutex<String>>,
}

impl client::Handler for TrustAll {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        _key: &PublicKeyOrCertificate,
    ) -> Result<bool, russh::Error> {
        Ok(true)
    }

    async fn auth_banner(
        &mut self,
        banner: &str,
        _session: &mut client::Session,
    ) -> Result<(), russh::Error> {
        self.banner.lock().unwrap().push_str(banner);
        Ok(())
    }
}

/// A connection that is not logged in yet.
pub(crate) async fn connect(address: SocketAddr) -> Handle<TrustAll> {
    connect_as(address, TrustAll::default()).await
}

async fn connect_as(address: SocketAddr, client: TrustAll) -> Handle<TrustAll> {
    let config = Arc::new(client::Config::default());
    timeout(WAIT, client::connect(config, address, client)).await.unwrap().unwrap()
}

async fn log_in(address: SocketAddr) -> Handle<TrustAll> {
    let mut client = connect(address).await;
    assert!(client.authenticate_password("admin", "admin").await.unwrap().success());
    client
}

/// Reads until `end` has come, or the channel has ended.
async fn read_until(channel: &mut Channel<client::Msg>, end: &str) -> String {
    let mut text = String::new();
    while !text.contains(end) {
        match timeout(WAIT, channel.wait()).await.unwrap_or_else(|_| panic!("no {end:?}: {text:?}"))
        {
            Some(ChannelMsg::Data { data }) => text.push_str(&String::from_utf8_lossy(&data)),
            Some(ChannelMsg::Close) | None => break,
            Some(_) => {}
        }
    }
    text
}

/// What one command prints, over a connection of its own.
pub(crate) async fn output_of(address: SocketAddr, command: &str) -> String {
    let client = log_in(address).await;
    let mut channel = client.channel_open_session().await.unwrap();
    channel.exec(true, command).await.unwrap();
    read_until(&mut channel, "\u{0}").await
}

/// Goal: a shell shows the router's interfaces. Method: log in, type a command, read the row.
#[tokio::test]
async fn a_shell_runs_a_command() {
    let (_dir, live) = one_router().await;
    let client = log_in(address(&live)).await;
    let mut channel = client.channel_open_session().await.unwrap();
    channel.request_pty(true, "vt100", 80, 24, 0, 0, &[]).await.unwrap();
    channel.request_shell(true).await.unwrap();
    assert!(read_until(&mut channel, "R1#").await.contains("R1#"));
    channel.data_bytes("show ip interface brief\r").await.unwrap();
    let shown = read_until(&mut channel, "R1#").await;
    assert!(shown.contains("GigabitEthernet1       192.0.2.1"), "{shown}");
    channel.data_bytes("exit\r").await.unwrap();
    let farewell = read_until(&mut channel, "\u{0}").await;
    assert!(!farewell.contains("R1#"), "{farewell}");
    live.stop().await;
}

/// Goal: a wrong password leaves the connection for the next try, by either method.
#[tokio::test]
async fn a_wrong_password_may_be_mended() {
    let (_dir, live) = one_router().await;
    let mut client = connect(address(&live)).await;
    assert!(!client.authenticate_none("admin").await.unwrap().success());
    let refused = client.authenticate_password("admin", "wrong").await.unwrap();
    // A client that no longer finds its method here gives up on passwords.
    let open = [MethodKind::PublicKey, MethodKind::KeyboardInteractive, MethodKind::Password];
    let remaining_methods = MethodSet::from(open.as_slice());
    assert_eq!(refused, AuthResult::Failure { remaining_methods, partial_success: false });
    assert!(!client.authenticate_password("nobody", "admin").await.unwrap().success());
    let asked = client.authenticate_keyboard_interactive_start("admin", None).await.unwrap();
    let Asked::InfoRequest { prompts, .. } = asked else { panic!("{asked:?}") };
    assert_eq!(
        (prompts.len(), prompts[0].prompt.as_str(), prompts[0].echo),
        (1, "Password: ", false)
    );
    let answer = vec!["admin".to_owned()];
    let end = client.authenticate_keyboard_interactive_respond(answer).await.unwrap();
    assert!(matches!(end, Asked::Success), "{end:?}");
    live.stop().await;
}

/// Goal: one command runs and ends with its status, output first.
#[tokio::test]
async fn one_command_runs_and_ends() {
    let (_dir, live) = one_router().await;
    let client = log_in(address(&live)).await;
    let mut channel = client.channel_open_session().await.unwrap();
    channel.exec(true, "show ip interface brief").await.unwrap();
    let (mut text, mut ends) = (String::new(), Vec::new());
    while let Some(message) = timeout(WAIT, channel.wait()).await.unwrap() {
        match message {
            ChannelMsg::Data { data } => text.push_str(&String::from_utf8_lossy(&data)),
            ChannelMsg::ExitStatus { exit_status } => ends.push(format!("status {exit_status}")),
            ChannelMsg::Eof => ends.push("eof".into()),
            ChannelMsg::Close => ends.push("close".into()),
            _ => {}
        }
    }
    assert!(text.contains("GigabitEthernet1"), "{text}");
    assert_eq!(ends, ["status 0", "eof", "close"]);
    live.stop().await;
}

/// Goal: what a router does not offer is refused, and the connection lives on.
#[tokio::test]
async fn what_is_not_offered_is_refused() {
    let (_dir, live) = one_router().await;
    let client = log_in(address(&live)).await;
    let mut channel = client.channel_open_session().await.unwrap();
    channel.set_env(true, "LANG", "C").await.unwrap();
    assert!(matches!(channel.wait().await, Some(ChannelMsg::Failure)));
    channel.request_subsystem(true, "sftp").await.unwrap();
    assert!(matches!(channel.wait().await, Some(ChannelMsg::Failure)));
    assert!(client.channel_open_direct_tcpip("127.0.0.1", 1, "127.0.0.1", 1).await.is_err());
    channel.request_shell(true).await.unwrap();
    assert!(read_until(&mut channel, "R1#").await.contains("R1#"));
    live.stop().await;
}

/// Goal: the end of a client's input ends its shell once all of it is done.
#[tokio::test]
async fn the_end_of_input_ends_a_shell() {
    let (_dir, live) = one_router().await;
    let client = log_in(address(&live)).await;
    let mut channel = client.channel_open_session().await.unwrap();
    channel.request_shell(true).await.unwrap();
    channel.data_bytes("show ip interface brief\n").await.unwrap();
    channel.eof().await.unwrap();
    let all = read_until(&mut channel, "\u{0}").await;
    assert!(all.contains("GigabitEthernet1       192.0.2.1"), "{all}");
    live.stop().await;
}

/// Goal: a stop ends the sessions that are open, within its bound.
#[tokio::test]
async fn a_stop_ends_open_sessions() {
    let (_dir, live) = one_router().await;
    let client = log_in(address(&live)).await;
    let mut channel = client.channel_open_session().await.unwrap();
    channel.request_shell(true).await.unwrap();
    assert!(read_until(&mut channel, "R1#").await.contains("R1#"));
    timeout(WAIT, live.stop()).await.unwrap();
    read_until(&mut channel, "\u{0}").await;
    // Whether the farewell came first or the cut, the connection is over.
    let _ = client.disconnect(Disconnect::ByApplication, "", "").await;
    timeout(WAIT, async {
        while !client.is_closed() {
            tokio::task::yield_now().await
        }
    })
    .await
    .unwrap();
}

/// A login, if the router takes the connection.
async fn try_log_in(address: SocketAddr) -> Option<Handle<TrustAll>> {
    let config = Arc::new(client::Config::default());
    let connected = client::connect(config, address, TrustAll::default());
    let mut client = timeout(WAIT, connected).await.unwrap().ok()?;
    let done = client.authenticate_password("admin", "admin").await;
    done.is_ok_and(|done| done.success()).then_some(client)
}

/// Goal: a login that never opens a shell holds its line no longer than its connection. Method:
/// take all lines so, give one back, and log in once more.
#[tokio::test]
async fn a_login_without_a_shell_frees_its_line() {
    let (_dir, live) = one_router().await;
    let mut taken = Vec::new();
    while let Some(client) = try_log_in(address(&live)).await {
        taken.push(client);
        assert!(taken.len() < 32, "the lines never run out");
    }
    let last = taken.pop().expect("a line");
    last.disconnect(Disconnect::ByApplication, "", "").await.unwrap();
    drop(last);
    let freed = async {
        // The router hears of the end a moment after the client has gone.
        while try_log_in(address(&live)).await.is_none() {
            tokio::task::yield_now().await;
        }
    };
    timeout(WAIT, freed).await.expect("the line is free again");
    live.stop().await;
}

/// Goal: a router that reloads cuts its sessions, refuses connections, and takes them again when it
/// has booted. Method: a reload with a boot of two seconds, over real sockets.
#[tokio::test]
async fn a_router_that_boots_refuses_connections() {
    let (_dir, live) = one_router().await;
    let client = log_in(address(&live)).await;
    let mut shell = client.channel_open_session().await.unwrap();
    shell.request_shell(true).await.unwrap();
    read_until(&mut shell, "R1#").await;
    let words = ["reload".to_owned(), "reason=test".to_owned(), "boot=2s".to_owned()];
    let step = live.remote().step("R1", &words).await.unwrap().unwrap();
    live.remote().inject(step).await.unwrap();
    let ended = async { while shell.wait().await.is_some() {} };
    timeout(WAIT, ended).await.expect("the session is cut");
    assert!(try_log_in(address(&live)).await.is_none(), "nobody answers");
    let up = async {
        while try_log_in(address(&live)).await.is_none() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    timeout(WAIT, up).await.expect("it has booted");
    live.stop().await;
}

/// Goal: a connection has as many sessions as there are lines, each on a line of its own, and what
/// one of them does is nothing to the others. Method: a shell, commands beside it, one channel too
/// many; then the line that came free.
#[tokio::test]
async fn a_connection_has_several_sessions() {
    let (_dir, live) = one_router().await;
    let client = log_in(address(&live)).await;
    let mut shell = client.channel_open_session().await.unwrap();
    shell.request_shell(true).await.unwrap();
    read_until(&mut shell, "R1#").await;
    let mut command = client.channel_open_session().await.unwrap();
    command.exec(true, "show users").await.unwrap();
    let users = read_until(&mut command, "\u{0}").await;
    assert!(users.contains("vty 0") && users.contains("*  3 vty 1"), "{users}");
    let mut others = Vec::new();
    let refused = loop {
        match client.channel_open_session().await {
            Ok(channel) => others.push(channel),
            Err(refused) => break refused,
        }
        assert!(others.len() < 10, "the lines never run out");
    };
    let shortage = ChannelOpenFailure::ResourceShortage;
    assert!(matches!(refused, russh::Error::ChannelOpenFailure(why) if why == shortage));
    assert!(try_log_in(address(&live)).await.is_none(), "no line for another client");
    shell.data_bytes("show clock\r").await.unwrap();
    assert!(read_until(&mut shell, "R1#").await.contains("UTC"));
    others.pop().unwrap().close().await.unwrap();
    let freed = async { while client.channel_open_session().await.is_err() {} };
    timeout(WAIT, freed).await.expect("the line is free again");
    live.stop().await;
}

/// Goal: a user logs in by a key of `ip ssh pubkey-chain`, after others that the router does not
/// know; the password works beside it, and the running-config has the key's hash. Method: keys made
/// here, given by `key-string` in pieces.
#[tokio::test]
async fn a_key_lets_its_user_in() {
    let [known, other] = [(); 2].map(|()| {
        let key = PrivateKey::random(&mut rand::rng(), Algorithm::Ed25519).unwrap();
        PrivateKeyWithHashAlg::new(Arc::new(key), None)
    });
    let public = known.public_key().to_openssh().unwrap();
    let body = public.split(' ').nth(1).unwrap();
    let (first, second) = body.split_at(40);
    let chain =
        format!("ip ssh pubkey-chain\n username admin\n key-string\n{first}\n{second}\nexit\n");
    let dir = folder(ONE_ROUTER, &format!("{chain}{R1_CONFIG}"));
    let live = start(dir.path()).await.unwrap();
    let mut client = connect(address(&live)).await;
    let try_key = async |client: &mut Handle<TrustAll>, user, key: &PrivateKeyWithHashAlg| {
        client.authenticate_publickey(user, key.clone()).await.unwrap().success()
    };
    assert!(!try_key(&mut client, "admin", &other).await);
    assert!(!try_key(&mut client, "nobody", &known).await);
    assert!(try_key(&mut client, "admin", &known).await);
    let mut channel = client.channel_open_session().await.unwrap();
    channel.exec(true, "show running-config | section pubkey-chain").await.unwrap();
    let shown = read_until(&mut channel, "\u{0}").await;
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[..2], ["ip ssh pubkey-chain", "  username admin"], "{shown}");
    assert!(lines[2].starts_with("   key-hash ssh-ed25519 "), "{shown}");
    assert!(try_log_in(address(&live)).await.is_some());
    live.stop().await;
}

/// Goal: what `ip ssh` says is what a client gets: algorithms, methods, and how many passwords it
/// may try. Method: a router that allows little, asked by a client that knows more.
#[tokio::test]
async fn the_configuration_decides_what_is_offered() {
    let lines = "ip ssh server algorithm encryption aes256-ctr\n\
                 ip ssh server algorithm mac hmac-sha2-512\n\
                 ip ssh server algorithm kex diffie-hellman-group16-sha512\n\
                 ip ssh server algorithm authentication password\n\
                 ip ssh authentication-retries 2\nip ssh logging events\n";
    let dir = folder(ONE_ROUTER, &format!("{lines}{R1_CONFIG}"));
    let live = start(dir.path()).await.unwrap();
    let mut client = connect(address(&live)).await;
    let refused = client.authenticate_none("admin").await.unwrap();
    let remaining_methods = MethodSet::from([MethodKind::Password].as_slice());
    assert_eq!(refused, AuthResult::Failure { remaining_methods, partial_success: false });
    for _ in 0..2 {
        assert!(!client.authenticate_password("admin", "wrong").await.unwrap().success());
    }
    let third = client.authenticate_password("admin", "admin").await;
    assert!(!third.is_ok_and(|third| third.success()), "two passwords were wrong");
    let shown = output_of(address(&live), "show ssh").await;
    assert!(shown.contains("2.0     IN   aes256-ctr  hmac-sha2-512  Session started"), "{shown}");
    let log = output_of(address(&live), "show logging | include SSH2").await;
    let crypto = "(tty = 0) using crypto cipher 'aes256-ctr', hmac 'hmac-sha2-512'";
    for (mnemonic, text) in [
        ("SESSION", format!("SSH2 Session request from 127.0.0.1 {crypto} Succeeded")),
        (
            "USERAUTH",
            format!("User 'admin' authentication for SSH2 Session from 127.0.0.1 {crypto} Failed"),
        ),
        (
            "USERAUTH",
            format!(
                "User 'admin' authentication for SSH2 Session from 127.0.0.1 {crypto} Succeeded"
            ),
        ),
        ("CLOSE", "SSH2 Session from 127.0.0.1 (tty = 0) for user 'admin' using".to_owned()),
    ] {
        assert!(log.contains(&format!("%SSH-5-SSH2_{mnemonic}: {text}")), "{text}: {log}");
    }
    live.stop().await;
}

/// Goal: `banner login` is shown before the login, and only where there is one. Method: a router
/// with it, and one without.
#[tokio::test]
async fn the_login_banner_comes_first() {
    let banner = "banner login ^Authorized use of $(hostname) only^\n";
    for (config, want) in [(banner, "Authorized use of R1 only\r\n"), ("", "")] {
        let dir = folder(ONE_ROUTER, &format!("{config}{R1_CONFIG}"));
        let live = start(dir.path()).await.unwrap();
        let reader = TrustAll::default();
        let shown = Arc::clone(&reader.banner);
        let mut client = connect_as(address(&live), reader).await;
        assert!(client.authenticate_password("admin", "admin").await.unwrap().success());
        assert_eq!(*shown.lock().unwrap(), want);
        live.stop().await;
    }
}
