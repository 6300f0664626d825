//! Root contexts: one for each codec that the host has configured on this plugin.

use super::settings::Settings;
use crate::protocol::Plugin;

/// The most roots that are kept. Hosts make one for each codec entry of their configuration.
const MAX: usize = 64;

/// A root context.
pub(super) struct Root<P: Plugin> {
    pub(super) id: u32,
    pub(super) state: P::Root,
    pub(super) settings: Settings,
}

impl<P: Plugin> Root<P> {
    fn new(id: u32) -> Self {
        Self {
            id,
            state: P::Root::default(),
            settings: Settings::new::<P>(),
        }
    }
}

/// The root contexts. They have ids of their own: the host counts stream contexts from 1, and 1 is
/// what most configurations call their root.
pub(super) struct Roots<P: Plugin> {
    roots: Vec<Root<P>>,
}

impl<P: Plugin> Roots<P> {
    pub(super) const fn new() -> Self {
        Self { roots: Vec::new() }
    }

    /// Whether a context with this id and parent is a root. Parent 0 says so, unless the host's
    /// configuration names its root 0 too; then only the first one is.
    pub(super) fn is_root(&self, id: u32, parent: u32) -> bool {
        parent == 0 && (self.roots.is_empty() || self.roots.iter().any(|root| root.id == id))
    }

    /// Whether this is the root of contexts that nothing is known of.
    pub(super) fn is_first(&self, id: u32) -> bool {
        self.roots.first().is_some_and(|root| root.id == id)
    }

    /// Whether there is one root at most: that of every context.
    pub(super) fn is_only(&self) -> bool {
        self.roots.len() < 2
    }

    /// The root of a stream context; the first one if its parent is unknown.
    #[inline]
    pub(super) fn of(&mut self, id: u32) -> &mut Root<P> {
        // Mostly there is one.
        if self.roots.len() == 1 {
            return &mut self.roots[0];
        }
        self.find(id)
    }

    #[inline(never)]
    fn find(&mut self, id: u32) -> &mut Root<P> {
        let at = self
            .roots
            .iter()
            .position(|root| root.id == id)
            .unwrap_or(0);
        if self.roots.is_empty() {
            self.roots.push(Root::new(id));
        }
        &mut self.roots[at]
    }

    /// The root with this id, created if missing.
    pub(super) fn start(&mut self, id: u32) -> &mut Root<P> {
        if !self.roots.iter().any(|root| root.id == id) && self.roots.len() < MAX {
            self.roots.push(Root::new(id));
        }
        self.of(id)
    }
}
