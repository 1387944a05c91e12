//! Edits: RFC 6241 section 7.2, which RFC 8040's methods are forms of.

use crate::data::{Content, Element, insert};
use crate::error::{Error, Tag};
use crate::schema::{Kind, Schema};

/// What an edit does to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// What is given is put into what is there.
    Merge,
    /// What is given takes its place.
    Replace,
    /// As merge, of what must not be there.
    Create,
    /// It goes, and must be there.
    Delete,
    /// It goes, if it is there.
    Remove,
    /// Nothing by itself: `default-operation none`. It must be there.
    Nothing,
}

impl Operation {
    /// As it stands in the attribute `operation`.
    pub fn named(word: &str) -> Option<Operation> {
        Some(match word {
            "merge" => Operation::Merge,
            "replace" => Operation::Replace,
            "create" => Operation::Create,
            "delete" => Operation::Delete,
            "remove" => Operation::Remove,
            _ => return None,
        })
    }
}

/// Carries out an edit of the data at the top.
///
/// # Errors
/// Something is there that is created, or is not there that is deleted or changed, or is state. The
/// data is then what the edit had come to: whoever calls keeps what was before.
pub fn apply(
    schema: &'static Schema,
    data: &mut Vec<Element>,
    edit: &[Element],
    default: Operation,
) -> Result<(), Error> {
    assert!(edit.iter().all(|change| schema.top.contains(change.node)), "an edit of this schema");
    edit_below(data, edit, default, "")
}

fn edit_below(
    data: &mut Vec<Element>,
    edit: &[Element],
    inherited: Operation,
    path: &str,
) -> Result<(), Error> {
    for change in edit {
        let here = format!("{path}/{}", change.step());
        if !change.node.is_config {
            let message = "this is state, and cannot be configured";
            return Err(Error::new(Tag::InvalidValue, message).element(&change.node.name).at(here));
        }
        let was_there = data.iter().any(|element| element.is_same(change));
        edit_one(data, change, change.operation.unwrap_or(inherited), here)?;
        data.retain(|element| !element.is_void());
        // What comes takes the place of the other cases of its choice (RFC 7950 section 7.9).
        if !was_there && data.iter().any(|element| element.is_same(change)) {
            data.retain(|element| !element.node.excludes(change.node));
        }
    }
    Ok(())
}

fn edit_one(
    data: &mut Vec<Element>,
    change: &Element,
    operation: Operation,
    here: String,
) -> Result<(), Error> {
    let found = data.iter().position(|element| element.is_same(change));
    let missing = || {
        let message = format!("{} is not there", change.node.name);
        Error::new(Tag::DataMissing, message).element(&change.node.name).at(here.clone())
    };
    match (operation, found) {
        (Operation::Delete, None) => return Err(missing()),
        (Operation::Remove, None) => {}
        (Operation::Delete | Operation::Remove, Some(_)) if change.node.is_computed() => {
            let message = format!("{} cannot be deleted", change.node.name);
            let error = Error::new(Tag::InvalidValue, message).element(&change.node.name);
            return Err(error.at(here));
        }
        (Operation::Delete | Operation::Remove, Some(at)) => drop(data.remove(at)),
        (Operation::Create, Some(_)) if change.node.kind != Kind::Container => {
            let message = format!("{} is there already", change.node.name);
            let error = Error::new(Tag::DataExists, message).element(&change.node.name);
            return Err(error.at(here));
        }
        (Operation::Nothing, None) if change.node.kind != Kind::Container => {
            return Err(missing());
        }
        (Operation::Replace, Some(at)) => {
            // In its place, with what is given alone.
            match &change.content {
                Content::Value(value) => data[at].content = Content::Value(value.clone()),
                Content::Elements(_) => {
                    let kept = keys_of(change);
                    data[at].content = Content::Elements(kept);
                    deeper(&mut data[at], change, Operation::Merge, &here)?;
                }
            }
        }
        (_, Some(at)) => match &change.content {
            Content::Value(value) if operation != Operation::Nothing => {
                data[at].content = Content::Value(value.clone());
            }
            Content::Value(_) => {}
            Content::Elements(_) => deeper(&mut data[at], change, operation, &here)?,
        },
        (_, None) => {
            let mut new = match &change.content {
                Content::Value(value) => Element::leaf(change.node, value.clone()),
                Content::Elements(_) => Element::branch(change.node, keys_of(change)),
            };
            let below = match operation {
                Operation::Nothing => Operation::Nothing,
                _ => Operation::Merge,
            };
            deeper(&mut new, change, below, &here)?;
            insert(data, new);
        }
    }
    Ok(())
}

fn keys_of(change: &Element) -> Vec<Element> {
    let keys = change.elements().iter().filter(|element| change.node.is_key(element.node));
    keys.map(|key| Element::leaf(key.node, key.value())).collect()
}

/// The rest of a change: all but the keys, which are how it was found.
fn deeper(
    element: &mut Element,
    change: &Element,
    operation: Operation,
    here: &str,
) -> Result<(), Error> {
    let node = change.node;
    let (keys, rest): (Vec<Element>, Vec<Element>) =
        change.elements().iter().cloned().partition(|element| node.is_key(element.node));
    let goes =
        |key: &&Element| matches!(key.operation, Some(Operation::Delete | Operation::Remove));
    if let Some(key) = keys.iter().find(goes) {
        let message = "a key goes with its entry alone";
        let error = Error::new(Tag::BadAttribute, message).attribute("operation", &key.node.name);
        return Err(error.at(format!("{here}/{}", key.node.name)));
    }
    match element.elements_mut() {
        Some(below) => edit_below(below, &rest, operation, here),
        None => Ok(()),
    }
}
