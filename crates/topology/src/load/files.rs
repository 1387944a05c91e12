//! `[nodes.R1.files]`: what lies in the flash of a virtual node.

use std::ops::Range;
use std::sync::Arc;

use diagnostic::table::Table;
use indexmap::IndexMap;

use super::Loader;

/// Files of one table.
const FILES_MAX: usize = 64;
/// What they hold together, in bytes.
const BYTES_MAX: usize = 4 * 1024 * 1024;
/// How long a path in flash is, in bytes.
const PATH_BYTES_MAX: usize = 255;

/// What names flash.
const DEVICES: [&str; 2] = ["flash:", "bootflash:"];

impl Loader<'_> {
    /// Each key is a place in flash, each value a file beside this one; `file:` may stand before
    /// its path, as before a secret's.
    pub(super) fn flash_files(&mut self, table: &mut Table) -> IndexMap<String, Arc<str>> {
        let mut files: IndexMap<String, Arc<str>> = IndexMap::new();
        let span = table.key_span("files").unwrap_or_default();
        let Some(entries) = table.table("files", self.sink) else { return files };
        for (place, path) in entries.into_texts(self.sink) {
            let Some(own) = in_flash(&place.value) else {
                let message = format!("`{}` is no place in a router's flash", place.value);
                self.no_file(message, place.span, "expected `flash:NAME`, such as `flash:ca.pem`");
                continue;
            };
            match self.files.read(path.value.strip_prefix("file:").unwrap_or(&path.value)) {
                Ok(text) => drop(files.insert(own, text.into())),
                Err(error) => {
                    let message = format!("cannot read `{}`", path.value);
                    self.no_file(message, path.span, &error);
                }
            }
        }
        let bytes: usize = files.values().map(|text| text.len()).sum();
        if files.len() > FILES_MAX || bytes > BYTES_MAX {
            let message = format!("{} files of {bytes} bytes in flash", files.len());
            self.no_file(message, span, "up to 64 files, 4 MiB together");
        }
        files
    }

    fn no_file(&mut self, message: String, span: Range<usize>, label: &str) {
        self.error("TOP024", message, span, label);
    }
}

/// The one spelling of a place in flash.
fn in_flash(place: &str) -> Option<String> {
    let path = DEVICES.iter().find_map(|device| place.strip_prefix(device))?;
    let path = path.strip_prefix('/').unwrap_or(path);
    let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    let is_part =
        |part: &str| !part.is_empty() && part != "." && part != ".." && part.bytes().all(is_letter);
    let is_path = path.len() <= PATH_BYTES_MAX && path.split('/').all(is_part);
    is_path.then(|| format!("flash:{path}"))
}

#[cfg(test)]
mod tests {
    use super::in_flash;

    /// Goal: a place in flash has one spelling, and nothing else is one. Method: a table.
    #[test]
    fn places_in_flash() {
        let table = [
            ("flash:ca.pem", Some("flash:ca.pem")),
            ("bootflash:/certs/ca.pem", Some("flash:certs/ca.pem")),
            ("flash:", None),
            ("flash:../x", None),
            ("flash:a//b", None),
            ("nvram:x", None),
            ("ca.pem", None),
            ("flash:a b", None),
        ];
        for (place, want) in table {
            assert_eq!(in_flash(place).as_deref(), want, "{place}");
        }
    }
}
