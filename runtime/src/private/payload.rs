//! Parts with their own serialisation, decoded and edited by a payload codec.

use bytes::Bytes;

use super::IS_MODULE;
#[cfg(not(target_family = "wasm"))]
use super::rewrite::Shape;
#[cfg(not(target_family = "wasm"))]
use crate::command::Region;
use crate::command::{
    IdEdit, IdPlace, Located, MessageKind, MetadataEdits, PayloadCodec, PayloadId, Timeout,
};
#[cfg(not(target_family = "wasm"))]
use crate::frame::Edits;
use crate::frame::{FormatError, HeaderMap, HeaderWriter, Headers, Template, opaque};
use crate::wire::{Error, Keys, Reason, Slot, offset_in, shared};

/// The metadata of a frame, decoded from a part.
#[derive(Clone, Copy, Debug)]
pub struct Metadata {
    /// The kind of the frame.
    pub kind: MessageKind,
    /// The timeout of the call.
    pub timeout: Timeout,
    /// The status of the response.
    pub status: i64,
    id: u64,
    opaque: Option<Place>,
    body: Place,
    /// Where the id can be replaced.
    id_place: Option<IdPlace>,
    /// Whether the part could be decoded: that of a frame under construction may be invalid.
    read: bool,
}

/// Some bytes of a region.
#[derive(Clone, Copy, Debug)]
struct Place {
    start: usize,
    end: usize,
}

impl Place {
    fn bytes<'r>(&self, region: &'r [u8]) -> &'r [u8] {
        region.get(self.start..self.end).unwrap_or_default()
    }
}

impl From<core::ops::Range<usize>> for Place {
    fn from(range: core::ops::Range<usize>) -> Self {
        Self {
            start: range.start,
            end: range.end,
        }
    }
}

impl Metadata {
    /// The correlation id, as a number.
    #[inline]
    pub const fn id(&self) -> u64 {
        self.id
    }

    /// The correlation id in its region, if it is not a number.
    pub fn opaque_id<'r>(&self, region: &'r [u8]) -> Option<&'r [u8]> {
        self.opaque.map(|place| place.bytes(region))
    }

    /// The body in its region.
    #[inline]
    pub fn body<'r>(&self, region: &'r [u8]) -> &'r [u8] {
        self.body.bytes(region)
    }
}

/// The inputs of a payload codec that needs no fields of the frame.
#[diagnostic::on_unimplemented(
    message = "decoding the part needs the fields of `{Self}`, which are not provided",
    label = "add `inputs(…)`",
    note = "list the fields of the frame that provide them beside `with`: `inputs(field, …)`"
)]
pub trait NoInputs {
    /// Nothing.
    const NONE: Self;
}

impl NoInputs for () {
    const NONE: Self = ();
}

/// A part, by its codec.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not decode parts of frames",
    label = "not a payload codec",
    note = "implement `meshwire::command::PayloadCodec` for it"
)]
pub trait PartCodec: Sized {
    /// The fields of the frame needed to decode it.
    type Inputs: Copy;
    /// The largest number that an id can be.
    const LARGEST_ID: u64;
    /// Whether an id can be non-numeric.
    const HAS_OPAQUE_ID: bool;
    const TAKES_ALL: bool;
    /// Whether it knows the kind of the frame.
    const HAS_KIND: bool;
    /// What finds the keys of a region.
    const KEYS: Option<&'static Keys>;

    /// The inputs if no field is listed beside it.
    fn no_inputs() -> Self::Inputs
    where
        Self::Inputs: NoInputs,
    {
        NoInputs::NONE
    }

    /// Decodes the metadata in a region of `raw`.
    fn decode_metadata(
        raw: &[u8],
        region: &[u8],
        slot: &'static Slot,
        inputs: Self::Inputs,
    ) -> Result<Metadata, Error>;

