//! Settings of both sides.

use super::connection::{Connection, Peer};
use super::frame::{DEFAULT_WINDOW, Head, MAX_PAYLOAD, MAX_WINDOW, kind, setting};
use super::{ErrorCode, Fault};

/// What the other side allows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowed {
    /// It has said so at least once.
    pub(super) known: bool,
    pub(super) window: i64,
    pub(super) payload: usize,
    pub(super) streams: usize,
}

impl Allowed {
    pub(super) const DEFAULT: Self = Self {
        known: false,
        window: DEFAULT_WINDOW,
        payload: MAX_PAYLOAD,
        streams: usize::MAX,
    };
}

impl Connection {
    /// Appends what is announced at the start.
    pub(super) fn announce(&mut self) {
        let local = self.local;
        let own = match self.peer {
            Peer::Client => (setting::MAX_CONCURRENT_STREAMS, local.streams),
            Peer::Server => (setting::ENABLE_PUSH, 0),
        };
        let settings = [
            (setting::HEADER_TABLE_SIZE, 0),
            own,
            (setting::INITIAL_WINDOW_SIZE, local.window),
            (setting::MAX_HEADER_LIST_SIZE, local.headers),
        ];
        let out = &mut self.out.bytes;
        Head::write(out, settings.len() * 6, kind::SETTINGS, 0, 0);
        for (name, value) in settings {
            out.extend_from_slice(&name.to_be_bytes());
            out.extend_from_slice(&value.to_be_bytes());
        }
    }

    /// The settings of the peer. Of several values of one setting the last one counts.
    pub(super) fn settings(&mut self, payload: &[u8]) -> Result<(), Fault> {
        const BAD: Fault = Fault::Connection(ErrorCode::PROTOCOL_ERROR);
        if payload.len() % 6 != 0 {
            return Err(Fault::Connection(ErrorCode::FRAME_SIZE_ERROR));
        }
        let mut allowed = self.allowed;
        allowed.known = true;
        for entry in payload.chunks_exact(6) {
            let (name, value) = entry.split_first_chunk().ok_or(BAD)?;
            let value = u32::from_be_bytes(value.try_into().map_err(|_| BAD)?);
            match u16::from_be_bytes(*name) {
                setting::ENABLE_PUSH if value > u32::from(self.peer == Peer::Client) => {
                    return Err(BAD);
                }
                setting::MAX_CONCURRENT_STREAMS => allowed.streams = value as usize,
                setting::INITIAL_WINDOW_SIZE if i64::from(value) > MAX_WINDOW => {
                    return Err(Fault::Connection(ErrorCode::FLOW_CONTROL_ERROR));
                }
                setting::INITIAL_WINDOW_SIZE => allowed.window = value.into(),
                setting::MAX_FRAME_SIZE if !(16_384..=0x00ff_ffff).contains(&value) => {
                    return Err(BAD);
                }
                // Larger frames would only delay those of other streams.
                setting::MAX_FRAME_SIZE => allowed.payload = MAX_PAYLOAD,
                _ => {}
            }
        }
        let change = allowed.window - self.allowed.window;
        self.allowed = allowed;
        self.change_windows(change)
    }

    fn change_windows(&mut self, change: i64) -> Result<(), Fault> {
        if change == 0 {
            return Ok(());
        }
        for (id, stream) in &mut self.streams {
            stream.send += change;
            if stream.send > MAX_WINDOW {
                return Err(Fault::Connection(ErrorCode::FLOW_CONTROL_ERROR));
            }
            if stream.send > 0 && stream.body.is_some() && !stream.queued {
                stream.queued = true;
                self.ready.push_back(*id);
            }
        }
        Ok(())
    }

    /// The peer knows what was announced.
    pub(super) fn acknowledged(&mut self) -> Result<(), Fault> {
        if self.is_acknowledged {
            return Err(Fault::Connection(ErrorCode::PROTOCOL_ERROR));
        }
        self.is_acknowledged = true;
        self.decoder.no_table();
        let change = i64::from(self.local.window) - DEFAULT_WINDOW;
        for stream in self.streams.values_mut() {
            stream.receive += change;
        }
        Ok(())
    }
}
