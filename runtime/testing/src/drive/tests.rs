//! The command line over a small protocol, run as a user runs it.

mod keyed;
mod unanswered;

use std::ffi::OsString;

use super::outcome::{HostResult, Seen};
use super::session::Session;
use super::style::Style;
use super::{Engine, args, drive, dump, lacking, thousands};
use crate::emulator::{MosnHost, Native, Options};
use crate::vectors::Vector;
use meshwire::protocol::Plugin;
use meshwire::{Bytes, Frame, HeaderMap, Len, Text, protocol};

/// A call.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(kind = 2), heartbeat(kind = 3))]
pub(super) struct Ask {
    #[frame(magic = 0x4d57)]
    magic: u16,
    #[frame(tag(1, 2, 3))]
    kind: u8,
    #[frame(id)]
    id: u16,
    #[frame(timeout)]
    timeout: u32,
    #[frame(len_of = headers, endian = little)]
    headers_len: Len<u16>,
    #[frame(len_of = body)]
    body_len: Len<u16>,
    #[frame(headers)]
    headers: HeaderMap,
    #[frame(body)]
    body: Bytes,
}

/// A response.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(kind = 5))]
pub(super) struct Answer {
    #[frame(magic = 0x4d57)]
    magic: u16,
    #[frame(tag(4, 5))]
    kind: u8,
    #[frame(id)]
    id: u16,
    #[frame(status)]
    status: u8,
    #[frame(len_of = body)]
    body_len: Len<u16>,
    #[frame(body)]
    body: Bytes,
}

/// The protocol of these tests.
#[protocol(name = "x-acme", frames(Ask, Answer), status(200 => 0, 504 => 7, _ => 1))]
pub(super) struct Acme;

pub(super) const CALL: &str = "4d57 01 0009 00000bb8 0a00 0002 00000001 61 00000001 62 6869";
pub(super) const ONEWAY: &str = "4d57 02 0009 00000000 0000 0000";
pub(super) const HEARTBEAT: &str = "4d57 03 0009 00000000 0000 0000";
pub(super) const ANSWER: &str = "4d57 04 0009 00 0002 6869";
pub(super) const ACK: &str = "4d57 05 0009 00 0000";

fn engine<P: Plugin>() -> Engine<Native<P>> {
    Engine {
        module: Native::<P>::new(),
        layouts: P::LAYOUTS,
        lacking: Some(lacking::<P>),
        name: "a test".to_owned(),
    }
}

/// What a run of this protocol prints, and whether all is well.
pub(super) fn run_with<P: Plugin>(arguments: &[&str]) -> (String, bool) {
    let args = args::parse(arguments.iter().map(OsString::from), false).unwrap();
    let mut out = Vec::new();
    let good = drive(&args, engine::<P>(), &mut out).unwrap();
    (String::from_utf8(out).unwrap(), good)
}

fn run(arguments: &[&str]) -> (String, bool) {
    run_with::<Acme>(arguments)
}

#[track_caller]
fn expect(arguments: &[&str], lines: &[&str], good: bool) {
    let (text, is_good) = run(arguments);
    let seen: Vec<&str> = text.lines().collect();
    assert_eq!(seen, lines, "\n{text}");
    assert_eq!(is_good, good);
}

/// What becomes of a vector's frames.
fn seen(vector: &str) -> Vec<Seen> {
    let vector = Vector::parse("test.hex", vector).unwrap();
    let engine = engine::<Acme>();
    let emulator = MosnHost::start(engine.module, &Options::new()).unwrap();
    let mut session = Session::new(emulator, engine.layouts, None);
    let mut all = Vec::new();
    let each = |seen| {
        all.push(seen);
        Ok::<(), ()>(())
    };
    session.drive(&vector.into(), each).unwrap();
    all
}

#[test]
fn every_kind_of_frame_goes_its_way() {
    let lines = [
        "hex     request          id 9           1 header        2 bytes of body  timeout 3000 ms",
        "        as id 101        4d57 01 0065 00000bb8 0a00 0002 +12  only the id differs",
        "        hijacked 504     4d57 04 0009 07 0000  status 7",
        "hex     oneway           id 9           0 headers       0 bytes of body  timeout unset",
        "        as id 102        4d57 02 0066 00000000 0000 0000  only the id differs",
        "        hijacked 504     no response",
        "hex     heartbeat        id 9           0 headers       0 bytes of body  timeout unset",
        "        answered         4d57 05 0009 00 0000  status 0",
        "hex     response         id 9           0 headers       2 bytes of body  status 0",
        "        as id 103        4d57 04 0067 00 0002 +2  only the id differs",
        "hex     heartbeat-ack    id 9           0 headers       0 bytes of body  status 0",
        "        ends here        consumed by the host",
        "(idle)  heartbeat        id 104         made by the plugin",
        "        sent             4d57 03 0068 00000000 0000 0000",
        "",
        "5 frames, 0 bad: 3 re-encoded with new ids, 1 heartbeat answered, 1 request hijacked; engine: a test",
    ];
    expect(&[CALL, ONEWAY, HEARTBEAT, ANSWER, ACK], &lines, true);
}

