//! `vrf forwarding` under an interface: it changes its table, and loses its addresses.

use cli::{Args, Kind, No, Token, kw, opt, param};

use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::feature::interface::{Config, Interfaces};
use crate::feature::track;
use crate::feature::vrf::Afi;
use crate::io::VrfId;
use crate::session::Session;
use crate::turn::Turn;

const NAME: Token = param("vrf", Kind::Word, "VRF name");

/// The commands of this file.
pub(crate) const VRF_COMMANDS: &[Command] = &[
    command(
        &[
            kw("vrf", "VPN Routing/Forwarding parameters on the interface"),
            kw("forwarding", "Configure forwarding table"),
            NAME,
            opt(&[
                kw("downstream", "Half-duplex VRF downstream VRF"),
                param("downstream", Kind::Word, "VRF name"),
            ]),
        ],
        forwarding,
    ),
    command(
        &[
            kw("ip", "Interface Internet Protocol config commands"),
            kw("vrf", "VPN Routing/Forwarding parameters on the interface"),
            kw("forwarding", "Configure forwarding table"),
            NAME,
        ],
        classic_forwarding,
    ),
];

const fn command(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Interface], privilege: 15, syntax, no: No::Allowed, run }
}

fn forwarding(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if args.text("downstream").is_some() {
        return Reply::Invalid { column: args.line().find("down").unwrap_or(0) };
    }
    put(turn, session, args, false)
}

fn classic_forwarding(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    put(turn, session, args, true)
}

fn put(turn: &mut Turn<'_>, session: &Session, args: &Args, classic: bool) -> Reply {
    let Place::Interface(name) = session.place() else { return Reply::Invalid { column: 0 } };
    let before = turn.state.interfaces.vrf_of(name);
    let removing = args.is_no() || args.is_default();
    let (vrf, word, said) = if removing {
        let of = turn.state.vrfs.name(before).unwrap_or_default().to_owned();
        (VrfId::GLOBAL, "disabling", of)
    } else {
        let typed = args.text("vrf").unwrap_or_default();
        let Some(id) = turn.state.vrfs.id(typed) else {
            return Reply::Refused(format!("% VRF {typed} does not exist. Create first.\n"));
        };
        if turn.state.vrfs.is_classic(id) != classic {
            let command = if classic { "vrf forwarding" } else { "ip vrf forwarding" };
            return Reply::Refused(format!("% Use '{command}' command for VRF {typed}\n"));
        }
        (id, "enabling", typed.to_owned())
    };
    if vrf == before {
        return Reply::Done;
    }
    let Some(interface) = turn.state.interfaces.get_mut(name) else {
        return Reply::Refused("% Interface no longer exists\n".into());
    };
    interface.config.enter(vrf);
    let mut text = String::new();
    for afi in [Afi::Ipv4, Afi::Ipv6] {
        if interface.config.forget_addresses(afi) {
            let family = afi.name();
            text.push_str(&format!(
                "% Interface {name} {family} disabled and address(es) removed due to {word} VRF \
                 {said}\n"
            ));
        }
    }
    track::review(turn);
    if text.is_empty() { Reply::Done } else { Reply::Text(text) }
}

impl Config {
    /// The interface is in this table from now on, and in no area of a process of another one.
    fn enter(&mut self, vrf: VrfId) {
        self.vrf = vrf;
        self.routing.retain(|line| !(line.starts_with("ip ospf ") && line.contains(" area ")));
    }

    /// The interface loses its addresses of one family. Whether there were any.
    fn forget_addresses(&mut self, afi: Afi) -> bool {
        match afi {
            Afi::Ipv4 => {
                self.secondary.clear();
                self.address.take().is_some()
            }
            Afi::Ipv6 => {
                let mtu = self.ipv6.as_ref().and_then(|ipv6| ipv6.mtu);
                let ran = self.ipv6.take().is_some_and(|ipv6| ipv6.runs());
                if mtu.is_some() {
                    self.ipv6.get_or_insert_default().mtu = mtu;
                }
                ran
            }
        }
    }
}

impl Interfaces {
    /// The interfaces of a table lose their addresses of one family; how many are in it.
    pub(crate) fn forget_addresses_in(&mut self, vrf: VrfId, afi: Afi) -> usize {
        let of_it = self.iter_mut().filter(|(_, interface)| interface.config.vrf == vrf);
        of_it.map(|(_, interface)| interface.config.forget_addresses(afi)).count()
    }

    /// The table is gone: its interfaces are in the global one, without addresses. How many.
    pub(crate) fn leave(&mut self, vrf: VrfId) -> usize {
        for afi in [Afi::Ipv4, Afi::Ipv6] {
            self.forget_addresses_in(vrf, afi);
        }
        let of_it = self.iter_mut().filter(|(_, interface)| interface.config.vrf == vrf);
        of_it.map(|(_, interface)| interface.config.enter(VrfId::GLOBAL)).count()
    }
}
