//! What follows the name of a detector, from the tables of the `eem` crate.

use cli::{Kind, Token, any_of, kw, one_of, param};
use eem::{DetectorEntry, Operand, OptionForm};

/// The number that `event track` has in front of its options.
const TRACKED: Token =
    param("number", Kind::Integer { min: 1, max: 32_767 }, "Number of the tracked object");

/// The tokens of an event's options. Of the kinds of timer there is one, and first.
pub(super) fn form(entry: &DetectorEntry) -> Vec<Token> {
    let mut tokens = Vec::new();
    if entry.name == "track" {
        tokens.push(TRACKED);
    }
    let forms = entry.options();
    let (kinds, others): (Vec<OptionForm>, Vec<OptionForm>) =
        forms.into_iter().partition(|form| entry.name == "timer" && form.operand == Operand::None);
    if !kinds.is_empty() {
        let kinds: Vec<&'static [Token]> = kinds.iter().map(sequence).collect();
        tokens.push(one_of(Vec::leak(kinds)));
    }
    tokens.push(options(&others));
    tokens
}

fn options(forms: &[OptionForm]) -> Token {
    let sequences: Vec<&'static [Token]> = forms.iter().map(sequence).collect();
    any_of(Vec::leak(sequences))
}

/// The keyword of an option and what stands behind it.
fn sequence(form: &OptionForm) -> &'static [Token] {
    let value = |kind| param(form.name, kind, form.help);
    let pattern = |word| -> &'static [Token] {
        Vec::leak(vec![kw(word, "Those that a pattern fits"), value(Kind::Quoted)])
    };
    let mut tokens = vec![kw(form.name, form.help)];
    match &form.operand {
        Operand::None => {}
        Operand::Word => tokens.push(value(Kind::Quoted)),
        Operand::Number { min, max } => {
            tokens.push(value(Kind::Integer { min: *min, max: *max }));
        }
        Operand::Port => tokens.push(value(Kind::Interface)),
        Operand::Ports => {
            let port: &'static [Token] = Vec::leak(vec![value(Kind::Interface)]);
            tokens.push(one_of(Vec::leak(vec![port, pattern("regexp")])));
        }
        Operand::Vrf => {
            let words = choice(&["all", "default"], form.help);
            let all: Vec<&'static [Token]> = words.into_iter().chain([pattern("name")]).collect();
            tokens.push(one_of(Vec::leak(all)));
        }
        Operand::Choice(words) => {
            tokens.push(one_of(Vec::leak(choice(words, form.help))));
        }
        Operand::Options(forms) => tokens.push(options(forms)),
    }
    Vec::leak(tokens)
}

fn choice(words: &[&'static str], help: &'static str) -> Vec<&'static [Token]> {
    let sequence = |word: &&'static str| -> &'static [Token] { Vec::leak(vec![kw(word, help)]) };
    words.iter().map(sequence).collect()
}
