//! The walk over a layout: the offset of each field, as far as the bytes determine it.

use super::Span;
use meshwire::frame::{Condition, Covers, Field, Layout, Place, mark};
use meshwire::wire::varint::{self, VarintError};

/// The offsets of a frame's fields.
pub(super) struct Walk<'w> {
    layout: &'static Layout,
    bytes: &'w [u8],
    pub(super) spans: Vec<Span>,
    /// Where the fields so far end.
    end: usize,
    /// Where the run of fixed fields begins that the walk is in, and its number.
    run: (usize, usize),
}

/// How far a frame can be followed.
pub(super) enum Extent {
    /// To its end.
    Whole(usize),
    /// To this byte at least: what follows is not known before the bytes up to it are there.
    AtLeast(usize),
}

impl<'w> Walk<'w> {
    pub(super) fn new(layout: &'static Layout, bytes: &'w [u8]) -> Self {
        Self {
            layout,
            bytes,
            spans: Vec::new(),
            end: layout.fixed,
            run: (0, 0),
        }
    }

    /// Walks over all fields that can be placed.
    pub(super) fn go(&mut self) -> Extent {
        let complete = self.bytes.len() >= self.layout.fixed;
        let fields = self.layout.fields.iter().enumerate();
        for (index, field) in fields {
            match field.place {
                Place::Fixed { at, size, .. } => self.spans.push(Span::new(field, at, size)),
                _ if !complete => return Extent::AtLeast(self.layout.fixed),
                Place::Later { run, at, size, .. } => {
                    if let Some(end) = self.later(field, run, at, size) {
                        return self.whole().unwrap_or(Extent::AtLeast(end));
                    }
                }
                Place::Varint { .. } => {
                    if let Some(end) = self.varint(field) {
                        return self.whole().unwrap_or(Extent::AtLeast(end));
                    }
                }
                Place::Part { .. } if !field.when.iter().all(|other| self.holds(other)) => {}
                Place::Part { .. } if !field.until.is_empty() => {
                    if let Some(end) = self.until(field) {
                        return self.whole().unwrap_or(Extent::AtLeast(end));
                    }
                }
                Place::Part { len } => {
                    let null = self.is_null(len);
                    let size = match len {
                        _ if null => 0,
                        "" => self.rest(index),
                        _ => self.number(len),
                    };
                    let span = Span::new(field, self.end, size);
                    self.spans.push(Span { null, ..span });
                    self.end = self.end.saturating_add(size);
                }
                // Of a later version: where it ends is unknown.
                _ => return self.whole().unwrap_or(Extent::AtLeast(self.end)),
            }
        }
        if !complete {
            return Extent::AtLeast(self.layout.fixed);
        }
        self.whole().unwrap_or(Extent::Whole(self.end))
    }

    /// A fixed field after a part; where its run ends, if that is not all there.
    fn later(
        &mut self,
        field: &'static Field,
        run: usize,
        at: usize,
        size: usize,
    ) -> Option<usize> {
        if !field.when.iter().all(|condition| self.holds(condition)) {
            return None;
        }
        if self.run.1 != run {
            self.run = (self.end, run);
        }
        let start = self.run.0.saturating_add(at);
        self.spans.push(Span::new(field, start, size));
        self.end = self.end.max(start.saturating_add(size));
        let end = self.run.0.saturating_add(run_size(self.layout, run));
        (end > self.bytes.len()).then_some(end)
    }

    /// A varint; its next byte, if it is not all there.
    fn varint(&mut self, field: &'static Field) -> Option<usize> {
        let start = self.end;
        let there = self.bytes.get(start..).unwrap_or_default();
        let (size, whole) = match varint::read(there) {
            Ok((_, size)) => (size, true),
            // What no further byte can cure ends somewhere.
            Err(VarintError::Overflow) => (varint::MAX_LEN, true),
            Err(VarintError::Incomplete) => (there.len() + 1, false),
        };
        self.spans.push(Span::new(field, start, size));
        self.end = start.saturating_add(size);
        (!whole).then_some(self.end)
    }

    /// A part that ends by a mark; its next byte, if that is not there.
    fn until(&mut self, field: &'static Field) -> Option<usize> {
        let start = self.end;
        let there = self.bytes.get(start..).unwrap_or_default();
        let found = mark::find(there, field.until);
        let size = found.unwrap_or(there.len());
        self.spans.push(Span::new(field, start, size));
        let after = found.map_or_else(|missing| missing, |_| field.until.len());
        self.end = start.saturating_add(size).saturating_add(after);
        found.is_err().then_some(self.end)
    }

