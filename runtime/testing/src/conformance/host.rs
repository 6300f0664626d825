//! The same frames, through the plugin in its host.

use meshwire::Bytes;

use super::describe::{self, answer_len, ensure, hex, same};
use super::headers::{edited, listed};
use super::samples::{Sample, each, positions, view};
use super::written::Places;
use crate::emulator::{
    ContextId, Decoded, DecodedFrame, EncodeInput, Failure, MosnHost, Native, NativeGuest, Options,
    Status,
};
use meshwire::HeaderMap;
use meshwire::command::{Command, MessageKind, Request, Timeout};
use meshwire::frame::{Edits, FieldRole, Verdict, View};
use meshwire::protocol::{BodyMode, Level, Plugin};
use meshwire::wire::Int as _;

/// A plugin in its host, asked for its judgement of bytes.
pub(super) struct Judge {
    emulator: MosnHost<NativeGuest>,
}

impl Judge {
    pub(super) fn new<P: Plugin>() -> Self {
        Self {
            emulator: start::<P>(),
        }
    }

    /// The host learns what the codec says, headers looked into.
    pub(super) fn agrees(&mut self, bytes: &Bytes, answer: Verdict) -> Result<(), String> {
        self.emulator.log().clear();
        self.emulator.trace_mut().clear();
        let result = self.decode(bytes, answer);
        result.map_err(|what| format!("in the host: {what}\n    in {}", hex(bytes)))
    }

    fn decode(&mut self, bytes: &Bytes, answer: Verdict) -> Result<(), String> {
        let context = create(&mut self.emulator)?;
        let decoded = self.emulator.decode(context, bytes);
        let completed = self.emulator.complete_protocol_context(context);
        completed.map_err(|failure| failure.to_string())?;
        self.emulator.forget(context);
        match (answer, decoded) {
            (Verdict::NeedMore(_), Decoded::NeedMore) => Ok(()),
            (Verdict::Frame(len), Decoded::Frame(frame)) => ensure(frame.drain == len, || {
                format!("{} bytes are taken, expected {len}", frame.drain)
            }),
            (
                Verdict::Malformed(error) | Verdict::NotThisProtocol(error),
                Decoded::Error(Failure::Refused(Status::PARSE_FAILURE)),
            ) => {
                let lines = self.emulator.logs(Level::Warn);
                let error = error.to_string();
                ensure(lines.iter().any(|line| line.ends_with(&error)), || {
                    format!("the log has {}, expected {error}", quoted(lines.iter()))
                })
            }
            (answer, decoded) => {
                let (decoded, answer) = (outcome(&decoded), answer_len(&answer));
                Err(format!("it is {decoded}, expected {answer}"))
            }
        }
    }
}

/// A host with one instance, started.
pub(super) fn start<P: Plugin>() -> MosnHost<NativeGuest> {
    start_with::<P>(&Options::new())
}

pub(super) fn start_with<P: Plugin>(options: &Options) -> MosnHost<NativeGuest> {
    MosnHost::start(Native::<P>::new(), options)
        .unwrap_or_else(|failure| panic!("the plugin failed to start: {failure}"))
}

pub(super) fn create(emulator: &mut MosnHost<NativeGuest>) -> Result<ContextId, String> {
    emulator
        .new_protocol_context()
        .map_err(|failure| failure.to_string())
}

/// A frame that the plugin has decoded in a new context, in one piece.
pub(super) fn decode(
    emulator: &mut MosnHost<NativeGuest>,
    bytes: &[u8],
) -> Result<(ContextId, DecodedFrame), String> {
    let context = create(emulator)?;
    match emulator.decode(context, bytes) {
        Decoded::Frame(frame) => Ok((context, frame)),
        other => Err(format!("it is {}; {}", outcome(&other), log(emulator))),
    }
}

/// Numbers of calls that the host writes as they are: up to the middle of what every id field holds.
pub(super) fn numbers<P: Plugin>() -> [u64; 3] {
    [1, 2, (P::LARGEST_ID / 2).min(0x7f)]
}

