//! The switches of protocols that do not run here: they are turned on and off, and say nothing.

use super::{Group, Switch};

const fn switch(words: &'static str, said: &'static str) -> Switch {
    Switch { words, help: said, said }
}

/// `debug ip ...`
pub(super) static IP: Group = Group {
    heading: "Generic IP",
    opening: &[("ip", "IP information")],
    branches: &[
        ("bgp", "BGP information"),
        ("dhcp", "Dynamic Host Configuration Protocol"),
        ("eigrp", "IP-EIGRP information"),
        ("nat", "NAT events"),
        ("ospf", "OSPF information"),
        ("sla", "IP SLA"),
        ("ssh", "Incoming ssh connections"),
        ("tcp", "TCP information"),
    ],
    all: "IP",
    switches: &[
        switch("arp", "ARP packet"),
        switch("bgp events", "BGP events"),
        switch("bgp updates", "BGP updates"),
        switch("cef", "IP CEF"),
        switch("dhcp events", "DHCP server event"),
        switch("dhcp server", "DHCP server"),
        switch("eigrp neighbor", "EIGRP neighbor"),
        switch("icmp", "ICMP packet"),
        switch("nat detailed", "IP NAT detailed"),
        switch("ospf adj", "OSPF adjacency"),
        switch("ospf events", "OSPF events"),
        switch("ospf hello", "OSPF hello"),
        switch("ospf packet", "OSPF packet"),
        switch("packet", "IP packet"),
        switch("policy", "Policy routing"),
        switch("rip", "RIP protocol"),
        switch("routing", "IP routing"),
        switch("sla trace", "IP SLA trace"),
        switch("ssh detail", "SSH detail"),
        switch("tcp transactions", "TCP special event"),
        switch("udp", "UDP packet"),
    ],
};

/// `debug ...` of the rest.
pub(super) static OTHERS: Group = Group {
    heading: "Other protocols",
    opening: &[],
    branches: &[
        ("dot1x", "Dot1X debugging"),
        ("eigrp", "EIGRP Protocol information"),
        ("platform", "Platform debugging"),
        ("ppp", "PPP (Point to Point Protocol) information"),
        ("spanning-tree", "Spanning tree"),
    ],
    all: "Other protocols",
    switches: &[
        switch("aaa authentication", "AAA Authentication"),
        switch("arp", "ARP packet"),
        switch("dhcp detail", "DHCP client activity"),
        switch("dialer", "Dial on demand events"),
        switch("dot1x all", "Dot1x all"),
        switch("eigrp packets", "EIGRP Packets"),
        switch("ntp events", "NTP events"),
        switch("ppp authentication", "PPP authentication"),
        switch("ppp negotiation", "PPP protocol negotiation"),
        switch("radius", "Radius protocol"),
        switch("snmp packets", "SNMP packet"),
        switch("spanning-tree events", "Spanning Tree event"),
        switch("standby", "HSRP"),
        switch("tacacs", "TACACS access control"),
        switch("vrrp", "VRRP"),
    ],
};

/// `debug crypto ...`
pub(super) static CRYPTO: Group = Group {
    heading: "Cryptographic Subsystem",
    opening: &[("crypto", "Cryptographic subsystem")],
    branches: &[("pki", "PKI debugging")],
    all: "Crypto",
    switches: &[
        switch("ikev2", "IKEv2 default"),
        switch("ipsec", "Crypto IPSEC"),
        switch("isakmp", "Crypto ISAKMP"),
        switch("pki messages", "Crypto PKI Msg"),
        switch("pki transactions", "Crypto PKI Trans"),
    ],
};
