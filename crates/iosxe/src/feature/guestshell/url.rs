//! URLs as the emulated `curl` reads them: only what its messages speak of is taken apart.

/// The parts of a URL that curl speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Url {
    /// The whole URL, with a scheme.
    pub(super) whole: String,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) is_https: bool,
}

impl Url {
    /// Reads a URL, `http://` unless it names a scheme; or curl's error.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let malformed = || "curl: (3) <url> malformed\n".to_owned();
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let default_port = match scheme.to_ascii_lowercase().as_str() {
            "http" => 80,
            "https" => 443,
            _ => {
                return Err(format!(
                    "curl: (1) Protocol \"{scheme}\" not supported or disabled in libcurl\n"
                ));
            }
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let address = authority.rsplit('@').next().unwrap_or_default();
        let is_bracketed = address.ends_with(']') || !address.contains(':');
        let (host, port) = match address.rsplit_once(':') {
            Some((host, port)) if !is_bracketed => (host, port.parse().map_err(|_| malformed())?),
            _ => (address, default_port),
        };
        let is_clean = text.chars().all(|c| !c.is_whitespace() && !c.is_control());
        if host.is_empty() || !is_clean {
            return Err(malformed());
        }
        let host = host.trim_matches(['[', ']']).to_owned();
        let is_https = scheme.eq_ignore_ascii_case("https");
        Ok(Url { whole: format!("{scheme}://{rest}"), host, port, is_https })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a URL's host and port, or curl's words. Method: a table.
    #[test]
    fn urls_read_as_curl_reads_them() {
        let table = [
            ("http://h/x", Ok(("http://h/x", "h", 80))),
            ("h:8000/x", Ok(("http://h:8000/x", "h", 8000))),
            ("https://[::1]:8443", Ok(("https://[::1]:8443", "::1", 8443))),
            ("https://[::1]/", Ok(("https://[::1]/", "::1", 443))),
            ("http://u:p@h?q", Ok(("http://u:p@h?q", "h", 80))),
            ("http://h:port/", Err("curl: (3) <url> malformed\n")),
            ("http://h /", Err("curl: (3) <url> malformed\n")),
            ("", Err("curl: (3) <url> malformed\n")),
        ];
        for (text, want) in table {
            let got = Url::parse(text);
            let parts = got.as_ref().map(|url| (url.whole.as_str(), url.host.as_str(), url.port));
            assert_eq!(parts.map_err(String::as_str), want, "{text}");
        }
    }
}
