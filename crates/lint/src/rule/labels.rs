//! Labels: what runs when.

use eem::{ActionOutline, AppletOutline, LINKED_ACTIONS_MAX};

use super::Rule;
use crate::context::{Context, Finding};

pub(super) const DUPLICATE: Rule = Rule {
    code: "EEM101",
    name: "a label twice",
    what: "Two actions of an applet have one label.",
    why: "The second one takes the place of the first, which is lost without a word.",
    example: "event manager applet A\n event none\n action 1.0 cli command \"enable\"\n \
              action 1.0 cli command \"show clock\"\n",
    fixed: "event manager applet A\n event none\n action 1.0 cli command \"enable\"\n \
            action 2.0 cli command \"show clock\"\n",
    check: |context| {
        let mut found = Vec::new();
        for applet in &context.outline.applets {
            for (gone, place) in &applet.replaced {
                let label = label(context, *place);
                let first = context.source.text[context.line(*gone)].trim().to_owned();
                let span = context.find(*place, &label);
                let message = format!("label `{label}` is given twice");
                let label = format!("this takes the place of line {}: `{first}`", gone + 1);
                found.push(Finding::warning(span, message).label(label));
            }
        }
        found
    },
};

pub(super) const ORDER: Rule = Rule {
    code: "EEM102",
    name: "labels in another order than they look",
    what: "Labels count upwards as numbers, and not as texts.",
    why: "Actions run in the order of their labels, compared byte by byte: `10.0` comes before \
              `2.0`. \
          `--fix` pads them.",
    example: "event manager applet A\n event none\n action 1.0 cli command \"enable\"\n \
              action 2.0 cli command \"show clock\"\n action 10.0 syslog msg \"$_cli_result\"\n",
    fixed: "event manager applet A\n event none\n action 010 cli command \"enable\"\n \
            action 020 cli command \"show clock\"\n action 030 syslog msg \"$_cli_result\"\n",
    check: |context| {
        let mut found = Vec::new();
        for applet in &context.outline.applets {
            let Some((early, late)) = by_number(applet) else { continue };
            let span = context.find(early.line, early.label.as_str());
            let (one, other) = (&early.label, &late.label);
            let message = format!("`{one}` runs before `{other}`, as texts compare");
            let padded = eem::padded(applet).unwrap_or_default();
            let labels: Vec<&str> = padded.values().map(String::as_str).collect();
            let first = labels.iter().take(3).copied().collect::<Vec<_>>().join("`, `");
            let more = labels.get(3..).and_then(<[&str]>::last);
            let more = more.map(|last| format!(" ... `{last}`")).unwrap_or_default();
            let help = format!("padded labels run as they are written: `{first}`{more}");
            found.push(Finding::warning(span, message).help(format!("{help} (`--fix`)")));
        }
        found
    },
};

pub(super) const ELSEWHERE: Rule = Rule {
    code: "EEM103",
    name: "a line that runs elsewhere than it stands",
    what: "An action stands between others, and its label puts it somewhere else.",
    why: "The order of the labels counts, not that of the lines: the running-config will show it \
          where it runs.",
    example: "event manager applet A\n event none\n action 1.0 cli command \"enable\"\n \
              action 9.0 cli command \"show clock\"\n action 3.0 syslog msg \"$_cli_result\"\n",
    fixed: "event manager applet A\n event none\n action 1.0 cli command \"enable\"\n \
            action 2.0 cli command \"show clock\"\n action 3.0 syslog msg \"$_cli_result\"\n",
    check: |context| {
        let mut found = Vec::new();
        for applet in context.outline.applets.iter().filter(|one| by_number(one).is_none()) {
            for (action, before) in elsewhere(applet) {
                let span = context.find(action.line, action.label.as_str());
                let message = match before {
                    Some(before) => format!("this runs right after `{}`", before.label),
                    None => "this runs first".to_owned(),
                };
                let after = before.map(|before| format!("line {}", before.line + 1));
                let found_here = Finding::warning(span, message);
                found.push(found_here.label(after.unwrap_or_default()));
            }
        }
        found
    },
};

/// The fewest actions that stand elsewhere than they run, each with the one before it in run order.
/// Of an applet that is written in no order at all, none.
fn elsewhere(applet: &AppletOutline) -> Vec<(&ActionOutline, Option<&ActionOutline>)> {
    if applet.actions.len() > LINKED_ACTIONS_MAX {
        return Vec::new();
    }
    let lines: Vec<usize> = applet.actions.iter().map(|action| action.line).collect();
    // The longest run of actions whose lines go down the page: they are where they stand.
    let mut longest = vec![1; lines.len()];
    let mut before: Vec<Option<usize>> = vec![None; lines.len()];
    for at in 0..lines.len() {
        for earlier in (0..at).filter(|earlier| lines[*earlier] < lines[at]) {
            if longest[earlier] + 1 > longest[at] {
                (longest[at], before[at]) = (longest[earlier] + 1, Some(earlier));
            }
        }
    }
    let last = (0..lines.len()).max_by_key(|at| longest[*at]);
    let stays: Vec<usize> = std::iter::successors(last, |at| before[*at]).collect();
    if stays.len() * 2 < lines.len() {
        return Vec::new();
    }
    let moved = (0..lines.len()).filter(|at| !stays.contains(at));
    moved.map(|at| (&applet.actions[at], at.checked_sub(1).map(|at| &applet.actions[at]))).collect()
}

fn label(context: &Context<'_>, line: usize) -> String {
    let text = &context.source.text[context.line(line)];
    eem::words(text).get(1).map(|word| word.text.clone()).unwrap_or_default()
}

/// The first action that runs before one that stands above it, where all labels are numbers that
/// count upwards.
pub(crate) fn by_number(applet: &AppletOutline) -> Option<(&ActionOutline, &ActionOutline)> {
    let mut written: Vec<&ActionOutline> = applet.actions.iter().collect();
    written.sort_by_key(|action| action.line);
    let numbers: Option<Vec<Vec<u64>>> =
        written.iter().map(|action| number(action.label.as_str())).collect();
    let counts_up = numbers?.windows(2).all(|pair| pair[0] < pair[1]);
    if !counts_up {
        return None;
    }
    written.iter().enumerate().find_map(|(at, later)| {
        let above = written[..at].iter().find(|above| above.label > later.label)?;
        Some((*later, *above))
    })
}

/// `10.1` as 10 and 1; letters in front of a number count for nothing if all have them.
fn number(label: &str) -> Option<Vec<u64>> {
    let digits = label.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    digits.split('.').map(|part| part.parse().ok()).collect()
}
