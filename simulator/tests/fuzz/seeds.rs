//! What clients really send: where cases begin.

/// The namespaces of the requests.
const BASE: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";
const NATIVE: &str = "http://cisco.com/ns/yang/Cisco-IOS-XE-native";
const IETF: &str = "urn:ietf:params:xml:ns:yang:ietf-interfaces";

/// A client's hello.
pub(crate) fn hello(version: &str) -> String {
    format!(
        "<hello xmlns=\"{BASE}\"><capabilities><capability>urn:ietf:params:netconf:base:{version}\
         </capability></capabilities></hello>"
    )
}

/// Data as XML, without what is around it.
pub(crate) fn xml() -> Vec<String> {
    vec![
        format!(
            "<native xmlns=\"{NATIVE}\"><hostname>R1</hostname><interface><Loopback><name>7</name>\
             <description>a &amp; b</description><ip><address><primary><address>192.0.2.7</address>\
             <mask>255.255.255.255</mask></primary></address></ip><shutdown/></Loopback>\
             </interface></native>"
        ),
        format!(
            "<native xmlns=\"{NATIVE}\" xmlns:nc=\"{BASE}\"><interface><Loopback \
             nc:operation=\"delete\"><name>0</name></Loopback></interface><ip><route>\
             <ip-route-interface-forwarding-list nc:operation=\"replace\"><prefix>10.0.0.0</prefix>\
             <mask>255.0.0.0</mask><fwd-list><fwd>192.0.2.1</fwd></fwd-list>\
             </ip-route-interface-forwarding-list></route></ip></native>"
        ),
        format!(
            "<native xmlns=\"{NATIVE}\"><username><name>u</name><privilege>15</privilege><secret>\
             <encryption>0</encryption><secret>x</secret></secret></username><line><vty>\
             <first>0</first><last>4</last><transport><input><all/></input></transport></vty>\
             </line><logging><host/></logging></native>"
        ),
        format!(
            "<interfaces xmlns=\"{IETF}\"><interface><name>Loopback7</name><description>x\
             </description><type xmlns:ianaift=\"urn:ietf:params:xml:ns:yang:iana-if-type\">\
             ianaift:softwareLoopback</type><enabled>false</enabled><ipv4 \
             xmlns=\"urn:ietf:params:xml:ns:yang:ietf-ip\"><address><ip>192.0.2.8</ip><netmask>\
             255.255.255.0</netmask></address></ipv4></interface></interfaces>"
        ),
        "<interfaces xmlns=\"http://openconfig.net/yang/interfaces\"><interface><name>\
         GigabitEthernet3</name><config><name>GigabitEthernet3</name><mtu>1500</mtu><enabled>true\
         </enabled></config></interface></interfaces>"
            .to_owned(),
    ]
}

/// Data as JSON.
pub(crate) fn json() -> Vec<String> {
    [
        r#"{"Cisco-IOS-XE-native:native":{"hostname":"R1","interface":{"Loopback":[{"name":7,
            "description":"x","ip":{"address":{"primary":{"address":"192.0.2.7",
            "mask":"255.255.255.255"}}},"shutdown":[null]}]}}}"#,
        r#"{"ietf-interfaces:interfaces":{"interface":[{"name":"Loopback7",
            "type":"iana-if-type:softwareLoopback","enabled":false,"ietf-ip:ipv4":{"address":
            [{"ip":"192.0.2.8","netmask":"255.255.255.0"}]},"ietf-ip:ipv6":{}}]}}"#,
        r#"{"ietf-interfaces:interface":{"name":"Loopback7","description":"\u00e9"}}"#,
        r#"{"Cisco-IOS-XE-native:hostname":"R2"}"#,
        r#"{"openconfig-interfaces:interfaces":{"interface":[{"name":"GigabitEthernet3",
            "config":{"name":"GigabitEthernet3","mtu":1500,"enabled":true}}]}}"#,
    ]
    .map(str::to_owned)
    .to_vec()
}

