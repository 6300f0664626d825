//! What the author's own code is told about the call at hand.

use super::{Logger, Protocol};

/// The surroundings of one call into the author's own code.
#[derive(Clone, Copy)]
pub struct ProtocolContext<'c, P: Protocol> {
    /// The plugin's state, made from its configuration.
    pub root: &'c P::Root,
    /// Lines for the host's log.
    pub log: Logger<'c>,
}
