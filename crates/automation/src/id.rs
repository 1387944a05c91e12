//! Ids of events and jobs: drawn, short enough to type, unlikely to meet.

use simtime::Rng;

/// Crockford's base 32, in lower case: no letters that look like digits.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 80 bits: among a billion ids two are equal with a chance of one in two million.
const LETTERS: usize = 16;

/// `PREFIX_` and letters.
pub(crate) fn draw(prefix: &str, rng: &mut Rng) -> String {
    let letters = (0..LETTERS).map(|_| {
        let index = usize::try_from(rng.below(32)).expect("below 32");
        char::from(ALPHABET[index])
    });
    format!("{prefix}_{}", letters.collect::<String>())
}
