//! What EEM logs: the messages of `HA_EM`, each in one place.

use std::borrow::Cow;

use crate::storm::{EVENTS_PER_WINDOW_MAX, EVENTS_QUEUED_MAX, HOLD_SECS};

/// The names that IOS gives to severities 0 to 7 (RFC 5424, table 2).
pub const SEVERITIES: [&str; 8] = [
    "emergencies",
    "alerts",
    "critical",
    "errors",
    "warnings",
    "notifications",
    "informational",
    "debugging",
];

/// The severity of what applets say, unless they name another.
const INFORMATIONAL: u8 = 6;

/// A log message. Its host stamps it as IOS stamps all EEM messages: with the *debug* timestamps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `HA_EM`, unless an applet's `facility` says another.
    pub facility: Cow<'static, str>,
    /// 0 (emergencies) to 7 (debugging).
    pub severity: u8,
    /// `LOG`, `FMPD_ERROR`, ...
    pub mnemonic: &'static str,
    /// What follows the colon.
    pub text: String,
}

impl Message {
    fn new(severity: u8, mnemonic: &'static str, text: String) -> Self {
        Message { facility: Cow::Borrowed("HA_EM"), severity, mnemonic, text }
    }

    /// `action syslog`, and `puts` of a run that has no terminal.
    pub(crate) fn log(severity: u8, applet: &str, text: &str) -> Self {
        Message::new(severity, "LOG", format!("{applet}: {text}"))
    }

    /// `NAME : DEBUG(cli_lib) : : ...`, as `debug event manager action ...` has it: with a blank in
    /// front of the colon, unlike `action syslog`.
    pub fn debug(applet: &str, library: &str, text: &str) -> Self {
        Message::new(6, "LOG", format!("{applet} : DEBUG({library}) : {text}"))
    }

    /// `puts` of a run whose terminal has gone away.
    pub fn puts(applet: &str, text: &str) -> Self {
        Message::log(INFORMATIONAL, applet, text.trim_end_matches('\n'))
    }

    /// `action force-switchover` on a router that has no standby. The mnemonic is Cisco's, the text
    /// is ours (eem.md, section 7.1).
    pub fn no_standby() -> Self {
        let text = "Error attempting switchover: there is no standby".to_owned();
        Message::new(3, "FMPD_SWITCH_HARDWARE", text)
    }

    /// The second of the two lines of a run that fails.
    pub(crate) fn statement_failed(applet: &str, label: &str) -> Self {
        Message::new(3, "FMPD_ERROR", format!("Error executing applet {applet} statement {label}"))
    }

    pub(crate) fn unknown_variable(name: &str) -> Self {
        let text = format!("fh_parse_var: could not find environment variable: {name}");
        Message::new(3, "FMPD_UNKNOWN_ENV", text)
    }

    /// Text from memory of real logs, not re-read: no VTY line was free.
    pub(crate) fn no_line() -> Self {
        let reason = "no tty lines available, minimum of 2 required by EEM";
        let text = format!("Unable to establish CLI session: {reason}");
        Message::new(3, "FMPD_CLI_CONNECT", text)
    }

    /// The mnemonic is Cisco's, the text is ours (eem.md, section 7.1).
    pub(crate) fn bad_pattern(why: &str) -> Self {
        Message::new(3, "FMPD_REGCOMP", format!("error compiling regular expression: {why}"))
    }

    /// The mnemonic is Cisco's, the text is ours.
    pub(crate) fn bad_operand(text: &str) -> Self {
        Message::new(3, "FMPD_OPERAND_INVALID", format!("invalid operand in action: {text}"))
    }

    /// The text is Cisco's, the reasons are those of real logs (eem.md, section 7.1).
    pub(crate) fn mail_failed(host: &str, reason: &str) -> Self {
        let text = format!("Error occurred when sending mail to SMTP server: {host} : {reason}");
        Message::new(3, "FMPD_SMTP", text)
    }

    /// The mnemonics of these are Cisco's, the texts are ours.
    pub(crate) fn failed(mnemonic: &'static str, text: String) -> Self {
        Message::new(3, mnemonic, text)
    }

    pub(crate) fn no_event(applet: &str) -> Self {
        Message::new(4, "FMPD_NO_EVENT", format!("No event configured for applet {applet}"))
    }

    pub(crate) fn no_action(applet: &str) -> Self {
        Message::new(4, "FMPD_NO_ACTION", format!("No action configured for applet {applet}"))
    }

    pub(crate) fn configuration(applet: &str, fault: &str) -> Self {
        Message::new(6, "FMPD_EEM_CONFIG", format!("{applet}: {fault}"))
    }

    /// Ours: no such message of IOS is known. Logged once per hold (`docs/eem.md`, "Loops").
    pub(crate) fn storm(applet: &str) -> Self {
        let limits = format!("{EVENTS_PER_WINDOW_MAX} a second, {EVENTS_QUEUED_MAX} waiting");
        let text = format!(
            "too many events (limit {limits}), the last for applet {applet}: \
             further events are dropped for {HOLD_SECS} seconds"
        );
        Message::new(4, "EDNM_EVENT_STORM", text)
    }
}
