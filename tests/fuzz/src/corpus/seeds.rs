//! Seeds: the vectors of the examples in the form of each target's inputs.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::bytes;
use crate::build::repository;
use crate::targets::Target;

/// The folders of the examples, in the order of the numbers that protocols have in inputs.
const PROTOCOLS: [&str; 19] = [
    "baidu-std",
    "bcbc",
    "bolt",
    "boltv2",
    "crpc",
    "dubbo",
    "memcached",
    "motan2",
    "rocketmq",
    "tars",
    "thrift",
    "ttheader",
    "xml8",
    "diameter",
    "smpp",
    "iso8583",
    "kafka",
    "someip",
    "trpc",
];

/// What a target starts with beside the corpus of the repository.
pub(crate) fn seeds(target: Target) -> Result<Vec<Vec<u8>>> {
    match target {
        Target::Configs => texts(),
        Target::Macros => items(),
        _ => {
            let mut seeds = Vec::new();
            for (number, folder) in (0..).zip(PROTOCOLS) {
                let frames = frames(folder)?;
                for (at, frame) in frames.iter().enumerate() {
                    // Any other frame of the protocol, to be the answer.
                    let other = &frames[(at * 7 + 1) % frames.len()];
                    seeds.extend(inputs(target, number, frame, other));
                }
            }
            Ok(seeds)
        }
    }
}

/// The bytes of the vectors of a protocol, bad ones too.
fn frames(protocol: &str) -> Result<Vec<Vec<u8>>> {
    let vectors = repository().join("examples").join(protocol).join("vectors");
    let mut frames = Vec::new();
    for folder in [vectors.join("bad"), vectors] {
        each_file(&folder, "hex", &mut |text| {
            let hex = text.lines().filter(|line| !line.starts_with('#'));
            frames.push(bytes(&hex.collect::<String>())?);
            Ok(())
        })?;
    }
    Ok(frames)
}

fn inputs(target: Target, number: u8, frame: &[u8], other: &[u8]) -> Vec<Vec<u8>> {
    let with = |parts: &[&[u8]]| [&[number], &parts.concat()[..]].concat();
    let (text, answer) = (sized(frame), sized(other));
    match target {
        Target::Parse => vec![with(&[frame])],
        Target::Rewrite | Target::Fronts | Target::Owned => {
            let changes = CHANGES.iter();
            changes.map(|change| with(&[change, frame])).collect()
        }
        Target::Mosn => {
            let proxy = [
                b"\0\0\0\0",
                &text[..],
                b"\x01",
                &answer[..],
                b"\x03\xff\xff",
            ];
            let calls = [b"\x01\0\0", &text[..], CALLS];
            let raw = [b"\x02\0\0\x01", &text[..], b"\x08\x01"];
            vec![with(&proxy), with(&calls), with(&raw)]
        }
        Target::Envoy => {
            let settings = [0x00_u8, 0x01, 0x03, 0x09, 0x41, 0x85, 0x18, 0x21].iter();
            let with_settings = settings.map(|bits| {
                let before = [0, *bits, 0];
                with(&[&before, &text, b"\0\0\x07", &text, b"\x02\0", &answer])
            });
            with_settings.collect()
        }
        Target::Percall => {
            let both = [
                &text[..],
                b"\0",
                &text,
                b"\x01",
                &answer,
                b"\x04\x05\x04\x05\x08",
            ]
            .concat();
            let http2 = [&text[..], HTTP2].concat();
            let raw = [b"\x05\0", &answer[..], PREFACE, &text].concat();
            let starts: [&[u8]; 4] = [b"\0\0", b"\x01\x07", b"\x02\0", b"\x03\x07"];
            let mut inputs: Vec<_> = starts.map(|start| with(&[start, &http2])).into();
            inputs.push(with(&[b"\x04\0", &both]));
            inputs.push(with(&[&raw]));
            inputs
        }
        Target::Slow => (0..9)
            .flat_map(|what| {
                let middle = (frame.len() / 2) as u16;
                let [low, high] = middle.to_le_bytes();
                let again = with(&[&[what, 0, 0, 0, 0], frame]);
                let grown = with(&[&[what, 1, low, high, 8], frame]);
                [again, grown]
            })
            .collect(),
        Target::Configs | Target::Macros => Vec::new(),
    }
}

