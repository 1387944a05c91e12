//! `logging count` and `show logging count`: how often which message was logged, and when last
//! (layout: Cisco's command reference of `show logging count`).

use std::fmt::Write as _;

use indexmap::IndexMap;

use super::Message;

/// So many kinds of messages are counted; later ones are not.
const KINDS_MAX: usize = 1_024;

/// Messages by facility and name, in the order of their first appearance.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    facilities: IndexMap<String, IndexMap<(String, u8), Count>>,
    kinds: usize,
}

/// One kind of message.
#[derive(Clone, Debug, Default)]
struct Count {
    times: u64,
    last: String,
}

impl Tally {
    /// Counts a message. `stamp` is its time as `service timestamps` has it.
    pub(super) fn note(&mut self, message: &Message, stamp: &str) {
        let key = (message.mnemonic.to_string(), message.severity);
        let facility = &*message.facility;
        let known = self.facilities.get(facility).is_some_and(|names| names.contains_key(&key));
        if !known {
            if self.kinds == KINDS_MAX {
                return;
            }
            self.kinds += 1;
        }
        let names = self.facilities.entry(facility.to_owned()).or_default();
        let count = names.entry(key).or_default();
        count.times += 1;
        stamp.clone_into(&mut count.last);
    }

    /// What `show logging count` prints.
    pub(super) fn table(&self) -> String {
        let mut text =
            "Facility        Message Name                     Sev Occur     Last Time\n".to_owned();
        text.push_str(&"=".repeat(85));
        text.push('\n');
        for (facility, names) in &self.facilities {
            for ((name, severity), Count { times, last }) in names {
                let _ = write!(text, "{facility:<15} {name:<33}{severity:>2} {times:>5}");
                let _ = writeln!(text, "     {last}");
            }
            let total: u64 = names.values().map(|count| count.times).sum();
            let (first, second, third) = ("-".repeat(13), "-".repeat(31), "-".repeat(29));
            let _ = writeln!(text, "{first}  {second}  {third}");
            let _ = writeln!(text, "{:<51} {total:>5}\n", format!("{facility} TOTAL"));
        }
        text
    }
}
