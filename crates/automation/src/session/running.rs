//! Whether configuration lines stand in a running-config already.
//!
//! Asked by the driver before it repeats lines that an earlier try may have sent. It says yes only
//! where it is sure: a line whose form in the running-config cannot be known (an abbreviation, a
//! password, a default that is not shown) is repeated, which changes nothing where it stood.

use std::ops::Range;

/// What a running-config shows whenever it is set, so that `no ...` stands when it is absent. Of
/// other commands the default may be "on" and not shown, as with `ip redirects`.
const SHOWN_WHEN_SET: [&str; 13] = [
    "description",
    "event manager applet",
    "interface",
    "ip access-group",
    "ip address",
    "ip route",
    "ipv6 address",
    "ipv6 route",
    "logging host",
    "ntp server",
    "service-policy",
    "shutdown",
    "vrf forwarding",
];

/// A running-config, as far as its lines have been read.
struct Running<'a> {
    lines: Vec<(usize, Vec<&'a str>)>,
}

/// Whether all of `lines`, typed in their order, would change nothing.
pub(crate) fn stand(lines: &[&str], running: &str) -> bool {
    let Some(running) = Running::read(running) else { return false };
    let whole = 0..running.lines.len();
    let mut sections = Vec::from([whole]);
    lines.iter().all(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        running.stands(&words, &mut sections)
    })
}

impl<'a> Running<'a> {
    /// `None` when the text does not end as a whole running-config does.
    fn read(text: &'a str) -> Option<Self> {
        let shown = text.lines().filter(|line| !line.trim().is_empty());
        let lines: Vec<(usize, Vec<&str>)> = shown
            .map(|line| {
                let indent = line.len() - line.trim_start().len();
                (indent, line.split_whitespace().collect())
            })
            .collect();
        let whole = lines.last().is_some_and(|(_, words)| *words == ["end"]);
        whole.then_some(Running { lines })
    }

    /// Whether one line stands in the innermost of the open sections; opens and closes sections as
    /// IOS does.
    fn stands(&self, words: &[&str], sections: &mut Vec<Range<usize>>) -> bool {
        match words {
            ["exit"] => sections.len() > 1 && sections.pop().is_some(),
            ["end"] => true,
            ["no", what @ ..] => {
                let is_explicit = self.find(words, sections.last()).is_some();
                let is_shown = |known: &&str| begins(what, &known.split(' ').collect::<Vec<_>>());
                let is_absent = |section| !self.children(section).any(|at| self.begins(at, what));
                is_explicit
                    || (SHOWN_WHEN_SET.iter().any(is_shown) && sections.iter().all(is_absent))
            }
            _ => {
                if let Some(at) = self.find(words, sections.last()) {
                    sections.push(self.section(at));
                    return true;
                }
                // A section can be opened from within another one; of other lines it cannot be
                // known for which mode they are.
                let outer = sections.iter().enumerate().rev().skip(1);
                let found = outer.filter_map(|(depth, section)| {
                    let at = self.find(words, Some(section))?;
                    (!self.section(at).is_empty()).then_some((depth, at))
                });
                let Some((depth, at)) = found.take(1).next() else { return false };
                sections.truncate(depth + 1);
                sections.push(self.section(at));
                true
            }
        }
    }

    fn find(&self, words: &[&str], section: Option<&Range<usize>>) -> Option<usize> {
        self.children(section?).find(|&at| {
            let shown = &self.lines[at].1;
            // Names of interfaces are taken in any case; of other words the case can matter.
            let is_interface = words.first() == Some(&"interface");
            let same = |(a, b): (&&str, &&str)| a == b || is_interface && a.eq_ignore_ascii_case(b);
            shown.len() == words.len() && shown.iter().zip(words).all(same)
        })
    }

