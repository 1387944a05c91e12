//! One transfer of the emulated `curl`: the request that real curl would send, and what it prints.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use simtime::{Duration, Time};

use super::arguments::Arguments;
use super::url::Url;
use crate::io::{Distrust, HttpFailure, HttpOutcome};

/// The release in the guest shell of IOS XE 17 (CentOS 8).
const USER_AGENT: &str = "curl/7.61.1";
/// What follows when no authority vouches for a server.
const MORE_DETAILS: &str = "\
    More details here: https://curl.haxx.se/docs/sslcerts.html\n\n\
    curl failed to verify the legitimacy of the server and therefore could not\n\
    establish a secure connection to it. To learn more about this situation and\n\
    how to fix it, please visit the web page mentioned above.";
/// Curl gives a connection up after this long unless told otherwise.
const TIMEOUT_DEFAULT: Duration = Duration::from_secs(300);

/// What curl needs to print the end of a transfer.
#[derive(Debug)]
pub(super) struct Transfer {
    pub(super) arguments: Arguments,
    pub(super) url: Url,
    started: Time,
}

impl Transfer {
    /// A transfer that starts now; or what curl prints instead.
    pub(super) fn new(arguments: Arguments, now: Time) -> Result<Self, String> {
        match Url::parse(&arguments.url) {
            Ok(url) => Ok(Transfer { arguments, url, started: now }),
            Err(error) if arguments.prints_errors() => Err(error),
            Err(_) => Err(String::new()),
        }
    }

    /// What curl prints when the file of `--cacert` is not there, or holds no certificate.
    pub(super) fn without_authorities(&self, path: &str) -> String {
        let places = format!("CAfile: {path}\n  CApath: none");
        self.error(&format!("(77) error setting certificate verify locations:\n  {places}"))
    }

    /// How long the router waits. `--connect-timeout` bounds the whole transfer when `--max-time`
    /// is not given: one bound is all that the sender knows.
    pub(super) fn timeout(&self) -> Duration {
        let millis = self.arguments.timeout_ms.or(self.arguments.connect_timeout_ms);
        millis.filter(|millis| *millis > 0).map_or(TIMEOUT_DEFAULT, Duration::from_millis)
    }

    /// The headers in curl's order, without Host: the sender puts it first. One of `-H` replaces
    /// curl's own of the same name; `Name:` takes it away, `Name;` sends it empty.
    pub(super) fn headers(&self) -> Vec<(String, String)> {
        let Arguments { headers, user, user_agent, data, is_json, .. } = &self.arguments;
        let mut given: Vec<(String, Option<String>)> =
            headers.iter().filter_map(|h| split(h)).collect();
        if *is_json {
            // `--json` stands for two `-H` at the end, unless they are given.
            for name in ["Content-Type", "Accept"] {
                if !names(&given, name) {
                    given.push((name.to_owned(), Some("application/json".to_owned())));
                }
            }
        }
        let agent = user_agent.as_deref().unwrap_or(USER_AGENT);
        let form = "application/x-www-form-urlencoded";
        let authorization = user.as_ref().map(|user| {
            let pair = if user.contains(':') { user.clone() } else { format!("{user}:") };
            format!("Basic {}", BASE64_STANDARD.encode(pair))
        });
        let own = |name: &str, value: Option<&str>| {
            let value = value.filter(|value| !value.is_empty() && !names(&given, name));
            value.map(|value| (name.to_owned(), value.to_owned()))
        };
        let before = [
            own("Authorization", authorization.as_deref()),
            own("User-Agent", Some(agent)),
            own("Accept", Some("*/*")),
        ];
        let length = data.as_ref().map(|data| data.len().to_string());
        let after = [
            own("Content-Length", length.as_deref()),
            own("Content-Type", data.as_ref().map(|_| form)),
        ];
        let sent = given.iter().filter_map(|(name, value)| Some((name.clone(), value.clone()?)));
        before.into_iter().flatten().chain(sent).chain(after.into_iter().flatten()).collect()
    }

    /// The body.
    pub(super) fn body(&self) -> Vec<u8> {
        self.arguments.data.clone().unwrap_or_default().into_bytes()
    }

    /// What curl printed before it sent anything.
    pub(super) fn warnings(&self) -> String {
        let missing = &self.arguments.missing_files;
        let warning = |path: &String| {
            format!("Warning: Couldn't read data from file \"{path}\", this makes an empty POST.\n")
        };
        missing.iter().map(warning).collect()
    }

    /// Everything that curl prints, newline at the end.
    pub(super) fn print(&self, now: Time, outcome: &HttpOutcome) -> String {
        let mut text = self.warnings();
        if self.arguments.is_verbose {
            text += &self.verbose(outcome);
        }
        match outcome {
            HttpOutcome::Answered { status, headers, body } => {
                text += &self.answered(*status, headers, body);
            }
            HttpOutcome::Failed(failure) => text += &self.error(&self.failure(*failure, now)),
        }
        text += &self.write_out(now, outcome);
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text
    }

    fn answered(&self, status: u16, headers: &[(String, String)], body: &[u8]) -> String {
        let arguments = &self.arguments;
        if arguments.fails_on_error && status >= 400 {
            let named = format!("{status} {}", reason(status));
            let error = format!("(22) The requested URL returned error: {}", named.trim_end());
            return self.error(&error);
        }
        let mut text = String::new();
        if arguments.includes_headers || arguments.is_head {
            text += &head(status, headers, "");
            text.push('\n');
        }
        let body = if arguments.is_head { "".into() } else { String::from_utf8_lossy(body) };
        text += &body;
        match arguments.output.as_deref() {
            None | Some("-") => text,
            Some("/dev/null") => String::new(),
            // The guest shell has no files here.
            Some(path) => {
                let bytes = text.len();
                let warning = format!(
                    "Warning: Failed to create the file {path}: No such file or directory\n"
                );
                warning + &self.error(&format!("(23) Failed writing body (0 != {bytes})"))
            }
        }
    }

