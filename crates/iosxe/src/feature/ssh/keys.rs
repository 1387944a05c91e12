//! The public keys of users, of which a router keeps the hashes.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;

/// How many users can have keys (Cisco, "Secure Shell Version 2 Support", restrictions).
const USERS_MAX: usize = 10;

/// How many keys a user can have (there too).
const KEYS_PER_USER_MAX: usize = 2;

/// The kinds of keys that users may have. Those of RSA are what every release takes; that the
/// others are taken by `key-string` too is ours.
pub(super) const KINDS: [&str; 5] =
    ["ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-ed25519"];

/// The longest comment of a key that is kept, in bytes.
const COMMENT_BYTES_MAX: usize = 128;

/// A public key by its kind and the MD5 sum of its blob (RFC 4253, section 6.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyHash {
    kind: &'static str,
    sum: [u8; 16],
}

/// A key of a user.
#[derive(Clone, Debug)]
pub(super) struct UserKey {
    pub(super) hash: KeyHash,
    pub(super) comment: String,
}

/// `ip ssh pubkey-chain`
#[derive(Clone, Debug, Default)]
pub(super) struct Keychain(IndexMap<String, Vec<UserKey>>);

/// Why a key is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    Users,
    Keys,
}

impl KeyHash {
    /// Of a key as it goes over the wire.
    pub(crate) fn of(blob: &[u8]) -> Option<KeyHash> {
        let (length, rest) = blob.split_first_chunk::<4>()?;
        let name = rest.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        let kind = KINDS.into_iter().find(|kind| kind.as_bytes() == name)?;
        Some(KeyHash { kind, sum: md5::compute(blob).0 })
    }

    /// Of `ssh-rsa` and 32 hexadecimal digits.
    pub(super) fn read(kind: &str, digits: &str) -> Option<KeyHash> {
        let kind = KINDS.into_iter().find(|known| *known == kind)?;
        let number = u128::from_str_radix(digits, 16).ok()?;
        (digits.len() == 32).then(|| KeyHash { kind, sum: number.to_be_bytes() })
    }
}

impl fmt::Display for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:032X}", self.kind, u128::from_be_bytes(self.sum))
    }
}

impl UserKey {
    /// The key of a `key-string`: base64 over any number of lines, with the kind in front of it and
    /// a comment behind it as in an OpenSSH file, or without.
    pub(super) fn from_text(text: &str) -> Option<UserKey> {
        let text = text.trim();
        let (kind, rest) = match text.split_once(char::is_whitespace) {
            Some((first, rest)) if KINDS.contains(&first) => (Some(first), rest),
            Some(_) | None => (None, text),
        };
        let (body, comment) = match kind {
            Some(_) => body_and_comment(rest),
            None => (rest.split_whitespace().collect(), String::new()),
        };
        let hash = KeyHash::of(&STANDARD.decode(body).ok()?)?;
        Some(UserKey { hash, comment })
    }

    pub(super) fn new(hash: KeyHash, comment: &str) -> UserKey {
        UserKey { hash, comment: shortened(comment) }
    }
}

/// Words of base64, whose last may be followed by a comment: the words that decode together.
fn body_and_comment(text: &str) -> (String, String) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let whole = |end: &usize| KeyHash::of(&STANDARD.decode(words[..*end].concat()).ok()?);
    let end = (1..=words.len()).find(|end| whole(end).is_some() && is_last(&words, *end));
    let end = end.unwrap_or(words.len());
    (words[..end].concat(), shortened(&words[end..].join(" ")))
}

/// Whether the words up to `end` are the whole key: what a blob says of its own length.
fn is_last(words: &[&str], end: usize) -> bool {
    let Ok(blob) = STANDARD.decode(words[..end].concat()) else { return false };
    let mut rest = blob.as_slice();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        match after.get(length..) {
            Some(next) => rest = next,
            None => return false,
        }
    }
    rest.is_empty()
}

fn shortened(comment: &str) -> String {
    let end = comment.floor_char_boundary(COMMENT_BYTES_MAX);
    comment[..end].trim_end().to_owned()
}

impl Keychain {
    /// Whether a user has this key.
    pub(super) fn has(&self, user: &str, key: &KeyHash) -> bool {
        self.0.get(user).is_some_and(|keys| keys.iter().any(|known| known.hash == *key))
    }

    /// Whether there is room for this user.
    pub(super) fn takes_user(&self, user: &str) -> bool {
        self.0.contains_key(user) || self.0.len() < USERS_MAX
    }

    /// Adds a key; one that is there already takes the new comment.
    pub(super) fn add(&mut self, user: &str, key: UserKey) -> Result<(), Full> {
        if !self.takes_user(user) {
            return Err(Full::Users);
        }
        let keys = self.0.entry(user.to_owned()).or_default();
        if let Some(known) = keys.iter_mut().find(|known| known.hash == key.hash) {
            *known = key;
            return Ok(());
        }
        if keys.len() >= KEYS_PER_USER_MAX {
            return Err(Full::Keys);
        }
        keys.push(key);
        Ok(())
    }

    /// Takes away the keys of a user that fit; a user without keys is none.
    pub(super) fn remove(&mut self, user: &str, fits: impl Fn(&KeyHash) -> bool) {
        let Some(keys) = self.0.get_mut(user) else { return };
        keys.retain(|key| !fits(&key.hash));
        if keys.is_empty() {
            self.0.shift_remove(user);
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn users(&self) -> impl Iterator<Item = (&str, &[UserKey])> {
        self.0.iter().map(|(user, keys)| (user.as_str(), keys.as_slice()))
    }
}
