//! The codec of memcached.

mod commands;
mod conformance;
