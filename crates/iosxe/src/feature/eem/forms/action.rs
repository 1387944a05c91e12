//! What follows the keyword of each action: for `?`, which lists it, and for nothing else.

use cli::{Kind, Token, any_of, kw, one_of, opt, param};

const fn word(name: &'static str, help: &'static str) -> Token {
    param(name, Kind::Quoted, help)
}

const fn number(name: &'static str, min: u64, max: u64, help: &'static str) -> Token {
    param(name, Kind::Integer { min, max }, help)
}

/// A keyword and its value.
macro_rules! option {
    ($keyword:literal, $help:literal) => {
        &[kw($keyword, $help), word($keyword, $help)]
    };
}

/// What follows the keyword of an action; nothing when it takes no operands.
pub(super) fn form(action: &str) -> &'static [Token] {
    let found = FORMS.iter().find(|(name, _)| *name == action);
    found.map_or(&[], |(_, form)| form)
}

const VARIABLE: Token = word("variable", "name of variable");
const TEXT: Token = word("text", "string");
const OPERATOR: Token = one_of(&[
    &[kw("eq", "equal to")],
    &[kw("ge", "greater than or equal to")],
    &[kw("gt", "greater than")],
    &[kw("le", "less than or equal to")],
    &[kw("lt", "less than")],
    &[kw("ne", "not equal to")],
]);
const CONDITION: [Token; 3] =
    [word("first", "first operand"), OPERATOR, word("second", "second operand")];
const ARITHMETIC: &[Token] = &[word("first", "first operand"), word("second", "second operand")];
const STEP: &[Token] = &[VARIABLE, opt(&[word("value", "value, 1 by default")])];
const GOTO: Token =
    opt(&[kw("goto", "go to a label if the condition holds"), word("label", "label of action")]);
const COMMENT: &[Token] = &[param("text", Kind::Line, "comment")];
const OID: &[Token] = &[kw("oid", "object identifier"), word("oid", "object identifier")];
const UP_DOWN: Token = one_of(&[&[kw("down", "down")], &[kw("up", "up")]]);
const TYPE: Token = one_of(&[
    &[kw("counter", "counter")],
    &[kw("gauge", "gauge")],
    &[kw("int", "integer")],
    &[kw("ipv4", "IPv4 address")],
    &[kw("octet", "octet string")],
    &[kw("string", "string")],
    &[kw("uint", "unsigned integer")],
]);

