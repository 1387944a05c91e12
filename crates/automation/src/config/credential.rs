//! The credentials of a listener: those of each node, and the entries of `[credentials]`.
//!
//! Read when the configuration is loaded and asked by `receive` for every delivery. A secret that
//! two holders share would leave open which device speaks, so it is an error.

use std::fmt::Display;
use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};
use topology::{SECRETS_MAX, Secret, Topology};
use webhook::bearer::Token;
use webhook::{basic, github, standard};

use super::Secrets;
use crate::record::{Holder, Method};

/// Two holders have the same token or secret.
const SHARED: &str = "LST005";
/// A secret is none of its kind, or there are too many.
const MALFORMED: &str = "LST006";
/// A credential's value cannot be had: its deliveries will be refused.
const UNAVAILABLE: &str = "LST007";
/// An entry has no secret at all.
const EMPTY: &str = "LST009";

/// The token of the shipped topology.toml: everybody can read it.
const PUBLISHED_TOKEN: &str = "mySecretToken";

/// Every credential that any source can accept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Credentials {
    tokens: Vec<(Holder, Token)>,
    pairs: Vec<(Holder, Token)>,
    secrets: Vec<(Holder, standard::Secret)>,
    hmac_secrets: Vec<(Holder, github::Secret)>,
    /// Whether some may be missing here because their node could not be read.
    unsure: bool,
}

/// What one holder has, as a file says it: all of a kind are accepted.
struct Given<'a> {
    holder: Holder,
    source: &'a Arc<Source>,
    token: &'a [Spanned<Secret>],
    basic: &'a [Spanned<Secret>],
    secret: &'a [Spanned<Secret>],
    hmac_secret: &'a [Spanned<Secret>],
}

impl Credentials {
    pub(super) fn load(
        inventory: &Topology,
        entries: Option<Table>,
        secrets: &mut Secrets<'_>,
        sink: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut credentials =
            Credentials { unsure: !inventory.is_sure(), ..Credentials::default() };
        for (name, node) in &inventory.nodes {
            let given = Given {
                holder: Holder::Node(name.clone()),
                source: &inventory.source,
                token: &node.token,
                basic: &node.basic,
                secret: &node.secret,
                hmac_secret: &node.hmac_secret,
            };
            credentials.add(&given, sink);
        }
        for (name, table) in entries.map(|table| table.into_tables(sink)).unwrap_or_default() {
            credentials.entry(&name, Entry { table, secrets, sink });
        }
        credentials
    }

    /// Whose the presented token is. Every token is compared, so that the time tells nothing.
    pub(crate) fn token(&self, presented: &str) -> Option<&Holder> {
        whose(&self.tokens, presented.as_bytes())
    }

    /// Who still has the token that is shipped with the program.
    pub(super) fn published(&self) -> Option<&Holder> {
        self.token(PUBLISHED_TOKEN)
    }

    /// Whose the presented `user:password` is.
    pub(crate) fn pair(&self, presented: &[u8]) -> Option<&Holder> {
        whose(&self.pairs, presented)
    }

    /// Whose signature in GitHub's form a body bears.
    pub(crate) fn hub_signer(&self, signatures: &str, body: &[u8]) -> Option<&Holder> {
        let holds = |secret| github::verify(secret, signatures, body);
        let found = self.hmac_secrets.iter().find(|(_, secret)| holds(secret));
        found.map(|(holder, _)| holder)
    }

    /// Whose signature a delivery bears, or why it is nobody's.
    pub(crate) fn signer(
        &self,
        signed: standard::Signed<'_>,
        body: &[u8],
        now: simtime::Time,
    ) -> Result<&Holder, standard::VerifyError> {
        standard::fresh(signed, now)?;
        let holds = |secret| standard::verify(secret, signed, body, now).is_ok();
        let found = self.secrets.iter().find(|(_, secret)| holds(secret));
        found.map(|(holder, _)| holder).ok_or(standard::VerifyError::Signature)
    }

    /// Whether anybody can prove who he is by this method, or may be able to.
    pub(super) fn has(&self, method: &Method) -> bool {
        self.unsure
            || match method {
                Method::Bearer | Method::Header(_) => !self.tokens.is_empty(),
                Method::Basic => !self.pairs.is_empty(),
                Method::Github => !self.hmac_secrets.is_empty(),
                Method::StandardWebhooks => !self.secrets.is_empty(),
            }
    }

