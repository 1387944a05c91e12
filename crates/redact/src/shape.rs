//! Secrets by their shape: the lines, headers and URLs in which they are written.
//!
//! Used for whatever devices and senders say. Each rule names the secret `s1`, `s2`, ...; all else
//! of its line stays, the number in front of an encoded password included. The engine has no
//! backtracking, so no text can make it slow.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::{Captures, Regex, RegexSet};

use crate::REDACTED;
use crate::block::Block;

/// Where a line of configuration may begin: indented, in a diff, behind a prompt, in a log of
/// commands, in quotes of an applet, quoted in a message.
const LINE: &str = r#"^(?:.*(?:[#>|"`]|: |command:)\s*|[\s+\-!]*)(?:no |do |default )?"#;

/// The names of secrets in `name=value`, `"name": "value"` and headers.
const NAME: &str = "[{W}.-]*(?:pass(?:word|wd|phrase)|pwd|secret|token|api[-_]?key|\
                    access[-_]?key|private[-_]?key|pre-?shared[-_]?key|community)[{W}-]{0,24}";

/// What stands for what in the rules. ASCII is what IOS writes, and makes small and fast automata.
const SHORT: [(&str, &str); 8] = [
    ("{LINE}", LINE),
    ("{NAME}", NAME),
    ("{W}", "A-Za-z0-9_"),
    ("{Q}", r"\x22'"),
    ("{B}", r"(?-u:\b)"),
    ("{D}", "[0-9]"),
    ("{S}", r"[^\s]"),
    ("{_}", r"\s"),
];

/// The rules, with the words of [`SHORT`] in them.
const RULES: [&str; 31] = [
    // IOS: users, enable, lines.
    "{LINE}(?:username|enable|password|secret|peer|aaa|ip|dot1x|crypto|cns|mail){B}(?:.* )??\
     (?:secret|password|passphrase|pass-phrase)(?: level {D}+)?(?: {D}+)? (?P<s1>{S}.*)$",
    "{LINE}(?:password|secret|passphrase)(?: {D}+)? (?P<s1>{S}.*)$",
    // Keys of servers, of key chains and of tunnels.
    "{LINE}(?:tacacs|radius|tacacs-server|radius-server|server-private|server|client|address){B}\
     .* (?:key|server-key)(?: {D})? (?P<s1>{S}.*)$",
    "{LINE}(?:key|server-key) {D} (?P<s1>{S}.*)$",
    "{LINE}key (?P<s1>(?:{D}*[^0-9\\s]{S}*|{D}{4,})){_}*$",
    "{LINE}key config-key {S}+ (?P<s1>{S}.*)$",
    "{LINE}(?:.* )?key-(?:octet-)?string(?: {D})? (?P<s1>{S}.*)$",
    "{LINE}crypto isakmp key(?: {D})? (?P<s1>{S}+)",
    "{LINE}pre-shared-key\
     (?: (?:local|remote|address {S}+(?: {S}+)?? key|hostname {S}+ key))?(?: {D}| hex)? \
     (?P<s1>{S}.*)$",
    // Neighbours and first-hop protocols.
    "{LINE}(?:neighbor|ppp|isis|area|mpls|l2tp|bind|credentials|cts|authentication username){B}\
     .* (?:password|secret)(?: {D})? (?P<s1>{S}.*)$",
    "{LINE}(?:area-password|domain-password)(?: {D})? (?P<s1>{S}+)",
    "{LINE}.*{B}authentication-key(?: {D}+ md5)?(?: {D})? (?P<s1>{S}.*)$",
    "{LINE}.*{B}message-digest-key {D}+ md5(?: {D})? (?P<s1>{S}.*)$",
    "{LINE}authentication mode hmac-sha-256(?: {D})? (?P<s1>{S}.*)$",
    "{LINE}.*{B}(?:authentication|encryption) ipsec spi {D}+ (?P<s1>{S}.*)$",
    "{LINE}(?:standby|vrrp|glbp){B}.* authentication (?:text |md5 key-string (?:{D} )?)?\
     (?P<s1>{S}.*)$",
    "{LINE}ip nhrp authentication (?:{D} )?(?P<s1>{S}.*)$",
    "{LINE}(?:wpa-psk|security wpa psk set-key) (?:ascii|hex)(?: {D})? (?P<s1>{S}.*)$",
    // SNMP.
    "{LINE}snmp-server community (?:{D} )?(?P<s1>{S}+)",
    "{LINE}snmp-server host {S}+ (?:vrf {S}+ )?(?:(?:traps|informs) )?\
     (?:version (?:1|2c|3 {S}+) )?(?P<s1>{S}+)",
    "{LINE}snmp-server user .* auth (?:md5|sha{S}*) (?P<s1>{S}+)\
     (?: priv (?:des|3des|aes {D}+|aes) (?P<s2>{S}+))?",
    // EEM's variables.
    "{LINE}event manager environment (?i:{NAME}) (?P<s1>[^{Q}\\s]+)",
    // The mail servers of its applets: user:password@host.
    "{B}mail{_}(?:.*{_})?server{_}+\\\\?[{Q}]?[^\\s:@{Q}]+:(?P<s1>[^\\s{Q}]+)@",
    "{B}event manager environment {S}+ \\\\?[{Q}]?[^\\s:@/{Q}]+:(?P<s1>[^\\s/{Q}][^\\s{Q}]*)@",
    // Passwords with the number of their encoding, and encoded ones, wherever they stand.
    "{B}(?:password|passphrase|secret|key) [05-9] (?P<s1>{S}+)",
    "(?P<s1>[$](?:1|5|6|8|9|14)[$][{W}./]+[$][{W}./]+)",
    // URLs: user and password, and parameters.
    "[A-Za-z][A-Za-z0-9+.-]*://[^\\s/?#:@{Q}]*:(?P<s1>[^\\s/?#{Q}]+)@",
    "(?i)[?&](?:{NAME}|key|sig|signature|auth|pass|pw|code)=(?P<s1>[^&\\s#{Q}<>\\\\]+)",
    // Headers, pasted tokens, and the option of curl.
    "(?i){B}authorization\\\\?[{Q}]?{_}*[:=]{_}*\\\\?[{Q}]?\
     (?:(?:bearer|basic|digest|token){_}+)?(?P<s1>[^{Q}\\s\\\\][^{Q}\\\\\\r\\n]*)",
    "(?i){B}bearer{_}+(?P<s1>[{W}.~+/=-]*[0-9_.~+/=-][{W}.~+/=-]*)|\
     {B}curl{_}.*?{_}(?:-u|--user)[ =]*[{Q}]?[^\\s:{Q}]+:(?P<s2>[^\\s{Q}]+)|\
     {B}whsec_(?P<s3>[A-Za-z0-9+/=]+)",
    // name=value, \"name\": \"value\", <name>value</name>.
    "(?i)(?:^|[^{W}.-]){NAME}(?:\\\\?[{Q}])?{_}*[:=]{_}*(?:(?:bearer|basic){_}+)?\
     (?:\\x22(?P<s1>(?:[^\\x22\\\\]|\\\\.)+)|\\\\\\x22(?P<s2>(?:[^\\x22\\\\]|\\\\[^\\x22])+)|\
     '(?P<s3>[^']+)|(?P<s4>[^\\s{Q}\\\\,;&{}\\[\\]()<>]+))|\
     <(?:[{W}]+:)?(?:{NAME}|key)(?:{_}[^<>]*)?>(?P<s5>[^<]+)</",
];