    fn holds(&self, condition: &Condition) -> bool {
        let span = self.span(condition.field);
        let number = span.and_then(|span| span.number(self.bytes));
        number.is_some_and(|number| condition.values.contains(&number))
    }

    fn span(&self, name: &str) -> Option<&Span> {
        self.spans.iter().find(|span| span.field.name == name)
    }

    fn number(&self, name: &str) -> usize {
        let number = self.span(name).and_then(|span| span.number(self.bytes));
        usize::try_from(number.unwrap_or(0)).unwrap_or(usize::MAX)
    }

    /// Whether a length says that its part is absent.
    fn is_null(&self, name: &str) -> bool {
        let length = self.span(name);
        let null = length.and_then(|length| Some((length, length.field.null?)));
        null.is_some_and(|(length, null)| length.signed(self.bytes) == Some(null))
    }

    /// What the innermost length around a part leaves for it.
    fn rest(&self, index: usize) -> usize {
        let inside = |covers: &Covers| {
            let (first, last) = (self.index(covers.first), self.index(covers.last));
            (first <= index && index <= last).then_some((last - first, last))
        };
        let lengths = self.spans.iter().filter(|span| span.is_length());
        let around = lengths
            .filter_map(|span| Some((span, span.field.covers.as_ref()?)))
            .filter_map(|(span, covers)| Some((span, covers, inside(covers)?)))
            .min_by_key(|(_, _, (size, _))| *size);
        let Some((length, covers, (_, last))) = around else {
            return 0;
        };
        let end = self.end_of(length, covers).unwrap_or(self.end);
        let after = self.layout.fields.get(index + 1..=last).unwrap_or_default();
        let there = |field: &&Field| field.when.iter().all(|condition| self.holds(condition));
        let after: usize = after.iter().filter(there).map(own_size).sum();
        end.saturating_sub(self.end).saturating_sub(after)
    }

    /// Where what a length covers ends.
    fn end_of(&self, length: &Span, covers: &Covers) -> Option<usize> {
        let said = usize::try_from(length.number(self.bytes)?).unwrap_or(usize::MAX);
        // What is not placed yet begins at once.
        let start = self.span(covers.first).map_or(self.end, |first| first.at);
        Some(start.saturating_add(said.saturating_mul(covers.unit)))
    }

    /// The end of the frame, if a length that is read covers it.
    fn whole(&self) -> Option<Extent> {
        let last = self.layout.fields.last()?.name;
        self.spans
            .iter()
            .filter(|span| span.is_length())
            .filter_map(|span| Some((span, span.field.covers.as_ref()?)))
            .filter(|(_, covers)| covers.last == last)
            .find_map(|(span, covers)| self.end_of(span, covers))
            .map(Extent::Whole)
    }

    fn index(&self, name: &str) -> usize {
        let mut fields = self.layout.fields.iter();
        fields.position(|field| field.name == name).unwrap_or(0)
    }
}

/// Bytes of a run of fixed fields.
fn run_size(layout: &Layout, run: usize) -> usize {
    let ends = layout.fields.iter().filter_map(|field| match field.place {
        Place::Later {
            run: own, at, size, ..
        } if own == run => Some(at + size),
        _ => None,
    });
    ends.max().unwrap_or(0)
}

/// Bytes of which each may be the last one of a field: those of a varint, and of a part that ends by a mark.
pub(super) const fn steps(field: &Field, size: usize) -> usize {
    match field.place {
        Place::Varint { .. } => size,
        Place::Part { .. } if !field.until.is_empty() => size.saturating_add(field.until.len()),
        _ => 0,
    }
}

/// Bytes that a field adds to those before it: fields of bits share theirs with the first one.
pub(super) fn own_size(field: &Field) -> usize {
    let (Place::Fixed { size, .. } | Place::Later { size, .. }) = field.place else {
        // The others have their bytes to themselves, and how many is not known before.
        return 0;
    };
    match field.bits {
        Some((bits, shift)) if usize::from(bits) + usize::from(shift) != 8 * size => 0,
        _ => size,
    }
}
