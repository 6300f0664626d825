//! The fields of a frame as a list: where they are, and what they mean.

use core::fmt::Write as _;

use meshwire::frame::{Condition, Content, Field, FieldRole, Layout, Place};
use meshwire::wire::{DeclaredKey, Endian};

/// One line for each field, and for each declared key of a record.
pub(super) fn of(layout: &Layout) -> String {
    let width = layout.fields.iter().map(|field| field.name.len()).max();
    let width = width.unwrap_or(0);
    let mut out = String::from("offset  size  field\n");
    let mut next = Some(0);
    for field in layout.fields {
        let (at, size) = (offset(&mut next, field), size(field));
        let (name, meaning) = (field.name, meaning(layout, field));
        let line = format!("{at:>6}  {size:>4}  {name:<width$}  {meaning}");
        let _ = writeln!(out, "{}", line.trim_end());
        if let Some(keys) = field.keys.0 {
            records(&mut out, &(keys.declared)());
        }
    }
    out
}

/// The keys of a part, each outermost record with its name.
fn records(out: &mut String, keys: &[DeclaredKey]) {
    let mut record = "";
    for key in keys {
        if key.depth == 0 && key.record != record {
            record = key.record;
            let _ = writeln!(out, "{:14}{record}, by key:", "");
        }
        let indent = 16 + 2 * key.depth;
        let _ = writeln!(out, "{:indent$}{}", "", keyed(key));
    }
}

/// `4 iRequestId: i32, id`
fn keyed(key: &DeclaredKey) -> String {
    let mut text = match (key.key.as_str(), key.name) {
        ("*", name) => format!("{name}, all other names"),
        (number, name) if number == name => name.to_owned(),
        (number, name) => format!("{number} {name}"),
    };
    let _ = write!(text, ": {}", key.ty);
    if !matches!(key.role, "" | "header") {
        let _ = write!(text, ", {}", key.role);
    }
    if let Some(header) = key.header {
        let _ = write!(text, ", header `{header}`");
    }
    if !key.values.is_empty() {
        let values: Vec<String> = key.values.iter().map(u64::to_string).collect();
        let _ = write!(text, ", {}", either(&values));
    }
    if key.required {
        text += ", required";
    }
    text
}

/// The offset as far as it is the same in every frame; `next` is the one after the field.
fn offset(next: &mut Option<usize>, field: &Field) -> String {
    match field.place {
        Place::Fixed { at, size, .. } if field.when.is_empty() => {
            *next = Some(at + size);
            at.to_string()
        }
        _ => {
            let at = next.take();
            at.map_or_else(String::new, |at| at.to_string())
        }
    }
}

/// Bytes or bits; `*` where that differs from frame to frame.
fn size(field: &Field) -> String {
    match (field.bits, field.place) {
        (Some((bits, _)), _) => format!("{bits} b"),
        (None, Place::Fixed { size, .. } | Place::Later { size, .. }) => size.to_string(),
        _ => "*".to_owned(),
    }
}

/// The name as it is drawn: with its value if it has one only, with what is not to be seen.
pub(super) fn shape(field: &Field) -> String {
    let name = field.name;
    if !field.when.is_empty() {
        return format!("{name} (not in every frame)");
    }
    match (field.values, field.place) {
        ([value], _) => format!("{name} = {}", number(field, *value)),
        (_, Place::Varint { .. }) => format!("{name} (varint)"),
        (_, Place::Fixed { size, .. } | Place::Later { size, .. }) if size > 16 => {
            format!("{name} ({size} bytes)")
        }
        _ => name.to_owned(),
    }
}

/// What is known of a field.
fn meaning(layout: &Layout, field: &Field) -> String {
    let mut words: Vec<String> = Vec::new();
    match (role(layout, field), values(field)) {
        (Some(role), Some(values)) if field.checked && !role.contains(' ') => {
            words.push(format!("{role} {values}"));
        }
        (role, values) => words.extend(role.into_iter().chain(values)),
    }
    words.extend(content(field));
    if let Some(codes) = field.codes {
        let codes = codes.iter().map(|(name, code)| format!("{code} {name}"));
        words.push(codes.collect::<Vec<_>>().join(", "));
    }
    if !field.until.is_empty() {
        words.push(format!("until {}", marked(field.until)));
    }
    if let Some(header) = field.header {
        let name = header.name;
        words.push(format!("header `{name}`"));
    }
    if !field.payload_roles.is_empty() {
        let roles: Vec<_> = field.payload_roles.iter().map(|role| role.name()).collect();
        words.push(format!("holds {}", roles.join(", ")));
    }
    words.extend(field.when.iter().map(|when| condition(layout, when)));
    words.join(", ")
}

