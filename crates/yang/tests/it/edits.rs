//! Edits: RFC 6241 section 7.2.

use yang::Operation::{self, Merge, Nothing, Replace};
use yang::apply;

use crate::support::{SCHEMA, read_short, short};

const HOST: &str = "<native><hostname>R1</hostname></native>";
const A: &str = "<port><name>a</name><description>one</description></port>";

/// What the ports are after an edit of them, or what is said. Before it there is a port `a` with a
/// description.
fn edited(default: Operation, edit: &str) -> String {
    let mut data = read_short(&format!("<ports>{A}</ports>{HOST}")).unwrap();
    let edit = read_short(&format!("<ports>{edit}</ports>")).unwrap();
    match apply(&SCHEMA, &mut data, &edit, default) {
        Ok(()) => short(&data).replace(HOST, "").replace("<ports>", "").replace("</ports>", ""),
        Err(error) => error.to_string(),
    }
}

/// Goal: each operation, on what is there and on what is not. Method: a table: the default, the
/// edit, what the ports are then or what is said.
#[test]
fn operations() {
    let table = [
        (
            Merge,
            "<port><name>a</name><enabled>false</enabled></port>",
            "<port><name>a</name><description>one</description><enabled>false</enabled></port>",
        ),
        (Merge, "<port><name>b</name></port>", &format!("{A}<port><name>b</name></port>")),
        (
            Merge,
            "<port nc:operation='replace'><name>a</name><enabled>false</enabled></port>",
            "<port><name>a</name><enabled>false</enabled></port>",
        ),
        (
            Merge,
            "<port nc:operation='create'><name>a</name></port>",
            "data-exists: port is there already at /ports/port[name='a']",
        ),
        (
            Merge,
            "<port nc:operation='delete'><name>z</name></port>",
            "data-missing: port is not there at /ports/port[name='z']",
        ),
        (Merge, "<port nc:operation='remove'><name>z</name></port>", A),
        (
            Merge,
            "<port><name>a</name><description nc:operation='delete'/></port>",
            "<port><name>a</name></port>",
        ),
        (
            Merge,
            "<port><name>a</name><enabled nc:operation='delete'/></port>",
            "data-missing: enabled is not there at /ports/port[name='a']/enabled",
        ),
        (Merge, "<port nc:operation='delete'><name>a</name></port>", ""),
        (
            Merge,
            "<port><name nc:operation='delete'>a</name></port>",
            "bad-attribute: a key goes with its entry alone at /ports/port[name='a']/name",
        ),
        (
            Nothing,
            "<port><name>a</name><enabled nc:operation='merge'>true</enabled></port>",
            "<port><name>a</name><description>one</description><enabled>true</enabled></port>",
        ),
        (
            Nothing,
            "<port><name>z</name></port>",
            "data-missing: port is not there at /ports/port[name='z']",
        ),
        (Replace, "<port><name>c</name></port>", "<port><name>c</name></port>"),
        (
            Merge,
            "<count>5</count>",
            "invalid-value: this is state, and cannot be configured at /ports/count",
        ),
    ];
    for (default, edit, want) in table {
        assert_eq!(edited(default, edit), want, "{default:?} {edit}");
    }
}

/// Goal: one case of a choice takes the place of the other, and goes without bringing it back.
/// Method: edits one behind the other.
#[test]
fn choices() {
    let mut data = Vec::new();
    let steps = [
        ("<input>ssh</input><input>telnet</input>", "<input>ssh</input><input>telnet</input>"),
        ("<all/>", "<all/>"),
        ("<input>ssh</input>", "<input>ssh</input>"),
        ("<all nc:operation='remove'/>", "<input>ssh</input>"),
        ("<input nc:operation='delete'>ssh</input>", ""),
    ];
    for (edit, want) in steps {
        let whole =
            |inner: &str| format!("<native><line><transport>{inner}</transport></line></native>");
        let edit = read_short(&whole(edit)).unwrap();
        apply(&SCHEMA, &mut data, &edit, Merge).unwrap();
        let want = if want.is_empty() { String::new() } else { whole(want) };
        assert_eq!(short(&data), want);
    }
}
