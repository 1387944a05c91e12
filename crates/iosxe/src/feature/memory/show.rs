//! `show processes memory` and `show memory statistics`

use cli::{Args, No, kw, one_of, opt};
use simtime::Time;

use super::{LSMPI_BYTES, LSMPI_USED, Memory, POOL_BYTES};
use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("processes", "Active process statistics"),
            kw("memory", "Show memory use per process"),
            opt(&[kw("sorted", "Show sorted output based on memory used")]),
        ],
        no: No::Without,
        run: processes,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("memory", "Memory statistics"),
            opt(&[one_of(&[
                &[kw("statistics", "Show memory pool statistics")],
                &[kw("summary", "Show summary of memory usage")],
            ])]),
        ],
        no: No::Without,
        run: statistics,
    },
];

/// What the processes at work hold; the rest is held by `*Init*` and by whoever a scenario makes
/// take more.
const HELD: &[(u32, &str, u64)] = &[
    (1, "Chunk Manager", 283_592),
    (8, "Pool Manager", 45_480),
    (45, "Net Background", 80_664),
    (112, "IOSD ipc task", 23_036_248),
    (128, "IP Input", 172_440),
    (248, "SSH Process", 133_256),
    (301, "EEM Server", 312_616),
];

/// The processes, and what each holds.
pub(super) fn holders(memory: &Memory, at: Time) -> Vec<(u32, &'static str, u64)> {
    let held: u64 = HELD.iter().map(|(_, _, bytes)| bytes).sum();
    let mut rows = vec![(0, "*Init*", memory.used_bytes(at).saturating_sub(held))];
    rows.extend_from_slice(HELD);
    rows
}

fn processes(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let memory = &turn.state.memory;
    let (used, free) = (memory.used_bytes(turn.now), memory.free_bytes(turn.now));
    let lsmpi_free = LSMPI_BYTES - LSMPI_USED;
    let mut text = format!(
        "Processor Pool Total: {POOL_BYTES:>10} Used: {used:>10} Free: {free:>10}\n \
         lsmpi_io Pool Total: {LSMPI_BYTES:>10} Used: {LSMPI_USED:>10} Free: {lsmpi_free:>10}\n\n \
         PID TTY  Allocated      Freed    Holding    Getbufs    Retbufs Process\n"
    );
    let mut rows = holders(memory, turn.now);
    if args.has("sorted") {
        rows.sort_by_key(|(pid, _, bytes)| (u64::MAX - bytes, *pid));
    }
    for (pid, name, holding) in rows {
        let freed = holding / 4;
        let allocated = holding + freed;
        text.push_str(&format!(
            "{pid:>4}   0 {allocated:>10} {freed:>10} {holding:>10}          0          0 {name}\n"
        ));
    }
    text.push_str(&format!("{:>38} Total\n", used));
    Reply::Text(text)
}

fn statistics(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let memory = &turn.state.memory;
    let (used, free) = (memory.used_bytes(turn.now), memory.free_bytes(turn.now));
    let lowest = memory.lowest_bytes(turn.now);
    let lsmpi_free = LSMPI_BYTES - LSMPI_USED;
    let row = |name, head, total: u64, used: u64, free: u64, lowest: u64| {
        // The largest free block is a little less than what is free.
        let largest = free / 8 * 7;
        format!(
            "{name:>9}  {head}  {total:>10}  {used:>9}  {free:>10}  {lowest:>10}  {largest:>10}\n"
        )
    };
    let mut text = format!(
        "{:>9}  {:>12}  {:>10}  {:>9}  {:>10}  {:>10}  {:>10}\n",
        "", "Head", "Total(b)", "Used(b)", "Free(b)", "Lowest(b)", "Largest(b)"
    );
    text.push_str(&row("Processor", "7F0A3C5E1048", POOL_BYTES, used, free, lowest));
    text.push_str(&row(
        "lsmpi_io",
        "7F0A3BCF81A8",
        LSMPI_BYTES,
        LSMPI_USED,
        lsmpi_free,
        lsmpi_free,
    ));
    Reply::Text(text)
}
