//! Paths of NETCONF's XPath filters: the location paths that people type, `/native/interface` and
//! `/if:interfaces/interface[name='Loopback0']/enabled`, joined by `|`.
//!
//! Of XPath 1.0 this is the part that clients use. What is beyond it is refused by name, and never
//! answered with something else.

use crate::error::{Error, Kind as Layer, Tag};

/// One path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path {
    /// From the top.
    pub steps: Vec<Step>,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The prefix or module in front of the name.
    pub prefix: Option<String>,
    /// The name, or `*`.
    pub name: String,
    /// Whether it may stand at any depth (`//name`).
    pub is_deep: bool,
    /// What its leaves must be.
    pub predicates: Vec<(String, String)>,
}

/// The longest expression.
const EXPRESSION_BYTES_MAX: usize = 4_096;

impl Path {
    /// Reads paths joined by `|`.
    ///
    /// # Errors
    /// What is no location path, or one with functions, axes, positions or arithmetic.
    pub fn read(text: &str) -> Result<Vec<Path>, Error> {
        let wrong = |message: String| Error::new(Tag::InvalidValue, message).of(Layer::Protocol);
        if text.len() > EXPRESSION_BYTES_MAX {
            return Err(wrong("the expression is too long".to_owned()));
        }
        let mut rest = text.trim();
        let mut paths = Vec::new();
        loop {
            let path;
            (path, rest) = one(rest).map_err(|near| {
                wrong(format!("only location paths are understood here, not \"{near}\""))
            })?;
            paths.push(path);
            match rest.strip_prefix('|') {
                Some(more) => rest = more.trim_start(),
                None if rest.is_empty() => return Ok(paths),
                None => return Err(wrong(format!("unexpected \"{rest}\""))),
            }
        }
    }
}

/// One path, and what follows it; what could not be read.
fn one(text: &str) -> Result<(Path, &str), String> {
    let mut path = Path::default();
    let mut rest = text;
    loop {
        let is_deep = rest.starts_with("//");
        rest = match rest.strip_prefix("//").or_else(|| rest.strip_prefix('/')) {
            Some(rest) => rest,
            // A relative path begins at the top as well.
            None if path.steps.is_empty() => rest,
            None => break,
        };
        let (name, after) = name(rest).ok_or_else(|| rest.to_owned())?;
        let (prefix, name) = match name.split_once(':') {
            Some((prefix, name)) => (Some(prefix.to_owned()), name.to_owned()),
            None => (None, name.to_owned()),
        };
        rest = after;
        let mut predicates = Vec::new();
        while let Some(inner) = rest.strip_prefix('[') {
            let (predicate, after) = predicate(inner).ok_or_else(|| rest.to_owned())?;
            predicates.push(predicate);
            rest = after;
        }
        path.steps.push(Step { prefix, name, is_deep, predicates });
        rest = rest.trim_start();
    }
    Ok((path, rest))
}

fn name(text: &str) -> Option<(&str, &str)> {
    if let Some(rest) = text.strip_prefix('*') {
        return Some(("*", rest));
    }
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let name = &text[..end];
    let rest = &text[end..];
    let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    (starts && !name.contains("::") && !rest.starts_with('(')).then_some((name, rest))
}

/// `name='Loopback0']`
fn predicate(text: &str) -> Option<((String, String), &str)> {
    let (name, rest) = name(text.trim_start())?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let (value, rest) = match quote {
        Some(quote) => rest[1..].split_once(quote)?,
        // A number needs no quotation marks.
        None => {
            let end = rest.find(|c: char| !c.is_ascii_digit()).filter(|end| *end > 0)?;
            rest.split_at(end)
        }
    };
    let rest = rest.trim_start().strip_prefix(']')?;
    let name = name.rsplit(':').next().unwrap_or(name);
    Some(((name.to_owned(), value.to_owned()), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the paths that people type, and nothing else. Method: a table; each path as it is
    /// understood.
    #[test]
    fn paths_are_read() {
        let shown = |text: &str| match Path::read(text) {
            Ok(paths) => {
                let step = |step: &Step| {
                    let slash = if step.is_deep { "//" } else { "/" };
                    let prefix = step.prefix.iter().map(|prefix| format!("{prefix}:"));
                    let predicates = step.predicates.iter().map(|(n, v)| format!("[{n}={v}]"));
                    let (prefix, predicates): (String, String) =
                        (prefix.collect(), predicates.collect());
                    format!("{slash}{prefix}{}{predicates}", step.name)
                };
                let path = |path: &Path| path.steps.iter().map(step).collect::<String>();
                paths.iter().map(path).collect::<Vec<_>>().join(" | ")
            }
            Err(error) => error.message,
        };
        let table = [
            ("/native/hostname", "/native/hostname"),
            ("native", "/native"),
            ("/ios:native/interface/Loopback[name='0']", "/ios:native/interface/Loopback[name=0]"),
            ("//interface[ name = \"Gi1\" ]/x", "//interface[name=Gi1]/x"),
            ("/a/*/b | /c", "/a/*/b | /c"),
            ("/a[name=5]", "/a[name=5]"),
            ("/a[last()]", "only location paths are understood here, not \"[last()]\""),
            ("/a/text()", "only location paths are understood here, not \"text()\""),
            ("/child::a", "only location paths are understood here, not \"child::a\""),
            ("", "only location paths are understood here, not \"\""),
            ("/a b", "unexpected \"b\""),
            ("/a[n='x", "only location paths are understood here, not \"[n='x\""),
        ];
        for (text, want) in table {
            assert_eq!(shown(text), want, "{text}");
        }
    }
}