    fn error(&self, text: &str) -> String {
        if self.arguments.prints_errors() { format!("curl: {text}\n") } else { String::new() }
    }

    fn failure(&self, failure: HttpFailure, now: Time) -> String {
        let Url { host, port, .. } = &self.url;
        let problem = "SSL certificate problem:";
        let millis = now.since(self.started).as_millis();
        match failure {
            HttpFailure::Resolve => format!("(6) Could not resolve host: {host}"),
            HttpFailure::Refused => {
                format!("(7) Failed to connect to {host} port {port}: Connection refused")
            }
            // The lab's list of allowed addresses looks like a firewall from here.
            HttpFailure::NotAllowed => {
                format!("(7) Failed to connect to {host} port {port}: Permission denied")
            }
            HttpFailure::Timeout => {
                format!(
                    "(28) Operation timed out after {millis} milliseconds with 0 bytes received"
                )
            }
            HttpFailure::Handshake => {
                "(35) error:1408F10B:SSL routines:ssl3_get_record:wrong version number".to_owned()
            }
            HttpFailure::Untrusted(Distrust::Authority) => {
                format!("(60) {problem} unable to get local issuer certificate\n{MORE_DETAILS}")
            }
            HttpFailure::Untrusted(Distrust::Date) => {
                format!("(60) {problem} certificate has expired\n{MORE_DETAILS}")
            }
            // 60 since 7.62.0; this release still tells a wrong name from a wrong authority.
            HttpFailure::Untrusted(Distrust::Name) => format!(
                "(51) SSL: no alternative certificate subject name matches target host name \
                 '{host}'"
            ),
            HttpFailure::Broken => "(52) Empty reply from server".to_owned(),
        }
    }

    /// The lines of `-v` that applets' authors look for: both heads.
    fn verbose(&self, outcome: &HttpOutcome) -> String {
        let Url { whole, host, port, .. } = &self.url;
        let path = whole.splitn(4, '/').nth(3).unwrap_or_default();
        let mut text =
            format!("> {} /{path} HTTP/1.1\n> Host: {host}:{port}\n", self.arguments.method());
        for (name, value) in self.headers() {
            let _ = writeln!(text, "> {name}: {value}");
        }
        text += ">\n";
        if let HttpOutcome::Answered { status, headers, .. } = outcome {
            text += &head(*status, headers, "< ");
            text += "<\n";
        }
        text
    }

    /// `-w`: the variables that webhooks use; curl prints nothing for one that it does not know.
    fn write_out(&self, now: Time, outcome: &HttpOutcome) -> String {
        let Some(format) = &self.arguments.write_out else { return String::new() };
        let format = format.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");
        let mut text = String::new();
        let mut rest = format.as_str();
        while let Some((before, after)) = rest.split_once('%') {
            text += before;
            let variable = after.strip_prefix('{').and_then(|inner| inner.split_once('}'));
            rest = match (variable, after.strip_prefix('%')) {
                (Some((name, after)), _) => {
                    text += &self.variable(name, now, outcome);
                    after
                }
                (None, Some(after)) => {
                    text.push('%');
                    after
                }
                (None, None) => {
                    text.push('%');
                    after
                }
            };
        }
        text + rest
    }

    fn variable(&self, name: &str, now: Time, outcome: &HttpOutcome) -> String {
        let (status, headers, size) = match outcome {
            HttpOutcome::Answered { status, headers, body } => (*status, &headers[..], body.len()),
            HttpOutcome::Failed(_) => (0, &[][..], 0),
        };
        let micros = now.since(self.started).as_micros();
        match name {
            "http_code" | "response_code" => format!("{status:03}"),
            "size_download" => size.to_string(),
            "size_upload" => self.body().len().to_string(),
            "time_total" => format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000),
            "url_effective" => self.url.whole.clone(),
            "num_redirects" => "0".to_owned(),
            "content_type" => {
                let found =
                    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case("content-type"));
                found.map_or_else(String::new, |(_, value)| value.clone())
            }
            _ => String::new(),
        }
    }
}

/// Whether one of the headers has this name.
fn names(headers: &[(String, Option<String>)], name: &str) -> bool {
    headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name))
}

/// One `-H`: a name, and a value unless it takes the header away.
fn split(header: &str) -> Option<(String, Option<String>)> {
    if let Some((name, value)) = header.split_once(':') {
        let value = value.trim();
        let value = (!value.is_empty()).then(|| value.to_owned());
        return (!name.trim().is_empty()).then(|| (name.trim().to_owned(), value));
    }
    let name = header.strip_suffix(';')?;
    Some((name.trim().to_owned(), Some(String::new())))
}

/// A status line and headers, each line after `mark`.
fn head(status: u16, headers: &[(String, String)], mark: &str) -> String {
    let mut text = format!("{mark}HTTP/1.1 {status} {}\n", reason(status));
    for (name, value) in headers {
        let _ = writeln!(text, "{mark}{name}: {value}");
    }
    text
}

/// The phrase of a status (RFC 9110, section 15); the outcome does not carry the server's own.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}
