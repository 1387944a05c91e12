//! listener.toml: the sources that take deliveries, the rules that answer them, credentials.
//!
//! Loaded once by a program, which passes the text and the inventory in. All mistakes of the file
//! are reported in one go; what cannot be known before an event comes is refused then.

mod api;
pub(crate) mod apis;
mod cors;
mod course;
mod credential;
mod data;
mod devices;
mod files;
mod include;
mod journal;
mod limits;
mod policy;
mod records;
pub(crate) mod reply;
pub(crate) mod rule;
mod secrets;
mod source;
pub(crate) mod step;
mod syslog;

use std::net::SocketAddr;
use std::sync::Arc;

use diagnostic::table::{self, Shape, Table};
use diagnostic::{Diagnostic, Source, has_errors};
use redact::Redactor;
use topology::{Files, NoFiles, Topology};
use webhook::Event;

use crate::inventory::Inventory;
use crate::record::Holder;
use crate::records::Records;
use crate::template::Engine;
use crate::upstream::Upstreams;

pub use api::{Admission, Api};
pub use cors::Cors;
use course::Course;
pub(crate) use credential::Credentials;
pub use devices::{GuestKey, Guests};
use include::Parts;
pub use journal::Retention;
pub use limits::BODY_BYTES_DEFAULT;
pub(crate) use limits::Limits;
pub(crate) use rule::{ActionTemplate, Rule};
use secrets::Secrets;
pub(crate) use source::{BodyForm, Entrance};
pub use source::{Endpoint, Routes, Unrouted};
pub(crate) use syslog::Collector;
pub use syslog::{Place, Transport};

/// The inventory that is read when listener.toml names none.
pub const INVENTORY_PATH_DEFAULT: &str = "topology.toml";

/// What a listener.toml says, checked against its inventory.
#[derive(Clone, Debug)]
pub struct Config {
    /// The inventory's path, relative to the file.
    pub inventory_path: String,
    /// Whether jobs are run at all.
    pub mode: Mode,
    api: Api,
    records: Records,
    cors: Cors,
    upstreams: Arc<Upstreams>,
    /// `{NAME: {url}}`, as texts see them.
    api_urls: serde_json::Value,
    /// Below which directory files are written.
    files_directory: String,
    /// Whether APIs are stood in for.
    offline: bool,
    /// The variables of secrets that are not set, so that a text of the files is the secret.
    unset: Vec<String>,
    /// How long finished events are kept.
    pub retention: Retention,
    pub(crate) limits: Limits,
    /// The hosts that requests may name beside the inventory's nodes.
    pub guests: Guests,
    pub(crate) entrances: Vec<Entrance>,
    /// Of the entrances, in their order.
    routes: Routes,
    collectors: Vec<Collector>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) inventory: Inventory,
    pub(crate) engine: Engine,
    /// Takes secrets out of whatever is stored or told.
    pub(crate) redactor: Redactor,
}

/// What happens when a rule matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Its actions are run.
    #[default]
    Act,
    /// Its verdict is kept and shown, and nothing is run.
    Observe,
}

