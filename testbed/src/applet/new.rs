//! `ednm eem new NAME --on EVENT`: an applet that works on a real router, and its unit test.
//!
//! Each kind is one entry of [`KINDS`]; what all have in common is written here once. A test makes
//! each of them, checks it, and runs its test.

use std::path::Path;

use host::{ExpectedError, message};

use crate::args::{EemNewArgs, NewEvent};

/// What an applet of one kind is made of.
struct Kind {
    /// What it is for, behind "tell the listener of".
    about: &'static str,
    /// Behind `event `.
    event: &'static str,
    /// The pattern that finds what is told in the message, and the name of it.
    finds: Option<(&'static str, &'static str)>,
    /// The members of the body behind `event`: name, and value.
    members: &'static [(&'static str, &'static str)],
    /// What the event of the listener is called.
    name: &'static str,
    /// Lines that the router needs beside it.
    config: &'static str,
    /// What happens in its test, and what the body then holds.
    happens: &'static [&'static str],
    holds: Option<(&'static str, &'static str)>,
}

/// By the order of [`NewEvent`].
const KINDS: [Kind; 8] = [
    Kind {
        about: "an interface that goes down",
        event: "syslog pattern \"%(LINK-3-UPDOWN|LINK-5-CHANGED): Interface .* changed state to \
                (administratively )?down\"",
        finds: Some(("Interface ([A-Za-z0-9/.]+),", "interface")),
        members: &[("interface", "$interface")],
        name: "InterfaceDown",
        config: "",
        happens: &["interface GigabitEthernet2 shutdown"],
        holds: Some(("interface", "GigabitEthernet2")),
    },
    Kind {
        about: "an interface that comes up",
        event: "syslog pattern \"%LINK-3-UPDOWN: Interface .* changed state to up\"",
        finds: Some(("Interface ([A-Za-z0-9/.]+),", "interface")),
        members: &[("interface", "$interface")],
        name: "InterfaceUp",
        config: "",
        happens: &["syslog %LINK-3-UPDOWN: Interface GigabitEthernet2, changed state to up"],
        holds: Some(("interface", "GigabitEthernet2")),
    },
    Kind {
        about: "a change of the configuration",
        event: "syslog pattern \"%SYS-5-CONFIG_I: Configured from\"",
        finds: Some((" by ([A-Za-z0-9_.-]+)", "user")),
        members: &[("user", "$user")],
        name: "ConfigChange",
        config: "",
        happens: &["syslog %SYS-5-CONFIG_I: Configured from console by admin on vty0 (192.0.2.1)"],
        holds: Some(("user", "admin")),
    },
    Kind {
        about: "a processor that is busy",
        event: "snmp oid 1.3.6.1.4.1.9.9.109.1.1.1.1.7.1 get-type exact entry-op gt entry-val \
                \"80\" exit-op lt exit-val \"60\" poll-interval 60",
        finds: None,
        members: &[("percent", "$_snmp_oid_val")],
        name: "CpuHigh",
        config: "",
        happens: &["cpu to=95", "timer"],
        holds: None,
    },
    Kind {
        about: "memory that runs out",
        event: "snmp oid 1.3.6.1.4.1.9.9.48.1.1.1.6.1 get-type exact entry-op lt entry-val \
                \"100000000\" exit-op gt exit-val \"200000000\" poll-interval 60",
        finds: None,
        members: &[("free_bytes", "$_snmp_oid_val")],
        name: "MemoryLow",
        config: "",
        happens: &["memory to=99", "timer"],
        holds: None,
    },
    Kind {
        about: "a login that fails",
        event: "syslog pattern \"%SEC_LOGIN-4-LOGIN_FAILED:\"",
        finds: Some(("Source: ([0-9A-Fa-f.:]+)", "source")),
        members: &[("source", "$source")],
        name: "LoginFailed",
        config: "login on-failure log",
        happens: &[
            "syslog %SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: eve] [Source: 192.0.2.66] \
                    [localport: 22] [Reason: Login Authentication Failed] at 10:00:00 UTC Thu Jan \
                    1 \
                    2026",
        ],
        holds: Some(("source", "192.0.2.66")),
    },
    Kind {
        about: "itself, every five minutes",
        event: "timer watchdog time 300",
        finds: None,
        members: &[],
        name: "Heartbeat",
        config: "",
        happens: &["timer"],
        holds: None,
    },
    Kind {
        about: "track object 1 that goes down",
        event: "track 1 state down",
        finds: None,
        members: &[("track", "$_track_number"), ("state", "$_track_state")],
        name: "TrackDown",
        config: "",
        happens: &["track 1 down"],
        holds: Some(("state", "down")),
    },
];

