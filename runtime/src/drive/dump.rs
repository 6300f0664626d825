//! Frames as hex dumps, with every field named in place.
//!
//! Sixteen bytes a row; a bar stands before the first byte of each field. The margin names the fields
//! that begin in a row, with offset, role and value; where none does, it shows the bytes as text.

use core::fmt::Write;

use super::outcome::{Outcome, Seen};
use super::style::{BOLD, DIM, RED, Style, field};
use super::text::reason;
use crate::dissect::{Dissection, Span, pairs};
use crate::frame::FieldRole;

/// Bytes in a row.
const ROW: usize = 16;
/// Columns that the hex of a row takes: three for each byte, and the bar behind the last one.
const HEX: usize = 3 * ROW + 1;
/// Parts of up to so many bytes are shown whole.
const WHOLE: usize = 1024;
/// Bytes that are shown of the front and of the end of a larger part.
const FRONT: usize = 512;
const END: usize = 64;
/// Characters that are shown of a value.
const VALUE: usize = 60;

/// A note in the margin.
struct Note {
    at: usize,
    text: String,
}

/// Draws a frame, or what should have been one.
pub(super) fn draw(seen: &Seen, style: Style) -> String {
    let spans: &[Span] = seen.dissection.as_ref().map_or(&[], |frame| &frame.spans);
    let dump = Dump {
        bytes: &seen.bytes,
        spans,
        style,
    };
    let mut notes = seen
        .dissection
        .as_ref()
        .map_or_else(Vec::new, |frame| dump.notes(frame));
    if let Outcome::Refused(complaint) = &seen.outcome {
        let at = complaint.offset.unwrap_or(0);
        let place = notes.partition_point(|note| note.at <= at);
        let text = style.paint(RED, dump.margin(at, "^ ") + &reason(complaint));
        notes.insert(place, Note { at, text });
    }
    let mut out = String::new();
    if let Some(frame) = &seen.dissection {
        let len = seen.bytes.len();
        let title = format!("{}, {len} bytes", frame.layout.frame);
        let _ = writeln!(out, "  {}", style.paint(BOLD, title));
    }
    dump.rows(&mut out, &notes);
    out
}

struct Dump<'d> {
    bytes: &'d [u8],
    spans: &'d [Span],
    style: Style,
}

