//! `[[sources]]`: the requests that are taken, from whom, and what they must look like.
//!
//! Called by `Config::load`. In the code a source is an [`Entrance`], since `Source` is a file.

mod endpoint;
mod route;
mod schema;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use diagnostic::table::{BAD_VALUE, Table};
use diagnostic::{Diagnostic, Source, Spanned};
use simtime::Duration;
use topology::Files;
use webhook::header::TokenHeader;

use super::include::SourceTable;
use super::reply::{self, Respond};
use super::rule::{self, Rule};
use super::{Credentials, Parts};
use crate::receive::{Burst, RATE_DEFAULT, Rate, RateBy};
use crate::record::{Holder, Method, MethodError};
use crate::schema::Schema;

pub use endpoint::Endpoint;
pub(super) use route::METHODS;
pub(crate) use route::Pattern;
pub use route::{Routes, Unrouted};

/// A path that is none, or that the read API needs.
const BAD_PATH: &str = "LST001";
/// Two sources have one path.
const PATH_TWICE: &str = "LST002";
/// A source that nobody can use.
const NOBODY: &str = "LST003";
/// A method that there is not.
const BAD_METHOD: &str = "LST004";
/// There is no source at all.
const NO_SOURCE: &str = "LST008";
/// Requests that name no event.
const NAMELESS: &str = "LST040";
/// A name that no event can have.
const BAD_NAME: &str = "LST041";

/// Paths below this one are the read API's.
const API_PREFIX: &str = "/api/";
/// Where the listener tells of itself.
const OWN_PATHS: [&str; 6] = ["/health", "/ready", "/metrics", "/openapi.json", "/docs", "/redoc"];
/// What the pages that show the description are made of.
const PAGE_PREFIXES: [&str; 2] = ["/docs/", "/redoc/"];
/// The longest `dedup`, in seconds: what a restart is sure to know again.
const DEDUP_S_MAX: u64 = 900;

/// One source.
#[derive(Clone, Debug)]
pub(crate) struct Entrance {
    /// Its path, as the file has it.
    pub(crate) path: String,
    /// The same, in segments.
    pub(crate) pattern: Pattern,
    /// The method of its requests; `HEAD` follows `GET`.
    pub(crate) verb: restconf::Method,
    /// What it is, in one sentence, and under which headings: for those who read of it.
    pub(crate) summary: Option<String>,
    pub(crate) tags: Vec<String>,
    /// The event's name when the body names none.
    pub(crate) name: Option<String>,
    /// How a body may be written.
    pub(crate) form: BodyForm,
    /// Whether no body at all is an empty object.
    pub(crate) empty_body: bool,
    /// What a body must look like.
    pub(crate) schema: Option<Schema>,
    /// What path and query must look like, as one object.
    pub(crate) params: Option<Schema>,
    /// Whom an event concerns, as a text over it; else the body's `device` says.
    pub(crate) device: Option<String>,
    /// How a sender can prove who it is.
    pub(crate) methods: Vec<Method>,
    /// Whether a delivery from loopback needs no credential.
    pub(crate) unauthenticated: bool,
    /// Whether one from anywhere needs none, if one from loopback does not.
    pub(crate) anywhere: bool,
    /// Whether a credential may speak for other devices than its own.
    pub(crate) relay: bool,
    /// How much of one sender is taken.
    pub(crate) rate: Rate,
    /// Whether it says that itself, and no default does.
    pub(super) own_rate: bool,
    /// Who is one sender.
    pub(crate) rate_by: RateBy,
    /// How long the same body of one sender is taken for a repeat.
    pub(crate) dedup: Option<Duration>,
    /// Headers that carry tokens at other sources: shown here they prove nothing.
    pub(crate) foreign_headers: Vec<TokenHeader>,
    /// The credentials.
    pub(crate) credentials: Arc<Credentials>,
    /// What is answered, and when.
    pub(crate) respond: Respond,
    /// What is done for its events, as a rule that asks nothing.
    pub(crate) rule: Option<Rule>,
}

