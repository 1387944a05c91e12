//! Agreement: whatever has happened to a router, all its show commands tell the same of it, and
//! what they tell is the model.
//!
//! Small readers take from each output what it says of an interface, a route, a neighbour, a user,
//! a time. Nothing is compared with a text that was kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use cli::InterfaceName;
use iosxe::{Beat, Counter, Hello, Input, SessionKind, Stimulus};
use proptest::prelude::*;
use simtime::Duration;

use crate::driver::Router;

const STARTUP: &str = "\
hostname R1
username admin privilege 15 password admin
cdp run
lldp run
interface GigabitEthernet1
 ip address 10.0.1.1 255.255.255.0
";

/// Something that happens.
#[derive(Clone, Debug)]
enum Event {
    /// Lines at the console, the first of which may lead into a mode.
    Configure(Vec<String>),
    /// A wire of this port dies, or comes back.
    Carrier(u8, bool),
    /// So many more frames with a bad check sum.
    Crc(u8, u64),
    /// A neighbour of this number is heard at the port, or nobody any more.
    Heard(u8, Option<u8>),
    /// Seconds pass.
    Wait(u64),
    /// Somebody logs in and stays.
    Login,
}

/// What one source says of an interface; `None` where it does not speak of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Told {
    status: Option<String>,
    protocol: Option<String>,
    /// `10.0.0.1`; empty for none.
    address: Option<String>,
    /// The length of its prefix.
    length: Option<u8>,
    description: Option<String>,
}

type Interfaces = BTreeMap<InterfaceName, Told>;

fn interface() -> impl Strategy<Value = String> {
    prop_oneof![
        (1u8..5).prop_map(|n| format!("GigabitEthernet{n}")),
        (0u8..3).prop_map(|n| format!("Loopback{n}")),
    ]
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just("shutdown".to_owned()),
        3 => Just("no shutdown".to_owned()),
        4 => (0u8..12, 1u8..4, prop::sample::select(vec![24u32, 25, 30, 32])).prop_map(
            |(net, host, length)| {
                let mask = std::net::Ipv4Addr::from_bits(u32::MAX << (32 - length));
                format!("ip address 10.1.{net}.{host} {mask}")
            }
        ),
        2 => (20u8..30).prop_map(|net| format!("ip address 10.2.{net}.1 255.255.255.0 secondary")),
        1 => Just("no ip address".to_owned()),
        3 => "description [a-z]{1,5}( [a-z]{1,6})?",
        1 => Just("no description".to_owned()),
        1 => (1500u32..9000).prop_map(|mtu| format!("mtu {mtu}")),
        1 => (1u32..100_000).prop_map(|kbit| format!("bandwidth {kbit}")),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let block = (interface(), prop::collection::vec(line(), 1..4)).prop_map(|(name, lines)| {
        let mut all = vec![format!("interface {name}")];
        all.extend(lines);
        Event::Configure(all)
    });
    prop_oneof![
        8 => block,
        1 => "hostname [A-Z][a-z0-9]{0,8}".prop_map(|line| Event::Configure(vec![line])),
        1 => (0u8..3).prop_map(|n| Event::Configure(vec![format!("no interface Loopback{n}")])),
        1 => "username [a-c] privilege [1-9] password [a-z]{3}"
            .prop_map(|line| Event::Configure(vec![line])),
        2 => (1u8..5, any::<bool>()).prop_map(|(port, up)| Event::Carrier(port, up)),
        2 => (1u8..5, 1u64..50).prop_map(|(port, more)| Event::Crc(port, more)),
        2 => (1u8..5, prop::option::of(0u8..3)).prop_map(|(port, who)| Event::Heard(port, who)),
        2 => (1u64..400).prop_map(Event::Wait),
        1 => Just(Event::Login),
    ]
}

fn undergo(router: &mut Router, event: &Event) {
    match event {
        Event::Configure(lines) => {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            router.configure(&lines);
        }
        Event::Carrier(port, up) => router.carrier(&port_name(*port), *up, None),
        Event::Crc(port, more) => {
            let interface = &port_name(*port);
            let (counter, over) = (Counter::Crc, Duration::ZERO);
            let stimulus = Stimulus::Counter { interface, counter, more: *more, over };
            router.tell(Input::Stimulus { stimulus, trace: None });
        }
        Event::Heard(port, who) => {
            let hello = who.map(|who| Arc::new(hello(who)));
            router.tell(Input::Heard { interface: &port_name(*port), hello });
        }
        Event::Wait(seconds) => router.advance(Duration::from_secs(*seconds)),
        Event::Login => {
            if router.device.sessions().len() < 3 {
                router.open(SessionKind::Shell);
            }
        }
    }
}

