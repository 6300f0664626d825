//! The bridge from HTTP to TCP: for clusters whose connections Envoy encrypts, one for each call under way.
//!
//! Envoy takes the connection out of its pool for one request and puts it back after the answer.

use core::cell::RefCell;
use core::fmt;

use super::config::Shared;
use crate::percall::{Exchange, MARKER, Step};
use crate::protocol::{Level, Log, Plugin};

/// The host's side of the bridge.
pub trait Host: Log {
    /// The same host, as its log.
    fn as_log(&self) -> &dyn Log;

    /// The value of a header of the request; the first one if there are several.
    fn header(&self, name: &str) -> Option<Vec<u8>>;

    /// Shows all bytes of the request that are there now.
    fn request(&self, see: &mut dyn FnMut(&[u8]));

    /// Shows all bytes of the server that are there now.
    fn response(&self, see: &mut dyn FnMut(&[u8]));

    /// Sends bytes to the server.
    fn send(&self, bytes: &[u8]);

    /// Answers the request. The host may give the bridge up before this returns.
    fn reply(&self, status: u32, headers: &[(&str, &str)], body: &[u8]);
}

/// One request.
pub struct Bridge<P: Plugin>(RefCell<Exchange<P>>);

impl<P: Plugin> fmt::Debug for Bridge<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bridge").field(&self.0).finish()
    }
}

impl<P: Plugin> Bridge<P> {
    /// A request of which nothing has come.
    pub fn new(module: Shared<P>) -> Self {
        Self(RefCell::new(Exchange::new(module)))
    }

    /// The headers of the request are there; `end` if it has no body.
    pub fn headers(&self, host: &dyn Host, end: bool) {
        match self.0.try_borrow_mut() {
            Ok(mut exchange) => exchange.headers(&|name| host.header(name)),
            Err(_) => return entered(host),
        }
        if end {
            self.ask(host, &[], true);
        }
    }

    /// A part of the body is there; `end` if it is the last one.
    pub fn data(&self, host: &dyn Host, end: bool) {
        let mut bytes = Vec::new();
        host.request(&mut |chunk| bytes.extend_from_slice(chunk));
        self.ask(host, &bytes, end);
    }

    /// The body ends with trailers.
    pub fn trailers(&self, host: &dyn Host) {
        self.ask(host, &[], true);
    }

    /// The server has sent something.
    pub fn response(&self, host: &dyn Host) {
        let mut bytes = Vec::new();
        host.response(&mut |chunk| bytes.extend_from_slice(chunk));
        let Ok(mut exchange) = self.0.try_borrow_mut() else {
            return entered(host);
        };
        let step = exchange.answer(&bytes, host.as_log());
        drop(exchange);
        carry_out::<P>(host, &step);
    }

    fn ask(&self, host: &dyn Host, bytes: &[u8], end: bool) {
        let Ok(mut exchange) = self.0.try_borrow_mut() else {
            return entered(host);
        };
        let step = exchange.request(bytes, end, host.as_log());
        drop(exchange);
        carry_out::<P>(host, &step);
    }
}

/// The host has called from within a call that does not expect it.
fn entered(host: &dyn Host) {
    host.log(
        Level::Error,
        "the host has called while its call is at work",
    );
}

fn carry_out<P: Plugin>(host: &dyn Host, step: &Step) {
    if !step.wire.is_empty() {
        host.send(&step.wire);
    }
    let Some(reply) = &step.reply else {
        return;
    };
    let status = reply.status.parse().unwrap_or(500);
    let marker = [(MARKER, P::NAME)];
    let headers = if reply.is_frame { &marker[..] } else { &[] };
    host.reply(status, headers, &reply.body);
}

#[cfg(test)]
mod tests;
