//! What happens in and around a router: its load, its memory.

use iosxe::{Input, Ramp, Stimulus};
use simtime::Duration;

use crate::driver::Router;

fn ramp(to: i64, over_s: u64, hold_s: Option<u64>) -> Ramp {
    let hold = hold_s.map(Duration::from_secs);
    Ramp { to_milli: to * 1_000, over: Duration::from_secs(over_s), hold }
}

fn cpu(router: &mut Router, ramp: Ramp) {
    let stimulus = Stimulus::Cpu { ramp, process: None };
    router.tell(Input::Stimulus { stimulus, trace: None });
}

fn memory(router: &mut Router, ramp: Ramp) {
    router.tell(Input::Stimulus { stimulus: Stimulus::Memory { ramp }, trace: None });
}

const THRESHOLD: &str =
    "process cpu threshold type total rising 80 interval 5 falling 20 interval 5";

/// Goal: the two messages come when the load has been beyond its level for the interval, once
/// each, and an idle router waits for nothing. Method: 1 to 100 percent in 99 s, held for 10 s.
#[test]
fn cpu_thresholds_are_crossed_once() {
    let mut router = Router::new(&format!("{THRESHOLD}\n"));
    assert_eq!(router.device.next_deadline(), None);
    cpu(&mut router, ramp(100, 99, Some(10)));
    router.wait_ms(600_000);
    let want = [
        "84000 %SYS-1-CPURISINGTHRESHOLD: Threshold: Total CPU Utilization(Total/Intr): 85%/0%, \
         Top 3 processes(Pid/Util):  128/84%, 112/0%, 139/0%",
        "194000 %SYS-1-CPUFALLINGTHRESHOLD: Threshold: Total CPU Utilization(Total/Intr) 14%/0%.",
    ];
    assert_eq!(router.messages(), want);
    assert_eq!(router.device.next_deadline(), None);
}

/// Goal: a peak that is shorter than the interval is no crossing; a threshold that is taken away,
/// or a load that turns round, says nothing. Method: each on a router of its own.
#[test]
fn what_is_no_crossing() {
    let peak = |more: fn(&mut Router)| {
        let mut router = Router::new(&format!("{THRESHOLD}\n"));
        cpu(&mut router, ramp(90, 0, Some(6)));
        router.wait_ms(4_000);
        more(&mut router);
        router.wait_ms(60_000);
        router.messages().len()
    };
    assert_eq!(peak(|_| ()), 2);
    assert_eq!(peak(|router| cpu(router, ramp(10, 0, None))), 0);
    let line = |router: &mut Router| router.configure(&["no process cpu threshold type total"]);
    // The console's visit of configuration mode is what is logged.
    assert_eq!(peak(line), 1);
}

/// Goal: lines of thresholds are kept, refused and printed as typed. Method: a table.
#[test]
fn thresholds_are_configuration() {
    let mut router =
        Router::new(&format!("{THRESHOLD}\nmemory free low-watermark processor 65000\n"));
    let shown = router.exec("show running-config | include process cpu|low-watermark");
    assert_eq!(shown, format!("{THRESHOLD}\nmemory free low-watermark processor 65000\n"));
    router.configure(&["process cpu threshold type interrupt rising 9 interval 5"]);
    router.configure(&["process cpu threshold type total rising 101 interval 5"]);
    router.configure(&[
        "process cpu threshold type total rising 10 interval 5 falling 11 interval 5",
    ]);
    router.configure(&["no memory free low-watermark processor"]);
    let shown = router.exec("show running-config | include process cpu|low-watermark");
    let interrupt = "process cpu threshold type interrupt rising 9 interval 5";
    assert_eq!(shown, format!("{THRESHOLD}\n{interrupt}\n"));
}

/// Goal: `show processes cpu` tells the same load as the messages, in the columns that clients
/// parse. Method: half a minute at 91 percent.
#[test]
fn processes_show_the_load() {
    let mut router = Router::new("");
    router.wait_ms(3_600_000);
    cpu(&mut router, ramp(91, 0, None));
    router.wait_ms(30_000);
    let shown = router.exec("show processes cpu sorted");
    let head: Vec<&str> = shown.lines().take(4).collect();
    let want = [
        "CPU utilization for five seconds: 91%/0%; one minute: 46%; five minutes: 10%",
        " PID Runtime(ms)     Invoked      uSecs   5Sec   1Min   5Min TTY Process ",
        " 128       31326       72601        431 90.12% 45.12%  9.12%   0 IP Input         ",
        " 112       11253      145201         77  0.31%  0.31%  0.31%   0 IOSD ipc task    ",
    ];
    assert_eq!(head, want);
    let busy = router.exec("show processes cpu | include Exec");
    assert_eq!(busy.lines().count(), 1, "{busy}");
}

/// Goal: the watermark is crossed, recovered from 5 percent above it, and an allocation fails when
/// nothing is left. Method: 16 to 100 percent in 84 s and back; the watermark lies at 95 percent.
#[test]
fn memory_crosses_its_marks() {
    let mut router = Router::new("memory free low-watermark processor 101423\n");
    memory(&mut router, ramp(100, 84, Some(1)));
    router.wait_ms(600_000);
    let messages = router.messages();
    let heads: Vec<&str> = messages.iter().filter_map(|message| message.lines().next()).collect();
    let want = [
        "79001 %SYS-4-FREEMEMLOW: Free Memory has dropped below low watermark",
        "84000 %SYS-2-MALLOCFAIL: Memory allocation of 65536 bytes failed from 0x55D6A2F1C4B0, \
         alignment 0",
        "90249 %SYS-5-FREEMEMRECOVER: Free Memory has recovered above low watermark",
    ];
    assert_eq!(heads, want);
    assert!(messages[0].contains("\nPool: Processor  Free: "), "{}", messages[0]);
    assert!(messages[1].contains("\nPool: Processor  Free: 0  Cause: Not enough free memory\n"));
    let shown = router.exec("show memory statistics | include Processor");
    let words: Vec<&str> = shown.split_whitespace().collect();
    let number = |index: usize| words[index].parse::<u64>().expect("a number");
    assert_eq!(number(2), number(3) + number(4), "{shown}");
    assert!(number(5) < number(4) / 100, "the lowest is of the peak: {shown}");
    let shown = router.exec("show processes memory | include Processor Pool");
    assert!(shown.contains(words[3]), "{shown}");
}