impl Mode {
    pub(crate) const WORDS: [(&'static str, Mode); 2] =
        [("act", Mode::Act), ("observe", Mode::Observe)];
}

impl Config {
    /// The inventory that a listener.toml names, to be loaded before [`Config::load`]. A file that
    /// cannot be read names the default: `load` says what is wrong with it.
    pub fn inventory_path(source: &Arc<Source>) -> String {
        let mut sink = Vec::new();
        let named = table::parse_recovered(source, &mut sink).text("inventory", &mut sink);
        let named = named.filter(|path| !path.value.is_empty());
        named.map_or_else(|| INVENTORY_PATH_DEFAULT.to_owned(), |path| path.value)
    }

    /// The files that a listener.toml includes, as it names them.
    pub fn includes(source: &Arc<Source>) -> Vec<String> {
        include::named(source)
    }

    /// Reads a listener.toml. `None` when it holds an error; `sink` says which.
    ///
    /// The inventory may be one that could not be read whole ([`Topology::recover`]): what is only
    /// unknown because of that is no mistake here. `files` reads what it includes, and resolves
    /// the references of secrets; all of them are relative to this file, those of the included
    /// ones, too.
    pub fn load(
        source: &Arc<Source>,
        inventory: &Topology,
        files: &mut dyn Files,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Config> {
        Config::load_over(source, None, inventory, files, sink)
    }

    /// The same, with a course's `webhook_config.json` put over it.
    pub fn load_over(
        source: &Arc<Source>,
        course: Option<&Arc<Source>>,
        inventory: &Topology,
        files: &mut dyn Files,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Config> {
        let before = sink.len();
        let root = table::parse(source, sink)?;
        let config = Config::read(root, course, inventory, files, sink);
        (!has_errors(&sink[before..])).then_some(config)
    }

    /// Where a listener is to listen: `default`, as far as a course's `webhook_config.json` does
    /// not say otherwise. What is wrong with it is told when it is loaded.
    pub fn course_address(course: &Arc<Source>, default: SocketAddr) -> SocketAddr {
        course::address(course, default)
    }

    /// What the file can hold.
    pub fn shape() -> Shape {
        let inventory = Topology::empty(&Source::new("", ""));
        Shape::record(|root| {
            Config::read(root, None, &inventory, &mut NoFiles, &mut Vec::new());
        })
    }

    fn read(
        root: Table,
        course: Option<&Arc<Source>>,
        inventory: &Topology,
        files: &mut dyn Files,
        sink: &mut Vec<Diagnostic>,
    ) -> Config {
        let before = sink.len();
        let mut parts = Parts::read(root, files, sink);
        let root = parts.root();
        let path = root.text("inventory", sink);
        let mode = root.choice("mode", &Mode::WORDS, sink);
        let retention = journal::load(root.table("journal", sink), sink);
        let mut limits = limits::load(root.table("limits", sink), sink);
        let entries = root.table("credentials", sink);
        let mut secrets = Secrets::new(files);
        let credentials = Credentials::load(inventory, entries, &mut secrets, sink);
        let api = Api::load(root.table("api", sink), &mut secrets, sink);
        let guests = Guests::load(root.table("devices", sink), sink);
        let files_directory = files::load(root.table("files", sink), sink);
        let mut upstreams = apis::load(parts.table("apis", sink), &mut secrets, sink);
        let course = course.map(|file| Course::load(file, &mut upstreams, &mut secrets, sink));
        let tables = parts.root().tables("syslog", sink);
        let takes_lines = !tables.is_empty();
        let collectors = syslog::load(tables, sink);
        let known = Inventory::new(inventory);
        let engine = Engine::new();
        let mut loader =
            rule::Loader { inventory: &known, upstreams: &upstreams, engine: &engine, sink };
        let files = secrets.files();
        let mut entrances = source::load(&mut parts, takes_lines, &credentials, files, &mut loader);
        course.unwrap_or_default().settle(&mut limits, &mut entrances);
        let cors = Cors::load(parts.root().table("cors", sink), &entrances, sink);
        let rules = rule::load(parts.tables("rules", sink), &known, &upstreams, &engine, sink);
        let records = records::load(parts.tables("records", sink), &engine, sink);
        parts.finish(sink);
        include::forget_repeated(sink, before);
        secrets.mask(&mut sink[before..]);
        Config {
            inventory_path: path
                .map_or_else(|| INVENTORY_PATH_DEFAULT.to_owned(), |path| path.value),
            mode: mode.map(|mode| mode.value).unwrap_or_default(),
            api,
            cors,
            api_urls: upstreams.urls(),
            upstreams: Arc::new(upstreams),
            files_directory,
            records,
            offline: false,
            unset: secrets.unset(),
            retention,
            limits,
            guests,
            routes: source::routes(&entrances),
            entrances,
            collectors,
            rules,
            inventory: known,
            engine,
            redactor: secrets.redactor(inventory),
        }
    }

    /// How many rules there are.
    pub fn rule_count(&self) -> usize {
        self.rules.len()
    }

    /// The rules' names, in the order of the file.
    pub fn rule_names(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| rule.name.as_str())
    }

    /// The largest body that is taken, in bytes.
    pub fn body_bytes_max(&self) -> usize {
        self.limits.body_bytes
    }

    /// The names of `[apis.*]`.
    pub fn api_names(&self) -> impl Iterator<Item = &str> {
        self.upstreams.by_name.keys().map(String::as_str)
    }

    /// `[[records]]`: logs that are made of facts.
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// The nodes' names.
    pub fn node_names(&self) -> impl Iterator<Item = &str> {
        self.inventory.names()
    }

    /// The paths on which deliveries are taken, in the order of the file.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.entrances.iter().map(|entrance| entrance.path.as_str())
    }

    /// The paths that take deliveries without any credential from loopback, for the start-up line.
    pub fn unauthenticated_paths(&self) -> impl Iterator<Item = &str> {
        let open = self.entrances.iter().filter(|entrance| entrance.unauthenticated);
        open.map(|entrance| entrance.path.as_str())
    }

    /// `--require-auth`: no source takes a delivery without a credential.
    pub fn require_authentication(&mut self) {
        for entrance in &mut self.entrances {
            entrance.unauthenticated = false;
        }
    }

    /// `--allow-unauthenticated`: what needs no credential from loopback needs none from anywhere.
    pub fn allow_unauthenticated(&mut self) {
        for entrance in &mut self.entrances {
            entrance.anywhere = true;
        }
    }

    /// Whether anybody can prove to any source who he is.
    pub fn has_authentication(&self) -> bool {
        self.entrances.iter().any(Entrance::has_authentication)
    }

    /// Whose token is the one that the shipped topology has, and worth nothing where others call.
    pub fn published_token(&self) -> Option<&str> {
        let (Holder::Node(name) | Holder::Entry(name)) =
            self.entrances.iter().find_map(Entrance::published_token)?;
        Some(name)
    }

    /// The variables `env:NAME:-TEXT` that are not set: the secrets are texts of the files then.
    pub fn unset_variables(&self) -> &[String] {
        &self.unset
    }

    /// `[api]`: who may read, and by which names the listener is called.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// `[cors]`: the web pages that may call the sources.
    pub fn cors(&self) -> &Cors {
        &self.cors
    }

    /// `[apis.*]`: the hosts that `http` actions reach.
    pub fn upstreams(&self) -> &Arc<Upstreams> {
        &self.upstreams
    }

    /// What texts see of them.
    pub(crate) fn api_urls(&self) -> &serde_json::Value {
        &self.api_urls
    }

    /// `[files]`: below which directory files are written; relative to this file until
    /// [`Config::set_files_directory`] says where that is.
    pub fn files_directory(&self) -> &str {
        &self.files_directory
    }

    /// `--files`, or where the file's own directory really is.
    pub fn set_files_directory(&mut self, directory: String) {
        self.files_directory = directory;
    }

    /// `--offline`: no API is asked; what stands in for it answers.
    pub fn go_offline(&mut self) {
        self.offline = true;
    }

    /// Whether it was said.
    pub fn is_offline(&self) -> bool {
        self.offline
    }

    /// `--react-on`: every action is run on `node`, whichever device sent the event. The error is
    /// for whoever named it.
    pub fn react_on(&mut self, node: &str) -> Result<(), String> {
        let Some(name) = self.inventory.resolve(node).map(str::to_owned) else {
            let names: Vec<&str> = self.inventory.names().collect();
            return Err(format!("no node of that name; there are {}", names.join(", ")));
        };
        for action in self.rules.iter_mut().flat_map(|rule| &mut rule.actions) {
            action.on = Some(name.clone());
        }
        Ok(())
    }

    /// Where the nodes really are: a virtual one can have its port from the system.
    pub fn set_addresses(&mut self, topology: &Topology) {
        self.inventory.set_places(topology);
    }

    /// Whether a rule of the file logs in as a request says, whatever source took it in.
    pub(crate) fn rules_read_logins(&self) -> bool {
        self.rules.iter().any(Rule::reads_logins)
    }

    /// The rule of that name; the steps of a source are one, too.
    pub(crate) fn rule(&self, name: &str) -> Option<&Rule> {
        let of_sources = self.entrances.iter().filter_map(|entrance| entrance.rule.as_ref());
        self.rules.iter().chain(of_sources).find(|rule| rule.name == name)
    }

    /// The sources, in the order of the file.
    pub fn endpoints(&self) -> impl Iterator<Item = Endpoint<'_>> {
        self.entrances.iter().map(Endpoint::new)
    }

    /// Which source takes a request.
    pub fn routes(&self) -> &Routes {
        &self.routes
    }

    /// `[[syslog]]`: where lines are taken, in the order of the file.
    pub fn collectors(&self) -> impl Iterator<Item = Place> {
        self.collectors.iter().map(|collector| collector.place)
    }

    pub(crate) fn collector(&self, place: Place) -> Option<&Collector> {
        self.collectors.iter().find(|collector| collector.place == place)
    }

    /// The collector that hears what is sent to an address of this machine.
    pub(crate) fn collector_for(&self, sent_to: Place) -> Option<Place> {
        let (to, transport) = (sent_to.listen, sent_to.transport);
        self.collectors().find(|place| {
            let own = place.listen;
            let is_there = own.ip() == to.ip() || own.ip().is_unspecified();
            place.transport == transport && own.port() == to.port() && is_there
        })
    }

    pub(crate) fn entrance(
        &self,
        method: restconf::Method,
        path: &str,
    ) -> Result<&Entrance, Unrouted> {
        self.routes.find(method, path).map(|place| &self.entrances[place])
    }

    /// The source that took in an event, if it is still there.
    pub(crate) fn entrance_of(&self, event: &Event) -> Option<&Entrance> {
        let verb = restconf::Method::named(&event.method);
        self.entrances.iter().find(|known| known.path == event.source && known.takes(verb))
    }
}

#[cfg(test)]
#[path = "config/tests.rs"]
mod tests;
