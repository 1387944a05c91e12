//! What is fuzzed: parsers alone, for their speed, and a whole router through both its doors.
//!
//! A target says in a few words what came of a case; a case that came to something new is changed
//! further. It fails where a promise does not hold: what is read is written and read again, what is
//! answered is XML or JSON, and the router can be asked afterwards.

use std::sync::LazyLock;

use lab::{
    ClientEvent, Input, Lab, LabOptions, NodeId, Outbox, Output, Proof, SessionId, SessionKind,
};
use netconf::{Decoder, Received, Session, Version, frame};
use simtime::{Duration, Time};
use topology::Topology;
use yang::{Element, Filter, Path, Schema};

use crate::seeds;

/// The tables of a router, as it reads them itself.
const TABLES: [&str; 5] = [
    include_str!("../../../crates/iosxe/data/yang/ietf-interfaces.txt"),
    include_str!("../../../crates/iosxe/data/yang/openconfig-interfaces.txt"),
    include_str!("../../../crates/iosxe/data/yang/cisco-native.txt"),
    include_str!("../../../crates/iosxe/data/yang/cisco-oper.txt"),
    include_str!("../../../crates/iosxe/data/yang/ietf-library.txt"),
];
static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::read(&TABLES).unwrap());

/// After so many cases a router begins anew: what cases do to it adds up.
const CASES_OF_A_ROUTER: u32 = 100;
/// The longest outcome that is kept, in bytes.
const OUTCOME_BYTES_MAX: usize = 80;

/// Of the messages of one case so many tell what came of it.
const WORDS_MAX: usize = 4;

/// Something that takes bytes.
pub(crate) trait Target {
    /// Its name.
    fn name(&self) -> &'static str;

    /// Where its cases begin.
    fn seeds(&self) -> Vec<Vec<u8>>;

    /// Takes a case; what came of it, in a few words.
    fn run(&mut self, case: &[u8]) -> String;
}

fn bytes(texts: Vec<String>) -> Vec<Vec<u8>> {
    texts.into_iter().map(String::into_bytes).collect()
}

/// Words that tell kinds of errors apart, without what the case put into them.
fn outcome(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_ascii_alphabetic() || *c == ' ');
    letters.take(OUTCOME_BYTES_MAX).collect()
}

/// How large something is, roughly.
fn size(bytes: usize) -> u32 {
    usize::BITS - bytes.leading_zeros()
}

/// The first few of the words, each once.
fn few(mut words: Vec<String>) -> String {
    words.dedup();
    words.truncate(WORDS_MAX);
    words.join(", ")
}

/// The stream of a session (RFC 6242), and the requests in it (RFC 6241).
pub(crate) struct Framing;

impl Target for Framing {
    fn name(&self) -> &'static str {
        "framing"
    }

    fn seeds(&self) -> Vec<Vec<u8>> {
        let stream = |version: &str, framing| {
            let hello = frame(Version::V1_0, &seeds::hello(version));
            let each = seeds::messages().into_iter().map(move |text| frame(framing, &text));
            each.map(move |message| [&hello[..], &message].concat())
        };
        stream("1.1", Version::V1_1).chain(stream("1.0", Version::V1_0)).collect()
    }

    fn run(&mut self, case: &[u8]) -> String {
        let mut whole = Session::new(&SCHEMA);
        let said = whole.receive(case);
        // However it is cut, the same comes out.
        let mut cut = Session::new(&SCHEMA);
        let size = 1 + case.len() % 37;
        let again: Vec<Received> = case.chunks(size).flat_map(|part| cut.receive(part)).collect();
        assert_eq!(said, again, "by {size}");
        let word = |received: &Received| match received {
            Received::Hello => "hello".to_owned(),
            Received::Request(request) => match &request.operation {
                Ok(operation) => outcome(&format!("{operation:?}")).chars().take(12).collect(),
                Err(error) => format!("{:?} {}", error.tag, outcome(&error.message)),
            },
            Received::Broken(why) => outcome(why),
        };
        few(said.iter().map(word).collect())
    }
}

/// Data as XML.
pub(crate) struct Xml;

impl Target for Xml {
    fn name(&self) -> &'static str {
        "xml"
    }

    fn seeds(&self) -> Vec<Vec<u8>> {
        bytes(seeds::xml())
    }

    fn run(&mut self, case: &[u8]) -> String {
        let Ok(text) = std::str::from_utf8(case) else { return "no text".to_owned() };
        match read_xml(text) {
            Ok(elements) => {
                let mut written = String::new();
                yang::write_xml(&SCHEMA, &elements, &mut written);
                assert_eq!(read_xml(&written), Ok(bare(elements)), "{written}");
                format!("read {}", size(written.len()))
            }
            Err(error) => outcome(&error),
        }
    }
}

fn read_xml(text: &str) -> Result<Vec<Element>, String> {
    let text = format!("<config>{text}</config>");
    let document = roxmltree::Document::parse(&text).map_err(|error| error.to_string())?;
    let read = yang::read_xml(&SCHEMA, document.root_element());
    read.map_err(|error| format!("{:?} {}", error.tag, error.message))
}

