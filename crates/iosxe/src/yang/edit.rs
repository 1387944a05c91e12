//! Edits: data in, the lines that a person would type, and back again if one is refused.

use yang::{Element, Error, Operation, Tag, apply, write_lines};

use super::{SCHEMA, running};
use crate::config::{self, Change, differences};
use crate::feature::logging::Message;
use crate::session::Session;
use crate::turn::Turn;

/// Who edits, and by which door.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Editor<'a> {
    /// The user.
    pub(crate) user: &'a str,
    /// `NETCONF` or `RESTCONF`.
    pub(crate) door: &'a str,
}

/// How often the lines are typed, since one may need another first.
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
    let before = running(turn.state);
    let after = validate(&before, changes, default)?;
    let touched = touched(&before, &after, changes, default);
    let script = differences::script_of(
        &write_lines(&of(&before, &touched)),
        &write_lines(&of(&after, &touched)),
    );
    if script.is_empty() {
        return Ok(());
    }
    type_in(turn, editor, &script)
}

/// What the data would be.
///
/// # Errors
/// What the schema refuses.
pub(crate) fn validate(
    before: &[Element],
    changes: &[Element],
    default: Operation,
) -> Result<Vec<Element>, Error> {
    let mut after = before.to_vec();
    apply(&SCHEMA, &mut after, changes, default)?;
    Ok(after)
}

/// The models that an edit changes: another model of the same thing would take it back.
fn touched(
    before: &[Element],
    after: &[Element],
    changes: &[Element],
    default: Operation,
) -> Vec<&'static yang::Node> {
    let mut all: Vec<&'static yang::Node> = changes.iter().map(|change| change.node).collect();
    if default == Operation::Replace {
        all.extend(before.iter().chain(after).map(|element| element.node));
    }
    all
}

fn of(data: &[Element], nodes: &[&'static yang::Node]) -> Vec<Element> {
    data.iter().filter(|element| nodes.contains(&element.node)).cloned().collect()
}

/// Types lines; if one is refused, all that was typed goes back.
fn type_in(turn: &mut Turn<'_>, editor: Editor<'_>, script: &[String]) -> Result<(), Error> {
    let text = config::running_text(turn.state);
    let mut refused = Vec::new();
    let mut left: Vec<String> = script.to_vec();
    for _ in 0..PASSES_MAX {
        let mut session = Session::programmatic(editor.user);
        refused = config::load(turn, &mut session, &left.join("\n"));
        crate::exec::leave_quietly(turn, &mut session);
        if refused.is_empty() || refused.len() >= left.len() {
            break;
        }
        left = script.to_vec();
    }
    if let Some(problem) = refused.first() {
        let back = differences::script(&config::running_text(turn.state), &text);
        let mut session = Session::programmatic(editor.user);
        config::load(turn, &mut session, &back.join("\n"));
        crate::exec::leave_quietly(turn, &mut session);
        let said = &problem.reply;
        let message = format!(
            "inconsistent value: Device refused one or more commands: {}: {said}",
            problem.text.trim()
        );
        return Err(Error::new(Tag::InvalidValue, message));
    }
    changed(turn, editor);
    Ok(())
}

/// What a real router logs of a change by a program.
fn changed(turn: &mut Turn<'_>, editor: Editor<'_>) {
    let Editor { user, door } = editor;
    let by = Some(user.to_owned());
    turn.state.running.changed = Some(Change { at: turn.now, by });
    turn.state.running.unsaved = true;
    let line = if door == "NETCONF" { "vty63" } else { "vty64" };
    let text = format!(
        "Configured programmatically by process iosp_vty_100001_dmi_nesd from console as \
         {door} on {line}"
    );
    turn.log(Message::new("SYS", 5, "CONFIG_P", text));
    turn.state.transactions += 1;
    let text = format!(
        "R0/0: dmiauthd: Configured from NETCONF/RESTCONF by {user}, transaction-id {}",
        turn.state.transactions
    );
    turn.log(Message::new("DMI", 5, "CONFIG_I", text));
}
