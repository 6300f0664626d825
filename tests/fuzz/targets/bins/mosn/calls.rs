//! A host that makes its calls in any order, and knows what must come of each.

use core::fmt::Debug;
use core::marker::PhantomData;

use bytes::Bytes;
use fuzz_targets::edits::Facts;
use fuzz_targets::input::Input;
use meshwire::protocol::{Logger, ProtocolContext};
use meshwire::{Command, MessageKind, Plugin, Verdict, View};
use meshwire_testing::emulator::{
    ContextId, Decoded, DecodedFrame, EncodeInput, Failure, HeaderList, HijackInput, MosnHost,
    Native, NativeGuest,
};

use super::Settings;

/// Frames that the host knows at a time.
const KNOWN: usize = 8;

/// A frame that the plugin has decoded.
struct Known {
    context: ContextId,
    frame: DecodedFrame,
    /// The host has said nothing yet that changes what the plugin knows.
    is_fresh: bool,
}

struct Calls<P> {
    plugin: PhantomData<P>,
    settings: Settings,
    host: MosnHost<NativeGuest>,
    known: Vec<Known>,
}

pub(super) fn run<P: Plugin>(settings: Settings, mut input: Input<'_>) {
    let host = MosnHost::start(Native::<P>::new(), &settings.options());
    let mut calls = Calls {
        plugin: PhantomData::<P>,
        settings,
        host: host.unwrap_or_else(|trap| panic!("{trap}")),
        known: Vec::new(),
    };
    while !input.is_empty() {
        match input.byte() {
            0 => calls.decode(&mut input),
            1 => calls.forward(&mut input),
            2 => calls.hijack(&mut input),
            3 => calls.answer_heartbeat(&mut input),
            4 => calls.beat(&mut input),
            5 => calls.encode_any(&mut input),
            6 => calls.delete(&mut input),
            _ => {}
        }
    }
}

impl<P: Plugin> Calls<P> {
    fn context(&mut self) -> ContextId {
        let context = self.host.new_protocol_context();
        context.unwrap_or_else(|failure| panic!("{failure}"))
    }

    /// One of the known frames.
    fn pick(&mut self, input: &mut Input<'_>) -> Option<&mut Known> {
        let at = usize::from(input.byte()).checked_rem(self.known.len())?;
        self.known.get_mut(at)
    }

    fn decode(&mut self, input: &mut Input<'_>) {
        let bytes = input.text();
        let context = self.context();
        match self.host.decode(context, bytes) {
            Decoded::NeedMore => {}
            Decoded::Error(failure) => is_refusal(&failure),
            Decoded::Frame(frame) => {
                assert_eq!(P::measure(bytes), Verdict::Frame(frame.drain));
                assert_eq!(frame.phantoms(), 0, "{frame:?}");
                let known = Known {
                    context,
                    frame,
                    is_fresh: true,
                };
                self.known.push(known);
                if self.known.len() > KNOWN {
                    self.known.remove(0);
                }
            }
        }
    }

    /// A frame goes on, as it is or with other headers and another body.
    fn forward(&mut self, input: &mut Input<'_>) {
        let forgets = self.settings.forgets();
        let Some(known) = self.pick(input) else {
            return;
        };
        let (is_fresh, context) = (known.is_fresh, known.context);
        let came = known.frame.clone();
        known.is_fresh &= came.is_request();
        let mut wanted = EncodeInput::forward(&came, id::<P>(input));
        match input.byte() {
            0 => {}
            1 => wanted.headers.set(input.short_text(), input.short_text()),
            2 => drop(wanted.headers.remove(input.short_text())),
            3 => wanted.headers.push(input.short_text(), input.short_text()),
            4 => wanted.data = Bytes::copy_from_slice(input.short_text()),
            _ => wanted.headers = HeaderList::new(),
        }
        let same = EncodeInput::forward(&came, wanted.id);
        let is_as_came = wanted == same;
        let Verdict::Frame(view) = P::parse(&came.raw) else {
            panic!("it was a frame");
        };
        if view.kind().is_heartbeat() {
            return;
        }
        let out = match self.host.encode(context, &wanted) {
            Ok(out) => out,
            Err(failure) => {
                is_refusal(&failure);
                // Its caller waits for it.
                let is_due = is_as_came || !came.is_request() && wanted.data == same.data;
                assert!(!is_due || !is_fresh || forgets, "{failure}, for {wanted:?}");
                return;
            }
        };
        if !is_fresh || forgets || view.kind() == MessageKind::OneWay && out.is_empty() {
            return;
        }
        let is = facts::<P>(&out);
        assert_eq!(is.kind.is_request(), came.is_request());
        if view.is_verbatim() {
            // No edit changes it.
            return assert_eq!(*out, *came.raw, "left alone");
        }
        assert_eq!(is.id, wanted.id, "id");
        if is_as_came {
            let came = Facts::of(&view);
            assert_eq!(is.body, came.body, "body");
            assert_eq!(is.headers, came.headers, "headers");
        }
    }

