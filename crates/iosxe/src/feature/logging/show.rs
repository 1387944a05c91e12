//! `show logging [last N | count]` and `clear logging` (layout: syslog.md, section 1.3, and
//! genieparser's captures of IOS XE 17).

use std::fmt::Write as _;

use cli::{Args, Kind, No, kw, one_of, opt, param};

use super::collector::{Host, HostCounts};
use super::{Local, Logging, discriminator, level, tls};
use crate::command::{Command, Mode, Reply};
use crate::device::State;
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
            opt(&[one_of(&[
                &[kw("count", "Show counts of each logging message")],
                &[
                    kw("last", "Show last few lines of the logging buffer"),
                    param("last", Kind::Integer { min: 1, max: 4_294_967_295 }, "Number of lines"),
                ],
            ])]),
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
    let State { logging, terminals, .. } = &*turn.state;
    if args.has("count") {
        return Reply::Text(match &logging.tally {
            Some(tally) => tally.table(),
            None => "Logging message counting is not enabled\n".to_owned(),
        });
    }
    let state = if logging.off { "disabled" } else { "enabled" };
    let (dropped, limited) = (logging.counts.dropped, logging.counts.rate_limited);
    let mut text = format!(
        "Syslog logging: {state} ({dropped} messages dropped, {limited} messages rate-limited, \
         0 flushes, 0 overruns, xml disabled, filtering disabled)\n\n"
    );
    text += &discriminator::tables(logging);
    let watched = terminals.monitoring().map(|(vty, lines)| format!("vty{vty}({lines})"));
    let watched: Vec<String> = watched.collect();
    local_destinations(logging, &watched, &mut text);
    remote_destinations(logging, &mut text);
    lines_of(logging, args.number("last"), &mut text);
    Reply::Text(text)
}

fn local_destinations(logging: &Logging, watched: &[String], text: &mut String) {
    let pad = "                     ";
    destination(text, "Console logging: ", &logging.console, pad);
    destination(text, "Monitor logging: ", &logging.monitor, pad);
    if !watched.is_empty() {
        let _ = writeln!(text, "        Logging to: {}", watched.join(" "));
    }
    destination(text, "Buffer logging:  ", &logging.buffered, &pad[1..]);
    let _ = writeln!(text, "    Exception Logging: size ({} bytes)", logging.exception_bytes);
    let counting = if logging.tally.is_some() { "enabled" } else { "disabled" };
    let _ = writeln!(text, "    Count and timestamp logging messages: {counting}");
    text.push_str("    Persistent logging: disabled\n\nNo active filter modules.\n\n");
}

/// With a discriminator, its name stands on a line of its own.
fn destination(text: &mut String, name: &str, local: &Local, pad: &str) {
    let Local { level, discriminator, logged } = local;
    let Some(level) = level else {
        // The buffer has more to say of itself than the others have.
        let is_buffer = name.starts_with("Buffer");
        let more = format!(", xml disabled,\n{pad}filtering disabled");
        let _ = writeln!(text, "    {name}disabled{}", if is_buffer { &more } else { "" });
        return;
    };
    let level = level::name(*level);
    let _ = writeln!(text, "    {name}level {level}, {logged} messages logged, xml disabled,");
    let _ = writeln!(text, "{pad}filtering disabled");
    if let Some(filter) = discriminator {
        let _ = writeln!(text, "{pad}discriminator({filter})");
    }
}

fn remote_destinations(logging: &Logging, text: &mut String) {
    match logging.trap {
        None => text.push_str("    Trap logging: disabled\n"),
        Some(level) => {
            let (level, count) = (level::name(level), logging.counts.trap);
            let _ = writeln!(text, "    Trap logging: level {level}, {count} message lines logged");
        }
    }
    logging.hosts.iter().for_each(|host| collector(host, text));
    text.push_str("        Logging Source-Interface:       VRF Name:\n");
    for (vrf, name) in &logging.sources {
        let _ = writeln!(text, "        {}", format!("{:<32}{vrf}", name.long()).trim_end());
    }
    text.push_str(&tls::table(logging));
    text.push('\n');
}

fn collector(host: &Host, text: &mut String) {
    let Host { collector, vrf, audit, profile, discriminator, numbered, is_down, counts, .. } =
        host;
    let HostCounts { sent, rate_limited, dropped_by_md } = counts;
    let vrf = vrf.as_ref().map(|vrf| format!("({vrf}) ")).unwrap_or_default();
    let (address, port, by) = (&collector.host, collector.port, collector.transport.as_str());
    let on_or_off = |on: bool| if on { "enabled" } else { "disabled" };
    let (audit, sequence) = (on_or_off(*audit), on_or_off(*numbered));
    let link = if *is_down { "down" } else { "up" };
    let _ = writeln!(text, "        Logging to {address}  {vrf}({by} port {port}, audit {audit},");
    let _ = writeln!(text, "              link {link}),");
    let _ = writeln!(text, "              {sent} message lines logged, ");
    let _ = writeln!(text, "              {rate_limited} message lines rate-limited, ");
    let _ = writeln!(text, "              {dropped_by_md} message lines dropped-by-MD, ");
    let _ = writeln!(text, "              xml disabled, sequence number {sequence}");
    let _ = writeln!(text, "              filtering disabled");
    if let Some(discriminator) = discriminator {
        let _ = writeln!(text, "              logging to host discriminator: {discriminator}");
    }
    if let Some(profile) = profile {
        let _ = writeln!(text, "              tls-profile: {profile}");
    }
}

fn lines_of(logging: &Logging, last: Option<u64>, text: &mut String) {
    if logging.buffered.level.is_none() {
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
