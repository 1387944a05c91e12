//! Patterns: which messages they take, and which they never can.

use eem::{AppletOutline, EventOutline, Pattern};

use super::Rule;
use crate::context::{Context, Finding, message};
use crate::messages::{self, KNOWN};

pub(super) const NEVER_MATCHES: Rule = Rule {
    code: "EEM150",
    name: "a pattern that its message never has",
    what: "A pattern names a message of IOS XE, and no form of that message fits it.",
    why: "The applet never starts. The severity is part of the name; before the `%` stands the \
              time.",
    example: "event manager applet A\n event syslog pattern \"LINK-5-UPDOWN\"\n action 1.0 exit\n",
    fixed: "event manager applet A\n event syslog pattern \"LINK-3-UPDOWN\"\n action 1.0 exit\n",
    check: |context| {
        let mut found = Vec::new();
        for (applet, event, pattern) in patterns(context) {
            let _ = applet;
            let span = context.find(event.line, pattern);
            if pattern.starts_with("^%") {
                let message = "a message begins with its time: this matches none";
                found.push(Finding::warning(span, message).help("leave the `^` away"));
                continue;
            }
            let alternatives = pattern.contains(['|', '$']);
            let Some((facility, severity, mnemonic)) = messages::named(pattern) else { continue };
            let name = format!("{facility}-{severity}-{mnemonic}");
            let like = |known: &&messages::Known| {
                let parts = messages::named(known.name);
                parts.is_some_and(|(one, _, other)| one == facility && other.starts_with(mnemonic))
            };
            let Some(known) = KNOWN.iter().find(like).filter(|_| !alternatives) else { continue };
            if !known.name.starts_with(&name) {
                let message = format!("the message is `%{}`", known.name);
                found.push(Finding::warning(span, message).help(format!("write `{}`", known.name)));
                continue;
            }
            let Ok(compiled) = Pattern::new(&literal(pattern)) else { continue };
            let interface = interface(pattern).unwrap_or("GigabitEthernet1");
            let sample = |text: &&str| {
                let text = text.replace("IF", interface);
                format!("*Nov 14 08:30:56.699: %{}: {text}", known.name)
            };
            let samples: Vec<String> = known.texts.iter().map(sample).collect();
            // A text of another interface, user or address may fit: only the words around them
            // are known.
            let is_of_words =
                !pattern.contains(|c: char| c.is_ascii_digit() && c != '3' && c != '5');
            let fits = samples.iter().any(|sample| compiled.is_match(sample));
            if !fits && (is_of_words || interface.len() < pattern.len() && has_state(pattern)) {
                let message = format!("no message `%{}` has this", known.name);
                let label = format!("it says `{}`", known.texts[0].replace("IF", interface));
                found.push(Finding::warning(span, message).label(label));
            }
        }
        found
    },
};

pub(super) const LINK_ALONE: Rule = Rule {
    code: "EEM151",
    name: "a pattern for LINK that misses LINEPROTO",
    what: "A pattern takes any `LINK-` message about a state, and none of the line protocol.",
    why: "A neighbour that is down, a tunnel or a keepalive that fails are told by \
              `LINEPROTO-5-UPDOWN` \
          alone.",
    example: "event manager applet A\n event syslog pattern \".*LINK-.*UPDOWN.*\"\n action 1.0 \
              exit\n",
    fixed: "event manager applet A\n event syslog pattern \"(LINK-3|LINEPROTO-5)-UPDOWN\"\n \
            action 1.0 exit\n",
    check: |context| {
        let mut found = Vec::new();
        for (_, event, pattern) in patterns(context) {
            let any =
                pattern.find("LINK-").is_some_and(|at| pattern[at + 5..].starts_with(['.', '[']));
            if any && pattern.contains("UPDOWN") && !pattern.contains("LINEPROTO") {
                let span = context.find(event.line, pattern);
                let message = "this misses `LINEPROTO-5-UPDOWN`";
                let help = "take both: `(LINK-3|LINEPROTO-5)-UPDOWN`";
                found.push(Finding::warning(span, message).help(help));
            }
        }
        found
    },
};

pub(super) const NEEDS_CONFIG: Rule = Rule {
    code: "EEM152",
    name: "a message that the router has to be told to log",
    what: "A pattern names a message that is logged only where the configuration says so.",
    why: "Without these lines the applet never starts. Where the configuration is not given, this \
              is a note.",
    example: "event manager applet A\n event syslog pattern \"PARSER-5-CFGLOG_LOGGEDCMD\"\n \
              action 1.0 exit\n",
    fixed: "archive\n log config\n  logging enable\n  notify syslog\n!\nevent manager applet A\n \
            event syslog pattern \"PARSER-5-CFGLOG_LOGGEDCMD\"\n action 1.0 exit\n",
    check: |context| {
        const NEEDED: [(&str, &str, &str); 3] = [
            (
                "CFGLOG_LOGGEDCMD",
                "notify syslog",
                "`archive`, `log config`, `logging enable`, `notify syslog`",
            ),
            ("LOGIN_FAILED", "login on-failure log", "`login on-failure log`"),
            ("LOGIN_SUCCESS", "login on-success log", "`login on-success log`"),
        ];
        let mut found = Vec::new();
        for (_, event, pattern) in patterns(context) {
            for (mnemonic, line, lines) in NEEDED {
                if !pattern.contains(mnemonic) || context.config.has(line) {
                    continue;
                }
                let span = context.find(event.line, mnemonic);
                let message = format!("`{mnemonic}` is logged only with {lines}");
                found.push(match context.config.is_whole {
                    true => Finding::warning(span, message).label("this configuration lacks that"),
                    false => Finding::note(span, message),
                });
            }
        }
        found
    },
};

