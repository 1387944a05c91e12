//! The director's configuration: environment, scheduler, applets, and their registration.

use std::fmt;
use std::sync::Arc;

use simtime::Time;

use super::{Configured, Director, Registered, syslog};
use crate::applet::{Applet, Class, Options};
use crate::detector::Arming;
use crate::history::HISTORY_EVENTS_DEFAULT;
use crate::intern::{self, Whole};
use crate::interpreter::Failure;
use crate::message::Message;
use crate::problem::Problem;
use crate::{BlockFault, Router, Text};

/// Why an applet is not registered.
enum Unfit {
    NoEvent,
    Blocks(Vec<BlockFault>),
    Detector(Failure),
}

impl Director {
    /// `event manager environment NAME VALUE`. Runs see the new value with their next action.
    pub fn set_environment(&mut self, name: &str, value: &str) {
        self.shared.environment.insert(name.to_owned(), value.to_owned());
    }

    /// `no event manager environment NAME`: whether there was one.
    pub fn remove_environment(&mut self, name: &str) -> bool {
        self.shared.environment.shift_remove(name).is_some()
    }

    /// The environment, in the order in which it was configured.
    pub fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.shared.environment.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// `event manager scheduler applet thread class C number N`; `None` takes it back.
    pub fn set_threads(&mut self, class: Class, number: Option<u32>) {
        match number {
            Some(number) => self.threads.insert(class, number),
            None => self.threads.remove(&class),
        };
    }

    /// What an applet says of itself.
    pub(crate) fn description(&self, applet: &str) -> Option<&str> {
        self.applets.iter().find(|known| known.applet.name() == applet)?.applet.description()
    }

    /// `event manager history size events N`; `None` takes it back.
    pub fn set_history_size(&mut self, size: Option<usize>) {
        self.history.resize(size.unwrap_or(HISTORY_EVENTS_DEFAULT));
    }

    /// `event manager applet NAME [OPTIONS]`: makes the applet, or adds to its options.
    pub fn enter_applet(&mut self, name: &str, options: Options) {
        let configured = self.configured(name);
        let mut merged = configured.applet.options;
        merged.merge(options);
        if merged != configured.applet.options {
            Arc::make_mut(&mut configured.applet).options = merged;
            configured.is_edited = true;
        }
    }

    /// One line of an applet's body, `no ...` included. A line with a fault changes nothing.
    ///
    /// The applet may be gone: another session, or itself, may have removed it. It is made anew, as
    /// IOS does.
    pub fn applet_line(&mut self, name: &str, line: &str) -> Result<(), Problem> {
        let dialect = self.dialect;
        let configured = self.configured(name);
        Arc::make_mut(&mut configured.applet).line(line, dialect)?;
        configured.is_edited = true;
        Ok(())
    }

    /// Leaves applet mode: the applet is registered if it changed. What is to be logged comes back.
    pub fn leave_applet(&mut self, now: Time, router: &dyn Router, name: &str) -> Vec<Message> {
        let mut all = self.applets.iter_mut();
        let found = all.find(|configured| configured.applet.name() == name);
        let Some(configured) = found else { return Vec::new() };
        if !std::mem::take(&mut configured.is_edited) {
            return Vec::new();
        }
        let applet = Arc::clone(&configured.applet);
        self.deregister(name);
        let has_actions = !applet.statements.is_empty();
        match self.register(now, router, &applet) {
            // An event without actions is legal (it can suppress a command), yet IOS warns.
            Ok(()) if has_actions => Vec::new(),
            Ok(()) => vec![Message::no_action(name)],
            Err(unfit) => unfit.messages(name),
        }
    }

    /// `no event manager applet NAME`: whether there was one. Runs go on to their last action.
    pub fn remove_applet(&mut self, name: &str) -> bool {
        self.deregister(name);
        let before = self.applets.len();
        self.applets.retain(|configured| configured.applet.name() != name);
        self.applets.len() < before
    }

    fn deregister(&mut self, name: &str) {
        self.syslog = syslog::Index::Unknown;
        self.registered.retain(|registered| *registered.program.name != *name);
        self.look_ahead();
    }

    /// The applet of this name, made if there is none.
    fn configured(&mut self, name: &str) -> &mut Configured {
        let known = self.applets.iter().position(|configured| configured.applet.name() == name);
        let at = known.unwrap_or_else(|| {
            let applet = Arc::new(Applet::new(name));
            self.applets.push(Configured { applet, is_edited: true });
            self.applets.len() - 1
        });
        &mut self.applets[at]
    }

    fn register(
        &mut self,
        now: Time,
        router: &dyn Router,
        applet: &Arc<Applet>,
    ) -> Result<(), Unfit> {
        if applet.events.is_empty() {
            return Err(Unfit::NoEvent);
        }
        let Whole { applet, program } = intern::whole(applet).map_err(Unfit::Blocks)?;
        self.configured(applet.name()).applet = Arc::clone(&applet);
        let environment = &self.shared.environment;
        let expand = |text: &Text| text.expand(|name| environment.get(name).map(String::as_str));
        let arming = Arming { now, expand: &expand, router };
        let registered = Registered::new(program, &arming).map_err(Unfit::Detector)?;
        self.syslog = syslog::Index::Unknown;
        self.registered.push(registered);
        self.look_ahead();
        Ok(())
    }

    /// The lines of the running-config, in the order of eem.md, section 6.2.
    pub fn config(&self) -> impl fmt::Display + '_ {
        fmt::from_fn(|f| {
            for (name, value) in &self.shared.environment {
                writeln!(f, "event manager environment {name} {value}")?;
            }
            for (class, number) in &self.threads {
                let command = "event manager scheduler applet thread class";
                writeln!(f, "{command} {class} number {number}")?;
            }
            write!(f, "{}", self.applets_config())
        })
    }

    /// The lines of the applets alone.
    pub fn applets_config(&self) -> impl fmt::Display + '_ {
        fmt::from_fn(|f| {
            self.applets.iter().try_for_each(|configured| write!(f, "{}", configured.applet))
        })
    }
}

impl Unfit {
    fn messages(&self, applet: &str) -> Vec<Message> {
        match self {
            Unfit::NoEvent => vec![Message::no_event(applet)],
            Unfit::Blocks(faults) => {
                let messages = faults.iter().map(|fault| fault.to_string());
                messages.map(|fault| Message::configuration(applet, &fault)).collect()
            }
            Unfit::Detector(failure) => failure.message().into_iter().collect(),
        }
    }
}
