//! Passwords of type 7: obfuscated with a key that the whole world knows, so they can be read.

/// The key, as it has been published since 1995.
const KEY: &[u8] = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";

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
