//! XML of banks after eight digits of length, which MOSN's extensions call `xr`.
//!
//! The README of this folder draws the layout.

mod xml;

pub use xml::Service;

use meshwire::{
    AsciiDecimal, Bytes, Callee, Frame, Hijacker, HostStatus, Len, ProtocolContext, Unknown,
    protocol,
};

/// A request, or the answer to one: the document says which.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(size = 8)]
pub struct Message {
    #[frame(len_of = document..)]
    length: Len<AsciiDecimal<8>>,
    /// A document with the root element `Service`.
    #[frame(with = Service, kind, id, status, headers, body)]
    pub document: Bytes,
}

/// XML after eight digits.
#[protocol(
    name = "x-xml8",
    frames(Message),
    hijacker = custom,
    keep_alive = none,
    callee = custom
)]
pub struct Xml8;

impl Callee for Xml8 {
    /// `ServiceCode` of the header.
    const SERVICE: &'static [&'static str] = &["service"];
    const METHOD: &'static [&'static str] = &[];

    fn unknown(call: &Xml8View<'_>) -> Option<Unknown> {
        let Xml8View::Message(call) = call;
        Service::has_another_code(call.document()).then_some(Unknown::Callee("ServiceCode"))
    }
}

impl Hijacker for Xml8 {
    /// The document of the request as an answer.
    fn hijack(
        _: &ProtocolContext<'_, Self>,
        request: &Xml8View<'_>,
        reason: HostStatus,
    ) -> Option<Xml8Frame> {
        let Xml8View::Message(request) = request;
        let message = reason.text().unwrap_or("a filter's decision");
        let document = Service::answer(request.document(), return_code(reason), message)?;
        Some(Xml8Frame::Message(Message {
            // As a vector: to take one apart again, `Bytes` has more code than all of this.
            document: Bytes::from_owner(document),
            ..Message::default()
        }))
    }
}

/// The host's own number, as the `xr` codec answers it; but 0 is success to clients, and 2 and 3 are no
/// numbers that they know.
fn return_code(reason: HostStatus) -> i64 {
    match reason {
        HostStatus::OK => 0,
        HostStatus::CODEC_EXCEPTION | HostStatus::UNKNOWN | HostStatus::DESERIALIZE_EXCEPTION => {
            HostStatus::INTERNAL.0.into()
        }
        HostStatus(code) => code.into(),
    }
}
