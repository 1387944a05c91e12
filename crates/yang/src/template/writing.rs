//! From values to their line.

use std::net::Ipv4Addr;

use super::{Form, Part, Sign, Slot, Template};

/// The values of a slot: one, or those of a leaf-list.
pub(crate) type Lookup<'a> = dyn Fn(&Slot) -> Vec<String> + 'a;

impl Template {
    /// The line of values; `None` when one is missing, or cannot stand in a line.
    pub(crate) fn line(&self, is_on: bool, values: &Lookup<'_>) -> Option<String> {
        let Template::Line { parts, sign, .. } = self else { return None };
        let words = written(parts, values)?.join(" ");
        Some(if *sign == Sign::Both && !is_on { format!("no {words}") } else { words })
    }
}

impl Template {
    /// As a person would describe it: `ip address ADDRESS MASK [secondary]`. A slot without a name
    /// is `own`.
    pub(crate) fn shown(&self, own: &str) -> Option<String> {
        let Template::Line { parts, sign, .. } = self else { return None };
        let words = shown(parts, own);
        Some(if *sign == Sign::Both { format!("[no] {words}") } else { words })
    }
}

fn shown(parts: &[Part], own: &str) -> String {
    let name = |slot: &Slot| slot.path.last().map_or(own, String::as_str).to_uppercase();
    let one = |part: &Part| match part {
        Part::Word(word) | Part::Flag { word, .. } => word.clone(),
        Part::Slot { front, slot } => format!("{front}{}", name(slot)),
        Part::Pair(first, second) => format!("{}/{}", name(first), name(second)),
        Part::Rest { front, slot, back } => format!("{front}{}{back}", name(slot)),
        Part::Words(slot) => format!("{} ...", name(slot)),
        Part::Optional(inner) => format!("[{}]", shown(inner, own)),
        Part::OneOf(cases) => {
            let cases: Vec<String> = cases.iter().map(|case| shown(case, own)).collect();
            format!("{{{}}}", cases.join(" | "))
        }
    };
    parts.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn written(parts: &[Part], values: &Lookup<'_>) -> Option<Vec<String>> {
    let mut words = Vec::new();
    for part in parts {
        match part {
            Part::Word(word) => words.push(word.clone()),
            Part::Slot { front, slot } => {
                words.push(format!("{front}{}", slot.word(values)?));
            }
            Part::Pair(first, second) => {
                words.push(format!("{}/{}", first.word(values)?, second.word(values)?));
            }
            Part::Rest { front, slot, back } => {
                let value = values(slot).into_iter().next().filter(|value| !value.is_empty())?;
                words.push(format!("{front}{}{back}", slot.written(&value)?));
            }
            Part::Words(slot) => {
                let all = values(slot);
                if all.is_empty() || !all.iter().all(|value| is_word(value)) {
                    return None;
                }
                words.extend(all);
            }
            Part::Flag { word, slot } => {
                values(slot).first()?;
                words.push(word.clone());
            }
            Part::Optional(inner) => words.extend(written(inner, values).unwrap_or_default()),
            Part::OneOf(cases) => {
                words.extend(cases.iter().find_map(|case| written(case, values))?);
            }
        }
    }
    Some(words)
}

/// Whether a value is one word of a line: it must not become several.
fn is_word(value: &str) -> bool {
    !value.is_empty() && !value.contains(char::is_whitespace)
}

impl Slot {
    /// The value as one word.
    fn word(&self, values: &Lookup<'_>) -> Option<String> {
        let value = values(self).into_iter().next()?;
        let word = self.written(&value)?;
        (self.form == Form::Quoted || is_word(&word)).then_some(word)
    }

    /// As it stands in a line.
    fn written(&self, value: &str) -> Option<String> {
        match self.form {
            Form::Plain | Form::Seconds => Some(value.to_owned()),
            Form::Upper => Some(value.to_uppercase()),
            Form::Mask => {
                let length: u32 = value.parse().ok().filter(|length| *length <= 32)?;
                let bits = u32::MAX.checked_shl(32 - length).unwrap_or(0);
                Some(Ipv4Addr::from_bits(bits).to_string())
            }
            Form::Quoted => {
                let inner = value.replace('"', "\\\"");
                // A quotation mark that a backslash takes away would let the text go on.
                (!inner.ends_with('\\')).then(|| format!("\"{inner}\""))
            }
        }
    }
}
