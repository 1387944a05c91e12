//! `show platform`, `show redundancy`, `show bootvar`.

use cli::{Args, No, Token, kw, one_of, opt};

use super::show::uptime;
use crate::command::{Command, Handler, Mode, Reply};
use crate::device::State;
use crate::feature::switch::stack;
use crate::platform::{Profile, Role, Slot};
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    show(&[SHOW, kw("platform", "Show platform information")], platform),
    show(
        &[
            SHOW,
            kw("redundancy", "Redundancy Facility (RF) information"),
            opt(&[kw("states", "RF states")]),
        ],
        redundancy,
    ),
    show(
        &[
            SHOW,
            one_of(&[
                &[kw("bootvar", "Boot and related environment variable")],
                &[kw("boot", "show boot attributes")],
            ]),
        ],
        bootvar,
    ),
];

const fn show(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

fn platform(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let profile = turn.state.platform.profile();
    Reply::Text(match profile.role {
        Role::Router => slots(turn, profile),
        Role::Switch => members(turn),
    })
}

fn slots(turn: &Turn<'_>, profile: &Profile) -> String {
    let up = turn.now.since(turn.state.system.started()).as_secs();
    let age = match up / 86_400 {
        0 => format!("{:02}:{:02}:{:02}", up / 3600, up / 60 % 60, up % 60),
        days => format!("{days}d{:02}h", up / 3600 % 24),
    };
    let rule = ["---------", "-------------------", "---------------------", "-----------------"];
    let mut text = format!(
        "Chassis type: {:<20}\n\n{:<9} {:<19} {:<21} {:<17}\n{:<9} {:<19} {:<21} {:<17}\n",
        profile.pid,
        "Slot",
        "Type",
        "State",
        "Insert time (ago)",
        rule[0],
        rule[1],
        rule[2],
        rule[3]
    );
    for Slot { slot, kind, state } in &profile.slots {
        text.push_str(&format!("{slot:<9} {kind:<19} {state:<21} {age:<17}\n"));
    }
    text
}

/// The members of a stack, of which there is one.
fn members(turn: &Turn<'_>) -> String {
    let mac = turn.state.interfaces.base_mac().map(|mac| mac.to_string()).unwrap_or_default();
    let table = stack::members(turn.state);
    format!(
        "{table} Switch/Stack Mac Address : {mac} - Local Mac Address\n \
         Mac persistency wait time: Indefinite\n                                   \
         Current\nSwitch#   Role        Priority      State \n\
         -------------------------------------------\n\
         *1       Active          1          Ready                \n\n"
    )
}

/// There is one processor, and nobody stands by.
fn redundancy(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if args.has("states") {
        return Reply::Text(
            "       my state = 13 -ACTIVE \n     peer state = 1  -DISABLED \n           \
             Mode = Simplex\n           Unit ID = 0\n\n\
             Redundancy Mode (Operational) = Non-redundant\n\
             Redundancy Mode (Configured)  = Non-redundant\n\
             Redundancy State              = Non Redundant\n     \
             Maintenance Mode = Disabled\n    \
             Manual Swact = disabled (system is simplex (no peer unit))\n\
             Communications = Down      Reason: Simplex mode\n"
                .into(),
        );
    }
    let up = uptime(turn.now.since(turn.state.system.started()));
    let profile = turn.state.platform.profile();
    let (location, peer) = match profile.role {
        Role::Router => ("slot R0", "slot: unavailable"),
        Role::Switch => ("slot 1", "slot: 0, switch: 0"),
    };
    let (image, file, register) = (profile.banner(), &profile.software.file, register(turn.state));
    Reply::Text(format!(
        "Redundant System Information :\n------------------------------\n       \
         Available system uptime = {up}\nSwitchovers system experienced = 0\n              \
         Standby failures = 0\n        Last switchover reason = none\n\n                 \
         Hardware Mode = Simplex\n    Configured Redundancy Mode = Non-redundant\n     \
         Operating Redundancy Mode = Non-redundant\n              \
         Maintenance Mode = Disabled\n                \
         Communications = Down      Reason: Failure\n\n\
         Current Processor Information :\n-------------------------------\n               \
         Active Location = {location}\n        Current Software state = ACTIVE\n       \
         Uptime in current state = {up}\n                 \
         Image Version = {image}\n                          \
         BOOT = {file},1;\n                   \
         CONFIG_FILE = \n        Configuration register = {register}\n\n\
         Peer ({peer}) information is not available because it is in \
         'DISABLED' state\n"
    ))
}

/// The configuration register, as a line says it or as the platform is shipped.
fn register(state: &State) -> String {
    let register = state.inert.lines("config-register").next();
    register.unwrap_or(&state.platform.profile().hardware.register).to_owned()
}

fn bootvar(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let images: Vec<&str> = turn.state.inert.lines("boot system").collect();
    let profile = turn.state.platform.profile();
    if profile.role == Role::Switch && args.has("boot") {
        return Reply::Text(boot_of_member(profile, &images));
    }
    let boot = match images.as_slice() {
        [] => "BOOT variable does not exist\n".to_owned(),
        images => format!("BOOT variable = {};\n", images.join(";")),
    };
    let register = register(turn.state);
    Reply::Text(format!(
        "{boot}CONFIG_FILE variable does not exist\nBOOTLDR variable does not exist\n\
         Configuration register is {register}\n\nStandby not ready to show bootvar\n\n"
    ))
}

/// `show boot` on a switch: what it booted, and what it boots next.
fn boot_of_member(profile: &Profile, images: &[&str]) -> String {
    let booted = &profile.software.file;
    let next = match images {
        [] => booted.clone(),
        images => images.join(";"),
    };
    let rule = "-".repeat(27);
    format!(
        "{rule}\nSwitch 1\n{rule}\nCurrent Boot Variables:\nBOOT variable = {booted};\n\n\
         Boot Variables on next reload:\nBOOT variable = {next};\nManual Boot = no\n\
         Enable Break = no\nBoot Mode = DEVICE\niPXE Timeout = 0\n"
    )
}
