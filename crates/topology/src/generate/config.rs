//! The startup-config of one generated router: addresses, descriptions, an applet, lines.
//!
//! Called once per router by the writer of topologies. It holds no secret beyond the lab's own
//! login, which the topology has too.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use super::shape::PORTS;

/// What one port is plugged into.
#[derive(Clone, Debug)]
pub(super) struct Port {
    /// From 1.
    pub(super) number: usize,
    pub(super) address: Ipv4Addr,
    /// `R2 GigabitEthernet1`
    pub(super) far: String,
}

const HEAD: &str = "\
version 17.12
service timestamps debug datetime msec
service timestamps log datetime msec
!
";

/// Any port of the router: the name is taken out of the message.
const APPLET: &str = "\
!
line vty 0 4
 login local
 transport input ssh
!
event manager applet LINK_DOWN
 event syslog pattern \"LINK.*changed state to.*down\"
 action 1.0 regexp \"Interface ([^,]+),\" \"$_syslog_msg\" match interface
 action 2.0 cli command \"enable\"
 action 3.0 cli command \"event manager action send-data \
uri http://<webhook-server>/events method post body \
{\\\"event\\\": \\\"InterfaceDown\\\", \\\"interface\\\": \\\"$interface\\\"}\"
end
";

/// The whole text.
pub(super) fn config(name: &str, loopback: Ipv4Addr, ports: &[Port]) -> String {
    let mut text = String::from(HEAD);
    let mut line = |line: std::fmt::Arguments<'_>| {
        text.write_fmt(line).expect("a String takes text");
        text.push('\n');
    };
    line(format_args!("hostname {name}\n!"));
    line(format_args!("no ip domain lookup\n!\nenable secret admin"));
    line(format_args!("username admin privilege 15 secret admin\n!"));
    line(format_args!("interface Loopback0\n ip address {loopback} 255.255.255.255\n!"));
    for port in ports {
        line(format_args!("interface GigabitEthernet{}", port.number));
        line(format_args!(" description to {}", port.far));
        line(format_args!(" ip address {} 255.255.255.252\n!", port.address));
    }
    let taken = |number: &usize| ports.iter().any(|port| port.number == *number);
    for number in (1..=PORTS).filter(|number| !taken(number)) {
        line(format_args!("interface GigabitEthernet{number}\n no ip address\n shutdown\n!"));
    }
    line(format_args!("ip ssh version 2"));
    text.push_str(APPLET);
    text
}
