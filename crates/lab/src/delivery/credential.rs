//! What proves a router to a receiver, and where it may be shown.

use secrecy::{ExposeSecret as _, SecretString};
use topology::Url;
use webhook::{basic, github, standard};

/// What one node shows, for one URL prefix: of each kind the newest. Its `Debug` shows no secret.
#[derive(Debug)]
pub(crate) struct Credential {
    /// Where they may be sent; `None` is nowhere.
    pub(crate) prefix: Option<Url>,
    /// The bearer token.
    pub(crate) token: Option<SecretString>,
    /// The Standard Webhooks secret.
    pub(crate) secret: Option<standard::Secret>,
    /// The pair of user and password.
    pub(crate) basic: Option<SecretString>,
    /// The secret of a signature in GitHub's form.
    pub(crate) hmac_secret: Option<github::Secret>,
}

impl Credential {
    /// The value of `Authorization`, if `url` may have it. A header says one thing: the token goes
    /// before the pair.
    pub(super) fn authorization_for(&self, url: &Url) -> Option<String> {
        let token = self.token.as_ref().map(|token| format!("Bearer {}", token.expose_secret()));
        let pair = || self.basic.as_ref().map(|pair| basic::authorization(pair.expose_secret()));
        token.or_else(pair).filter(|_| self.may_go_to(url))
    }

    /// The signing secret, if `url` may have a signature by it.
    pub(super) fn secret_for(&self, url: &Url) -> Option<&standard::Secret> {
        self.secret.as_ref().filter(|_| self.may_go_to(url))
    }

    /// The same in GitHub's form.
    pub(super) fn hmac_secret_for(&self, url: &Url) -> Option<&github::Secret> {
        self.hmac_secret.as_ref().filter(|_| self.may_go_to(url))
    }

    fn may_go_to(&self, url: &Url) -> bool {
        self.prefix.as_ref().is_some_and(|prefix| prefix.covers(url))
    }
}
