//! Where a virtual router's requests may go: loopback, the allow-list, and `--webhook`.

use iosxe::{HttpFailure, HttpForm, HttpRequest};
use topology::Url;

/// The ways out of a lab.
#[derive(Debug)]
pub(super) struct Egress {
    allow: Vec<Url>,
    webhook: Option<Url>,
}

impl Egress {
    /// `allow` has been checked by the topology's loader; a prefix that is none allows nothing.
    pub(super) fn new(allow: &[String], webhook: Option<Url>) -> Self {
        let allow = allow.iter().filter_map(|prefix| prefix.parse().ok());
        Egress { allow: allow.collect(), webhook }
    }

    /// Points the course's forms at the webhook of this run, and says whether the request may go.
    pub(super) fn check(&self, request: &mut HttpRequest) -> Result<Url, HttpFailure> {
        match (request.form, &self.webhook) {
            (HttpForm::SendData | HttpForm::HttpPost, Some(webhook)) => {
                request.url = redirect(&request.url, webhook);
            }
            (HttpForm::Curl, Some(_)) | (_, None) => {}
        }
        let url: Url = request.url.parse().map_err(|_| HttpFailure::NotAllowed)?;
        let mut prefixes = self.allow.iter().chain(&self.webhook);
        let allowed = url.is_loopback() || prefixes.any(|prefix| prefix.covers(&url));
        if allowed { Ok(url) } else { Err(HttpFailure::NotAllowed) }
    }
}

/// Scheme and authority of `webhook`, and its path if it has one. By the text, not by its meaning:
/// a startup-config may still hold `http://<webhook-server>/events`.
fn redirect(url: &str, webhook: &Url) -> String {
    if webhook.has_path || !webhook.query.is_empty() {
        return webhook.to_string();
    }
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |slash| &rest[slash..]);
    format!("{}{path}", webhook.to_string().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use simtime::Duration;

    use super::*;

    fn check(allow: &[&str], webhook: Option<&str>, form: HttpForm, url: &str) -> Option<String> {
        let allow: Vec<String> = allow.iter().map(|&prefix| prefix.to_owned()).collect();
        let webhook = webhook.map(|url| url.parse().expect("a URL of the table"));
        let mut request = HttpRequest {
            request: iosxe::RequestId(1),
            form,
            method: "POST".to_owned(),
            url: url.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            timeout: Duration::from_secs(1),
            trace: None,
        };
        let allowed = Egress::new(&allow, webhook).check(&mut request);
        allowed.ok().map(|_| request.url)
    }

    /// Goal: nothing leaves but for loopback and what is allowed. Method: a table of URLs.
    #[test]
    fn only_loopback_and_the_allowed() {
        let allow = ["https://hooks.example.com/team/"];
        let table = [
            ("http://127.0.0.1:8000/events", true),
            ("http://localhost:1/", true),
            ("http://[::1]:8000/", true),
            ("https://hooks.example.com/team/a", true),
            ("https://hooks.example.com/other", false),
            ("https://hooks.example.com:444/team/a", false),
            ("https://hooks.example.com.evil.example/team/a", false),
            ("https://hooks.example.com@evil.example/team/a", false),
            ("http://127.0.0.1:8000@evil.example/", false),
            ("http://localhost.evil.example/", false),
            ("http://169.254.169.254/latest/meta-data", false),
            ("http://0.0.0.0:8000/", false),
            ("file:///etc/passwd", false),
            ("http://<webhook-server>/events", false),
        ];
        for (url, want) in table {
            assert_eq!(check(&allow, None, HttpForm::Curl, url).is_some(), want, "{url}");
        }
    }

    /// Goal: `--webhook` moves the course's forms and no curl. Method: a table.
    #[test]
    fn a_webhook_replaces_what_it_has() {
        let seed = "http://<webhook-server>/events";
        let table = [
            ("http://10.0.0.9:8000", seed, Some("http://10.0.0.9:8000/events")),
            ("http://10.0.0.9:8000/", seed, Some("http://10.0.0.9:8000/events")),
            ("http://10.0.0.9:8000/hook", seed, Some("http://10.0.0.9:8000/hook")),
            ("https://h.example", "http://127.0.0.1/a?b=c", Some("https://h.example/a?b=c")),
        ];
        for (webhook, url, want) in table {
            let got = check(&[], Some(webhook), HttpForm::SendData, url);
            assert_eq!(got.as_deref(), want, "{webhook} {url}");
        }
        assert_eq!(check(&[], Some("http://10.0.0.9/"), HttpForm::Curl, "http://10.0.0.8/"), None);
    }
}
