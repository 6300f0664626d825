//! A stream of a connection.

/// A body that is on its way out.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    /// Bytes of it that have been written.
    pub(super) at: usize,
}

/// A stream that is open on at least one side.
#[derive(Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each side ends by itself, and none of them says another"
)]
pub(super) struct Stream {
    /// Bytes that may be sent.
    pub(super) send: i64,
    /// Bytes that the peer may still send.
    pub(super) receive: i64,
    /// Nothing more is sent after what is in `body`.
    pub(super) sent: bool,
    /// Nothing more comes.
    pub(super) received: bool,
    /// A header list has come.
    pub(super) has_headers: bool,
    pub(super) body: Option<Body>,
    /// Whether it is in the queue of streams with something to send.
    pub(super) queued: bool,
}

impl Stream {
    pub(super) const fn new(send: i64, receive: i64) -> Self {
        Self {
            send,
            receive,
            sent: false,
            received: false,
            has_headers: false,
            body: None,
            queued: false,
        }
    }

    /// Bytes that have not been written.
    pub(super) fn unsent(&self) -> usize {
        let body = self.body.as_ref();
        body.map_or(0, |body| body.bytes.len().saturating_sub(body.at))
    }

    /// Whether both sides are done.
    pub(super) const fn is_closed(&self) -> bool {
        self.sent && self.received && self.body.is_none()
    }
}
