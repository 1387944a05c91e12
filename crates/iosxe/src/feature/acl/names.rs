//! The words that access lists have for numbers: protocols, ports, types of ICMP, priorities.
//!
//! Read by the grammar and by whoever prints an entry: IOS prints the word of a number that has
//! one.
//! The words are those of "Cisco IOS Security Command Reference", `permit` and `deny` (extended IP
//! and IPv6 access lists).

/// One word, what it stands for, and what `?` says about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<V> {
    pub(super) word: &'static str,
    pub(super) value: V,
    pub(super) help: &'static str,
}

const fn name<V: Copy>(word: &'static str, value: V, help: &'static str) -> Name<V> {
    Name { word, value, help }
}

/// The word of a value: the first of a table.
pub(super) fn word_of<V: Copy + PartialEq>(table: &[Name<V>], value: V) -> Option<&'static str> {
    table.iter().find(|name| name.value == value).map(|name| name.word)
}

/// The value of a word.
pub(super) fn value_of<V: Copy>(table: &[Name<V>], word: &str) -> Option<V> {
    table.iter().find(|name| name.word == word).map(|name| name.value)
}

pub(super) const TCP: u8 = 6;
pub(super) const UDP: u8 = 17;
pub(super) const SCTP: u8 = 132;
pub(super) const ICMP: u8 = 1;
pub(super) const ICMP_V6: u8 = 58;
pub(super) const IGMP: u8 = 2;

/// Protocols of IPv4 without parameters of their own.
pub(super) const PROTOCOLS: &[Name<u8>] = &[
    name("ahp", 51, "Authentication Header Protocol"),
    name("eigrp", 88, "Cisco's EIGRP routing protocol"),
    name("esp", 50, "Encapsulation Security Payload"),
    name("gre", 47, "Cisco's GRE tunneling"),
    name("ipinip", 4, "IP in IP tunneling"),
    name("nos", 94, "KA9Q NOS compatible IP over IP tunneling"),
    name("ospf", 89, "OSPF routing protocol"),
    name("pcp", 108, "Payload Compression Protocol"),
    name("pim", 103, "Protocol Independent Multicast"),
];

/// Protocols of IPv6 without parameters of their own.
pub(super) const PROTOCOLS_V6: &[Name<u8>] = &[
    name("ahp", 51, "Authentication Header Protocol"),
    name("esp", 50, "Encapsulation Security Payload"),
    name("hbh", 0, "Hop by Hop options header"),
    name("pcp", 108, "Payload Compression Protocol"),
];

pub(super) const TCP_PORTS: &[Name<u16>] = &[
    name("bgp", 179, "Border Gateway Protocol (179)"),
    name("chargen", 19, "Character generator (19)"),
    name("cmd", 514, "Remote commands (rcmd, 514)"),
    name("daytime", 13, "Daytime (13)"),
    name("discard", 9, "Discard (9)"),
    name("domain", 53, "Domain Name Service (53)"),
    name("echo", 7, "Echo (7)"),
    name("exec", 512, "Exec (rsh, 512)"),
    name("finger", 79, "Finger (79)"),
    name("ftp", 21, "File Transfer Protocol (21)"),
    name("ftp-data", 20, "FTP data connections (20)"),
    name("gopher", 70, "Gopher (70)"),
    name("hostname", 101, "NIC hostname server (101)"),
    name("ident", 113, "Ident Protocol (113)"),
    name("irc", 194, "Internet Relay Chat (194)"),
    name("klogin", 543, "Kerberos login (543)"),
    name("kshell", 544, "Kerberos shell (544)"),
    name("login", 513, "Login (rlogin, 513)"),
    name("lpd", 515, "Printer service (515)"),
    name("msrpc", 135, "MS Remote Procedure Call (135)"),
    name("nntp", 119, "Network News Transport Protocol (119)"),
    name("onep-plain", 15001, "ONEP Cleartext (15001)"),
    name("onep-tls", 15002, "ONEP TLS (15002)"),
    name("pim-auto-rp", 496, "PIM Auto-RP (496)"),
    name("pop2", 109, "Post Office Protocol v2 (109)"),
    name("pop3", 110, "Post Office Protocol v3 (110)"),
    name("smtp", 25, "Simple Mail Transport Protocol (25)"),
    name("sunrpc", 111, "Sun Remote Procedure Call (111)"),
    name("syslog", 514, "Syslog (514)"),
    name("tacacs", 49, "TAC Access Control System (49)"),
    name("talk", 517, "Talk (517)"),
    name("telnet", 23, "Telnet (23)"),
    name("time", 37, "Time (37)"),
    name("uucp", 540, "Unix-to-Unix Copy Program (540)"),
    name("whois", 43, "Nicname (43)"),
    name("www", 80, "World Wide Web (HTTP, 80)"),
];

