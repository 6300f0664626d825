//! Parts with a payload codec: hessian2, JCE, protobuf, JSON, XML.

use core::any::Any;
use core::ops::Range;

use super::{MessageKind, Timeout};
use crate::frame::{FormatError, HeaderWriter, Headers, Template};
use crate::wire::{Keys, Reason};

/// Reads and writes a part with its own serialisation, for `#[frame(with = …)]` on `Bytes`.
///
/// Attributes cannot describe a part with a serialisation such as hessian2, JCE, protobuf, JSON or XML. A payload
/// codec reads the metadata of the frame from such a part, and writes the part again with the host's edits. The
/// roles beside `with` list what it decodes: `#[frame(with = Jce, kind, id, timeout, status, headers, body)]`.
///
/// All positions are counted from the start of the region. Regions come from the network: an
/// implementation never panics, never recurses without a bound, and allocates nothing by a number that it
/// has read. The conformance suite, `meshwire_testing::conformance`, has a test for that.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not decode parts of frames",
    label = "not a payload codec",
    note = "implement `meshwire::command::PayloadCodec` for it"
)]
pub trait PayloadCodec {
    /// Fixed fields of the frame that describe the part, such as its serialisation: `()` for one that
    /// can be read without them, otherwise a struct. `inputs(…)` beside `with` lists the fields of the frame
    /// that its fields of the same names are read from:
    ///
    /// ```
    /// # use meshwire::command::{MetadataEdits, PayloadCodec, PayloadMetadata};
    /// # use meshwire::frame::{FormatError, Template};
    /// use meshwire::{Bytes, Frame, Len};
    ///
    /// #[derive(Frame)]
    /// #[frame(request)]
    /// struct Call {
    ///     serialization: u8,
    ///     #[frame(id)]
    ///     id: u32,
    ///     #[frame(len_of = body)]
    ///     body_len: Len<u32>,
    ///     #[frame(with = Body, inputs(serialization), headers, body)]
    ///     body: Bytes,
    /// }
    ///
    /// #[derive(Clone, Copy)]
    /// struct Head {
    ///     serialization: u8,
    /// }
    ///
    /// struct Body;
    ///
    /// impl PayloadCodec for Body {
    ///     type Inputs = Head;
    /// #     fn metadata(region: &[u8], _: Head) -> Result<PayloadMetadata, FormatError> {
    /// #         Ok(PayloadMetadata { body: 0..region.len(), ..PayloadMetadata::default() })
    /// #     }
    /// #     fn rewrite(
    /// #         region: &[u8],
    /// #         _: Head,
    /// #         changes: &MetadataEdits<'_>,
    /// #         out: &mut Vec<u8>,
    /// #     ) -> Result<(), FormatError> {
    /// #         out.extend_from_slice(changes.body.unwrap_or(region));
    /// #         Ok(())
    /// #     }
    /// #     fn template(_: Template, _: Head) -> Option<Vec<u8>> {
    /// #         Some(Vec::new())
    /// #     }
    ///     // …
    /// }
    /// ```
    type Inputs: Copy;

    /// The largest correlation id that is a number and that a region can hold. The host's larger ones are
    /// written as [others](crate::attributes#narrow-ids). The conformance suite wants every id up to it to be
    /// written, so a payload codec with ids of fewer than 64 bits has one of its own.
    const LARGEST_ID: u64 = u64::MAX;

    /// Whether a correlation id can be [non-numeric](PayloadId::Opaque). With `false`, a plugin has no code for such
    /// ids, and one that is decoded all the same is 0.
    const HAS_OPAQUE_ID: bool = true;

    /// Whether a region says what kind its frame is. If not, no field with this codec has the role `kind`.
    const HAS_KIND: bool = true;

    /// Whether every region is one, with all of it as the body: [`metadata`](Self::metadata) and
    /// [`headers`](Self::headers) have no error, and give no more than timeout, headers and body. So a host that keeps the
    /// bytes can pass a frame on without the region, and ask for its headers where it needs them. The conformance suite
    /// compares both.
    const TAKES_ALL: bool = false;

    /// What finds the keys of a region, for errors and dumps.
    #[doc(hidden)]
    const KEYS: Option<&'static Keys> = None;

    /// The metadata of the frame in the region. Called for every frame, so it reads no further than
    /// necessary; an error rejects the frame.
    fn metadata(region: &[u8], inputs: Self::Inputs) -> Result<PayloadMetadata, FormatError>;

    /// The same, and where the id is, of a region in which nothing unusual is; `None` if [`locate`](Self::locate) is to be
    /// asked.
    #[doc(hidden)]
    #[inline]
    fn glance(region: &[u8], inputs: Self::Inputs) -> Option<Located> {
        let _ = (region, inputs);
        None
    }

    /// The same, and where the id is, if it can be replaced there.
    #[doc(hidden)]
    fn locate(region: &[u8], inputs: Self::Inputs) -> Result<Located, FormatError> {
        Self::metadata(region, inputs).map(Located::of)
    }

    /// Appends what is before the id in `raw`, in which the region begins at the offset beside it, and another id; where
    /// `raw` goes on after it. On an error something may have been appended.
    #[doc(hidden)]
    fn replace_id(
        raw: (&[u8], usize),
        place: IdPlace,
        id: IdEdit<'_>,
        out: &mut Vec<u8>,
    ) -> Result<usize, FormatError> {
        let _ = (raw, place, id, out);
        let reason = Reason::NoPlace;
        Err(FormatError { offset: 0, reason })
    }

