//! `show ip ssh`, `show ssh`

use std::fmt::Write as _;

use cli::{Args, No, kw};

use super::algorithms::List;
use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("ip", "IP information"),
            kw("ssh", "Information on SSH"),
        ],
        no: No::Without,
        run: server,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("ssh", "Status of SSH server connections"),
        ],
        no: No::Without,
        run: connections,
    },
];

/// Each list on a line of its own, as IOS XE 17 has it.
const LISTS: [List; 5] =
    [List::Signatures, List::HostKeys, List::Ciphers, List::Macs, List::KeyExchanges];

fn server(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let ssh = &turn.state.ssh;
    let offered = ssh.server();
    let mut text = format!("SSH Enabled - version {}\n", offered.version);
    let methods = offered.methods.join(",");
    let _ = writeln!(text, "{}:{methods}", List::Methods.title());
    for list in LISTS {
        let names = match list {
            List::KeyExchanges => offered.key_exchanges.join(","),
            List::Methods | List::Ciphers | List::HostKeys | List::Macs | List::Signatures => {
                ssh.lists.of(list).join(",")
            }
        };
        let _ = writeln!(text, "{}:{names}", list.title());
    }
    let (timeout, retries) = (offered.timeout.as_secs(), offered.retries);
    let _ = write!(
        text,
        "Authentication timeout: {timeout} secs; Authentication retries: {retries}\n\
         Minimum expected Diffie Hellman key size : {} bits\n",
        ssh.group_bits()
    );
    if let Some((name, bits)) = turn.state.keys.named(ssh.settings.pair.as_deref()) {
        let _ = writeln!(text, "IOS Keys in SECSH format(ssh-rsa, base64 encoded): {name}");
        let _ = writeln!(text, "Modulus Size : {bits} bits");
    }
    Reply::Text(text)
}

/// Both directions of each connection.
fn connections(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let clients = turn.state.ssh.clients();
    let none = "%No SSHv2 server connections running.\n%No SSHv1 server connections running.\n";
    if clients.is_empty() {
        return Reply::Text(none.into());
    }
    let cipher = clients.values().map(|client| client.cipher.len()).max().unwrap_or(0).max(10);
    let mac = clients.values().map(|client| client.mac.len()).max().unwrap_or(0).max(10);
    let mut text = format!(
        "Connection Version Mode {:<cipher$}  {:<mac$}  State                 Username\n",
        "Encryption", "Hmac"
    );
    for client in clients.values() {
        for mode in ["IN", "OUT"] {
            let (state, user) = match &client.user {
                Some((user, _)) => ("Session started", user.as_str()),
                None => ("Authentication", ""),
            };
            let _ = writeln!(
                text,
                "{:<10} 2.0     {mode:<4} {:<cipher$}  {:<mac$}  {state:<21} {user}",
                client.vty, client.cipher, client.mac
            );
        }
    }
    text.push_str("%No SSHv1 server connections running.\n");
    Reply::Text(text)
}
