//! What of a router's configuration rules ask for, and what of it is about applets.

/// The configuration around the applets.
#[derive(Debug)]
pub(crate) struct Config<'a> {
    lines: Vec<&'a str>,
    /// Whether it is a router's, and not applets alone: what is not there is missing then.
    pub(crate) is_whole: bool,
}

impl<'a> Config<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let begins = |words: &[&str]| {
            let is = |line: &&str| words.iter().any(|word| line.starts_with(word));
            lines.iter().any(is)
        };
        let is_whole = begins(&["hostname ", "version "]) && begins(&["interface ", "line "]);
        Config { lines, is_whole }
    }

    /// Whether a line begins so, on any level.
    pub(crate) fn has(&self, words: &str) -> bool {
        self.lines.iter().any(|line| line.trim_start().starts_with(words))
    }
}

/// The text with every line blanked that is about neither an applet nor the environment, each line
/// where it was.
pub fn applets_only(text: &str) -> String {
    let mut in_applet = false;
    let kept = text.lines().map(|line| match kind(line, in_applet) {
        Kind::Applet => {
            in_applet = true;
            line
        }
        Kind::Body => line,
        Kind::Environment => {
            in_applet = false;
            line
        }
        Kind::Remark => "",
        Kind::Other => {
            in_applet = false;
            ""
        }
    });
    kept.collect::<Vec<_>>().join("\n")
}

enum Kind {
    Applet,
    Body,
    Environment,
    Remark,
    Other,
}

fn kind(line: &str, in_applet: bool) -> Kind {
    const BODY: [&str; 9] = [
        "action",
        "attribute",
        "correlate",
        "default",
        "description",
        "event",
        "no",
        "set",
        "trigger",
    ];
    let words: Vec<&str> = line.split_whitespace().take(3).collect();
    let begins = |at: usize, whole: &str, least: usize| {
        words.get(at).is_some_and(|word| word.len() >= least && whole.starts_with(word))
    };
    let first = words.first().copied().unwrap_or_default();
    if first.is_empty() || first.starts_with('!') {
        return Kind::Remark;
    }
    if begins(0, "event", 2) && begins(1, "manager", 3) {
        return match () {
            () if begins(2, "applet", 1) => Kind::Applet,
            () if begins(2, "environment", 1) => Kind::Environment,
            () => Kind::Other,
        };
    }
    let is_indented = line.starts_with([' ', '\t']);
    match in_applet && first != "end" {
        true if first == "exit" => Kind::Remark,
        true if is_indented || BODY.contains(&first) => Kind::Body,
        true | false => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: what is no applet does not reach their parser. Method: a configuration, by lines.
    #[test]
    fn other_lines_are_blanked() {
        let text = "hostname R9\nevent manager environment X 1\nevent manager session cli \
                    username u\nevent manager applet A\n event none\naction 1 exit\n!\n\
                    interface Gi1\n shutdown\nend";
        let want = "\nevent manager environment X 1\n\nevent manager applet A\n event none\n\
                    action 1 exit\n\n\n\n";
        assert_eq!(applets_only(text), want);
    }
}
