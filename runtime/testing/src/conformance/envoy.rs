//! The same frames past the network filter of Envoy.

use serde_json::json;

use super::describe::{ensure, hex, same};
use super::heartbeats::{is, surrounded};
use super::hijacks::is_answer;
use super::samples::{Sample, bad, each, each_of, positions, samples, view};
use crate::emulator::envoy::{Envoy, Peer};
use meshwire::command::{Command, HostStatus, Message, MessageKind};
use meshwire::frame::{Verdict, View};
use meshwire::protocol::{Plugin, Unknown};

/// Bytes of a read; the last one holds every vector.
const READS: [usize; 4] = [1, 7, 100, usize::MAX];

/// After a cut, the filter looks at a frame again when its fixed part can be there.
const MORE: &[u8] = &[0xff; 64];

/// The filter counts every frame by its kind, however the stream is cut, and passes it on as it came.
///
/// # Panics
/// If it does not.
pub fn the_envoy_filter_counts_every_frame<P: Plugin>(dir: &str) {
    let samples = samples::<P>(dir);
    each_of(
        &READS,
        |_| "all vectors",
        |size| {
            let mut envoy = watching::<P>("{}")?;
            let (client, server) = connect(&mut envoy)?;
            let mut kinds = Vec::new();
            for sample in &samples {
                let kind = view::<P>(&sample.bytes)?.kind();
                let (from, to) = if kind.is_request() {
                    (client, server)
                } else {
                    (server, client)
                };
                envoy.send_in_chunks(from, &sample.bytes, *size);
                same(&sample.name, &envoy.received(to), &sample.bytes)?;
                kinds.push(kind);
            }
            counted(&envoy, &kinds).map_err(|what| format!("in reads of {size} bytes: {what}"))
        },
    );
}

fn counted<P: Plugin>(envoy: &Envoy<P>, kinds: &[MessageKind]) -> Result<(), String> {
    for (kind, name) in [
        (MessageKind::Request, "frames.request"),
        (MessageKind::OneWay, "frames.oneway"),
        (MessageKind::Response, "frames.response"),
        (MessageKind::Heartbeat, "frames.heartbeat"),
        (MessageKind::HeartbeatAck, "frames.heartbeat_ack"),
    ] {
        let wanted = kinds.iter().filter(|found| **found == kind).count();
        let counted = envoy.counter(name);
        ensure(counted == wanted as u64, || {
            format!("`{name}` is {counted}, expected {wanted}")
        })?;
    }
    sound(envoy)?;
    let bad = envoy.counter("bad_frames");
    ensure(bad == 0, || format!("`bad_frames` is {bad}"))
}

/// Invalid bytes are forwarded unchanged, and so is everything after them, on both sides. They are counted once.
///
/// # Panics
/// If it does not.
pub fn the_envoy_filter_passes_bad_frames<P: Plugin>(dir: &str) {
    let vectors = bad(dir);
    each_of(
        &vectors,
        |vector| vector.name(),
        |vector| {
            for size in READS {
                let mut envoy = watching::<P>("{}")?;
                let (client, server) = connect(&mut envoy)?;
                for (from, to) in [(client, server), (server, client)] {
                    envoy.send_in_chunks(from, &vector.bytes, size);
                    envoy.send(from, MORE);
                    let wanted = [&vector.bytes, MORE].concat();
                    same("what has passed", &envoy.received(to), &wanted)?;
                }
                sound(&envoy)?;
                let refused = matches!(
                    P::parse(&vector.bytes),
                    Verdict::NotThisProtocol(_) | Verdict::Malformed(_)
                );
                let bad = envoy.counter("bad_frames");
                ensure(!refused || bad == 1, || format!("`bad_frames` is {bad}"))?;
            }
            Ok(())
        },
    );
}

