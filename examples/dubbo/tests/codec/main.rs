//! The codec of dubbo.

mod body;
mod callee;
mod conformance;
mod fastjson2;
mod hessian;
mod mesh;
