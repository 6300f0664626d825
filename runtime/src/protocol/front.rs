//! What is at the front of the bytes of a connection, for hosts that collect them until they are a frame.

use super::Codec;
use crate::frame::{Verdict, View};
use crate::wire::Error;

/// What is at the front of some bytes.
pub(crate) enum Next<V> {
    Frame(V),
    /// A frame that is not complete: the codec has more to say when there are so many bytes.
    Cut(usize),
}

/// Why no more frames come of a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// What comes next is not a frame of the protocol.
    Bad(Error),
    /// The next frame has at least this many bytes, more than are allowed.
    Large(usize),
}

/// The frame at the front of what a client has sent, or a server.
pub(crate) fn next<C: Codec>(
    bytes: &[u8],
    from_server: bool,
    max_frame: usize,
) -> Result<Next<C::View<'_>>, Loss> {
    let verdict = if from_server && C::BY_SIDE {
        C::parse_from_server(bytes)
    } else {
        C::parse(bytes)
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
