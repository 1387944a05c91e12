//! The steps of a rule: one after the other, each decided when the one before it has ended.
//!
//! What a step decides is durable, in one batch with the end of the job before it, before its jobs
//! start: a process that is killed goes on at the same step.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value as Json};
use simtime::Time;
use webhook::Event;

use super::Automation;
use super::intake::trace;
use crate::config::step::{Act, Step, Work};
use crate::decide::NotRun;
use crate::io::{Login, Outbox};
use crate::job::{Job, Trouble, not_begun, of_items, skipped};
use crate::journal::Then;
use crate::record::{ActionVerdict, JobPlan, Outcome, Record, StepPlace, Stepped};

/// For how many items one step is done at most.
const ITEMS_MAX: usize = 64;

/// A rule whose steps are under way for one event.
#[derive(Debug)]
pub(super) struct Sequence {
    event: Arc<Event>,
    /// The step whose jobs run.
    index: usize,
    /// Those that have not ended.
    open: BTreeSet<String>,
    /// The results of those that have, of a step for several items.
    items: BTreeMap<usize, Json>,
    /// What the steps before it gave.
    pub(super) results: Map<String, Json>,
    /// The request as it was sent, for logins alone: never stored.
    request: Option<Json>,
}

/// By event and rule.
pub(super) type Sequences = BTreeMap<(String, String), Sequence>;

/// What follows from the end of a job.
#[derive(Debug)]
pub(super) struct Follows {
    pub(super) records: Vec<Record>,
    pub(super) result: Option<Json>,
    pub(super) then: Then,
}

/// What one item of a step became.
struct Begun {
    verdict: ActionVerdict,
    job: Option<JobPlan>,
    result: Option<Json>,
}

impl Automation {
    /// Begins the steps of a rule that fires: what is to be stored, and the first jobs.
    pub(super) fn begin_steps(
        &mut self,
        now: Time,
        event: &Event,
        rule: &str,
        out: &mut Outbox,
    ) -> (Vec<Record>, Vec<Job>) {
        let request = self.requests.get(&event.id).cloned();
        let sequence = Sequence {
            event: Arc::new(event.clone()),
            index: 0,
            open: BTreeSet::new(),
            items: BTreeMap::new(),
            results: Map::new(),
            request,
        };
        let key = (event.id.clone(), rule.to_owned());
        self.sequences.insert(key.clone(), sequence);
        self.step(now, &key, 0, false, out)
    }

    /// A job has ended. If it is one of several steps, the next one is decided.
    pub(super) fn step_ended(
        &mut self,
        now: Time,
        job: &Job,
        outcome: &Outcome,
        out: &mut Outbox,
    ) -> Follows {
        let nothing = |result| Follows { records: Vec::new(), result, then: Then::Nothing };
        let Some(place) = &job.plan.step else { return nothing(None) };
        let error = match outcome {
            Outcome::Done => None,
            Outcome::Failed(why) => Some(why.as_str()),
        };
        let mut result = job.result(error, now.since(job.began_at.unwrap_or(now)));
        self.config.redactor.value(&mut result);
        let key = (job.event.clone(), job.plan.rule.clone());
        let Some(sequence) = self.sequences.get_mut(&key) else { return nothing(Some(result)) };
        let Some(whole) = sequence.ended(&job.plan.job, place, result.clone()) else {
            return nothing(Some(result));
        };
        let index = sequence.index;
        let failed = whole["ok"] != Json::Bool(true);
        if let Some(name) = &place.register {
            sequence.results.insert(name.clone(), whole.clone());
        }
        let goes_on = self.config.rule(&key.1).and_then(|rule| rule.steps.get(index));
        let stops = failed && !goes_on.is_some_and(|step| step.goes_on);
        if stops && let Some(sequence) = self.sequences.get_mut(&key) {
            sequence.results.insert(FAILED.to_owned(), whole);
        }
        let (records, jobs) = self.step(now, &key, index + 1, stops, out);
        Follows { records, result: Some(result), then: Then::Admit(jobs) }
    }

