//! The codec of dubbo.

mod body;
mod callee;
mod conformance;
mod mesh;
