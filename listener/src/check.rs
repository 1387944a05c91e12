//! `listener check`: reads listener.toml and the inventory, and reports every mistake of both.
//!
//! `ednm check` does the same for each listener.toml that it finds.

use automation::Config;
use diagnostic::Source;
use host::ExpectedError;
use host::check::{Report, count};
use host::files::Found;
use topology::Topology;

use crate::args::Check;
use crate::load::{find_course, find_inventory, find_rules};

/// Runs the verb. Mistakes end in exit code 3, by way of the error.
pub(crate) fn run(args: &Check) -> Result<(), ExpectedError> {
    let mut report = Report::default();
    let mut rules = find_rules(&args.files).map_err(ExpectedError::file)?;
    let inventory = match find_inventory(args.files.topology.as_deref(), &rules) {
        Ok(mut nodes) => {
            let inventory = Topology::recover(&nodes.source, &mut nodes.files, &mut report.sink);
            report.file(&nodes, count(inventory.nodes.len(), "node"));
            inventory
        }
        Err(error) => {
            report.unreadable(&error);
            Topology { whole: false, ..Topology::empty(&Source::new("", "")) }
        }
    };
    let course = find_course(args.files.course_config.as_deref())?;
    check_over(&mut rules, course.as_ref(), &inventory, &mut report);
    report.finish(args.format.is_json())
}

/// Reads a listener.toml against as much of its inventory as could be read.
pub fn check_rules(found: &mut Found, inventory: &Topology, report: &mut Report) {
    check_over(found, None, inventory, report);
}

/// The same, with a course's file over it.
fn check_over(
    found: &mut Found,
    course: Option<&Found>,
    inventory: &Topology,
    report: &mut Report,
) {
    let over = course.map(|course| &course.source);
    let config =
        Config::load_over(&found.source, over, inventory, &mut found.files, &mut report.sink);
    if let Some(config) = config {
        let (sources, rules) = (config.paths().count(), config.rule_count());
        report.file(found, format!("{}, {}", count(sources, "source"), count(rules, "rule")));
    }
}
