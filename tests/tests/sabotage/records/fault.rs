//! What a payload codec can do wrong with the entries of a part, whatever their encoding.

use std::hint::black_box;
use std::marker::PhantomData;
use std::ops::Range;

use meshwire::command::{MetadataEdits, PayloadCodec, PayloadMetadata};
use meshwire::frame::{FormatError, HeaderWriter, Template};
use meshwire::record::{Encoding, Record, Ty};
use meshwire::wire::Keys;

/// A property of records that a payload codec has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// None: the codec as it is.
    None,
    /// Entries that it does not know are lost with an edit.
    LosesUnknown,
    /// Entries are sorted by an edit.
    Sorts,
    /// Of several entries of a key, an edit leaves the one that counts.
    LeavesOne,
    /// An unusual spelling of what is not changed is made the usual one.
    Respells,
    /// What is changed goes to the end.
    Moves,
    /// A record that is cut or damaged is an empty one.
    Swallows,
    /// An entry that is cut is the end of the process.
    Panics,
    /// Values in each other are read one call deeper each.
    Recurses,
    /// Errors do not name their field.
    Misnames,
    /// Room is made for as many entries as a number in the record says.
    Counts,
}

/// A part whose codec can be broken.
pub(crate) trait Breakable: PayloadCodec<Inputs = ()> {
    /// An unusual spelling in its vectors, and the usual one.
    const UNUSUAL: (&'static [u8], &'static [u8]);
    /// Of several entries of a key, the last one counts.
    const LAST_COUNTS: bool = false;

    /// What is broken on this thread.
    fn fault() -> Fault;

    /// The entries of the outermost level; `None` if they cannot be read.
    fn entries(region: &[u8]) -> Option<Vec<Entry>>;

    /// The region whose entries are others than before, with what follows from them.
    fn sealed(region: Vec<u8>) -> Vec<u8> {
        region
    }

    /// The region without these of its entries.
    fn without(region: &[u8], unknown: &[Entry]) -> Option<Vec<u8>> {
        let all = Entries::of::<Self>(region)?;
        let gone = |entry: &Entry| unknown.iter().any(|other| other.range == entry.range);
        let kept = (0..all.all.len()).filter(|index| !gone(&all.all[*index]));
        Some(all.only(&kept.collect::<Vec<_>>()))
    }
}

/// An entry of a part.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Where it is.
    pub range: Range<usize>,
    /// What it is an entry of, where only one counts.
    pub row: Option<usize>,
    /// Whether the codec knows it.
    pub known: bool,
}

/// The entries of a record, as its encoding finds them.
pub(crate) fn entries_of<R: Record, E: Encoding>(encoding: E, region: &[u8]) -> Option<Vec<Entry>> {
    let mut walk = encoding.open(region, 0..region.len()).ok()?;
    let mut all = Vec::new();
    while let Some(entry) = encoding.next(&mut walk).ok()? {
        let mut rows = R::TABLE.rows.iter();
        let row = rows.position(|row| encoding.is(entry.key, row));
        all.push(Entry {
            range: entry.range(),
            // Each entry of a map counts.
            row: row.filter(|row| !matches!(R::TABLE.rows[*row].ty, Ty::Map)),
            known: row.is_some(),
        });
    }
    Some(all)
}

/// The codec of a part with a [`Fault`].
pub(crate) struct Broken<R>(PhantomData<R>);

/// More values in each other than any record has.
const DEEP: usize = 1100;

impl<R: Breakable> Broken<R> {
    /// The keys of a record.
    const NAMED: &'static Keys = &Keys {
        key_at: |region, offset, reason| {
            let key = (keys::<R>().key_at)(region, offset, reason);
            key.filter(|_| R::fault() != Fault::Misnames)
        },
        path: |key| (keys::<R>().path)(key),
        declared: || (keys::<R>().declared)(),
        entries: |region| (keys::<R>().entries)(region),
    };
}

impl<R: Breakable> PayloadCodec for Broken<R> {
    type Inputs = ();

