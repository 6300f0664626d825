//! What a host does that keeps the bytes: it asks about fronts, and writes frames with what it learns.

use meshwire::mosn::{Adaptor, Reply};

use super::super::describe::{ensure, hex, same};
use crate::emulator::DecodedFrame;
use meshwire::command::Command;
use meshwire::frame::{Edits, Verdict, View};
use meshwire::protocol::Plugin;
use meshwire::{HeaderMap, Headers};

/// A plugin that is asked about fronts.
#[doc(hidden)]
#[allow(missing_debug_implementations, reason = "a plugin has none")]
pub struct Fronts<P: Plugin> {
    plugin: Adaptor<P>,
    rewrites: bool,
}

impl<P: Plugin> Fronts<P> {
    /// A plugin, if it offers to be asked.
    pub fn new() -> Option<Self> {
        let mut plugin = Adaptor::new();
        let rewrites = plugin.lean_offer()?.get(12) == Some(&1);
        Some(Self { plugin, rewrites })
    }

    /// What it says of a front, and the answer about a frame.
    pub(super) fn ask(&mut self, front: &[u8]) -> Result<(Reply, Option<Answer>), String> {
        let len = self.put(front);
        let (reply, answer) = self.plugin.lean_decode(1, len);
        if reply != Reply::Frame {
            return Ok((reply, None));
        }
        let read = Answer::read(answer, front);
        let read = read.ok_or_else(|| format!("an answer that cannot be read: {}", hex(answer)))?;
        Ok((reply, Some(read)))
    }

    /// Writes bytes into the room, as many as it has place for.
    fn put(&mut self, bytes: &[u8]) -> usize {
        if bytes.len() > self.plugin.lean_room().len() {
            let _larger = self.plugin.lean_grow(bytes.len());
        }
        let room = self.plugin.lean_room();
        let len = bytes.len().min(room.len());
        if let (Some(room), Some(bytes)) = (room.get_mut(..len), bytes.get(..len)) {
            room.copy_from_slice(bytes);
        }
        len
    }

    /// What bytes are by their front is what they are, and the frames that are written of them are those that are
    /// written of the whole.
    ///
    /// # Errors
    /// With what is not so.
    pub fn check(&mut self, bytes: &[u8], edits: &Edits<'_>) -> Result<(), String> {
        let whole = P::parse(bytes);
        self.agree(bytes, &P::parse(bytes).map(|view| view.raw().len()))?;
        if let (Verdict::Frame(view), (_, Some(answer))) = (whole, self.ask(bytes)?) {
            patched(&view, &answer)?;
            if answer.takes(&view, edits) {
                let front = self.front(view.raw(), &answer, edits);
                agree_on_front(&view, front, edits, &answer)?;
            }
        }
        Ok(())
    }

    /// What bytes are by their front is what they are.
    pub(super) fn agree(&mut self, bytes: &[u8], whole: &Verdict) -> Result<(), String> {
        let (reply, answer) = self.ask(bytes)?;
        let agree = match (whole, reply, answer) {
            (Verdict::Frame(len), Reply::Frame, Some(answer)) => {
                answer.headers.is_none() || answer.len == *len
            }
            (Verdict::NeedMore(_), Reply::Frame, Some(answer)) => {
                answer.headers.is_none() || answer.len > bytes.len()
            }
            // Headers that are malformed are the host's to find.
            (_, Reply::Frame, answer) => answer.is_some_and(|answer| answer.headers.is_none()),
            (Verdict::NeedMore(more), Reply::More(needed), _) => needed <= bytes.len() + more,
            (_, Reply::More(_), _) => false,
            (_, Reply::Classic(..), _) => true,
        };
        ensure(agree, || format!("{reply:?}, and the whole is {whole:?}"))
    }

    /// Frames that are written with an answer about this one are those that are written of the whole.
    pub(super) fn writes(&mut self, frame: &[u8], answer: &Answer) -> Result<(), String> {
        let Verdict::Frame(view) = P::parse(frame) else {
            return Err("no frame".to_owned());
        };
        patched(&view, answer)?;
        let headers = view.header_map().unwrap_or_default();
        let caller = answer.caller();
        for (what, id, headers, body) in edits::<P>(&view, &headers) {
            let edits = Edits {
                id: Some(id),
                opaque: caller.as_deref().filter(|_| id != answer.id),
                headers: headers.as_ref().map(HeaderMap::as_headers),
                body: Some(&body),
            };
            if !answer.takes(&view, &edits) {
                continue;
            }
            let front = self.front(frame, answer, &edits);
            agree_on_front(&view, front, &edits, answer)
                .map_err(|error| format!("{what}, id {id}, a body of {}: {error}", body.len()))?;
        }
        Ok(())
    }

