//! `--webhook`: where the course's two forms send instead of where the applet says.

use iosxe::{HttpForm, HttpRequest};
use topology::Url;

/// Points the course's forms at the webhook of this run. An emulated `curl` goes where it says.
pub(super) fn redirect(request: &mut HttpRequest, webhook: Option<&Url>) {
    match (request.form, webhook) {
        (HttpForm::SendData | HttpForm::HttpPost, Some(webhook)) => {
            request.url = redirected(&request.url, webhook);
        }
        (HttpForm::Curl, Some(_)) | (_, None) => {}
    }
}

/// Scheme and authority of `webhook`, and its path if it has one. By the text, not by its meaning:
/// a startup-config may still hold `http://<webhook-server>/events`.
fn redirected(url: &str, webhook: &Url) -> String {
    if webhook.has_path || !webhook.query.is_empty() {
        return webhook.to_string();
    }
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |slash| &rest[slash..]);
    format!("{}{path}", webhook.to_string().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: `--webhook` replaces what it has and nothing else. Method: a table.
    #[test]
    fn a_webhook_replaces_what_it_has() {
        let seed = "http://<webhook-server>/events";
        let table = [
            ("http://10.0.0.9:8000", seed, "http://10.0.0.9:8000/events"),
            ("http://10.0.0.9:8000/", seed, "http://10.0.0.9:8000/events"),
            ("http://10.0.0.9:8000/hook", seed, "http://10.0.0.9:8000/hook"),
            ("https://h.example", "http://127.0.0.1/a?b=c", "https://h.example/a?b=c"),
        ];
        for (webhook, url, want) in table {
            let webhook: Url = webhook.parse().expect("a URL of the table");
            assert_eq!(redirected(url, &webhook), want, "{webhook} {url}");
        }
    }
}
