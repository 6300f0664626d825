//! A protocol as JSON, written by the compiler: tools read it from the artifact, without running it.

use crate::frame::{Condition, Content, Direction, Field, FieldRole, Layout, MAX_FRAME, Place};
use crate::protocol::{Codec, Options, Protocol};
use crate::wire::Endian;

/// What a module says of itself, in a custom section for tools.
#[doc(hidden)]
#[macro_export]
macro_rules! __describe {
    ($protocol:ty) => {
        #[unsafe(link_section = "meshwire")]
        static DESCRIPTION: [$crate::__private::u8;
            $crate::__private::described_len::<$protocol>()] = $crate::__private::described::<
            $protocol,
            { $crate::__private::described_len::<$protocol>() },
        >();
    };
}

/// Bytes of the description of a protocol.
pub const fn described_len<P: Options>() -> usize {
    describe::<P, 0>().len
}

/// The description of a protocol.
pub const fn described<P: Options, const N: usize>() -> [u8; N] {
    describe::<P, N>().text
}

const fn describe<P: Options, const N: usize>() -> Json<N> {
    let mut json = Json::<N>::new()
        .raw("{\"protocol\":")
        .string(<P as Protocol>::NAME)
        .raw(",\"pool\":")
        .string(P::POOL.name())
        .raw(",\"worker_pool\":")
        .raw(if P::WORKER_POOL { "true" } else { "false" })
        .raw(",\"body\":")
        .string(P::BODY.name())
        .raw(",\"heartbeat\":")
        .raw(if <P as Codec>::HEARTBEAT {
            "true"
        } else {
            "false"
        })
        .raw(",\"frames\":[");
    let layouts = <P as Codec>::LAYOUTS;
    let mut at = 0;
    while at < layouts.len() {
        json = json.comma(at).layout(&layouts[at]);
        at += 1;
    }
    json.raw("]}")
}

/// JSON text in the making. It counts on past its end, so that with `N = 0` it measures.
#[derive(Clone, Copy)]
struct Json<const N: usize> {
    text: [u8; N],
    len: usize,
}

impl<const N: usize> Json<N> {
    const fn new() -> Self {
        Self {
            text: [0; N],
            len: 0,
        }
    }

    const fn byte(mut self, byte: u8) -> Self {
        if self.len < N {
            self.text[self.len] = byte;
        }
        self.len += 1;
        self
    }

