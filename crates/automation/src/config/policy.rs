//! `throttle`, `dampen`, `cool-down`, `any`/`all`/`not_all`: when a rule that matches fires.
//!
//! Called by the loader of `[[rules]]`. What they do is the gate's business.

use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Spanned};
use simtime::Duration;

use super::rule::{BAD_CONDITION, Loader};
use crate::gate::{Dampen, OwnChanges, Policy, Throttle, Window};

/// Not exactly one of `when`, `any`, `all` and `not_all`, or a `timeout` that fits none.
const NO_CONDITION: &str = "RULE008";
/// A throttle that holds nothing back, or everything.
const BAD_THROTTLE: &str = "RULE009";
/// Dampening that never begins, or never ends.
const BAD_DAMPEN: &str = "RULE010";

/// How many conditions one window can have.
const CONDITIONS_MAX: usize = 16;
/// How many values can keep groups apart.
const GROUP_VALUES_MAX: usize = 8;
/// The longest that anything is held back, in days.
const SPAN_DAYS_MAX: u64 = 7;
/// The most points that a penalty can have.
const PENALTY_MAX: u64 = 1_000_000;
/// How many events a throttle can wait for.
const EVENTS_MAX: u64 = 100_000;

/// What keeps groups apart if the rule does not say: each device on its own.
const GROUP_DEFAULT: &str = "event.device";

/// The conditions of a rule, and what holds it back.
pub(super) struct Conditions {
    pub(super) conditions: Vec<String>,
    pub(super) policy: Policy,
}

/// Reads all that says when a rule fires; `None` when it has no condition.
pub(super) fn load(table: &mut Table, loader: &mut Loader<'_>) -> Option<Conditions> {
    let group_by = groups(table, loader);
    let (conditions, window) = conditions(table, loader)?;
    let throttle = table.table("throttle", loader.sink);
    let (throttle, own_group) = throttle.map_or((None, None), |table| throttle_of(table, loader));
    let dampen = table.table("dampen", loader.sink).and_then(|table| dampen_of(table, loader));
    let cool_down = span(table, "cool-down", BAD_THROTTLE, loader);
    let own = table.choice("own-changes", &OwnChanges::WORDS, loader.sink);
    let window_by = group_by.clone().unwrap_or_default();
    let group_by = own_group.or(group_by).unwrap_or_else(|| vec![GROUP_DEFAULT.to_owned()]);
    let own_changes = own.map(|own| own.value).unwrap_or_default();
    let policy = Policy { window, window_by, group_by, throttle, dampen, cool_down, own_changes };
    Some(Conditions { conditions, policy })
}

fn conditions(table: &mut Table, loader: &mut Loader<'_>) -> Option<(Vec<String>, Option<Window>)> {
    const KEYS: [&str; 4] = ["when", "any", "all", "not_all"];
    let source = Arc::clone(table.source());
    let present: Vec<&str> = KEYS.into_iter().filter(|key| table.key_span(key).is_some()).collect();
    let at = table.key_span(present.last().copied().unwrap_or_default());
    let when = table.text("when", loader.sink).map(|when| vec![when]);
    let any = table.texts("any", loader.sink);
    let all = table.texts("all", loader.sink);
    let not_all = table.texts("not_all", loader.sink);
    let timeout_at = table.key_span("timeout");
    let timeout = span(table, "timeout", NO_CONDITION, loader);
    if present.len() != 1 {
        let message = "a rule has exactly one of: when, any, all, not_all";
        let span = at.unwrap_or_else(|| table.span());
        loader.sink.push(Diagnostic::error(NO_CONDITION, message, &source, span));
        return None;
    }
    let is_window = all.is_some() || not_all.is_some();
    if is_window != timeout_at.is_some() {
        let message = "`timeout` goes with `all` and `not_all`, and they need it";
        let span = timeout_at.or(at.clone()).unwrap_or_else(|| table.span());
        loader.sink.push(Diagnostic::error(NO_CONDITION, message, &source, span));
    }
    let timeout = timeout.unwrap_or_default();
    let window = match (&all, &not_all) {
        (Some(_), _) => Some(Window::All(timeout)),
        (None, Some(_)) => Some(Window::NotAll(timeout)),
        (None, None) => None,
    };
    let texts = when.or(any).or(all).or(not_all)?;
    if texts.is_empty() || texts.len() > CONDITIONS_MAX {
        let message = format!("a rule has 1 to {CONDITIONS_MAX} conditions");
        let span = at.unwrap_or_else(|| table.span());
        loader.sink.push(Diagnostic::error(NO_CONDITION, message, &source, span));
    }
    for text in &texts {
        let checked = loader.engine.check_condition(&text.value);
        loader.report(BAD_CONDITION, checked, text, &source);
    }
    Some((texts.into_iter().map(|text| text.value).collect(), window))
}

