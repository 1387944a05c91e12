//! An applet ready to run: its actions in the byte order of their labels, blocks paired in that
//! order and not in the order in which they were typed.

use std::fmt;
use std::sync::Arc;

use crate::action::{Action, Role};
use crate::applet::{Statements, Tagged};
use crate::trigger::Trigger;
use crate::{Applet, Label, Options};

/// A registered applet's immutable part. A run keeps its own hold on it, so that an applet that
/// edits or removes itself goes on to its last action.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) name: Arc<str>,
    pub(crate) options: Options,
    /// At least one.
    pub(crate) events: Vec<Tagged>,
    pub(crate) trigger: Option<Trigger>,
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
    /// Of `if`, `elseif` and a loop: where to go when the condition fails; of a conditional jump
    /// where it jumps to.
    pub(crate) otherwise: usize,
    /// Of `elseif` and `else`: the block's `end`, where the arm before them leads. Of the `end` of
    /// a loop and of `continue`: the loop. Of `break`: what follows the loop.
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
    /// An `if`, `while` or `foreach` that no `end` closes.
    NotClosed,
    /// A `goto` to a label that no action has.
    NoLabel,
}

/// A block whose `end` has not come yet.
struct Open {
    opener: usize,
    is_loop: bool,
    /// The last `if` or `elseif`, whose `otherwise` is not known yet; of a loop its opener.
    condition: Option<usize>,
    /// The `elseif`s and the `else`.
    arms: Vec<usize>,
    /// The `break`s that leave it.
    breaks: Vec<usize>,
}

impl Program {
    /// Prepares an applet that has an event; or every fault of its blocks.
    pub(crate) fn new(applet: &Applet) -> Result<Self, Vec<BlockFault>> {
        Ok(Program {
            name: applet.name.clone(),
            options: applet.options,
            events: applet.events.clone(),
            trigger: applet.trigger.clone(),
            steps: link(applet)?,
            listing: Statements(&applet.statements).to_string(),
        })
    }
}

impl Program {
    /// What the tables call its event; `multiple` if there is more than one.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.events[..] {
            [only] => only.event.kind,
            _ => "multiple",
        }
    }

    /// The lines of `show event manager policy registered` about its events. More than one are
    /// numbered and named by their type, as on IOS; the rest of that form is decided.
    pub(crate) fn summary(&self) -> String {
        let mut text = String::new();
        let summary = |tagged: &Tagged| tagged.event.summary(&self.name);
        match &self.events[..] {
            [only] => {
                let summary = Some(summary(only)).filter(|summary| !summary.is_empty());
                summary.iter().for_each(|summary| text += &format!(" {summary}\n"));
            }
            several => {
                for (number, tagged) in (1..).zip(several) {
                    let kind = tagged.event.kind;
                    let line = format!(" {number}: {kind}: {}", summary(tagged));
                    text = text + line.trim_end() + "\n";
                }
            }
        }
        self.trigger.iter().for_each(|trigger| text += &trigger.to_string());
        let longest = self.events.iter().map(|tagged| tagged.event.maxrun()).max();
        longest.iter().for_each(|maxrun| text += &format!(" maxrun {maxrun}\n"));
        text
    }
}

/// The steps of an applet, paired; or every fault.
pub(crate) fn link(applet: &Applet) -> Result<Vec<Step>, Vec<BlockFault>> {
    let mut faults = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut steps: Vec<Step> = Vec::with_capacity(applet.statements.len());
    let fault = |label: &Label, keyword, kind| BlockFault { label: label.clone(), keyword, kind };
    for (at, (label, statement)) in applet.statements.iter().enumerate() {
        let role = statement.role();
        let action = statement.action.clone();
        steps.push(Step { label: label.clone(), action, role, otherwise: at + 1, end: at + 1 });
        let taken = match role {
            Role::Plain => Ok(()),
            Role::If | Role::Loop => {
                let is_loop = role == Role::Loop;
                let (arms, breaks) = (Vec::new(), Vec::new());
                open.push(Open { opener: at, is_loop, condition: Some(at), arms, breaks });
                Ok(())
            }
            Role::ElseIf | Role::Else => arm(&mut steps, open.last_mut(), at),
            Role::Break => leave(&mut open, at),
            Role::Continue => again(&mut steps, &open, at),
            Role::End => close(&mut steps, open.pop(), at),
        };
        let reported = taken.map_err(|kind| fault(label, statement.entry.name, kind));
        faults.extend(reported.err());
    }
    faults.extend(open.iter().map(|block| {
        let keyword = applet.statements[&steps[block.opener].label].entry.name;
        fault(&steps[block.opener].label, keyword, BlockFaultKind::NotClosed)
    }));
    faults.extend(jump(&mut steps));
    if faults.is_empty() { Ok(steps) } else { Err(faults) }
}

/// Each `if ... goto LABEL` gets its target.
fn jump(steps: &mut [Step]) -> Vec<BlockFault> {
    let mut faults = Vec::new();
    for at in 0..steps.len() {
        let Some(label) = steps[at].action.goto() else { continue };
        match steps.iter().position(|step| step.label == *label) {
            Some(target) => steps[at].otherwise = target,
            None => {
                let (label, keyword) = (steps[at].label.clone(), "goto");
                faults.push(BlockFault { label, keyword, kind: BlockFaultKind::NoLabel });
            }
        }
    }
    faults
}

/// `break` at `at`: out of the loop around it. Without one, out of the block around it: templates
/// of Cisco's have it so.
fn leave(open: &mut [Open], at: usize) -> Result<(), BlockFaultKind> {
    let around = open.iter().rposition(|block| block.is_loop).or(open.len().checked_sub(1));
    let block = around.map(|around| &mut open[around]).ok_or(BlockFaultKind::Outside)?;
    block.breaks.push(at);
    Ok(())
}

/// `continue` at `at`: the loop around it, from its head.
fn again(steps: &mut [Step], open: &[Open], at: usize) -> Result<(), BlockFaultKind> {
    let around = open.iter().rfind(|block| block.is_loop).ok_or(BlockFaultKind::Outside)?;
    steps[at].end = around.opener;
    Ok(())
}

/// `elseif` or `else` at `at`: the condition before it leads here, or past the `else`.
fn arm(steps: &mut [Step], block: Option<&mut Open>, at: usize) -> Result<(), BlockFaultKind> {
    let block = block.filter(|block| !block.is_loop).ok_or(BlockFaultKind::Outside)?;
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
        // Past the `end` of a loop, which leads back; the `end` of an `if` leads nowhere.
        steps[condition].otherwise = if block.is_loop { at + 1 } else { at };
    }
    for arm in block.arms {
        steps[arm].end = at;
    }
    for leaver in block.breaks {
        steps[leaver].end = at + 1;
    }
    if block.is_loop {
        steps[at].end = block.opener;
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
            BlockFaultKind::NoLabel => write!(f, "\"{keyword}\" names a label that no action has"),
            BlockFaultKind::NotClosed => {
                write!(f, "\"{keyword}\" action {} has no matching \"end\"", self.label)
            }
        }
    }
}
