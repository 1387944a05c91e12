//! What a source answers: at once, or when its steps are over.
//!
//! Every reply is given once the event is on disk, whatever becomes of its steps.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use simtime::{Time, TimerId};
use webhook::Event;

use super::steps::FAILED;
use super::{Automation, Timer};
use crate::config::reply::{ReplyTemplate, Respond};
use crate::io::{DeliveryId, Outbox, Output, Reply};
use crate::job::Trouble;
use crate::receive::{self, Refusal};
use crate::template::Scope;

/// Somebody who waits for the result.
#[derive(Debug)]
pub(super) struct Awaited {
    delivery: DeliveryId,
    /// What it wants to read.
    accept: Option<String>,
    /// What ends the wait.
    timer: TimerId,
}

/// By event.
pub(super) type AwaitedReplies = BTreeMap<String, Awaited>;

impl Automation {
    /// The event is on disk: its sender is answered now, or when its steps are over.
    pub(super) fn answer(
        &mut self,
        now: Time,
        event: &Event,
        delivery: DeliveryId,
        accept: Option<String>,
        out: &mut Outbox,
    ) {
        let entrance = self.config.entrance_of(event);
        let waits = entrance.filter(|it| it.rule.is_some()).and_then(|it| it.respond.within);
        match waits {
            Some(within) => {
                let timer = self.timers.set(now + within, Timer::Reply(event.id.clone()));
                self.awaited.insert(event.id.clone(), Awaited { delivery, accept, timer });
            }
            None => {
                let reply = self.reply(delivery, event, accept.as_deref(), Map::new());
                out.0.push(Output::Reply(reply));
            }
        }
    }

    /// The steps of a rule are over.
    pub(super) fn steps_over(
        &mut self,
        event: &Event,
        rule: &str,
        results: Map<String, Json>,
        out: &mut Outbox,
    ) {
        let entrance = self.config.entrance_of(event);
        let own = entrance.and_then(|entrance| entrance.rule.as_ref());
        if own.is_none_or(|own| own.name != rule) {
            return;
        }
        let Some(awaited) = self.awaited.remove(&event.id) else { return };
        self.timers.cancel(awaited.timer);
        let reply = self.reply(awaited.delivery, event, awaited.accept.as_deref(), results);
        out.0.push(Output::Reply(reply));
    }

    /// The result is not there in time. The steps go on.
    pub(super) fn reply_is_due(&mut self, event: &str, out: &mut Outbox) {
        let Some(awaited) = self.awaited.remove(event) else { return };
        let detail = format!("the result is not there yet: `GET /api/v1/events/{event}` has it");
        out.0.push(Output::Reply(Refusal::new(504, detail).reply(awaited.delivery)));
    }

    fn reply(
        &self,
        delivery: DeliveryId,
        event: &Event,
        accept: Option<&str>,
        mut results: Map<String, Json>,
    ) -> Reply {
        let failed = results.remove(FAILED);
        let nothing = Respond::default();
        let respond = self.config.entrance_of(event).map_or(&nothing, |it| &it.respond);
        let (engine, variables) = (&self.config.engine, self.variables.all());
        let scope = engine.step_scope(event, &results, variables, self.config.api_urls(), None);
        let fits = |reply: &&ReplyTemplate| {
            reply.when.as_ref().is_none_or(|when| engine.holds(when, &scope).0)
        };
        if let Some(template) = respond.replies.iter().find(fits) {
            let reply = self.fill_reply(delivery, template, accept, &scope);
            return reply.unwrap_or_else(|why| {
                let detail = format!("the reply of this source cannot be made: {why}");
                Refusal::new(500, detail).reply(delivery)
            });
        }
        if let Some(failed) = failed {
            let trouble = Trouble::of(&failed).unwrap_or(Trouble::Failed);
            let detail = failed["error"].as_str().unwrap_or("a step failed").to_owned();
            return Refusal::new(trouble.status(), detail).reply(delivery);
        }
        if respond.within.is_some() {
            let body = json!({"status": "ok", "id": event.id, "result": results});
            return receive::json(delivery, 200, &body);
        }
        receive::accepted(delivery, &event.id)
    }