    /// The front of a frame written again, if it can be.
    fn front(&mut self, frame: &[u8], answer: &Answer, edits: &Edits<'_>) -> Option<Vec<u8>> {
        if !self.rewrites {
            return None;
        }
        let end = if answer.in_body {
            answer.len
        } else {
            answer.body
        };
        let front = frame.get(..end).unwrap_or_default();
        let block = edits.headers.as_ref().map(Headers::as_block);
        let body = edits.body.map_or(answer.len - answer.body, <[u8]>::len);
        let mut edit = Vec::new();
        edit.extend_from_slice(&(front.len() as u32).to_le_bytes());
        edit.extend_from_slice(&(body as u32).to_le_bytes());
        edit.extend_from_slice(&edits.id.unwrap_or(answer.id).to_le_bytes());
        let len = block.map_or(u32::MAX, |block| block.len() as u32);
        edit.extend_from_slice(&len.to_le_bytes());
        edit.extend_from_slice(front);
        edit.extend_from_slice(block.unwrap_or_default());
        edit.extend_from_slice(edits.opaque.unwrap_or_default());
        let len = self.put(&edit);
        let (reply, written) = self.plugin.lean_rewrite(len);
        if reply != Reply::Frame {
            return None;
        }
        let (fixed, front) = written.split_at_checked(8).unwrap_or_default();
        let sound = (word(fixed, 0), word(fixed, 4)) == (Some(8), Some(front.len()));
        Some(if sound {
            front.to_vec()
        } else {
            b"unsound".to_vec()
        })
    }
}

/// Changes to a frame: what, an id, headers, a body.
type Change = (&'static str, u64, Option<HeaderMap>, Vec<u8>);

fn edits<P: Plugin>(view: &P::View<'_>, came: &HeaderMap) -> Vec<Change> {
    let mut added = came.clone();
    added.append("x-new", "value");
    let mut set = came.clone();
    let first = came.iter().next().map(|(key, _)| key.to_vec());
    let mut removed = came.clone();
    if let Some(key) = &first {
        set.insert(key, "another, longer value");
        removed.remove(key);
    }
    let headers = [
        ("no headers changed", None),
        ("the same headers", Some(came.clone())),
        ("a header added", Some(added)),
        ("a header changed", Some(set)),
        ("a header removed", Some(removed)),
    ];
    let body = view.body().to_vec();
    let longer = [&body[..], &[0xa5; 300]].concat();
    let ids = [
        0,
        1,
        view.id(),
        P::LARGEST_ID,
        P::LARGEST_ID.wrapping_add(1),
        u64::MAX,
    ];
    let mut all = Vec::new();
    for (what, headers) in headers {
        for id in ids {
            for body in [&body, &Vec::new(), &longer] {
                all.push((what, id, headers.clone(), body.clone()));
            }
        }
    }
    all
}

/// A front that is written again is that of the whole frame which is written so, where that can be.
fn agree_on_front<V: View + Command>(
    view: &V,
    front: Option<Vec<u8>>,
    edits: &Edits<'_>,
    answer: &Answer,
) -> Result<(), String> {
    let mut whole = Vec::new();
    let result = view.rewrite(edits, &mut whole);
    let Some(mut front) = front else {
        let left = result.is_err() || !answer.needs_front(edits);
        return ensure(left, || "the front is not written".to_owned());
    };
    if let Err(error) = result {
        return Err(format!("a front is written, and of the whole: {error}"));
    }
    if !answer.in_body {
        front.extend_from_slice(edits.body.unwrap_or(view.body()));
    }
    same("the front written again, and its body", &front, &whole)
}

/// Another id by changing bytes is the one that the frame is written with.
fn patched<V: View + Command>(view: &V, answer: &Answer) -> Result<(), String> {
    if let Some(opaque) = &answer.opaque {
        return opaque.patched(view, answer);
    }
    if answer.ids.is_empty() {
        return Ok(());
    }
    for id in ids(view, answer) {
        let mut written = Vec::new();
        let result = view.rewrite(&Edits::id(id), &mut written);
        let fits = answer.ids.iter().all(|place| place.holds(id));
        ensure(result.is_ok() == fits, || {
            format!("id {id}: {result:?}, though that it fits is {fits}")
        })?;
        if !fits {
            continue;
        }
        let mut bytes = view.raw().to_vec();
        if id != view.id() {
            let places = answer.ids.iter();
            places.for_each(|place| place.put(&mut bytes, id));
        }
        same(&format!("id {id}"), &bytes, &written)?;
    }
    Ok(())
}

/// Ids with none, some and all of the bits of the places, and one bit more.
fn ids<V: Command>(view: &V, answer: &Answer) -> Vec<u64> {
    let bits = answer.ids.iter().map(Place::width);
    let widths = bits.flat_map(|bits| {
        let largest = u64::MAX >> (64 - bits);
        [largest / 2, largest, largest.wrapping_add(1)]
    });
    [0, 1, view.id(), u64::MAX]
        .into_iter()
        .chain(widths)
        .collect()
}

/// An answer, as a host reads it.
#[allow(
    clippy::struct_excessive_bools,
    reason = "an answer has these flags, each of its own"
)]
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    len: usize,
    request: bool,
    hidden: bool,
    id: u64,
    word: u32,
    body: usize,
    ids: Vec<Place>,
    opaque: Option<Opaque>,
    /// The headers are in the body.
    in_body: bool,
    /// They are not known of these bytes.
    later: bool,
    /// `None` if they are malformed.
    headers: Option<Vec<(Vec<u8>, Vec<u8>)>>,
}

