//! The arguments of `curl`, as far as webhooks use them.

/// What one `curl` was asked to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    pub(super) url: String,
    pub(super) method: Option<String>,
    pub(super) headers: Vec<String>,
    /// Parts of `-d`, joined with `&`; of `--json`, joined with nothing.
    pub(super) data: Option<String>,
    pub(super) is_json: bool,
    /// Files that `@` named: none exists in the guest shell.
    pub(super) missing_files: Vec<String>,
    pub(super) user: Option<String>,
    pub(super) user_agent: Option<String>,
    pub(super) output: Option<String>,
    pub(super) write_out: Option<String>,
    pub(super) timeout_ms: Option<u64>,
    pub(super) connect_timeout_ms: Option<u64>,
    pub(super) cacert: Option<String>,
    pub(super) is_insecure: bool,
    pub(super) is_silent: bool,
    pub(super) shows_errors: bool,
    pub(super) fails_on_error: bool,
    pub(super) includes_headers: bool,
    pub(super) is_head: bool,
    pub(super) is_verbose: bool,
}

/// An option of `curl`.
struct Known {
    short: Option<char>,
    long: &'static str,
    kind: Kind,
}

/// What an option takes, and where it goes.
#[derive(Clone, Copy)]
enum Kind {
    Flag(fn(&mut Arguments)),
    Value(fn(&mut Arguments, String) -> Result<(), String>),
}

const fn flag(short: char, long: &'static str, set: fn(&mut Arguments)) -> Known {
    Known { short: Some(short), long, kind: Kind::Flag(set) }
}

const fn value(
    short: Option<char>,
    long: &'static str,
    set: fn(&mut Arguments, String) -> Result<(), String>,
) -> Known {
    Known { short, long, kind: Kind::Value(set) }
}

/// The options that this emulation takes. `-L` changes nothing: redirects are not followed
/// (`docs/webhooks.md`).
const OPTIONS: &[Known] = &[
    flag('s', "silent", |a| a.is_silent = true),
    flag('S', "show-error", |a| a.shows_errors = true),
    flag('f', "fail", |a| a.fails_on_error = true),
    flag('k', "insecure", |a| a.is_insecure = true),
    flag('L', "location", |_| {}),
    flag('i', "include", |a| a.includes_headers = true),
    flag('I', "head", |a| a.is_head = true),
    flag('v', "verbose", |a| a.is_verbose = true),
    value(Some('X'), "request", |a, v| put(&mut a.method, v)),
    value(Some('H'), "header", |a, v| {
        a.headers.push(v);
        Ok(())
    }),
    value(Some('d'), "data", |a, v| a.add_data(v, true, "&")),
    value(None, "data-ascii", |a, v| a.add_data(v, true, "&")),
    value(None, "data-binary", |a, v| a.add_data(v, true, "&")),
    value(None, "data-raw", |a, v| a.add_data(v, false, "&")),
    value(None, "json", |a, v| {
        a.is_json = true;
        a.add_data(v, true, "")
    }),
    value(Some('u'), "user", |a, v| put(&mut a.user, v)),
    value(Some('A'), "user-agent", |a, v| put(&mut a.user_agent, v)),
    value(Some('o'), "output", |a, v| put(&mut a.output, v)),
    value(Some('w'), "write-out", |a, v| put(&mut a.write_out, v)),
    value(Some('m'), "max-time", |a, v| put(&mut a.timeout_ms, millis(&v, "--max-time")?)),
    value(None, "connect-timeout", |a, v| {
        put(&mut a.connect_timeout_ms, millis(&v, "--connect-timeout")?)
    }),
    value(None, "cacert", |a, v| put(&mut a.cacert, v)),
    value(None, "url", |a, v| {
        a.url = v;
        Ok(())
    }),
];

/// The longest time that an option may name, in seconds.
const TIMEOUT_MAX_SECS: u64 = 86_400;

fn put<T>(slot: &mut Option<T>, value: T) -> Result<(), String> {
    *slot = Some(value);
    Ok(())
}

/// Seconds with decimals.
fn millis(text: &str, option: &str) -> Result<u64, String> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()) && !part.is_empty();
    let bad = || format!("curl: option {option}: expected a proper numerical parameter\n{HINT}");
    if !is_number(whole) || !is_number(decimals) {
        return Err(bad());
    }
    let seconds = whole.parse().ok().filter(|seconds| *seconds <= TIMEOUT_MAX_SECS);
    let thousandths: String = decimals.chars().chain("000".chars()).take(3).collect();
    let parsed: Option<(u64, u64)> = seconds.zip(thousandths.parse().ok());
    parsed.map(|(seconds, thousandths)| seconds * 1_000 + thousandths).ok_or_else(bad)
}

const HINT: &str = "curl: try 'curl --help' or 'curl --manual' for more information\n";

