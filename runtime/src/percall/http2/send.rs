//! Header lists and bodies on their way out.

use super::connection::{AHEAD, Connection};
use super::frame::{Head, MAX_PAYLOAD, flag, kind};
use super::stream::{Body, Stream};
use crate::percall::hpack::Block;

impl Connection {
    /// Opens a stream to a server; `None` if [it takes none](Self::can_open).
    pub(in crate::percall) fn open(&mut self) -> Option<u32> {
        if !self.can_open() {
            return None;
        }
        let id = if self.last == 0 { 1 } else { self.last + 2 };
        self.last = id;
        let stream = Stream::new(self.allowed.window, self.new_window());
        self.streams.insert(id, stream);
        Some(id)
    }

    /// Sends a header list, and after it a body, if there is one: then the stream is done on this side.
    pub(in crate::percall) fn send(
        &mut self,
        id: u32,
        body: Option<Vec<u8>>,
        write: impl FnOnce(&mut Block<'_>),
    ) {
        let body = body.filter(|body| !body.is_empty());
        let Some(stream) = self.streams.get_mut(&id).filter(|stream| !stream.sent) else {
            return;
        };
        stream.sent = true;
        let is_last = body.is_none();
        if let Some(bytes) = body {
            self.unsent += bytes.len();
            stream.body = Some(Body { bytes, at: 0 });
            stream.queued = true;
            self.ready.push_back(id);
        }
        let mut block = Vec::new();
        write(&mut self.encoder.block(&mut block));
        self.write_block(id, is_last, &block);
        self.settle(id);
    }

    fn write_block(&mut self, stream: u32, is_last: bool, block: &[u8]) {
        let out = &mut self.out.bytes;
        let mut fragments = block.chunks(MAX_PAYLOAD).peekable();
        let mut kind = kind::HEADERS;
        let mut flags = if is_last { flag::END_STREAM } else { 0 };
        while let Some(fragment) = fragments.next() {
            if fragments.peek().is_none() {
                flags |= flag::END_HEADERS;
            }
            Head::write(out, fragment.len(), kind, flags, stream);
            out.extend_from_slice(fragment);
            (kind, flags) = (kind::CONTINUATION, 0);
        }
    }

    /// Writes bodies, a frame of each in turn, as far as the windows and the host allow.
    pub(in crate::percall) fn pump(&mut self) {
        while self.send > 0 && self.out.len() < AHEAD {
            let Some(id) = self.ready.pop_front() else {
                return;
            };
            let Some(stream) = self.streams.get_mut(&id) else {
                continue;
            };
            stream.queued = false;
            let Some(body) = stream.body.as_mut() else {
                continue;
            };
            let rest = body.bytes.get(body.at..).unwrap_or_default();
            let window = usize::try_from(self.send.min(stream.send)).unwrap_or(0);
            let len = rest.len().min(window).min(self.allowed.payload);
            if len == 0 {
                continue;
            }
            let is_last = len == rest.len();
            let flags = if is_last { flag::END_STREAM } else { 0 };
            Head::write(&mut self.out.bytes, len, kind::DATA, flags, id);
            let bytes = rest.get(..len).unwrap_or_default();
            self.out.bytes.extend_from_slice(bytes);
            body.at += len;
            self.unsent -= len;
            let len = i64::from(len as u32);
            self.send -= len;
            stream.send -= len;
            if is_last {
                stream.body = None;
                self.settle(id);
            } else if stream.send > 0 {
                stream.queued = true;
                self.ready.push_back(id);
            }
        }
    }
}
