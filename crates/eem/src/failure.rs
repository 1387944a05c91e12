//! Why an action fails: its first message, and its code in `$_error`.

use crate::{Message, PatternError, UnknownVariable};

/// Why an action failed. Each gives its own message, then `FMPD_ERROR` with the label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// `$name` is no variable.
    UnknownVariable(UnknownVariable),
    /// A regular expression made of variables is none.
    BadPattern(PatternError),
    /// A number made of variables is none.
    BadOperand(String),
    /// `divide` by zero.
    DivideByZero,
    /// No VTY line was free.
    NoLine,
    /// There is no such tracked object, or it is no stub.
    NoTrack(u32),
    /// There is no such SNMP object.
    NoObject(String),
    /// A file could not be opened, read, written or removed.
    File(String),
    /// `gets` in a run that nobody waits for.
    NoTerminal,
    /// Nothing was saved under this key, or nothing to save.
    NoContext(String),
    /// No applet with `event none` has this name.
    NoPolicy(String),
    /// A mail could not be sent.
    Mail {
        /// The server, without a user.
        host: String,
        /// Why.
        reason: String,
    },
    /// `maxrun` expired: decided that only `FMPD_ERROR` is logged.
    Expired,
}

impl Failure {
    /// The first of the two lines. The mnemonics are Cisco's as far as eem.md, section 7.1, knows
    /// them; most texts are ours.
    pub(crate) fn message(&self) -> Option<Message> {
        Some(match self {
            Failure::UnknownVariable(UnknownVariable(name)) => Message::unknown_variable(name),
            Failure::BadPattern(error) => Message::bad_pattern(&error.to_string()),
            Failure::BadOperand(text) => Message::bad_operand(text),
            Failure::DivideByZero => {
                Message::failed("FMPD_DIVIDE_ZERO", "divide by zero in action".to_owned())
            }
            Failure::NoLine => Message::no_line(),
            Failure::NoTrack(number) => {
                let text = format!("track object {number} is not configured or cannot be set");
                Message::failed("FMPD_ACTION_NOTRACK", text)
            }
            Failure::NoObject(oid) => {
                Message::failed("FMPD_SNMP_VAR_NOTFOUND", format!("no such SNMP object: {oid}"))
            }
            Failure::File(reason) => Message::failed("FMPD_FILE", reason.clone()),
            Failure::NoTerminal => Message::failed(
                "FMPD_GETS",
                "no tty to read from: policy is not synchronous".into(),
            ),
            Failure::NoContext(key) => {
                Message::failed("FMPD_CONTEXT_RETRIEVE", format!("no context under key {key}"))
            }
            Failure::NoPolicy(name) => {
                let text = format!("policy {name} is not registered with event none");
                Message::failed("FMPD_NO_POLICY", text)
            }
            Failure::Mail { host, reason } => Message::mail_failed(host, reason),
            Failure::Expired => return None,
        })
    }

    /// What `$_error` holds when the failure is ignored. The first is Cisco's; the others follow
    /// its form.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Failure::UnknownVariable(_) => "FH_EMEMORY",
            Failure::BadPattern(_) => "FH_EREGCOMP",
            Failure::BadOperand(_) | Failure::DivideByZero => "FH_EINVAL",
            Failure::NoLine | Failure::NoTerminal => "FH_ECLI",
            Failure::NoTrack(_) => "FH_ENOTRACK",
            Failure::NoObject(_) => "FH_ENOSNMPDATA",
            Failure::File(_) => "FH_EFILE",
            Failure::NoContext(_) => "FH_ENOCONTEXT",
            Failure::NoPolicy(_) => "FH_ENOPOLICY",
            Failure::Mail { .. } => "FH_EMAIL",
            Failure::Expired => "FH_EMAXRUN",
        }
    }
}
