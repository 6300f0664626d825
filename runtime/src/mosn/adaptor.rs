//! The plugin's side of the ABI, one method per exported call.

use core::fmt;

use super::contexts::{Bound, Context, Contexts};
use super::encode::{self, Encode};
use super::log::{Escaped, warn};
use super::message::{self, ToEncode};
use super::roots::Roots;
use super::settings::Settings;
use super::{Buffer, Host, config, decode, ids, lean, narrow};
use crate::command::{Command, MessageKind};
use crate::frame::Verdict;
use crate::protocol::{
    BodyMode, ConfigError, ConfigMap, Logger, Plugin, ProtocolContext, RootContext,
};
use crate::wire::Decimal;

/// The call succeeded.
const OK: i32 = 0;
/// The bytes are not a frame, or the host's message is invalid.
const PARSE_FAILURE: i32 = 4;
/// The host refused the result.
const INTERNAL_FAILURE: i32 = 10;
/// The protocol does not support it.
const UNIMPLEMENTED: i32 = 12;
/// More bytes are needed. MOSN's own addition to the status codes.
const NEED_MORE: i32 = 99;

/// Results larger than this are not kept as a buffer for the next one.
const KEEP_BUFFER: usize = 256 * 1024;

/// Frames up to this size are kept whole after they have been encoded.
const SMALL: usize = 4096;

/// How many bytes the requests may have that are remembered after the host has deleted their
/// contexts.
const DELETED_BYTES: usize = 8 * 1024 * 1024;

/// A plugin instance: everything that lives in one WebAssembly memory.
///
/// Between two calls it keeps the bytes of frames and nothing that was made of them. Heartbeats,
/// their answers and hijack responses are made when the host asks for their bytes, so the calls that
/// announce them cannot fail, whatever their order.
pub struct Adaptor<P: Plugin> {
    pub(super) roots: Roots<P>,
    contexts: Contexts,
    /// Whether the plugin makes heartbeats, computed once: a host that got `true` does not survive
    /// a later `false`.
    beats: Option<bool>,
    /// The memory of the last result, for the next one.
    pub(super) out: Vec<u8>,
    /// Where the host writes the fronts of frames.
    pub(super) room: Vec<u8>,
    pub(super) offer: [u8; lean::OFFER_SIZE],
}

impl<P: Plugin> Adaptor<P> {
    /// An instance that has not been started.
    pub const fn new() -> Self {
        Self {
            roots: Roots::new(),
            contexts: Contexts::new(),
            beats: None,
            out: Vec::new(),
            room: Vec::new(),
            offer: [0; lean::OFFER_SIZE],
        }
    }

    /// `proxy_on_context_create`.
    pub fn create(&mut self, _host: &dyn Host, context: u32, parent: u32) {
        if self.roots.is_root(context, parent) {
            self.roots.start(context);
        } else if !self.roots.is_first(parent) {
            // Of the others nothing needs to be known before they hold a frame.
            let bound = bound(&self.roots.of(parent).settings);
            let entered = Context {
                root: parent,
                ..Context::default()
            };
            self.contexts.put(context, entered, bound);
        }
    }

    /// `proxy_on_vm_start`: 1 if the plugin starts.
    pub fn start_vm(&mut self, host: &dyn Host, root: u32, size: usize) -> i32 {
        let log = Escaped(host);
        self.roots.start(root);
        let vm = read_config(host, Buffer::VmConfiguration, size);
        started(host, P::Root::start_vm(&vm, Logger::new(&log)))
    }

    /// `proxy_on_configure`: 1 if the configuration is accepted. If it is rejected, the
    /// previous one stays in force, at first the defaults: the host continues in any case.
    pub fn configure(&mut self, host: &dyn Host, root: u32, size: usize) -> i32 {
        let log = Escaped(host);
        let config = read_config(host, Buffer::PluginConfiguration, size);
        let result = Settings::new::<P>().with(&config).and_then(|settings| {
            let state = P::Root::start_plugin(&config, Logger::new(&log))?;
            let root = self.roots.start(root);
            root.state = state;
            root.settings = settings;
            Ok(())
        });
        started(host, result)
    }

    /// The plugin is about to end. MOSN has no exported call for it.
    pub fn done(&mut self, host: &dyn Host, root: u32) {
        let log = Escaped(host);
        self.roots.of(root).state.done(Logger::new(&log));
    }

    /// `proxy_on_delete`. Roots are never deleted: an id of theirs here is a stream's.
    pub fn delete(&mut self, _host: &dyn Host, context: u32) {
        let bound = Bound {
            contexts: self.roots.of(self.root_of(context)).settings.max_deleted,
            bytes: DELETED_BYTES,
        };
        self.contexts.delete(context, bound);
    }

    /// `proxy_decode_buffer_bytes`; `input` is owned by the plugin.
    pub fn decode(&mut self, host: &dyn Host, context: u32, mut input: Vec<u8>) -> i32 {
        let parent = self.root_of(context);
        let settings = &self.roots.of(parent).settings;
        let (drain, kind) = match decode::describe::<P>(host, &input, settings, &mut self.out) {
            Verdict::Frame(found) => found,
            Verdict::NeedMore(_) => return NEED_MORE,
            Verdict::Malformed(error) => {
                return refuse(host, format_args!("malformed frame: {error}"));
            }
            Verdict::NotThisProtocol(error) => {
                return refuse(host, format_args!("not this protocol: {error}"));
            }
        };
        if P::OPAQUE && kind == MessageKind::Request && !ids::keep::<P>(host, &input) {
            return refuse(
                host,
                format_args!(
                    "the frame's id is longer than {} bytes",
                    Decimal(ids::LONGEST as u64)
                ),
            );
        }
        if !hand_over(&mut self.out, host, Buffer::DecodeData) {
            return not_taken(host);
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
            kind: Some(kind),
            ..Context::default()
        };
        self.contexts.put(context, kept, bound(settings));
        OK
    }

