//! Changes to a received frame.

use super::Headers;

/// The changes to a received frame when it is encoded again; `None` keeps the received value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Edits<'e> {
    /// Another correlation id.
    pub id: Option<u64>,
    /// The non-numeric correlation id of a peer, as its bytes: of a frame with such an id it is
    /// what is written, in the place of `id`.
    pub opaque: Option<&'e [u8]>,
    /// Another header map. The same pairs in the same order leave the header region as it came.
    pub headers: Option<Headers<'e>>,
    /// Another body.
    pub body: Option<&'e [u8]>,
}

impl Edits<'_> {
    /// Nothing but another correlation id.
    pub const fn id(id: u64) -> Self {
        Self {
            id: Some(id),
            opaque: None,
            headers: None,
            body: None,
        }
    }

    /// Whether nothing changes but the id.
    #[inline]
    pub const fn is_id_only(&self) -> bool {
        self.headers.is_none() && self.body.is_none()
    }
}
