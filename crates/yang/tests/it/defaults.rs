//! Leaves at their default: RFC 6243.

use yang::{add_defaults, trim_defaults, write_xml_tagged};

use crate::support::{SCHEMA, read, xml};

const DATA: &str = "<ports xmlns=\"urn:ports\"><port><name>a</name></port>\
    <port><name>b</name><enabled>true</enabled></port>\
    <port><name>c</name><enabled>false</enabled></port></ports>";

/// Goal: the modes of the RFC. Method: a port where nothing is set, one at the default, one beside
/// it; each mode as XML.
#[test]
fn modes() {
    let port = |name: &str, rest: &str| format!("<port><name>{name}</name>{rest}</port>");
    let whole = |a: &str, b: &str, c: &str| {
        let all = [port("a", a), port("b", b), port("c", c)].concat();
        format!("<ports xmlns=\"urn:ports\">{all}</ports>")
    };
    let (on, off) = ("<enabled>true</enabled>", "<enabled>false</enabled>");
    let mut all = read(DATA).unwrap();
    add_defaults(&mut all);
    assert_eq!(xml(&all), whole(on, on, off));

    let mut trimmed = read(DATA).unwrap();
    trim_defaults(&mut trimmed);
    assert_eq!(xml(&trimmed), whole("", "", off));

    let tag = "<enabled xmlns:wd=\"urn:ietf:params:xml:ns:netconf:default:1.0\" \
        wd:default=\"true\">true</enabled>";
    let mut text = String::new();
    write_xml_tagged(&SCHEMA, &all, &mut text);
    assert_eq!(text, whole(tag, tag, off));
}

/// Goal: a container is there with its defaults, one with presence is not, and one that only held a
/// default goes. Method: a small module of its own.
#[test]
fn containers() {
    static OWN: std::sync::LazyLock<yang::Schema> = std::sync::LazyLock::new(|| {
        let table = "module m m 2026-01-01 urn:m\nrw top\n  rw inner\n    rw a? uint8 = 5\n  \
            rw there!\n    rw b? uint8 = 6\n  rw c? string\n";
        yang::Schema::read(&[table]).unwrap()
    });
    let read = |text: &str| {
        let document = roxmltree::Document::parse(text).unwrap();
        yang::read_xml(&OWN, document.root_element()).unwrap()
    };
    let written = |data: &[yang::Element]| {
        let mut text = String::new();
        yang::write_xml(&OWN, data, &mut text);
        text
    };
    let mut data = read("<x><top xmlns='urn:m'><c>x</c></top></x>");
    add_defaults(&mut data);
    assert_eq!(written(&data), "<top xmlns=\"urn:m\"><inner><a>5</a></inner><c>x</c></top>");
    trim_defaults(&mut data);
    assert_eq!(written(&data), "<top xmlns=\"urn:m\"><c>x</c></top>");

    let mut there = read("<x><top xmlns='urn:m'><there/></top></x>");
    add_defaults(&mut there);
    let want = "<top xmlns=\"urn:m\"><inner><a>5</a></inner><there><b>6</b></there></top>";
    assert_eq!(written(&there), want);
}
