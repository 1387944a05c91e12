//! `hostname`, `ip domain`, `version`

use cli::{Args, Kind, No, kw, one_of, param};

use super::{HOSTNAME_CHARS_MAX, HOSTNAME_DEFAULT, PROMPT_CHARS_DEFAULT};
use crate::command::{Command, Mode, Reply};
use crate::config::{ConfigText, Section, is_word, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("hostname", "Set system's network name"),
            param("hostname", Kind::Word, "This system's network name"),
        ],
        no: No::Allowed,
        run: hostname,
    },
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("ip", "Global IP configuration subcommands"),
            kw("domain", "IP DNS Resolver"),
            one_of(&[
                &[
                    kw("name", "Define the default domain name"),
                    param("domain", Kind::Word, "Default domain name"),
                ],
                &[kw("lookup", "Enable IP Domain Name System hostname translation")],
            ]),
        ],
        no: No::Allowed,
        run: domain,
    },
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("prompt", "Set system's prompt"),
            kw("config", "Configuration mode prompt"),
            kw("hostname-length", "Set the length of the hostname in the prompt"),
            param("length", Kind::Integer { min: 0, max: 80 }, "Length, 0 to disable"),
        ],
        no: No::Allowed,
        run: prompt_length,
    },
    // The words of older configurations. They are stored and printed as those above.
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("ip", "Global IP configuration subcommands"),
            kw("domain-name", "Define the default domain name"),
            param("domain", Kind::Word, "Default domain name"),
        ],
        no: No::Allowed,
        run: domain,
    },
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("ip", "Global IP configuration subcommands"),
            kw("domain-lookup", "Enable IP Domain Name System hostname translation"),
        ],
        no: No::Allowed,
        run: domain,
    },
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("version", "Version of the configuration"),
            param("version", Kind::Word, "Version number"),
        ],
        no: No::Without,
        run: version,
    },
];

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[
    Section { order: order::HOSTNAME, print: print_hostname },
    Section { order: order::NAMES, print: print_names },
];

fn print_hostname(state: &State, text: &mut ConfigText) {
    text.line(format_args!("hostname {}", state.system.hostname()));
    let length = state.system.prompt_chars;
    if length != PROMPT_CHARS_DEFAULT {
        text.line(format_args!("prompt config hostname-length {length}"));
    }
}

fn print_names(state: &State, text: &mut ConfigText) {
    if state.system.domain_lookup_off {
        text.line("no ip domain lookup");
    }
    if let Some(domain) = state.system.domain() {
        text.line(format_args!("ip domain name {domain}"));
    }
}

fn hostname(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let wanted = args.text("hostname").filter(|_| !args.is_no() && !args.is_default());
    let name = wanted.unwrap_or(HOSTNAME_DEFAULT);
    if name.chars().count() > HOSTNAME_CHARS_MAX {
        let limit = HOSTNAME_CHARS_MAX;
        return Reply::Refused(format!(
            "% Hostname is too long, the limit is {limit} characters\n"
        ));
    }
    // A client reads the hostname from the prompt, so that a character that ends prompts cannot be
    // part of it.
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        return Reply::Refused("% Hostname contains one or more illegal characters.\n".into());
    }
    turn.state.system.hostname = name.into();
    if name.len() <= turn.state.system.prompt_chars() {
        return Reply::Done;
    }
    // That there is a warning is documented; its words are ours. No `%`: clients take that for an
    // error.
    Reply::Text(format!(
        "Warning: a hostname of more than {} characters is cut in the prompts of configuration \
         modes\n",
        turn.state.system.prompt_chars()
    ))
}

fn prompt_length(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let length = args.number("length").filter(|_| !args.is_no() && !args.is_default());
    let length = length.and_then(|length| u8::try_from(length).ok());
    turn.state.system.prompt_chars = length.unwrap_or(PROMPT_CHARS_DEFAULT);
    Reply::Done
}

fn domain(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let system = &mut turn.state.system;
    if args.has("lookup") || args.has("domain-lookup") {
        system.domain_lookup_off = args.is_no();
        return Reply::Done;
    }
    let name = args.text("domain").filter(|_| !args.is_no() && !args.is_default());
    if name.is_some_and(|name| !is_word(name)) {
        return Reply::Invalid { column: args.column("domain") };
    }
    system.domain = name.map(Into::into);
    Reply::Done
}

/// The release is the image's, whatever a configuration file was saved by.
fn version(_: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Done
}
