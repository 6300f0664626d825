//! The plugin's side of the ABI, one method per exported call.

use super::contexts::{Bound, Context, Contexts};
use super::message::{self, Decoded, ToEncode};
use super::roots::Roots;
use super::settings::Settings;
use super::{Buffer, Host, config};
use crate::command::{Command, HostStatus, Kind, Template};
use crate::frame::{Edits, HeaderMap, Message, Verdict, View};
use crate::protocol::{
    BodyMode, ConfigError, ConfigMap, Level, Log, Logger, Plugin, ProtocolContext, RootContext,
};
use crate::wire::{Error, Reason};

/// The call did what it should.
const OK: i32 = 0;
/// The bytes are no frame, or the host's message is none.
const PARSE_FAILURE: i32 = 4;
/// The host refused the result.
const INTERNAL_FAILURE: i32 = 10;
/// The protocol has no such thing.
const UNIMPLEMENTED: i32 = 12;
/// More bytes are needed. MOSN's own addition to the status codes.
const NEED_MORE: i32 = 99;

/// Results larger than this are not kept as a buffer for the next one.
const KEEP_BUFFER: usize = 256 * 1024;

/// A plugin instance: everything that lives in one WebAssembly memory.
///
/// Between two calls it keeps the bytes of frames and nothing that was made of them. Heartbeats,
/// their answers and hijack responses are made when the host asks for their bytes, so the calls that
/// announce them cannot fail, in whatever order the host makes them.
pub struct Adaptor<P: Plugin> {
    roots: Roots<P>,
    contexts: Contexts,
    /// Whether the plugin makes heartbeats, asked once: a host that was told yes does not survive
    /// a later no.
    beats: Option<bool>,
    /// The memory of the last result, for the next one.
    out: Vec<u8>,
}

impl<P: Plugin> Adaptor<P> {
    /// An instance that has not been started.
    pub const fn new() -> Self {
        Self {
            roots: Roots::new(),
            contexts: Contexts::new(),
            beats: None,
            out: Vec::new(),
        }
    }

    /// `proxy_on_context_create`.
    pub fn create(&mut self, _host: &dyn Host, context: u32, parent: u32) {
        if self.roots.is_root(context, parent) {
            self.roots.start(context);
        } else {
            let bound = bound(&self.roots.of(parent).settings);
            self.contexts.put(
                context,
                Context {
                    root: parent,
                    ..Context::default()
                },
                bound,
            );
        }
    }

    /// `proxy_on_vm_start`: 1 if the plugin starts.
    pub fn start_vm(&mut self, host: &dyn Host, root: u32, size: usize) -> i32 {
        let log = Escaped(host);
        self.roots.start(root);
        let vm = read_config(host, Buffer::VmConfiguration, size);
        started(host, P::Root::start_vm(&vm, Logger::new(&log)))
    }

    /// `proxy_on_configure`: 1 if the configuration is accepted. One that is refused leaves the
    /// defaults in force: the host goes on in any case.
    pub fn configure(&mut self, host: &dyn Host, root: u32, size: usize) -> i32 {
        let log = Escaped(host);
        let config = read_config(host, Buffer::PluginConfiguration, size);
        let result = Settings::read::<P>(&config).and_then(|settings| {
            let state = P::Root::start_plugin(&config, Logger::new(&log))?;
            let root = self.roots.start(root);
            root.state = state;
            root.settings = settings;
            Ok(())
        });
        started(host, result)
    }

    /// `proxy_on_done`: 1, the root context may go.
    pub fn done(&mut self, host: &dyn Host, root: u32) -> i32 {
        let log = Escaped(host);
        self.roots.of(root).state.done(Logger::new(&log));
        1
    }

    /// `proxy_on_delete`. Roots are never deleted: an id of theirs here is a stream's.
    pub fn delete(&mut self, _host: &dyn Host, context: u32) {
        // Only requests are ever sent again.
        self.contexts.delete(context, |context| {
            let view = P::parse(&context.frame).frame();
            view.is_some_and(|view| matches!(view.kind(), Kind::Request | Kind::OneWay))
        });
    }

    /// `proxy_decode_buffer_bytes`; `input` is owned by the plugin.
    pub fn decode(&mut self, host: &dyn Host, context: u32, mut input: Vec<u8>) -> i32 {
        let parent = self.contexts.get(context).map_or(0, |context| context.root);
        let settings = self.roots.of(parent).settings;
        let drain = match describe::<P>(&input, &settings, &mut self.out) {
            Verdict::Frame(drain) => drain,
            Verdict::NeedMore(_) => return NEED_MORE,
            Verdict::Malformed(error) => return refuse(host, "malformed frame", error),
            Verdict::NotThisProtocol(error) => return refuse(host, "not this protocol", error),
        };
        if !self.hand_over(host, Buffer::DecodeData) {
            return INTERNAL_FAILURE;
        }
        input.truncate(drain);
        if input.capacity() > 2 * drain {
            // The rest of the buffer was other frames, which are decoded from copies of their own.
            input.shrink_to_fit();
        }
        let hidden = settings.body == BodyMode::Hidden;
        let kept = Context {
            root: parent,
            frame: input,
            hidden,
            hijacked: None,
        };
        self.contexts.put(context, kept, bound(&settings));
        OK
    }

