//! Files that are wrong: each mistake has its code, its place and its advice.

use expect_test::{Expect, expect};

use crate::{World, load};

const DOCUMENTED: &str = include_str!("../../../../docs/diagnostics.md");
const LOGIN: &str = "[defaults.node]\nusername = \"a\"\npassword = \"b\"\n";

fn check(text: &str, want: &Expect) {
    let files = [("a.cfg", "! <not-read>\nbanner <webhok-server> and <Other> and <a b>\n")];
    let (topology, sink) = load(text, World { files: files.into(), ..World::default() });
    assert_eq!(topology.is_none(), diagnostic::has_errors(&sink));
    for diagnostic in &sink {
        let entry = format!("`{}`", diagnostic.code);
        assert!(DOCUMENTED.contains(&entry), "{entry} is not in docs/diagnostics.md");
    }
    want.assert_eq(&diagnostic::render(&sink, false));
}

/// Goal: every code of a node's own mistakes, at once. Method: nodes with one mistake each.
#[test]
fn mistakes_of_nodes() {
    let text = format!(
        "[lab]\nname = \"x\"\n{LOGIN}\
        [nodes.\"-a\"]\n\
        [nodes.b]\nssh = \"127.0.0.1\"\n\
        [nodes.c]\nssh = \"device.example.com:22\"\n\
        [nodes.d]\nssh = \"127.0.0.1:2201\"\nnetconf = \"localhost:2201\"\n\
        [nodes.e]\nkind = \"real\"\nssh = \"10.0.0.1:0\"\n\
        [nodes.f]\nhost-key = \"SHA256:short\"\npassword = \"env:\"\n\
        [nodes.g]\nplatform = \"c8000\"\ndialect = \"ios\"\nstartup-confg = \"x\"\n\
        [nodes.h]\nstartup-config = \"h.cfg\"\ngroups = [\"core\"]\n\
        [nodes.i]\ntoken-for = \"127.0.0.1:8000\"\naliases = [\"B\", \"I\"]\n"
    );
    check(
        &text,
        &expect![[r#"
            warning[TOP008]: a secret stands in the file itself
             --> lab/topology.toml:5:12
              |
            5 | password = "b"
              |            ^^^ used beyond this machine
              |
            help: refer to it: `env:NAME` or `file:PATH`

            error[TOP001]: `-a` is no name for a node
             --> lab/topology.toml:6:8
              |
            6 | [nodes."-a"]
              |        ^^^^ expected up to 63 letters, digits, `.`, `_`, `-`, the first no sign

            error[TOP003]: `127.0.0.1` is no value for `ssh`
             --> lab/topology.toml:8:7
              |
            8 | ssh = "127.0.0.1"
              |       ^^^^^^^^^^^ expected HOST:PORT, such as `127.0.0.1:2201`

            error[TOP003]: `device.example.com:22` cannot be the ssh address here
              --> lab/topology.toml:10:7
               |
            10 | ssh = "device.example.com:22"
               |       ^^^^^^^^^^^^^^^^^^^^^^^ a virtual node is bound to an IP address or `localhost`, never to a name

            error[TOP004]: `localhost:2201` is taken by node `d`
              --> lab/topology.toml:13:11
               |
            13 | netconf = "localhost:2201"
               |           ^^^^^^^^^^^^^^^^ each server needs an address of its own

            error[TOP003]: `10.0.0.1:0` cannot be the ssh address here
              --> lab/topology.toml:16:7
               |
            16 | ssh = "10.0.0.1:0"
               |       ^^^^^^^^^^^^ a real node has a port

            error[TOP006]: `SHA256:short` is no value for `host-key`
              --> lab/topology.toml:18:12
               |
            18 | host-key = "SHA256:short"
               |            ^^^^^^^^^^^^^^ expected `SHA256:` and 43 letters, `strict`, `accept-new` or `insecure`

            error[TOP007]: `password` is no reference to a secret
              --> lab/topology.toml:19:12
               |
            19 | password = "env:"
               |            ^^^^^^ expected the name of an environment variable after `env:`

            error[TOML005]: unknown platform `c8000`
              --> lab/topology.toml:21:12
               |
            21 | platform = "c8000"
               |            ^^^^^^^ expected `c8000v`
               |
            help: did you mean `c8000v`?

            error[TOML005]: unknown dialect `ios`
              --> lab/topology.toml:22:11
               |
            22 | dialect = "ios"
               |           ^^^^^ expected `iosxe` or `course`

            error[TOML004]: unknown key `startup-confg`
              --> lab/topology.toml:23:1
               |
            23 | startup-confg = "x"
               | ^^^^^^^^^^^^^
               |
            help: did you mean `startup-config`?

            error[TOP012]: cannot read startup-config `h.cfg`
              --> lab/topology.toml:25:18
               |
            25 | startup-config = "h.cfg"
               |                  ^^^^^^^ No such file or directory

            error[TOP015]: unknown group `core`
              --> lab/topology.toml:26:11
               |
            26 | groups = ["core"]
               |           ^^^^^^ no such `[groups.*]` table

            error[TOP013]: `127.0.0.1:8000` is no URL prefix
              --> lab/topology.toml:28:13
               |
            28 | token-for = "127.0.0.1:8000"
               |             ^^^^^^^^^^^^^^^^ expected `http://` or `https://`

            error[TOP005]: alias `B` already means node `b`
              --> lab/topology.toml:29:12
               |
            29 | aliases = ["B", "I"]
               |            ^^^ a payload could not tell the two apart

        "#]],
    );
}

/// Goal: mistakes between parts of a file. Method: links, variables, URLs, a missing login.
#[test]
fn mistakes_of_the_whole() {
    let text = "[lab]\nsed = 7\n\
        [vars]\nwebhook-server = \"a\\nb\"\nBAD = \"x\"\n\
        [webhook]\nallow = [\"http://127.0.0.1@evil/\"]\n\
        [nodes.R1]\nusername = \"a\"\n\
        [nodes.R2]\nkind = \"real\"\nusername = \"a\"\npassword = \"literal\"\nstartup-config = \"a.cfg\"\n\
        [nodes.r2]\nusername = \"a\"\npassword = \"b\"\n\
        [[links]]\nendpoints = [\"R2:Gi1\", \"R9:Gi1\"]\n\
        [[links]]\nendpoints = [\"r2\", \"R1:Gi2\"]\n\
        [[links]]\nendpoints = [\"r2:Gi3\"]\n\
        [[links]]\nends = []\n";
    check(
        text,
        &expect![[r#"
            error[TOML004]: unknown key `sed`
             --> lab/topology.toml:2:1
              |
            2 | sed = 7
              | ^^^
              |
            help: did you mean `seed`?

            error[TOP014]: the value of `webhook-server` is more than one line
             --> lab/topology.toml:4:18
              |
            4 | webhook-server = "a\nb"
              |                  ^^^^^^ holds a control character

            error[TOP014]: `BAD` cannot stand between `<` and `>`
             --> lab/topology.toml:5:1
              |
            5 | BAD = "x"
              | ^^^ expected lower-case letters, digits and hyphens

            error[TOP013]: `http://127.0.0.1@evil/` is no URL prefix
             --> lab/topology.toml:7:10
              |
            7 | allow = ["http://127.0.0.1@evil/"]
              |          ^^^^^^^^^^^^^^^^^^^^^^^^ a URL here holds no user name or password

            error[TOP002]: node `R1` has no password
             --> lab/topology.toml:8:8
              |
            8 | [nodes.R1]
              |        ^^ `password` is needed to log in
              |
            help: say it here or in `[defaults.node]`: `password = "..."`

            warning[TOP008]: a secret stands in the file itself
              --> lab/topology.toml:13:12
               |
            13 | password = "literal"
               |            ^^^^^^^^^ used beyond this machine
               |
            help: refer to it: `env:NAME` or `file:PATH`

            error[TOP005]: `r2` and `R2` differ only in case
              --> lab/topology.toml:15:8
               |
            15 | [nodes.r2]
               |        ^^ a node needs a name of its own

            error[TOP011]: `R2` is real: the lab has no cable to it
              --> lab/topology.toml:19:15
               |
            19 | endpoints = ["R2:Gi1", "R9:Gi1"]
               |               ^^ a link joins virtual nodes

            error[TOP010]: unknown node `R9`
              --> lab/topology.toml:19:25
               |
            19 | endpoints = ["R2:Gi1", "R9:Gi1"]
               |                         ^^ no such `[nodes.*]` table
               |
            help: did you mean `R1`?

            error[TOP009]: `r2` is no endpoint
              --> lab/topology.toml:21:14
               |
            21 | endpoints = ["r2", "R1:Gi2"]
               |              ^^^^ expected `NODE:INTERFACE`

            error[TOP009]: a link has two endpoints, this one has 1
              --> lab/topology.toml:22:1
               |
            22 | [[links]]
               | ^^^^^^^^^ expected `endpoints = ["NODE:INTERFACE", "NODE:INTERFACE"]`

            error[TOML003]: missing key `endpoints`
              --> lab/topology.toml:24:1
               |
            24 | [[links]]
               | ^^^^^^^^^ `endpoints` is required here

            error[TOML004]: unknown key `ends`
              --> lab/topology.toml:25:1
               |
            25 | ends = []
               | ^^^^ known here: endpoints

            error[TOP016]: unknown variable `webhok-server`
             --> lab/a.cfg:2:8
              |
            2 | banner <webhok-server> and <Other> and <a b>
              |        ^^^^^^^^^^^^^^^ not in `[vars]` of lab/topology.toml
              |
            help: did you mean `webhook-server`?

        "#]],
    );
}
