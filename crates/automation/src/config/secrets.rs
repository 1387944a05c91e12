//! The secrets that stand in listener.toml: read once, for whoever asks and for the redactor.
//!
//! Used by `credential` and `api` while the file is loaded. It keeps what it read, so that nothing
//! that the listener knows as a secret can be forgotten when texts are redacted.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use diagnostic::{Diagnostic, Source, Spanned, mask};
use redact::Redactor;
use topology::{Files, Secret, SecretRef, Topology};

/// A secret's reference is malformed.
const MALFORMED: &str = "LST006";
/// A secret stands in the file itself.
const LITERAL: &str = "LST010";

/// Resolves references, and remembers what they gave.
pub(super) struct Secrets<'a> {
    files: &'a mut dyn Files,
    values: Vec<Secret>,
    literals: Vec<(Arc<Source>, Range<usize>)>,
    /// The variables whose defaults hold.
    unset: BTreeSet<String>,
}

impl<'a> Secrets<'a> {
    pub(super) fn new(files: &'a mut dyn Files) -> Self {
        Secrets { files, values: Vec::new(), literals: Vec::new(), unset: BTreeSet::new() }
    }

    /// What it reads with.
    pub(super) fn files(&mut self) -> &mut dyn Files {
        self.files
    }

    /// The secret to which a text refers; `None` when it refers to nothing, and `sink` says so.
    pub(super) fn resolve(
        &mut self,
        text: Spanned<String>,
        source: &Arc<Source>,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Spanned<Secret>> {
        match Secret::resolve(&text.value, self.files) {
            Ok(secret) => {
                if secret.is_in_file() {
                    self.literals.push((Arc::clone(source), text.span.clone()));
                }
                if let SecretRef::Default(name) = &secret.reference {
                    self.unset.insert(name.clone());
                }
                if secret.reference == SecretRef::Literal {
                    let message = "a secret stands in the file itself";
                    sink.push(
                        Diagnostic::warning(LITERAL, message, source, text.span.clone())
                            .help("write `env:NAME` or `file:PATH`"),
                    );
                }
                self.values.push(secret.clone());
                Some(Spanned::new(secret, text.span))
            }
            Err(reason) => {
                let message = "the secret's reference cannot be read";
                sink.push(Diagnostic::error(MALFORMED, message, source, text.span).label(reason));
                None
            }
        }
    }

    /// The variables that are not set, so that what stands in the files holds.
    pub(super) fn unset(&self) -> Vec<String> {
        self.unset.iter().cloned().collect()
    }

    /// Masks the secrets that stand in files themselves wherever a diagnostic would show them.
    pub(super) fn mask(&self, sink: &mut [Diagnostic]) {
        for (place, (source, _)) in self.literals.iter().enumerate() {
            if self.literals[..place].iter().any(|(done, _)| Arc::ptr_eq(done, source)) {
                continue;
            }
            let of_this = self.literals.iter().filter(|(other, _)| Arc::ptr_eq(other, source));
            let spans: Vec<Range<usize>> = of_this.map(|(_, span)| span.clone()).collect();
            mask(sink, source, &spans);
        }
    }

    /// A redactor for all of them, and for those of the inventory.
    pub(super) fn redactor(&self, inventory: &Topology) -> Redactor {
        let own = self.values.iter().filter_map(|secret| secret.expose().ok());
        Redactor::new(inventory.secrets().chain(own.flat_map(parts)), inventory.usernames())
    }
}

/// `user:password` is as secret as its second half.
fn parts(secret: &str) -> impl Iterator<Item = &str> {
    let password = secret.split_once(':').map(|(_, password)| password);
    std::iter::once(secret).chain(password)
}
