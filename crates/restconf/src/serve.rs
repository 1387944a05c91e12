//! What each method does.

use serde_json::{Map, Value, json};
use yang::{Element, Error, ErrorKind, Operation, Schema, Tag, Tops, escaped};

use crate::body;
use crate::message::{Media, Method, Request, Response, refusal};
use crate::path::{DataPath, PathError, ROOT};
use crate::query::{Content, Query};

/// Where clients ask first: RFC 6415, RFC 8040 section 3.1.
pub const HOST_META: &str = "/.well-known/host-meta";
const NAMESPACE: &str = "urn:ietf:params:xml:ns:yang:ietf-restconf";
const LIBRARY_VERSION: &str = "2016-06-21";
const PATCHES: &str = "application/yang-data+json, application/yang-data+xml";

/// What stands behind RESTCONF.
pub trait Datastore {
    /// What data there can be.
    fn schema(&self) -> &'static Schema;

    /// The data below the nodes of the top that are wanted; without state where nobody wants it.
    fn read(&self, content: Content, tops: &Tops) -> Vec<Element>;

    /// What names the present configuration: it changes with any change.
    fn tag(&self) -> String;

    /// When it changed last, as HTTP has it.
    fn modified(&self) -> String;

    /// Carries out an edit, wholly or not at all.
    ///
    /// # Errors
    /// What is refused.
    fn edit(&mut self, changes: &[Element]) -> Result<(), Error>;

    /// The operations, as `module:name`.
    fn operations(&self) -> &'static [&'static str];

    /// Carries out an operation.
    ///
    /// # Errors
    /// What is refused.
    fn operate(&mut self, name: &str, input: &Map<String, Value>) -> Result<Option<Value>, Error>;
}

/// What a path is.
enum Resource {
    HostMeta,
    Root,
    LibraryVersion,
    Data(DataPath),
    Operations,
    Operation(String),
}

/// Answers a request of somebody who may ask.
pub fn serve(store: &mut dyn Datastore, request: &Request) -> Response {
    let Some(media) = Media::accepted(request.accept.as_deref()) else {
        if request.path == HOST_META {
            return answer(store, request, Media::Xml);
        }
        let error =
            Error::new(Tag::InvalidValue, "no form that is accepted").of(ErrorKind::Protocol);
        return refusal(406, Media::Json, &error);
    };
    let response = answer(store, request, media);
    match request.method {
        // All but the body.
        Method::Head => Response { body: String::new(), ..response },
        Method::Get | Method::Options | Method::Post | Method::Put => response,
        Method::Patch | Method::Delete | Method::Other => response,
    }
}

fn answer(store: &mut dyn Datastore, request: &Request, media: Media) -> Response {
    let resource = match resource(store, &request.path) {
        Ok(resource) => resource,
        Err(PathError::Unknown) => return not_found(media),
        Err(PathError::Encoding) => {
            let error = Error::new(Tag::MalformedMessage, "the path is not well encoded");
            return refusal(400, media, &error.of(ErrorKind::Protocol));
        }
        Err(PathError::Keys) => {
            let error = Error::new(Tag::InvalidValue, "wrong number of keys");
            return refusal(400, media, &error.of(ErrorKind::Application));
        }
    };
    if request.method == Method::Options {
        let allow = allowed(&resource);
        let allow_patch = allow.contains(&"PATCH");
        let allow = allow.join(", ");
        let response = Response::empty(200).header("allow", allow);
        return match resource {
            Resource::Data(_) if allow_patch => response.header("accept-patch", PATCHES),
            _ => response,
        };
    }
    let allow = allowed(&resource);
    if !allow.contains(&request.method.as_str()) {
        let error = Error::new(Tag::OperationNotSupported, "the method does not belong here");
        let response = refusal(405, media, &error.of(ErrorKind::Protocol));
        return response.header("allow", allow.join(", "));
    }
    let query = match Query::read(request.method, &request.query) {
        Ok(query) => query,
        Err(name) => {
            let message = format!("invalid query parameter {name}");
            let error = Error::new(Tag::InvalidValue, message).of(ErrorKind::Protocol);
            return refusal(400, media, &error);
        }
    };
    match resource {
        Resource::HostMeta => Response::with(
            200,
            "application/xrd+xml",
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<XRD xmlns='http://docs.oasis-open\
                 .org/ns/xri/xrd-1.0'>\n    <Link rel='restconf' href='{ROOT}'/>\n</XRD>\n"
            ),
        ),
        Resource::Root => root(media),
        Resource::LibraryVersion => library_version(media),
        Resource::Operations => operations(store, media),
        Resource::Operation(name) => operate(store, request, &name, media),
        Resource::Data(path) => data(store, request, &path, &query, media),
    }
}

