//! How the fields follow each other: fixed fields side by side in runs, and the varints and parts between
//! them.

use super::constraint::Constraint;
use super::field::{Field, Length, Shape};
use super::literal;

/// The pieces of a frame, in the order of the wire.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) items: Vec<Item>,
    /// Of each field, the item that it is in.
    item_of: Vec<usize>,
    /// Of each field that shares its bytes, its place in them.
    bits: Vec<Option<BitPlace>>,
}

#[derive(Debug)]
pub(crate) enum Item {
    /// The first one is such a run, which has no fields if the frame begins with a varint or a part.
    Run(Run),
    /// A part, by the index of its field.
    Part(usize),
    /// Bytes that follow from the field before them.
    Filler(Filler),
}

/// Bytes on the wire that are no field.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Filler {
    /// What fills up the pieces before it to whole units of a length, by the index of that.
    Padding(usize),
    /// The constant bytes after a field, by the index of that.
    Trailer(usize),
}

/// Fixed fields side by side: the compiler computes their offsets in the run. Or a varint, which
/// is alone.
#[derive(Debug)]
pub(crate) struct Run {
    /// The number of the run, from 0.
    pub(crate) number: usize,
    pub(crate) fields: Vec<usize>,
    /// The run is there only in some frames.
    pub(crate) conditional: bool,
    /// The only field has as many bytes as its value needs.
    pub(crate) varint: bool,
}

/// The place of a field of bits in the bytes that it shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BitPlace {
    /// Of the first field of the bytes, how many bytes there are.
    pub(crate) bytes: Option<usize>,
    pub(crate) bits: u8,
    /// How many bits of the bytes are below it.
    pub(crate) shift: u8,
}

impl Plan {
    pub(super) fn of(fields: &[Field]) -> Self {
        let mut plan = Plan {
            items: Vec::new(),
            item_of: Vec::new(),
            bits: bit_places(fields),
        };
        let mut runs = 0;
        if fields
            .first()
            .is_some_and(|first| first.varint().is_some() || first.part().is_some())
        {
            plan.items.push(Item::Run(Run::new(runs)));
            runs += 1;
        }
        for (index, field) in fields.iter().enumerate() {
            let before = index.checked_sub(1).map(|before| &fields[before]);
            match plan.items.last_mut() {
                _ if field.part().is_some() => plan.items.push(Item::Part(index)),
                Some(Item::Run(run)) if before.is_some_and(|before| together(before, field)) => {
                    run.fields.push(index);
                }
                _ => {
                    plan.items.push(Item::Run(Run {
                        fields: vec![index],
                        conditional: field.when.is_some(),
                        varint: field.varint().is_some(),
                        ..Run::new(runs)
                    }));
                    runs += 1;
                }
            }
            plan.item_of.push(plan.items.len() - 1);
            if field.trailer().is_some() {
                plan.items.push(Item::Filler(Filler::Trailer(index)));
            }
            let ended = |length: &Length| length.unit.is_some() && length.cover.last == index;
            for (length, field) in fields.iter().enumerate() {
                if matches!(&field.shape, Shape::Length(length) if ended(length)) {
                    plan.items.push(Item::Filler(Filler::Padding(length)));
                }
            }
        }
        plan
    }

    /// The last item of what ends with a field, with what fills that up.
    pub(crate) fn end_of(&self, last: usize) -> usize {
        let after = self.items.iter().skip(self.item_of[last] + 1);
        let fillers = after.take_while(|item| matches!(item, Item::Filler(_)));
        self.item_of[last] + fillers.count()
    }

    /// The item with which a length begins to hold, and whether it does so after it: as soon as the length
    /// is read, and the first field that it covers; before that one, if it is of variable size or the length
    /// is a varint, which is alone before it.
    pub(crate) fn opening(&self, length: usize, shape: &Length) -> (usize, bool) {
        let (own, first) = (self.item_of[length], self.item_of[shape.cover.first]);
        let varies = match &self.items[first] {
            Item::Run(run) => run.varint,
            Item::Part(_) | Item::Filler(_) => true,
        };
        if (varies || shape.int.is_varint()) && first > own {
            (first, false)
        } else {
            (own.max(first), true)
        }
    }

    pub(crate) fn item_of(&self, field: usize) -> usize {
        self.item_of[field]
    }

    /// The run that a fixed field is in, or a varint is.
    pub(crate) fn run_of(&self, field: usize) -> &Run {
        match &self.items[self.item_of[field]] {
            Item::Run(run) => run,
            Item::Part(_) | Item::Filler(_) => unreachable!("only fixed fields are in a run"),
        }
    }

    pub(crate) fn bits_of(&self, field: usize) -> Option<BitPlace> {
        self.bits[field]
    }

    pub(crate) fn runs(&self) -> impl Iterator<Item = &Run> {
        self.items.iter().filter_map(|item| match item {
            Item::Run(run) => Some(run),
            Item::Part(_) | Item::Filler(_) => None,
        })
    }

    /// Whether the field is in the run at the front, where its place is the same in every frame.
    pub(crate) fn in_head(&self, field: usize) -> bool {
        self.item_of[field] == 0
    }

    /// Whether the field is the last one of its item, so that something can end with it.
    pub(crate) fn ends_item(&self, field: usize) -> bool {
        self.item_of.get(field + 1) != Some(&self.item_of[field])
    }
}

impl Run {
    /// A run that no field is in yet.
    fn new(number: usize) -> Self {
        Run {
            number,
            fields: Vec::new(),
            conditional: false,
            varint: false,
        }
    }
}

/// Whether two fixed fields are always there together, and how far apart they are the compiler knows.
fn together(before: &Field, field: &Field) -> bool {
    if before.varint().is_some() || field.varint().is_some() {
        return false;
    }
    let values = |field: &Field| {
        let given = field.when.as_ref();
        given.map(|given| given.value.iter().map(Constraint::text).collect::<Vec<_>>())
    };
    values(before) == values(field)
}

/// Fields of bits side by side share the fewest whole bytes that hold them, the first one the highest
/// bits.
fn bit_places(fields: &[Field]) -> Vec<Option<BitPlace>> {
    let mut places = vec![None; fields.len()];
    let mut start = 0;
    while start < fields.len() {
        let Some(end) = whole_bytes(fields, start) else {
            start += 1;
            continue;
        };
        let sizes: Vec<u32> = fields[start..end].iter().filter_map(bits).collect();
        let mut below: u32 = sizes.iter().sum();
        let bytes = below as usize / 8;
        for (offset, size) in sizes.into_iter().enumerate() {
            below -= size;
            places[start + offset] = Some(BitPlace {
                bytes: (offset == 0).then_some(bytes),
                bits: size as u8,
                shift: below as u8,
            });
        }
        start = end;
    }
    places
}

/// The field after those that fill whole bytes together with this one.
pub(crate) fn whole_bytes(fields: &[Field], start: usize) -> Option<usize> {
    let mut sum = 0;
    for (index, field) in fields.iter().enumerate().skip(start) {
        sum += bits(field)?;
        if sum > 64 || !together(&fields[start], field) {
            return None;
        }
        if sum % 8 == 0 {
            return Some(index + 1);
        }
    }
    None
}

/// How many bits a field of bits has.
pub(crate) fn bits(field: &Field) -> Option<u32> {
    let Shape::Fixed(fixed) = &field.shape else {
        return None;
    };
    let count = literal::integer(&fixed.bits.as_ref()?.value)?;
    u32::try_from(count)
        .ok()
        .filter(|count| (1..=64).contains(count))
}
