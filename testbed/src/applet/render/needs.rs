//! What a real router needs for a rendered applet, and what its reader should know.

use std::collections::BTreeSet;

use host::message::{DIM, HINT};
use host::text::printable;
use serde_json::{Value, json};
use topology::Url;

/// The longest line of a configuration that every release takes, in characters.
const LINE_CHARS_MAX: usize = 254;

/// What is needed, in the order in which it is told.
#[derive(Default)]
pub(super) struct Needs {
    found: Vec<Need>,
    urls: BTreeSet<String>,
}

/// One thing that is needed.
struct Need {
    what: &'static str,
    why: String,
    /// Lines of configuration; one that begins with `EXEC` is typed in EXEC.
    lines: Vec<&'static str>,
}

impl Needs {
    pub(super) fn url(&mut self, url: &str) {
        self.urls.insert(url.to_owned());
    }

    /// Every URL among the arguments of curl.
    pub(super) fn urls_of(&mut self, arguments: &str) {
        let words = arguments.split([' ', '\'', '"', '\\']);
        let urls = words.filter(|word| word.starts_with("http") || word.starts_with('$'));
        urls.for_each(|url| self.url(url));
    }

    /// What stands in quotes, once variables are in their places.
    pub(super) fn body(&mut self, body: &str) {
        if body.contains('$') {
            self.add(
                "harmless variables",
                "the body takes variables as they are: a quotation mark or a line end in one \
                 breaks the command (`$_syslog_msg` begins with a line end)",
                &[],
            );
        }
        if body.contains(" | ") || body.contains('?') {
            self.add(
                "another text",
                "`|` begins a filter of the command line, and `?` asks for help: neither can be \
                 in a command",
                &[],
            );
        }
    }

    pub(super) fn line(&mut self, label: &str, line: &str) {
        if line.chars().count() > LINE_CHARS_MAX {
            let why = format!("action {label} is longer than {LINE_CHARS_MAX} characters");
            self.add("a shorter line", &why, &[]);
        }
    }

    pub(super) fn token(&mut self, variable: &str, is_revealed: bool) {
        let where_to = match is_revealed {
            true => "it stands in the configuration, for everybody who can read that",
            false => "set it where the remark stands, or take `--reveal-token`",
        };
        self.add("the token", &format!("`${variable}` holds it: {where_to}"), &[]);
    }

    pub(super) fn signature(&mut self) {
        self.add(
            "a source without signature",
            "curl signs nothing: the listener must accept this node by its token or address",
            &[],
        );
    }

    pub(super) fn enabled(&mut self, label: &str) {
        self.add("enable", &format!("added as action {label}: a run begins in user EXEC"), &[]);
    }

    pub(super) fn not_enabled(&mut self, label: &str) {
        let why = format!("add `cli command \"enable\"` with a label that sorts before {label}");
        self.add("enable", &why, &[]);
    }

    pub(super) fn order(&mut self, labels: &[&str]) {
        let order = labels.join(", ");
        let why = format!("labels sort as text, so the actions run in the order {order}");
        self.add("a look at the labels", &why, &[]);
    }

    /// What every router needs for curl.
    pub(super) fn of_the_box(&mut self, text: &str) {
        self.add("iox", "the guest shell is a container; `show iox-service` tells", &["iox"]);
        self.add(
            "app-hosting",
            "the container's network",
            &[
                "interface VirtualPortGroup0",
                " ip address 192.168.35.1 255.255.255.0",
                "app-hosting appid guestshell",
                " app-vnic gateway1 virtualportgroup 0 guest-interface 0",
                "  guest-ipaddress 192.168.35.2 netmask 255.255.255.0",
                " app-default-gateway 192.168.35.1 guest-interface 0",
            ],
        );
        self.add(
            "guestshell",
            "it must run; `show app-hosting list` tells",
            &["EXEC guestshell enable"],
        );
        self.add(
            "a way there and back",
            "a route to 192.168.35.0/24 for the listener, or NAT; a VRF on VirtualPortGroup0 if \
             the listener is in one",
            &[
                "ip access-list standard GUESTSHELL",
                " permit 192.168.35.0 0.0.0.255",
                "ip nat inside source list GUESTSHELL interface GigabitEthernet1 overload",
                "interface VirtualPortGroup0",
                " ip nat inside",
                "interface GigabitEthernet1",
                " ip nat outside",
            ],
        );
        for url in std::mem::take(&mut self.urls) {
            self.reach(&url);
        }
        if !text.contains("authorization bypass") {
            self.add(
                "authorization",
                "with AAA command authorization: `authorization bypass` behind the applet's name, \
                 or `event manager session cli username NAME`",
                &[],
            );
        }
    }

    fn reach(&mut self, url: &str) {
        let Ok(parsed) = url.parse::<Url>() else {
            if !url.starts_with('$') {
                self.add("a URL", &format!("`{url}` is none: give its variable a value"), &[]);
            }
            return;
        };
        let (host, port) = (&parsed.host, parsed.port);
        self.add("the listener", &format!("{host} must answer at port {port}"), &[]);
        if parsed.is_loopback() {
            let why = format!("{host} is the router itself: set `webhook-server` in the topology");
            self.add("another address", &why, &[]);
        } else if host.parse::<std::net::IpAddr>().is_err() && !host.starts_with('[') {
            let why = format!("{host} is a name, which the container looks up");
            self.add(
                "a name server",
                &why,
                &["app-hosting appid guestshell", " name-server0 192.0.2.53"],
            );
        }
    }

    fn add(&mut self, what: &'static str, why: &str, lines: &[&'static str]) {
        let why = why.to_owned();
        if !self.found.iter().any(|known| known.what == what && known.why == why) {
            self.found.push(Need { what, why, lines: lines.to_vec() });
        }
    }

    pub(super) fn to_json(&self) -> Value {
        let need = |need: &Need| json!({ "what": need.what, "why": need.why, "lines": need.lines });
        self.found.iter().map(need).collect()
    }

    pub(super) fn to_text(&self) -> String {
        let mut text = format!("\n{HINT}A real router needs{HINT:#}");
        for Need { what, why, lines } in &self.found {
            text.push_str(&format!("\n  {what}: {}", printable(why)));
            for line in lines {
                text.push_str(&format!("\n      {DIM}{line}{DIM:#}"));
            }
        }
        text
    }
}