/// A call that a rule denies does not reach its server. Its client gets the protocol's own answer where the
/// protocol has heartbeats, and closes the connection where it has none; no client waits for the answer to a
/// one-way call. Calls that have no header which names something cannot be denied.
///
/// # Panics
/// If one is not.
pub fn the_envoy_filter_denies_calls<P: Plugin>(dir: &str) {
    each::<P>(dir, |sample| {
        let call = view::<P>(&sample.bytes)?;
        if !matches!(call.kind(), MessageKind::Request | MessageKind::OneWay) {
            return Ok(());
        }
        let Some(config) = Rule::about(&call).map(|rule| rule.config()) else {
            return Ok(());
        };
        READS.iter().try_for_each(|size| {
            denied::<P>(sample, &call, &config, *size)
                .map_err(|what| format!("in reads of {size} bytes: {what}"))
        })
    });
}

/// Where there are rules, no call reaches its server that is not a whole frame with headers that can be read,
/// say all of the callee, and name another one than the rules, whatever was done to the bytes. What is no
/// frame closes the connection.
///
/// # Panics
/// If another one does.
pub fn the_envoy_filter_passes_only_checked_calls<P: Plugin>(dir: &str) {
    each::<P>(dir, |sample| {
        let call = view::<P>(&sample.bytes)?;
        let rule = match call.kind() {
            MessageKind::Request | MessageKind::OneWay => Rule::about(&call),
            _ => None,
        };
        let Some(rule) = rule else {
            return Ok(());
        };
        let mut envoy = watching::<P>(&rule.config())?;
        for at in positions(sample.bytes.len()) {
            for change in [0x01, 0x20, 0x80, 0xff] {
                let mut bytes = sample.bytes.to_vec();
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= change;
                }
                only_judged(&mut envoy, &rule, &bytes)
                    .map_err(|what| format!("byte {at} changed by {change:#04x}: {what}"))?;
            }
        }
        Ok(())
    });
    let vectors = bad(dir);
    each_of(
        &vectors,
        |vector| vector.name(),
        |vector| {
            let rule = Rule {
                key: "service".to_owned(),
                value: "any".to_owned(),
            };
            only_judged(&mut watching::<P>(&rule.config())?, &rule, &vector.bytes)
        },
    );
}

/// Sends some bytes from either side of a new connection.
fn only_judged<P: Plugin>(envoy: &mut Envoy<P>, rule: &Rule, bytes: &[u8]) -> Result<(), String> {
    for from_client in [true, false] {
        let verdict = sent::<P>(bytes, from_client);
        let refused = matches!(verdict, Verdict::NotThisProtocol(_) | Verdict::Malformed(_));
        let (client, server) = connect(envoy)?;
        let (from, to) = if from_client {
            (client, server)
        } else {
            (server, client)
        };
        envoy.send(from, bytes);
        sound(envoy)?;
        let arrived = envoy.received(to);
        let mut rest = &arrived[..];
        while !rest.is_empty() {
            let frame = sent::<P>(rest, from_client).frame();
            let frame = frame.ok_or_else(|| format!("no frame: {}", hex(&arrived)))?;
            rule.lets_pass::<P>(&frame, from_client)
                .map_err(|what| format!("{what}: {}", hex(&arrived)))?;
            rest = rest.get(frame.raw().len()..).unwrap_or_default();
        }
        ensure(!refused || !envoy.is_open(client), || {
            "invalid frame, but the connection is open".to_owned()
        })?;
        envoy.close(client);
    }
    Ok(())
}

/// What some bytes are when this side has sent them.
fn sent<P: Plugin>(bytes: &[u8], from_client: bool) -> Verdict<P::View<'_>> {
    if from_client {
        P::parse(bytes)
    } else {
        P::parse_from_server(bytes)
    }
}

/// A rule about the value of one header.
struct Rule {
    key: String,
    value: String,
}

impl Rule {
    /// One that denies this call, by its first header.
    fn about(call: &impl Command) -> Option<Self> {
        let headers = call.header_map().ok()?;
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        let texts = |(key, value): (&[u8], &[u8])| Some((text(key)?, text(value)?));
        let mut named = headers.iter().filter_map(texts);
        let (key, value) = named.find(|(key, value)| !key.is_empty() && is_name(value))?;
        Some(Self { key, value })
    }

