//! Clients and servers of bolt v1 on bare sockets.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};

use crate::host::TIMEOUT;

/// A captured frame of `examples/bolt/vectors`.
pub(crate) fn captured(name: &str) -> Vec<u8> {
    vector("bolt", name)
}

/// A frame of the vectors of an example.
pub(crate) fn vector(example: &str, name: &str) -> Vec<u8> {
    let examples = meshwire_support::repository::root().join("examples");
    let file = examples.join(example).join("vectors").join(name);
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let bytes = lines.flat_map(str::split_whitespace);
    bytes
        .map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect()
}

/// A frame with another id; it is at the same place in both directions.
pub(crate) fn with_id(mut frame: Vec<u8>, id: [u8; 4]) -> Vec<u8> {
    frame[5..9].copy_from_slice(&id);
    frame
}

/// The id of a frame.
pub(crate) fn id(frame: &[u8]) -> [u8; 4] {
    frame[5..9].try_into().unwrap()
}

/// The status of a response.
pub(crate) fn status(frame: &[u8]) -> [u8; 2] {
    frame[10..12].try_into().unwrap()
}

/// A request with another timeout, in milliseconds.
pub(crate) fn with_timeout(mut frame: Vec<u8>, timeout: i32) -> Vec<u8> {
    frame[10..14].copy_from_slice(&timeout.to_be_bytes());
    frame
}

/// A header pair as it is in a frame.
pub(crate) fn pair(name: &str, value: &str) -> Vec<u8> {
    [name, value]
        .iter()
        .flat_map(|text| {
            [
                &u32::try_from(text.len()).unwrap().to_be_bytes(),
                text.as_bytes(),
            ]
            .concat()
        })
        .collect()
}

/// A frame with these bytes in the place of its headers.
pub(crate) fn with_headers(frame: &[u8], headers: &[u8]) -> Vec<u8> {
    let (fixed, [class, old, _]) = lengths(frame);
    let mut new = frame[..fixed + class].to_vec();
    let at = fixed - 6;
    new[at..at + 2].copy_from_slice(&u16::try_from(headers.len()).unwrap().to_be_bytes());
    new.extend_from_slice(headers);
    new.extend_from_slice(&frame[fixed + class + old..]);
    new
}

/// The part of a frame where its headers are.
pub(crate) fn headers(frame: &[u8]) -> &[u8] {
    let (fixed, [class, headers, _]) = lengths(frame);
    &frame[fixed + class..fixed + class + headers]
}

/// Bytes of the fixed part, and of class, headers and body.
fn lengths(frame: &[u8]) -> (usize, [usize; 3]) {
    let fixed = if frame[1] == 0 { 20 } else { 22 };
    let number = |from: usize, to: usize| {
        frame[from..to]
            .iter()
            .fold(0, |n, byte| n << 8 | usize::from(*byte))
    };
    let lengths = [
        number(fixed - 8, fixed - 6),
        number(fixed - 6, fixed - 4),
        number(fixed - 4, fixed),
    ];
    (fixed, lengths)
}

/// The next frame; `None` if the other side has closed the connection.
pub(crate) fn read(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut frame = vec![0; 2];
    let mut fill = |frame: &mut Vec<u8>, from: usize| match stream.read_exact(&mut frame[from..]) {
        Ok(()) => true,
        Err(error) => {
            let closed = [ErrorKind::UnexpectedEof, ErrorKind::ConnectionReset];
            assert!(closed.contains(&error.kind()), "{error}");
            false
        }
    };
    if !fill(&mut frame, 0) {
        return None;
    }
    let fixed = if frame[1] == 0 { 20 } else { 22 };
    frame.resize(fixed, 0);
    if !fill(&mut frame, 2) {
        return None;
    }
    let (_, rest) = lengths(&frame);
    frame.resize(fixed + rest.iter().sum::<usize>(), 0);
    fill(&mut frame, fixed).then_some(frame)
}

/// A connection that does not wait forever.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    stream
}

/// Sends a frame and waits for what comes back.
pub(crate) fn call(stream: &mut TcpStream, frame: &[u8]) -> Option<Vec<u8>> {
    stream.write_all(frame).unwrap();
    read(stream)
}

/// A server; it ends with this process.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// Every frame but heartbeats, in the order they came.
    pub(crate) received: Receiver<Vec<u8>>,
}

impl Server {
    /// Answers calls with what `answer` makes of them, if anything, and heartbeats by itself.
    pub(crate) fn start<F>(answer: F) -> Self
    where
        F: Fn(&[u8]) -> Option<Vec<u8>> + Clone + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, received) = mpsc::channel();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let (sender, answer) = (sender.clone(), answer.clone());
                std::thread::spawn(move || {
                    while let Some(frame) = read(&mut stream) {
                        let heartbeat = frame[2..4] == [0, 0];
                        let answer = if heartbeat {
                            Some(with_id(captured("heartbeat_ack.hex"), id(&frame)))
                        } else {
                            answer(&frame)
                        };
                        if !heartbeat {
                            let _ = sender.send(frame);
                        }
                        if answer.is_some_and(|answer| stream.write_all(&answer).is_err()) {
                            return;
                        }
                    }
                });
            }
        });
        Self { address, received }
    }

    /// Answers calls with this frame, with the id of the call.
    pub(crate) fn answering(answer: Vec<u8>) -> Self {
        Self::start(move |call| Some(with_id(answer.clone(), id(call))))
    }

    /// Answers as a captured server did.
    pub(crate) fn echo() -> Self {
        Self::answering(captured("echo_response.hex"))
    }

    /// Never answers a call.
    pub(crate) fn silent() -> Self {
        Self::start(|_| None)
    }

    /// The next call.
    pub(crate) fn next(&self) -> Vec<u8> {
        self.received.recv_timeout(TIMEOUT).unwrap()
    }
}
