//! What a connection has done.

/// What a connection has done since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Calls that went to the other side, one-way calls too.
    pub calls: u64,
    /// One-way calls among them.
    pub one_way: u64,
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
    /// Bytes on the protocol's side that are no frame. No more is read then.
    pub bad_frames: u64,
    /// Frames on the protocol's side that are longer than allowed, with the same consequence.
    pub large_frames: u64,
    /// Calls whose headers cannot be read, or are too many.
    pub bad_headers: u64,
}
