//! The codec of crpc.

mod answers;
mod conformance;
mod tags;
