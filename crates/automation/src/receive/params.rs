//! What the path and the query of a request say, by name.

use serde_json::{Map, Value};
use webhook::form;

use super::Refusal;
use super::problem::shown;
use crate::Delivery;
use crate::config::Entrance;

/// The parameters of a delivery. A name of the path is not the query's.
pub(super) fn of(
    entrance: &Entrance,
    delivery: &Delivery<'_>,
) -> Result<Map<String, Value>, Refusal> {
    let mut params = Map::new();
    let values = entrance.pattern.values(delivery.path);
    let values = values.ok_or_else(|| Refusal::new(400, "the path is no UTF-8"))?;
    for (name, value) in values {
        params.insert(name.to_owned(), value.into_owned().into());
    }
    let refuse = |error: form::FormError| Refusal::new(400, format!("the query: {error}"));
    for (name, value) in form::pairs(delivery.query).map_err(refuse)? {
        if params.contains_key(&name) {
            let detail = format!("the parameter `{}` comes twice", shown(&name));
            return Err(Refusal::new(400, detail));
        }
        params.insert(name, value.into());
    }
    Ok(params)
}
