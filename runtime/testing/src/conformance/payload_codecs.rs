//! Payload codecs, without the frames around their regions.

use core::fmt;
use core::ops::Range;

use super::allocator::bounded;
use super::describe::{ensure, hex, same};
use super::samples::{each, positions, view};
use crate::vectors;
use meshwire::HeaderMap;
use meshwire::command::{
    Bound, IdEdit, MessageKind, MetadataEdits, PayloadCodec, PayloadId, Timeout, With,
};
use meshwire::frame::{FieldRole, FormatError};
use meshwire::protocol::Plugin;

/// The parts of every frame with a payload codec, each of their fronts, and each with each of
/// its bits flipped: the payload codec does not panic, and preserves unchanged content.
/// Another id, header, status and body arrive or are refused, and what came comes back when they are
/// changed back: byte for byte where nothing is damaged. Each few bytes of a region, 1,200 times, are survived too:
/// values in each other, and many of them.
///
/// # Panics
/// If the payload codec fails one of these checks.
pub fn damaged_parts_are_survived<P: Plugin>(dir: &str) {
    each::<P>(dir, |sample| {
        let view = view::<P>(&sample.bytes)?;
        let regions = P::regions(&view);
        let spans = sample.fields.spans.iter();
        let parts = spans.filter(|span| span.role == FieldRole::Payload).count();
        ensure(regions.len() == parts, || {
            format!("{} of {parts} parts can be asked", regions.len())
        })?;
        regions.iter().try_for_each(|region| {
            let field = sample.fields.field(region.field);
            let payload_codec = Asked {
                codec: &*region.codec,
                roles: field.map_or(&[], |span| span.field.payload_roles),
            };
            let damaged = payload_codec.damaged(region.bytes);
            damaged.map_err(|what| format!("`{}` {what}", region.field))
        })
    });
}

/// The same for one region of a [`PayloadCodec`], with the `inputs` that the fixed fields of its frame say.
/// `conformance!` tries all regions of the vectors.
///
/// ```
/// # use core::ops::Range;
/// # use meshwire::command::{MetadataEdits, PayloadCodec, PayloadMetadata};
/// # use meshwire::frame::{FormatError, HeaderWriter, Template};
/// # struct Plain;
/// # impl PayloadCodec for Plain {
/// #     type Inputs = ();
/// #     fn metadata(_: &[u8], (): ()) -> Result<PayloadMetadata, FormatError> { Ok(PayloadMetadata::default()) }
/// #     fn rewrite(region: &[u8], (): (), _: &MetadataEdits<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
/// #         out.extend_from_slice(region);
/// #         Err(FormatError { offset: 0, reason: meshwire::wire::Reason::NoPlace })
/// #     }
/// #     fn template(_: Template, (): ()) -> Option<Vec<u8>> { None }
/// # }
/// let result = std::panic::catch_unwind(|| {
///     meshwire_testing::conformance::payload_codec_survives_damage::<Plain>(b"region", ());
/// });
/// assert!(result.is_err(), "`Plain` refuses to write what it has read");
/// ```
///
/// # Panics
/// If the payload codec fails one of these checks.
pub fn payload_codec_survives_damage<D: PayloadCodec>(region: &[u8], inputs: D::Inputs) {
    let payload_codec = Asked {
        codec: &With::<D>(inputs),
        roles: &ROLES,
    };
    if let Err(what) = payload_codec.damaged(region) {
        panic!("the region {what}");
    }
}

/// What hosts change.
const ROLES: [FieldRole; 4] = [
    FieldRole::Id,
    FieldRole::Status,
    FieldRole::Headers,
    FieldRole::Body,
];

/// Bytes that may be all of a value, or begin one that has others in it: a bracket, a tag with a type, an element of a
/// short name.
const UNITS: [usize; 3] = [1, 2, 3];

/// Where a region is damaged: each place costs a dozen walks through the region.
fn places(len: usize) -> impl Iterator<Item = usize> {
    const DENSE: usize = 256;
    positions(len).step_by((len / DENSE).max(1))
}

/// Whether one text is another with bytes more in one place: a value that was not there.
fn is_added(before: &[u8], after: &[u8]) -> bool {
    let pairs = before.iter().zip(after);
    let front = pairs.take_while(|(one, other)| one == other).count();
    let pairs = before.iter().rev().zip(after.iter().rev());
    let back = pairs.take_while(|(one, other)| one == other).count();
    front + back >= before.len()
}

