//! The certificates of the routers, and of the authority that signs them: made once, kept in the
//! state directory, for its owner alone.
//!
//! A client is given the authority's certificate and believes every router of the lab. A router's
//! own is made when the first client comes, so that a lab costs nothing for those that nobody asks.

use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType,
};
use simtime::{Duration, Time};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};
use x509_parser::prelude::{ASN1Time, FromDer as _, GeneralName, X509Certificate};

use crate::transport::keep;

/// What the authority is called, in the lists of those who believe it.
const AUTHORITY: &str = "ednm lab CA";
/// How long a certificate of the authority is good.
const AUTHORITY_DAYS: u64 = 3_650;
/// How long one of a router is good: what public authorities gave at most, and clients took.
const ROUTER_DAYS: u64 = 397;
/// Before its end by so much a certificate is made anew.
const RENEWAL_DAYS: u64 = 30;
/// How far the clock of a client may be behind.
const BEHIND_DAYS: u64 = 1;
/// The protocol that the servers speak (RFC 7301).
const PROTOCOL: &[u8] = b"http/1.1";

/// What could not be done with a certificate or its key.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// Its file could not be read or written.
    #[error("cannot keep `{}`", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Its file holds something else.
    #[error("`{}` is no {what} in PEM", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What it should be.
        what: &'static str,
    },
    /// It could not be made.
    #[error("cannot make a certificate")]
    Make(#[source] rcgen::Error),
    /// The library takes it for none.
    #[error("cannot use the certificate of `{node}`")]
    Use {
        /// Whose it is.
        node: String,
        /// Why.
        #[source]
        source: rustls::Error,
    },
}

/// Signs the certificates of a lab's routers.
#[derive(Debug)]
pub(crate) struct Authority {
    directory: PathBuf,
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

/// A router as TLS knows it.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(super) config: Arc<ServerConfig>,
    /// From when on another one is needed.
    pub(super) renewal: Time,
}

/// The authority whose certificate is in the file at `path` and whose key is under `directory`;
/// made if it is not there, or about to end.
pub(crate) async fn load_or_make(
    path: PathBuf,
    directory: PathBuf,
    now: Time,
) -> Result<Authority, CertificateError> {
    let work = tokio::task::spawn_blocking(move || Authority::load_or_make(&path, directory, now));
    work.await.expect("making a certificate neither panics nor is cancelled")
}

impl Authority {
    fn load_or_make(path: &Path, directory: PathBuf, now: Time) -> Result<Self, CertificateError> {
        let make = || KeyPair::generate().map_err(CertificateError::Make);
        keep::make_directory(&directory).map_err(failed(&directory))?;
        let key = key(&directory.join("ca.key"), make)?;
        let is_good = |known: &X509Certificate<'_>| {
            renewal(known) > now && known.is_ca() && known.public_key().raw == spki(&key)
        };
        let certificate = match certificate(path)? {
            Some(known) if parsed(&known).is_some_and(|known| is_good(&known)) => known,
            Some(_) | None => {
                let fresh = authority(&key, now).map_err(CertificateError::Make)?;
                keep::write(path, fresh.pem().as_bytes()).map_err(failed(path))?;
                fresh.der().clone()
            }
        };
        let issuer = Issuer::from_ca_cert_der(&certificate, key).map_err(CertificateError::Make)?;
        Ok(Authority { directory, certificate, issuer })
    }

    /// What a router is to TLS: its own certificate, for these names, made if there is none that
    /// will do. Reads and writes files: not for the runtime's threads.
    pub(super) fn identity(
        &self,
        node: &str,
        names: &[SanType],
        now: Time,
    ) -> Result<Identity, CertificateError> {
        let file = keep::file_name(node);
        let path = self.directory.join(format!("{file}.pem"));
        let make = || KeyPair::generate().map_err(CertificateError::Make);
        // A key outlives its certificates: who pins it is not told another one each year.
        let key = key(&self.directory.join(format!("{file}.key")), make)?;
        let is_good = |known: &X509Certificate<'_>| {
            let has_key = known.public_key().raw == spki(&key);
            renewal(known) > now && has_key && self.signed(known) && is_for(known, names)
        };
        let own = match certificate(&path)? {
            Some(known) if parsed(&known).is_some_and(|known| is_good(&known)) => known,
            Some(_) | None => {
                let fresh = router(node, names, now).and_then(|p| p.signed_by(&key, &self.issuer));
                let fresh = fresh.map_err(CertificateError::Make)?;
                keep::write(&path, fresh.pem().as_bytes()).map_err(failed(&path))?;
                fresh.der().clone()
            }
        };
        let renewal = parsed(&own).map_or(now, |own| renewal(&own));
        let config = config(own, &key);
        let config =
            config.map_err(|source| CertificateError::Use { node: node.to_owned(), source })?;
        Ok(Identity { config: Arc::new(config), renewal })
    }

    fn signed(&self, known: &X509Certificate<'_>) -> bool {
        let by = parsed(&self.certificate);
        by.is_some_and(|by| known.verify_signature(Some(by.public_key())).is_ok())
    }
}

