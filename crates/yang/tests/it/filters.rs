//! Subtree filters and paths.

use yang::{Filter, Path, select};

use crate::support::{SCHEMA, long, read_short, short};

const DATA: &str = "<ports>\
    <port><name>a</name><description>one</description><enabled>true</enabled></port>\
    <port><name>b</name><enabled>false</enabled></port></ports>\
    <native><hostname>R1</hostname></native>";

/// Goal: RFC 6241 section 6, case by case. Method: a table: filter, what is selected.
#[test]
fn subtree_filters() {
    let host = "<native><hostname>R1</hostname></native>";
    let described = "<ports><port><name>a</name><description>one</description></port></ports>";
    let names = "<ports><port><name>a</name></port><port><name>b</name></port></ports>";
    let table = [
        ("", ""),
        ("<native/>", host),
        ("<native xmlns=''/>", host),
        ("<native xmlns='urn:other'/>", ""),
        (
            "<ports><port><name>b</name></port></ports>",
            "<ports><port><name>b</name><enabled>false</enabled></port></ports>",
        ),
        ("<ports><port><name>a</name><description/></port></ports>", described),
        ("<ports><port><name/></port></ports>", names),
        ("<ports><port><description/></port></ports>", described),
        ("<ports><port><name>c</name></port></ports>", ""),
        (
            "<ports><port><name>a</name></port><port><name>b</name><name/></port></ports>",
            "<ports><port><name>a</name><description>one</description><enabled>true</enabled>\
             </port><port><name>b</name></port></ports>",
        ),
    ];
    let data = read_short(DATA).unwrap();
    for (filter, want) in table {
        let text = format!("<filter>{}</filter>", long(filter));
        let document = roxmltree::Document::parse(&text).unwrap();
        let filter = Filter::Subtree(document.root_element());
        assert_eq!(short(&select(&SCHEMA, &data, &filter)), want, "{text}");
    }
}

/// Goal: paths select what they lead to. Method: a table.
#[test]
fn paths() {
    let host = "<native><hostname>R1</hostname></native>";
    let both = "<ports><port><name>a</name><enabled>true</enabled></port>\
        <port><name>b</name><enabled>false</enabled></port></ports>";
    let b = "<ports><port><name>b</name><enabled>false</enabled></port></ports>";
    let table = [
        ("/native/hostname", host),
        ("/n:native", host),
        ("/q:native", host),
        ("/z:native", ""),
        ("/ports/port/enabled", both),
        ("//enabled", both),
        ("/ports/port[name='b']/enabled", b),
        ("/ports/*[name='b']", b),
        ("/native/nothing", ""),
    ];
    let data = read_short(DATA).unwrap();
    for (path, want) in table {
        let prefixes = vec![("q".to_owned(), "urn:native".to_owned())];
        let filter = Filter::Paths(Path::read(path).unwrap(), prefixes);
        assert_eq!(short(&select(&SCHEMA, &data, &filter)), want, "{path}");
    }
}
