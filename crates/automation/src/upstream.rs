//! The APIs that `http` actions reach: where each is, what is sent along, where it may lead.
//!
//! Read by `config` from `[apis.*]`. The skin asks [`Upstream::admits`] for each address to which a
//! name led, just before it connects to that address: a name that moves gains nothing.

mod offline;

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use simtime::Duration;
use topology::Secret;
use url::{Host, Url};

pub use offline::Offline;

/// The APIs of a listener.toml, by name.
#[derive(Clone, Debug, Default)]
pub struct Upstreams {
    pub(crate) by_name: BTreeMap<String, Upstream>,
}

/// One of `[apis.*]`.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// Its name.
    pub name: String,
    /// What a course's file calls it.
    pub course_name: String,
    /// What stands before each path; without a slash at its end, a query or a user.
    pub base: Url,
    /// Whose certificates are believed over https, in PEM; else the system's authorities'.
    pub ca: Option<String>,
    /// Sent with each request, with references resolved.
    pub headers: Vec<(String, HeaderValue)>,
    /// How long one try may take.
    pub timeout: Duration,
    /// How often a request is tried.
    pub tries: u32,
    /// What answers without the network.
    pub stand_in: Option<standin::Kind>,
    /// Whether names may lead into private networks and to this machine.
    pub private: bool,
}

/// The value of a header.
#[derive(Clone, Debug)]
pub enum HeaderValue {
    /// It stands in the file, and is no secret.
    Plain(String),
    /// Never shown.
    Secret(Secret),
}

/// Why an address is not connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Never, whatever the file says.
    #[error("{0} is an address that no API has: {1}")]
    Never(IpAddr, &'static str),
    /// Not without a word.
    #[error(
        "{0} is private or of this machine; write `private = true` for the API if it is meant to be"
    )]
    Private(IpAddr),
}

impl Upstreams {
    /// One of them.
    pub fn get(&self, name: &str) -> Option<&Upstream> {
        self.by_name.get(name)
    }

    /// `{NAME: {url}}`, as texts see them.
    pub(crate) fn urls(&self) -> serde_json::Value {
        let url =
            |one: &Upstream| (one.name.clone(), serde_json::json!({"url": one.base.as_str()}));
        serde_json::Value::Object(self.iter().map(url).collect())
    }

    /// All, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Upstream> {
        self.by_name.values()
    }
}

impl Upstream {
    /// Whether an address to which the API's name led may be connected to.
    pub fn admits(&self, address: IpAddr) -> Result<(), Refusal> {
        match reach(address) {
            Reach::Public => Ok(()),
            Reach::Private if self.private => Ok(()),
            Reach::Private => Err(Refusal::Private(address)),
            Reach::Never(why) => Err(Refusal::Never(address, why)),
        }
    }

    /// The whole URL of a request. `None` for a path that would leave the base.
    pub fn url(&self, path_and_query: &str) -> Option<Url> {
        if !is_below(path_and_query) {
            return None;
        }
        let base = self.base.as_str().trim_end_matches('/');
        let url = Url::parse(&format!("{base}{path_and_query}")).ok()?;
        (url.origin() == self.base.origin() && url.username().is_empty()).then_some(url)
    }

    /// The address in the URL itself, which no name leads to.
    pub fn literal(&self) -> Option<IpAddr> {
        literal(&self.base)
    }
}

/// `localhost` is one, too: RFC 6761 section 6.3.
pub(crate) fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(name) if name.trim_end_matches('.') == "localhost" => {
            Some(Ipv4Addr::LOCALHOST.into())
        }
        Host::Domain(_) => None,
    }
}

/// Whether a path leads down alone, whatever stands before it.
pub(crate) fn is_below(path_and_query: &str) -> bool {
    let path = path_and_query.split('?').next().unwrap_or_default();
    // A URL takes a backslash for a slash, and overlooks tabs and ends of lines.
    let is_foreign = |letter: char| letter.is_control() || matches!(letter, '\\' | '#');
    path.starts_with('/') && !path.split('/').any(is_dots) && !path_and_query.contains(is_foreign)
}

/// `.` and `..`, also encoded: servers and libraries take them for a way up.
fn is_dots(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}

/// Where an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    Public,
    /// In a private network or on this machine.
    Private,
    Never(&'static str),
}

/// An IPv4 address in an IPv6 one counts as what it is.
pub(crate) fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => match inner(address) {
            Some(inner) => reach_v4(inner),
            None => reach_v6(address),
        },
    }
}

