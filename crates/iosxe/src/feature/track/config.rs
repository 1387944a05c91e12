//! `track`, its sub-mode, and how running-config prints them.

use std::net::Ipv4Addr;

use cli::{Args, Kind, No, Token, any_of, kw, one_of, opt, param};

use super::list::{List, MEMBERS_MAX, Member, Rule, Threshold};
use super::{Delay, OBJECTS_MAX, Object, What, review};
use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::feature::interface::Prefix;
use crate::session::Session;
use crate::turn::Turn;

const SECONDS: Kind = Kind::Integer { min: 0, max: 180 };
const NUMBER: Kind = Kind::Integer { min: 1, max: 1000 };
const REACHABILITY: Token = kw("reachability", "Reachability");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("track", "Object tracking configuration commands"),
            param("number", NUMBER, "Tracked object"),
            opt(&[one_of(WHAT)]),
        ],
        no: No::Allowed,
        run: track,
    },
    command(
        &[
            kw("delay", "Tracking delay"),
            any_of(&[
                &[kw("up", "Delay up change notification"), param("up", SECONDS, "Seconds")],
                &[kw("down", "Delay down change notification"), param("down", SECONDS, "Seconds")],
            ]),
        ],
        delay,
    ),
    command(
        &[
            kw("object", "Specify a tracked object"),
            param("number", NUMBER, "Tracked object"),
            opt(&[one_of(&[
                &[kw("not", "Boolean not")],
                &[kw("weight", "Object weight"), param("weight", WEIGHT, "Weight")],
            ])]),
        ],
        member,
    ),
    command(
        &[
            kw("threshold", "Tracking threshold"),
            one_of(&[
                &[kw("percentage", "Threshold percentage")],
                &[kw("weight", "Threshold weight")],
            ]),
            opt(&[any_of(&[
                &[kw("up", "Threshold for the state up"), param("up", WEIGHT, "Value")],
                &[kw("down", "Threshold for the state down"), param("down", WEIGHT, "Value")],
            ])]),
        ],
        threshold,
    ),
    command(
        &[
            kw("default-state", "Default state of the object"),
            opt(&[one_of(&[&[kw("up", "Up")], &[kw("down", "Down")]])]),
        ],
        default_state,
    ),
];

const WEIGHT: Kind = Kind::Integer { min: 0, max: 255 };

const SLA: Token =
    param("sla", Kind::Integer { min: 1, max: 2_147_483_647 }, "IP Service Level Agreement");
const SLA_ASPECT: &[&[Token]] = &[&[REACHABILITY], &[kw("state", "Return code state")]];

/// What can be tracked.
const WHAT: &[&[Token]] = &[
    &[
        kw("interface", "Select an interface to track"),
        param("interface", Kind::Interface, "Interface"),
        one_of(&[
            &[kw("line-protocol", "Track interface line-protocol")],
            &[kw("ip", "IP parameters"), kw("routing", "Track interface IP routing")],
        ]),
    ],
    &[
        kw("ip", "IP protocol"),
        kw("sla", "IP Service Level Agreement"),
        SLA,
        opt(&[one_of(SLA_ASPECT)]),
    ],
    // The name of classic IOS.
    &[kw("rtr", "Response Time Reporter (RTR) entry"), SLA, opt(&[one_of(SLA_ASPECT)])],
    &[
        kw("ip", "IP protocol"),
        kw("route", "IP route"),
        one_of(&[
            &[param("address", Kind::Ipv4, "Network"), param("mask", Kind::Mask, "Network mask")],
            &[param("prefix", Kind::Word, "IP prefix <network>/<length>")],
        ]),
        REACHABILITY,
    ],
    &[
        kw("list", "Group objects in a list"),
        one_of(&[
            &[
                kw("boolean", "Boolean list type"),
                one_of(&[
                    &[kw("and", "Boolean AND operation")],
                    &[kw("or", "Boolean OR operation")],
                ]),
            ],
            &[
                kw("threshold", "Threshold list type"),
                one_of(&[
                    &[kw("percentage", "Threshold type percentage")],
                    &[kw("weight", "Threshold type weight")],
                ]),
            ],
        ]),
    ],
    &[kw("stub-object", "Stub tracking object")],
];

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::TRACK, print }];

