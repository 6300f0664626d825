//! Commands that can be built, edited and written.

use bytes::Bytes;

use super::Command;
use crate::frame::HeaderMap;
use crate::wire::Error;

/// A frame in its owned shape, or an enum of such frames: what builds and edits messages.
///
/// Setters of a role that the frame does not have do nothing.
pub trait Message: Command + Sized {
    /// A field is declared as `reason`.
    const HAS_REASON: bool = false;

    /// Sets the correlation id; fails if the id field is too narrow for it.
    fn set_id(&mut self, id: u64) -> Result<(), Error>;

    /// Sets a non-numeric correlation id, as a peer wrote it. Does nothing where the id is an integer
    /// field; fails if the id does not fit into its field, or a part with a payload codec cannot hold
    /// it.
    fn set_opaque_id(&mut self, id: &[u8]) -> Result<(), Error> {
        let _ = id;
        Ok(())
    }

    /// Sets the status; fails if the status field is too narrow, or knows no such code.
    fn set_status(&mut self, status: i64) -> Result<(), Error> {
        let _ = status;
        Ok(())
    }

    /// Replaces all headers; fails if one is a field that cannot have this value, or a part in a language
    /// of its own cannot hold it.
    fn set_headers(&mut self, headers: HeaderMap) -> Result<(), Error> {
        let _ = headers;
        Ok(())
    }

    /// Replaces the body; fails if a part with a payload codec cannot hold it.
    fn set_body(&mut self, body: Bytes) -> Result<(), Error> {
        let _ = body;
        Ok(())
    }

    /// Says why the mesh has answered in the place of a peer, in the field that is declared as `reason`.
    fn set_reason(&mut self, reason: &str) -> Result<(), Error> {
        let _ = reason;
        Ok(())
    }

    /// Bytes that [`Message::encode`] writes. Fails as `encode` does.
    fn encoded_len(&self) -> Result<usize, Error>;

    /// Appends the frame to `out`, lengths computed. On an error nothing is appended: a part that
    /// is longer than its limit or than its length field can say, a fixed value or tag that is not
    /// the declared one.
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), Error>;

    /// The frame as bytes; [`Message::encode`] into a buffer of the right size.
    fn to_bytes(&self) -> Result<Bytes, Error> {
        let mut out = Vec::new();
        self.encode(&mut out)?;
        Ok(out.into())
    }
}
