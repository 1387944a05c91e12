//! How a running-config prints BGP: one list of lines while no family is named, then a block for
//! each family.

use super::neighbor::{is_active, is_active_by_default};
use super::speaker::{Family, Speaker, speaker};
use super::{ORDER, family};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::feature::routing::{Form, Lines};

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::BGP, print }];

fn print(state: &State, text: &mut ConfigText) {
    let Some(speaker) = speaker(state) else { return };
    let block = speaker.block;
    text.separator();
    text.line(format_args!("router bgp {}", speaker.number(speaker.asn)));
    let ipv4 = block.below.get(&family::family_step(family::FAMILY_IPV4, None));
    let lines = match ipv4 {
        Some(ipv4) if !ipv4.is_listed => block.lines.merged(&ipv4.lines),
        Some(_) | None => block.lines.clone(),
    };
    print_lines(&speaker, &lines, 1, text);
    block.kept.print_below(1, text);
    for family in speaker.families().filter(|family| family.block.is_listed) {
        text.line(" !");
        text.line(format_args!(" {}", family.step.header));
        print_lines(&speaker, &with_active(&speaker, &family), 2, text);
        family.block.kept.print_below(2, text);
        text.line(" exit-address-family");
    }
    text.separator();
}

/// The lines of a family, with one for each neighbor that is active in it: and for each that is
/// not, where it would be by itself.
fn with_active(speaker: &Speaker<'_>, family: &Family<'_>) -> Lines {
    let mut lines = family.block.lines.clone();
    let header = family.step.header.as_str();
    for name in family.names().filter(|name| name.parse::<std::net::IpAddr>().is_ok()) {
        let words = format!("neighbor {name} activate");
        if is_active(speaker.block, (header, family.block), name) {
            let _ = lines.set(&ORDER, &words, Form::Set);
        } else if name.contains(':') && family.name() == "ipv4"
            || is_active_by_default(speaker.block, header, name)
        {
            let _ = lines.set(&ORDER, &words, Form::Set);
            lines.negate(&ORDER, &words);
        }
    }
    lines
}

/// Numbers of autonomous systems are kept plain and printed as `bgp asnotation` says.
fn print_lines(speaker: &Speaker<'_>, lines: &Lines, depth: usize, text: &mut ConfigText) {
    for line in lines.iter() {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let has_number = words.first().is_some_and(|word| word == "neighbor")
            && words.get(2).is_some_and(|word| word == "remote-as" || word == "local-as");
        if has_number && let Some(number) = words.get_mut(3) {
            *number = number.parse().map(|asn| speaker.number(asn)).unwrap_or(number.clone());
        }
        match has_number {
            true => text.line(format_args!("{:depth$}{}", "", words.join(" "))),
            false => text.line(format_args!("{:depth$}{line}", "")),
        }
    }
}