fn port_name(port: u8) -> String {
    format!("GigabitEthernet{port}")
}

fn hello(who: u8) -> Hello {
    let beat = |every, hold| {
        Some(Beat { every: Duration::from_secs(every), hold: Duration::from_secs(hold) })
    };
    Hello {
        device: format!("N{who}"),
        port: "GigabitEthernet2".to_owned(),
        description: None,
        address: Some([10, 9, who, 2].into()),
        mac: format!("5254.0012.340{who}"),
        platform: "C8000V",
        version: "Cisco IOS Software [Dublin]",
        cdp: beat(60, 180),
        lldp: beat(30, 120),
    }
}

/// `show ip interface brief`
fn brief(text: &str) -> Interfaces {
    let rows = text.lines().skip(1).filter_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, address, _, _, status @ .., protocol] = words.as_slice() else { return None };
        let told = Told {
            status: Some(status.join(" ")),
            protocol: Some((*protocol).to_owned()),
            address: Some(if *address == "unassigned" { "" } else { address }.to_owned()),
            ..Told::default()
        };
        Some((InterfaceName::parse(name)?, told))
    });
    rows.collect()
}

/// Blocks that begin with `NAME is STATUS, line protocol is PROTOCOL`: `show interfaces`, `show ip
/// interface`, `show protocols`.
fn blocks(text: &str) -> Interfaces {
    let mut all = Interfaces::new();
    let mut current = None;
    for line in text.lines() {
        if let Some((name, rest)) = line.split_once(" is ")
            && let Some((status, protocol)) = rest.split_once(", line protocol is ")
            && let Some(name) = InterfaceName::parse(name)
        {
            let protocol = protocol.split_whitespace().next().unwrap_or_default();
            let told = Told {
                status: Some(status.to_owned()),
                protocol: Some(protocol.to_owned()),
                ..Told::default()
            };
            all.insert(name, told);
            current = Some(name);
        }
        let Some(told) = current.and_then(|name| all.get_mut(&name)) else { continue };
        if let Some(address) = line.trim().strip_prefix("Internet address is ") {
            let (address, length) = address.split_once('/').unwrap_or((address, ""));
            told.address = Some(address.to_owned());
            told.length = length.parse().ok();
        }
        if let Some(text) = line.trim().strip_prefix("Description: ") {
            told.description = Some(text.to_owned());
        }
    }
    all
}

/// `show interfaces description`
fn descriptions(text: &str) -> Interfaces {
    let header = text.lines().find(|line| line.starts_with("Interface")).unwrap_or_default();
    let at = |word: &str| header.find(word).unwrap_or(0);
    let (status, protocol, description) = (at("Status"), at("Protocol"), at("Description"));
    let rows = text.lines().skip_while(|line| !line.starts_with("Interface")).skip(1);
    let row = |line: &str| {
        let cut = |from: usize, to: usize| line.get(from..to.min(line.len())).unwrap_or("").trim();
        let status = match cut(status, protocol) {
            "admin down" => "administratively down",
            other => other,
        };
        let told = Told {
            status: Some(status.to_owned()),
            protocol: Some(cut(protocol, description).to_owned()),
            description: Some(cut(description, usize::MAX).to_owned()),
            ..Told::default()
        };
        Some((InterfaceName::parse(cut(0, at("Status")))?, told))
    };
    rows.filter_map(row).collect()
}

/// The interfaces of a running-config: an address, a description; `shutdown` as a status.
fn configured(text: &str) -> Interfaces {
    let mut all = Interfaces::new();
    let mut current = None;
    for line in text.lines() {
        if !line.starts_with(' ') {
            current = line.strip_prefix("interface ").and_then(InterfaceName::parse);
            if let Some(name) = current {
                let (none, empty) = (Some(String::new()), Some(String::new()));
                all.insert(name, Told { address: none, description: empty, ..Told::default() });
            }
            continue;
        }
        let Some(told) = current.and_then(|name| all.get_mut(&name)) else { continue };
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["ip", "address", address, mask] => {
                let mask: std::net::Ipv4Addr = mask.parse().expect("a mask");
                told.address = Some((*address).to_owned());
                told.length = Some(mask.to_bits().count_ones() as u8);
            }
            ["description", rest @ ..] => told.description = Some(rest.join(" ")),
            ["shutdown"] => told.status = Some("administratively down".to_owned()),
            _ => {}
        }
    }
    all
}

