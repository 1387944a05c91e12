//! Edits: data in, the lines that a person would type, and back again if one is refused.

use yang::{
    Command, Element, Error, Kind, Operation, Tag, Tops, apply, check, commands, write_lines,
};

use super::{SCHEMA, running};
use crate::config::{self, differences};
use crate::exec;
use crate::session::{Door, Session};
use crate::turn::Turn;

/// Who edits, and by which door.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Editor<'a> {
    /// The user.
    pub(crate) user: &'a str,
    /// The door.
    pub(crate) door: Door,
}

/// How often a line is typed that is refused, since it may need another first.
const PASSES_MAX: usize = 3;

/// Carries out an edit of the running configuration, wholly or not at all.
///
/// # Errors
/// What the schema or the router refuses: the configuration is then what it was.
pub(crate) fn edit(
    turn: &mut Turn<'_>,
    editor: Editor<'_>,
    changes: &[Element],
    default: Operation,
) -> Result<(), Error> {
    let tops = Tops::Only(changes.iter().map(|element| element.node).collect());
    let before = running(turn.state, &tops);
    let after = edited(&before, changes, default)?;
    lead(turn, editor, &before, &after)
}

/// Puts data in the place of the running configuration, as far as the models reach.
///
/// # Errors
/// As [`edit`].
pub(crate) fn put(turn: &mut Turn<'_>, editor: Editor<'_>, data: &[Element]) -> Result<(), Error> {
    let before = running(turn.state, &Tops::All);
    let mut after = Vec::new();
    apply(&SCHEMA, &mut after, data, Operation::Merge)?;
    // A model that says nothing of the configuration does not take it away.
    for element in &before {
        if !after.iter().any(|other: &Element| other.node == element.node) {
            after.push(element.clone());
        }
    }
    lead(turn, editor, &before, &after)
}

/// What the data would be.
///
/// # Errors
/// What the schema refuses.
fn edited(
    before: &[Element],
    changes: &[Element],
    default: Operation,
) -> Result<Vec<Element>, Error> {
    let mut after = before.to_vec();
    apply(&SCHEMA, &mut after, changes, default)?;
    for element in &mut after {
        if let Some(old) = before.iter().find(|old| old.is_same(element)) {
            keep_defaults(old, element);
        }
    }
    Ok(after)
}

/// A leaf whose line stands at its default is not taken away with what is replaced around it.
fn keep_defaults(old: &Element, new: &mut Element) {
    let mut kept = Vec::new();
    for was in old.elements() {
        let is_default =
            was.node.always_has_line() && was.node.default.as_deref() == Some(was.value());
        match new.elements().iter().any(|other| other.is_same(was)) {
            false if is_default => kept.push(was.clone()),
            false if was.node.kind == Kind::Container => {
                let mut empty = Element::branch(was.node, Vec::new());
                keep_defaults(was, &mut empty);
                kept.extend(Some(empty).filter(|inner| !inner.elements().is_empty()));
            }
            false | true => {}
        }
    }
    new.each_below(|below| {
        if let Some(was) = old.elements().iter().find(|was| was.is_same(below)) {
            keep_defaults(was, below);
        }
    });
    new.add(Element::branch(new.node, kept));
}

/// Leads the router from the data `before` to the data `after`. Each model by itself: another that
/// tells of the same lines, and was not changed, must not take the change back.
fn lead(
    turn: &mut Turn<'_>,
    editor: Editor<'_>,
    before: &[Element],
    after: &[Element],
) -> Result<(), Error> {
    check(before, after)?;
    let mut all: Vec<Command> = Vec::new();
    for node in &SCHEMA.top {
        let of = |data: &[Element]| {
            let own = data.iter().find(|element| element.node == node);
            own.map(|own| write_lines(std::slice::from_ref(own))).unwrap_or_default()
        };
        let (old, new) = (of(before), of(after));
        if old != new {
            let wanted = commands(&old, &new).into_iter();
            all.extend(wanted.filter(|command| !all.contains(command)).collect::<Vec<_>>());
        }
    }
    if all.is_empty() { Ok(()) } else { type_in(turn, editor, all) }
}

/// Types commands; if one is refused in the end, all that was typed goes back.
fn type_in(turn: &mut Turn<'_>, editor: Editor<'_>, all: Vec<Command>) -> Result<(), Error> {
    let before = config::running_text(turn.state);
    let mut session = Session::program(editor.door, editor.user);
    let (mut left, mut refused) = (all, Vec::new());
    for _ in 0..PASSES_MAX {
        let count = left.len();
        refused = pass(turn, &mut session, &left);
        if refused.is_empty() || refused.len() == count {
            break;
        }
        left = refused.iter().map(|(command, _)| command.clone()).collect();
    }
    let Some((command, said)) = refused.first() else {
        exec::close(turn, &mut session);
        return Ok(());
    };
    let message = format!(
        "inconsistent value: Device refused one or more commands: {}: {said}",
        redact::typed_line(&command.line)
    );
    let back = differences::script(&config::running_text(turn.state), &before);
    exec::to_config(turn, &mut session);
    config::load(turn, &mut session, &back.join("\n"));
    exec::unseen(turn, &mut session);
    Err(Error::new(Tag::InvalidValue, message))
}

/// Types commands once; gives back those that are refused, with what the router says.
fn pass(turn: &mut Turn<'_>, session: &mut Session, all: &[Command]) -> Vec<(Command, String)> {
    let mut refused = Vec::new();
    // The blocks that the session stands in.
    let mut within: &[String] = &[];
    for command in all {
        if command.within != within {
            exec::to_config(turn, session);
            config::load(turn, session, &command.within.join("\n"));
            within = &command.within;
        }
        if let Some(problem) = config::load(turn, session, &command.line).into_iter().next() {
            refused.push((command.clone(), problem.reply));
        }
        if command.within.is_empty() {
            exec::to_config(turn, session);
        }
    }
    exec::to_config(turn, session);
    refused
}
