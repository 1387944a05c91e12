//! What follows from an event: each rule is asked once, and says why.
//!
//! Called by the automation for every durable event. Nothing here runs anything: the result is the
//! record of the decision, with the jobs whose turn comes later.

use webhook::{DeviceFrom, Event};

use crate::config::{ActionTemplate, Config, Mode, Rule};
use crate::id;
use crate::job::Waiting;
use crate::record::{Action, ActionVerdict, Approve, JobPlan, RuleVerdict};
use crate::template::Scope;

/// What was decided about one event.
#[derive(Debug, Default)]
pub(crate) struct Decision {
    pub(crate) rules: Vec<RuleVerdict>,
    pub(crate) jobs: Vec<JobPlan>,
}

/// Asks every rule, in the order of the file. Job ids come from `rng`; a job that will wait for an
/// approval takes its room in `waiting`.
pub(crate) fn decide(
    config: &Config,
    event: &Event,
    rng: &mut simtime::Rng,
    waiting: &mut Waiting,
) -> Decision {
    let scope = config.engine.scope(event);
    let mut decision = Decision::default();
    for rule in &config.rules {
        let (matched, reason) = config.engine.evaluate(&rule.when, &scope);
        let mut actions = Vec::new();
        for template in rule.actions.iter().filter(|_| matched) {
            let planned = plan(config, rule, template, event, &scope);
            let approve = template.approve;
            let planned = planned.and_then(|(device, action)| match approve {
                Approve::Auto => Ok((device, action)),
                Approve::Ask => waiting.reserve(&device).map(|()| (device, action)),
            });
            actions.push(match planned {
                Ok((device, action)) => {
                    let job = id::draw("job", rng);
                    let (id, rule) = (job.clone(), rule.name.clone());
                    decision.jobs.push(JobPlan { job: id, rule, device, action, approve });
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
        let how = if action.changes() { "configured on" } else { "sent to" };
        return Err(format!("observed only: `{lines}` would be {how} `{device}`"));
    }
    Ok((device.clone(), action))
}
