//! The answer to a request over RESTCONF: data, a refusal, or a device that is busy.

use restconf::Response;
use serde_json::Value;
use simtime::Time;

use super::driver::{Answered, Failure};

/// The device does not know the user, or the password is another.
pub(crate) const UNAUTHORIZED: u16 = 401;
/// Answers of a device, or of what stands before it, that is busy for now.
const BUSY: [u16; 4] = [429, 502, 503, 504];
/// The answer to somebody who has to wait for another's lock: RFC 8040 section 7.
const CONFLICT: u16 = 409;
/// The tags with which it says that.
const BUSY_TAGS: [&str; 3] = ["in-use", "lock-denied", "resource-denied"];
/// How many errors of one answer a refusal names.
const ERRORS_SHOWN_MAX: usize = 4;

/// Reads the answer to `command`.
///
/// # Errors
/// Somebody else holds what was asked for, for now.
pub(crate) fn read(
    command: String,
    sent_at: Time,
    response: &Response,
) -> Result<Answered, Failure> {
    let header = |name: &str| {
        let found = response.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    };
    let json = json(header("content-type").unwrap_or_default(), &response.body);
    let complaint = match response.status {
        0..300 => None,
        300..400 => Some(format!("HTTP {}: a redirect, which is not followed", response.status)),
        status => {
            let errors = errors(json.as_ref());
            let all: Vec<String> = errors.iter().map(ApiError::words).collect();
            let why = if all.is_empty() { String::new() } else { format!(": {}", all.join("; ")) };
            let words = format!("HTTP {status}{why}");
            let is_locked = errors.iter().any(|error| BUSY_TAGS.contains(&error.tag.as_str()));
            if BUSY.contains(&status) || status == CONFLICT && is_locked {
                return Err(Failure::Busy { step: command, words });
            }
            Some(words)
        }
    };
    let output = match (response.body.trim().is_empty(), header("location")) {
        (false, _) => response.body.clone(),
        (true, Some(location)) => format!("HTTP {}, {location}", response.status),
        (true, None) => format!("HTTP {}", response.status),
    };
    Ok(Answered { index: 0, command, output, json, complaint, sent_at })
}

/// A body as JSON: as it is, or by way of XML.
fn json(content_type: &str, body: &str) -> Option<Value> {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind.ends_with("json") {
        serde_json::from_str(body).ok()
    } else if kind.ends_with("xml") {
        netconf::json_of_xml(body)
    } else {
        None
    }
}

/// One entry of `errors`: RFC 8040 section 7.1.
#[derive(Debug)]
struct ApiError {
    tag: String,
    path: Option<String>,
    message: String,
}

/// The errors of a body, in the form of the RFC, of older releases (`errors` alone), and of XML.
fn errors(body: Option<&Value>) -> Vec<ApiError> {
    let local = |name: &str| name.rsplit(':').next() == Some("errors");
    let members = body.and_then(Value::as_object).into_iter().flatten();
    let mut found = members.filter(|(name, _)| local(name));
    let entries = found.next().and_then(|(_, errors)| errors.get("error"));
    let list = match entries {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    list.into_iter().take(ERRORS_SHOWN_MAX).map(ApiError::read).collect()
}

impl ApiError {
    fn read(value: &Value) -> ApiError {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        ApiError {
            tag: text("error-tag").unwrap_or_else(|| "error".to_owned()),
            path: text("error-path"),
            message: text("error-message").unwrap_or_default(),
        }
    }

    fn words(&self) -> String {
        let path = self.path.as_ref().map(|path| format!(" at {path}")).unwrap_or_default();
        let message = Some(&self.message).filter(|message| !message.is_empty());
        let message = message.map(|message| format!(": {message}")).unwrap_or_default();
        format!("{}{path}{message}", self.tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, kind: &str, body: &str) -> Result<Answered, Failure> {
        let headers = vec![("content-type", kind.to_owned())];
        let response = Response { status, headers, body: body.to_owned() };
        read("GET /restconf/data".into(), Time::VIRTUAL_START, &response)
    }

    /// Goal: what devices answer, and what it means. Method: a table.
    #[test]
    fn answers() {
        let json = "application/yang-data+json";
        let entry = r#"[{"error-type": "application", "error-tag": "invalid-value",
            "error-path": "/a", "error-message": "no"}]"#;
        let of = |key: &str| format!("{{\"{key}\": {{\"error\": {entry}}}}}");
        let said = "HTTP 404: invalid-value at /a: no";
        let xml = "<errors xmlns='urn:x'><error><error-tag>invalid-value</error-tag>\
                   <error-path>/a</error-path><error-message>no</error-message></error></errors>";
        for (status, kind, body, want) in [
            (200, json, "{}".to_owned(), None),
            (204, json, String::new(), None),
            (301, "text/html", String::new(), Some("HTTP 301: a redirect, which is not followed")),
            (404, json, of("ietf-restconf:errors"), Some(said)),
            (404, json, of("errors"), Some(said)),
            (404, "application/yang-data+xml", xml.to_owned(), Some(said)),
            (404, "text/html", "<html>".to_owned(), Some("HTTP 404")),
            (400, json, "{".to_owned(), Some("HTTP 400")),
        ] {
            let got = answer(status, kind, &body).expect("it is final");
            assert_eq!(got.complaint.as_deref(), want, "{status} {body}");
        }
        let busy = of("ietf-restconf:errors").replace("invalid-value", "in-use");
        let busy = answer(409, json, &busy).expect_err("somebody holds it");
        assert_eq!(
            busy.to_string(),
            "`GET /restconf/data` has to wait: HTTP 409: in-use at /a: no"
        );
        assert!(answer(503, "", "").is_err());
        assert!(answer(409, json, &of("errors")).is_ok());
        let got = answer(200, "application/yang-data+xml", "<a><b>1</b></a>").expect("data");
        assert_eq!(got.json, Some(serde_json::json!({ "a": { "b": "1" } })));
        assert_eq!(answer(204, "", "").expect("done").output, "HTTP 204");
    }
}
