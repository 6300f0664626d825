//! Frames: one message on the wire, as the struct its author wrote and as a view over kept bytes.

pub(crate) mod check;
mod detect;
mod edits;
pub mod entry;
mod field;
mod field_role;
mod head;
mod header_diff;
pub(crate) mod headers;
mod layout;
pub(crate) mod len;
#[doc(hidden)]
pub mod mark;
pub mod opaque;
mod own_length;
mod part;
mod position;
#[doc(hidden)]
pub mod ranges;
mod refused;
mod scan;
mod select;
mod splice;
pub(crate) mod text;
mod verdict;

use bytes::Bytes;

use crate::wire::{Error, Slot};

pub use detect::Detection;
pub(crate) use detect::{holds, holds_digits};
pub use edits::Edits;
pub use field::{Field, Place};
pub use field_role::FieldRole;
pub use head::{Front, Head};
pub use header_diff::{Action, HeaderDiff};
pub use headers::{
    Counted, FlatText, FormatError, HeaderFormat, HeaderWriter, Headers, RegionReader,
    RegionWriter, SizedPairs, TextPairs,
};
pub(crate) use headers::{HeaderMap, rewritten};
pub use layout::{AsHeader, Condition, Content, Covers, Layout, MAX_FRAME};
pub use own_length::OwnLengths;
pub use part::Part;
pub use scan::{Limit, Scan, Stop};
pub use select::{Select, SelectWhole};
pub use splice::Splice;
pub(crate) use text::Text;
pub use verdict::Verdict;

/// The direction of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// A request.
    Request,
    /// A response.
    Response,
    /// Requests and responses have this layout: field values distinguish them.
    Either,
}

/// The purpose of a frame that is made, not decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// A call, every field at its default.
    Request,
    /// An answer, every field at its default.
    Response,
    /// A heartbeat.
    Heartbeat,
    /// The answer to a heartbeat.
    HeartbeatAck,
}

/// A frame over the received bytes: fixed fields are read in place, parts are slices, headers are
/// parsed on demand.
pub trait View {
    /// The frame's bytes, all of them and no more.
    fn raw(&self) -> &[u8];

    /// The header region of the frame, if it is encoded as a header block: hosts
    /// that keep headers as a block compare it. Empty if the frame has no headers; `None` if they
    /// have a [format](HeaderFormat), are decoded by a payload codec, or are not all of the
    /// headers, because fields are shown among them.
    fn header_block(&self) -> Option<&[u8]>;

    /// The part in which a lenient server may read another value than the header of this name has, as its payload codec
    /// [knows](crate::command::PayloadCodec::is_doubtful).
    fn doubt(&self, header: &str) -> Option<&'static str> {
        let _ = header;
        None
    }

    /// Appends the frame to `out` with the `edits` made and everything else unchanged. On an
    /// error nothing is appended.
    fn rewrite(&self, edits: &Edits<'_>, out: &mut Vec<u8>) -> Result<(), Error>;

    /// The same of a frame whose front alone is here, up to its body: appends the front with the `edits` made, as it
    /// is before a body of `body` bytes. Whether that can be: on `false` nothing is appended. The edits are of the
    /// id and the headers.
    #[doc(hidden)]
    fn rewrite_head(&self, edits: &Edits<'_>, body: usize, out: &mut Vec<u8>) -> bool {
        let _ = (edits, body, out);
        false
    }

    /// Gives `place` each field that holds the correlation id, with its first byte: a host that keeps the
    /// bytes writes another id there. None where nothing but `rewrite` can write one.
    #[doc(hidden)]
    fn id_places(&self, place: &mut dyn FnMut(usize, &'static Slot)) {
        let _ = place;
    }
}

/// One frame layout, derived from an annotated struct by `#[derive(Frame)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a frame",
    label = "`#[derive(Frame)]` is missing"
)]
pub trait Frame: Sized {
    /// The frame over borrowed bytes.
    type View<'a>: View;

    /// Whether frames of this layout are requests or responses.
    const DIRECTION: Direction;
    /// Every field by name, place and meaning.
    const LAYOUT: Layout;
    /// Bytes of the fixed part at the front.
    const FIXED: usize;
    /// Whether the declaration has heartbeat constraints.
    const HEARTBEAT: bool = false;
    /// Whether a frame of this layout can answer a heartbeat.
    const HEARTBEAT_ACK: bool = false;
    /// Whether the mesh answers some of these frames itself.
    #[doc(hidden)]
    const LOCAL: bool = false;
    /// Whether the correlation id can be non-numeric.
    const OPAQUE: bool = false;
    /// The largest number that fits into the correlation id.
    const LARGEST_ID: u64 = Self::LAYOUT.largest_id();

