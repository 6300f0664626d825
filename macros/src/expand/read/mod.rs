//! Bytes to frames: recognise them, find where they end, and look at them in place.

pub(super) mod recognise;
pub(super) mod scan;
pub(super) mod view;
