//! A native model of the host.
