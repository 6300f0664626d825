//! The codec of Diameter.

mod answers;
mod conformance;
