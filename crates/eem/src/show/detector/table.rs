//! The detectors of IOS XE in the order in which a device lists them, each with its version, the
//! options of its event, and its variables.

/// One detector.
pub(super) struct Listed {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    /// The options but for those of every event, a line each.
    pub(super) options: &'static [&'static str],
    /// What the names of its variables begin with.
    pub(super) prefix: &'static str,
    /// The rest of each name.
    pub(super) variables: &'static str,
}

const fn listed(
    name: &'static str,
    options: &'static [&'static str],
    prefix: &'static str,
    variables: &'static str,
) -> Listed {
    Listed { name, version: "01.00", options, prefix, variables }
}

const ENTRY_OPERATOR: &str = "entry-op {gt | ge | eq | ne | lt | le}";
const ENTRY_TYPE: &str = "entry-type {value | increment | rate}";
const EXIT_TIME: &str = "[exit-time <sec.msec>]";
const AVERAGE: &str = "[average-factor <average-factor-val>]";
const DEFAULT: &str = "[default <sec.msec>]";
const OCCURS: &str = "[occurs <occurs-val>]";
const INTERFACE: &str = "interface {<interface> | regexp <interface-pattern>}";

/// All of them.
pub(super) static LISTED: &[Listed] = &[
    listed(
        "application",
        &["sub-system <sub-system-id>", "type <event-type>"],
        "application_",
        "sub_system type data1 data2 data3 data4",
    ),
    Listed {
        name: "routing",
        version: "03.00",
        options: &[
            "network <network>/<length>",
            "[ge <ge-length>]",
            "[le <le-length>]",
            "[ne <ne-length>]",
            "[type {add | remove | modify | all}]",
            "[protocol <protocol-val>]",
            "[vrf {all | default | name <regex>}]",
        ],
        prefix: "routing_",
        variables: "network mask prefix_len protocol type tag_name vrf_name topo_name lastgateway \
                    distance time time_sec time_msec metric lastinterface afi",
    },
    listed(
        "syslog",
        &[
            "[pattern <pattern-val>]",
            "[sequence <sequence-val>]",
            "[timestamp <timestamp-val>]",
            "[facility <facility-val>]",
            "[mnemonic <mnemonic-val>]",
            OCCURS,
            "[period <period-val>]",
            "[priority {all | emergencies | alerts | critical |",
            "           errors | warnings | notifications |",
            "           informational | debugging}]",
            "[severity-fatal]",
            "[severity-critical]",
            "[severity-major]",
            "[severity-minor]",
            "[severity-warning]",
            "[severity-notification]",
            "[severity-normal]",
            "[severity-debugging]",
        ],
        "syslog_",
        "msg priority sequence timestamp facility mnemonic",
    ),
    listed(
        "identity",
        &[
            INTERFACE,
            "[authc {success | fail | all}]",
            "[authz {success | fail | all}]",
            "[authz-complete]",
            "[aaa-attribute <attribute-name>]",
            "[mac-address <mac-address>]",
        ],
        "identity_",
        "stage status interface mac <attribute>",
    ),
    listed(
        "neighbor-discovery",
        &[
            INTERFACE,
            "[cdp {add | update | delete | all}]",
            "[lldp {add | update | delete | all}]",
            "[link-event {down|goingdown|init|testing|up|reset|admindown|deleted|all}]",
            "[line-event {up|down|all}]",
        ],
        "nd_",
        "notification intf_linkstatus intf_linestatus local_intf_name short_local_intf_name \
         port_id protocol proto_notif proto_new_entry cdp_entry_name cdp_hold_time \
         cdp_mgmt_domain cdp_platform cdp_version cdp_capabilities_string cdp_capabilities_bits \
         cdp_capabilities_bits_[0-31] lldp_chassis_id lldp_system_name lldp_system_description \
         lldp_ttl lldp_port_description lldp_system_capabilities_string \
         lldp_enabled_capabilities_string lldp_system_capabilities_bits \
         lldp_enabled_capabilities_bits lldp_capabilities_bits lldp_capabilities_bit_[0-31]",
    ),
    listed(
        "mat",
        &[
            INTERFACE,
            "[mac-address <mac-address>]",
            "[type {add | delete}]",
            "[hold-down <sec.msec>]",
            "[use-mat-db {yes | no}]",
        ],
        "mat_",
        "notification intf_name mac_address",
    ),
    listed(
        "cli",
        &[
            "pattern <pattern-val>",
            "[enter] [questionmark] [tab]",
            "sync {yes | no}",
            "skip {yes | no}",
            "verifyprc {yes | no}",
            OCCURS,
            "[period <sec.msec>]",
            DEFAULT,
            "[mode <parser mode val>]",
        ],
        "cli_",
        "msg msg_count line key tty username host privilege error_code mode_context",
    ),
    listed("config", &[], "", ""),
    listed(
        "counter",
        &[
            "name <counter-name>",
            "entry-val <entry-val>",
            ENTRY_OPERATOR,
            "exit-val <exit-val>",
            "exit-op {gt | ge | eq | ne | lt | le}",
        ],
        "counter_",
        "name value",
    ),
    listed("env", &[], "", ""),
    listed(
        "gold",
        &[
            "card <card-val>",
            "[sub-card <sub-card-val>]",
            "[new-failure {true | false}]",
            "[severity-major]",
            "[severity-minor]",
            "[severity-normal]",
        ],
        "gold_",
        "card sub_card",
    ),
    listed(
        "interface",
        &[
            "name <interface-name>",
            "parameter <counter-name>",
            "poll-interval <sec.msec>",
            "entry-val <entry-val>",
            ENTRY_OPERATOR,
            ENTRY_TYPE,
            "[exit-comb {or | and}]",
            "[exit-val <exit-val>",
            " exit-op {gt | ge | eq | ne | lt | le}",
            " exit-type {value | increment | rate}]",
            EXIT_TIME,
            "[exit-event {false | true}]",
            AVERAGE,
        ],
        "interface_",
        "name parameter is_increment value delta_value exit_event",
    ),
    listed(
        "ioswdsysmon",
        &[
            "[timewin <sec.msec>]",
            "[sub12-op {and | or | andnot}]",
            "sub1 <subevent-description>",
            "[sub2 <subevent-description>]",
        ],
        "ioswd_",
        "num_subs node sub[1-2]_path sub[1-2]_pid sub[1-2]_present sub[1-2]_type \
         sub[1-2]_taskname sub[1-2]_value sub[1-2]_period sub[1-2]_is_percent sub[1-2]_diff",
    ),
    listed(
        "ipsla",
        &[
            "group-name <group-name value>",
            "operation-id <operation-id value>",
            "[reaction-type <reaction-type value>]",
            "[dest-ip-addr <destination-ip-address>]",
        ],
        "ipsla_",
        "group_name oper_id condition react_type threshold_type dest_ip_addr threshold_rising \
         threshold_falling threshold_count threshold_count2 measured_threshold_value",
    ),
    listed(
        "nf",
        &[
            "monitor-name <monitor-name value>",
            "event-type <create|update|delete>",
            "exit-event-type <create|update|delete>",
            "event1-event4 <subevent-description>",
        ],
        "nf_",
        "monitor_name event_type ip_protocol source_address source_port dest_address dest_port \
         app_name event[1-4]_field event[1-4]_value",
    ),
    listed(
        "none",
        &["[sync {yes | no}]", DEFAULT],
        "none_",
        "argc arg1 arg2 arg3 arg4 arg5 arg6 arg7 arg8 arg9 arg10 arg11 arg12 arg13 arg14 arg15",
    ),
    listed("oir", &["[event {all | insert | removal}]"], "oir_", "event slot"),
    listed("resource", &["policy <policy-name>"], "resource_", "time_sent current_value"),
    listed("rf", &["event <rf-event-val>"], "rf_", "event"),
    listed(
        "rpc",
        &[DEFAULT],
        "rpc_",
        "argc arg0 arg1 arg2 arg3 arg4 arg5 arg6 arg7 arg8 arg9 arg10 arg11 arg12 arg13 arg14",
    ),
    listed(
        "snmp",
        &[
            "oid <oid-val>",
            "get-type {exact | next}",
            "poll-interval <sec.msec>",
            ENTRY_OPERATOR,
            "entry-val <entry value>",
            ENTRY_TYPE,
            "[exit-comb {or | and}]",
            "[exit-op {gt | ge | eq | ne | lt | le}",
            " exit-val <exit value>",
            " exit-type {value | increment | rate}]",
            EXIT_TIME,
            "[exit-event {true | false}]",
            AVERAGE,
        ],
        "snmp_",
        "oid oid_val oid_delta_val",
    ),
    listed(
        "snmp-object",
        &[
            "oid <oid-val>",
            "type {int | uint | counter | gauge | ipv4 | octet | string | oid | counter64}",
            "sync {yes | no}",
            "skip {yes | no}",
            "[istable {yes | no}]",
            DEFAULT,
        ],
        "snmp_",
        "oid request request_type value",
    ),
    listed(
        "snmp-notification",
        &[
            "oid <oid-number>",
            "oid-val <oid-value>",
            "op {gt | ge | eq | ne | lt | le}",
            "[src-ip-address <source-ip-address>]",
            "[dest-ip-address <destination-ip-address>]",
            DEFAULT,
            "[direction {incoming | outgoing}]",
            "[msg-op {drop | send}]",
        ],
        "snmp_notif_",
        "oid oid_val src_ip_addr dest_ip_addr trap_oid ent_oid gen_trap spec_trap",
    ),
    listed(
        "timer",
        &[
            "{watchdog | countdown | absolute | cron}",
            "name <timer-name>",
            "[cron-entry <cron string>] (for cron timer)",
            "[time <time-val>] (for other types of timer)",
        ],
        "timer_",
        "type time remain",
    ),
    listed("track", &["<track-number>", "[state {up | down | any}]"], "track_", "number state"),
];
