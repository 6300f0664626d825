//! What an operator writes: the configurations of both hosts, and files of frames.
//!
//! Input: what it is, then its text.

#![no_main]

use bolt::Bolt;
use fuzz_targets::alloc::peak;
use libfuzzer_sys::{Corpus, fuzz_target};
use meshwire::envoy::Config;
use meshwire::mosn::{Adaptor, Buffer, Host};
use meshwire::protocol::{Level, Log};
use meshwire_testing::vectors::{Vector, from_hex, to_hex};

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((what, text)) = input.split_first() else {
        return Corpus::Reject;
    };
    match what {
        0 => mosn(text),
        1 => mosn(&encoded(text)),
        2 => envoy(text),
        3 => vector(text),
        _ => return Corpus::Reject,
    }
    Corpus::Keep
});

/// A heartbeat of bolt.
const HEARTBEAT: [u8; 22] = [
    1, 1, 0, 0, 1, 0, 0, 0, 7, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/// A host that has a configuration.
struct Configured<'c>(&'c [u8]);

impl Log for Configured<'_> {
    fn log(&self, _: Level, line: &str) {
        assert!(!line.is_empty());
    }
}

impl Host for Configured<'_> {
    fn buffer(&self, _: Buffer, len: usize) -> Option<Vec<u8>> {
        Some(self.0.get(..len).unwrap_or(self.0).to_vec())
    }

    fn set_buffer(&self, _: Buffer, _: &[u8]) -> bool {
        true
    }

    fn shared(&self, _: &[u8]) -> Option<(Vec<u8>, u32)> {
        None
    }

    fn set_shared(&self, _: &[u8], _: &[u8], _: u32) -> bool {
        true
    }
}

/// Refused or not, the plugin works: with what it was configured with, or with what it was before.
fn mosn(config: &[u8]) {
    let host = Configured(config);
    let mut adaptor = Adaptor::<Bolt>::new();
    adaptor.create(&host, 1, 0);
    let (statuses, memory) = peak(|| {
        [
            adaptor.start_vm(&host, 1, config.len()),
            adaptor.configure(&host, 1, config.len()),
        ]
    });
    assert!(
        statuses.iter().all(|status| matches!(status, 0 | 1)),
        "{statuses:?}"
    );
    is_small(memory, config);
    adaptor.create(&host, 2, 1);
    let status = adaptor.decode(&host, 2, HEARTBEAT.to_vec());
    assert!(
        status == 0 || statuses[1] == 1 && status == 4,
        "status {status}"
    );
}

/// A text of lines `key=value` as the host encodes a configuration.
fn encoded(text: &[u8]) -> Vec<u8> {
    let pairs: Vec<(&[u8], &[u8])> = text
        .split(|byte| *byte == b'\n')
        .filter_map(|line| {
            let at = line.iter().position(|byte| *byte == b'=')?;
            Some((&line[..at], &line[at + 1..]))
        })
        .collect();
    let word = |number: usize| (number as u32).to_le_bytes();
    let mut out = word(pairs.len()).to_vec();
    for (key, value) in &pairs {
        out.extend_from_slice(&word(key.len()));
        out.extend_from_slice(&word(value.len()));
    }
    for text in pairs.iter().flat_map(|(key, value)| [key, value]) {
        out.extend_from_slice(text);
        out.push(0);
    }
    out
}

/// A configuration is read, or refused with a reason and the key, if the text is an object at all.
fn envoy(json: &[u8]) {
    let (config, memory) = peak(|| Config::parse(json));
    is_small(memory, json);
    match config {
        Ok(config) => assert_eq!(Ok(config), Config::parse(json)),
        Err(refusal) => assert!(!refusal.reason.is_empty(), "{refusal}"),
    }
}

/// A file of frames is read, and its bytes written in hex are the same ones, or refused at one of its lines.
fn vector(text: &[u8]) {
    let Ok(text) = str::from_utf8(text) else {
        return;
    };
    let (vector, memory) = peak(|| Vector::parse("frames.hex", text));
    is_small(memory, text.as_bytes());
    match vector {
        Ok(vector) => {
            assert!(!vector.bytes.is_empty());
            assert_eq!(from_hex(&to_hex(&vector.bytes)), Ok(vector.bytes));
        }
        Err(error) => {
            assert!(error.line <= text.lines().count(), "{error}");
            assert!(!error.reason.is_empty(), "{error}");
        }
    }
}

/// JSON has a tree of values, and each value of an expectation has a place of its own.
fn is_small(memory: usize, text: &[u8]) {
    let len = text.len();
    assert!(
        memory <= 256 * len + 16 * 1024,
        "{memory} bytes of memory for {len} bytes"
    );
}
