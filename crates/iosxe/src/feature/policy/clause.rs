//! The kinds of `match` and `set` that a route map knows, as a table: the words, what may follow,
//! and how each is shown.
//!
//! Used by `route_map` for its commands, its configuration and its show. In running-config the
//! clauses of an entry stand in the order of this table.

use std::net::{Ipv4Addr, Ipv6Addr};

use cli::{InterfaceName, Kind, Token, kw, one_of, opt, param};

/// One kind of clause.
#[derive(Debug)]
pub(super) struct Row {
    /// Behind `match` or `set`: `ip address prefix-list`.
    pub(super) words: &'static str,
    /// The last of the words, and what follows.
    pub(super) tokens: &'static [Token],
    /// What `show route-map` prints in front of the values.
    pub(super) shown: &'static str,
    /// What becomes of the values that are there already.
    pub(super) keeps: Keeps,
    /// What each value must be.
    pub(super) values: Values,
}

/// What becomes of the values of a clause when another line of its kind is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeps {
    /// The new ones replace them.
    None,
    /// The new ones are added to the line.
    All,
    /// The new ones are a line of their own.
    Lines,
}

/// What the values of a clause are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// The grammar says it, or they are names.
    Words,
    /// Numbers up to this.
    Numbers(u32),
    /// Metrics: numbers, `external`, `+-` and a deviation.
    Metrics,
    /// A sign and a number, where the grammar lets a word through.
    Signed,
    /// Names of interfaces, in any form.
    Interfaces,
    /// Addresses of IPv4.
    Ipv4,
    /// Addresses of IPv6.
    Ipv6,
    /// `aa:nn`, a number, or the name of a well-known community (RFC 1997).
    Communities,
    /// Numbers of autonomous systems (RFC 5396), or `last-as` and a number.
    AsPath,
}

const fn list(words: &'static str, shown: &'static str, tokens: &'static [Token]) -> Row {
    Row { words, tokens, shown, keeps: Keeps::All, values: Values::Words }
}

const fn one(words: &'static str, tokens: &'static [Token]) -> Row {
    Row { words, tokens, shown: words, keeps: Keeps::None, values: Values::Words }
}

const fn lines(words: &'static str, tokens: &'static [Token]) -> Row {
    Row { words, tokens, shown: words, keeps: Keeps::Lines, values: Values::Words }
}

impl Row {
    const fn of(self, values: Values) -> Self {
        Row { values, ..self }
    }

    /// The values of a clause in canonical form; the first word that is none.
    pub(super) fn read<'a>(&self, text: &'a str) -> Result<Vec<String>, &'a str> {
        if self.values == Values::Interfaces {
            return interfaces(text);
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let after_last_as = |at: usize| at > 0 && words[at - 1] == "last-as";
        for (at, word) in words.iter().enumerate() {
            let number = |max: u32| word.parse::<u32>().is_ok_and(|number| number <= max);
            let fits = match self.values {
                Values::Words | Values::Interfaces => true,
                Values::Numbers(max) => number(max),
                Values::Metrics => number(u32::MAX) || ["external", "+-"].contains(word),
                Values::Signed => {
                    let sign = word.strip_prefix(['+', '-']);
                    sign.unwrap_or(word).parse::<u32>().is_ok()
                }
                Values::Ipv4 => {
                    const OTHERS: [&str; 6] =
                        ["dynamic", "dhcp", "peer-address", "recursive", "self", "unchanged"];
                    word.parse::<Ipv4Addr>().is_ok() || OTHERS.contains(word)
                }
                Values::Ipv6 => word.parse::<Ipv6Addr>().is_ok() || *word == "peer-address",
                Values::Communities => is_community(word),
                Values::AsPath => {
                    *word == "last-as"
                        || if after_last_as(at) {
                            matches!(word.parse(), Ok(1..=10))
                        } else {
                            is_as(word)
                        }
                }
            };
            if !fits {
                return Err(word);
            }
        }
        Ok(words.into_iter().map(str::to_owned).collect())
    }
}

fn interfaces(text: &str) -> Result<Vec<String>, &str> {
    let mut words = text.split_whitespace().peekable();
    let mut names = Vec::new();
    while let Some(word) = words.next() {
        let name = InterfaceName::parse(word).or_else(|| {
            let number = words.next_if(|next| next.starts_with(|c: char| c.is_ascii_digit()))?;
            InterfaceName::parse(&format!("{word} {number}"))
        });
        names.push(name.ok_or(word)?.long());
    }
    Ok(names)
}

