//! NTP: whose clock a router follows, and what shows it.

use expect_test::{Expect, expect};
use iosxe::{Input, Output};

use crate::driver::{Router, bodies};

const CLIENT: &str = "\
hostname R1
ntp logging
ntp authentication-key 1 md5 secret
ntp authenticate
ntp trusted-key 1
ntp server 10.0.12.2 prefer key 1
ntp server 192.0.2.123 iburst
interface GigabitEthernet1
 ip address 10.0.12.1 255.255.255.0
 no shutdown
";

const SERVER: &str = "\
hostname R2
ntp authentication-key 1 md5 secret
ntp trusted-key 1
ntp master 4
interface GigabitEthernet1
 ip address 10.0.12.2 255.255.255.0
 no shutdown
";

/// Lets seconds pass; what the client asks of 10.0.12.2 is answered a millisecond later, if the
/// wire is there.
fn live(client: &mut Router, server: &mut Router, secs: u64, wire: bool) {
    for _ in 0..secs {
        let before = client.seen.len();
        client.wait_ms(1_000);
        server.wait_ms(1_000);
        let asked = client.seen[before..].iter().find_map(|(_, output)| match output {
            Output::TimeAsked { ask, address, key, .. } if address.octets()[3] == 2 => {
                Some((*ask, *key))
            }
            _ => None,
        });
        let Some((ask, key)) = asked.filter(|_| wire) else { continue };
        if let Some(served) = server.device.time(ask, key) {
            client.tell(Input::TimeTold { ask, served });
        }
    }
}

fn pair(client: &str, server: &str) -> (Router, Router) {
    (Router::new(client), Router::new(server))
}

