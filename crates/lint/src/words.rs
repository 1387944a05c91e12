//! Words of IOS XE and of EEM that rules look up (eem.md, sections 3, 4.1 and 5).

/// The variables of every event.
const OF_ALL: &[&str] = &[
    "_event_id",
    "_job_id",
    "_event_type",
    "_event_type_string",
    "_event_pub_time",
    "_event_pub_sec",
    "_event_pub_msec",
    "_event_severity",
    "_exit_status",
];

/// The variables of each detector; one that ends in `*` stands for a family.
const OF_DETECTORS: &[(&str, &[&str])] = &[
    (
        "application",
        &[
            "_application_sub_system",
            "_application_type",
            "_application_component_id",
            "_application_data1",
            "_application_data2",
            "_application_data3",
            "_application_data4",
        ],
    ),
    (
        "cli",
        &[
            "_cli_msg",
            "_cli_msg_count",
            "_cli_line",
            "_cli_key",
            "_cli_tty",
            "_cli_username",
            "_cli_host",
            "_cli_privilege",
            "_cli_error_code",
            "_cli_mode_context",
        ],
    ),
    ("counter", &["_counter_name", "_counter_value"]),
    ("gold", &["_gold_*"]),
    ("identity", &["_identity_*"]),
    (
        "interface",
        &[
            "_interface_name",
            "_interface_parameter",
            "_interface_is_increment",
            "_interface_value",
            "_interface_delta_value",
            "_interface_exit_event",
        ],
    ),
    ("ioswdsysmon", &["_ioswd_*"]),
    (
        "ipsla",
        &[
            "_ipsla_group_name",
            "_ipsla_oper_id",
            "_ipsla_condition",
            "_ipsla_react_type",
            "_ipsla_threshold_type",
            "_ipsla_dest_ip_addr",
            "_ipsla_threshold_rising",
            "_ipsla_threshold_falling",
            "_ipsla_threshold_count",
            "_ipsla_threshold_count2",
            "_ipsla_measured_threshold_value",
        ],
    ),
    ("mat", &["_mat_notification", "_mat_intf_name", "_mat_mac_address"]),
    (
        "neighbor-discovery",
        &[
            "_nd_notification",
            "_nd_intf_linkstatus",
            "_nd_intf_linestatus",
            "_nd_local_intf_name",
            "_nd_short_local_intf_name",
            "_nd_port_id",
            "_nd_protocol",
            "_nd_proto_notif",
            "_nd_proto_new_entry",
            "_nd_cdp_entry_name",
            "_nd_cdp_hold_time",
            "_nd_cdp_mgmt_domain",
            "_nd_cdp_platform",
            "_nd_cdp_version",
            "_nd_cdp_capabilities_string",
            "_nd_cdp_capabilities_bits",
            "_nd_cdp_capabilities_bits_*",
            "_nd_lldp_chassis_id",
            "_nd_lldp_system_name",
            "_nd_lldp_system_description",
            "_nd_lldp_ttl",
            "_nd_lldp_port_description",
            "_nd_lldp_system_capabilities_string",
            "_nd_lldp_enabled_capabilities_string",
            "_nd_lldp_system_capabilities_bits",
            "_nd_lldp_enabled_capabilities_bits",
            "_nd_lldp_capabilities_bits",
            "_nd_lldp_capabilities_bit_*",
        ],
    ),
    (
        "nf",
        &[
            "_nf_monitor_name",
            "_nf_event_type",
            "_nf_ip_protocol",
            "_nf_source_address",
            "_nf_source_port",
            "_nf_dest_address",
            "_nf_dest_port",
            "_nf_app_name",
            "_nf_event1_field",
            "_nf_event1_value",
            "_nf_event2_field",
            "_nf_event2_value",
            "_nf_event3_field",
            "_nf_event3_value",
            "_nf_event4_field",
            "_nf_event4_value",
        ],
    ),
    ("none", &["_none_argc", "_none_arg*"]),
    ("oir", &["_oir_event", "_oir_slot"]),
    ("resource", &["_resource_*"]),
    ("rf", &["_rf_event"]),
    (
        "routing",
        &[
            "_routing_network",
            "_routing_mask",
            "_routing_prefix_len",
            "_routing_protocol",
            "_routing_type",
            "_routing_tag_name",
            "_routing_vrf_name",
            "_routing_topo_name",
            "_routing_lastgateway",
            "_routing_distance",
            "_routing_time",
            "_routing_time_sec",
            "_routing_time_msec",
            "_routing_metric",
            "_routing_lastinterface",
            "_routing_afi",
        ],
    ),
    ("rpc", &["_rpc_argc", "_rpc_arg*"]),
    ("snmp", &["_snmp_oid", "_snmp_oid_val", "_snmp_oid_delta_val", "_snmp_exit_event"]),
    ("snmp-object", &["_snmp_oid", "_snmp_request", "_snmp_request_type", "_snmp_value"]),
    ("snmp-notification", &["_snmp_notif_*", "_x_*"]),
    (
        "syslog",
        &[
            "_syslog_msg",
            "_syslog_priority",
            "_syslog_sequence",
            "_syslog_timestamp",
            "_syslog_facility",
            "_syslog_mnemonic",
        ],
    ),
    ("timer", &["_timer_type", "_timer_time", "_timer_remain"]),
    ("track", &["_track_number", "_track_state"]),
];

