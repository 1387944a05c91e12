//! What a client asks for: the operations of RFC 6241, 6243, 6022, 5277, and those of `cisco-ia`.

use roxmltree::{Document, Node};
use yang::{Element, Error, ErrorKind, Filter, Path, Schema, Tag, Tops, read_xml, select};

use crate::hello::BASE;

const MONITORING: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring";
const DEFAULTS: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults";
const NOTIFICATION: &str = "urn:ietf:params:xml:ns:netconf:notification:1.0";
const CISCO_IA: &str = "http://cisco.com/yang/cisco-ia";

/// A datastore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// What is in force.
    Running,
    /// What is being prepared.
    Candidate,
    /// What the next boot reads.
    Startup,
}

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `get`
    Get(Selection),
    /// `get-config`
    GetConfig(Target, Selection),
    /// `edit-config`
    EditConfig(Edit),
    /// `copy-config` from one datastore to another.
    CopyConfig {
        /// From where.
        source: Target,
        /// To where.
        target: Target,
    },
    /// `copy-config` of data that stand in the request.
    ReplaceConfig {
        /// The data.
        config: Vec<Element>,
        /// To where.
        target: Target,
    },
    /// `delete-config`
    DeleteConfig(Target),
    /// `lock`
    Lock(Target),
    /// `unlock`
    Unlock(Target),
    /// `validate` of a datastore.
    Validate(Target),
    /// `validate` of data that stand in the request.
    ValidateConfig(Vec<Element>),
    /// `commit`
    Commit(Commit),
    /// `cancel-commit`
    CancelCommit(Option<String>),
    /// `discard-changes`
    DiscardChanges,
    /// `close-session`
    CloseSession,
    /// `kill-session`
    KillSession(u32),
    /// `get-schema`
    GetSchema {
        /// The module.
        name: String,
        /// Its revision, if one is named.
        version: Option<String>,
        /// `yang` unless another is named.
        format: Option<String>,
    },
    /// `create-subscription`
    CreateSubscription {
        /// `NETCONF` unless another is named.
        stream: Option<String>,
    },
    /// `save-config` of cisco-ia.
    SaveConfig,
    /// `rollback` of cisco-ia, to a file.
    Rollback {
        /// `bootflash:name`
        url: String,
    },
    /// `sync-from` of cisco-ia.
    SyncFrom,
}

/// `commit`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// Whether it has to be confirmed.
    pub confirm: Option<Confirm>,
    /// Which one of another session this confirms, or goes on with.
    pub persist_id: Option<String>,
}

/// `confirmed`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirm {
    /// Seconds until it is taken back.
    pub timeout_secs: u32,
    /// What names it for other sessions.
    pub persist: Option<String>,
}

/// What of the data is wanted, and how its defaults are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    filter: Option<Filtering>,
    /// `with-defaults`
    pub with_defaults: Option<WithDefaults>,
}

/// A filter that outlives its message.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Filtering {
    /// The text of the element `filter`, with the namespaces that it needs.
    Subtree(String),
    Paths(Vec<Path>, Vec<(String, String)>),
}

/// RFC 6243.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithDefaults {
    /// All leaves, those at their default too.
    ReportAll,
    /// The same, each default with a mark.
    ReportAllTagged,
    /// None at its default.
    Trim,
    /// What was set.
    Explicit,
}

/// `edit-config`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Of what.
    pub target: Target,
    /// What is done where nothing stands at an element.
    pub default: DefaultOperation,
    /// Whether it is tried first, or only.
    pub test: TestOption,
    /// What becomes of the rest when something is refused.
    pub on_error: ErrorOption,
    /// The data.
    pub config: Vec<Element>,
}

/// `default-operation`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DefaultOperation {
    /// The default.
    #[default]
    Merge,
    /// `replace`
    Replace,
    /// `none`
    Nothing,
}

/// `test-option`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TestOption {
    /// The default.
    #[default]
    TestThenSet,
    /// `set`
    Set,
    /// `test-only`
    TestOnly,
}

