//! Decks of cards: no card twice, none from nowhere.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;
use simtime::Rng;
use standin::{Kind, Request, StandIn};

fn table() -> StandIn {
    StandIn::new(Kind::Deck, Rng::from_seed(3))
}

fn ask(service: &mut StandIn, path: &str) -> (u16, Value) {
    let answer = service.handle(&Request::get(path));
    (answer.status, serde_json::from_str(&answer.body).expect("JSON"))
}

fn codes(answer: &Value) -> Vec<String> {
    let cards = answer["cards"].as_array().expect("cards");
    cards.iter().map(|card| card["code"].as_str().expect("a code").to_owned()).collect()
}

fn id(answer: &Value) -> &str {
    answer["deck_id"].as_str().expect("an id")
}

/// Goal: the road of the course works: a new deck, shuffled, then one card.
#[test]
fn a_card_is_drawn_from_a_new_deck() {
    let mut service = table();
    let (status, deck) = ask(&mut service, "/api/deck/new/shuffle/?deck_count=1");
    assert_eq!(status, 200);
    assert_eq!(
        (&deck["success"], &deck["remaining"], &deck["shuffled"]),
        (&Value::from(true), &Value::from(52), &Value::from(true))
    );
    let (_, drawn) = ask(&mut service, &format!("/api/deck/{}/draw/?count=1", id(&deck)));
    assert_eq!(drawn["remaining"], 51);
    let card = &drawn["cards"][0];
    let keys: Vec<&String> = card.as_object().expect("a card").keys().collect();
    assert_eq!(keys, ["code", "image", "images", "value", "suit"]);
    let (_, at_once) = ask(&mut service, "/api/deck/new/draw/?count=2");
    assert_eq!((codes(&at_once).len(), &at_once["remaining"]), (2, &Value::from(50)));
}

/// Goal: a deck runs out, says so, and a shuffle fills it again.
#[test]
fn a_deck_runs_out() {
    let mut service = table();
    let (_, deck) = ask(&mut service, "/api/deck/new/");
    assert_eq!(deck["shuffled"], false);
    let draw = format!("/api/deck/{}/draw/", id(&deck));
    let (_, first) = ask(&mut service, &format!("{draw}?count=50"));
    assert_eq!(codes(&first)[..3], ["AS", "2S", "3S"]);
    let (status, last) = ask(&mut service, &format!("{draw}?count=5"));
    assert_eq!((status, &last["success"], &last["remaining"]), (200, &false.into(), &0.into()));
    assert_eq!(codes(&last), ["QH", "KH"]);
    let error = last["error"].as_str().expect("an error");
    assert!(error.starts_with("Not enough cards remaining"), "{error}");
    assert_eq!(ask(&mut service, &format!("/api/deck/{}/", id(&deck))).1["remaining"], 0);
    assert_eq!(ask(&mut service, &format!("/api/deck/{}/shuffle/", id(&deck))).1["remaining"], 52);
}

/// Goal: jokers, lists of cards and returned cards are as the service has them. Method: a table.
#[test]
fn decks_of_other_kinds() {
    let mut service = table();
    for (path, remaining) in [
        ("/api/deck/new/?jokers_enabled=true", 54),
        ("/api/deck/new/shuffle/?deck_count=6", 312),
        ("/api/deck/new/shuffle/?cards=AS,2s,nothing,0H", 3),
        ("/api/deck/new/shuffle/?cards=", 0),
    ] {
        assert_eq!(ask(&mut service, path).1["remaining"], remaining, "{path}");
    }
    let (_, deck) = ask(&mut service, "/api/deck/new/?cards=X1,X2,0H");
    let id = id(&deck);
    let (_, drawn) = ask(&mut service, &format!("/api/deck/{id}/draw/bottom/?count=1"));
    assert_eq!((&drawn["cards"][0]["value"], codes(&drawn)), (&"10".into(), vec!["0H".into()]));
    let (_, drawn) = ask(&mut service, &format!("/api/deck/{id}/draw/?count=2"));
    assert_eq!(
        (&drawn["cards"][1]["value"], &drawn["cards"][1]["suit"]),
        (&"JOKER".into(), &"RED".into())
    );
    let (_, back) = ask(&mut service, &format!("/api/deck/{id}/return/?cards=X2,AS"));
    assert_eq!(back["remaining"], 1);
    assert_eq!(ask(&mut service, &format!("/api/deck/{id}/return/")).1["remaining"], 3);
}

/// Goal: what is wrong is said with the statuses of the service. Method: a table.
#[test]
fn mistakes_are_told() {
    let mut service = table();
    for (path, want) in [
        ("/api/deck/nosuchdeck00/draw/?count=1", 404),
        ("/api/deck/nosuchdeck00/", 404),
        ("/api/deck/new/?deck_count=21", 200),
        ("/api/deck/new/?deck_count=0", 200),
        ("/api/deck/new/?deck_count=many", 400),
        ("/api/deck/new/draw/?count=-1", 400),
        ("/api/elsewhere/", 404),
    ] {
        let (status, answer) = ask(&mut service, path);
        assert_eq!(status, want, "{path}: {answer}");
        assert_ne!(answer["success"], true, "{path}");
    }
}

/// Goal: the memory has a bound: the oldest deck goes. Method: open more than are kept.
#[test]
fn the_oldest_deck_is_forgotten() {
    let mut service = table();
    let (_, first) = ask(&mut service, "/api/deck/new/");
    let (_, second) = ask(&mut service, "/api/deck/new/");
    for _ in 0..255 {
        ask(&mut service, "/api/deck/new/");
    }
    assert_eq!(ask(&mut service, &format!("/api/deck/{}/", id(&first))).0, 404);
    assert_eq!(ask(&mut service, &format!("/api/deck/{}/", id(&second))).0, 200);
}

proptest! {
    /// Goal: however it is drawn, a deck holds each of 52 cards once, then nothing.
    #[test]
    fn no_card_is_drawn_twice(
        seed in any::<u64>(),
        counts in prop::collection::vec((0usize..9, 0usize..3), 0..40),
    ) {
        let mut service = StandIn::new(Kind::Deck, Rng::from_seed(seed));
        let (_, deck) = ask(&mut service, "/deck/new/shuffle/");
        let mut seen = BTreeSet::new();
        let all = counts.into_iter().chain([(52, 0)]);
        for (count, from) in all {
            let before = 52 - seen.len();
            let from = ["", "bottom/", "random/"][from];
            let path = format!("/deck/{}/draw/{from}?count={count}", id(&deck));
            let (_, drawn) = ask(&mut service, &path);
            for code in codes(&drawn) {
                prop_assert!(seen.insert(code));
            }
            prop_assert_eq!(&drawn["remaining"], 52 - seen.len());
            prop_assert_eq!(&drawn["success"], count <= before);
        }
        prop_assert_eq!(seen.len(), 52);
    }
}