/// Goal: a clock follows its server, is lost with the wire, and is found again; the mark before a
/// time says so. Method: messages and `show clock` along the way; the server's clock is ahead.
#[test]
fn a_clock_follows_its_server() {
    let (mut client, mut server) = pair(CLIENT, SERVER);
    server.exec("clock set 12:00:00 1 March 2027");
    let mut story = String::new();
    let mut look = |client: &mut Router, server: &mut Router, secs, wire| {
        live(client, server, secs, wire);
        let messages = client.messages();
        let about = messages.iter().filter(|line| line.contains("NTP"));
        about.for_each(|line| story += &format!("{line}\n"));
        story += &client.exec("show clock detail");
    };
    look(&mut client, &mut server, 60, true);
    look(&mut client, &mut server, 240, true);
    look(&mut client, &mut server, 1_100, false);
    look(&mut client, &mut server, 300, true);
    expect![[r#"
        2000 %NTP-6-PEERREACH: Peer 10.0.12.2 is reachable
        *00:01:00.000 UTC Thu Jan 1 2026
        Time source is hardware calendar
        258000 %NTP-5-PEERSYNC: NTP synced to peer 10.0.12.2
        12:05:00.000 UTC Mon Mar 1 2027
        Time source is NTP
        770000 %NTP-4-PEERUNREACH: Peer 10.0.12.2 is unreachable
        770000 %NTP-4-UNSYNC: NTP sync is lost
        .12:23:20.000 UTC Mon Mar 1 2027
        Time source is NTP
        1410000 %NTP-6-PEERREACH: Peer 10.0.12.2 is reachable
        1602000 %NTP-5-PEERSYNC: NTP synced to peer 10.0.12.2
        12:28:20.000 UTC Mon Mar 1 2027
        Time source is NTP
    "#]]
    .assert_eq(&story);
    client.configure(&["interface GigabitEthernet1", "shutdown"]);
    let log = client.exec("show logging | include changed state to admin");
    assert!(log.starts_with("Mar  1 12:28:20.000: %LINK-5-CHANGED"), "{log}");
}

/// Goal: the tables are IOS's, and follow the model. Method: transcripts of both sides.
#[test]
fn tables_follow_the_model() {
    let (mut client, mut server) = pair(CLIENT, SERVER);
    live(&mut client, &mut server, 300, true);
    let check = |router: &mut Router, line: &str, want: Expect| want.assert_eq(&router.exec(line));
    check(
        &mut client,
        "show ntp associations",
        expect![[r#"

          address         ref clock       st   when   poll reach  delay  offset   disp
        *~10.0.12.2       127.127.1.1      4     42     64    37  0.000   0.000 437.50
         ~192.0.2.123     .INIT.          16      -     64     0  0.000   0.000 15937.
         * sys.peer, # selected, + candidate, - outlyer, x falseticker, ~ configured
    "#]],
    );
    check(
        &mut client,
        "show ntp status",
        expect![[r#"
        Clock is synchronized, stratum 5, reference is 10.0.12.2      
        nominal freq is 250.0000 Hz, actual freq is 250.0000 Hz, precision is 2**10
        ntp uptime is 30000 (1/100 of seconds), resolution is 4000
        reference time is ED003882.00000000 (00:04:18.000 UTC Thu Jan 1 2026)
        clock offset is 0.0000 msec, root delay is 0.00 msec
        root dispersion is 4.80 msec, peer dispersion is 437.50 msec
        loopfilter state is 'CTRL' (Normal Controlled Loop), drift is 0.000000000 s/s
        system poll interval is 64, last update was 42 sec ago.
    "#]],
    );
    check(
        &mut server,
        "show ntp associations",
        expect![[r#"

          address         ref clock       st   when   poll reach  delay  offset   disp
        *~127.127.1.1     .LOCL.           3     10     16   377  0.000   0.000  1.200
         * sys.peer, # selected, + candidate, - outlyer, x falseticker, ~ configured
    "#]],
    );
    check(
        &mut server,
        "show ntp status | include Clock|system",
        expect![[r#"
        Clock is synchronized, stratum 4, reference is 127.127.1.1    
        system poll interval is 16, last update was 10 sec ago.
    "#]],
    );
    server.configure(&["no ntp"]);
    check(
        &mut server,
        "show ntp status",
        expect![[r#"
        %NTP is not enabled.
    "#]],
    );
}

/// Goal: so are the details. Method: a transcript.
#[test]
fn details_follow_the_model() {
    let (mut client, mut server) = pair(CLIENT, SERVER);
    live(&mut client, &mut server, 300, true);
    expect![[r#"
        10.0.12.2 configured, ipv4, authenticated, our_master, sane, valid, stratum 4
        our mode client, peer mode server, our poll intvl 64, peer poll intvl 64
        root delay 0.00 msec, root disp 4.80, reach 37, sync dist 442.30
        delay 0.00 msec, offset 0.0000 msec, dispersion 437.50, jitter 0.00 msec
        precision 2**10, version 4
        assoc id 1, assoc name 10.0.12.2
        assoc in packets 5, assoc out packets 5, assoc error packets 0
        filtdelay =     0.00    0.00    0.00    0.00    0.00    0.00    0.00    0.00
        filtoffset =    0.00    0.00    0.00    0.00    0.00    0.00    0.00    0.00
        filterror =     1.95    2.91    3.87    4.83    5.79 16000.0 16000.0 16000.0
        minpoll = 6, maxpoll = 10

        192.0.2.123 configured, ipv4, insane, invalid, unsynced, stratum 16
        our mode client, peer mode server, our poll intvl 64, peer poll intvl 64
        root delay 0.00 msec, root disp 18.00, reach 0, sync dist 15955.50
        delay 0.00 msec, offset 0.0000 msec, dispersion 15937.50, jitter 0.00 msec
        precision 2**10, version 4
        assoc id 2, assoc name 192.0.2.123
        assoc in packets 0, assoc out packets 13, assoc error packets 0
        filtdelay =     0.00    0.00    0.00    0.00    0.00    0.00    0.00    0.00
        filtoffset =    0.00    0.00    0.00    0.00    0.00    0.00    0.00    0.00
        filterror =  16000.0 16000.0 16000.0 16000.0 16000.0 16000.0 16000.0 16000.0
        minpoll = 6, maxpoll = 10

    "#]]
    .assert_eq(&client.exec("show ntp associations detail | exclude time"));
    expect![[r#"
        rec time ED003882.00000000 (00:04:18.000 UTC Thu Jan 1 2026)
        rec time 00000000.00000000 (00:00:00.000 UTC Mon Jan 1 1900)
    "#]]
    .assert_eq(&client.exec("show ntp associations detail | include rec time"));
}

/// Goal: a server that does not know the key is not believed, nor one that follows nobody, nor one
/// that follows the client itself. Method: a table of configurations.
#[test]
fn not_every_server_is_believed() {
    let synced = |client: &str, server: &str| {
        let (mut client, mut server) = pair(client, server);
        live(&mut client, &mut server, 400, true);
        client.exec("show ntp status").starts_with("Clock is synchronized, stratum")
    };
    assert!(synced(CLIENT, SERVER));
    assert!(!synced(CLIENT, &SERVER.replace("md5 secret", "md5 other")));
    assert!(!synced(CLIENT, &SERVER.replace("ntp trusted-key 1\n", "")));
    assert!(synced(&CLIENT.replace("ntp authenticate\n", ""), &SERVER.replace("secret", "x")));
    assert!(!synced(CLIENT, &SERVER.replace("ntp master 4", "ntp server 192.0.2.1")));
    assert!(!synced(CLIENT, &SERVER.replace("ntp master 4\n", "")));
}

/// Goal: lines print in the form of IOS, keys hidden, and read again. Method: the running-config,
/// and that of a router that starts with it; refusals of what is wrong.
#[test]
fn lines_print_back() {
    let mut router = Router::new(
        "ntp server vrf Mgmt-intf 10.9.9.9 source gi1 key 7 version 3\n\
         ntp peer 10.0.0.5 maxpoll 8 minpoll 5\nntp server pool.example iburst prefer\n\
         ntp master\nntp source lo0\nntp update-calendar\nntp logging\nntp trusted-key 1 - 3\n\
         ntp authentication-key 7 hmac-sha2-256 0822455D0A16 7\nntp access-group peer 10\n",
    );
    let shown = router.exec("show running-config | include ^ntp");
    expect![[r#"
        ntp logging
        ntp authentication-key 7 hmac-sha2-256 0822455D0A16 7
        ntp trusted-key 1 - 3
        ntp source Loopback0
        ntp update-calendar
        ntp master
        ntp peer 10.0.0.5 minpoll 5 maxpoll 8
        ntp server vrf Mgmt-intf 10.9.9.9 version 3 key 7 source GigabitEthernet1
        ntp server pool.example prefer iburst
        ntp access-group peer 10
    "#]]
    .assert_eq(&shown);
    let again = Router::new(&shown).exec("show running-config | include ^ntp");
    assert_eq!(again, shown);
    let session = router.open(iosxe::SessionKind::Shell);
    router.typed(session, "configure terminal\n");
    for bad in ["ntp server 10.0.0.300", "ntp server 224.0.0.1", "ntp master 16", "ntp peer"] {
        let said = router.typed(session, &format!("{bad}\n"));
        assert!(said.contains("% "), "{bad}: {said}");
    }
    router.configure(&["no ntp server pool.example", "no ntp master", "no ntp trusted-key"]);
    let shown = router.exec("show running-config");
    let left = bodies(&shown);
    assert!(!left.iter().any(|line| line.contains("pool.example") || line.contains("master")));
    assert!(!left.contains(&"ntp trusted-key 1 - 3"));
}
