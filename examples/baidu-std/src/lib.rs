//! `baidu_std`, the protocol of Apache brpc.

mod meta;
mod protobuf;

pub use meta::Meta;
