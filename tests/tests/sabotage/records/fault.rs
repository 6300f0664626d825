//! What a payload codec can do wrong with a record, whatever its encoding.

use std::hint::black_box;
use std::marker::PhantomData;
use std::ops::Range;

use meshwire::command::{MetadataEdits, PayloadCodec, PayloadMetadata};
use meshwire::frame::{FormatError, HeaderWriter, Template};
use meshwire::record::{Encoding, Record, Twice, Ty};

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
    /// Room is made for as many entries as a number in the record says.
    Counts,
}

/// A record whose codec can be broken.
pub(crate) trait Breakable: Record + PayloadCodec<Inputs = ()> {
    type Encoding: Encoding;
    const ENCODING: Self::Encoding;
    /// An unusual spelling in its vectors, and the usual one.
    const UNUSUAL: (&'static [u8], &'static [u8]);

    /// What is broken on this thread.
    fn fault() -> Fault;
}

/// The codec of a record with a [`Fault`].
pub(crate) struct Broken<R>(PhantomData<R>);

/// More values in each other than any record has.
const DEEP: usize = 1100;

impl<R: Breakable> PayloadCodec for Broken<R> {
    type Inputs = ();

    const LARGEST_ID: u64 = R::LARGEST_ID;
    const HAS_KIND: bool = R::HAS_KIND;

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
            Fault::LosesUnknown => Entries::of::<R>(&written).map(|all| all.without_unknown()),
            Fault::Sorts => Entries::of::<R>(&written).map(|all| all.sorted()),
            Fault::LeavesOne => Entries::of::<R>(&written).map(|all| all.one_of_each::<R>()),
            Fault::Moves => Entries::of::<R>(&written).map(|all| all.moved::<R>(region)),
            Fault::Respells => Some(respelled(&written, R::UNUSUAL)),
            _ => None,
        };
        out.extend(broken.unwrap_or(written));
        Ok(())
    }

    fn template(template: Template, (): ()) -> Option<Vec<u8>> {
        R::template(template, ())
    }
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

/// The entries of the outermost record.
struct Entries<'r> {
    region: &'r [u8],
    /// Where each is, and its row, if it has one.
    all: Vec<(Range<usize>, Option<usize>)>,
}

impl<'r> Entries<'r> {
    fn of<R: Breakable>(region: &'r [u8]) -> Option<Self> {
        let mut walk = R::ENCODING.open(region, 0..region.len()).ok()?;
        let mut all = Vec::new();
        while let Some(entry) = R::ENCODING.next(&mut walk).ok()? {
            let mut rows = R::TABLE.rows.iter();
            let row = rows.position(|row| R::ENCODING.is(entry.key, row));
            all.push((entry.range(), row));
        }
        Some(Self { region, all })
    }

    /// These of the entries, in this order, with what is between the first ones as it was.
    fn only(&self, order: &[usize]) -> Vec<u8> {
        let (Some((first, _)), Some((last, _))) = (self.all.first(), self.all.last()) else {
            return self.region.to_vec();
        };
        let mut out = self.region[..first.start].to_vec();
        for (place, index) in order.iter().enumerate() {
            if place > 0 {
                out.extend(&self.region[self.all[place - 1].0.end..self.all[place].0.start]);
            }
            out.extend(self.bytes(*index));
        }
        out.extend(&self.region[last.end..]);
        out
    }

    fn bytes(&self, index: usize) -> &'r [u8] {
        &self.region[self.all[index].0.clone()]
    }

    fn without_unknown(&self) -> Vec<u8> {
        let known = (0..self.all.len()).filter(|index| self.all[*index].1.is_some());
        self.only(&known.collect::<Vec<_>>())
    }

    fn sorted(&self) -> Vec<u8> {
        let mut order: Vec<_> = (0..self.all.len()).collect();
        order.sort_by_key(|index| self.bytes(*index));
        self.only(&order)
    }

    fn one_of_each<R: Breakable>(&self) -> Vec<u8> {
        let counts = |index: &usize| {
            let (.., Some(row)) = self.all[*index] else {
                return true;
            };
            let others = if <R::Encoding as Encoding>::RULES.twice == Twice::Merge {
                &self.all[index + 1..]
            } else {
                &self.all[..*index]
            };
            let is_map = matches!(R::TABLE.rows[row].ty, Ty::Map);
            is_map || others.iter().all(|(_, other)| *other != Some(row))
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