/// The operands of every action that has some.
static FORMS: &[(&str, &[Token])] = &[
    ("add", ARITHMETIC),
    ("append", &[VARIABLE, opt(&[word("value", "value to be appended")])]),
    (
        "cli",
        &[
            kw("command", "CLI command"),
            word("command", "CLI command to be executed"),
            opt(option!("pattern", "regular expression that the output must match")),
        ],
    ),
    ("cns-event", option!("msg", "message")),
    ("comment", COMMENT),
    ("context", CONTEXT),
    (
        "counter",
        &[any_of(&[
            option!("name", "name of the counter"),
            &[kw("op", "operation"), COUNTER],
            option!("value", "value of the operation"),
        ])],
    ),
    ("decrement", STEP),
    ("divide", ARITHMETIC),
    ("elseif", &CONDITION),
    ("exit", &[opt(&[word("result", "exit result")])]),
    ("export-to-telemetry", &[TEXT]),
    ("file", FILE),
    (
        "foreach",
        &[VARIABLE, word("list", "list to go through"), opt(&[word("delimiters", "delimiters")])],
    ),
    ("gets", &[VARIABLE]),
    (
        "handle-error",
        &[
            kw("type", "what is done about an error"),
            one_of(&[
                &[kw("exit", "end the run")],
                &[kw("ignore", "go on")],
                &[kw("warn", "log it and go on")],
            ]),
        ],
    ),
    ("if", &[CONDITION[0], CONDITION[1], CONDITION[2], GOTO]),
    ("increment", STEP),
    ("info", &[kw("type", "what information"), one_of(INFO)]),
    (
        "mail",
        &[any_of(&[
            option!("server", "mail server"),
            option!("to", "recipient"),
            option!("from", "sender"),
            option!("cc", "recipient of a copy"),
            option!("subject", "subject"),
            option!("body", "text"),
        ])],
    ),
    ("multiply", ARITHMETIC),
    ("policy", &[word("name", "name of the policy")]),
    (
        "publish-event",
        &[any_of(&[
            &[kw("sub-system", "sub-system"), number("sub-system", 798, 798, "for applets")],
            &[kw("type", "type of the event"), number("type", 1, 4_294_967_295, "type")],
            option!("arg1", "first argument"),
            option!("arg2", "second argument"),
            option!("arg3", "third argument"),
            option!("arg4", "fourth argument"),
        ])],
    ),
    ("puts", &[opt(&[kw("nonewline", "without a newline at its end")]), TEXT]),
    (
        "regexp",
        &[
            word("pattern", "regular expression"),
            TEXT,
            opt(&[
                word("match", "variable for the match"),
                opt(&[
                    word("sub1", "variable for the first group"),
                    opt(&[
                        word("sub2", "variable for the second group"),
                        opt(&[word("sub3", "variable for the third group")]),
                    ]),
                ]),
            ]),
        ],
    ),
    ("set", &[VARIABLE, word("value", "value")]),
    (
        "snmp-object-value",
        &[TYPE, word("value", "value"), opt(option!("next-oid", "next object identifier"))],
    ),
    (
        "snmp-trap",
        &[any_of(&[
            option!("intdata1", "first integer"),
            option!("intdata2", "second integer"),
            option!("strdata", "string"),
        ])],
    ),
    ("string", &[one_of(STRING)]),
    ("subtract", ARITHMETIC),
    (
        "syslog",
        &[any_of(&[
            option!("facility", "facility string"),
            option!("msg", "syslog message"),
            &[kw("priority", "priority of the message"), one_of(PRIORITY)],
        ])],
    ),
    (
        "track",
        &[one_of(&[
            &[kw("read", "read a tracked object"), TRACKED],
            &[
                kw("set", "set a tracked object"),
                TRACKED,
                kw("state", "state of the object"),
                UP_DOWN,
            ],
        ])],
    ),
    ("wait", &[number("seconds", 1, 31_536_000, "seconds")]),
    ("while", &CONDITION),
];

const TRACKED: Token = number("number", 1, 32_767, "number of the tracked object");

const COUNTER: Token = one_of(&[
    &[kw("dec", "decrement")],
    &[kw("inc", "increment")],
    &[kw("nop", "only read")],
    &[kw("set", "set")],
]);

const CONTEXT: &[Token] = &[
    one_of(&[&[kw("retrieve", "retrieve variables")], &[kw("save", "save variables")]]),
    kw("key", "key of the context"),
    word("key", "key of the context"),
    kw("variable", "variables"),
    word("variable", "pattern of the names of the variables"),
];

const HANDLE: Token = word("handle", "file handle");

const FILE: &[Token] = &[one_of(&[
    &[kw("close", "close a file"), HANDLE],
    &[kw("delete", "delete a file"), word("path", "name of the file")],
    &[kw("gets", "read a line"), HANDLE, VARIABLE],
    &[kw("open", "open a file"), HANDLE, word("path", "name of the file"), word("mode", "mode")],
    &[kw("puts", "write a line"), HANDLE, TEXT],
    &[kw("read", "read from a file"), HANDLE, VARIABLE, opt(&[word("bytes", "number of bytes")])],
    &[kw("write", "write to a file"), HANDLE, TEXT, opt(&[word("bytes", "number of bytes")])],
])];

const SELECT: Token = opt(&[one_of(&[
    option!("exclude", "names that do not fit"),
    option!("include", "names that fit"),
    option!("regexp", "names that match"),
])]);

const FREQUENCY: &[&[Token]] =
    &[&[kw("freq", "frequency")], &[kw("frequency", "frequency")], &[kw("history", "history")]];