/// What a router can be called by its clients: its name, where it is, and this machine.
pub(super) fn names(node: &str, host: &str, reached: IpAddr) -> Vec<SanType> {
    let mut names: Vec<SanType> = Vec::new();
    let loopback = [IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])];
    let given = host.parse::<IpAddr>().ok().filter(|ip| !ip.is_unspecified());
    for text in [node, "localhost", host] {
        // What is no name of a certificate is an address.
        let is_address = text.parse::<IpAddr>().is_ok();
        names.extend(text.try_into().ok().map(SanType::DnsName).filter(|_| !is_address));
    }
    names.extend(given.into_iter().chain([reached]).chain(loopback).map(SanType::IpAddress));
    let mut seen = Vec::new();
    names.retain(|name| {
        !seen.contains(name) && {
            seen.push(name.clone());
            true
        }
    });
    names
}

fn authority(key: &KeyPair, now: Time) -> Result<Certificate, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, AUTHORITY);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    set_validity(&mut params, now, AUTHORITY_DAYS);
    params.self_signed(key)
}

fn router(node: &str, names: &[SanType], now: Time) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, node);
    params.subject_alt_names = names.to_vec();
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    set_validity(&mut params, now, ROUTER_DAYS);
    Ok(params)
}

fn set_validity(params: &mut CertificateParams, now: Time, days: u64) {
    let from = Time::from_micros(now.as_micros().saturating_sub(day(BEHIND_DAYS).as_micros()));
    let date = |time: Time| {
        let seconds = i64::try_from(time.as_micros() / 1_000_000).ok()?;
        ASN1Time::from_timestamp(seconds).ok().map(|time| time.to_datetime())
    };
    let dates = date(from).zip(date(now + day(days)));
    (params.not_before, params.not_after) = dates.expect("clocks show years that have a date");
}

fn day(days: u64) -> Duration {
    Duration::from_secs(days * 24 * 60 * 60)
}

/// The instant from which a certificate has to be made anew.
fn renewal(certificate: &X509Certificate<'_>) -> Time {
    let end = certificate.validity().not_after.timestamp();
    let end = u64::try_from(end).unwrap_or(0).saturating_mul(1_000_000);
    Time::from_micros(end.saturating_sub(day(RENEWAL_DAYS).as_micros()))
}

/// Whether it is for all of these names.
fn is_for(certificate: &X509Certificate<'_>, names: &[SanType]) -> bool {
    let known = certificate.subject_alternative_name().ok().flatten();
    let known = known.map(|known| &known.value.general_names[..]).unwrap_or_default();
    names.iter().all(|name| {
        known.iter().any(|known| match (name, known) {
            (SanType::DnsName(name), GeneralName::DNSName(known)) => name.as_str() == *known,
            (SanType::IpAddress(IpAddr::V4(ip)), GeneralName::IPAddress(known)) => {
                ip.octets() == *known
            }
            (SanType::IpAddress(IpAddr::V6(ip)), GeneralName::IPAddress(known)) => {
                ip.octets() == *known
            }
            _ => false,
        })
    })
}

fn spki(key: &KeyPair) -> Vec<u8> {
    use rcgen::PublicKeyData as _;
    key.subject_public_key_info()
}

fn parsed<'a>(certificate: &'a CertificateDer<'_>) -> Option<X509Certificate<'a>> {
    X509Certificate::from_der(certificate).ok().map(|(_, certificate)| certificate)
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> CertificateError {
    let path = path.to_owned();
    |source| CertificateError::File { path, source }
}

/// The first certificate of a file, if there is the file.
fn certificate(path: &Path) -> Result<Option<CertificateDer<'static>>, CertificateError> {
    let text = match keep::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path)(error)),
    };
    let format = || CertificateError::Format { path: path.to_owned(), what: "certificate" };
    CertificateDer::from_pem_slice(text.as_bytes()).map(Some).map_err(|_| format())
}

