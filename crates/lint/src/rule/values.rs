//! Values: secrets, servers, and what a pattern captures.

use std::sync::LazyLock;

use regex::Regex;

use super::Rule;
use crate::context::Finding;

static SECRETS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)bearer\s+([A-Za-z0-9._~+/=-]{6,})",
        r#"|(?:x-[a-z-]*token\
        |x-api-key|token|api_?key)["']?\s*[:=]\s*["']?([A-Za-z0-9._~+/=-]{6,})"#,
        r"|\s-u\s+['\x22]?[A-Za-z0-9._-]+:([^\s'\x22$]{3,})",
        r"|\b(?:password|secret)\s+(?:[0-9]\s+)?([A-Za-z0-9!@#%^&*._+=-]{4,})",
        r"|://[A-Za-z0-9._-]+:([^@\s/$]{3,})@",
    ))
    .expect("a test compiles it")
});
static MAIL_USER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[^:@\s]+:([^@\s$]{3,})@").expect("a test compiles it"));

pub(super) const NO_MAIL_SERVER: Rule = Rule {
    code: "EEM173",
    name: "a mail without a server",
    what: "The server of a mail is empty, or a variable of the environment that the configuration \
              lacks.",
    why: "The mail is never sent, and the run ends there.",
    example: "event manager applet A\n event none\n action 1.0 mail server \"\" to \
              \"noc@example.net\" \
              from \"r1@example.net\" subject \"down\"\n",
    fixed: "event manager applet A\n event none\n action 1.0 mail server \"192.0.2.25\" to \
            \"noc@example.net\" from \"r1@example.net\" subject \"down\"\n",
    check: |context| {
        let mut found = Vec::new();
        for (_, action) in context.actions().filter(|(_, action)| action.keyword == "mail") {
            let server = action.words.get(4).filter(|word| word.text.trim().is_empty());
            if let Some(word) = server {
                let span = context.part(action.line, &word.span);
                found.push(Finding::error(span, "no server is named"));
            }
        }
        found
    },
};

pub(super) const SECRET: Rule = Rule {
    code: "EEM174",
    name: "a secret in plain text",
    what: "A token or a password stands in an applet.",
    why: "Everybody who reads the configuration, a backup of it or a log of its commands has it.",
    example: "event manager applet A\n event none\n action 1.0 cli command \"enable\"\n \
              action 2.0 cli command \"guestshell run curl -X POST -H 'X-Webhook-Token: \
              s3cr3tT0ken' -d x \
              http://192.0.2.1/\"\n",
    fixed: "event manager environment _token TOKEN\nevent manager applet A\n event none\n \
            action 1.0 cli command \"enable\"\n action 2.0 cli command \"guestshell run curl -X \
            POST -H \
            'X-Webhook-Token: $_token' -d x http://192.0.2.1/\"\n",
    check: |context| {
        let mut found = Vec::new();
        for (_, action) in context.actions() {
            if !matches!(action.keyword, "cli" | "http" | "mail") {
                continue;
            }
            for word in action.words.iter().skip(3) {
                let captures = SECRETS.captures(&word.text);
                let captures = captures.or_else(|| {
                    MAIL_USER.captures(&word.text).filter(|_| action.keyword == "mail")
                });
                let secret = captures.and_then(|all| all.iter().skip(1).flatten().next());
                if let Some(secret) = secret {
                    let span = context.find(action.line, secret.as_str());
                    let help = "`event manager environment _webhook_token ...`, and \
                              `$_webhook_token` here";
                    found.push(Finding::warning(span, "a secret in plain text").help(help));
                }
            }
        }
        found
    },
};

pub(super) const CAPTURES: Rule = Rule {
    code: "EEM175",
    name: "captures that get no name",
    what: "A `regexp` captures more than it has names for, or more than three.",
    why: "What has no name is lost; EEM has at most three beside the whole match.",
    example: "event manager applet A\n event syslog pattern \"LINK-3-UPDOWN\"\n \
              action 1.0 regexp \"Interface ([A-Za-z]+)([0-9/]+)\" \"$_syslog_msg\" match kind\n",
    fixed: "event manager applet A\n event syslog pattern \"LINK-3-UPDOWN\"\n \
            action 1.0 regexp \"Interface ([A-Za-z]+)([0-9/]+)\" \"$_syslog_msg\" match kind \
            place\n",
    check: |context| {
        let mut found = Vec::new();
        for (_, action) in context.actions().filter(|(_, action)| action.keyword == "regexp") {
            let Some(pattern) = action.words.get(3) else { continue };
            let names = action.words.len().saturating_sub(6);
            let captures = captures(&pattern.text);
            let has_names = action.words.len() > 6;
            if has_names && captures > names.min(3) {
                let span = context.part(action.line, &pattern.span);
                let message = format!("{captures} captures, and names for {names}");
                let help = "a group that only holds together is none: EEM has no `(?:`";
                found.push(Finding::note(span, message).help(help));
            }
        }
        found
    },
};

/// The groups of a pattern.
fn captures(pattern: &str) -> usize {
    let (mut count, mut in_class, mut escaped) = (0, false, false);
    for c in pattern.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' if !in_class => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => count += 1,
            _ => {}
        }
    }
    count
}