fn role(layout: &Layout, field: &Field) -> Option<String> {
    let word = match field.role {
        FieldRole::Plain if field.checked => "tag".to_owned(),
        FieldRole::Plain | FieldRole::Payload | FieldRole::Length => return length(layout, field),
        FieldRole::IdCopy => "the id again".to_owned(),
        FieldRole::TimeoutOrStatus => "timeout in ms of a request, status of a response".to_owned(),
        FieldRole::Timeout => "timeout in ms".to_owned(),
        role => role.name().to_owned(),
    };
    let length = length(layout, field).map_or_else(String::new, |length| match field.role {
        FieldRole::Checksum => format!(" {}", length.trim_start_matches("length ")),
        _ => format!(", {length}"),
    });
    Some(word + &length)
}

/// Of a length what it counts, of a part what its length is.
fn length(layout: &Layout, field: &Field) -> Option<String> {
    if let Place::Part { len } = field.place {
        return match len {
            "" if field.until.is_empty() => Some("the rest".to_owned()),
            "" => None,
            len => Some(format!("as long as {len} says")),
        };
    }
    let mut text = if let Some(covers) = field.covers {
        let first = layout.fields.first().map_or("", |first| first.name);
        let last = layout.fields.last().map_or("", |last| last.name);
        match (covers.first == first, covers.last == last) {
            (true, true) => "length of the frame".to_owned(),
            (false, true) => format!("length from {} on", covers.first),
            _ if covers.first == covers.last => format!("length of {}", covers.first),
            _ => format!("length of {} to {}", covers.first, covers.last),
        }
    } else {
        let is_its = |part: &&Field| matches!(part.place, Place::Part { len } if len == field.name);
        let part = layout.fields.iter().find(is_its)?;
        format!("length of {}", part.name)
    };
    if let Some(unit) = field
        .covers
        .map(|covers| covers.unit)
        .filter(|unit| *unit > 1)
    {
        let _ = write!(text, " in units of {unit} bytes");
    }
    if let Some(null) = field.null {
        let _ = write!(text, ", {null} if it is absent");
    }
    Some(text)
}

fn values(field: &Field) -> Option<String> {
    let one = field.values.iter().map(|value| number(field, *value));
    let run = field
        .ranges
        .iter()
        .map(|(first, last)| format!("{} to {}", number(field, *first), number(field, *last)));
    let all: Vec<String> = one.chain(run).collect();
    if all.is_empty() {
        return None;
    }
    Some(either(&all))
}

/// `1, 2 or 3`
fn either(all: &[String]) -> String {
    match all {
        [before @ .., last] if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => all.concat(),
    }
}

/// What is not an unsigned big-endian number.
fn content(field: &Field) -> Option<String> {
    let (size, endian) = match field.place {
        Place::Fixed { size, endian, .. } | Place::Later { size, endian, .. } => (size, endian),
        Place::Varint { zigzag: true, .. } => return Some("zigzag varint".to_owned()),
        Place::Varint { .. } => return Some("varint".to_owned()),
        _ => return None,
    };
    match field.content {
        Content::Decimal => Some("decimal digits".to_owned()),
        Content::Text => Some("text".to_owned()),
        Content::Bytes => None,
        _ => (endian == Endian::Little && size > 1).then(|| "little-endian".to_owned()),
    }
}

fn condition(layout: &Layout, when: &Condition) -> String {
    let of = layout.fields.iter().find(|field| field.name == when.field);
    let values = when.values.iter().map(|value| match of {
        Some(field) => number(field, *value),
        None => value.to_string(),
    });
    let values: Vec<String> = values.collect();
    format!("if {} is {}", when.field, either(&values))
}

/// A value: bytes that print as text are one, large numbers are hexadecimal.
fn number(field: &Field, value: u64) -> String {
    let (size, endian) = match field.place {
        Place::Fixed { size, endian, .. } | Place::Later { size, endian, .. } => (size, endian),
        _ => (8, Endian::Big),
    };
    let (mut bytes, unused) = (value.to_be_bytes(), 8 - size.min(8));
    let text = &mut bytes[unused..];
    if endian == Endian::Little {
        text.reverse();
    }
    if field.bits.is_none() && size > 1 && text.iter().all(u8::is_ascii_graphic) {
        return format!("\"{}\"", String::from_utf8_lossy(text));
    }
    if value > 255 && !field.is_decimal() {
        return format!("0x{value:x}");
    }
    value.to_string()
}

fn marked(mark: &[u8]) -> String {
    format!("\"{}\"", mark.escape_ascii())
}
