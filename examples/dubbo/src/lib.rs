//! dubbo 2.x over TCP: a header of 16 bytes, then a body in the serialization that its flag names.
//!
//! What routes match on lies in the body. [`Body`] reads it there if the body is hessian2, and lets
//! bodies of other serializations pass as they are.

mod body;
pub mod hessian;
mod refusal;

pub use body::Body;
pub use refusal::refusal;
