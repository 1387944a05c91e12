//! What a job does on its device, with its event's values filled in.
//!
//! Made by `action`, kept in the journal, run by the drivers of `session`. The field names are the
//! API: `{"netconf": {"get_config": {"source": "running"}}}`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use restconf::Media;
use serde::{Deserialize, Serialize};
use simtime::Duration;

use super::touched;

/// What a job does on its device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Commands that only read.
    Show(Vec<String>),
    /// Lines for the configuration mode, which change the device.
    Configure(Vec<String>),
    /// One operation over NETCONF.
    Netconf(NetconfCall),
    /// One request over RESTCONF.
    Restconf(RestconfCall),
    /// One request to an API of `[apis]`, which is no device.
    Http(HttpCall),
    /// A file of the listener's own.
    Save(SaveCall),
    /// A line of a log of the listener's own.
    Log(LogCall),
    /// The device's configuration, kept in a file.
    Backup(BackupCall),
}

/// One request to an API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpCall {
    /// The entry of `[apis]`, which says where it is and what else it is shown.
    pub api: String,
    /// The method, in capitals.
    pub method: String,
    /// The path below the API's own, encoded, with its query.
    pub path: String,
    /// Headers beside the API's own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Its type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// The statuses that are no failure; every 2xx when there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expect: Vec<u16>,
    /// Whether to send it twice is to send it once.
    pub repeatable: bool,
    /// How often it is tried.
    pub tries: u32,
    /// How long one try may take.
    #[serde(rename = "timeout_us")]
    pub timeout: Duration,
}

/// A file that is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveCall {
    /// Its name below the directory of `[files]`.
    pub file: String,
    /// What it will hold.
    pub text: String,
    /// Whether that comes behind what it holds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub append: bool,
}

/// A line that is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogCall {
    /// The log's name below the directory of `[files]`.
    pub file: String,
    /// The line, without its end.
    pub line: String,
}

/// A configuration that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupCall {
    /// Where, below the directory of `[files]`: a file for each device.
    pub directory: String,
    /// Whether each change is committed to a git repository there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub git: bool,
}

/// One operation of NETCONF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NetconfCall {
    /// `get`: RFC 6241 section 7.7.
    Get(Select),
    /// `get-config`: section 7.1.
    GetConfig {
        /// Which configuration.
        source: Datastore,
        /// What of it.
        #[serde(flatten)]
        select: Select,
    },
    /// `edit-config`: section 7.2.
    EditConfig(Edit),
    /// Any operation, as its XML.
    Rpc {
        /// One element.
        xml: String,
        /// Whether it may change the device: all but a few that are known to read.
        changes: bool,
    },
}

/// What of the data is wanted; all without a word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Select {
    /// A subtree: the XML in `filter`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// A path, where the device can take one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub xpath: Option<String>,
    /// What the prefixes of the path stand for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub namespaces: BTreeMap<String, String>,
    /// RFC 6243.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_defaults: Option<WithDefaults>,
}

/// A change of a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Of which; without a word the running one, by way of the candidate where that is the only
    /// way in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Datastore>,
    /// The XML in `config`.
    pub config: String,
    /// What becomes of what says no `operation`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_operation: Option<DefaultOperation>,
    /// What follows from an error; without a word all is taken back, where the device can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_option: Option<ErrorOption>,
    /// Whether it is tested first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_option: Option<TestOption>,
    /// Whether the running configuration is locked meanwhile.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lock: bool,
}

/// One request of RESTCONF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestconfCall {
    /// The method.
    pub method: RestconfMethod,
    /// The path, encoded, with its query: `/restconf/data/...`
    pub path: String,
    /// Which form is wanted; JSON without a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept: Option<String>,
    /// The body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Its form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
}

