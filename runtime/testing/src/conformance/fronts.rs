//! The same frames, by their fronts: what a host learns that keeps the bytes itself.

use meshwire::mosn::{Adaptor, Reply, Why};

use super::answer::ask;
use super::describe::{ensure, hex, same};
use super::host::{decode, start};
use super::samples::{Sample, bad, each, each_of, positions, view};
use crate::emulator::{DecodedFrame, MosnHost, NativeGuest};
use meshwire::Bytes;
use meshwire::command::{Command, MessageKind};
use meshwire::frame::{Edits, Verdict, View};
use meshwire::protocol::Plugin;

/// The front of every frame has the metadata that MOSN decodes from the whole, however many of its bytes are there.
/// Another id is written by changing no bytes but those of the places that the answer lists. What MOSN refuses is
/// no frame by its front either. Frames of which the front does not say enough are left to MOSN.
///
/// # Panics
/// If that is not so.
pub fn fronts_agree_with_whole_frames<P: Plugin>(dir: &str) {
    let mut fronts = Fronts::<P>(Adaptor::new());
    if fronts.0.lean_offer().is_none() {
        return;
    }
    let mut emulator = start::<P>();
    each::<P>(dir, |sample| {
        let answer = fronts.of_sample(&mut emulator, sample)?;
        if let Some(answer) = answer {
            patched::<P>(sample, &answer)?;
        }
        fronts.of_damaged(sample)
    });
    each_of(
        &bad(dir),
        |vector| vector.name(),
        |vector| {
            for len in 0..=vector.bytes.len() {
                let bytes = vector.bytes.get(..len).unwrap_or_default();
                fronts.agree(&Bytes::copy_from_slice(bytes))?;
            }
            Ok(())
        },
    );
}

/// A plugin that is asked about fronts.
struct Fronts<P: Plugin>(Adaptor<P>);

impl<P: Plugin> Fronts<P> {
    fn ask(&mut self, front: &[u8]) -> Result<(Reply, Option<Answer>), String> {
        let room = self.0.lean_room();
        let len = front.len().min(room.len());
        if let (Some(room), Some(front)) = (room.get_mut(..len), front.get(..len)) {
            room.copy_from_slice(front);
        }
        let (reply, answer) = self.0.lean_decode(1, len);
        if reply != Reply::Frame {
            return Ok((reply, None));
        }
        let read = Answer::read(answer, front);
        let read = read.ok_or_else(|| format!("an answer that cannot be read: {}", hex(answer)))?;
        Ok((reply, Some(read)))
    }

    /// The answer to all of a frame, if there is one, and the same to less of it.
    fn of_sample(
        &mut self,
        emulator: &mut MosnHost<NativeGuest>,
        sample: &Sample,
    ) -> Result<Option<Answer>, String> {
        let (_, classic) = decode(emulator, &sample.bytes)?;
        let kind = view::<P>(&sample.bytes)?.kind();
        let (len, mut last) = (sample.bytes.len(), None);
        for there in positions(len).chain([len]) {
            let front = sample.bytes.get(..there).unwrap_or_default();
            let (reply, answer) = self.ask(front)?;
            let what = |what: String| format!("{there} of {len} bytes: {what}");
            match (reply, &answer) {
                (Reply::Frame, Some(answer)) => answer.is(&classic).map_err(what)?,
                (Reply::More(needed), _) => ensure(there < needed && needed <= len, || {
                    what(format!("{needed} are needed"))
                })?,
                (Reply::Classic(Why::Kind, _), _) => {
                    let ordinary = matches!(kind, MessageKind::Request | MessageKind::Response);
                    ensure(!ordinary || view::<P>(&sample.bytes)?.is_verbatim(), || {
                        what("an ordinary call is left to MOSN".to_owned())
                    })?;
                }
                (Reply::Classic(why, needed), _) => {
                    let fits = needed <= len && why != Why::Malformed;
                    ensure(fits, || what(format!("{why:?}, {needed} are needed")))?;
                }
                (Reply::Frame, None) => {}
            }
            last = answer;
        }
        let mut more = sample.bytes.to_vec();
        more.extend_from_slice(&[0xff; 40]);
        let (_, after) = self.ask(&more)?;
        ensure(after == last, || "it changes what follows".to_owned())?;
        Ok(last)
    }