    /// The timeout, in a region that must be walked through to find it; `None` leaves it to
    /// [`PayloadMetadata::timeout`]. Hosts need it once, when a call arrives, not when it is forwarded, which reads
    /// the metadata as well.
    fn timeout(region: &[u8], inputs: Self::Inputs) -> Option<Timeout> {
        let _ = (region, inputs);
        None
    }

    /// Appends the headers that the region holds to `out`, in their order: what routes match on.
    fn headers(
        region: &[u8],
        inputs: Self::Inputs,
        out: &mut HeaderWriter<'_>,
    ) -> Result<(), FormatError> {
        let _ = (region, inputs, out);
        Ok(())
    }

    /// Whether a lenient server may read another value than the header of this name has: a field of the region is spelled
    /// almost as the field that the header is. Asked for the headers that name the [callee](crate::Callee), by hosts that
    /// have rules.
    fn is_doubtful(region: &[u8], inputs: Self::Inputs, header: &str) -> bool {
        let _ = (region, inputs, header);
        false
    }

    /// Appends the region to `out` with the `changes` made and everything else unchanged: unknown
    /// fields too, byte for byte. A change that the region cannot hold is an error. So is one that makes
    /// another kind of frame: the result is decoded to check that, unless only the id differs.
    fn rewrite(
        region: &[u8],
        inputs: Self::Inputs,
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError>;

    /// The region of a frame that is made, not decoded: with id 0, no headers but those that are always
    /// there, and an empty body. `None` if there is no such frame: then no answer uses it.
    fn template(template: Template, inputs: Self::Inputs) -> Option<Vec<u8>>;

    /// The same for an answer to the frame with the region `request`, from which it may repeat values. The request is of
    /// the same kind of frame.
    fn answer(template: Template, inputs: Self::Inputs, request: &[u8]) -> Option<Vec<u8>> {
        let _ = request;
        Self::template(template, inputs)
    }
}

/// The metadata of a frame, in its region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayloadMetadata {
    /// The kind of the frame.
    pub kind: MessageKind,
    /// The correlation id.
    pub id: PayloadId,
    /// The timeout of the call.
    pub timeout: Timeout,
    /// The status of the call.
    pub status: i64,
    /// The range of the body.
    pub body: Range<usize>,
}

impl Default for PayloadMetadata {
    /// A request with id 0 and nothing else.
    fn default() -> Self {
        Self {
            kind: MessageKind::Request,
            id: PayloadId::Number(0),
            timeout: Timeout::Unset,
            status: 0,
            body: 0..0,
        }
    }
}

/// A correlation id in a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayloadId {
    /// A number.
    Number(u64),
    /// A text or some bytes, and where they are.
    Opaque(Range<usize>),
}

/// What a region says of its frame, and where its id is. A struct without another one in it: the bytes between the two, which
/// have no meaning, would be copied one by one for every frame.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Located {
    pub(crate) kind: MessageKind,
    pub(crate) id: PayloadId,
    pub(crate) timeout: Timeout,
    pub(crate) status: i64,
    pub(crate) body: Range<usize>,
    /// Where the id is, if it can be replaced there.
    pub(crate) id_place: Option<IdPlace>,
}

impl Located {
    /// The same without the place of the id.
    #[inline]
    fn of(metadata: PayloadMetadata) -> Self {
        let PayloadMetadata {
            kind,
            id,
            timeout,
            status,
            body,
        } = metadata;
        Self {
            kind,
            id,
            timeout,
            status,
            body,
            id_place: None,
        }
    }

    /// With nothing but a kind.
    #[inline]
    pub(crate) const fn of_kind(kind: MessageKind) -> Self {
        Self {
            kind,
            id: PayloadId::Number(0),
            timeout: Timeout::Unset,
            status: 0,
            body: 0..0,
            id_place: None,
        }
    }

    /// Without the place of the id.
    #[must_use]
    pub fn into_metadata(self) -> PayloadMetadata {
        PayloadMetadata {
            kind: self.kind,
            id: self.id,
            timeout: self.timeout,
            status: self.status,
            body: self.body,
        }
    }
}

/// Where the id of a record is.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct IdPlace {
    /// Its row.
    pub(crate) row: &'static (dyn Any + Send + Sync),
    /// Where the bytes start in the region that another id replaces.
    pub(crate) start: u32,
    /// Where they end.
    pub(crate) end: u32,
}

/// The edits of a region when it is written again; `None` keeps the received value.
#[derive(Clone, Copy, Debug, Default)]
pub struct MetadataEdits<'c> {
    /// Another correlation id.
    pub id: Option<IdEdit<'c>>,
    /// Another status.
    pub status: Option<i64>,
    /// Other headers: those that [`PayloadCodec::headers`] must decode from the written region.
    pub headers: Option<Headers<'c>>,
    /// Another body.
    pub body: Option<&'c [u8]>,
    /// Why the mesh has answered, for a region that says so in words. One that does not ignores it.
    pub reason: Option<&'c [u8]>,
}

/// A correlation id to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdEdit<'c> {
    /// A number, for a region whose id is one.
    Number(u64),
    /// An id that is [none](PayloadId::Opaque), as a peer wrote it, or as the host's number is written for a
    /// region whose id is not a number either. (A [template](PayloadCodec::template) may have a number where its caller
    /// has a text.)
    Opaque(&'c [u8]),
}
