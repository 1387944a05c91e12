//! Passwords of type 7: obfuscated with a key that the whole world knows, so they can be read.

use simtime::Rng;

/// The key, as it has been published since 1995.
const KEY: &[u8] = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";

/// How many places of the key a router begins at.
const STARTS: u64 = 16;

/// Where in the key a new text begins.
pub(super) fn start(rng: &mut Rng) -> usize {
    usize::try_from(rng.below(STARTS)).unwrap_or(0)
}

/// The text of type 7 that stands for `clear`, which [`reveal`] reads.
pub(super) fn hide(clear: &str, start: usize) -> String {
    let key = KEY.iter().cycle().skip(start);
    let pairs = clear.bytes().zip(key).map(|(byte, key)| format!("{:02X}", byte ^ key));
    format!("{start:02}{}", pairs.collect::<String>())
}

/// The text behind `hex`: two decimal digits say where in the key it begins.
pub(super) fn reveal(hex: &str) -> Option<String> {
    let start: usize = hex.get(..2).filter(|digits| is_decimal(digits))?.parse().ok()?;
    let body = hex.get(2..).filter(|body| !body.is_empty() && body.len() % 2 == 0)?;
    if start >= KEY.len() || !body.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let pairs = (0..body.len()).step_by(2).map(|at| u8::from_str_radix(&body[at..at + 2], 16));
    let key = KEY.iter().cycle().skip(start);
    let bytes: Option<Vec<u8>> = pairs.zip(key).map(|(byte, key)| Some(byte.ok()? ^ key)).collect();
    String::from_utf8(bytes?).ok()
}

fn is_decimal(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Goal: what is hidden is what devices print. Method: two published texts of `cisco`.
    #[test]
    fn known_texts() {
        assert_eq!(hide("cisco", 8), "0822455D0A16");
        assert_eq!(hide("cisco", 2), "02050D480809");
    }

    proptest! {
        /// Goal: what is hidden can be read. Method: any text, any start.
        #[test]
        fn hidden_texts_read(clear in "[ -~]{1,60}", start in 0usize..16) {
            prop_assert_eq!(reveal(&hide(&clear, start)), Some(clear));
        }
    }
}
