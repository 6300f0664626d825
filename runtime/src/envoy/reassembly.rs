//! One direction of a connection: chunks as the host passes them, frames as the protocol has them.

use super::Side;
use crate::frame::View;
use crate::protocol::Codec;
use crate::protocol::front::{Loss, Next, next};

/// What becomes of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It goes on.
    Pass,
    /// Other bytes go on in its place: only for frames of which no byte goes on before they are complete.
    Instead(Vec<u8>),
    /// Neither it nor anything after it is forwarded.
    Close,
}

/// How a walk over frames ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With the bytes, or with the start of a frame that is not complete.
    Going,
    /// With a frame that must not go on.
    Closed,
    /// With what is not a frame.
    Lost(Loss),
}

/// What a walk has made of the bytes of a direction, which has not gone on yet.
#[derive(Debug)]
#[must_use]
pub(super) struct Walked {
    pub(super) end: End,
    /// What goes on in the place of the bytes before `from`, of those that have not gone on.
    out: Vec<u8>,
    from: usize,
    /// Where the frame begins that is not complete.
    tail: usize,
}

/// How much goes on after a walk; the same for all of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Release {
    /// Every byte: no frame needs to be replaced.
    All,
    /// Whole frames.
    Frames,
}

/// What has come in one direction and is not a whole frame yet.
///
/// It never holds more than the largest allowed frame and one chunk.
#[derive(Debug, Default)]
pub(super) struct Reassembly {
    pending: Vec<u8>,
    /// Bytes of `pending` before which the codec has nothing new to say.
    need: usize,
    /// Bytes at the front of `pending` that have gone on.
    gone: usize,
}

