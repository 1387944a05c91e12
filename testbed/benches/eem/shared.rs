//! What a router holds for twenty applets that a thousand others have too.

use eem::Director;

use crate::bare;

const ROUTERS: usize = 1_000;
const APPLETS: usize = 20;
/// What is aimed at for each router, in KiB.
const AIM_KIB: f64 = 4.0;

pub(crate) fn run() -> bool {
    let names: Vec<String> = (0..APPLETS).map(|nth| format!("APPLET-{nth}")).collect();
    let bodies: Vec<String> = (0..APPLETS).map(body).collect();
    let pairs = || names.iter().map(String::as_str).zip(bodies.iter().map(String::as_str));
    // What is shared, and what the allocator has at hand, is not counted.
    let first: Vec<Director> = (0..ROUTERS / 10).map(|_| bare::director(pairs())).collect();
    let before = resident_bytes();
    let routers: Vec<Director> = (0..ROUTERS).map(|_| bare::director(pairs())).collect();
    let grown = resident_bytes().saturating_sub(before);
    assert_eq!((routers.len(), first.len()), (ROUTERS, ROUTERS / 10));
    let each = grown as f64 / ROUTERS as f64 / 1_024.0;
    crate::at_most(&format!("{APPLETS} applets, for each of {ROUTERS} routers"), each, AIM_KIB)
}

fn body(nth: usize) -> String {
    format!(
        "description the applet of port {nth}
event syslog pattern \"LINK-3-UPDOWN: Interface GigabitEthernet0/{nth}, changed state to down\"
action 1.0 info type routername
action 2.0 cli command \"enable\"
action 3.0 cli command \"show interfaces GigabitEthernet0/{nth} | include error\"
action 3.1 regexp \"([0-9]+) input errors\" \"$_cli_result\" match errors
action 4.0 if $_regexp_result eq \"1\"
action 4.1  syslog priority warnings msg \"$_info_routername: $errors errors on port {nth}\"
action 4.2 end
action 5.0 cli command \"configure terminal\"
action 5.1 cli command \"interface GigabitEthernet0/{nth}\"
action 5.2 cli command \"description looked at\"
action 5.3 cli command \"end\""
    )
}

/// What the process holds of real memory (proc(5), `/proc/self/statm`); 0 where that is not known.
fn resident_bytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or(0) * 4_096
}