/// Whether a word names a community.
pub(super) fn is_community(word: &str) -> bool {
    const NAMES: [&str; 7] =
        ["additive", "gshut", "internet", "local-as", "no-advertise", "no-export", "none"];
    let pair =
        |(high, low): (&str, &str)| high.parse::<u16>().is_ok() && low.parse::<u16>().is_ok();
    NAMES.contains(&word.to_ascii_lowercase().as_str())
        || word.parse::<u32>().is_ok()
        || word.split_once(':').is_some_and(pair)
}

/// Whether a word is the number of an autonomous system: `65000`, `4200000000`, `1.10`.
fn is_as(word: &str) -> bool {
    let pair =
        |(high, low): (&str, &str)| high.parse::<u16>().is_ok() && low.parse::<u16>().is_ok();
    word.parse::<u32>().is_ok_and(|number| number > 0) || word.split_once('.').is_some_and(pair)
}

/// The rest of the line, as words.
const VALUES: Token = param("values", Kind::Line, "Values");

const fn number(min: u64, max: u64, help: &'static str) -> Token {
    param("values", Kind::Integer { min, max }, help)
}

const U32: u64 = u32::MAX as u64;

const IP: Token = kw("ip", "IP specific information");
const IPV6: Token = kw("ipv6", "IPv6 specific information");
const ADDRESS: Token = kw("address", "Match address of route or match packet");
const PREFIX_LIST: Token = kw("prefix-list", "Match entries of prefix-lists");
const NEXT_HOP: Token = kw("next-hop", "Next hop address");
const ROUTE_SOURCE: Token = kw("route-source", "Match advertising source address of route");
const NAMES: Token = param("values", Kind::Line, "IP access-list names or numbers");
const PREFIX_LISTS: Token = param("values", Kind::Line, "IP prefix-list names");

/// What `match` knows.
pub(super) static MATCHES: &[Row] = &[
    list(
        "as-path",
        "as-path (as-path filter):",
        &[kw("as-path", "Match BGP AS path list"), VALUES],
    )
    .of(Values::Numbers(500)),
    list(
        "community",
        "community (community-list filter):",
        &[kw("community", "Match BGP community list"), VALUES],
    ),
    list(
        "extcommunity",
        "extcommunity (extcommunity-list filter):",
        &[kw("extcommunity", "Match BGP/VPN extended community list"), VALUES],
    ),
    list(
        "interface",
        "interface",
        &[
            kw("interface", "Match first hop interface of route"),
            param("values", Kind::Line, "Interfaces"),
        ],
    )
    .of(Values::Interfaces),
    list(
        "ip address prefix-list",
        "ip address prefix-lists:",
        &[IP, ADDRESS, PREFIX_LIST, PREFIX_LISTS],
    ),
    list("ip address", "ip address (access-lists):", &[IP, ADDRESS, NAMES]),
    list(
        "ip next-hop prefix-list",
        "ip next-hop prefix-lists:",
        &[IP, NEXT_HOP, PREFIX_LIST, PREFIX_LISTS],
    ),
    list("ip next-hop", "ip next-hop (access-lists):", &[IP, NEXT_HOP, NAMES]),
    list(
        "ip route-source prefix-list",
        "ip route-source prefix-lists:",
        &[IP, ROUTE_SOURCE, PREFIX_LIST, PREFIX_LISTS],
    ),
    list("ip route-source", "ip route-source (access-lists):", &[IP, ROUTE_SOURCE, NAMES]),
    list(
        "ipv6 address prefix-list",
        "ipv6 address prefix-lists:",
        &[IPV6, ADDRESS, PREFIX_LIST, PREFIX_LISTS],
    ),
    list("ipv6 address", "ipv6 address (access-lists):", &[IPV6, ADDRESS, NAMES]),
    list(
        "ipv6 next-hop prefix-list",
        "ipv6 next-hop prefix-lists:",
        &[IPV6, NEXT_HOP, PREFIX_LIST, PREFIX_LISTS],
    ),
    list("ipv6 next-hop", "ipv6 next-hop (access-lists):", &[IPV6, NEXT_HOP, NAMES]),
    one(
        "length",
        &[
            kw("length", "Packet length"),
            number(0, 2_147_483_647, "Minimum packet length"),
            number(0, 2_147_483_647, "Maximum packet length"),
        ],
    ),
    list(
        "local-preference",
        "local-preference",
        &[kw("local-preference", "Local preference for route"), VALUES],
    )
    .of(Values::Numbers(u32::MAX)),
    list("metric", "metric", &[kw("metric", "Match metric of route"), VALUES]).of(Values::Metrics),
    list("mpls-label", "mpls-label", &[kw("mpls-label", "Match routes which have MPLS labels")]),
    list("policy-list", "IP Policy lists:", &[kw("policy-list", "Match IP policy list"), VALUES]),
    lines(
        "route-type",
        &[
            kw("route-type", "Match route-type of route"),
            one_of(&[
                &[
                    kw("external", "external route (BGP, EIGRP and OSPF type 1/2)"),
                    opt(&[one_of(&[
                        &[kw("type-1", "OSPF type 1 route")],
                        &[kw("type-2", "OSPF type 2 route")],
                    ])]),
                ],
                &[kw("internal", "internal route (including OSPF intra/inter area)")],
                &[kw("level-1", "IS-IS level-1 route")],
                &[kw("level-2", "IS-IS level-2 route")],
                &[kw("local", "locally generated route")],
                &[kw("nssa-external", "nssa-external route (OSPF type 1/2)")],
            ]),
        ],
    ),
    lines(
        "rpki",
        &[
            kw("rpki", "Match RPKI state of route"),
            one_of(&[
                &[kw("invalid", "RPKI Invalid State")],
                &[kw("not-found", "RPKI Not Found State")],
                &[kw("valid", "RPKI Valid State")],
            ]),
        ],
    ),
    lines(
        "source-protocol",
        &[
            kw("source-protocol", "Match source-protocol of route"),
            one_of(&[
                &[kw("bgp", "BGP"), param("values", Kind::Word, "Autonomous system number")],
                &[kw("connected", "Connected")],
                &[kw("eigrp", "EIGRP"), number(1, 65_535, "Autonomous system number")],
                &[kw("isis", "ISO IS-IS")],
                &[kw("ospf", "OSPF"), number(1, 65_535, "Process ID")],
                &[kw("rip", "Routing Information Protocol (RIP)")],
                &[kw("static", "Static routes")],
            ]),
        ],
    ),
    list("tag", "tag", &[kw("tag", "Match tag of route"), VALUES]).of(Values::Numbers(u32::MAX)),
    one("track", &[kw("track", "tracking object"), number(1, 1000, "Tracked object number")]),
];

