//! What a command is on a router: a declaration of the `cli` engine whose handler works on a
//! [`Turn`]. Adding a command is one entry in one feature's folder.

use cli::Args;

use crate::session::Session;
use crate::turn::Turn;

/// One command of a router.
pub(crate) type Command = cli::Command<Mode, Handler>;

/// What carries a command out. It prints nothing itself: what a router would say is its reply.
pub(crate) type Handler = fn(&mut Turn<'_>, &mut Session, &Args) -> Reply;

/// What continues a dialogue with the line that was typed.
pub(crate) type Answer = fn(&mut Turn<'_>, &mut Session, &str) -> Reply;

/// A mode of the parser. User and privileged EXEC are one mode at different privilege levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    /// `R1>` and `R1#`.
    Exec,
    /// `R1(config)#`
    Config,
    /// `R1(config-if)#`
    Interface,
    /// `R1(config-line)#`
    Line,
    /// `R1(config-applet)#`
    Applet,
    /// `R1(config-applet-trigger)#`
    Trigger,
    /// `R1(config-archive)#`
    Archive,
    /// `R1(config-archive-log-cfg)#`
    ArchiveLog,
    /// `R1(config-tls-profile)#`
    TlsProfile,
    /// `R1(config-track)#`
    Track,
    /// `R1(config-ip-sla)#`
    Sla,
    /// `R1(config-ip-sla-echo)#`, and those of the other kinds.
    SlaJob,
    /// `R1(config-std-nacl)#`
    StandardAccessList,
    /// `R1(config-ext-nacl)#`
    ExtendedAccessList,
    /// `R1(config-ipv6-acl)#`
    AccessListV6,
    /// `R1(config-router)#`, and what stands below it.
    Router(crate::feature::routing::Kind),
    /// `R1(config-vrf)#`
    Vrf,
    /// `R1(config-vrf-af)#`
    VrfFamily,
    /// `R1(conf-ssh-pubkey)#`
    SshKeys,
    /// `R1(conf-ssh-pubkey-user)#`
    SshUser,
    /// `R1(config-route-map)#`
    RouteMap,
    /// A mode whose lines are kept and change nothing, by its number.
    Kept(u8),
}

/// Where a session stands: a mode, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// User or privileged EXEC.
    Exec,
    /// Global configuration.
    Config,
    /// One interface.
    Interface(cli::InterfaceName),
    /// Several interfaces, each of which gets every line.
    Range(Vec<cli::InterfaceName>),
    /// Lines `first` to `last` of a kind.
    Line {
        /// `con` or `vty`.
        kind: crate::feature::line::LineKind,
        /// The first.
        first: u32,
        /// The last.
        last: u32,
    },
    /// One applet, by name.
    Applet(String),
    /// `trigger` of one applet.
    Trigger(String),
    /// `archive`
    Archive,
    /// `log config` of `archive`
    ArchiveLog,
    /// One TLS profile of logging, by name.
    TlsProfile(String),
    /// One tracked object.
    Track(u32),
    /// One operation of IP SLA.
    Sla(u32),
    /// What it does, and the word of its prompt.
    SlaJob(u32, &'static str),
    /// The shell of `tclsh`, in EXEC.
    Tcl(Box<crate::feature::tcl::Tcl>),
    /// One access list.
    AccessList(crate::feature::acl::Family, crate::feature::acl::ListName),
    /// One block of a routing protocol.
    Router(crate::feature::routing::Path),
    /// One VRF, by name.
    Vrf(String),
    /// One family of addresses of a VRF.
    VrfFamily(String, crate::feature::vrf::Afi),
    /// `ip ssh pubkey-chain`
    SshKeys,
    /// The keys of one user there.
    SshUser(String),
    /// One entry of a route map.
    RouteMap(String, u32),
    /// A mode whose lines are kept and change nothing.
    Kept(crate::feature::inert::Block),
}

/// What a router says to a command.
#[derive(Debug)]
pub(crate) enum Reply {
    /// Nothing.
    Done,
    /// Lines, each with its newline.
    Text(String),
    /// A refusal, `% ` and all, each line with its newline.
    Refused(String),
    /// `% Invalid input detected at '^' marker.`, the caret under this byte of the command line.
    Invalid {
        /// Bytes from the start of the line as typed.
        column: usize,
    },
    /// `% Incomplete command.`
    Incomplete,
    /// The session moves to another place, silently.
    Enter(Place),
    /// A question; the next line typed goes to `then`.
    Ask {
        /// What is printed, with no newline at its end.
        question: String,
        /// Whether the answer is echoed.
        echo: bool,
        /// What takes the answer.
        then: Answer,
    },
    /// The command goes on: the session prints nothing more until `Turn::finish` names it.
    Pending,
    /// The session ends.
    Logout,
}
