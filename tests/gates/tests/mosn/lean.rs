//! Frames that the host passes on by their fronts.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::Range;

use crate::host::Mosn;
use crate::peers::{Server, call, captured, connect, vector};

/// Two calls and a heartbeat, through one hop: the line that the host prints when it stops.
fn counted(name: &str, args: &str) -> Option<String> {
    let server = Server::echo();
    let host = Mosn::one_hop(name, args, server.address);
    let mut client = connect(host.client);
    for frame in ["echo_request.hex", "heartbeat.hex", "echo_request.hex"] {
        assert!(call(&mut client, &captured(frame)).is_some(), "{frame}");
    }
    let log = host.stop();
    log.into_iter().find(|line| line.starts_with("[lean]"))
}

#[test]
fn frames_are_counted_by_path() {
    let line = counted("lean-counted", "bolt");
    let expected = "[lean] x-bolt: 4 frames passed on, 1 by MOSN's codec (kind 1)";
    assert_eq!(line.as_deref(), Some(expected));
}

#[test]
fn a_changed_frame_gets_its_head_from_the_plugin() {
    let line = counted("lean-changed", "bolt --add-header zone=a");
    let expected = "[lean] x-bolt: 4 frames passed on, 2 with another head, \
                    1 by MOSN's codec (kind 1)";
    assert_eq!(line.as_deref(), Some(expected));
}

#[test]
fn none_is_passed_on_where_that_is_off() {
    assert_eq!(counted("lean-off", "bolt --lean off"), None);
}

/// How frames of a protocol are read, and which there are.
struct Wire {
    plugin: &'static str,
    call: &'static str,
    answer: &'static str,
    /// Where the length of what follows it ends.
    length: usize,
    id: Range<usize>,
}

const CRPC: Wire = Wire {
    plugin: "crpc",
    call: "call.hex",
    answer: "answer.hex",
    length: 6,
    id: 12..28,
};

const DUBBO: Wire = Wire {
    plugin: "dubbo",
    call: "java_echo_request.hex",
    answer: "java_echo_response.hex",
    length: 16,
    id: 4..12,
};

/// The last bytes of the ids of calls: the host's own are 1 and 2.
const LAST: [u8; 2] = [0x71, 0x72];

impl Wire {
    fn with_id(&self, mut frame: Vec<u8>, id: &[u8]) -> Vec<u8> {
        frame[self.id.clone()].copy_from_slice(id);
        frame
    }

    fn read(&self, stream: &mut TcpStream) -> Vec<u8> {
        let mut frame = vec![0; self.length];
        stream.read_exact(&mut frame).unwrap();
        let rest = *frame.last_chunk().unwrap();
        frame.resize(self.length + u32::from_be_bytes(rest) as usize, 0);
        stream.read_exact(&mut frame[self.length..]).unwrap();
        frame
    }

    /// Two calls through one hop: what the server got, what the client did, and the line of the host.
    fn exchanged(&self, name: &str, flags: &str) -> (Vec<Vec<u8>>, Vec<Vec<u8>>, Option<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let args = format!("{} {flags}", self.plugin);
        let host = Mosn::one_hop(name, &args, listener.local_addr().unwrap());
        let mut client = connect(host.client);
        let mut server = None;
        let (mut calls, mut answers) = (Vec::new(), Vec::new());
        for last in LAST {
            let mut call = vector(self.plugin, self.call);
            call[self.id.end - 1] = last;
            client.write_all(&call).unwrap();
            let server = server.get_or_insert_with(|| listener.accept().unwrap().0);
            let got = self.read(server);
            let answer = vector(self.plugin, self.answer);
            let answer = self.with_id(answer, &got[self.id.clone()]);
            server.write_all(&answer).unwrap();
            calls.push(got);
            answers.push(self.read(&mut client));
        }
        let log = host.stop();
        let line = log.into_iter().find(|line| line.starts_with("[lean]"));
        (calls, answers, line)
    }

    /// The clients' ids are in the answers, and the host's in the calls, on both paths; frames have nothing else
    /// changed in them.
    fn passes_on(&self, name: &str) {
        let of = |name: &str| vector(self.plugin, name);
        let (lean, classic) = (format!("{name}-lean"), format!("{name}-classic"));
        let (calls, answers, line) = self.exchanged(&lean, "");
        let protocol = self.plugin;
        let expected = format!("[lean] x-{protocol}: 4 frames passed on");
        assert_eq!(line.as_deref(), Some(&*expected));
        for ((call, answer), last) in calls.iter().zip(&answers).zip(LAST) {
            let mut id = of(self.call)[self.id.clone()].to_vec();
            id[self.id.len() - 1] = last;
            let sent = self.with_id(of(self.call), &call[self.id.clone()]);
            assert_ne!(call[self.id.clone()], id);
            assert_eq!(*call, sent);
            assert_eq!(*answer, self.with_id(of(self.answer), &id));
        }
        let off = self.exchanged(&classic, "--lean off");
        assert_eq!(off, (calls, answers, None));
    }

    /// With other headers both ways, the frames are those of MOSN's codec.
    fn changes(&self, name: &str, line: &str) {
        let flags = "--add-header zone=a --add-response-header zone=b";
        let (calls, answers, lean) = self.exchanged(&format!("{name}-edited"), flags);
        assert_eq!(lean.as_deref(), Some(line));
        let flags = format!("{flags} --lean off");
        let off = self.exchanged(&format!("{name}-edited-off"), &flags);
        assert_ne!(answers[0].len(), vector(self.plugin, self.answer).len());
        assert_eq!(off, (calls, answers, None));
    }
}

#[test]
fn an_id_that_is_no_number_comes_back() {
    CRPC.passes_on("lean-crpc");
    CRPC.changes(
        "lean-crpc",
        "[lean] x-crpc: 4 frames passed on, 4 with another head",
    );
}

#[test]
fn headers_in_a_body_are_asked_for() {
    DUBBO.passes_on("lean-dubbo");
    DUBBO.changes(
        "lean-dubbo",
        "[lean] x-dubbo: 4 frames passed on, 4 with another head",
    );
}
