//! Decks of cards: <https://deckofcardsapi.com>, its paths below `/deck/`.
//!
//! A deck is kept until newer ones push it out. Piles are not there.

use std::collections::VecDeque;

use serde_json::{Value, json};
use simtime::Rng;

use crate::message::{Request, Response};

/// How many decks are kept; the oldest goes first.
const DECKS_MAX: usize = 256;
/// How many decks of cards one deck is made of, as the service has it.
const COUNT_MAX: usize = 20;
/// How many cards a list of cards can name.
const LISTED_MAX: usize = 54 * COUNT_MAX;
const ID_LETTERS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const ID_CHARS: usize = 12;
const IMAGES: &str = "https://deckofcardsapi.com/static/img";

const SUITS: [(char, &str); 4] =
    [('S', "SPADES"), ('D', "DIAMONDS"), ('C', "CLUBS"), ('H', "HEARTS")];
const RANKS: [(char, &str); 13] = [
    ('A', "ACE"),
    ('2', "2"),
    ('3', "3"),
    ('4', "4"),
    ('5', "5"),
    ('6', "6"),
    ('7', "7"),
    ('8', "8"),
    ('9', "9"),
    ('0', "10"),
    ('J', "JACK"),
    ('Q', "QUEEN"),
    ('K', "KING"),
];
const JOKERS: [(&str, &str); 2] = [("X1", "BLACK"), ("X2", "RED")];

/// A card by its code: `AS`, `0H` for the ten of hearts, `X1`.
type Code = String;

#[derive(Clone, Debug, Default)]
pub(crate) struct Decks {
    decks: VecDeque<Deck>,
}

#[derive(Clone, Debug)]
struct Deck {
    id: String,
    /// All that belongs to it.
    whole: Vec<Code>,
    /// What can be drawn, the next one first.
    left: VecDeque<Code>,
    shuffled: bool,
}

/// From where a card is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Top,
    Bottom,
    Random,
}

impl Decks {
    pub(crate) fn handle(&mut self, request: &Request<'_>, rng: &mut Rng) -> Response {
        if !matches!(request.method, "GET" | "POST") {
            return Response::no_method(request);
        }
        let segments = request.segments();
        let own = segments.iter().position(|segment| *segment == "deck");
        let answer = match own.map(|at| &segments[at + 1..]) {
            Some(["new"]) => self.open(request, false, rng).map(|deck| deck.state()),
            Some(["new", "shuffle"]) => self.open(request, true, rng).map(|deck| deck.state()),
            Some(["new", "draw"]) => {
                self.open(request, true, rng).and_then(|deck| deck.draw(request, From::Top, rng))
            }
            Some([id]) => self.deck(id).map(|deck| deck.state()),
            Some([id, "shuffle"]) => self.deck(id).map(|deck| deck.reshuffle(request, rng)),
            Some([id, "return"]) => self.deck(id).map(|deck| deck.take_back(request)),
            Some([id, "draw"]) => self.deck(id).and_then(|deck| deck.draw(request, From::Top, rng)),
            Some([id, "draw", "bottom"]) => {
                self.deck(id).and_then(|deck| deck.draw(request, From::Bottom, rng))
            }
            Some([id, "draw", "random"]) => {
                self.deck(id).and_then(|deck| deck.draw(request, From::Random, rng))
            }
            Some(_) | None => return Response::no_path(request),
        };
        answer.map_or_else(|refusal| refusal, |body| Response::json(200, &body))
    }

    fn deck(&mut self, id: &str) -> Result<&mut Deck, Response> {
        let found = self.decks.iter_mut().find(|deck| deck.id == id);
        found.ok_or_else(|| refusal(404, "there is no deck of this id"))
    }

    fn open(
        &mut self,
        request: &Request<'_>,
        shuffled: bool,
        rng: &mut Rng,
    ) -> Result<&mut Deck, Response> {
        let count = number(request, "deck_count")?;
        if !(1..=COUNT_MAX).contains(&count) {
            let words = format!("a deck is made of 1 to {COUNT_MAX} decks");
            return Err(refusal(200, &words));
        }
        let one = match request.parameter("cards") {
            Some(listed) => codes(&listed),
            None => full(is_true(request, "jokers_enabled")),
        };
        let whole: Vec<Code> = (0..count).flat_map(|_| one.iter().cloned()).collect();
        let mut left = VecDeque::from(whole.clone());
        if shuffled {
            shuffle(left.make_contiguous(), rng);
        }
        while self.decks.len() >= DECKS_MAX {
            self.decks.pop_front();
        }
        let id = (0..ID_CHARS).map(|_| char::from(ID_LETTERS[below(ID_LETTERS.len(), rng)]));
        self.decks.push_back(Deck { id: id.collect(), whole, left, shuffled });
        let newest = self.decks.len() - 1;
        Ok(&mut self.decks[newest])
    }
}

