//! What `?` says of the words of commands about what does not run here: the texts of IOS, from
//! memory where they are not known to the letter.

/// Words after another one, where they mean something of their own.
const AFTER: &[(&str, &str, &str)] = &[
    ("clear", "ip", "IP"),
    ("clear", "crypto", "Encryption subsystem"),
    ("clear", "ipv6", "IPv6"),
    ("flow", "monitor", "Show flow monitors"),
    ("ipv6", "neighbors", "Show IPv6 neighbor cache entries"),
    ("monitor", "session", "SPAN/RSPAN/ERSPAN session"),
];

const WORDS: &[(&str, &str)] = &[
    ("aaa", "Show AAA values"),
    ("access-list", "Clear access list statistical information"),
    ("all", "All of them"),
    ("bfd", "BFD protocol info"),
    ("bgp", "BGP information"),
    ("binding", "DHCP address bindings"),
    ("brief", "Brief output"),
    ("cache", "Delete cache table entries"),
    ("cdp", "Reset cdp information"),
    ("cef", "Cisco Express Forwarding"),
    ("certificates", "Show certificates"),
    ("clear", "Reset functions"),
    ("condition", "Conditional debugging"),
    ("configuration", "Contents of Non-Volatile memory"),
    ("conflict", "DHCP address conflicts"),
    ("counters", "Counters"),
    ("crypto", "Encryption module"),
    ("dhcp", "Dynamic Host Configuration Protocol status"),
    ("dialer", "Dialer parameters and statistics"),
    ("disconnect", "Disconnect an existing network connection"),
    ("dmvpn", "Display DMVPN info"),
    ("eigrp", "IP-EIGRP information"),
    ("flow", "Flow information"),
    ("general-prefix", "IPv6 general prefixes"),
    ("glbp", "GLBP information"),
    ("host", "Delete host table entries"),
    ("ikev2", "Shows ikev2 info"),
    ("inspect", "CBAC (Context Based Access Control) information"),
    ("interface", "Show Qos Policy Interface"),
    ("ip", "IP information"),
    ("ipsec", "Show IPSEC policy"),
    ("ipv6", "IPv6 information"),
    ("isakmp", "Show ISAKMP"),
    ("isis", "IS-IS routing information"),
    ("ldp", "Label Distribution Protocol information"),
    ("lease", "Show DHCP Addresses leased from a server"),
    ("lldp", "Clear lldp information"),
    ("local", "IP local options"),
    ("lock", "Configuration Lock Parameters"),
    ("map", "Crypto maps"),
    ("monitor", "Monitoring different system events"),
    ("mpls", "MPLS information"),
    ("nat", "IP NAT information"),
    ("neighbor", "Neighbor information"),
    ("neighbors", "Neighbor information"),
    ("nhrp", "NHRP information"),
    ("object-group", "List object groups"),
    ("ospf", "OSPF information"),
    ("ospfv3", "OSPFv3 information"),
    ("pki", "Show PKI"),
    ("platform", "platform information"),
    ("policy-map", "Show Policy Map"),
    ("pool", "Pool information"),
    ("pppoe", "PPPoE information"),
    ("prefix-list", "Build a prefix list"),
    ("protocols", "IP routing protocol process parameters and statistics"),
    ("resume", "Resume an active network connection"),
    ("rip", "IP RIP show commands"),
    ("route", "Routing table"),
    ("sa", "Security associations"),
    ("servers", "Show AAA servers as seen by AAA server MIB"),
    ("session", "Sessions"),
    ("sessions", "Information about Telnet connections"),
    ("show", "Show running system information"),
    ("standby", "standby configuration"),
    ("statistics", "Statistics"),
    ("tacacs", "Shows tacacs+ server statistics"),
    ("tclsh", "Tool Command Language shell"),
    ("tcp", "Clear a TCP connection or statistics"),
    ("time-range", "Time range"),
    ("translation", "Clear dynamic translation"),
    ("translations", "Translation entries"),
    ("trustpoints", "Show trustpoints"),
    ("vrrp", "VRRP information"),
    ("where", "List active connections"),
    ("zone-pair", "Zone pair information"),
];

/// What `?` says of a word after another one.
pub(super) fn of(front: &str, word: &str) -> &'static str {
    let after = AFTER.iter().find(|(before, w, _)| *before == front && *w == word);
    let alone = || WORDS.iter().find(|(w, _)| *w == word).map_or("", |(_, help)| help);
    after.map_or_else(alone, |(.., help)| help)
}

#[cfg(test)]
mod tests {
    use super::super::ABSENT;
    use super::of;

    /// Goal: no word goes without help. Method: ask for each.
    #[test]
    fn every_word_has_help() {
        let words = ABSENT.iter().flat_map(|absent| absent.words.split(' '));
        for word in words.filter(|word| !word.contains("LINE")) {
            assert!(!of("", word).is_empty(), "{word}");
        }
    }
}
