//! How long a run takes.

use std::collections::BTreeMap;

use eem::{AppletOutline, Block};

use super::Rule;
use crate::context::Finding;

pub(super) const WAITS: Rule = Rule {
    code: "EEM133",
    name: "waits beyond `maxrun`",
    what: "The `wait`s of an applet add up to more than a run may take.",
    why: "A run is ended after `maxrun`, 20 seconds unless the event says otherwise, and what \
              stands behind \
          is never done.",
    example: "event manager applet A\n event none\n action 1.0 wait 60\n action 2.0 syslog msg \
              \"done\"\n",
    fixed: "event manager applet A\n event none maxrun 90\n action 1.0 wait 60\n \
            action 2.0 syslog msg \"done\"\n",
    check: |context| {
        let mut found = Vec::new();
        for applet in context.outline.applets.iter().filter(|applet| applet.is_linked) {
            let Some(event) = applet.events.iter().max_by_key(|event| event.maxrun) else {
                continue;
            };
            let bound = event.maxrun.duration().as_micros() / 1_000_000;
            let reached = applet.reached();
            let waits = applet.actions.iter().enumerate().filter(|(at, _)| reached[*at]);
            let waits: Vec<_> = waits.filter_map(|(_, a)| Some((a, a.wait?))).collect();
            let sum: u64 = waits.iter().map(|(_, seconds)| seconds).sum();
            let Some((last, _)) = waits.last().filter(|_| sum >= bound) else { continue };
            let message = format!("the waits add up to {sum} s, and a run ends after {bound} s");
            let span = context.find(last.line, "wait");
            let label = if least(applet) >= bound { "no run gets past this" } else { "" };
            let whole = Finding::warning(span, message).label(label);
            found.push(whole.help(format!("`maxrun {}` behind the event", sum + 30)));
        }
        found
    },
};

pub(super) const ENDLESS: Rule = Rule {
    code: "EEM134",
    name: "a loop without an exit",
    what: "Nothing in a `while` changes what its condition looks at, and nothing leaves it.",
    why: "It goes round until `maxrun` ends the run.",
    example: "event manager applet A\n event none\n action 1.0 set n \"1\"\n action 2.0 while $n \
              lt \"5\"\n \
              action 3.0  puts \"$n\"\n action 4.0 end\n",
    fixed: "event manager applet A\n event none\n action 1.0 set n \"1\"\n action 2.0 while $n lt \
              \"5\"\n \
            action 3.0  puts \"$n\"\n action 3.5  increment n\n action 4.0 end\n",
    check: |context| {
        let mut found = Vec::new();
        for applet in context.outline.applets.iter().filter(|applet| applet.is_linked) {
            for (at, action) in applet.actions.iter().enumerate() {
                if action.keyword != "while" {
                    continue;
                }
                let mut depth = 0;
                let inside = applet.actions[at + 1..].iter().take_while(|inner| {
                    match inner.block {
                        Block::Opens | Block::OpensLoop => depth += 1,
                        Block::Closes => depth -= 1,
                        Block::None | Block::Arm | Block::Jumps => {}
                    }
                    depth >= 0
                });
                let leaves = |inner: &eem::ActionOutline| {
                    let jumps = inner.words.iter().any(|word| word.text == "goto");
                    let sets = |(name, _): &(String, _)| inner.sets.contains(name);
                    jumps
                        || matches!(inner.keyword, "break" | "exit" | "gets" | "reload")
                        || action.reads.iter().any(sets)
                        || inner.keyword == "cli" && changes_environment(inner)
                };
                if !inside.into_iter().any(leaves) {
                    let span = context.find(action.line, "while");
                    let message = "nothing inside ends this loop";
                    found.push(Finding::warning(span, message));
                }
            }
        }
        found
    },
};

fn changes_environment(action: &eem::ActionOutline) -> bool {
    crate::context::command(action).is_some_and(|line| line.contains("environment"))
}

/// How long the quickest run waits, in seconds.
fn least(applet: &AppletOutline) -> u64 {
    let end = applet.actions.len();
    let mut best: BTreeMap<usize, u64> = BTreeMap::from([(0, 0)]);
    let mut todo = vec![0];
    let mut quickest = u64::MAX;
    while let Some(at) = todo.pop() {
        let here = best.get(&at).copied().unwrap_or_default();
        let Some(action) = applet.actions.get(at).filter(|_| at < end) else {
            quickest = quickest.min(here);
            continue;
        };
        let after = here + action.wait.unwrap_or_default();
        if action.next.is_empty() {
            quickest = quickest.min(after);
        }
        for next in &action.next {
            if best.get(next).is_none_or(|known| after < *known) {
                best.insert(*next, after);
                todo.push(*next);
            }
        }
    }
    if quickest == u64::MAX { 0 } else { quickest }
}
