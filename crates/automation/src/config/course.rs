//! `--course-config`: what a course's `webhook_config.json` says, put over the rules.
//!
//! Called by `Config::load_over`. The file is another program's, too: what means nothing here is
//! said in a warning and changes nothing. Where to listen is asked before there is a configuration.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use diagnostic::table::{self, BAD_VALUE, Table, Value};
use diagnostic::{Diagnostic, Source, Spanned};

use super::source::Entrance;
use super::{Limits, Secrets, apis, limits};
use crate::receive::{Burst, Rate};
use crate::upstream::{Upstream, Upstreams};

/// A key of the course's file that changes nothing here.
const NOT_HONOURED: &str = "LST140";
/// It names an API that there is not.
const NO_API: &str = "LST141";
/// It opens the port to other machines.
const EXPOSED: &str = "LST142";

/// What it says beside the APIs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Course {
    body_bytes: Option<usize>,
    rate: Option<Rate>,
}

/// Where a listener is to listen: `default`, as far as the course's file does not say otherwise.
/// What is wrong with it is told when the configuration is loaded.
pub(super) fn address(source: &Arc<Source>, default: SocketAddr) -> SocketAddr {
    let mut ignored = Vec::new();
    let root = table::parse_json(source, &mut ignored);
    let server = root.and_then(|mut root| root.table("server", &mut ignored));
    let Some(mut server) = server else { return default };
    let host = host(&mut server, &mut ignored).map_or(default.ip(), |host| host.value);
    let port = port(&mut server, &mut ignored).unwrap_or(default.port());
    SocketAddr::new(host, port)
}

impl Course {
    /// Reads the file. What it says of APIs is done to them.
    pub(super) fn load(
        source: &Arc<Source>,
        upstreams: &mut Upstreams,
        secrets: &mut Secrets<'_>,
        sink: &mut Vec<Diagnostic>,
    ) -> Self {
        let Some(mut root) = table::parse_json(source, sink) else { return Course::default() };
        read_server(root.table("server", sink), secrets, sink);
        if let Some(table) = root.table("apis", sink) {
            read_apis(table, upstreams, secrets, sink);
        }
        let course = Course::security(root.table("security", sink), secrets, sink);
        if let Some(mut table) = root.table("logging", sink) {
            let level = "the records are written whole; `EDNM_LOG` is the level of the engineer's";
            not_honoured(&mut table, "level", "logging.level", level, sink);
            let format = "a line is `EVENT_TYPE key=value ... ts=TIME`";
            not_honoured(&mut table, "format", "logging.format", format, sink);
            finish(table, secrets, sink);
        }
        finish(root, secrets, sink);
        course
    }

    fn security(
        table: Option<Table>,
        secrets: &mut Secrets<'_>,
        sink: &mut Vec<Diagnostic>,
    ) -> Self {
        let Some(mut table) = table else { return Course::default() };
        let source = Arc::clone(table.source());
        let key = "max_payload_size";
        let bytes = table.number(key, sink);
        let body_bytes = bytes.and_then(|bytes| limits::body_bytes(bytes, key, &source, sink));
        let rate = table.table("rate_limit", sink).and_then(|mut table| {
            let rate = rate(&mut table, sink);
            finish(table, secrets, sink);
            rate
        });
        finish(table, secrets, sink);
        Course { body_bytes, rate }
    }

    /// Does to limits and sources what it says; a source with a rate of its own keeps that.
    pub(super) fn settle(self, limits: &mut Limits, entrances: &mut [Entrance]) {
        limits.body_bytes = self.body_bytes.unwrap_or(limits.body_bytes);
        for entrance in entrances.iter_mut().filter(|entrance| !entrance.own_rate) {
            entrance.rate = self.rate.unwrap_or(entrance.rate);
        }
    }
}

fn read_server(table: Option<Table>, secrets: &mut Secrets<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(mut table) = table else { return };
    if let Some(host) = host(&mut table, sink).filter(|host| !host.value.is_loopback()) {
        let message = "the listener is opened to other machines";
        let label = "who comes without a credential is refused there, from this machine, too";
        let exposed = Diagnostic::warning(EXPOSED, message, table.source(), host.span);
        sink.push(exposed.label(label).help("`--bind 127.0.0.1:8000` keeps it to this machine"));
    }
    port(&mut table, sink);
    if let Some(reload) = table.flag("reload", sink).filter(|reload| !reload.value) {
        let message = "`server.reload` is not honoured";
        let unheard = Diagnostic::warning(NOT_HONOURED, message, table.source(), reload.span);
        sink.push(unheard.label("changed files are read again in any case"));
    }
    finish(table, secrets, sink);
}

