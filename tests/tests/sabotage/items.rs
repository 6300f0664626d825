//! Saboteurs over a small protocol whose frames have a part with a payload codec.

use std::cell::Cell;
use std::hint::black_box;
use std::ops::Range;
use std::thread::LocalKey;

use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec, PayloadId, PayloadMetadata};
use meshwire::frame::{Action, FormatError, HeaderDiff, HeaderWriter, Splice, Template};
use meshwire::wire::Reason;
use meshwire::{Bytes, Frame, Len, protocol};

use crate::group::{Group, Saboteur};
use crate::wrapper::{Base, Hooks};

/// A call.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
pub(crate) struct Ask {
    #[frame(tag = 1)]
    kind: u8,
    #[frame(len_of = items)]
    len: Len<u16>,
    #[frame(with = Items, id, headers, body)]
    items: Bytes,
}

/// The answer to a call.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
pub(crate) struct Answer {
    #[frame(tag = 2)]
    kind: u8,
    #[frame(len_of = items)]
    len: Len<u16>,
    #[frame(with = Items, id, status, headers, body)]
    items: Bytes,
}

#[protocol(name = "x-items", frames(Ask, Answer), status(200 => 0, _ => 9), keep_alive = none)]
pub(crate) struct Itemized;

thread_local! {
    static HOOKS: Cell<&'static Hooks<Itemized>> = const { Cell::new(&Hooks::HONEST) };
}

impl Base for Itemized {
    fn hooks() -> &'static LocalKey<Cell<&'static Hooks<Self>>> {
        &HOOKS
    }
}

/// Items of a byte that says what it is, a byte of length, and a value: the id, the status, headers as
/// `key=value`, the body. Others may be there.
#[derive(Debug)]
pub(crate) struct Items;

const ID: u8 = 1;
const STATUS: u8 = 2;
const HEADER: u8 = 3;
const BODY: u8 = 4;

/// Bytes before the value of an item.
const FRONT: usize = 2;

/// An item: what it is, and where its value is.
type TypedField = (u8, Range<usize>);

fn items(region: &[u8]) -> Result<Vec<TypedField>, FormatError> {
    let (mut items, mut at) = (Vec::new(), 0);
    while at < region.len() {
        let value = region.get(at + 1).and_then(|len| {
            let value = at + FRONT..at + FRONT + usize::from(*len);
            region.get(value.clone()).map(|_| value)
        });
        let value = value.ok_or(FormatError {
            offset: at,
            reason: Reason::Missing,
        })?;
        let next = value.end;
        items.push((region[at], value));
        at = next;
    }
    Ok(items)
}

