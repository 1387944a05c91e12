//! `[syslog]`: the certificates of routers that send over TLS.

use diagnostic::table::Table;

use super::Loader;
use crate::{NoCertificates, SyslogTls, certificates};

impl Loader<'_> {
    /// What is in the files is checked when it is used: there is no TLS here.
    pub(super) fn syslog(&mut self, root: &mut Table) -> SyslogTls {
        let Some(mut table) = root.table("syslog", self.sink) else { return SyslogTls::default() };
        let ca = self.certificates(&mut table, "ca");
        let span = table.key_span("certificate");
        let certificate = self.certificates(&mut table, "certificate");
        let key = self.secret(&mut table, "key").map(|key| key.value);
        table.finish(self.sink);
        if let (Some(span), None) = (span, &key) {
            let message = "`certificate` without its `key` proves nothing".to_owned();
            self.error("TOP022", message, span, "expected `key = \"file:...\"` beside it");
        }
        SyslogTls { ca, certificate, key }
    }

    /// Certificates in PEM, from a file; `file:` may stand before its path, as before a secret's.
    pub(super) fn certificates(&mut self, table: &mut Table, key: &'static str) -> Option<String> {
        let path = table.text(key, self.sink)?;
        match certificates(&path.value, self.files) {
            Ok(text) => Some(text),
            Err(NoCertificates { message, reason }) => {
                self.error("TOP022", message, path.span, &reason);
                None
            }
        }
    }
}
