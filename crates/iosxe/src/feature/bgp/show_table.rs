//! `show ip bgp`: the table, and one network of it.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use cli::Args;

use super::show::headings;
use super::speaker::{Family, Speaker};
use super::table::{Path, table};
use crate::command::Reply;
use crate::feature::interface::Prefix;
use crate::turn::Turn;

/// What the letters mean, as 17.12 prints it.
const CODES: &str =
    "Status codes: s suppressed, d damped, h history, * valid, > best, i - internal, 
              r RIB-failure, S Stale, m multipath, b backup-path, f RT-Filter, 
              x best-external, a additional-path, c RIB-compressed, 
              t secondary path, L long-lived-stale,
Origin codes: i - IGP, e - EGP, ? - incomplete
RPKI validation codes: V valid, I invalid, N Not found

     Network          Next Hop            Metric LocPrf Weight Path
";

/// The table of the families that are asked for.
pub(super) fn run(
    turn: &Turn<'_>,
    speaker: &Speaker<'_>,
    families: &[Family<'_>],
    args: &Args,
) -> Reply {
    let prefix = args.text("prefix").map(|text| parse(text).ok_or(args.column("prefix")));
    let prefix = match prefix {
        Some(Err(column)) => return Reply::Invalid { column },
        Some(Ok(prefix)) => Some(prefix),
        None => None,
    };
    let is_all = args.has("all") && !args.has("vpnv4") && !args.has("vpnv6");
    let mut text = String::new();
    for (label, families) in headings(families) {
        if is_all {
            let _ = writeln!(text, "For address family: {label}\n");
        }
        let paths: Vec<Path> =
            families.iter().flat_map(|family| table(turn.state, family)).collect();
        if prefix.is_some() || args.ipv4("address").is_some() {
            let found = match (prefix, args.ipv4("address")) {
                (Some(prefix), _) => paths.iter().find(|path| path.prefix == prefix),
                (None, Some(address)) => best(&paths, address),
                (None, None) => None,
            };
            match found {
                Some(path) => one(&mut text, speaker, path, paths.len() + 1),
                None => return Reply::Refused("% Network not in table\n".into()),
            }
        } else if !paths.is_empty() {
            whole(&mut text, speaker, &paths);
        }
    }
    Reply::Text(text)
}

fn parse(text: &str) -> Option<Prefix> {
    let (address, length) = text.split_once('/')?;
    let length: u32 = length.parse().ok().filter(|length| *length <= 32)?;
    let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
    Prefix::new(address.parse().ok()?, Ipv4Addr::from_bits(mask))
}

/// The longest one that the address is in.
fn best(paths: &[Path], address: Ipv4Addr) -> Option<&Path> {
    let host = Prefix::host_of(address);
    let around = paths.iter().filter(|path| path.prefix.overlaps(host));
    around.max_by_key(|path| path.prefix.length())
}

fn whole(text: &mut String, speaker: &Speaker<'_>, paths: &[Path]) {
    let id = speaker.id().unwrap_or(Ipv4Addr::UNSPECIFIED);
    let version = paths.len() + 1;
    let _ = write!(text, "BGP table version is {version}, local router ID is {id}\n{CODES}");
    for path in paths {
        let status = if path.is_suppressed { "s>" } else { "*>" };
        let network = network(path.prefix);
        if network.len() > 16 {
            let _ = write!(text, " {status:<5}{network}\n{:23}", "");
        } else {
            let _ = write!(text, " {status:<5}{network:<17}");
        }
        let (hop, weight, origin) = (path.next_hop.to_string(), path.weight, path.origin.code());
        let metric = if path.is_aggregate { "" } else { "0" };
        let _ = writeln!(text, "{hop:<15} {metric:>10} {:6} {weight:>6} {origin}", "");
    }
}

/// A network of its class has no length.
fn network(prefix: Prefix) -> String {
    match prefix.mask() == super::family::class_mask(prefix.address()) && prefix.length() > 0 {
        true => prefix.address().to_string(),
        false => prefix.to_string(),
    }
}

fn one(text: &mut String, speaker: &Speaker<'_>, path: &Path, version: usize) {
    let id = speaker.id().unwrap_or(Ipv4Addr::UNSPECIFIED);
    let Path { prefix, next_hop, weight, origin, .. } = path;
    let word = origin.word();
    let sourced = if path.is_aggregate {
        "valid, aggregated, local, best"
    } else {
        "valid, sourced, local, best"
    };
    let _ = write!(
        text,
        "BGP routing table entry for {prefix}, version {version}\n\
         Paths: (1 available, best #1, table default)\n  Not advertised to any peer\n  \
         Refresh Epoch 1\n  Local\n    {next_hop} from 0.0.0.0 ({id})\n      \
         Origin {word}, metric 0, localpref 100, weight {weight}, {sourced}\n      \
         rx pathid: 0, tx pathid: 0x0\n"
    );
}