/// `group_by = ["event.device", "event.data.interface"]`
fn groups(table: &mut Table, loader: &mut Loader<'_>) -> Option<Vec<String>> {
    let source = Arc::clone(table.source());
    let at = table.key_span("group_by").unwrap_or_default();
    let texts = table.texts("group_by", loader.sink)?;
    if texts.len() > GROUP_VALUES_MAX {
        let message = format!("at most {GROUP_VALUES_MAX} values keep groups apart");
        loader.sink.push(Diagnostic::error(BAD_THROTTLE, message, &source, at));
    }
    for text in &texts {
        let checked = loader.engine.check_condition(&text.value);
        loader.report(BAD_CONDITION, checked, text, &source);
    }
    Some(texts.into_iter().map(|text| text.value).collect())
}

fn throttle_of(
    mut table: Table,
    loader: &mut Loader<'_>,
) -> (Option<Throttle>, Option<Vec<String>>) {
    let source = Arc::clone(table.source());
    let at = table.span();
    let group_by = groups(&mut table, loader);
    let once_within = span(&mut table, "once_within", BAD_THROTTLE, loader);
    let once_after = span(&mut table, "once_after", BAD_THROTTLE, loader);
    let accumulate = span(&mut table, "accumulate_within", BAD_THROTTLE, loader);
    let events = table.number("events", loader.sink);
    table.finish(loader.sink);
    let mut wrong = |message: String, span| {
        loader.sink.push(Diagnostic::error(BAD_THROTTLE, message, &source, span));
        (None, None)
    };
    let events_span = events.as_ref().map(|events| events.span.clone());
    let throttle = match (once_within, once_after, accumulate, events) {
        (Some(span), None, None, None) => Throttle::OnceWithin(span),
        (None, Some(span), None, None) => Throttle::OnceAfter(span),
        (None, None, Some(span), Some(Spanned { value, span: place })) => {
            let events = u32::try_from(value).ok().filter(|_| (2..=EVENTS_MAX).contains(&value));
            let Some(events) = events else {
                return wrong(format!("`events` is 2 to {EVENTS_MAX}"), place);
            };
            Throttle::Accumulate { span, events }
        }
        (_, _, _, _) => {
            let message = "a throttle has exactly one of: once_within, once_after, \
                           accumulate_within; the last has `events` beside it";
            return wrong(message.to_owned(), events_span.unwrap_or(at));
        }
    };
    (Some(throttle), group_by)
}

fn dampen_of(mut table: Table, loader: &mut Loader<'_>) -> Option<Dampen> {
    let source = Arc::clone(table.source());
    let at = table.span();
    let half_life = span(&mut table, "half-life", BAD_DAMPEN, loader);
    // The defaults of `dampening` on an interface of IOS, its times aside.
    let mut points = |key, default| table.number(key, loader.sink).map_or(default, |it| it.value);
    let penalty = points("penalty", 1_000);
    let suppress = points("suppress", 2_000);
    let reuse = points("reuse", 1_000);
    let max = span(&mut table, "max", BAD_DAMPEN, loader);
    table.finish(loader.sink);
    let mut wrong = |message: &str| {
        loader.sink.push(Diagnostic::error(BAD_DAMPEN, message, &source, at.clone()));
        None
    };
    let Some(half_life) = half_life else {
        return wrong("`dampen` needs a `half-life`");
    };
    let max = max.unwrap_or_else(|| half_life.saturating_mul(4));
    let points = [penalty, suppress, reuse];
    if points.iter().any(|points| !(1..=PENALTY_MAX).contains(points)) {
        return wrong("`penalty`, `suppress` and `reuse` are 1 to 1000000 points");
    }
    if reuse >= suppress {
        return wrong("`reuse` must be below `suppress`");
    }
    let dampen = Dampen { half_life, suppress, reuse, penalty, max };
    if !dampen.can_suppress() {
        return wrong("a penalty that fades to `reuse` within `max` never reaches `suppress`");
    }
    Some(dampen)
}

/// A span of time that is neither nothing nor without end.
fn span(
    table: &mut Table,
    key: &'static str,
    code: &'static str,
    loader: &mut Loader<'_>,
) -> Option<Duration> {
    let span: Spanned<Duration> = table.parsed(key, loader.sink)?;
    let longest = Duration::from_secs(SPAN_DAYS_MAX * 86_400);
    if span.value == Duration::ZERO || span.value > longest {
        let message = format!("`{key}` is more than nothing and at most {SPAN_DAYS_MAX} days");
        loader.sink.push(Diagnostic::error(code, message, table.source(), span.span));
    }
    Some(span.value)
}
