//! Secrets by reference: where one comes from, and its value where that could be had.
//!
//! A reference that cannot be resolved is an error only when the secret is used: a topology may
//! name devices that this run never touches.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

use crate::Files;

/// A secret and where it comes from. Its `Debug` shows no value.
#[derive(Clone, Debug)]
pub struct Secret {
    /// Where it comes from.
    pub reference: SecretRef,
    /// The value, or why there is none.
    pub value: Result<SecretString, String>,
}

/// Where a secret comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretRef {
    /// It stands in the file itself.
    Literal,
    /// `env:NAME:-TEXT`, and the variable is not set: it stands in the file, too.
    Default(String),
    /// `env:NAME`
    Env(String),
    /// `file:PATH`, relative to the topology file.
    File(String),
}

impl Secret {
    /// A secret whose value is known, as tests and generated labs have them.
    pub fn literal(value: impl Into<SecretString>) -> Self {
        Secret { reference: SecretRef::Literal, value: Ok(value.into()) }
    }

    /// Whether it stands in the file itself, for everybody to read.
    pub fn is_in_file(&self) -> bool {
        match self.reference {
            SecretRef::Literal | SecretRef::Default(_) => true,
            SecretRef::Env(_) | SecretRef::File(_) => false,
        }
    }

    /// The value, or why there is none.
    pub fn expose(&self) -> Result<&str, String> {
        match &self.value {
            Ok(value) => Ok(value.expose_secret()),
            Err(reason) => Err(reason.clone()),
        }
    }

    /// Reads a reference and resolves it; an error when the reference itself is malformed.
    pub fn resolve(text: &str, files: &mut dyn Files) -> Result<Self, &'static str> {
        if let Some(name) = text.strip_prefix("env:") {
            return resolve_env(name, files);
        }
        let Some(path) = text.strip_prefix("file:") else {
            return Ok(Secret::literal(text));
        };
        if path.is_empty() {
            return Err("expected a path after `file:`");
        }
        // Editors end a file with a newline that is no part of the secret.
        let value = files.read(path).map(|text| text.trim_end_matches(['\r', '\n']).into());
        Ok(Secret {
            reference: SecretRef::File(path.to_owned()),
            value: value.map_err(|error| format!("cannot read `{path}`: {error}")),
        })
    }
}

/// `NAME`, or `NAME:-TEXT` with what holds when it is not set, as in a shell.
fn resolve_env(text: &str, files: &mut dyn Files) -> Result<Secret, &'static str> {
    let (name, default) = match text.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (text, None),
    };
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if name.is_empty() || !name.bytes().all(is_name) {
        return Err("expected the name of an environment variable after `env:`");
    }
    let value = files.env(name).map(SecretString::from);
    if let (None, Some(default)) = (&value, default) {
        let reference = SecretRef::Default(name.to_owned());
        return Ok(Secret { reference, ..Secret::literal(default) });
    }
    Ok(Secret {
        reference: SecretRef::Env(name.to_owned()),
        value: value.ok_or_else(|| format!("environment variable `{name}` is not set")),
    })
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SecretRef::Literal => f.write_str("a literal"),
            SecretRef::Default(name) => write!(f, "the default of env:{name}"),
            SecretRef::Env(name) => write!(f, "env:{name}"),
            SecretRef::File(path) => write!(f, "file:{path}"),
        }
    }
}
