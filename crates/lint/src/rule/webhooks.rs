//! Webhooks: what leaves the router, in which form, and with whose word for it.

use std::sync::LazyLock;

use eem::ActionOutline;
use regex::Regex;

use super::Rule;
use crate::context::{Finding, command};

/// Values that others choose: a message, a line that somebody types, what a command answers.
const OUTSIDE: [&str; 6] =
    ["_syslog_msg", "_cli_msg", "_cli_result", "_none_arg", "_application_data", "_nd_cdp_"];

static SINGLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{\s*'[^']*'\s*:").expect("a test compiles it"));
static PROOF: LazyLock<Regex> = LazyLock::new(|| {
    let words =
        r"(?i)authorization|bearer|token|signature|api-?key|x-hub|(^|\s)(-u|--user|--key)\s";
    Regex::new(words).expect("a test compiles it")
});

pub(super) const RAW_VALUE: Rule = Rule {
    code: "EEM170",
    name: "a value of others, pasted into a command",
    what: "A message, an answer or a typed line stands as it is in a command or in the body of a \
              webhook.",
    why: "Quotation marks and line breaks in it end the text around it; whoever can cause a \
              message writes \
          part of the command. `$_syslog_msg` begins with a line break.",
    example: "event manager environment _token TOKEN\nevent manager applet A\n \
              event syslog pattern \"LINK-3-UPDOWN\"\n action 1.0 cli command \"enable\"\n \
              action 2.0 cli command \"guestshell run curl -H 'X-Webhook-Token: $_token' -d \
              '{\\\"message\\\": \\\"$_syslog_msg\\\"}' http://192.0.2.1/\"\n",
    fixed: "event manager environment _token TOKEN\nevent manager applet A\n \
            event syslog pattern \"LINK-3-UPDOWN\"\n action 1.0 cli command \"enable\"\n \
            action 1.5 regexp \"Interface ([A-Za-z0-9/.]+)\" \"$_syslog_msg\" match name\n \
            action 2.0 cli command \"guestshell run curl -H 'X-Webhook-Token: $_token' -d \
            '{\\\"interface\\\": \\\"$name\\\"}' http://192.0.2.1/\"\n",
    check: |context| {
        let mut found = Vec::new();
        for (_, action) in context.actions() {
            let leaves = matches!(action.keyword, "cli" | "http");
            let raw = action.reads.iter().find(|(name, _)| {
                leaves && OUTSIDE.iter().any(|outside| name.starts_with(outside))
            });
            // A line that is nothing but the value is one that was made to be typed.
            let alone = command(action).is_some_and(|line| line.trim().starts_with('$'));
            if let Some((name, span)) = raw.filter(|_| !alone) {
                let span = context.part(action.line, span);
                let message = format!("`${name}` is pasted in as it is");
                let help = "take what is needed of it with `regexp`, and paste that";
                found.push(Finding::warning(span, message).help(help));
            }
        }
        found
    },
};

pub(super) const SINGLE_QUOTES: Rule = Rule {
    code: "EEM171",
    name: "JSON in single quotes",
    what: "The body of a webhook is written with single quotes around its names.",
    why: "That is no JSON: listeners answer 400.",
    example: "event manager environment _token TOKEN\nevent manager applet A\n event none\n \
              action 1.0 cli command \"enable\"\n action 2.0 cli command \"guestshell run curl -H \
              X-Webhook-Token:$_token -d {'event':'InterfaceDown'} http://192.0.2.1/\"\n",
    fixed: "event manager environment _token TOKEN\nevent manager applet A\n event none\n \
            action 1.0 cli command \"enable\"\n action 2.0 cli command \"guestshell run curl -H \
            X-Webhook-Token:$_token -d '{\\\"event\\\":\\\"InterfaceDown\\\"}' \
            http://192.0.2.1/\"\n",
    check: |context| {
        let mut found = Vec::new();
        for (_, action) in context.actions() {
            for word in action.words.iter().skip(3) {
                if let Some(place) = SINGLE.find(&word.text) {
                    let span = context.find(action.line, place.as_str());
                    let message = "names and texts of JSON stand in double quotes";
                    found.push(Finding::warning(span, message).help("write them as `\\\"`"));
                }
            }
        }
        found
    },
};

pub(super) const NO_TOKEN: Rule = Rule {
    code: "EEM172",
    name: "a webhook that proves nothing",
    what: "A webhook carries no token, signature or user.",
    why: "A listener that asks for one answers 401; one that asks for none believes everybody.",
    example: "event manager applet A\n event none\n action 1.0 cli command \"enable\"\n \
              action 2.0 cli command \"guestshell run curl -X POST -d x \
              http://192.0.2.1/events\"\n",
    fixed: "event manager environment _token TOKEN\nevent manager applet A\n event none\n \
            action 1.0 cli command \"enable\"\n action 2.0 cli command \"guestshell run curl -X \
            POST -H \
            'X-Webhook-Token: $_token' -d x http://192.0.2.1/events\"\n",
    check: |context| {
        let mut found = Vec::new();
        for (_, action) in context.actions().filter(|(_, action)| is_webhook(action)) {
            let text = &context.source.text[context.line(action.line)];
            if !PROOF.is_match(text) {
                let span =
                    context.find(action.line, if text.contains("curl") { "curl" } else { "http" });
                let message = "this webhook carries no token";
                let help = "`-H 'X-Webhook-Token: $_webhook_token'`, its value in the environment";
                found.push(Finding::warning(span, message).help(help));
            }
        }
        found
    },
};

/// Whether an action sends something to a listener.
fn is_webhook(action: &ActionOutline) -> bool {
    let sends = |line: &str| {
        let posts = ["-X POST", "-XPOST", "--data", " -d ", "--json", "--request POST"];
        line.contains("curl") && posts.iter().any(|word| line.contains(word))
    };
    action.keyword == "http" || command(action).is_some_and(sends)
}
