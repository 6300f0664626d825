//! The remoting of `RocketMQ`, in both of its encodings.

use std::ops::Range;

use ::rocketmq::RocketMq;
use meshwire::MessageKind;

use super::{Facts, MAX, add, answered, array, pass_u32, splice, word};
use crate::rows::{Row, Rows};

/// The most bytes of a remark, and of fields, that the declaration allows.
const MAX_REMARK: usize = 64 * 1024;
const MAX_FIELDS: usize = 1024 * 1024;

pub(super) fn measure(rows: &mut Rows) {
    let binary = Row::new("rocketmq, binary", "binary_send");
    rows.add::<RocketMq>(
        &binary.of_frames(|bytes| bytes[4] == 1),
        parse_binary,
        pass_u32,
    );
    let json = Row::new("rocketmq, JSON", "json_java_send");
    let json = json.of_frames(|bytes| bytes[4] == 0);
    rows.add::<RocketMq>(&json, parse_json, pass_on_json);
}

/// Where a frame of this encoding and its header end.
fn ends(bytes: &[u8], encoding: u8) -> Option<(usize, usize)> {
    let [_, _, _, _, found, h0, h1, h2] = *bytes.first_chunk()?;
    let length = 4 + word(bytes, 0).filter(|length| *length <= MAX - 4)?;
    let header = 8 + u32::from_be_bytes([0, h0, h1, h2]) as usize;
    let fits = found == encoding && header <= length && length <= bytes.len();
    fits.then_some((length, header))
}

fn parse_binary(bytes: &[u8]) -> Option<Facts> {
    let head = bytes.first_chunk::<25>()?;
    let (length, header) = ends(bytes, 1)?;
    let remark = word(head, 21).filter(|remark| *remark <= MAX_REMARK)?;
    let fields = word(bytes, 25 + remark).filter(|fields| *fields <= MAX_FIELDS)?;
    if 25 + remark + 4 + fields != header {
        return None;
    }
    let kind = kind(head[20].into());
    Some(Facts {
        length,
        kind,
        id: u32::from_be_bytes(array(head, 13)?).into(),
        status: answered(kind, || {
            Some(i64::from(i16::from_be_bytes([head[8], head[9]])))
        }),
        body: header..length,
        id_at: 13..17,
    })
}

fn kind(flag: i32) -> MessageKind {
    match flag & 3 {
        0 => MessageKind::Request,
        2 => MessageKind::OneWay,
        _ => MessageKind::Response,
    }
}

/// The members that are declared, by what they hold.
#[derive(Clone, Copy)]
enum Member {
    Code,
    Opaque,
    Flag,
    Version,
    Text(u8),
    Fields,
}

impl Member {
    fn of(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"code" => Self::Code,
            b"opaque" => Self::Opaque,
            b"flag" => Self::Flag,
            b"version" => Self::Version,
            b"language" => Self::Text(0),
            b"remark" => Self::Text(1),
            b"serializeTypeCurrentRPC" => Self::Text(2),
            b"extFields" => Self::Fields,
            _ => return None,
        })
    }

    fn bit(self) -> u32 {
        1 << match self {
            Self::Code => 0,
            Self::Opaque => 1,
            Self::Flag => 2,
            Self::Version => 3,
            Self::Fields => 4,
            Self::Text(number) => 5 + number,
        }
    }
}

/// Both sides check that the header is JSON, in UTF-8 and not nested too deep, that each declared member has its type, and
/// that none is there twice.
fn parse_json(bytes: &[u8]) -> Option<Facts> {
    let (length, header) = ends(bytes, 0)?;
    let text = str::from_utf8(bytes.get(8..header)?).ok()?;
    let mut json = Json {
        text: text.as_bytes(),
        at: 0,
    };
    let (mut seen, mut code, mut flag, mut opaque) = (0_u32, 0, 0, None);
    json.take(b'{')?;
    if json.next()? == b'}' {
        return None;
    }
    loop {
        let name = json.string()?;
        json.take(b':')?;
        json.space();
        let start = json.at;
        let is = json.value(1)?;
        let value = start..json.at;
        if let Some(member) = member(name) {
            let is_twice = seen & member.bit() != 0;
            seen |= member.bit();
            let is_typed = match member {
                Member::Text(_) => is == Is::Text,
                Member::Fields => is == Is::Object,
                _ => is == Is::Int,
            };
            if is_twice || !is_typed && is != Is::Null {
                return None;
            }
            if is == Is::Int {
                match member {
                    Member::Code => code = json.int(value)?,
                    Member::Flag => flag = json.int(value)?,
                    Member::Opaque => opaque = Some((json.int(value.clone())?, value)),
                    _ => {}
                }
            }
        }
        match json.next()? {
            b',' => {
                json.at += 1;
                json.space();
            }
            b'}' => break,
            _ => return None,
        }
    }
    json.at += 1;
    json.space();
    if json.at != json.text.len() {
        return None;
    }
    let (opaque, at) = opaque?;
    let kind = kind(flag);
    Some(Facts {
        length,
        kind,
        id: opaque.cast_unsigned().into(),
        status: answered(kind, || Some(code)),
        body: header..length,
        id_at: 8 + at.start..8 + at.end,
    })
}

