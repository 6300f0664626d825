//! The codec of SMPP.

mod answers;
mod conformance;
