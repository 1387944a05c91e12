//! Strict reading of the URLs to which a router may send, and of the prefixes that allow it.
//!
//! Stricter than a browser's: no userinfo, no backslash, no control character, no dot segments, so
//! that what is compared here is what a client will connect to. A prefix covers a URL when scheme,
//! host and port are equal and the path starts with the prefix's, at the end of a segment.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use crate::address::is_host_name;

/// The scheme of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `http`
    Http,
    /// `https`
    Https,
}

impl Scheme {
    /// As URLs have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }
}

/// A URL of `http` or `https`, in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// The scheme.
    pub scheme: Scheme,
    /// The host in lower case; an IPv6 address without brackets.
    pub host: String,
    /// The port, the scheme's own if the URL gave none.
    pub port: u16,
    /// The authority as it was written, for the `Host` header and for printing.
    pub authority: String,
    /// The path, from its `/` on; `/` if the URL gave none.
    pub path: String,
    /// Whether the URL gave a path beyond `/`.
    pub has_path: bool,
    /// The query with its `?`, or nothing.
    pub query: String,
}

/// Why a text is no URL that a router may send to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlError {
    /// It starts with neither `http://` nor `https://`.
    Scheme,
    /// It holds a user name or password.
    UserInfo,
    /// The host is neither a name nor an address.
    Host,
    /// The port is none.
    Port,
    /// It holds a blank, a control character, a backslash, or is not ASCII.
    Character,
    /// The path holds `.` or `..` as a segment.
    DotSegment,
}

impl Url {
    /// Whether the host is surely this machine: a literal loopback address, or `localhost`.
    pub fn is_loopback(&self) -> bool {
        let literal = self.host.parse::<IpAddr>();
        self.host == "localhost" || literal.is_ok_and(|ip| ip.is_loopback())
    }

    /// Whether this URL, as a prefix, covers `url`.
    pub fn covers(&self, url: &Url) -> bool {
        let same_origin =
            self.scheme == url.scheme && self.host == url.host && self.port == url.port;
        let rest = url.path.strip_prefix(&self.path);
        let at_segment =
            |rest: &str| self.path.ends_with('/') || rest.is_empty() || rest.starts_with('/');
        same_origin && rest.is_some_and(at_segment)
    }
}

impl FromStr for Url {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        if !text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') {
            return Err(UrlError::Character);
        }
        let (scheme, rest) = split_scheme(text)?;
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at(end);
        let (host, port) = split_authority(authority, scheme)?;
        let (path, query) = match tail.find('?') {
            Some(mark) => tail.split_at(mark),
            None => (tail, ""),
        };
        if path.split('/').any(is_dot_segment) {
            return Err(UrlError::DotSegment);
        }
        Ok(Url {
            scheme,
            host,
            port,
            authority: authority.to_owned(),
            path: if path.is_empty() { "/" } else { path }.to_owned(),
            has_path: path.len() > 1,
            query: query.to_owned(),
        })
    }
}

/// `.` and `..`, also percent-encoded: clients resolve them before they send.
fn is_dot_segment(segment: &str) -> bool {
    let plain = segment.replace("%2e", ".").replace("%2E", ".");
    plain == "." || plain == ".."
}

fn split_scheme(text: &str) -> Result<(Scheme, &str), UrlError> {
    let (scheme, rest) = text.split_once("://").ok_or(UrlError::Scheme)?;
    match scheme.to_ascii_lowercase().as_str() {
        "http" => Ok((Scheme::Http, rest)),
        "https" => Ok((Scheme::Https, rest)),
        _ => Err(UrlError::Scheme),
    }
}

fn split_authority(authority: &str, scheme: Scheme) -> Result<(String, u16), UrlError> {
    if authority.contains('@') {
        return Err(UrlError::UserInfo);
    }
    let default_port = match scheme {
        Scheme::Http => 80,
        Scheme::Https => 443,
    };
    let (host, port) = match authority.strip_prefix('[') {
        Some(inner) => {
            let (host, rest) = inner.split_once(']').ok_or(UrlError::Host)?;
            let address: Ipv6Addr = host.parse().map_err(|_| UrlError::Host)?;
            let port = if rest.is_empty() { None } else { Some(rest.strip_prefix(':')) };
            (address.to_string(), port.map(|p| p.ok_or(UrlError::Host)).transpose()?)
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host.to_ascii_lowercase(), Some(port)),
            None => (authority.to_ascii_lowercase(), None),
        },
    };
    if !host.contains(':') && !is_plain_host(&host) {
        return Err(UrlError::Host);
    }
    Ok((host, port.map_or(Ok(default_port), parse_port)?))
}