    /// Whether the bytes before the body say all that a host has to know of a frame, and another id is written
    /// without the body.
    #[doc(hidden)]
    const LEAN: bool = false;
    /// Whether that is done by changing the bytes of its fields alone; else the front is
    /// [written again](View::rewrite_head).
    #[doc(hidden)]
    const PATCHED: bool = false;
    /// Whether the front can be written again, with other headers and another length of the body.
    #[doc(hidden)]
    const REWRITTEN: bool = false;

    /// Whether the headers are in the body, where a payload codec reads them that
    /// [takes all](crate::command::PayloadCodec::TAKES_ALL): the front says the rest.
    #[doc(hidden)]
    const LATER: bool = false;

    /// Whether every declared magic and tag is there and correct.
    fn fits(bytes: &[u8]) -> bool;

    /// Compares the declared magics and tags with as many bytes as there are.
    fn detect(bytes: &[u8]) -> Detection;

    /// Walks the fixed part and the lengths of a frame that has been detected.
    fn scan(bytes: &[u8]) -> Result<Self::View<'_>, Stop>;

    /// The same for the bytes before the body: only of a layout that is [`LEAN`](Self::LEAN).
    #[doc(hidden)]
    fn scan_head(bytes: &[u8]) -> Result<Head<Self::View<'_>>, Stop> {
        let _ = bytes;
        Err(Stop::Need(usize::MAX))
    }

    /// The owned shape. Fails where a view leaves bytes unparsed that the owned shape needs: headers.
    fn from_view(view: &Self::View<'_>, bytes: &Bytes) -> Result<Self, Error>;

    /// A frame of this layout for `template`, made of the declared defaults and constraints;
    /// `None` if the declaration has none.
    fn template(template: Template) -> Option<Self>;

    /// The same for an answer to `request`, with the values of the request that the declaration has answers repeat.
    fn answer(template: Template, request: &Self::View<'_>) -> Option<Self> {
        let _ = request;
        Self::template(template)
    }

    /// Bytes that `bytes` lacks of a whole fixed part; at least 1.
    fn lacking(bytes: &[u8]) -> usize {
        Self::FIXED.saturating_sub(bytes.len()).max(1)
    }

    /// What is wrong with the front of a frame in which a length in the fixed part says that what it covers
    /// ends before the fixed part does. A scan comes to such a length late where another one is around it.
    #[doc(hidden)]
    #[allow(
        clippy::inline_always,
        reason = "where the layout is known, nothing is left of it for most"
    )]
    #[inline(always)]
    fn ends_early(bytes: &[u8]) -> Option<Error> {
        if const { OwnLengths::of(&Self::LAYOUT).is_empty() } {
            return None;
        }
        const { &OwnLengths::of(&Self::LAYOUT) }.refuse(bytes)
    }

    /// The answer of a [scan](Self::scan) of these bytes.
    #[doc(hidden)]
    #[allow(
        clippy::inline_always,
        reason = "where the layout is known, nothing is left of it for most"
    )]
    #[inline(always)]
    fn settle<T>(bytes: &[u8], scan: Result<T, Stop>) -> Verdict<T> {
        // Not by a closure: it would hold the view, and copying that takes longer than the scan.
        if let Err(Stop::Need(_)) = scan {
            if let Some(error) = Self::ends_early(bytes) {
                return Verdict::Malformed(error);
            }
        }
        scan.into()
    }

    /// How many bytes the frame at the front of `bytes` has.
    fn measure(bytes: &[u8]) -> Verdict {
        Self::parse(bytes).map(|view| view.raw().len())
    }

    /// The frame at the front of `bytes`, borrowed.
    fn parse(bytes: &[u8]) -> Verdict<Self::View<'_>> {
        if Self::fits(bytes) {
            Self::settle(bytes, Self::scan(bytes))
        } else {
            Select::new(bytes).or::<Self>().verdict()
        }
    }

    /// The frame at the front of `bytes`, owned; parts share the memory of `bytes`.
    fn decode(bytes: &Bytes) -> Verdict<Self> {
        Self::parse(bytes).and_then(|view| Self::from_view(&view, bytes))
    }
}