/// `error-option`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorOption {
    /// The default.
    #[default]
    StopOnError,
    /// `continue-on-error`
    ContinueOnError,
    /// `rollback-on-error`
    RollbackOnError,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The attributes of `rpc`, as they go back with the reply: `message-id="101"`.
    pub attributes: String,
    /// What is asked, or why it is nothing.
    pub operation: Result<Operation, Error>,
}

impl Request {
    /// Reads a message. What is no XML, or no `rpc`, comes back as a request without attributes
    /// that is refused.
    pub fn read(schema: &'static Schema, text: &str) -> Request {
        let refused = |error: Error| Request { attributes: String::new(), operation: Err(error) };
        let document = match crate::xml::parse(text.trim()) {
            Ok(document) => document,
            Err(error) => {
                let error = Error::new(Tag::MalformedMessage, error.to_string());
                return refused(error.of(ErrorKind::Rpc));
            }
        };
        let root = document.root_element();
        if !root.has_tag_name((BASE, "rpc")) {
            let name = root.tag_name().name();
            let error = Error::new(Tag::MalformedMessage, format!("{name} is no rpc"));
            return refused(error.of(ErrorKind::Rpc));
        }
        let attributes = attributes(root);
        if root.attribute("message-id").is_none() {
            let error = Error::new(Tag::MissingAttribute, "an rpc has a message-id");
            let error = error.of(ErrorKind::Rpc).attribute("message-id", "rpc");
            return Request { attributes, operation: Err(error) };
        }
        Request { attributes, operation: operation(schema, root) }
    }
}

impl Selection {
    /// What of the data is wanted.
    pub fn of(&self, schema: &Schema, data: Vec<Element>) -> Vec<Element> {
        match &self.filter {
            None => data,
            Some(filter) => filter.with(|filter| select(schema, &data, filter)),
        }
    }

    /// Where at the top the data begins that it may select.
    pub fn tops(&self, schema: &'static Schema) -> Tops {
        match &self.filter {
            None => Tops::All,
            Some(filter) => filter.with(|filter| filter.tops(schema)),
        }
    }
}

impl Filtering {
    fn with<T: Default>(&self, then: impl FnOnce(&Filter<'_, '_>) -> T) -> T {
        match self {
            Filtering::Paths(paths, prefixes) => {
                then(&Filter::Paths(paths.clone(), prefixes.clone()))
            }
            Filtering::Subtree(text) => match Document::parse(text) {
                Ok(document) => then(&Filter::Subtree(document.root_element())),
                // It was an element of a message that could be read.
                Err(_) => T::default(),
            },
        }
    }
}

/// The attributes of an rpc with the namespaces that it declares, for the reply.
fn attributes(root: Node<'_, '_>) -> String {
    let mut text = String::new();
    for namespace in root.namespaces() {
        if let Some(prefix) = namespace.name().filter(|prefix| *prefix != "xml") {
            text += &format!(" xmlns:{prefix}=\"{}\"", yang::escaped(namespace.uri()));
        }
    }
    for attribute in root.attributes() {
        let prefix = attribute.namespace().and_then(|uri| root.lookup_prefix(uri));
        let prefix = prefix.map(|prefix| format!("{prefix}:")).unwrap_or_default();
        let value = yang::escaped(attribute.value());
        text += &format!(" {prefix}{}=\"{value}\"", attribute.name());
    }
    text
}

fn wrong(tag: Tag, message: impl Into<String>, element: &str) -> Error {
    Error::new(tag, message).of(ErrorKind::Protocol).element(element)
}

fn operation(schema: &'static Schema, root: Node<'_, '_>) -> Result<Operation, Error> {
    let mut all = root.children().filter(Node::is_element);
    let Some(node) = all.next() else {
        return Err(wrong(Tag::MissingElement, "an rpc holds an operation", "rpc"));
    };
    if let Some(more) = all.next() {
        let name = more.tag_name().name();
        return Err(wrong(Tag::UnknownElement, "an rpc holds one operation", name));
    }
    let name = node.tag_name().name();
    let namespace = node.tag_name().namespace().unwrap_or_default();
    match (namespace, name) {
        (BASE, name) => base(schema, name, node),
        (MONITORING, "get-schema") => Ok(Operation::GetSchema {
            name: required(node, "identifier")?,
            version: text_of(node, "version"),
            format: text_of(node, "format"),
        }),
        (NOTIFICATION, "create-subscription") => {
            Ok(Operation::CreateSubscription { stream: text_of(node, "stream") })
        }
        (CISCO_IA, "save-config") => Ok(Operation::SaveConfig),
        (CISCO_IA, "sync-from") => Ok(Operation::SyncFrom),
        (CISCO_IA, "rollback") => Ok(Operation::Rollback { url: required(node, "target-url")? }),
        (_, name) => {
            let message = format!("{name} is not supported");
            Err(wrong(Tag::OperationNotSupported, message, name))
        }
    }
}

