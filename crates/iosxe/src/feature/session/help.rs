//! `help`, which every mode has, and the heading of a bare `?`.

use cli::{Args, Token, kw};

use crate::command::{Mode, Reply};
use crate::feature::routing::Kind;
use crate::session::Session;
use crate::turn::Turn;

/// Its words.
pub(super) const HELP: &[Token] = &[kw("help", "Description of the interactive help system")];

const TEXT: &str = "\
Help may be requested at any point in a command by entering
a question mark '?'.  If nothing matches, the help list will
be empty and you must backup until entering a '?' shows the
available options.
Two styles of help are provided:
1. Full help is available when you are ready to enter a
   command argument (e.g. 'show ?') and describes each possible
   argument.
2. Partial help is provided when an abbreviated argument is entered
   and you want to know what arguments match the input
   (e.g. 'show pr?'.)

";

pub(super) fn help(_: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Text(TEXT.into())
}

/// What stands above the commands of a mode, where the words of IOS are known.
const HEADINGS: [(Mode, &str); 13] = [
    (Mode::Exec, "Exec commands:\n"),
    (Mode::Config, "Configure commands:\n"),
    (Mode::Interface, "Interface configuration commands:\n"),
    (Mode::Line, "Line configuration commands:\n"),
    (Mode::Archive, "Archive configuration commands:\n"),
    (Mode::Router(Kind::Eigrp), ROUTER),
    (Mode::Router(Kind::EigrpNamed), ROUTER),
    (Mode::Router(Kind::Ospf), ROUTER),
    (Mode::Router(Kind::Bgp), ROUTER),
    (Mode::StandardAccessList, "Standard Access List configuration commands:\n"),
    (Mode::ExtendedAccessList, "Ext Access List configuration commands:\n"),
    (Mode::AccessListV6, "IPv6 Access List configuration commands:\n"),
    (Mode::RouteMap, "Route Map configuration commands:\n"),
];

const ROUTER: &str = "Router configuration commands:\n";

/// What stands above the commands of a mode.
pub(crate) fn heading(mode: Mode) -> &'static str {
    HEADINGS.iter().find(|(of, _)| *of == mode).map_or("", |(_, text)| text)
}