pub(super) const UDP_PORTS: &[Name<u16>] = &[
    name("biff", 512, "Biff (mail notification, comsat, 512)"),
    name("bootpc", 68, "Bootstrap Protocol (BOOTP) client (68)"),
    name("bootps", 67, "Bootstrap Protocol (BOOTP) server (67)"),
    name("discard", 9, "Discard (9)"),
    name("dnsix", 195, "DNSIX security protocol auditing (195)"),
    name("domain", 53, "Domain Name Service (DNS, 53)"),
    name("echo", 7, "Echo (7)"),
    name("isakmp", 500, "Internet Security Association and Key Management Protocol (500)"),
    name("mobile-ip", 434, "Mobile IP registration (434)"),
    name("nameserver", 42, "IEN116 name service (obsolete, 42)"),
    name("netbios-dgm", 138, "NetBios datagram service (138)"),
    name("netbios-ns", 137, "NetBios name service (137)"),
    name("netbios-ss", 139, "NetBios session service (139)"),
    name("non500-isakmp", 4500, "Internet Security Association and Key Management Protocol (4500)"),
    name("ntp", 123, "Network Time Protocol (123)"),
    name("pim-auto-rp", 496, "PIM Auto-RP (496)"),
    name("rip", 520, "Routing Information Protocol (router, in.routed, 520)"),
    name("ripv6", 521, "Routing Information Protocol Next Generation (521)"),
    name("snmp", 161, "Simple Network Management Protocol (161)"),
    name("snmptrap", 162, "SNMP Traps (162)"),
    name("sunrpc", 111, "Sun Remote Procedure Call (111)"),
    name("syslog", 514, "System Logger (514)"),
    name("tacacs", 49, "TAC Access Control System (49)"),
    name("talk", 517, "Talk (517)"),
    name("tftp", 69, "Trivial File Transfer Protocol (69)"),
    name("time", 37, "Time (37)"),
    name("who", 513, "Who service (rwho, 513)"),
    name("xdmcp", 177, "X Display Manager Control Protocol (177)"),
];

/// A type of ICMP, and the code if the word means one.
pub(super) type Icmp = (u8, Option<u8>);

const UNREACHABLE: u8 = 3;