/// The key in the file at `path`; when there is none, a new one that is written there.
fn key(
    path: &Path,
    make: impl FnOnce() -> Result<KeyPair, CertificateError>,
) -> Result<KeyPair, CertificateError> {
    match keep::read(path) {
        Ok(text) => KeyPair::from_pem(&text)
            .map_err(|_| CertificateError::Format { path: path.to_owned(), what: "private key" }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = make()?;
            keep::write(path, key.serialize_pem().as_bytes()).map_err(failed(path))?;
            Ok(key)
        }
        Err(error) => Err(failed(path)(error)),
    }
}

fn config(
    certificate: CertificateDer<'static>,
    key: &KeyPair,
) -> Result<ServerConfig, rustls::Error> {
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const NOW: Time = Time::VIRTUAL_START;

    fn open(state: &Path, now: Time) -> Result<Authority, CertificateError> {
        Authority::load_or_make(&state.join("ca.pem"), state.join("tls"), now)
    }

    fn fingerprint(authority: &Authority, node: &str, now: Time) -> Vec<u8> {
        let names = names(node, "127.0.0.1", [127, 0, 0, 1].into());
        authority.identity(node, &names, now).unwrap();
        std::fs::read(authority.directory.join(format!("{node}.pem"))).unwrap()
    }

    /// Goal: a restart finds the same certificates, each router has its own, the files are private.
    #[test]
    fn certificates_outlive_a_restart() {
        let state = tempfile::tempdir().unwrap();
        let first = open(state.path(), NOW).unwrap();
        let own = ["R1", "R2"].map(|node| fingerprint(&first, node, NOW));
        let second = open(state.path(), NOW + day(1)).unwrap();
        assert_eq!(first.certificate, second.certificate);
        assert_eq!(own, ["R1", "R2"].map(|node| fingerprint(&second, node, NOW + day(1))));
        assert_ne!(own[0], own[1]);
        for file in std::fs::read_dir(state.path().join("tls")).unwrap() {
            let mode = file.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    /// Goal: before its end each is made anew, and all when the authority has another key. Method:
    /// the same directory, later and later.
    #[test]
    fn what_is_about_to_end_is_made_anew() {
        let state = tempfile::tempdir().unwrap();
        let first = open(state.path(), NOW).unwrap();
        let own = fingerprint(&first, "R1", NOW);
        let late = NOW + day(ROUTER_DAYS - RENEWAL_DAYS);
        assert_eq!(fingerprint(&first, "R1", NOW + day(ROUTER_DAYS - RENEWAL_DAYS - 1)), own);
        let renewed = fingerprint(&first, "R1", late);
        assert_ne!(renewed, own);
        let end = NOW + day(AUTHORITY_DAYS - RENEWAL_DAYS);
        let before = NOW + day(AUTHORITY_DAYS - RENEWAL_DAYS - 1);
        assert_eq!(open(state.path(), before).unwrap().certificate, first.certificate);
        let second = open(state.path(), end).unwrap();
        assert_ne!(second.certificate, first.certificate);
        assert_eq!(fingerprint(&second, "R1", late), renewed, "its key signed it, too");
        std::fs::remove_file(state.path().join("tls/ca.key")).unwrap();
        let third = open(state.path(), end).unwrap();
        let again = fingerprint(&third, "R1", late);
        assert_ne!(again, renewed, "nobody who believes the new key would believe it");
    }

    /// Goal: other names need another certificate, and rubbish is named, not replaced.
    #[test]
    fn names_and_rubbish() {
        let state = tempfile::tempdir().unwrap();
        let authority = open(state.path(), NOW).unwrap();
        let own = fingerprint(&authority, "R1", NOW);
        let other = names("R1", "0.0.0.0", [192, 0, 2, 1].into());
        authority.identity("R1", &other, NOW).unwrap();
        let path = state.path().join("tls/R1.pem");
        assert_ne!(std::fs::read(&path).unwrap(), own);
        std::fs::write(&path, "rubbish").unwrap();
        let refused = authority.identity("R1", &other, NOW);
        assert!(matches!(refused, Err(CertificateError::Format { .. })), "{refused:?}");
        assert_eq!(std::fs::read(&path).unwrap(), b"rubbish");
    }
}
