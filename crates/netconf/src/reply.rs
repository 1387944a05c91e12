//! Replies: RFC 6241 sections 4.2 to 4.4.

use roxmltree::Node;
use yang::{Error, escaped};

use crate::hello::BASE;

/// What a router answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// `ok`
    Ok,
    /// `data`, with this XML in it.
    Data(String),
    /// `data` of another namespace, as `get-schema` has it: the namespace and the text.
    Text(&'static str, String),
    /// `rpc-error`
    Errors(Vec<Error>),
}

impl Answer {
    /// The message, with the attributes of the request.
    pub fn text(&self, attributes: &str) -> String {
        let body = match self {
            Answer::Ok => "<ok/>".to_owned(),
            Answer::Data(xml) => format!("<data>{xml}</data>"),
            Answer::Text(namespace, text) => {
                format!("<data xmlns=\"{namespace}\">{}</data>", escaped(text))
            }
            Answer::Errors(errors) => errors.iter().map(error_xml).collect(),
        };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rpc-reply xmlns=\"{BASE}\"{attributes}>\
             {body}</rpc-reply>"
        )
    }
}

/// One `rpc-error`.
pub fn error_xml(error: &Error) -> String {
    let mut text = format!(
        "<rpc-error><error-type>{}</error-type><error-tag>{}</error-tag>\
         <error-severity>error</error-severity>",
        error.kind.as_str(),
        error.tag.as_str()
    );
    if let Some(path) = error.path.as_ref().filter(|path| !path.is_empty()) {
        text += &format!("<error-path>{}</error-path>", escaped(path));
    }
    let message = escaped(&error.message);
    text += &format!("<error-message xml:lang=\"en\">{message}</error-message>");
    let info = [
        error.bad_attribute.as_ref().map(|name| ("bad-attribute", name.clone())),
        error.bad_element.as_ref().map(|name| ("bad-element", name.clone())),
        error.session.map(|session| ("session-id", session.to_string())),
    ];
    let info: String = info
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("<{name}>{}</{name}>", escaped(&value)))
        .collect();
    if !info.is_empty() {
        text += &format!("<error-info>{info}</error-info>");
    }
    text + "</rpc-error>"
}

/// A reply as a client has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Whose reply it is.
    pub message_id: Option<String>,
    /// What stands in `rpc-reply`, as it came.
    pub body: String,
    /// What was refused; warnings are not.
    pub errors: Vec<ReplyError>,
}

/// One `rpc-error` as a client has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplyError {
    /// `error-type`
    pub kind: String,
    /// `error-tag`
    pub tag: String,
    /// `error-path`
    pub path: Option<String>,
    /// `error-message`
    pub message: String,
}

impl Reply {
    /// Reads a reply; `None` of what is none.
    pub fn read(text: &str) -> Option<Reply> {
        let document = crate::xml::parse(text.trim()).ok()?;
        let root = document.root_element();
        if !root.has_tag_name((BASE, "rpc-reply")) {
            return None;
        }
        let children: Vec<Node<'_, '_>> = root.children().filter(Node::is_element).collect();
        let errors = children.iter().filter(|child| child.tag_name().name() == "rpc-error");
        let errors = errors.filter_map(|error| ReplyError::read(*error)).collect();
        let ends = children.first().zip(children.last());
        let range = ends.map(|(first, last)| first.range().start..last.range().end);
        let body = range.and_then(|range| text.trim().get(range)).unwrap_or_default().to_owned();
        Some(Reply { message_id: root.attribute("message-id").map(str::to_owned), body, errors })
    }
}

impl ReplyError {
    fn read(node: Node<'_, '_>) -> Option<ReplyError> {
        let of = |name: &str| {
            let found = node.children().find(|child| child.tag_name().name() == name)?;
            Some(found.text().unwrap_or_default().trim().to_owned())
        };
        if of("error-severity").as_deref() == Some("warning") {
            return None;
        }
        Some(ReplyError {
            kind: of("error-type").unwrap_or_default(),
            tag: of("error-tag").unwrap_or_default(),
            path: of("error-path"),
            message: of("error-message").unwrap_or_default(),
        })
    }
}
