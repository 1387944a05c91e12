//! rsyslog at the edge: three routers, each over UDP, TCP and TLS, and the files that it writes.

use std::net::{TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Project, has, skip, stderr};

const ROUTERS: [(&str, &str); 3] =
    [("R1", "127.0.0.11"), ("R2", "127.0.0.12"), ("R3", "127.0.0.13")];

/// The collector: rsyslog from Debian's packages, which writes a file for each transport.
struct Collector(Child);

impl Collector {
    /// Free ports: UDP, TCP, TLS.
    fn ports() -> [u16; 3] {
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        let tcp = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let port = |listener: &TcpListener| listener.local_addr().unwrap().port();
        [udp.local_addr().unwrap().port(), port(&tcp[0]), port(&tcp[1])]
    }

    fn start(project: &Project, [udp, tcp, tls]: [u16; 3], auth: &str) -> Self {
        let directory = project.path("");
        let directory = directory.to_str().unwrap();
        let config = format!(
            r#"global(workDirectory="{directory}" preserveFQDN="on"
    defaultNetstreamDriverCAFile="{directory}/ca.pem"
    defaultNetstreamDriverCertFile="{directory}/collector.pem"
    defaultNetstreamDriverKeyFile="{directory}/collector.key")
module(load="imudp")
module(load="imtcp")
template(name="line" type="string" string="%fromhost-ip% %rawmsg%\n")
ruleset(name="udp") {{ action(type="omfile" file="{directory}/udp.log" template="line") }}
ruleset(name="tcp") {{ action(type="omfile" file="{directory}/tcp.log" template="line") }}
ruleset(name="tls") {{ action(type="omfile" file="{directory}/tls.log" template="line") }}
input(type="imudp" address="127.0.0.1" port="{udp}" ruleset="udp")
input(type="imtcp" address="127.0.0.1" port="{tcp}" ruleset="tcp")
input(type="imtcp" address="127.0.0.1" port="{tls}" ruleset="tls"
    streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="{auth}")
"#
        );
        project.write("rsyslog.conf", &config);
        let mut command = Command::new("rsyslogd");
        command.args(["-n", "-f"]).arg(project.path("rsyslog.conf"));
        command.arg("-i").arg(project.path("rsyslog.pid")).stdin(Stdio::null());
        let log = std::fs::File::create(project.path("rsyslog.stderr")).unwrap();
        command.stdout(Stdio::null()).stderr(log);
        Collector(command.spawn().unwrap())
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A certificate for 127.0.0.1, and the one that signs it.
fn certify(directory: &Path) {
    let openssl = |args: &str| {
        let mut command = Command::new("openssl");
        let output = command.args(args.split(' ')).current_dir(directory).output().unwrap();
        assert!(output.status.success(), "openssl {args}: {}", stderr(&output));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    openssl(&format!(
        "req -x509 {key} -keyout ca.key -out ca.pem -subj /CN=lab -days 2 \
         -addext basicConstraints=critical,CA:TRUE"
    ));
    openssl(&format!(
        "req -x509 {key} -keyout other.key -out stranger.pem -subj /CN=other -days 2 \
         -addext basicConstraints=critical,CA:TRUE"
    ));
    openssl(&format!("req {key} -keyout collector.key -out collector.csr -subj /CN=collector"));
    let extensions = "basicConstraints=CA:FALSE\nsubjectAltName=IP:127.0.0.1\n";
    std::fs::write(directory.join("extensions"), extensions).unwrap();
    openssl(&format!("req {key} -keyout router.key -out router.csr -subj /CN=routers"));
    openssl(
        "x509 -req -in router.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
         -extfile extensions -out router.pem",
    );
    openssl(
        "x509 -req -in collector.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
         -extfile extensions -out collector.pem",
    );
}

fn write_lab(project: &Project, [udp, tcp, tls]: [u16; 3], tls_keys: &str) {
    let mut topology = format!(
        "[lab]\nname = \"syslog\"\n[syslog]\n{tls_keys}\n\
         [defaults.node]\nusername = \"admin\"\npassword = \"admin\"\n"
    );
    for (name, address) in ROUTERS {
        topology += &format!(
            "[nodes.{name}]\nssh = \"{address}:0\"\nstartup-config = \"configs/{name}.cfg\"\n"
        );
        let config = format!(
            "hostname {name}\nservice sequence-numbers\nlogging origin-id hostname\n\
             logging host 127.0.0.1 transport udp port {udp}\n\
             logging host 127.0.0.1 transport tcp port {tcp}\n\
             logging tls-profile LAB\n tls-version TLSv1.3\n\
             logging host 127.0.0.1 transport tls port {tls} profile LAB\nend\n"
        );
        project.write(&format!("configs/{name}.cfg"), &config);
    }
    project.write("topology.toml", &topology);
}

/// The lines of a file that hold this text, once there are so many.
fn lines(project: &Project, file: &str, text: &str, count: usize) -> Vec<String> {
    let start = Instant::now();
    loop {
        let all = std::fs::read_to_string(project.path(file)).unwrap_or_default();
        let found: Vec<String> =
            all.lines().filter(|line| line.contains(text)).map(str::to_owned).collect();
        if found.len() >= count {
            return found;
        }
        let log = std::fs::read_to_string(project.path("rsyslog.stderr")).unwrap_or_default();
        let waited = start.elapsed();
        assert!(waited < Duration::from_secs(30), "{file} has no {text}: {all}\n{log}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn inject(project: &Project, step: &str) {
    for (name, _) in ROUTERS {
        let output = project.run(&["simulator", "inject", name, step, "GigabitEthernet1"]);
        assert!(output.status.success(), "{}", stderr(&output));
    }
}

/// What is missing on this machine.
fn missing() -> Option<&'static str> {
    let libraries = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let mut modules = libraries.map(|entry| entry.path().join("rsyslog/lmnsd_gtls.so"));
    match () {
        () if !has("rsyslogd", "-v") => Some("rsyslog"),
        () if !modules.any(|module| module.exists()) => Some("rsyslog-gnutls"),
        () if !has("openssl", "version") => Some("openssl"),
        () => None,
    }
}

/// Goal: rsyslog has every message of three routers over each transport, whole, from each router's
/// own address; one that was down gets over its connections what was said meanwhile; over TLS none
/// has anything that is not believed. Method: the real program, its files, and an interface that is
/// shut down and up again.
#[test]
fn rsyslog_receives_over_udp_tcp_and_tls() {
    if let Some(missing) = missing() {
        return skip("rsyslog_receives_over_udp_tcp_and_tls", missing);
    }
    let project = Project::new();
    certify(&project.path(""));
    let ports = Collector::ports();
    write_lab(&project, ports, "ca = \"ca.pem\"");
    let collector = Collector::start(&project, ports, "anon");
    let lab = project.start(&["simulator", "up"]);
    inject(&project, "shutdown");
    let files = ["udp.log", "tcp.log", "tls.log"];
    for file in files {
        let changed = lines(&project, file, "%LINK-5-CHANGED: Interface GigabitEthernet1", 3);
        for (router, address) in ROUTERS {
            let line = changed.iter().find(|line| line.starts_with(address)).expect(router);
            let message = line.strip_prefix(&format!("{address} ")).unwrap();
            let (head, text) = message.split_once('*').expect("the time is not vouched for");
            let (count, rest) = head.strip_prefix("<189>").unwrap().split_once(": ").unwrap();
            assert!(count.parse::<u64>().is_ok(), "{line}");
            assert!(rest.starts_with(&format!("{router}: 0000")), "{line}");
            let said = "Interface GigabitEthernet1, changed state to administratively down";
            assert!(text.ends_with(&format!(": %LINK-5-CHANGED: {said}")), "{line}");
        }
    }
    drop(collector);
    inject(&project, "no-shutdown");
    let collector = Collector::start(&project, ports, "anon");
    for file in &files[1..] {
        lines(&project, file, "%LINK-3-UPDOWN: Interface GigabitEthernet1, changed state to up", 3);
        lines(&project, file, "%SYS-3-LOGGINGHOST_FAIL: Logging to host 127.0.0.1 port", 3);
        lines(&project, file, "started - reconnection", 3);
    }
    lab.terminate();
    collector_that_nobody_believes(&project, ports);
    drop(collector);
    collector_that_asks(&project, ports);
    collector_that_is_known_itself(&project, ports);
}

/// The same with a certificate that the topology does not name: nothing goes over TLS, and the
/// routers say so over UDP.
fn collector_that_nobody_believes(project: &Project, ports: [u16; 3]) {
    let before = std::fs::read_to_string(project.path("tls.log")).unwrap();
    std::fs::write(project.path("udp.log"), "").unwrap();
    write_lab(project, ports, "ca = \"stranger.pem\"");
    let lab = project.start(&["simulator", "up"]);
    inject(project, "shutdown");
    let [.., tls] = ports;
    let failed = format!("%SYS-3-LOGGINGHOST_FAIL: Logging to host 127.0.0.1 port {tls} failed");
    lines(project, "udp.log", &failed, 3);
    lab.terminate();
    assert_eq!(std::fs::read_to_string(project.path("tls.log")).unwrap(), before);
}

/// The topology names the collector's own certificate, which signs itself, and is for no address.
fn collector_that_is_known_itself(project: &Project, ports: [u16; 3]) {
    let own = |name: &str| std::fs::read(project.path(name)).unwrap();
    std::fs::write(project.path("collector.pem"), own("stranger.pem")).unwrap();
    std::fs::write(project.path("collector.key"), own("other.key")).unwrap();
    std::fs::write(project.path("tls.log"), "").unwrap();
    write_lab(project, ports, "ca = \"stranger.pem\"");
    let collector = Collector::start(project, ports, "anon");
    let lab = project.start(&["simulator", "up"]);
    inject(project, "shutdown");
    lines(project, "tls.log", "%LINK-5-CHANGED: Interface GigabitEthernet1", 3);
    lab.terminate();
    drop(collector);
}

/// The collector takes messages only of those whose certificate it believes.
fn collector_that_asks(project: &Project, ports: [u16; 3]) {
    std::fs::write(project.path("tls.log"), "").unwrap();
    let collector = Collector::start(project, ports, "x509/certvalid");
    let [.., tls] = ports;
    let failed = format!("%SYS-3-LOGGINGHOST_FAIL: Logging to host 127.0.0.1 port {tls} failed");
    std::fs::write(project.path("udp.log"), "").unwrap();
    write_lab(project, ports, "ca = \"ca.pem\"");
    let lab = project.start(&["simulator", "up"]);
    inject(project, "shutdown");
    lines(project, "udp.log", &failed, 3);
    lab.terminate();
    assert_eq!(std::fs::read_to_string(project.path("tls.log")).unwrap(), "");
    let own = "ca = \"ca.pem\"\ncertificate = \"router.pem\"\nkey = \"file:router.key\"";
    write_lab(project, ports, own);
    let lab = project.start(&["simulator", "up"]);
    inject(project, "shutdown");
    lines(project, "tls.log", "%LINK-5-CHANGED: Interface GigabitEthernet1", 3);
    lab.terminate();
    drop(collector);
}