pub(super) const ICMP_TYPES: &[Name<Icmp>] = &[
    name("administratively-prohibited", (UNREACHABLE, Some(13)), "Administratively prohibited"),
    name("alternate-address", (6, None), "Alternate address"),
    name("conversion-error", (31, None), "Datagram conversion"),
    name("dod-host-prohibited", (UNREACHABLE, Some(10)), "Host prohibited"),
    name("dod-net-prohibited", (UNREACHABLE, Some(9)), "Net prohibited"),
    name("echo", (8, None), "Echo (ping)"),
    name("echo-reply", (0, None), "Echo reply"),
    name("general-parameter-problem", (12, Some(0)), "Parameter problem"),
    name("host-isolated", (UNREACHABLE, Some(8)), "Host isolated"),
    name("host-precedence-unreachable", (UNREACHABLE, Some(14)), "Host unreachable for precedence"),
    name("host-redirect", (5, Some(1)), "Host redirect"),
    name("host-tos-redirect", (5, Some(3)), "Host redirect for TOS"),
    name("host-tos-unreachable", (UNREACHABLE, Some(12)), "Host unreachable for TOS"),
    name("host-unknown", (UNREACHABLE, Some(7)), "Host unknown"),
    name("host-unreachable", (UNREACHABLE, Some(1)), "Host unreachable"),
    name("information-reply", (16, None), "Information replies"),
    name("information-request", (15, None), "Information requests"),
    name("mask-reply", (18, None), "Mask replies"),
    name("mask-request", (17, None), "Mask requests"),
    name("mobile-redirect", (32, None), "Mobile host redirect"),
    name("net-redirect", (5, Some(0)), "Network redirect"),
    name("net-tos-redirect", (5, Some(2)), "Net redirect for TOS"),
    name("net-tos-unreachable", (UNREACHABLE, Some(11)), "Network unreachable for TOS"),
    name("net-unreachable", (UNREACHABLE, Some(0)), "Net unreachable"),
    name("network-unknown", (UNREACHABLE, Some(6)), "Network unknown"),
    name("no-room-for-option", (12, Some(2)), "Parameter required but no room"),
    name("option-missing", (12, Some(1)), "Parameter required but not present"),
    name("packet-too-big", (UNREACHABLE, Some(4)), "Fragmentation needed and DF set"),
    name("parameter-problem", (12, None), "All parameter problems"),
    name("port-unreachable", (UNREACHABLE, Some(3)), "Port unreachable"),
    name("precedence-unreachable", (UNREACHABLE, Some(15)), "Precedence cutoff"),
    name("protocol-unreachable", (UNREACHABLE, Some(2)), "Protocol unreachable"),
    name("reassembly-timeout", (11, Some(1)), "Reassembly timeout"),
    name("redirect", (5, None), "All redirects"),
    name("router-advertisement", (9, None), "Router discovery advertisements"),
    name("router-solicitation", (10, None), "Router discovery solicitations"),
    name("source-quench", (4, None), "Source quenches"),
    name("source-route-failed", (UNREACHABLE, Some(5)), "Source route failed"),
    name("time-exceeded", (11, None), "All time exceededs"),
    name("timestamp-reply", (14, None), "Timestamp replies"),
    name("timestamp-request", (13, None), "Timestamp requests"),
    name("traceroute", (30, None), "Traceroute"),
    name("ttl-exceeded", (11, Some(0)), "TTL exceeded"),
    name("unreachable", (UNREACHABLE, None), "All unreachables"),
];

pub(super) const ICMP_V6_TYPES: &[Name<Icmp>] = &[
    name("beyond-scope", (1, Some(2)), "Destination beyond scope"),
    name("destination-unreachable", (1, Some(3)), "Destination address is unreachable"),
    name("echo-reply", (129, None), "Echo reply"),
    name("echo-request", (128, None), "Echo request (ping)"),
    name("header", (4, Some(0)), "Parameter header problems"),
    name("hop-limit", (3, Some(0)), "Hop limit exceeded in transit"),
    name("mld-query", (130, None), "Multicast Listener Discovery Query"),
    name("mld-reduction", (132, None), "Multicast Listener Discovery Reduction"),
    name("mld-report", (131, None), "Multicast Listener Discovery Report"),
    name("nd-na", (136, None), "Neighbor discovery neighbor advertisements"),
    name("nd-ns", (135, None), "Neighbor discovery neighbor solicitations"),
    name("next-header", (4, Some(1)), "Parameter next header problems"),
    name("no-admin", (1, Some(1)), "Administration prohibited destination"),
    name("no-route", (1, Some(0)), "No route to destination"),
    name("packet-too-big", (2, None), "Packet too big"),
    name("parameter-option", (4, Some(2)), "Parameter option problems"),
    name("parameter-problem", (4, None), "All parameter problems"),
    name("port-unreachable", (1, Some(4)), "Port unreachable"),
    name("reassembly-timeout", (3, Some(1)), "Reassembly timeout"),
    name("router-advertisement", (134, None), "Neighbor discovery router advertisements"),
    name("router-renumbering", (138, None), "All router renumbering"),
    name("router-solicitation", (133, None), "Neighbor discovery router solicitations"),
    name("time-exceeded", (3, None), "All time exceededs"),
    name("unreachable", (1, None), "All unreachable"),
];

