//! Bytes to frames: detect them, find where they end, and look at them in place.

pub(super) mod detect;
pub(super) mod head;
pub(super) mod scan;
pub(super) mod view;
