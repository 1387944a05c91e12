//! Lines and values, both ways.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use super::*;

fn shown(said: &Said) -> String {
    let one = |(slot, value): &(Slot, String)| {
        format!("{}{}={value}", "../".repeat(slot.up), slot.path.join("/"))
    };
    let mut all: Vec<String> = said.values.iter().map(one).collect();
    if !said.is_on {
        all.insert(0, "off".to_owned());
    }
    all.join(" ")
}

/// Numbers where a slot wants one.
fn fits(slot: &Slot, value: &str) -> bool {
    let wants_number = slot.path.last().is_some_and(|name| name == "metric" || name == "n");
    !wants_number || value.parse::<u32>().is_ok()
}

/// Goal: a line gives its values, and the values give the line. Method: a table.
#[test]
fn lines_and_values() {
    let acl = "permit ({?any} | host {host} | {address} {wild}) [eq {port}] \
        ({?to-any=any} | host {to}) [{?log}]";
    let table = [
        ("hostname {}", "hostname R1", Some("=R1")),
        ("hostname {}", "hostname", None),
        ("hostname {}", "hostname R1 x", None),
        ("description {...}", "description a b  c", Some("=a b  c")),
        ("banner motd ^C{...}^C", "banner motd ^Ca\n b^C", Some("=a\n b")),
        ("interface Loopback{name} >", "interface Loopback7", Some("name=7")),
        ("interface Loopback{name} >", "interface Loopback", None),
        ("ip address {ip} {l:mask}", "ip address 10.0.0.1 255.255.255.0", Some("ip=10.0.0.1 l=24")),
        ("ip address {ip} {l:mask}", "ip address 10.0.0.1 255.0.255.0", None),
        ("transport input {in*}", "transport input telnet ssh", Some("in=telnet in=ssh")),
        ("transport input {in*}", "transport input", None),
        (
            "ip route {../p} {fwd} [{metric}] [tag {tag}] [{?permanent}]",
            "ip route 10.0.0.0 10.1.1.1 permanent",
            Some("../p=10.0.0.0 fwd=10.1.1.1 permanent="),
        ),
        (
            "ip route {../p} {fwd} [{metric}] [tag {tag}] [{?permanent}]",
            "ip route 10.0.0.0 10.1.1.1 7 tag 5",
            Some("../p=10.0.0.0 fwd=10.1.1.1 metric=7 tag=5"),
        ),
        ("user {u} [secret [{n}] {s}]", "user a secret 9 x", Some("u=a n=9 s=x")),
        ("user {u} [secret [{n}] {s}]", "user a secret x", Some("u=a s=x")),
        ("user {u} [secret [{n}] {s}]", "user a", Some("u=a")),
        (acl, "permit any any", Some("any= to-any=")),
        (
            acl,
            "permit host 10.0.0.1 eq 80 host 10.0.0.2 log",
            Some("host=10.0.0.1 port=80 to=10.0.0.2 log="),
        ),
        (acl, "permit 10.0.0.0 0.0.0.255 any", Some("address=10.0.0.0 wild=0.0.0.255 to-any=")),
        (acl, "permit any", None),
        ("[no] ip http server", "ip http server", Some("")),
        ("[no] ip http server", "no ip http server", Some("off")),
        ("!no cdp enable", "no cdp enable", Some("off")),
        (
            "action {name} puts {t:quoted}",
            "action 1 puts \"a \\\"b\\\"\"",
            Some("name=1 t=a \"b\""),
        ),
    ];
    for (template, line, want) in table {
        let read = Template::read(template).expect(template);
        let said = read.matches(line, &fits);
        assert_eq!(said.as_ref().map(shown).as_deref(), want, "{template}: {line}");
        if let Some(said) = said {
            let of = |slot: &Slot| {
                let same =
                    |(known, _): &&(Slot, String)| (known.up, &known.path) == (slot.up, &slot.path);
                said.values.iter().filter(same).map(|(_, value)| value.clone()).collect()
            };
            assert_eq!(read.line(said.is_on, &of).as_deref(), Some(line), "{template}");
        }
    }
}

/// Goal: no value makes a line of several words or lines out of one. Method: a table.
#[test]
fn values_stay_in_their_place() {
    let table = [
        ("username {}", "a privilege 15", None),
        ("username {}", "", None),
        ("puts {:quoted}", "a\" b", Some("puts \"a\\\" b\"")),
        ("puts {:quoted}", "a\\", None),
        ("description {...}", "a b", Some("description a b")),
    ];
    for (template, value, want) in table {
        let read = Template::read(template).expect(template);
        let line = read.line(true, &|_| vec![value.to_owned()]);
        assert_eq!(line.as_deref(), want, "{template} {value:?}");
    }
}

/// Goal: a template that is none says why. Method: a table.
#[test]
fn templates_are_checked() {
    let table = [
        ("x {y", "a brace is never closed"),
        ("x [y", "a bracket is never closed"),
        ("x y]", "a bracket is closed that was not opened"),
        ("x (y)", "only one case in parentheses"),
        ("x {y:loud}", "unknown form loud"),
        ("x {y}z", "nothing can follow a value: z"),
    ];
    for (template, want) in table {
        assert_eq!(Template::read(template), Err(want.to_owned()), "{template}");
    }
}
