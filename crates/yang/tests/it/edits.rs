//! Edits: RFC 6241 section 7.2.

use yang::{Operation, apply};

use crate::support::{SCHEMA, read, xml};

/// Goal: each operation, on what is there and on what is not. Method: a table: the default, the
/// edit, what the data is then or what is said. The data is a port `a` with a description, and a
/// hostname.
#[test]
fn operations() {
    let port = |inner: &str| format!("<ports xmlns='urn:ports'>{inner}</ports>");
    let host = "<native xmlns=\"urn:native\"><hostname>R1</hostname></native>";
    let a = "<port><name>a</name><description>one</description></port>";
    let table = [
        (
            Operation::Merge,
            port("<port><name>a</name><enabled>false</enabled></port>"),
            "<port><name>a</name><description>one</description><enabled>false</enabled></port>"
                .to_owned(),
        ),
        (
            Operation::Merge,
            port("<port><name>b</name></port>"),
            format!("{a}<port><name>b</name></port>"),
        ),
        (
            Operation::Merge,
            port("<port nc:operation='replace'><name>a</name><enabled>false</enabled></port>"),
            "<port><name>a</name><enabled>false</enabled></port>".to_owned(),
        ),
        (
            Operation::Merge,
            port("<port nc:operation='create'><name>a</name></port>"),
            "data-exists: port is there already at /ports/port[name='a']".to_owned(),
        ),
        (
            Operation::Merge,
            port("<port nc:operation='delete'><name>z</name></port>"),
            "data-missing: port is not there at /ports/port[name='z']".to_owned(),
        ),
        (Operation::Merge, port("<port nc:operation='remove'><name>z</name></port>"), a.to_owned()),
        (
            Operation::Merge,
            port("<port><name>a</name><description nc:operation='delete'/></port>"),
            "<port><name>a</name></port>".to_owned(),
        ),
        (
            Operation::Merge,
            port("<port nc:operation='delete'><name>a</name></port>"),
            String::new(),
        ),
        (
            Operation::Nothing,
            port("<port><name>a</name><enabled nc:operation='merge'>true</enabled></port>"),
            "<port><name>a</name><description>one</description><enabled>true</enabled></port>"
                .to_owned(),
        ),
        (
            Operation::Nothing,
            port("<port><name>z</name></port>"),
            "data-missing: port is not there at /ports/port[name='z']".to_owned(),
        ),
        (
            Operation::Replace,
            port("<port><name>c</name></port>"),
            "<port><name>c</name></port>".to_owned(),
        ),
        (
            Operation::Merge,
            port("<count>5</count>"),
            "invalid-value: this is state, and cannot be configured at /ports/count".to_owned(),
        ),
    ];
    for (default, edit, want) in table {
        let mut data = read(&format!("<ports xmlns='urn:ports'>{a}</ports>{host}")).unwrap();
        let edit_of = read(&edit).unwrap();
        let got = match apply(&SCHEMA, &mut data, &edit_of, default) {
            Ok(()) => xml(&data),
            Err(error) => error.to_string(),
        };
        let whole = match want.starts_with('<') {
            true => format!("<ports xmlns=\"urn:ports\">{want}</ports>{host}"),
            false if want.is_empty() => host.to_owned(),
            false => want,
        };
        assert_eq!(got, whole, "{default:?} {edit}");
    }
}
