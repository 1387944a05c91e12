//! The words of an entry, for the parser and `?`: made once from the tables of names.
//!
//! Used by the commands of this folder. What a line means is said by `read`.

use cli::{Kind, Token, any_of, kw, one_of, opt, param};

use super::names::{self, Name};
use super::rule::Family;

/// So many ports stand behind one `eq`.
const PORTS_MAX: usize = 10;

const ANY: &[Token] = &[kw("any", "Any source or destination host")];
const HOST: &[Token] = &[kw("host", "A single host"), param("address", Kind::Ipv4, "Host address")];
const GROUP: &[Token] =
    &[kw("object-group", "Object-group"), param("group", Kind::Word, "Object-group name")];
const MASKED: &[Token] =
    &[param("address", Kind::Ipv4, "Address"), param("wildcard", Kind::Ipv4, "Wildcard bits")];
const HOST_V6: &[Token] =
    &[kw("host", "A single host"), param("address", Kind::Ipv6, "IPv6 address")];
const PREFIX_V6: &[Token] = &[param("address", Kind::Ipv6Prefix, "IPv6 prefix")];

const ADDRESS: Token = one_of(&[ANY, HOST, GROUP, MASKED]);
const ADDRESS_V6: Token = one_of(&[ANY, HOST_V6, GROUP, PREFIX_V6]);

const LOG: &[Token] = &[
    kw("log", "Log matches against this entry"),
    opt(&[param("tag", Kind::Word, "User defined cookie (max of 64 char)")]),
];
const LOG_INPUT: &[Token] = &[
    kw("log-input", "Log matches against this entry, including input interface"),
    opt(&[param("tag", Kind::Word, "User defined cookie (max of 64 char)")]),
];
const TTL_VALUE: Token = param("ttl", Kind::Integer { min: 0, max: 255 }, "TTL value");

/// The words of an entry of a standard list, from the address on.
pub(super) const STANDARD: &[Token] = &[
    one_of(&[
        ANY,
        HOST,
        &[
            param("address", Kind::Ipv4, "Address to match"),
            opt(&[param("wildcard", Kind::Ipv4, "Wildcard bits")]),
        ],
    ]),
    opt(&[one_of(&[LOG])]),
];

pub(super) const REMARK: &[Token] = &[
    kw("remark", "Access list entry comment"),
    param("remark", Kind::Line, "Comment up to 100 characters"),
];

pub(super) const EVALUATE: &[Token] = &[
    kw("evaluate", "Evaluate an access list"),
    param("list", Kind::Word, "IP reflexive access list name"),
];

pub(super) const SEQUENCE_V6: &[Token] = &[
    kw("sequence", "Sequence number for this entry"),
    param("sequence", Kind::Integer { min: 1, max: 4_294_967_294 }, "Sequence value"),
];

/// The words of an entry of this kind of list, from the protocol on.
pub(super) fn extended(family: Family) -> Token {
    let v6 = family == Family::V6;
    let (address, any, help) = match v6 {
        true => (ADDRESS_V6, "ipv6", "Any IPv6"),
        false => (ADDRESS, "ip", "Any Internet Protocol"),
    };
    let simple = |first: Vec<Token>| -> &'static [Token] {
        seq(first.into_iter().chain([address, address, options(v6, &[])]).collect())
    };
    let with_ports = |word, help, table| {
        let ports = opt(seq(vec![ports(table)]));
        let flags: &[_] = if word == "tcp" { FLAGS } else { &[] };
        seq(vec![kw(word, help), address, ports, address, ports, options(v6, flags)])
    };
    let with_kind = |word, help, kind: &'static [&'static [Token]]| {
        let kind = opt(seq(vec![one_of(kind)]));
        seq(vec![kw(word, help), address, address, kind, options(v6, &[])])
    };
    let table = if v6 { names::PROTOCOLS_V6 } else { names::PROTOCOLS };
    let icmp = if v6 { names::ICMP_V6_TYPES } else { names::ICMP_TYPES };
    let mut all: Vec<&'static [Token]> =
        table.iter().map(|name| simple(vec![kw(name.word, name.help)])).collect();
    all.push(simple(vec![kw(any, help)]));
    all.push(simple(GROUP.to_vec()));
    all.push(simple(vec![param("protocol", BYTE, "An IP protocol number")]));
    all.push(with_ports("tcp", "Transmission Control Protocol", names::TCP_PORTS));
    all.push(with_ports("udp", "User Datagram Protocol", names::UDP_PORTS));
    all.push(with_ports("sctp", "Stream Control Transmission Protocol", &[]));
    all.push(with_kind("icmp", "Internet Control Message Protocol", Vec::leak(icmp_kinds(icmp))));
    if !v6 {
        let kinds = named(names::IGMP_TYPES, Kind::Integer { min: 0, max: 15 }, "IGMP type");
        all.push(with_kind("igmp", "Internet Gateway Message Protocol", Vec::leak(kinds)));
    }
    one_of(Vec::leak(all))
}

