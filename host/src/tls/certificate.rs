//! What a certificate says: whom it is for, until when, and by which numbers people tell it from
//! another.

use std::fmt;
use std::net::IpAddr;

use rcgen::SanType;
use sha2::{Digest as _, Sha256};
use simtime::Time;
use tokio_rustls::rustls::pki_types::{CertificateDer, DnsName};
use topology::CertificatePrint;
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

/// One name that a certificate is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// `listener.example.net`, or `*.example.net`.
    Dns(String),
    /// An address.
    Ip(IpAddr),
}

/// The text is no name that a certificate can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a host name such as `listener.example.net`")]
pub struct NoName;

impl Name {
    /// An address, or the name of a host.
    pub fn parse(text: &str) -> Result<Self, NoName> {
        if let Ok(ip) = text.parse() {
            return Ok(Name::Ip(ip));
        }
        let plain = text.strip_prefix("*.").unwrap_or(text);
        DnsName::try_from(plain).map_err(|_| NoName)?;
        Ok(Name::Dns(text.to_ascii_lowercase()))
    }

    pub(super) fn in_certificate(&self) -> Result<SanType, rcgen::Error> {
        match self {
            Name::Dns(name) => name.as_str().try_into().map(SanType::DnsName),
            Name::Ip(ip) => Ok(SanType::IpAddress(*ip)),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Dns(name) => f.write_str(name),
            Name::Ip(ip) => ip.fmt(f),
        }
    }
}

/// What this machine calls itself, whatever its server is called beside that.
pub fn local_names() -> Vec<Name> {
    let loopback = [IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])];
    let name = Name::Dns("localhost".to_owned());
    std::iter::once(name).chain(loopback.map(Name::Ip)).collect()
}

/// What a router can be called by its clients: its name, where it is, and this machine.
pub fn router_names(node: &str, host: &str, reached: IpAddr) -> Vec<Name> {
    let given = [node, host].into_iter().filter_map(|text| Name::parse(text).ok());
    let given = given.filter(|name| !matches!(name, Name::Ip(ip) if ip.is_unspecified()));
    distinct(given.chain([Name::Ip(reached)]).chain(local_names()))
}

/// Each name once, in order.
pub fn distinct(names: impl IntoIterator<Item = Name>) -> Vec<Name> {
    let mut distinct = Vec::new();
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct
}

/// By what people tell a certificate from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The SHA-256 of it.
    pub fingerprint: CertificatePrint,
    /// Its serial number, in hexadecimal, as `openssl x509 -serial` prints it.
    pub serial: String,
    /// Whom it is for.
    pub names: Vec<Name>,
    /// Its last moment.
    pub end: Time,
}

impl Shown {
    /// Of one certificate; `None` if it is none.
    pub fn of(certificate: &CertificateDer<'_>) -> Option<Self> {
        let read = parsed(certificate)?;
        let serial = read.raw_serial().iter().skip_while(|byte| **byte == 0);
        Some(Shown {
            fingerprint: CertificatePrint(Sha256::digest(certificate).into()),
            serial: serial.map(|byte| format!("{byte:02X}")).collect(),
            names: names_of(&read),
            end: end(&read),
        })
    }
}

/// The last moment of a certificate.
pub(super) fn end(certificate: &X509Certificate<'_>) -> Time {
    let end = u64::try_from(certificate.validity().not_after.timestamp()).unwrap_or(0);
    Time::from_micros(end.saturating_mul(1_000_000))
}

/// Whom a certificate is for.
pub(super) fn names_of(certificate: &X509Certificate<'_>) -> Vec<Name> {
    let known = certificate.subject_alternative_name().ok().flatten();
    let known = known.map(|known| &known.value.general_names[..]).unwrap_or_default();
    let name = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some(Name::Dns(name.to_ascii_lowercase())),
        GeneralName::IPAddress(bytes) => {
            let v4 = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
            v4.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from)).ok().map(Name::Ip)
        }
        _ => None,
    };
    known.iter().filter_map(name).collect()
}

pub(super) fn parsed<'a>(certificate: &'a CertificateDer<'_>) -> Option<X509Certificate<'a>> {
    X509Certificate::from_der(certificate).ok().map(|(_, certificate)| certificate)
}
