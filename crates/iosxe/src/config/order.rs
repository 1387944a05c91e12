//! Where each part of a running-config stands, as IOS XE 17.12 prints it (iosxe-cli.md, section 5).
//!
//! Used by the sections of features and by `data/inert.txt`. The numbers say an order and nothing
//! else; they leave room between them. No `!` stands between
//! parts of the same ten.

/// `service timestamps`, `service password-encryption`, `platform ...`
pub(crate) const SERVICE: u16 = 20;
/// `hostname`
pub(crate) const HOSTNAME: u16 = 30;
/// `boot-start-marker` and `boot-end-marker`
pub(crate) const BOOT: u16 = 40;
/// `vrf definition`
pub(crate) const VRF: u16 = 46;
/// `logging buffered`, `logging console`
pub(crate) const LOGGING_LOCAL: u16 = 50;
/// `enable secret`
pub(crate) const ENABLE: u16 = 60;
/// `no aaa new-model`
pub(crate) const AAA: u16 = 70;
/// `clock timezone`
pub(crate) const CLOCK: u16 = 80;
/// `ip domain name`, `no ip domain lookup`
pub(crate) const NAMES: u16 = 90;
/// `login on-success log`, `subscriber templating`, `license`, `memory`, `spanning-tree`
pub(crate) const PLATFORM: u16 = 100;
/// `key chain`, `crypto pki`
pub(crate) const KEYS: u16 = 105;
/// `username`
pub(crate) const USER: u16 = 110;
/// `archive`
pub(crate) const ARCHIVE: u16 = 115;
/// `redundancy`
pub(crate) const DISCOVERY: u16 = 120;
/// `vlan`
pub(crate) const VLAN: u16 = 121;
/// `cdp run`, `lldp run`
pub(crate) const NEIGHBORS: u16 = 122;
/// `track`
pub(crate) const TRACK: u16 = 123;
/// `class-map`, `policy-map`
pub(crate) const QUALITY: u16 = 124;
/// `crypto isakmp`, `crypto ikev2`, `crypto ipsec`
pub(crate) const CRYPTO: u16 = 126;
/// `controller`
pub(crate) const CONTROLLER: u16 = 128;
/// `interface`
pub(crate) const INTERFACE: u16 = 130;
/// `router eigrp`
pub(crate) const EIGRP: u16 = 134;
/// `router ospf`
pub(crate) const OSPF: u16 = 136;
/// `router rip`, `router isis`
pub(crate) const ROUTER: u16 = 137;
/// `router bgp`
pub(crate) const BGP: u16 = 139;
/// `ip forward-protocol nd`
pub(crate) const IP: u16 = 140;
/// `ip http`
pub(crate) const HTTP: u16 = 141;
/// `ip route`
pub(crate) const IP_ROUTE: u16 = 142;
/// `ip ssh`
pub(crate) const IP_SERVICES: u16 = 144;
/// `ip access-list`
pub(crate) const ACCESS_LISTS: u16 = 146;
/// `ip sla`
pub(crate) const SLA: u16 = 148;
/// `logging trap`, `logging host`
pub(crate) const LOGGING_REMOTE: u16 = 150;
/// `ipv6 route`
pub(crate) const IPV6_ROUTE: u16 = 152;
/// `ip prefix-list`, `route-map`
pub(crate) const ROUTE_MAPS: u16 = 155;
/// `snmp-server`
pub(crate) const SNMP: u16 = 160;
/// `tacacs server`, `radius server`
pub(crate) const SERVERS: u16 = 165;
/// `control-plane`
pub(crate) const CONTROL_PLANE: u16 = 170;
/// `voice-port`, `dial-peer`
pub(crate) const VOICE: u16 = 175;
/// `banner`
pub(crate) const BANNER: u16 = 180;
/// `privilege`
pub(crate) const PRIVILEGE: u16 = 185;
/// `line con 0`, `line vty 0 4`
pub(crate) const LINE: u16 = 190;
/// `scheduler`, `kron`
pub(crate) const SCHEDULER: u16 = 195;
/// `ntp server`
pub(crate) const NTP: u16 = 200;
/// `event manager`
pub(crate) const EVENT_MANAGER: u16 = 210;
/// `netconf-yang`, `restconf`
pub(crate) const PROGRAMMATIC: u16 = 220;
