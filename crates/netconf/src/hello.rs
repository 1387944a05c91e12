//! The first message of each side: RFC 6241 section 8.1.

use yang::escaped;

/// The namespace of messages.
pub const BASE: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";
/// The capability of base 1.0.
pub const BASE_1_0: &str = "urn:ietf:params:netconf:base:1.0";
/// The capability of base 1.1.
pub const BASE_1_1: &str = "urn:ietf:params:netconf:base:1.1";

/// What one side can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hello {
    /// Its capabilities.
    pub capabilities: Vec<String>,
    /// The session, which the router numbers.
    pub session: Option<u32>,
}

impl Hello {
    /// Reads a hello; `None` of what is none.
    pub fn read(text: &str) -> Option<Hello> {
        let document = crate::xml::parse(text.trim()).ok()?;
        let root = document.root_element();
        if !root.has_tag_name((BASE, "hello")) {
            return None;
        }
        let of = |name: &'static str| {
            move |node: &roxmltree::Node<'_, '_>| node.has_tag_name((BASE, name))
        };
        let list = root.children().find(of("capabilities"))?;
        let texts = list.children().filter(of("capability")).filter_map(|node| node.text());
        let capabilities = texts.map(|text| text.trim().to_owned()).collect();
        let session = root.children().find(of("session-id"));
        let session = session.and_then(|node| node.text()?.trim().parse().ok());
        Some(Hello { capabilities, session })
    }

    /// The text of it.
    pub fn text(&self) -> String {
        let capability = |uri: &String| format!("<capability>{}</capability>", escaped(uri));
        let capabilities: String = self.capabilities.iter().map(capability).collect();
        let session = self.session.map(|id| format!("<session-id>{id}</session-id>"));
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<hello xmlns=\"{BASE}\"><capabilities>\
             {capabilities}</capabilities>{}</hello>",
            session.unwrap_or_default()
        )
    }

    /// Whether it has a capability, whatever its parameters.
    pub fn has(&self, uri: &str) -> bool {
        self.capabilities.iter().any(|known| known.split('?').next() == Some(uri))
    }
}
