//! A tree of seeded generators: each node, and each purpose within it, draws from its own.
//!
//! A child depends on its parent's key and its own label alone, so adding a router reshuffles no
//! other router's faults (law L1).

use rand::Rng as _;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use sha2::{Digest as _, Sha256};

use crate::Duration;

/// One generator of the tree. ChaCha8: the same numbers on every machine and in every release.
#[derive(Clone, Debug)]
pub struct Rng {
    key: [u8; 32],
    stream: ChaCha8Rng,
}

impl Rng {
    /// The root of a run.
    pub fn from_seed(seed: u64) -> Self {
        Rng::from_key(Sha256::digest(seed.to_le_bytes()).into())
    }

    /// The generator for one purpose below this one. Draws nothing from this one.
    pub fn child(&self, label: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update(label.as_bytes());
        Rng::from_key(hash.finalize().into())
    }

    fn from_key(key: [u8; 32]) -> Self {
        Rng { key, stream: ChaCha8Rng::from_seed(key) }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.stream.next_u64()
    }

    /// Fills `bytes`.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        self.stream.fill_bytes(bytes);
    }

    /// A number in `0..bound`; 0 when `bound` is 0. The bias is below 2^-32 for bounds below 2^32.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.next_u64() % bound }
    }

    /// A duration in `0..=longest`, for jitter.
    pub fn up_to(&mut self, longest: Duration) -> Duration {
        Duration::from_micros(self.below(longest.as_micros().saturating_add(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a child's numbers depend on seed and label alone. Method: draw in between.
    #[test]
    fn children_do_not_disturb_each_other() {
        let mut root = Rng::from_seed(7);
        let first = root.child("R1").next_u64();
        root.next_u64();
        let _ = root.child("R2").next_u64();
        assert_eq!(root.child("R1").next_u64(), first);
        assert_ne!(root.child("R2").next_u64(), first);
        assert_ne!(Rng::from_seed(8).child("R1").next_u64(), first);
    }

    /// Goal: the generator never changes under us, since traces depend on it.
    #[test]
    fn the_first_number_of_seed_one_is_fixed() {
        assert_eq!(Rng::from_seed(1).child("R1").next_u64(), 956_971_006_359_252_885);
    }
}