/// Words of a protocol: an enum, and each value as it stands in a rule and in a message.
macro_rules! words {
    (
        $(#[$about:meta])* $name:ident, $case:literal:
        $($(#[$doc:meta])* $value:ident $word:literal,)*
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = $case)]
        pub enum $name {
            $($(#[$doc])* $value,)*
        }

        impl $name {
            /// Each with its word.
            pub(crate) const WORDS: &[(&str, $name)] = &[$(($word, $name::$value),)*];

            /// As it stands in messages.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($name::$value => $word,)*
                }
            }
        }
    };
}

words! {
    /// A configuration.
    Datastore, "kebab-case":
    /// What is in force.
    Running "running",
    /// What is being prepared.
    Candidate "candidate",
    /// What the next boot reads.
    Startup "startup",
}

words! {
    /// RFC 6241 section 7.2, `default-operation`.
    DefaultOperation, "kebab-case":
    /// What is there stays.
    Merge "merge",
    /// What is there goes.
    Replace "replace",
    /// Only what says its own operation counts.
    None "none",
}

words! {
    /// RFC 6241 section 7.2, `error-option`.
    ErrorOption, "kebab-case":
    /// What was done before the error stays.
    StopOnError "stop-on-error",
    /// The rest is tried, too.
    ContinueOnError "continue-on-error",
    /// All is as it was.
    RollbackOnError "rollback-on-error",
}

words! {
    /// RFC 6241 section 7.2, `test-option`.
    TestOption, "kebab-case":
    /// Nothing is done that does not pass.
    TestThenSet "test-then-set",
    /// No test.
    Set "set",
    /// Nothing but the test.
    TestOnly "test-only",
}

words! {
    /// RFC 6243 section 3.
    WithDefaults, "kebab-case":
    /// All values.
    ReportAll "report-all",
    /// All values, and which are defaults.
    ReportAllTagged "report-all-tagged",
    /// No value that is a default.
    Trim "trim",
    /// What was set.
    Explicit "explicit",
}

words! {
    /// A method of RFC 8040.
    RestconfMethod, "UPPERCASE":
    /// Reads.
    Get "GET",
    /// Reads whether there is something.
    Head "HEAD",
    /// Reads what can be done.
    Options "OPTIONS",
    /// Creates, or runs an operation.
    Post "POST",
    /// Creates or replaces.
    Put "PUT",
    /// Merges.
    Patch "PATCH",
    /// Deletes.
    Delete "DELETE",
}

impl Action {
    /// What is sent and answered, in order: lines of a command line, or one operation in short.
    pub fn commands(&self) -> Cow<'_, [String]> {
        match self {
            Action::Show(lines) | Action::Configure(lines) => Cow::Borrowed(lines),
            Action::Netconf(call) => Cow::Owned(vec![call.summary()]),
            Action::Restconf(call) => Cow::Owned(vec![call.summary()]),
            Action::Http(call) => Cow::Owned(vec![call.summary()]),
            Action::Save(call) => Cow::Owned(vec![call.summary()]),
            Action::Log(call) => Cow::Owned(vec![format!("log {}", call.file)]),
            Action::Backup(call) => Cow::Owned(call.commands().to_vec()),
        }
    }

    /// All of it, for whoever approves it.
    pub fn lines(&self) -> Cow<'_, [String]> {
        let whole = |first: String, text: Option<&str>| {
            let text = text.unwrap_or_default().lines().filter(|line| !line.trim().is_empty());
            let lines = std::iter::once(first).chain(text.map(str::to_owned));
            Cow::Owned(lines.collect())
        };
        match self {
            Action::Show(lines) | Action::Configure(lines) => Cow::Borrowed(lines),
            Action::Netconf(call) => whole(call.summary(), call.text()),
            Action::Restconf(call) => whole(call.summary(), call.body.as_deref()),
            Action::Http(call) => whole(call.summary(), call.body.as_deref()),
            Action::Save(call) => whole(call.summary(), Some(&call.text)),
            Action::Log(call) => whole(format!("log {}", call.file), Some(&call.line)),
            Action::Backup(call) => Cow::Owned(call.commands().to_vec()),
        }
    }

    /// The action's word in listener.toml.
    pub fn word(&self) -> &'static str {
        match self {
            Action::Show(_) => "show",
            Action::Configure(_) => "configure",
            Action::Netconf(_) => "netconf",
            Action::Restconf(_) => "restconf",
            Action::Http(_) => "http",
            Action::Save(_) => "save",
            Action::Log(_) => "log",
            Action::Backup(_) => "backup",
        }
    }

    /// Whether it changes the device.
    pub fn changes(&self) -> bool {
        match self {
            Action::Show(_) => false,
            Action::Configure(_) => true,
            Action::Netconf(call) => call.changes(),
            Action::Restconf(call) => call.method.changes(),
            Action::Http(_) | Action::Save(_) | Action::Log(_) | Action::Backup(_) => false,
        }
    }

    /// Whether it is done on a device.
    pub fn is_on_device(&self) -> bool {
        match self {
            Action::Show(_)
            | Action::Configure(_)
            | Action::Netconf(_)
            | Action::Restconf(_)
            | Action::Backup(_) => true,
            Action::Http(_) | Action::Save(_) | Action::Log(_) => false,
        }
    }

    /// Where its jobs wait for each other when it is on no device: an API, or the files. A node's
    /// name holds no blank.
    pub(crate) fn lane(&self) -> String {
        match self {
            Action::Http(call) => format!("api {}", call.api),
            Action::Show(_)
            | Action::Configure(_)
            | Action::Netconf(_)
            | Action::Restconf(_)
            | Action::Save(_)
            | Action::Log(_)
            | Action::Backup(_) => "own files".to_owned(),
        }
    }

    /// Whether to send it twice is to send it once: configuration is, an operation that does
    /// something need not be.
    pub fn is_repeatable(&self) -> bool {
        match self {
            Action::Show(_) | Action::Configure(_) => true,
            Action::Netconf(NetconfCall::Rpc { changes, .. }) => !changes,
            Action::Netconf(_) => true,
            // A POST to a datastore creates: the second one gets `data-exists`.
            Action::Restconf(call) => {
                call.method != RestconfMethod::Post || !call.path.starts_with(OPERATIONS)
            }
            Action::Http(call) => call.repeatable,
            // A line that may be there already is better there twice than not at all.
            Action::Save(_) | Action::Log(_) | Action::Backup(_) => true,
        }
    }

    /// What it touches, as lines of a configuration, by which events are known that it causes.
    pub(crate) fn touches(&self) -> Cow<'_, [String]> {
        match self {
            Action::Show(lines) | Action::Configure(lines) => Cow::Borrowed(lines),
            Action::Netconf(call) => Cow::Owned(touched::by_xml(call.text().unwrap_or_default())),
            Action::Restconf(call) => Cow::Owned(touched::by_request(call)),
            Action::Http(_) | Action::Save(_) | Action::Log(_) | Action::Backup(_) => {
                Cow::Borrowed(&[])
            }
        }
    }
}

