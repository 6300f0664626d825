//! Commands: what a frame means to a host, whatever its layout.

mod message;
mod payload_codec;
#[cfg(not(target_family = "wasm"))]
mod region;
mod status;
mod timeout;

use crate::frame::{HeaderMap, HeaderWriter};
use crate::wire::Error;

pub use message::Message;
pub use payload_codec::{IdEdit, MetadataEdits, PayloadCodec, PayloadId, PayloadMetadata};
#[doc(hidden)]
pub use payload_codec::{IdPlace, Located};
#[cfg(not(target_family = "wasm"))]
#[doc(hidden)]
pub use region::{Bound, NoRegions, Region, With};
pub use status::HostStatus;
pub use timeout::Timeout;

/// The kind of a frame, by its bytes alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// A call that expects a response.
    Request,
    /// A one-way call.
    OneWay,
    /// A response.
    Response,
    /// A heartbeat.
    Heartbeat,
    /// The answer to a heartbeat.
    HeartbeatAck,
}

impl MessageKind {
    /// Whether the frame is a request, a one-way call or a heartbeat, not an answer.
    pub const fn is_request(self) -> bool {
        matches!(self, Self::Request | Self::OneWay | Self::Heartbeat)
    }

    /// Whether the frame is a heartbeat or the answer to one.
    pub const fn is_heartbeat(self) -> bool {
        matches!(self, Self::Heartbeat | Self::HeartbeatAck)
    }

    /// The kind in lower-case words, e.g. `heartbeat-ack`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::OneWay => "oneway",
            Self::Response => "response",
            Self::Heartbeat => "heartbeat",
            Self::HeartbeatAck => "heartbeat-ack",
        }
    }
}

/// What becomes of a request that is not forwarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Local {
    /// The mesh answers it, as it answers calls, with success.
    Answered,
    /// It has no answer.
    Dropped,
}

/// The meaning of a frame to hosts. Owned frames and views both are commands.
pub trait Command {
    /// The kind of the frame.
    fn kind(&self) -> MessageKind;

    /// The correlation id: zero-extended bits of the id field.
    fn id(&self) -> u64;

    /// The correlation id as its peer wrote it, if that is non-numeric: then [`Command::id`] is
    /// [a number made of it](crate::frame::opaque).
    fn opaque_id(&self) -> Option<&[u8]> {
        None
    }

    /// Whether the frame is [left alone](crate::attributes#verbatim): it is neither a call nor its answer, though its
    /// kind is one-way or response, and hosts pass it with the bytes that came.
    fn is_verbatim(&self) -> bool {
        false
    }

    /// What becomes of a request that the mesh [does not forward](crate::attributes#local); `None` for others. Its kind is
    /// heartbeat.
    fn local(&self) -> Option<Local> {
        None
    }

    /// The body; empty if the frame has none.
    fn body(&self) -> &[u8];

    /// Writes the headers, in their order. Fails if the header region is not what it should be.
    fn write_headers(&self, out: &mut HeaderWriter<'_>) -> Result<(), Error>;

    /// The headers as a map of their own.
    fn header_map(&self) -> Result<HeaderMap, Error> {
        HeaderMap::from_writer(|out| self.write_headers(out))
    }

    /// The frame as a request, if it is one.
    fn as_request(&self) -> Option<&dyn Request> {
        None
    }

    /// The frame as a response, if it is one.
    fn as_response(&self) -> Option<&dyn Response> {
        None
    }
}

/// A request, one-way call or heartbeat.
pub trait Request: Command {
    /// The timeout of the call.
    fn timeout(&self) -> Timeout;

    /// Whether there is no response.
    fn is_oneway(&self) -> bool {
        self.kind() == MessageKind::OneWay
    }
}

/// A response or the answer to a heartbeat.
pub trait Response: Command {
    /// The protocol's own status of the call; 0 if the frame has no status field.
    fn status(&self) -> i64;
}