/// A payload codec, and what its frame asks it for.
#[derive(Clone, Copy)]
struct Asked<'d> {
    codec: &'d dyn Bound,
    roles: &'d [FieldRole],
}

impl Asked<'_> {
    fn damaged(self, region: &[u8]) -> Result<(), String> {
        let facts = self.codec.metadata(region).map(drop);
        facts.map_err(|error| format!("as it came: {}\n    in {}", words(error), hex(region)))?;
        self.comes_back(region)
            .map_err(|what| format!("{what}\n    in {}", hex(region)))?;
        for cut in places(region.len()).chain([region.len()]) {
            let front = region.get(..cut).unwrap_or_default();
            self.whole(front)
                .map_err(|what| format!("cut at {cut}: {what}\n    in {}", hex(front)))?;
        }
        for at in places(region.len()) {
            for bit in 0..8 {
                let mut flipped = region.to_vec();
                if let Some(byte) = flipped.get_mut(at) {
                    *byte ^= 1 << bit;
                }
                self.whole(&flipped).map_err(|what| {
                    let hex = hex(&flipped);
                    format!("with bit {bit} of byte {at} flipped: {what}\n    in {hex}")
                })?;
            }
        }
        self.repeats(region)
            .map_err(|what| format!("{what}\n    in {}", hex(region)))
    }

    /// What is changed and changed back is what came, byte for byte: every entry where it was and as it was spelled. Only
    /// a value that was not there, or not spelled as this codec does, may come back in another way, and stays so.
    fn comes_back(self, region: &[u8]) -> Result<(), String> {
        let came = Meaning::of(self.codec, region)?;
        let (mut returns, mut differs) = (false, Ok(()));
        for (role, other) in &came.others() {
            if !self.roles.contains(role) || came.is_fixed(*role) {
                continue;
            }
            let to_and_fro = |region: &[u8]| {
                let out = self.rewritten(region, &came.to(other)).ok()?;
                Some(self.rewritten(&out, &other.to(&came)))
            };
            let Some(back) = to_and_fro(region).transpose()? else {
                continue;
            };
            let what = format!("with other {} and back", role.name());
            let exact = same(&what, &back, region);
            if exact.is_ok() {
                returns = true;
                continue;
            }
            if back.len() == region.len() {
                return exact;
            }
            returns |= is_added(region, &back);
            if let Some(again) = to_and_fro(&back).transpose()? {
                same(&format!("{what}, twice"), &again, &back)?;
            }
            differs = exact;
        }
        if returns { Ok(()) } else { differs }
    }

    /// Values in each other, and many of them: each few bytes of a region, again and again.
    fn repeats(self, region: &[u8]) -> Result<(), String> {
        /// How often, beyond the depth that a stack has.
        const COPIES: usize = 1200;
        /// Places to begin at.
        const PLACES: usize = 16;
        let starts = positions(region.len()).step_by((region.len() / PLACES).max(1));
        for (start, len) in starts.flat_map(|start| UNITS.map(|len| (start, len))) {
            let Some(unit) = region.get(start..start + len) else {
                continue;
            };
            let (front, rest) = region.split_at(start);
            let many = [front, &unit.repeat(COPIES), rest].concat();
            self.whole(&many).map_err(|what| {
                let unit = hex(unit);
                format!("with `{unit}` at {start} {COPIES} times more: {what}")
            })?;
        }
        Ok(())
    }

    /// Asks for everything.
    fn whole(self, region: &[u8]) -> Result<(), String> {
        bounded(region.len(), || self.everything(region))
    }

    fn everything(self, region: &[u8]) -> Result<(), String> {
        let facts = self.codec.metadata(region).map(drop);
        let headers = headers_in(self.codec, region).map(drop);
        for error in [facts.err(), headers.err()].into_iter().flatten() {
            ensure(error.offset <= region.len(), || {
                format!("the error is at no byte of the part: {}", words(error))
            })?;
        }
        if facts.is_err() {
            return Ok(());
        }
        let untouched = self.rewritten(region, &MetadataEdits::default());
        same("untouched", &untouched?, region)?;
        if headers.is_err() {
            return Ok(());
        }
        let came = Meaning::of(self.codec, region)?;
        let shown = self.rewritten(region, &came.shown());
        same("written as it was read", &shown?, region)?;
        let others = came.others();
        let mut asked = others
            .iter()
            .filter(|(role, _)| self.roles.contains(role) && !came.is_fixed(*role));
        asked.try_for_each(|(role, other)| {
            self.changed(region, &came, *role, other)
                .map_err(|error| format!("with other {}: {error}", role.name()))
        })
    }

    /// What is different arrives, nothing else is another, and what came comes back; or the change is refused.
    fn changed(
        self,
        region: &[u8],
        came: &Meaning,
        role: FieldRole,
        wanted: &Meaning,
    ) -> Result<(), String> {
        let Ok(out) = self.rewritten(region, &came.to(wanted)) else {
            return Ok(());
        };
        let mut seen = Meaning::of(self.codec, &out)?;
        if role == FieldRole::Body && came.whole {
            same("the body", &seen.body, &wanted.body)?;
        } else {
            seen.follow(role, came, wanted);
            seen.is(wanted)?;
        }
        let back = self.rewritten(&out, &wanted.to(came))?;
        let mut again = Meaning::of(self.codec, &back)?;
        again.follow(role, came, came);
        again.is(came).map_err(|what| format!("and back: {what}"))
    }

    /// The region with changes, written after other bytes.
    fn rewritten(self, region: &[u8], changes: &MetadataEdits<'_>) -> Result<Vec<u8>, String> {
        const BEFORE: &[u8] = b"before";
        let asked = |role| self.roles.contains(&role);
        let changes = MetadataEdits {
            id: changes.id.filter(|_| asked(FieldRole::Id)),
            status: changes.status.filter(|_| asked(FieldRole::Status)),
            headers: changes.headers.filter(|_| asked(FieldRole::Headers)),
            body: changes.body.filter(|_| asked(FieldRole::Body)),
            ..MetadataEdits::default()
        };
        let mut out = BEFORE.to_vec();
        let written = self.codec.rewrite(region, &changes, &mut out);
        written.map_err(words)?;
        let written = out.strip_prefix(BEFORE).map(<[u8]>::to_vec);
        written.ok_or_else(|| format!("the buffer's previous content changed: {}", hex(&out)))
    }
}