impl Reassembly {
    /// Takes the next bytes and asks `each` about every frame that they complete, until one must not go on.
    ///
    /// Whole frames are read where the host has put them; only the start of a frame that is not
    /// complete is copied, after what is kept of it already.
    pub(super) fn feed<C: Codec>(
        &mut self,
        bytes: Vec<u8>,
        side: Side,
        max_frame: usize,
        each: impl FnMut(&C::View<'_>) -> Fate,
    ) -> Walked {
        if self.pending.is_empty() {
            self.pending = bytes;
        } else {
            self.pending.extend_from_slice(&bytes);
        }
        let mut walked = Walked {
            end: End::Going,
            out: Vec::new(),
            from: self.gone,
            tail: 0,
        };
        if self.pending.len() >= self.need {
            self.need = walked.over::<C>(&self.pending, side, max_frame, each);
        }
        walked
    }

    /// Lets go on what was walked over, of which the last `in_host` bytes are in the host's buffer. What the
    /// buffer has to hold instead; `None` if it is right as it is.
    pub(super) fn release(
        &mut self,
        walked: Walked,
        in_host: usize,
        release: Release,
    ) -> Option<Vec<u8>> {
        let Walked {
            mut out,
            from,
            tail,
            ..
        } = walked;
        let all = self.pending.len();
        let until = match release {
            Release::All => all,
            Release::Frames => tail.max(from),
        };
        let in_order = from == self.gone && from == all.saturating_sub(in_host);
        let untouched = in_order && until == all;
        if !untouched {
            out.extend_from_slice(self.pending.get(from..until).unwrap_or_default());
        }
        self.gone = until.saturating_sub(tail);
        self.keep(tail);
        (!untouched).then_some(out)
    }

    /// Keeps what is after `at`.
    fn keep(&mut self, at: usize) {
        if at >= self.pending.len() {
            self.forget();
        } else if at > 0 {
            // A block of its own: the tail of a large chunk must not hold the whole of it.
            self.pending = self.pending.split_off(at);
        }
    }

    /// Keeps nothing: a direction between two frames holds no memory.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Bytes that are kept.
    pub(super) fn kept(&self) -> usize {
        self.pending.len()
    }
}

impl Walked {
    /// Walks over the frames of some bytes. How many bytes the codec needs from `tail` on to have more to
    /// say.
    fn over<C: Codec>(
        &mut self,
        bytes: &[u8],
        side: Side,
        max_frame: usize,
        mut each: impl FnMut(&C::View<'_>) -> Fate,
    ) -> usize {
        while let Some(front) = bytes.get(self.tail..).filter(|front| !front.is_empty()) {
            let view = match next::<C>(front, side == Side::Upstream, max_frame) {
                Ok(Next::Frame(view)) => view,
                Ok(Next::Cut(need)) => return need,
                Err(loss) => {
                    self.end = End::Lost(loss);
                    break;
                }
            };
            // A frame of no bytes would never end.
            let after = self.tail.saturating_add(view.raw().len().max(1));
            match each(&view) {
                Fate::Pass => {}
                Fate::Instead(other) => {
                    self.out
                        .extend_from_slice(bytes.get(self.from..self.tail).unwrap_or_default());
                    self.out.extend_from_slice(&other);
                    self.from = after;
                }
                Fate::Close => {
                    self.end = End::Closed;
                    break;
                }
            }
            self.tail = after;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Acme, ask};
    use super::*;
    use crate::command::Command;

    /// Feeds chunks of which everything goes on; the ids of the frames that they make, and how the last one
    /// ended.
    fn ids(chunks: &[&[u8]], max: usize) -> (Vec<u64>, Reassembly, End) {
        let mut direction = Reassembly::default();
        let mut ids = Vec::new();
        let mut end = End::Going;
        for chunk in chunks {
            let walked = direction.feed::<Acme>(chunk.to_vec(), Side::Downstream, max, |view| {
                ids.push(view.id());
                Fate::Pass
            });
            end = walked.end;
            let instead = direction.release(walked, chunk.len(), Release::All);
            assert_eq!(instead, None, "nothing was to be changed");
        }
        (ids, direction, end)
    }

    #[test]
    fn frames_come_out_however_they_are_cut() {
        let stream = [ask(1, "a", "x"), ask(2, "bb", "y"), ask(3, "", "")].concat();
        for cut in 0..=stream.len() {
            let (front, back) = stream.split_at(cut);
            let (ids, rest, end) = ids(&[front, back], 100);
            assert_eq!(
                (ids, rest.kept(), end),
                (vec![1, 2, 3], 0, End::Going),
                "{cut}"
            );
        }
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(ids(&bytes, 100).0, [1, 2, 3]);
    }

    #[test]
    fn only_the_tail_is_kept() {
        let (first, second) = (ask(1, "a", "x"), ask(2, "b", "y"));
        let chunk = [&first[..], &second[..3]].concat();
        let (ids, rest, _) = ids(&[&chunk], 100);
        assert_eq!((ids, rest.kept()), (vec![1], 3));
        assert!(rest.pending.capacity() < chunk.len());
    }

    #[test]
    fn what_is_no_frame_is_a_loss() {
        let (ids, _, end) = ids(&[&ask(1, "a", "x"), b"\xffgarbage"], 100);
        assert_eq!(ids, [1]);
        assert!(matches!(end, End::Lost(Loss::Bad(_))), "{end:?}");
    }

    #[test]
    fn a_frame_that_is_too_large_is_known_by_its_start() {
        let frame = ask(1, "a", &"x".repeat(90));
        let too_large = End::Lost(Loss::Large(frame.len()));
        let (_, rest, end) = ids(&[&frame[..8]], 50);
        assert_eq!(end, too_large);
        assert!(rest.kept() <= 8);
        assert_eq!(ids(&[&frame], 50).2, too_large);
        assert_eq!(ids(&[&frame], frame.len()).2, End::Going);
    }

    #[test]
    fn behind_a_frame_that_must_not_go_on_none_is_seen() {
        let stream = [ask(1, "a", "x"), ask(2, "b", "y")].concat();
        let mut seen = 0;
        let walked = Reassembly::default().feed::<Acme>(stream, Side::Downstream, 100, |_| {
            seen += 1;
            Fate::Close
        });
        assert_eq!((walked.end, seen), (End::Closed, 1));
    }

    /// Sends a stream in chunks of one size, of which only whole frames go on; what goes on where every frame
    /// with an even id is replaced by `other`.
    fn edited(stream: &[u8], size: usize, other: &[u8]) -> Vec<u8> {
        let mut direction = Reassembly::default();
        let mut passed = Vec::new();
        for chunk in stream.chunks(size) {
            let walked = direction.feed::<Acme>(chunk.to_vec(), Side::Downstream, 100, |view| {
                if view.id() % 2 == 0 {
                    Fate::Instead(other.to_vec())
                } else {
                    Fate::Pass
                }
            });
            let instead = direction.release(walked, chunk.len(), Release::Frames);
            passed.extend(instead.unwrap_or_else(|| chunk.to_vec()));
        }
        assert_eq!(direction.kept(), 0);
        passed
    }

    #[test]
    fn frames_are_replaced_however_they_are_cut() {
        let frames: Vec<_> = (1..=5).map(|id| ask(id, "a", "x")).collect();
        let stream = frames.concat();
        for other in [&b""[..], b"short", &[7; 99]] {
            let wanted = [&frames[0], other, &frames[2], other, &frames[4]].concat();
            for size in 1..=stream.len() {
                assert_eq!(edited(&stream, size, other), wanted, "{size}");
            }
        }
    }
}
