//! Lists the files of `profiles/`, so that one that is added is carried by the programs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("..");
    let mut list = String::from("&[\n");
    for name in files(&root, "profiles")? {
        let path = fs::canonicalize(root.join(&name))?;
        writeln!(list, "    ({name:?}, include_str!({path:?})),").map_err(io::Error::other)?;
    }
    list.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("profiles.rs"), list)
}

/// The files below `directory`, by their paths from `root`, in order.
#[expect(clippy::disallowed_macros, reason = "cargo listens on stdout")]
fn files(root: &Path, directory: &str) -> io::Result<Vec<String>> {
    println!("cargo::rerun-if-changed={}", root.join(directory).display());
    let mut entries = fs::read_dir(root.join(directory))?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut found = Vec::new();
    for entry in entries {
        let name = format!("{directory}/{}", entry.file_name().display());
        match entry.file_type()?.is_dir() {
            true => found.extend(files(root, &name)?),
            false => found.push(name),
        }
    }
    Ok(found)
}