/// An id that is no number.
#[derive(Debug, PartialEq)]
struct Opaque {
    at: usize,
    size: usize,
    in_place: bool,
}

impl Opaque {
    /// The id in its place is the one that the frame is written with.
    fn patched<V: View + Command>(&self, view: &V, answer: &Answer) -> Result<(), String> {
        let end = self.at + self.size;
        let came = view.raw().get(self.at..end);
        ensure(came == view.opaque_id(), || {
            format!("{self:?}, and the id is {:?}", view.opaque_id())
        })?;
        let caller = answer.caller();
        for id in [0, 1, 0x0123_4567_89ab_cdef, view.id(), u64::MAX] {
            if !self.in_place {
                break;
            }
            let edits = Edits {
                opaque: caller.as_deref().filter(|_| id != view.id()),
                ..Edits::id(id)
            };
            let (mut bytes, mut written) = (view.raw().to_vec(), Vec::new());
            view.rewrite(&edits, &mut written)
                .map_err(|error| format!("id {id}: {error}"))?;
            let mut marked = b"meshwire".to_vec();
            marked.extend_from_slice(&id.to_be_bytes());
            marked.resize(self.size, 0);
            let id_bytes = edits.opaque.unwrap_or(&marked);
            if let Some(place) = bytes.get_mut(self.at..end).filter(|_| id != view.id()) {
                place.copy_from_slice(id_bytes);
            }
            same(&format!("id {id}"), &bytes, &written)?;
        }
        Ok(())
    }
}

#[derive(Debug, PartialEq)]
struct Place {
    at: usize,
    size: usize,
    little: bool,
    /// Of a field of bits, how many; else 0.
    bits: usize,
    shift: usize,
}

impl Answer {
    fn read(answer: &[u8], front: &[u8]) -> Option<Self> {
        let size = word(answer, 0)?;
        let (len, body) = (word(answer, 4)?, word(answer, 24)?);
        let (at, block) = (word(answer, 28)?, word(answer, 32)?);
        let places = usize::from(*answer.get(10)?);
        let entry =
            |index: usize| Some((word(answer, 36 + 8 * index)?, word(answer, 40 + 8 * index)?));
        let opaque = entry(0).filter(|(_, form)| places == 1 && form & 0x200 != 0);
        let opaque = opaque.map(|(at, form)| Opaque {
            at,
            size: form >> 16,
            in_place: form & 0x400 != 0,
        });
        let numbers = if opaque.is_some() { 0 } else { places };
        let ids = (0..numbers).map(|index| {
            let (at, form) = entry(index)?;
            let (size, little) = (form & 0xff, form & 0x100 != 0);
            let (shift, bits) = (form >> 16 & 0xff, form >> 24);
            let fits = at + size <= body && (1..=8).contains(&size) && shift + bits <= 8 * size;
            fits.then_some(Place {
                at,
                size,
                little,
                bits,
                shift,
            })
        });
        let block = match *answer.get(11)? {
            0 | 3 => &[],
            1 if at + block <= body => front.get(at..at + block)?,
            2 => answer.get(size..size + block)?,
            _ => return None,
        };
        let sound = size == 36 + 8 * places && body <= len && body <= front.len();
        Some(Self {
            len: sound.then_some(len)?,
            request: *answer.get(8)? == 1,
            hidden: *answer.get(9)? & 1 != 0,
            in_body: *answer.get(9)? & 2 != 0,
            later: *answer.get(11)? == 3,
            opaque,
            id: u64::from_le_bytes(*answer.get(12..)?.first_chunk()?),
            word: u32::from_le_bytes(*answer.get(20..)?.first_chunk()?),
            body,
            ids: ids.collect::<Option<_>>()?,
            headers: pairs(block),
        })
    }

