//! `show logging [last N]` and `clear logging` (layout: syslog.md, section 1.3)

use std::fmt::Write as _;

use cli::{Args, Kind, No, kw, opt, param};

use super::{Host, Logging, level};
use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("logging", "Show the contents of logging buffers"),
            opt(&[
                kw("last", "Show last few lines of the logging buffer"),
                param("last", Kind::Integer { min: 1, max: 4_294_967_295 }, "Number of lines"),
            ]),
        ],
        no: No::Without,
        run: show,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[kw("clear", "Reset functions"), kw("logging", "Clear logging buffer")],
        no: No::Without,
        run: clear,
    },
];

/// What precedes the destinations.
const HEADER: &str = "\
, 0 flushes, 0 overruns, xml disabled, filtering disabled)

No Active Message Discriminator.



No Inactive Message Discriminator.


";

fn clear(_: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Ask { question: "Clear logging buffer [confirm]".into(), echo: true, then: cleared }
}

fn cleared(turn: &mut Turn<'_>, _: &mut Session, answer: &str) -> Reply {
    if matches!(answer.trim(), "" | "y" | "Y" | "yes") {
        turn.state.logging.buffer.clear();
    }
    Reply::Done
}

fn show(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let logging = &turn.state.logging;
    let state = if logging.off { "disabled" } else { "enabled" };
    let mut text = format!("Syslog logging: {state} (0 messages dropped, 0 messages rate-limited");
    text.push_str(HEADER);
    local_destinations(logging, &mut text);
    remote_destinations(logging, &mut text);
    lines(logging, args.number("last"), &mut text);
    Reply::Text(text)
}

fn local_destinations(logging: &Logging, text: &mut String) {
    let counts = &logging.counts;
    let pad = "                     ";
    destination(text, "Console logging: ", logging.console, counts.console, pad);
    destination(text, "Monitor logging: ", logging.monitor, counts.monitor, pad);
    destination(text, "Buffer logging:  ", logging.buffered, counts.buffer, &pad[1..]);
    text.push_str("    Exception Logging: size (4096 bytes)\n");
    text.push_str("    Count and timestamp logging messages: disabled\n");
    text.push_str("    Persistent logging: disabled\n\nNo active filter modules.\n\n");
}

fn destination(text: &mut String, name: &str, level: Option<u8>, count: u64, pad: &str) {
    let Some(level) = level else {
        let _ = writeln!(text, "    {}disabled", name.trim_end().to_owned() + " ");
        return;
    };
    let level = level::name(level);
    let _ = writeln!(text, "    {name}level {level}, {count} messages logged, xml disabled,");
    let _ = writeln!(text, "{pad}filtering disabled");
}

fn remote_destinations(logging: &Logging, text: &mut String) {
    match logging.trap {
        None => text.push_str("    Trap logging: disabled\n"),
        Some(level) => {
            let (level, count) = (level::name(level), logging.counts.trap);
            let _ = writeln!(text, "    Trap logging: level {level}, {count} message lines logged");
        }
    }
    for Host { address, port, sent } in &logging.hosts {
        let _ = writeln!(text, "        Logging to {address}  (udp port {port}, audit disabled,");
        let _ = writeln!(text, "              link up),");
        let _ = writeln!(text, "              {sent} message lines logged, ");
        let _ = writeln!(text, "              0 message lines rate-limited, ");
        let _ = writeln!(text, "              0 message lines dropped-by-MD, ");
        let sequence = if logging.sequence_numbers { "enabled" } else { "disabled" };
        let _ = writeln!(text, "              xml disabled, sequence number {sequence}");
        let _ = writeln!(text, "              filtering disabled");
    }
    text.push_str("        Logging Source-Interface:       VRF Name:\n");
    if let Some(name) = &logging.source_interface {
        let _ = writeln!(text, "        {name}");
    }
    text.push('\n');
}

fn lines(logging: &Logging, last: Option<u64>, text: &mut String) {
    if logging.buffered.is_none() {
        return;
    }
    let _ = writeln!(text, "Log Buffer ({} bytes):", logging.buffer.size());
    let all = logging.buffer.lines();
    let count = all.len();
    let wanted = last.and_then(|n| usize::try_from(n).ok()).unwrap_or(count);
    if let Some(last) = last {
        let _ = writeln!(text, "Showing last {last} lines");
    }
    text.push('\n');
    for line in all.skip(count.saturating_sub(wanted)) {
        text.push_str(line);
        text.push('\n');
    }
}
