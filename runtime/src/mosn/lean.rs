//! The lean exports: a host that keeps the bytes of frames itself asks about their fronts only.
//!
//! They are additions to MOSN's ABI, which a stock MOSN does not call. Everything that they cannot answer is
//! [`Reply::Classic`]: the host decodes that frame through the exports that MOSN has.
//!
//! | export | parameters | result |
//! | --- | --- | --- |
//! | `mw_lean_1` | root context | address of the [offer](OFFER_SIZE), or 0: all frames are classic |
//! | `mw_lean_room` | bytes, 1 MiB at most | address of a room with so many at least, in the place of the one before; or 0 |
//! | `mw_lean_decode` | root context, length | `status << 32 \| value`, for the front in the room of the offer |
//! | `mw_lean_rewrite` | root context, length | the same, for the [edit](EDIT_SIZE) in that room |
//!
//! The status has one of the numbers of [`Reply`] in its low byte. The value is the address of an
//! [answer](ANSWER_SIZE) or of a [front](FRONT_SIZE), or a number of bytes. Offers and answers are little-endian
//! words; each begins with its size, so that a later version can append to it.

use super::adaptor::Adaptor;
use super::settings::Settings;
use super::{ids, message, narrow};
use crate::command::{Command, MessageKind};
use crate::frame::{Edits, Front, Head, HeaderWriter, View};
use crate::protocol::{BodyMode, Plugin};
use crate::wire::{Bits, Endian, Slot, offset_in};

/// Bytes of an offer, which is the same whenever an instance is asked for it:
///
/// | byte | size | field |
/// | --- | --- | --- |
/// | 0 | 4 | size of the offer |
/// | 4 | 4 | address of the room, into which the host writes fronts |
/// | 8 | 4 | bytes of the room |
/// | 12 | 4 | 1: fronts can be written again, by `mw_lean_rewrite` |
/// | 16 | 8 | largest number that a request can have as its id without a translation |
pub(super) const OFFER_SIZE: usize = 24;
/// The most bytes of a front. A frame with more before its body is classic.
pub(super) const LARGEST_FRONT: usize = 64 * 1024;
/// Bytes of an answer without its list of ids:
///
/// | byte | size | field |
/// | --- | --- | --- |
/// | 0 | 4 | size of the answer with its list, without the headers |
/// | 4 | 4 | bytes of the frame |
/// | 8 | 1 | 0 response, 1 request |
/// | 9 | 1 | 1: the host's filters see an empty body; 2: the headers are in the body |
/// | 10 | 1 | number of ids in the list; with none, another id is written with the front |
/// | 11 | 1 | headers: 0 none, 1 a block in the frame, 2 a block after the answer, 3 those that the same question about all of the frame has for an answer, and the timeout of a request too |
/// | 12 | 8 | correlation id |
/// | 20 | 4 | timeout of a request, status of a response, as in a decode result of MOSN's |
/// | 24 | 4 | first byte of the body, with which the frame ends |
/// | 28 | 4 | first byte of the header block, in the frame |
/// | 32 | 4 | bytes of the header block |
/// | 36 | 8 each | an id: its first byte; its [form](form) |
pub(super) const ANSWER_SIZE: usize = 36;
/// Bytes of an edit before the front that it is of. That front is all of the frame before its body, as it came; of a frame
/// with headers in its body it is all of the frame, and no body follows. The header block, as MOSN writes one, is after it,
/// and after that may be the [id](OPAQUE) of a response as the client knows it.
///
/// | byte | size | field |
/// | --- | --- | --- |
/// | 0 | 4 | bytes of the front |
/// | 4 | 4 | bytes of the body that shall follow it, at most [`LARGEST_BODY`] |
/// | 8 | 8 | correlation id |
/// | 16 | 4 | bytes of the header block, or `0xffff_ffff`: the headers stay as they are |
pub(super) const EDIT_SIZE: usize = 20;
/// Bytes of what is before a front that has been written:
///
/// | byte | size | field |
/// | --- | --- | --- |
/// | 0 | 4 | this size |
/// | 4 | 4 | bytes of the front, which follows |
pub(super) const FRONT_SIZE: usize = 8;
/// The longest body that a host can have: no frame has more.
const LARGEST_BODY: usize = i32::MAX as usize;
/// In the place of the header block's length: the headers stay as they are.
const KEPT: u32 = u32::MAX;
/// Bytes of an entry of the list.
const ID_SIZE: usize = 8;
/// Set in the form of an id.
const LITTLE: u32 = 256;
/// Set in the form of an id that is no number, whose bytes are counted from 2^16 on. What a host writes there is the id of
/// the request, in a response, and otherwise its number, as [`opaque`](crate::frame::opaque) does it.
const OPAQUE: u32 = 512;
/// Set as well if an id has so many bytes in every frame, and is written by changing them.
const IN_PLACE: u32 = 1024;
/// The largest room, for the whole of a frame with headers in its body.
const LARGEST_ROOM: usize = 1024 * 1024;

