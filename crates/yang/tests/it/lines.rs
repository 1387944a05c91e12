//! Data and configuration lines.

use yang::{Line, Operation, Tops, apply, commands, read_lines, write_lines};

use crate::support::{SCHEMA, read, read_short, xml};

fn lines(text: &str) -> Vec<Line> {
    let mut all: Vec<Line> = Vec::new();
    for line in text.lines() {
        let new = Line { text: line.trim().to_owned(), below: Vec::new(), of: None };
        match all.last_mut().filter(|_| line.starts_with(' ')) {
            Some(block) => block.below.push(new),
            None => all.push(new),
        }
    }
    all
}

const CONFIG: &str = "hostname R1
limit 7
interface Loopback0
 description the first
 ip address 10.0.0.1 255.255.255.0
 ip address 10.0.1.1 255.255.255.0 secondary
 ipv6 address 2001:DB8::1/64
 not of the table
interface GigabitEthernet1
 shutdown
ip route 10.9.0.0 255.255.0.0 10.0.0.9 tag 5
ip route 10.9.0.0 255.255.0.0 10.0.0.8
not of the table";

fn data() -> Vec<yang::Element> {
    let kind = |name: &str, element: &yang::Element| match name {
        "type" if element.get("name").is_some_and(|name| name.starts_with("Loop")) => {
            Some("iana-if-type:softwareLoopback".to_owned())
        }
        "six" => Some(String::new()),
        _ => None,
    };
    read_lines(&SCHEMA, &lines(CONFIG), &Tops::All, &kind)
}

/// Goal: lines are data of every module that has them. Method: one configuration.
#[test]
fn lines_are_data() {
    let want = "<ports xmlns=\"urn:ports\"><port><name>Loopback0</name>\
        <description>the first</description><type xmlns:ianaift=\"urn:ietf:params:xml:ns:yang:\
        iana-if-type\">ianaift:softwareLoopback</type><enabled>true</enabled>\
        <address><ip>10.0.0.1</ip><length>24</length></address>\
        <address><ip>10.0.1.1</ip><length>24</length><secondary/></address>\
        <six><address><ip>2001:db8::1</ip>\
        <length>64</length></address></six></port>\
        <port><name>GigabitEthernet1</name><enabled>false</enabled><six/></port></ports>\
        <native xmlns=\"urn:native\"><hostname>R1</hostname>\
        <interface><Loopback><name>0</name></Loopback></interface>\
        <ip><route><to><prefix>10.9.0.0</prefix><mask>255.255.0.0</mask>\
        <via><hop>10.0.0.9</hop><tag>5</tag></via><via><hop>10.0.0.8</hop></via></to></route></ip>\
        <limit xmlns=\"urn:ports\">7</limit></native>";
    assert_eq!(xml(&data()), want);
}

/// Goal: an edit becomes the commands that a person would type. Method: a table: edit, commands.
#[test]
fn edits_are_commands() {
    let port = |inner: &str| format!("<ports xmlns='urn:ports'>{inner}</ports>");
    let native = |inner: &str| format!("<native xmlns='urn:native'>{inner}</native>");
    let table = [
        (native("<hostname>R2</hostname>"), "hostname R2"),
        (
            port("<port><name>Loopback0</name><enabled>false</enabled></port>"),
            "interface Loopback0 / shutdown",
        ),
        (
            port("<port><name>GigabitEthernet1</name><enabled>true</enabled></port>"),
            "interface GigabitEthernet1 / no shutdown",
        ),
        (
            port("<port nc:operation='delete'><name>Loopback0</name></port>"),
            "no interface Loopback0",
        ),
        (
            port("<port><name>Loopback9</name><description>new</description></port>"),
            "interface Loopback9; interface Loopback9 / description new",
        ),
        (
            port(
                "<port><name>Loopback0</name><address nc:operation='remove'><ip>10.0.1.1</ip>\
               </address></port>",
            ),
            "interface Loopback0 / no ip address 10.0.1.1 255.255.255.0 secondary",
        ),
        (
            native(
                "<ip><route><to><prefix>10.9.0.0</prefix><mask>255.255.0.0</mask>\
                 <via nc:operation='delete'><hop>10.0.0.9</hop></via></to></route></ip>",
            ),
            "no ip route 10.9.0.0 255.255.0.0 10.0.0.9 tag 5",
        ),
        (
            native("<interface><Loopback><name>5</name></Loopback></interface>"),
            "interface Loopback5",
        ),
    ];
    for (edit, want) in table {
        let before = data();
        let mut after = before.clone();
        let edit = read(&edit).unwrap();
        apply(&SCHEMA, &mut after, &edit, Operation::Merge).unwrap();
        // A module's own lines: those of another say the same of what did not change.
        let of_edit = |data: &[yang::Element]| {
            let touched = |top: &&yang::Element| edit.iter().any(|change| change.node == top.node);
            write_lines(&data.iter().filter(touched).cloned().collect::<Vec<_>>())
        };
        let all = commands(&of_edit(&before), &of_edit(&after));
        let typed = all.into_iter().map(|c| c.within.into_iter().chain([c.line]));
        let got = typed.map(|c| c.collect::<Vec<_>>().join(" / ")).collect::<Vec<_>>().join("; ");
        assert_eq!(got, want);
    }
}

/// Goal: what cannot stand in a configuration is refused, and what stood there before is not looked
/// at. Method: a table: data before, an edit, what is said.
#[test]
fn data_is_checked() {
    let line = |inner: &str| format!("<native><line>{inner}</line></native>");
    let table = [
        (line("<user><name>a</name><level>7</level></user>"), ""),
        (
            line("<user><name>a b</name></user>"),
            "invalid-value: \"a b\" is not a valid value of name here. at \
             /native/line/user[name='a b']",
        ),
        (
            line("<user><name>a</name><form>x</form></user>"),
            "missing-element: secret is missing at /native/line/user[name='a']",
        ),
        (
            "<native><acl><name>x</name><rule><number>1</number></rule></acl></native>".to_owned(),
            "missing-element: permit is missing at /native/acl[name='x']/rule[number='1']",
        ),
        (
            "<native><interface><Loopback><name>1</name></Loopback></interface></native>"
                .to_owned(),
            "",
        ),
    ];
    for (edit, want) in table {
        let edit = read_short(&edit).unwrap();
        let mut after = Vec::new();
        apply(&SCHEMA, &mut after, &edit, Operation::Merge).unwrap();
        let said =
            yang::check(&[], &after).map_or_else(|error| error.to_string(), |()| String::new());
        assert_eq!(said, want);
        assert_eq!(yang::check(&after, &after), Ok(()));
    }
}

/// Goal: the tables of these tests have a line for every leaf. Method: their own check.
#[test]
fn every_leaf_has_a_line() {
    assert_eq!(SCHEMA.problems(), Vec::<String>::new());
    let table =
        "module m m 2026-01-01 urn:m\nrw top\n  rw a? uint8\n  rw b  | b {c}\n    rw d? string";
    let wrong = yang::Schema::read(&[table]).unwrap().problems();
    assert_eq!(wrong, ["/top/b: no leaf c", "/top/a: no line", "/top/b/d: no line"]);
}
