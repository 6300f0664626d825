//! A frame as text.

use core::fmt::Write as _;

use meshwire::frame::{Field, Layout};

use super::grid::{self, Cell, ROW, Row};
use super::list;

/// Above the first row: tens, then ones.
const RULER: &str = " 0                   1                   2                   3
 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
";

/// Title, picture, list.
pub(super) fn frame(layout: &Layout) -> String {
    let mut out = format!("{}\n\n{RULER}", super::title(layout));
    let rows = grid::rows(layout);
    let keys = Keys::of(&rows);
    let mut above = &Row::Bits(Vec::new());
    for row in &rows {
        line(&mut out, above, row);
        out.push('\n');
        content(&mut out, row, &keys);
        above = row;
    }
    line(&mut out, above, &Row::Bits(Vec::new()));
    out.push_str("\n\n");
    keys.explain(&mut out);
    out.push_str(&list::of(layout));
    out
}

/// The line between two rows; where a field goes on, there is none.
fn line(out: &mut String, above: &Row<'_>, below: &Row<'_>) {
    let mut text: Vec<u8> = "+-".repeat(ROW).into_bytes();
    text.push(b'+');
    let end = cells(below).last().map_or(0, |cell| cell.from + cell.bits);
    let end = end.max(cells(above).last().map_or(0, |cell| cell.from + cell.bits));
    let is_open = |row: &Row<'_>| matches!(row, Row::Open(_));
    if end > 0 && !is_open(above) && !is_open(below) {
        text.truncate(2 * end + 1);
    }
    for cell in cells(above).iter().filter(|cell| cell.goes_on) {
        let next = cells(below)
            .first()
            .filter(|next| next.field.name == cell.field.name);
        let Some(next) = next else { continue };
        let (from, to) = (
            cell.from.max(next.from),
            (cell.from + cell.bits).min(next.from + next.bits),
        );
        if from < to {
            text[2 * from + 1..2 * to].fill(b' ');
        }
    }
    out.push_str(&String::from_utf8_lossy(&text));
}

fn cells<'r, 'l>(row: &'r Row<'l>) -> &'r [Cell<'l>] {
    match row {
        Row::Bits(cells) => cells,
        Row::Open(_) => &[],
    }
}

/// A row with its names.
fn content(out: &mut String, row: &Row<'_>, keys: &Keys<'_>) {
    match row {
        Row::Open(field) => {
            let _ = writeln!(out, "~{:^1$}~", list::shape(field), 2 * ROW - 1);
        }
        Row::Bits(cells) => {
            let from = cells.first().map_or(0, |cell| cell.from);
            let _ = write!(out, "{:1$}|", "", 2 * from);
            for cell in cells {
                let _ = write!(out, "{:^1$}|", keys.label(cell), 2 * cell.bits - 1);
            }
            out.push('\n');
        }
    }
}

/// Names that are too long for their fields, by letter.
struct Keys<'l>(Vec<&'l Field>);

impl<'l> Keys<'l> {
    fn of(rows: &[Row<'l>]) -> Self {
        let named = rows.iter().flat_map(cells).filter(|cell| cell.named);
        let long = named.filter(|cell| cell.field.name.chars().count() >= 2 * cell.bits);
        Self(long.map(|cell| cell.field).collect())
    }

    /// What is written into a cell: name and value, the name, or a letter for it.
    fn label(&self, cell: &Cell<'_>) -> String {
        let fits = |text: &String| text.chars().count() < 2 * cell.bits;
        if !cell.named {
            let text = "(continued)".to_owned();
            return if fits(&text) { text } else { String::new() };
        }
        let name = cell.field.name;
        let texts = [list::shape(cell.field), name.to_owned()];
        let short = || {
            let at = self.0.iter().position(|field| field.name == name);
            at.map_or_else(String::new, letter)
        };
        texts.into_iter().find(fits).unwrap_or_else(short)
    }

    fn explain(&self, out: &mut String) {
        for (at, field) in self.0.iter().enumerate() {
            let _ = writeln!(out, "{}: {}", letter(at), field.name);
        }
        if !self.0.is_empty() {
            out.push('\n');
        }
    }
}

/// A to Z, then a to z; nothing after these.
fn letter(at: usize) -> String {
    let mut letters = ('A'..='Z').chain('a'..='z');
    letters.nth(at).map(String::from).unwrap_or_default()
}