const BYTE: Kind = Kind::Integer { min: 0, max: 255 };

/// The declarations of the parser are static, and these live as long as the program.
fn seq(tokens: Vec<Token>) -> &'static [Token] {
    Vec::leak(tokens)
}

fn words<V>(table: &'static [Name<V>]) -> impl Iterator<Item = &'static [Token]> {
    table.iter().map(|name| seq(vec![kw(name.word, name.help)]))
}

/// The words of a table, or a number.
fn named<V>(table: &'static [Name<V>], kind: Kind, help: &'static str) -> Vec<&'static [Token]> {
    words(table).chain([seq(vec![param("number", kind, help)])]).collect()
}

fn icmp_kinds(table: &'static [Name<names::Icmp>]) -> Vec<&'static [Token]> {
    const NUMBERS: &[Token] = &[
        param("type", BYTE, "ICMP message type"),
        opt(&[param("code", BYTE, "ICMP message code")]),
    ];
    words(table).chain([NUMBERS]).collect()
}

fn ports(table: &'static [Name<u16>]) -> Token {
    let number = Kind::Integer { min: 0, max: 65_535 };
    let port = one_of(Vec::leak(named(table, number, "Port number")));
    let mut several = seq(vec![port]);
    for _ in 1..PORTS_MAX {
        several = seq(vec![port, opt(several)]);
    }
    let behind = |word, help, rest: &[Token]| -> &'static [Token] {
        seq([kw(word, help)].into_iter().chain(rest.iter().copied()).collect())
    };
    one_of(Vec::leak(vec![
        behind("eq", "Match only packets on a given port number", several),
        behind("gt", "Match only packets with a greater port number", &[port]),
        behind("lt", "Match only packets with a lower port number", &[port]),
        behind("neq", "Match only packets not on a given port number", several),
        behind("range", "Match only packets in the range of port numbers", &[port, port]),
    ]))
}

const FLAGS: &[&[Token]] = &[
    &[kw("ack", "Match on the ACK bit")],
    &[kw("established", "Match established connections")],
    &[kw("fin", "Match on the FIN bit")],
    &[kw("psh", "Match on the PSH bit")],
    &[kw("rst", "Match on the RST bit")],
    &[kw("syn", "Match on the SYN bit")],
    &[kw("urg", "Match on the URG bit")],
];

const FLAGS_V6: &[&[Token]] = &[
    &[kw("routing", "Routing header (all types)")],
    &[kw("undetermined-transport", "Transport cannot be determined or is missing")],
    SEQUENCE_V6,
];

const TTL: &[Token] = &[
    kw("ttl", "Match packets with given TTL value"),
    one_of(&[
        &[kw("eq", "Match only packets on a given TTL number"), TTL_VALUE],
        &[kw("gt", "Match only packets with a greater TTL number"), TTL_VALUE],
        &[kw("lt", "Match only packets with a lower TTL number"), TTL_VALUE],
        &[kw("neq", "Match only packets not on a given TTL number"), TTL_VALUE],
        &[kw("range", "Match only packets in the range of TTLs"), TTL_VALUE, TTL_VALUE],
    ]),
];

const REFLECT: &[Token] = &[
    kw("reflect", "Create reflexive access list entry"),
    param("reflect", Kind::Word, "Access-list name"),
    opt(&[
        kw("timeout", "Maximum time to reflect in seconds"),
        param("timeout", Kind::Integer { min: 1, max: 2_147_483 }, "Seconds"),
    ]),
];

const FRAGMENTS: &[Token] = &[kw("fragments", "Check non-initial fragments")];

const TIME_RANGE: &[Token] = &[
    kw("time-range", "Specify a time-range"),
    param("time-range", Kind::Word, "Time-range entry name"),
];

/// What may stand at the end of an entry, in any order.
fn options(v6: bool, flags: &[&'static [Token]]) -> Token {
    let mut all: Vec<&'static [Token]> = flags.to_vec();
    let number = |max| Kind::Integer { min: 0, max };
    let valued = |word, help, table: &'static [Name<u8>], max| {
        let value = one_of(Vec::leak(named(table, number(max), "Value")));
        seq(vec![kw(word, help), value])
    };
    all.push(valued("dscp", "Match packets with given dscp value", names::DSCPS, 63));
    if v6 {
        all.extend(FLAGS_V6);
    } else {
        let help = "Match packets with given precedence value";
        all.push(valued("precedence", help, names::PRECEDENCES, 7));
        all.push(valued("tos", "Match packets with given TOS value", names::SERVICES, 15));
        all.push(TTL);
    }
    all.extend([FRAGMENTS, REFLECT, TIME_RANGE, LOG, LOG_INPUT]);
    any_of(Vec::leak(all))
}