const INFO: &[&[Token]] = &[
    &[kw("cli", "of the CLI"), one_of(FREQUENCY)],
    &[kw("interface-names", "names of the interfaces"), SELECT],
    &[kw("routername", "name of the router")],
    &[kw("snmp", "of SNMP"), one_of(SNMP)],
    &[kw("switchname", "name of the switch")],
    &[kw("syslog", "of the log"), one_of(FREQUENCY)],
];

const SNMP: &[&[Token]] = &[
    &[kw("getid", "identification of the router"), word("oid", "object identifier")],
    &[kw("inform", "send an inform"), param("rest", Kind::Line, "its contents")],
    &[
        OID[0],
        OID[1],
        kw("get-type", "which object"),
        one_of(&[&[kw("exact", "this one")], &[kw("next", "the one after it")]]),
        any_of(&[option!("community", "community"), option!("ipaddr", "address of the device")]),
    ],
    &[kw("trap", "send a trap"), param("rest", Kind::Line, "its contents")],
    &[kw("var", "set a variable"), VARIABLE, OID[0], OID[1], TYPE, word("value", "value")],
];

const NOCASE: Token =
    any_of(&[&[kw("nocase", "in any case of letters")], option!("length", "number of characters")]);
const RANGE: &[Token] = &[TEXT, word("first", "first index"), word("last", "last index")];
const CASE: Token = opt(&[word("first", "first index"), opt(&[word("last", "last index")])]);
const CHARACTERS: Token = opt(&[word("characters", "set of characters")]);
const SEARCH: &[Token] =
    &[word("needle", "string to be found"), TEXT, opt(&[word("start", "index to begin at")])];

const STRING: &[&[Token]] = &[
    &[kw("compare", "compare strings"), NOCASE, TEXT, word("other", "string")],
    &[kw("equal", "are the strings equal"), NOCASE, TEXT, word("other", "string")],
    &[kw("first", "first occurrence"), SEARCH[0], SEARCH[1], SEARCH[2]],
    &[kw("index", "one character"), TEXT, word("index", "index or end")],
    &[kw("last", "last occurrence"), SEARCH[0], SEARCH[1], SEARCH[2]],
    &[kw("length", "length"), TEXT],
    &[
        kw("match", "does the string fit a pattern"),
        opt(&[kw("nocase", "in any case of letters")]),
        word("pattern", "pattern"),
        TEXT,
    ],
    &[kw("range", "part of a string"), RANGE[0], RANGE[1], RANGE[2]],
    &[
        kw("replace", "replace a part"),
        RANGE[0],
        RANGE[1],
        RANGE[2],
        opt(&[word("new", "new string")]),
    ],
    &[kw("tolower", "to lower case"), TEXT, CASE],
    &[kw("toupper", "to upper case"), TEXT, CASE],
    &[kw("trim", "trim both ends"), TEXT, CHARACTERS],
    &[kw("trimleft", "trim the beginning"), TEXT, CHARACTERS],
    &[kw("trimright", "trim the end"), TEXT, CHARACTERS],
];

const PRIORITY: &[&[Token]] = &[
    &[kw("alerts", "immediate action needed (severity 1)")],
    &[kw("critical", "critical conditions (severity 2)")],
    &[kw("debugging", "debugging messages (severity 7)")],
    &[kw("emergencies", "system is unusable (severity 0)")],
    &[kw("errors", "error conditions (severity 3)")],
    &[kw("informational", "informational messages (severity 6)")],
    &[kw("notifications", "normal but significant conditions (severity 5)")],
    &[kw("warnings", "warning conditions (severity 4)")],
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The actions that take no operands.
    const BARE: &[&str] =
        &["break", "continue", "else", "end", "force-switchover", "help", "reload"];

    /// Goal: `?` knows the operands of every action that there is. Method: the two tables.
    #[test]
    fn every_action_has_a_form() {
        let ios = eem::ACTIONS.iter().filter(|entry| entry.dialect == eem::Dialect::Ios);
        for entry in ios {
            let is_bare = BARE.contains(&entry.name);
            assert_ne!(form(entry.name).is_empty(), !is_bare, "{}", entry.name);
        }
    }
}