    const fn raw(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            self = self.byte(bytes[at]);
            at += 1;
        }
        self
    }

    /// A string. Names are identifiers or checked by the macros, so quotes and controls are all
    /// that could need an escape, and they become `_`.
    const fn string(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut at = 0;
        self = self.byte(b'"');
        while at < bytes.len() {
            self = self.byte(match bytes[at] {
                b'"' | b'\\' | ..0x20 => b'_',
                other => other,
            });
            at += 1;
        }
        self.byte(b'"')
    }

    const fn number(self, number: u64) -> Self {
        let front = if number > 9 {
            self.number(number / 10)
        } else {
            self
        };
        front.byte(b'0' + (number % 10) as u8)
    }

    /// The bytes of a mark, if there is one.
    const fn mark(self, before: usize, mark: &[u8]) -> Self {
        if mark.is_empty() {
            return self;
        }
        let mut json = self.more(before, "until").byte(b'[');
        let mut at = 0;
        while at < mark.len() {
            json = json.comma(at).number(mark[at] as u64);
            at += 1;
        }
        json.byte(b']')
    }

    const fn signed(self, number: i64) -> Self {
        let signed = if number < 0 { self.byte(b'-') } else { self };
        signed.number(number.unsigned_abs())
    }

    const fn comma(self, at: usize) -> Self {
        if at > 0 { self.byte(b',') } else { self }
    }

    /// A frame: the usual limit is not said.
    const fn layout(self, layout: &Layout) -> Self {
        let mut json = self
            .raw("{\"name\":")
            .string(layout.frame)
            .raw(",\"role\":")
            .string(match layout.direction {
                Direction::Request => "request",
                Direction::Response => "response",
                Direction::Either => "either",
            })
            .raw(",\"fixed\":")
            .number(layout.fixed as u64);
        if layout.max != MAX_FRAME {
            json = json.raw(",\"max\":").number(layout.max as u64);
        }
        json = json.raw(",\"fields\":[");
        let mut at = 0;
        while at < layout.fields.len() {
            json = json.comma(at).field(&layout.fields[at]);
            at += 1;
        }
        json.raw("]}")
    }

    /// A field: `[name, at, size]`, or `[name, length field]` for a part, or `[name, 0, size]` for a
    /// varint, which says that it is one, and then an object with what is not the usual (no role, or a length that its part names; big-endian; any value).
    const fn field(self, field: &Field) -> Self {
        let mut json = self.byte(b'[').string(field.name).byte(b',');
        json = match field.place {
            Place::Fixed { at, size, .. } | Place::Later { at, size, .. } => {
                json.number(at as u64).byte(b',').number(size as u64)
            }
            Place::Varint { size, .. } => json.raw("0,").number(size as u64),
            Place::Part { len } => json.string(len),
        };
        let before = json.len;
        if let Place::Varint { zigzag, .. } = field.place {
            let sign = if zigzag { "zigzag" } else { "none" };
            json = json.more(before, "varint").string(sign);
        }
        if !matches!(field.role, FieldRole::Plain | FieldRole::Length) {
            json = json.more(before, "role").string(field.role.name());
        }
        if let Place::Fixed {
            endian: Endian::Little,
            ..
        }
        | Place::Later {
            endian: Endian::Little,
            ..
        } = field.place
        {
            json = json.more(before, "endian").string("little");
        }
        if let Place::Later { run, .. } = field.place {
            json = json.more(before, "run").number(run as u64);
        }
        if let Some((bits, shift)) = field.bits {
            json = json.more(before, "bits").byte(b'[').number(bits as u64);
            json = json.byte(b',').number(shift as u64).byte(b']');
        }
        let content = match field.content {
            Content::Number => "",
            Content::Decimal => "decimal",
            Content::Text => "text",
            Content::Bytes => "bytes",
        };
        if !content.is_empty() {
            json = json.more(before, "content").string(content);
        }
        if let Some(covers) = field.covers {
            json = json.more(before, "covers").byte(b'[').string(covers.first);
            json = json.byte(b',').string(covers.last).byte(b',');
            json = json.number(covers.unit as u64).byte(b']');
        }
        json = json.mark(before, field.until);
        json = json.conditions(before, field.when);
        if let Some(header) = field.header {
            json = json.more(before, "header").string(header.name);
            if header.read_only {
                json = json.more(before, "read_only").raw("true");
            }
        }
        json = json.tells(before, field.tells);
        json = json.held(before, field);
        if json.len > before {
            json = json.byte(b'}');
        }
        json.byte(b']')
    }

    /// The values that a field may have: `"values":[1,…]` of a magic or a tag, or `"checked":true` if they are
    /// not known; `"codes":[["Json",12],…]` of an enum of codes; `"range":[0,255]` of a status.
    const fn held(self, before: usize, field: &Field) -> Self {
        let mut json = self;
        if !field.values.is_empty() {
            json = json.more(before, "values").numbers(field.values);
        } else if field.checked {
            json = json.more(before, "checked").raw("true");
        }
        if let Some(codes) = field.codes {
            json = json.more(before, "codes").byte(b'[');
            let mut at = 0;
            while at < codes.len() {
                json = json.comma(at).byte(b'[').string(codes[at].0);
                json = json.byte(b',').number(codes[at].1).byte(b']');
                at += 1;
            }
            json = json.byte(b']');
        }
        if let Some((least, most)) = field.range {
            json = json.more(before, "range").byte(b'[').signed(least);
            json = json.byte(b',').signed(most).byte(b']');
        }
        json
    }

    /// The values with which a field is there: `"when":[["flag",[1]],…]`.
    const fn conditions(self, before: usize, when: &[Condition]) -> Self {
        if when.is_empty() {
            return self;
        }
        let mut json = self.more(before, "when").byte(b'[');
        let mut at = 0;
        while at < when.len() {
            json = json.comma(at).byte(b'[').string(when[at].field).byte(b',');
            json = json.numbers(when[at].values).byte(b']');
            at += 1;
        }
        json.byte(b']')
    }

    /// The roles that a dialect decodes: `"tells":["id",…]`.
    const fn tells(self, before: usize, tells: &[FieldRole]) -> Self {
        if tells.is_empty() {
            return self;
        }
        let mut json = self.more(before, "tells").byte(b'[');
        let mut at = 0;
        while at < tells.len() {
            json = json.comma(at).string(tells[at].name());
            at += 1;
        }
        json.byte(b']')
    }

    const fn numbers(self, numbers: &[u64]) -> Self {
        let mut json = self.byte(b'[');
        let mut at = 0;
        while at < numbers.len() {
            json = json.comma(at).number(numbers[at]);
            at += 1;
        }
        json.byte(b']')
    }

    /// The next key of an object that begins after `start`.
    const fn more(self, start: usize, key: &str) -> Self {
        let opened = if self.len == start {
            self.raw(",{")
        } else {
            self.byte(b',')
        };
        opened.string(key).byte(b':')
    }
}
