//! Files that are wrong, and all that an engineer is told of them: one table per kind of file.

use std::process::Output;

use expect_test::{ExpectFile, expect_file};

use crate::support::{Project, stderr, stdout};

/// Runs `ednm check` over files that stand beside the shipped ones.
fn check(files: &[(&str, &str)], code: i32, want: &ExpectFile) {
    let project = Project::new();
    for (name, text) in files {
        project.write(name, text);
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    compare(&project.run(&[&["check"], names.as_slice()].concat()), code, want);
}

fn compare(output: &Output, code: i32, want: &ExpectFile) {
    want.assert_eq(&format!("{}{}", stdout(output), stderr(output)));
    assert_eq!(output.status.code(), Some(code));
}

const LOGIN: &str = "[defaults.node]\nusername = \"admin\"\npassword = \"admin\"\n";

/// Goal: what is wrong with a topology is said so that it can be corrected. Method: a table.
#[test]
fn mistakes_in_topologies() {
    let login = |text: &str| format!("[lab]\n{LOGIN}{text}");
    let types = "lab = 5\n[defaults.node]\nusername = 1\npassword = \"p\"\n\
                 [nodes.R1]\nssh = 2201\naliases = \"x\"\n[nodes]\nR2 = true\n\
                 [[links]]\nendpoints = \"R1:Gi1\"\n";
    let values = login(
        "[nodes.R1]\nssh = \"127.0.0.1:99999\"\nhost-key = \"SHA256:short\"\n\
         token = \"file:\"\ntoken-for = \"ftp://x/\"\nplatform = \"c8000\"\n\
         [nodes.R2]\nssh = \"10.0.0.300:22\"\npasword = \"x\"\ngroups = [\"core\"]\n\
         [nodes.R3]\nstartup-config = \"none.cfg\"\n[vars]\nURL = \"x\"\n",
    );
    let names = login(
        "[nodes.R1]\nssh = \"127.0.0.1:2201\"\n\
         [nodes.r1]\nssh = \"127.0.0.1:2201\"\n[nodes.\"R 3\"]\n\
         [[links]]\nendpoints = [\"R1:Gi9\", \"R7:Gi1\"]\n\
         [[links]]\nendpoints = [\"R1:Gi1\", \"R1:Gi1\"]\n[[links]]\nends = []\n",
    );
    let seeds = login("[nodes.R1]\n").replace("[lab]", "[lab]\nseed = -1");
    let files = [
        ("types.toml", types),
        ("values.toml", values.as_str()),
        ("names.toml", names.as_str()),
        ("seeds.toml", seeds.as_str()),
        ("twice.toml", "[nodes.R1]\n[nodes.R1]\n"),
    ];
    check(&files, 3, &expect_file!["mistakes/topology.txt"]);
}

/// Goal: the same for listener.toml. Method: a table.
#[test]
fn mistakes_in_listener_files() {
    let source = "[[sources]]\npath = \"/events\"\nauth = [\"bearer\"]\n";
    let rule = |when: &str, actions: &str| {
        format!("{source}[[rules]]\nname = \"r\"\nwhen = {when}\n[[rules.actions]]\n{actions}\n")
    };
    let types = "mode = 1\n[[sources]]\npath = 5\nauth = \"bearer\"\n[sources.x]\n";
    let sources = "mode = \"akt\"\ninventry = \"x\"\n[[sources]]\npath = \"events\"\n\
                   auth = [\"baerer\"]\n[[sources]]\nauth = [\"bearer\"]\n\
                   [credentials.nms]\ntoken = \"env:\"\n[credentials.box]\n";
    let condition = rule("'event.nmae == \"x\"'", "show = [\"show clock\"]\non = \"R9\"");
    let template = rule(
        "'event.name =='",
        "show = [\"show interfaces {{ event.data.interface }}\", 'show {{ event.x | wrd }}', \
         \"reload\", 'show ip route | redirect tftp://x']",
    );
    let nothing = rule("'true'", "on = \"R1\"");
    let files = [
        ("types.toml", types.replace("[sources.x]\n", "")),
        ("sources.toml", sources.to_owned()),
        ("condition.toml", condition),
        ("template.toml", template),
        ("nothing.toml", nothing),
        ("own/listener.toml", "inventory = \"none.toml\"\nmode = \"act\"\n".to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, &**text)).collect();
    check(&files, 3, &expect_file!["mistakes/listener.txt"]);
}

/// Goal: the same for scenarios. Method: a table.
#[test]
fn mistakes_in_scenarios() {
    let step = "[[steps]]\nname = \"cut\"\nat = \"2s\"\nnode = \"R1\"\nshutdown = \"Gi1\"\n";
    let steps = "seed = \"x\"\n[[steps]]\nat = \"2 parsecs\"\nnode = \"R1\"\nshutdown = \"Gi9\"\n\
                 [[steps]]\nnode = \"R11\"\nshutdwn = \"Gi1\"\n\
                 [[steps]]\nat = \"1s\"\nnode = \"R1\"\n";
    let expectations = format!(
        "{step}[[expect]]\nafter = \"cutt\"\nsyslog = {{ node = \"R1\", pattern = '(down' }}\n\
         [[expect]]\nwithin = 5\nwebhook = {{ event = \"x\" }}\n\
         [[expect]]\naction = {{ device = \"R1\", command = 1, matchs = \"x\" }}\n[[expect]]\n"
    );
    let misread = format!("{}[[expect]]\nafter = \"cut\"\n", step.replace("2s", "2"));
    let files = [
        ("steps.toml", steps),
        ("expectations.toml", expectations.as_str()),
        ("misread-step.toml", misread.as_str()),
        ("scenarios/empty.toml", ""),
        ("lost.toml", "topology = \"none.toml\"\n[[steps]]\nat = \"1\"\n"),
    ];
    check(&files, 3, &expect_file!["mistakes/scenario.txt"]);
}

/// Goal: the same for startup-configs: what a router would refuse, as it would, and it goes on.
/// Method: lines of each kind, in a file that two nodes share.
#[test]
fn mistakes_in_startup_configs() {
    let topology = format!(
        "[lab]\n{LOGIN}[nodes.A]\nstartup-config = \"a.cfg\"\n\
         [nodes.B]\nstartup-config = \"b.cfg\"\n[nodes.C]\nstartup-config = \"b.cfg\"\n"
    );
    let a = "hostname A\r\nfrobnicate all\r\ninterface GigabitEthernet1\r\n ip adress 10.0.0.1\r\n\
             \tip address 10.0.0.1 255.0.255.0\r\nevent manager applet X\r\n action 1.0 fly\r\n";
    let b = "! <server> in a comment\nbanner motd <sever>\n";
    let files = [("lab.toml", topology.as_str()), ("a.cfg", a), ("b.cfg", b), ("c.cfg", a)];
    check(&files, 3, &expect_file!["mistakes/startup.txt"]);
}

/// Goal: a mistake in one file hides none in another, and makes none there. Method: a topology
/// whose syntax is wrong, one with a node that cannot be read, and files that refer to each.
#[test]
fn a_mistake_is_told_once() {
    let syntax = "[lab\nname = \"x\"\n";
    let node =
        format!("[lab]\n{LOGIN}[nodes.R1]\nstartup-config = \"none.cfg\"\n[nodes]\nR2 = 5\n");
    let rules = |of: &str| {
        format!(
            "inventory = \"{of}.toml\"\nmod = \"act\"\n[[sources]]\npath = \"/e\"\n\
             auth = [\"bearer\"]\n[[rules]]\nname = \"r\"\nwhen = 'event.nam'\n\
             [[rules.actions]]\non = \"R2\"\nshow = [\"show clock\"]\n"
        )
    };
    let scenario = |of: &str| {
        format!(
            "topology = \"{of}.toml\"\n[[steps]]\nat = \"1s\"\nnode = \"R1\"\n\
             shutdown = \"Loopback7\"\n[[steps]]\nat = \"1s\"\nnode = \"R2\"\nshutdown = \"Gi1\"\n\
             [[expect]]\nwithn = \"1s\"\nsyslog = {{ node = \"R2\", pattern = \"x\" }}\n"
        )
    };
    let files = [
        ("syntax.toml", syntax.to_owned()),
        ("rules-a.toml", rules("syntax")),
        ("scenario-a.toml", scenario("syntax")),
        ("node.toml", node),
        ("rules-b.toml", rules("node")),
        ("scenario-b.toml", scenario("node")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, &**text)).collect();
    check(&files, 3, &expect_file!["mistakes/once.txt"]);
}

/// Goal: what is hardly a file is told as plainly. Method: a table of odd ones.
#[test]
fn odd_files() {
    let project = Project::new();
    let write = |name: &str, bytes: &[u8]| std::fs::write(project.path(name), bytes).unwrap();
    let scenario = "[[steps]]\nat = \"1s\"\nnode = \"R1\"\nshutdown = \"Gi1\"\n";
    write("bom.toml", format!("\u{feff}{scenario}").as_bytes());
    write("crlf.toml", scenario.replace('\n', "\r\n").replace("1s", "1").as_bytes());
    write("tabs.toml", scenario.replace("node =", "\t\tnod\t=").as_bytes());
    write("latin1.toml", &[scenario.as_bytes(), b"# \xfcber\n"].concat());
    let long = format!("# {}\nnam = \"{}\"\n{scenario}", "x".repeat(5_000), "y".repeat(5_000));
    write("long.toml", long.as_bytes());
    write("huge.toml", "# filler\n".repeat(20 * 1024 * 1024 / 9).as_bytes());
    write("deep.toml", format!("a = {}\n", "[".repeat(10_000)).as_bytes());
    write("foreign.toml", b"[package]\nname = \"x\"\n");
    write("listener-like.toml", b"[[sources]\npath = /events\n");
    write("topology.toml", b"");
    std::fs::create_dir(project.path("sub.cfg")).unwrap();
    let names = [
        "bom.toml",
        "crlf.toml",
        "tabs.toml",
        "latin1.toml",
        "long.toml",
        "huge.toml",
        "deep.toml",
        "foreign.toml",
        "listener-like.toml",
        "topology.toml",
        "missing.toml",
    ];
    let output = project.run(&[&["check"], names.as_slice()].concat());
    compare(&output, 3, &expect_file!["mistakes/odd.txt"]);
    let directory = project.run(&["simulator", "check", "--topology", "sub.cfg"]);
    compare(&directory, 4, &expect_file!["mistakes/directory.txt"]);
}
