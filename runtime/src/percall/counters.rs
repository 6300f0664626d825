//! What a connection has done.

/// What a connection has done since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Calls that went to the other side, one-way calls too.
    pub calls: u64,
    /// Answers of servers that went back.
    pub answers: u64,
    /// Calls that were answered in the place of a server.
    pub local: u64,
    /// Heartbeats that were answered.
    pub heartbeats: u64,
    /// Health checks that became heartbeats.
    pub health_checks: u64,
    /// Streams that were refused: a budget is used up, or the body is not a frame.
    pub refused: u64,
    /// Frames that were dropped: answers to nobody, calls of servers.
    pub dropped: u64,
    /// Frames into which headers of Envoy were written.
    pub merged: u64,
}
