//! Bytes that are not a frame of any protocol.

use meshwire::Bytes;

use super::answer::ask;
use super::host::Judge;
use super::random::Random;
use super::samples::{each, positions, samples};
use meshwire::protocol::Plugin;

/// Random inputs that are tried.
const RANDOM: usize = 3000;

/// Every frame with any one of its bits flipped gets the same answer from the view, the owned frame and the
/// host, and that answer fits the bytes; nothing panics.
///
/// # Panics
/// If one does not.
pub fn flipped_bits_are_survived<P: Plugin>(dir: &str) {
    let mut judge = Judge::new::<P>();
    each::<P>(dir, |sample| {
        for at in positions(sample.bytes.len()) {
            for bit in 0..8 {
                let mut bytes = sample.bytes.to_vec();
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
                let bytes = Bytes::from(bytes);
                let what = |what| format!("bit {bit} of byte {at} flipped: {what}");
                let answer = ask::<P>(&bytes).map_err(what)?;
                judge.agrees(&bytes, answer).map_err(what)?;
            }
        }
        Ok(())
    });
}

/// Random bytes, and frames with random damage, get an answer that fits the bytes; nothing panics. The
/// bytes are the same in every run.
///
/// # Panics
/// If one does not.
pub fn random_bytes_are_survived<P: Plugin>(dir: &str) {
    let samples = samples::<P>(dir);
    let mut judge = Judge::new::<P>();
    let mut random = Random::new(0);
    for _ in 0..RANDOM {
        let len = random.below(200);
        let mut bytes: Vec<u8> = (0..len).map(|_| random.byte()).collect();
        if random.below(4) > 0 {
            // The front of a frame, so that the random bytes get past the recognition.
            let sample = &samples[random.below(samples.len())];
            let kept = random.below(sample.fields.layout.fixed + 8);
            let front = sample.bytes.get(..kept).unwrap_or(&sample.bytes);
            bytes.splice(..0, front.iter().copied());
        }
        let bytes = Bytes::from(bytes);
        let answer = ask::<P>(&bytes).unwrap_or_else(|what| panic!("{what}"));
        let agreed = judge.agrees(&bytes, answer);
        agreed.unwrap_or_else(|what| panic!("{what}"));
    }
    each::<P>(dir, |sample| {
        for _ in 0..RANDOM / samples.len() {
            let mut bytes = sample.bytes.to_vec();
            for _ in 0..=random.below(4) {
                let at = random.below(bytes.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = random.byte();
                }
            }
            let bytes = Bytes::from(bytes);
            let answer = ask::<P>(&bytes)?;
            judge.agrees(&bytes, answer)?;
        }
        Ok(())
    });
}