/// What actions set.
const OF_ACTIONS: &[&str] = &[
    "_cli_result",
    "_regexp_result",
    "_string_result",
    "_result",
    "_remainder",
    "_counter_value_remain",
    "_track_state",
    "_error",
    "_file_eof",
    "_info_routername",
    "_info_switchname",
    "_info_interface_names",
    "_info_snmp_*",
    "_info_cli_*",
    "_info_syslog_*",
];

/// The beginnings that only built-in variables have: whoever writes such a name means one of them.
const RESERVED: &[&str] = &[
    "_application_",
    "_cli_",
    "_counter_value",
    "_event_",
    "_info_",
    "_interface_",
    "_ioswd_",
    "_mat_",
    "_nd_",
    "_none_arg",
    "_oir_",
    "_regexp_result",
    "_routing_",
    "_snmp_oid",
    "_string_result",
    "_syslog_",
    "_timer_",
    "_track_",
];

/// Whether every run has this variable.
pub(crate) fn is_of_all(name: &str) -> bool {
    OF_ALL.contains(&name)
}

/// Whether an event of this detector sets it.
pub(crate) fn is_of(detector: &str, name: &str) -> bool {
    let of = OF_DETECTORS.iter().find(|(known, _)| *known == detector);
    of.is_some_and(|(_, names)| names.iter().any(|known| fits(known, name)))
}

/// The detectors whose events set it.
pub(crate) fn detectors_of(name: &str) -> Vec<&'static str> {
    let sets = |(_, names): &&(&str, &[&str])| names.iter().any(|known| fits(known, name));
    OF_DETECTORS.iter().filter(sets).map(|(detector, _)| *detector).collect()
}

/// Whether some action sets it.
pub(crate) fn is_of_actions(name: &str) -> bool {
    OF_ACTIONS.iter().any(|known| fits(known, name))
}

/// Whether it can be nothing but a built-in variable.
pub(crate) fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|beginning| name.starts_with(beginning))
}

/// Every built-in variable that has one name.
pub(crate) fn built_in<'a>() -> impl Iterator<Item = &'a str> {
    let of_detectors = OF_DETECTORS.iter().flat_map(|(_, names)| names.iter());
    let all = OF_ALL.iter().chain(OF_ACTIONS).chain(of_detectors).copied();
    all.filter(|name| !name.ends_with('*'))
}

/// A name, or a family with `*` at its end.
pub(crate) fn fits(known: &str, name: &str) -> bool {
    match known.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => known == name,
    }
}

