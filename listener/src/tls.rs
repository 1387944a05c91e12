//! HTTPS of the port: which certificate it shows, and where that is read from.
//!
//! Read before the port is served and again at each reload. A pair that does not fit is refused
//! before it takes the place of the one that is shown; connections that are open go on with theirs.

use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use host::tls::{Authority, Known, Name, Pair, Served, distinct, local_names, read_pair};
use host::{ExpectedError, LiveClock, StateDir, message};
use simtime::Time;
use tokio::net::TcpStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::args::TlsArgs;
use crate::reload;

/// Whose name the certificate of a state directory bears.
const SUBJECT: &str = "ednm listener";

/// What the port shows. Cheap to clone; all clones show the same.
#[derive(Clone, Debug)]
pub struct Tls(Arc<RwLock<Served>>);

impl Tls {
    /// A port that shows this.
    pub fn new(served: Served) -> Self {
        Tls(Arc::new(RwLock::new(served)))
    }

    /// Shows another certificate to every client that comes from now on.
    pub fn replace(&self, served: Served) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = served;
    }

    /// For the next handshake.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        let served = self.0.read().unwrap_or_else(PoisonError::into_inner);
        TlsAcceptor::from(Arc::clone(&served.config))
    }
}

/// Where the certificate comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// The state directory, whose authority signs it.
    Own(Own),
    /// Files of the user's.
    Files(Pair),
}

/// The certificate of a state directory.
#[derive(Clone, Debug)]
pub struct Own {
    authority: PathBuf,
    directory: PathBuf,
    /// Whom a fresh one is for.
    names: Vec<Name>,
}

/// A certificate that was read.
#[derive(Clone, Debug)]
pub struct Read {
    /// What the port shows.
    pub served: Served,
    /// From when on another one is to be made.
    pub renewal: Option<Time>,
}

impl Source {
    /// What the flags ask for. A certificate of the state directory is for where the port is
    /// bound, too.
    pub fn of(args: &TlsArgs, state: &StateDir, bound: IpAddr) -> Option<Self> {
        if let (Some(certificate), Some(key)) = (&args.tls_cert, &args.tls_key) {
            return Some(Source::Files(Pair {
                certificate: certificate.clone(),
                key: key.clone(),
            }));
        }
        args.tls.then(|| Source::own(state, bound))
    }

    /// The certificate of the state directory.
    pub fn own(state: &StateDir, bound: IpAddr) -> Self {
        let bound = Some(bound.to_canonical()).filter(|ip| !ip.is_unspecified()).map(Name::Ip);
        Source::Own(Own::of(state, bound))
    }

    /// Reads the pair; that of a state directory is made if there is none, or if it is about to
    /// end, and a line says so. `hosts` are names by which the listener is called. Not for the
    /// runtime's threads.
    pub fn read(&self, now: Time, hosts: &[String]) -> Result<Read, ExpectedError> {
        let renewal = match self {
            Source::Own(own) => Some(own.called(hosts).ready(now)?.renewal),
            Source::Files(_) => None,
        };
        let served = read_pair(&self.pair()).map_err(ExpectedError::environment)?;
        if served.key_is_open {
            let key = self.pair().key;
            message::warning(&format!("everybody on this machine can read `{}`", key.display()));
            message::hint(&format!("chmod 600 {}", key.display()));
        }
        Ok(Read { served, renewal })
    }

    /// The files that a reload looks at.
    pub fn files(&self) -> [PathBuf; 2] {
        let Pair { certificate, key } = self.pair();
        [certificate, key]
    }

    /// What clients need to believe it, if this program has made it.
    pub fn authority(&self) -> Option<&PathBuf> {
        match self {
            Source::Own(own) => Some(&own.authority),
            Source::Files(_) => None,
        }
    }

    fn pair(&self) -> Pair {
        match self {
            Source::Own(own) => own.pair(),
            Source::Files(pair) => pair.clone(),
        }
    }
}

impl Own {
    /// That of a state directory, for this machine and whoever else is named.
    pub fn of(state: &StateDir, names: impl IntoIterator<Item = Name>) -> Self {
        let names = distinct(local_names().into_iter().chain(names));
        Own { authority: state.authority(), directory: state.path().to_owned(), names }
    }

    /// Where it is.
    pub fn pair(&self) -> Pair {
        let file = |kind: &str| self.directory.join(format!("listener.{kind}"));
        Pair { certificate: file("pem"), key: file("key") }
    }

