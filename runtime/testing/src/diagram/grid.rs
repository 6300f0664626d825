//! Fields in rows of 32 bits.

use meshwire::frame::{Field, Layout, Place};

/// Bits of a row.
pub(super) const ROW: usize = 32;
/// A field of more bits is drawn as one that has no certain size.
const MOST: usize = 4 * ROW;

/// A row of a picture.
#[derive(Debug)]
pub(super) enum Row<'l> {
    /// Fields side by side.
    Bits(Vec<Cell<'l>>),
    /// A field whose size is not certain, or is too large to draw.
    Open(&'l Field),
}

/// The part of a field that is in one row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell<'l> {
    pub(super) field: &'l Field,
    /// The first bit, counted from the left.
    pub(super) from: usize,
    pub(super) bits: usize,
    /// Whether the name of the field is written here: it is where most bits of it are.
    pub(super) named: bool,
    /// Whether the field goes on in the next row.
    pub(super) goes_on: bool,
}

/// Where a fixed field is in its run, in bits.
#[derive(Clone, Copy)]
struct Extent<'l> {
    field: &'l Field,
    from: usize,
    bits: usize,
}

/// Whether a layout has fields whose size is not certain.
pub(super) fn has_parts(layout: &Layout) -> bool {
    let mut fields = layout.fields.iter();
    fields.any(|field| matches!(field.place, Place::Part { .. } | Place::Varint { .. }))
}

/// The rows of a layout.
pub(super) fn rows(layout: &Layout) -> Vec<Row<'_>> {
    let (mut rows, mut run) = (Vec::new(), Vec::new());
    let mut of = None;
    for field in layout.fields {
        if let Some((number, extent)) = extent(field) {
            if of.is_some_and(|of| of != number) {
                close(&mut run, &mut rows);
            }
            of = Some(number);
            run.push(extent);
        } else {
            close(&mut run, &mut rows);
            rows.push(Row::Open(field));
        }
    }
    close(&mut run, &mut rows);
    rows
}

/// The run of a fixed field, and where it is in that. A field that is not in every frame is a run of its own.
fn extent(field: &Field) -> Option<(usize, Extent<'_>)> {
    let (run, at, size) = match field.place {
        Place::Fixed { at, size, .. } => (0, at, size),
        Place::Later { run, at, size, .. } => (run, at, size),
        _ => return None,
    };
    let unit = 8 * size;
    let (from, bits) = match field.bits {
        Some((bits, below)) => {
            let (bits, below) = (usize::from(bits), usize::from(below));
            (unit.checked_sub(below + bits)?, bits)
        }
        None => (0, unit),
    };
    let from = 8 * at + from;
    Some((run, Extent { field, from, bits }))
}

/// Ends a run: its fields in rows.
fn close<'l>(run: &mut Vec<Extent<'l>>, rows: &mut Vec<Row<'l>>) {
    run.sort_by_key(|extent| extent.from);
    let start = run.first().map_or(0, |first| first.from / 8 * 8);
    let mut cells: Vec<Cell<'l>> = Vec::new();
    // The bit that the first row begins with.
    let mut origin = start;
    for extent in run.drain(..) {
        if extent.bits > MOST {
            flush(&mut cells, rows);
            rows.push(Row::Open(extent.field));
            origin = extent.from + extent.bits;
            continue;
        }
        put(extent, origin, &mut cells, rows);
    }
    flush(&mut cells, rows);
}

/// Puts a field behind others, in as many rows as it is in.
fn put<'l>(extent: Extent<'l>, origin: usize, cells: &mut Vec<Cell<'l>>, rows: &mut Vec<Row<'l>>) {
    let (mut from, mut left) = (extent.from - origin, extent.bits);
    let widest = widest(from % ROW, left);
    let mut named = false;
    while left > 0 {
        let at = from % ROW;
        if at == 0 {
            flush(cells, rows);
        }
        let bits = left.min(ROW - at);
        let is_widest = !named && bits == widest;
        named |= is_widest;
        cells.push(Cell {
            field: extent.field,
            from: at,
            bits,
            named: is_widest,
            goes_on: bits < left,
        });
        from += bits;
        left -= bits;
    }
}

/// The most bits that one row has of a field.
fn widest(at: usize, bits: usize) -> usize {
    let first = bits.min(ROW - at);
    first.max((bits - first).min(ROW))
}

fn flush<'l>(cells: &mut Vec<Cell<'l>>, rows: &mut Vec<Row<'l>>) {
    if !cells.is_empty() {
        rows.push(Row::Bits(core::mem::take(cells)));
    }
}
