//! What the commands of all routing protocols do alike: take a line into the block where the
//! session stands, open a block, close one.

use cli::{Args, No, Token, kw};

use super::block::{BLOCKS_MAX, Block, Kind, Path, Step};
use super::lines::Form;
use super::review;
use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// The lines that end a block of an address family.
pub(crate) const COMMANDS: &[Command] = &[
    end(
        &[
            Mode::Router(Kind::BgpFamily),
            Mode::Router(Kind::BgpVrf),
            Mode::Router(Kind::EigrpFamily),
        ],
        &[kw("exit-address-family", "Exit from Address Family configuration mode")],
    ),
    end(
        &[Mode::Router(Kind::EigrpInterface)],
        &[kw("exit-af-interface", "Exit from Address Family Interface configuration mode")],
    ),
    end(
        &[Mode::Router(Kind::EigrpTopology)],
        &[kw("exit-af-topology", "Exit from Address Family Topology configuration mode")],
    ),
];

const fn end(modes: &'static [Mode], syntax: &'static [Token]) -> Command {
    Command { modes, privilege: 15, syntax, no: No::Without, run: leave }
}

/// A command that is one line of a block and has no rules of its own.
pub(crate) const fn line(modes: &'static [Mode], syntax: &'static [Token]) -> Command {
    ruled(modes, syntax, set)
}

/// A command that is one line of a block.
pub(crate) const fn ruled(
    modes: &'static [Mode],
    syntax: &'static [Token],
    run: Handler,
) -> Command {
    Command { modes, privilege: 15, syntax, no: No::Allowed, run }
}

fn leave(_: &mut Turn<'_>, session: &mut Session, _: &Args) -> Reply {
    session.leave_to(session.places().len() - 1);
    Reply::Done
}

/// Takes the line as it was typed, in whole words.
pub(crate) fn set(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    set_words(turn, session, args, &words(args))
}

/// Takes a line in these words, which stand for what was typed.
pub(crate) fn set_words(turn: &mut Turn<'_>, session: &Session, args: &Args, words: &str) -> Reply {
    let form = form(args);
    if form != Form::Set && !words.contains(' ') && args.line().split_whitespace().count() == 2 {
        let alone = kind(session).is_some_and(|kind| !kind.order().has(words));
        if alone {
            return Reply::Incomplete;
        }
    }
    edit(turn, session, |block, kind| match block.lines.set(kind.order(), words, form) {
        true => Reply::Done,
        false => full(),
    })
}

/// Changes the block where the session stands.
pub(crate) fn edit(
    turn: &mut Turn<'_>,
    session: &Session,
    change: impl FnOnce(&mut Block, Kind) -> Reply,
) -> Reply {
    let Place::Router(path) = session.place() else {
        unreachable!("a command of this mode runs in this mode");
    };
    let Some(kind) = path.last().map(|step| step.kind) else { return Reply::Done };
    // Somebody else may have removed it meanwhile.
    let Some(block) = turn.state.routers.get_mut(path) else { return Reply::Done };
    let reply = change(block, kind);
    review(turn);
    reply
}

/// The way to the block where the session stands.
pub(crate) fn path(session: &Session) -> Path {
    session.place().router().cloned().unwrap_or_default()
}

fn kind(session: &Session) -> Option<Kind> {
    path(session).last().map(|step| step.kind)
}

/// Opens a block below these, which is made if it is not there; or removes it.
pub(crate) fn open(
    turn: &mut Turn<'_>,
    above: Path,
    step: Step,
    vrf: Option<String>,
    args: &Args,
) -> Reply {
    let blocks = match above.is_empty() {
        true => Some(&mut turn.state.routers.all),
        false => turn.state.routers.get_mut(&above).map(|block| &mut block.below),
    };
    let Some(blocks) = blocks else { return Reply::Done };
    if form(args) != Form::Set {
        blocks.remove(&step);
        review(turn);
        return Reply::Done;
    }
    if blocks.len() >= BLOCKS_MAX && !blocks.contains_key(&step) {
        return full();
    }
    let kind = step.kind;
    blocks.entry(step.clone()).or_insert_with(|| Block::new(kind, vrf));
    let mut path = above;
    path.push(step);
    review(turn);
    Reply::Enter(Place::Router(path))
}

/// What a router says that has no room for another line.
pub(crate) fn full() -> Reply {
    Reply::Refused("% Configuration buffer full\n".into())
}

/// How the line was typed.
pub(crate) fn form(args: &Args) -> Form {
    match (args.is_no(), args.is_default()) {
        (true, _) => Form::No,
        (false, true) => Form::Default,
        (false, false) => Form::Set,
    }
}

/// The line in whole words, without `no` and `default`.
pub(crate) fn words(args: &Args) -> String {
    let line = args.expanded();
    let word = match form(args) {
        Form::Set => "",
        Form::No => "no ",
        Form::Default => "default ",
    };
    line.strip_prefix(word).unwrap_or(line).to_owned()
}
