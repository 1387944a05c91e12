//! `tclsh`: the little of Tcl by which clients write files line by line.
//!
//! `puts [open "flash:x" w+] {` and the lines up to `}` is how Netmiko sends a file where SCP is
//! not allowed. Known are `puts`, `open`, `close`, `set`, `exec`, `ios_config`, `tclquit` and
//! `exit`; any other line is one of EXEC, as on IOS ("Cisco IOS Scripting with Tcl").

mod words;

use cli::{Args, No, kw};

use crate::command::{Command, Mode, Place, Reply};
use crate::config;
use crate::exec;
use crate::feature::flash;
use crate::session::Session;
use crate::turn::Turn;
use words::Word;

/// The commands of this folder.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 15,
    syntax: &[kw("tclsh", "Tool Command Language shell")],
    no: No::Without,
    run: enter,
}];

/// The longest command, in bytes: that of a file of this size.
pub(crate) const COMMAND_BYTES_MAX: usize = 1 << 20;

/// How many files a shell has open, and how many variables it has.
const FILES_MAX: usize = 16;
const VARIABLES_MAX: usize = 64;

/// How deep brackets may nest.
const DEPTH_MAX: usize = 8;

/// One shell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tcl {
    /// The lines of a command that goes on.
    pending: String,
    open: words::Open,
    files: Vec<String>,
    variables: Vec<(String, String)>,
}

/// What a command says: its text, or why it failed.
type Said = Result<String, String>;

impl Tcl {
    /// Whether the next line belongs to a command that goes on.
    pub(crate) fn goes_on(&self) -> bool {
        !self.pending.is_empty()
    }

    /// How many bytes of lines that are not carried out yet it holds.
    pub(crate) fn held_bytes(&self) -> usize {
        self.pending.len()
    }

    fn variable(&self, name: &str) -> Said {
        let found = self.variables.iter().find(|(known, _)| known == name);
        let missing = || format!("can't read \"{name}\": no such variable\n");
        found.map(|(_, value)| value.clone()).ok_or_else(missing)
    }

    fn set(&mut self, name: &str, value: &str) -> Said {
        self.variables.retain(|(known, _)| known != name);
        if self.variables.len() >= VARIABLES_MAX {
            return Err("too many variables\n".into());
        }
        self.variables.push((name.to_owned(), value.to_owned()));
        Ok(value.to_owned())
    }

    fn file(&self, channel: &str) -> Option<&str> {
        let number: usize = channel.strip_prefix("file")?.parse().ok()?;
        self.files.get(number).map(String::as_str)
    }
}

fn enter(_: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Enter(Place::Tcl(Box::default()))
}

/// One line that was typed in the shell.
pub(crate) fn line(turn: &mut Turn<'_>, session: &mut Session, line: &str) -> Reply {
    let Place::Tcl(tcl) = session.place() else { return Reply::Done };
    let mut tcl = tcl.clone();
    if tcl.goes_on() {
        tcl.pending.push('\n');
    }
    tcl.pending.push_str(line);
    tcl.open.read(line);
    if tcl.pending.len() > COMMAND_BYTES_MAX {
        session.stand(Place::Tcl(Box::default()));
        return Reply::Refused("command too long\n".into());
    }
    if !tcl.open.is_closed() {
        session.stand(Place::Tcl(tcl));
        return Reply::Done;
    }
    let command = std::mem::take(&mut tcl.pending);
    tcl.open = words::Open::default();
    session.stand(Place::Tcl(tcl.clone()));
    if matches!(command.trim(), "tclquit" | "exit") {
        session.leave_to(session.places().len() - 1);
        return Reply::Done;
    }
    let is_tcl = words::first(&command).is_some_and(|word| BUILT_IN.contains(&word));
    if !is_tcl {
        return exec::run_exec(turn, session, command.trim(), 0);
    }
    let mut shell = Shell { turn, session, tcl: *tcl };
    let said = shell.run(&command, 0);
    let tcl = shell.tcl;
    session.stand(Place::Tcl(Box::new(tcl)));
    match said {
        Ok(text) if text.is_empty() || text.ends_with('\n') => Reply::Text(text),
        Ok(text) => Reply::Text(text + "\n"),
        Err(text) => Reply::Refused(text),
    }
}

