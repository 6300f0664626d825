//! Frames that are put together of their pieces.

pub(super) mod message;
pub(super) mod rewrite;
mod varints;