    /// Goes on at a step: decides each until one has jobs, or none is left.
    fn step(
        &mut self,
        now: Time,
        key: &(String, String),
        from: usize,
        mut stops: bool,
        out: &mut Outbox,
    ) -> (Vec<Record>, Vec<Job>) {
        let Some(mut sequence) = self.sequences.remove(key) else {
            return (Vec::new(), Vec::new());
        };
        let rule = self.config.rule(&key.1);
        let steps: Arc<[Step]> = rule.map(|rule| Arc::clone(&rule.steps)).unwrap_or_default();
        let mut stepped = Stepped {
            event: key.0.clone(),
            rule: key.1.clone(),
            at: now,
            index: steps.len().max(from),
            results: Map::new(),
            actions: Vec::new(),
            jobs: Vec::new(),
        };
        for (index, step) in steps.iter().enumerate().skip(from) {
            let (plans, result) = if stops {
                (Vec::new(), skipped())
            } else {
                let begun = self.begin_step(&sequence, &key.1, index, step, &mut stepped.actions);
                sequence.items = begun.1;
                (begun.0, begun.2)
            };
            if !plans.is_empty() {
                sequence.index = index;
                sequence.open = plans.iter().map(|plan| plan.job.clone()).collect();
                stepped.index = index;
                stepped.jobs = plans;
                break;
            }
            let failed = result["ok"] != Json::Bool(true) && result["skipped"] != Json::Bool(true);
            if failed && !step.goes_on {
                stops = true;
                stepped.results.insert(FAILED.to_owned(), result.clone());
            }
            if let Some(name) = &step.register {
                stepped.results.insert(name.clone(), result);
            }
        }
        let mut records = self.kept();
        sequence.results.extend(stepped.results.clone());
        let event = Arc::clone(&sequence.event);
        let job = |plan: &JobPlan| Job::new(plan.clone(), &event.id, trace(&event), now);
        let jobs: Vec<Job> = stepped.jobs.iter().map(job).collect();
        if jobs.is_empty() {
            self.steps_over(&event, &key.1, sequence.results, out);
        } else {
            self.sequences.insert(key.clone(), sequence);
        }
        records.push(Record::Stepped(stepped));
        (records, jobs)
    }

    /// Decides one step: its jobs; the results of items that have none; else its own.
    fn begin_step(
        &mut self,
        sequence: &Sequence,
        rule: &str,
        index: usize,
        step: &Step,
        actions: &mut Vec<ActionVerdict>,
    ) -> (Vec<JobPlan>, BTreeMap<usize, Json>, Json) {
        let scope = self.scope_of(sequence, None);
        let nothing = |result| (Vec::new(), BTreeMap::new(), result);
        if let Some(when) = &step.when {
            let (met, why) = self.config.engine.holds(when, &scope);
            if !met {
                actions.push(ActionVerdict::Skipped(format!("step {}: {why}", index + 1)));
                return nothing(skipped());
            }
        }
        let items = match step.for_each.as_ref().map(|list| self.config.engine.value(list, &scope))
        {
            None => None,
            Some(Ok(Json::Array(items))) if items.len() <= ITEMS_MAX => Some(items),
            Some(found) => {
                let why = match found {
                    Ok(Json::Array(items)) => format!("{} items, {ITEMS_MAX} at most", items.len()),
                    Ok(_) => "`for_each` gives no list".to_owned(),
                    Err(why) => why,
                };
                actions.push(ActionVerdict::Skipped(format!("step {}: {why}", index + 1)));
                return nothing(not_begun(Trouble::Rejected, &why));
            }
        };
        let act = match &step.what {
            Work::Set(values) => return nothing(self.set(values, sequence)),
            Work::Act(act) => act,
        };
        let count = items.as_ref().map_or(1, Vec::len);
        let (mut plans, mut ended, mut single) = (Vec::new(), BTreeMap::new(), None);
        for place in 0..count {
            let item = items.as_ref().map(|items| &items[place]);
            let at =
                StepPlace { index, register: step.register.clone(), item: item.map(|_| place) };
            let begun = self.begin_item(sequence, rule, act, item, at);
            actions.push(begun.verdict);
            plans.extend(begun.job);
            match (begun.result, item) {
                (Some(result), Some(_)) => drop(ended.insert(place, result)),
                (Some(result), None) => single = Some(result),
                (None, _) => {}
            }
        }
        if plans.is_empty() {
            let result = single.unwrap_or_else(|| of_items(ended.into_values().collect()));
            return nothing(result);
        }
        (plans, ended, Json::Null)
    }

    fn begin_item(
        &mut self,
        sequence: &Sequence,
        rule: &str,
        act: &Act,
        item: Option<&Json>,
        place: StepPlace,
    ) -> Begun {
        let scope = self.scope_of(sequence, item);
        let request = request_of(sequence.request.as_ref(), place.item);
        let mode = self.config.rule(rule).map(|rule| rule.mode).unwrap_or_default();
        let mut decider = self.decider();
        let planned = decider.plan_step(mode, act, &sequence.event, &scope, request.as_ref());
        let begun = planned.and_then(|planned| {
            let login = planned.login.clone();
            let plan = decider.job(rule, planned, act.approve)?;
            Ok::<(JobPlan, Option<Login>), NotRun>((plan, login))
        });
        match begun {
            Ok((mut plan, login)) => {
                plan.step = Some(place);
                if let Some(login) = login {
                    self.logins.insert(plan.job.clone(), Box::new(login));
                }
                let verdict = ActionVerdict::Job(plan.job.clone());
                Begun { verdict, job: Some(plan), result: None }
            }
            Err((trouble, why)) => {
                let result = Some(not_begun(trouble, &why));
                Begun { verdict: ActionVerdict::Skipped(why), job: None, result }
            }
        }
    }

