//! `application`, `snmp-object`, `resource`: what applets can wait for and nothing else of a lab
//! raises: an event that a program publishes, a request of a manager, a resource that runs short.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use iosxe::{Input, Stimulus};

use super::{Act, Stage, Target, Verb, keys, number};

pub(super) const APPLICATION: Verb = Verb {
    word: "application",
    argument: "{ type, data1, data2, data3, data4 }",
    help: "publishes an event of `type`, as `action publish-event sub-system 798` does",
    target: Target::Node,
    example: r#"application = { type = 7, data1 = "from outside" }"#,
    read: |table, _, sink| Some(Arc::new(Published::read(table, sink)?)),
};

pub(super) const OBJECT: Verb = Verb {
    word: "snmp-object",
    argument: "{ oid, request, value }",
    help: "a manager asks the node for an object: `request` is `get` (the default), `getnext` or \
           `set`, which has a `value`; applets with `event snmp-object` see it",
    target: Target::Node,
    example: r#"snmp-object = { oid = "1.3.6.1.4.1.9.9.999.1.0" }"#,
    read: |table, _, sink| Some(Arc::new(Asked::read(table, sink)?)),
};

pub(super) const RESOURCE: Verb = Verb {
    word: "resource",
    argument: "{ policy, owner, level, value, state }",
    help: "a policy of the resource manager finds the resource of `owner` (`cpu`, `memory` or \
           `buffer`) at `value` per cent, `rising` above or `falling` below the threshold of \
           `level` (`critical`, `major` or `minor`)",
    target: Target::Node,
    example: RESOURCE_EXAMPLE,
    read: |table, _, sink| Some(Arc::new(Short::read(table, sink)?)),
};

const RESOURCE_EXAMPLE: &str =
    r#"resource = { policy = "P", owner = "cpu", level = "major", value = 90, state = "rising" }"#;

/// The sub-system that is for users.
const SUBSYSTEM: u32 = 798;
const DATA: [&str; 4] = ["data1", "data2", "data3", "data4"];
const REQUESTS: &[(&str, usize)] = &[("get", 0), ("getnext", 1), ("set", 2)];
const OWNERS: &[(&str, ())] = &[("buffer", ()), ("cpu", ()), ("memory", ())];
const LEVELS: &[(&str, ())] = &[("critical", ()), ("major", ()), ("minor", ())];
const STATES: &[(&str, bool)] = &[("rising", true), ("falling", false)];

#[derive(Debug)]
struct Published {
    kind: u32,
    data: Vec<String>,
}

#[derive(Debug)]
struct Asked {
    oid: String,
    request: &'static str,
    value: String,
}

#[derive(Debug)]
struct Short {
    policy: String,
    owner: &'static str,
    level: &'static str,
    value: u64,
    state: (&'static str, bool),
}

impl Published {
    fn read(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Published> {
        let mut table = table.table(APPLICATION.word, sink)?;
        table.require("type", sink);
        let kind = number(&mut table, "type", 1..=u64::from(u32::MAX), sink);
        let texts = DATA.map(|key| table.text(key, sink).map(|text| text.value));
        table.finish(sink);
        let last = texts.iter().rposition(Option::is_some).map_or(0, |at| at + 1);
        let data = texts.into_iter().take(last).map(Option::unwrap_or_default).collect();
        Some(Published { kind: u32::try_from(kind?).ok()?, data })
    }
}

impl Act for Published {
    fn words(&self) -> String {
        let data = DATA.iter().zip(&self.data).map(|(key, text)| format!(" {key}={text}"));
        format!("type={}{}", self.kind, data.collect::<String>())
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let (subsystem, kind, data) = (SUBSYSTEM, self.kind, &self.data[..]);
        let stimulus = Stimulus::Published { subsystem, kind, data };
        stage.tell(Input::Stimulus { stimulus, trace: stage.trace });
    }
}

impl Asked {
    fn read(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Asked> {
        let mut table = table.table(OBJECT.word, sink)?;
        table.require("oid", sink);
        let oid = table.text("oid", sink).map(|oid| oid.value);
        let request = table.choice("request", REQUESTS, sink).map_or(0, |chosen| chosen.value);
        let value = table.text("value", sink).map(|value| value.value).unwrap_or_default();
        table.finish(sink);
        Some(Asked { oid: oid?, request: REQUESTS[request].0, value })
    }
}

impl Act for Asked {
    fn words(&self) -> String {
        let Asked { oid, request, value } = self;
        let value = if value.is_empty() { String::new() } else { format!(" value={value}") };
        format!("oid={oid} request={request}{value}")
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let Asked { oid, request, value } = self;
        let stimulus = Stimulus::ObjectAsked { oid, request, value };
        stage.tell(Input::Stimulus { stimulus, trace: stage.trace });
    }
}

impl Short {
    fn read(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Short> {
        let mut table = table.table(RESOURCE.word, sink)?;
        table.require("policy", sink);
        let policy = table.text("policy", sink).map(|policy| policy.value);
        let owner = keys::one_of(&mut table, "owner", OWNERS, sink);
        let level = keys::one_of(&mut table, "level", LEVELS, sink);
        table.require("value", sink);
        let value = number(&mut table, "value", 0..=100, sink);
        let state = keys::one_of(&mut table, "state", STATES, sink);
        table.finish(sink);
        let (owner, level) = (owner?.0, level?.0);
        Some(Short { policy: policy?, owner, level, value: value?, state: state? })
    }
}

impl Act for Short {
    fn words(&self) -> String {
        let Short { policy, owner, level, value, state } = self;
        format!("policy={policy} owner={owner} level={level} value={value} state={}", state.0)
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let Short { policy, owner, level, value, state } = self;
        let (value, rising) = (*value, state.1);
        let stimulus = Stimulus::ResourceShort { policy, owner, level, value, rising };
        stage.tell(Input::Stimulus { stimulus, trace: stage.trace });
    }
}
