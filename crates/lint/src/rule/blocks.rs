//! Words that the parser refuses, where a rule has its own code for them: see [`crate::parse`].

use super::{Rule, nothing};
use crate::parse;

pub(super) const NO_ACTION_OF_IOS: Rule = Rule {
    code: parse::NO_ACTION,
    name: "an action that there is not",
    what: "The keyword of an action is none of IOS XE's.",
    why: "The router refuses the line. `http post` is the course's own word; a router sends \
              webhooks by \
          `guestshell run curl`.",
    example: "event manager applet A\n event none\n action 1.0 http post url \
              \"http://192.0.2.1/\" body \"x\"\n",
    fixed: "event manager environment _token TOKEN\nevent manager applet A\n event none\n \
            action 1.0 cli command \"enable\"\n action 2.0 cli command \"guestshell run curl -X \
            POST -H \
            'X-Webhook-Token: $_token' -d @flash/body.json http://192.0.2.1/\"\n",
    check: nothing,
};

pub(super) const NO_INFO_TYPE: Rule = Rule {
    code: parse::NO_INFO,
    name: "a type of `info` that there is not",
    what: "`info type` names nothing that the router tells.",
    why: "The router refuses the line, and the variable that it would set is never set.",
    example: "event manager applet A\n event none\n action 1.0 info type interface_name\n",
    fixed: "event manager applet A\n event none\n action 1.0 info type interface-names\n",
    check: nothing,
};