impl Dump<'_> {
    fn rows(&self, out: &mut String, notes: &[Note]) {
        let mut notes = notes.iter().peekable();
        let mut row = 0;
        while row == 0 || row < self.bytes.len() {
            if let Some(behind) = self.hidden(row) {
                let text = format!("{:6}  … {} bytes", "", behind - row);
                let _ = writeln!(out, "{}", self.style.paint(DIM, text));
                row = behind;
                continue;
            }
            let last = row + ROW >= self.bytes.len();
            let mut line = format!("{row:>6}  {}", self.hex(row));
            let mut first = true;
            while let Some(note) = notes.next_if(|note| last || note.at < row + ROW) {
                if !first {
                    line = format!("{:6}  {:HEX$}", "", "");
                }
                let _ = writeln!(out, "{line}  {}", note.text);
                first = false;
            }
            if first {
                let text = self.style.paint(DIM, ascii(self.row(row)));
                let indent = self.digits() + 1;
                let _ = writeln!(out, "{line}  {:indent$}{text}", "");
            }
            row += ROW;
        }
    }

    /// An offset in the margin, and a mark.
    fn margin(&self, at: usize, mark: &str) -> String {
        let digits = self.digits();
        format!("{at:>digits$} {mark}")
    }

    /// Columns that offsets take.
    fn digits(&self) -> usize {
        self.bytes.len().to_string().len().max(3)
    }

    fn row(&self, row: usize) -> &[u8] {
        let rest = self.bytes.get(row..).unwrap_or_default();
        rest.get(..ROW).unwrap_or(rest)
    }

    /// The hex of a row, in the colours of its fields.
    fn hex(&self, row: usize) -> String {
        let mut line = String::new();
        for (at, byte) in (row..).zip(self.row(row)) {
            let owner = self.owner(at);
            let begins = owner.is_some_and(|(_, span)| span.at == at);
            line.push(if begins { '|' } else { ' ' });
            let colour = owner.map_or(DIM, |(number, _)| field(number));
            line += &self.style.paint(colour, format_args!("{byte:02x}"));
        }
        let ends = self.bytes.len() <= row + ROW;
        line.push(if ends && !self.spans.is_empty() {
            '|'
        } else {
            ' '
        });
        let missing = ROW - self.row(row).len();
        let _ = write!(line, "{:1$}", "", 3 * missing);
        line
    }

    /// The field that a byte belongs to, and its number.
    fn owner(&self, at: usize) -> Option<(usize, &Span)> {
        let mut spans = self.spans.iter().enumerate();
        spans.find(|(_, span)| span.range().contains(&at))
    }

    /// Where the row begins up to which the rows from `row` on are not shown.
    fn hidden(&self, row: usize) -> Option<usize> {
        let (start, end) = match self.owner(row) {
            Some((_, span)) => (span.at, span.range().end.min(self.bytes.len())),
            None => (
                self.spans.last().map_or(0, |span| span.range().end),
                self.bytes.len(),
            ),
        };
        let from = (start + FRONT).next_multiple_of(ROW);
        let to = end.saturating_sub(END) / ROW * ROW;
        (end - start.min(end) > WHOLE && (from..to).contains(&row)).then_some(to)
    }

    /// Every field with its value, and the pairs of the headers.
    fn notes(&self, frame: &Dissection) -> Vec<Note> {
        let width = |text: fn(&Span) -> &'static str| {
            frame
                .spans
                .iter()
                .map(|span| text(span).len())
                .max()
                .unwrap_or(0)
        };
        let names = width(|span| span.field.name);
        let roles = width(role);
        let mut notes = Vec::new();
        for (number, span) in frame.spans.iter().enumerate() {
            let name = self
                .style
                .paint(field(number), format_args!("{:<names$}", span.field.name));
            let value = self.value(span);
            let place = self.margin(span.at, "");
            let text = format!("{place}{name}  {:<roles$}  {value}", role(span));
            notes.push(Note { at: span.at, text });
            if span.role == FieldRole::Headers {
                notes.extend(self.header_notes(span, field(number)));
            }
        }
        notes
    }

    fn header_notes(&self, span: &Span, colour: &str) -> Vec<Note> {
        let region = span.bytes(self.bytes);
        let note = |pair: &crate::dissect::Pair<'_>| {
            let at = span.at + pair.at;
            let name = self.style.paint(colour, shown(pair.key));
            Note {
                at,
                text: format!("{}{name}: {}", self.margin(at, "  "), shown(pair.value)),
            }
        };
        pairs(region).iter().map(note).collect()
    }

    /// The value of a field.
    fn value(&self, span: &Span) -> String {
        let bytes = span.bytes(self.bytes);
        if bytes.len() < span.size {
            let (there, size) = (bytes.len(), span.size);
            return self
                .style
                .paint(RED, format_args!("{there} of {size} bytes are there"));
        }
        if span.is_part() {
            return part(span, bytes);
        }
        if span.size > 8 {
            return shown(Some(bytes));
        }
        match span.role {
            FieldRole::Timeout => match span.signed(self.bytes).unwrap_or(0) {
                millis @ ..0 => format!("{millis}, none"),
                0 => "0, unset".to_owned(),
                millis => format!("{millis} ms"),
            },
            FieldRole::Status => span.signed(self.bytes).unwrap_or(0).to_string(),
            _ => span.number(self.bytes).unwrap_or(0).to_string(),
        }
    }
}

/// What a field is for; what the framework knows nothing of is a plain field or a plain part.
fn role(span: &Span) -> &'static str {
    match span.role {
        FieldRole::Plain if span.is_part() => "part",
        FieldRole::Plain => "",
        role => role.name(),
    }
}

fn part(span: &Span, bytes: &[u8]) -> String {
    let size = format!(
        "{} byte{}",
        span.size,
        if span.size == 1 { "" } else { "s" }
    );
    match span.role {
        // Not a block, or not a whole pair of one.
        FieldRole::Headers if pairs(bytes).is_empty() && !bytes.is_empty() => {
            format!("{size}  {}", shown(Some(bytes)))
        }
        FieldRole::Headers => {
            let count = pairs(bytes).len();
            format!("{size}, {count} pair{}", if count == 1 { "" } else { "s" })
        }
        FieldRole::Plain if !bytes.is_empty() => format!("{size}  {}", shown(Some(bytes))),
        _ => size,
    }
}

/// Bytes as text where they are text, otherwise as hex; cut to what a margin holds.
fn shown(bytes: Option<&[u8]>) -> String {
    let Some(bytes) = bytes else {
        return "null".to_owned();
    };
    let text = match str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => text.to_owned(),
        _ => crate::vectors::to_hex(bytes.get(..VALUE / 2).unwrap_or(bytes)),
    };
    if text.chars().count() > VALUE {
        let front: String = text.chars().take(VALUE).collect();
        format!("{front}…")
    } else {
        text
    }
}

fn ascii(bytes: &[u8]) -> String {
    let shown = |byte: &u8| match byte {
        b' '..=b'~' => char::from(*byte),
        _ => '·',
    };
    bytes.iter().map(shown).collect()
}
