//! Who a call is for, as a provider reads it.

use meshwire::record::values::Serialization;
use meshwire::{Callee, Command, HeaderMap, Unknown};

use crate::{Body, Dubbo, DubboRequestView, DubboView, Head};

/// Methods by which a caller has one called that is their first argument (`GenericFilter` of Dubbo).
const GENERIC: [&[u8]; 2] = [b"$invoke", b"$invokeAsync"];

impl Callee for Dubbo {
    /// A provider puts the attachments over what it has read before them (`DecodeableRpcInvocation`), and
    /// takes the service that its `path` says then (`DubboProtocol.getInvoker`).
    const SERVICE: &'static [&'static str] = &["path", "service", "interface"];
    const METHOD: &'static [&'static str] = &["method"];

    fn unknown(call: &DubboView<'_>) -> Option<Unknown> {
        let DubboView::DubboRequest(call) = call else {
            return None;
        };
        if Serialization::of(call.serialization()).is_none() {
            return Some(Unknown::Callee("serialization"));
        }
        let Some(headers) = headers_if_whole(call).filter(names_are_texts) else {
            return Some(Unknown::Callee("body"));
        };
        let is_generic = headers.get("method").is_some_and(|method| {
            let method = method.trim_ascii();
            GENERIC.contains(&method)
        });
        is_generic.then_some(Unknown::Method("argument"))
    }
}

/// The headers of a call, if all has been read that a provider decides by.
fn headers_if_whole(call: &DubboRequestView<'_>) -> Option<HeaderMap> {
    let head = Head {
        request: call.request(),
        event: call.event(),
        serialization: call.serialization(),
    };
    if !Body::is_whole(call.body(), head) {
        return None;
    }
    call.header_map().ok()
}

/// Whether the keys, and the names of the callee, are as a provider reads them: Java makes of two or three bytes the
/// character that others write in one (`Hessian2Input.parseUTF8Char`), where UTF-8 has no such form.
fn names_are_texts(headers: &HeaderMap) -> bool {
    let is_text = |bytes: &[u8]| str::from_utf8(bytes).is_ok();
    let is_name = |key: &[u8]| {
        let mut names = Dubbo::SERVICE.iter().chain(Dubbo::METHOD);
        names.any(|name| name.as_bytes() == key)
    };
    headers
        .iter()
        .all(|(key, value)| is_text(key) && (!is_name(key) || is_text(value)))
}
