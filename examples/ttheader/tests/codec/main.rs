//! The codec of ttheader.

mod answers;
mod conformance;
