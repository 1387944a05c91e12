//! `show track [N] [brief]`

use std::fmt::Write as _;

use cli::{Args, Kind, No, kw, opt, param};

use super::list::{List, Member, Rule};
use super::{Delay, Object, What};
use crate::command::{Command, Mode, Reply};
use crate::device::State;
use crate::feature::logging::stamp::uptime;
use crate::feature::route::{self, Table};
use crate::feature::sla;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 1,
    syntax: &[
        kw("show", "Show running system information"),
        kw("track", "Tracking information"),
        opt(&[param("number", Kind::Integer { min: 1, max: 1000 }, "Tracked object")]),
        opt(&[kw("brief", "Brief tracking information")]),
    ],
    no: No::Without,
    run: show,
}];

/// The head of `brief`, as 17.12 prints it.
const HEAD: &str =
    "Track Type        Instance                   Parameter        State Last Change\n";

fn show(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let wanted = args.number("number");
    let is_wanted = |number: &u32| wanted.is_none_or(|wanted| wanted == u64::from(*number));
    let objects = turn.state.tracks.all.iter().filter(|(number, _)| is_wanted(number));
    let mut text = String::new();
    for (number, object) in objects {
        if !args.has("brief") {
            text += &one(turn, *number, object);
            continue;
        }
        if text.is_empty() {
            text += HEAD;
        }
        text += &row(turn, *number, object);
    }
    Reply::Text(text)
}

fn word(up: bool) -> &'static str {
    if up { "Up" } else { "Down" }
}

fn row(turn: &Turn<'_>, number: u32, object: &Object) -> String {
    let (kind, instance, parameter) = match &object.what {
        What::LineProtocol(name) => ("interface", name.long(), "line-protocol"),
        What::IpRouting(name) => ("interface", name.long(), "ip routing"),
        What::Route(prefix) => ("ip route", prefix.to_string(), "reachability"),
        What::Sla { number, any: true } => ("ip sla", number.to_string(), "reachability"),
        What::Sla { number, any: false } => ("ip sla", number.to_string(), "state"),
        What::List(list) => match list.rule {
            Rule::And | Rule::Or => ("list", String::new(), "boolean"),
            Rule::Percentage(_) => ("list", String::new(), "percentage"),
            Rule::Weight(_) => ("list", String::new(), "weight"),
        },
        What::Stub { .. } => ("stub-object", String::new(), "state"),
    };
    let (state, last) = (word(object.up), uptime(turn.now.since(object.changed)));
    format!("{number:<5} {kind:<11} {instance:<26} {parameter:<16} {state:<5} {last}\n")
}

fn one(turn: &Turn<'_>, number: u32, object: &Object) -> String {
    let (title, now) = heading(turn.state, object);
    let changes = match object.changes {
        1 => "1 change".to_owned(),
        count => format!("{count} changes"),
    };
    let last = uptime(turn.now.since(object.changed));
    let pending = object.pending.map(|(at, _)| {
        let left = at.since(turn.now).as_micros().div_ceil(1_000_000);
        format!(", delayed {} ({left} secs remaining)", word(!object.up))
    });
    let (now, pending) = (with(&now, object.up), pending.unwrap_or_default());
    let mut text = format!("Track {number}\n  {title}\n  {now}{pending}\n");
    let _ = writeln!(text, "    {changes}, last change {last}");
    text += &details(turn.state, object);
    let Delay { up_secs, down_secs } = object.delay;
    match (up_secs, down_secs) {
        (0, 0) => {}
        (up, 0) => text += &format!("  Delay up {up} secs\n"),
        (0, down) => text += &format!("  Delay down {down} secs\n"),
        (up, down) => text += &format!("  Delay up {up} secs, down {down} secs\n"),
    }
    let followers = followers(turn.state, number);
    if !followers.is_empty() {
        text += "  Tracked by:\n";
        followers.iter().for_each(|name| text += &format!("    {name}\n"));
    }
    text
}

/// A state and why, with the word for it in the middle.
struct Now {
    before: &'static str,
    why: String,
}

fn with(now: &Now, up: bool) -> String {
    format!("{} is {}{}", now.before, word(up), now.why)
}