    /// `proxy_encode_buffer_bytes`. Works on a context that lives, is deleted or was never seen.
    pub fn encode(&mut self, host: &dyn Host, context: u32, input: Vec<u8>) -> i32 {
        let wanted = match ToEncode::parse(&input) {
            Ok(wanted) => wanted,
            Err(error) => return refuse(host, "host message", error),
        };
        let log = Escaped(host);
        let kept = self.contexts.get(context);
        let root = self.roots.of(kept.map_or(0, |kept| kept.root));
        let surroundings = ProtocolContext {
            root: &root.state,
            log: Logger::new(&log),
        };
        message::start_encoded(&mut self.out);
        let written = Encode::<P> {
            surroundings,
            kept,
            wanted,
        }
        .write(&mut self.out);
        if let Err(error) = written {
            return refuse(host, "cannot encode", error);
        }
        message::finish_encoded(&mut self.out);
        if self.hand_over(host, Buffer::EncodeData) {
            OK
        } else {
            INTERNAL_FAILURE
        }
    }

    /// `proxy_keepalive_buffer_bytes`: whether there are heartbeats. The heartbeat itself is made by
    /// the encode that follows, so a probe with id 0 leaves no trace.
    pub fn keep_alive(&mut self, host: &dyn Host, context: u32, id: u64) -> i32 {
        let log = Escaped(host);
        let parent = self.contexts.get(context).map_or(0, |context| context.root);
        let root = self.roots.of(parent);
        let surroundings = ProtocolContext {
            root: &root.state,
            log: Logger::new(&log),
        };
        let beats = *self
            .beats
            .get_or_insert_with(|| P::keep_alive(&surroundings, id).is_some());
        if beats { OK } else { UNIMPLEMENTED }
    }

    /// `proxy_reply_keepalive_buffer_bytes`. The answer is made by the encode that follows, from the
    /// heartbeat that was decoded.
    pub fn reply_keep_alive(&mut self, _host: &dyn Host, _context: u32) -> i32 {
        OK
    }

    /// `proxy_hijack_buffer_bytes`. Always succeeds: after a failure the host never unlocks the
    /// instance. The answer is made by the encode that follows.
    pub fn hijack(&mut self, _host: &dyn Host, context: u32, status: u32, input: Vec<u8>) -> i32 {
        let mut kept = self.contexts.take(context).unwrap_or_default();
        let request = message::hijacked_frame(input);
        if !request.is_empty() {
            kept.frame = request;
        }
        kept.hijacked = Some(status);
        let bound = bound(&self.roots.of(kept.root).settings);
        self.contexts.put(context, kept, bound);
        OK
    }

    /// Hands the result over to the host, in one call: a second one would replace the first.
    fn hand_over(&mut self, host: &dyn Host, buffer: Buffer) -> bool {
        let taken = host.set_buffer(buffer, &self.out);
        if self.out.capacity() > KEEP_BUFFER {
            self.out = Vec::new();
        }
        taken
    }
}

impl<P: Plugin> Default for Adaptor<P> {
    fn default() -> Self {
        Self::new()
    }
}

/// One encode: what the host wants, and what is kept of the frame.
struct Encode<'e, P: Plugin> {
    surroundings: ProtocolContext<'e, P>,
    kept: Option<&'e Context>,
    wanted: ToEncode<'e>,
}

