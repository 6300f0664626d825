//! One connection of HTTP/2 (RFC 9113), of a client or of a server: bytes to events, and back.

mod connection;
mod frame;
mod receive;
mod send;
mod settings;
mod stream;

pub(super) use connection::{Connection, Local, Peer};

/// An error code of HTTP/2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ErrorCode(pub(super) u32);

impl ErrorCode {
    pub(super) const NO_ERROR: Self = Self(0);
    pub(super) const PROTOCOL_ERROR: Self = Self(1);
    pub(super) const INTERNAL_ERROR: Self = Self(2);
    pub(super) const FLOW_CONTROL_ERROR: Self = Self(3);
    pub(super) const STREAM_CLOSED: Self = Self(5);
    pub(super) const FRAME_SIZE_ERROR: Self = Self(6);
    pub(super) const REFUSED_STREAM: Self = Self(7);
    pub(super) const CANCEL: Self = Self(8);
    pub(super) const COMPRESSION_ERROR: Self = Self(9);
    pub(super) const ENHANCE_YOUR_CALM: Self = Self(11);
}

/// What a peer has done wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The connection ends.
    Connection(ErrorCode),
    /// The stream ends.
    Stream(u32, ErrorCode),
}

/// What has happened on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event<'i> {
    /// A header list has come: [`Connection::fields`].
    Headers {
        stream: u32,
        /// Nothing follows.
        end: bool,
    },
    /// A part of a body, of a stream that is open. Its bytes are taken off the window of the connection until
    /// [`Connection::release`].
    Data {
        stream: u32,
        bytes: &'i [u8],
        end: bool,
    },
    /// A stream has ended early, by the peer or for something that the peer has done wrong.
    Reset { stream: u32, code: ErrorCode },
    /// The peer accepts no streams after this one.
    GoAway { last: u32 },
    /// The connection is over.
    Failed(ErrorCode),
}
