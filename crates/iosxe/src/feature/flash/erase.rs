//! `write erase`, `erase startup-config`, `erase nvram:`.

use cli::{Args, No, kw, one_of};

use super::files::{ask, is_yes};
use super::{Device, Path};
use crate::command::{Command, Mode, Reply};
use crate::feature::logging::Message;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("write", "Write running configuration to memory, network, or terminal"),
            kw("erase", "Erase NV memory"),
        ],
        no: No::Without,
        run: erase,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("erase", "Erase a filesystem"),
            one_of(&[
                &[kw("nvram:", "Filesystem to be erased")],
                &[kw("/all", "Erase all files(in NVRAM)"), kw("nvram:", "Filesystem to be erased")],
                &[kw("startup-config", "Erase contents of configuration memory")],
            ]),
        ],
        no: No::Without,
        run: erase,
    },
];

fn erase(turn: &mut Turn<'_>, session: &mut Session, _: &Args) -> Reply {
    if turn.state.flash.is_quiet() {
        return confirmed(turn, session, "");
    }
    let question = "Erasing the nvram filesystem will remove all configuration files! \
                    Continue? [confirm]";
    ask(question.into(), confirmed)
}

fn confirmed(turn: &mut Turn<'_>, _: &mut Session, answer: &str) -> Reply {
    if !is_yes(answer) {
        return Reply::Done;
    }
    turn.state.startup.erase();
    let root = Path::new(Device::Nvram, "");
    turn.state.flash.nodes.retain(|path, _| !path.is_below(&root));
    let text = "Initialized the geometry of nvram";
    turn.log(Message::new("SYS", 7, "NV_BLOCK_INIT", text));
    Reply::Text("[OK]\nErase of nvram: complete\n".into())
}