fn base(schema: &'static Schema, name: &str, node: Node<'_, '_>) -> Result<Operation, Error> {
    Ok(match name {
        "get" => Operation::Get(selection(node)?),
        "get-config" => Operation::GetConfig(target(node, "source")?, selection(node)?),
        "edit-config" => Operation::EditConfig(edit(schema, node)?),
        "copy-config" => {
            let into = target(node, "target")?;
            match config_in(schema, node, "source")? {
                Some(config) => Operation::ReplaceConfig { config, target: into },
                None => Operation::CopyConfig { source: target(node, "source")?, target: into },
            }
        }
        "delete-config" => Operation::DeleteConfig(target(node, "target")?),
        "lock" => Operation::Lock(target(node, "target")?),
        "unlock" => Operation::Unlock(target(node, "target")?),
        "validate" => match config_in(schema, node, "source")? {
            Some(config) => Operation::ValidateConfig(config),
            None => Operation::Validate(target(node, "source")?),
        },
        "commit" => {
            let persist_id = text_of(node, "persist-id");
            Operation::Commit(Commit { confirm: confirm(node)?, persist_id })
        }
        "cancel-commit" => Operation::CancelCommit(text_of(node, "persist-id")),
        "discard-changes" => Operation::DiscardChanges,
        "close-session" => Operation::CloseSession,
        "kill-session" => {
            let id = required(node, "session-id")?;
            let id = id.parse().map_err(|_| {
                wrong(Tag::InvalidValue, format!("{id} is no session"), "session-id")
            })?;
            Operation::KillSession(id)
        }
        name => {
            let message = format!("{name} is not supported");
            return Err(wrong(Tag::OperationNotSupported, message, name));
        }
    })
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

fn text_of(node: Node<'_, '_>, name: &str) -> Option<String> {
    child(node, name).map(|child| child.text().unwrap_or_default().trim().to_owned())
}

fn required(node: Node<'_, '_>, name: &str) -> Result<String, Error> {
    let text = text_of(node, name).filter(|text| !text.is_empty());
    text.ok_or_else(|| wrong(Tag::MissingElement, format!("{name} is missing"), name))
}

fn target(node: Node<'_, '_>, role: &str) -> Result<Target, Error> {
    let missing = || wrong(Tag::MissingElement, format!("{role} is missing"), role);
    let inner = child(node, role).ok_or_else(missing)?;
    let inner = inner.children().find(Node::is_element).ok_or_else(missing)?;
    match inner.tag_name().name() {
        "running" => Ok(Target::Running),
        "candidate" => Ok(Target::Candidate),
        "startup" => Ok(Target::Startup),
        name => {
            let message = format!("{name} is not supported as {role}");
            Err(wrong(Tag::OperationNotSupported, message, name))
        }
    }
}

/// The data of `config` in an element; `None` if it names a datastore.
fn config_in(
    schema: &'static Schema,
    node: Node<'_, '_>,
    role: &str,
) -> Result<Option<Vec<Element>>, Error> {
    let config = child(node, role).and_then(|inner| child(inner, "config"));
    config.map(|config| read_xml(schema, config)).transpose()
}

fn selection(node: Node<'_, '_>) -> Result<Selection, Error> {
    let defaults = node.children().find(|child| child.has_tag_name((DEFAULTS, "with-defaults")));
    let with_defaults = match defaults.map(|node| node.text().unwrap_or_default().trim()) {
        None => None,
        Some("report-all") => Some(WithDefaults::ReportAll),
        Some("report-all-tagged") => Some(WithDefaults::ReportAllTagged),
        Some("trim") => Some(WithDefaults::Trim),
        Some("explicit") => Some(WithDefaults::Explicit),
        Some(word) => {
            let message = format!("\"{word}\" is not a valid value.");
            return Err(wrong(Tag::InvalidValue, message, "with-defaults"));
        }
    };
    let Some(filter) = child(node, "filter") else {
        return Ok(Selection { filter: None, with_defaults });
    };
    let kind = filter.attribute("type").or_else(|| filter.attribute((BASE, "type")));
    let filter = match kind.unwrap_or("subtree") {
        "subtree" => Filtering::Subtree(copied(filter)),
        "xpath" => {
            let select = filter.attribute("select").or_else(|| filter.attribute((BASE, "select")));
            let select = select.ok_or_else(|| {
                let error = wrong(Tag::MissingAttribute, "an xpath filter has a select", "filter");
                error.attribute("select", "filter")
            })?;
            let named =
                |ns: &roxmltree::Namespace<'_>| Some((ns.name()?.to_owned(), ns.uri().to_owned()));
            Filtering::Paths(Path::read(select)?, filter.namespaces().filter_map(named).collect())
        }
        kind => {
            let error = wrong(Tag::BadAttribute, format!("{kind} is no type of filter"), "filter");
            return Err(error.attribute("type", "filter"));
        }
    };
    Ok(Selection { filter: Some(filter), with_defaults })
}

/// The text of an element, with the namespaces that were declared above it.
fn copied(node: Node<'_, '_>) -> String {
    let mut text = String::new();
    copy(node, None, &mut text);
    text
}

fn copy(node: Node<'_, '_>, above: Option<&str>, text: &mut String) {
    let name = node.tag_name().name();
    let namespace = node.tag_name().namespace();
    *text += &format!("<{name}");
    if namespace != above {
        *text += &format!(" xmlns=\"{}\"", yang::escaped(namespace.unwrap_or_default()));
    }
    text.push('>');
    for child in node.children() {
        if child.is_element() {
            copy(child, namespace, text);
        } else if child.is_text() {
            *text += &yang::escaped(child.text().unwrap_or_default());
        }
    }
    *text += &format!("</{name}>");
}

fn edit(schema: &'static Schema, node: Node<'_, '_>) -> Result<Edit, Error> {
    let word = |name: &str| text_of(node, name);
    let invalid = |name: &str, word: &str| {
        wrong(Tag::InvalidValue, format!("\"{word}\" is not a valid value."), name)
    };
    let default = match word("default-operation").as_deref() {
        None | Some("merge") => DefaultOperation::Merge,
        Some("replace") => DefaultOperation::Replace,
        Some("none") => DefaultOperation::Nothing,
        Some(word) => return Err(invalid("default-operation", word)),
    };
    let test = match word("test-option").as_deref() {
        None | Some("test-then-set") => TestOption::TestThenSet,
        Some("set") => TestOption::Set,
        Some("test-only") => TestOption::TestOnly,
        Some(word) => return Err(invalid("test-option", word)),
    };
    let on_error = match word("error-option").as_deref() {
        None | Some("stop-on-error") => ErrorOption::StopOnError,
        Some("continue-on-error") => ErrorOption::ContinueOnError,
        Some("rollback-on-error") => ErrorOption::RollbackOnError,
        Some(word) => return Err(invalid("error-option", word)),
    };
    let config = child(node, "config")
        .ok_or_else(|| wrong(Tag::MissingElement, "config is missing", "config"))?;
    let target = target(node, "target")?;
    Ok(Edit { target, default, test, on_error, config: read_xml(schema, config)? })
}

fn confirm(node: Node<'_, '_>) -> Result<Option<Confirm>, Error> {
    if child(node, "confirmed").is_none() {
        return Ok(None);
    }
    // RFC 6241 section 8.4.5.1.
    let text = text_of(node, "confirm-timeout").unwrap_or_else(|| "600".to_owned());
    let timeout_secs = text.parse().ok().filter(|secs| *secs > 0).ok_or_else(|| {
        wrong(Tag::InvalidValue, format!("\"{text}\" is not a valid value."), "confirm-timeout")
    })?;
    Ok(Some(Confirm { timeout_secs, persist: text_of(node, "persist") }))
}
