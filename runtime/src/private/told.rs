//! Parts in a language of their own.

use bytes::Bytes;

#[cfg(not(target_family = "wasm"))]
use crate::command::Region;
use crate::command::{Changes, Dialect, FactId, Kind, NewId, Timeout};
use crate::frame::{Edits, FormatError, HeaderMap, HeaderWriter, Headers, Template, opaque};
use crate::wire::{Error, Reason, Slot, offset_in, shared};

/// What a part has said of its frame.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// What the frame is.
    pub kind: Kind,
    /// How long the caller waits.
    pub timeout: Timeout,
    /// How the call ended.
    pub status: i64,
    id: u64,
    opaque: Option<Place>,
    body: Place,
    /// The part could be read: that of a frame in the making may be anything.
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

impl Told {
    /// The correlation id, as a number.
    #[inline]
    pub const fn id(&self) -> u64 {
        self.id
    }

    /// The correlation id in its region, if it is no number.
    pub fn opaque_id<'r>(&self, region: &'r [u8]) -> Option<&'r [u8]> {
        self.opaque.map(|place| place.bytes(region))
    }

    /// The body in its region.
    #[inline]
    pub fn body<'r>(&self, region: &'r [u8]) -> &'r [u8] {
        self.body.bytes(region)
    }
}

/// What a dialect gets that has no use for fields of the frame.
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

/// A part in a language of its own, by its codec.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not decode parts of frames",
    label = "not a dialect",
    note = "implement `meshwire::command::Dialect` for it"
)]
pub trait Tells: Sized {
    /// What it is read with.
    type Inputs: Copy;
    /// The largest number that an id can be.
    const LARGEST_ID: u64;

    /// The inputs where no field is listed beside it.
    fn no_inputs() -> Self::Inputs
    where
        Self::Inputs: NoInputs,
    {
        NoInputs::NONE
    }

    /// What a region of `raw` says of its frame.
    fn told(
        raw: &[u8],
        region: &[u8],
        slot: &'static Slot,
        inputs: Self::Inputs,
    ) -> Result<Told, Error>;

    /// The same of a region that an author may have made: one that says nothing is a request.
    fn told_of(region: &[u8], slot: &'static Slot, inputs: Self::Inputs) -> Told;

    /// How long the caller waits.
    fn timeout(told: &Told, region: &[u8], inputs: Self::Inputs) -> Timeout;

    /// Appends the headers in a region of `raw` to `out`.
    fn headers(
        raw: &[u8],
        region: &[u8],
        slot: &'static Slot,
        inputs: Self::Inputs,
        out: &mut HeaderWriter<'_>,
    ) -> Result<(), Error>;

    /// A region of `raw` with changes; `None` if nothing is another one.
    fn retold(
        raw: &[u8],
        region: &[u8],
        slot: &'static Slot,
        told: &Told,
        inputs: Self::Inputs,
        edits: &Retell<'_>,
    ) -> Result<Option<Vec<u8>>, Error>;

    /// Changes an author's region in place.
    fn retell(
        region: &mut Bytes,
        slot: &'static Slot,
        inputs: Self::Inputs,
        edits: &Retell<'_>,
    ) -> Result<(), Error>;

    /// The region of a frame that is made; `None` if there is no such frame.
    fn region_for(template: Template, inputs: Self::Inputs) -> Option<Bytes>;

    /// The region of this field at hand.
    #[cfg(not(target_family = "wasm"))]
    fn region<'v>(field: &'static str, region: &'v [u8], inputs: Self::Inputs) -> Region<'v>
    where
        Self: 'v,
        Self::Inputs: 'v;
}

impl<D: Dialect> Tells for D {
    type Inputs = D::Inputs;
    const LARGEST_ID: u64 = <D as Dialect>::LARGEST_ID;

    fn told(
        raw: &[u8],
        region: &[u8],
        slot: &'static Slot,
        inputs: D::Inputs,
    ) -> Result<Told, Error> {
        told::<D>(raw, region, slot, inputs)
    }

    fn told_of(region: &[u8], slot: &'static Slot, inputs: D::Inputs) -> Told {
        told_of::<D>(region, slot, inputs)
    }

    #[inline]
    fn timeout(told: &Told, region: &[u8], inputs: D::Inputs) -> Timeout {
        D::timeout(region, inputs).unwrap_or(told.timeout)
    }

    fn headers(
        raw: &[u8],
        region: &[u8],
        slot: &'static Slot,
        inputs: D::Inputs,
        out: &mut HeaderWriter<'_>,
    ) -> Result<(), Error> {
        D::headers(region, inputs, out)
            .map_err(|error| Error::new(slot, offset_in(raw, region) + error.offset, error.reason))
    }

    fn retold(
        raw: &[u8],
        region: &[u8],
        slot: &'static Slot,
        told: &Told,
        inputs: D::Inputs,
        edits: &Retell<'_>,
    ) -> Result<Option<Vec<u8>>, Error> {
        retold::<D>(raw, region, slot, told, inputs, edits)
    }

    fn retell(
        region: &mut Bytes,
        slot: &'static Slot,
        inputs: D::Inputs,
        edits: &Retell<'_>,
    ) -> Result<(), Error> {
        retell::<D>(region, slot, inputs, edits)
    }