impl Deck {
    fn state(&self) -> Value {
        json!({
            "success": true,
            "deck_id": self.id,
            "remaining": self.left.len(),
            "shuffled": self.shuffled,
        })
    }

    /// All of it, or with `remaining=true` what is left of it.
    fn reshuffle(&mut self, request: &Request<'_>, rng: &mut Rng) -> Value {
        if !is_true(request, "remaining") {
            self.left = VecDeque::from(self.whole.clone());
        }
        shuffle(self.left.make_contiguous(), rng);
        self.shuffled = true;
        self.state()
    }

    /// What was drawn, or of that the cards that are named, goes under the deck.
    fn take_back(&mut self, request: &Request<'_>) -> Value {
        let mut drawn = self.whole.clone();
        for card in &self.left {
            if let Some(at) = drawn.iter().position(|code| code == card) {
                drawn.remove(at);
            }
        }
        match request.parameter("cards") {
            None => self.left.extend(drawn),
            Some(listed) => {
                for card in codes(&listed) {
                    if let Some(at) = drawn.iter().position(|code| *code == card) {
                        self.left.push_back(drawn.remove(at));
                    }
                }
            }
        }
        self.state()
    }

    /// Draws as many as there are; that they are too few is said, with the status 200.
    fn draw(
        &mut self,
        request: &Request<'_>,
        from: From,
        rng: &mut Rng,
    ) -> Result<Value, Response> {
        let count = number(request, "count")?;
        let drawn: Vec<Value> = (0..count)
            .map_while(|_| match from {
                From::Top => self.left.pop_front(),
                From::Bottom => self.left.pop_back(),
                From::Random => self.left.remove(below(self.left.len(), rng)),
            })
            .map(|code| card(&code))
            .collect();
        let enough = drawn.len() == count;
        let mut answer = json!({
            "success": enough,
            "deck_id": self.id,
            "cards": drawn,
            "remaining": self.left.len(),
        });
        if !enough {
            let words = format!("Not enough cards remaining for {count}; these were the last");
            answer["error"] = Value::from(words);
        }
        Ok(answer)
    }
}

fn refusal(status: u16, words: &str) -> Response {
    Response::json(status, &json!({"success": false, "error": words}))
}

/// A number of the request, 1 without a word.
fn number(request: &Request<'_>, name: &str) -> Result<usize, Response> {
    let Some(text) = request.parameter(name) else { return Ok(1) };
    text.parse().map_err(|_| refusal(400, &format!("`{name}` is no number")))
}

fn is_true(request: &Request<'_>, name: &str) -> bool {
    request.parameter(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// In the order in which a new deck comes out of its box.
fn full(jokers: bool) -> Vec<Code> {
    let cards = SUITS
        .iter()
        .flat_map(|(suit, _)| RANKS.iter().map(move |(rank, _)| format!("{rank}{suit}")));
    let jokers = JOKERS.iter().filter(|_| jokers).map(|(code, _)| (*code).to_owned());
    cards.chain(jokers).collect()
}

/// Those of a list that are cards.
fn codes(listed: &str) -> Vec<Code> {
    let known = full(true);
    let named = listed.split(',').take(LISTED_MAX).map(|code| code.trim().to_uppercase());
    named.filter(|code| known.contains(code)).collect()
}

fn card(code: &str) -> Value {
    let mut letters = code.chars();
    let (rank, suit) = (letters.next(), letters.next());
    let rank = RANKS.iter().find(|(letter, _)| Some(*letter) == rank);
    let suit = SUITS.iter().find(|(letter, _)| Some(*letter) == suit);
    let joker = JOKERS.iter().find(|(joker, _)| *joker == code);
    let (value, suit) = match (rank, suit) {
        (Some((_, value)), Some((_, suit))) => (*value, *suit),
        (_, _) => ("JOKER", joker.map_or("", |(_, colour)| *colour)),
    };
    // The service avoids a name that blockers of advertisements take offence at.
    let image = if code == "AD" { "aceDiamonds" } else { code };
    let png = format!("{IMAGES}/{image}.png");
    let svg = format!("{IMAGES}/{image}.svg");
    json!({
        "code": code,
        "image": png,
        "images": {"svg": svg, "png": png},
        "value": value,
        "suit": suit,
    })
}

/// Fisher and Yates.
fn shuffle(cards: &mut [Code], rng: &mut Rng) {
    for last in (1..cards.len()).rev() {
        cards.swap(last, below(last + 1, rng));
    }
}

fn below(bound: usize, rng: &mut Rng) -> usize {
    usize::try_from(rng.below(bound as u64)).unwrap_or(0)
}
