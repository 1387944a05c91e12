//! Whether an answer is what is wanted; if not, what was wanted and what was seen.
//!
//! Called by [`super::run()`]; a function of its arguments.

use host::text::printable;
use serde_json::Value;

use super::ask::{Answer, NoAnswer};
use super::table::{Status, Want};

/// Characters of an answer that are shown.
const SHOWN_MAX: usize = 100;
/// What a server lets out when it has crashed, in any answer.
const CRASH: &str = "Traceback (most recent call last)";

/// Wanted, and not seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Miss {
    pub(super) wanted: String,
    pub(super) seen: String,
}

/// Looks at what came.
pub(super) fn judge(want: &Want, came: &Result<Answer, NoAnswer>) -> Result<(), Miss> {
    let miss = |wanted: String| Miss { wanted, seen: seen(came) };
    let answer = match came {
        Ok(answer) => answer,
        Err(NoAnswer::Closed) if want.closed => return Ok(()),
        Err(_) => return Err(miss(statuses(want))),
    };
    if !want.status.is_empty() && !want.status.iter().any(|status| fits(status, answer.status)) {
        return Err(miss(statuses(want)));
    }
    let text = answer.text.to_lowercase();
    if let Some(lacked) = want.contains.iter().find(|word| !text.contains(&word.to_lowercase())) {
        return Err(miss(format!("`{lacked}` in the answer")));
    }
    let mut not_wanted = want.lacks.iter().map(String::as_str).chain([CRASH]);
    if let Some(word) = not_wanted.find(|word| text.contains(&word.to_lowercase())) {
        return Err(miss(format!("an answer without `{word}`")));
    }
    if let Some(name) = want.headers.iter().find(|name| !answer.headers.contains(name)) {
        return Err(miss(format!("a header `{name}`")));
    }
    match &want.media {
        Some(media) if !answer.media.starts_with(media) => Err(miss(format!("`{media}`"))),
        Some(_) => Ok(()),
        None if want.any_body => Ok(()),
        None => in_json(want, answer).map_err(miss),
    }
}

fn in_json(want: &Want, answer: &Answer) -> Result<(), String> {
    let json = answer.json().ok_or_else(|| "a body that is JSON".to_owned())?;
    if !want.key.is_empty() && !want.key.iter().any(|key| has(&json, key)) {
        return Err(format!("a key {} with something in it", quoted(&want.key)));
    }
    for key in &want.keys {
        at(&json, key).ok_or_else(|| format!("a key `{key}`"))?;
    }
    match want.values.iter().find(|(key, value)| at(&json, key) != Some(value)) {
        Some((key, value)) => Err(format!("`{key}` to be {value}")),
        None => Ok(()),
    }
}

/// `a.b` within `a`.
fn at<'j>(json: &'j Value, key: &str) -> Option<&'j Value> {
    key.split('.').try_fold(json, |within, key| within.get(key))
}

/// Whether there is such a key anywhere, with something in it.
fn has(json: &Value, key: &str) -> bool {
    let is_something = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(keys) => !keys.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    };
    match json {
        Value::Object(keys) => {
            keys.get(key).is_some_and(is_something) || keys.values().any(|inner| has(inner, key))
        }
        Value::Array(items) => items.iter().any(|item| has(item, key)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn fits(status: &Status, code: u16) -> bool {
    match status {
        Status::Code(wanted) => *wanted == code,
        Status::Class(class) => code / 100 == *class as u16,
    }
}

/// `2xx, 400 or 422`
pub(super) fn statuses(want: &Want) -> String {
    let one = |status: &Status| match status {
        Status::Code(code) => code.to_string(),
        Status::Class(class) => format!("{}xx", *class as u16),
    };
    let all: Vec<String> = want.status.iter().map(one).collect();
    match all.split_last() {
        None => "an answer".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

fn quoted(words: &[String]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ")
}

/// `500 Internal Server Error`, in few words.
pub(super) fn seen(came: &Result<Answer, NoAnswer>) -> String {
    match came {
        Ok(answer) => {
            let text: String = answer.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let shown: String = printable(&text).chars().take(SHOWN_MAX).collect();
            let more = if text.chars().count() > SHOWN_MAX { "…" } else { "" };
            format!("{} {shown}{more}", answer.status).trim_end().to_owned()
        }
        Err(NoAnswer::Refused) => "nobody listens any more".to_owned(),
        Err(NoAnswer::Closed) => "the connection closed without an answer".to_owned(),
        Err(NoAnswer::Timeout(after)) => format!("no answer in {:.0} s", after.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, text: &str) -> Result<Answer, NoAnswer> {
        let (media, headers) = ("application/json".to_owned(), vec!["retry-after".to_owned()]);
        Ok(Answer { status, media, headers, text: text.to_owned() })
    }

    /// Goal: each kind of wish is looked at, and what is not met is told. Method: a table.
    #[test]
    fn what_is_not_met_is_told() {
        let check = |want: &str, came: &Result<Answer, NoAnswer>, missed: Option<&str>| {
            let want: Want = toml::from_str(want).expect("is one");
            let miss = judge(&want, came).err().map(|miss| miss.wanted);
            assert_eq!(miss.as_deref(), missed, "{want:?} {came:?}");
        };
        let joke = answer(200, r#"{"a":[{"joke":"ha"}],"b":{"c":1}}"#);
        check("status = ['2xx']\nkey = ['joke']\nvalues = { 'b.c' = 1 }", &joke, None);
        check("status = [401, '5xx']", &joke, Some("401 or 5xx"));
        check("keys = ['joke']", &joke, Some("a key `joke`"));
        check("key = ['a.joke']", &joke, Some("a key `a.joke` with something in it"));
        check("contains = ['HA']\nlacks = ['no']\nheaders = ['retry-after']", &joke, None);
        check("headers = ['allow']", &joke, Some("a header `allow`"));
        check("media = 'text/html'", &joke, Some("`text/html`"));
        let crash = answer(500, "Internal Server Error");
        check("status = ['5xx']", &crash, Some("a body that is JSON"));
        check("status = ['5xx']\nany-body = true", &crash, None);
        check("status = [413]\nclosed = true", &Err(NoAnswer::Closed), None);
        check("status = [413]", &Err(NoAnswer::Closed), Some("413"));
    }
}