#[inline(always)]
fn member(name: &[u8]) -> Option<Member> {
    Member::of(name).or_else(|| {
        if name.contains(&b'\\') {
            escaped(name)
        } else {
            None
        }
    })
}

/// The member with an escape in its name.
#[cold]
fn escaped(name: &[u8]) -> Option<Member> {
    let quoted = [b"\"", name, b"\""].concat();
    let name: String = serde_json::from_slice(&quoted).ok()?;
    Member::of(name.as_bytes())
}

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Is {
    Int,
    Text,
    Object,
    Null,
    Other,
}

/// What ends the plain part of a string: a quote, a backslash, what may not be in it.
const ENDS: [bool; 256] = {
    let mut ends = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        ends[byte] = true;
        byte += 1;
    }
    ends[b'"' as usize] = true;
    ends[b'\\' as usize] = true;
    ends
};

/// How deep values may be nested.
const MAX_DEPTH: usize = 32;

/// A place in a text.
struct Json<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Json<'t> {
    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    #[inline(always)]
    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// The next byte that is no white space.
    #[inline(always)]
    fn next(&mut self) -> Option<u8> {
        self.space();
        self.peek()
    }

    /// This byte, with white space around it.
    #[inline(always)]
    fn take(&mut self, byte: u8) -> Option<()> {
        if self.next()? != byte {
            return None;
        }
        self.at += 1;
        self.space();
        Some(())
    }

    /// The inside of the string that begins here.
    #[inline(always)]
    fn string(&mut self) -> Option<&'t [u8]> {
        if self.peek()? != b'"' {
            return None;
        }
        let start = self.at + 1;
        self.at = start;
        loop {
            while !ENDS[usize::from(self.peek()?)] {
                self.at += 1;
            }
            match self.peek()? {
                b'"' => break,
                b'\\' => self.escape()?,
                _ => return None,
            }
        }
        self.at += 1;
        self.text.get(start..self.at - 1)
    }

    fn escape(&mut self) -> Option<()> {
        self.at += match self.text.get(self.at + 1)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
            b'u' => {
                let digits = self.text.get(self.at + 2..self.at + 6)?;
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return None;
                }
                6
            }
            _ => return None,
        };
        Some(())
    }

    /// Passes over the value that begins here, so many levels down.
    fn value(&mut self, depth: usize) -> Option<Is> {
        Some(match self.peek()? {
            b'"' => {
                self.string()?;
                Is::Text
            }
            open @ (b'{' | b'[') if depth <= MAX_DEPTH => {
                let close = open + 2;
                self.at += 1;
                if self.next()? == close {
                    self.at += 1;
                } else {
                    loop {
                        self.space();
                        if open == b'{' {
                            self.string()?;
                            self.take(b':')?;
                        }
                        self.value(depth + 1)?;
                        let next = self.next()?;
                        self.at += 1;
                        match next {
                            b',' => {}
                            next if next == close => break,
                            _ => return None,
                        }
                    }
                }
                if open == b'{' { Is::Object } else { Is::Other }
            }
            b'n' => self.word(b"null", Is::Null)?,
            b't' => self.word(b"true", Is::Other)?,
            b'f' => self.word(b"false", Is::Other)?,
            _ => self.number()?,
        })
    }

    fn word(&mut self, word: &[u8], is: Is) -> Option<Is> {
        let rest = self.text.get(self.at..)?;
        self.at += word.len();
        rest.starts_with(word).then_some(is)
    }

    fn number(&mut self) -> Option<Is> {
        self.at += usize::from(self.peek()? == b'-');
        let is_zero = self.peek()? == b'0';
        if is_zero {
            self.at += 1;
        } else {
            self.digits()?;
        }
        let mut is = Is::Int;
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
            is = Is::Other;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            self.at += usize::from(matches!(self.peek()?, b'-' | b'+'));
            self.digits()?;
            is = Is::Other;
        }
        Some(is)
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    /// The integer in these digits.
    fn int(&self, value: Range<usize>) -> Option<i32> {
        let (mut number, mut digits) = (0_i64, self.text.get(value)?);
        let is_negative = digits.first() == Some(&b'-');
        digits = digits.get(usize::from(is_negative)..)?;
        if digits.len() > 10 {
            return None;
        }
        for digit in digits {
            number = number * 10 + i64::from(digit - b'0');
        }
        i32::try_from(if is_negative { -number } else { number }).ok()
    }
}

/// The id is a number in decimal digits.
fn pass_on_json(frame: &[u8], facts: &Facts, id: u64, out: &mut Vec<u8>) -> Option<()> {
    if id == facts.id {
        out.extend_from_slice(frame);
        return Some(());
    }
    let (start, id) = (out.len(), u32::try_from(id).ok()?.cast_signed());
    let (mut digits, mut at, mut rest) = ([0; 11], 11, id.unsigned_abs());
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if id < 0 {
        at -= 1;
        digits[at] = b'-';
    }
    let digits = digits.get(at..)?;
    splice(frame, facts, digits, out)?;
    let more = digits.len().wrapping_sub(facts.id_at.len());
    let [_, h0, h1, h2] = array(out, start + 4)?;
    let header = u32::from_be_bytes([0, h0, h1, h2]).wrapping_add(more as u32);
    out.get_mut(start + 5..start + 8)?
        .copy_from_slice(&header.to_be_bytes()[1..]);
    add(out, start, more)
}
