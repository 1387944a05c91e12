//! How the certificate of a node's HTTPS server is checked.

use std::fmt;
use std::str::FromStr;

/// The rule for one node's certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum HttpsTrust {
    /// One of the system's authorities has signed it.
    #[default]
    System,
    /// One of these certificates has, in PEM.
    Authority(String),
    /// It is this one, whoever signed it.
    Pinned(CertificatePrint),
    /// Any certificate will do.
    Insecure,
}

/// The SHA-256 of a certificate: `SHA256:` and 64 hexadecimal digits, as
/// `openssl x509 -fingerprint -sha256` prints them, with their colons or without.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CertificatePrint(pub [u8; 32]);

/// The text is no fingerprint of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificatePrintError;

impl FromStr for CertificatePrint {
    type Err = CertificatePrintError;

    fn from_str(text: &str) -> Result<Self, CertificatePrintError> {
        let digits = text.strip_prefix("SHA256:").ok_or(CertificatePrintError)?;
        let pairs: Vec<&str> = match digits.contains(':') {
            true => digits.split(':').collect(),
            false => (0..digits.len()).step_by(2).filter_map(|at| digits.get(at..at + 2)).collect(),
        };
        let byte = |pair: &&str| {
            let is_hex = pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit());
            u8::from_str_radix(pair, 16).ok().filter(|_| is_hex)
        };
        let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
        let bytes = bytes.filter(|_| digits.contains(':') || digits.len() == 64);
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map(CertificatePrint).ok_or(CertificatePrintError)
    }
}

impl fmt::Display for CertificatePrint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits: Vec<String> = self.0.iter().map(|byte| format!("{byte:02X}")).collect();
        write!(f, "SHA256:{}", digits.join(":"))
    }
}

impl fmt::Debug for CertificatePrint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for CertificatePrintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected `SHA256:` and 64 hexadecimal digits")
    }
}

impl std::error::Error for CertificatePrintError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: both forms read alike, and a mistyped one never is a weaker rule. Method: a table.
    #[test]
    fn only_whole_prints_read() {
        let plain = format!("SHA256:{}", "aB".repeat(32));
        let print: CertificatePrint = plain.parse().expect("64 digits");
        assert_eq!(print.to_string().parse(), Ok(print));
        assert!(print.to_string().starts_with("SHA256:AB:AB:"));
        let bad = ["", "SHA256:", "SHA256:ab", &plain[7..], &format!("{plain}0"), "SHA256:é"];
        for bad in bad.into_iter().chain([plain.replace('a', "x").as_str()]) {
            assert_eq!(bad.parse::<CertificatePrint>(), Err(CertificatePrintError), "{bad}");
        }
    }
}
