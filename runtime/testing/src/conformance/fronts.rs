//! The same frames, by their fronts: what a host learns that keeps the bytes itself.

mod host;

use meshwire::mosn::{Reply, Why};

use self::host::Answer;
pub use self::host::Fronts;
use super::answer::ask;
use super::describe::ensure;
use super::host::{decode, start};
use super::samples::{Sample, bad, each, each_of, positions, view};
use crate::emulator::{MosnHost, NativeGuest};
use meshwire::Bytes;
use meshwire::command::{Command, MessageKind};
use meshwire::protocol::Plugin;

/// The front of every frame has the metadata that MOSN decodes from the whole, however many of its bytes are there.
/// Another id is written by changing no bytes but those of the places that the answer lists; and the front that is
/// written again with another id, other headers and another length of the body is that of the whole frame which is
/// written so. What MOSN refuses is no frame by its front either. Frames of which the front does not say enough are
/// left to MOSN.
///
/// # Panics
/// If that is not so.
pub fn fronts_agree_with_whole_frames<P: Plugin>(dir: &str) {
    let Some(mut fronts) = Fronts::<P>::new() else {
        return;
    };
    let mut emulator = start::<P>();
    each::<P>(dir, |sample| {
        let answer = fronts.of_sample(&mut emulator, sample)?;
        if let Some(answer) = answer {
            fronts.writes(&sample.bytes, &answer)?;
        }
        fronts.of_damaged(sample)
    });
    each_of(
        &bad(dir),
        |vector| vector.name(),
        |vector| {
            for len in 0..=vector.bytes.len() {
                let bytes = vector.bytes.get(..len).unwrap_or_default();
                fronts.agree(bytes, &ask::<P>(&Bytes::copy_from_slice(bytes))?)?;
            }
            Ok(())
        },
    );
}

impl<P: Plugin> Fronts<P> {
    /// The answer to all of a frame, if there is one, and the same to less of it.
    fn of_sample(
        &mut self,
        emulator: &mut MosnHost<NativeGuest>,
        sample: &Sample,
    ) -> Result<Option<Answer>, String> {
        let (_, classic) = decode(emulator, &sample.bytes)?;
        let kind = view::<P>(&sample.bytes)?.kind();
        let (len, mut last) = (sample.bytes.len(), None);
        for there in positions(len).chain([len]) {
            let front = sample.bytes.get(..there).unwrap_or_default();
            let (reply, answer) = self.ask(front)?;
            let what = |what: String| format!("{there} of {len} bytes: {what}");
            match (reply, &answer) {
                (Reply::Frame, Some(answer)) => answer.is(&classic).map_err(what)?,
                (Reply::More(needed), _) => ensure(there < needed && needed <= len, || {
                    what(format!("{needed} are needed"))
                })?,
                (Reply::Classic(Why::Kind, _), _) => {
                    let ordinary = matches!(kind, MessageKind::Request | MessageKind::Response);
                    ensure(!ordinary || view::<P>(&sample.bytes)?.is_verbatim(), || {
                        what("an ordinary call is left to MOSN".to_owned())
                    })?;
                }
                (Reply::Classic(why, needed), _) => {
                    let fits = needed <= len && why != Why::Malformed;
                    ensure(fits, || what(format!("{why:?}, {needed} are needed")))?;
                }
                (Reply::Frame, None) => {}
            }
            last = answer;
        }
        let mut more = sample.bytes.to_vec();
        more.extend_from_slice(&[0xff; 40]);
        let known = last.as_ref().is_none_or(|answer| !answer.is_partial());
        ensure(known, || "the whole has no headers".to_owned())?;
        let (_, after) = self.ask(&more)?;
        ensure(after == last, || "it changes what follows".to_owned())?;
        Ok(last)
    }

    /// Frames with a bit flipped.
    fn of_damaged(&mut self, sample: &Sample) -> Result<(), String> {
        for at in positions(sample.bytes.len()) {
            for bit in 0..8 {
                let mut bytes = sample.bytes.to_vec();
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
                let bytes = Bytes::from(bytes);
                let agreed = ask::<P>(&bytes).and_then(|whole| self.agree(&bytes, &whole));
                agreed.map_err(|what| format!("bit {bit} of byte {at} flipped: {what}"))?;
            }
        }
        Ok(())
    }
}
