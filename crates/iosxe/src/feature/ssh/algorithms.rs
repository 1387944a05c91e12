//! `ip ssh server algorithm`: which algorithms a client is offered, in which order.
//!
//! The names are those of IOS XE 17.12. Some are ours alone (`ssh-ed25519` among the host keys),
//! and some are offered to nobody, since no library here has them.

/// One of the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// `authentication`
    Methods,
    /// `encryption`
    Ciphers,
    /// `hostkey`
    HostKeys,
    /// `kex`
    KeyExchanges,
    /// `mac`
    Macs,
    /// `publickey`
    Signatures,
}

/// In the order in which running-config prints them.
pub(super) const ALL: [List; 6] = [
    List::Methods,
    List::Macs,
    List::Ciphers,
    List::KeyExchanges,
    List::HostKeys,
    List::Signatures,
];

/// What the configuration says; an empty list is the default.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists([Vec<&'static str>; 6]);

/// The Diffie-Hellman groups by the size of their primes, in bits.
const GROUPS: [(&str, u64); 3] = [
    ("diffie-hellman-group14-sha1", 2048),
    ("diffie-hellman-group14-sha256", 2048),
    ("diffie-hellman-group16-sha512", 4096),
];

impl List {
    /// As the command line says it.
    pub(super) fn word(self) -> &'static str {
        match self {
            List::Methods => "authentication",
            List::Ciphers => "encryption",
            List::HostKeys => "hostkey",
            List::KeyExchanges => "kex",
            List::Macs => "mac",
            List::Signatures => "publickey",
        }
    }

    /// As `show ip ssh` titles it.
    pub(super) fn title(self) -> &'static str {
        match self {
            List::Methods => "Authentication methods",
            List::Ciphers => "Encryption Algorithms",
            List::HostKeys => "Hostkey Algorithms",
            List::KeyExchanges => "KEX Algorithms",
            List::Macs => "MAC Algorithms",
            List::Signatures => "Authentication Publickey Algorithms",
        }
    }

    /// What a router offers whose configuration says nothing: what every client stack has, the
    /// SHA-1 forms last (clients.md, section 1).
    fn default(self) -> &'static [&'static str] {
        match self {
            List::Methods => &["publickey", "keyboard", "password"],
            List::Ciphers => &[
                "aes128-gcm@openssh.com",
                "aes256-gcm@openssh.com",
                "aes128-ctr",
                "aes192-ctr",
                "aes256-ctr",
            ],
            List::HostKeys => &["ssh-ed25519", "rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"],
            List::KeyExchanges => &[
                "curve25519-sha256",
                "curve25519-sha256@libssh.org",
                "ecdh-sha2-nistp256",
                "ecdh-sha2-nistp384",
                "ecdh-sha2-nistp521",
                "diffie-hellman-group14-sha256",
                "diffie-hellman-group16-sha512",
                "diffie-hellman-group14-sha1",
            ],
            List::Macs => &[
                "hmac-sha2-256-etm@openssh.com",
                "hmac-sha2-512-etm@openssh.com",
                "hmac-sha2-256",
                "hmac-sha2-512",
                "hmac-sha1",
            ],
            List::Signatures => &[
                "ssh-rsa",
                "ecdsa-sha2-nistp256",
                "ecdsa-sha2-nistp384",
                "ecdsa-sha2-nistp521",
                "ssh-ed25519",
                "rsa-sha2-256",
                "rsa-sha2-512",
            ],
        }
    }

    fn index(self) -> usize {
        match self {
            List::Methods => 0,
            List::Ciphers => 1,
            List::HostKeys => 2,
            List::KeyExchanges => 3,
            List::Macs => 4,
            List::Signatures => 5,
        }
    }
}

impl Lists {
    /// What is offered of a list.
    pub(super) fn of(&self, list: List) -> &[&'static str] {
        self.configured(list).unwrap_or_else(|| list.default())
    }

    /// What the configuration says of a list, if it does.
    pub(super) fn configured(&self, list: List) -> Option<&[&'static str]> {
        let set = &self.0[list.index()];
        (!set.is_empty()).then_some(set)
    }

    /// Replaces a list; one that is like the default is none.
    pub(super) fn set(&mut self, list: List, names: Vec<&'static str>) {
        self.0[list.index()] = if names == list.default() { Vec::new() } else { names };
    }

    /// The default again.
    pub(super) fn reset(&mut self, list: List) {
        self.0[list.index()].clear();
    }

    /// The methods, as the protocol names them (RFC 4252).
    pub(super) fn methods(&self) -> Vec<&'static str> {
        let protocol = |word: &&'static str| match *word {
            "keyboard" => "keyboard-interactive",
            other => other,
        };
        self.of(List::Methods).iter().map(protocol).collect()
    }

    pub(super) fn ciphers(&self) -> Vec<&'static str> {
        self.of(List::Ciphers).to_vec()
    }

    pub(super) fn macs(&self) -> Vec<&'static str> {
        self.of(List::Macs).to_vec()
    }

    pub(super) fn host_keys(&self) -> Vec<&'static str> {
        self.of(List::HostKeys).to_vec()
    }

    /// Those whose group is at least as large as `ip ssh dh min size` has it.
    pub(super) fn key_exchanges(&self, bits_min: u64) -> Vec<&'static str> {
        let is_large = |name: &&&str| {
            let group = GROUPS.iter().find(|(group, _)| group == *name);
            group.is_none_or(|(_, bits)| *bits >= bits_min)
        };
        self.of(List::KeyExchanges).iter().filter(is_large).copied().collect()
    }

    /// Whether a user's key may sign so.
    pub(super) fn takes_signature(&self, algorithm: &str) -> bool {
        self.of(List::Signatures).contains(&algorithm)
    }
}
