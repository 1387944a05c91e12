//! What a router prints when it is ready for a line.

use crate::command::Place;
use crate::device::State;
use crate::feature::acl::Family;
use crate::session::{Session, USER_LEVEL};

/// The prompt: `R1>`, `R1#`, `R1(config-if)#`.
pub(crate) fn prompt(state: &State, session: &Session) -> String {
    let hostname = state.system.hostname();
    if let Place::Tcl(tcl) = session.place() {
        return if tcl.goes_on() { "+>".into() } else { format!("{hostname}(tcl)#") };
    }
    let Some(mode) = mode_word(session.place()) else {
        let end = if session.privilege > USER_LEVEL { '#' } else { '>' };
        return format!("{hostname}{end}");
    };
    config_prompt(state, mode)
}

/// The prompt of a configuration mode: `R1(config-if)#`.
pub(crate) fn config_prompt(state: &State, mode: &str) -> String {
    let short = state.system.hostname().chars().take(state.system.prompt_chars());
    format!("{}({mode})#", short.collect::<String>())
}

/// The mode as the parser of IOS names it, and `event cli ... mode` with it: from the prompt, of
/// which only the first words are documented to differ.
pub(super) fn parser_mode(place: &Place) -> &'static str {
    match mode_word(place) {
        None => "exec",
        Some("config") => "configure",
        Some("config-if") => "interface",
        Some("config-subif") => "subinterface",
        Some(word) => word.strip_prefix("config-").unwrap_or(word),
    }
}

fn mode_word(place: &Place) -> Option<&'static str> {
    match place {
        Place::Exec | Place::Tcl(_) => None,
        Place::Config => Some("config"),
        Place::Interface(name) if name.subinterface().is_some() => Some("config-subif"),
        Place::Interface(_) => Some("config-if"),
        Place::Range(_) => Some("config-if-range"),
        Place::Line { .. } => Some("config-line"),
        Place::Applet(_) => Some("config-applet"),
        Place::Trigger(_) => Some("config-applet-trigger"),
        Place::Archive => Some("config-archive"),
        Place::ArchiveLog => Some("config-archive-log-cfg"),
        Place::TlsProfile(_) => Some("config-tls-profile"),
        Place::Track(_) => Some("config-track"),
        Place::Sla(_) => Some("config-ip-sla"),
        Place::SlaJob(_, word) => Some(word),
        Place::AccessList(Family::Standard, _) => Some("config-std-nacl"),
        Place::AccessList(Family::Extended, _) => Some("config-ext-nacl"),
        Place::AccessList(Family::V6, _) => Some("config-ipv6-acl"),
        Place::Router(path) => path.last().map(|step| step.kind.prompt()),
        Place::Vrf(_) => Some("config-vrf"),
        Place::VrfFamily(..) => Some("config-vrf-af"),
        Place::SshKeys => Some("conf-ssh-pubkey"),
        Place::SshUser(_) => Some("conf-ssh-pubkey-user"),
        Place::RouteMap(..) => Some("config-route-map"),
        Place::Kept(block) => Some(block.word()),
    }
}
