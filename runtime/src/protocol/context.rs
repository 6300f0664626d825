//! The context of the current call for the author's own code.

use core::fmt;

use super::{Logger, Protocol};

/// The context of one call into the author's own code.
#[derive(Clone, Copy)]
pub struct ProtocolContext<'c, P: Protocol> {
    /// The plugin's state, made from its configuration.
    pub root: &'c P::Root,
    /// Lines for the host's log.
    pub log: Logger<'c>,
}

impl<P: Protocol> ProtocolContext<'_, P> {
    /// The value of a step on the way to an answer. An error is logged to the host, and no answer is sent: the peer
    /// that waits for it gets none, so the cause must be logged.
    ///
    /// ```
    /// # use meshwire::{Hijacker, Message, Protocol, ProtocolContext, Template, Codec, Command};
    /// fn answer<P: Protocol>(context: &ProtocolContext<'_, P>, request: &P::View<'_>) -> Option<P::Frame> {
    ///     let mut answer = P::template_for(request, Template::Response)?;
    ///     context.ok(answer.set_id(request.id()))?;
    ///     Some(answer)
    /// }
    /// ```
    #[inline]
    pub fn ok<T, E: fmt::Display>(&self, step: Result<T, E>) -> Option<T> {
        step.map_err(|error| self.failed(&error)).ok()
    }

    #[cold]
    #[inline(never)]
    fn failed(&self, error: &dyn fmt::Display) {
        self.log
            .error(format_args!("cannot build the answer: {error}"));
    }
}