    /// Frames with a bit flipped.
    fn of_damaged(&mut self, sample: &Sample) -> Result<(), String> {
        for at in positions(sample.bytes.len()) {
            for bit in 0..8 {
                let mut bytes = sample.bytes.to_vec();
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
                let agreed = self.agree(&Bytes::from(bytes));
                agreed.map_err(|what| format!("bit {bit} of byte {at} flipped: {what}"))?;
            }
        }
        Ok(())
    }

    /// What bytes are by their front is what they are.
    fn agree(&mut self, bytes: &Bytes) -> Result<(), String> {
        let (reply, answer) = self.ask(bytes)?;
        let whole = ask::<P>(bytes)?;
        let agree = match (&whole, reply, answer) {
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
}

/// Another id by changing bytes is the one that the frame is written with.
fn patched<P: Plugin>(sample: &Sample, answer: &Answer) -> Result<(), String> {
    let view = view::<P>(&sample.bytes)?;
    let ids = [0, 1, view.id(), P::LARGEST_ID / 2, P::LARGEST_ID, u64::MAX];
    for id in ids.into_iter().chain([P::LARGEST_ID.wrapping_add(1)]) {
        let mut written = Vec::new();
        let result = view.rewrite(&Edits::id(id), &mut written);
        let fits = answer.ids.iter().all(|place| place.holds(id));
        ensure(result.is_ok() == fits, || {
            format!("id {id}: {result:?}, though that it fits is {fits}")
        })?;
        if !fits {
            continue;
        }
        let mut bytes = sample.bytes.to_vec();
        if id != view.id() {
            answer
                .ids
                .iter()
                .for_each(|place| place.put(&mut bytes, id));
        }
        same(&format!("id {id}"), &bytes, &written)?;
    }
    Ok(())
}

/// An answer, as a host reads it.
#[derive(Debug, PartialEq)]
struct Answer {
    len: usize,
    request: bool,
    hidden: bool,
    id: u64,
    word: u32,
    body: usize,
    ids: Vec<Place>,
    /// `None` if they are malformed.
    headers: Option<Vec<(Vec<u8>, Vec<u8>)>>,
}

#[derive(Debug, PartialEq)]
struct Place {
    at: usize,
    width: usize,
    little: bool,
}

impl Answer {
    fn read(answer: &[u8], front: &[u8]) -> Option<Self> {
        let size = word(answer, 0)?;
        let (len, body) = (word(answer, 4)?, word(answer, 24)?);
        let (at, block) = (word(answer, 28)?, word(answer, 32)?);
        let places = usize::from(*answer.get(10)?);
        let ids = (0..places).map(|index| {
            let (at, form) = (word(answer, 36 + 8 * index)?, word(answer, 40 + 8 * index)?);
            let (width, little) = (form & 0xff, form & 0x100 != 0);
            let fits = at + width <= body && (1..=8).contains(&width);
            fits.then_some(Place { at, width, little })
        });
        let block = match *answer.get(11)? {
            0 => &[],
            1 if at + block <= body => front.get(at..at + block)?,
            2 => answer.get(size..size + block)?,
            _ => return None,
        };
        let sound = size == 36 + 8 * places && body <= len && body <= front.len();
        Some(Self {
            len: sound.then_some(len)?,
            request: *answer.get(8)? == 1,
            hidden: *answer.get(9)? == 1,
            id: u64::from_le_bytes(*answer.get(12..)?.first_chunk()?),
            word: u32::from_le_bytes(*answer.get(20..)?.first_chunk()?),
            body,
            ids: ids.collect::<Option<_>>()?,
            headers: pairs(block),
        })
    }

    /// That it says what MOSN makes of the whole frame.
    fn is(&self, classic: &DecodedFrame) -> Result<(), String> {
        let got = (self.len, self.request, self.id, self.word);
        let wanted = (
            classic.drain,
            classic.is_request(),
            classic.id,
            classic.word,
        );
        ensure(got == wanted, || format!("{got:?}, expected {wanted:?}"))?;
        if let Some(headers) = &self.headers {
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
    fn holds(&self, id: u64) -> bool {
        self.width == 8 || id >> (8 * self.width) == 0
    }

    fn put(&self, frame: &mut [u8], id: u64) {
        let place = frame.get_mut(self.at..self.at + self.width);
        let Some(place) = place else { return };
        if self.little {
            place.copy_from_slice(&id.to_le_bytes()[..self.width]);
        } else {
            place.copy_from_slice(&id.to_be_bytes()[8 - self.width..]);
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