/// A name, or an IPv4 address in four parts. Clients read `127.1`, `0x7f.1` and `2130706433` as
/// addresses too, so a host whose last label starts with a digit must be one that all read alike.
fn is_plain_host(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let numeric = last.starts_with(|c: char| c.is_ascii_digit());
    is_host_name(host) && (!numeric || host.parse::<std::net::Ipv4Addr>().is_ok())
}

fn parse_port(port: &str) -> Result<u16, UrlError> {
    let digits = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    port.parse().ok().filter(|&port| digits && port > 0).ok_or(UrlError::Port)
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.scheme.as_str();
        write!(f, "{scheme}://{}{}{}", self.authority, self.path, self.query)
    }
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            UrlError::Scheme => "expected `http://` or `https://`",
            UrlError::UserInfo => "a URL here holds no user name or password",
            UrlError::Host => "expected a name or an address as host",
            UrlError::Port => "expected a port from 1 to 65535",
            UrlError::Character => "a URL holds no blanks, control characters or backslashes",
            UrlError::DotSegment => "the path must not hold `.` or `..`",
        })
    }
}

impl std::error::Error for UrlError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: no trick makes a foreign URL look allowed. Method: a table of prefix, URL, verdict.
    #[test]
    fn prefixes_cover_only_their_own() {
        let table = [
            ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/events", true),
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000/events?x=1", true),
            ("http://127.0.0.1:8000/events", "http://127.0.0.1:8000/events", true),
            ("http://127.0.0.1:8000/events", "http://127.0.0.1:8000/events/a", true),
            ("http://127.0.0.1:8000/events", "http://127.0.0.1:8000/eventsevil", false),
            ("http://127.0.0.1:8000/", "http://127.0.0.1:80001/", false),
            ("http://127.0.0.1:8000/", "http://127.0.0.1:8001/", false),
            ("http://127.0.0.1:8000/", "https://127.0.0.1:8000/", false),
            ("http://127.0.0.1:8000/", "http://127.0.0.1:8000@evil.example/", false),
            ("http://127.0.0.1:8000/", "http://127.0.0.1:8000.evil.example/", false),
            ("http://127.0.0.1:8000/a/", "http://127.0.0.1:8000/a/../b", false),
            ("http://127.0.0.1:8000/a/", "http://127.0.0.1:8000/a/%2E%2e/b", false),
            ("http://127.0.0.1:8000/", "http://evil.example\\@127.0.0.1:8000/", false),
            ("http://hook.example/", "http://HOOK.example:80/x", true),
            ("https://hook.example/", "https://hook.example:443/x", true),
        ];
        for (prefix, url, want) in table {
            let prefix: Url = prefix.parse().expect("a prefix of the table");
            let covered = url.parse().is_ok_and(|url| prefix.covers(&url));
            assert_eq!(covered, want, "{prefix} {url}");
        }
    }

    /// Goal: malformed URLs say what is wrong. Method: a table.
    #[test]
    fn malformed_urls_are_named() {
        let table = [
            ("ftp://a/", UrlError::Scheme),
            ("127.0.0.1:8000", UrlError::Scheme),
            ("http://u:p@a/", UrlError::UserInfo),
            ("http:///x", UrlError::Host),
            ("http://2130706433/", UrlError::Host),
            ("http://127.1/", UrlError::Host),
            ("http://0x7f.0.0.0x1/", UrlError::Host),
            ("http://[::1/", UrlError::Host),
            ("http://[::1]x/", UrlError::Host),
            ("http://a:/", UrlError::Port),
            ("http://a:0/", UrlError::Port),
            ("http://a/ b", UrlError::Character),
            ("http://a/\u{fc}", UrlError::Character),
        ];
        for (text, want) in table {
            assert_eq!(text.parse::<Url>(), Err(want), "{text}");
        }
        let plain: Url = "http://[::1]:8000/a?b#c".parse().expect("well formed");
        assert_eq!((plain.path.as_str(), plain.query.as_str()), ("/a", "?b"));
        assert!(plain.is_loopback());
        assert_eq!(plain.to_string(), "http://[::1]:8000/a?b");
    }
}
