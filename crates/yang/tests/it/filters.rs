//! Subtree filters and paths.

use yang::{Filter, Path, select};

use crate::support::{SCHEMA, read, xml};

const DATA: &str = "<ports xmlns='urn:ports'>\
    <port><name>a</name><description>one</description><enabled>true</enabled></port>\
    <port><name>b</name><enabled>false</enabled></port></ports>\
    <native xmlns='urn:native'><hostname>R1</hostname></native>";

/// Goal: RFC 6241 section 6, case by case. Method: a table: filter, what is selected.
#[test]
fn subtree_filters() {
    let table = [
        ("", ""),
        (
            "<native xmlns='urn:native'/>",
            "<native xmlns=\"urn:native\"><hostname>R1</hostname></native>",
        ),
        ("<native/>", "<native xmlns=\"urn:native\"><hostname>R1</hostname></native>"),
        ("<native xmlns='urn:other'/>", ""),
        (
            "<ports xmlns='urn:ports'><port><name>b</name></port></ports>",
            "<ports xmlns=\"urn:ports\"><port><name>b</name><enabled>false</enabled></port></ports>",
        ),
        (
            "<ports xmlns='urn:ports'><port><name>a</name><description/></port></ports>",
            "<ports xmlns=\"urn:ports\"><port><name>a</name><description>one</description></port></ports>",
        ),
        (
            "<ports xmlns='urn:ports'><port><name/></port></ports>",
            "<ports xmlns=\"urn:ports\"><port><name>a</name></port><port><name>b</name></port></ports>",
        ),
        (
            "<ports xmlns='urn:ports'><port><description/></port></ports>",
            "<ports xmlns=\"urn:ports\"><port><name>a</name><description>one</description></port></ports>",
        ),
        ("<ports xmlns='urn:ports'><port><name>c</name></port></ports>", ""),
        (
            "<ports xmlns='urn:ports'><port><name>a</name></port><port><name>b</name><name/></port></ports>",
            "<ports xmlns=\"urn:ports\"><port><name>a</name><description>one</description>\
             <enabled>true</enabled></port><port><name>b</name></port></ports>",
        ),
    ];
    let data = read(DATA).unwrap();
    for (filter, want) in table {
        let text = format!("<filter>{filter}</filter>");
        let document = roxmltree::Document::parse(&text).unwrap();
        let filter = Filter::Subtree(document.root_element());
        assert_eq!(xml(&select(&SCHEMA, &data, &filter)), want, "{text}");
    }
}

/// Goal: paths select what they lead to. Method: a table.
#[test]
fn paths() {
    let both = "<ports xmlns=\"urn:ports\"><port><name>a</name><enabled>true</enabled></port>\
        <port><name>b</name><enabled>false</enabled></port></ports>";
    let table = [
        ("/native/hostname", "<native xmlns=\"urn:native\"><hostname>R1</hostname></native>"),
        ("/n:native", "<native xmlns=\"urn:native\"><hostname>R1</hostname></native>"),
        ("/q:native", "<native xmlns=\"urn:native\"><hostname>R1</hostname></native>"),
        ("/z:native", ""),
        ("/ports/port/enabled", both),
        ("//enabled", both),
        (
            "/ports/port[name='b']/enabled",
            "<ports xmlns=\"urn:ports\"><port><name>b</name><enabled>false</enabled></port></ports>",
        ),
        (
            "/ports/*[name='b']",
            "<ports xmlns=\"urn:ports\"><port><name>b</name><enabled>false</enabled></port></ports>",
        ),
        ("/native/nothing", ""),
    ];
    let data = read(DATA).unwrap();
    for (path, want) in table {
        let prefixes = vec![("q".to_owned(), "urn:native".to_owned())];
        let filter = Filter::Paths(Path::read(path).unwrap(), prefixes);
        assert_eq!(xml(&select(&SCHEMA, &data, &filter)), want, "{path}");
    }
}
