//! `[nodes.*]`, with what `[defaults.node]`, `[defaults]` and `[groups.*]` say for several.

use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Spanned, has_errors};
use indexmap::IndexMap;

use super::Loader;
use crate::{
    Address, CertificatePrint, Dialect, HostKey, HttpsTrust, Node, NodeKind, SECRETS_MAX, Secret,
    SecretRef, Show,
};

/// A node, and the places that later checks point at.
pub(super) struct ReadNode {
    pub(super) node: Node,
    pub(super) addresses: Vec<Spanned<Address>>,
    pub(super) aliases: Vec<Spanned<String>>,
}

/// What may be said once for several nodes: absent keys fall back to the next wider table.
#[derive(Clone, Default)]
struct Shared {
    kind: Option<NodeKind>,
    platform: Option<Spanned<String>>,
    dialect: Option<Dialect>,
    shows: IndexMap<String, Show>,
    files: IndexMap<String, Arc<str>>,
    username: Option<Spanned<Secret>>,
    password: Option<Spanned<Secret>>,
    enable: Option<Spanned<Secret>>,
    ssh_key: Option<Spanned<Secret>>,
    host_key: Option<HostKey>,
    https_trust: Option<HttpsTrust>,
    token_for: Option<String>,
}

impl Shared {
    /// Its own words first, then those of `wider`.
    fn or(self, wider: &Shared) -> Shared {
        let wider = wider.clone();
        let mut shows = self.shows;
        for (command, show) in wider.shows {
            shows.entry(command).or_insert(show);
        }
        let mut files = self.files;
        for (place, text) in wider.files {
            files.entry(place).or_insert(text);
        }
        Shared {
            shows,
            files,
            kind: self.kind.or(wider.kind),
            platform: self.platform.or(wider.platform),
            dialect: self.dialect.or(wider.dialect),
            username: self.username.or(wider.username),
            password: self.password.or(wider.password),
            enable: self.enable.or(wider.enable),
            ssh_key: self.ssh_key.or(wider.ssh_key),
            host_key: self.host_key.or(wider.host_key),
            https_trust: self.https_trust.or(wider.https_trust),
            token_for: self.token_for.or(wider.token_for),
        }
    }
}

