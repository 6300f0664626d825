//! XML of banks behind eight digits of length, which MOSN's extensions call `xr`.

mod xml;

pub use xml::Service;

use meshwire::wire::Digits;
use meshwire::{Bytes, Frame, Len, protocol};

/// A request, or the answer to one: the document says which.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(size = 8)]
pub struct Message {
    #[frame(len_of = document..)]
    length: Len<Digits<8>>,
    /// A document with the root element `Service`.
    #[frame(with = Service, kind, id, timeout, status, headers, body)]
    pub document: Bytes,
}

/// XML behind eight digits.
#[protocol(
    name = "x-xml8",
    frames(Message),
    status(200 => 0, _ => 1),
    keep_alive = none
)]
pub struct Xml8;