/// What shows the configuration that a backup keeps.
const RUNNING_CONFIG: &str = "show running-config";
/// Where operations stand that do something: RFC 8040 section 3.3.2.
const OPERATIONS: &str = "/restconf/operations";

impl HttpCall {
    /// The request in short: `GET jokes /`.
    pub fn summary(&self) -> String {
        format!("{} {} {}", self.method, self.api, self.path)
    }

    /// Whether a status is what was expected.
    pub fn expects(&self, status: u16) -> bool {
        match self.expect.as_slice() {
            [] => (200..300).contains(&status),
            expected => expected.contains(&status),
        }
    }
}

impl SaveCall {
    /// In short: `save data/joke.json`.
    pub fn summary(&self) -> String {
        let word = if self.append { "append" } else { "save" };
        format!("{word} {}", self.file)
    }
}

impl BackupCall {
    /// What the device is asked, and what is done then.
    fn commands(&self) -> [String; 2] {
        [RUNNING_CONFIG.to_owned(), format!("backup {}", self.directory)]
    }
}

impl NetconfCall {
    /// Whether it changes the device.
    pub fn changes(&self) -> bool {
        match self {
            NetconfCall::Get(_) | NetconfCall::GetConfig { .. } => false,
            NetconfCall::EditConfig(_) => true,
            NetconfCall::Rpc { changes, .. } => *changes,
        }
    }

    /// The operation in short: `get-config running interfaces`.
    pub fn summary(&self) -> String {
        let of = |text: Option<&str>| touched::elements(text.unwrap_or_default()).join(" ");
        let select = |select: &Select| match &select.xpath {
            Some(path) => path.clone(),
            None => of(select.filter.as_deref()),
        };
        let words = match self {
            NetconfCall::Get(what) => format!("get {}", select(what)),
            NetconfCall::GetConfig { source, select: what } => {
                format!("get-config {} {}", source.as_str(), select(what))
            }
            NetconfCall::EditConfig(edit) => {
                let target = edit.target.map_or("running", Datastore::as_str);
                format!("edit-config {target} {}", of(Some(&edit.config)))
            }
            NetconfCall::Rpc { xml, .. } => format!("rpc {}", of(Some(xml))),
        };
        words.trim_end().to_owned()
    }

    /// The XML that its rule wrote.
    fn text(&self) -> Option<&str> {
        match self {
            NetconfCall::Get(select) | NetconfCall::GetConfig { select, .. } => {
                select.filter.as_deref()
            }
            NetconfCall::EditConfig(edit) => Some(&edit.config),
            NetconfCall::Rpc { xml, .. } => Some(xml),
        }
    }
}

impl RestconfMethod {
    /// Whether it changes the device.
    pub fn changes(self) -> bool {
        match self {
            RestconfMethod::Get | RestconfMethod::Head | RestconfMethod::Options => false,
            RestconfMethod::Post
            | RestconfMethod::Put
            | RestconfMethod::Patch
            | RestconfMethod::Delete => true,
        }
    }
}

impl RestconfCall {
    /// The request, without what says who asks.
    pub(crate) fn request(&self) -> restconf::Request {
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        restconf::Request {
            method: restconf::Method::named(self.method.as_str()),
            path: path.to_owned(),
            query: query.to_owned(),
            accept: Some(self.accept.clone().unwrap_or_else(|| Media::Json.as_str().to_owned())),
            content_type: self.content_type.clone(),
            if_match: None,
            if_none_match: None,
            body: self.body.clone().unwrap_or_default().into_bytes(),
        }
    }

    /// The request in short: `GET /restconf/data/...`
    pub fn summary(&self) -> String {
        format!("{} {}", self.method.as_str(), self.path)
    }
}
