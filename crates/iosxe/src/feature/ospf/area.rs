//! `area X ...` under `router ospf`.

use std::net::Ipv4Addr;

use cli::{Args, Kind, Token, any_of, kw, one_of, opt, param};

use super::config::{MASK, METRIC, METRIC_TYPE, OSPF};
use super::{Area, AreaKind, processes};
use crate::command::{Command, Reply};
use crate::device::State;
use crate::feature::routing::Form;
use crate::feature::routing::commands::{form, line, path, ruled, set, set_words, words};
use crate::feature::routing::tokens::AREA;
use crate::session::Session;
use crate::turn::Turn;

const AREA_WORD: Token = kw("area", "OSPF area parameters");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    ruled(OSPF, &[AREA_WORD, AREA], whole_area),
    line(
        OSPF,
        &[
            AREA_WORD,
            AREA,
            kw("authentication", "Enable authentication"),
            opt(&[kw("message-digest", "Use message-digest authentication")]),
        ],
    ),
    ruled(
        OSPF,
        &[
            AREA_WORD,
            AREA,
            kw("stub", "Specify a stub area"),
            opt(&[kw("no-summary", "Do not send summary LSA into stub area")]),
        ],
        special,
    ),
    ruled(
        OSPF,
        &[
            AREA_WORD,
            AREA,
            kw("nssa", "Specify a NSSA area"),
            any_of(&[
                &[
                    kw("default-information-originate", "Originate Type 7 default into NSSA area"),
                    any_of(&[
                        METRIC,
                        METRIC_TYPE,
                        &[kw("nssa-only", "Limit default to this area")],
                    ]),
                ],
                &[kw("no-redistribution", "No redistribution into this NSSA area")],
                &[kw("no-summary", "Do not send summary LSA into NSSA")],
            ]),
        ],
        special,
    ),
    ruled(
        OSPF,
        &[
            AREA_WORD,
            AREA,
            kw("default-cost", "Set the summary default-cost of a NSSA/stub area"),
            param("cost", Kind::Integer { min: 0, max: 16_777_215 }, "Advertised metric"),
        ],
        default_cost,
    ),
    ruled(
        OSPF,
        &[
            AREA_WORD,
            AREA,
            kw("range", "Summarize routes matching address/mask (border routers only)"),
            param("address", Kind::Ipv4, "IP address to match"),
            MASK,
            any_of(&[
                &[kw("advertise", "Advertise this range (default)")],
                &[kw("not-advertise", "DoNotAdvertise this range")],
                &[
                    kw("cost", "User specified metric for this range"),
                    param("cost", Kind::Integer { min: 0, max: 16_777_214 }, "Metric"),
                ],
            ]),
        ],
        range,
    ),
    line(
        OSPF,
        &[
            AREA_WORD,
            AREA,
            kw("filter-list", "Filter networks between OSPF areas"),
            kw("prefix", "Filter prefixes between OSPF areas"),
            param("list", Kind::Word, "Name of an IP prefix-list"),
            one_of(&[
                &[kw("in", "Filter networks sent to this area")],
                &[kw("out", "Filter networks sent from this area")],
            ]),
        ],
    ),
    ruled(
        OSPF,
        &[
            AREA_WORD,
            AREA,
            kw("virtual-link", "Define a virtual link and its parameters"),
            param("router", Kind::Ipv4, "ID (IP addr) associated with virtual link neighbor"),
            opt(&[param("secret", Kind::Line, "Its timers and its authentication")]),
        ],
        virtual_link,
    ),
];

/// `no area 1`: everything that is said of it.
fn whole_area(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if form(args) == Form::Set {
        return Reply::Incomplete;
    }
    set(turn, session, args)
}

fn area(args: &Args) -> Option<Area> {
    let number = args.number("area").map(|number| number.to_string());
    let text = number.or_else(|| args.ipv4("area").map(|address| address.to_string()))?;
    Area::parse(&text)
}

/// The backbone is neither a stub nor an NSSA, and no area is both.
fn special(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Some(area) = area(args) else { return Reply::Incomplete };
    if form(args) != Form::Set {
        return set(turn, session, args);
    }
    let wanted = if args.has("stub") { AreaKind::Stub } else { AreaKind::Nssa };
    let refusal = match (area.is_backbone(), wanted, kind(turn.state, session, area)) {
        (true, AreaKind::Nssa, _) => "% OSPF: Backbone can not be configured as NSSA area\n",
        (true, _, _) => "% OSPF: Backbone can not be configured as stub area\n",
        (false, AreaKind::Stub, AreaKind::Nssa) => {
            "% OSPF: Area is configured as NSSA area already\n"
        }
        (false, AreaKind::Nssa, AreaKind::Stub) => {
            "% OSPF: Area is configured as stub area already\n"
        }
        (false, _, _) => return set(turn, session, args),
    };
    Reply::Refused(refusal.into())
}

fn default_cost(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Some(area) = area(args) else { return Reply::Incomplete };
    if form(args) == Form::Set && kind(turn.state, session, area) == AreaKind::Normal {
        let text = "% OSPF: The area is neither stub nor NSSA\n";
        return Reply::Refused(text.into());
    }
    set(turn, session, args)
}

fn range(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let (Some(address), Some(mask)) = (args.ipv4("address"), args.ipv4("mask")) else {
        return Reply::Incomplete;
    };
    let network = Ipv4Addr::from_bits(address.to_bits() & mask.to_bits());
    let words = words(args);
    let words = words.replace(&format!("range {address}"), &format!("range {network}"));
    let words = words.strip_suffix(" advertise").unwrap_or(&words);
    set_words(turn, session, args, words)
}

fn virtual_link(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if area(args).is_some_and(Area::is_backbone) {
        let text = "% OSPF: Virtual link can not be configured in backbone area\n";
        return Reply::Refused(text.into());
    }
    set(turn, session, args)
}

/// What an area of the process is, where the session stands.
fn kind(state: &State, session: &Session, area: Area) -> AreaKind {
    let own = path(session).first().map(|step| step.header.clone()).unwrap_or_default();
    let process = processes(state).find(|p| own == format!("router ospf {}", p.number));
    process.map_or(AreaKind::Normal, |process| process.kind(area))
}