/// What the host makes of some bytes.
fn outcome(decoded: &Decoded) -> String {
    match decoded {
        Decoded::NeedMore => "\"more bytes are needed\"".to_owned(),
        Decoded::Frame(frame) => format!("\"a frame of {} bytes\"", frame.drain),
        Decoded::Error(failure) => format!("\"{failure}\""),
    }
}

/// What the plugin has logged.
pub(super) fn log(emulator: &MosnHost<NativeGuest>) -> String {
    let lines = emulator.log().all();
    format!("the log has {}", quoted(lines.iter().map(|(_, line)| line)))
}

fn quoted<'l>(lines: impl Iterator<Item = &'l String>) -> String {
    let lines: Vec<_> = lines.map(|line| format!("`{line}`")).collect();
    if lines.is_empty() {
        "nothing".to_owned()
    } else {
        lines.join(", ")
    }
}

/// Every frame, fed in pieces, is decoded by the host; calls and answers are forwarded with another id
/// and no other byte changed, also after their context was deleted, and one-way calls once; headers and
/// bodies that the host has changed arrive. An answer that cannot have the host's headers is forwarded with its
/// own.
///
/// # Panics
/// If one does not.
pub fn the_host_forwards_every_frame<P: Plugin>(dir: &str) {
    let mut emulator = start::<P>();
    each::<P>(dir, |sample| {
        let view = view::<P>(&sample.bytes)?;
        let mut context = create(&mut emulator)?;
        for cut in positions(sample.bytes.len()) {
            let front = sample.bytes.get(..cut).unwrap_or_default();
            let decoded = emulator.decode(context, front);
            ensure(decoded == Decoded::NeedMore, || {
                format!("cut at {cut}: it is {}", outcome(&decoded))
            })?;
        }
        let frame = match emulator.decode(context, &sample.bytes) {
            Decoded::Frame(frame) => frame,
            other => return Err(format!("it is {}; {}", outcome(&other), log(&emulator))),
        };
        meaning::<P>(&view, &frame)?;
        if !view.kind().is_heartbeat() {
            for Sent { what, input, bytes } in sent::<P>(sample, &view, &frame)? {
                let sent = encode(&mut emulator, context, &input)
                    .map_err(|failure| format!("{what}: {failure}"))?;
                same(&what, &sent, &bytes)?;
                if view.kind() == MessageKind::OneWay {
                    // It goes out once, so the next is another call.
                    delete(&mut emulator, context)?;
                    emulator.forget(context);
                    context = decode(&mut emulator, &sample.bytes)?.0;
                }
            }
            delete(&mut emulator, context)?;
            if view.kind().is_request() {
                again::<P>(&mut emulator, context, &view, &frame)?;
            }
        }
        emulator.forget(context);
        Ok(())
    });
}

fn delete(emulator: &mut MosnHost<NativeGuest>, context: ContextId) -> Result<(), String> {
    let deleted = emulator.complete_protocol_context(context);
    deleted.map_err(|failure| failure.to_string())
}

/// The host knows what the frame is.
fn meaning<P: Plugin>(view: &P::View<'_>, frame: &DecodedFrame) -> Result<(), String> {
    let kind = view.kind();
    // One that answers no call has a number that no call has.
    let id = if view.is_verbatim() && !kind.is_request() {
        u64::MAX
    } else {
        view.id()
    };
    ensure(
        frame.is_request() == kind.is_request()
            && frame.is_heartbeat() == kind.is_heartbeat()
            && frame.id == id,
        || {
            let as_asked = format!("a {} of id {}", kind.name(), view.id());
            let (flag, id) = (frame.flag, frame.id);
            format!("{as_asked} has the flag {flag:#04x} and the id {id} in the host")
        },
    )?;
    let word = match (view.as_request(), view.as_response()) {
        (Some(request), _) => timeout(kind, request),
        // The host keeps the low half of a status.
        (None, Some(response)) => response.status().pattern() as u32,
        (None, None) => 0,
    };
    ensure(frame.word == word, || {
        format!("timeout or status is {}, expected {word}", frame.word)
    })?;
    let headers = view.header_map().map_err(|error| error.to_string())?;
    ensure(headers.iter().eq(frame.headers.iter()), || {
        let found = describe::headers(frame.headers.iter());
        format!("the headers are {found}, expected {headers:?}")
    })?;
    // A result without a fence costs the host an error text for each frame.
    ensure(frame.printed == 0, || {
        format!("the host prints {} bytes of error text", frame.printed)
    })?;
    let body = match P::BODY {
        BodyMode::Visible => view.body(),
        BodyMode::Hidden => &[],
    };
    same("body", &frame.body, body)?;
    same("raw", &frame.raw, view.raw())
}

