//! What actions reach beside devices, in virtual time: stand-ins, files in memory, a backup.

use automation::{Automation, Config};
use diagnostic::Source;
use host::files;
use lab::{Lab, LabOptions};
use serde_json::{Value, json};
use simtime::{Rng, Time};
use testbed::virtual_time::Bench;
use topology::Topology;

use crate::support::Project;

/// The course's joke and card, and a backup.
const RULES: &str = r#"
[apis.jokes]
url = "https://icanhazdadjoke.com"
headers = { Accept = "application/json" }
stand-in = "jokes"
[apis.deck]
url = "https://deckofcardsapi.com/api"
stand-in = "deck"
[apis.other]
url = "https://api.example.net"
[defaults.source]
unauthenticated = "loopback"
respond = "result"
name = "Asked"
empty-body = true
[[sources]]
path = "/joke"
[[sources.steps]]
register = "joke"
http = { api = "jokes", path = "/" }
[[sources.steps]]
save = { file = "data/joke.json", json = "{{ result.joke.json }}" }
[[sources.steps]]
log = { file = "logs/lab6.log", line = "JOKE_API_CALLED status={{ result.joke.status }}" }
[[sources.replies]]
when = "result.joke.ok"
json = { joke = "{{ result.joke.json.joke }}" }
[[sources]]
path = "/card/draw"
[[sources.steps]]
when = "not vars.deck_id"
register = "deck"
http = { api = "deck", path = "/deck/new/shuffle/", query = { deck_count = 1 } }
[[sources.steps]]
when = "result.deck.ok"
set = { deck_id = "{{ result.deck.json.deck_id }}" }
[[sources.steps]]
register = "card"
http = { api = "deck", path = "/deck/{{ vars.deck_id }}/draw/", query = { count = 20 } }
[[sources.replies]]
when = "result.card.ok"
json = "{{ result.card.json }}"
[[sources]]
path = "/backup"
[[sources.steps]]
register = "kept"
on = "R1"
backup = { directory = "data/backups" }
[[sources.replies]]
when = "result.kept.ok"
json = { file = "{{ result.kept.file }}", changed = "{{ result.kept.changed }}" }
[[sources]]
path = "/other"
[[sources.steps]]
http = { api = "other", path = "/" }
"#;

struct Class {
    bench: Bench,
    now: Time,
}

impl Class {
    fn new(seed: u64) -> Self {
        let project = Project::new();
        let mut sink = Vec::new();
        let mut nodes = files::open(&project.path("topology.toml")).unwrap();
        let topology = Topology::load(&nodes.source, &mut nodes.files, &mut sink).unwrap();
        let rules = Source::new("listener.toml", RULES);
        let config = Config::load(&rules, &topology, &mut nodes.files, &mut sink);
        let config = config.unwrap_or_else(|| panic!("{}", diagnostic::render(&sink, false)));
        let lab = Lab::new(&topology, LabOptions::virtual_time(1), &mut sink).unwrap();
        let automation = Automation::new(config, Rng::from_seed(1).child("automation"));
        let bench = Bench::new(lab, automation, topology).standing_in(Rng::from_seed(seed));
        Class { bench, now: Time::VIRTUAL_START }
    }

    fn post(&mut self, path: &str) -> (u16, Value) {
        let exchange = self.bench.exchange(self.now, path, &[], b"");
        self.now = exchange.ended;
        let status = exchange.status.unwrap();
        (status, serde_json::from_slice(&exchange.body).unwrap())
    }

    fn file(&self, name: &str) -> String {
        String::from_utf8(self.bench.files()[name].clone()).unwrap()
    }
}

/// Goal: a joke is asked for, saved, logged and answered; the same seed tells the same one.
#[test]
fn a_joke_is_told_without_a_network() {
    let mut class = Class::new(1);
    let (status, reply) = class.post("/joke");
    assert_eq!(status, 200, "{reply}");
    let saved: Value = serde_json::from_str(&class.file("data/joke.json")).unwrap();
    assert_eq!(saved["joke"], reply["joke"]);
    let log = class.file("logs/lab6.log");
    assert!(log.starts_with("JOKE_API_CALLED status=200 ts=2026-01-01T00:00:00."), "{log}");
    assert_eq!(Class::new(1).post("/joke").1, reply);
    assert_ne!(Class::new(2).post("/joke").1, reply);
    class.post("/joke");
    assert_eq!(class.file("logs/lab6.log").lines().count(), 2);
}

/// Goal: a deck is remembered from one request to the next, and runs out.
#[test]
fn a_deck_lasts_for_three_requests() {
    let mut class = Class::new(1);
    let mut seen = std::collections::BTreeSet::new();
    for (left, success, drawn) in [(32, true, 20), (12, true, 20), (0, false, 12)] {
        let (status, reply) = class.post("/card/draw");
        assert_eq!((status, &reply["remaining"]), (200, &json!(left)), "{reply}");
        assert_eq!(reply["success"], json!(success));
        let cards = reply["cards"].as_array().unwrap();
        assert_eq!(cards.len(), drawn);
        for card in cards {
            assert!(seen.insert(card["code"].as_str().unwrap().to_owned()), "{card}");
        }
    }
    assert_eq!(seen.len(), 52);
}

/// Goal: a virtual router's configuration is kept once, without its secrets.
#[test]
fn a_router_is_backed_up() {
    let mut class = Class::new(1);
    let file = "data/backups/R1.cfg";
    assert_eq!(class.post("/backup"), (200, json!({"file": file, "changed": true})));
    assert_eq!(class.post("/backup"), (200, json!({"file": file, "changed": false})));
    let kept = class.file(file);
    assert!(kept.contains("hostname R1\n") && kept.ends_with("end\n"), "{kept}");
    for passing in ["Building configuration", "Current configuration", "Last configuration"] {
        assert!(!kept.contains(passing), "{kept}");
    }
}

/// Goal: where nothing stands in for an API, its step fails and says what to do.
#[test]
fn an_api_without_a_stand_in_is_not_asked() {
    let (status, reply) = Class::new(1).post("/other");
    assert_eq!(status, 502, "{reply}");
    assert!(reply["detail"].as_str().is_some_and(|it| it.contains("`stand-in`")), "{reply}");
}