/// Bytes after their number.
fn sized(bytes: &[u8]) -> Vec<u8> {
    let len = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    [&len.to_le_bytes(), bytes].concat()
}

/// One change of each kind.
const CHANGES: [&[u8]; 9] = [
    b"\0\0\x01\x07",
    b"\x01\0\x07changed",
    b"\x02\0\0",
    b"\x03\x05\x06x-key1",
    b"\x04\0\0",
    b"\x05\0\x04\x01a\x01b",
    b"\x06\0\x0ahello body",
    b"\x07\0\x077777777",
    b"\x08\x05\x0ax-key77777",
];

/// A frame goes on, then with a header more; the host answers it; a heartbeat is answered, and one sent.
const CALLS: &[u8] =
    b"\x01\0\x09\0\0\0\0\x01\0\x09\0\0\0\x01\x01a\x01b\x02\0\xf8\x01\x02hi\x03\0\x04\x07\0\0\0";

/// The settings of a peer, a call and its answer, headers alone, a window, a ping, a reset, the last words.
const HTTP2: &[u8] = b"\x02\x04\0\0\0\0\x03\x01\x01\x01\x01\x02\x03\x05\0\0\x02\x06\0\0\x08\x01\x02\x08\x04\0\x01\0\0\x01\0\x02\x03\0\x01\x04\0\0\0\0\x08\x06\x07";

/// The start of a client's connection.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// Configurations, and files of frames.
fn texts() -> Result<Vec<Vec<u8>>> {
    let mut texts = vec![
        b"\x01max_frame=1024\nbody=hidden\nno_timeout=route\nmax_contexts=16\nmax_deleted=7"
            .to_vec(),
        b"\0\x01\0\0\0\x08\0\0\0\x06\0\0\0protocol\0x-bolt\0".to_vec(),
        [b"\x02", FILTER.as_bytes()].concat(),
    ];
    for protocol in PROTOCOLS {
        let vectors = repository().join("examples").join(protocol).join("vectors");
        each_file(&vectors, "hex", &mut |text| {
            texts.push([b"\x03", text.as_bytes()].concat());
            Ok(())
        })?;
    }
    Ok(texts)
}

/// All that a filter can be configured with.
const FILTER: &str = r#"{"max_frame": 1000, "on_bad_frame": "close", "access_log": "info",
"service": ["a", "b"], "method": "m", "max_calls": 3, "max_names": 2, "deny": [{"service": "a", "method": "b"}],
"on_denied": "close", "route": {"clusters": {"a": "blue"}, "hold": 100}, "protocol": {"k": "v"}}"#;

/// The frames and protocols that sources declare, each alone.
fn items() -> Result<Vec<Vec<u8>>> {
    let mut items = Vec::new();
    for folder in ["examples", "tests/ui", "runtime/testing/tests"] {
        sources(&repository().join(folder), &mut items)?;
    }
    Ok(items)
}

fn sources(folder: &Path, items: &mut Vec<Vec<u8>>) -> Result<()> {
    each_file(folder, "rs", &mut |text| {
        items.extend(declared(text).into_iter().map(String::into_bytes));
        Ok(())
    })?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("target") {
            sources(&path, items)?;
        }
    }
    Ok(())
}

/// The items that begin with the derive or the attribute, as the formatter writes them: up to a brace or a semicolon
/// that nothing is before.
fn declared(text: &str) -> Vec<String> {
    let begins = |line: &str| {
        let derives = line.starts_with("#[derive(") && line.contains("Frame");
        derives || line.starts_with("#[protocol(") || line.starts_with("#[meshwire::protocol(")
    };
    let ends = |line: &str| line == "}" || line.ends_with(';') && line.contains("struct ");
    let mut items = Vec::new();
    let mut item: Option<String> = None;
    for line in text.lines() {
        if item.is_none() && begins(line) {
            item = Some(String::new());
        }
        if let Some(open) = &mut item {
            open.push_str(line);
            open.push('\n');
            if ends(line) {
                items.extend(item.take());
            }
        }
    }
    items
}

/// Calls `each` with the text of every file of a folder with this extension.
fn each_file(
    folder: &Path,
    extension: &str,
    each: &mut impl FnMut(&str) -> Result<()>,
) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort();
    for path in paths {
        each(&fs::read_to_string(path)?)?;
    }
    Ok(())
}
