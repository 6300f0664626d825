//! Frames as hex dumps, with every field named in place.
//!
//! Sixteen bytes a row; a bar precedes the first byte of each field. The margin names the fields
//! that begin in a row, with offset, role and value; where none does, it shows the bytes as text.

use core::fmt::Write;

use super::keyed;
use super::outcome::{HostResult, Seen};
use super::style::{BOLD, DIM, RED, Style, field};
use super::text::{VALUE, ascii, plural, reason, shown, text_of};
use crate::dissect::{Dissection, Span, pairs};
use meshwire::frame::FieldRole;

/// Bytes in a row.
const ROW: usize = 16;
/// Columns that the hex of a row takes: three for each byte, and the bar after the last one.
const HEX: usize = 3 * ROW + 1;
/// Parts of up to so many bytes are shown whole.
const WHOLE: usize = 1024;
/// Bytes that are shown of the front and of the end of a larger part.
const FRONT: usize = 512;
const END: usize = 64;

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
        headers: map(seen),
        style,
    };
    let mut notes = seen
        .dissection
        .as_ref()
        .map_or_else(Vec::new, |frame| dump.notes(frame));
    if let HostResult::Refused(complaint) = &seen.outcome {
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

/// The headers that the host sees and that are not fields.
fn map(seen: &Seen) -> Vec<(&[u8], &[u8])> {
    let HostResult::Frame(passed) = &seen.outcome else {
        return Vec::new();
    };
    let pairs = passed.facts.pairs.iter();
    let mut map: Vec<_> = pairs.map(|(key, value)| (&key[..], &value[..])).collect();
    let spans = seen.dissection.iter().flat_map(|frame| &frame.spans);
    for field in spans.filter_map(|span| span.field.header) {
        if let Some(at) = map
            .iter()
            .position(|(key, _)| *key == field.name.as_bytes())
        {
            map.remove(at);
        }
    }
    map
}

struct Dump<'d> {
    bytes: &'d [u8],
    spans: &'d [Span],
    /// The headers of a map, as the host sees them.
    headers: Vec<(&'d [u8], &'d [u8])>,
    style: Style,
}

impl Dump<'_> {
    fn rows(&self, out: &mut String, notes: &[Note]) {
        let mut notes = notes.iter().peekable();
        let mut row = 0;
        while row == 0 || row < self.bytes.len() {
            if let Some(after) = self.hidden(row) {
                let text = format!("{:6}  … {} bytes", "", after - row);
                let _ = writeln!(out, "{}", self.style.paint(DIM, text));
                row = after;
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
        // A part may announce any size.
        let from = (start.min(end) + FRONT).next_multiple_of(ROW);
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
            let entries = keyed::lines(&span.entries(self.bytes), span.at);
            if !entries.is_empty() {
                notes.extend(entries.into_iter().map(|(at, line)| {
                    let line = self.style.paint(field(number), line);
                    let text = self.margin(at, "  ") + &line;
                    Note { at, text }
                }));
            } else if span.role == FieldRole::Headers
                || span.field.payload_roles.contains(&FieldRole::Headers)
            {
                notes.extend(self.header_notes(span, field(number)));
            }
        }
        notes
    }

    /// The pairs of a block in their places; those of another format where the map begins.
    fn header_notes(&self, span: &Span, colour: &str) -> Vec<Note> {
        let region = span.bytes(self.bytes);
        let note = |at: usize, key, value| {
            let name = self.style.paint(colour, shown(key));
            Note {
                at,
                text: format!("{}{name}: {}", self.margin(at, "  "), shown(value)),
            }
        };
        if span.role == FieldRole::Headers && is_block(region) {
            let pairs = pairs(region).into_iter();
            return pairs
                .map(|pair| note(span.at + pair.at, pair.key, pair.value))
                .collect();
        }
        let headers = self.headers.iter();
        headers
            .map(|(key, value)| note(span.at, Some(*key), Some(*value)))
            .collect()
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
        if span.field.header.is_some_and(|header| header.hex) && !span.null {
            return crate::vectors::to_hex(bytes.get(..VALUE / 2).unwrap_or(bytes));
        }
        if span.is_part() {
            return self.part(span, bytes);
        }
        if span.field.is_text() {
            return shown(Some(bytes.trim_ascii_end()));
        }
        if span.field.is_bytes() {
            return text_of(bytes).map_or_else(|| shown(Some(bytes)), |text| format!("\"{text}\""));
        }
        if !span.is_number() {
            return shown(Some(bytes));
        }
        match span.role {
            FieldRole::Timeout => match span.signed(self.bytes).unwrap_or(0) {
                millis @ ..0 => format!("{millis}, none"),
                0 => "0, unset".to_owned(),
                millis => format!("{millis} ms"),
            },
            role if role == FieldRole::Status || span.is_zigzag() => {
                span.signed(self.bytes).unwrap_or(0).to_string()
            }
            _ => span.number(self.bytes).unwrap_or(0).to_string(),
        }
    }

    fn part(&self, span: &Span, bytes: &[u8]) -> String {
        let size = plural(span.size, "byte");
        match span.role {
            _ if span.null => "null".to_owned(),
            FieldRole::Headers if is_block(bytes) => {
                format!("{size}, {}", plural(pairs(bytes).len(), "pair"))
            }
            FieldRole::Headers if !self.headers.is_empty() => {
                format!("{size}, {}", plural(self.headers.len(), "pair"))
            }
            FieldRole::Headers | FieldRole::Plain if !bytes.is_empty() => {
                format!("{size}  {}", shown(Some(bytes)))
            }
            _ => size,
        }
    }
}

