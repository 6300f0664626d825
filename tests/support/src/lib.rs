//! What more than one gate of this repository needs.
//!
//! - `peers`: third-party clients and servers, as processes that a test directs
//! - `bolt`: a client and a server of bolt v1 written by hand, independent of meshwire
//! - `ports`, `limit`: free ports, and how long something may take
//! - `repository`, `page`: this repository, and the pages of docs/ that commands write

pub mod bolt;
pub mod limit;
pub mod page;
pub mod peers;
pub mod ports;
pub mod repository;
