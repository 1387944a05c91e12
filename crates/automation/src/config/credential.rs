//! The credentials of a listener: one of each kind per node, and the entries of `[credentials]`.
//!
//! Read when the configuration is loaded and asked by `receive` for every delivery. A secret that
//! two holders share would leave open which device speaks, so it is an error.

use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};
use topology::{Files, Secret, SecretRef, Topology};
use webhook::bearer::Token;
use webhook::standard;

use crate::record::{Holder, Method};

/// Two holders have the same token or secret.
const SHARED: &str = "LST005";
/// A secret is no Standard Webhooks secret.
const MALFORMED: &str = "LST006";
/// A credential's value cannot be had: its deliveries will be refused.
const UNAVAILABLE: &str = "LST007";
/// An entry has neither `token` nor `secret`.
const EMPTY: &str = "LST009";
/// A secret stands in the file itself.
const LITERAL: &str = "LST010";

/// Every credential that any source can accept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Credentials {
    tokens: Vec<(Holder, Token)>,
    secrets: Vec<(Holder, standard::Secret)>,
}

/// Where to point when something is wrong with a credential.
struct Place<'a> {
    source: &'a Arc<Source>,
    span: std::ops::Range<usize>,
}

impl Credentials {
    pub(super) fn load(
        inventory: &Topology,
        entries: Option<Table>,
        files: &mut dyn Files,
        sink: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut credentials = Credentials::default();
        for (name, node) in &inventory.nodes {
            let place = Place { source: &inventory.source, span: node.span.clone() };
            let holder = Holder::Node(name.clone());
            credentials.add_token(&holder, node.token.as_ref(), &place, sink);
            credentials.add_secret(&holder, node.secret.as_ref(), &place, sink);
        }
        for (name, table) in entries.map(|table| table.into_tables(sink)).unwrap_or_default() {
            credentials.entry(&name, table, files, sink);
        }
        credentials
    }

    /// Whose the presented token is. Every token is compared, so that the time tells nothing.
    pub(crate) fn bearer(&self, presented: &str) -> Option<&Holder> {
        self.tokens.iter().fold(
            None,
            |found, (holder, token)| {
                if token.holds(presented) { Some(holder) } else { found }
            },
        )
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

    /// Whether anybody can prove who he is by this method.
    pub(super) fn has(&self, method: Method) -> bool {
        match method {
            Method::Bearer => !self.tokens.is_empty(),
            Method::StandardWebhooks => !self.secrets.is_empty(),
        }
    }

    fn entry(
        &mut self,
        name: &Spanned<String>,
        mut table: Table,
        files: &mut dyn Files,
        sink: &mut Vec<Diagnostic>,
    ) {
        let source = Arc::clone(table.source());
        let place = Place { source: &source, span: name.span.clone() };
        let token = table.text("token", sink);
        let secret = table.text("secret", sink);
        if token.is_none() && secret.is_none() {
            let message = format!("credential `{}` has neither `token` nor `secret`", name.value);
            sink.push(Diagnostic::error(EMPTY, message, place.source, place.span.clone()));
        }
        let holder = Holder::Entry(name.value.clone());
        let token = token.and_then(|text| resolve(&text, &place, files, sink));
        self.add_token(&holder, token.as_ref(), &place, sink);
        let secret = secret.and_then(|text| resolve(&text, &place, files, sink));
        self.add_secret(&holder, secret.as_ref(), &place, sink);
        table.finish(sink);
    }

    fn add_token(
        &mut self,
        holder: &Holder,
        secret: Option<&Secret>,
        place: &Place<'_>,
        sink: &mut Vec<Diagnostic>,
    ) {
        let Some(text) = secret.and_then(|secret| exposed(secret, holder, place, sink)) else {
            return;
        };
        let token = Token::new(text);
        match self.tokens.iter().find(|(_, known)| *known == token) {
            Some((other, _)) => shared("token", holder, other, place, sink),
            None => self.tokens.push((holder.clone(), token)),
        }
    }

    fn add_secret(
        &mut self,
        holder: &Holder,
        secret: Option<&Secret>,
        place: &Place<'_>,
        sink: &mut Vec<Diagnostic>,
    ) {
        let Some(text) = secret.and_then(|secret| exposed(secret, holder, place, sink)) else {
            return;
        };
        let secret = match standard::Secret::parse(text) {
            Ok(secret) => secret,
            Err(error) => {
                let message = format!("the secret of {} cannot be used", named(holder));
                sink.push(
                    Diagnostic::error(MALFORMED, message, place.source, place.span.clone())
                        .label(error.to_string()),
                );
                return;
            }
        };
        match self.secrets.iter().find(|(_, known)| *known == secret) {
            Some((other, _)) => shared("secret", holder, other, place, sink),
            None => self.secrets.push((holder.clone(), secret)),
        }
    }
}

fn resolve(
    text: &Spanned<String>,
    place: &Place<'_>,
    files: &mut dyn Files,
    sink: &mut Vec<Diagnostic>,
) -> Option<Secret> {
    match Secret::resolve(&text.value, files) {
        Ok(secret) => {
            if secret.reference == SecretRef::Literal {
                let message = "a secret stands in the file itself";
                sink.push(
                    Diagnostic::warning(LITERAL, message, place.source, text.span.clone())
                        .help("write `env:NAME` or `file:PATH`"),
                );
            }
            Some(secret)
        }
        Err(reason) => {
            let message = "the secret's reference cannot be read";
            sink.push(
                Diagnostic::error(MALFORMED, message, place.source, text.span.clone())
                    .label(reason),
            );
            None
        }
    }
}

/// The value; without one the deliveries of this holder are refused, and a warning says so.
fn exposed<'a>(
    secret: &'a Secret,
    holder: &Holder,
    place: &Place<'_>,
    sink: &mut Vec<Diagnostic>,
) -> Option<&'a str> {
    use secrecy::ExposeSecret as _;
    match &secret.value {
        Ok(value) => Some(value.expose_secret()),
        Err(reason) => {
            let message = format!("deliveries with the credential of {} fail", named(holder));
            sink.push(
                Diagnostic::warning(UNAVAILABLE, message, place.source, place.span.clone())
                    .label(reason.clone()),
            );
            None
        }
    }
}

fn shared(
    what: &str,
    holder: &Holder,
    other: &Holder,
    place: &Place<'_>,
    sink: &mut Vec<Diagnostic>,
) {
    let message = format!("{} has the same {what} as {}", named(holder), named(other));
    sink.push(
        Diagnostic::error(SHARED, message, place.source, place.span.clone())
            .help("give each its own: the credential names the device"),
    );
}

fn named(holder: &Holder) -> String {
    match holder {
        Holder::Node(name) => format!("node `{name}`"),
        Holder::Entry(name) => format!("credential `{name}`"),
    }
}
