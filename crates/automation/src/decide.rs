//! What follows from an event: each rule is asked once, and says why.
//!
//! Called by the automation for every durable event. Nothing here runs anything: the result is the
//! record of the decision, with the jobs whose turn comes later.

use webhook::{DeviceFrom, Event};

use crate::config::{ActionTemplate, Config, Mode, Rule};
use crate::id;
use crate::record::{Action, ActionVerdict, JobPlan, RuleVerdict};
use crate::template::Scope;

/// What was decided about one event.
#[derive(Debug, Default)]
pub(crate) struct Decision {
    pub(crate) rules: Vec<RuleVerdict>,
    pub(crate) jobs: Vec<JobPlan>,
}

/// Asks every rule, in the order of the file. Job ids come from `rng`.
pub(crate) fn decide(config: &Config, event: &Event, rng: &mut simtime::Rng) -> Decision {
    let scope = config.engine.scope(event);
    let mut decision = Decision::default();
    for rule in &config.rules {
        let (matched, reason) = config.engine.evaluate(&rule.when, &scope);
        let mut actions = Vec::new();
        for template in rule.actions.iter().filter(|_| matched) {
            actions.push(match plan(config, rule, template, event, &scope) {
                Ok((device, action)) => {
                    let job = id::draw("job", rng);
                    let rule = rule.name.clone();
                    decision.jobs.push(JobPlan { job: job.clone(), rule, device, action });
                    ActionVerdict::Job(job)
                }
                Err(why) => ActionVerdict::Skipped(why),
            });
        }
        decision.rules.push(RuleVerdict { rule: rule.name.clone(), matched, reason, actions });
    }
    decision
}

/// The device and the lines of one action, or why nothing is run.
fn plan(
    config: &Config,
    rule: &Rule,
    template: &ActionTemplate,
    event: &Event,
    scope: &Scope,
) -> Result<(String, Action), String> {
    let Some(own) = &event.device else {
        return Err("unknown device: no job is started".to_owned());
    };
    let device = template.on.as_ref().unwrap_or(own);
    let Some(node) = config.inventory.device(device) else {
        return Err(format!("node `{device}` is not in the inventory"));
    };
    if node.real && event.device_from == DeviceFrom::Claimed {
        return Err(format!("`{device}` is a real node, and the sender proved nothing"));
    }
    let action = template.what.fill(&config.engine, scope)?;
    if config.mode == Mode::Observe || rule.mode == Mode::Observe {
        let lines = action.commands().join("`, `");
        return Err(format!("observed only: `{lines}` would be sent to `{device}`"));
    }
    Ok((device.clone(), action))
}