/// Runs the verb.
pub(super) fn run(args: &EemNewArgs) -> Result<(), ExpectedError> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if args.name.is_empty() || !args.name.chars().all(is_name) || args.name.starts_with('.') {
        let text = format!("`{}` is no name: letters, digits, `_`, `-` and `.`", args.name);
        return Err(ExpectedError::usage(text));
    }
    let kind = kind(args.on);
    let files = [("cfg", applet(&args.name, kind)), ("test.toml", test(&args.name, kind))];
    let path = |ending: &str| args.into.join(format!("{}.{ending}", args.name.to_lowercase()));
    let there = files.iter().map(|(ending, _)| path(ending)).find(|path| path.exists());
    if let Some(there) = there.filter(|_| !args.force) {
        let error = ExpectedError::usage(format!("`{}` is there already", there.display()));
        return Err(error.with_hint("`--force` writes over it"));
    }
    std::fs::create_dir_all(&args.into).map_err(|error| failed(&args.into, &error))?;
    for (ending, text) in &files {
        let path = path(ending);
        std::fs::write(&path, text).map_err(|error| failed(&path, &error))?;
        message::data(&path.display().to_string())?;
    }
    let test = path("test.toml");
    message::note(&format!("try it: ednm eem test {}", test.display()));
    Ok(())
}

fn failed(path: &Path, error: &std::io::Error) -> ExpectedError {
    ExpectedError::environment_message(format!("cannot write `{}`: {error}", path.display()))
}

fn kind(event: NewEvent) -> &'static Kind {
    &KINDS[match event {
        NewEvent::InterfaceDown => 0,
        NewEvent::InterfaceUp => 1,
        NewEvent::ConfigChange => 2,
        NewEvent::Cpu => 3,
        NewEvent::Memory => 4,
        NewEvent::LoginFailure => 5,
        NewEvent::Timer => 6,
        NewEvent::Track => 7,
    }]
}

fn applet(name: &str, kind: &Kind) -> String {
    let mut actions = Vec::new();
    if let Some((pattern, variable)) = kind.finds {
        actions.push(format!("set {variable} \"unknown\""));
        actions.push(format!("regexp \"{pattern}\" \"$_syslog_msg\" match {variable}"));
    }
    let members =
        kind.members.iter().map(|(key, value)| format!(", \\\"{key}\\\": \\\"{value}\\\""));
    let body = format!("{{\\\"event\\\": \\\"{}\\\"{}}}", kind.name, members.collect::<String>());
    actions.push("cli command \"enable\"".to_owned());
    actions.push(format!(
        "cli command \"guestshell run curl -sSf -m 10 -X POST -H 'Content-Type: application/json' \
         -H 'X-Webhook-Token: $_webhook_token' -d '{body}' $_webhook_url\""
    ));
    actions.push(
        "regexp \"curl: |% (Error|Invalid)|authorization failed\" \"$_cli_result\"".to_owned(),
    );
    actions.push("if $_regexp_result eq \"1\"".to_owned());
    actions.push(format!(" syslog priority errors msg \"{name}: the webhook was not sent\""));
    actions.push("end".to_owned());
    let numbered = actions.iter().enumerate();
    let actions =
        numbered.map(|(place, action)| format!(" action {:03} {action}\n", (place + 1) * 10));
    let needs = match kind.config {
        "" => String::new(),
        line => format!("! The router needs: {line}\n"),
    };
    format!(
        "! Tells a listener of {about}. It needs the guest shell (`iox`, `guestshell \
        enable`).\n{needs}\
         ! The listener's address and the token that it asks for:\n\
         event manager environment _webhook_url http://192.0.2.10:8000/events\n\
         event manager environment _webhook_token CHANGE-ME\n\
         event manager applet {name}\n description tell the listener of {about}\n event \
                   {event}\n{}",
        actions.collect::<String>(),
        about = kind.about,
        event = kind.event,
    )
}

fn test(name: &str, kind: &Kind) -> String {
    let file = name.to_lowercase();
    let events: Vec<String> = kind.happens.iter().map(|event| format!("\"{event}\"")).collect();
    let events = events.join(", ");
    let config = match kind.config {
        "" => String::new(),
        line => format!("[device]\nconfig = \"{line}\"\n\n"),
    };
    let holds = kind.holds.map(|(key, value)| format!(", {key} = \"{value}\"")).unwrap_or_default();
    format!(
        "applet = \"{file}.cfg\"\n\n{config}[[tests]]\nname = \"the listener is told\"\n\
         events = [{events}]\n[tests.expect]\nruns = 1\nresult = \"success\"\n\
         [[tests.expect.http]]\nmethod = \"POST\"\nurl = \"^http://192.0.2.10:8000/events$\"\n\
         headers = {{ X-Webhook-Token = \"CHANGE-ME\" }}\n\
         body = {{ event = \"{event}\"{holds} }}\ncount = 1\n[tests.never]\n\
         syslog = \"was not sent\"\n\n[[tests]]\nname = \"a listener that refuses is logged\"\n\
         events = [{events}]\nfaults = {{ http = \"refused\" }}\n\
         expect = {{ result = \"success\", syslog = \"{name}: the webhook was not sent\" }}\n",
        event = kind.name,
    )
}
