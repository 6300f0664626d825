//! One direction of a connection: chunks as the host passes them, frames as the protocol has them.

use core::ops::ControlFlow;

use crate::frame::{Verdict, View};
use crate::protocol::Codec;
use crate::wire::Error;

/// Why no more frames come of a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// What comes next is no frame of the protocol.
    Bad(Error),
    /// The next frame has at least this many bytes, more than are allowed.
    Large(usize),
}

/// What has come in one direction and is no whole frame yet.
///
/// It never holds more than the largest allowed frame and one chunk.
#[derive(Debug, Default)]
pub(super) struct Reassembly {
    pending: Vec<u8>,
    /// Bytes of `pending` before which the codec has nothing new to say.
    need: usize,
}

impl Reassembly {
    /// Takes the next bytes and passes every frame that they complete to `each`, until it breaks.
    ///
    /// Whole frames are read where the host has put them; only the start of a frame that is not
    /// complete is copied, behind what is kept of it already.
    pub(super) fn feed<C: Codec, B>(
        &mut self,
        bytes: Vec<u8>,
        max_frame: usize,
        mut each: impl FnMut(&C::View<'_>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, Loss> {
        if self.pending.is_empty() {
            self.pending = bytes;
        } else {
            self.pending.extend_from_slice(&bytes);
        }
        if self.pending.len() < self.need {
            return Ok(ControlFlow::Continue(()));
        }
        match walk::<C, B>(&self.pending, max_frame, &mut each)? {
            Walk::Whole => self.forget(),
            Walk::Cut { at, need } => self.keep(at, need),
            Walk::Broken(end) => return Ok(ControlFlow::Break(end)),
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Keeps what lies behind `at`.
    fn keep(&mut self, at: usize, need: usize) {
        if at > 0 {
            // A block of its own: the tail of a large chunk must not hold the whole of it.
            self.pending = self.pending.split_off(at.min(self.pending.len()));
        }
        self.need = need;
    }

    /// Keeps nothing: a direction between two frames holds no memory.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Bytes that are kept.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.pending.len()
    }
}

/// How the frames of some bytes end.
enum Walk<B> {
    /// With the bytes.
    Whole,
    /// With a frame that starts at `at`; the codec has more to say when it has `need` bytes.
    Cut { at: usize, need: usize },
    /// Where they were not wanted any more.
    Broken(B),
}

fn walk<C: Codec, B>(
    bytes: &[u8],
    max_frame: usize,
    each: &mut impl FnMut(&C::View<'_>) -> ControlFlow<B>,
) -> Result<Walk<B>, Loss> {
    let mut at = 0_usize;
    while let Some(front) = bytes.get(at..).filter(|front| !front.is_empty()) {
        match C::parse(front) {
            Verdict::Frame(view) => {
                let size = view.raw().len();
                if size > max_frame {
                    return Err(Loss::Large(size));
                }
                if let ControlFlow::Break(end) = each(&view) {
                    return Ok(Walk::Broken(end));
                }
                // A frame of no bytes would never end.
                at = at.saturating_add(size.max(1));
            }
            Verdict::NeedMore(more) => {
                let need = front.len().saturating_add(more);
                if need > max_frame {
                    return Err(Loss::Large(need));
                }
                return Ok(Walk::Cut { at, need });
            }
            Verdict::NotThisProtocol(error) | Verdict::Malformed(error) => {
                return Err(Loss::Bad(error));
            }
        }
    }
    Ok(Walk::Whole)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Acme, ask};
    use super::*;
    use crate::command::Command;

    /// Feeds chunks; the ids of the frames that they make, and how the last one ended.
    fn ids(chunks: &[&[u8]], max: usize) -> (Vec<u64>, Reassembly, Option<Loss>) {
        let mut direction = Reassembly::default();
        let mut ids = Vec::new();
        for chunk in chunks {
            let fed = direction.feed::<Acme, ()>(chunk.to_vec(), max, |view| {
                ids.push(view.id());
                ControlFlow::Continue(())
            });
            if let Err(loss) = fed {
                return (ids, direction, Some(loss));
            }
        }
        (ids, direction, None)
    }

    #[test]
    fn frames_come_out_however_they_are_cut() {
        let stream = [ask(1, "a", "x"), ask(2, "bb", "y"), ask(3, "", "")].concat();
        for cut in 0..=stream.len() {
            let (front, back) = stream.split_at(cut);
            let (ids, rest, loss) = ids(&[front, back], 100);
            assert_eq!((ids, rest.kept(), loss), (vec![1, 2, 3], 0, None), "{cut}");
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
        let (ids, _, loss) = ids(&[&ask(1, "a", "x"), b"\xffgarbage"], 100);
        assert_eq!(ids, [1]);
        assert!(matches!(loss, Some(Loss::Bad(_))), "{loss:?}");
    }

    #[test]
    fn a_frame_that_is_too_large_is_known_by_its_start() {
        let frame = ask(1, "a", &"x".repeat(90));
        let (_, rest, loss) = ids(&[&frame[..8]], 50);
        assert_eq!(loss, Some(Loss::Large(frame.len())));
        assert!(rest.kept() <= 8);
        assert_eq!(ids(&[&frame], 50).2, Some(Loss::Large(frame.len())));
        assert_eq!(ids(&[&frame], frame.len()).2, None);
    }

    #[test]
    fn whoever_breaks_sees_no_more_frames() {
        let stream = [ask(1, "a", "x"), ask(2, "b", "y")].concat();
        let mut seen = 0;
        let end = Reassembly::default().feed::<Acme, _>(stream, 100, |view| {
            seen += 1;
            ControlFlow::Break(view.id())
        });
        assert_eq!((end, seen), (Ok(ControlFlow::Break(1)), 1));
    }
}
