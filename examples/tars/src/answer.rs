//! What a mesh answers itself, where a call comes to nothing.

use meshwire::{Bytes, Hijacker, HostStatus, ProtocolContext};

use crate::packet::refusal;
use crate::{Tars, TarsFrame, TarsPacket, TarsView};

impl Hijacker for Tars {
    /// The host's reason as the result code of tars and as a text, in the layout that the caller reads.
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        request: &TarsView<'_>,
        reason: HostStatus,
    ) -> Option<TarsFrame> {
        let TarsView::TarsPacket(request) = request;
        let text = match reason {
            HostStatus::OK => "",
            _ => reason.text().unwrap_or("answered by the mesh"),
        };
        let packet = context.ok(refusal(
            request.packet,
            result_code(reason),
            text.as_bytes(),
        ))?;
        Some(TarsFrame::TarsPacket(TarsPacket {
            // As a vector: to take one apart again, `Bytes` has more code than all of this.
            packet: Bytes::from_owner(packet),
            ..TarsPacket::default()
        }))
    }
}

/// The result code for a reason of the host, of those in `BaseF.tars`. MOSN's own codec has none: it never
/// answers.
const fn result_code(reason: HostStatus) -> i32 {
    match reason.0 {
        200 => 0,
        // Decode error of the server.
        0 | 3 => -1,
        // No such servant.
        404 => -4,
        // Time is up.
        504 => -7,
        // No connection.
        502 => -8,
        // Overload.
        503 | 509 => -9,
        _ => -99,
    }
}
