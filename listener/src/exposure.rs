//! Who may reach the listener, and what that asks of its configuration.
//!
//! Applied by `listener serve` and `ednm up` before anything is started: a port that others reach
//! takes no delivery without a credential, unless the operator says so in full.

use std::net::SocketAddr;

use automation::Config;
use host::ExpectedError;

/// Where the listener is bound, and what the command line says about it.
#[derive(Clone, Copy, Debug)]
pub struct Exposure {
    /// The address.
    pub bind: SocketAddr,
    /// `--require-auth`
    pub require_auth: bool,
    /// `--allow-unauthenticated`
    pub allow_unauthenticated: bool,
}

impl Exposure {
    /// Whether only this machine reaches it.
    pub fn is_loopback(&self) -> bool {
        self.bind.ip().to_canonical().is_loopback()
    }

    /// Makes a configuration fit, or says why nobody could use it.
    pub fn apply(&self, config: &mut Config) -> Result<(), ExpectedError> {
        if self.require_auth || !(self.is_loopback() || self.allow_unauthenticated) {
            config.require_authentication();
        }
        if self.is_loopback() {
            return Ok(());
        }
        if self.allow_unauthenticated {
            config.allow_unauthenticated();
            return Ok(());
        }
        if config.has_authentication() {
            return Ok(());
        }
        let bind = self.bind;
        let message =
            format!("{bind} is reached from other machines, and no sender has a credential");
        Err(ExpectedError::environment_message(message).with_hint(
            "give a node a `token` or `secret` and name its kind in the `auth` of a source, or \
             bind to 127.0.0.1, or say `--allow-unauthenticated`",
        ))
    }

    /// What is open once it is applied, each in a line for a person.
    pub fn open(&self, config: &Config) -> Vec<String> {
        let mut lines = Vec::new();
        let paths: Vec<&str> = config.unauthenticated_paths().collect();
        let paths = paths.join(", ");
        match (paths.is_empty(), self.is_loopback()) {
            (true, _) => {}
            (false, true) => lines.push(format!(
                "{paths} takes deliveries without a credential from this machine \
                 (`--require-auth` ends it)"
            )),
            (false, false) => lines.push(format!(
                "{paths} takes deliveries without a credential from anybody who reaches \
                 {} (`--allow-unauthenticated`); they never act on real nodes",
                self.bind
            )),
        }
        if !self.is_loopback()
            && let Some(holder) = config.published_token()
        {
            lines.push(format!(
                "the token of `{holder}` is the one that comes with the program: anybody can send \
                 as it (`ednm secret new --kind token`)"
            ));
        }
        if !self.is_loopback() && config.api().has_token() {
            lines.push("the read API answers whoever has its token".to_owned());
        }
        lines
    }
}
