//! Runs of values as the libraries of Java write them.

mod fastjson2;
mod hessian2;
