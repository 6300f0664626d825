//! The side of the protocol: bytes to frames.

use super::http2::Peer;
use super::input::Input;
use super::output::Output;
use crate::frame::{Verdict, View};
use crate::protocol::Codec;
use crate::wire::Error;

/// The bytes of the protocol's side, both ways.
#[derive(Debug, Default)]
pub(super) struct Wire {
    /// What has come and has not been passed on.
    pub(super) input: Input,
    /// Bytes of `input` before which the codec has nothing new to say.
    pub(super) need: usize,
    pub(super) out: Output,
}

/// What is at the front of some bytes.
pub(super) enum Next<V> {
    Frame(V),
    /// A frame that is not complete: the codec has more to say when there are so many bytes.
    Cut(usize),
}

/// Why bytes are not read on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Loss {
    /// They are not a frame.
    Bad(Error),
    /// The frame has at least so many bytes, more than are allowed.
    Large(usize),
}

/// The frame at the front of what the peer of this kind has sent.
pub(super) fn next<C: Codec>(
    bytes: &[u8],
    sender: Peer,
    max_frame: usize,
) -> Result<Next<C::View<'_>>, Loss> {
    let verdict = match sender {
        Peer::Server if C::BY_SIDE => C::parse_from_server(bytes),
        _ => C::parse(bytes),
    };
    let (next, len) = match verdict {
        Verdict::Frame(view) => {
            let len = view.raw().len();
            (Next::Frame(view), len)
        }
        Verdict::NeedMore(more) => {
            let need = bytes.len().saturating_add(more);
            (Next::Cut(need), need)
        }
        Verdict::NotThisProtocol(error) | Verdict::Malformed(error) => {
            return Err(Loss::Bad(error));
        }
    };
    if len > max_frame {
        return Err(Loss::Large(len));
    }
    Ok(next)
}

/// The frame that some bytes are, all of them and no more.
pub(super) fn whole<C: Codec>(bytes: &[u8], sender: Peer, max_frame: usize) -> Option<C::View<'_>> {
    match next::<C>(bytes, sender, max_frame) {
        Ok(Next::Frame(view)) if view.raw().len() == bytes.len() => Some(view),
        _ => None,
    }
}
