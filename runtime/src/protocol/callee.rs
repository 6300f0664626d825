//! The callee of a call.

use super::Protocol;
use crate::frame::View;

/// The callee of a call: rules, routes and metrics of a host use it.
///
/// A call names its service and its method in headers, under keys that `service(…)` and `method(…)` of
/// `#[protocol]` list. Where a server finds them elsewhere too, `callee = custom` leaves this trait to an
/// impl of your own, so that a host with rules does not let a call pass whose callee it cannot read.
pub trait Callee: Protocol {
    /// The headers that can name the service, first the one that a server uses if there are several.
    /// Empty if frames of this protocol name no service.
    ///
    /// Rules compare the values of all of them, routes and metrics take the first that is there.
    const SERVICE: &'static [&'static str] = &["service"];
    /// The same for the method.
    const METHOD: &'static [&'static str] = &["method"];

    /// What the headers of `call` do not say about its callee although a server may read it there: the
    /// body is in an unknown serialization, the method is an argument. `None` if the headers say all.
    ///
    /// By default these are names in JSON that lenient servers take for that of such a header, because they differ only in
    /// case or in `_` and `-`: see [`PayloadCodec::is_doubtful`](crate::command::PayloadCodec::is_doubtful).
    ///
    /// Called only for [calls](crate::MessageKind) whose headers can be read, and only by hosts that have rules.
    fn unknown(call: &Self::View<'_>) -> Option<Unknown> {
        let doubt = |names: &[&str]| names.iter().find_map(|name| call.doubt(name));
        match doubt(Self::SERVICE) {
            Some(part) => Some(Unknown::Callee(part)),
            None => doubt(Self::METHOD).map(Unknown::Method),
        }
    }
}

/// What is not known about the callee of a call. Each holds the part of the frame that cannot be read, in
/// a few words for the log, such as `serialization`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unknown {
    /// Neither the service nor the method: a server may read others than the headers have, if they have any.
    Callee(&'static str),
    /// The method: a server may call another one than the headers have. The service is known.
    Method(&'static str),
}