/// The networks of `C` and `L` in `show ip route`, each with its interface.
fn connected(text: &str) -> Vec<(String, InterfaceName)> {
    let routes = text.lines().filter_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [_, network, "is", "directly", "connected,", name] => {
                Some(((*network).to_owned(), InterfaceName::parse(name)?))
            }
            _ => None,
        }
    });
    routes.collect()
}

/// All sources about interfaces, each against the model and thus against each other.
fn check_interfaces(router: &mut Router) -> Result<(), TestCaseError> {
    let views = router.device.interfaces();
    let running = configured(&router.device.running_config());
    let sources = [
        ("show ip interface brief", brief(&router.exec("show ip interface brief"))),
        ("show interfaces", blocks(&router.exec("show interfaces"))),
        ("show ip interface", blocks(&router.exec("show ip interface"))),
        ("show protocols", blocks(&router.exec("show protocols"))),
        ("show interfaces description", descriptions(&router.exec("show interfaces description"))),
    ];
    for view in &views {
        let name = InterfaceName::parse(&view.name).expect("a name");
        let address = view.address.map(|address| address.to_string()).unwrap_or_default();
        let config = running.get(&name).cloned().unwrap_or_default();
        prop_assert_eq!(config.address.as_deref(), Some(address.as_str()), "config of {}", name);
        let is_shut = config.status.is_some();
        prop_assert_eq!(is_shut, view.status == "administratively down", "shutdown of {}", name);
        for (command, told) in &sources {
            let Some(told) = told.get(&name) else {
                return Err(TestCaseError::fail(format!("`{command}` does not tell of {name}")));
            };
            let about = format!("{name} in `{command}`");
            prop_assert_eq!(told.status.as_deref(), Some(view.status), "{}", about);
            prop_assert_eq!(told.protocol.as_deref(), Some(view.protocol), "{}", about);
            if let Some(told) = &told.address {
                prop_assert_eq!(told, &address, "{}", about);
            }
            if told.length.is_some() {
                prop_assert_eq!(told.length, config.length, "{}", about);
            }
            if told.description.is_some() {
                prop_assert_eq!(&told.description, &config.description, "{}", about);
            }
        }
        let shown = sources[1].1[&name].description.clone().unwrap_or_default();
        prop_assert_eq!(Some(shown), config.description, "description of {}", name);
    }
    for (command, told) in &sources {
        prop_assert_eq!(told.len(), views.len(), "`{}` tells of others", command);
    }
    check_routes(router, &running)
}

/// An interface that is up has its networks in the table, one that is down has none.
fn check_routes(router: &mut Router, running: &Interfaces) -> Result<(), TestCaseError> {
    let routes = connected(&router.exec("show ip route"));
    for view in router.device.interfaces() {
        let name = InterfaceName::parse(&view.name).expect("a name");
        let own: Vec<&str> =
            routes.iter().filter(|(_, of)| *of == name).map(|(n, _)| &**n).collect();
        let local = view.address.map(|address| format!("{address}/32"));
        match local.filter(|_| view.protocol == "up") {
            None => prop_assert_eq!(&own, &Vec::<&str>::new(), "routes of {}", name),
            Some(local) => {
                // Under a line that says the mask for all of them, none is said again.
                let is = |route: &str, want: &str| {
                    want == route || want.split('/').next() == Some(route)
                };
                prop_assert!(own.iter().any(|route| is(route, &local)), "{} has {:?}", name, own);
                let length = format!("/{}", running[&name].length.unwrap_or(32));
                let is_network = |route: &&str| !route.contains('/') || route.ends_with(&length);
                prop_assert!(own.iter().any(is_network), "{} has {:?}", name, own);
            }
        }
    }
    Ok(())
}