/// How a body may be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum BodyForm {
    /// As JSON.
    #[default]
    Json,
    /// Also with single quotes, or as a form.
    Tolerant,
}

/// Its words.
const BODY_FORMS: [(&str, BodyForm); 2] =
    [("json", BodyForm::Json), ("tolerant", BodyForm::Tolerant)];

/// A `dedup` within its bounds.
struct Dedup(Duration);

impl std::str::FromStr for Dedup {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let span: Duration =
            text.parse().map_err(|e: simtime::ParseDurationError| e.to_string())?;
        let bounds = Duration::from_secs(1)..=Duration::from_secs(DEDUP_S_MAX);
        if bounds.contains(&span) {
            Ok(Dedup(span))
        } else {
            Err(format!("expected 1s to {}m", DEDUP_S_MAX / 60))
        }
    }
}

impl Entrance {
    /// The method of its requests.
    pub(crate) fn method(&self) -> &'static str {
        self.verb.as_str()
    }

    /// Whether a request of this method is for it.
    pub(super) fn takes(&self, method: restconf::Method) -> bool {
        route::follows(method) == self.verb
    }

    /// Whether a request without a body is one all the same.
    pub(crate) fn takes_empty(&self) -> bool {
        use restconf::Method::{Delete, Get};
        self.empty_body || matches!(self.verb, Get | Delete)
    }

    /// Whether anybody can prove to this source who he is.
    pub(super) fn has_authentication(&self) -> bool {
        self.methods.iter().any(|method| self.credentials.has(method))
    }

    /// Who can prove it here with a token that everybody knows.
    pub(super) fn published_token(&self) -> Option<&Holder> {
        let tokens = |method: &Method| matches!(method, Method::Bearer | Method::Header(_));
        self.methods.iter().any(tokens).then(|| self.credentials.published()).flatten()
    }

    /// The headers that carry tokens here.
    pub(crate) fn token_headers(&self) -> impl Iterator<Item = &TokenHeader> {
        self.methods.iter().filter_map(|method| match method {
            Method::Header(name) => Some(name),
            Method::Bearer | Method::Basic | Method::Github | Method::StandardWebhooks => None,
        })
    }
}

pub(super) fn load(
    parts: &mut Parts,
    takes_lines: bool,
    credentials: &Credentials,
    files: &mut dyn Files,
    loader: &mut rule::Loader<'_>,
) -> Vec<Entrance> {
    let tables = parts.sources(loader.sink);
    if tables.is_empty() && !takes_lines && parts.is_whole() {
        let message = "there is no `[[sources]]`: nothing could be received";
        let root = parts.root().source();
        loader.sink.push(Diagnostic::error(NO_SOURCE, message, root, 0..0));
    }
    let credentials = Arc::new(credentials.clone());
    let mut entrances: Vec<Entrance> = Vec::new();
    for SourceTable { table, has_rate } in tables {
        let mut loader = Loader {
            credentials: &credentials,
            known: &entrances,
            files: &mut *files,
            of_rules: loader,
        };
        if let Some(entrance) = loader.entrance(table) {
            entrances.push(Entrance { own_rate: has_rate, ..entrance });
        }
    }
    let carried: BTreeSet<TokenHeader> =
        entrances.iter().flat_map(Entrance::token_headers).cloned().collect();
    for entrance in &mut entrances {
        let own: Vec<&TokenHeader> = entrance.token_headers().collect();
        let foreign = carried.iter().filter(|name| !own.contains(name));
        entrance.foreign_headers = foreign.cloned().collect();
    }
    entrances
}