const fn command(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Track], privilege: 15, syntax, no: No::Allowed, run }
}

fn print(state: &State, text: &mut ConfigText) {
    for (number, object) in &state.tracks.all {
        text.separator();
        text.line(format_args!("track {number} {}", spelt(&object.what)));
        sub_lines(object).iter().for_each(|line| text.line(format_args!(" {line}")));
        text.separator();
    }
}

/// As running-config has it.
pub(super) fn spelt(what: &What) -> String {
    match what {
        What::LineProtocol(name) => format!("interface {name} line-protocol"),
        What::IpRouting(name) => format!("interface {name} ip routing"),
        What::Route(prefix) => {
            format!("ip route {} {} reachability", prefix.address(), prefix.mask())
        }
        What::Sla { number, any: true } => format!("ip sla {number} reachability"),
        What::Sla { number, any: false } => format!("ip sla {number} state"),
        What::List(list) => format!("list {}", list.kind()),
        What::Stub { .. } => "stub-object".to_owned(),
    }
}

fn sub_lines(object: &Object) -> Vec<String> {
    let mut lines = Vec::new();
    match &object.what {
        What::Stub { default: true, .. } => lines.push("default-state up".to_owned()),
        What::List(list) => lines.extend(list_lines(list)),
        What::Stub { .. }
        | What::LineProtocol(_)
        | What::IpRouting(_)
        | What::Route(_)
        | What::Sla { .. } => {}
    }
    let Delay { up_secs, down_secs } = object.delay;
    match (down_secs, up_secs) {
        (0, 0) => {}
        (0, up) => lines.push(format!("delay up {up}")),
        (down, 0) => lines.push(format!("delay down {down}")),
        (down, up) => lines.push(format!("delay down {down} up {up}")),
    }
    lines
}

fn list_lines(list: &List) -> Vec<String> {
    let is_weighed = matches!(list.rule, Rule::Weight(_));
    let member = |(number, member): (&u32, &Member)| match member {
        Member { is_not: true, .. } => format!("object {number} not"),
        Member { weight, .. } if is_weighed && *weight != WEIGHT_DEFAULT => {
            format!("object {number} weight {weight}")
        }
        Member { .. } => format!("object {number}"),
    };
    let mut lines: Vec<String> = list.members.iter().map(member).collect();
    if let Rule::Percentage(threshold) | Rule::Weight(threshold) = list.rule {
        let Threshold { up, down } = threshold;
        let kind = if is_weighed { "weight" } else { "percentage" };
        let down = down.map(|down| format!(" down {down}")).unwrap_or_default();
        let up = up.map(|up| format!(" up {up}")).unwrap_or_default();
        if !(down.is_empty() && up.is_empty()) {
            lines.push(format!("threshold {kind}{down}{up}"));
        }
    }
    lines
}

/// What an object weighs unless its line says so.
const WEIGHT_DEFAULT: u64 = 10;

fn track(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some(number) = args.number("number").and_then(|n| u32::try_from(n).ok()) else {
        return Reply::Incomplete;
    };
    if args.is_no() || args.is_default() {
        return remove(turn, number);
    }
    let what = match what(args) {
        Ok(what) => what,
        Err(reply) => return reply,
    };
    let tracks = &mut turn.state.tracks.all;
    match (tracks.get(&number), what) {
        (None, None) => return Reply::Incomplete,
        (Some(_), None) => {}
        (Some(object), Some(what)) if object.what.is_same(&what) => {}
        (Some(_), Some(_)) => {
            let text = format!("Cannot change tracked object {number} - delete old config first\n");
            return Reply::Refused(text);
        }
        (None, Some(_)) if tracks.len() >= OBJECTS_MAX => {
            return Reply::Refused("% Maximum number of tracked objects reached\n".into());
        }
        (None, Some(what)) => {
            tracks.insert(number, Object::new(what, turn.now));
            review(turn);
        }
    }
    Reply::Enter(Place::Track(number))
}

fn remove(turn: &mut Turn<'_>, number: u32) -> Reply {
    let Some(object) = turn.state.tracks.all.remove(&number) else { return Reply::Done };
    if let Some((_, timer)) = object.pending {
        turn.state.timers.cancel(timer);
    }
    review(turn);
    Reply::Done
}

