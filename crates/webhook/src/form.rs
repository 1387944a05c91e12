//! Pairs of names and values as forms and queries write them: `application/x-www-form-urlencoded`.
//!
//! The encoding is that of the WHATWG URL standard, section 5.1: `&` between pairs, `=` within one,
//! `+` for a blank, and bytes as `%XX`. Used for queries, and for bodies of that type.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The most pairs that are read.
pub const PAIRS_MAX: usize = 256;

/// Why a text is no form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// What is encoded is no text.
    #[error("it is no UTF-8")]
    NotText,
    /// More than [`PAIRS_MAX`].
    #[error("it has more than {PAIRS_MAX} pairs")]
    TooMany,
}

/// Reads pairs, in their order. A name without `=` has an empty value.
pub fn pairs(text: &str) -> Result<Vec<(String, String)>, FormError> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let mut read = Vec::new();
    for pair in pairs {
        if read.len() == PAIRS_MAX {
            return Err(FormError::TooMany);
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        read.push((decoded(name)?, decoded(value)?));
    }
    Ok(read)
}

/// One name or value.
pub fn decoded(text: &str) -> Result<String, FormError> {
    let blanks: Cow<'_, str> =
        if text.contains('+') { text.replace('+', " ").into() } else { text.into() };
    let decoded = percent_decode_str(&blanks).decode_utf8().map_err(|_| FormError::NotText)?;
    Ok(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: pairs are read as a browser and curl write them. Method: a table.
    #[test]
    fn pairs_are_read() {
        let read = |text| {
            let pairs = pairs(text).expect("a form");
            let pairs = pairs.iter().map(|(name, value)| format!("{name}:{value}"));
            pairs.collect::<Vec<_>>().join(" | ")
        };
        assert_eq!(
            read("a=1&b=x+y&c=%C3%A4%26&d&=e&&f=1=2"),
            "a:1 | b:x y | c:ä& | d: | :e | f:1=2"
        );
        assert_eq!(read("command=show+version"), "command:show version");
        assert_eq!(read("%zz=%"), "%zz:%");
        assert_eq!(read(""), "");
        assert_eq!(pairs("a=%ff"), Err(FormError::NotText));
        assert_eq!(pairs(&"a&".repeat(PAIRS_MAX + 1)), Err(FormError::TooMany));
    }

    proptest::proptest! {
        /// Goal: no text makes it panic. Method: any text.
        #[test]
        fn any_text_is_read(text: String) {
            let _ = pairs(&text);
        }
    }
}
