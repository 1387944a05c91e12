//! What the path and the query of a request say, by name.

use serde_json::{Map, Value};
use webhook::form;

use super::Refusal;
use super::problem::shown;
use crate::Delivery;
use crate::config::Entrance;

/// The parameters of a delivery: texts, unless its source has a schema for them.
pub(super) fn of(
    entrance: &Entrance,
    delivery: &Delivery<'_>,
) -> Result<Map<String, Value>, Refusal> {
    let values = entrance.pattern.values(delivery.path);
    let values = values.ok_or_else(|| Refusal::new(400, "the path is no UTF-8"))?;
    let mut texts: Vec<(String, String)> =
        values.into_iter().map(|(name, value)| (name.to_owned(), value.into_owned())).collect();
    let refuse = |error: form::FormError| Refusal::new(400, format!("the query: {error}"));
    let is_list = |name: &str| entrance.params.as_ref().is_some_and(|schema| schema.is_list(name));
    for (name, value) in form::pairs(delivery.query).map_err(refuse)? {
        let is_known = texts.iter().any(|(known, _)| *known == name);
        if is_known && !is_list(&name) {
            let detail = format!("the parameter `{}` comes twice", shown(&name));
            return Err(Refusal::new(400, detail));
        }
        texts.push((name, value));
    }
    Ok(match &entrance.params {
        Some(schema) => schema.convert(texts),
        None => texts.into_iter().map(|(name, text)| (name, Value::String(text))).collect(),
    })
}
