//! The codec of thrift.

mod answers;
mod conformance;
