//! `ip ... eigrp N` under an interface: what classic mode configures there.

use cli::{Kind, Token, kw, opt, param};

use crate::command::{Command, Mode};
use crate::feature::ospf::interface::set;
use crate::feature::routing::tokens::AUTONOMOUS_SYSTEM;

const IP: Token = kw("ip", "Interface Internet Protocol config commands");
const EIGRP: Token = kw("eigrp", "Enhanced Interior Gateway Routing Protocol (EIGRP)");
const AS: Token = param("as", AUTONOMOUS_SYSTEM, "Autonomous system number");
const SECONDS: Token = param("secs", Kind::Integer { min: 1, max: 65_535 }, "Seconds");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    line(&[IP, kw("hello-interval", "Configures IP-EIGRP hello interval"), EIGRP, AS, SECONDS]),
    line(&[IP, kw("hold-time", "Configures IP-EIGRP hold time"), EIGRP, AS, SECONDS]),
    line(&[
        IP,
        kw("bandwidth-percent", "Set EIGRP bandwidth limit"),
        EIGRP,
        AS,
        param("percent", Kind::Integer { min: 1, max: 999_999 }, "Maximum bandwidth percent"),
    ]),
    line(&[
        IP,
        kw("authentication", "authentication subcommands"),
        kw("mode", "mode"),
        EIGRP,
        AS,
        kw("md5", "Keyed message digest"),
    ]),
    line(&[
        IP,
        kw("authentication", "authentication subcommands"),
        kw("key-chain", "key-chain"),
        EIGRP,
        AS,
        param("chain", Kind::Word, "Name of key-chain"),
    ]),
    line(&[IP, kw("split-horizon", "Perform split horizon"), EIGRP, AS]),
    line(&[IP, kw("next-hop-self", "Configures IP-EIGRP next-hop-self"), EIGRP, AS]),
    line(&[
        IP,
        kw("summary-address", "Perform address summarization"),
        EIGRP,
        AS,
        param("address", Kind::Ipv4, "IP summary network number"),
        param("mask", Kind::Mask, "IP summary network mask"),
        opt(&[param("distance", Kind::Integer { min: 1, max: 255 }, "Administrative distance")]),
        opt(&[
            kw("leak-map", "Allow dynamic prefixes based on the leak-map"),
            param("leak-map", Kind::Word, "Route-map reference"),
        ]),
    ]),
];

const fn line(syntax: &'static [Token]) -> Command {
    Command { modes: &[Mode::Interface], privilege: 15, syntax, no: cli::No::Allowed, run: set }
}