    /// `proxy_encode_buffer_bytes`. The context may be live, deleted or unknown.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the host gives every input away"
    )]
    pub fn encode(&mut self, host: &dyn Host, context: u32, input: Vec<u8>) -> i32 {
        let Some(mut wanted) = ToEncode::parse(&input) else {
            warn(
                host,
                format_args!(
                    "cannot decode the host's message of {} bytes",
                    Decimal(input.len() as u64)
                ),
            );
            return PARSE_FAILURE;
        };
        if narrow::is_beyond::<P>(wanted.kind, wanted.id) {
            return self.encode_beyond(host, context, &mut wanted);
        }
        self.encode_as(host, context, &wanted)
    }

    /// Encodes a request whose number the id field cannot hold.
    #[cold]
    #[inline(never)]
    fn encode_beyond(&mut self, host: &dyn Host, context: u32, wanted: &mut ToEncode<'_>) -> i32 {
        let kept = self.contexts.get(context);
        let one_way = kept.is_some_and(|kept| kept.kind == Some(MessageKind::OneWay));
        let Some(id) = narrow::to_wire::<P>(host, one_way, wanted.id) else {
            return refuse(
                host,
                format_args!(
                    "cannot encode: no free id, too many calls are waiting for a response"
                ),
            );
        };
        wanted.id = id;
        let status = self.encode_as(host, context, wanted);
        if status != OK {
            narrow::release::<P>(host, id);
        }
        status
    }

    fn encode_as(&mut self, host: &dyn Host, context: u32, wanted: &ToEncode<'_>) -> i32 {
        let kept = self.contexts.get(context);
        let view = kept.and_then(|kept| P::parse(&kept.frame).frame());
        message::start_encoded(&mut self.out);
        let forwarded = kept
            .zip(view.as_ref())
            .filter(|(_, view)| wanted.forwards(view.kind()));
        let one_way = forwarded.is_some_and(|(_, view)| view.kind() == MessageKind::OneWay);
        let written = if one_way && kept.is_some_and(|kept| kept.oneway_sent) {
            // The host misses a response and retries, but the server has the request.
            Ok(())
        } else if let Some((kept, view)) = forwarded {
            let opaque = ids::restored::<P>(host, view, wanted.id);
            encode::rewrite(host, kept, view, wanted, opaque.as_deref(), &mut self.out)
        } else {
            let log = Escaped(host);
            let root = self.roots.of(kept.map_or(0, |kept| kept.root));
            let surroundings = ProtocolContext {
                root: &root.state,
                log: Logger::new(&log),
            };
            let encode = Encode::<P> {
                surroundings,
                kept,
                view: view.as_ref(),
                wanted,
            };
            encode.write(&mut self.out)
        };
        if let Err(error) = written {
            return refuse(host, format_args!("cannot encode: {error}"));
        }
        message::finish_encoded(&mut self.out);
        if !hand_over(&mut self.out, host, Buffer::EncodeData) {
            return not_taken(host);
        }
        // A request may be encoded again, with the body that the host sends again.
        let large = forwarded
            .filter(|(kept, _)| kept.is_retryable() && !kept.hidden && kept.frame.len() > SMALL);
        let bodyless = large.and_then(|(_, view)| encode::bodyless(view));
        drop(view);
        if one_way {
            self.contexts.mark_oneway_sent(context);
        }
        if let Some(frame) = bodyless {
            self.contexts.put_frame(context, frame);
        }
        OK
    }

    /// `proxy_keepalive_buffer_bytes`: whether there are heartbeats. The heartbeat itself is made by
    /// the encode that follows, so a probe with id 0 leaves no trace.
    pub fn keep_alive(&mut self, host: &dyn Host, context: u32, _id: u64) -> i32 {
        let log = Escaped(host);
        let root = self.roots.of(self.root_of(context));
        let surroundings = ProtocolContext {
            root: &root.state,
            log: Logger::new(&log),
        };
        let beats = *self
            .beats
            .get_or_insert_with(|| P::keep_alive(&surroundings, 0).is_some());
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

    /// The root that a context belongs to; it need not be looked for if there are no others.
    #[inline]
    fn root_of(&self, context: u32) -> u32 {
        if self.roots.is_only() {
            0
        } else {
            self.contexts.get(context).map_or(0, |context| context.root)
        }
    }
}

/// Passes the result to the host, in one call: a second one would replace the first.
#[allow(
    clippy::inline_always,
    reason = "the host is known where this is called"
)]
#[inline(always)]
fn hand_over(out: &mut Vec<u8>, host: &dyn Host, buffer: Buffer) -> bool {
    let taken = host.set_buffer(buffer, out);
    if out.capacity() > KEEP_BUFFER {
        *out = Vec::new();
    }
    taken
}

impl<P: Plugin> Default for Adaptor<P> {
    fn default() -> Self {
        Self::new()
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
            format_args!(
                "cannot decode the configuration of {} bytes",
                Decimal(bytes.len() as u64)
            ),
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

/// The host refuses a result.
#[cold]
#[inline(never)]
fn not_taken(host: &dyn Host) -> i32 {
    warn(host, format_args!("the host rejected the result"));
    INTERNAL_FAILURE
}

#[cold]
fn refuse(host: &dyn Host, why: fmt::Arguments<'_>) -> i32 {
    warn(host, why);
    PARSE_FAILURE
}
