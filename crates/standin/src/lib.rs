//! Stand-ins of the public services of the course: `--offline` asks them instead of the network.
//!
//! Called by the listener's client and by the virtual-time bench. A [`StandIn`] is a value: the
//! same seed and the same requests give the same answers. Jokes, quotes and facts are our own;
//! paths, keys and statuses are those of the services, so that what works offline works online.

mod deck;
mod message;
mod texts;

use simtime::Rng;

use deck::Decks;

pub use message::{Request, Response};

/// Which service is stood in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `https://icanhazdadjoke.com`
    Jokes,
    /// `https://deckofcardsapi.com/api`
    Deck,
    /// `https://api.quotable.io`
    Quotes,
    /// `https://uselessfacts.jsph.pl`
    Facts,
}

impl Kind {
    /// Each with its word.
    pub const WORDS: [(&'static str, Kind); 4] = [
        ("jokes", Kind::Jokes),
        ("deck", Kind::Deck),
        ("quotes", Kind::Quotes),
        ("facts", Kind::Facts),
    ];

    /// As it stands in a listener.toml.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Jokes => "jokes",
            Kind::Deck => "deck",
            Kind::Quotes => "quotes",
            Kind::Facts => "facts",
        }
    }
}

/// A service of its own.
#[derive(Clone, Debug)]
pub struct StandIn {
    service: Service,
    rng: Rng,
}

/// Only the decks are remembered from one request to the next.
#[derive(Clone, Debug)]
enum Service {
    Jokes,
    Deck(Decks),
    Quotes,
    Facts,
}

impl StandIn {
    /// A service that draws from `rng`.
    pub fn new(kind: Kind, rng: Rng) -> Self {
        let service = match kind {
            Kind::Jokes => Service::Jokes,
            Kind::Deck => Service::Deck(Decks::default()),
            Kind::Quotes => Service::Quotes,
            Kind::Facts => Service::Facts,
        };
        StandIn { service, rng }
    }

    /// Answers a request.
    pub fn handle(&mut self, request: &Request<'_>) -> Response {
        match &mut self.service {
            Service::Jokes => texts::joke(request, &mut self.rng),
            Service::Deck(decks) => decks.handle(request, &mut self.rng),
            Service::Quotes => texts::quote(request, &mut self.rng),
            Service::Facts => texts::fact(request, &mut self.rng),
        }
    }
}
