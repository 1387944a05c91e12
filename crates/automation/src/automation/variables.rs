//! Variables that steps set and every expression of the listener sees afterwards: `vars.NAME`.
//!
//! Each is kept in the journal with the decision that set it, and replaces the one before it.

use serde_json::{Map, Value as Json};

use crate::gate::{Keeper, Kept, Memory};

/// How many there can be.
const VARIABLES_MAX: usize = 256;
/// How large one can be, as JSON, in bytes.
const VARIABLE_BYTES_MAX: usize = 4 * 1024;

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Variables {
    all: Map<String, Json>,
    kept: Vec<Kept>,
}

impl Variables {
    pub(super) fn all(&self) -> &Map<String, Json> {
        &self.all
    }

    /// Gives a variable a value, or says why there is no room for it.
    pub(super) fn set(&mut self, name: &str, value: Json, event: &str) -> Result<(), String> {
        if value.to_string().len() > VARIABLE_BYTES_MAX {
            return Err(format!("more than {VARIABLE_BYTES_MAX} bytes"));
        }
        if self.all.len() >= VARIABLES_MAX && !self.all.contains_key(name) {
            return Err(format!("there are {VARIABLES_MAX} variables already"));
        }
        let memory = Memory { value: Some(value.clone()), ..Memory::default() };
        self.kept.push(Kept {
            keeper: Keeper::Variable,
            rule: String::new(),
            group: name.to_owned(),
            event: event.to_owned(),
            memory: Some(memory),
        });
        self.all.insert(name.to_owned(), value);
        Ok(())
    }

    /// What is not in the journal yet.
    pub(super) fn take_kept(&mut self) -> Vec<Kept> {
        std::mem::take(&mut self.kept)
    }

    /// A restart: one as the journal has it.
    pub(super) fn recover(&mut self, kept: &Kept) {
        let value = kept.memory.as_ref().and_then(|memory| memory.value.clone());
        if let Some(value) = value {
            self.all.insert(kept.group.clone(), value);
        }
    }
}
