//! The codec of rocketmq.

mod conformance;
mod encodings;
