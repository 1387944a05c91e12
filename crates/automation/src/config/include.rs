//! `include`: further files whose tables stand as if they stood in listener.toml.
//!
//! Called by `Config::load`, which then asks [`Parts`] instead of one table. What concerns the
//! listener as a whole (who may send, its limits, where things are kept) is in one file alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use diagnostic::table::{self, Table};
use diagnostic::{Diagnostic, Source, Spanned};
use topology::Files;

/// A file of `include` cannot be read, or comes twice.
const UNREADABLE: &str = "LST060";
/// An included file includes others.
const NESTED: &str = "LST061";

/// How many files one listener.toml can include.
const INCLUDES_MAX: usize = 64;

/// The tables of a listener.toml, and of the files that it includes.
pub(super) struct Parts {
    root: Table,
    included: Vec<Table>,
    /// Whether each file that is named could be read.
    whole: bool,
}

/// One of `[[sources]]`, with what it takes from `[defaults.source]`.
pub(super) struct SourceTable {
    pub(super) table: Table,
    /// Whether it says its `rate` itself.
    pub(super) has_rate: bool,
}

impl Parts {
    /// Reads what `root` includes.
    pub(super) fn read(mut root: Table, files: &mut dyn Files, sink: &mut Vec<Diagnostic>) -> Self {
        let source = Arc::clone(root.source());
        let named = root.texts("include", sink).unwrap_or_default();
        let (mut known, mut included, count) = (BTreeSet::new(), Vec::new(), named.len());
        let mut refuse = |reason: String, span: &std::ops::Range<usize>| {
            let message = "a file to include cannot be read";
            let wrong = Diagnostic::error(UNREADABLE, message, &source, span.clone());
            sink.push(wrong.label(reason));
        };
        let mut sources = Vec::new();
        for Spanned { value: path, span } in named {
            if known.len() == INCLUDES_MAX {
                refuse(format!("{count} files; at most {INCLUDES_MAX} can be included"), &span);
                break;
            }
            if !known.insert(path.clone()) {
                refuse("it is included already".to_owned(), &span);
                continue;
            }
            match files.read(&path) {
                Ok(text) => sources.push(Source::new(beside(&source.name, &path), text)),
                Err(reason) => refuse(reason, &span),
            }
        }
        for source in &sources {
            included.extend(table::parse(source, sink));
        }
        let whole = included.len() == count;
        for part in &mut included {
            if let Some(span) = part.key_span("include") {
                let message = "an included file includes no others";
                let nested = Diagnostic::error(NESTED, message, part.source(), span);
                sink.push(nested.label(format!("name them in `{}`", source.name)));
                part.value("include");
            }
        }
        Parts { root, included, whole }
    }

    /// listener.toml itself.
    pub(super) fn root(&mut self) -> &mut Table {
        &mut self.root
    }

    /// Whether nothing is missing: only then it is a mistake that something is not there.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    /// The tables `[[key]]` of all files, in the order in which they stand.
    pub(super) fn tables(&mut self, key: &'static str, sink: &mut Vec<Diagnostic>) -> Vec<Table> {
        self.each().flat_map(|part| part.tables(key, sink)).collect()
    }

    /// The tables `[[sources]]` of all files, each with what it takes from the `[defaults.source]`
    /// of its own file.
    pub(super) fn sources(&mut self, sink: &mut Vec<Diagnostic>) -> Vec<SourceTable> {
        let mut all = Vec::new();
        for part in self.each() {
            let defaults = defaults(part, sink);
            for mut table in part.tables("sources", sink) {
                let has_rate = table.key_span("rate").is_some();
                defaults.iter().for_each(|defaults| table.inherit(defaults));
                all.push(SourceTable { table, has_rate });
            }
            let recording = defaults.and_then(Table::recording);
            all.extend(recording.map(|table| SourceTable { table, has_rate: false }));
        }
        all
    }

