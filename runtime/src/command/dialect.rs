//! Parts in a language of their own: hessian2, JCE, protobuf, JSON, XML.

use core::ops::Range;

use super::{Kind, Timeout};
use crate::frame::{FormatError, HeaderWriter, Headers, Template};

/// What a part says in a language of its own, for `#[frame(with = …)]` on `Bytes`.
///
/// The layout language ends where a part is written in another one: a serialisation with values of
/// every type, a document. A dialect reads of such a part what the host asks for, and writes it again
/// with what the host has changed. Which of the facts are the frame's, the roles beside `with` say:
/// `#[frame(with = Jce, kind, id, timeout, status, headers, body)]`.
///
/// All positions are counted from the start of the region. Regions come from the network: an
/// implementation never panics, never recurses without a bound, and allocates nothing by a number that it
/// has read. The [conformance suite](../conformance/fn.damage_confuses_no_dialect.html) has a test for that.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not read parts of frames",
    label = "not a dialect",
    note = "implement `meshwire::command::Dialect` for it"
)]
pub trait Dialect {
    /// What the region says about its frame. Called for every frame, so it reads no further than it has
    /// to; an error refuses the frame.
    fn facts(region: &[u8]) -> Result<Facts, FormatError>;

    /// How long the caller waits, of a region that must be walked through to tell; `None` leaves it to
    /// [`Facts::timeout`]. Hosts ask once, when a call comes, and not again when it goes out, which reads
    /// the facts as well.
    fn timeout(region: &[u8]) -> Option<Timeout> {
        let _ = region;
        None
    }

    /// Appends the headers that the region holds to `out`, in their order: what routes match on.
    fn headers(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        let _ = (region, out);
        Ok(())
    }

    /// Appends the region to `out` with the `changes` made and everything else as it came: unknown
    /// fields too, byte for byte. A change that the region cannot hold is an error.
    fn rewrite(region: &[u8], changes: &Changes<'_>, out: &mut Vec<u8>) -> Result<(), FormatError>;

    /// Appends the region of a frame that is made, not decoded: with id 0, no headers but those that are
    /// always told, and an empty body. `false` if there is no such frame.
    fn template(template: Template, out: &mut Vec<u8>) -> bool {
        let _ = (template, out);
        false
    }
}

/// What a region says about its frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What the frame is.
    pub kind: Kind,
    /// The correlation id.
    pub id: FactId,
    /// How long the caller waits.
    pub timeout: Timeout,
    /// How the call ended.
    pub status: i64,
    /// Where the body is.
    pub body: Range<usize>,
}

impl Default for Facts {
    /// A request with id 0 that says nothing else.
    fn default() -> Self {
        Self {
            kind: Kind::Request,
            id: FactId::Number(0),
            timeout: Timeout::Unset,
            status: 0,
            body: 0..0,
        }
    }
}

/// A correlation id in a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactId {
    /// A number.
    Number(u64),
    /// A text or some bytes, and where they are.
    Opaque(Range<usize>),
}

/// What shall be different when a region is written again; what is `None` stays as it came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Changes<'c> {
    /// Another correlation id.
    pub id: Option<NewId<'c>>,
    /// Another status.
    pub status: Option<i64>,
    /// Other headers: those that [`Dialect::headers`] shall tell of the region that is written.
    pub headers: Option<Headers<'c>>,
    /// Another body.
    pub body: Option<&'c [u8]>,
}

/// A correlation id to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewId<'c> {
    /// A number, for a region whose id is one.
    Number(u64),
    /// An id that is [none](FactId::Opaque), as a peer wrote it, or as the host's number is written for a
    /// region whose id is none either. (A [template](Dialect::template) may have a number where its caller
    /// has a text.)
    Opaque(&'c [u8]),
}