    /// What clients believe it by.
    pub(crate) fn authority(&self) -> &PathBuf {
        &self.authority
    }

    /// Whom a fresh one is for.
    pub(crate) fn names(&self) -> &[Name] {
        &self.names
    }

    fn called(&self, hosts: &[String]) -> Own {
        let hosts = hosts.iter().filter_map(|host| Name::parse(host).ok());
        Own { names: distinct(self.names.iter().cloned().chain(hosts)), ..self.clone() }
    }

    pub(crate) fn open(&self, now: Time) -> Result<Authority, ExpectedError> {
        Authority::in_directory(&self.directory, now).map_err(unusable)
    }

    /// The one that is there, if it is of its key and this authority has signed it.
    pub(crate) fn known(&self, authority: &Authority) -> Result<Option<Known>, ExpectedError> {
        authority.known(&self.pair()).map_err(unusable)
    }

    /// Makes one in the place of whatever is there.
    pub(crate) fn issue(
        &self,
        authority: &Authority,
        names: &[Name],
        now: Time,
    ) -> Result<Known, ExpectedError> {
        authority.issue(&self.pair(), SUBJECT, names, now).map_err(unusable)
    }

    fn ready(&self, now: Time) -> Result<Known, ExpectedError> {
        let authority = self.open(now)?;
        let known = self.known(&authority)?;
        if let Some(known) = known.as_ref().filter(|known| known.renewal > now) {
            let missing = listed(&self.lacking(known));
            if !missing.is_empty() {
                message::warning(&format!("the certificate of this port is not for {missing}"));
                message::hint("`listener cert --renew` with `--name` and `--ip` makes another");
            }
            return Ok(known.clone());
        }
        // One that is about to end keeps the names that somebody gave it.
        let before = known.map(|known| known.names).unwrap_or_default();
        let names = distinct(self.names.iter().cloned().chain(before));
        let known = self.issue(&authority, &names, now)?;
        let (file, ca) = (self.pair().certificate, &self.authority);
        let names = listed(&known.names);
        message::note(&format!("made the certificate {} for {names}", file.display()));
        message::hint(&format!("clients believe it by {}", ca.display()));
        Ok(known)
    }

    /// Whom it should be for, and is not.
    pub(crate) fn lacking(&self, known: &Known) -> Vec<Name> {
        self.names.iter().filter(|name| !known.names.contains(name)).cloned().collect()
    }
}

/// Reads the certificate together with the files of `read`.
pub fn with_certificate(
    read: reload::Read,
    source: Option<Source>,
    clock: LiveClock,
) -> reload::Read {
    Box::new(move || read()?.shown_by(source.as_ref(), clock.now()))
}

/// The certificates of authorities in a file.
pub fn authority(path: &Path) -> Result<String, ExpectedError> {
    std::fs::read_to_string(path).map_err(|error| {
        let path = path.display();
        ExpectedError::environment_message(format!("cannot read `{path}`: {error}"))
    })
}

/// That of a state directory, if one was made.
pub fn own_authority(state: &StateDir) -> Result<Option<String>, ExpectedError> {
    let own = state.authority();
    if own.exists() { authority(&own).map(Some) } else { Ok(None) }
}

/// Whether a server's certificate is believed, before anything is asked.
pub async fn greet(host: &str, port: u16, config: ClientConfig) -> io::Result<()> {
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let stream = TcpStream::connect((host, port)).await?;
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.map(drop)
}

/// How a client of a listener greets it: it believes these authorities, else the system's.
pub fn client(ca: Option<&str>) -> Result<ClientConfig, ExpectedError> {
    let mut roots = RootCertStore::empty();
    let known: Vec<CertificateDer<'static>> = match ca {
        Some(pem) => CertificateDer::pem_slice_iter(pem.as_bytes()).flatten().collect(),
        None => rustls_native_certs::load_native_certs().certs,
    };
    roots.add_parsable_certificates(known);
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(ExpectedError::environment)?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// Names for a person.
pub(crate) fn listed(names: &[Name]) -> String {
    names.iter().map(Name::to_string).collect::<Vec<_>>().join(", ")
}

fn unusable(error: host::tls::CertificateError) -> ExpectedError {
    ExpectedError::environment(error).with_hint("look at the state directory")
}
