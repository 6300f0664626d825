//! Frames that come, one after the other.

use super::connection::{Connection, Peer};
use super::frame::{DEFAULT_WINDOW, HEAD, Head, MAX_PAYLOAD, MAX_WINDOW, PREFACE, flag, kind};
use super::stream::Stream;
use super::{ErrorCode, Event, Fault};

/// Everything but the first frame that must be of one kind.
const PROTOCOL: Fault = Fault::Connection(ErrorCode::PROTOCOL_ERROR);
const SIZE: Fault = Fault::Connection(ErrorCode::FRAME_SIZE_ERROR);
const FLOW: Fault = Fault::Connection(ErrorCode::FLOW_CONTROL_ERROR);

impl Connection {
    /// The next event in `input`, from `at` on, which is moved behind what has been read; `None` if more bytes are
    /// needed.
    pub(in crate::percall) fn next<'i>(
        &mut self,
        input: &'i [u8],
        at: &mut usize,
    ) -> Option<Event<'i>> {
        while !self.is_over {
            let rest = input.get(*at..).unwrap_or_default();
            let read = self.read(rest);
            let (len, event) = match read {
                Ok(None) => return None,
                Ok(Some((len, event))) => (len, event),
                Err(Fault::Stream(stream, code)) => {
                    let len = Head::read(rest).map_or(0, |head| HEAD + head.len);
                    self.reset(stream, code);
                    (len, Some(Event::Reset { stream, code }))
                }
                Err(Fault::Connection(code)) => {
                    *at = input.len();
                    self.fail(code);
                    return Some(Event::Failed(code));
                }
            };
            *at += len;
            if event.is_some() {
                return event;
            }
        }
        *at = input.len();
        None
    }

    /// Reads the preface or a frame: how many bytes that is, and what it says to the owner.
    fn read<'i>(&mut self, input: &'i [u8]) -> Result<Option<(usize, Option<Event<'i>>)>, Fault> {
        if self.peer == Peer::Client && self.preface < PREFACE.len() {
            let wanted = PREFACE.get(self.preface..).unwrap_or_default();
            let len = wanted.len().min(input.len());
            if input.get(..len) != wanted.get(..len) {
                return Err(PROTOCOL);
            }
            self.preface += len;
            return Ok((len > 0).then_some((len, None)));
        }
        let Some(head) = Head::read(input) else {
            return Ok(None);
        };
        if head.len > MAX_PAYLOAD {
            return Err(SIZE);
        }
        if !self.allowed.known && (head.kind != kind::SETTINGS || head.has(flag::ACK)) {
            return Err(PROTOCOL);
        }
        let Some(payload) = input.get(HEAD..HEAD + head.len) else {
            return Ok(None);
        };
        let event = self.frame(head, payload)?;
        if self.is_flooded() {
            return Err(Fault::Connection(ErrorCode::ENHANCE_YOUR_CALM));
        }
        Ok(Some((HEAD + head.len, event)))
    }

    fn frame<'i>(&mut self, head: Head, payload: &'i [u8]) -> Result<Option<Event<'i>>, Fault> {
        let continues = self.block.as_ref().map(|(stream, ..)| *stream);
        if continues.is_some_and(|stream| head.kind != kind::CONTINUATION || head.stream != stream)
        {
            return Err(PROTOCOL);
        }
        let of_stream = matches!(
            head.kind,
            kind::DATA | kind::HEADERS | kind::PRIORITY | kind::RST_STREAM | kind::CONTINUATION
        );
        let of_connection = matches!(head.kind, kind::SETTINGS | kind::PING | kind::GOAWAY);
        if (of_stream && head.stream == 0) || (of_connection && head.stream != 0) {
            return Err(PROTOCOL);
        }
        match head.kind {
            kind::DATA => self.data(head, payload),
            kind::HEADERS => self.headers(head, payload),
            kind::CONTINUATION => self.continuation(head, payload),
            kind::PRIORITY if payload.len() != 5 => {
                Err(Fault::Stream(head.stream, ErrorCode::FRAME_SIZE_ERROR))
            }
            kind::RST_STREAM => self.reset_by_peer(head, payload),
            kind::SETTINGS => self.settings_frame(head, payload).map(|()| None),
            kind::PING => self.ping(head, payload).map(|()| None),
            kind::GOAWAY => self.going_away(payload),
            kind::WINDOW_UPDATE => self.window_update(head, payload).map(|()| None),
            // No peer was allowed to.
            kind::PUSH_PROMISE => Err(PROTOCOL),
            _ => Ok(None),
        }
    }

    /// Whether a stream has not been opened: frames must not be about it.
    const fn is_idle(&self, stream: u32) -> bool {
        stream > self.last || stream % 2 == 0
    }

    /// Bytes of a new stream that the peer may send: it may not have read what was announced.
    pub(super) fn new_window(&self) -> i64 {
        if self.is_acknowledged {
            self.local.window.into()
        } else {
            DEFAULT_WINDOW
        }
    }

    fn data<'i>(&mut self, head: Head, payload: &'i [u8]) -> Result<Option<Event<'i>>, Fault> {
        let bytes = head.content(payload, false)?;
        if self.is_idle(head.stream) {
            return Err(PROTOCOL);
        }
        let len = i64::from(payload.len() as u32);
        self.receive -= len;
        if self.receive < 0 {
            return Err(FLOW);
        }
        let end = head.has(flag::END_STREAM);
        let fault = match self.streams.get_mut(&head.stream) {
            None => {
                // It was reset, and the peer did not know.
                self.release(payload.len());
                return Ok(None);
            }
            Some(stream) if stream.received => Some(ErrorCode::STREAM_CLOSED),
            Some(stream) if !stream.has_headers => Some(ErrorCode::PROTOCOL_ERROR),
            Some(stream) if stream.receive < len => Some(ErrorCode::FLOW_CONTROL_ERROR),
            Some(stream) => {
                stream.receive -= len;
                stream.received = end;
                None
            }
        };
        if let Some(code) = fault {
            self.release(payload.len());
            return Err(Fault::Stream(head.stream, code));
        }
        let padding = payload.len() - bytes.len();
        if padding > 0 {
            self.release(padding);
            self.grant(head.stream, padding);
        }
        self.settle(head.stream);
        Ok(Some(Event::Data {
            stream: head.stream,
            bytes,
            end,
        }))
    }

    fn headers<'i>(&mut self, head: Head, payload: &[u8]) -> Result<Option<Event<'i>>, Fault> {
        let fragment = head.content(payload, true)?;
        if self.peer == Peer::Server && self.is_idle(head.stream) {
            return Err(PROTOCOL);
        }
        let is_last = head.has(flag::END_STREAM);
        if head.has(flag::END_HEADERS) {
            return self.block(head.stream, is_last, fragment);
        }
        self.block = Some((head.stream, is_last, fragment.to_vec()));
        Ok(None)
    }

    fn continuation<'i>(&mut self, head: Head, payload: &[u8]) -> Result<Option<Event<'i>>, Fault> {
        let Some((stream, is_last, mut block)) = self.block.take() else {
            return Err(PROTOCOL);
        };
        block.extend_from_slice(payload);
        // Twice the list, for one that is not compressed is longer than its text.
        if block.len() > 2 * self.local.headers as usize {
            return Err(Fault::Connection(ErrorCode::ENHANCE_YOUR_CALM));
        }
        if head.has(flag::END_HEADERS) {
            return self.block(stream, is_last, &block);
        }
        // A frame without bytes would make no progress towards the bound.
        if payload.is_empty() {
            return Err(Fault::Connection(ErrorCode::ENHANCE_YOUR_CALM));
        }
        self.block = Some((stream, is_last, block));
        Ok(None)
    }

    /// A header list that is complete.
    fn block<'i>(&mut self, id: u32, end: bool, block: &[u8]) -> Result<Option<Event<'i>>, Fault> {
        let max = self.local.headers as usize;
        let decoded = self.decoder.decode(block, max, &mut self.fields);
        decoded.map_err(|_| Fault::Connection(ErrorCode::COMPRESSION_ERROR))?;
        if self.peer == Peer::Client && id > self.last {
            self.opened(id)?;
        }
        let Some(stream) = self.streams.get_mut(&id) else {
            return Ok(None);
        };
        if stream.received {
            return Err(Fault::Stream(id, ErrorCode::STREAM_CLOSED));
        }
        let trailers = stream.has_headers;
        if !self.is_message(trailers, end) {
            return Err(Fault::Stream(id, ErrorCode::PROTOCOL_ERROR));
        }
        // Those of an informational answer come before those of the answer.
        let informs = !trailers
            && self.peer == Peer::Server
            && self
                .fields
                .get(":status")
                .is_some_and(|status| status.starts_with(b"1"));
        if informs {
            return if end {
                Err(Fault::Stream(id, ErrorCode::PROTOCOL_ERROR))
            } else {
                Ok(None)
            };
        }
        let size = self.fields.size();
        if let Some(stream) = self.streams.get_mut(&id) {
            stream.has_headers = true;
            stream.received = end;
        }
        if size > max {
            return Err(Fault::Stream(id, ErrorCode::ENHANCE_YOUR_CALM));
        }
        self.settle(id);
        Ok(Some(Event::Headers { stream: id, end }))
    }

    /// A client has opened a stream.
    fn opened(&mut self, id: u32) -> Result<(), Fault> {
        if id % 2 == 0 {
            return Err(PROTOCOL);
        }
        self.last = id;
        let stream = Stream::new(self.allowed.window, self.new_window());
        self.streams.insert(id, stream);
        // It may not know yet that no more are accepted.
        if self.going.is_some() || self.streams.len() > self.local.streams as usize {
            return Err(Fault::Stream(id, ErrorCode::REFUSED_STREAM));
        }
        Ok(())
    }

    /// Whether the fields are those of a message, or after its body.
    fn is_message(&self, trailers: bool, end: bool) -> bool {
        let fields = &self.fields;
        let has = |name| fields.get(name).is_some();
        if fields.size() > self.local.headers as usize {
            // They are not all there, and the stream ends for that.
            return true;
        }
        match self.peer {
            _ if trailers => end && fields.are_valid(&[]),
            Peer::Client => {
                fields.are_valid(&[":method", ":scheme", ":path", ":authority"])
                    && has(":method")
                    && has(":scheme")
                    && has(":path")
            }
            Peer::Server => {
                let status = fields.get(":status").unwrap_or_default();
                let is_number = status.len() == 3 && status.iter().all(u8::is_ascii_digit);
                fields.are_valid(&[":status"]) && is_number
            }
        }
    }

    fn reset_by_peer<'i>(
        &mut self,
        head: Head,
        payload: &[u8],
    ) -> Result<Option<Event<'i>>, Fault> {
        let code = ErrorCode(Head::word(payload)?);
        if self.is_idle(head.stream) {
            return Err(PROTOCOL);
        }
        let stream = head.stream;
        Ok(self.forget(stream).then_some(Event::Reset { stream, code }))
    }

    fn settings_frame(&mut self, head: Head, payload: &[u8]) -> Result<(), Fault> {
        if head.has(flag::ACK) {
            return if payload.is_empty() {
                self.acknowledged()
            } else {
                Err(SIZE)
            };
        }
        self.settings(payload)?;
        Head::write(&mut self.out.bytes, 0, kind::SETTINGS, flag::ACK, 0);
        Ok(())
    }

    fn ping(&mut self, head: Head, payload: &[u8]) -> Result<(), Fault> {
        if payload.len() != 8 {
            return Err(SIZE);
        }
        if !head.has(flag::ACK) {
            Head::write(&mut self.out.bytes, 8, kind::PING, flag::ACK, 0);
            self.out.bytes.extend_from_slice(payload);
        }
        Ok(())
    }

    fn going_away<'i>(&mut self, payload: &[u8]) -> Result<Option<Event<'i>>, Fault> {
        let last = payload.first_chunk().copied().map(u32::from_be_bytes);
        let last = last.filter(|_| payload.len() >= 8).ok_or(SIZE)? & 0x7fff_ffff;
        if self.peer == Peer::Client {
            // Nothing is pushed to it.
            return Ok(None);
        }
        // It may be less than before, not more.
        let last = self.going.map_or(last, |before| before.min(last));
        self.going = Some(last);
        Ok(Some(Event::GoAway { last }))
    }

    fn window_update(&mut self, head: Head, payload: &[u8]) -> Result<(), Fault> {
        let more = i64::from(Head::word(payload)? & 0x7fff_ffff);
        if head.stream == 0 {
            self.send += more;
            return match () {
                () if more == 0 => Err(PROTOCOL),
                () if self.send > MAX_WINDOW => Err(FLOW),
                () => Ok(()),
            };
        }
        if self.is_idle(head.stream) {
            return Err(PROTOCOL);
        }
        let Some(stream) = self.streams.get_mut(&head.stream) else {
            return Ok(());
        };
        stream.send += more;
        if more == 0 {
            return Err(Fault::Stream(head.stream, ErrorCode::PROTOCOL_ERROR));
        }
        if stream.send > MAX_WINDOW {
            return Err(Fault::Stream(head.stream, ErrorCode::FLOW_CONTROL_ERROR));
        }
        if stream.send > 0 && stream.body.is_some() && !stream.queued {
            stream.queued = true;
            self.ready.push_back(head.stream);
        }
        Ok(())
    }
}
