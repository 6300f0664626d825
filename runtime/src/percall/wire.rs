//! The side of the protocol: bytes to frames.

use super::http2::Peer;
use super::input::Input;
use super::output::Output;
use crate::frame::View;
use crate::protocol::Codec;
use crate::protocol::front::{Next, next};

/// The bytes of the protocol's side, both ways.
#[derive(Debug, Default)]
pub(super) struct Wire {
    /// What has come and has not been passed on.
    pub(super) input: Input,
    /// Bytes of `input` before which the codec has nothing new to say.
    pub(super) need: usize,
    pub(super) out: Output,
}

/// The frame that some bytes are, all of them and no more.
pub(super) fn whole<C: Codec>(bytes: &[u8], sender: Peer, max_frame: usize) -> Option<C::View<'_>> {
    match next::<C>(bytes, sender == Peer::Server, max_frame) {
        Ok(Next::Frame(view)) if view.raw().len() == bytes.len() => Some(view),
        _ => None,
    }
}