    const LARGEST_ID: u64 = R::LARGEST_ID;
    const HAS_KIND: bool = R::HAS_KIND;
    const KEYS: Option<&'static Keys> = if R::KEYS.is_some() {
        Some(Self::NAMED)
    } else {
        None
    };

    fn metadata(region: &[u8], (): ()) -> Result<PayloadMetadata, FormatError> {
        let metadata = R::metadata(region, ());
        match R::fault() {
            Fault::Swallows => Ok(metadata.unwrap_or_default()),
            Fault::Panics => {
                assert!(metadata.is_ok(), "every entry is whole");
                metadata
            }
            Fault::Recurses => {
                // A stack that has ended cannot be caught.
                assert!(repeats(region) < DEEP, "the stack has ended");
                metadata
            }
            Fault::Counts => {
                let number = region.iter().rev().take(3);
                let count = number.fold(0, |number, byte| number << 8 | usize::from(*byte));
                black_box(Vec::<u64>::with_capacity(count));
                metadata
            }
            _ => metadata,
        }
    }

    fn headers(region: &[u8], (): (), out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        match R::headers(region, (), out) {
            Err(_) if R::fault() == Fault::Swallows => Ok(()),
            headers => headers,
        }
    }

    fn rewrite(
        region: &[u8],
        (): (),
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        let start = out.len();
        R::rewrite(region, (), changes, out)?;
        let written = out.split_off(start);
        let broken = match R::fault() {
            _ if written == region => None,
            Fault::LosesUnknown => without_unknown::<R>(&written),
            Fault::Sorts => Entries::of::<R>(&written).map(|all| all.sorted()),
            Fault::LeavesOne => Entries::of::<R>(&written).map(|all| all.one_of_each::<R>()),
            Fault::Moves => Entries::of::<R>(&written).map(|all| all.moved::<R>(region)),
            Fault::Respells => Some(respelled(&written, R::UNUSUAL)),
            _ => None,
        };
        out.extend(broken.map_or(written, R::sealed));
        Ok(())
    }

    fn template(template: Template, (): ()) -> Option<Vec<u8>> {
        R::template(template, ())
    }
}

/// What finds the keys of a record.
fn keys<R: Breakable>() -> &'static Keys {
    R::KEYS.expect("a record has keys")
}

/// How often up to three bytes of a region follow on themselves.
fn repeats(region: &[u8]) -> usize {
    let run = |unit: usize| {
        let mut longest = 0;
        let mut run = 0;
        for (byte, later) in region.iter().zip(region.iter().skip(unit)) {
            run = if byte == later { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        longest / unit
    };
    (1..=3).map(run).max().unwrap_or(0)
}

fn respelled(region: &[u8], (unusual, usual): (&[u8], &[u8])) -> Vec<u8> {
    let windows = region.windows(unusual.len().max(1));
    let at = windows.enumerate().find(|(_, found)| *found == unusual);
    let Some((at, _)) = at else {
        return region.to_vec();
    };
    [&region[..at], usual, &region[at + unusual.len()..]].concat()
}

fn without_unknown<R: Breakable>(region: &[u8]) -> Option<Vec<u8>> {
    let mut all = R::entries(region)?;
    all.retain(|entry| !entry.known);
    R::without(region, &all)
}

/// The entries of the outermost level.
struct Entries<'r> {
    region: &'r [u8],
    all: Vec<Entry>,
}

impl<'r> Entries<'r> {
    fn of<R: Breakable + ?Sized>(region: &'r [u8]) -> Option<Self> {
        let all = R::entries(region)?;
        Some(Self { region, all })
    }

    /// These of the entries, in this order, with what is between the first ones as it was.
    fn only(&self, order: &[usize]) -> Vec<u8> {
        let (Some(first), Some(last)) = (self.all.first(), self.all.last()) else {
            return self.region.to_vec();
        };
        let mut out = self.region[..first.range.start].to_vec();
        for (place, index) in order.iter().enumerate() {
            if place > 0 {
                let (before, after) = (&self.all[place - 1].range, &self.all[place].range);
                out.extend(&self.region[before.end..after.start]);
            }
            out.extend(self.bytes(*index));
        }
        out.extend(&self.region[last.range.end..]);
        out
    }

    fn bytes(&self, index: usize) -> &'r [u8] {
        &self.region[self.all[index].range.clone()]
    }

    fn sorted(&self) -> Vec<u8> {
        let mut order: Vec<_> = (0..self.all.len()).collect();
        order.sort_by_key(|index| self.bytes(*index));
        self.only(&order)
    }

    fn one_of_each<R: Breakable>(&self) -> Vec<u8> {
        let counts = |index: &usize| {
            let row = self.all[*index].row;
            let others = if R::LAST_COUNTS {
                &self.all[index + 1..]
            } else {
                &self.all[..*index]
            };
            row.is_none() || others.iter().all(|other| other.row != row)
        };
        self.only(&(0..self.all.len()).filter(counts).collect::<Vec<_>>())
    }

    fn moved<R: Breakable>(&self, came: &[u8]) -> Vec<u8> {
        let came = Entries::of::<R>(came);
        let mut order: Vec<_> = (0..self.all.len()).collect();
        order.sort_by_key(|index| {
            let mut came = came
                .iter()
                .flat_map(|came| (0..came.all.len()).map(|at| came.bytes(at)));
            came.all(|bytes| bytes != self.bytes(*index))
        });
        self.only(&order)
    }
}
