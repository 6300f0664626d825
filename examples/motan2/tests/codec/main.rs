//! The codec of motan2.

mod answers;
mod conformance;
