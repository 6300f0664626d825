//! The codec of xml8.

mod answers;
mod conformance;
mod references;