fn resource(store: &dyn Datastore, path: &str) -> Result<Resource, PathError> {
    if path == HOST_META {
        return Ok(Resource::HostMeta);
    }
    let rest = path.strip_prefix(ROOT).ok_or(PathError::Unknown)?;
    match rest.trim_end_matches('/') {
        "" => return Ok(Resource::Root),
        "/yang-library-version" => return Ok(Resource::LibraryVersion),
        "/operations" => return Ok(Resource::Operations),
        "/data" => return Ok(Resource::Data(DataPath::default())),
        _ => {}
    }
    if let Some(name) = rest.strip_prefix("/operations/") {
        let known = store.operations().iter().find(|known| **known == name.trim_end_matches('/'));
        return known.map(|name| Resource::Operation((*name).to_owned())).ok_or(PathError::Unknown);
    }
    let inner = rest.strip_prefix("/data/").ok_or(PathError::Unknown)?;
    Ok(Resource::Data(DataPath::read(store.schema(), inner)?))
}

fn allowed(resource: &Resource) -> Vec<&'static str> {
    match resource {
        Resource::Operation(_) => vec!["OPTIONS", "POST"],
        Resource::Data(path) => match path.node() {
            // The datastore itself is never deleted.
            None => vec!["GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
            Some(node) if node.is_config => {
                vec!["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
            }
            Some(_) => vec!["GET", "HEAD", "OPTIONS"],
        },
        Resource::HostMeta | Resource::Root | Resource::LibraryVersion | Resource::Operations => {
            vec!["GET", "HEAD", "OPTIONS"]
        }
    }
}

/// As IOS XE says it (clients.md, section 8).
fn not_found(media: Media) -> Response {
    refusal(404, media, &Error::new(Tag::InvalidValue, "uri keypath not found"))
}

fn root(media: Media) -> Response {
    let body = match media {
        Media::Json => pretty(json!({
            "ietf-restconf:restconf": {
                "data": {}, "operations": {}, "yang-library-version": LIBRARY_VERSION
            }
        })),
        Media::Xml => format!(
            "<restconf xmlns=\"{NAMESPACE}\"><data/><operations/><yang-library-version>\
             {LIBRARY_VERSION}</yang-library-version></restconf>\n"
        ),
    };
    Response::with(200, media.as_str(), body)
}

fn library_version(media: Media) -> Response {
    let body = match media {
        Media::Json => pretty(json!({ "ietf-restconf:yang-library-version": LIBRARY_VERSION })),
        Media::Xml => format!(
            "<yang-library-version xmlns=\"{NAMESPACE}\">{LIBRARY_VERSION}</yang-library-version>\n"
        ),
    };
    Response::with(200, media.as_str(), body)
}

fn operations(store: &dyn Datastore, media: Media) -> Response {
    let names = store.operations();
    let body = match media {
        Media::Json => {
            let link = |name: &&str| {
                ((*name).to_owned(), Value::from(format!("{ROOT}/operations/{name}")))
            };
            let members: Map<String, Value> = names.iter().map(link).collect();
            pretty(json!({ "ietf-restconf:operations": members }))
        }
        Media::Xml => {
            let link = |name: &&str| {
                let bare = name.rsplit(':').next().unwrap_or(name);
                format!("<{bare}>{}</{bare}>", escaped(&format!("{ROOT}/operations/{name}")))
            };
            let all: String = names.iter().map(link).collect();
            format!("<operations xmlns=\"{NAMESPACE}\">{all}</operations>\n")
        }
    };
    Response::with(200, media.as_str(), body)
}

fn pretty(value: Value) -> String {
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}

fn operate(store: &mut dyn Datastore, request: &Request, name: &str, media: Media) -> Response {
    let input = match input(request) {
        Ok(input) => input,
        Err(response) => return *response,
    };
    match store.operate(name, &input) {
        Ok(None) => Response::empty(204),
        Ok(Some(output)) => {
            let module = name.split(':').next().unwrap_or_default();
            let mut members = Map::new();
            members.insert(format!("{module}:output"), output);
            Response::with(200, media.as_str(), body::pretty(members))
        }
        Err(error) => refused(media, &error),
    }
}

/// The `input` of an operation; empty where there is none.
fn input(request: &Request) -> Result<Map<String, Value>, Box<Response>> {
    if request.body.is_empty() {
        return Ok(Map::new());
    }
    let wrong = |message: String| {
        let error = Error::new(Tag::MalformedMessage, message).of(ErrorKind::Protocol);
        Box::new(refusal(400, Media::Json, &error))
    };
    match request.content_type.as_deref().and_then(Media::of_body) {
        Some(Media::Json) => {
            let value: Value =
                serde_json::from_slice(&request.body).map_err(|e| wrong(e.to_string()))?;
            let input = value.as_object().and_then(|members| {
                members.iter().find(|(name, _)| name.rsplit(':').next() == Some("input"))
            });
            Ok(input.and_then(|(_, value)| value.as_object().cloned()).unwrap_or_default())
        }
        Some(Media::Xml) => {
            let text = std::str::from_utf8(&request.body).map_err(|e| wrong(e.to_string()))?;
            let document = roxmltree::Document::parse(text).map_err(|e| wrong(e.to_string()))?;
            let leaf = |node: roxmltree::Node<'_, '_>| {
                let text = node.text().unwrap_or_default().trim();
                (node.tag_name().name().to_owned(), Value::from(text))
            };
            let leaves = document.root_element().children().filter(roxmltree::Node::is_element);
            Ok(leaves.map(leaf).collect())
        }
        None => Err(Box::new(unsupported(Media::Json))),
    }
}

fn unsupported(media: Media) -> Response {
    let error = Error::new(Tag::InvalidValue, "the form of the body is not known");
    refusal(415, media, &error.of(ErrorKind::Protocol))
}

/// The status of an error: RFC 8040 section 7.
fn refused(media: Media, error: &Error) -> Response {
    let status = match error.tag {
        Tag::InUse | Tag::LockDenied | Tag::ResourceDenied => 409,
        Tag::DataExists | Tag::DataMissing => 409,
        Tag::TooBig => 413,
        Tag::AccessDenied => 403,
        Tag::OperationNotSupported => 501,
        Tag::OperationFailed => 500,
        Tag::InvalidValue
        | Tag::MissingAttribute
        | Tag::BadAttribute
        | Tag::UnknownAttribute
        | Tag::MissingElement
        | Tag::BadElement
        | Tag::UnknownElement
        | Tag::UnknownNamespace
        | Tag::MalformedMessage => 400,
    };
    refusal(status, media, error)
}

fn data(
    store: &mut dyn Datastore,
    request: &Request,
    path: &DataPath,
    query: &Query,
    media: Media,
) -> Response {
    let tag = store.tag();
    let names = |list: &str| {
        list.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
    };
    let reads = matches!(request.method, Method::Get | Method::Head);
    if request.if_match.as_deref().is_some_and(|list| !names(list)) {
        let error = Error::new(Tag::OperationFailed, "the resource has changed");
        return refusal(412, media, &error.of(ErrorKind::Protocol));
    }
    if request.if_none_match.as_deref().is_some_and(names) {
        if reads {
            return Response::empty(304).header("etag", tag);
        }
        let is_there = !path.find(&store.read(Content::Config, &path.tops())).is_empty();
        if is_there {
            let error = Error::new(Tag::OperationFailed, "the resource is there already");
            return refusal(412, media, &error.of(ErrorKind::Protocol));
        }
    }
    match request.method {
        Method::Get | Method::Head => get(store, path, query, media),
        Method::Delete => delete(store, path, media),
        Method::Post => write(store, request, path, media, post),
        Method::Put => write(store, request, path, media, put),
        Method::Patch => write(store, request, path, media, patch),
        Method::Options | Method::Other => Response::empty(405),
    }
}

fn get(store: &dyn Datastore, path: &DataPath, query: &Query, media: Media) -> Response {
    let all = store.read(query.content, &path.tops());
    let found = path.find(&all);
    let wanted: Vec<Element> = found.iter().filter_map(|element| query.of(element)).collect();
    let tags = |response: Response| {
        response.header("etag", store.tag()).header("last-modified", store.modified())
    };
    if path.is_top() {
        let body = match media {
            Media::Json => {
                let inner = yang::write_json(store.schema(), &wanted, None);
                pretty(json!({ "ietf-restconf:data": inner }))
            }
            Media::Xml => {
                let mut inner = String::new();
                yang::write_xml(store.schema(), &wanted, &mut inner);
                format!("<data xmlns=\"{NAMESPACE}\">{inner}</data>\n")
            }
        };
        return tags(Response::with(200, media.as_str(), body));
    }
    if found.is_empty() {
        // A container of the schema that holds nothing is there all the same.
        let is_container = path.node().is_some_and(|node| node.kind == yang::Kind::Container);
        let has_parent = path.parent_is_there(&all);
        return if is_container && has_parent { Response::empty(204) } else { not_found(media) };
    }
    if wanted.is_empty() {
        return not_found(media);
    }
    let is_one = !path.is_all();
    tags(Response::with(200, media.as_str(), body::write(store.schema(), &wanted, media, is_one)))
}

fn delete(store: &mut dyn Datastore, path: &DataPath, media: Media) -> Response {
    let found = path.find(&store.read(Content::Config, &path.tops()));
    if found.is_empty() {
        return not_found(media);
    }
    let gone = |element: Element| Element { operation: Some(Operation::Delete), ..element };
    let bare = match path.is_all() {
        true => found.into_iter().map(gone).collect(),
        false => path.bare().map(gone).into_iter().collect(),
    };
    match store.edit(&path.around(bare)) {
        Ok(()) => Response::empty(204),
        Err(error) => refused(media, &error),
    }
}

type Write = fn(&mut dyn Datastore, &DataPath, Vec<Element>) -> Result<Response, Error>;

fn write(
    store: &mut dyn Datastore,
    request: &Request,
    path: &DataPath,
    media: Media,
    what: Write,
) -> Response {
    let Some(of_body) = request.content_type.as_deref().and_then(Media::of_body) else {
        return unsupported(media);
    };
    // The body of a POST stands below the resource, that of a PUT or PATCH for it.
    let parent = match request.method {
        Method::Post => path.node(),
        _ => path.above(),
    };
    if request.method == Method::Post && path.node().is_some_and(|node| node.leaf_type().is_some())
    {
        let error = Error::new(Tag::InvalidValue, "nothing can be created in a leaf");
        return refused(media, &error.of(ErrorKind::Protocol));
    }
    if request.method == Method::Post && path.is_all() {
        let error = Error::new(Tag::InvalidValue, "POST on list must be on list element");
        return refused(media, &error);
    }
    let elements = match (path.is_top(), body_of(request, of_body)) {
        // `ietf-restconf:data` around the whole of it.
        (true, Some(inner)) if request.method != Method::Post => {
            yang::read_json(store.schema(), None, &inner)
        }
        _ => body::read(store.schema(), parent, of_body, &request.body),
    };
    match elements.and_then(|elements| what(store, path, elements)) {
        Ok(response) => response.header("etag", store.tag()),
        Err(error) => refused(media, &error),
    }
}

fn body_of(request: &Request, media: Media) -> Option<Map<String, Value>> {
    let value: Value = match media {
        Media::Json => serde_json::from_slice(&request.body).ok()?,
        Media::Xml => return None,
    };
    value.get("ietf-restconf:data")?.as_object().cloned()
}

fn post(
    store: &mut dyn Datastore,
    path: &DataPath,
    elements: Vec<Element>,
) -> Result<Response, Error> {
    let [element] = &elements[..] else {
        let message = "the body of a POST is one resource";
        return Err(Error::new(Tag::MalformedMessage, message).of(ErrorKind::Protocol));
    };
    let location = format!("{ROOT}/data{}", path.to(store.schema(), element));
    let created = Element { operation: Some(Operation::Create), ..element.clone() };
    store.edit(&path.inside(vec![created]))?;
    Ok(Response::empty(201).header("location", location))
}

fn put(
    store: &mut dyn Datastore,
    path: &DataPath,
    elements: Vec<Element>,
) -> Result<Response, Error> {
    if path.is_top() {
        let replaced = elements.into_iter();
        let replaced = replaced.map(|e| Element { operation: Some(Operation::Replace), ..e });
        store.edit(&replaced.collect::<Vec<_>>())?;
        return Ok(Response::empty(204));
    }
    let element = only(path, elements)?;
    let is_there = !path.find(&store.read(Content::Config, &path.tops())).is_empty();
    let replaced = Element { operation: Some(Operation::Replace), ..element };
    store.edit(&path.around(vec![replaced]))?;
    Ok(Response::empty(if is_there { 204 } else { 201 }))
}

fn patch(
    store: &mut dyn Datastore,
    path: &DataPath,
    elements: Vec<Element>,
) -> Result<Response, Error> {
    if path.is_top() {
        store.edit(&elements)?;
        return Ok(Response::empty(204));
    }
    let elements = match path.is_all() {
        true => elements,
        false => vec![only(path, elements)?],
    };
    store.edit(&path.around(elements))?;
    Ok(Response::empty(204))
}

/// The one element of a body, which is the one that the path names.
fn only(path: &DataPath, elements: Vec<Element>) -> Result<Element, Error> {
    let mut elements = elements;
    let wrong = |message: &str| Err(Error::new(Tag::InvalidValue, message).of(ErrorKind::Protocol));
    match (elements.pop(), elements.is_empty()) {
        (Some(element), true) if path.fits(&element) => Ok(element),
        (Some(_), true) => wrong("the body is of another resource than the path"),
        (_, _) => wrong("the body is one resource"),
    }
}