    /// The configuration of the filter.
    fn config(&self) -> String {
        let Self { key, value } = self;
        json!({"service": [key], "deny": [{"service": value}]}).to_string()
    }

    /// Whether the rule is known not to be about a frame that has reached its receiver.
    fn lets_pass<P: Plugin>(&self, frame: &P::View<'_>, from_client: bool) -> Result<(), String> {
        match frame.kind() {
            MessageKind::Heartbeat | MessageKind::HeartbeatAck => return Ok(()),
            MessageKind::Response => {
                return ensure(!from_client, || "a response without a call".to_owned());
            }
            MessageKind::Request | MessageKind::OneWay => {}
        }
        if let Some(Unknown::Callee(part)) = P::unknown(frame) {
            return Err(format!("a call of which `{part}` cannot be read"));
        }
        let headers = frame.header_map().map_err(|error| error.to_string())?;
        let named = headers
            .iter()
            .filter(|(key, _)| *key == self.key.as_bytes());
        let values: Vec<_> = named.map(|(_, value)| value.trim_ascii()).collect();
        ensure(!values.contains(&self.value.as_bytes()), || {
            format!("a call with `{}: {}`", self.key, self.value)
        })?;
        ensure(values.iter().any(|value| !value.is_empty()), || {
            format!("a call without `{}`", self.key)
        })
    }
}

/// Whether a rule can have this value.
fn is_name(value: &str) -> bool {
    !value.is_empty() && value.trim() == value
}

fn denied<P: Plugin>(
    sample: &Sample,
    call: &P::View<'_>,
    config: &str,
    size: usize,
) -> Result<(), String> {
    let mut envoy = watching::<P>(config)?;
    let (client, server) = connect(&mut envoy)?;
    envoy.send_in_chunks(client, &sample.bytes, size);
    sound(&envoy)?;
    let arrived = envoy.received(server);
    let ack = ack_of::<P>(call);
    let open = call.kind() == MessageKind::OneWay || ack.is_some();
    ensure(envoy.is_open(client) == open, || {
        format!("the connection is open: {}", !open)
    })?;
    let Some(ack) = ack.filter(|_| call.kind() == MessageKind::Request) else {
        return same("what has arrived", &arrived, b"");
    };
    is::<P>(&arrived, MessageKind::Heartbeat, call.id())?;
    envoy.send_in_chunks(server, &ack, size);
    let answer = envoy.received(client).into();
    is_answer::<P>(&answer, call.id(), HostStatus::PERMISSION_DENIED, b"")?;
    // And all goes on.
    envoy.send_in_chunks(server, &ack, size);
    same("the next heartbeat's answer", &envoy.received(client), &ack)
}

/// What a server answers to a heartbeat with the id of this call; `None` if the protocol has no such one.
fn ack_of<P: Plugin>(call: &P::View<'_>) -> Option<Vec<u8>> {
    if call.opaque_id().is_some() {
        return None;
    }
    surrounded::<P, _>(|context| {
        let heartbeat = P::keep_alive(context, call.id())?.to_bytes().ok()?;
        let ack = P::reply(context, &P::parse(&heartbeat).frame()?)?;
        ack.to_bytes().map(Vec::from).ok()
    })
}

fn watching<P: Plugin>(config: &str) -> Result<Envoy<P>, String> {
    Envoy::start(config).map_err(|refusal| format!("{refusal} in {config}"))
}

fn connect<P: Plugin>(envoy: &mut Envoy<P>) -> Result<(Peer, Peer), String> {
    let client = envoy.client();
    let server = envoy
        .server(client)
        .ok_or("it was forwarded to no server")?;
    Ok((client, server))
}

fn sound<P: Plugin>(envoy: &Envoy<P>) -> Result<(), String> {
    envoy.trap().map_or(Ok(()), |trap| Err(trap.to_string()))
}
