//! The tables, and short ways to data.

use std::sync::LazyLock;

use yang::{Element, Schema, read_xml, write_xml};

const PORTS: &str = "
import iana-if-type ianaift 2017-01-19 urn:ietf:params:xml:ns:yang:iana-if-type
module ports p 2026-01-01 urn:ports
rw ports
  rw port* [name]                     | interface {name} >
    rw name string
    rw description? string            | description {...}
    rw type? identity:iana-if-type(ethernetCsmacd|softwareLoopback)  | @type
    rw enabled? boolean = true        | !shutdown
    rw address* [ip]                  | ip address {ip} {length:mask} [{?secondary}]
      rw ip ipv4
      rw length? uint8
      rw secondary? empty
    rw six!                           | @six
      rw address* [ip]                | ipv6 address {ip:upper}/{length}
        rw ip ipv6
        rw length uint8
  ro count? uint32
ro ports-state
  ro port* [name]
    ro name string
    ro octets? uint64
";

const NATIVE: &str = "
module native n 2026-01-01 urn:native
grouping common
  rw shutdown? empty                  | shutdown
rw native
  rw hostname? string                 | hostname {}
  rw interface
    rw Loopback* [name]               | interface Loopback{name} >
      rw name uint32
      uses common
  rw ip
    rw route
      rw to* [prefix mask]
        rw prefix ipv4
        rw mask ipv4
        rw via* [hop]                 | ip route {../prefix} {../mask} {hop} [tag {tag}]
          rw hop ipv4
          rw tag? uint32
  rw p:limit? uint16                  | limit {}
  rw line
    rw transport                      | transport input {input*}
      rw all? empty <input:all>       | transport input all
      rw input* enum(ssh|telnet) <input:some>
    rw user* [name]                   | user {name} [level {level}] [secret {form} {secret}]
      rw name string
      rw level? uint8(0..15)
      rw form? string
      rw secret? string
  rw acl* [name]                      | acl {name} >
    rw name string
    rw rule* [number]
      rw number uint32
      rw permit <action>              | {../number} permit {from}
        rw from? string
      rw deny <action>                | {../number} deny {from}
        rw from? string
";

/// The schema of both.
pub(crate) static SCHEMA: LazyLock<Schema> =
    LazyLock::new(|| Schema::read(&[PORTS, NATIVE]).unwrap());

/// The elements of an XML text.
pub(crate) fn read(text: &str) -> Result<Vec<Element>, yang::Error> {
    let text = format!("<x xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0'>{text}</x>");
    let document = roxmltree::Document::parse(&text).unwrap();
    read_xml(&SCHEMA, document.root_element())
}

/// The same of a text in which `ports` and `native` stand without their namespaces.
pub(crate) fn read_short(text: &str) -> Result<Vec<Element>, yang::Error> {
    read(&long(text))
}

/// With them.
pub(crate) fn long(text: &str) -> String {
    let text = text.replace("<ports>", "<ports xmlns='urn:ports'>");
    text.replace("<native>", "<native xmlns='urn:native'>").replace("<native/>", NATIVE_ALL)
}

const NATIVE_ALL: &str = "<native xmlns='urn:native'/>";

/// Their XML, without those namespaces.
pub(crate) fn short(elements: &[Element]) -> String {
    xml(elements).replace(" xmlns=\"urn:ports\"", "").replace(" xmlns=\"urn:native\"", "")
}

/// Their XML again.
pub(crate) fn xml(elements: &[Element]) -> String {
    let mut text = String::new();
    write_xml(&SCHEMA, elements, &mut text);
    text
}
