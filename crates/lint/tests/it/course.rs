//! The course's applets in our own words, with the mistakes that they have (lab6.md, section 3):
//! each is found by the code that is meant for it.

use diagnostic::Source;
use eem::Dialect;

/// An applet, the codes of its mistakes, and some that it must not have.
const APPLETS: &[(&str, &[&str])] = &[
    // The README's sample: an action that IOS XE does not have.
    (
        "event manager applet LINK_STATE\n event syslog pattern \"LINK-3-UPDOWN\"\n \
         action 1.0 http post url \"http://192.0.2.10/events\" body \"down\"\n",
        &["EEM120"],
    ),
    // Run by hand: `curl` is none of the router's commands.
    (
        "event manager applet TRY_WEBHOOK\n event none\n \
         action 1.0 cli command \"curl -X POST -d test http://192.0.2.10/test-webhook\"\n \
         action 2.0 syslog msg \"sent\"\n",
        &["EEM130", "EEM172"],
    ),
    // Labels as texts, a type of info that there is not, LINEPROTO missed.
    (
        "event manager applet INTERFACE_STATUS\n event syslog pattern \".*LINK-.*UPDOWN.*\"\n \
         action 1.0 info type interface_name\n \
         action 2.0 set interface_name \"$_info_interface_name\"\n \
         action 3.0 syslog msg \"interface seen\"\n \
         action 10.0 syslog msg \"about $interface_name\"\n",
        &["EEM102", "EEM110", "EEM114", "EEM121", "EEM151"],
    ),
    // No exit criteria.
    (
        "event manager applet CPU_HIGH\n event snmp oid 1.3.6.1.4.1.9.9.109.1.1.1.1.7.1 get-type \
         exact entry-op gt entry-val \"80\" poll-interval 60\n \
         action 1.0 syslog msg \"CPU at $_snmp_oid_val\"\n",
        &["EEM160"],
    ),
    // Bytes for a percentage.
    (
        "event manager applet MEMORY_LOW\n event snmp oid 1.3.6.1.4.1.9.9.48.1.1.1.6.1 get-type \
         exact entry-op lt entry-val \"20\" poll-interval 300\n \
         action 1.0 syslog msg \"memory at $_snmp_oid_val\"\n",
        &["EEM160", "EEM161"],
    ),
    // A message that the router is not told to log, and its text pasted into JSON.
    (
        "event manager applet CONFIG_CHANGED\n event syslog pattern \
                  \"PARSER-5-CFGLOG_LOGGEDCMD\"\n \
         action 1.0 cli command \"guestshell run curl -X POST -d \
         '{\\\"change\\\": \\\"$_syslog_msg\\\"}' http://192.0.2.10/config-change\"\n",
        &["EEM131", "EEM152", "EEM170", "EEM172"],
    ),
    // It starts itself.
    (
        "event manager applet ERROR_SEEN\n event syslog pattern \
                  \".*ERROR.*|.*CRITICAL.*|.*ALERT.*\"\n \
         action 8.0 syslog msg \"alert sent for: $_syslog_msg\"\n",
        &["EEM153"],
    ),
    // Blocks that the order of labels takes apart.
    (
        "event manager applet OFFICE_HOURS\n event syslog pattern \".*CRITICAL.*\"\n \
         action 1.0 set hour \"9\"\n action 2.0 regexp \"([0-9]+):\" \"$_event_pub_time\" all \
         hour\n \
         action 3.0 if $hour ge \"8\"\n action 4.0  syslog msg \"in hours\"\n action 10.0 else\n \
         action 11.0  syslog msg \"out of hours\"\n action 12.0 end\n",
        &["EEM006", "EEM102"],
    ),
    // The word that it is sent comes second.
    (
        "event manager applet HEALTH\n event timer cron cron-entry \"0 */4 * * *\"\n \
         action 1.0 cli command \"enable\"\n action 2.0 cli command \"show version\"\n \
         action 10.0 syslog msg \"sent\"\n",
        &["EEM102"],
    ),
];

/// Goal: each mistake by its code, and no error beside them. Method: a table.
#[test]
fn the_course_s_mistakes_are_found() {
    for (text, want) in APPLETS {
        let found = lint::check(&Source::new("applet.cfg", *text), Dialect::Ios);
        let codes: Vec<&str> = found.iter().map(|one| one.code).collect();
        for code in *want {
            assert!(codes.contains(code), "{code} is not among {codes:?} of\n{text}");
        }
        let is_error = |one: &&diagnostic::Diagnostic| {
            diagnostic::has_errors(std::slice::from_ref(*one)) && !want.contains(&one.code)
        };
        let beside: Vec<String> = found
            .iter()
            .filter(is_error)
            .map(|one| format!("{} {}", one.code, one.message))
            .collect();
        assert!(beside.is_empty(), "{beside:?} of\n{text}");
    }
}

/// Goal: what is mended has the order of its lines, says the same, and is mended once. Method: the
/// applets whose labels run otherwise than they look.
#[test]
fn labels_are_mended() {
    for (text, want) in APPLETS.iter().filter(|(_, want)| want.contains(&"EEM102")) {
        let source = Source::new("applet.cfg", *text);
        let fixed = lint::fix(&source, Dialect::Ios).expect("it can be mended");
        let again = Source::new("applet.cfg", fixed.as_str());
        assert_eq!(lint::fix(&again, Dialect::Ios), None, "{fixed}");
        let codes: Vec<&str> =
            lint::check(&again, Dialect::Ios).iter().map(|one| one.code).collect();
        for gone in ["EEM006", "EEM102", "EEM110"] {
            assert!(!codes.contains(&gone), "{gone} of\n{fixed}");
        }
        let rest = |text: &str| -> Vec<String> {
            let words = |line: &str| line.split_whitespace().skip(2).collect::<Vec<_>>().join(" ");
            text.lines().filter(|line| line.starts_with(" action")).map(words).collect()
        };
        assert_eq!(rest(&fixed), rest(text), "{want:?}");
    }
}