/// What a payload codec reads in a region.
#[derive(Clone, Debug, PartialEq)]
struct Meaning {
    kind: MessageKind,
    id: Id,
    timeout: Timeout,
    status: i64,
    headers: HeaderMap,
    body: Vec<u8>,
    /// The body is all of the region.
    whole: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Id {
    Number(u64),
    Opaque(Vec<u8>),
}

impl Id {
    fn to_new(&self) -> IdEdit<'_> {
        match self {
            Self::Number(id) => IdEdit::Number(*id),
            Self::Opaque(id) => IdEdit::Opaque(id),
        }
    }

    fn other(&self) -> Self {
        match self {
            Self::Number(id) => Self::Number(id ^ 1),
            Self::Opaque(_) => Self::Opaque(b"another".to_vec()),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(id) => id.fmt(f),
            Self::Opaque(id) => hex(id).fmt(f),
        }
    }
}

impl Meaning {
    fn of(codec: &dyn Bound, region: &[u8]) -> Result<Self, String> {
        let facts = codec.metadata(region).map_err(words)?;
        let bytes = |range: Range<usize>| region.get(range).map(<[u8]>::to_vec);
        Ok(Self {
            kind: facts.kind,
            id: match facts.id {
                PayloadId::Number(id) => Id::Number(id),
                PayloadId::Opaque(range) => Id::Opaque(bytes(range).ok_or("there is no such id")?),
            },
            timeout: codec.timeout(region).unwrap_or(facts.timeout),
            status: facts.status,
            headers: headers_in(codec, region).map_err(words)?,
            whole: facts.body == (0..region.len()),
            body: bytes(facts.body).ok_or("there is no such body")?,
        })
    }

    /// The same with each thing that hosts change.
    fn others(&self) -> [(FieldRole, Self); 4] {
        let mut others = ROLES.map(|role| (role, self.clone()));
        let [(_, id), (_, status), (_, headers), (_, body)] = &mut others;
        id.id = self.id.other();
        status.status = self.status ^ 1;
        headers.headers.append("x-added", "1");
        body.body = b"another body".to_vec();
        others
    }

    /// Whether a region of its kind has no such thing.
    const fn is_fixed(&self, role: FieldRole) -> bool {
        matches!(role, FieldRole::Status) && self.kind.is_request()
    }

