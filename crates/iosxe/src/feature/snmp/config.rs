//! `snmp-server ...` in configuration mode, but for traps.

use cli::{Args, Kind, No, Token, any_of, kw, one_of, opt, param};

use super::settings::{
    Community, Group, Host, Model, ROWS_MAX, Security, Snmp, TRAP_PORT, User, View,
};
use crate::command::{Command, Handler, Mode, Reply};
use crate::config::is_word;
use crate::session::Session;
use crate::turn::Turn;

const SERVER: Token = kw("snmp-server", "Modify SNMP engine parameters");
const LIST: Token = param("list", Kind::Word, "Standard IP or named access list");
const WORD: Kind = Kind::Word;
const PORT: Kind = Kind::Integer { min: 0, max: 65_535 };
const VIEW_NAME: Token = param("view", WORD, "Name of the view");
const SOURCE: Token = param("interface", Kind::Interface, "Interface");

/// What a table says that is full.
const FULL: &str = "% SNMP table is full\n";

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    global(
        &[
            SERVER,
            kw("community", "Enable SNMP; set community string and access privs"),
            param("community", WORD, "SNMP community string"),
            opt(&[kw("view", "Restrict this community to a named MIB view"), VIEW_NAME]),
            opt(&[one_of(&[
                &[kw("ro", "Read-only access with this community string")],
                &[kw("rw", "Read-write access with this community string")],
            ])]),
            opt(&[
                kw("ipv6", "Specify IPv6 Named Access-List"),
                param("ipv6-list", WORD, "IPv6 access list"),
            ]),
            opt(&[LIST]),
        ],
        community,
    ),
    global(&[SERVER, kw("location", "Text for mib object sysLocation"), LINE], text),
    global(&[SERVER, kw("contact", "Text for mib object sysContact"), LINE], text),
    global(&[SERVER, kw("chassis-id", "String to uniquely identify this chassis"), LINE], text),
    global(
        &[
            SERVER,
            kw("engineid", "Configure a local or remote SNMPv3 engineID"),
            kw("local", "Configure local engineID"),
            param("engine", WORD, "engine ID octet string"),
        ],
        engine,
    ),
    global(
        &[
            SERVER,
            kw("host", "Specify hosts to receive SNMP notifications"),
            param("host", WORD, "Hostname or IP address of SNMP notification host"),
            opt(&[kw("vrf", "VPN Routing instance"), param("vrf", WORD, "VPN Routing instance")]),
            opt(&[one_of(&[
                &[kw("informs", "Send Inform messages to this host")],
                &[kw("traps", "Send Trap messages to this host")],
            ])]),
            opt(&[kw("version", "SNMP version to use for notification messages"), VERSION]),
            param("community", WORD, "SNMPv1/v2c community string or SNMPv3 user name"),
            opt(&[
                kw("udp-port", "The notification host's UDP port number"),
                param("port", PORT, "Port number"),
            ]),
            opt(&[param("kinds", Kind::Line, "Notification types")]),
        ],
        host,
    ),
    global(
        &[
            SERVER,
            kw("view", "Define an SNMPv3 MIB view"),
            VIEW_NAME,
            param("tree", WORD, "MIB view family name"),
            one_of(&[
                &[kw("included", "MIB family is included in the view")],
                &[kw("excluded", "MIB family is excluded from the view")],
            ]),
        ],
        view,
    ),
    global(
        &[SERVER, kw("group", "Define a User Security Model group"), GROUP, MODEL, LIMITS],
        group,
    ),
    global(
        &[
            SERVER,
            kw("user", "Define a user who can access the SNMP engine"),
            param("user", WORD, "Name of the user"),
            param("group", WORD, "Group to which the user belongs"),
            one_of(&[
                &[kw("v1", "user using the v1 security model"), ACCESS],
                &[kw("v2c", "user using the v2c security model"), ACCESS],
                &[
                    kw("v3", "user using the v3 security model"),
                    opt(&[kw("encrypted", "specifying passwords as MD5 or SHA digests")]),
                    opt(&[kw("auth", "authentication parameters for the user"), AUTH, PRIVACY]),
                    ACCESS,
                ],
            ]),
        ],
        user,
    ),
    global(
        &[SERVER, kw("trap-source", "Assign an interface for the source address"), SOURCE],
        source,
    ),
    global(
        &[
            SERVER,
            kw("source-interface", "Assign an source interface"),
            one_of(&[
                &[kw("traps", "Assign an source interface for traps")],
                &[kw("informs", "Assign an source interface for informs")],
            ]),
            SOURCE,
        ],
        source,
    ),
    global(
        &[
            SERVER,
            kw("ifindex", "Enable ifindex persistence"),
            kw("persist", "Persist interface indices"),
        ],
        ifindex,
    ),
    // The form in which IOS XE prints it.
    global(
        &[
            kw("snmp", "Modify non engine SNMP parameters"),
            kw("ifmib", "IF-MIB related options"),
            kw("ifindex", "Enable ifindex persistence"),
            kw("persist", "Persist interface indices"),
        ],
        ifindex,
    ),
    global(&[SERVER], all),
];

