//! The codec of baidu-std.

mod conformance;
mod frames;