/// XPath expressions.
pub(crate) fn xpath() -> Vec<String> {
    [
        "/native/hostname",
        "/native/interface/Loopback[name='0']/description | /interfaces",
        "/if:interfaces/if:interface[if:name=\"Loopback0\"]/if:enabled",
        "//name",
        "/*/*[name = 'GigabitEthernet1']//address",
        "/interfaces-state/interface[name='GigabitEthernet1']/statistics/in-octets",
        "count(/native) + 1",
        "/native/interface/Loopback[position() < 2]",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Requests of RESTCONF: method, target, and a body behind an empty line.
pub(crate) fn requests() -> Vec<String> {
    let data = "/restconf/data";
    let [native, interfaces, one, hostname, _] = &json()[..] else { unreachable!("five") };
    vec![
        "GET /.well-known/host-meta".to_owned(),
        "GET /restconf".to_owned(),
        "GET /restconf/yang-library-version".to_owned(),
        "GET /restconf/operations".to_owned(),
        format!("GET {data}?depth=2&content=config"),
        format!(
            "GET {data}/Cisco-IOS-XE-native:native/interface/Loopback=0?fields=name;ip/address"
        ),
        format!("GET {data}/ietf-interfaces:interfaces?fields=interface(name;enabled)"),
        format!("GET {data}/ietf-interfaces:interfaces/interface=GigabitEthernet1%2F0%2F1/enabled"),
        format!("GET {data}/ietf-interfaces:interfaces-state?with-defaults=report-all&depth=3"),
        format!("GET {data}/ietf-yang-library:modules-state?content=nonconfig"),
        format!("HEAD {data}/ietf-interfaces:interfaces"),
        format!("OPTIONS {data}/ietf-interfaces:interfaces/interface=Loopback0"),
        format!("PATCH {data}/Cisco-IOS-XE-native:native\n\n{native}"),
        format!("PUT {data}/Cisco-IOS-XE-native:native/hostname\n\n{hostname}"),
        format!("PATCH {data}/ietf-interfaces:interfaces\n\n{interfaces}"),
        format!("PUT {data}/ietf-interfaces:interfaces/interface=Loopback7\n\n{one}"),
        format!("POST {data}/ietf-interfaces:interfaces\n\n{one}"),
        format!("DELETE {data}/ietf-interfaces:interfaces/interface=Loopback7/description"),
        format!("DELETE {data}/ietf-interfaces:interfaces/interface=Loopback7"),
        "POST /restconf/operations/cisco-ia:save-config\n\n".to_owned(),
        "POST /restconf/operations/cisco-ia:rollback\n\n{\"cisco-ia:input\":{}}".to_owned(),
    ]
}

/// Messages of NETCONF, each a whole `rpc`.
pub(crate) fn messages() -> Vec<String> {
    let edit = |inner: &str| {
        format!(
            "<edit-config><target><running/></target><default-operation>merge</default-operation>\
             <test-option>test-then-set</test-option><error-option>rollback-on-error</error-option>\
             <config>{inner}</config></edit-config>"
        )
    };
    let filter = |path: &str| {
        let path = path.replace('"', "&quot;").replace('<', "&lt;");
        format!("<get><filter type=\"xpath\" xmlns:if=\"{IETF}\" select=\"{path}\"/></get>")
    };
    let monitoring = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring";
    let notification = "urn:ietf:params:xml:ns:netconf:notification:1.0";
    let plain = [
        "<get/>".to_owned(),
        "<get-config><source><running/></source></get-config>".to_owned(),
        format!(
            "<get-config><source><running/></source><filter type=\"subtree\">\
             <native xmlns=\"{NATIVE}\"><hostname/><interface><Loopback><name>0</name></Loopback>\
             </interface></native></filter><with-defaults \
             xmlns=\"urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults\">report-all\
             </with-defaults></get-config>"
        ),
        "<copy-config><target><startup/></target><source><running/></source></copy-config>"
            .to_owned(),
        "<lock><target><running/></target></lock>".to_owned(),
        "<unlock><target><running/></target></unlock>".to_owned(),
        "<validate><source><running/></source></validate>".to_owned(),
        "<discard-changes/>".to_owned(),
        "<commit><confirmed/><confirm-timeout>5</confirm-timeout></commit>".to_owned(),
        "<kill-session><session-id>4</session-id></kill-session>".to_owned(),
        format!(
            "<get-schema xmlns=\"{monitoring}\"><identifier>ietf-interfaces</identifier>\
             <version>2014-05-08</version><format>yang</format></get-schema>"
        ),
        format!(
            "<create-subscription xmlns=\"{notification}\"><stream>NETCONF</stream>\
             </create-subscription>"
        ),
        "<save-config xmlns=\"http://cisco.com/yang/cisco-ia\"/>".to_owned(),
        "<sync-from xmlns=\"http://cisco.com/yang/cisco-ia\"><sync-defaults/></sync-from>"
            .to_owned(),
        "<close-session/>".to_owned(),
    ];
    let edits = xml().into_iter().map(|inner| edit(&inner));
    let filters = xpath().into_iter().map(|path| filter(&path));
    let all = plain.into_iter().chain(edits).chain(filters);
    all.map(|inner| format!("<rpc xmlns=\"{BASE}\" message-id=\"1\">{inner}</rpc>")).collect()
}
