//! The rule for certificates: which one a device's HTTPS server may show, and what to say when it
//! shows another.
//!
//! Called in the TLS handshake. Strict from the first day, as with host keys: a certificate that no
//! known authority has signed is refused unless the node says otherwise by word. That the server
//! has the key of its certificate is proved in any case.

use std::fmt;
use std::sync::{Arc, OnceLock};

use sha2::{Digest as _, Sha256};
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore,
    SignatureScheme,
};
use topology::{CertificatePrint, HttpsTrust};

/// Why a certificate is not trusted, in words for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Distrust(pub(super) String);

impl fmt::Display for Distrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Distrust {}

/// The TLS of a client that trusts by a rule. The error is for whoever wrote the rule.
pub(super) fn client(node: &str, trust: &HttpsTrust) -> Result<ClientConfig, String> {
    let provider = Arc::new(ring::default_provider());
    let signed = match trust {
        HttpsTrust::System => Some(signed_by(system_roots(), &provider)),
        HttpsTrust::Authority(pem) => {
            let whose = format!("the `restconf-ca` of `{node}`");
            Some(signed_by(roots_of(&whose, pem)?, &provider))
        }
        HttpsTrust::Pinned(_) | HttpsTrust::Insecure => None,
    };
    let rule = Rule {
        node: node.to_owned(),
        trust: trust.clone(),
        signed: signed.transpose()?,
        provider: Arc::clone(&provider),
    };
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| error.to_string())?;
    let config = config.dangerous().with_custom_certificate_verifier(Arc::new(rule));
    Ok(config.with_no_client_auth())
}

/// The TLS of a client of public servers: an authority of the system signed their certificates.
pub(super) fn of_authorities() -> Result<Arc<ClientConfig>, String> {
    static CONFIG: OnceLock<Result<Arc<ClientConfig>, String>> = OnceLock::new();
    let build = || {
        let roots = system_roots();
        if roots.is_empty() {
            return Err("this system has no certificates of authorities".to_owned());
        }
        let provider = Arc::new(ring::default_provider());
        let config =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(|error| error.to_string())?;
        Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
    };
    CONFIG.get_or_init(build).clone()
}

/// The fingerprint of a certificate.
pub(super) fn print(certificate: &CertificateDer<'_>) -> CertificatePrint {
    CertificatePrint(Sha256::digest(certificate).into())
}

/// The TLS of a client of one server: these authorities signed its certificate, and no others.
pub(super) fn of_authority(pem: &str) -> Result<Arc<ClientConfig>, String> {
    let provider = Arc::new(ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| error.to_string())?;
    let roots = roots_of("its `ca`", pem)?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// Why a certificate is refused, in words for the user.
pub(super) fn why(error: &CertificateError) -> String {
    match error {
        CertificateError::UnknownIssuer => "no authority that is known here has signed it".into(),
        // The issuer's name is known, and its key is another one.
        CertificateError::BadSignature => "another authority of that name has signed it".into(),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is not for this address".into()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired".into()
        }
        other => format!("it is not valid: {other}"),
    }
}

fn signed_by(
    roots: Arc<RootCertStore>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, String> {
    let verifier = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(provider));
    verifier.build().map_err(|error| match error {
        tokio_rustls::rustls::server::VerifierBuilderError::NoRootAnchors => {
            "this system has no certificates of authorities; name some by `restconf-ca`".to_owned()
        }
        other => other.to_string(),
    })
}

/// The authorities of the system, read once.
fn system_roots() -> Arc<RootCertStore> {
    static ROOTS: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    let read = || {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Arc::new(roots)
    };
    Arc::clone(ROOTS.get_or_init(read))
}

fn roots_of(whose: &str, pem: &str) -> Result<Arc<RootCertStore>, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|error| format!("{whose}: {error}"))?;
        let added = roots.add(certificate);
        added.map_err(|error| format!("{whose}: {error}"))?;
    }
    Ok(Arc::new(roots))
}

/// One node's rule.
#[derive(Debug)]
struct Rule {
    node: String,
    trust: HttpsTrust,
    /// What checks signatures, names and dates.
    signed: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl Rule {
    fn refusal(&self, offered: CertificatePrint, error: &Error) -> Distrust {
        let node = &self.node;
        let why = match error {
            Error::InvalidCertificate(why) => self::why(why),
            other => format!("it is not valid: {other}"),
        };
        Distrust(format!(
            "the certificate of `{node}` is refused: {why}; compare {offered} with the device, \
             then write restconf-fingerprint = \"{offered}\" for it in the topology, or \
             restconf-ca = \"file:...\" with the certificate of its authority"
        ))
    }
}

impl ServerCertVerifier for Rule {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        staple: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let offered = print(certificate);
        let distrust = match (&self.trust, &self.signed) {
            (HttpsTrust::Insecure, _) => return Ok(ServerCertVerified::assertion()),
            (HttpsTrust::Pinned(pin), _) if *pin == offered => {
                return Ok(ServerCertVerified::assertion());
            }
            (HttpsTrust::Pinned(pin), _) => Distrust(format!(
                "the certificate of `{}` is not the pinned one: expected {pin}, was offered \
                 {offered}; if the device was given a new one, write restconf-fingerprint = \
                 \"{offered}\" for it in the topology, otherwise somebody may be in between",
                self.node
            )),
            (HttpsTrust::System | HttpsTrust::Authority(_), Some(signed)) => {
                match signed.verify_server_cert(certificate, between, name, staple, now) {
                    Ok(verified) => return Ok(verified),
                    Err(error) => self.refusal(offered, &error),
                }
            }
            (HttpsTrust::System | HttpsTrust::Authority(_), None) => {
                Distrust("nothing is trusted here".to_owned())
            }
        };
        Err(Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(distrust)))))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        tokio_rustls::rustls::crypto::verify_tls12_signature(
            message,
            certificate,
            signed,
            algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        tokio_rustls::rustls::crypto::verify_tls13_signature(
            message,
            certificate,
            signed,
            algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
