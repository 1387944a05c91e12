//! HTTPS of the whole program: certificates made, shown, renewed under load, and refused.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use host::tls::Shown;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::device::{Behaviour, start};
use crate::serve::{Site, program};

/// Clients that send at the same time.
const CLIENTS: usize = 24;
/// Requests of each on one connection, then it makes another.
const REQUESTS: usize = 5;

/// Who believes an authority.
fn believer(ca: &Path) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let pem = std::fs::read(ca).unwrap();
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).flatten());
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// The serial number of what a port shows.
async fn serial(tls: &ClientConfig, port: &str) -> String {
    let tcp = TcpStream::connect(port).await.unwrap();
    let connector = TlsConnector::from(Arc::new(tls.clone()));
    let stream = connector.connect("localhost".try_into().unwrap(), tcp).await.unwrap();
    let shown = &stream.get_ref().1.peer_certificates().unwrap()[0];
    Shown::of(shown).unwrap().serial
}

/// Sends until it is told to stop; every request must be answered.
async fn load(tls: ClientConfig, url: String, stop: Arc<AtomicBool>, sent: Arc<AtomicUsize>) {
    while !stop.load(Ordering::Relaxed) {
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls.clone());
        let client = client.build().unwrap();
        for _ in 0..REQUESTS {
            let event = client.post(format!("{url}/events")).json(&serde_json::json!({
                "event": "Ping", "device": "R1"
            }));
            let response = event.send().await.expect("no request fails");
            assert_eq!(response.status().as_u16(), 202);
            sent.fetch_add(1, Ordering::Relaxed);
        }
    }
}

async fn cert(dir: &Path, more: &[&str]) -> Value {
    let (code, out, err) = program(dir, &[&["cert", "--format", "json"], more].concat()).await;
    assert_eq!(code, 0, "{out}{err}");
    serde_json::from_str(&out).unwrap()
}

/// Goal: a certificate is renewed without a restart and without a failed request, and a pair that
/// is none leaves the old one. Method: many clients on kept and on new connections, `cert --renew`
/// and `reload` meanwhile; then another's key.
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_reloaded_under_load() {
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let dir = site.dir.path().to_owned();
    let made = cert(&dir, &["--name", "listener.example.net", "--ip", "192.0.2.1"]).await;
    assert_eq!(made["done"], "made");
    let names =
        serde_json::json!(["localhost", "127.0.0.1", "::1", "listener.example.net", "192.0.2.1"]);
    assert_eq!(made["names"], names);
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_listener"));
    command.args(["serve", "--bind", "127.0.0.1:0", "--format", "json"]).current_dir(&dir);
    command.args(["--tls-cert", "listener.pem", "--tls-key", "listener.key"]);
    command.env("EDNM_STATE", &dir).kill_on_drop(true).stdout(std::process::Stdio::piped());
    let errors = std::fs::File::create(site.path("stderr")).unwrap();
    let mut child = command.stderr(errors).spawn().unwrap();
    let ready = first_line(&mut child).await;
    let url = ready["listener"].as_str().unwrap().to_owned();
    let port = url.strip_prefix("https://").unwrap().to_owned();
    let tls = believer(&site.path("ca.pem"));
    assert_eq!(serial(&tls, &port).await, made["serial"].as_str().unwrap());

    let (stop, sent) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let clients = (0..CLIENTS).map(|_| {
        let (tls, url) = (tls.clone(), url.clone());
        tokio::spawn(load(tls, url, Arc::clone(&stop), Arc::clone(&sent)))
    });
    let clients: Vec<_> = clients.collect();
    let mut before = made["serial"].clone();
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let renewed = cert(&dir, &["--renew"]).await;
        assert_eq!((&renewed["done"], &renewed["names"]), (&"renewed".into(), &names));
        assert_ne!(renewed["serial"], before);
        let (code, out, err) = program(&dir, &["reload"]).await;
        assert_eq!(code, 0, "{out}{err}");
        assert_eq!(serial(&tls, &port).await, renewed["serial"].as_str().unwrap());
        before = renewed["serial"].clone();
    }
    let counted = sent.load(Ordering::Relaxed);
    assert!(counted > CLIENTS, "{counted} requests");

    let other = tempfile::tempdir().unwrap();
    cert(other.path(), &[]).await;
    std::fs::copy(other.path().join("listener.key"), site.path("listener.key")).unwrap();
    let (code, out, err) = program(&dir, &["reload"]).await;
    assert_ne!(code, 0, "{out}{err}");
    assert!(err.contains("are no pair"), "{out}{err}");
    assert_eq!(serial(&tls, &port).await, before.as_str().unwrap());
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    let said = std::fs::read_to_string(site.path("stderr")).unwrap();
    assert!(said.contains("RELOADED") && said.contains("certificate=SHA256:"), "{said}");
    assert!(said.contains("RELOAD_FAILED"), "{said}");
    assert!(!said.contains("PRIVATE KEY"), "{said}");

    // The program's own client believes the authority of its state directory, and no other.
    let (code, out, err) = program(&dir, &["events", "--listener", &url]).await;
    assert_eq!(code, 0, "{out}{err}");
    let ca = other.path().join("ca.pem").display().to_string();
    let ask = ["events", "--listener", url.as_str(), "--ca", &ca];
    let (code, out, err) = program(&dir, &ask).await;
    assert_eq!(code, 4, "{out}{err}");
}

async fn first_line(child: &mut tokio::process::Child) -> Value {
    use tokio::io::{AsyncBufReadExt as _, BufReader};
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
    serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// Goal: nothing is overwritten that nobody asked to be, and bad names are refused. Method: the
/// verb again and again.
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_not_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let made = cert(dir, &[]).await;
    let again = cert(dir, &[]).await;
    assert_eq!((&again["done"], &again["serial"]), (&"stood".into(), &made["serial"]));
    let (code, _, err) = program(dir, &["cert", "--name", "a.example"]).await;
    assert_eq!(code, 4, "{err}");
    assert!(err.contains("is not for a.example") && err.contains("--renew"), "{err}");
    let (code, _, err) = program(dir, &["cert", "--name", "no name"]).await;
    assert_eq!(code, 2, "{err}");
    let renewed = cert(dir, &["--renew", "--name", "a.example"]).await;
    assert_ne!(renewed["fingerprint"], made["fingerprint"]);
    let (code, out, _) = program(dir, &["cert", "--name", "A.example"]).await;
    assert!(code == 0 && out.contains("there already"), "{out}");
    for name in ["listener.key", "tls/ca.key"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(dir.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
