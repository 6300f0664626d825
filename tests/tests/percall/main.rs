//! Calls as HTTP/2 streams: both engines joined, each of them with another implementation of HTTP/2, and with peers that
//! send anything.

mod hostile;
mod joined;
mod limits;
mod local;
mod model;
mod peer;
mod raw;
mod support;
