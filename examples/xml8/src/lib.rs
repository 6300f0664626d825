//! XML of banks after eight digits of length, which MOSN's extensions call `xr`.
//!
//! The README of this folder draws the layout.

mod document;

pub use document::{Header, Response, Service};

use meshwire::record::xml;
use meshwire::{AsciiDecimal, Bytes, Callee, Frame, Len, Unknown, protocol};

/// A request, or the answer to one: the document says which.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(size = 8)]
pub struct Message {
    #[frame(len_of = document..)]
    length: Len<AsciiDecimal<8>>,
    /// A document with the root element `Service`.
    #[frame(with = Service, kind, id, status, headers, body, reason)]
    pub document: Bytes,
}

/// XML after eight digits. An answer of the mesh has the host's own number, as the `xr` codec answers it; but 0 is
/// success to clients, and 2 and 3 are no numbers that they know.
#[protocol(
    name = "x-xml8",
    frames(Message),
    keep_alive = none,
    callee = custom,
    status(200 => 0, 0 => 500, 2 => 500, 3 => 500, _ => same)
)]
pub struct Xml8;

impl Callee for Xml8 {
    /// `ServiceCode` of the header.
    const SERVICE: &'static [&'static str] = &["service"];
    const METHOD: &'static [&'static str] = &[];

    /// A server that resolves name spaces would take another element for the service code.
    fn unknown(call: &Xml8View<'_>) -> Option<Unknown> {
        let Xml8View::Message(call) = call;
        let path = ["Service", "Header", "ServiceCode"];
        let prefixed = xml::has_prefixed_name(call.document(), &path);
        prefixed.then_some(Unknown::Callee("ServiceCode"))
    }
}
