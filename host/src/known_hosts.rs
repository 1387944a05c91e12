//! The file of trusted host keys, in OpenSSH's format, so that `ssh` itself can read it.
//!
//! Written by the simulator for its own nodes, read (and under `accept-new` written) by the
//! listener's SSH client. It must never hold a private key.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// The largest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A `known_hosts` file. Nothing is read before it is asked.
///
/// Host names written as hashes (`|1|...`), as OpenSSH does under `HashKnownHosts`, are not
/// understood: such a line never matches, so a strict client refuses rather than trusts.
#[derive(Clone, Debug)]
pub struct KnownHosts {
    path: PathBuf,
}

/// A public key as the file has it: `ssh-ed25519 AAAA...`, without comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// `ssh-ed25519`, `ssh-rsa`, ...
    pub algorithm: String,
    /// The key in base64.
    pub base64: String,
}

/// What could not be done with the file.
#[derive(Debug, thiserror::Error)]
pub enum KnownHostsError {
    /// Reading.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Writing.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl PublicKey {
    /// Reads `ssh-ed25519 AAAA... comment`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_ascii_whitespace();
        let (algorithm, base64) = (words.next()?, words.next()?);
        let is_base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
        let whole = !algorithm.is_empty() && base64.bytes().all(is_base64);
        whole.then(|| PublicKey { algorithm: algorithm.into(), base64: base64.into() })
    }
}

impl KnownHosts {
    /// The file at `path`; it need not exist.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        KnownHosts { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The keys that are trusted for this host and port. A key on a `@revoked` line is not.
    pub fn lookup(&self, host: &str, port: u16) -> Result<Vec<PublicKey>, KnownHostsError> {
        Ok(lookup_in(&self.read()?, &name_of(host, port)))
    }

    /// Trusts one more key for this host and port.
    pub fn add(&self, host: &str, port: u16, key: &PublicKey) -> Result<(), KnownHostsError> {
        self.change(|text| push_line(text, &name_of(host, port), key))
    }

    /// Trusts exactly `keys` at each of these hosts and ports, whatever was trusted there before.
    pub fn replace(
        &self,
        hosts: &[(String, u16)],
        keys: &[PublicKey],
    ) -> Result<(), KnownHostsError> {
        self.change(|text| {
            for (host, port) in hosts {
                let name = name_of(host, *port);
                *text = without(text, &name);
                keys.iter().for_each(|key| push_line(text, &name, key));
            }
        })
    }

    fn read(&self) -> Result<String, KnownHostsError> {
        let failed = |source| KnownHostsError::Read { path: self.path.clone(), source };
        match std::fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(failed(error)),
            Ok(data) if data.len() > FILE_BYTES_MAX => {
                Err(failed(io::Error::other(format!("it is larger than {FILE_BYTES_MAX} bytes"))))
            }
            Ok(_) => std::fs::read_to_string(&self.path).map_err(failed),
        }
    }

    /// Changes the whole file at once, alone among our programs: a lock beside it is held, and the
    /// new text is moved over the old, so that a reader sees either.
    fn change(&self, edit: impl FnOnce(&mut String)) -> Result<(), KnownHostsError> {
        let failed = |source| KnownHostsError::Write { path: self.path.clone(), source };
        let beside = |ending: &str| self.path.with_extension(ending);
        let lock = private_file(&beside("lock")).map_err(failed)?;
        lock.lock().map_err(failed)?;
        let mut text = self.read()?;
        edit(&mut text);
        let fresh = beside("new");
        let write = || {
            let mut file = private_file(&fresh)?;
            file.set_len(0)?;
            file.write_all(text.as_bytes())?;
            std::fs::rename(&fresh, &self.path)
        };
        write().map_err(failed)
    }
}

/// `host` on port 22, `[host]:port` on any other (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).
fn name_of(host: &str, port: u16) -> String {
    if port == 22 { host.to_owned() } else { format!("[{host}]:{port}") }
}

fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)
}

fn push_line(text: &mut String, name: &str, key: &PublicKey) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&format!("{name} {} {}\n", key.algorithm, key.base64));
}

/// One line of the file that names hosts.
struct Entry<'a> {
    revoked: bool,
    names: &'a str,
    key: PublicKey,
}