fn host(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Spanned<IpAddr>> {
    let host = table.text("host", sink)?;
    if host.value == "localhost" {
        return Some(host.map(|_| Ipv4Addr::LOCALHOST.into()));
    }
    match host.value.parse() {
        Ok(address) => Some(Spanned::new(address, host.span)),
        Err(_) => {
            let message = format!("`{}` is no address to listen on", host.value);
            let wrong = Diagnostic::error(BAD_VALUE, message, table.source(), host.span);
            sink.push(wrong.label("expected `127.0.0.1`, `0.0.0.0` or another IP address"));
            None
        }
    }
}

fn port(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<u16> {
    let port = table.number("port", sink)?;
    let read = u16::try_from(port.value).ok();
    if read.is_none() {
        let wrong =
            Diagnostic::error(BAD_VALUE, "`port` is out of range", table.source(), port.span);
        sink.push(wrong.label("expected 0 to 65535"));
    }
    read
}

/// As many at once as a minute has: who counts to sixty sends them as he likes.
fn rate(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Rate> {
    let count = table.number("requests_per_minute", sink)?;
    let rate = format!("{}/m", count.value).parse::<Rate>();
    match (rate, Burst::new(count.value)) {
        (Ok(rate), Ok(burst)) => Some(rate.with_burst(burst)),
        (Err(_), _) | (_, Err(_)) => {
            let message = "`requests_per_minute` is out of bounds";
            let wrong = Diagnostic::error(BAD_VALUE, message, table.source(), count.span);
            sink.push(wrong.label("expected 1 to 1000000"));
            None
        }
    }
}

fn read_apis(
    table: Table,
    upstreams: &mut Upstreams,
    secrets: &mut Secrets<'_>,
    sink: &mut Vec<Diagnostic>,
) {
    let source = Arc::clone(table.source());
    for (name, table) in table.into_tables(sink) {
        let known = upstreams.by_name.values_mut();
        let found = known.into_iter().find(|upstream| upstream.course_name == name.value);
        if let Some(upstream) = found {
            change(upstream, &name.value, table, secrets, sink);
            continue;
        }
        let names: Vec<&str> = upstreams.iter().map(|one| one.course_name.as_str()).collect();
        let message = format!("no API of the rules is called `{}`", name.value);
        let unknown = Diagnostic::warning(NO_API, message, &source, name.span);
        let unknown = unknown.label("`course-config` of an `[apis.NAME]` says what it is called");
        sink.push(unknown.did_you_mean(&name.value, names));
    }
}

/// Another URL, other headers.
fn change(
    upstream: &mut Upstream,
    name: &str,
    mut table: Table,
    secrets: &mut Secrets<'_>,
    sink: &mut Vec<Diagnostic>,
) {
    let source = Arc::clone(table.source());
    for key in ["url", "base_url"] {
        let url = table.text(key, sink);
        let base = url.and_then(|url| apis::base(&url, &source, sink));
        if let Some(base) = base {
            upstream.private |= apis::is_private(&base);
            upstream.base = base;
        }
    }
    for (header, value) in apis::headers(table.table("headers", sink), secrets, sink) {
        upstream.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(&header));
        upstream.headers.push((header, value));
    }
    let path = format!("apis.{name}.endpoints");
    not_honoured(&mut table, "endpoints", &path, "the steps of the rules say the paths", sink);
    finish(table, secrets, sink);
}

fn not_honoured(
    table: &mut Table,
    key: &'static str,
    path: &str,
    why: &str,
    sink: &mut Vec<Diagnostic>,
) {
    let place = table.key_span(key);
    table.value(key);
    let Some(place) = place else { return };
    let message = format!("`{path}` is not honoured");
    sink.push(Diagnostic::warning(NOT_HONOURED, message, table.source(), place).label(why));
}

/// Says what nobody asked for. A secret among it is told as one, and shown by no diagnostic.
fn finish(table: Table, secrets: &mut Secrets<'_>, sink: &mut Vec<Diagnostic>) {
    let source = Arc::clone(table.source());
    for (name, value) in table.clone().into_entries() {
        let Value::Text(text) = value.value else { continue };
        let refers = text.starts_with("env:") || text.starts_with("file:");
        if redact::is_secret_key(&name.value) && !refers {
            secrets.resolve(Spanned::new(text, value.span), &source, sink);
        }
    }
    table.finish_shared(sink);
}

#[cfg(test)]
#[path = "course_tests.rs"]
mod tests;