    fn fill_reply(
        &self,
        delivery: DeliveryId,
        template: &ReplyTemplate,
        accept: Option<&str>,
        scope: &Scope,
    ) -> Result<Reply, String> {
        let engine = &self.config.engine;
        let status = engine.data(&template.status, scope)?;
        let number = status.as_u64().or_else(|| status.as_str()?.trim().parse().ok());
        let status = number.and_then(|number| u16::try_from(number).ok());
        let status = status.filter(|status| (200..600).contains(status));
        let status = status.ok_or("its `status` is none from 200 to 599")?;
        let mut reply = match template.form(accept) {
            Form::Json(data) => receive::json(delivery, status, &engine.data(data, scope)?),
            Form::Html(page) => {
                let body = engine.page(page, scope)?;
                typed(delivery, status, "text/html; charset=utf-8", body)
            }
            Form::Text(text) => {
                let body = engine.text(text, scope)?;
                typed(delivery, status, "text/plain; charset=utf-8", body)
            }
        };
        for (name, text) in &template.headers {
            let value = engine.text(text, scope)?;
            if value.chars().any(char::is_control) {
                return Err(format!("the header `{name}` has control characters"));
            }
            reply.headers.push((name.clone().into(), value));
        }
        Ok(reply)
    }
}

fn typed(delivery: DeliveryId, status: u16, kind: &str, body: String) -> Reply {
    let headers = vec![("content-type".into(), kind.to_owned())];
    Reply { delivery, status, headers, body: body.into_bytes() }
}

/// The body that a request gets.
enum Form<'a> {
    Json(&'a Json),
    Html(&'a str),
    Text(&'a str),
}

impl ReplyTemplate {
    /// The body that is wanted most of those that there are; of equals JSON, HTML, text.
    fn form(&self, accept: Option<&str>) -> Form<'_> {
        let mut forms: Vec<(&str, Form<'_>)> = Vec::new();
        forms.extend(self.json.as_ref().map(|json| ("application/json", Form::Json(json))));
        forms.extend(self.html.as_deref().map(|html| ("text/html", Form::Html(html))));
        forms.extend(self.text.as_deref().map(|text| ("text/plain", Form::Text(text))));
        let wanted = |kind: &str| accept.map_or(0, |accept| quality(accept, kind));
        let best = forms.iter().map(|(kind, _)| wanted(kind)).max().unwrap_or_default();
        let chosen = forms.into_iter().find(|(kind, _)| wanted(kind) == best);
        // The loader sees to it that there is one.
        chosen.map_or(Form::Text(""), |(_, form)| form)
    }
}

/// How much a type is wanted, in thousandths: RFC 9110 section 12.5.1. The most exact range that
/// fits counts; of equal ones the first.
fn quality(accept: &str, kind: &str) -> u16 {
    let group = kind.split('/').next().unwrap_or_default();
    let ranges = accept.split(',').filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next()?.to_ascii_lowercase();
        let exact = match name.as_str() {
            name if name == kind => 2,
            "*/*" => 0,
            name if name.strip_suffix("/*") == Some(group) => 1,
            _ => return None,
        };
        let q = parts.find_map(|part| part.strip_prefix("q=")).map(str::parse::<f32>);
        let q = q.and_then(Result::ok).unwrap_or(1.0).clamp(0.0, 1.0);
        Some((exact, (q * 1_000.0) as u16))
    });
    ranges.max_by_key(|(exact, _)| *exact).map_or(0, |(_, q)| q)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a browser gets a page, a program JSON. Method: a table of `Accept`.
    #[test]
    fn bodies_are_chosen() {
        let template = ReplyTemplate {
            when: None,
            status: Json::from(200),
            headers: Vec::new(),
            json: Some(json!({})),
            html: Some("<p>".into()),
            text: None,
        };
        let chosen = |accept: Option<&str>| match template.form(accept) {
            Form::Json(_) => "json",
            Form::Html(_) => "html",
            Form::Text(_) => "text",
        };
        for (accept, want) in [
            (None, "json"),
            (Some("*/*"), "json"),
            (Some("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), "html"),
            (Some("application/json"), "json"),
            (Some("text/html;q=0.5, application/json;q=0.4"), "html"),
            (Some("text/*, application/json;q=0.9"), "html"),
            (Some("image/png"), "json"),
            (Some("text/html;q=x"), "html"),
        ] {
            assert_eq!(chosen(accept), want, "{accept:?}");
        }
    }
}
