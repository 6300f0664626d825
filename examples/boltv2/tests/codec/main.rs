//! The codec of boltv2.

mod conformance;
mod versions;
