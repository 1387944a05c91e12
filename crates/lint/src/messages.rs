//! Messages that IOS XE logs (syslog.md, section 2): what a pattern that names one can match.

/// A message: `FACILITY-SEVERITY-MNEMONIC`, and the texts that it has. `IF` stands for an
/// interface.
pub(crate) struct Known {
    pub(crate) name: &'static str,
    pub(crate) texts: &'static [&'static str],
}

/// Those that applets are written for.
pub(crate) const KNOWN: &[Known] = &[
    Known {
        name: "LINK-5-CHANGED",
        texts: &["Interface IF, changed state to administratively down"],
    },
    Known {
        name: "LINK-3-UPDOWN",
        texts: &["Interface IF, changed state to down", "Interface IF, changed state to up"],
    },
    Known {
        name: "LINEPROTO-5-UPDOWN",
        texts: &[
            "Line protocol on Interface IF, changed state to down",
            "Line protocol on Interface IF, changed state to up",
        ],
    },
    Known {
        name: "SYS-5-CONFIG_I",
        texts: &[
            "Configured from console by admin on vty0 (192.0.2.1)",
            "Configured from console by console",
            "Configured from tftp://192.0.2.1/r1.cfg by console",
            "Configured from memory by console",
        ],
    },
    Known { name: "SYS-5-RESTART", texts: &["System restarted --"] },
    Known {
        name: "SYS-5-RELOAD",
        texts: &["Reload requested by admin on vty0. Reload Reason: x."],
    },
    Known {
        name: "PARSER-5-CFGLOG_LOGGEDCMD",
        texts: &["User:admin  logged command:interface IF"],
    },
    Known {
        name: "SEC_LOGIN-4-LOGIN_FAILED",
        texts: &["Login failed [user: u] [Source: 192.0.2.1] [localport: 22] [Reason: Login \
                  Authentication Failed] at 03:09:48 UTC Wed May 14 2026"],
    },
    Known {
        name: "SEC_LOGIN-5-LOGIN_SUCCESS",
        texts: &[
            "Login Success [user: u] [Source: 192.0.2.1] [localport: 22] at 03:09:48 UTC Wed \
                  May 14 2026",
        ],
    },
    Known {
        name: "SYS-1-CPURISINGTHRESHOLD",
        texts: &["Threshold: Total CPU Utilization(Total/Intr): 75%/100%, Top 3 \
                  processes(Pid/Util):  91/75%, 2/0%, 51/0%"],
    },
];

/// The part of a pattern that names a message, as `FACILITY`, severity if one stands there, and
/// `MNEMONIC`: of a pattern with other signs between them nothing is known.
pub(crate) fn named(pattern: &str) -> Option<(&str, &str, &str)> {
    let is_word = |c: char| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit();
    let mut rest = pattern;
    while let Some(at) = rest.find('-') {
        let before = &rest[..at];
        let facility = &before[before.rfind(|c| !is_word(c)).map_or(0, |at| at + 1)..];
        let after = &rest[at + 1..];
        let severity =
            after.get(..1).filter(|digit| digit.bytes().all(|b| (b'0'..=b'7').contains(&b)));
        if let Some(severity) = severity
            && let Some(tail) = after[1..].strip_prefix('-')
            && facility.len() >= 2
        {
            let end = tail.find(|c| !is_word(c)).unwrap_or(tail.len());
            if end >= 2 {
                return Some((facility, severity, &tail[..end]));
            }
        }
        rest = after;
    }
    None
}