/// Without operations, which are no data.
fn bare(elements: Vec<Element>) -> Vec<Element> {
    let one = |mut element: Element| {
        element.operation = None;
        if let yang::Content::Elements(inner) = element.content {
            element.content = yang::Content::Elements(bare(inner));
        }
        element
    };
    elements.into_iter().map(one).collect()
}

/// Data as JSON.
pub(crate) struct Json;

impl Target for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn seeds(&self) -> Vec<Vec<u8>> {
        bytes(seeds::json())
    }

    fn run(&mut self, case: &[u8]) -> String {
        let members = match serde_json::from_slice(case) {
            Ok(serde_json::Value::Object(members)) => members,
            Ok(_) => return "no object".to_owned(),
            Err(error) => return outcome(&error.to_string()),
        };
        match yang::read_json(&SCHEMA, None, &members) {
            Ok(elements) => {
                let written = yang::write_json(&SCHEMA, &elements, None);
                let again = yang::read_json(&SCHEMA, None, &written);
                assert_eq!(again.as_ref(), Ok(&elements), "{written:?}");
                format!("read {}", size(case.len()))
            }
            Err(error) => format!("{:?} {}", error.tag, outcome(&error.message)),
        }
    }
}

/// Paths and queries of RESTCONF.
pub(crate) struct Paths;

impl Target for Paths {
    fn name(&self) -> &'static str {
        "paths"
    }

    fn seeds(&self) -> Vec<Vec<u8>> {
        let target = |text: String| text.split_whitespace().nth(1).map(str::to_owned);
        bytes(seeds::requests().into_iter().filter_map(target).collect())
    }

    fn run(&mut self, case: &[u8]) -> String {
        let text = String::from_utf8_lossy(case);
        let (path, query) = text.split_once('?').unwrap_or((&text, ""));
        let inner = path.strip_prefix("/restconf/data/").unwrap_or(path);
        let path = match restconf::DataPath::read(&SCHEMA, inner) {
            Ok(path) => format!("{:?}", path.node().map(|node| &node.name)),
            Err(error) => format!("{error:?}"),
        };
        let method = restconf::Method::Get;
        let query = restconf::Query::read(method, query).map(|_| "query");
        format!("{path} {}", query.map_or_else(|name| outcome(&name), str::to_owned))
    }
}

/// XPath filters, over the data of the other seeds.
pub(crate) struct Xpath;

static DATA: LazyLock<Vec<Element>> = LazyLock::new(|| {
    let all = seeds::xml();
    bare(all.iter().flat_map(|text| read_xml(text).unwrap_or_default()).collect())
});

impl Target for Xpath {
    fn name(&self) -> &'static str {
        "xpath"
    }

    fn seeds(&self) -> Vec<Vec<u8>> {
        bytes(seeds::xpath())
    }

    fn run(&mut self, case: &[u8]) -> String {
        let text = String::from_utf8_lossy(case);
        match Path::read(&text) {
            Ok(paths) => {
                let steps = paths.iter().map(|path| path.steps.len()).max().unwrap_or(0);
                let found = yang::select(&SCHEMA, &DATA, &Filter::Paths(paths, Vec::new()));
                format!("{} elements, {steps} steps", found.len())
            }
            Err(error) => outcome(&error.message),
        }
    }
}

/// A router with both servers on.
struct Router {
    lab: Lab,
    node: NodeId,
    now: Time,
    session: u64,
    cases: u32,
}

const TOPOLOGY: &str = "[lab]\nname = \"fuzz\"\n[defaults.node]\nkind = \"virtual\"\n\
    username = \"admin\"\npassword = \"admin\"\n[nodes.R1]\n\
    startup-config = \"R1.cfg\"\n";
const LINES: &str = "ip http secure-server\nnetconf-yang\nrestconf\ninterface Loopback0\n\
    ip address 10.0.0.1 255.255.255.255\nend\n";
const AUTHORIZATION: &str = "Basic YWRtaW46YWRtaW4=";

/// The startup-config of the router.
struct Startup;

impl topology::Files for Startup {
    fn read(&mut self, _path: &str) -> Result<String, String> {
        Ok(LINES.to_owned())
    }

    fn env(&mut self, _name: &str) -> Option<String> {
        None
    }
}

impl Router {
    fn new() -> Self {
        let mut sink = Vec::new();
        let source = diagnostic::Source::new("topology.toml", TOPOLOGY);
        let topology = Topology::load(&source, &mut Startup, &mut sink).unwrap();
        let lab = Lab::new(&topology, LabOptions::virtual_time(7), &mut sink).unwrap();
        let node = lab.node("R1").unwrap();
        let router = Router { lab, node, now: Time::VIRTUAL_START, session: 0, cases: 0 };
        assert!(router.lab.takes_restconf(node) && router.lab.takes_netconf(node).is_some());
        router
    }

    fn tell(&mut self, input: Input<'_>) -> Vec<Output> {
        self.now += Duration::from_millis(10);
        let mut out = Outbox::default();
        self.lab.handle(self.now, Input::Deadline, &mut out);
        self.lab.handle(self.now, input, &mut out);
        out.0
    }