#[test]
fn frames_back_to_back_are_told_apart_and_a_cut_one_says_what_it_lacks() {
    let both = format!("{ANSWER}{CALL}");
    let cut = &both[..both.len() - 2];
    let lines = [
        "hex#1   response         id 9           0 headers       2 bytes of body  status 0",
        "        as id 101        4d57 04 0065 00 0002 +2  only the id differs",
        "hex#2   incomplete       24 bytes, 1 more needed",
        "(idle)  heartbeat        id 102         made by the plugin",
        "        sent             4d57 03 0066 00000000 0000 0000",
        "",
        "2 frames, 1 bad: 1 re-encoded with new ids, 0 heartbeats answered, 0 requests hijacked; engine: a test",
    ];
    expect(&[cut], &lines, false);
    let (text, good) = run(&["4d57"]);
    assert!(
        text.contains("incomplete       2 bytes, at least 6 more needed"),
        "{text}"
    );
    assert!(!good);
}

#[test]
fn a_long_source_is_read_piece_by_piece() {
    let large = format!("4d57 04 0009 00 ffff {}", "61".repeat(65_535));
    let all = seen(&[&large, CALL, &large, CALL].concat());
    let lens: Vec<usize> = all.iter().map(|seen| seen.bytes.len()).collect();
    assert_eq!(lens, [65_543, 25, 65_543, 25]);
    assert!(all.iter().all(Seen::is_good));
}

#[test]
fn malformed_differs_from_foreign() {
    let lines = [
        "hex     not-mine         Ask.magic at byte 0: expected 0x4d57, got 0x4d58",
        "hex     malformed        Ask.kind at byte 2: unexpected value 9",
        "hex     malformed        Ask.headers[0].key at byte 13: 4 bytes announced, 1 left in the region",
        "",
        "3 frames, 3 bad: 0 re-encoded with new ids, 0 heartbeats answered, 0 requests hijacked; engine: a test",
    ];
    let overrun = "4d57 01 0009 00000bb8 0100 0000 ff";
    expect(&["4d58 01", "4d57 09", overrun], &lines, false);
}

/// The plugin has ids of its own for numbers beyond the middle of what the field holds.
#[test]
fn an_id_that_does_not_fit_is_another_one() {
    let (text, good) = run(&["--id", "65536", CALL]);
    assert!(
        good && text.contains("as id 65536      4d57 01 80"),
        "{text}"
    );
    let (text, good) = run(&["--id", "32767", CALL]);
    assert!(
        good && text.contains("as id 32767      4d57 01 7fff"),
        "{text}"
    );
}

