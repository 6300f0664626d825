//! The impls of the traits of the runtime: what a declaration means.

pub(super) mod codes;
pub(super) mod command;
pub(super) mod entry;
pub(super) mod frame;
pub(super) mod protocol;
pub(super) mod record;
