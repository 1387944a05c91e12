//! `show license ...`, `show install summary`: what the image may do, and which it is.
//!
//! Licensing is Smart Licensing Using Policy, as from 17.3.2 on: everything may be used, and is
//! reported (Cisco, Smart Licensing Using Policy for Cisco Enterprise Routing Platforms). There is
//! no account: nothing here is ever reported.

use std::fmt::Write as _;

use cli::{Args, No, Token, kw};

use crate::command::{Command, Handler, Mode, Reply};
use crate::platform::{Profile, Role};
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const LICENSE: Token = kw("license", "Show license information");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    show(&[SHOW, LICENSE, kw("summary", "Show license summary")], summary),
    show(&[SHOW, LICENSE, kw("usage", "Show license usage")], usage),
    show(&[SHOW, LICENSE, kw("status", "Show license status information")], status),
    show(&[SHOW, LICENSE, kw("udi", "Show license udi information")], udi),
    show(&[SHOW, LICENSE, kw("all", "Show license all information")], all),
    show(
        &[
            SHOW,
            kw("install", "Show install commands"),
            kw("summary", "Show summary of installed packages"),
        ],
        installed,
    ),
];

const fn show(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

fn profile(turn: &Turn<'_>) -> &'static Profile {
    turn.state.platform.profile()
}

fn summary(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let mut text = String::from(
        "Account Information:\n  Smart Account: <none>\n  Virtual Account: <none>\n\n\
         License Usage:\n  License                 Entitlement Tag               Count Status\n  \
         -----------------------------------------------------------------------------\n",
    );
    for (name, tag) in &profile(turn).license.features {
        let _ = writeln!(text, "  {name:<23} {:<29} {:>5} IN USE", format!("({tag})"), 1);
    }
    text.push('\n');
    Reply::Text(text)
}

fn usage(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let mut text = String::from("License Authorization: \n  Status: Not Applicable\n\n");
    for (name, tag) in &profile(turn).license.features {
        let _ = write!(
            text,
            "{name} ({tag}):\n  Description: {name}\n  Count: 1\n  Version: 1.0\n  \
             Status: IN USE\n  Export status: NOT RESTRICTED\n  Feature Name: {name}\n  \
             Feature Description: {name}\n  Enforcement type: NOT ENFORCED\n  \
             License type: Perpetual\n\n"
        );
    }
    Reply::Text(text)
}

fn status(_: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Text(
        "Utility:\n  Status: DISABLED\n\n\
         Smart Licensing Using Policy:\n  Status: ENABLED\n\n\
         Account Information:\n  Smart Account: <none>\n  Virtual Account: <none>\n\n\
         Data Privacy:\n  Sending Hostname: yes\n    Callhome hostname privacy: DISABLED\n    \
         Smart Licensing hostname privacy: DISABLED\n  Version privacy: DISABLED\n\n\
         Transport:\n  Type: cslu\n  Cslu address: <empty>\n\n\
         Policy:\n  Policy in use: Merged from multiple sources.\n\n"
            .into(),
    )
}

fn udi(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let (pid, serial) = (&profile(turn).pid, turn.state.system.serial());
    Reply::Text(format!("UDI: PID:{pid},SN:{serial}\n\n"))
}

fn all(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let parts: [(&str, Handler); 3] = [
        ("Smart Licensing Status\n======================\n\n", status),
        ("License Usage\n=============\n\n", usage),
        ("Product Information\n===================\n", udi),
    ];
    let mut text = String::new();
    for (heading, part) in parts {
        if let Reply::Text(said) = part(turn, session, args) {
            text = text + heading + &said;
        }
    }
    Reply::Text(text)
}

fn installed(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let profile = profile(turn);
    let member = match profile.role {
        Role::Router => "R0",
        Role::Switch => "Switch 1",
    };
    let version = &profile.software.version_long;
    let rule = "-".repeat(80);
    Reply::Text(format!(
        "[ {member} ] Installed Package(s) Information:\n\
         State (St): I - Inactive, U - Activated & Uncommitted,\n            \
         C - Activated & Committed, D - Deactivated & Uncommitted\n\
         {rule}\nType  St   Filename/Version    \n{rule}\n\
         IMG   C    {version}.0.6                                                      \n\n\
         {rule}\nAuto abort timer: inactive\n{rule}\n\n"
    ))
}
