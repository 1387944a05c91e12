//! What happens in and around a router: its load, its memory.

use iosxe::{Counter, Direction, Input, Output, Ramp, Stimulus, SupplyState};
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

fn stimulus(router: &mut Router, stimulus: Stimulus<'_>) {
    router.tell(Input::Stimulus { stimulus, trace: None });
}

/// Goal: each threshold of a sensor is said once on the way up and once on the way down, and
/// `show environment` tells the same. Method: the inlet from 32 to 97 degrees in 65 s and back.
#[test]
fn a_sensor_crosses_its_thresholds() {
    let mut router = Router::new("");
    let ramp = ramp(97, 65, Some(5));
    stimulus(&mut router, Stimulus::Temperature { ramp, sensor: None });
    router.wait_ms(50_000);
    let shown = router.exec("show environment");
    let row =
        " R0          Temp: inlet     Major           82   Celsius \t(56,66,96,98)(Celsius)\n";
    assert!(shown.contains(row), "{shown}");
    assert!(shown.contains("Number of Major alarms:     1\n"), "{shown}");
    router.wait_ms(550_000);
    let want = [
        "24000 %IOSXE_RP_ALARM-6-INFO: ASSERT MINOR Temp: inlet R0 Temp Above Normal (Minor)",
        "34000 %IOSXE_RP_ALARM-6-INFO: ASSERT MAJOR Temp: inlet R0 Temp Above Normal (Major)",
        "64000 %CMRP_ENVMON-3-TEMP_WARN_CRITICAL: R0/0: cmand: WARNING: Temp: inlet temperature \
         sensor on R0 is in a critical state reading 96",
        "71000 %IOSXE_RP_ALARM-6-INFO: CLEAR CRITICAL Temp: inlet R0 Temp Above Normal (Critical)",
        "101000 %IOSXE_RP_ALARM-6-INFO: CLEAR MAJOR Temp: inlet R0 Temp Above Normal (Major)",
        "111000 %IOSXE_RP_ALARM-6-INFO: CLEAR MINOR Temp: inlet R0 Temp Above Normal (Minor)",
    ];
    assert_eq!(router.messages(), want);
}

/// Goal: what stays too hot goes down, and is as hot when it comes up again; what cools in time
/// stays. Method: 99 degrees for ever, and for a minute.
#[test]
fn too_much_heat_is_a_shutdown() {
    let mut router = Router::new("");
    let hot = |hold| Stimulus::Temperature { ramp: ramp(99, 0, hold), sensor: None };
    stimulus(&mut router, hot(Some(60)));
    router.wait_ms(600_000);
    assert!(!router.device.is_down());
    router.messages();
    stimulus(&mut router, hot(None));
    router.wait_ms(301_000);
    assert!(router.device.is_down());
    router.wait_ms(60_000);
    assert!(!router.device.is_down());
    let pending = |message: &&String| message.contains("TEMP_SYS_SHUTDOWN_PENDING");
    assert_eq!(router.messages().iter().filter(pending).count(), 2);
}

/// Goal: a supply says what becomes of it, and the inventory knows. Method: all three states.
#[test]
fn power_supplies_come_and_go() {
    let mut router = Router::new("");
    let set = |state| Stimulus::PowerSupply { slot: 1, state };
    stimulus(&mut router, set(SupplyState::Failed));
    stimulus(&mut router, set(SupplyState::Failed));
    assert!(router.exec("show environment").contains("Number of Critical alarms:  1\n"));
    stimulus(&mut router, set(SupplyState::Removed));
    let shown = router.exec("show inventory | include NAME: .Power");
    assert_eq!(shown, "NAME: \"Power Supply Module 0\", DESCR: \"450W AC Power Supply\"\n");
    stimulus(&mut router, set(SupplyState::Ok));
    assert_eq!(
        router.exec("show inventory | count NAME: .Power").trim(),
        "Number of lines which match regexp = 2"
    );
    let want = [
        "0 %IOSXE_PEM-3-PEMFAIL: The PEM in slot P1 is switched off or encountering a failure \
         condition.",
        "0 %IOSXE_PEM-6-REMPEM_FM: PEM/FM slot P1 removed",
        "0 %IOSXE_PEM-6-INSPEM_FM: PEM/FM slot P1 inserted",
        "0 %IOSXE_PEM-6-PEMOK: The PEM in slot P1 is functioning properly",
    ];
    assert_eq!(router.messages(), want);
}

