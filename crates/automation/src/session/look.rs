//! What a configuration touches, as `show` commands that are sent before and after it.
//!
//! Asked by the driver, so that the story tells what a change changed. It only reads; what it shows
//! goes the way of every answer, secrets blanked.

/// How many commands look at what is touched, each time.
pub(crate) const LOOKS_MAX: usize = 4;

/// What opens a mode of its own, whose lines say nothing outside of it.
const SECTIONS: [&str; 9] =
    ["archive", "class-map", "event", "line", "policy-map", "route-map", "router", "vlan", "vrf"];

/// The commands that show what these lines touch.
pub(crate) fn looks<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut looks: Vec<String> = Vec::new();
    let mut in_section = false;
    for line in lines {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        if matches!(words.first(), Some(&("no" | "default"))) {
            words.remove(0);
        }
        let look = match words.as_slice() {
            ["exit" | "end", ..] | [] => {
                in_section = false;
                None
            }
            ["interface", name @ ..] if !name.is_empty() => {
                in_section = true;
                Some(format!("show running-config interface {}", name.concat()))
            }
            [first, ..] if SECTIONS.contains(first) => {
                in_section = true;
                Some(section(&words))
            }
            _ if in_section => None,
            _ => Some(section(&words)),
        };
        if let Some(look) = look.filter(|look| !looks.contains(look))
            && looks.len() < LOOKS_MAX
        {
            looks.push(look);
        }
    }
    looks
}

/// By its first two words, as far as a pattern can take them.
fn section(words: &[&str]) -> String {
    let plain =
        |word: &&&str| word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    let words: Vec<&str> = words.iter().take(2).take_while(plain).copied().collect();
    format!("show running-config | section ^{}", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: what is looked at for which lines. Method: a table.
    #[test]
    fn what_is_touched() {
        let table: [(&[&str], &[&str]); 6] = [
            (
                &["interface GigabitEthernet1", "no shutdown"],
                &["show running-config interface GigabitEthernet1"],
            ),
            (
                &["interface Gi1", "shutdown", "interface Gi 2", "shutdown", "interface Gi1"],
                &["show running-config interface Gi1", "show running-config interface Gi2"],
            ),
            (
                &["no ip route 0.0.0.0 0.0.0.0 10.0.0.1", "ip route 0.0.0.0 0.0.0.0 10.0.0.2"],
                &["show running-config | section ^ip route"],
            ),
            (
                &[
                    "router ospf 1",
                    "network 10.0.0.0 0.0.0.255 area 0",
                    "exit",
                    "ntp server 1.2.3.4",
                ],
                &[
                    "show running-config | section ^router ospf",
                    "show running-config | section ^ntp server",
                ],
            ),
            (&["snmp-server (x", "end"], &["show running-config | section ^snmp-server"]),
            (
                &["a 1", "b 2", "c 3", "d 4", "e 5"],
                &[
                    "show running-config | section ^a 1",
                    "show running-config | section ^b 2",
                    "show running-config | section ^c 3",
                    "show running-config | section ^d 4",
                ],
            ),
        ];
        for (lines, want) in table {
            assert_eq!(looks(lines.iter().copied()), want, "{lines:?}");
        }
    }
}