    /// One request of RESTCONF, in the form of the seeds.
    fn request(&mut self, text: &str) -> restconf::Response {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let (method, target) = head.split_once(' ').unwrap_or(("GET", head));
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let is_xml = body.trim_start().starts_with('<');
        let media = if is_xml { restconf::Media::Xml } else { restconf::Media::Json };
        let request = &restconf::Request {
            method: restconf::Method::named(method),
            path: path.to_owned(),
            query: query.to_owned(),
            accept: Some(media.as_str().to_owned()),
            content_type: Some(media.as_str().to_owned()),
            if_match: None,
            if_none_match: None,
            body: body.as_bytes().to_vec(),
        };
        self.session += 1;
        let (node, session) = (self.node, SessionId(self.session));
        let (peer, authorization) = ([127, 0, 0, 1].into(), Some(AUTHORIZATION));
        let out = self.tell(Input::Restconf { node, session, peer, authorization, request });
        self.tell(Input::SessionClosed { node, session });
        let response = out.into_iter().find_map(|output| match output {
            Output::Restconf { response, .. } => Some(response),
            _ => None,
        });
        response.expect("each request is answered")
    }

    /// What is said on a session of NETCONF of its own; the messages of the router.
    fn converse(&mut self, stream: &[u8]) -> Vec<String> {
        self.session += 1;
        let (node, session) = (self.node, SessionId(self.session));
        let proof = Proof::Password("admin");
        let event = ClientEvent::ProgramAsked { user: "admin", proof, peer: [127, 0, 0, 1].into() };
        self.tell(Input::Client { node, session, event });
        let kind = SessionKind::Netconf;
        let mut out = self.tell(Input::SessionOpened { node, session, kind });
        out.extend(self.tell(Input::SessionBytes { node, session, bytes: stream }));
        self.tell(Input::SessionClosed { node, session });
        // The framing behind the router's hello is the one that the client's hello asks for.
        let mut mirror = Session::new(&SCHEMA);
        mirror.receive(stream);
        let is_new = mirror.message("").starts_with(b"\n#");
        let mut decoder = Decoder::default();
        let mut said = Vec::new();
        for output in out {
            if let Output::SessionBytes { session: to, bytes, .. } = output
                && to == session
            {
                decoder.push(&bytes);
                while let Some(message) = decoder.next_message().expect("the router frames well") {
                    decoder.set_version(if is_new { Version::V1_1 } else { Version::V1_0 });
                    said.push(message);
                }
            }
        }
        said
    }

    /// Whether it has had its share of cases.
    fn is_worn(&mut self) -> bool {
        self.cases += 1;
        self.cases > CASES_OF_A_ROUTER
    }
}

/// The router of a target, a new one from time to time.
fn router(of: &mut Option<Router>) -> &mut Router {
    if of.as_mut().is_some_and(Router::is_worn) {
        *of = None;
    }
    of.get_or_insert_with(Router::new)
}

/// A whole router, asked over RESTCONF.
#[derive(Default)]
pub(crate) struct Requests(Option<Router>);

impl Target for Requests {
    fn name(&self) -> &'static str {
        "restconf"
    }

    fn seeds(&self) -> Vec<Vec<u8>> {
        bytes(seeds::requests())
    }

    fn run(&mut self, case: &[u8]) -> String {
        let text = String::from_utf8_lossy(case);
        let response = router(&mut self.0).request(&text);
        assert!((200..600).contains(&response.status), "{}", response.status);
        let media = response.headers.iter().find(|(name, _)| *name == "content-type");
        let body = &response.body;
        match media.map(|(_, value)| value.as_str()) {
            _ if body.is_empty() => {}
            Some(media) if media.ends_with("json") => {
                serde_json::from_str::<serde_json::Value>(body).expect("a body of JSON");
            }
            Some(media) if media.ends_with("xml") => {
                roxmltree::Document::parse(body).expect("a body of XML");
            }
            other => panic!("a body of {other:?}"),
        }
        let kind = if response.status < 400 { "" } else { body.as_str() };
        let message = kind.split("error-message").nth(1).unwrap_or_default();
        format!("{} {}", response.status, outcome(message))
    }
}

/// A whole router, asked over NETCONF.
#[derive(Default)]
pub(crate) struct Device(Option<Router>);

impl Target for Device {
    fn name(&self) -> &'static str {
        "device"
    }

    fn seeds(&self) -> Vec<Vec<u8>> {
        Framing.seeds()
    }

    fn run(&mut self, case: &[u8]) -> String {
        let said = router(&mut self.0).converse(case);
        let mut words = Vec::new();
        for message in &said {
            let document = roxmltree::Document::parse(message).expect("a message of XML");
            let root = document.root_element().tag_name().name();
            assert!(["hello", "rpc-reply", "notification"].contains(&root), "{message}");
            let error =
                document.descendants().find(|node| node.has_tag_name((NETCONF, "error-tag")));
            words.push(error.and_then(|error| error.text()).unwrap_or(root).to_owned());
        }
        few(words)
    }
}

const NETCONF: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";