    /// Whether there is more to know of the whole frame.
    pub(super) fn is_partial(&self) -> bool {
        self.later
    }

    /// Whether nothing but another front makes these changes. A frame that ends with it may have no place for a body.
    fn needs_front(&self, edits: &Edits<'_>) -> bool {
        let has_place = self.body < self.len || edits.body.is_none_or(<[u8]>::is_empty);
        let in_place = self.opaque.as_ref().is_some_and(|id| id.in_place);
        self.in_body || self.ids.is_empty() && !in_place && has_place
    }

    /// Whether a host asks for such edits: not for another body of a frame with headers in it.
    fn takes<V: Command>(&self, view: &V, edits: &Edits<'_>) -> bool {
        !self.in_body || edits.body.is_none_or(|body| body == view.body())
    }

    /// An id that a response may get: of the caller, who has one that is no number too.
    fn caller(&self) -> Option<Vec<u8>> {
        let size = self.opaque.as_ref()?.size;
        (!self.request).then(|| (1..=size).map(|at| b'a' + (at % 26) as u8).collect())
    }

    /// That it says what MOSN makes of the whole frame.
    pub(super) fn is(&self, classic: &DecodedFrame) -> Result<(), String> {
        let word = if self.later && self.request {
            0
        } else {
            classic.word
        };
        let got = (self.len, self.request, self.id, self.word);
        let wanted = (classic.drain, classic.is_request(), classic.id, word);
        ensure(got == wanted, || format!("{got:?}, expected {wanted:?}"))?;
        if let Some(headers) = self.headers.as_ref().filter(|_| !self.later) {
            let headers = headers.iter();
            let headers = headers.map(|(key, value)| (key.as_slice(), value.as_slice()));
            ensure(headers.eq(classic.headers.iter()), || {
                format!("headers {:?}, expected {:?}", self.headers, classic.headers)
            })?;
        }
        let body = classic.raw.get(self.body..).unwrap_or_default();
        let shown = if self.hidden { &[] } else { body };
        same("body", shown, &classic.body)
    }
}

impl Place {
    /// Bits of the field.
    fn width(&self) -> usize {
        if self.bits > 0 {
            self.bits
        } else {
            8 * self.size
        }
    }

    fn holds(&self, id: u64) -> bool {
        self.width() == 64 || id >> self.width() == 0
    }

    /// Writes an id that fits.
    fn put(&self, frame: &mut [u8], id: u64) {
        let place = frame.get_mut(self.at..self.at + self.size);
        let Some(place) = place else { return };
        if self.little {
            place.reverse();
        }
        let came = place
            .iter()
            .fold(0, |came, byte| came << 8 | u64::from(*byte));
        let mask = u64::MAX >> (64 - self.width()) << self.shift;
        let now = came & !mask | id << self.shift;
        for (at, byte) in place.iter_mut().rev().enumerate() {
            *byte = (now >> (8 * at)) as u8;
        }
        if self.little {
            place.reverse();
        }
    }
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let word = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*word) as usize)
}

/// The pairs of a block, if a host lists all of them.
fn pairs(mut block: &[u8]) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    let mut pairs = Vec::new();
    while !block.is_empty() {
        let (key, after) = text(block)?;
        let (value, after) = text(after)?;
        pairs.push(((!key.is_empty()).then(|| key.to_vec())?, value.to_vec()));
        block = after;
    }
    Some(pairs)
}

/// A length and as many bytes, and what follows.
fn text(block: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = block.split_first_chunk()?;
    rest.split_at_checked(u32::from_be_bytes(*len) as usize)
}