/// What `set` knows.
pub(super) static SETS: &[Row] = &[
    one(
        "as-path prepend",
        &[
            kw("as-path", "Prepend string for a BGP AS-path attribute"),
            kw("prepend", "Prepend to the as-path"),
            param("values", Kind::Line, "AS numbers, or last-as <1-10>"),
        ],
    )
    .of(Values::AsPath),
    one(
        "as-path tag",
        &[
            kw("as-path", "Prepend string for a BGP AS-path attribute"),
            kw("tag", "Set the tag as an AS-path attribute"),
        ],
    ),
    one("automatic-tag", &[kw("automatic-tag", "Automatically compute TAG value")]),
    one(
        "comm-list",
        &[
            kw("comm-list", "set BGP community list (for deletion)"),
            param("values", Kind::Word, "Community-list name or number"),
            kw("delete", "Delete matching communities"),
        ],
    ),
    one(
        "community",
        &[
            kw("community", "BGP community attribute"),
            param("values", Kind::Line, "Communities: number, aa:nn, internet, local-as, ..."),
        ],
    )
    .of(Values::Communities),
    one(
        "dampening",
        &[
            kw("dampening", "Set BGP route flap dampening parameters"),
            param("values", Kind::Line, "half-life, reuse, suppress, max-suppress-time"),
        ],
    ),
    one(
        "default interface",
        &[
            kw("default", "Set default information"),
            kw("interface", "Default output interface"),
            param("values", Kind::Line, "Interfaces"),
        ],
    )
    .of(Values::Interfaces),
    lines(
        "extcommunity",
        &[
            kw("extcommunity", "BGP extended community attribute"),
            param("values", Kind::Line, "rt, soo, cost, ..."),
        ],
    ),
    one("global", &[kw("global", "Set to global routing table")]),
    one(
        "interface",
        &[kw("interface", "Output interface"), param("values", Kind::Line, "Interfaces")],
    )
    .of(Values::Interfaces),
    one(
        "ip address prefix-list",
        &[
            IP,
            kw("address", "Specify IP address"),
            kw("prefix-list", "Set addresses from prefix-list"),
            param("values", Kind::Word, "IP prefix-list name"),
        ],
    ),
    one(
        "ip default next-hop",
        &[
            IP,
            kw("default", "Set default information"),
            NEXT_HOP,
            param("values", Kind::Line, "IP addresses of next hops"),
        ],
    )
    .of(Values::Ipv4),
    one("ip df", &[IP, kw("df", "Set DF bit"), number(0, 1, "DF bit")]),
    one(
        "ip global next-hop",
        &[
            IP,
            kw("global", "global routing table"),
            NEXT_HOP,
            param("values", Kind::Line, "IP addresses of next hops"),
        ],
    )
    .of(Values::Ipv4),
    lines(
        "ip next-hop verify-availability",
        &[
            IP,
            NEXT_HOP,
            kw("verify-availability", "Verify if nexthop is reachable"),
            opt(&[
                param("values", Kind::Ipv4, "IP address of next hop"),
                number(1, 65_535, "Sequence to insert into next-hop list"),
                kw("track", "Set the next hop depending on the state of a tracked object"),
                number(1, 1000, "tracked object number"),
            ]),
        ],
    ),
    one(
        "ip next-hop",
        &[
            IP,
            NEXT_HOP,
            one_of(&[
                &[kw("dynamic", "application dynamically sets next hop"), kw("dhcp", "use DHCP")],
                &[kw("peer-address", "Use peer address (for BGP only)")],
                &[kw("recursive", "Recursive next-hop"), param("values", Kind::Ipv4, "Address")],
                &[kw("self", "Use self address (for BGP only)")],
                &[kw("unchanged", "Use unchanged address (for BGP only)")],
                &[
                    param("values", Kind::Ipv4, "IP address of next hop"),
                    opt(&[param("values", Kind::Line, "IP addresses of further next hops")]),
                ],
            ]),
        ],
    )
    .of(Values::Ipv4),
    one(
        "ip precedence",
        &[
            IP,
            kw("precedence", "Set precedence field"),
            param("values", Kind::Word, "Precedence value"),
        ],
    ),
    one(
        "ip tos",
        &[
            IP,
            kw("tos", "Set type of service field"),
            param("values", Kind::Word, "Type of service value"),
        ],
    ),
    one("ip vrf", &[IP, kw("vrf", "VRF name"), VALUES]),
    one(
        "ipv6 default next-hop",
        &[IPV6, kw("default", "Set default information"), NEXT_HOP, VALUES],
    )
    .of(Values::Ipv6),
    one("ipv6 next-hop", &[IPV6, NEXT_HOP, VALUES]).of(Values::Ipv6),
    one(
        "ipv6 precedence",
        &[IPV6, kw("precedence", "Set precedence field"), number(0, 7, "Value")],
    ),
    one(
        "level",
        &[
            kw("level", "Where to import route"),
            one_of(&[
                &[kw("level-1", "Import into a level-1 area")],
                &[kw("level-1-2", "Import into level-1 and level-2")],
                &[kw("level-2", "Import into level-2 sub-domain")],
                &[kw("nssa-only", "Import only into NSSA areas")],
            ]),
        ],
    ),
    one(
        "local-preference",
        &[
            kw("local-preference", "BGP local preference path attribute"),
            number(0, U32, "Preference value"),
        ],
    ),
    one(
        "metric",
        &[
            kw("metric", "Metric value for destination routing protocol"),
            one_of(&[
                &[
                    number(0, U32, "Metric value or Bandwidth in Kbits per second"),
                    opt(&[
                        number(0, U32, "EIGRP delay metric, in 10 microsecond units"),
                        number(0, 255, "EIGRP reliability metric"),
                        number(0, 255, "EIGRP Effective bandwidth metric (loading)"),
                        number(1, U32, "EIGRP MTU of the path"),
                    ]),
                ],
                &[param("sign", Kind::Word, "Add or subtract metric: +<metric>, -<metric>")],
            ]),
        ],
    )
    .of(Values::Signed),
    one(
        "metric-type",
        &[
            kw("metric-type", "Type of metric for destination routing protocol"),
            one_of(&[
                &[kw("external", "IS-IS external metric")],
                &[kw("internal", "IS-IS internal metric, or IGP metric as the MED for BGP")],
                &[kw("type-1", "OSPF external type 1 metric")],
                &[kw("type-2", "OSPF external type 2 metric")],
            ]),
        ],
    ),
    one("mpls-label", &[kw("mpls-label", "Set MPLS label for prefix")]),
    one(
        "origin",
        &[
            kw("origin", "BGP origin code"),
            one_of(&[
                &[kw("egp", "remote EGP"), param("values", Kind::Word, "remote autonomous system")],
                &[kw("igp", "local IGP")],
                &[kw("incomplete", "unknown heritage")],
            ]),
        ],
    ),
    one("tag", &[kw("tag", "Tag value for destination routing protocol"), VALUES])
        .of(Values::Numbers(u32::MAX)),
    one(
        "traffic-index",
        &[
            kw("traffic-index", "BGP traffic classification number for accounting"),
            number(1, 64, "Bucket number"),
        ],
    ),
    one("vrf", &[kw("vrf", "Define VRF name"), param("values", Kind::Word, "VRF name")]),
    one(
        "weight",
        &[kw("weight", "BGP weight for routing table"), number(0, 65_535, "Weight value")],
    ),
];