const LINE: Token = param("text", Kind::Line, "text");

const VERSION: Token = one_of(&[
    &[kw("1", "Use SNMPv1")],
    &[kw("2c", "Use SNMPv2c")],
    &[kw("3", "Use SNMPv3"), SECURITY],
]);

const SECURITY: Token = one_of(&[
    &[kw("auth", "Use the SNMPv3 authNoPriv Security Level")],
    &[kw("noauth", "Use the SNMPv3 noAuthNoPriv Security Level")],
    &[kw("priv", "Use the SNMPv3 authPriv Security Level")],
]);

const GROUP: Token = param("group", WORD, "Name of the group");

const MODEL: Token = one_of(&[
    &[kw("v1", "group using the v1 security model")],
    &[kw("v2c", "group using the v2c security model")],
    &[kw("v3", "group using the User Security Model (SNMPv3)"), SECURITY],
]);

const LIMITS: Token = any_of(&[
    &[
        kw("context", "Specify a context to associate these views"),
        param("context", WORD, "context"),
    ],
    &[
        kw("match", "context name match criteria"),
        one_of(&[&[kw("exact", "exact match")], &[kw("prefix", "prefix match")]]),
    ],
    &[kw("read", "specify a read view for the group"), param("read", WORD, "read view name")],
    &[kw("write", "specify a write view for the group"), param("write", WORD, "write view name")],
    &[
        kw("notify", "specify a notify view for the group"),
        param("notify", WORD, "notify view name"),
    ],
    &[kw("access", "specify an access-list associated with this group"), LIST],
]);

const ACCESS: Token = opt(&[kw("access", "specify an access-list"), LIST]);

const AUTH: Token = one_of(&[
    &[kw("md5", "Use HMAC MD5 algorithm"), param("auth-secret", WORD, "password")],
    &[kw("sha", "Use HMAC SHA algorithm"), param("auth-secret", WORD, "password")],
    &[
        kw("sha-2", "Use HMAC SHA-2 algorithm"),
        one_of(&[&[kw("256", "SHA-256")], &[kw("384", "SHA-384")], &[kw("512", "SHA-512")]]),
        param("auth-secret", WORD, "password"),
    ],
]);

const PRIVACY: Token = opt(&[
    kw("priv", "encryption parameters for the user"),
    one_of(&[
        &[kw("des", "Use 56 bit DES algorithm"), param("priv-secret", WORD, "password")],
        &[kw("3des", "Use 168 bit 3DES algorithm"), param("priv-secret", WORD, "password")],
        &[
            kw("aes", "Use AES algorithm"),
            one_of(&[&[kw("128", "128 bit")], &[kw("192", "192 bit")], &[kw("256", "256 bit")]]),
            param("priv-secret", WORD, "password"),
        ],
    ]),
]);

const fn global(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run }
}

fn is_off(args: &Args) -> bool {
    args.is_no() || args.is_default()
}

fn owned(args: &Args, name: &str) -> Option<String> {
    args.text(name).map(str::to_owned)
}