/// The timeout reported to the host by default.
fn timeout(kind: MessageKind, request: &dyn Request) -> u32 {
    match request.timeout() {
        Timeout::Millis(millis) => millis,
        Timeout::Never if kind == MessageKind::Request => u32::MAX,
        Timeout::Never | Timeout::Unset => 0,
    }
}

/// Something that the host may want of a frame.
struct Sent {
    what: String,
    input: EncodeInput,
    /// What it should get.
    bytes: Vec<u8>,
}

/// What the host may want of a frame, and the bytes that it then should get.
fn sent<P: Plugin>(
    sample: &Sample,
    view: &P::View<'_>,
    frame: &DecodedFrame,
) -> Result<Vec<Sent>, String> {
    let mut all = Vec::new();
    let mut add = |what: String, input: EncodeInput, edits: Edits<'_>| {
        let mut bytes = Vec::new();
        let mut written = view.rewrite(&edits, &mut bytes);
        if written.is_err() && !view.kind().is_request() {
            // The client waiting for the response would not be notified.
            let as_it_came = Edits {
                headers: None,
                ..edits
            };
            written = view.rewrite(&as_it_came, &mut bytes);
        }
        // What does not fit is refused, which others test.
        if written.is_ok() {
            all.push(Sent { what, input, bytes });
        }
    };
    for id in numbers::<P>() {
        let input = EncodeInput::forward(frame, id);
        add(format!("forwarded with id {id}"), input, Edits::id(id));
    }
    let edited = if Places::of(sample, FieldRole::Headers).are_none() {
        Vec::new()
    } else {
        edited(&listed(view)?)
    };
    for (what, headers) in &edited {
        let pairs = || headers.iter().map(|(key, value)| (key, value));
        let input = EncodeInput {
            headers: pairs().collect(),
            ..EncodeInput::forward(frame, 3)
        };
        let map: HeaderMap = pairs().collect();
        let edits = Edits {
            headers: Some(map.as_headers()),
            ..Edits::id(3)
        };
        add(format!("forwarded with headers {what}"), input, edits);
    }
    for body in [&b"another body"[..], b""] {
        let input = EncodeInput {
            data: Bytes::from_static(body),
            ..EncodeInput::forward(frame, 4)
        };
        // Of a hidden body, nothing is what the host was shown.
        let kept = P::BODY == BodyMode::Hidden && body.is_empty();
        let edits = Edits {
            body: (!kept).then_some(body),
            ..Edits::id(4)
        };
        let what = format!("forwarded with a body of {} bytes", body.len());
        add(what, input, edits);
    }
    Ok(all)
}

/// A request is sent once more, after its context was deleted.
fn again<P: Plugin>(
    emulator: &mut MosnHost<NativeGuest>,
    context: ContextId,
    view: &P::View<'_>,
    frame: &DecodedFrame,
) -> Result<(), String> {
    let mut expected = Vec::new();
    view.rewrite(&Edits::id(5), &mut expected)
        .map_err(|error| error.to_string())?;
    let input = EncodeInput {
        previous: 4,
        ..EncodeInput::forward(frame, 5)
    };
    let bytes = encode(emulator, context, &input)?;
    same("encoded after its delete", &bytes, &expected)?;
    let again = encode(emulator, context, &input)?;
    if view.kind() == MessageKind::OneWay {
        expected.clear();
    }
    same("encoded again after its delete", &again, &expected)
}

pub(super) fn encode(
    emulator: &mut MosnHost<NativeGuest>,
    context: ContextId,
    input: &EncodeInput,
) -> Result<Bytes, String> {
    emulator
        .encode(context, input)
        .map_err(|failure| format!("{failure}; {}", log(emulator)))
}
