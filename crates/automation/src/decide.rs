//! What follows from an event: each rule is asked once, and says why.
//!
//! Called by the automation for every durable event, and for each window that has closed. Nothing
//! here runs anything: the result is the record of the decision, with the jobs whose turn comes
//! later.

use secrecy::SecretString;
use webhook::{DeviceFrom, Event};

use crate::config::step::Act;
use crate::config::{ActionTemplate, Config, Mode, Rule};
use crate::gate::{Answer, Asked, Closed, Gates, OwnChanges};
use crate::id;
use crate::io::Login;
use crate::job::{Trouble, Waiting};
use crate::record::{Action, ActionVerdict, Approve, JobPlan, RuleVerdict};
use crate::template::Scope;

/// What was decided about one event.
#[derive(Debug, Default)]
pub(crate) struct Decision {
    pub(crate) rules: Vec<RuleVerdict>,
    pub(crate) jobs: Vec<JobPlan>,
    /// The job of ours that caused the event.
    pub(crate) caused_by: Option<String>,
    /// The rules that fire and whose steps begin.
    pub(crate) begun: Vec<String>,
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
        if let Some(rule) = config.entrance_of(event).and_then(|it| it.rule.as_ref()) {
            let (reason, held) = ("its source says so".to_owned(), None);
            let (pending, actions) = (false, self.act(rule, event, &scope, &mut decision));
            let rule = rule.name.clone();
            let verdict = RuleVerdict { rule, matched: true, reason, held, pending, actions };
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
        if !rule.steps.is_empty() {
            decision.begun.push(rule.name.clone());
        }
        let act = |template: &ActionTemplate| {
            let planned = self.plan(rule, template, event, scope);
            match planned.and_then(|planned| self.job(&rule.name, planned, template.approve)) {
                Ok(plan) => {
                    let job = plan.job.clone();
                    decision.jobs.push(plan);
                    ActionVerdict::Job(job)
                }
                Err((_, why)) => ActionVerdict::Skipped(why),
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

/// What is done, and where.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) device: Option<String>,
    pub(crate) action: Action,
    /// How the request says to log in.
    pub(crate) login: Option<Login>,
}

/// Why a job is not run whose request said how to log in, which is stored nowhere.
pub(crate) const LOGIN_GONE: &str = "the login that its request gave is no longer known";

/// Why nothing is run.
pub(crate) type NotRun = (Trouble, String);

impl Decider<'_> {
    /// The device and the lines of one action, or why nothing is run.
    fn plan(
        &self,
        rule: &Rule,
        template: &ActionTemplate,
        event: &Event,
        scope: &Scope,
    ) -> Result<Planned, NotRun> {
        let device = match (template.what.is_on_device(), &template.on, &event.device) {
            (false, _, _) => None,
            (true, _, None) => {
                let why = "unknown device: no job is started";
                return Err((Trouble::NotAllowed, why.to_owned()));
            }
            (true, Some(on), Some(_)) => Some(on.clone()),
            (true, None, Some(own)) => Some(own.clone()),
        };
        if let Some(device) = &device {
            self.may_act(device, event)?;
        }
        let action = template.what.fill(&self.config.engine, scope);
        let action = action.map_err(|why| (Trouble::Rejected, why))?;
        self.observed(rule.mode, device.as_deref(), &action)?;
        Ok(Planned { device, action, login: None })
    }

    /// The same of a step, whose device and login the request may name.
    pub(crate) fn plan_step(
        &self,
        mode: Mode,
        act: &Act,
        event: &Event,
        scope: &Scope,
        request: Option<&serde_json::Value>,
    ) -> Result<Planned, NotRun> {
        let (mut device, mut login) = (None, None);
        if act.what.is_on_device() {
            let found = self.target(act, event, scope, request)?;
            (device, login) = (Some(found.0), found.1);
        }
        let action = act.what.fill(&self.config.engine, scope);
        let action = action.map_err(|why| (Trouble::Rejected, why))?;
        self.observed(mode, device.as_deref(), &action)?;
        Ok(Planned { device, action, login })
    }

    fn target(
        &self,
        act: &Act,
        event: &Event,
        scope: &Scope,
        request: Option<&serde_json::Value>,
    ) -> Result<(String, Option<Login>), NotRun> {
        let (engine, inventory) = (&self.config.engine, &self.config.inventory);
        let rejected = |why: String| (Trouble::Rejected, why);
        let mut login = None;
        let mut port = None;
        if let Some(texts) = &act.login {
            // Never with the inventory's credentials in their place.
            let request = request.ok_or_else(|| (Trouble::Failed, LOGIN_GONE.to_owned()))?;
            let scope = engine.login_scope(scope, request);
            let text = |text: &Option<String>| {
                let text = text.as_ref().map(|text| engine.text(text, &scope)).transpose();
                text.map(|text| text.filter(|text| !text.is_empty()))
            };
            let number = text(&texts.port).map_err(rejected)?;
            let number = number.map(|number| number.trim().parse::<u16>()).transpose();
            port = number.map_err(|_| rejected("the port is none".to_owned()))?;
            let secret = |given: &Option<String>| {
                text(given).map(|text| text.map(SecretString::from)).map_err(rejected)
            };
            let given = Login {
                host: None,
                username: text(&texts.username).map_err(rejected)?,
                password: secret(&texts.password)?,
                enable: secret(&texts.enable)?,
            };
            let says =
                given.username.is_some() || given.password.is_some() || given.enable.is_some();
            login = says.then_some(given);
        }
        let called = act.on.as_ref().map(|on| engine.text(on, scope)).transpose();
        let called = called.map_err(rejected)?.filter(|called| !called.trim().is_empty());
        let Some(called) = called.or_else(|| event.device.clone()) else {
            let why = "unknown device: no job is started".to_owned();
            return Err((Trouble::NotAllowed, why));
        };
        let called = called.trim().to_owned();
        if let Some(node) = inventory.locate(&called, port) {
            self.may_act(node, event)?;
            return Ok((node.to_owned(), login));
        }
        let (host, port) = match called.parse::<topology::Address>() {
            Ok(address) => (address.host, port.or(Some(address.port))),
            Err(_) => (called.clone(), port),
        };
        if !self.config.guests.allow(&host) {
            let shown: String = called.chars().take(SHOWN_CHARS_MAX).collect();
            let why = format!(
                "`{}` is neither in the inventory nor allowed by `[devices]`",
                shown.replace(char::is_control, " ")
            );
            return Err((Trouble::NotAllowed, why));
        }
        let mut login = login.unwrap_or_else(Login::none);
        login.host = Some((host, port));
        Ok((called, Some(login)))
    }

    /// Whether an event may act on a node of the inventory.
    fn may_act(&self, device: &str, event: &Event) -> Result<(), NotRun> {
        let refused = |why: String| Err((Trouble::NotAllowed, why));
        let Some(node) = self.config.inventory.device(device) else {
            return refused(format!("node `{device}` is not in the inventory"));
        };
        let is_unproved = match event.device_from {
            DeviceFrom::Claimed => true,
            DeviceFrom::Unknown => event.sender.is_none(),
            DeviceFrom::Credential | DeviceFrom::Relay | DeviceFrom::Address => false,
        };
        if node.real && is_unproved {
            return refused(format!("`{device}` is a real node, and the sender proved nothing"));
        }
        Ok(())
    }

    /// What would be done, when nothing shall be.
    fn observed(&self, mode: Mode, device: Option<&str>, action: &Action) -> Result<(), NotRun> {
        if self.config.mode != Mode::Observe && mode != Mode::Observe {
            return Ok(());
        }
        let lines = action.lines().join("`, `");
        let what = match device {
            Some(device) if action.changes() => format!("configured on `{device}`"),
            Some(device) => format!("sent to `{device}`"),
            None => "done".to_owned(),
        };
        Err((Trouble::NotAllowed, format!("observed only: `{lines}` would be {what}")))
    }

    /// The job of what is planned; one that waits for an approval takes its room.
    pub(crate) fn job(
        &mut self,
        rule: &str,
        planned: Planned,
        approve: Approve,
    ) -> Result<JobPlan, NotRun> {
        let Planned { device, action, login } = planned;
        let (job, rule) = (id::draw("job", self.ids), rule.to_owned());
        let own_login = login.is_some();
        let plan = JobPlan { job, rule, device, action, approve, step: None, own_login };
        if approve == Approve::Ask {
            self.waiting.reserve(&plan.lane()).map_err(|why| (Trouble::Failed, why))?;
        }
        Ok(plan)
    }
}

/// How much of a host that somebody named a reason shows, in characters.
const SHOWN_CHARS_MAX: usize = 64;
