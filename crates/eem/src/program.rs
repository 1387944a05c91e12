//! An applet ready to run: its actions in the byte order of their labels, blocks paired in that
//! order and not in the order in which they were typed.

use std::fmt;
use std::sync::Arc;

use crate::action::{Action, Role};
use crate::applet::Statements;
use crate::{Applet, Event, Label, Options};

/// A registered applet's immutable part. A run keeps its own hold on it, so that an applet that
/// edits or removes itself goes on to its last action.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) name: Arc<str>,
    pub(crate) options: Options,
    pub(crate) event: Event,
    pub(crate) steps: Vec<Step>,
    /// The ` action ...` lines, as `show event manager policy registered` repeats them.
    pub(crate) listing: String,
}

/// One action and where it leads.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) label: Label,
    pub(crate) action: Arc<dyn Action>,
    pub(crate) role: Role,
    /// Of `if` and `elseif`: where to go when the condition fails.
    pub(crate) otherwise: usize,
    /// Of `elseif` and `else`: the block's `end`, where the arm before them leads.
    pub(crate) end: usize,
}

/// Statements that pair to no block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockFault {
    /// The statement.
    pub label: Label,
    /// Its keyword.
    pub keyword: &'static str,
    /// What is wrong with it.
    pub kind: BlockFaultKind,
}

/// What can be wrong with the blocks of an applet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockFaultKind {
    /// `elseif`, `else` or `end` outside of any block.
    Outside,
    /// `elseif` or `else` after `else`.
    AfterElse,
    /// An `if` that no `end` closes.
    NotClosed,
}

/// A block whose `end` has not come yet.
struct Open {
    opener: usize,
    /// The last `if` or `elseif`, whose `otherwise` is not known yet.
    condition: Option<usize>,
    /// The `elseif`s and the `else`.
    arms: Vec<usize>,
}

impl Program {
    /// Prepares an applet that has an event; or every fault of its blocks.
    pub(crate) fn new(applet: &Applet, event: Event) -> Result<Self, Vec<BlockFault>> {
        Ok(Program {
            name: applet.name.clone(),
            options: applet.options,
            event,
            steps: link(applet)?,
            listing: Statements(&applet.statements).to_string(),
        })
    }
}

/// The steps of an applet, paired; or every fault.
pub(crate) fn link(applet: &Applet) -> Result<Vec<Step>, Vec<BlockFault>> {
    let mut faults = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut steps: Vec<Step> = Vec::with_capacity(applet.statements.len());
    let fault = |label: &Label, keyword, kind| BlockFault { label: label.clone(), keyword, kind };
    for (at, (label, statement)) in applet.statements.iter().enumerate() {
        let role = statement.entry.role;
        let action = statement.action.clone();
        steps.push(Step { label: label.clone(), action, role, otherwise: at + 1, end: at + 1 });
        let taken = match role {
            Role::Plain => Ok(()),
            Role::If => {
                open.push(Open { opener: at, condition: Some(at), arms: Vec::new() });
                Ok(())
            }
            Role::ElseIf | Role::Else => arm(&mut steps, open.last_mut(), at),
            Role::End => close(&mut steps, open.pop(), at),
        };
        let reported = taken.map_err(|kind| fault(label, statement.entry.name, kind));
        faults.extend(reported.err());
    }
    faults.extend(
        open.iter().map(|block| fault(&steps[block.opener].label, "if", BlockFaultKind::NotClosed)),
    );
    if faults.is_empty() { Ok(steps) } else { Err(faults) }
}

/// `elseif` or `else` at `at`: the condition before it leads here, or past the `else`.
fn arm(steps: &mut [Step], block: Option<&mut Open>, at: usize) -> Result<(), BlockFaultKind> {
    let block = block.ok_or(BlockFaultKind::Outside)?;
    let condition = block.condition.take().ok_or(BlockFaultKind::AfterElse)?;
    let is_condition = steps[at].role == Role::ElseIf;
    steps[condition].otherwise = if is_condition { at } else { at + 1 };
    block.condition = is_condition.then_some(at);
    block.arms.push(at);
    Ok(())
}

fn close(steps: &mut [Step], block: Option<Open>, at: usize) -> Result<(), BlockFaultKind> {
    let block = block.ok_or(BlockFaultKind::Outside)?;
    if let Some(condition) = block.condition {
        steps[condition].otherwise = at;
    }
    for arm in block.arms {
        steps[arm].end = at;
    }
    Ok(())
}

/// The first text is IOS's; the others follow its form (eem.md, section 7.2).
impl fmt::Display for BlockFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keyword = self.keyword;
        match self.kind {
            BlockFaultKind::Outside => {
                write!(f, "\"{keyword}\" action found outside of conditional block")
            }
            BlockFaultKind::AfterElse => write!(f, "\"{keyword}\" action found after \"else\""),
            BlockFaultKind::NotClosed => {
                write!(f, "\"{keyword}\" action {} has no matching \"end\"", self.label)
            }
        }
    }
}