impl<P: Plugin> Adaptor<P> {
    /// `mw_lean_1`: where a host that keeps the bytes of frames itself writes their fronts, and what it has to
    /// know; `None` if no frame of the protocol is for it.
    pub fn lean_offer(&mut self) -> Option<&[u8]> {
        if !P::LEAN {
            return None;
        }
        // It stays where it is: every root of the instance has the same room.
        self.room.resize(LARGEST_FRONT, 0);
        self.offer = offer::<P>(&self.room);
        Some(&self.offer)
    }

    /// The room that the offer names.
    pub fn lean_room(&mut self) -> &mut [u8] {
        &mut self.room
    }

    /// `mw_lean_room`: makes the room larger, where whole frames may have to be in it.
    pub fn lean_grow(&mut self, size: usize) -> Option<&[u8]> {
        if !P::LATER || size > LARGEST_ROOM {
            return None;
        }
        let size = size.max(self.room.len());
        self.room.resize(size, 0);
        Some(&self.room)
    }

    /// `mw_lean_decode`: the reply to the first `len` bytes of the room. [`Reply::Frame`]
    /// comes with the answer and the headers that are not in the frame.
    pub fn lean_decode(&mut self, root: u32, len: usize) -> (Reply, &[u8]) {
        let settings = &self.roots.of(root).settings;
        let front = self.room.get(..len);
        let reply = front.map_or(Reply::Classic(Why::Size, 0), |front| {
            decode::<P>(front, settings, &mut self.out)
        });
        (reply, &self.out)
    }

    /// `mw_lean_rewrite`: the front that the first `len` bytes of the room ask for, if it can be written.
    pub fn lean_rewrite(&mut self, len: usize) -> (Reply, &[u8]) {
        let edit = self.room.get(..len).filter(|_| P::REWRITTEN || P::LATER);
        let written = edit.and_then(|edit| rewrite::<P>(edit, &mut self.out));
        let reply = written.map_or(Reply::Classic(Why::Layout, 0), |()| Reply::Frame);
        (reply, &self.out)
    }
}

/// The answer to a front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// 0: a frame that the host can pass on itself.
    Frame,
    /// 1: so many bytes are needed in all for another reply.
    More(usize),
    /// 2: not one that the host can pass on itself. So many bytes are needed in all before the classic decode has
    /// an answer, or 0.
    Classic(Why, usize),
}

/// Why a frame takes MOSN's own path: the second byte of a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its layout cannot be read from the front, or the bytes are none.
    Layout = 1,
    /// The bytes are malformed.
    Malformed = 2,
    /// It is a heartbeat, an answer to one, a one-way call or a frame that is passed on verbatim.
    Kind = 3,
    /// A checksum covers bytes after the front.
    Checksum = 4,
    /// The host does not know the call by the id on the wire.
    Id = 5,
    /// It is too long, or its front is.
    Size = 6,
    /// Its headers are malformed.
    Headers = 7,
}

