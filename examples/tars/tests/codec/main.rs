//! The codec of tars.

mod conformance;
mod mesh;
mod packet;
