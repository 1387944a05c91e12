//! Where virtual routers may send: loopback and the allow-list, whatever the protocol.
//!
//! The one rule of a lab. The lab asks it for every HTTP request and once more for the words of an
//! applet; the simulator's senders of HTTP and syslog ask it about what they are about to connect
//! to. It looks nothing up: a name is judged by its letters, and whoever resolves one is told what
//! it may lead to.

use std::net::IpAddr;

use topology::Url;

/// The ways out of a lab. Cheap to clone: a handful of URLs.
#[derive(Clone, Debug)]
pub struct Egress {
    allow: Vec<Url>,
}

/// What an allowed destination may turn out to be once its name is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// This machine alone.
    Loopback,
    /// Whatever it is: its author wrote it into the allow-list.
    Anywhere,
}

impl Egress {
    /// Loopback, and what these prefixes cover.
    pub fn new(allow: impl IntoIterator<Item = Url>) -> Self {
        Egress { allow: allow.into_iter().collect() }
    }

    /// Whether a request may go to `url`.
    pub fn url(&self, url: &Url) -> Option<Way> {
        match self.allow.iter().any(|prefix| prefix.covers(url)) {
            true => Some(Way::Anywhere),
            false => is_loopback(&url.host).then_some(Way::Loopback),
        }
    }

    /// Whether a datagram, or a connection that has no URL (syslog, mail), may go to `host`. The
    /// allow-list names machines here, whatever port and path its prefixes have.
    pub fn host(&self, host: &str) -> Option<Way> {
        let host = host.to_ascii_lowercase();
        match self.allow.iter().any(|prefix| prefix.host == host) {
            true => Some(Way::Anywhere),
            false => is_loopback(&host).then_some(Way::Loopback),
        }
    }
}

/// A literal loopback address or `localhost`, in the one spelling that every client reads alike:
/// neither `127.1` nor `2130706433` nor `::ffff:127.0.0.1`.
fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn egress() -> Egress {
        let allow =
            ["https://hooks.example.com/team/", "http://10.0.0.9:8000/", "http://[2001:db8::9]/"];
        Egress::new(allow.map(|url| url.parse().expect("a URL of the table")))
    }

    /// Goal: no URL leaves but for loopback and what is allowed, by whatever spelling. Method: a
    /// table; `None` is refused.
    #[test]
    fn urls_leave_for_loopback_and_the_allowed_alone() {
        let (here, anywhere) = (Some(Way::Loopback), Some(Way::Anywhere));
        let table = [
            ("http://127.0.0.1:8000/events", here),
            ("http://127.9.9.9/", here),
            ("http://localhost:1/", here),
            ("http://LOCALHOST/", here),
            ("http://[::1]:8000/", here),
            ("https://hooks.example.com/team/a", anywhere),
            ("http://10.0.0.9:8000/x", anywhere),
            ("http://[2001:db8:0::9]/", anywhere),
            ("https://hooks.example.com/other", None),
            ("https://hooks.example.com:444/team/a", None),
            ("http://hooks.example.com/team/a", None),
            ("https://hooks.example.com.evil.example/team/a", None),
            ("https://hooks.example.com@evil.example/team/a", None),
            ("https://hooks.example.com/team/../other", None),
            ("https://hooks.example.com/team/%2e%2E/other", None),
            ("http://10.0.0.9:8001/", None),
            ("http://10.0.0.9/", None),
            // Userinfo, and what some clients read as one.
            ("http://127.0.0.1:8000@evil.example/", None),
            ("http://127.0.0.1@evil/", None),
            ("http://evil.example\\@127.0.0.1/", None),
            ("http://evil.example#@127.0.0.1/", None),
            // Names: by the allow-list, wherever they lead.
            ("http://localhost.evil.example/", None),
            ("http://localhost./", None),
            ("http://127.0.0.1.nip.io/", None),
            ("http://localtest.me/", None),
            // Other spellings of an address: 127.0.0.1 and 192.0.2.1.
            ("http://2130706433/", None),
            ("http://3221225985/", None),
            ("http://0x7f000001/", None),
            ("http://0x7f.0.0.1/", None),
            ("http://0177.0.0.1/", None),
            ("http://127.1/", None),
            ("http://127.0.0.1./", None),
            ("http://[::ffff:127.0.0.1]/", None),
            ("http://[::ffff:192.0.2.1]/", None),
            ("http://[::ffff:10.0.0.9]:8000/", None),
            ("http://[::127.0.0.1]/", None),
            ("http://[::]/", None),
            ("http://0.0.0.0:8000/", None),
            ("http://0/", None),
            ("http://169.254.169.254/latest/meta-data", None),
            ("file:///etc/passwd", None),
            ("gopher://127.0.0.1/", None),
            ("http://<webhook-server>/events", None),
        ];
        for (url, want) in table {
            let got = url.parse::<Url>().ok().and_then(|url| egress().url(&url));
            assert_eq!(got, want, "{url}");
        }
    }

    /// Goal: the same rule where there is no URL. Method: a table of hosts, as `logging host` and a
    /// mail server would be configured.
    #[test]
    fn hosts_are_loopback_or_allowed() {
        let (here, anywhere) = (Some(Way::Loopback), Some(Way::Anywhere));
        let table = [
            ("127.0.0.1", here),
            ("127.8.7.6", here),
            ("::1", here),
            ("localhost", here),
            ("Localhost", here),
            ("10.0.0.9", anywhere),
            ("2001:db8::9", anywhere),
            ("Hooks.Example.com", anywhere),
            ("192.0.2.1", None),
            ("evil.example", None),
            ("localhost.evil.example", None),
            ("0.0.0.0", None),
            ("::", None),
            ("::ffff:127.0.0.1", None),
            ("::ffff:10.0.0.9", None),
            ("2130706433", None),
            ("0x7f.1", None),
            ("0177.0.0.1", None),
            ("127.1", None),
            ("127.0.0.1@evil.example", None),
            ("", None),
        ];
        for (host, want) in table {
            assert_eq!(egress().host(host), want, "{host}");
        }
    }
}
