//! What went past a broker's front, read from its bytes, and what the filter says of it.

use std::collections::{BTreeMap, VecDeque};

use anyhow::{Context as _, Result, ensure};

use super::super::context::{EnvoyProcess, eventually};

/// An answered request: API, correlation id, bytes of both.
type Answered = (u16, u32, usize, usize);

/// Requests and answers of some connections.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    /// Requests by API.
    pub(super) requests: BTreeMap<u16, u64>,
    answered: Vec<Answered>,
}

impl Traffic {
    /// Reads what a relay has seen. A broker answers the requests of a connection in their order.
    ///
    /// # Errors
    /// If a stream ends in the middle of a frame, or an answer is not that to the next request.
    pub(super) fn read(streams: &[[Vec<u8>; 2]]) -> Result<Self> {
        let mut traffic = Self::default();
        for [asked, answers] in streams {
            let mut waiting = VecDeque::new();
            for request in frames(asked)? {
                let api = u16::from_be_bytes([request[4], request[5]]);
                *traffic.requests.entry(api).or_default() += 1;
                waiting.push_back((api, number(request, 8)?, request.len()));
            }
            for answer in frames(answers)? {
                let id = number(answer, 4)?;
                let (api, asked, size) = waiting.pop_front().context("an answer too many")?;
                ensure!(id == asked, "an answer to {id} instead of {asked}");
                traffic.answered.push((api, id, size, answer.len()));
            }
        }
        traffic.answered.sort_unstable();
        Ok(traffic)
    }

    /// Requests of an API.
    pub(super) fn count(&self, api: u16) -> u64 {
        self.requests.get(&api).copied().unwrap_or(0)
    }

    /// Holds the filter's counters and its log against this: each request is counted by its API, and each answer is
    /// that to its request.
    ///
    /// # Errors
    /// If they differ.
    pub(super) fn is_what_the_filter_saw(&self, host: &EnvoyProcess) -> Result<()> {
        for (api, count) in &self.requests {
            host.counts(&format!("call.{api}.none.requests"), *count)?;
        }
        host.counts("frames.request", self.requests.values().sum())?;
        host.counts("frames.response", self.answered.len() as u64)?;
        let mut logged = Vec::new();
        eventually("a line for each answer", || {
            logged = host.lines_with(" call service=");
            Ok(logged.len() >= self.answered.len())
        })?;
        let mut logged = logged
            .iter()
            .map(|line| entry(line))
            .collect::<Result<Vec<_>>>()?;
        logged.sort_unstable();
        ensure!(
            logged == self.answered,
            "the filter has paired {logged:?}, the bytes say {:?}",
            self.answered
        );
        host.counts_none_of(&["bad_frames", "large_frames", "unmatched", "forgotten"])
    }
}

/// A line of the filter's log.
fn entry(line: &str) -> Result<Answered> {
    let value = |key: &str| -> Result<usize> {
        let words = line.split_ascii_whitespace();
        let mut values = words.filter_map(|word| word.strip_prefix(key)?.strip_prefix('='));
        let value = values
            .next()
            .with_context(|| format!("no `{key}` in {line}"))?;
        Ok(value.parse()?)
    };
    Ok((
        value("service")?.try_into()?,
        value("id")?.try_into()?,
        value("request")?,
        value("response")?,
    ))
}

/// The frames of a stream, each with its size in front.
fn frames(mut stream: &[u8]) -> Result<Vec<&[u8]>> {
    let mut frames = Vec::new();
    while !stream.is_empty() {
        let size = number(stream, 0)? as usize;
        let frame = stream.split_at_checked(4 + size);
        let (frame, rest) = frame.context("a stream ends in the middle of a frame")?;
        frames.push(frame);
        stream = rest;
    }
    Ok(frames)
}

/// The big-endian integer of four bytes there.
fn number(bytes: &[u8], at: usize) -> Result<u32> {
    let bytes = bytes.get(at..).and_then(|rest| rest.first_chunk());
    Ok(u32::from_be_bytes(
        *bytes.context("four bytes are missing")?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `ApiVersions` v0 of the client `shop`, and an answer without APIs, by hand from the protocol guide.
    const ASK: &[u8] = b"\0\0\0\x0e\0\x12\0\0\0\0\0\x02\0\x04shop";
    const ANSWER: &[u8] = b"\0\0\0\x0a\0\0\0\x02\0\0\0\0\0\0";

    #[test]
    fn answers_are_paired_with_requests() {
        let traffic = Traffic::read(&[[[ASK, ASK].concat(), ANSWER.to_vec()]]).unwrap();
        assert_eq!((traffic.count(18), traffic.count(0)), (2, 0));
        assert_eq!(traffic.answered, [(18, 2, 18, 14)]);
        let line = "call service=18 method=none id=2 request=18 response=14 status=0 latency_us=9";
        assert_eq!(entry(line).unwrap(), traffic.answered[0]);
    }

    #[test]
    fn what_is_no_pair_is_an_error() {
        let mut other = ANSWER.to_vec();
        other[7] = 3;
        for streams in [
            [ASK.to_vec(), other],
            [Vec::new(), ANSWER.to_vec()],
            [ASK[..17].to_vec(), Vec::new()],
        ] {
            assert!(Traffic::read(&[streams]).is_err());
        }
    }
}
