//! `show event manager {environment|detector|version|directory|session}`: the event manager itself.

use cli::{Args, Kind, Token, kw, one_of, opt, param};

use super::super::settings::Directory;
use super::{EVENT, MANAGER, SHOW, command};
use crate::command::{Command, Reply};
use crate::session::Session;
use crate::turn::Turn;

const DIRECTORY: [Token; 2] =
    [kw("directory", "Display the directories"), kw("user", "Of the user")];

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    command(
        &[
            SHOW,
            EVENT,
            MANAGER,
            kw("environment", "Display the Event Manager environment variables"),
            opt(&[one_of(&[
                &[kw("all", "Display all environment variables")],
                &[param("name", Kind::Word, "Name of the environment variable")],
            ])]),
        ],
        environment,
    ),
    command(
        &[
            SHOW,
            EVENT,
            MANAGER,
            kw("detector", "Display the event detectors"),
            one_of(&[
                &[kw("all", "Display all event detectors")],
                &[param("name", Kind::Word, "Name of the event detector")],
            ]),
            opt(&[kw("detailed", "With their options and variables")]),
        ],
        detector,
    ),
    command(&[SHOW, EVENT, MANAGER, kw("version", "Display the version")], version),
    command(
        &[SHOW, EVENT, MANAGER, DIRECTORY[0], DIRECTORY[1], kw("policy", "Of policies")],
        policy_directory,
    ),
    command(
        &[SHOW, EVENT, MANAGER, DIRECTORY[0], DIRECTORY[1], kw("library", "Of the library")],
        library_directory,
    ),
    command(
        &[
            SHOW,
            EVENT,
            MANAGER,
            DIRECTORY[0],
            DIRECTORY[1],
            kw("repository", "Where policies are updated from"),
        ],
        repository,
    ),
    command(
        &[
            SHOW,
            EVENT,
            MANAGER,
            kw("session", "Display the session options"),
            kw("cli", "Of CLI sessions"),
            kw("username", "Display the user"),
        ],
        session_user,
    ),
];

/// With a name, only the value is printed.
fn environment(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let director = &turn.state.eem.director;
    let Some(name) = args.text("name") else {
        return Reply::Text(eem::show::environment(director));
    };
    match director.environment().find(|(known, _)| *known == name) {
        Some((_, value)) => Reply::Text(format!("{value}\n")),
        None => Reply::Refused(format!("Environment variable {name} is not set\n")),
    }
}

fn detector(_: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    match eem::show::detectors(args.text("name"), args.has("detailed")) {
        Some(text) => Reply::Text(text),
        None => Reply::Invalid { column: args.column("name") },
    }
}

fn version(_: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Text(eem::show::version())
}

fn policy_directory(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    directory(turn, Directory::Policy)
}

fn library_directory(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    directory(turn, Directory::Library)
}

fn repository(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    directory(turn, Directory::Repository)
}

fn directory(turn: &Turn<'_>, which: Directory) -> Reply {
    match turn.state.eem.settings.directory(which) {
        Some(path) => Reply::Text(format!("{path}\n")),
        None => Reply::Done,
    }
}

fn session_user(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    match turn.state.eem.settings.session() {
        Some(user) => Reply::Text(format!("{}\n", user.name)),
        None => Reply::Done,
    }
}