impl Reply {
    /// What `mw_lean_decode` returns, with the address of the answer.
    pub const fn packed(self, answer: u32) -> u64 {
        let (status, value) = match self {
            Self::Frame => (0, answer),
            Self::More(bytes) => (1, bytes as u32),
            Self::Classic(why, bytes) => (2 | (why as u64) << 8, bytes as u32),
        };
        status << 32 | value as u64
    }
}

/// The offer of a protocol, with the address of the room.
pub(super) fn offer<P: Plugin>(room: &[u8]) -> [u8; OFFER_SIZE] {
    let mut offer = [0; OFFER_SIZE];
    offer[..4].copy_from_slice(&word(OFFER_SIZE));
    offer[4..8].copy_from_slice(&word(room.as_ptr().addr()));
    offer[8..12].copy_from_slice(&word(room.len()));
    offer[12] = u8::from(P::REWRITTEN || P::LATER);
    offer[16..].copy_from_slice(&narrow::largest_plain::<P>().to_le_bytes());
    offer
}

/// The frame with this front: in one place for all that is asked about it.
#[inline(never)]
fn head<P: Plugin>(front: &[u8]) -> Option<Front<P::View<'_>>> {
    P::head(front)
}

/// What the host has to know of the frame with this front; in `out`, if it is one for the host.
pub(super) fn decode<P: Plugin>(front: &[u8], settings: &Settings, out: &mut Vec<u8>) -> Reply {
    let max = settings.max_frame;
    match head::<P>(front) {
        None => Reply::Classic(Why::Layout, 0),
        Some(Front::Malformed) => Reply::Classic(Why::Malformed, 0),
        Some(Front::NeedMore(more)) => match front.len() + more {
            needed if needed > max || needed > LARGEST_FRONT => Reply::Classic(Why::Size, 0),
            needed => Reply::More(needed),
        },
        Some(Front::Frame(head)) if head.len > max => Reply::Classic(Why::Size, 0),
        Some(Front::Frame(head)) => describe::<P>(&head, front.len(), settings, out),
    }
}

/// Writes a front again as an edit asks for it.
fn rewrite<P: Plugin>(edit: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let (fixed, rest) = edit.split_first_chunk::<EDIT_SIZE>()?;
    let number = |at| u32::load(fixed, at, Endian::Little);
    let (front, block) = rest.split_at_checked(number(0) as usize)?;
    let (headers, opaque) = match number(16) {
        KEPT => (None, block),
        len => {
            let (block, opaque) = block.split_at_checked(len as usize)?;
            (Some(message::headers(block).ok()?), opaque)
        }
    };
    let edits = Edits {
        headers,
        opaque: (P::OPAQUE && !opaque.is_empty()).then_some(opaque),
        ..Edits::id(u64::load(fixed, 8, Endian::Little))
    };
    let body = (number(4) as usize).min(LARGEST_BODY);
    let Some(Front::Frame(head)) = head::<P>(front) else {
        return None;
    };
    out.clear();
    out.extend_from_slice(&[0; FRONT_SIZE]);
    let is_written = if P::LATER && head.later {
        head.len == front.len() && head.view.rewrite(&edits, out).is_ok()
    } else {
        P::REWRITTEN && head.body == front.len() && head.view.rewrite_head(&edits, body, out)
    };
    let len = out.len() - FRONT_SIZE;
    word(FRONT_SIZE).store(out, 0, Endian::Big);
    word(len).store(out, 4, Endian::Big);
    is_written.then_some(())
}