    /// What a step sees.
    fn scope_of(&self, sequence: &Sequence, item: Option<&Json>) -> crate::template::Scope {
        let variables = self.variables.all();
        let (engine, apis) = (&self.config.engine, self.config.api_urls());
        engine.step_scope(&sequence.event, &sequence.results, variables, apis, item)
    }

    /// Sets variables.
    fn set(&mut self, values: &[(String, Json)], sequence: &Sequence) -> Json {
        let scope = self.scope_of(sequence, None);
        let mut set = Map::new();
        for (name, template) in values {
            let value = self.config.engine.data(template, &scope);
            let kept = value.and_then(|value| {
                self.variables.set(name, value.clone(), &sequence.event.id)?;
                Ok::<Json, String>(value)
            });
            match kept {
                Ok(value) => drop(set.insert(name.clone(), value)),
                Err(why) => return not_begun(Trouble::Failed, &format!("`{name}`: {why}")),
            }
        }
        let (yes, no) = (Json::Bool(true), Json::Bool(false));
        let result = [("ok", yes), ("skipped", no), ("values", Json::Object(set))];
        Json::Object(result.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// A restart: what the journal tells of steps that are under way.
    pub(super) fn recover_steps(&mut self, event: Event, record: &Stepped) {
        let key = (record.event.clone(), record.rule.clone());
        let fresh = || Sequence {
            event: Arc::new(event),
            index: 0,
            open: BTreeSet::new(),
            items: BTreeMap::new(),
            results: Map::new(),
            request: None,
        };
        if record.jobs.is_empty() {
            self.sequences.remove(&key);
            return;
        }
        let sequence = self.sequences.entry(key).or_insert_with(fresh);
        sequence.index = record.index;
        sequence.open = record.jobs.iter().map(|plan| plan.job.clone()).collect();
        sequence.items.clear();
        sequence.results.extend(record.results.clone());
    }

    /// A restart: a job of steps has ended, and gave this.
    pub(super) fn recover_result(&mut self, plan: &JobPlan, event: &str, result: Option<&Json>) {
        let Some(place) = &plan.step else { return };
        let key = (event.to_owned(), plan.rule.clone());
        let Some(sequence) = self.sequences.get_mut(&key) else { return };
        let result = result.cloned().unwrap_or_else(skipped);
        if let (Some(whole), Some(name)) =
            (sequence.ended(&plan.job, place, result), &place.register)
        {
            sequence.results.insert(name.clone(), whole);
        }
    }

    /// A restart: a step whose jobs have all ended, and behind which nothing was decided.
    pub(super) fn resume_steps(&mut self, now: Time, out: &mut Outbox) {
        let ended = self.sequences.iter().filter(|(_, sequence)| sequence.open.is_empty());
        let ended: Vec<_> = ended.map(|(key, it)| (key.clone(), it.index)).collect();
        for (key, index) in ended {
            let (records, jobs) = self.step(now, &key, index + 1, true, out);
            self.journal.persist(records, Then::Admit(jobs), out);
        }
    }
}

/// Under which name a reply finds what stopped the steps; no step can be called so.
pub(super) const FAILED: &str = "failed step";

impl Sequence {
    /// A job of the step has ended: the step's result, when it was the last one.
    fn ended(&mut self, job: &str, place: &StepPlace, result: Json) -> Option<Json> {
        self.open.remove(job);
        let Some(item) = place.item else {
            return self.open.is_empty().then_some(result);
        };
        self.items.insert(item, result);
        let is_over = self.open.is_empty();
        is_over.then(|| of_items(std::mem::take(&mut self.items).into_values().collect()))
    }
}

/// The request as it was sent, with the item that a step is done for.
fn request_of(request: Option<&Json>, item: Option<usize>) -> Option<Json> {
    let mut request = request?.clone();
    let items = request["data"]["items"].as_array();
    let found = item.and_then(|item| items.and_then(|items| items.get(item)).cloned());
    if let (Some(found), Json::Object(members)) = (found, &mut request) {
        members.insert("item".to_owned(), found);
    }
    Some(request)
}
