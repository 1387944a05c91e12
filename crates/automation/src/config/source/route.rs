//! Which source a request is for: by its path, whose segments may be placeholders, and its method.
//!
//! Made by `config::source`; asked by the automation for every delivery, and by the skin, which
//! answers what is nobody's before it reads a body. Literal segments beat placeholders, the
//! leftmost first; a source with the request's method beats one without.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use restconf::Method;

/// The longest name of a placeholder, in bytes.
const NAME_BYTES_MAX: usize = 64;

/// The methods that a source can have.
pub(crate) const METHODS: [(&str, Method); 5] = [
    ("GET", Method::Get),
    ("POST", Method::Post),
    ("PUT", Method::Put),
    ("PATCH", Method::Patch),
    ("DELETE", Method::Delete),
];

/// The path of a source: `/device/{host}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    /// `{name}`: one segment, whatever it is, and not empty.
    Named(String),
}

/// Why a text is no path of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PatternError {
    #[error("a path starts with `/` and has no query, wildcard or `%`")]
    Text,
    #[error("`{{name}}` is a whole segment, and its name has letters, digits and `_`")]
    Name,
    #[error("a name comes twice")]
    Twice,
}

/// All of a configuration, for whoever must find the source of a request.
#[derive(Clone, Debug, Default)]
pub struct Routes(Arc<[(Method, Pattern)]>);

/// Why no source takes a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unrouted {
    /// No source has such a path.
    Path,
    /// The sources of that path have other methods: what a header `Allow` says (RFC 9110, section
    /// 15.5.6).
    Method(String),
}

impl Pattern {
    pub(crate) fn parse(text: &str) -> Result<Self, PatternError> {
        let rest = text.strip_prefix('/').ok_or(PatternError::Text)?;
        let whole = text.bytes().all(|byte| byte.is_ascii_graphic());
        if !whole || text.contains(['?', '#', '%', '*']) {
            return Err(PatternError::Text);
        }
        let segments: Vec<Segment> =
            rest.split('/').map(Segment::parse).collect::<Result<_, _>>()?;
        let pattern = Pattern { segments };
        let names: Vec<&str> = pattern.names().collect();
        let twice = names.iter().enumerate().any(|(place, name)| names[..place].contains(name));
        if twice { Err(PatternError::Twice) } else { Ok(pattern) }
    }

    /// The names of its placeholders, from left to right.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Literal(_) => None,
            Segment::Named(name) => Some(name.as_str()),
        })
    }

    /// Whether both take the same paths.
    pub(crate) fn is_like(&self, other: &Pattern) -> bool {
        let pairs = self.segments.iter().zip(&other.segments);
        self.segments.len() == other.segments.len()
            && pairs.into_iter().all(|pair| match pair {
                (Segment::Literal(one), Segment::Literal(two)) => one == two,
                (Segment::Named(_), Segment::Named(_)) => true,
                (Segment::Literal(_), Segment::Named(_))
                | (Segment::Named(_), Segment::Literal(_)) => false,
            })
    }

    fn takes(&self, path: &str) -> bool {
        let mut asked = path.strip_prefix('/').unwrap_or(path).split('/');
        let all = self.segments.iter().all(|segment| match (segment, asked.next()) {
            (Segment::Literal(literal), Some(text)) => literal == text,
            (Segment::Named(_), Some(text)) => !text.is_empty(),
            (Segment::Literal(_) | Segment::Named(_), None) => false,
        });
        all && asked.next().is_none()
    }

    /// What a path that it takes has in place of each name; `None` for a text that is no UTF-8 when
    /// it is decoded (RFC 3986, section 2.1).
    pub(crate) fn values<'a>(&'a self, path: &'a str) -> Option<Vec<(&'a str, Cow<'a, str>)>> {
        let asked = path.strip_prefix('/').unwrap_or(path).split('/');
        let named = self.segments.iter().zip(asked).filter_map(|(segment, text)| match segment {
            Segment::Literal(_) => None,
            Segment::Named(name) => Some((name.as_str(), text)),
        });
        let decoded = named.map(|(name, text)| {
            let text = percent_decode_str(text).decode_utf8().ok()?;
            Some((name, text))
        });
        decoded.collect()
    }

    /// The smaller one is preferred.
    fn rank(&self) -> impl Iterator<Item = bool> {
        self.segments.iter().map(|segment| matches!(segment, Segment::Named(_)))
    }
}

impl Segment {
    fn parse(text: &str) -> Result<Self, PatternError> {
        if !text.contains(['{', '}']) {
            return Ok(Segment::Literal(text.to_owned()));
        }
        let name = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let name = name.ok_or(PatternError::Name)?;
        let good = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let begins = name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
        if good && begins && name.len() <= NAME_BYTES_MAX {
            Ok(Segment::Named(name.to_owned()))
        } else {
            Err(PatternError::Name)
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.segments.iter().try_for_each(|segment| match segment {
            Segment::Literal(text) => write!(f, "/{text}"),
            Segment::Named(name) => write!(f, "/{{{name}}}"),
        })
    }
}

impl Routes {
    pub(crate) fn new(routes: impl IntoIterator<Item = (Method, Pattern)>) -> Self {
        Routes(routes.into_iter().collect())
    }

    /// Whether a source takes requests at this path, by whatever method.
    pub fn has_path(&self, path: &str) -> bool {
        self.0.iter().any(|(_, pattern)| pattern.takes(path))
    }