/// Writes the answer for a frame, of which so many bytes are there, unless it is one for MOSN's own path.
fn describe<P: Plugin>(
    head: &Head<P::View<'_>>,
    there: usize,
    settings: &Settings,
    out: &mut Vec<u8>,
) -> Reply {
    let view = &head.view;
    let kind = view.kind();
    if !matches!(kind, MessageKind::Request | MessageKind::Response) || view.is_verbatim() {
        return Reply::Classic(Why::Kind, head.len);
    }
    if head.sealed {
        return Reply::Classic(Why::Checksum, head.len);
    }
    let id = view.id();
    let is_request = kind == MessageKind::Request;
    if !is_request && id > narrow::largest_plain::<P>() {
        return Reply::Classic(Why::Id, head.len);
    }
    let opaque = if P::OPAQUE { view.opaque_id() } else { None };
    if opaque.is_some_and(|id| id.is_empty() || id.len() > ids::LONGEST) {
        return Reply::Classic(Why::Id, head.len);
    }
    out.clear();
    out.extend_from_slice(&[0; ANSWER_SIZE]);
    push_ids(view, opaque, out);
    let size = out.len();
    let unknown = P::LATER && head.later && there < head.len;
    let (mode, at) = match view.header_block() {
        _ if unknown => (3, 0),
        Some([]) => (0, 0),
        Some(block) => (1, offset_in(view.raw(), block)),
        None if view.write_headers(&mut HeaderWriter::new(out)).is_err() => {
            return Reply::Classic(Why::Headers, head.len);
        }
        None if out.len() == size => (0, 0),
        None => (2, 0),
    };
    let apart = out.len() - size;
    let block = match view.header_block() {
        Some(block) if !unknown => block.len(),
        _ => apart,
    };
    let word_of = if unknown && is_request {
        0
    } else {
        super::decode::word(view, kind, settings)
    };
    let hidden = u8::from(settings.body == BodyMode::Hidden);
    let flags = hidden | u8::from(P::LATER && head.later) << 1;
    let ids = (size - ANSWER_SIZE) / ID_SIZE;
    let mut fixed = [0; ANSWER_SIZE];
    fixed[..4].copy_from_slice(&word(size));
    fixed[4..8].copy_from_slice(&word(head.len));
    fixed[8..12].copy_from_slice(&[u8::from(is_request), flags, ids as u8, mode]);
    fixed[12..20].copy_from_slice(&id.to_le_bytes());
    fixed[20..24].copy_from_slice(&word_of.to_le_bytes());
    fixed[24..28].copy_from_slice(&word(head.body));
    fixed[28..32].copy_from_slice(&word(at));
    fixed[32..].copy_from_slice(&word(block));
    if let Some(place) = out.first_chunk_mut() {
        *place = fixed;
    }
    Reply::Frame
}

/// Appends the ids to the list.
fn push_ids(view: &impl View, opaque: Option<&[u8]>, out: &mut Vec<u8>) {
    let mut is_placed = 0;
    let mut push = |at: usize, form: u32| {
        out.extend_from_slice(&word(at));
        out.extend_from_slice(&form.to_le_bytes());
    };
    view.id_places(&mut |at, slot| match opaque {
        Some(_) => is_placed = IN_PLACE,
        None => push(at, form(slot)),
    });
    if let Some(id) = opaque {
        let form = OPAQUE | is_placed | (id.len() as u32) << 16;
        push(offset_in(view.raw(), id), form);
    }
}

/// How an id is written: its width in bytes, of which 256 more if it is little-endian; and if it has only some bits
/// of these bytes, the number of the bits below it, times 2^16, and its own, times 2^24.
const fn form(slot: &Slot) -> u32 {
    let order = match slot.endian {
        Endian::Little => LITTLE,
        Endian::Big => 0,
    };
    slot.size as u32 | order | (slot.shift as u32) << 16 | (slot.bits as u32) << 24
}

/// A number of bytes, or an address. WebAssembly memory ends long before the number does.
const fn word(length: usize) -> [u8; 4] {
    (length as u32).to_le_bytes()
}
