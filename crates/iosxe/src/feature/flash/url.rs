//! What names a file: `flash:/logs/x.txt`, `running-config`, `tftp://192.0.2.9/x`.

use std::fmt;

use super::{Device, Path};

/// What a command is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Url {
    /// A file or a directory of this router, by the device's name as it was given.
    Local {
        device: String,
        path: Path,
    },
    Running,
    Startup,
    /// Takes everything, gives nothing.
    Null,
    /// On another machine; no scheme has its colon.
    Remote {
        scheme: String,
        host: String,
        path: String,
    },
    /// On something that this router does not have.
    Unknown(String),
}

/// The names of flash.
const FLASH: [&str; 4] = ["bootflash", "disk0", "flash", "flash0"];

/// The protocols of file servers.
const REMOTE: [&str; 7] = ["ftp", "http", "https", "rcp", "scp", "sftp", "tftp"];

impl Url {
    /// Reads what was typed. A name without a device is one of flash.
    pub(super) fn parse(text: &str) -> Url {
        let text = text.trim();
        match text {
            "running-config" | "system:running-config" | "system:/running-config" => Url::Running,
            "startup-config" | "nvram:startup-config" | "nvram:/startup-config" => Url::Startup,
            _ => match text.split_once(':') {
                None => Url::local("flash", Device::Flash, text),
                Some((device, rest)) => Url::on(device, rest, text),
            },
        }
    }

    fn on(device: &str, rest: &str, text: &str) -> Url {
        match device.to_ascii_lowercase().as_str() {
            "null" => Url::Null,
            "nvram" => Url::local(device, Device::Nvram, rest),
            name if FLASH.contains(&name) => Url::local(device, Device::Flash, rest),
            name if REMOTE.contains(&name) => {
                let rest = rest.trim_start_matches('/');
                let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
                Url::Remote { scheme: name.into(), host: host.into(), path: path.into() }
            }
            _ => Url::Unknown(text.to_owned()),
        }
    }

    fn local(device: &str, kind: Device, name: &str) -> Url {
        Url::Local { device: device.to_owned(), path: Path::new(kind, name) }
    }

    /// The name that a copy of it has.
    pub(super) fn file_name(&self) -> &str {
        match self {
            Url::Local { path, .. } => path.file_name(),
            Url::Running => "running-config",
            Url::Startup => "startup-config",
            Url::Null => "null",
            Url::Remote { path, .. } => path.rsplit_once('/').map_or(path, |(_, name)| name),
            Url::Unknown(text) => {
                text.rsplit_once(['/', ':']).map_or(text.as_str(), |(_, name)| name)
            }
        }
    }

    /// The same device with another path.
    pub(super) fn with_path(&self, path: Path) -> Url {
        match self {
            Url::Local { device, .. } => Url::Local { device: device.clone(), path },
            other => other.clone(),
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Url::Local { device, path } => write!(f, "{device}:/{}", path.name),
            Url::Running => f.write_str("system:running-config"),
            Url::Startup => f.write_str("nvram:startup-config"),
            Url::Null => f.write_str("null:"),
            // Who logs in there, and with which password, is nobody's business.
            Url::Remote { scheme, host, path } => match host.rsplit_once('@') {
                Some((_, host)) => write!(f, "{scheme}://*****:*****@{host}/{path}"),
                None => write!(f, "{scheme}://{host}/{path}"),
            },
            Url::Unknown(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: every form that applets write names what is meant. Method: a table.
    #[test]
    fn urls_read() {
        let table = [
            ("flash:x.txt", "flash:/x.txt"),
            ("flash:/x.txt", "flash:/x.txt"),
            ("flash://logs//x.txt", "flash:/logs/x.txt"),
            ("flash0:highcpu.txt", "flash0:/highcpu.txt"),
            ("bootflash:", "bootflash:/"),
            ("x.txt", "flash:/x.txt"),
            ("-*", "flash:/-*"),
            ("nvram:ep.tcl", "nvram:/ep.tcl"),
            ("nvram:startup-config", "nvram:startup-config"),
            ("running-config", "system:running-config"),
            ("null:", "null:"),
            ("tftp://192.0.2.9/a/b", "tftp://192.0.2.9/a/b"),
            ("tftp:", "tftp:///"),
            ("ftp://user:word@192.0.2.9/", "ftp://*****:*****@192.0.2.9/"),
            ("sdflash:x", "sdflash:x"),
        ];
        for (text, want) in table {
            assert_eq!(Url::parse(text).to_string(), want, "{text}");
        }
    }
}
