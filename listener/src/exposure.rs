//! Who may reach the listener, and what that asks of its configuration.
//!
//! Applied by `listener serve` and `ednm up` before anything is started: a port that others reach
//! takes no delivery without a credential, unless the operator says so in full.

use std::net::SocketAddr;

use automation::Config;
use host::ExpectedError;

/// How many paths a line for a person names.
const PATHS_SHOWN_MAX: usize = 4;

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
        let take = if paths.len() == 1 { "takes" } else { "take" };
        let paths = some(&paths);
        match (paths.is_empty(), self.is_loopback()) {
            (true, _) => {}
            (false, true) => lines.push(format!(
                "{paths} {take} deliveries without a credential from this machine \
                 (`--require-auth` ends it)"
            )),
            (false, false) => lines.push(format!(
                "{paths} {take} deliveries without a credential from anybody who reaches \
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

/// What is said at a start whose secrets stand in the files because nobody has set others.
pub fn known_secrets(config: &Config) -> Option<String> {
    let names: Vec<String> =
        config.unset_variables().iter().map(|name| format!("`{name}`")).collect();
    let (are, them) = if names.len() == 1 { ("is", "it") } else { ("are", "them") };
    let names = names.join(" and ");
    let said =
        format!("{names} {are} not set: the secrets that stand in the files for {them} hold");
    (!names.is_empty()).then_some(said)
}

/// The first ones, and how many more there are.
fn some(paths: &[&str]) -> String {
    let (first, others) = paths.split_at(paths.len().min(PATHS_SHOWN_MAX));
    match others.len() {
        0 => first.join(", "),
        count => format!("{} and {count} more", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use diagnostic::Source;
    use topology::{NoFiles, Topology};

    use super::*;

    fn config(credentials: &str) -> Config {
        let text = format!(
            "{credentials}\n[[sources]]\npath = \"/a\"\nunauthenticated = \"loopback\"\n\
             auth = [\"bearer\"]\n"
        );
        let (source, mut sink) = (Source::new("listener.toml", text), Vec::new());
        let nobody = Topology::empty(&source);
        let config = Config::load(&source, &nobody, &mut NoFiles, &mut sink);
        assert!(sink.is_empty(), "{sink:?}");
        config.expect("it loads")
    }

    /// Goal: secrets that stand in a file as defaults are told in one line, not one by one.
    #[test]
    fn defaults_of_secrets_are_told_in_one_line() {
        assert_eq!(known_secrets(&config("")), None);
        let one = "[credentials.a]\ntoken = \"env:ONE:-text\"\n";
        let want = "`ONE` is not set: the secrets that stand in the files for it hold";
        assert_eq!(known_secrets(&config(one)).as_deref(), Some(want));
        let two = format!("{one}[credentials.b]\nbasic = \"env:TWO:-a:b\"\n");
        let want = "`ONE` and `TWO` are not set: the secrets that stand in the files for them hold";
        assert_eq!(known_secrets(&config(&two)).as_deref(), Some(want));
    }

    /// Goal: a line for a person names a few paths. Method: none, four, five.
    #[test]
    fn a_line_names_a_few_paths() {
        assert_eq!(some(&[]), "");
        assert_eq!(some(&["/a", "/b", "/c", "/d"]), "/a, /b, /c, /d");
        assert_eq!(some(&["/a", "/b", "/c", "/d", "/e"]), "/a, /b, /c, /d and 1 more");
    }
}