    fn each(&mut self) -> impl Iterator<Item = &mut Table> {
        std::iter::once(&mut self.root).chain(&mut self.included)
    }

    /// The table `[key]` of each file that has one.
    pub(super) fn table(&mut self, key: &'static str, sink: &mut Vec<Diagnostic>) -> Vec<Table> {
        self.each().filter_map(|part| part.table(key, sink)).collect()
    }

    /// Reports what nobody asked for. Of an included file nothing but the tables that can stand in
    /// several files is.
    pub(super) fn finish(self, sink: &mut Vec<Diagnostic>) {
        self.root.finish(sink);
        for part in self.included {
            part.finish(sink);
        }
    }
}

/// What each `[[sources]]` of a file has that does not say otherwise.
fn defaults(part: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Table> {
    let mut defaults = part.table("defaults", sink)?;
    let source = defaults.table("source", sink);
    defaults.finish(sink);
    source
}

/// Forgets what is told twice: a mistake in a default is one of each source that has it.
pub(super) fn forget_repeated(sink: &mut Vec<Diagnostic>, before: usize) {
    let mut seen = BTreeSet::new();
    let place = |d: &Diagnostic| (Arc::as_ptr(&d.source), d.span.start, d.span.end);
    let new = sink.split_off(before);
    sink.extend(new.into_iter().filter(|d| seen.insert((place(d), d.code, d.message.clone()))));
}

/// The files that a listener.toml includes, as it names them.
pub(super) fn named(source: &Arc<Source>) -> Vec<String> {
    let mut sink = Vec::new();
    let named = table::parse_recovered(source, &mut sink).texts("include", &mut sink);
    named.unwrap_or_default().into_iter().map(|path| path.value).collect()
}

/// What a file is called that another one names: as a user would write it.
fn beside(name: &str, path: &str) -> String {
    match name.rsplit_once('/') {
        Some((directory, _)) if !path.starts_with('/') => format!("{directory}/{path}"),
        Some(_) | None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::Config;
    use crate::record::Method;
    use crate::testkit::topology;

    struct InMemory(BTreeMap<&'static str, &'static str>);

    impl Files for InMemory {
        fn read(&mut self, path: &str) -> Result<String, String> {
            self.0.get(path).map(|text| (*text).to_owned()).ok_or_else(|| "not there".to_owned())
        }

        fn env(&mut self, _name: &str) -> Option<String> {
            None
        }
    }

    const EVENTS: &str = "[[sources]]\npath = \"/events\"\nauth = [\"bearer\"]\n";
    const RULE: &str = "[[rules]]\nname = \"r\"\nwhen = \"true\"\n\
                        [[rules.actions]]\non = \"R1\"\nshow = [\"show clock\"]\n";

    fn load(text: &str, files: &[(&'static str, &'static str)]) -> (Option<Config>, Vec<String>) {
        let (source, mut sink) = (Source::new("lab/listener.toml", text), Vec::new());
        let mut files = InMemory(files.iter().copied().collect());
        let config = Config::load(&source, &topology(), &mut files, &mut sink);
        let said = sink.iter().map(|d| {
            let (line, column) = d.source.line_column(d.span.start);
            format!("{} {}:{line}:{column} {} / {}", d.code, d.source.name, d.message, d.label)
        });
        (config, said.collect())
    }

    /// Goal: sources and rules of all files count, in their order, whole and under one set of
    /// rules. Method: two files of which one has nothing but rules.
    #[test]
    fn tables_of_all_files_count() {
        let text = "include = [\"a.toml\", \"b.toml\"]\n[[sources]]\npath = \"/own\"\n\
                    unauthenticated = \"loopback\"\n";
        let (config, said) = load(text, &[("a.toml", EVENTS), ("b.toml", RULE)]);
        let config = config.unwrap_or_else(|| panic!("{said:?}"));
        assert_eq!(config.paths().collect::<Vec<_>>(), ["/own", "/events"]);
        assert_eq!(config.rule_count(), 1);
        let source = Source::new("listener.toml", text);
        assert_eq!(Config::includes(&source), ["a.toml", "b.toml"]);
    }

    /// Goal: each mistake stands at its place in its file. Method: one each.
    #[test]
    fn mistakes_have_their_file() {
        let check = |text: &str, file: &'static str, want: &[&str]| {
            let (config, said) = load(text, &[("a.toml", file)]);
            assert!(config.is_none(), "{text}");
            assert_eq!(said, want, "{text} {file}");
        };
        let include = "include = [\"a.toml\"]\n";
        let missing = "LST060 lab/listener.toml:1:12 a file to include cannot be read / not there";
        check("include = [\"b.toml\"]", "", &[missing]);
        let twice = "include = [\"a.toml\", \"a.toml\"]";
        let already = "LST060 lab/listener.toml:1:22 a file to include cannot be \
                       read / it is included already";
        check(twice, EVENTS, &[already]);
        let nested = "LST061 lab/a.toml:1:1 an included file includes no others / \
                      name them in `lab/listener.toml`";
        check(&format!("{include}{EVENTS}"), "include = [\"b.toml\"]", &[nested]);
        let other = "TOML004 lab/a.toml:1:2 unknown key `limits` / known here: include, \
                     apis, defaults, sources, rules, records";
        check(
            &format!("{include}{EVENTS}"),
            "[limits]\nsessions = 1\n",
            &[&other.replace("include, ", "")],
        );
        let syntax = "TOML001 lab/a.toml:1:5 string values must be quoted, expected literal \
                      string / ";
        check(include, "a = b", &[syntax]);
        let same = "LST002 lab/a.toml:2:8 `/events` cannot be the path of a source / \
                    another source has this path and method";
        check(&format!("{include}{EVENTS}"), EVENTS, &[same]);
        let none = "LST008 lab/listener.toml:1:1 there is no `[[sources]]`: nothing could be \
                    received / ";
        check(include, RULE, &[none]);
    }

    /// Goal: each source takes from the defaults of its own file what it does not say; a mistake in
    /// them is told once, and a key that no source has is unknown. Method: two files.
    #[test]
    fn sources_have_defaults() {
        let text = "include = [\"a.toml\"]\n[defaults.source]\nunauthenticated = \"loopback\"\n\
                    auth = [\"bearer\"]\n[[sources]]\npath = \"/a\"\n\
                    [[sources]]\npath = \"/b\"\nauth = [\"basic\"]\n";
        let (config, said) = load(text, &[("a.toml", EVENTS)]);
        let config = config.unwrap_or_else(|| panic!("{said:?}"));
        assert_eq!(config.unauthenticated_paths().collect::<Vec<_>>(), ["/a", "/b"]);
        let post = restconf::Method::Post;
        let methods = |path| &config.entrance(post, path).expect("it is there").methods;
        assert_eq!(methods("/a"), &[Method::Bearer]);
        assert_eq!(methods("/b"), &[Method::Basic]);
        let wrong = text.replace("\"loopback\"", "\"never\"\nrates = 1");
        let (_, said) = load(&wrong, &[("a.toml", EVENTS)]);
        assert_eq!(said.len(), 2, "{said:#?}");
        assert!(said[0].starts_with("TOML005 lab/listener.toml:3:19 "), "{said:#?}");
        assert!(said[1].starts_with("TOML004 lab/listener.toml:4:1 "), "{said:#?}");
    }

    /// Goal: no more files are opened than the bound says. Method: one more than that.
    #[test]
    fn includes_have_a_bound() {
        let names: Vec<String> = (0..=INCLUDES_MAX).map(|n| format!("\"{n}.toml\"")).collect();
        let (_, said) = load(&format!("include = [{}]", names.join(", ")), &[]);
        assert_eq!(said.len(), INCLUDES_MAX + 1);
        assert!(said[INCLUDES_MAX].ends_with("65 files; at most 64 can be included"), "{said:?}");
    }
}