/// The first words of the exec mode; any abbreviation of one is one.
const EXEC: &[&str] = &[
    "access-enable",
    "access-profile",
    "access-template",
    "aaa",
    "app-hosting",
    "archive",
    "attach",
    "authentication",
    "auto",
    "beep",
    "bfe",
    "calendar",
    "call",
    "call-home",
    "capture",
    "cd",
    "cellular",
    "cfg",
    "clear",
    "clock",
    "cns",
    "command",
    "configure",
    "connect",
    "copy",
    "crypto",
    "cts",
    "debug",
    "delete",
    "diagnostic",
    "dir",
    "disable",
    "disconnect",
    "dot1x",
    "eap",
    "emm",
    "enable",
    "enroll",
    "eou",
    "epm",
    "erase",
    "ethernet",
    "event",
    "exec-all",
    "exit",
    "factory-reset",
    "file",
    "format",
    "fsck",
    "guestshell",
    "harddisk",
    "help",
    "hw-module",
    "if-mgr",
    "install",
    "ip",
    "ipc",
    "isdn",
    "issu",
    "lat",
    "license",
    "line",
    "lock",
    "locate",
    "login",
    "logout",
    "mac",
    "macsec",
    "media-proxy",
    "memory",
    "microcode",
    "mkdir",
    "mls",
    "mode",
    "monitor",
    "more",
    "mpls",
    "mrinfo",
    "mrm",
    "mstat",
    "mtrace",
    "name-connection",
    "ncia",
    "ncs",
    "netconf",
    "no",
    "onep",
    "pad",
    "partition",
    "password",
    "ping",
    "platform",
    "pnp",
    "pnpa",
    "ppp",
    "privilege",
    "profile",
    "program",
    "ptp",
    "pwd",
    "radius",
    "radius-server",
    "redundancy",
    "reload",
    "rename",
    "renew",
    "release",
    "request",
    "restart",
    "resume",
    "rlogin",
    "rmdir",
    "rsh",
    "run",
    "sdlc",
    "secure",
    "send",
    "service",
    "service-module",
    "session",
    "set",
    "setup",
    "show",
    "slip",
    "software",
    "spec-file",
    "squeeze",
    "ssh",
    "stack",
    "start-chat",
    "start-forwarding-agent",
    "static-mac",
    "switch",
    "systat",
    "tarp",
    "tclquit",
    "tclsafe",
    "tclsh",
    "telnet",
    "terminal",
    "test",
    "traceroute",
    "track",
    "tunnel",
    "udld",
    "udptn",
    "undebug",
    "undelete",
    "unix-eng",
    "unmonitor",
    "upgrade",
    "utd",
    "verify",
    "vlan",
    "voice",
    "vtp",
    "wan",
    "webvpn",
    "where",
    "wireless",
    "write",
    "x28",
    "x3",
    "xconnect",
    "zeroize",
    "do",
    "end",
];

/// The first words for which user EXEC does not do.
const PRIVILEGED: &[&str] = &[
    "app-hosting",
    "archive",
    "clear",
    "configure",
    "copy",
    "debug",
    "delete",
    "erase",
    "event",
    "format",
    "guestshell",
    "hw-module",
    "install",
    "license",
    "mkdir",
    "more",
    "reload",
    "rename",
    "request",
    "rmdir",
    "squeeze",
    "test",
    "undebug",
    "upgrade",
    "verify",
    "write",
];

/// Words of the configuration, which people type without `configure terminal`.
const CONFIGURATION: &[&str] =
    &["description", "hostname", "interface", "ip", "router", "shutdown", "switchport", "username"];

/// Programs of other systems that people take for commands of the router.
pub(crate) const PROGRAMS: &[&str] =
    &["curl", "wget", "http", "https", "python", "python3", "bash", "sh", "grep", "echo"];

/// Whether a line that is none of the exec mode is one of the configuration.
pub(crate) fn is_configuration(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    word.len() >= 3 && CONFIGURATION.iter().any(|known| known.starts_with(&word))
}

/// Whether a line can begin so in the exec mode.
pub(crate) fn is_exec(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    EXEC.iter().any(|known| known.starts_with(&word))
}

/// Whether the word needs the privileged mode, whatever it abbreviates.
pub(crate) fn is_privileged(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let mut fitting = EXEC.iter().filter(|known| known.starts_with(&word)).peekable();
    fitting.peek().is_some() && fitting.all(|known| PRIVILEGED.contains(known))
}

/// Whether the word is this one, or an abbreviation of at least so many letters.
pub(crate) fn abbreviates(word: &str, whole: &str, least: usize) -> bool {
    word.len() >= least && whole.starts_with(&word.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: abbreviations are what they stand for. Method: a table.
    #[test]
    fn first_words_are_known() {
        for (word, exec, privileged) in [
            ("show", true, false),
            ("sh", true, false),
            ("conf", true, true),
            ("wr", true, true),
            ("curl", false, false),
            ("guestshell", true, true),
            ("term", true, false),
            ("te", true, false),
        ] {
            assert_eq!((is_exec(word), is_privileged(word)), (exec, privileged), "{word}");
        }
        assert!(is_of("none", "_none_arg3") && !is_of("syslog", "_cli_msg"));
    }
}