impl Arguments {
    /// Reads the words after `curl`; or what curl prints about them.
    pub(super) fn parse(words: &[String]) -> Result<Self, String> {
        let mut arguments = Arguments::default();
        let mut rest = words.iter();
        while let Some(word) = rest.next() {
            if let Some(name) = word.strip_prefix("--").filter(|name| !name.is_empty()) {
                let known = OPTIONS.iter().find(|known| known.long == name);
                let known = known.ok_or_else(|| unknown(word))?;
                arguments.take(known, word, || rest.next().cloned())?;
            } else if let Some(letters) = word.strip_prefix('-').filter(|l| !l.is_empty()) {
                arguments.take_short(letters, &mut rest)?;
            } else if arguments.url.is_empty() {
                arguments.url = word.clone();
            } else {
                // Real curl would fetch both: a webhook never means that.
                return Err(format!("curl: only one URL is supported here: {word}\n"));
            }
        }
        if arguments.url.is_empty() {
            return Err(format!("curl: no URL specified!\n{HINT}"));
        }
        Ok(arguments)
    }

    /// `-sS`, `-XPOST`, `-X POST`: flags may stand together, a value ends them.
    fn take_short<'w>(
        &mut self,
        letters: &str,
        rest: &mut impl Iterator<Item = &'w String>,
    ) -> Result<(), String> {
        let mut letters = letters.chars();
        while let Some(letter) = letters.next() {
            let shown = format!("-{letter}");
            let known = OPTIONS.iter().find(|known| known.short == Some(letter));
            let known = known.ok_or_else(|| unknown(&shown))?;
            let attached = match known.kind {
                Kind::Flag(_) => None,
                Kind::Value(_) => Some(letters.as_str()).filter(|text| !text.is_empty()),
            };
            let is_last = matches!(known.kind, Kind::Value(_));
            self.take(known, &shown, || {
                attached.map(str::to_owned).or_else(|| rest.next().cloned())
            })?;
            if is_last {
                break;
            }
        }
        Ok(())
    }

    fn take(
        &mut self,
        known: &Known,
        shown: &str,
        next: impl FnOnce() -> Option<String>,
    ) -> Result<(), String> {
        match known.kind {
            Kind::Flag(set) => {
                set(self);
                Ok(())
            }
            Kind::Value(set) => {
                let text = format!("curl: option {shown}: requires parameter\n{HINT}");
                set(self, next().ok_or(text)?)
            }
        }
    }

    fn add_data(&mut self, part: String, reads_files: bool, joint: &str) -> Result<(), String> {
        let part = match part.strip_prefix('@') {
            Some(path) if reads_files => {
                self.missing_files.push(path.to_owned());
                String::new()
            }
            _ => part,
        };
        let data = match self.data.take() {
            Some(before) => before + joint + &part,
            None => part,
        };
        put(&mut self.data, data)
    }

    /// `-X`, else what the other options imply.
    pub(super) fn method(&self) -> &str {
        let implied = match &self.data {
            Some(_) => "POST",
            None if self.is_head => "HEAD",
            None => "GET",
        };
        self.method.as_deref().unwrap_or(implied)
    }

    /// Whether errors are printed: `-s` keeps curl silent unless `-S` is given too.
    pub(super) fn prints_errors(&self) -> bool {
        !self.is_silent || self.shows_errors
    }
}

fn unknown(option: &str) -> String {
    format!("curl: option {option}: is unknown\n{HINT}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, String> {
        Arguments::parse(&super::super::shell::split(line).expect("a plain command line"))
    }

    /// Goal: options in their usual spellings mean the same. Method: lines that are equal.
    #[test]
    fn spellings_are_equal() {
        let check = |a: &str, b: &str| assert_eq!(parse(a), parse(b), "{a} / {b}");
        check("-X POST -d a=b h", "h -XPOST --data a=b");
        check("-sSf -o /dev/null h", "--silent --show-error --fail --output /dev/null --url h");
        check("-sko/dev/null h", "-s -k -o /dev/null h");
        check("-m 2.5 -A x h", "--max-time 2.5 --user-agent x h");
        check("-d a -d b h", "-d 'a&b' h");
        check("--json '{\"a\":' --json '1}' h", "--json '{\"a\":1}' h");
    }

    /// Goal: curl's own words for what it cannot do. Method: a table of first lines.
    #[test]
    fn mistakes_are_named_as_curl_names_them() {
        let table = [
            ("", "curl: no URL specified!"),
            ("-H", "curl: option -H: requires parameter"),
            ("--header", "curl: option --header: requires parameter"),
            ("-Z h", "curl: option -Z: is unknown"),
            ("--frob h", "curl: option --frob: is unknown"),
            ("-m soon h", "curl: option --max-time: expected a proper numerical parameter"),
            (
                "-m 99999999999999999999 h",
                "curl: option --max-time: expected a proper numerical parameter",
            ),
            ("a b", "curl: only one URL is supported here: b"),
        ];
        for (line, want) in table {
            let text = parse(line).expect_err(line);
            assert_eq!(text.lines().next(), Some(want), "{line}");
        }
    }

    /// Goal: the method follows from the options, and `-X` wins. Method: a table.
    #[test]
    fn methods_follow_from_options() {
        for (line, want) in
            [("h", "GET"), ("-d a h", "POST"), ("-I h", "HEAD"), ("-X PUT -d a h", "PUT")]
        {
            assert_eq!(parse(line).expect(line).method(), want, "{line}");
        }
    }
}
