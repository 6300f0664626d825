//! dubbo 2.x over TCP: a header of 16 bytes, then a body in the serialization that its flag names.

pub mod hessian;