/// The line under the number, and what its state is called.
fn heading(state: &State, object: &Object) -> (String, Now) {
    let line = |name| state.interfaces.line(name);
    let why = |name| match line(name) {
        None => " (no such interface)",
        Some(line) if line.protocol_up => "",
        Some(line) if line.is_shut => " (hw admin-down)",
        Some(_) => " (hw down)",
    };
    let now = |before, why: &str| Now { before, why: why.to_owned() };
    match &object.what {
        What::LineProtocol(name) => {
            (format!("Interface {name} line-protocol"), now("Line protocol", why(name)))
        }
        What::IpRouting(name) => {
            let has_address = state.interfaces.address_of(name).is_some();
            let why = match why(name) {
                "" if !has_address => " (no IP addr)",
                why => why,
            };
            (format!("Interface {name} ip routing"), now("IP routing", why))
        }
        What::Route(prefix) => {
            let found = Table::new(state).get(*prefix).map(route::origin_word);
            let why = found.map(|word| format!(" ({word})")).unwrap_or(" (no ip route)".to_owned());
            let (address, mask) = (prefix.address(), prefix.mask());
            (format!("IP route {address} {mask} reachability"), now("Reachability", &why))
        }
        What::Sla { number, any: true } => {
            (format!("IP SLA {number} reachability"), now("Reachability", ""))
        }
        What::Sla { number, any: false } => (format!("IP SLA {number} state"), now("State", "")),
        What::List(list) => (format!("List {}", list.kind()), list_now(state, list)),
        What::Stub { .. } => ("Stub-object".to_owned(), now("State", "")),
    }
}

fn list_now(state: &State, list: &List) -> Now {
    let (before, why) = match list.rule {
        Rule::And => ("Boolean AND", String::new()),
        Rule::Or => ("Boolean OR", String::new()),
        Rule::Percentage(_) => {
            ("Threshold percentage", format!(" ({}%)", list.percentage(&state.tracks)))
        }
        Rule::Weight(_) => {
            let whole: u64 = list.members.values().map(|member| member.weight).sum();
            ("Threshold weight", format!(" ({}/{whole})", list.weight(&state.tracks)))
        }
    };
    Now { before, why }
}

/// What stands under the changes.
fn details(state: &State, object: &Object) -> String {
    match &object.what {
        What::Route(prefix) => {
            let first = route::first_port(state, *prefix);
            first
                .map(|name| format!("  First-hop interface is {name}\n"))
                .unwrap_or("  First-hop interface is unknown\n".to_owned())
        }
        What::List(list) => {
            let mut text = String::new();
            if let Rule::Percentage(threshold) | Rule::Weight(threshold) = list.rule {
                let (up, down) = threshold.bounds();
                let _ = writeln!(text, "    Threshold up {up} down {down}");
            }
            list.members.iter().for_each(|(number, member)| {
                text += &member_line(state, list, *number, *member);
            });
            text
        }
        What::Sla { number, .. } => sla::show::line(sla::latest(state, *number)),
        What::LineProtocol(_) | What::IpRouting(_) | What::Stub { .. } => String::new(),
    }
}

fn member_line(state: &State, list: &List, number: u32, member: Member) -> String {
    let now = super::state(state, number).map_or("Undefined", word);
    let not = if member.is_not { "not " } else { "" };
    match (list.rule, list.members.len() as u64) {
        (Rule::And | Rule::Or, _) => format!("    object {number} {not}{now}\n"),
        (Rule::Percentage(_), count) => {
            format!("    object {number} {now} ({}%)\n", 100_u64.checked_div(count).unwrap_or(0))
        }
        (Rule::Weight(_), _) => format!("    object {number} weight {} {now}\n", member.weight),
    }
}

/// Who follows an object.
fn followers(state: &State, number: u32) -> Vec<String> {
    let lists = state.tracks.all.iter().filter_map(|(list, object)| match &object.what {
        What::List(members) if members.members.contains_key(&number) => {
            Some(format!("Track-list {list}"))
        }
        What::List(_)
        | What::LineProtocol(_)
        | What::IpRouting(_)
        | What::Route(_)
        | What::Sla { .. }
        | What::Stub { .. } => None,
    });
    let routes = route::follows(state, number).then(|| "Static IP Routing 0".to_owned());
    let applets = state.eem.followers(number).map(|name| format!("EEM applet {name}"));
    lists.chain(routes).chain(applets).collect()
}
