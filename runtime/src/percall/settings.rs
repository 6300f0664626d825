//! What an operator can set, and what the connections of a module share.

use core::fmt;
use std::sync::Arc;

use super::Budget;
use super::callee::Keys;
use super::http2::Local;
use crate::frame::MAX_FRAME;
use crate::protocol::{Logger, Plugin, ProtocolContext};

/// The limits of every connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The largest frame, in bytes.
    pub max_frame: usize,
    /// Calls of a connection at a time, at most; an `Up` announces it. At least 1.
    pub max_calls: u32,
    /// Bytes of a frame that the HTTP/2 side may send before it is known how long the frame is, from 1 to 65,535. They
    /// should hold the part of a frame that says so: a frame that has to be given room twice is refused if there is none.
    pub window: u32,
    /// Bytes of longer frames that a connection collects at a time, or has collected and cannot write yet. A frame of
    /// `max_frame` bytes always has room.
    pub collected: usize,
    /// Bytes of frames that wait to be sent to the HTTP/2 side; no more is read from the other one meanwhile.
    pub queued: usize,
    /// Bytes of the headers of one call.
    pub max_headers: usize,
    /// Headers of a request, in lower case, that an `Up` writes into the frame if Envoy has added or changed them.
    pub merge: Vec<String>,
    /// Headers of a call that name its service, if not [those of the protocol](crate::Callee::SERVICE).
    pub service: Option<Vec<String>>,
    /// The same for its method.
    pub method: Option<Vec<String>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_frame: MAX_FRAME,
            max_calls: 1024,
            window: 16 * 1024,
            collected: MAX_FRAME,
            queued: 1 << 20,
            max_headers: 64 * 1024,
            merge: ["traceparent", "tracestate"].map(str::to_owned).into(),
            service: None,
            method: None,
        }
    }
}

impl Settings {
    /// Bytes that the HTTP/2 side can make a connection hold, whatever it sends and however slowly the other side
    /// reads: the window of the connection. By default 32 MiB.
    pub fn memory(&self) -> usize {
        let started = (self.max_calls as usize).saturating_mul(self.first_window());
        // What has left is announced in steps of 64 KiB.
        let sum = started
            .saturating_add(self.granted())
            .saturating_add(1 << 16);
        sum.clamp(1 << 17, 0x7fff_ffff)
    }

    pub(super) fn first_window(&self) -> usize {
        self.window.clamp(1, 65_535) as usize
    }

    /// Bytes of frames that are longer than the window.
    pub(super) fn granted(&self) -> usize {
        self.collected.max(self.max_frame)
    }

    /// What is announced to the HTTP/2 side of a protocol whose ids go up to `largest_id`.
    pub(super) fn local(&self, largest_id: u64) -> Local {
        let ids = u32::try_from(largest_id / 2).unwrap_or(u32::MAX);
        Local {
            streams: self.max_calls.min(ids).max(1),
            window: self.first_window() as u32,
            connection: self.memory() as u32,
            headers: u32::try_from(self.max_headers).unwrap_or(u32::MAX >> 1),
        }
    }
}

/// What the connections of a protocol share.
pub struct Module<P: Plugin> {
    pub(super) settings: Settings,
    pub(super) keys: Keys,
    pub(super) root: P::Root,
    pub(super) budget: Arc<Budget>,
}

impl<P: Plugin> fmt::Debug for Module<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut module = f.debug_struct("Module");
        module
            .field("settings", &self.settings)
            .field("budget", &self.budget);
        module.finish_non_exhaustive()
    }
}

impl<P: Plugin> Module<P> {
    /// Connections with these limits, which hold what `budget` has together.
    pub fn new(settings: Settings, root: P::Root, budget: Arc<Budget>) -> Arc<Self> {
        let keys = Keys::of::<P>(settings.service.as_deref(), settings.method.as_deref());
        Arc::new(Self {
            settings,
            keys,
            root,
            budget,
        })
    }

    pub(super) const fn context<'c>(&'c self, log: Logger<'c>) -> ProtocolContext<'c, P> {
        ProtocolContext {
            root: &self.root,
            log,
        }
    }
}