    /// Takes what may follow from a change of this role for what was wanted: a header may say the status, and
    /// a body that is all of the region holds everything else.
    fn follow(&mut self, role: FieldRole, came: &Self, wanted: &Self) {
        let names = |headers: &HeaderMap| -> Vec<Vec<u8>> {
            headers.iter().map(|(key, _)| key.to_vec()).collect()
        };
        if role == FieldRole::Status && names(&self.headers) == names(&came.headers) {
            self.headers.clone_from(&wanted.headers);
        }
        if role != FieldRole::Body && self.whole && came.whole {
            self.body.clone_from(&wanted.body);
        }
    }

    /// The changes that say all of this.
    fn all(&self) -> MetadataEdits<'_> {
        MetadataEdits {
            id: Some(self.id.to_new()),
            status: Some(self.status),
            headers: Some(self.headers.as_headers()),
            body: Some(&self.body),
            ..MetadataEdits::default()
        }
    }

    /// All of this that the region has: a request has no status, and not every region a body.
    fn shown(&self) -> MetadataEdits<'_> {
        let all = self.all();
        MetadataEdits {
            status: all.status.filter(|_| !self.is_fixed(FieldRole::Status)),
            body: all.body.filter(|body| !body.is_empty()),
            ..all
        }
    }

    /// The changes that make another one of this.
    fn to<'o>(&self, other: &'o Self) -> MetadataEdits<'o> {
        let all = other.all();
        MetadataEdits {
            id: all.id.filter(|_| self.id != other.id),
            status: all.status.filter(|_| self.status != other.status),
            headers: all.headers.filter(|_| self.headers != other.headers),
            body: all.body.filter(|_| self.body != other.body),
            ..MetadataEdits::default()
        }
    }

    /// That this is what was wanted.
    fn is(&self, wanted: &Self) -> Result<(), String> {
        same("the body", &self.body, &wanted.body)?;
        let numbers = [
            ("the status", self.status, wanted.status),
            (
                "the timeout",
                self.timeout.millis(),
                wanted.timeout.millis(),
            ),
        ];
        for (what, is, wanted) in numbers {
            ensure(is == wanted, || {
                format!("{what} is {is}, expected {wanted}")
            })?;
        }
        ensure(self.kind == wanted.kind, || {
            format!(
                "it is a {}, expected a {}",
                self.kind.name(),
                wanted.kind.name()
            )
        })?;
        ensure(self.id == wanted.id, || {
            format!("the id is {}, expected {}", self.id, wanted.id)
        })?;
        ensure(self.headers == wanted.headers, || {
            let (headers, wanted) = (&self.headers, &wanted.headers);
            format!("the headers are {headers:?}, expected {wanted:?}")
        })
    }
}

/// The headers that a payload codec reads in a region, as a map: what its own tests compare.
pub fn headers_of<D: PayloadCodec>(
    region: &[u8],
    inputs: D::Inputs,
) -> Result<HeaderMap, FormatError> {
    headers_in(&With::<D>(inputs), region)
}

fn headers_in(codec: &dyn Bound, region: &[u8]) -> Result<HeaderMap, FormatError> {
    HeaderMap::from_writer(|out| codec.headers(region, out))
}

/// What a payload codec reads in a region, as vectors state it: what its own tests compare. An id that is no
/// number is left out; the body is the region's own part of it.
pub fn facts_of<D: PayloadCodec>(
    region: &[u8],
    inputs: D::Inputs,
) -> Result<vectors::Facts, FormatError> {
    let (facts, headers) = (
        D::metadata(region, inputs)?,
        headers_of::<D>(region, inputs)?,
    );
    let asks = facts.kind.is_request();
    Ok(vectors::Facts {
        kind: Some(facts.kind),
        id: match facts.id {
            PayloadId::Number(id) => Some(id),
            PayloadId::Opaque(_) => None,
        },
        timeout: asks.then(|| D::timeout(region, inputs).unwrap_or(facts.timeout)),
        status: (!asks).then_some(facts.status),
        headers: Some(headers.len()),
        body: Some(facts.body.len()),
        pairs: headers
            .iter()
            .map(|(key, value)| (key.to_vec(), value.to_vec()))
            .collect(),
        hijack: None,
        answers: Vec::new(),
        unanswered: false,
    })
}

fn words(error: FormatError) -> String {
    format!("at byte {}: {}", error.offset, error.reason)
}
