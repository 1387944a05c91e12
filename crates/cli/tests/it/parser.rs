//! What lines mean: abbreviations, the three refusals and the place of the caret.

use cli::Parsed;

use crate::commands::{GRAMMAR, Mode};

/// A line's meaning as one text: the expanded command, or the refusal with its column.
fn meaning(mode: Mode, privilege: u8, line: &str) -> String {
    match GRAMMAR.parse(mode, privilege, line) {
        Parsed::Empty => "empty".into(),
        Parsed::Command(found) => found.args.expanded().to_owned(),
        Parsed::Ambiguous => "ambiguous".into(),
        Parsed::Incomplete => "incomplete".into(),
        Parsed::Invalid { column } => format!("invalid at {column}"),
    }
}

fn check(mode: Mode, line: &str, want: &str) {
    assert_eq!(meaning(mode, 15, line), want, "{line}");
}

/// Goal: the rules of iosxe-cli.md, section 2, for EXEC. Method: a table of lines.
#[test]
fn exec_lines() {
    let table = [
        ("show clock", "show clock"),
        ("sh cl", "show clock"),
        ("SHOW Clock", "show clock"),
        ("  sh   cl  ", "show clock"),
        ("sh cl det", "show clock detail"),
        ("sh ip int br", "show ip interface brief"),
        // An exact word wins over longer ones.
        ("sh ip route", "show ip route"),
        ("sh ipv route", "show ipv6 route"),
        ("sh i route", "ambiguous"),
        ("s", "ambiguous"),
        ("e", "ambiguous"),
        ("show", "incomplete"),
        ("show ip", "incomplete"),
        ("terminal length", "incomplete"),
        ("term len 0", "terminal length 0"),
        ("term len 512", "terminal length 512"),
        ("term len 513", "invalid at 9"),
        ("term len x", "invalid at 9"),
        ("show bogus-thing", "invalid at 5"),
        ("show clockwork", "invalid at 10"),
        ("show clock now", "invalid at 11"),
        ("show clock detail x", "invalid at 18"),
        ("shw ip int br", "invalid at 2"),
        ("bogus", "invalid at 0"),
        ("sh int gi1", "show interfaces GigabitEthernet1"),
        ("sh int Gi 1 desc", "show interfaces GigabitEthernet1 description"),
        ("sh int desc", "show interfaces description"),
        ("sh int gi", "incomplete"),
        ("sh int gix", "invalid at 9"),
        ("sh int gi x", "invalid at 10"),
        ("ping 10.0.0.1", "ping 10.0.0.1"),
        ("ping 10.0.0.1 size 100 repeat 2", "ping 10.0.0.1 size 100 repeat 2"),
        ("ping 10.0.0.1 repeat 2 repeat 3", "invalid at 23"),
        ("ping 10.0.0", "invalid at 5"),
        ("send log a  b | c ?", "send log a  b | c ?"),
        ("", "empty"),
        ("   ", "empty"),
        ("! a comment", "empty"),
        ("shöw", "invalid at 2"),
    ];
    for (line, want) in table {
        check(Mode::Exec, line, want);
    }
}

/// Goal: `no` and `default`, values, and the carets of public captures. Method: a table of lines.
#[test]
fn configuration_lines() {
    let table = [
        ("hostname R2", "hostname R2"),
        ("host \"a b\"", "invalid at 5"),
        ("no hostname", "no hostname"),
        ("no host R2", "no hostname R2"),
        ("default hostname", "default hostname"),
        ("int lo0", "interface Loopback0"),
        ("no int loopback 0", "no interface Loopback0"),
        ("ip address 10.0.0.1 255.255.255.0", "ip address 10.0.0.1 255.255.255.0"),
        ("ip address 10.0.0.1 255.0.255.0", "invalid at 20"),
        ("ip address 10.0.0.1", "incomplete"),
        ("no ip address", "no ip address"),
        (
            "no ip address 10.0.0.1 255.255.255.0 sec",
            "no ip address 10.0.0.1 255.255.255.0 secondary",
        ),
        ("no username admin", "no username admin"),
        ("no username", "no username"),
        ("username admin", "incomplete"),
        ("no ip", "incomplete"),
        ("no", "incomplete"),
        ("shut", "shutdown"),
        ("no shut", "no shutdown"),
        ("s", "ambiguous"),
        ("description  two  words  ", "description two  words"),
        ("log buf", "ambiguous"),
        ("logg buf", "logging buffered"),
        // Public captures: under the h, since s still fits snmp-server; under the first digit.
        ("show running-config", "invalid at 2"),
        ("logging 0255.255.1", "invalid at 8"),
        ("ip bandwidth-percent", "invalid at 3"),
        ("interfaze Loopback1", "invalid at 7"),
        ("no bogus", "invalid at 3"),
    ];
    for (line, want) in table {
        check(Mode::Config, line, want);
    }
}

/// Goal: what is above a level looks unknown. Method: the same line at two levels.
#[test]
fn commands_above_the_level_are_unknown() {
    assert_eq!(meaning(Mode::Exec, 1, "show running-config"), "invalid at 5");
    assert_eq!(meaning(Mode::Exec, 15, "show running-config"), "show running-config");
    assert_eq!(meaning(Mode::Exec, 1, "configure terminal"), "invalid at 0");
}

/// Goal: handlers find values under their names. Method: one line each.
#[test]
fn values_have_names_and_columns() {
    let Parsed::Command(found) = GRAMMAR.parse(Mode::Config, 15, "ip add 10.0.0.1 255.0.0.0 sec")
    else {
        panic!("the line is a command");
    };
    let args = found.args;
    assert_eq!(args.ipv4("address"), "10.0.0.1".parse().ok());
    assert_eq!(args.ipv4("mask"), "255.0.0.0".parse().ok());
    assert!(args.has("secondary") && args.has("ip") && !args.has("mask"));
    assert_eq!((args.column("mask"), args.column("absent")), (16, 29));
    assert_eq!(args.text("mask"), None);

    let Parsed::Command(found) = GRAMMAR.parse(Mode::Config, 15, "username a secret b c") else {
        panic!("the line is a command");
    };
    assert_eq!(found.args.text("secret"), Some("b c"));
}

/// Goal: a line can be told without the values of some parameters, and whether a value ends it.
/// Method: a table; what is hidden here is called `secret`, which is a keyword as well.
#[test]
fn values_can_be_hidden() {
    let table = [
        ("user a sec b  c", "username a secret *", true),
        ("no username a", "no username a", true),
        ("hostname secret", "hostname secret", true),
        ("no ip add", "no ip address", false),
        ("int gi 1", "interface GigabitEthernet1", false),
        ("ip add 10.0.0.1 255.0.0.0", "ip address 10.0.0.1 255.0.0.0", true),
        ("ip add 10.0.0.1 255.0.0.0 sec", "ip address 10.0.0.1 255.0.0.0 secondary", false),
    ];
    for (line, want, ends_with_value) in table {
        let Parsed::Command(found) = GRAMMAR.parse(Mode::Config, 15, line) else {
            panic!("{line} is a command");
        };
        assert_eq!(found.args.expanded_hiding(|name| name == "secret", "*"), want);
        assert_eq!(found.args.ends_with_value(), ends_with_value, "{line}");
    }
}
