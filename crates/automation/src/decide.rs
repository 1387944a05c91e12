//! What follows from an event: each rule is asked once, and says why.
//!
//! Called by the automation for every durable event, and for each window that has closed. Nothing
//! here runs anything: the result is the record of the decision, with the jobs whose turn comes
//! later.

use webhook::{DeviceFrom, Event};

use crate::config::{ActionTemplate, Config, Mode, Rule};
use crate::gate::{Answer, Asked, Closed, Gates, OwnChanges};
use crate::id;
use crate::job::Waiting;
use crate::record::{Action, ActionVerdict, Approve, JobPlan, RuleVerdict};
use crate::template::Scope;

/// What was decided about one event.
#[derive(Debug, Default)]
pub(crate) struct Decision {
    pub(crate) rules: Vec<RuleVerdict>,
    pub(crate) jobs: Vec<JobPlan>,
    /// The job of ours that caused the event.
    pub(crate) caused_by: Option<String>,
}

/// What a decision is made with.
pub(crate) struct Decider<'a> {
    pub(crate) config: &'a Config,
    /// Job ids come from here.
    pub(crate) ids: &'a mut simtime::Rng,
    /// A job that will wait for an approval takes its room here.
    pub(crate) waiting: &'a mut Waiting,
    pub(crate) gates: &'a mut Gates,
}

impl Decider<'_> {
    /// Asks every rule, in the order of the file.
    pub(crate) fn decide(&mut self, event: &Event) -> Decision {
        let config = self.config;
        let scope = config.engine.scope(event);
        let caused_by = self.gates.caused_by(event).map(str::to_owned);
        let mut decision = Decision { caused_by, ..Decision::default() };
        for rule in &config.rules {
            let verdict = self.ask(rule, event, &scope, &mut decision);
            decision.rules.push(verdict);
        }
        decision
    }

    /// A window has closed: what its rule says now. `None` when it waits for another window.
    pub(crate) fn resolve(&mut self, closed: &Closed, event: &Event) -> Option<Decision> {
        let config = self.config;
        let name = &closed.key.rule;
        let mut decision = Decision::default();
        let rule = config.rules.iter().find(|rule| rule.name == *name);
        let (reason, held) = match rule {
            None => ("the rule is no longer there".to_owned(), Some("it has gone".to_owned())),
            Some(rule) => {
                let scope = config.engine.scope(event);
                let (met, reason) = conditions(config, rule, &scope);
                let gate_group = config.engine.group(&rule.policy.group_by, &scope);
                let asked = Asked {
                    rule: name,
                    policy: &rule.policy,
                    event: &event.id,
                    at: closed.at,
                    met: &met,
                    window_group: &closed.key.group,
                    gate_group: &gate_group,
                };
                match self.gates.settle(closed, asked) {
                    Answer::Fire(why) => (joined(&reason, &why), None),
                    Answer::Held(why) => (reason, Some(why)),
                    Answer::Pending { .. } => return None,
                }
            }
        };
        let mut actions = Vec::new();
        if let (Some(rule), None) = (rule, &held) {
            let scope = config.engine.scope(event);
            actions = self.act(rule, event, &scope, &mut decision);
        }
        let (rule, pending) = (name.clone(), false);
        decision.rules = vec![RuleVerdict { rule, matched: true, reason, held, pending, actions }];
        Some(decision)
    }

    /// A window was closed by another event before its time: nothing follows from it.
    pub(crate) fn cancelled(&self, rule: &str, event: &Event, why: String) -> RuleVerdict {
        let known = self.config.rules.iter().find(|known| known.name == rule);
        let scope = self.config.engine.scope(event);
        let reason = known.map(|known| conditions(self.config, known, &scope).1);
        RuleVerdict {
            rule: rule.to_owned(),
            matched: true,
            reason: reason.unwrap_or_default(),
            held: Some(why),
            pending: false,
            actions: Vec::new(),
        }
    }

    fn ask(
        &mut self,
        rule: &Rule,
        event: &Event,
        scope: &Scope,
        decision: &mut Decision,
    ) -> RuleVerdict {
        let (met, reason) = conditions(self.config, rule, scope);
        let matched = met.contains(&true);
        let mut verdict = RuleVerdict {
            rule: rule.name.clone(),
            matched,
            reason,
            held: None,
            pending: false,
            actions: Vec::new(),
        };
        if !matched {
            return verdict;
        }
        if let (Some(job), OwnChanges::Ignore) = (&decision.caused_by, rule.policy.own_changes) {
            verdict.held = Some(format!("our own change caused the event ({job})"));
            return verdict;
        }
        let engine = &self.config.engine;
        let asked = Asked {
            rule: &rule.name,
            policy: &rule.policy,
            event: &event.id,
            at: event.received_at,
            met: &met,
            window_group: &engine.group(&rule.policy.window_by, scope),
            gate_group: &engine.group(&rule.policy.group_by, scope),
        };
        match self.gates.ask(asked) {
            Answer::Fire(why) => {
                verdict.reason = joined(&verdict.reason, &why);
                verdict.actions = self.act(rule, event, scope, decision);
            }
            Answer::Held(why) => verdict.held = Some(why),
            Answer::Pending { why, .. } => {
                verdict.held = Some(why);
                verdict.pending = true;
            }
        }
        verdict
    }

    /// What becomes of each action of a rule that fires.
    fn act(
        &mut self,
        rule: &Rule,
        event: &Event,
        scope: &Scope,
        decision: &mut Decision,
    ) -> Vec<ActionVerdict> {
        let act = |template: &ActionTemplate| {
            let approve = template.approve;
            let planned = plan(self.config, rule, template, event, scope);
            let planned = planned.and_then(|(device, action)| match approve {
                Approve::Auto => Ok((device, action)),
                Approve::Ask => self.waiting.reserve(&device).map(|()| (device, action)),
            });
            match planned {
                Ok((device, action)) => {
                    let job = id::draw("job", self.ids);
                    let (id, rule) = (job.clone(), rule.name.clone());
                    decision.jobs.push(JobPlan { job: id, rule, device, action, approve });
                    ActionVerdict::Job(job)
                }
                Err(why) => ActionVerdict::Skipped(why),
            }
        };
        rule.actions.iter().map(act).collect()
    }
}

/// Which conditions of a rule an event meets, and why.
fn conditions(config: &Config, rule: &Rule, scope: &Scope) -> (Vec<bool>, String) {
    let asked = rule.conditions.iter().map(|when| config.engine.evaluate(when, scope));
    let (met, reasons): (Vec<bool>, Vec<String>) = asked.unzip();
    if let [reason] = reasons.as_slice() {
        return (met, reason.clone());
    }
    let any = met.contains(&true);
    let said = reasons.iter().zip(&met).enumerate().filter(|(_, (_, met))| **met == any);
    let said = said.map(|(place, (reason, _))| format!("condition {}: {reason}", place + 1));
    let reason = said.collect::<Vec<_>>().join("; ");
    (met, reason)
}

fn joined(reason: &str, why: &str) -> String {
    if why.is_empty() { reason.to_owned() } else { format!("{reason}; {why}") }
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
        let lines = action.lines().join("`, `");
        let how = if action.changes() { "configured on" } else { "sent to" };
        return Err(format!("observed only: `{lines}` would be {how} `{device}`"));
    }
    Ok((device.clone(), action))
}