    fn entry(&mut self, name: &Spanned<String>, mut entry: Entry<'_, '_>) {
        let source = Arc::clone(entry.table.source());
        let token = entry.secrets("token");
        let basic = entry.secrets("basic");
        let secret = entry.secrets("secret");
        let hmac_secret = entry.secrets("hmac-secret");
        let Entry { table, sink, .. } = entry;
        if [&token, &basic, &secret, &hmac_secret].into_iter().all(Option::is_none) {
            let message = format!("credential `{}` has no secret", name.value);
            sink.push(
                Diagnostic::error(EMPTY, message, &source, name.span.clone())
                    .label("expected `token`, `basic`, `secret` or `hmac-secret`"),
            );
        }
        table.finish(sink);
        let given = Given {
            holder: Holder::Entry(name.value.clone()),
            source: &source,
            token: &token.unwrap_or_default(),
            basic: &basic.unwrap_or_default(),
            secret: &secret.unwrap_or_default(),
            hmac_secret: &hmac_secret.unwrap_or_default(),
        };
        self.add(&given, sink);
    }

    fn add(&mut self, given: &Given<'_>, sink: &mut Vec<Diagnostic>) {
        given.read("token", given.token, Token::parse, &mut self.tokens, sink);
        given.read("basic", given.basic, basic::parse, &mut self.pairs, sink);
        given.read("secret", given.secret, standard::Secret::parse, &mut self.secrets, sink);
        let hmac_secrets = &mut self.hmac_secrets;
        given.read("hmac-secret", given.hmac_secret, github::Secret::new, hmac_secrets, sink);
    }
}

fn whose<'a>(tokens: &'a [(Holder, Token)], presented: &[u8]) -> Option<&'a Holder> {
    let presented = Token::new(presented);
    tokens.iter().fold(
        None,
        |found, (holder, token)| {
            if token.is(&presented) { Some(holder) } else { found }
        },
    )
}

impl Given<'_> {
    /// Adds the secrets of one kind. A secret has one holder, and may stand twice with it.
    fn read<T: PartialEq, E: Display>(
        &self,
        key: &str,
        secrets: &[Spanned<Secret>],
        parse: impl Fn(&str) -> Result<T, E>,
        known: &mut Vec<(Holder, T)>,
        sink: &mut Vec<Diagnostic>,
    ) {
        let whose = named(&self.holder);
        for Spanned { value, span } in secrets {
            let text = match value.expose() {
                Ok(text) => text,
                Err(reason) => {
                    // Its deliveries are refused until there is a value.
                    let message = format!("deliveries with the {key} of {whose} fail");
                    let at = span.clone();
                    sink.push(
                        Diagnostic::warning(UNAVAILABLE, message, self.source, at).label(reason),
                    );
                    continue;
                }
            };
            let problem = match parse(text) {
                Err(error) => {
                    let message = format!("the {key} of {whose} cannot be used");
                    Diagnostic::error(MALFORMED, message, self.source, span.clone())
                        .label(error.to_string())
                }
                Ok(secret) => match known.iter().find(|(_, known)| *known == secret) {
                    None => {
                        known.push((self.holder.clone(), secret));
                        continue;
                    }
                    Some((other, _)) if *other == self.holder => continue,
                    Some((other, _)) => {
                        let message = format!("{whose} has the same {key} as {}", named(other));
                        Diagnostic::error(SHARED, message, self.source, span.clone())
                            .help("give each its own: the credential names the device")
                    }
                },
            };
            sink.push(problem);
        }
    }
}

/// One table of `[credentials]` while it is read.
struct Entry<'a, 'f> {
    table: Table,
    secrets: &'a mut Secrets<'f>,
    sink: &'a mut Vec<Diagnostic>,
}

impl Entry<'_, '_> {
    /// The secrets of one kind: one, or a list of which the first is the newest.
    fn secrets(&mut self, key: &'static str) -> Option<Vec<Spanned<Secret>>> {
        // Asked for first: a shape that is recorded is empty, and has to hold the key all the same.
        let span = self.table.key_span(key);
        let texts = self.table.one_or_more(key, self.sink);
        let span = span?;
        let Some(texts) = texts else { return Some(Vec::new()) };
        let source = Arc::clone(self.table.source());
        if !(1..=SECRETS_MAX).contains(&texts.len()) {
            let message = format!("`{key}` has 1 to {SECRETS_MAX} values, not {}", texts.len());
            self.sink.push(Diagnostic::error(MALFORMED, message, &source, span));
        }
        let resolve = |text| self.secrets.resolve(text, &source, self.sink);
        Some(texts.into_iter().filter_map(resolve).collect())
    }
}

fn named(holder: &Holder) -> String {
    match holder {
        Holder::Node(name) => format!("node `{name}`"),
        Holder::Entry(name) => format!("credential `{name}`"),
    }
}
