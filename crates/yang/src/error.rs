//! What is said of a request that cannot be carried out: RFC 6241 section 4.3 and appendix A, RFC
//! 8040 section 7.

use std::fmt;

/// The layer at which something went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Sessions and connections.
    Transport,
    /// Messages.
    Rpc,
    /// Operations and datastores.
    Protocol,
    /// The data, or the router itself.
    Application,
}

/// What went wrong: the tags of RFC 6241 appendix A that are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// Somebody else holds what is asked for.
    InUse,
    /// A value is none of its type.
    InvalidValue,
    /// The request or reply is too large.
    TooBig,
    /// An attribute that must be there is not.
    MissingAttribute,
    /// An attribute has a value that it cannot have.
    BadAttribute,
    /// An attribute is none that belongs there.
    UnknownAttribute,
    /// An element that must be there is not.
    MissingElement,
    /// An element has a value that it cannot have.
    BadElement,
    /// An element is none that belongs there.
    UnknownElement,
    /// An element is of a module that is not known.
    UnknownNamespace,
    /// Who asks may not.
    AccessDenied,
    /// The lock is somebody else's.
    LockDenied,
    /// There is no room.
    ResourceDenied,
    /// What is to be created is there.
    DataExists,
    /// What is to be changed or deleted is not there.
    DataMissing,
    /// The operation is not known here.
    OperationNotSupported,
    /// The router refused, for a reason in the message.
    OperationFailed,
    /// The message is no XML or JSON.
    MalformedMessage,
}

/// One error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The layer.
    pub kind: Kind,
    /// What went wrong.
    pub tag: Tag,
    /// Where, as a path of element names with keys.
    pub path: Option<String>,
    /// In words.
    pub message: String,
    /// The name of the element that does not belong.
    pub bad_element: Option<String>,
    /// The name of the attribute that does not belong.
    pub bad_attribute: Option<String>,
    /// The session that holds the lock; 0 is none of NETCONF.
    pub session: Option<u32>,
}

impl Error {
    /// An error of the application layer.
    pub fn new(tag: Tag, message: impl Into<String>) -> Self {
        Error {
            kind: Kind::Application,
            tag,
            path: None,
            message: message.into(),
            bad_element: None,
            bad_attribute: None,
            session: None,
        }
    }

    /// The same at another layer.
    #[must_use]
    pub fn of(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// The same, at a place.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path.get_or_insert(path.into());
        self
    }

    /// The same, naming an element.
    #[must_use]
    pub fn element(mut self, name: impl Into<String>) -> Self {
        self.bad_element = Some(name.into());
        self
    }

    /// The same, naming an attribute, and the element that it stands at.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, element: impl Into<String>) -> Self {
        self.bad_attribute = Some(name.into());
        self.bad_element = Some(element.into());
        self
    }
}

impl Kind {
    /// As it stands in `error-type`.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Transport => "transport",
            Kind::Rpc => "rpc",
            Kind::Protocol => "protocol",
            Kind::Application => "application",
        }
    }
}

impl Tag {
    /// As it stands in `error-tag`.
    pub fn as_str(self) -> &'static str {
        match self {
            Tag::InUse => "in-use",
            Tag::InvalidValue => "invalid-value",
            Tag::TooBig => "too-big",
            Tag::MissingAttribute => "missing-attribute",
            Tag::BadAttribute => "bad-attribute",
            Tag::UnknownAttribute => "unknown-attribute",
            Tag::MissingElement => "missing-element",
            Tag::BadElement => "bad-element",
            Tag::UnknownElement => "unknown-element",
            Tag::UnknownNamespace => "unknown-namespace",
            Tag::AccessDenied => "access-denied",
            Tag::LockDenied => "lock-denied",
            Tag::ResourceDenied => "resource-denied",
            Tag::DataExists => "data-exists",
            Tag::DataMissing => "data-missing",
            Tag::OperationNotSupported => "operation-not-supported",
            Tag::OperationFailed => "operation-failed",
            Tag::MalformedMessage => "malformed-message",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.tag.as_str(), self.message)?;
        self.path.iter().try_for_each(|path| write!(f, " at {path}"))
    }
}

impl std::error::Error for Error {}