impl<P: Plugin> Encode<'_, P> {
    /// Writes the frame, or nothing where the right answer is none.
    fn write(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        let view = self.kept.and_then(|kept| P::parse(&kept.frame).frame());
        match self.wanted.kind {
            Kind::Heartbeat => Self::put(
                P::keep_alive(&self.surroundings, self.wanted.id),
                self.wanted.id,
                out,
            ),
            Kind::HeartbeatAck => match view {
                Some(view) if view.kind() == Kind::Heartbeat => {
                    Self::put(P::reply(&self.surroundings, &view), self.wanted.id, out)
                }
                _ => Self::put(P::template(Template::HeartbeatAck), self.wanted.id, out),
            },
            Kind::Request | Kind::OneWay => match view {
                Some(view) if view.kind().is_request() => self.rewrite(&view, out),
                _ => self.from_template(Template::Request, out),
            },
            Kind::Response => match view {
                Some(view) if view.kind().is_request() => {
                    self.hijack(&view, out);
                    Ok(())
                }
                Some(view) => self.rewrite(&view, out),
                None => self.from_template(Template::Response, out),
            },
        }
    }

    /// The kept frame with the host's changes.
    fn rewrite(&self, view: &P::View<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
        // A hidden body comes back empty, unless somebody behind the host has set one.
        let keep = self.kept.is_some_and(|kept| kept.hidden) && self.wanted.data.is_empty();
        view.rewrite(
            &Edits {
                id: Some(self.wanted.id),
                headers: Some(self.wanted.headers),
                body: (!keep).then_some(self.wanted.data),
            },
            out,
        )
    }

    /// The host's own answer to a request. Silence is better than an error: the host then drops the
    /// connection's stream without telling anybody.
    fn hijack(&self, request: &P::View<'_>, out: &mut Vec<u8>) {
        if request.kind() == Kind::OneWay {
            return;
        }
        let reason = self
            .kept
            .and_then(|kept| kept.hijacked)
            .map_or(HostStatus::UNKNOWN, HostStatus);
        let Some(mut answer) = P::hijack(&self.surroundings, request, reason) else {
            return;
        };
        let data = self.wanted.data;
        if !data.is_empty() {
            answer.set_body(data.to_vec().into());
        }
        if let Err(error) = Self::put(Some(answer), self.wanted.id, out) {
            self.surroundings
                .log
                .error(format_args!("cannot answer for {reason:?}: {error}"));
        }
    }

    /// A frame of which nothing is kept: the declared defaults, with all that the host knows.
    fn from_template(&self, template: Template, out: &mut Vec<u8>) -> Result<(), Error> {
        let hijacked = self.kept.and_then(|kept| kept.hijacked);
        let Some(mut frame) = P::template(template) else {
            return Ok(());
        };
        match hijacked {
            Some(reason) => frame.set_status(P::status(HostStatus(reason)))?,
            None => frame.set_status(i64::from(self.wanted.word))?,
        }
        frame.set_headers(HeaderMap::from(self.wanted.headers));
        frame.set_body(self.wanted.data.to_vec().into());
        Self::put(Some(frame), self.wanted.id, out)
    }

    fn put(frame: Option<P::Frame>, id: u64, out: &mut Vec<u8>) -> Result<(), Error> {
        let Some(mut frame) = frame else {
            return Ok(());
        };
        frame.set_id(id)?;
        frame.encode(out)
    }
}

/// Decodes the frame at the front of `input` and writes what the host shall know of it; how many
/// bytes the frame has.
fn describe<P: Plugin>(input: &[u8], settings: &Settings, out: &mut Vec<u8>) -> Verdict {
    let max = settings.max_frame;
    let too_large = |got: usize| {
        let reason = Reason::OverLimit {
            max: max as u64,
            got: got as u64,
        };
        Verdict::Malformed(Error::new(P::NAME, "max_frame", 0, reason))
    };
    match P::parse(input) {
        Verdict::NeedMore(more) if input.len() + more > max => too_large(input.len() + more),
        Verdict::Frame(view) if view.raw().len() > max => too_large(view.raw().len()),
        verdict => verdict.and_then(|view| {
            let drain = view.raw().len();
            let body = if settings.body == BodyMode::Hidden {
                &[]
            } else {
                view.body()
            };
            Decoded {
                command: &view,
                word: word(&view, settings),
                drain,
                body,
            }
            .write(out)?;
            Ok(drain)
        }),
    }
}

/// The word of a decode result that means something else for each half of a call.
fn word(view: &impl View, settings: &Settings) -> u32 {
    if let Some(request) = view.as_request() {
        settings.timeout(request.kind(), request.timeout())
    } else {
        view.as_response()
            .map_or(0, |response| response.status() as u32)
    }
}

const fn bound(settings: &Settings) -> Bound {
    Bound {
        contexts: settings.max_contexts,
        bytes: settings.max_context_bytes,
    }
}

fn read_config(host: &dyn Host, buffer: Buffer, size: usize) -> ConfigMap {
    if size == 0 {
        return ConfigMap::new();
    }
    let bytes = host.buffer(buffer, size).unwrap_or_default();
    config::parse(&bytes).unwrap_or_else(|| {
        warn(
            host,
            format_args!("the configuration cannot be read: {} bytes", bytes.len()),
        );
        ConfigMap::new()
    })
}

fn started(host: &dyn Host, result: Result<(), ConfigError>) -> i32 {
    match result {
        Ok(()) => 1,
        Err(error) => {
            Logger::new(&Escaped(host)).error(error);
            0
        }
    }
}

#[cold]
fn refuse(host: &dyn Host, what: &str, error: Error) -> i32 {
    warn(host, format_args!("{what}: {error}"));
    PARSE_FAILURE
}

#[cold]
fn warn(host: &dyn Host, line: core::fmt::Arguments<'_>) {
    Logger::new(&Escaped(host)).warn(line);
}

/// The host's log, with every `%` doubled: the host takes each line for a format.
struct Escaped<'h>(&'h dyn Host);

impl Log for Escaped<'_> {
    fn log(&self, level: Level, line: &str) {
        let mut escaped = String::with_capacity(line.len());
        for char in line.chars() {
            escaped.push(char);
            if char == '%' {
                escaped.push(char);
            }
        }
        self.0.log(level, &escaped);
    }
}