    /// The place of the source of a request, in the order of the file.
    pub fn find(&self, method: Method, path: &str) -> Result<usize, Unrouted> {
        let takes = |(_, (_, pattern)): &(usize, &(Method, Pattern))| pattern.takes(path);
        let of_path = || self.0.iter().enumerate().filter(takes);
        let wanted = follows(method);
        let best = of_path().filter(|(_, (method, _))| *method == wanted);
        let best = best.min_by(|(_, (_, one)), (_, (_, two))| one.rank().cmp(two.rank()));
        if let Some((place, _)) = best {
            return Ok(place);
        }
        let methods: Vec<Method> = of_path().map(|(_, (method, _))| *method).collect();
        if methods.is_empty() {
            return Err(Unrouted::Path);
        }
        let allowed = METHODS.iter().filter(|(_, method)| methods.contains(method));
        let words = allowed.flat_map(|(word, method)| match *method == Method::Get {
            true => vec![*word, "HEAD"],
            false => vec![*word],
        });
        Err(Unrouted::Method(words.collect::<Vec<_>>().join(", ")))
    }
}

/// What is asked of the source: RFC 9110, section 9.3.2: `HEAD` is `GET` without the body of its
/// answer.
pub(super) fn follows(method: Method) -> Method {
    if method == Method::Head { Method::Get } else { method }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TABLE: [(&str, &str); 9] = [
        ("POST", "/events"),
        ("GET", "/device/info"),
        ("POST", "/device/command"),
        ("GET", "/device/{host}"),
        ("GET", "/device/{host}/interfaces"),
        ("GET", "/{any}/info"),
        ("PUT", "/device/{name}"),
        ("DELETE", "/device/{name}"),
        ("GET", "/"),
    ];

    fn routes() -> Routes {
        Routes::new(
            TABLE.map(|(method, path)| {
                (Method::named(method), Pattern::parse(path).expect("a path"))
            }),
        )
    }

    /// Goal: one request has one source: literal segments first, the method before that. Method: a
    /// table of requests.
    #[test]
    fn requests_find_their_source() {
        let routes = routes();
        let table = [
            ("POST", "/events", "/events"),
            ("GET", "/device/info", "/device/info"),
            ("HEAD", "/device/info", "/device/info"),
            ("GET", "/device/command", "/device/{host}"),
            ("GET", "/device/10.0.0.1", "/device/{host}"),
            ("GET", "/device/a%2Fb", "/device/{host}"),
            ("PUT", "/device/info", "/device/{name}"),
            ("GET", "/other/info", "/{any}/info"),
            ("GET", "/", "/"),
            ("GET", "/device/", "nothing"),
            ("GET", "/device", "nothing"),
            ("GET", "/events/", "nothing"),
            ("GET", "//info", "nothing"),
            ("GET", "/%65vents", "nothing"),
            ("GET", "/events", "only POST"),
            ("OPTIONS", "/events", "only POST"),
            ("BREW", "/device/info", "only GET, HEAD, PUT, DELETE"),
            ("POST", "/device/x", "only GET, HEAD, PUT, DELETE"),
            ("POST", "/", "only GET, HEAD"),
        ];
        for (method, path, want) in table {
            let got = match routes.find(Method::named(method), path) {
                Ok(place) => TABLE[place].1.to_owned(),
                Err(Unrouted::Path) => "nothing".to_owned(),
                Err(Unrouted::Method(allowed)) => format!("only {allowed}"),
            };
            assert_eq!(got, want, "{method} {path}");
        }
    }

    /// Goal: what stands in place of a name is one segment, decoded. Method: a table.
    #[test]
    fn segments_have_values() {
        let pattern = Pattern::parse("/a/{x}/b/{y_2}").expect("a path");
        let values = |path| {
            let values = pattern.values(path)?;
            Some(values.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>())
        };
        assert_eq!(values("/a/1/b/2"), Some(vec!["x=1".into(), "y_2=2".into()]));
        assert_eq!(values("/a/Gi1%2F0/b/%C3%A4"), Some(vec!["x=Gi1/0".into(), "y_2=ä".into()]));
        assert_eq!(values("/a/+/b/%zz"), Some(vec!["x=+".into(), "y_2=%zz".into()]));
        assert_eq!(values("/a/%ff/b/2"), None);
        assert_eq!(pattern.to_string(), "/a/{x}/b/{y_2}");
    }

    /// Goal: what is no path of a source is refused. Method: a table.
    #[test]
    fn paths_are_checked() {
        for text in ["", "a", "/a b", "/a?b", "/a#b", "/a%20", "/*", "/ä"] {
            assert_eq!(Pattern::parse(text), Err(PatternError::Text), "{text}");
        }
        for text in ["/{", "/{}", "/}{", "/a{b}", "/{b}c", "/{1}", "/{a-b}", "/{a}{b}", "/{{a}}"] {
            assert_eq!(Pattern::parse(text), Err(PatternError::Name), "{text}");
        }
        assert_eq!(Pattern::parse("/{a}/{a}"), Err(PatternError::Twice));
        let like = |one, two| {
            Pattern::parse(one).expect("a path").is_like(&Pattern::parse(two).expect("a path"))
        };
        assert!(like("/a/{x}", "/a/{y}"));
        assert!(!like("/a/{x}", "/a/x") && !like("/a/{x}", "/a/{x}/b"));
    }

    proptest! {
        /// Goal: no path makes the search panic, and what is found takes it. Method: any text.
        #[test]
        fn any_path_is_looked_up(path in "(/|[a-z]|device|info|%|%2f|\\PC){0,12}") {
            let routes = routes();
            if let Ok(place) = routes.find(Method::Get, &path) {
                prop_assert!(routes.0[place].1.takes(&path));
                let _ = routes.0[place].1.values(&path);
            }
        }
    }
}
