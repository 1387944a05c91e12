//! One password or secret in the form in which it was given, and in the one in which it is printed.

use std::fmt;
use std::sync::OnceLock;

use secrecy::{ExposeSecret as _, SecretString};
use simtime::Rng;
use subtle::ConstantTimeEq as _;

use super::{type7, type8};

/// A password or a secret.
#[derive(Clone)]
pub(crate) struct Credential(Form);

#[derive(Clone)]
enum Form {
    /// `password 0 TEXT`: printed as it is.
    Clear(SecretString),
    /// `password 7 HEX`: obfuscated, printed as it was given.
    Hidden { clear: SecretString, hex: String },
    /// `secret TEXT`: printed as a hash of type 8, which is made when it is first printed. IOS XE
    /// makes type 9 (scrypt) of it unless `algorithm-type sha256` says type 8; that one works on
    /// real devices too and takes no 2 MiB for each check.
    Secret { clear: SecretString, salt: String, hash: OnceLock<String> },
    /// `secret 5|8|9 HASH`: only type 8 can be checked here, the others let nobody in.
    Hashed { kind: u8, hash: String },
}

impl Credential {
    /// `password 0 TEXT`
    pub(crate) fn clear(text: &str) -> Self {
        Credential(Form::Clear(text.into()))
    }

    /// `password 7 HEX`; `None` if it is no such text.
    pub(crate) fn hidden(hex: &str) -> Option<Self> {
        let clear = type7::reveal(hex)?;
        Some(Credential(Form::Hidden { clear: clear.into(), hex: hex.to_owned() }))
    }

    /// A text that is printed as type 7 though it was typed plainly. Where in the key it begins
    /// comes from `rng`, as with the salt of a secret.
    pub(crate) fn obfuscated(text: &str, rng: &mut Rng) -> Self {
        let hex = type7::hide(text, type7::start(rng));
        Credential(Form::Hidden { clear: text.into(), hex })
    }

    /// A password that is printed as it is becomes one of type 7; others stay as they are.
    pub(crate) fn obfuscate(&mut self, rng: &mut Rng) {
        if let Form::Clear(clear) = &self.0 {
            *self = Credential::obfuscated(clear.expose_secret(), rng);
        }
    }

    /// The text itself, where it can be told.
    pub(crate) fn revealed(&self) -> Option<&SecretString> {
        match &self.0 {
            Form::Clear(clear) | Form::Hidden { clear, .. } | Form::Secret { clear, .. } => {
                Some(clear)
            }
            Form::Hashed { .. } => None,
        }
    }

    /// `secret TEXT`. The salt comes from `rng`, so that a router prints the same hash in each run.
    pub(crate) fn secret(text: &str, rng: &mut Rng) -> Self {
        let salt = type8::salt(rng);
        Credential(Form::Secret { clear: text.into(), salt, hash: OnceLock::new() })
    }

    /// `secret 5|8|9 HASH`; `None` if it has not the shape of one.
    pub(crate) fn hashed(kind: u8, hash: &str) -> Option<Self> {
        let parts: Vec<&str> = hash.split('$').collect();
        let shaped = match (kind, parts.as_slice()) {
            (5, ["", "1", salt, digest]) => !salt.is_empty() && digest.len() == 22,
            (8, ["", "8", salt, digest]) | (9, ["", "9", salt, digest]) => {
                salt.len() == type8::SALT_CHARS && digest.len() == type8::DIGEST_CHARS
            }
            _ => false,
        };
        shaped.then(|| Credential(Form::Hashed { kind, hash: hash.to_owned() }))
    }

    /// Whether `password` is the one that this was made from.
    pub(crate) fn fits(&self, password: &str) -> bool {
        match &self.0 {
            Form::Clear(clear) | Form::Hidden { clear, .. } | Form::Secret { clear, .. } => {
                clear.expose_secret().as_bytes().ct_eq(password.as_bytes()).into()
            }
            Form::Hashed { kind: 8, hash } => type8::verify(hash, password),
            Form::Hashed { .. } => false,
        }
    }

    /// Whether it is printed after `secret`, and not after `password`.
    pub(crate) fn is_secret(&self) -> bool {
        match self.0 {
            Form::Secret { .. } | Form::Hashed { .. } => true,
            Form::Clear(_) | Form::Hidden { .. } => false,
        }
    }

    /// The number and the text that stand in the running-config.
    pub(crate) fn printed(&self) -> String {
        match &self.0 {
            Form::Clear(clear) => format!("0 {}", clear.expose_secret()),
            Form::Hidden { hex, .. } => format!("7 {hex}"),
            Form::Secret { clear, salt, hash } => {
                let hash = hash.get_or_init(|| type8::hash(clear.expose_secret(), salt));
                format!("8 {hash}")
            }
            Form::Hashed { kind, hash } => format!("{kind} {hash}"),
        }
    }
}

/// By form and text, so that lines of one configuration can be grouped.
impl PartialEq for Credential {
    fn eq(&self, other: &Self) -> bool {
        let text = |credential: &Credential| match &credential.0 {
            Form::Clear(text) | Form::Secret { clear: text, .. } => text.expose_secret().to_owned(),
            Form::Hidden { hex: text, .. } | Form::Hashed { hash: text, .. } => text.clone(),
        };
        std::mem::discriminant(&self.0) == std::mem::discriminant(&other.0)
            && text(self) == text(other)
    }
}

impl Eq for Credential {}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(****)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: each form lets its own password in and prints no secret that was hidden. Method: a
    /// table of credential, password, text in running-config.
    #[test]
    fn forms_check_and_print() {
        let mut rng = Rng::from_seed(1);
        let secret = Credential::secret("hunter2", &mut rng);
        assert!(secret.fits("hunter2") && !secret.fits("hunter") && !secret.fits(""));
        let printed = secret.printed();
        assert!(printed.starts_with("8 $8$") && !printed.contains("hunter2"), "{printed}");
        let again = Credential::hashed(8, &printed[2..]).expect("what we print we read");
        assert!(again.fits("hunter2") && !again.fits("hunter3"));
        assert_eq!(again.printed(), printed);

        let hidden = Credential::hidden("0822455D0A16").expect("a text of type 7");
        assert!(hidden.fits("cisco"));
        assert_eq!(hidden.printed(), "7 0822455D0A16");
        assert_eq!(Credential::clear("cisco").printed(), "0 cisco");
        assert!(Credential::hidden("08").is_none() && Credential::hidden("zz22").is_none());
        assert!(Credential::hashed(9, "$9$short$short").is_none());
        assert_eq!(format!("{secret:?}"), "Credential(****)");
    }
}
