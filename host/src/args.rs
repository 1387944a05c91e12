//! What the command lines of all programs have in common: how data is printed, and seeds.
//!
//! Flattened by clap into each program's own arguments; it must know no program's verbs.

use clap::{Args, ValueEnum};

/// How data is printed.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct FormatArgs {
    /// How data is printed on standard output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, global = true)]
    format: Format,
    /// Short for `--format json`
    #[arg(long, conflicts_with = "format", global = true)]
    json: bool,
}

/// For whom data is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Human,
    /// For programs
    Json,
}

impl FormatArgs {
    /// Whether programs read the output.
    pub fn is_json(self) -> bool {
        self.json || self.format == Format::Json
    }
}

/// A seed in decimal, or in hexadecimal as the summaries print it: a `value_parser` for clap.
pub fn seed(text: &str) -> Result<u64, String> {
    let number = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number.map_err(|_| "expected a number such as `7` or `0x5eed`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Program {
        #[command(flatten)]
        format: FormatArgs,
        #[arg(long, value_parser = seed)]
        seed: Option<u64>,
    }

    /// Goal: both ways to ask for JSON, both ways to write a seed. Method: a table of lines.
    #[test]
    fn formats_and_seeds_are_read() {
        let table = [
            ("ednm", Some((false, None))),
            ("ednm --format human --seed 7", Some((false, Some(7)))),
            ("ednm --format json --seed 0x5eed", Some((true, Some(0x5eed)))),
            ("ednm --json", Some((true, None))),
            ("ednm --json --format human", None),
            ("ednm --seed 5eed", None),
        ];
        for (line, want) in table {
            let got = Program::try_parse_from(line.split(' ')).ok();
            assert_eq!(got.map(|got| (got.format.is_json(), got.seed)), want, "{line}");
        }
    }
}
