//! Tests of the public face: topology files, right and wrong.

mod contract;
mod laws;
mod mistakes;

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Source};
use topology::{Files, Topology};

/// Files and variables that a test has.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) files: BTreeMap<&'static str, &'static str>,
    pub(crate) env: BTreeMap<&'static str, &'static str>,
}

impl Files for World {
    fn read(&mut self, path: &str) -> Result<String, String> {
        let text = self.files.get(path).ok_or("No such file or directory")?;
        Ok((*text).to_owned())
    }

    fn env(&mut self, name: &str) -> Option<String> {
        self.env.get(name).map(|value| (*value).to_owned())
    }
}

pub(crate) fn load(text: &str, mut world: World) -> (Option<Topology>, Vec<Diagnostic>) {
    let mut sink = Vec::new();
    let topology = Topology::load(&Source::new("lab/topology.toml", text), &mut world, &mut sink);
    (topology, sink)
}