pub(super) const ITSELF: Rule = Rule {
    code: "EEM153",
    name: "an applet that starts itself",
    what: "The pattern of an applet fits a message that the applet logs.",
    why: "Messages of applets are looked at like any others: it starts itself again, for ever.",
    example: "event manager applet A\n event syslog pattern \".*ERROR.*\"\n \
              action 1.0 syslog msg \"ERROR seen\"\n",
    fixed: "event manager applet A\n event syslog pattern \"%[A-Z0-9_]+-[0-3]-.*ERROR\"\n \
            action 1.0 syslog msg \"seen\"\n",
    check: |context| {
        let mut found = Vec::new();
        for applet in &context.outline.applets {
            if let Some((line, text)) = starts(context, applet, applet) {
                let span = context.find(line, &text);
                let message = format!("this message starts `{}` itself", applet.name);
                let help = "narrow the pattern, or say it in words that it does not have";
                found.push(Finding::warning(span, message).help(help));
            }
        }
        found
    },
};

pub(super) const EACH_OTHER: Rule = Rule {
    code: "EEM154",
    name: "applets that start each other",
    what: "Two applets each log a message that the pattern of the other fits.",
    why: "They start each other, for ever.",
    example: "event manager applet A\n event syslog pattern \"ping\"\n action 1.0 syslog msg \
              \"pong\"\n\
              event manager applet B\n event syslog pattern \"pong\"\n action 1.0 syslog msg \
                        \"ping\"\n",
    fixed: "event manager applet A\n event syslog pattern \"ping\"\n action 1.0 syslog msg \
              \"pong\"\n\
            event manager applet B\n event syslog pattern \"pong\"\n action 1.0 syslog msg \
                      \"done\"\n",
    check: |context| {
        let applets = &context.outline.applets;
        let mut found = Vec::new();
        for (place, one) in applets.iter().enumerate() {
            for other in &applets[place + 1..] {
                let there = starts(context, one, other);
                let back = starts(context, other, one);
                if let (Some(_), Some((line, text))) = (there, back) {
                    let message = format!("`{}` and `{}` start each other", one.name, other.name);
                    found.push(Finding::warning(context.find(line, &text), message));
                }
            }
        }
        found
    },
};

/// The pattern of each event that waits for messages.
fn patterns<'a>(
    context: &Context<'a>,
) -> impl Iterator<Item = (&'a AppletOutline, &'a EventOutline, &'a str)> {
    context.events().filter_map(|(applet, event)| {
        let is_syslog = event.detector == "syslog";
        event.option("pattern").filter(|_| is_syslog).map(|pattern| (applet, event, pattern))
    })
}

/// Escapes of a text between quotation marks, which the pattern does not see.
fn literal(pattern: &str) -> String {
    pattern.replace("\\\"", "\"")
}

/// The message of one applet that starts another: its line, and the text as typed.
pub(crate) fn starts(
    context: &Context<'_>,
    one: &AppletOutline,
    other: &AppletOutline,
) -> Option<(usize, String)> {
    let _ = context;
    for event in other.events.iter().filter(|event| event.detector == "syslog") {
        let named = ["facility", "mnemonic", "priority"];
        let asks_more = named.iter().any(|name| event.has(name));
        let Some(pattern) = event.option("pattern").filter(|_| !asks_more) else { continue };
        let Ok(compiled) = Pattern::new(&literal(pattern)) else { continue };
        let own = std::ptr::eq(one, other);
        for action in &one.actions {
            let Some(text) = message(action) else { continue };
            // What it repeats of the message that started it fits, if that is all of it.
            let repeats = own && text.contains("$_syslog_msg") && !pattern.contains(['^', '%']);
            let said =
                format!("*Nov 14 08:30:56.699: %HA_EM-6-LOG: {}: {}", one.name, blanked(text));
            if repeats || compiled.is_match(&said) {
                return Some((action.line, text.to_owned()));
            }
        }
    }
    None
}

/// A text with something in the place of its variables that no pattern is made for.
fn blanked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let name = &rest[at + 1..];
        let length = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        rest = &name[length.unwrap_or(name.len())..];
        out.push('~');
    }
    out + rest
}

/// The interface that a pattern names in full.
fn interface(pattern: &str) -> Option<&str> {
    let at = pattern.find("Interface ")? + "Interface ".len();
    let name = &pattern[at..];
    let end = name.find([',', ' ', '"', '\\', '.', '(', '[', '*']).unwrap_or(name.len());
    let name = &name[..end];
    let has_place = name.contains(|c: char| c.is_ascii_digit());
    (has_place && name.starts_with(|c: char| c.is_ascii_uppercase())).then_some(name)
}

/// Whether a pattern says to which state something changed.
fn has_state(pattern: &str) -> bool {
    pattern.contains("changed state to ")
}
