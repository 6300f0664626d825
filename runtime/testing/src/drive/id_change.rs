//! What another correlation id changes in a frame.

use core::ops::Range;

use crate::dissect::{Dissection, Span};
use meshwire::frame::FieldRole;

/// What has changed beside the id.
pub(super) fn beside_id(dissection: Option<&Dissection>, old: &[u8], new: &[u8]) -> Option<String> {
    let Some(fields) = dissection else {
        return changed(old, new, &[first_difference(old, new)]);
    };
    if fields.role(FieldRole::Id).is_some_and(Span::is_varint) {
        // What follows moves.
        let moved = Dissection::new(fields.layout, new);
        let other = fields.changed_beside_id(old, &moved, new)?;
        return Some(format!("field `{}` is another one", other.field.name));
    }
    changed(old, new, &follows_id(fields)?)
}

/// Where the id must be, if there is no layout to say so: at the first byte that differs.
fn first_difference(old: &[u8], new: &[u8]) -> Range<usize> {
    let at = old.iter().zip(new).position(|(old, new)| old != new);
    at.map_or(0..0, |at| at..at + size_of::<u64>())
}

/// Where a frame with another id differs: the id in each of its places, and checksums. `None` if the id is
/// decoded by a payload codec, whose part may have another length with it.
fn follows_id(frame: &Dissection) -> Option<Vec<Range<usize>>> {
    frame.role(FieldRole::Id)?;
    let follows = [FieldRole::Id, FieldRole::IdCopy, FieldRole::Checksum];
    let spans = frame.spans.iter();
    let spans = spans.filter(|span| follows.contains(&span.role));
    Some(spans.map(Span::range).collect())
}

/// Where re-encoded bytes differ outside of the places that follow from the id.
fn changed(old: &[u8], new: &[u8], places: &[Range<usize>]) -> Option<String> {
    if old.len() != new.len() {
        let (old, new) = (old.len(), new.len());
        return Some(format!("{old} bytes became {new}"));
    }
    let mut bytes = old.iter().zip(new).enumerate();
    let meant = |at| places.iter().any(|place| place.contains(&at));
    let (at, (old, new)) = bytes.find(|(at, (old, new))| old != new && !meant(*at))?;
    Some(format!(
        "byte {at} is not the id's: {old:02x} became {new:02x}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use meshwire::{Bytes, Check, Crc32, Frame, Len, Message, Varint};

    /// A call with its id in two places, under a seal.
    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(request)]
    struct Sealed {
        #[frame(id)]
        id: u8,
        #[frame(id_copy)]
        again: u16,
        #[frame(len_of = body)]
        body_len: Len<u8>,
        #[frame(body)]
        body: Bytes,
        #[frame(over = ..=body)]
        seal: Check<Crc32>,
    }

    #[test]
    fn copies_and_checksums_follow_the_id() {
        let frame = Sealed {
            body: Bytes::from_static(b"hi"),
            ..Sealed::default()
        };
        let bytes = frame.to_bytes().unwrap();
        let dissection = Dissection::new(&Sealed::LAYOUT, &bytes);
        assert_eq!(follows_id(&dissection), Some(vec![0..1, 1..3, 6..10]));
    }

    /// A call whose length is around its id.
    #[derive(Frame)]
    #[frame(request)]
    struct Moving {
        #[frame(len_of = id..)]
        total: Len<u8>,
        #[frame(id)]
        id: Varint<u16>,
        mark: u8,
        #[frame(body)]
        body: Bytes,
    }

    #[test]
    fn an_id_may_move_what_follows_it() {
        let beside = |new| {
            let old = b"\x04\x07\x09hi";
            beside_id(Some(&Dissection::new(&Moving::LAYOUT, old)), old, new)
        };
        assert_eq!(beside(b"\x05\x80\x01\x09hi"), None);
        let other = |name| Some(format!("field `{name}` is another one"));
        assert_eq!(beside(b"\x05\x80\x01\x08hi"), other("mark"));
        assert_eq!(beside(b"\x04\x80\x01\x09hi"), other("body"));
    }

    #[test]
    fn only_the_id_may_differ() {
        assert_eq!(changed(b"abcd", b"aXYd", &[1..2, 2..3]), None);
        let one = core::slice::from_ref;
        let differs = changed(b"abcd", b"aXYd", one(&(1..2)));
        assert_eq!(differs.unwrap(), "byte 2 is not the id's: 63 became 59");
        assert_eq!(
            changed(b"ab", b"abc", one(&(0..9))).unwrap(),
            "2 bytes became 3"
        );
        assert_eq!(first_difference(b"abcd", b"aXYd"), 1..9);
        assert_eq!(first_difference(b"abcd", b"abcd"), 0..0);
    }
}
