//! `cdp run`, `cdp enable`, `lldp run`, `lldp transmit`, and how running-config prints them.

use cli::{Args, Kind, No, Token, kw, one_of, param};

use super::{Discovery, Protocol, Speaker, entry};
use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

/// What is configured on one port. `None` stands for what IOS does without the line: it takes part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PortDiscovery {
    cdp: Option<bool>,
    lldp_transmit_off: bool,
    lldp_receive_off: bool,
}

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    global(
        &[
            kw("cdp", "Global CDP configuration subcommands"),
            one_of(&[
                &[kw("run", "Enable CDP")],
                &[
                    kw("timer", "Specify the rate at which CDP packets are sent (in sec)"),
                    param("timer", Kind::Integer { min: 5, max: 254 }, "Rate (in sec)"),
                ],
                &[
                    kw("holdtime", "Specify the holdtime (in sec) to be sent in packets"),
                    param("holdtime", Kind::Integer { min: 10, max: 255 }, "Length of time"),
                ],
            ]),
        ],
        cdp,
    ),
    global(
        &[
            kw("lldp", "Global LLDP configuration subcommands"),
            one_of(&[
                &[kw("run", "Enable LLDP")],
                &[
                    kw("timer", "Specify the rate at which LLDP packets are sent (in sec)"),
                    param("timer", Kind::Integer { min: 5, max: 65_534 }, "Rate (in sec)"),
                ],
                &[
                    kw("holdtime", "Specify the holdtime (in sec) to be sent in packets"),
                    param("holdtime", Kind::Integer { min: 0, max: 65_535 }, "Length of time"),
                ],
            ]),
        ],
        lldp,
    ),
    port(
        &[kw("cdp", "CDP interface subcommands"), kw("enable", "Enable CDP on interface")],
        cdp_enable,
    ),
    port(
        &[
            kw("lldp", "LLDP interface subcommands"),
            one_of(&[
                &[kw("transmit", "Enable LLDP transmission on interface")],
                &[kw("receive", "Enable LLDP reception on interface")],
            ]),
        ],
        lldp_port,
    ),
];

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::NEIGHBORS, print }];

const fn global(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run }
}

const fn port(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Interface], privilege: 15, syntax, no: No::Allowed, run }
}

impl PortDiscovery {
    /// Whether the port sends by this protocol.
    pub(super) fn sends(self, protocol: Protocol) -> bool {
        match protocol {
            Protocol::Cdp => self.cdp.unwrap_or(true),
            Protocol::Lldp => !self.lldp_transmit_off,
        }
    }

    /// Whether the port takes what it hears by this protocol.
    pub(super) fn hears(self, protocol: Protocol) -> bool {
        match protocol {
            Protocol::Cdp => self.cdp.unwrap_or(true),
            Protocol::Lldp => !self.lldp_receive_off,
        }
    }

    /// Its lines under an interface.
    pub(crate) fn print(self, text: &mut ConfigText) {
        match self.cdp {
            None => {}
            Some(true) => text.line(" cdp enable"),
            Some(false) => text.line(" no cdp enable"),
        }
        if self.lldp_transmit_off {
            text.line(" no lldp transmit");
        }
        if self.lldp_receive_off {
            text.line(" no lldp receive");
        }
    }
}

fn print(state: &State, text: &mut ConfigText) {
    let usual = Discovery::default();
    let protocols = [("cdp", Protocol::Cdp), ("lldp", Protocol::Lldp)];
    for (word, protocol) in protocols {
        let Speaker { runs, every_secs, hold_secs } = *state.discovery.speaker(protocol);
        let default = usual.speaker(protocol);
        if every_secs != default.every_secs {
            text.line(format_args!("{word} timer {every_secs}"));
        }
        if hold_secs != default.hold_secs {
            text.line(format_args!("{word} holdtime {hold_secs}"));
        }
        if runs {
            text.line(format_args!("{word} run"));
        }
    }
}

fn cdp(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let default = Discovery::default().cdp;
    set(&mut turn.state.discovery.cdp, default, args);
    entry::review(turn);
    Reply::Done
}

fn lldp(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let default = Discovery::default().lldp;
    set(&mut turn.state.discovery.lldp, default, args);
    entry::review(turn);
    Reply::Done
}

fn set(speaker: &mut Speaker, default: Speaker, args: &Args) {
    let cleared = args.is_no() || args.is_default();
    let number = |name: &str| args.number(name).filter(|_| !cleared);
    if args.has("run") {
        speaker.runs = !cleared;
    } else if args.has("timer") {
        speaker.every_secs = number("timer").unwrap_or(default.every_secs);
    } else {
        speaker.hold_secs = number("holdtime").unwrap_or(default.hold_secs);
    }
}

fn cdp_enable(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let on = (!args.is_default()).then_some(!args.is_no());
    on_port(turn, session, |port| port.cdp = on)
}

fn lldp_port(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let (off, transmit) = (args.is_no(), args.has("transmit"));
    on_port(turn, session, |port| match transmit {
        true => port.lldp_transmit_off = off,
        false => port.lldp_receive_off = off,
    })
}

fn on_port(
    turn: &mut Turn<'_>,
    session: &Session,
    change: impl FnOnce(&mut PortDiscovery),
) -> Reply {
    let Place::Interface(name) = session.place() else {
        unreachable!("a command of interface mode runs in interface mode");
    };
    match turn.state.interfaces.discovery_mut(name) {
        Some(port) => change(port),
        // Another session has removed it meanwhile.
        None => return Reply::Refused("% Interface no longer exists\n".into()),
    }
    entry::review(turn);
    Reply::Done
}