/// Goal: the ports of a drawn module are down and dark, whatever is typed and however their wires
/// change, and follow their wires when it is back; a reload meanwhile changes nothing of that.
/// Method: draw, let one wire die, type, reload, put back.
#[test]
fn a_module_takes_its_ports_along() {
    let mut router = Router::new("");
    stimulus(&mut router, Stimulus::Module { is_in: false });
    router.wait_ms(2_000);
    let messages = router.messages();
    let want = [
        "0 %IOSXE_OIR-6-REMSPA: SPA removed from subslot 0/0, interfaces disabled",
        "0 %SPA_OIR-6-OFFLINECARD: SPA (C8000V-4xvNIC) offline in subslot 0/0",
        "0 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1, changed state to down",
    ];
    assert_eq!(messages[..3], want);
    assert_eq!(messages.len(), 10);
    router.carrier("GigabitEthernet2", false, None);
    router.configure(&["interface GigabitEthernet1", "shutdown", "no shutdown"]);
    router.tell(Input::Reload { reason: "", boot: None, trace: None });
    router.wait_ms(62_000);
    let up = "show ip interface brief | include up +up";
    assert_eq!(router.exec(up), "");
    assert!(!router.device.sends("GigabitEthernet1"));
    router.seen.clear();
    stimulus(&mut router, Stimulus::Module { is_in: true });
    router.wait_ms(2_000);
    let lit = |(_, output): &&(_, Output)| matches!(output, Output::Carrier { up: true, .. });
    assert_eq!(router.seen.iter().filter(lit).count(), 4);
    let shown = router.exec(up);
    assert_eq!(shown.lines().count(), 3, "{shown}");
    assert!(!shown.contains("GigabitEthernet2"), "{shown}");
}

/// Goal: counters grow evenly and stay, their sum is that of IOS, and other interfaces count
/// nothing. Method: two growths that overlap, looked at on the way and after.
#[test]
fn counters_grow() {
    let mut router = Router::new("");
    let interface = "GigabitEthernet1";
    let over = Duration::from_secs(10);
    let more = |counter, more| Stimulus::Counter { interface, counter, more, over };
    let shown = |router: &mut Router| {
        router.exec("show interfaces GigabitEthernet1 | include input errors|Total output drops")
    };
    stimulus(&mut router, more(Counter::Crc, 100));
    stimulus(&mut router, more(Counter::InputErrors, 10));
    stimulus(&mut router, more(Counter::OutputDrops, 7));
    router.wait_ms(5_000);
    stimulus(&mut router, more(Counter::Crc, 100));
    let want = "  Input queue: 0/375/0/0 (size/max/drops/flushes); Total output drops: 3\n     \
                55 input errors, 50 CRC, 0 frame, 0 overrun, 0 ignored\n";
    assert_eq!(shown(&mut router), want);
    router.wait_ms(3_600_000);
    stimulus(&mut router, more(Counter::Frame, 1));
    let want = "  Input queue: 0/375/0/0 (size/max/drops/flushes); Total output drops: 7\n     \
                210 input errors, 200 CRC, 0 frame, 0 overrun, 0 ignored\n";
    assert_eq!(shown(&mut router), want);
    let other = router.exec("show interfaces GigabitEthernet2 | include input errors");
    assert!(other.starts_with("     0 input errors, 0 CRC"), "{other}");
}

/// Goal: a rate is what passes: bytes follow from it, the mean of five minutes and the load of the
/// line too, and it ends with the line protocol. Method: 400 Mbit/s for ten minutes, then a dead
/// wire for ten.
#[test]
fn rates_make_bytes() {
    let mut router = Router::new("");
    let interface = "GigabitEthernet1";
    let ramp = Ramp { to_milli: 400_000_000_000, over: Duration::ZERO, hold: None };
    stimulus(&mut router, Stimulus::Rate { interface, direction: Direction::Input, ramp });
    router.wait_ms(600_000);
    let command = "show interfaces GigabitEthernet1 | include packets input|input rate|rxload";
    let want = "     reliability 255/255, txload 1/255, rxload 102/255\n  \
                5 minute input rate 400000000 bits/sec, 100000 packets/sec\n     \
                60000000 packets input, 30000000000 bytes, 0 no buffer\n";
    assert_eq!(router.exec(command), want);
    router.carrier(interface, false, None);
    router.wait_ms(600_000);
    let want = "     reliability 255/255, txload 1/255, rxload 1/255\n  \
                5 minute input rate 0 bits/sec, 0 packets/sec\n     \
                60000000 packets input, 30000000000 bytes, 0 no buffer\n";
    assert_eq!(router.exec(command), want);
}