    /// The lines of a section, those of the sections in it aside.
    fn children(&self, section: &Range<usize>) -> impl Iterator<Item = usize> {
        let level = self.lines.get(section.start).map_or(0, |(indent, _)| *indent);
        section.clone().filter(move |&at| self.lines[at].0 == level)
    }

    /// The lines below one, which are indented more.
    fn section(&self, header: usize) -> Range<usize> {
        let level = self.lines[header].0;
        let below = &self.lines[header + 1..];
        let length = below.iter().take_while(|(indent, _)| *indent > level).count();
        header + 1..header + 1 + length
    }

    fn begins(&self, at: usize, what: &[&str]) -> bool {
        begins(&self.lines[at].1, what)
    }
}

fn begins(words: &[&str], with: &[&str]) -> bool {
    words.len() >= with.len()
        && words.iter().zip(with).all(|(word, with)| word.eq_ignore_ascii_case(with))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNNING: &str = "Building configuration...\n\nCurrent configuration : 900 bytes\n!\n\
        version 17.12\nhostname R1\n!\nno ip domain lookup\n!\ninterface Loopback0\n\
        \x20description To The core\n ip address 10.0.0.1 255.255.255.255\n!\n\
        interface GigabitEthernet1\n ip address 192.0.2.1 255.255.255.0\n shutdown\n!\n\
        interface GigabitEthernet2\n no ip address\n no ip redirects\n!\n\
        router bgp 1\n address-family ipv4\n  network 10.0.0.0\n exit-address-family\n!\n\
        logging event link-status global\nend\n";

    /// Goal: it is known which lines stand, and a doubtful one counts as one that does not.
    /// Method: a table of lines against one running-config.
    #[test]
    fn lines_stand_or_do_not() {
        let table: [(&[&str], bool); 23] = [
            (&["interface GigabitEthernet2", "no shutdown"], true),
            (&["interface gigabitethernet2", "no shutdown"], true),
            (&["interface GigabitEthernet1", "no shutdown"], false),
            (&["interface GigabitEthernet1", "shutdown"], true),
            (&["interface GigabitEthernet2", "shutdown"], false),
            (&["interface GigabitEthernet9", "no shutdown"], false),
            (&["interface Gi2", "no shutdown"], false),
            (&["interface GigabitEthernet2", "no shut"], false),
            (&["interface Loopback0", "description To  The core"], true),
            (&["interface Loopback0", "description to the core"], false),
            (&["interface Loopback0", "no description"], false),
            (
                &["interface Loopback0", "no shutdown", "interface GigabitEthernet1", "shutdown"],
                true,
            ),
            (&["interface Loopback0", "exit", "hostname R1"], true),
            (&["interface Loopback0", "hostname R1"], false),
            (&["interface Loopback0", "logging event link-status global"], false),
            (&["interface GigabitEthernet2", "no ip redirects"], true),
            (&["interface GigabitEthernet1", "no ip redirects"], false),
            (&["no ip domain lookup"], true),
            (&["no ip http server"], false),
            (&["router bgp 1", "address-family ipv4", "network 10.0.0.0"], true),
            (&["router bgp 1", "network 10.0.0.0"], false),
            (&["interface Loopback0", "default description"], false),
            (&["exit"], false),
        ];
        for (lines, want) in table {
            assert_eq!(stand(lines, RUNNING), want, "{lines:?}");
        }
        let cut = RUNNING.strip_suffix("end\n").expect("it ends so");
        assert!(!stand(&["no ip domain lookup"], cut), "a text that is cut tells nothing");
        assert!(!stand(&["no shutdown"], "% Authorization failed"));
    }

    proptest::proptest! {
        /// Goal: no text panics. Method: pieces of running-configs and lines in any order.
        #[test]
        fn any_text_is_read(
            lines in proptest::collection::vec("(no |exit|end|interface a|shutdown| ){0,3}", 0..6),
            running in "(interface a\n| shutdown\n|  x\n|end|\n| ){0,12}",
        ) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            stand(&lines, &running);
        }
    }
}
