//! The authority of a state directory and what it signs: the certificates of routers and of the
//! listener, made once, kept for their owner alone.
//!
//! A client is given the authority's certificate and believes every server of this directory. What
//! a server shows is made when it is first needed, so that it costs nothing where nobody asks.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SerialNumber,
};
use simtime::{Duration, Time};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};
use x509_parser::prelude::{ASN1Time, X509Certificate};

use super::certificate::{Name, end, names_of, parsed};
use super::server::config;
use crate::{StateDir, keep};

/// The file of the authority's certificate in a state directory.
pub(crate) const FILE_NAME: &str = "ca.pem";
/// What the authority is called, in the lists of those who believe it.
const AUTHORITY: &str = "ednm lab CA";
/// How long a certificate of the authority is good.
const AUTHORITY_DAYS: u64 = 3_650;
/// How long one of a server is good: what public authorities gave at most, and clients took.
const SERVER_DAYS: u64 = 397;
/// Before its end by so much a certificate is made anew.
const RENEWAL_DAYS: u64 = 30;
/// How long a serial number is; 20 is the most that it may be.
const SERIAL_BYTES: usize = 16;
/// How far the clock of a client may be behind.
const BEHIND_DAYS: u64 = 1;

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

/// Signs the certificates of a state directory's servers.
#[derive(Debug)]
pub struct Authority {
    directory: PathBuf,
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

/// A router as TLS knows it.
#[derive(Clone, Debug)]
pub struct Identity {
    /// What it shows.
    pub config: Arc<ServerConfig>,
    /// From when on another one is needed.
    pub renewal: Time,
}

/// Where a certificate and its key are, in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The certificate, and those between it and its root.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// What is known of a certificate that this authority has signed.
#[derive(Clone, Debug)]
pub struct Known {
    /// Whom it is for.
    pub names: Vec<Name>,
    /// From when on another one is needed.
    pub renewal: Time,
    own: CertificateDer<'static>,
}

/// The authority of a state directory; made if it is not there, or about to end.
pub async fn authority(state: &StateDir, now: Time) -> Result<Authority, CertificateError> {
    let directory = state.path().to_owned();
    let work = tokio::task::spawn_blocking(move || Authority::in_directory(&directory, now));
    work.await.expect("making a certificate neither panics nor is cancelled")
}

impl Authority {
    /// That of a state directory. Reads and writes files: not for the runtime's threads.
    pub fn in_directory(state: &Path, now: Time) -> Result<Self, CertificateError> {
        Authority::load_or_make(&state.join(FILE_NAME), state.join("tls"), now)
    }

    fn load_or_make(path: &Path, directory: PathBuf, now: Time) -> Result<Self, CertificateError> {
        keep::make_directory(&directory).map_err(failed(&directory))?;
        // Two programs of one directory that start together make one authority.
        let lock = directory.join("lock");
        let mut options = OpenOptions::new();
        let opened = options.write(true).create(true).truncate(false).mode(0o600).open(&lock);
        let locked = opened.and_then(|file| file.lock().map(|()| file)).map_err(failed(&lock))?;
        let key = key(&directory.join("ca.key"))?;
        let is_good = |known: &X509Certificate<'_>| {
            renewal(known) > now && known.is_ca() && known.public_key().raw == spki(&key)
        };
        let certificate = match certificate(path)? {
            Some(known) if parsed(&known).is_some_and(|known| is_good(&known)) => known,
            Some(_) | None => {
                let fresh = self_signed(&key, now).map_err(CertificateError::Make)?;
                keep::write(path, fresh.pem().as_bytes()).map_err(failed(path))?;
                fresh.der().clone()
            }
        };
        drop(locked);
        let issuer = Issuer::from_ca_cert_der(&certificate, key).map_err(CertificateError::Make)?;
        Ok(Authority { directory, certificate, issuer })
    }

    /// Its own certificate.
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// What a router is to TLS: its own certificate, for these names, made if there is none that
    /// will do. Reads and writes files: not for the runtime's threads.
    pub fn identity(
        &self,
        node: &str,
        names: &[Name],
        now: Time,
    ) -> Result<Identity, CertificateError> {
        let file = keep::file_name(node);
        let [certificate, key_file] =
            ["pem", "key"].map(|kind| self.directory.join(format!("{file}.{kind}")));
        let pair = Pair { certificate, key: key_file };
        let is_good = |known: &Known| {
            known.renewal > now && names.iter().all(|name| known.names.contains(name))
        };
        let known = match self.known(&pair)?.filter(is_good) {
            Some(known) => known,
            None => self.issue(&pair, node, names, now)?,
        };
        let key = PrivateKeyDer::Pkcs8(key(&pair.key)?.serialize_der().into());
        let config = config(vec![known.own], key);
        let config =
            config.map_err(|source| CertificateError::Use { node: node.to_owned(), source })?;
        Ok(Identity { config: Arc::new(config), renewal: known.renewal })
    }