/// RFC 6890 and the registry that it began.
fn reach_v4(address: Ipv4Addr) -> Reach {
    match address.octets() {
        [0, ..] => Reach::Never("unspecified"),
        [169, 254, ..] => Reach::Never("link-local, where clouds keep credentials"),
        [224..=239, ..] => Reach::Never("multicast"),
        [255, 255, 255, 255] => Reach::Never("broadcast"),
        // Alibaba's and Oracle's metadata.
        [100, 100, 100, 200] | [192, 0, 0, 192] => Reach::Never("a cloud's metadata"),
        [10 | 127, ..] | [192, 168, ..] => Reach::Private,
        [172, 16..=31, ..] | [100, 64..=127, ..] => Reach::Private,
        [192, 0, 0, _] | [198, 18..=19, ..] | [240..=255, ..] => Reach::Private,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Reach::Private,
        [..] => Reach::Public,
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    /// Amazon's metadata.
    const METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
    if address.is_unspecified() {
        return Reach::Never("unspecified");
    }
    if address.is_multicast() {
        return Reach::Never("multicast");
    }
    if address == METADATA {
        return Reach::Never("a cloud's metadata");
    }
    match address.segments() {
        [0xfe80..=0xfebf, ..] => Reach::Never("link-local"),
        // Unique local, the old site-local, documentation, discard-only.
        [0xfc00..=0xfdff | 0xfec0..=0xfeff, ..] | [0x2001, 0xdb8, ..] | [0x100, 0, 0, 0, ..] => {
            Reach::Private
        }
        [..] if address.is_loopback() => Reach::Private,
        [..] => Reach::Public,
    }
}

/// The IPv4 address to which packets for an IPv6 one go in the end: mapped and compatible ones,
/// NAT64 (RFC 6052) and 6to4 (RFC 3056).
fn inner(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let of = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => Some(of(high, low)),
        [0, 0, 0, 0, 0, 0, high, low] if (high, low) > (0, 1) => Some(of(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(of(high, low)),
        [0x64, 0xff9b, 1, _, _, _, high, low] => Some(of(high, low)),
        [0x2002, high, low, ..] => Some(of(high, low)),
        [..] => None,
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({})", self.name, self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstream(base: &str, private: bool) -> Upstream {
        Upstream {
            course_name: "one".into(),
            name: "api".into(),
            base: base.parse().expect("a URL"),
            ca: None,
            headers: Vec::new(),
            timeout: Duration::from_secs(1),
            tries: 1,
            stand_in: None,
            private,
        }
    }

    /// Goal: no name leads to metadata or link-local, by no spelling; to private networks by word
    /// only. Method: a table of addresses.
    #[test]
    fn addresses_are_refused_by_kind() {
        let (open, closed) =
            (upstream("http://a.example", true), upstream("http://b.example", false));
        let check = |address: &str, by_default: bool, by_word: bool| {
            let parsed: IpAddr = address.parse().expect("an address");
            assert_eq!(closed.admits(parsed).is_ok(), by_default, "{address} by default");
            assert_eq!(open.admits(parsed).is_ok(), by_word, "{address} with `private`");
        };
        for public in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1", "64:ff9b::808:808"] {
            check(public, true, true);
        }
        for private in [
            "127.0.0.1",
            "127.8.9.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "192.0.2.1",
            "::1",
            "fc00::1",
            "fd12::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "::10.0.0.1",
        ] {
            check(private, false, true);
        }
        for never in [
            "169.254.169.254",
            "169.254.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "224.0.0.1",
            "239.1.1.1",
            "255.255.255.255",
            "100.100.100.200",
            "::",
            "fe80::1",
            "febf::1",
            "ff02::1",
            "fd00:ec2::254",
            "::ffff:169.254.169.254",
            "::ffff:0.0.0.0",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
            "::169.254.169.254",
        ] {
            check(never, false, false);
        }
    }

    /// Goal: a path stays below the base, and never names another host. Method: a table.
    #[test]
    fn a_path_does_not_leave_its_base() {
        let cards = upstream("https://deckofcardsapi.com/api", false);
        let url = |path| cards.url(path).map(String::from);
        let whole = "https://deckofcardsapi.com/api/deck/new/?deck_count=1";
        assert_eq!(url("/deck/new/?deck_count=1").as_deref(), Some(whole));
        assert_eq!(
            url("/?back=/../x").as_deref(),
            Some("https://deckofcardsapi.com/api/?back=/../x")
        );
        for outside in [
            "",
            "deck",
            "@evil.example/",
            ".evil.example/",
            ":99/",
            "/../admin",
            "/a/%2e%2E/b",
            "/a/./b",
            "/a#b",
            "/a/..",
            "//../x",
        ] {
            assert_eq!(url(outside), None, "{outside}");
        }
        let bare = upstream("http://[::1]:8080", true);
        assert_eq!(bare.url("/x").map(String::from).as_deref(), Some("http://[::1]:8080/x"));
        assert_eq!(bare.literal(), Some("::1".parse().expect("an address")));
        assert_eq!(
            upstream("http://localhost:1/", false).literal().map(|a| a.is_loopback()),
            Some(true)
        );
        assert_eq!(
            upstream("http://2130706433/", false).literal().map(|a| a.is_loopback()),
            Some(true)
        );
        assert_eq!(cards.literal(), None);
    }
}