/// What was counted stands in every table that counts it.
fn check_counters(router: &mut Router, crc: &BTreeMap<u8, u64>) -> Result<(), TestCaseError> {
    for port in 1u8..5 {
        let want = crc.get(&port).copied().unwrap_or(0).to_string();
        let text = router.exec(&format!("show interfaces {} | include CRC", port_name(port)));
        let words: Vec<&str> = text.split([' ', ',']).collect();
        let told = words.windows(2).find(|pair| pair[1] == "CRC").map(|pair| pair[0]);
        prop_assert_eq!(told, Some(want.as_str()), "{}", text);
        let errors = text.split_whitespace().next().map(str::to_owned);
        prop_assert_eq!(errors, Some(want), "input errors of port {}", port);
    }
    Ok(())
}

/// Each table of neighbours names the same ones, at the ports where they are heard.
fn check_neighbors(router: &mut Router) -> Result<(), TestCaseError> {
    for (table, detail, id) in [
        ("show cdp neighbors", "show cdp neighbors detail", "Device ID: "),
        ("show lldp neighbors", "show lldp neighbors detail", "System Name: "),
    ] {
        let detail = router.exec(detail);
        let mut named: Vec<&str> =
            detail.lines().filter_map(|line| line.strip_prefix(id)).map(str::trim).collect();
        let short = router.exec(table);
        let is_row = |word: &&str| word.len() == 2 && word.starts_with('N');
        let mut rows: Vec<&str> = short
            .lines()
            .filter_map(|line| line.split_whitespace().next())
            .filter(is_row)
            .collect();
        named.sort_unstable();
        rows.sort_unstable();
        prop_assert_eq!(&rows, &named, "{}", table);
        let total = short.lines().rev().find_map(|line| line.rsplit_once(": "));
        let count = rows.len().to_string();
        prop_assert_eq!(total.map(|(_, n)| n.trim()), Some(count.as_str()), "{}", short);
    }
    Ok(())
}

/// Who is there, what the router is called, how old it is, what time it is.
fn check_system(router: &mut Router) -> Result<(), TestCaseError> {
    let before: Vec<String> = router.device.sessions().iter().map(|s| s.line.clone()).collect();
    let users = router.exec("show users");
    for line in &before {
        prop_assert!(users.contains(line.as_str()), "{} not in\n{}", line, users);
    }
    prop_assert_eq!(users.matches(" vty ").count(), before.len() + 1, "{}", users);
    let config = router.device.running_config();
    let hostname = router.device.hostname().to_owned();
    let hostname_line = format!("\nhostname {hostname}\n");
    prop_assert!(config.contains(&hostname_line), "{}", config);
    for line in config.lines().filter_map(|line| line.strip_prefix("username ")) {
        let words: Vec<&str> = line.split(' ').collect();
        if let [name, "privilege", _, "password", "0", password] = words.as_slice() {
            prop_assert!(router.device.admits(name, password), "{}", line);
        }
    }
    let version = router.exec("show version | include uptime is");
    let seconds = router.now.since(simtime::Time::VIRTUAL_START).as_secs();
    prop_assert!(version.starts_with(&format!("{hostname} uptime is ")), "{}", version);
    let minutes = seconds / 60 % 60;
    if minutes > 1 {
        prop_assert!(version.contains(&format!("{minutes} minutes")), "{} s: {}", seconds, version);
    }
    let clock = router.exec("show clock");
    let (hour, second) = (seconds / 3_600 % 24, seconds % 60);
    let want = format!("{hour:02}:{minutes:02}:{second:02}.");
    prop_assert!(clock.contains(&want), "{} is not {}", clock, want);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Goal: no two show commands contradict each other, or the model. Method: random changes and
    /// stimuli, then every command is asked.
    #[test]
    fn every_show_command_tells_the_same(events in prop::collection::vec(event(), 1..30)) {
        let mut router = Router::new(STARTUP);
        let mut crc: BTreeMap<u8, u64> = BTreeMap::new();
        for event in &events {
            undergo(&mut router, event);
            if let Event::Crc(port, more) = event {
                *crc.entry(*port).or_default() += more;
            }
        }
        // A line protocol that is about to change is shown as it is; a second later it has.
        router.wait_ms(1_500);
        check_interfaces(&mut router)?;
        check_counters(&mut router, &crc)?;
        check_neighbors(&mut router)?;
        check_system(&mut router)?;
    }
}
