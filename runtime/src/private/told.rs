//! Parts in a language of their own.

use bytes::Bytes;

use crate::command::{Changes, Dialect, FactId, Kind, NewId, Timeout};
use crate::frame::{Edits, HeaderMap, HeaderWriter, Headers, Template, opaque};
use crate::wire::{Error, Slot, offset_in, shared};

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

/// What a region of `raw` says of its frame.
pub fn told<D: Dialect>(raw: &[u8], region: &[u8], slot: &'static Slot) -> Result<Told, Error> {
    let facts = D::facts(region)
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
    })
}

/// The same of a region that an author may have made: one that says nothing is a request.
pub fn told_of<D: Dialect>(region: &[u8], slot: &'static Slot) -> Told {
    told::<D>(region, region, slot).unwrap_or(Told {
        kind: Kind::Request,
        timeout: Timeout::Unset,
        status: 0,
        id: 0,
        opaque: None,
        body: Place::from(0..0),
    })
}

/// How long the caller waits.
#[inline]
pub fn told_timeout<D: Dialect>(told: &Told, region: &[u8]) -> Timeout {
    D::timeout(region).unwrap_or(told.timeout)
}

/// Appends the headers in a region of `raw` to `out`.
pub fn told_headers<D: Dialect>(
    raw: &[u8],
    region: &[u8],
    slot: &'static Slot,
    out: &mut HeaderWriter<'_>,
) -> Result<(), Error> {
    D::headers(region, out)
        .map_err(|error| Error::new(slot, offset_in(raw, region) + error.offset, error.reason))
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
pub fn retold<D: Dialect>(
    raw: &[u8],
    region: &[u8],
    slot: &'static Slot,
    told: &Told,
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
            Some(wanted) if !same_headers::<D>(region, wanted) => Some(wanted),
            _ => None,
        },
        body: edits.body.filter(|body| *body != told.body(region)),
    };
    if changes.id.is_none()
        && changes.status.is_none()
        && changes.headers.is_none()
        && changes.body.is_none()
    {
        return Ok(None);
    }
    let mut out = Vec::new();
    match D::rewrite(region, &changes, &mut out) {
        Ok(()) => Ok(Some(out)),
        Err(error) => {
            let at = offset_in(raw, region) + error.offset;
            Err(Error::new(slot, at, error.reason))
        }
    }
}

fn same_headers<D: Dialect>(region: &[u8], wanted: Headers<'_>) -> bool {
    let mut block = Vec::new();
    let read = D::headers(region, &mut HeaderWriter::new(&mut block));
    read.is_ok() && HeaderMap::from_written(block).as_headers().same(&wanted)
}

/// Changes an author's region in place.
pub fn retell<D: Dialect>(
    region: &mut Bytes,
    slot: &'static Slot,
    edits: &Retell<'_>,
) -> Result<(), Error> {
    let told = told_of::<D>(region, slot);
    if let Some(changed) = retold::<D>(region, region, slot, &told, edits)? {
        *region = shared(changed);
    }
    Ok(())
}

/// The region of a frame that is made; `None` if its language has none.
pub fn region_for<D: Dialect>(template: Template) -> Option<Bytes> {
    let mut region = Vec::new();
    D::template(template, &mut region).then(|| shared(region))
}
