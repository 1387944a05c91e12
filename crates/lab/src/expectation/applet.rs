//! `applet = { node, name, ran }`: an EEM applet ran to its end, or was not triggered.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use fact::{Fact, Kind as Happened};

use super::{Expectation, Kind, Weight, alike, is_on, node};
use crate::Lab;

pub(super) const KIND: Kind = Kind {
    word: "applet",
    argument: "{ node, name, ran }",
    short: None,
    help: "a run of the applet ends with success; with `ran = false`, it is not triggered",
    example: r#"applet = { node = "R1", name = "INTERFACE_DOWN", ran = true }"#,
    read,
};

/// How an applet's run ends when nothing was wrong.
const SUCCESS: &str = "success";

#[derive(Debug)]
struct Applet {
    node: String,
    name: String,
    ran: bool,
}

fn read(table: &mut Table, lab: &Lab, sink: &mut Vec<Diagnostic>) -> Option<Arc<dyn Expectation>> {
    let node = node(table, "node", lab, sink);
    table.require("name", sink);
    let name = table.text("name", sink);
    let ran = table.flag("ran", sink).is_none_or(|ran| ran.value);
    Some(Arc::new(Applet { node: node?, name: name?.value, ran }))
}

impl Expectation for Applet {
    fn describe(&self) -> String {
        let Applet { node, name, ran } = self;
        match ran {
            true => format!("applet `{name}` runs on {node}"),
            false => format!("applet `{name}` is not triggered on {node}"),
        }
    }

    fn weigh(&self, fact: &Fact) -> Weight {
        if !is_on(fact, &self.node) {
            return Weight::Other;
        }
        if self.ran { self.weigh_run(fact) } else { self.weigh_trigger(fact) }
    }

    fn is_absence(&self) -> bool {
        !self.ran
    }
}

impl Applet {
    fn weigh_run(&self, fact: &Fact) -> Weight {
        let near = |distance, text| Weight::Near { distance, text };
        let node = &self.node;
        match &fact.kind {
            Happened::AppletFinished { applet, result } if *applet != self.name => {
                near(2, format!("applet `{applet}` ran on {node}: {result}"))
            }
            Happened::AppletFinished { result, .. } if result == SUCCESS => Weight::Match,
            Happened::AppletFinished { result, .. } => {
                near(0, format!("it ran on {node} and ended: {result}"))
            }
            Happened::AppletTriggered { applet, .. } if *applet == self.name => {
                near(1, format!("it was triggered on {node} and has not ended"))
            }
            Happened::Syslog { message, .. } => {
                let distance = 3 + alike::distance(&self.name, message);
                near(distance, format!("{node} logged `{message}`, and it did not run"))
            }
            // What else happened has nothing to do with applets.
            _ => Weight::Other,
        }
    }

    fn weigh_trigger(&self, fact: &Fact) -> Weight {
        match &fact.kind {
            Happened::AppletTriggered { applet, .. } if *applet == self.name => Weight::Match,
            // Only a run of this applet says anything about its absence.
            _ => Weight::Other,
        }
    }
}