/// `rate` and `burst`: how much is taken of one sender.
pub(super) fn rate(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Rate {
    let rate = table.parsed("rate", sink).map_or(RATE_DEFAULT, |rate| rate.value);
    let Some(burst) = table.number("burst", sink) else { return rate };
    match Burst::new(burst.value) {
        Ok(value) => rate.with_burst(value),
        Err(error) => {
            let message = "`burst` is out of bounds";
            let wrong = Diagnostic::error(BAD_VALUE, message, table.source(), burst.span);
            sink.push(wrong.label(error.to_string()));
            rate
        }
    }
}

/// Finds the source of a request among these.
pub(super) fn routes(entrances: &[Entrance]) -> Routes {
    Routes::new(entrances.iter().map(|entrance| (entrance.verb, entrance.pattern.clone())))
}

/// What loading a source needs.
struct Loader<'a, 'b> {
    credentials: &'a Arc<Credentials>,
    known: &'a [Entrance],
    files: &'a mut dyn Files,
    of_rules: &'a mut rule::Loader<'b>,
}

impl Loader<'_, '_> {
    fn entrance(&mut self, mut table: Table) -> Option<Entrance> {
        let (source, span) = (Arc::clone(table.source()), table.span());
        let (respond, steps) = reply::load(&mut table, self.of_rules);
        table.require("path", self.of_rules.sink);
        let path = table.text("path", self.of_rules.sink);
        let verb = table.choice("method", &METHODS, self.of_rules.sink);
        let verb = verb.map_or(restconf::Method::Post, |verb| verb.value);
        let summary = table.text("summary", self.of_rules.sink).map(|text| text.value);
        let tags = table.texts("tags", self.of_rules.sink).unwrap_or_default();
        let name = self.name(&mut table);
        let says_auth = table.key_span("auth").is_some();
        let words = table.texts("auth", self.of_rules.sink);
        let misread = says_auth && words.is_none();
        let words = words.unwrap_or_default();
        let methods: Vec<Method> =
            words.iter().filter_map(|word| method(word, &source, self.of_rules.sink)).collect();
        let open =
            table.choice("unauthenticated", &[("loopback", true)], self.of_rules.sink).is_some();
        let relay = table.flag("relay", self.of_rules.sink).is_some_and(|flag| flag.value);
        let rate = rate(&mut table, self.of_rules.sink);
        let rate_by = table.choice("rate-by", &RateBy::WORDS, self.of_rules.sink);
        let dedup = table
            .parsed("dedup", self.of_rules.sink)
            .map(|Spanned { value: Dedup(span), .. }| span);
        let form = table.choice("body", &BODY_FORMS, self.of_rules.sink);
        let empty_body =
            table.flag("empty-body", self.of_rules.sink).is_some_and(|flag| flag.value);
        let schema = schema::load(&mut table, "schema", self.files, self.of_rules.sink);
        let params = schema::load_params(&mut table, self.files, self.of_rules.sink);
        let device = self.device(&mut table);
        table.finish(self.of_rules.sink);
        let path = path?;
        let pattern = self.pattern(&path, verb, &source)?;
        let entrance = Entrance {
            path: path.value.clone(),
            pattern,
            verb,
            summary,
            tags: tags.into_iter().map(|tag| tag.value).collect(),
            name: name.value,
            form: form.map(|form| form.value).unwrap_or_default(),
            empty_body,
            schema,
            params,
            device,
            methods,
            unauthenticated: open,
            anywhere: false,
            relay,
            rate,
            own_rate: false,
            rate_by: rate_by.map(|by| by.value).unwrap_or_default(),
            dedup,
            foreign_headers: Vec::new(),
            credentials: Arc::clone(self.credentials),
            respond,
            rule: Rule::of_source(&format!("{} {}", verb.as_str(), path.value), steps),
        };
        if entrance.takes_empty() && !name.is_said {
            self.nameless(&entrance, &source, span.clone());
        }
        if !misread && entrance.methods.len() == words.len() {
            self.unusable(&entrance, &source, span);
        }
        Some(entrance)
    }

    /// `name`: a name as a body may give it.
    fn name(&mut self, table: &mut Table) -> Said {
        let is_said = table.key_span("name").is_some();
        let Some(name) = table.text("name", self.of_rules.sink) else {
            return Said { is_said, value: None };
        };
        if webhook::body::is_name(&name.value) {
            return Said { is_said, value: Some(name.value) };
        }
        let message = "this is no name of an event";
        let label = format!("expected 1 to {} printable characters", webhook::body::NAME_CHARS_MAX);
        let wrong = Diagnostic::error(BAD_NAME, message, table.source(), name.span);
        self.of_rules.sink.push(wrong.label(label));
        Said { is_said, value: None }
    }

    /// `device`: a text over the event, which is not known whole yet.
    fn device(&mut self, table: &mut Table) -> Option<String> {
        let device = table.text("device", self.of_rules.sink)?;
        let checked = self.of_rules.engine.check_data(&device.value, &["event"]);
        self.of_rules.report(rule::BAD_COMMAND, checked, &device, table.source());
        Some(device.value)
    }

    /// Nobody has what the source asks for.
    fn unusable(&mut self, entrance: &Entrance, source: &Arc<Source>, span: Range<usize>) {
        if entrance.unauthenticated || entrance.has_authentication() {
            return;
        }
        let message = format!("nobody can use the source `{}`", entrance.path);
        let label = "no node and no entry of `[credentials]` has a credential for its `auth`";
        let wrong = Diagnostic::error(NOBODY, message, source, span).label(label);
        self.of_rules.sink.push(wrong);
    }

    /// A request without a body says nothing at all.
    fn nameless(&mut self, entrance: &Entrance, source: &Arc<Source>, span: Range<usize>) {
        let message = format!("nothing names the events of the source `{}`", entrance.path);
        let label = match entrance.empty_body {
            true => "an empty body names none",
            false => "its requests have no body that could",
        };
        let wrong = Diagnostic::error(NAMELESS, message, source, span).label(label);
        self.of_rules.sink.push(wrong.help("add `name = \"...\"`"));
    }

    fn pattern(
        &mut self,
        path: &Spanned<String>,
        verb: restconf::Method,
        source: &Arc<Source>,
    ) -> Option<Pattern> {
        let text = path.value.as_str();
        let pattern = Pattern::parse(text);
        let same = |pattern: &Pattern| {
            let twins = self.known.iter().filter(|known| known.verb == verb);
            twins.into_iter().any(|known| known.pattern.is_like(pattern))
        };
        let problem = match &pattern {
            Err(error) => Some((BAD_PATH, error.to_string())),
            Ok(_) if text.starts_with(API_PREFIX) => {
                Some((BAD_PATH, "paths below `/api/` are the read API's".to_owned()))
            }
            Ok(_)
                if OWN_PATHS.contains(&text)
                    || PAGE_PREFIXES.iter().any(|prefix| text.starts_with(prefix)) =>
            {
                Some((BAD_PATH, "the listener tells of itself there".to_owned()))
            }
            Ok(pattern) if same(pattern) => {
                Some((PATH_TWICE, "another source has this path and method".to_owned()))
            }
            Ok(_) => None,
        };
        if let Some((code, label)) = problem {
            let message = format!("`{text}` cannot be the path of a source");
            self.of_rules
                .sink
                .push(Diagnostic::error(code, message, source, path.span.clone()).label(label));
        }
        pattern.ok()
    }
}

/// A value, and whether there was one that could be wrong.
struct Said {
    is_said: bool,
    value: Option<String>,
}

fn method(
    word: &Spanned<String>,
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Method> {
    match word.value.parse() {
        Ok(method) => Some(method),
        Err(error) => {
            let message = format!("unknown way to authenticate `{}`", word.value);
            let wrong = Diagnostic::error(BAD_METHOD, message, source, word.span.clone())
                .label(error.to_string());
            sink.push(match error {
                MethodError::Unknown => wrong.did_you_mean(&word.value, Method::WORDS),
                MethodError::Header(_) => wrong,
            });
            None
        }
    }
}