/// The words that are commands of Tcl here.
const BUILT_IN: [&str; 6] = ["close", "exec", "ios_config", "open", "puts", "set"];

/// A command that is being carried out.
struct Shell<'t, 's> {
    turn: &'s mut Turn<'t>,
    session: &'s mut Session,
    tcl: Tcl,
}

impl Shell<'_, '_> {
    fn run(&mut self, command: &str, depth: usize) -> Said {
        if depth > DEPTH_MAX {
            return Err("too many nested evaluations\n".into());
        }
        let mut values = Vec::new();
        for word in words::split(command) {
            values.push(self.value(&word, depth)?);
        }
        let words: Vec<&str> = values.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["puts", rest @ ..] => self.puts(rest),
            ["open", url] => self.open(url, "r"),
            ["open", url, access] => self.open(url, access),
            ["close", _] => Ok(String::new()),
            ["set", name] => self.tcl.variable(name),
            ["set", name, value] => self.tcl.set(name, value),
            ["exec", rest @ ..] => self.exec(&rest.join(" ")),
            ["ios_config", lines @ ..] => {
                config::merge(self.turn, &lines.join("\n"));
                Ok(String::new())
            }
            [word, ..] => Err(format!("wrong # args: should be \"{word} ?arg ...?\"\n")),
            [] => Ok(String::new()),
        }
    }

    fn value(&mut self, word: &Word, depth: usize) -> Said {
        let mut value = String::new();
        for part in word.parts() {
            match part {
                words::Part::Text(text) => value.push_str(text),
                words::Part::Variable(name) => value.push_str(&self.tcl.variable(name)?),
                words::Part::Command(command) => value.push_str(&self.run(command, depth + 1)?),
            }
        }
        Ok(value)
    }

    fn puts(&mut self, words: &[&str]) -> Said {
        let (end, words) = match words {
            ["-nonewline", rest @ ..] => ("", rest),
            rest => ("\n", rest),
        };
        let (channel, text) = match words {
            [text] => ("stdout", *text),
            [channel, text] => (*channel, *text),
            _ => {
                return Err(
                    "wrong # args: should be \"puts ?-nonewline? ?channelId? string\"\n".into()
                );
            }
        };
        let text = format!("{text}{end}");
        if matches!(channel, "stdout" | "stderr") {
            return Ok(text);
        }
        let Some(url) = self.tcl.file(channel) else {
            return Err(format!("can not find channel named \"{channel}\"\n"));
        };
        let added = flash::append(self.turn, url, &text);
        added.map(|()| String::new()).map_err(|why| format!("error writing \"{channel}\": {why}\n"))
    }

    fn open(&mut self, url: &str, access: &str) -> Said {
        if self.tcl.files.len() >= FILES_MAX {
            self.tcl.files.clear();
        }
        let opened = match access {
            "r" | "r+" => flash::read(self.turn.state, url).map(drop),
            access => flash::make(self.turn, url, access.starts_with('w')),
        };
        if let Err(why) = opened {
            let why = why.to_string().to_ascii_lowercase();
            return Err(format!("couldn't open \"{url}\": {why}\n"));
        }
        self.tcl.files.push(url.to_owned());
        Ok(format!("file{}", self.tcl.files.len() - 1))
    }

    fn exec(&mut self, line: &str) -> Said {
        match exec::run_exec(self.turn, self.session, line, 0) {
            Reply::Text(text) => Ok(text),
            Reply::Refused(text) => Err(text),
            Reply::Invalid { .. } => Err("% Invalid input detected at '^' marker.\n\n".into()),
            Reply::Incomplete => Err("% Incomplete command.\n\n".into()),
            Reply::Done | Reply::Enter(_) | Reply::Logout => Ok(String::new()),
            // Nobody is there to answer, or to wait.
            Reply::Ask { .. } | Reply::Pending => Ok(String::new()),
        }
    }
}