    /// The host answers a call itself.
    fn hijack(&mut self, input: &mut Input<'_>) {
        let forgets = self.settings.forgets();
        let Some(known) = self.pick(input).filter(|known| known.frame.is_request()) else {
            return;
        };
        known.is_fresh = false;
        let (context, frame) = (known.context, known.frame.clone());
        if frame.is_heartbeat() {
            return;
        }
        let (status, body) = (u32::from(input.short()), input.short_text());
        let asked = HijackInput::of(&frame);
        let hijacked = self.host.hijack(context, status, &asked);
        hijacked.unwrap_or_else(|failure| panic!("{failure}"));
        let mut wanted = EncodeInput::hijack(frame.id, frame.id);
        wanted.data = Bytes::copy_from_slice(body);
        let out = self.host.encode(context, &wanted);
        let out = out.unwrap_or_else(|failure| panic!("{failure}"));
        let request = facts::<P>(&frame.raw);
        if request.kind == MessageKind::OneWay || !P::RESPONSE {
            return assert!(out.is_empty(), "no call waits for {out:02x?}");
        }
        if out.is_empty() && (forgets || !body.is_empty()) {
            // Not every answer can have a body.
            return;
        }
        let log = self.host.log().all();
        assert!(
            !out.is_empty(),
            "there is no answer to {request:?}: {log:?}"
        );
        let answer = facts::<P>(&out);
        assert_eq!((answer.kind, answer.id), (MessageKind::Response, frame.id));
        assert_eq!(answer.opaque, request.opaque);
    }

    fn answer_heartbeat(&mut self, input: &mut Input<'_>) {
        let forgets = self.settings.forgets();
        let Some(known) = self.pick(input).filter(|known| known.is_fresh) else {
            return;
        };
        let (context, frame) = (known.context, known.frame.clone());
        if !frame.is_heartbeat() || !frame.is_request() {
            return;
        }
        let replied = self.host.reply_keep_alive(context);
        replied.unwrap_or_else(|failure| panic!("{failure}"));
        let out = self
            .host
            .encode(context, &EncodeInput::heartbeat_ack(frame.id));
        let out = out.unwrap_or_else(|failure| panic!("{failure}"));
        let Verdict::Frame(heartbeat) = P::parse(&frame.raw) else {
            panic!("it was a frame");
        };
        let root = P::Root::default();
        let surroundings = ProtocolContext {
            root: &root,
            log: Logger::new(&Nowhere),
        };
        let silent = P::reply(&surroundings, &heartbeat).is_none();
        if silent || forgets {
            return;
        }
        let answer = facts::<P>(&out);
        assert_eq!(
            (answer.kind, answer.id),
            (MessageKind::HeartbeatAck, frame.id)
        );
    }

    fn beat(&mut self, input: &mut Input<'_>) {
        let id = id::<P>(input);
        let context = self.context();
        if let Err(failure) = self.host.keep_alive(context, id) {
            return is_refusal(&failure);
        }
        let out = self.host.encode(context, &EncodeInput::heartbeat(id));
        let out = out.unwrap_or_else(|failure| panic!("{failure}"));
        let beat = facts::<P>(&out);
        assert_eq!((beat.kind, beat.id), (MessageKind::Heartbeat, id));
    }

    /// The host wants anything from any context.
    fn encode_any(&mut self, input: &mut Input<'_>) {
        let context = match self.pick(input) {
            Some(known) => {
                known.is_fresh = false;
                known.context
            }
            None => ContextId(input.byte().into()),
        };
        let wanted = EncodeInput {
            headers: HeaderList::from([(input.short_text(), input.short_text())]),
            flag: input.byte(),
            id: input.long(),
            previous: input.long(),
            word: input.word(),
            data: Bytes::copy_from_slice(input.short_text()),
        };
        match self.host.encode(context, &wanted) {
            Ok(out) if out.is_empty() => {}
            Ok(out) => drop(facts::<P>(&out)),
            Err(failure) => is_refusal(&failure),
        }
    }

    fn delete(&mut self, input: &mut Input<'_>) {
        let Some(known) = self.pick(input) else {
            return;
        };
        known.is_fresh &= known.frame.is_request();
        let context = known.context;
        let deleted = self.host.complete_protocol_context(context);
        deleted.unwrap_or_else(|failure| panic!("{failure}"));
    }
}

/// An id that a host counts up to, and that is on the wire as it is: those in the upper half of what the protocol can hold
/// stand for larger ones.
fn id<P: Plugin>(input: &mut Input<'_>) -> u64 {
    u64::from(input.word() & 0x7fff_ffff).min(P::LARGEST_ID / 2)
}

/// What a whole frame says.
pub(super) fn facts<P: Plugin>(frame: &[u8]) -> Facts {
    match P::parse(frame) {
        Verdict::Frame(view) if view.raw().len() == frame.len() => Facts::of(&view),
        _ => panic!("{:?} is what {frame:02x?} is", P::measure(frame)),
    }
}

/// The plugin may refuse; everything else is what the host does not survive.
pub(super) fn is_refusal(failure: &Failure) {
    assert!(matches!(failure, Failure::Refused(_)), "{failure}");
}

/// Throws lines away.
#[derive(Debug)]
struct Nowhere;

impl meshwire::protocol::Log for Nowhere {
    fn log(&self, _: meshwire::protocol::Level, _: &str) {}
}
