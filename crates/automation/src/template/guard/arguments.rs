//! What may follow each command that only reads: local files, and probes that flood nobody.
//!
//! Called by the guard with the words behind the command. Options are taken in full alone, since
//! what an abbreviation means is the device's knowledge.

use super::Refusal;

/// The file systems of a device itself; one can have a number, as in `usb0:` and `flash-1:`, and
/// be that of the standby, as in `stby-bootflash:`.
const LOCAL: [&str; 12] = [
    "bootflash",
    "crashinfo",
    "disk",
    "flash",
    "harddisk",
    "nvram",
    "slot",
    "system",
    "tmpsys",
    "usb",
    "usbflash",
    "webui",
];

/// The file systems that are servers.
const REMOTE: [&str; 7] = ["ftp", "http", "https", "rcp", "scp", "sftp", "tftp"];

/// Words that stand before a target, or in its place: a device asks back for one that is missing.
const PROTOCOLS: [&str; 13] = [
    "ip",
    "ipv6",
    "vrf",
    "appletalk",
    "atm",
    "clns",
    "decnet",
    "ethernet",
    "ipx",
    "mpls",
    "srb",
    "tag",
    "vines",
];

/// An option of a probe, and the least and most that its numbers may be; without bounds it is
/// followed by a name, or by nothing.
enum Option {
    Flag,
    Name,
    Numbers(&'static [(u32, u32)]),
}

/// A repeat of 100 packets is over within seconds; a timeout of 0 would send without a pause, and
/// sizes go up to the largest that IOS takes.
const PING: [(&str, Option); 7] = [
    ("df-bit", Option::Flag),
    ("repeat", Option::Numbers(&[(1, 100)])),
    ("size", Option::Numbers(&[(36, 18_024)])),
    ("source", Option::Name),
    ("timeout", Option::Numbers(&[(1, 10)])),
    ("validate", Option::Flag),
    ("verbose", Option::Flag),
];
const TRACEROUTE: [(&str, Option); 6] = [
    ("numeric", Option::Flag),
    ("port", Option::Numbers(&[(1, 65_535)])),
    ("probe", Option::Numbers(&[(1, 5)])),
    ("source", Option::Name),
    ("timeout", Option::Numbers(&[(1, 10)])),
    ("ttl", Option::Numbers(&[(1, 255), (1, 255)])),
];

/// What is on a server stays there, whichever command asks for it.
pub(super) fn stays_here(words: &[&str]) -> Result<(), Refusal> {
    let is_remote = |word: &&&str| {
        let scheme = word.split(':').next().filter(|scheme| scheme.len() < word.len());
        let known = |scheme: &str| REMOTE.iter().any(|remote| scheme.eq_ignore_ascii_case(remote));
        word.contains("://") || scheme.is_some_and(known)
    };
    match words.iter().find(is_remote) {
        Some(remote) => Err(Refusal::Remote((*remote).to_owned())),
        None => Ok(()),
    }
}

/// `show` reads whatever follows.
pub(super) fn show(_: &[&str]) -> Result<(), Refusal> {
    Ok(())
}

/// `dir`, `dir flash:`, `dir /all bootflash:/core`, `dir all-filesystems`
pub(super) fn dir(words: &[&str]) -> Result<(), Refusal> {
    match without_flags(words, &["/all", "/recursive"]) {
        [] => Ok(()),
        [all] if all.eq_ignore_ascii_case("all-filesystems") => Ok(()),
        [place] => local(place).map(drop),
        [_, extra, ..] => Err(Refusal::Option((*extra).to_owned(), "dir")),
    }
}

/// `more flash:config.txt`
pub(super) fn more(words: &[&str]) -> Result<(), Refusal> {
    match without_flags(words, &["/ascii", "/binary", "/ebcdic"]) {
        [] => Err(Refusal::NoFile),
        [file] => match local(file)?.trim_matches('/') {
            "" => Err(Refusal::NoFile),
            _ => Ok(()),
        },
        [_, extra, ..] => Err(Refusal::Option((*extra).to_owned(), "more")),
    }
}

/// `ping 192.0.2.1 repeat 5`, `ping vrf MGMT ipv6 2001:db8::1`
pub(super) fn ping(words: &[&str]) -> Result<(), Refusal> {
    probe("ping", words, &PING)
}

/// `traceroute 192.0.2.1 numeric`
pub(super) fn traceroute(words: &[&str]) -> Result<(), Refusal> {
    probe("traceroute", words, &TRACEROUTE)
}

fn probe(
    command: &'static str,
    mut words: &[&str],
    options: &[(&str, Option)],
) -> Result<(), Refusal> {
    let is = |word: &str, keyword: &str| word.eq_ignore_ascii_case(keyword);
    if let [vrf, _, rest @ ..] = words
        && is(vrf, "vrf")
    {
        words = rest;
    }
    if let [protocol, rest @ ..] = words
        && ["ip", "ipv6"].iter().any(|known| is(protocol, known))
    {
        words = rest;
    }
    let target = words.split_first().filter(|(target, _)| is_target(target));
    let Some((_, mut words)) = target else { return Err(Refusal::NoTarget(command)) };
    while let Some((word, rest)) = words.split_first() {
        let refused = || Refusal::Option((*word).to_owned(), command);
        let option = options.iter().find(|(known, _)| is(word, known));
        words = match option.ok_or_else(refused)? {
            (_, Option::Flag) => rest,
            (_, Option::Name) => rest.get(1..).ok_or_else(refused)?,
            (_, Option::Numbers(bounds)) => {
                let numbers = rest.get(..bounds.len()).ok_or_else(refused)?;
                let holds = numbers.iter().zip(*bounds).all(|(number, (least, most))| {
                    number.parse::<u32>().is_ok_and(|n| (*least..=*most).contains(&n))
                });
                if !holds {
                    return Err(refused());
                }
                &rest[bounds.len()..]
            }
        };
    }
    Ok(())
}

/// An address or a name, and no abbreviation of a word that something must follow.
fn is_target(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let shaped = word.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-:%".contains(&b));
    shaped && !PROTOCOLS.iter().any(|known| known.starts_with(&lower))
}

fn without_flags<'a>(mut words: &'a [&'a str], flags: &[&str]) -> &'a [&'a str] {
    while let [flag, rest @ ..] = words
        && flags.iter().any(|known| flag.eq_ignore_ascii_case(known))
    {
        words = rest;
    }
    words
}

/// The path on a file system of the device's own.
fn local(place: &str) -> Result<&str, Refusal> {
    let remote = || Refusal::Remote(place.to_owned());
    let (system, path) = place.split_once(':').ok_or_else(remote)?;
    let system = system.to_ascii_lowercase();
    let system = system.strip_prefix("stby-").unwrap_or(&system);
    let name = system.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
    // `flash:x:y` is a file, and `flash://192.0.2.9/x` an address that no device knows.
    let whole = LOCAL.contains(&name) && !path.starts_with("//");
    if whole { Ok(path) } else { Err(remote()) }
}