pub(super) const IGMP_TYPES: &[Name<u8>] = &[
    name("dvmrp", 3, "Distance Vector Multicast Routing Protocol"),
    name("host-query", 1, "IGMP Membership Query"),
    name("host-report", 2, "IGMPv1 Membership Report"),
    name("pim", 4, "Pim Version 1"),
    name("trace", 5, "Multicast trace"),
    name("v2-leave", 7, "IGMPv2 Leave Group"),
    name("v2-report", 6, "IGMPv2 Membership Report"),
    name("v3-report", 8, "IGMPv3 Membership Report"),
];

pub(super) const PRECEDENCES: &[Name<u8>] = &[
    name("critical", 5, "Match packets with critical precedence (5)"),
    name("flash", 3, "Match packets with flash precedence (3)"),
    name("flash-override", 4, "Match packets with flash override precedence (4)"),
    name("immediate", 2, "Match packets with immediate precedence (2)"),
    name("internet", 6, "Match packets with internetwork control precedence (6)"),
    name("network", 7, "Match packets with network control precedence (7)"),
    name("priority", 1, "Match packets with priority precedence (1)"),
    name("routine", 0, "Match packets with routine precedence (0)"),
];

pub(super) const DSCPS: &[Name<u8>] = &[
    name("af11", 10, "Match packets with AF11 dscp (001010)"),
    name("af12", 12, "Match packets with AF12 dscp (001100)"),
    name("af13", 14, "Match packets with AF13 dscp (001110)"),
    name("af21", 18, "Match packets with AF21 dscp (010010)"),
    name("af22", 20, "Match packets with AF22 dscp (010100)"),
    name("af23", 22, "Match packets with AF23 dscp (010110)"),
    name("af31", 26, "Match packets with AF31 dscp (011010)"),
    name("af32", 28, "Match packets with AF32 dscp (011100)"),
    name("af33", 30, "Match packets with AF33 dscp (011110)"),
    name("af41", 34, "Match packets with AF41 dscp (100010)"),
    name("af42", 36, "Match packets with AF42 dscp (100100)"),
    name("af43", 38, "Match packets with AF43 dscp (100110)"),
    name("cs1", 8, "Match packets with CS1(precedence 1) dscp (001000)"),
    name("cs2", 16, "Match packets with CS2(precedence 2) dscp (010000)"),
    name("cs3", 24, "Match packets with CS3(precedence 3) dscp (011000)"),
    name("cs4", 32, "Match packets with CS4(precedence 4) dscp (100000)"),
    name("cs5", 40, "Match packets with CS5(precedence 5) dscp (101000)"),
    name("cs6", 48, "Match packets with CS6(precedence 6) dscp (110000)"),
    name("cs7", 56, "Match packets with CS7(precedence 7) dscp (111000)"),
    name("default", 0, "Match packets with default dscp (000000)"),
    name("ef", 46, "Match packets with EF dscp (101110)"),
];

pub(super) const SERVICES: &[Name<u8>] = &[
    name("max-reliability", 2, "Match packets with max reliable TOS (2)"),
    name("max-throughput", 4, "Match packets with max throughput TOS (4)"),
    name("min-delay", 8, "Match packets with min delay TOS (8)"),
    name("min-monetary-cost", 1, "Match packets with min monetary cost TOS (1)"),
    name("normal", 0, "Match packets with normal TOS (0)"),
];
