//! The state directory: host keys, `known_hosts`, the journal, control sockets.
//!
//! Opened once by each program; what it makes is for its owner alone (mode 0700).

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Names the state directory when no flag does.
const STATE_VARIABLE: &str = "EDNM_STATE";

/// An open state directory. A temporary one goes when this value does.
#[derive(Debug)]
pub struct StateDir {
    path: PathBuf,
    _temporary: Option<TempDir>,
}

/// Why there is no state directory.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// Nothing says where it should be.
    #[error("no state directory: neither `--state`, `EDNM_STATE` nor `HOME` is given")]
    NoPlace,
    /// It could not be made.
    #[error("cannot make the state directory `{}`", path.display())]
    Create {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is there, and others may write to it: they could plant a host key.
    #[error("the state directory `{}` may be written to by others (mode {mode:o})", path.display())]
    OpenToOthers {
        /// Where.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
}

impl StateDir {
    /// The directory that `flag`, else `EDNM_STATE`, else the XDG base directory specification
    /// names (`$XDG_STATE_HOME/ednm`, by default `~/.local/state/ednm`); made when absent.
    pub fn open(flag: Option<&Path>) -> Result<Self, StateError> {
        let path = place(flag, |name| std::env::var_os(name).map(PathBuf::from))?;
        StateDir::at(path)
    }

    /// A fresh one that is removed at the end: nothing is kept, and two runs never meet.
    pub fn temporary() -> Result<Self, StateError> {
        let made = tempfile::Builder::new().prefix("ednm-").tempdir();
        let made = made.map_err(|source| StateError::Create { path: std::env::temp_dir(), source });
        made.map(|dir| StateDir { path: dir.path().to_owned(), _temporary: Some(dir) })
    }

    fn at(path: PathBuf) -> Result<Self, StateError> {
        let failed = |source| StateError::Create { path: path.clone(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(failed)?;
        let mode = path.metadata().map_err(failed)?.permissions().mode() & 0o7777;
        // An existing directory is the user's: say what is wrong with it, never change it.
        if mode & 0o022 != 0 {
            return Err(StateError::OpenToOthers { path, mode });
        }
        // Sockets are named by whole paths in messages, so that they can be copied from there.
        let path = std::path::absolute(&path).map_err(failed)?;
        Ok(StateDir { path, _temporary: None })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file of trusted host keys, in OpenSSH's format.
    pub fn known_hosts(&self) -> PathBuf {
        self.path.join("known_hosts")
    }

    /// The certificate of the authority that signs those of the routers and of the listener, in
    /// PEM: for clients.
    pub fn authority(&self) -> PathBuf {
        self.path.join(crate::tls::AUTHORITY_FILE_NAME)
    }

    /// The control socket of a program: `simulator.sock`, `listener.sock`.
    pub fn control_socket(&self, program: &str) -> PathBuf {
        self.path.join(format!("{program}.sock"))
    }
}

fn place(
    flag: Option<&Path>,
    variable: impl Fn(&str) -> Option<PathBuf>,
) -> Result<PathBuf, StateError> {
    let given = |name| variable(name).filter(|path| !path.as_os_str().is_empty());
    if let Some(path) = flag.map(Path::to_owned).or_else(|| given(STATE_VARIABLE)) {
        return Ok(path);
    }
    // The specification: a relative path in the variable is invalid and is ignored.
    let xdg = given("XDG_STATE_HOME").filter(|path| path.is_absolute());
    let home = || given("HOME").map(|home| home.join(".local/state"));
    xdg.or_else(home).map(|base| base.join("ednm")).ok_or(StateError::NoPlace)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: flag, then environment, then XDG, then home. Method: a table of environments.
    #[test]
    fn the_first_place_that_is_given_wins() {
        let check = |flag: Option<&str>, variables: &[(&str, &str)], want: Option<&str>| {
            let variable = |name: &str| {
                variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into())
            };
            let got = place(flag.map(Path::new), variable).ok();
            assert_eq!(got.as_deref(), want.map(Path::new), "{flag:?} {variables:?}");
        };
        let all = [("EDNM_STATE", "e"), ("XDG_STATE_HOME", "/x"), ("HOME", "/h")];
        check(Some("f"), &all, Some("f"));
        check(None, &all, Some("e"));
        check(None, &all[1..], Some("/x/ednm"));
        check(None, &all[2..], Some("/h/.local/state/ednm"));
        check(None, &[("XDG_STATE_HOME", "x"), ("HOME", "/h")], Some("/h/.local/state/ednm"));
        check(None, &[("EDNM_STATE", ""), ("HOME", "")], None);
    }

    /// Goal: what we make is private, and a directory that others can write is refused.
    #[test]
    fn a_directory_open_to_others_is_refused() {
        let base = StateDir::temporary().unwrap();
        let made = StateDir::open(Some(&base.path().join("a/b"))).unwrap();
        assert_eq!(made.path().metadata().unwrap().permissions().mode() & 0o777, 0o700);
        let open = std::fs::Permissions::from_mode(0o777);
        std::fs::set_permissions(made.path(), open).unwrap();
        let error = StateDir::open(Some(made.path())).unwrap_err();
        assert!(error.to_string().contains("(mode 777)"), "{error}");
    }

    /// Goal: a temporary directory leaves nothing behind.
    #[test]
    fn a_temporary_one_goes() {
        let dir = StateDir::temporary().unwrap();
        let path = dir.path().to_owned();
        assert!(path.is_dir());
        drop(dir);
        assert!(!path.exists());
    }
}
