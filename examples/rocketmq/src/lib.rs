//! The remoting protocol of RocketMQ.

mod json;

pub use json::JsonHeader;