    fn region_for(template: Template, inputs: D::Inputs) -> Option<Bytes> {
        D::template(template, inputs).map(shared)
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

/// What a region of `raw` says of its frame.
fn told<D: Dialect>(
    raw: &[u8],
    region: &[u8],
    slot: &'static Slot,
    inputs: D::Inputs,
) -> Result<Told, Error> {
    let facts = D::facts(region, inputs)
        .map_err(|error| Error::new(slot, offset_in(raw, region) + error.offset, error.reason))?;
    let (id, opaque) = match facts.id {
        FactId::Number(id) => (id, None),
        FactId::Opaque(range) => {
            let place = Place::from(range);
            (opaque::number(place.bytes(region)), Some(place))
        }
    };
    Ok(Told {
        kind: facts.kind,
        timeout: facts.timeout,
        status: facts.status,
        id,
        opaque,
        body: facts.body.into(),
        read: true,
    })
}

/// The same of a region that an author may have made: one that says nothing is a request.
fn told_of<D: Dialect>(region: &[u8], slot: &'static Slot, inputs: D::Inputs) -> Told {
    told::<D>(region, region, slot, inputs).unwrap_or(Told {
        kind: Kind::Request,
        timeout: Timeout::Unset,
        status: 0,
        id: 0,
        opaque: None,
        body: Place::from(0..0),
        read: false,
    })
}

/// What shall be different in a region, as far as its field says it.
#[derive(Clone, Copy, Default)]
pub struct Retell<'e> {
    /// Another correlation id, and as its peer had it, if it is no number.
    pub id: Option<(u64, Option<&'e [u8]>)>,
    /// Another status.
    pub status: Option<i64>,
    /// Other headers.
    pub headers: Option<Headers<'e>>,
    /// Another body.
    pub body: Option<&'e [u8]>,
}

/// The correlation id that shall be another one.
pub fn ids<'e>(edits: &Edits<'e>) -> Option<(u64, Option<&'e [u8]>)> {
    let id = edits.id.or_else(|| edits.opaque.map(opaque::number))?;
    Some((id, edits.opaque))
}

/// A region of `raw` with changes; `None` if nothing is another one.
fn retold<D: Dialect>(
    raw: &[u8],
    region: &[u8],
    slot: &'static Slot,
    told: &Told,
    inputs: D::Inputs,
    edits: &Retell<'_>,
) -> Result<Option<Vec<u8>>, Error> {
    let text;
    let id = match edits.id {
        Some((_, Some(id))) => Some(NewId::Opaque(id)),
        Some((id, _)) if id == told.id => None,
        Some((id, _)) if told.opaque.is_some() => {
            text = opaque::text(id);
            Some(NewId::Opaque(&text))
        }
        Some((id, _)) => Some(NewId::Number(id)),
        None => None,
    };
    let id = id.filter(|id| match id {
        NewId::Opaque(id) => told.opaque_id(region) != Some(*id),
        NewId::Number(_) => true,
    });
    let changes = Changes {
        id,
        status: edits.status.filter(|status| *status != told.status),
        headers: match edits.headers {
            Some(wanted) if !same_headers::<D>(region, inputs, wanted) => Some(wanted),
            _ => None,
        },
        body: edits.body.filter(|body| *body != told.body(region)),
    };
    let id_only = changes.status.is_none() && changes.headers.is_none() && changes.body.is_none();
    if id_only && changes.id.is_none() {
        return Ok(None);
    }
    let mut out = Vec::new();
    D::rewrite(region, inputs, &changes, &mut out)
        .and_then(|()| {
            if id_only || !told.read {
                return Ok(());
            }
            same_kind::<D>(&out, inputs, told.kind)
        })
        .map_err(|error| Error::new(slot, offset_in(raw, region) + error.offset, error.reason))?;
    Ok(Some(out))
}

/// That a region which has been written is still one of such a frame.
fn same_kind<D: Dialect>(region: &[u8], inputs: D::Inputs, kind: Kind) -> Result<(), FormatError> {
    let at_start = |reason| FormatError { offset: 0, reason };
    match D::facts(region, inputs) {
        Ok(facts) if facts.kind == kind => Ok(()),
        Ok(_) => Err(at_start(Reason::OtherKind)),
        Err(error) => Err(at_start(error.reason)),
    }
}

fn same_headers<D: Dialect>(region: &[u8], inputs: D::Inputs, wanted: Headers<'_>) -> bool {
    let mut block = Vec::new();
    let read = D::headers(region, inputs, &mut HeaderWriter::new(&mut block));
    read.is_ok() && HeaderMap::from_written(block).as_headers().same(&wanted)
}

/// Changes an author's region in place.
fn retell<D: Dialect>(
    region: &mut Bytes,
    slot: &'static Slot,
    inputs: D::Inputs,
    edits: &Retell<'_>,
) -> Result<(), Error> {
    let told = told_of::<D>(region, slot, inputs);
    if let Some(changed) = retold::<D>(region, region, slot, &told, inputs, edits)? {
        *region = shared(changed);
    }
    Ok(())
}
