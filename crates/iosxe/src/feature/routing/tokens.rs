//! Words that the grammars of several routing protocols share, and the values that they hold.

use cli::{Args, Kind, Token, any_of, kw, one_of, opt, param};

/// `10` or `0.0.0.10`: what an area is called.
pub(crate) const AREA: Token = one_of(&[
    &[param(
        "area",
        Kind::Integer { min: 0, max: 4_294_967_295 },
        "OSPF area ID as a decimal value",
    )],
    &[param("area", Kind::Ipv4, "OSPF area ID in IP address format")],
]);

/// What may be redistributed, without the words behind it.
pub(crate) const SOURCE: Token = one_of(&[
    &[kw("application", "Application"), param("application", Kind::Word, "Application name")],
    &[
        kw("bgp", "Border Gateway Protocol (BGP)"),
        param("source", Kind::Word, "Autonomous system number"),
    ],
    &[kw("connected", "Connected Routes")],
    &[
        kw("eigrp", "Enhanced Interior Gateway Routing Protocol (EIGRP)"),
        param("source", AUTONOMOUS_SYSTEM, "Autonomous system number"),
    ],
    &[
        kw("isis", "ISO IS-IS"),
        opt(&[one_of(&[
            &[kw("level-1", "IS-IS level-1 routes only")],
            &[kw("level-1-2", "IS-IS level-1 and level-2 routes")],
            &[kw("level-2", "IS-IS level-2 routes only")],
        ])]),
    ],
    &[kw("lisp", "Locator ID Separation Protocol (LISP)")],
    &[kw("mobile", "Mobile routes")],
    &[kw("odr", "On Demand stub Routes")],
    &[
        kw("ospf", "Open Shortest Path First (OSPF)"),
        param("source", PROCESS, "Process ID"),
        opt(&[kw("vrf", "VPN Routing/Forwarding Instance"), param("of-vrf", Kind::Word, "Name")]),
    ],
    &[kw("rip", "Routing Information Protocol (RIP)")],
    &[kw("static", "Static routes")],
]);

/// The number of a process of OSPF.
pub(crate) const PROCESS: Kind = Kind::Integer { min: 1, max: 65_535 };

/// The number of an autonomous system of EIGRP.
pub(crate) const AUTONOMOUS_SYSTEM: Kind = Kind::Integer { min: 1, max: 65_535 };

/// `route-map X`
pub(crate) const ROUTE_MAP: &[Token] = &[
    kw("route-map", "Route map reference"),
    param("route-map", Kind::Word, "Pointer to route-map entries"),
];

/// Which routes of OSPF.
pub(crate) const MATCH: &[Token] = &[
    kw("match", "Redistribution of OSPF routes"),
    any_of(&[
        &[kw("internal", "Redistribute OSPF internal routes")],
        &[
            kw("external", "Redistribute OSPF external routes"),
            opt(&[one_of(&[
                &[kw("1", "Redistribute external type 1 routes")],
                &[kw("2", "Redistribute external type 2 routes")],
            ])]),
        ],
        &[
            kw("nssa-external", "Redistribute OSPF NSSA external routes"),
            opt(&[one_of(&[
                &[kw("1", "Redistribute NSSA external type 1 routes")],
                &[kw("2", "Redistribute NSSA external type 2 routes")],
            ])]),
        ],
    ]),
];

/// Which list of routes, in which direction, and where.
pub(crate) const DISTRIBUTE_LIST: &[Token] = &[
    kw("distribute-list", "Filter networks in routing updates"),
    one_of(&[
        &[
            kw("prefix", "Filter prefixes in routing updates"),
            param("list", Kind::Word, "Name of an IP prefix-list"),
            opt(&[
                kw("gateway", "Filtering incoming updates based on gateway"),
                param("gateway", Kind::Word, "Name of an IP prefix-list"),
            ]),
        ],
        &[
            kw("gateway", "Filtering incoming updates based on gateway"),
            param("list", Kind::Word, "Name of an IP prefix-list"),
        ],
        &[
            kw("route-map", "Filter prefixes based on the route-map"),
            param("list", Kind::Word, "Route-map name"),
        ],
        &[param("list", Kind::Word, "IP access list number or name")],
    ]),
    one_of(&[
        &[
            kw("in", "Filter incoming routing updates"),
            opt(&[param("interface", Kind::Interface, "Interface")]),
        ],
        &[
            kw("out", "Filter outgoing routing updates"),
            opt(&[one_of(&[
                &[param("interface", Kind::Interface, "Interface")],
                &[param("protocol", Kind::Line, "Routing protocol")],
            ])]),
        ],
    ]),
];

/// The number of an autonomous system of BGP: `65000`, or `1.10` (RFC 5396, asdot+).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asn(pub(crate) u32);

impl Asn {
    /// The number that is written so.
    pub(crate) fn parse(text: &str) -> Option<Asn> {
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty();
        let number = match text.split_once('.') {
            None => text.parse().ok().filter(|_| digits(text))?,
            Some((high, low)) => {
                let part = |text: &str| text.parse::<u16>().ok().filter(|_| digits(text));
                u32::from(part(high)?) << 16 | u32::from(part(low)?)
            }
        };
        (number != 0).then_some(Asn(number))
    }

    /// The one of a line. What is none comes back as its column.
    pub(crate) fn of(args: &Args, name: &str) -> Result<Asn, usize> {
        args.text(name).and_then(Asn::parse).ok_or(args.column(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: both notations of RFC 5396 are read. Method: a table of edges.
    #[test]
    fn autonomous_systems() {
        let table = [
            ("1", Some(1)),
            ("65000", Some(65_000)),
            ("4294967295", Some(u32::MAX)),
            ("4294967296", None),
            ("0", None),
            ("0.0", None),
            ("1.10", Some(65_546)),
            ("0.65000", Some(65_000)),
            ("65535.65535", Some(u32::MAX)),
            ("1.65536", None),
            ("+1", None),
            ("1.", None),
            ("", None),
        ];
        for (text, want) in table {
            assert_eq!(Asn::parse(text).map(|Asn(number)| number), want, "{text}");
        }
    }
}