#[test]
fn a_request_is_forwarded_with_the_headers_of_the_user() {
    let set = ["--set-header", "a=c", "--set-header", "n=1"];
    let (text, good) = run(&[&set[..], &[CALL, ANSWER]].concat());
    for line in [
        "        as id 101        4d57 01 0065 00000bb8 1400 0002 +22  only the id and the headers differ",
        "        as id 102        4d57 04 0066 00 0002 +2  only the id differs",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(good, "{text}");
    // The header that is there already changes nothing.
    let (text, _) = run(&["--set-header", "a=b", CALL]);
    assert!(text.contains("+12  only the id differs"), "{text}");
}

#[test]
fn a_vector_must_be_what_it_says() {
    let says = |text: &str| {
        let problems = seen(&format!("{text}\n{CALL}")).remove(0).problems;
        problems.join("; ")
    };
    assert_eq!(
        says("#= kind=request id=9 timeout=3000 headers=1 header:a=b body=2"),
        ""
    );
    assert_eq!(
        says("#= kind=oneway id=8 body=1"),
        "kind: expected \"oneway\", got \"request\"; id: expected 8, got 9; body: expected 1, got 2"
    );
    assert_eq!(
        says("#= kind=request status=0"),
        "status: expected 0, the frame has none"
    );
    assert_eq!(says("#= malformed field=id"), "malformed was expected");
    assert_eq!(
        says("#= kind=request\n#= kind=request"),
        "2 frames were expected in all"
    );
}

#[test]
fn a_refused_vector_must_be_refused_as_it_says() {
    let says = |text: &str| seen(&format!("{text}\n4d57 09")).remove(0);
    let right = says("#= malformed field=kind offset=2");
    assert!(matches!(right.outcome, HostResult::Refused(_)));
    assert_eq!(right.problems, [""; 0]);
    let wrong = says("#= not-mine field=magic offset=0");
    assert_eq!(wrong.problems.len(), 3, "{:?}", wrong.problems);
}

#[test]
fn a_dump_names_every_field_in_place() {
    let seen = seen(CALL).remove(0);
    let lines = [
        "  Ask, 25 bytes",
        "     0  |4d 57|01|00 09|00 00 0b b8|0a 00|00 02|00 00 00     0 magic        magic    19799",
        "                                                             2 kind         tag      1",
        "                                                             3 id           id       9",
        "                                                             5 timeout      timeout  3000 ms",
        "                                                             9 headers_len  length   10",
        "                                                            11 body_len     length   2",
        "                                                            13 headers      headers  10 bytes, 1 pair",
        "                                                            13   a: b",
        "    16   01 61 00 00 00 01 62|68 69|                        23 body         body     2 bytes",
    ];
    let plain = dump::draw(&seen, Style::PLAIN);
    assert_eq!(plain.lines().collect::<Vec<_>>(), lines, "\n{plain}");
    let coloured = dump::draw(&seen, Style::COLOURED);
    assert!(coloured.contains("|\x1b[36m4d\x1b[0m \x1b[36m57\x1b[0m|\x1b[33m01\x1b[0m|"));
    let mut stripped = String::new();
    for piece in coloured.split("\x1b[") {
        // What is after the first escape begins with the rest of one.
        let text = piece
            .split_once('m')
            .filter(|(code, _)| !code.contains(' '));
        stripped += text.map_or(piece, |(_, text)| text);
    }
    assert_eq!(stripped, plain);
}

#[test]
fn a_dump_marks_the_place_of_an_error() {
    let seen = seen("4d57 01 0009 00000bb8 0100 0000 ff").remove(0);
    let plain = dump::draw(&seen, Style::PLAIN);
    let lines: Vec<&str> = plain.lines().collect();
    let mark = "                                                            13 ^ Ask.headers[0].key at byte 13: 4 bytes announced, 1 left in the region";
    let named = lines
        .iter()
        .position(|line| line.contains("13 headers"))
        .unwrap();
    assert!(lines[named..].contains(&mark), "\n{plain}");
}

#[test]
fn a_dump_of_a_large_body_shows_its_ends() {
    let body = "61".repeat(3000);
    let seen = seen(&format!("4d57 04 0009 00 0bb8 {body}")).remove(0);
    let plain = dump::draw(&seen, Style::PLAIN);
    assert!(plain.contains("\n        … 2416 bytes\n"), "\n{plain}");
    assert!(plain.lines().count() < 50);
}

#[test]
fn json_is_an_object_a_line() {
    let (text, good) = run(&["--json", CALL, "4d57 09", "4d57 04"]);
    assert!(!good);
    let objects: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let [call, refused, cut, idle] = &objects[..] else {
        panic!("{text}");
    };
    assert_eq!(call["kind"], "request");
    assert_eq!(call["headers"], serde_json::json!([["a", "b"]]));
    assert_eq!(
        call["reencoded"]["bytes"],
        "4d5701006500000bb80a000002000000016100000001626869"
    );
    assert_eq!(call["hijack"]["status"], 7);
    assert_eq!(
        call["fields"][4],
        serde_json::json!({"name": "headers_len", "role": "length", "at": 9, "size": 2, "value": 10})
    );
    assert_eq!(refused["verdict"], "malformed");
    assert_eq!(
        (&refused["field"], &refused["at"]),
        (&"kind".into(), &2.into())
    );
    assert_eq!(
        (&cut["verdict"], &cut["missing"]),
        (&"incomplete".into(), &5.into())
    );
    assert_eq!(idle["sent"]["id"], 102);
}

#[test]
fn numbers_are_grouped() {
    let groups = [0, 999, 1000, 23_456, 1_234_567].map(thousands);
    assert_eq!(groups, ["0", "999", "1 000", "23 456", "1 234 567"]);
}

/// The same heads, and the first one's fixed part is longer than a whole second one.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Long {
    #[frame(id)]
    id: u16,
    timeout: u64,
    #[frame(magic = 0xee)]
    end: u8,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
struct Short {
    #[frame(id)]
    id: u16,
    #[frame(len_of = text)]
    text_len: Len<u8>,
    text: Text,
    #[frame(magic = 0xdd)]
    end: u8,
}

#[protocol(name = "x-two", frames(Long, Short), status(_ => 1), keep_alive = none)]
struct Two;

/// The text of a second one is there, and the end of it is not that of one: what is missing is what the codec says.
#[test]
fn what_is_missing_is_what_the_codec_says() {
    let (text, good) = run_with::<Two>(&["0007 01 61 00"]);
    assert!(
        !good && text.contains("incomplete       5 bytes, at least 6 more needed\n"),
        "{text}"
    );
    let (text, _) = run_with::<Two>(&["0007 01"]);
    assert!(
        text.contains("incomplete       3 bytes, at least 2 more needed\n"),
        "{text}"
    );
}