    /// The same for a region built by an author: a region that cannot be decoded is a request.
    fn metadata_of(region: &[u8], slot: &'static Slot, inputs: Self::Inputs) -> Metadata;

    /// The timeout of the call.
    fn timeout(metadata: &Metadata, region: &[u8], inputs: Self::Inputs) -> Timeout;

    /// Appends the headers in a region of `raw` to `out`.
    fn headers(
        raw: &[u8],
        region: &[u8],
        slot: &'static Slot,
        inputs: Self::Inputs,
        out: &mut HeaderWriter<'_>,
    ) -> Result<(), Error>;

    /// Whether a server may read another value than a header has.
    fn is_doubtful(region: &[u8], inputs: Self::Inputs, header: &str) -> bool;

    /// A region of `raw` with edits; `None` if they change nothing.
    fn edited_payload(
        raw: &[u8],
        region: &[u8],
        slot: &'static Slot,
        metadata: &Metadata,
        inputs: Self::Inputs,
        edits: &PayloadEdits<'_>,
    ) -> Result<Option<Vec<u8>>, Error>;

    /// Appends a frame as it came but for the id in its part with this region, which is this item of the frame, if
    /// that is all there is to do. If not, nothing is appended.
    #[cfg(not(target_family = "wasm"))]
    fn pass_on(
        raw: &[u8],
        part: (&[u8], &'static Slot, usize),
        metadata: &Metadata,
        shape: &'static Shape,
        edits: &Edits<'_>,
        out: &mut Vec<u8>,
    ) -> bool;

    /// Edits an author's region in place.
    fn edit_payload(
        region: &mut Bytes,
        slot: &'static Slot,
        inputs: Self::Inputs,
        edits: &PayloadEdits<'_>,
    ) -> Result<(), Error>;

    /// The region of a template; `None` if there is no such frame.
    fn region_for(template: Template, inputs: Self::Inputs) -> Option<Bytes>;

    /// The same for an answer to the frame with this region.
    fn answer_for(template: Template, inputs: Self::Inputs, request: &[u8]) -> Option<Bytes>;

    /// The region of this field at hand.
    #[cfg(not(target_family = "wasm"))]
    fn region<'v>(field: &'static str, region: &'v [u8], inputs: Self::Inputs) -> Region<'v>
    where
        Self: 'v,
        Self::Inputs: 'v;
}

impl<D: PayloadCodec> PartCodec for D {
    type Inputs = D::Inputs;
    const LARGEST_ID: u64 = <D as PayloadCodec>::LARGEST_ID;
    const HAS_OPAQUE_ID: bool = <D as PayloadCodec>::HAS_OPAQUE_ID;
    const TAKES_ALL: bool = <D as PayloadCodec>::TAKES_ALL;
    const HAS_KIND: bool = <D as PayloadCodec>::HAS_KIND;
    const KEYS: Option<&'static Keys> = <D as PayloadCodec>::KEYS;

    fn decode_metadata(
        raw: &[u8],
        region: &[u8],
        slot: &'static Slot,
        inputs: D::Inputs,
    ) -> Result<Metadata, Error> {
        decode_metadata::<D>(raw, region, slot, inputs)
    }

    fn metadata_of(region: &[u8], slot: &'static Slot, inputs: D::Inputs) -> Metadata {
        metadata_of::<D>(region, slot, inputs)
    }

    #[inline]
    fn timeout(metadata: &Metadata, region: &[u8], inputs: D::Inputs) -> Timeout {
        D::timeout(region, inputs).unwrap_or(metadata.timeout)
    }

    fn headers(
        raw: &[u8],
        region: &[u8],
        slot: &'static Slot,
        inputs: D::Inputs,
        out: &mut HeaderWriter<'_>,
    ) -> Result<(), Error> {
        D::headers(region, inputs, out).map_err(|error| damage(raw, region, slot, &error))
    }

    fn edited_payload(
        raw: &[u8],
        region: &[u8],
        slot: &'static Slot,
        metadata: &Metadata,
        inputs: D::Inputs,
        edits: &PayloadEdits<'_>,
    ) -> Result<Option<Vec<u8>>, Error> {
        edited_payload::<D>(raw, region, slot, metadata, inputs, edits)
    }

    fn is_doubtful(region: &[u8], inputs: D::Inputs, header: &str) -> bool {
        D::is_doubtful(region, inputs, header)
    }

    #[cfg(not(target_family = "wasm"))]
    #[inline]
    fn pass_on(
        raw: &[u8],
        part: (&[u8], &'static Slot, usize),
        metadata: &Metadata,
        shape: &'static Shape,
        edits: &Edits<'_>,
        out: &mut Vec<u8>,
    ) -> bool {
        pass_on_payload::<D>(raw, part, metadata, shape, edits, out)
    }

    fn edit_payload(
        region: &mut Bytes,
        slot: &'static Slot,
        inputs: D::Inputs,
        edits: &PayloadEdits<'_>,
    ) -> Result<(), Error> {
        edit_payload::<D>(region, slot, inputs, edits)
    }

    fn region_for(template: Template, inputs: D::Inputs) -> Option<Bytes> {
        D::template(template, inputs).map(shared)
    }

    fn answer_for(template: Template, inputs: D::Inputs, request: &[u8]) -> Option<Bytes> {
        D::answer(template, inputs, request).map(shared)
    }

    #[cfg(not(target_family = "wasm"))]
    fn region<'v>(field: &'static str, region: &'v [u8], inputs: D::Inputs) -> Region<'v>
    where
        D: 'v,
        D::Inputs: 'v,
    {
        Region::new::<D>(field, region, inputs)
    }
}

/// The error of a frame with a region that is malformed; with the path of the key, if the region has keys.
#[cold]
#[inline(never)]
fn damage(raw: &[u8], region: &[u8], slot: &'static Slot, error: &FormatError) -> Error {
    let FormatError { offset, reason } = *error;
    let found = Error::new(slot, offset_in(raw, region) + offset, reason);
    #[cfg(not(target_family = "wasm"))]
    let found = found.in_region(region, offset);
    found
}

/// What a region of `raw` says of its frame.
fn decode_metadata<D: PayloadCodec>(
    raw: &[u8],
    region: &[u8],
    slot: &'static Slot,
    inputs: D::Inputs,
) -> Result<Metadata, Error> {
    // Apart from what follows: what both say would be in memory, and be copied from there.
    let mut glanced = D::glance(region, inputs);
    if !IS_MODULE {
        if let Some(located) = glanced {
            return Ok(metadata_from::<D>(region, located));
        }
        glanced = None;
    }
    let located = match glanced {
        Some(located) => located,
        None => D::locate(region, inputs).map_err(|error| damage(raw, region, slot, &error))?,
    };
    Ok(metadata_from::<D>(region, located))
}

/// The metadata of a frame, as its part has been found to say it.
#[inline]
fn metadata_from<D: PayloadCodec>(region: &[u8], metadata: Located) -> Metadata {
    let (id, opaque) = match metadata.id {
        PayloadId::Number(id) => (id, None),
        PayloadId::Opaque(_) if !<D as PayloadCodec>::HAS_OPAQUE_ID => (0, None),
        PayloadId::Opaque(range) => {
            let place = Place::from(range);
            (opaque::number(place.bytes(region)), Some(place))
        }
    };
    Metadata {
        kind: metadata.kind,
        timeout: metadata.timeout,
        status: metadata.status,
        id,
        opaque,
        body: metadata.body.into(),
        id_place: metadata.id_place,
        read: true,
    }
}

/// The same of a region that an author may have made: one that says nothing is a request.
fn metadata_of<D: PayloadCodec>(region: &[u8], slot: &'static Slot, inputs: D::Inputs) -> Metadata {
    decode_metadata::<D>(region, region, slot, inputs).unwrap_or(Metadata {
        kind: MessageKind::Request,
        timeout: Timeout::Unset,
        status: 0,
        id: 0,
        opaque: None,
        body: Place::from(0..0),
        id_place: None,
        read: false,
    })
}

/// What shall be different in a region, as far as its field says it.
#[derive(Clone, Copy, Default)]
pub struct PayloadEdits<'e> {
    /// Another correlation id.
    pub id: Option<u64>,
    /// The same as its peer had it, if it is non-numeric.
    pub opaque: Option<&'e [u8]>,
    /// Another status.
    pub status: Option<i64>,
    /// Other headers.
    pub headers: Option<Headers<'e>>,
    /// Another body.
    pub body: Option<&'e [u8]>,
    /// Why the mesh has answered.
    pub reason: Option<&'e [u8]>,
}

/// The id that a region shall have, if that is another one, with what is made of a number in `text`.
fn new_id<'e, D: PayloadCodec>(
    metadata: &Metadata,
    region: &[u8],
    (id, opaque): (Option<u64>, Option<&'e [u8]>),
    text: &'e mut Option<[u8; opaque::TEXT]>,
) -> Option<IdEdit<'e>> {
    let has_opaque_id = <D as PayloadCodec>::HAS_OPAQUE_ID;
    let id = match (opaque, id) {
        (Some(id), _) if has_opaque_id => IdEdit::Opaque(id),
        (_, Some(id)) if id == metadata.id => return None,
        (_, Some(id)) if has_opaque_id && metadata.opaque.is_some() => {
            IdEdit::Opaque(text.insert(opaque::text(id)))
        }
        (_, Some(id)) => IdEdit::Number(id),
        (_, None) => return None,
    };
    match id {
        IdEdit::Opaque(id) if metadata.opaque_id(region) == Some(id) => None,
        id => Some(id),
    }
}

/// Appends a frame as it came but for the id in this part of it, if that is all there is to do. If not, nothing is
/// appended.
#[cfg(not(target_family = "wasm"))]
#[allow(
    clippy::inline_always,
    reason = "the lengths of the frame are constants where it is called"
)]
#[inline(always)]
fn pass_on_payload<D: PayloadCodec>(
    raw: &[u8],
    (region, slot, item): (&[u8], &'static Slot, usize),
    metadata: &Metadata,
    shape: &'static Shape,
    edits: &Edits<'_>,
    out: &mut Vec<u8>,
) -> bool {
    let start = out.len();
    let mut text = None;
    let Some(id) = new_id::<D>(metadata, region, (edits.id, edits.opaque), &mut text) else {
        out.extend_from_slice(raw);
        return true;
    };
    let Some(place) = metadata.id_place else {
        return false;
    };
    // At most the digits of a number, as a text, are new.
    out.reserve(raw.len() + 32);
    let base = offset_in(raw, region);
    let done = match D::replace_id((raw, base), place, id, out) {
        Ok(after) => {
            out.extend_from_slice(raw.get(after..).unwrap_or_default());
            let frame = out.get_mut(start..).unwrap_or_default();
            let len = (region.len() + frame.len()).checked_sub(raw.len());
            len.is_some_and(|len| len <= slot.max) && shape.resized(raw, item, frame)
        }
        Err(_) => false,
    };
    if !done {
        out.truncate(start);
    }
    done
}

/// A region of `raw` with changes; `None` if nothing is another one.
fn edited_payload<D: PayloadCodec>(
    raw: &[u8],
    region: &[u8],
    slot: &'static Slot,
    metadata: &Metadata,
    inputs: D::Inputs,
    edits: &PayloadEdits<'_>,
) -> Result<Option<Vec<u8>>, Error> {
    let mut text = None;
    let id = new_id::<D>(metadata, region, (edits.id, edits.opaque), &mut text);
    let changes = MetadataEdits {
        id,
        status: edits.status.filter(|status| *status != metadata.status),
        headers: match edits.headers {
            Some(wanted) if !same_headers::<D>(region, inputs, wanted) => Some(wanted),
            _ => None,
        },
        body: edits.body.filter(|body| *body != metadata.body(region)),
        reason: edits.reason,
    };
    let others = [
        changes.headers.is_none(),
        changes.status.is_none(),
        changes.body.is_none(),
    ];
    let id_only = changes.reason.is_none() && !others.contains(&false);
    if id_only && changes.id.is_none() {
        return Ok(None);
    }
    let mut out = Vec::new();
    // In a module, where size counts more, `rewrite` finds the id again.
    let is_replaced = id_only && !IS_MODULE;
    if let (true, Some(id), Some(place)) = (is_replaced, changes.id, metadata.id_place) {
        if let Ok(after) = D::replace_id((region, 0), place, id, &mut out) {
            out.extend_from_slice(region.get(after..).unwrap_or_default());
            return Ok(Some(out));
        }
        out.clear();
    }
    D::rewrite(region, inputs, &changes, &mut out)
        .and_then(|()| {
            if id_only || !metadata.read {
                return Ok(());
            }
            same_kind::<D>(&out, inputs, metadata.kind)
        })
        .map_err(|error| Error::new(slot, offset_in(raw, region) + error.offset, error.reason))?;
    Ok(Some(out))
}

/// That a region which has been written is still one of such a frame.
fn same_kind<D: PayloadCodec>(
    region: &[u8],
    inputs: D::Inputs,
    kind: MessageKind,
) -> Result<(), FormatError> {
    let at_start = |reason| FormatError { offset: 0, reason };
    match D::metadata(region, inputs) {
        Ok(metadata) if metadata.kind == kind => Ok(()),
        Ok(_) => Err(at_start(Reason::OtherKind)),
        Err(error) => Err(at_start(error.reason)),
    }
}

fn same_headers<D: PayloadCodec>(region: &[u8], inputs: D::Inputs, wanted: Headers<'_>) -> bool {
    let mut block = Vec::new();
    let read = D::headers(region, inputs, &mut HeaderWriter::new(&mut block));
    read.is_ok() && HeaderMap::from_written(block).as_headers().same(&wanted)
}

/// Changes an author's region in place.
fn edit_payload<D: PayloadCodec>(
    region: &mut Bytes,
    slot: &'static Slot,
    inputs: D::Inputs,
    edits: &PayloadEdits<'_>,
) -> Result<(), Error> {
    let metadata = metadata_of::<D>(region, slot, inputs);
    if let Some(changed) = edited_payload::<D>(region, region, slot, &metadata, inputs, edits)? {
        *region = shared(changed);
    }
    Ok(())
}
