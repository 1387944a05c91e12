//! The line that says that all is ready, for programs and for people.
//!
//! Printed once by `simulator up` and `ednm up`, when every port is open.

use serde::Serialize;

/// What runs, and where. As JSON it is the contract's line; what is off is null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ready {
    ready: bool,
    /// The listener's URL, when this process runs one.
    pub listener: Option<String>,
    /// The path of the control socket.
    pub control: Option<String>,
    /// The virtual nodes, in the order of the topology.
    pub nodes: Vec<ReadyNode>,
}

/// Where one node is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadyNode {
    /// Its name in the topology.
    pub name: String,
    /// `127.0.0.1:2201`
    pub ssh: Option<String>,
    /// `127.0.0.1:8301`
    pub netconf: Option<String>,
    /// `https://127.0.0.1:8441`
    pub restconf: Option<String>,
    /// Who logs in, for the text; nothing of it is in the JSON.
    #[serde(skip)]
    pub user: String,
}

impl Ready {
    /// All is ready.
    pub fn new(listener: Option<String>, control: Option<String>, nodes: Vec<ReadyNode>) -> Self {
        Ready { ready: true, listener, control, nodes }
    }

    /// As one line of JSON, without its end.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("its keys are all strings")
    }

    /// Whether somebody serves HTTPS: its clients need the certificate of the authority.
    pub fn has_https(&self) -> bool {
        self.nodes.iter().any(|node| node.restconf.is_some())
    }

    /// For people, a line each: how to log in to each node, and where programs find it.
    pub fn logins(&self) -> impl Iterator<Item = String> {
        let width = self.nodes.iter().map(|node| node.name.len()).max().unwrap_or(0);
        self.nodes.iter().map(move |node| {
            let ssh = node.ssh.as_deref();
            let ssh = ssh.map_or_else(|| "no SSH".to_owned(), |ssh| login(&node.user, ssh));
            let netconf = node.netconf.as_ref().map(|at| format!(" · netconf {at}"));
            let restconf = node.restconf.as_ref().map(|url| format!(" · {url}"));
            let programs: String = netconf.into_iter().chain(restconf).collect();
            format!("{:<width$}  {ssh}{programs}", node.name)
        })
    }
}

/// The command that logs in to `address`.
fn login(user: &str, address: &str) -> String {
    match address.rsplit_once(':') {
        Some((host, port)) => {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            format!("ssh -p {port} {user}@{host}")
        }
        None => format!("ssh {user}@{address}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the line is the one that the contract shows. Method: its example, and a node that has
    /// SSH alone.
    #[test]
    fn the_line_is_the_contracts() {
        let node = ReadyNode {
            name: "R1".into(),
            ssh: Some("127.0.0.1:2201".into()),
            netconf: Some("127.0.0.1:8301".into()),
            restconf: Some("https://127.0.0.1:8441".into()),
            user: "admin".into(),
        };
        let plain = ReadyNode { name: "SW2".into(), netconf: None, restconf: None, ..node.clone() };
        let (listener, control) = ("http://127.0.0.1:8000".into(), "/s/x.sock".into());
        let ready = Ready::new(Some(listener), Some(control), vec![node, plain]);
        let want = concat!(
            r#"{"ready":true,"listener":"http://127.0.0.1:8000","control":"/s/x.sock","#,
            r#""nodes":[{"name":"R1","ssh":"127.0.0.1:2201","netconf":"127.0.0.1:8301","#,
            r#""restconf":"https://127.0.0.1:8441"},"#,
            r#"{"name":"SW2","ssh":"127.0.0.1:2201","netconf":null,"restconf":null}]}"#
        );
        assert_eq!(ready.to_json(), want);
        let logins: Vec<String> = ready.logins().collect();
        let first = "R1   ssh -p 2201 admin@127.0.0.1 · netconf 127.0.0.1:8301 · \
                     https://127.0.0.1:8441";
        assert_eq!(logins, [first, "SW2  ssh -p 2201 admin@127.0.0.1"]);
    }
}