/// The first of these parameters that would not come back as one word.
fn bad_word(args: &Args, names: &[&str]) -> Option<Reply> {
    let bad = names.iter().find(|name| args.text(name).is_some_and(|word| !is_word(word)))?;
    Some(Reply::Invalid { column: args.column(bad) })
}

/// Puts a row where one like it stands, else behind the others.
fn put<T>(rows: &mut Vec<T>, new: T, same: impl Fn(&T) -> bool) -> Reply {
    match rows.iter().position(same) {
        Some(at) => rows[at] = new,
        None if rows.len() >= ROWS_MAX => return Reply::Refused(FULL.into()),
        None => rows.push(new),
    }
    Reply::Done
}

fn community(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if let Some(refusal) = bad_word(args, &["community", "view", "ipv6-list", "list"]) {
        return refusal;
    }
    let communities = &mut turn.state.snmp.communities;
    let Some(name) = owned(args, "community") else {
        communities.clear();
        return Reply::Done;
    };
    if is_off(args) {
        communities.retain(|community| community.name != name);
        return Reply::Done;
    }
    let new = Community {
        name: name.clone(),
        view: owned(args, "view"),
        writes: args.has("rw"),
        ipv6_list: owned(args, "ipv6-list"),
        list: owned(args, "list"),
    };
    put(communities, new, |community| community.name == name)
}

fn text(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Snmp { location, contact, chassis, .. } = &mut turn.state.snmp;
    let place = match () {
        () if args.has("location") => location,
        () if args.has("contact") => contact,
        () => chassis,
    };
    *place = owned(args, "text").map(|text| text.trim_end().to_owned()).filter(|_| !is_off(args));
    Reply::Done
}

/// Five to thirty-two octets (RFC 3411, section 5), in hexadecimal; short ones are filled up.
fn engine(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let given = args.text("engine").filter(|_| !is_off(args));
    if let Some(hex) = given
        && (!hex.bytes().all(|b| b.is_ascii_hexdigit()) || !(1..=64).contains(&hex.len()))
    {
        return Reply::Invalid { column: args.column("engine") };
    }
    turn.state.snmp.engine = given.map(|hex| format!("{:0<24}", hex.to_ascii_uppercase()));
    Reply::Done
}

fn host(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if let Some(refusal) = bad_word(args, &["host", "vrf", "community"]) {
        return refusal;
    }
    let Some(address) = owned(args, "host") else { return Reply::Incomplete };
    let (vrf, name) = (owned(args, "vrf"), owned(args, "community"));
    let hosts = &mut turn.state.snmp.hosts;
    if is_off(args) {
        hosts.retain(|host| {
            host.address != address
                || host.vrf != vrf
                || name.as_ref().is_some_and(|name| *name != host.name)
        });
        return Reply::Done;
    }
    let kinds: Vec<String> =
        args.text("kinds").unwrap_or_default().split_whitespace().map(str::to_lowercase).collect();
    let known = |kind: &&String| Snmp::knows(kind);
    if let Some(bad) = kinds.iter().find(|kind| !known(kind)) {
        let at = args.text("kinds").and_then(|line| line.to_lowercase().find(bad.as_str()));
        return Reply::Invalid { column: args.column("kinds") + at.unwrap_or(0) };
    }
    let new = Host {
        address,
        vrf,
        informs: args.has("informs"),
        model: model_of_host(args),
        name: name.unwrap_or_default(),
        port: args.number("port").and_then(|port| u16::try_from(port).ok()).unwrap_or(TRAP_PORT),
        kinds,
    };
    let like = new.clone();
    put(hosts, new, |host| {
        (&host.address, &host.vrf, &host.name) == (&like.address, &like.vrf, &like.name)
    })
}

fn model_of_host(args: &Args) -> Model {
    match () {
        () if args.has("2c") => Model::V2c,
        () if args.has("3") => Model::V3(security(args)),
        () => Model::V1,
    }
}

fn security(args: &Args) -> Security {
    match () {
        () if args.has("priv") => Security::Priv,
        () if args.has("auth") => Security::Auth,
        () => Security::NoAuth,
    }
}