fn entry(line: &str) -> Option<Entry<'_>> {
    let line = line.trim();
    let (marker, rest) = match line.strip_prefix('@') {
        Some(marked) => marked.split_once(char::is_whitespace)?,
        None => ("", line),
    };
    // `@cert-authority` signs certificates, which neither of our ends uses.
    let usable = matches!(marker, "" | "revoked") && !rest.starts_with('#');
    let (names, key) = rest.trim_start().split_once(char::is_whitespace)?;
    let key = PublicKey::parse(key).filter(|_| usable)?;
    Some(Entry { revoked: marker == "revoked", names, key })
}

fn has_name(entry: &Entry<'_>, name: &str) -> bool {
    entry.names.split(',').any(|given| given.eq_ignore_ascii_case(name))
}

fn lookup_in(text: &str, name: &str) -> Vec<PublicKey> {
    let entries = || text.lines().filter_map(entry).filter(|entry| has_name(entry, name));
    let revoked: Vec<PublicKey> = entries().filter(|e| e.revoked).map(|e| e.key).collect();
    let trusted = entries().filter(|e| !e.revoked).map(|e| e.key);
    trusted.filter(|key| !revoked.contains(key)).collect()
}

/// The text without the trust in `name`: a line that names others too keeps those.
fn without(text: &str, name: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for line in text.lines() {
        match entry(line).filter(|entry| !entry.revoked && has_name(entry, name)) {
            None => kept.push_str(line),
            Some(entry) => {
                let others =
                    entry.names.split(',').filter(|given| !given.eq_ignore_ascii_case(name));
                let others: Vec<&str> = others.collect();
                if others.is_empty() {
                    continue;
                }
                kept.push_str(&line.replacen(entry.names, &others.join(","), 1));
            }
        }
        kept.push('\n');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StateDir;

    fn key(base64: &str) -> PublicKey {
        PublicKey { algorithm: "ssh-ed25519".into(), base64: base64.into() }
    }

    /// Goal: what OpenSSH would match is found, nothing else. Method: a file of odd lines.
    #[test]
    fn lookup_reads_opensshs_format() {
        let text = "# comment\n\
            r1,[127.0.0.1]:2201 ssh-ed25519 AAAA r1 key\n\
            @revoked [127.0.0.1]:2201 ssh-ed25519 BBBB\n\
            [127.0.0.1]:2201 ssh-ed25519 BBBB\n\
            @cert-authority * ssh-ed25519 CCCC\n\
            |1|salt|hash ssh-ed25519 DDDD\n\
            127.0.0.1 ssh-ed25519 EEEE\n\
            broken\n";
        let check = |host, port, want: &[&str]| {
            let got = lookup_in(text, &name_of(host, port));
            let got: Vec<&str> = got.iter().map(|key| key.base64.as_str()).collect();
            assert_eq!(got, want, "{host} {port}");
        };
        check("127.0.0.1", 2201, &["AAAA"]);
        check("R1", 22, &["AAAA"]);
        check("127.0.0.1", 22, &["EEEE"]);
        check("127.0.0.1", 2202, &[]);
    }

    /// Goal: replacing one host's keys leaves every other line as it was. Method: a file on disk.
    #[test]
    fn replacing_leaves_the_others() {
        let dir = StateDir::temporary().unwrap();
        let hosts = KnownHosts::at(dir.known_hosts());
        assert_eq!(hosts.lookup("a", 1).unwrap(), []);
        std::fs::write(hosts.path(), "# mine\nx,[a]:1 ssh-ed25519 AAAA me").unwrap();
        hosts.add("a", 1, &key("BBBB")).unwrap();
        assert_eq!(hosts.lookup("a", 1).unwrap(), [key("AAAA"), key("BBBB")]);
        hosts.replace(&[("a".into(), 1), ("b".into(), 22)], &[key("CCCC")]).unwrap();
        let text = std::fs::read_to_string(hosts.path()).unwrap();
        let want = "# mine\nx ssh-ed25519 AAAA me\n[a]:1 ssh-ed25519 CCCC\nb ssh-ed25519 CCCC\n";
        assert_eq!(text, want);
    }
}
