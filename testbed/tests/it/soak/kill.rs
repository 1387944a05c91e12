//! The kill test: nothing that got a 2xx is lost, and nothing is done twice without saying so.
//!
//! One `simulator up` lives through a leg of rounds; `listener serve` is killed with SIGKILL at
//! random moments and started again on the same journal; 64 deliveries are in flight. Two ledgers
//! outside the program under test decide: the sender's list of what got a 2xx, and the routers'
//! list of the commands that they ran, each of which names its delivery.

mod judge;
mod programs;
mod sender;

use std::fmt;
use std::time::{Duration, Instant};

use simtime::Rng;

use super::{number, say};
use judge::judge;
use programs::{Bench, Lab, Listener};
use sender::{IN_FLIGHT, Sender};

/// Rounds on one journal; then a leg ends, is judged, and the next one starts on an empty one.
const ROUNDS_PER_LEG: u64 = 25;
/// A kill comes so long after the round's first delivery, in milliseconds.
const KILL_MS: std::ops::Range<u64> = 20..400;
/// Of so many rounds one waits after that until a router runs a command: the answer is under way.
const COMMAND_KILL_EVERY: u64 = 2;
/// How long it waits for that at most, in milliseconds.
const COMMAND_MS_MAX: u64 = 1_000;
/// Of so many rounds one kills again while the listener starts.
const SECOND_KILL_EVERY: u64 = 3;
/// Such a kill comes at most so long after the start of the process, in milliseconds.
const SECOND_KILL_MS_MAX: u64 = 150;
/// How long a leg's last listener may take to finish what is left, in seconds.
const FINISH_SECS_MAX: u64 = 600;

/// Goal: accepted = decided, acted at least once, every repeat marked, over ten kills. Method: the
/// real binaries and two ledgers.
#[test]
fn nothing_is_lost_over_ten_kills() {
    soak(10);
}

/// Goal: the same over 200 kills and more. Method: the same; `EDNM_KILL_ROUNDS` says how many.
#[test]
#[ignore = "minutes long: `cargo xtask soak kill`"]
fn nothing_is_lost_over_hundreds_of_kills() {
    soak(number("EDNM_KILL_ROUNDS", 200));
}

/// What was seen, for the last line.
#[derive(Debug, Default)]
struct Counts {
    rounds: u64,
    kills: u64,
    /// Requests that the sender made, repeats included.
    sent: u64,
    accepted: u64,
    duplicates: u64,
    decided: u64,
    /// Commands that routers ran.
    acted: u64,
    /// Of those, how many had run before.
    repeated: u64,
    /// Attempts that are marked.
    in_doubt: u64,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { rounds, kills, sent, accepted, duplicates, decided, .. } = self;
        let Counts { acted, repeated, in_doubt, .. } = self;
        write!(f, "{rounds} rounds, {kills} kills: {sent} requests sent, {accepted} accepted, ")?;
        write!(f, "{duplicates} duplicates answered, {decided} decided; {acted} commands run, ")?;
        write!(f, "{repeated} of them repeats, {in_doubt} attempts in doubt")
    }
}

fn soak(rounds: u64) {
    let seed = number("EDNM_KILL_SEED", rand::random::<u32>().into());
    say(&format!("kill: {rounds} rounds, EDNM_KILL_SEED={seed}"));
    let began = Instant::now();
    let mut moments = Rng::from_seed(seed).child("moments");
    let mut counts = Counts::default();
    while counts.rounds < rounds {
        let leg = ROUNDS_PER_LEG.min(rounds - counts.rounds);
        run_leg(leg, &mut moments, &mut counts);
        let took = began.elapsed().as_secs_f32();
        say(&format!("kill: {counts}, in {took:.1} s"));
    }
    assert!(counts.kills >= rounds && counts.accepted > 0, "{counts:?}");
}

fn run_leg(rounds: u64, moments: &mut Rng, counts: &mut Counts) {
    let bench = Bench::new();
    let lab = Lab::start(&bench);
    let sender = Sender::start();
    for _ in 0..rounds {
        counts.kills += run_round(&bench, &lab, &sender, moments);
    }
    let listener = Listener::start(&bench);
    sender.aim(Some(listener.address()));
    let answers = sender.finish();
    listener.wait_until_finished(Duration::from_secs(FINISH_SECS_MAX));
    let stories = listener.stories();
    listener.stop();
    lab.stop();
    counts.rounds += rounds;
    judge(&bench, &answers, &stories, counts);
}

/// Starts a listener, lets the sender at it, kills it; gives how many kills that took.
fn run_round(bench: &Bench, lab: &Lab, sender: &Sender, moments: &mut Rng) -> u64 {
    let mut kills = 1;
    if moments.below(SECOND_KILL_EVERY) == 0 {
        let starting = Listener::spawn(bench);
        std::thread::sleep(Duration::from_millis(moments.below(SECOND_KILL_MS_MAX)));
        starting.kill();
        kills += 1;
    }
    let listener = Listener::start(bench);
    sender.aim(Some(listener.address()));
    sender.offer(IN_FLIGHT);
    let moment = KILL_MS.start + moments.below(KILL_MS.end - KILL_MS.start);
    std::thread::sleep(Duration::from_millis(moment));
    if moments.below(COMMAND_KILL_EVERY) == 0 {
        lab.wait_for_command(Duration::from_millis(COMMAND_MS_MAX));
    }
    listener.kill();
    sender.aim(None);
    kills
}
