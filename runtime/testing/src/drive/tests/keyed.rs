//! Parts whose content has keys: the entries of a message of protocol buffers, written by hand.

use super::run_with;
use meshwire::{Bytes, Frame, HeaderMap, Len, Record, Text, protocol};
use serde_json::{Value, json};

#[derive(Frame, Clone, Debug, PartialEq)]
struct Message {
    #[frame(len_of = meta)]
    meta_len: Len<u16>,
    #[frame(with = Meta, kind, id, headers, status)]
    meta: Bytes,
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(protobuf, response(outcome), request)]
struct Meta {
    #[record(1, id)]
    id: u64,
    #[record(2)]
    target: Option<Target>,
    #[record(3)]
    outcome: Option<Outcome>,
    #[record(4, headers)]
    tags: HeaderMap,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Target {
    #[record(1, header)]
    service: Text,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Outcome {
    #[record(1, status)]
    code: i32,
}

#[protocol(name = "x-keyed", frames(Message), status(_ => 1), keep_alive = none)]
struct Keyed;

/// Id 7, a target with a service, an unknown field and one that is not UTF-8, a tag, an unknown field.
const CALL: &str = "0019 0807 120b 0a03706179 1001 1a020102 2206 0a01611201ff 4801";

#[test]
fn a_dump_names_every_key_in_its_place() {
    let (text, good) = run_with::<Keyed>(&["--dump", CALL]);
    assert!(good, "{text}");
    let dump = text
        .lines()
        .skip_while(|line| *line != "  Message, 27 bytes");
    let dump = dump.take_while(|line| !line.is_empty());
    let notes = dump.filter_map(|line| line.get(57..));
    let notes: Vec<_> = notes
        .filter(|note| note.contains("key") || note.contains(": "))
        .map(str::trim_start)
        .collect();
    let expected = [
        "2   id (key 1)  id  7",
        "4   target (key 2)  13 bytes",
        "6     target.service (key 1)  header  pay",
        "11     target: unknown key 2  2 bytes",
        "13     target: unknown key 3  4 bytes",
        "17   tags (key 4)  headers  a: ff",
        "25   unknown key 9  2 bytes",
    ];
    assert_eq!(notes, expected, "\n{text}");
}

#[test]
fn a_damaged_record_is_named_as_far_as_it_can_be_read() {
    let (text, good) = run_with::<Keyed>(&["--dump", "0006 0807 1a02 0880"]);
    let words = "Message.meta.outcome.code at byte 7: 2 bytes announced, 1 left in the region";
    assert!(!good && text.contains(words), "{text}");
    for line in ["4   outcome (key 3)  4 bytes", &format!("7 ^ {words}")] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn json_has_every_key() {
    let (text, _) = run_with::<Keyed>(&["--json", CALL]);
    let object: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let expected = json!([
        {"path": "id", "key": "1", "role": "id", "at": 2, "size": 2, "value": 7},
        {"path": "target", "key": "2", "at": 4, "size": 13},
        {"path": "target.service", "key": "1", "role": "header", "at": 6, "size": 5, "text": "pay"},
        {"path": "target", "key": "2", "unknown": true, "at": 11, "size": 2, "bytes": "1001"},
        {"path": "target", "key": "3", "unknown": true, "at": 13, "size": 4, "bytes": "1a020102"},
        {"path": "tags", "key": "4", "role": "headers", "at": 17, "size": 8, "name": "a", "text": "\u{fffd}"},
        {"path": "", "key": "9", "unknown": true, "at": 25, "size": 2, "bytes": "4801"},
    ]);
    assert_eq!(object["fields"][1]["entries"], expected, "{text}");
}