    /// The certificate of a pair, if it is there, is of its key, and this authority has signed it.
    pub fn known(&self, pair: &Pair) -> Result<Option<Known>, CertificateError> {
        let Some(own) = certificate(&pair.certificate)? else { return Ok(None) };
        let key = match keep::read(&pair.key) {
            Ok(text) => key_of(&pair.key, &text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(&pair.key)(error)),
        };
        let Some(read) = parsed(&own) else { return Ok(None) };
        if read.public_key().raw != spki(&key) || !self.signed(&read) {
            return Ok(None);
        }
        let (names, renewal) = (names_of(&read), renewal(&read));
        Ok(Some(Known { names, renewal, own: own.clone() }))
    }

    /// Makes a certificate in the place of the one that is there. A key outlives its certificates:
    /// who pins it is not told another one each year.
    pub fn issue(
        &self,
        pair: &Pair,
        whose: &str,
        names: &[Name],
        now: Time,
    ) -> Result<Known, CertificateError> {
        let key = key(&pair.key)?;
        let fresh = server(whose, names, now).and_then(|p| p.signed_by(&key, &self.issuer));
        let fresh = fresh.map_err(CertificateError::Make)?;
        let path = &pair.certificate;
        keep::write(path, fresh.pem().as_bytes()).map_err(failed(path))?;
        let own = fresh.der().clone();
        let renewal = parsed(&own).map_or(now, |own| renewal(&own));
        Ok(Known { names: names.to_vec(), renewal, own })
    }

    fn signed(&self, known: &X509Certificate<'_>) -> bool {
        let by = parsed(&self.certificate);
        by.is_some_and(|by| known.verify_signature(Some(by.public_key())).is_ok())
    }
}

fn self_signed(key: &KeyPair, now: Time) -> Result<Certificate, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, AUTHORITY);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    set_validity(&mut params, now, AUTHORITY_DAYS);
    params.serial_number = Some(serial()?);
    params.self_signed(key)
}

fn server(whose: &str, names: &[Name], now: Time) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, whose);
    params.subject_alt_names = names.iter().map(Name::in_certificate).collect::<Result<_, _>>()?;
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    set_validity(&mut params, now, SERVER_DAYS);
    params.serial_number = Some(serial()?);
    Ok(params)
}

/// A number that no other certificate has (RFC 5280, section 4.1.2.2): clients that know one of the
/// same authority and number refuse another.
fn serial() -> Result<SerialNumber, rcgen::Error> {
    let mut bytes = [0; SERIAL_BYTES];
    let random = ring::default_provider().secure_random;
    random.fill(&mut bytes).map_err(|_| rcgen::Error::RingUnspecified)?;
    // It is positive, and of that length whatever the draw.
    bytes[0] = bytes[0] & 0x7f | 0x40;
    Ok(SerialNumber::from_slice(&bytes))
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
    Time::from_micros(end(certificate).as_micros().saturating_sub(day(RENEWAL_DAYS).as_micros()))
}

fn spki(key: &KeyPair) -> Vec<u8> {
    use rcgen::PublicKeyData as _;
    key.subject_public_key_info()
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
fn key(path: &Path) -> Result<KeyPair, CertificateError> {
    match keep::read(path) {
        Ok(text) => key_of(path, &text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = KeyPair::generate().map_err(CertificateError::Make)?;
            keep::write(path, key.serialize_pem().as_bytes()).map_err(failed(path))?;
            Ok(key)
        }
        Err(error) => Err(failed(path)(error)),
    }
}

fn key_of(path: &Path, text: &str) -> Result<KeyPair, CertificateError> {
    let format = |_| CertificateError::Format { path: path.to_owned(), what: "private key" };
    KeyPair::from_pem(text).map_err(format)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::super::certificate::router_names;
    use super::*;

    const NOW: Time = Time::VIRTUAL_START;

    fn open(state: &Path, now: Time) -> Result<Authority, CertificateError> {
        Authority::load_or_make(&state.join("ca.pem"), state.join("tls"), now)
    }

    fn fingerprint(authority: &Authority, node: &str, now: Time) -> Vec<u8> {
        let names = router_names(node, "127.0.0.1", [127, 0, 0, 1].into());
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
        let late = NOW + day(SERVER_DAYS - RENEWAL_DAYS);
        assert_eq!(fingerprint(&first, "R1", NOW + day(SERVER_DAYS - RENEWAL_DAYS - 1)), own);
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
        let other = router_names("R1", "0.0.0.0", [192, 0, 2, 1].into());
        authority.identity("R1", &other, NOW).unwrap();
        let path = state.path().join("tls/R1.pem");
        assert_ne!(std::fs::read(&path).unwrap(), own);
        std::fs::write(&path, "rubbish").unwrap();
        let refused = authority.identity("R1", &other, NOW);
        assert!(matches!(refused, Err(CertificateError::Format { .. })), "{refused:?}");
        assert_eq!(std::fs::read(&path).unwrap(), b"rubbish");
    }
}
