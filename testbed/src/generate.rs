//! `ednm gen topology`: a lab of any size, with all files that it needs.
//!
//! Called by `ednm`, by the benchmark and by tests. The same arguments give the same bytes. It
//! must never write over a file unless told to.

use std::path::{Path, PathBuf};

use host::{ExpectedError, message};
use serde_json::json;
use topology::generate::{Generated, Plan, generate};

use crate::args::{GenArgs, GenTopologyArgs};

/// Runs the verb.
pub(crate) fn run(args: GenArgs) -> Result<(), ExpectedError> {
    match args {
        GenArgs::Topology(args) => topology(&args),
    }
}

fn topology(args: &GenTopologyArgs) -> Result<(), ExpectedError> {
    let plan = Plan { shape: args.shape, nodes: args.nodes, seed: args.seed, ports: args.ports };
    let made = generate(&plan).map_err(ExpectedError::usage)?;
    let directory = match &args.into {
        Some(directory) => directory.clone(),
        None => PathBuf::from(format!("{}-{}", plan.shape.word(), plan.nodes)),
    };
    let topology = directory.join("topology.toml");
    if topology.exists() && !args.force {
        let message = format!("`{}` is there already", topology.display());
        let hint = "another directory with `--into`, or `--force` to write over it";
        return Err(ExpectedError::environment_message(message).with_hint(hint));
    }
    write(&directory, &made)?;
    if args.format.is_json() {
        let document = json!({
            "topology": topology.display().to_string(),
            "nodes": plan.nodes,
            "links": made.links,
        });
        return message::data(&document.to_string());
    }
    message::data(&topology.display().to_string())?;
    let (nodes, links) = (plan.nodes, made.links);
    message::hint(&format!(
        "{nodes} routers, {links} links: `ednm check {0}`, then `ednm up --topology {0}`",
        topology.display()
    ));
    Ok(())
}

fn write(directory: &Path, made: &Generated) -> Result<(), ExpectedError> {
    let failed = |path: &Path, error: &std::io::Error| {
        let message = format!("cannot write `{}`: {error}", path.display());
        ExpectedError::environment_message(message)
    };
    let configs = directory.join("configs");
    std::fs::create_dir_all(&configs).map_err(|error| failed(&configs, &error))?;
    for (name, text) in &made.files {
        let path = directory.join(name);
        std::fs::write(&path, text).map_err(|error| failed(&path, &error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