/// The number in the first item of a kind; 0 if there is none.
fn number(region: &[u8], items: &[TypedField], kind: u8) -> u64 {
    let item = items.iter().find(|(found, _)| *found == kind);
    let value = item.map_or(&[][..], |(_, value)| &region[value.clone()]);
    value
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn header(value: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = value.iter().position(|byte| *byte == b'=')?;
    Some((&value[..at], &value[at + 1..])).filter(|(key, _)| !key.is_empty())
}

impl PayloadCodec for Items {
    type Inputs = ();

    const LARGEST_ID: u64 = u32::MAX as u64;

    fn metadata(region: &[u8], (): ()) -> Result<PayloadMetadata, FormatError> {
        (HOOKS.get().part_facts)(region)
    }

    fn headers(region: &[u8], (): (), out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        for (kind, value) in items(region)? {
            if let (HEADER, Some((key, value))) = (kind, header(&region[value])) {
                out.pair(key, value);
            }
        }
        Ok(())
    }

    fn rewrite(
        region: &[u8],
        (): (),
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        let start = out.len();
        let written = (HOOKS.get().part_rewrite)(region, changes, out);
        if written.is_err() {
            out.truncate(start);
        }
        written
    }

    fn template(_: Template, (): ()) -> Option<Vec<u8>> {
        Some(vec![ID, 4, 0, 0, 0, 0, STATUS, 2, 0, 0])
    }
}

/// [`PayloadCodec::metadata`].
pub(crate) fn metadata(region: &[u8]) -> Result<PayloadMetadata, FormatError> {
    let items = items(region)?;
    let wide = |(kind, value): &TypedField| match *kind {
        ID => value.len() != 4,
        STATUS => value.len() != 2,
        _ => false,
    };
    if let Some((_, value)) = items.iter().find(|item| wide(item)) {
        let (offset, reason) = (value.start - FRONT, Reason::Syntax);
        return Err(FormatError { offset, reason });
    }
    if !items.iter().any(|(kind, _)| *kind == ID) {
        let (offset, reason) = (region.len(), Reason::Missing);
        return Err(FormatError { offset, reason });
    }
    let body = items.iter().find(|(kind, _)| *kind == BODY);
    Ok(PayloadMetadata {
        id: PayloadId::Number(number(region, &items, ID)),
        status: number(region, &items, STATUS).cast_signed(),
        body: body.map_or(0..0, |(_, value)| value.clone()),
        ..PayloadMetadata::default()
    })
}

/// [`PayloadCodec::rewrite`].
pub(crate) fn rewrite(
    region: &[u8],
    changes: &MetadataEdits<'_>,
    out: &mut Vec<u8>,
) -> Result<(), FormatError> {
    let items = items(region)?;
    let mut values = vec![];
    match changes.id {
        Some(IdEdit::Number(id)) => values.push((ID, narrow::<u32>(id)?.to_be_bytes().to_vec())),
        Some(IdEdit::Opaque(_)) => return Err(NO_PLACE),
        None => {}
    }
    if let Some(status) = changes.status {
        let status = narrow::<u16>(status.cast_unsigned())?;
        values.push((STATUS, status.to_be_bytes().to_vec()));
    }
    if let Some(body) = changes.body {
        values.push((BODY, body.to_vec()));
    }
    let mut headers = changes
        .headers
        .map(|headers| HeaderDiff::new(headers.iter()));
    let mut splice = Splice::new(region, out);
    for (kind, range) in items {
        let whole = range.start - FRONT..range.end;
        if let Some(at) = values.iter().position(|(found, _)| *found == kind) {
            put(kind, &values.remove(at).1, splice.replace(whole))?;
        } else if let (HEADER, Some(headers), Some((key, value))) =
            (kind, &mut headers, header(&region[range]))
        {
            match headers.action(key, value) {
                Action::Keep => {}
                Action::Replace(value) => put_header(key, value, splice.replace(whole))?,
                Action::Remove => drop(splice.replace(whole)),
            }
        }
    }
    splice.finish();
    for (key, value) in headers.into_iter().flat_map(HeaderDiff::rest) {
        put_header(key, value, out)?;
    }
    // What says nothing is as good as not there.
    let added = values
        .iter()
        .filter(|(_, value)| value.iter().any(|byte| *byte > 0));
    for (kind, value) in added {
        put(*kind, value, out)?;
    }
    Ok(())
}

const NO_PLACE: FormatError = FormatError {
    offset: 0,
    reason: Reason::NoPlace,
};

fn narrow<T: TryFrom<u64>>(number: u64) -> Result<T, FormatError> {
    T::try_from(number).map_err(|_| NO_PLACE)
}

fn put(kind: u8, value: &[u8], out: &mut Vec<u8>) -> Result<(), FormatError> {
    out.push(kind);
    out.push(u8::try_from(value.len()).map_err(|_| NO_PLACE)?);
    out.extend_from_slice(value);
    Ok(())
}

fn put_header(key: &[u8], value: &[u8], out: &mut Vec<u8>) -> Result<(), FormatError> {
    if key.contains(&b'=') {
        return Err(NO_PLACE);
    }
    put(HEADER, &[key, b"=", value].concat(), out)
}

pub(crate) const GROUP: Group<Itemized> = Group {
    over: "a protocol with a payload codec",
    vectors: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sabotage/vectors/items"),
    saboteurs: &[SABOTEURS],
};

const HONEST: Hooks<Itemized> = Hooks::HONEST;

static SABOTEURS: &[Saboteur<Itemized>] = &[
    Saboteur {
        does: "keeps the status that its part had",
        refused_by: "requests_are_answered_for_every_reason",
        says: "the status is 0, expected 9",
        hooks: Hooks {
            part_rewrite: |region, changes, out| {
                let changes = MetadataEdits {
                    status: None,
                    ..*changes
                };
                rewrite(region, &changes, out)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "keeps the body that its part had",
        refused_by: "damaged_parts_are_survived",
        says: "with other body: the body: 0 bytes, expected 12",
        hooks: Hooks {
            part_rewrite: |region, changes, out| {
                let changes = MetadataEdits {
                    body: None,
                    ..*changes
                };
                rewrite(region, &changes, out)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "drops what it does not know when anything is edited",
        refused_by: "unknown_bytes_survive_edits",
        says: "has no meaning: with another id it is lost or changed",
        hooks: Hooks {
            part_rewrite: |region, changes, out| {
                let edits = changes.id.is_some() || changes.headers.is_some();
                let known: Vec<u8> = items(region)?
                    .into_iter()
                    .filter(|(kind, _)| !edits || (ID..=BODY).contains(kind))
                    .flat_map(|(_, value)| region[value.start - FRONT..value.end].to_vec())
                    .collect();
                rewrite(&known, changes, out)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "panics over an item that is cut",
        refused_by: "damaged_parts_are_survived",
        says: "panicked, see above: the item is whole",
        hooks: Hooks {
            part_facts: |region| {
                let mut rest = region;
                while let [_, len, after @ ..] = rest {
                    rest = after.get(usize::from(*len)..).expect("the item is whole");
                }
                metadata(region)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "makes room for as many items as the first length says",
        refused_by: "damaged_parts_are_survived",
        says: "decoding 14 bytes allocates 20480 bytes at once",
        hooks: Hooks {
            part_facts: |region| {
                let len = region.get(1).map_or(0, |len| usize::from(*len));
                black_box(Vec::<[u8; 1024]>::with_capacity(len));
                metadata(region)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "takes a new id for the status too",
        refused_by: "damaged_parts_are_survived",
        says: "with other id and back: 14 bytes, expected 14; they differ",
        hooks: Hooks {
            part_rewrite: |region, changes, out| {
                let status = match changes.id {
                    Some(IdEdit::Number(id)) => Some((id & 0xff).cast_signed()),
                    _ => changes.status,
                };
                rewrite(region, &MetadataEdits { status, ..*changes }, out)
            },
            ..HONEST
        },
    },
];