/// What a field is for; what the framework knows nothing of is a plain field or a plain part.
fn role(span: &Span) -> &'static str {
    match span.role {
        FieldRole::Plain if span.field.header.is_some() => "header",
        FieldRole::Plain if span.is_part() => "part",
        FieldRole::Plain => "",
        role => role.name(),
    }
}

/// Whether a header region is a block, or nothing.
fn is_block(region: &[u8]) -> bool {
    region.is_empty() || !pairs(region).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drive::outcome::Passed;
    use crate::vectors::Facts;
    use meshwire::frame::TextPairs;
    use meshwire::{FixedStr, Frame, HeaderMap, Len, Zigzag};

    #[derive(Frame)]
    #[frame(request)]
    struct Named {
        #[frame(id)]
        id: u8,
        weight: Zigzag<i16>,
        #[frame(header = "name")]
        name: FixedStr<4>,
        #[frame(len_of = headers)]
        headers_len: Len<u8>,
        #[frame(headers, format = TextPairs<'&', '='>)]
        headers: HeaderMap,
    }

    #[test]
    fn fields_of_any_width_and_headers_of_any_format_are_listed() {
        let bytes = b"\x09\x81\x01shop\x07a=b&c=d";
        let view = Named::parse(bytes).frame().unwrap();
        let passed = Passed {
            facts: Facts::of(&view).unwrap(),
            reencoded: None,
            reply: None,
            hijack: None,
        };
        let seen = Seen {
            name: String::new(),
            offset: 0,
            bytes: bytes.to_vec(),
            outcome: HostResult::Frame(Box::new(passed)),
            dissection: Some(Dissection::new(&Named::LAYOUT, bytes)),
            problems: Vec::new(),
        };
        let lines = [
            "  Named, 15 bytes",
            "     0  |09|81 01|73 68 6f 70|07|61 3d 62 26 63 3d 64|       0 id           id       9",
            "                                                             1 weight                -65",
            "                                                             3 name         header   shop",
            "                                                             7 headers_len  length   7",
            "                                                             8 headers      headers  7 bytes, 2 pairs",
            "                                                             8   a: b",
            "                                                             8   c: d",
        ];
        let text = draw(&seen, Style::PLAIN);
        assert_eq!(text.lines().collect::<Vec<_>>(), lines, "\n{text}");
    }

    #[derive(Frame)]
    #[frame(request)]
    struct Marked {
        #[frame(magic = *b"PRPC")]
        magic: [u8; 4],
        raw: [u8; 2],
        #[frame(id)]
        id: u8,
    }

    #[test]
    fn bytes_are_no_number() {
        let bytes = b"PRPC\xca\xfe\x09";
        let seen = Seen {
            name: String::new(),
            offset: 0,
            bytes: bytes.to_vec(),
            outcome: HostResult::Incomplete { missing: None },
            dissection: Some(Dissection::new(&Marked::LAYOUT, bytes)),
            problems: Vec::new(),
        };
        let lines = [
            "  Marked, 7 bytes",
            r#"     0  |50 52 50 43|ca fe|09|                               0 magic  magic  "PRPC""#,
            "                                                             4 raw           cafe",
            "                                                             6 id     id     9",
        ];
        let text = draw(&seen, Style::PLAIN);
        assert_eq!(text.lines().collect::<Vec<_>>(), lines, "\n{text}");
    }
}
