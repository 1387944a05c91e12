//! `clear ip bgp`: sessions begin anew, of which there are none.

use cli::{Args, Kind, No, Token, any_of, kw, one_of, opt, param};

use super::show::NOT_ACTIVE;
use super::speaker::speaker;
use crate::command::{Command, Mode, Reply};
use crate::feature::routing::{self, restart};
use crate::session::Session;
use crate::turn::Turn;

const CLEAR: Token = kw("clear", "Reset functions");
const BGP: Token = kw("bgp", "Clear BGP connections");

const WHO: Token = one_of(&[
    &[kw("*", "Clear all peers")],
    &[kw("all", "All address families"), kw("*", "Clear all peers")],
    &[kw("dampening", "Clear route flap dampening information")],
    &[kw("external", "Clear all external peers")],
    &[kw("ipv4", "Address family"), kw("unicast", "Address Family modifier"), PEER],
    &[kw("ipv6", "Address family"), kw("unicast", "Address Family modifier"), PEER],
    &[kw("vpnv4", "Address family"), kw("unicast", "Address Family modifier"), PEER],
    &[kw("peer-group", "Clear BGP connections of peer-group"), param("group", Kind::Word, "Name")],
    &[kw("vrf", "VPN Routing/Forwarding instance"), param("vrf", Kind::Word, "Name"), PEER],
    &[param("peer", Kind::Word, "BGP neighbor address, or peers with this AS number")],
]);

const PEER: Token = one_of(&[
    &[kw("*", "Clear all peers")],
    &[param("peer", Kind::Word, "BGP neighbor address, or peers with this AS number")],
]);

const HOW: Token = opt(&[any_of(&[
    &[kw("in", "Soft reconfig inbound update")],
    &[kw("out", "Soft reconfig outbound update")],
    &[kw("soft", "Soft reconfig inbound and outbound updates")],
])]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] =
    &[clear(&[CLEAR, kw("ip", "IP"), BGP, WHO, HOW]), clear(&[CLEAR, BGP, WHO, HOW])];

const fn clear(syntax: &'static [Token]) -> Command {
    Command { modes: &[Mode::Exec], privilege: 15, syntax, no: No::Without, run }
}

/// All peers anew: the process takes the id that it would take now.
fn run(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some(speaker) = speaker(turn.state) else { return Reply::Refused(NOT_ACTIVE.into()) };
    let peer = args.text("peer").map(str::to_uppercase);
    let is_known = peer.as_ref().is_none_or(|peer| {
        let mut all = speaker.families().flat_map(|family| family.neighbors());
        all.any(|neighbor| neighbor.name == *peer || neighbor.asn().to_string() == *peer)
    });
    if !is_known {
        return Reply::Refused("% BGP: No such neighbor or AS\n".into());
    }
    let is_soft = ["soft", "in", "out", "dampening"].iter().any(|word| args.has(word));
    if args.has("*") && !is_soft {
        restart(turn, |step| step.kind == routing::Kind::Bgp);
    }
    Reply::Done
}