fn view(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if let Some(refusal) = bad_word(args, &["view", "tree"]) {
        return refusal;
    }
    let Some(name) = owned(args, "view") else { return Reply::Incomplete };
    let tree = owned(args, "tree");
    let views = &mut turn.state.snmp.views;
    if is_off(args) {
        views.retain(|view| {
            view.name != name || tree.as_ref().is_some_and(|tree| *tree != view.tree)
        });
        return Reply::Done;
    }
    let (included, tree) = (args.has("included"), tree.unwrap_or_default());
    let new = View { name: name.clone(), tree: tree.clone(), included };
    put(views, new, |view| view.name == name && view.tree == tree)
}

fn group(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if let Some(refusal) = bad_word(args, &["group", "context", "read", "write", "notify", "list"])
    {
        return refusal;
    }
    let Some(name) = owned(args, "group") else { return Reply::Incomplete };
    let model = match () {
        () if args.has("v3") => Some(Model::V3(security(args))),
        () if args.has("v2c") => Some(Model::V2c),
        () if args.has("v1") => Some(Model::V1),
        () => None,
    };
    let groups = &mut turn.state.snmp.groups;
    if is_off(args) {
        groups.retain(|group| group.name != name || model.is_some_and(|it| it != group.model));
        return Reply::Done;
    }
    let Some(model) = model else { return Reply::Incomplete };
    let new = Group {
        name: name.clone(),
        model,
        context: owned(args, "context"),
        prefix_match: args.has("prefix"),
        read: owned(args, "read"),
        write: owned(args, "write"),
        notify: owned(args, "notify"),
        list: owned(args, "list"),
    };
    put(groups, new, |group| group.name == name && group.model == model)
}

/// A group need not be there (Cisco's command reference of `snmp-server user`).
fn user(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if let Some(refusal) = bad_word(args, &["user", "group", "list"]) {
        return refusal;
    }
    let Some(name) = owned(args, "user") else { return Reply::Incomplete };
    let version = match () {
        () if args.has("v1") => 1,
        () if args.has("v2c") => 2,
        () => 3,
    };
    let group = owned(args, "group");
    let users = &mut turn.state.snmp.users;
    if is_off(args) {
        users.retain(|user| {
            user.name != name || group.as_ref().is_some_and(|group| *group != user.group)
        });
        return Reply::Done;
    }
    let new = User {
        name: name.clone(),
        group: group.unwrap_or_default(),
        version,
        auth: auth(args),
        privacy: privacy(args),
        list: owned(args, "list"),
    };
    put(users, new, |user| user.name == name && user.version == version)
}

fn auth(args: &Args) -> Option<&'static str> {
    match () {
        () if args.has("md5") => Some("md5"),
        () if args.has("sha") => Some("sha"),
        () if args.has("384") => Some("sha384"),
        () if args.has("512") => Some("sha512"),
        () if args.has("sha-2") => Some("sha256"),
        () => None,
    }
}

fn privacy(args: &Args) -> Option<&'static str> {
    match () {
        () if args.has("des") => Some("des"),
        () if args.has("3des") => Some("3des"),
        () if args.has("aes") && args.has("192") => Some("aes192"),
        // `sha-2 256` may stand in the same line: the last number is that of `aes`.
        () if args.has("aes") && args.expanded().contains(" aes 256 ") => Some("aes256"),
        () if args.has("aes") => Some("aes128"),
        () => None,
    }
}

fn source(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let given = args.interface("interface").copied().filter(|_| !is_off(args));
    let snmp = &mut turn.state.snmp;
    let place = if args.has("informs") { &mut snmp.inform_source } else { &mut snmp.trap_source };
    *place = given;
    Reply::Done
}

fn ifindex(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.snmp.ifindex_persist = !is_off(args);
    Reply::Done
}

/// `no snmp-server`: the agent is off, and all of it goes.
fn all(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if !args.is_no() {
        return Reply::Incomplete;
    }
    turn.state.snmp = Snmp::default();
    turn.state.inert.forget("snmp-server");
    Reply::Done
}
