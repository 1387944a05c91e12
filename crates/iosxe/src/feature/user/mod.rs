//! Local users and the enable secret: who may come in, and with which privilege.
//!
//! Logins and `enable` ask it. A secret is printed as a hash, never as it was typed.

pub(crate) mod config;
mod credential;
pub(crate) mod encryption;
mod type7;
mod type8;

pub(crate) use credential::Credential;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use simtime::Rng;

/// How many users a router keeps.
const USERS_MAX: usize = 256;

/// The local users of a router.
#[derive(Debug, Default)]
pub(crate) struct Users {
    /// In the order in which they were configured.
    by_name: IndexMap<String, User>,
    /// `enable secret`, by level.
    enable_secrets: BTreeMap<u8, Credential>,
    /// `enable password`, by level, which the secret of that level overrides.
    enable_passwords: BTreeMap<u8, Credential>,
    /// `service password-encryption`
    encrypts: bool,
}

/// One user.
#[derive(Clone, Debug, Default)]
struct User {
    privilege: Option<u8>,
    /// None lets nobody in over SSH.
    credential: Option<Credential>,
}

impl Users {
    /// Whether this is a user's password: `Some(level)` lets the user in, with a privilege level
    /// if the configuration gives one.
    pub(crate) fn check(&self, user: &str, password: &str) -> Option<Option<u8>> {
        let user = self.by_name.get(user)?;
        user.credential.as_ref()?.fits(password).then_some(user.privilege)
    }

    /// The privilege level of a user who has shown a key, if the configuration gives one; `None`
    /// if there is no such user.
    pub(crate) fn level(&self, user: &str) -> Option<Option<u8>> {
        self.by_name.get(user).map(|user| user.privilege)
    }

    /// The users and their levels, in the order of their configuration.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, u8)> {
        let level = |user: &User| user.privilege.unwrap_or(1);
        self.by_name.iter().map(move |(name, user)| (name.as_str(), level(user)))
    }

    /// Whether there is such a user.
    pub(crate) fn contains(&self, user: &str) -> bool {
        self.by_name.contains_key(user)
    }

    /// Adds a user of privilege 15, as a router comes with one from its day-0 set-up, unless there
    /// is one of that name.
    pub(crate) fn add_administrator(&mut self, user: &str, password: &str, rng: &Rng) {
        if self.contains(user) {
            return;
        }
        let secret = Credential::secret(password, &mut rng.child("secret").child(user));
        let user = self.by_name.entry(user.to_owned()).or_default();
        *user = User { privilege: Some(15), credential: Some(secret) };
    }

    /// Whether `service password-encryption` is on.
    pub(crate) fn encrypts(&self) -> bool {
        self.encrypts
    }

    /// What `enable LEVEL` asks for; none if nothing is configured.
    pub(crate) fn enable_credential(&self, level: u8) -> Option<&Credential> {
        self.enable_secrets.get(&level).or_else(|| self.enable_passwords.get(&level))
    }
}