impl Loader<'_> {
    pub(super) fn nodes(&mut self, root: &mut Table, kind: NodeKind) -> IndexMap<String, ReadNode> {
        let before = self.sink.len();
        let mut defaults = self.defaults(root);
        defaults.kind = defaults.kind.or(Some(kind));
        let groups = self.groups(root);
        let shared_is_whole = !has_errors(&self.sink[before..]);
        let before = self.sink.len();
        let tables = root.table("nodes", self.sink);
        let tables = tables.map(|table| table.into_tables(self.sink));
        self.all_nodes = self.sink.len() == before;
        let mut nodes = IndexMap::new();
        for (name, table) in tables.unwrap_or_default() {
            let mut node = self.node(&name, table, &groups, &defaults);
            node.node.whole &= shared_is_whole;
            nodes.insert(name.value, node);
        }
        nodes
    }

    fn defaults(&mut self, root: &mut Table) -> Shared {
        let Some(mut table) = root.table("defaults", self.sink) else {
            return Shared::default();
        };
        let for_nodes = table.table("node", self.sink);
        let wide = self.shared(&mut table);
        table.finish(self.sink);
        match for_nodes {
            Some(mut table) => {
                let narrow = self.shared(&mut table);
                table.finish(self.sink);
                narrow.or(&wide)
            }
            None => wide,
        }
    }

    fn groups(&mut self, root: &mut Table) -> IndexMap<String, Shared> {
        let table = root.table("groups", self.sink);
        let tables = table.map(|table| table.into_tables(self.sink));
        let mut groups = IndexMap::new();
        for (name, mut table) in tables.unwrap_or_default() {
            let shared = self.shared(&mut table);
            table.finish(self.sink);
            groups.insert(name.value, shared);
        }
        groups
    }

    fn shared(&mut self, table: &mut Table) -> Shared {
        let kinds = [("virtual", NodeKind::Virtual), ("real", NodeKind::Real)];
        let dialects = [("iosxe", Dialect::IosXe), ("course", Dialect::Course)];
        let token_for = table.text("token-for", self.sink);
        if let Some(prefix) = &token_for {
            self.check_url(prefix);
        }
        Shared {
            kind: table.choice("kind", &kinds, self.sink).map(|kind| kind.value),
            platform: table.text("platform", self.sink),
            dialect: table.choice("dialect", &dialects, self.sink).map(|d| d.value),
            shows: self.shows(table),
            files: self.flash_files(table),
            username: self.login(table, "username"),
            password: self.login(table, "password"),
            enable: self.secret(table, "enable"),
            ssh_key: self.secret(table, "ssh-key"),
            host_key: self.parsed(table, "host-key", "TOP006").map(|rule| rule.value),
            https_trust: self.https_trust(table),
            token_for: token_for.map(|prefix| prefix.value),
        }
    }

    fn node(
        &mut self,
        name: &Spanned<String>,
        mut table: Table,
        groups: &IndexMap<String, Shared>,
        defaults: &Shared,
    ) -> ReadNode {
        let before = self.sink.len();
        self.check_name(name);
        let mut shared = self.shared(&mut table);
        for group in table.texts("groups", self.sink).unwrap_or_default() {
            match groups.get(&group.value) {
                Some(wider) => shared = shared.or(wider),
                None => self.unknown_group(&group, groups),
            }
        }
        let shared = shared.or(defaults);
        let kind = shared.kind.unwrap_or(NodeKind::Real);
        let ssh = self.address(&mut table, "ssh", kind);
        let netconf = self.address(&mut table, "netconf", kind);
        let restconf = self.address(&mut table, "restconf", kind);
        let addresses: Vec<_> =
            [&ssh, &netconf, &restconf].into_iter().flatten().cloned().collect();
        let [aliases, labels] = ["aliases", "labels"].map(|key| table.texts(key, self.sink));
        let (aliases, labels) = (aliases.unwrap_or_default(), labels.unwrap_or_default());
        let startup = self.startup(&mut table);
        let token = self.secrets(&mut table, "token");
        let secret = self.secrets(&mut table, "secret");
        let basic = self.secrets(&mut table, "basic");
        let hmac_secret = self.secrets(&mut table, "hmac-secret");
        table.finish(self.sink);
        let credentials = [&token, &secret, &basic, &hmac_secret].into_iter().flatten();
        let login = [&shared.password, &shared.enable, &shared.ssh_key];
        let secrets = login.into_iter().flatten().chain(credentials);
        self.check_literals(kind, &addresses, secrets);
        let place_of = |address: &Option<Spanned<Address>>| place_of(address, name);
        let username = self.needed(name, "username", shared.username);
        let password = self.needed(name, "password", shared.password);
        let node = Node {
            name: name.value.clone(),
            kind,
            platform: shared.platform,
            dialect: shared.dialect.unwrap_or_default(),
            shows: shared.shows.into_values().collect(),
            files: shared.files,
            ssh_span: place_of(&ssh),
            ssh: ssh.map(|ssh| ssh.value),
            netconf_span: place_of(&netconf),
            netconf: netconf.map(|netconf| netconf.value),
            restconf_span: place_of(&restconf),
            restconf: restconf.map(|restconf| restconf.value),
            username,
            password,
            enable: shared.enable.map(|enable| enable.value),
            startup,
            token,
            token_for: shared.token_for,
            secret,
            basic,
            hmac_secret,
            aliases: aliases.iter().map(|alias| alias.value.clone()).collect(),
            labels: labels.into_iter().map(|label| label.value).collect(),
            ssh_key: shared.ssh_key.map(|key| key.value),
            host_key: shared.host_key.unwrap_or_default(),
            https_trust: shared.https_trust.unwrap_or_default(),
            span: name.span.clone(),
            whole: !has_errors(&self.sink[before..]),
        };
        ReadNode { node, addresses, aliases }
    }

    /// One of three words, each of which says whom to believe.
    fn https_trust(&mut self, table: &mut Table) -> Option<HttpsTrust> {
        const KEYS: [&str; 3] = ["restconf-ca", "restconf-fingerprint", "restconf-insecure"];
        let said: Vec<_> = KEYS.iter().filter_map(|key| table.key_span(key)).collect();
        if let [_, second, ..] = said.as_slice() {
            let message = format!("of {} one is enough", KEYS.join(", "));
            self.error("TOP023", message, second.clone(), "this says it a second time");
        }
        let authority = self.certificates(table, KEYS[0]).map(HttpsTrust::Authority);
        let print: Option<Spanned<CertificatePrint>> = self.parsed(table, KEYS[1], "TOP023");
        let print = print.map(|print| HttpsTrust::Pinned(print.value));
        let insecure = table.flag(KEYS[2], self.sink).filter(|flag| flag.value);
        authority.or(print).or(insecure.map(|_| HttpsTrust::Insecure))
    }

    /// A hostname of IOS: it also names files and log lines, so nothing else may stand in it.
    fn check_name(&mut self, name: &Spanned<String>) {
        let is_letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        let starts = name.value.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !starts || name.value.len() > NAME_BYTES_MAX || !name.value.bytes().all(is_letter) {
            let message = format!("`{}` is no name for a node", name.value);
            let label = "expected up to 63 letters, digits, `.`, `_`, `-`, the first no sign";
            self.error("TOP001", message, name.span.clone(), label);
        }
    }

    fn unknown_group(&mut self, group: &Spanned<String>, groups: &IndexMap<String, Shared>) {
        let message = format!("unknown group `{}`", group.value);
        self.sink.push(
            Diagnostic::error("TOP015", message, self.source, group.span.clone())
                .label("no such `[groups.*]` table")
                .did_you_mean(&group.value, groups.keys().map(String::as_str)),
        );
    }

    fn address(
        &mut self,
        table: &mut Table,
        key: &'static str,
        kind: NodeKind,
    ) -> Option<Spanned<Address>> {
        let address: Spanned<Address> = self.parsed(table, key, "TOP003")?;
        let problem = match kind {
            NodeKind::Virtual if address.value.ip().is_none() => {
                "a virtual node is bound to an IP address or `localhost`, never to a name"
            }
            NodeKind::Real if address.value.port == 0 => "a real node has a port",
            NodeKind::Virtual | NodeKind::Real => return Some(address),
        };
        let message = format!("`{}` cannot be the {key} address here", address.value);
        self.error("TOP003", message, address.span, problem);
        None
    }

    fn parsed<T: FromStr<Err: std::fmt::Display>>(
        &mut self,
        table: &mut Table,
        key: &'static str,
        code: &'static str,
    ) -> Option<Spanned<T>> {
        let text = table.text(key, self.sink)?;
        match text.value.parse() {
            Ok(value) => Some(Spanned::new(value, text.span)),
            Err(error) => {
                let message = format!("`{}` is no value for `{key}`", text.value);
                self.error(code, message, text.span, &error.to_string());
                None
            }
        }
    }

    pub(super) fn secret(
        &mut self,
        table: &mut Table,
        key: &'static str,
    ) -> Option<Spanned<Secret>> {
        let text = table.text(key, self.sink)?;
        self.resolved(text, key)
    }

    /// The secrets of one kind: one, or a list of which the first is the newest.
    fn secrets(&mut self, table: &mut Table, key: &'static str) -> Vec<Spanned<Secret>> {
        let span = table.key_span(key).unwrap_or_default();
        let Some(texts) = table.one_or_more(key, self.sink) else { return Vec::new() };
        if !(1..=SECRETS_MAX).contains(&texts.len()) {
            let message = format!("`{key}` has 1 to {SECRETS_MAX} values, not {}", texts.len());
            self.error("TOP019", message, span, "a rotation needs two: the new one and the old");
        }
        texts.into_iter().filter_map(|text| self.resolved(text, key)).collect()
    }

    fn resolved(&mut self, text: Spanned<String>, key: &str) -> Option<Spanned<Secret>> {
        match Secret::resolve(&text.value, self.files) {
            Ok(secret) => {
                if secret.is_in_file() && key != "username" {
                    self.literals.push(text.span.clone());
                }
                Some(Spanned::new(secret, text.span))
            }
            Err(expected) => {
                // The text is not repeated: it may be the secret itself.
                let message = format!("`{key}` is no reference to a secret");
                self.error("TOP007", message, text.span, expected);
                None
            }
        }
    }

    /// A secret without which a node is incomplete: one that is malformed is there, and has been
    /// reported.
    fn login(&mut self, table: &mut Table, key: &'static str) -> Option<Spanned<Secret>> {
        let span = table.key_span(key);
        let secret = self.secret(table, key);
        secret.or_else(|| span.map(|span| Spanned::new(no_secret(key), span)))
    }

    fn needed(
        &mut self,
        node: &Spanned<String>,
        key: &str,
        secret: Option<Spanned<Secret>>,
    ) -> Secret {
        if let Some(secret) = secret {
            return secret.value;
        }
        let message = format!("node `{}` has no {key}", node.value);
        self.sink.push(
            Diagnostic::error("TOP002", message, self.source, node.span.clone())
                .label(format!("`{key}` is needed to log in"))
                .help(format!("say it here or in `[defaults.node]`: `{key} = \"...\"`")),
        );
        // The node is kept, so that links to it are no mistake of their own.
        no_secret(key)
    }

    /// A secret in a file that gets shared is one only where nobody else can reach the node.
    fn check_literals<'s>(
        &mut self,
        kind: NodeKind,
        addresses: &[Spanned<Address>],
        secrets: impl Iterator<Item = &'s Spanned<Secret>>,
    ) {
        let on_loopback = addresses.iter().all(|address| address.value.is_loopback());
        if kind == NodeKind::Virtual && on_loopback {
            return;
        }
        let stands_here =
            |secret: &&Spanned<Secret>| secret.value.is_in_file() && secret.value.value.is_ok();
        for secret in secrets.filter(stands_here) {
            if !self.has_said("TOP008", &secret.span) {
                let message = "a secret stands in the file itself";
                self.sink.push(
                    Diagnostic::warning("TOP008", message, self.source, secret.span.clone())
                        .label("used beyond this machine")
                        .help("refer to it: `env:NAME` or `file:PATH`"),
                );
            }
        }
    }

    /// One secret in `[defaults.node]` is one mistake, whatever the number of nodes.
    fn has_said(&self, code: &str, span: &Range<usize>) -> bool {
        self.sink.iter().any(|said| said.code == code && said.span == *span)
    }
}

/// Stands for a secret that is not there, or no reference.
fn no_secret(key: &str) -> Secret {
    Secret { reference: SecretRef::Literal, value: Err(format!("there is no {key}")) }
}

/// The longest name of a node, in bytes: that of an IOS hostname and of a DNS label.
const NAME_BYTES_MAX: usize = 63;

/// Where an address stands in the file; the node's name where it has none.
fn place_of(address: &Option<Spanned<Address>>, name: &Spanned<String>) -> std::ops::Range<usize> {
    address.as_ref().map_or_else(|| name.span.clone(), |address| address.span.clone())
}
