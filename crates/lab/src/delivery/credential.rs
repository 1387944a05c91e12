//! What proves a router to a receiver, and where it may be shown.

use secrecy::{ExposeSecret as _, SecretString};
use topology::Url;
use webhook::standard;

/// The token and the secret of one node, for one URL prefix. Its `Debug` shows neither.
#[derive(Debug)]
pub(crate) struct Credential {
    /// Where they may be sent; `None` is nowhere.
    pub(crate) prefix: Option<Url>,
    /// The bearer token.
    pub(crate) token: Option<SecretString>,
    /// The Standard Webhooks secret.
    pub(crate) secret: Option<standard::Secret>,
}

impl Credential {
    /// The bearer token, if `url` may have it.
    pub(super) fn token_for(&self, url: &Url) -> Option<&str> {
        let token = self.token.as_ref().filter(|_| self.may_go_to(url));
        token.map(|token| token.expose_secret())
    }

    /// The signing secret, if `url` may have a signature by it.
    pub(super) fn secret_for(&self, url: &Url) -> Option<&standard::Secret> {
        self.secret.as_ref().filter(|_| self.may_go_to(url))
    }

    fn may_go_to(&self, url: &Url) -> bool {
        self.prefix.as_ref().is_some_and(|prefix| prefix.covers(url))
    }
}