/// What a line is about; nothing if it only names an object that is there.
fn what(args: &Args) -> Result<Option<What>, Reply> {
    if let Some(name) = args.interface("interface") {
        let is_line = args.has("line-protocol");
        let what = if is_line { What::LineProtocol(*name) } else { What::IpRouting(*name) };
        return Ok(Some(what));
    }
    if args.has("route") {
        let bad = Reply::Invalid { column: args.column("prefix") };
        let prefix = prefix(args).ok_or(bad)?;
        return match prefix.address() == prefix.network() {
            true => Ok(Some(What::Route(prefix))),
            false => Err(Reply::Refused("%Inconsistent address and mask\n".into())),
        };
    }
    if let Some(number) = args.number("sla").and_then(|n| u32::try_from(n).ok()) {
        return Ok(Some(What::Sla { number, any: args.has("reachability") }));
    }
    let rule = match () {
        () if args.has("stub-object") => {
            return Ok(Some(What::Stub { default: false, set: None }));
        }
        () if args.has("and") => Rule::And,
        () if args.has("or") => Rule::Or,
        () if args.has("percentage") => Rule::Percentage(Threshold::default()),
        () if args.has("weight") => Rule::Weight(Threshold::default()),
        () => return Ok(None),
    };
    Ok(Some(What::List(List::new(rule))))
}

fn prefix(args: &Args) -> Option<Prefix> {
    let Some(text) = args.text("prefix") else {
        return Prefix::new(args.ipv4("address")?, args.ipv4("mask")?);
    };
    let (address, length) = text.split_once('/')?;
    let length: u32 = length.parse().ok().filter(|length| *length <= 32)?;
    let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
    Prefix::new(address.parse().ok()?, Ipv4Addr::from_bits(mask))
}

/// Changes the object of the session's mode. `change` says no to what the object does not have.
fn edit(
    turn: &mut Turn<'_>,
    session: &Session,
    change: impl FnOnce(&mut Object) -> Option<()>,
) -> Reply {
    let Place::Track(number) = session.place() else { return Reply::Incomplete };
    // Somebody else may have deleted it meanwhile.
    let Some(object) = turn.state.tracks.all.get_mut(number) else { return Reply::Done };
    if change(object).is_none() {
        return Reply::Invalid { column: 0 };
    }
    review(turn);
    Reply::Done
}

fn is_off(args: &Args) -> bool {
    args.is_no() || args.is_default()
}

fn delay(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    edit(turn, session, |object| {
        let Delay { up_secs, down_secs } = object.delay;
        let of = |name, old| match args.number(name) {
            Some(_) if is_off(args) => 0,
            Some(secs) => secs,
            None => old,
        };
        object.delay = Delay { up_secs: of("up", up_secs), down_secs: of("down", down_secs) };
        Some(())
    })
}

fn member(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    edit(turn, session, |object| {
        let What::List(list) = &mut object.what else { return None };
        let number = args.number("number").and_then(|n| u32::try_from(n).ok())?;
        if is_off(args) {
            list.members.remove(&number);
            return Some(());
        }
        let is_boolean = matches!(list.rule, Rule::And | Rule::Or);
        let weight = args.number("weight");
        let fits = match list.rule {
            Rule::Weight(_) => !args.has("not"),
            Rule::And | Rule::Or | Rule::Percentage(_) => weight.is_none(),
        };
        if !fits || list.members.len() >= MEMBERS_MAX {
            return None;
        }
        let is_not = is_boolean && args.has("not");
        let member = Member { is_not, weight: weight.unwrap_or(WEIGHT_DEFAULT) };
        list.members.insert(number, member);
        Some(())
    })
}

fn threshold(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    edit(turn, session, |object| {
        let What::List(list) = &mut object.what else { return None };
        let is_weighed = matches!(list.rule, Rule::Weight(_));
        let threshold = list.threshold_mut().filter(|_| is_weighed == args.has("weight"))?;
        *threshold = match is_off(args) {
            true => Threshold::default(),
            false => Threshold { up: args.number("up"), down: args.number("down") },
        };
        Some(())
    })
}

fn default_state(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    edit(turn, session, |object| {
        let What::Stub { default, .. } = &mut object.what else { return None };
        *default = args.has("up") && !is_off(args);
        Some(())
    })
}