/// No rule and no key is found in a text without one of these: bodies are full of such.
const SIGNS: &[u8] = b" \t\n=:$<_";

/// Nor in an ASCII one without one of these, in any case of letters: each rule needs one. Beyond
/// ASCII there are letters that `(?i)` takes for some of these.
const HINTS: [&str; 19] = [
    "$",
    "@",
    "auth",
    "bearer",
    "code=",
    "community",
    "curl",
    "ipsec",
    "key",
    "pass",
    "pw=",
    "pwd",
    "secret",
    "sig=",
    "signature=",
    "snmp",
    "token",
    "whsec",
    "wpa",
];

/// How often one line is looked at.
const ROUNDS_MAX: usize = 8;

struct Rules {
    hints: AhoCorasick,
    set: RegexSet,
    each: Vec<Regex>,
}

static COMPILED: LazyLock<Rules> = LazyLock::new(|| {
    let written = |rule: &str| {
        SHORT.iter().fold(rule.to_owned(), |rule, (short, long)| rule.replace(short, long))
    };
    let texts = RULES.map(written);
    let compile = |text: &String| Regex::new(text).expect("the rules are tested");
    let set = RegexSet::new(&texts).expect("the rules are tested");
    let hints = AhoCorasick::builder().ascii_case_insensitive(true).build(HINTS);
    let hints = hints.expect("nineteen words");
    Rules { hints, set, each: texts.iter().map(compile).collect() }
});

/// Compiles the rules, which takes milliseconds, before the first text waits for it.
pub(crate) fn prepare() {
    LazyLock::force(&COMPILED);
}

/// A text without what looks like a secret.
pub fn text(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| SIGNS.contains(&byte)) || is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut block = Block::default();
    let mut out = String::new();
    let mut unchanged = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches(['\n', '\r']);
        let redacted = block.line(body).unwrap_or_else(|| self::line(body));
        match redacted {
            Cow::Borrowed(_) if out.is_empty() => unchanged += line.len(),
            Cow::Borrowed(_) => out.push_str(line),
            Cow::Owned(changed) => {
                if out.is_empty() {
                    out.push_str(&text[..unchanged]);
                }
                out.push_str(&changed);
                out.push_str(&line[body.len()..]);
            }
        }
    }
    if out.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(out) }
}

/// Whether no rule can match; nor does a key of several lines begin here ([`Block`]).
fn is_plain(text: &str) -> bool {
    text.is_ascii() && !COMPILED.hints.is_match(text)
}

/// One secret can hide the shape of the next, so that it is looked at again until nothing changes.
pub(crate) fn line(line: &str) -> Cow<'_, str> {
    if is_plain(line) || !COMPILED.set.is_match(line) {
        return Cow::Borrowed(line);
    }
    let mut current = Cow::Borrowed(line);
    for _ in 0..ROUNDS_MAX {
        match round(&current) {
            Cow::Owned(changed) => current = Cow::Owned(changed),
            Cow::Borrowed(_) => break,
        }
    }
    current
}

fn round(line: &str) -> Cow<'_, str> {
    let rules = &*COMPILED;
    let mut current = Cow::Borrowed(line);
    for index in rules.set.matches(line) {
        let changed = match rules.each[index].replace_all(&current, blank) {
            Cow::Owned(changed) if changed != *current => changed,
            Cow::Owned(_) | Cow::Borrowed(_) => continue,
        };
        current = Cow::Owned(changed);
    }
    current
}

/// The match with its secrets replaced.
fn blank(found: &Captures<'_>) -> String {
    let whole = found.get_match();
    let mut out = String::new();
    let mut done = whole.start();
    for secret in ["s1", "s2", "s3", "s4", "s5"].iter().filter_map(|name| found.name(name)) {
        let before = &found[0][done - whole.start()..secret.start() - whole.start()];
        out.push_str(before);
        out.push_str(REDACTED);
        done = secret.end();
    }
    out.push_str(&found[0][done - whole.start()..]);
    out
}
